//! One step with many submissions as a page of its own: what it is taken with, what it needs, one button.

use askama::Template;
use domain::SubmissionId;
use domain::authorization::Action;
use entrypoint::App;
use entrypoint::http::{Failure, Staff};
use pages::Choice;
use pages::prelude::*;

use super::beginning;
use super::bulk_step::{BulkStep, LIMIT, Refused};
use super::query::InboxQuery;
use crate::{colleagues, offer};

#[derive(Template)]
#[template(path = "bulk.html")]
pub(super) struct BulkPage {
    l: Layout,
    step: BulkStep,
    items: Vec<Chosen>,
    form: Form,
    /// What could not be done.
    refused: Vec<Refused>,
    /// The part of the inbox that it was opened from.
    list: InboxQuery,
    assignees: Vec<Choice>,
    reasons: Vec<Choice>,
    organizations: offer::Organizations,
}

/// A submission that was ticked.
struct Chosen {
    id: SubmissionId,
    /// With the version that was ticked.
    ticked: String,
    title: String,
    text: String,
}

impl BulkPage {
    /// The page for what a form has ticked; submissions out of reach are left out.
    pub(super) async fn of(
        app: &App,
        staff: &Staff,
        l: Layout,
        step: BulkStep,
        form: Form,
        refused: Vec<Refused>,
    ) -> Result<Self, Failure> {
        let list = InboxQuery::of_link(form.value("return"));
        let ticked: Vec<&str> = form.values.all("submissions[]").take(LIMIT).collect();
        let still = |ticked: &&&str| {
            refused.is_empty() || refused.iter().any(|refused| ticked.starts_with(refused.id.as_str()))
        };
        let parsed = ticked.iter().filter(still).filter_map(|ticked| {
            let id = ticked.split_once('@').map_or(*ticked, |(id, _)| id);
            Some((id.parse::<SubmissionId>().ok()?, *ticked))
        });
        let ticked: Vec<(SubmissionId, &str)> = parsed.collect();
        let ids: Vec<SubmissionId> = ticked.iter().map(|(id, _)| *id).collect();
        let rulebook = app.store.rulebook().await?;
        let mut items = Vec::with_capacity(ids.len());
        for (submission, text) in app.store.submissions(&ids).await? {
            if !staff.works_on(app, &submission).await? {
                continue;
            }
            let category = submission.category.as_ref().and_then(|id| rulebook.categories.get(id));
            let Some((id, ticked)) = ticked.iter().find(|(id, _)| *id == submission.id) else { continue };
            items.push(Chosen {
                id: *id,
                ticked: (*ticked).to_owned(),
                title: category.map_or_else(|| l.t("no-category"), |category| category.name.clone()),
                text: beginning(&text),
            });
        }
        items.sort_by_key(|item| ids.iter().position(|id| *id == item.id));
        let placed = app.store.organization(&staff.person.organization).await?;
        let mut assignees = Vec::new();
        if let (BulkStep::Assign, Some(placed)) = (step, &placed) {
            let people = colleagues::of_organization(app, &placed.path).await?;
            let names = app.store.names(people.iter().map(|person| person.id.clone())).await?;
            let name = |id: &domain::PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
            assignees = people.iter().map(|one| Choice::new(one.id.as_str(), name(&one.id))).collect();
            assignees.sort_by(|a: &Choice, b| a.label.cmp(&b.label));
        }
        let directory = app.store.organizations().await?;
        let organizations = offer::Organizations::of(staff, &directory);
        let reasons = offer::reasons(&l);
        Ok(Self { l, step, items, form, refused, list, assignees, reasons, organizations })
    }

    fn may(&self, action: Action) -> bool {
        self.l.may(action)
    }

    /// Whether something was done with others of those that were ticked.
    fn some_done(&self) -> bool {
        self.form.values.all("submissions[]").count() > self.refused.len()
    }

    /// What to call a submission that was refused.
    fn title_of(&self, refused: &Refused) -> String {
        let item = self.items.iter().find(|item| item.id.to_string() == refused.id);
        item.map_or_else(|| refused.id.clone(), |item| item.text.clone())
    }

    fn back(&self) -> String {
        format!("/workspace/inbox?{}", self.list.link())
    }
}
