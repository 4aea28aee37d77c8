//! A case as a page on one screen: what was written on one side, what to do on the other.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use domain::SubmissionId;
use domain::authorization::Action;
use domain::template::{AnswerTemplate, Blanks};
use entrypoint::App;
use entrypoint::http::{Failure, FormValues, Staff, VERSION_FIELD};
use events::Event;
use jiff::civil::Date;
use pages::Choice;
use pages::prelude::*;
use pages::submission::{Audience, HistoryEntry, SubmissionView, outcome};
use store::{InboxEntry, Record};

use super::parts::{Dispute, PendingDraft, pending_draft};
use super::view::{AuthorView, ReadableCase};
use crate::colleagues::{self, Colleague};
use crate::decision::StaffStep;
use crate::inbox::listing::Listing;
use crate::inbox::query::{InboxQuery, Moment, first_view};
use crate::{offer, templates};

#[derive(Template)]
#[template(path = "case.html")]
pub(super) struct CasePage {
    l: Layout,
    view: SubmissionView,
    author: Option<AuthorView>,
    /// Steps that can be taken now.
    steps: Vec<StaffStep>,
    /// Whether a draft also assigns the case to its writer.
    claims: bool,
    forms: BTreeMap<StaffStep, Form>,
    blank: Form,
    refused: Option<Refused>,
    /// Under which the browser keeps what is being written.
    kept_as: String,
    draft: Option<PendingDraft>,
    /// Why the last draft was sent back.
    sent_back: Option<String>,
    /// Why the author does not agree with the answer.
    dispute: Option<Dispute>,
    colleagues: Vec<Colleague>,
    organizations: offer::Organizations,
    templates: Vec<Choice>,
    /// The colleagues as a list.
    assignees: Vec<Choice>,
    outcomes: Vec<Choice>,
    reasons: Vec<Choice>,
    workplace: Workplace,
}

/// The hidden fields of every form of the page.
#[derive(Template)]
#[template(path = "context.html")]
struct Context<'c> {
    l: &'c Layout,
    version: u64,
    step: &'c str,
    list: &'c str,
    next: Option<SubmissionId>,
}

/// How the page was asked for.
pub(super) struct CaseForm {
    /// The part of the inbox that it was opened from.
    pub(super) list: String,
    /// A template to begin the answer with.
    pub(super) template: Option<String>,
    /// A form that came back.
    pub(super) refused: Option<Form>,
}

/// A form that came back.
struct Refused {
    form: Form,
    /// What happened since the form was made.
    since: Vec<HistoryEntry>,
    /// What was written into a form that is not on the page any more.
    lost: Option<String>,
}

/// Where the case lies among others.
#[derive(Default)]
struct Workplace {
    list: String,
    previous: Option<SubmissionId>,
    next: Option<SubmissionId>,
}

impl CasePage {
    pub(super) async fn of(
        app: &App,
        staff: &Staff,
        l: Layout,
        case: ReadableCase,
        wanted: CaseForm,
    ) -> Result<Self, Failure> {
        let ReadableCase { record, works_on, author } = case;
        let rulebook = app.store.rulebook().await?;
        let now = app.clock.now();
        let view = SubmissionView::of(&record, Audience::Staff, &app.store, &rulebook, now).await?;
        let steps = if works_on { offer::steps(&record.submission, &staff.person, now) } else { Vec::new() };
        let claims = record.submission.can_be_claimed(&staff.person, now);
        let has = |step| steps.contains(&step);

        let (listing, workplace) = Workplace::of(app, staff, &record, &wanted.list).await?;
        let colleagues = match &listing {
            Some(listing) if has(StaffStep::Assign) => assignable(app, &record, listing).await?,
            _ => Vec::new(),
        };
        let organizations = match &listing {
            Some(listing) if has(StaffStep::Forward) => offer::Organizations::of(staff, &listing.directory),
            _ => offer::Organizations::default(),
        };
        let offered = if has(StaffStep::Draft) || has(StaffStep::AnswerInterim) {
            templates::for_case(app, &record.submission, &rulebook).await?
        } else {
            Vec::new()
        };
        let draft = pending_draft(&record);
        let template = offered.iter().find(|template| Some(template.id.to_string()) == wanted.template);
        let answer = first_values(&record, template.map(|template| template.fill(&blanks(&l, &view))));
        let refused = wanted.refused.map(|form| Refused::of(form, &view, &steps));
        let mut forms = BTreeMap::new();
        for step in &steps {
            let came_back = refused.as_ref().map(|refused| &refused.form).filter(|form| is_of(form, *step));
            let values = if *step == StaffStep::Draft { answer.clone() } else { FormValues::default() };
            let form = came_back.cloned().unwrap_or_else(|| Form::filled(values));
            forms.insert(*step, form.scoped(step.as_str()));
        }
        let templates = template_choices(&offered);
        let sent_back = sent_back(&record);
        let dispute = Dispute::of(&record);
        let blank = Form::default();
        let kept_as = format!("answer-{}", view.id);
        let mut assignees: Vec<Choice> = colleagues.iter().map(|one| one.choice(&l)).collect();
        let before = dispute.as_ref().and_then(|dispute| dispute.answered_by.as_ref());
        if let Some(first) =
            assignees.iter().position(|one| before.is_some_and(|id| id.as_str() == one.value))
        {
            assignees[..=first].rotate_right(1);
        }
        let (outcomes, reasons) = (offer::outcomes(&l), offer::reasons(&l));
        Ok(Self {
            l,
            view,
            author,
            steps,
            claims,
            forms,
            blank,
            refused,
            kept_as,
            draft,
            sent_back,
            dispute,
            colleagues,
            organizations,
            templates,
            assignees,
            outcomes,
            reasons,
            workplace,
        })
    }

    fn can(&self, name: &str) -> bool {
        self.steps.iter().any(|step| step.as_str() == name)
    }

    fn can_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.can(name))
    }

    fn form(&self, name: &str) -> &Form {
        let own = self.forms.iter().find(|(step, _)| step.as_str() == name);
        own.map_or(&self.blank, |(_, form)| form)
    }

    fn came_back(&self, name: &str) -> bool {
        self.refused.as_ref().is_some_and(|refused| refused.form.value("step") == name)
    }

    /// The form that came back, for the list of what is wrong.
    fn wrong(&self) -> &Form {
        let refused = self.refused.as_ref();
        let own = refused.and_then(|refused| {
            self.forms.iter().find(|(step, _)| step.as_str() == refused.form.value("step"))
        });
        own.map(|(_, form)| form).or(refused.map(|refused| &refused.form)).unwrap_or(&self.blank)
    }

    /// Hidden fields of the form of a step.
    fn context(&self, step: &str) -> Markup {
        let Workplace { list, next, .. } = &self.workplace;
        Markup::of(&Context { l: &self.l, version: self.view.version, step, list, next: *next })
    }

    /// Where every form of the page goes.
    fn action(&self) -> String {
        format!("/workspace/submissions/{}/steps", self.view.id)
    }

    fn inbox_link(&self) -> String {
        if self.workplace.list.is_empty() {
            return "/workspace/inbox".to_owned();
        }
        format!("/workspace/inbox?{}", self.workplace.list)
    }

    fn link_to(&self, id: &SubmissionId) -> String {
        offer::case_link(*id, &self.workplace.list, None)
    }

    fn is_own(&self) -> bool {
        let viewer = self.l.viewer.as_ref().map(|viewer| &viewer.person);
        self.view.assignee.is_some() && self.view.assignee.as_ref() == viewer
    }

    /// The viewer, among those it can be assigned to.
    fn own_candidate(&self) -> Option<&Colleague> {
        let viewer = self.l.viewer.as_ref().map(|viewer| &viewer.person)?;
        self.colleagues.iter().find(|colleague| colleague.person == *viewer)
    }

    /// The others that it can be assigned to: first the one who wrote the answer that the author does not agree with.
    fn others(&self) -> Vec<&Colleague> {
        let viewer = self.l.viewer.as_ref().map(|viewer| &viewer.person);
        let current = self.view.assignee.as_ref();
        let other = |one: &&Colleague| Some(&one.person) != viewer && Some(&one.person) != current;
        let mut others: Vec<&Colleague> = self.colleagues.iter().filter(other).collect();
        others.sort_by_key(|one| !self.answered(one));
        others
    }

    /// Whether somebody wrote the answer that the author does not agree with.
    fn answered(&self, colleague: &Colleague) -> bool {
        let by = self.dispute.as_ref().and_then(|dispute| dispute.answered_by.as_ref());
        by == Some(&colleague.person)
    }

    /// What the button says by which somebody is given the case.
    fn label(&self, colleague: &Colleague) -> String {
        let label = colleague.label(&self.l);
        if self.answered(colleague) { self.l.with("case-answered-before", "name", label) } else { label }
    }
}

impl Refused {
    fn of(form: Form, view: &SubmissionView, steps: &[StaffStep]) -> Self {
        let made_from: Option<u64> = form.value(VERSION_FIELD).parse().ok();
        let is_new = |entry: &&HistoryEntry| made_from.is_some_and(|version| entry.version > version);
        let since = view.history.iter().filter(is_new).cloned().collect();
        let gone = !steps.iter().any(|step| is_of(&form, *step));
        let written = [form.value("text"), form.value("note")].into_iter().find(|text| !text.is_empty());
        let lost = written.filter(|_| gone).map(str::to_owned);
        Self { form, since, lost }
    }
}

impl Workplace {
    /// The listing that the case was opened from, and its neighbours there; nothing for those without an inbox.
    async fn of(
        app: &App,
        staff: &Staff,
        record: &Record,
        list: &str,
    ) -> Result<(Option<Listing>, Self), Failure> {
        if !staff.may(Action::ReadInbox) {
            return Ok((None, Self::default()));
        }
        let query = InboxQuery::of_link(list);
        let listing = match Listing::read(app, staff, &query).await {
            Ok(listing) => listing,
            Err(Failure::NotFound) => return Ok((None, Self::default())),
            Err(failure) => return Err(failure),
        };
        let rulebook = app.store.rulebook().await?;
        let moment = Moment {
            person: &staff.person.id,
            now: app.clock.now(),
            rulebook: &rulebook,
            executors: &listing.executors,
        };
        let view = query.view.unwrap_or_else(|| first_view(staff));
        let entry = InboxEntry::of(&record.submission);
        let (previous, next) = listing.neighbours(app, &query, view, &entry, &moment).await?;
        let (previous, next) = (previous.map(|entry| entry.id), next.map(|entry| entry.id));
        Ok((Some(listing), Self { list: query.link(), previous, next }))
    }
}

fn is_of(form: &Form, step: StaffStep) -> bool {
    form.value("step") == step.as_str()
}

async fn assignable(app: &App, record: &Record, listing: &Listing) -> Result<Vec<Colleague>, Failure> {
    let Some(organization) = &record.submission.organization else { return Ok(Vec::new()) };
    let Some(placed) = app.store.organization(organization).await? else { return Ok(Vec::new()) };
    let people = colleagues::of_organization(app, &placed.path).await?;
    let people: BTreeSet<_> = people.into_iter().map(|person| person.id).collect();
    let names = app.store.names(people.iter().cloned()).await?;
    Ok(colleagues::with_load(people, &names, listing))
}

/// Drafts written since the last answer, with what they say.
fn drafted(record: &Record) -> impl Iterator<Item = (&'static str, Option<Date>, &str)> {
    let since = record.events.iter().rev().take_while(|envelope| {
        !matches!(envelope.event, Event::SubmissionAnswered | Event::SubmissionForwarded { .. })
    });
    since.filter_map(|envelope| match &envelope.event {
        Event::AnswerDrafted { outcome: drafted } => {
            let (outcome, planned_by) = outcome(*drafted);
            Some((outcome, planned_by, record.texts.get(&envelope.id).map_or("", String::as_str)))
        }
        _ => None,
    })
}

/// The answer begins with a template, or with the latest draft: one that was sent back is mended, not written again.
fn first_values(record: &Record, template: Option<String>) -> FormValues {
    let mut values = FormValues::default();
    let latest = drafted(record).next();
    if let Some((outcome, planned_by, _)) = latest {
        values.set("outcome", outcome);
        values.set("planned_by", planned_by.map(|day| day.to_string()).unwrap_or_default());
    }
    values.set("text", template.unwrap_or_else(|| latest.map_or("", |(_, _, text)| text).to_owned()));
    values
}

/// The note with which the latest draft was sent back, while there is no newer one.
fn sent_back(record: &Record) -> Option<String> {
    let about_answers = record.events.iter().rev().find(|envelope| {
        matches!(
            envelope.event,
            Event::AnswerDrafted { .. } | Event::AnswerSentBack | Event::SubmissionAnswered
        )
    });
    let latest = about_answers.filter(|envelope| envelope.event == Event::AnswerSentBack)?;
    record.texts.get(&latest.id).cloned()
}

fn blanks(l: &Layout, view: &SubmissionView) -> Blanks {
    let place = view.place.as_ref().map_or(&view.territory.name, |place| &place.address);
    Blanks {
        category: view.category.as_ref().map(|category| category.name.clone()).unwrap_or_default(),
        place: place.clone(),
        received: l.day(&view.received),
        organization: view.organization.as_ref().map(|named| named.name.clone()).unwrap_or_default(),
    }
}

fn template_choices(templates: &[AnswerTemplate]) -> Vec<Choice> {
    templates.iter().map(|template| Choice::new(template.id.to_string(), template.name.as_str())).collect()
}

#[cfg(test)]
mod tests;
