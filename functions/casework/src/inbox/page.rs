//! The inbox as a page: views with counts, filters, a table to tick and to open, what can be done with what is ticked.

use std::collections::BTreeSet;

use askama::Template;
use domain::tree::Node;
use domain::{CategoryId, OrganizationId, PersonId, SubmissionKind};
use entrypoint::App;
use entrypoint::http::{Failure, Staff};
use pages::Choice;
use pages::prelude::*;
use strum::VariantArray;

use super::bulk_step::{BulkStep, Refused};
use super::listing::Listing;
use super::query::{InboxQuery, View, first_view};
use super::view::{Inbox, InboxItem};
use crate::colleagues::{self, Colleague};
use crate::decision::StaffStep;
use crate::offer;

#[derive(Template)]
#[template(path = "inbox.html")]
pub(crate) struct InboxPage {
    l: Layout,
    inbox: Inbox,
    query: InboxQuery,
    /// What was filled in at the actions.
    bulk: Form,
    /// What could not be done.
    refused: Vec<Refused>,
    filters: Filters,
    colleagues: Vec<Colleague>,
    /// This very part of the inbox.
    here: String,
}

/// Colleagues for whom the list has a button each, at most.
const FEW: usize = 6;

/// What the list can be narrowed to: only what occurs in it.
#[derive(Debug, Default)]
struct Filters {
    form: Form,
    categories: Vec<Choice>,
    statuses: Vec<Choice>,
    kinds: Vec<Choice>,
    assignees: Vec<Choice>,
    organizations: Vec<Choice>,
    /// With the organizations under it, or without.
    under: Vec<Choice>,
}

/// A view to change to.
struct Tab {
    text: String,
    /// None if there are too many to say.
    count: Option<String>,
    link: String,
    current: bool,
}

impl InboxPage {
    /// The page; after actions, with what was refused.
    pub(crate) async fn of(
        app: &App,
        staff: &Staff,
        l: Layout,
        query: InboxQuery,
        bulk: Form,
        refused: Vec<Refused>,
    ) -> Result<Self, Failure> {
        let view = query.view.unwrap_or_else(|| first_view(staff));
        let listing = Listing::read(app, staff, &query).await?;
        let inbox = Inbox::of(app, staff, &query, view, &listing).await?;
        let colleagues = match &listing.placed {
            Some(placed) if staff.may(StaffStep::Assign.action()) => {
                let people = colleagues::of_organization(app, &placed.path).await?;
                let names = app.store.names(people.iter().map(|person| person.id.clone())).await?;
                let people: BTreeSet<_> = people.into_iter().map(|person| person.id).collect();
                colleagues::with_load(people, &names, &listing)
            }
            _ => Vec::new(),
        };
        let filters = Filters::of(app, &l, &query, &inbox, &listing).await?;
        let here = format!("/workspace/inbox?{}", query.seen_as(view).link());
        Ok(Self { l, inbox, query, bulk: bulk.scoped("bulk"), refused, filters, colleagues, here })
    }

    fn tabs(&self) -> Vec<Tab> {
        let tab = |view: View| {
            let counts = self.inbox.counts.as_ref();
            Tab {
                text: self.l.t(view.text()),
                count: counts.map(|counts| self.l.integer(counts.of_view(view))),
                link: format!("/workspace/inbox?{}", self.query.seen_as(view).link()),
                current: self.inbox.view == view,
            }
        };
        let shown = |view: &View| match view {
            View::Mine => self.may(StaffStep::Draft),
            View::Sign => self.may(StaffStep::Approve),
            View::New | View::Nobody => self.may(StaffStep::Assign),
            View::All | View::Overdue | View::Today | View::Disputed => true,
        };
        View::VARIANTS.iter().copied().filter(shown).map(tab).collect()
    }

    fn case_link(&self, item: &InboxItem) -> String {
        let list = InboxQuery { cursor: None, ..self.query.seen_as(self.inbox.view) };
        offer::case_link(item.id, &list.link(), None)
    }

    fn next_link(&self) -> Option<String> {
        let query = InboxQuery { cursor: self.inbox.next.clone(), ..self.query.seen_as(self.inbox.view) };
        self.inbox.next.is_some().then(|| format!("/workspace/inbox?{}", query.link()))
    }

    /// How long there still is, in words.
    fn due(&self, item: &InboxItem) -> String {
        match item.days_left {
            _ if item.paused => self.l.t("paused"),
            None => String::new(),
            Some(0) => self.l.t("inbox-due-today"),
            Some(days) if days < 0 => self.l.count("inbox-days-over", days.unsigned_abs()),
            Some(days) => self.l.count("inbox-days-left", days),
        }
    }

    /// The same for a narrow column.
    fn due_briefly(&self, item: &InboxItem) -> String {
        match item.days_left.filter(|_| !item.paused) {
            None if item.paused => self.l.t("inbox-paused"),
            Some(days) if days < 0 => {
                self.l.with("inbox-days-over-brief", "n", self.l.integer(days.unsigned_abs()))
            }
            Some(days) if days > 0 => self.l.with("inbox-days-left-brief", "n", self.l.integer(days)),
            Some(_) | None => self.due(item),
        }
    }

    /// Whether it was ticked and is still to be done.
    fn ticked(&self, item: &InboxItem) -> bool {
        let id = item.id.to_string();
        if self.refused.is_empty() {
            return self.bulk.values.all("submissions[]").any(|one| one.starts_with(&id));
        }
        self.refused.iter().any(|refused| refused.id == id)
    }

    /// Whether something was done with others of those that were ticked.
    fn some_done(&self) -> bool {
        self.bulk.values.all("submissions[]").count() > self.refused.len()
    }

    /// What to call a submission that was refused.
    fn title_of(&self, refused: &Refused) -> String {
        let item = self.inbox.items.iter().find(|item| item.id.to_string() == refused.id);
        item.map_or_else(|| refused.id.clone(), |item| item.text.clone())
    }

    /// The status in few words, as a tag.
    fn state(&self, item: &InboxItem) -> Markup {
        let class = if item.disputed { "tag tag--bad" } else { "tag" };
        let text =
            if item.disputed { self.l.t("inbox-disputed") } else { self.l.named("brief", item.status) };
        Markup::tag(class, &text)
    }

    /// The organization, where it is another one than the list is of.
    fn elsewhere<'i>(&self, item: &'i InboxItem) -> Option<&'i str> {
        let is_own = item.organization.as_ref() == Some(&self.inbox.organization);
        item.organization_name.as_deref().filter(|_| !is_own)
    }

    /// The steps that have a page of their own. People are assigned in the list itself, if they are few.
    fn pages(&self) -> Vec<BulkStep> {
        let in_list = (1..=FEW).contains(&self.colleagues.len());
        let shown = |step: &BulkStep| self.may(step.of_one()) && !(in_list && *step == BulkStep::Assign);
        BulkStep::VARIANTS.iter().copied().filter(shown).collect()
    }

    fn has_actions(&self) -> bool {
        BulkStep::VARIANTS.iter().any(|step| self.may(step.of_one()))
    }

    fn may(&self, step: StaffStep) -> bool {
        self.l.may(step.action())
    }
}

impl InboxItem {
    /// Where it is, on one line; the address of a place often begins with its territory.
    fn where_it_is(&self) -> String {
        let territory = self.territory.as_ref().map_or("", |territory| territory.name.as_str());
        match self.address.as_deref() {
            None => territory.to_owned(),
            Some(address) if address.starts_with(territory) => address.to_owned(),
            Some(address) => format!("{address}, {territory}"),
        }
    }

    /// The caseworker and the organization, for those whose screen is too narrow for both.
    fn who(&self) -> String {
        let organization = self.organization_name.iter().map(String::as_str);
        let who = [self.assignee()].into_iter().filter(|name| !name.is_empty()).chain(organization);
        who.collect::<Vec<_>>().join(" · ")
    }

    /// The caseworker's name, or their id.
    fn assignee(&self) -> &str {
        let id = self.assignee.as_ref().map_or("", PersonId::as_str);
        self.assignee_name.as_deref().unwrap_or(id)
    }

    const fn due_class(&self) -> &'static str {
        match self.days_left {
            Some(days) if days < 0 => "tag tag--bad",
            Some(0) => "tag tag--warn",
            _ => "soft",
        }
    }
}

impl Filters {
    async fn of(
        app: &App,
        l: &Layout,
        query: &InboxQuery,
        inbox: &Inbox,
        listing: &Listing,
    ) -> Result<Self, Failure> {
        let rulebook = app.store.rulebook().await?;
        let category =
            |id: &CategoryId| rulebook.categories.get(id).map(|node| Choice::new(id.as_str(), node.name()));
        let mut categories: Vec<Choice> = listing.categories().into_iter().filter_map(category).collect();
        categories.sort_by(|a, b| a.label.cmp(&b.label));
        let kinds = SubmissionKind::ALL.map(SubmissionKind::as_str);
        let organizations = organizations(app, l, query, listing).await?;
        let under = [("true", "inbox-under-true"), ("false", "inbox-under-false")]
            .map(|(value, text)| Choice::new(value, l.t(text)));
        let load = inbox.load.iter();
        Ok(Self {
            form: Form::filled(values(&InboxQuery { under: Some(listing.under), ..query.clone() }))
                .scoped("filter"),
            categories,
            statuses: listing
                .statuses()
                .into_iter()
                .map(|status| Choice::new(status.as_str(), l.named("status", status)))
                .collect(),
            kinds: kinds.into_iter().map(|kind| Choice::new(kind, l.named("kind", kind))).collect(),
            assignees: load.map(|one| one.choice(l)).collect(),
            organizations,
            under: if listing.has_under { under.into() } else { Vec::new() },
        })
    }

    fn any(&self) -> bool {
        ["category", "status", "assignee", "kind", "organization"]
            .iter()
            .any(|name| !self.form.value(name).is_empty())
    }
}

fn values(query: &InboxQuery) -> entrypoint::http::FormValues {
    entrypoint::http::FormValues::parse(query.link().as_bytes())
}

/// Organizations right under the one shown, at most.
const CHILDREN: usize = 100;

/// Organizations to choose: those that have something in the list, and those right under the one shown.
async fn organizations(
    app: &App,
    l: &Layout,
    query: &InboxQuery,
    listing: &Listing,
) -> Result<Vec<Choice>, Failure> {
    let mut ids: BTreeSet<OrganizationId> = listing.organizations().take(CHILDREN).cloned().collect();
    ids.extend(query.organization.as_ref().and_then(|id| id.parse().ok()));
    if listing.has_under {
        let top = Some(&listing.organization);
        let children = listing.directory.iter().filter(|other| other.parent.as_ref() == top);
        ids.extend(children.take(CHILDREN).map(|child| child.id.clone()));
    }
    if let Some(own) = l.viewer.as_ref().and_then(|viewer| viewer.organization.as_ref()) {
        ids.remove(own);
    }
    let names = app.store.organization_names(ids.iter().cloned().collect()).await?;
    let choice = |id: &OrganizationId| names.get(id).map(|name| Choice::new(id.as_str(), name.as_str()));
    let mut choices: Vec<Choice> = ids.iter().filter_map(choice).collect();
    choices.sort_by(|a, b| a.label.cmp(&b.label));
    Ok(choices)
}
