//! A submission as JSON: for its author, and with everything for the staff who work on it.

use std::collections::HashMap;

use domain::Status;
use domain::deadline::{Deadline, SkippedDay};
use domain::place::Place;
use domain::rulebook::Rulebook;
use domain::submission::{Outcome, Submission};
use domain::{OrganizationId, PersonId};
use events::{Actor, Envelope, Event, EventDetail};
use jiff::Timestamp;
use serde::Serialize;
use store::{Record, Store, StoreError};
use utoipa::ToSchema;

use super::named::Named;
use super::routed::RoutedBy;

/// A deadline that explains itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeadlineView {
    /// The last day, in the territory's time zone.
    #[schema(value_type = String, format = Date)]
    pub date: jiff::civil::Date,
    /// The first instant after it.
    #[schema(value_type = String, format = DateTime)]
    pub ends: Timestamp,
    /// Whether it has passed.
    pub overdue: bool,
    /// The rule that set it.
    pub rule: String,
    /// Why this date, in a sentence.
    pub explanation: String,
    /// When the term began.
    #[schema(value_type = String, format = DateTime)]
    pub start: Timestamp,
    /// Its length.
    pub days: u16,
    /// `calendar_days` or `working_days`.
    #[schema(value_type = String)]
    pub unit: domain::deadline::Unit,
    /// Days added by an extension.
    pub extended_by: u16,
    /// Holidays and paused days that did not count.
    #[schema(value_type = Vec<Object>)]
    pub skipped: Vec<SkippedDay>,
}

impl DeadlineView {
    fn of(term: &Deadline, overdue: bool) -> Self {
        Self {
            date: term.date,
            ends: term.ends,
            overdue,
            rule: term.rule.id.to_string(),
            explanation: term.to_string(),
            start: term.start,
            days: term.rule.days,
            unit: term.rule.unit,
            extended_by: term.extended_by,
            skipped: term.skipped.clone(),
        }
    }
}

/// Where exactly.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlaceView {
    /// As the author wrote it.
    pub address: String,
    /// WGS 84 latitude.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// WGS 84 longitude.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
}

impl PlaceView {
    fn of(place: &Place) -> Self {
        let address = place.address.as_str().to_owned();
        Self { address, lat: place.point.map(|point| point.lat), lon: place.point.map(|point| point.lon) }
    }
}

/// One thing that happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// Its place in the history, from 1.
    pub version: u64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What: `submission_received`, `submission_routed` and so on.
    pub event: String,
    /// `author`, `staff` or `system`.
    pub by: String,
    /// Who of the staff; staff alone see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub person: Option<PersonId>,
    /// What they are called, if it is known; staff alone see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_name: Option<String>,
    /// The organization that the event is about: where it was routed, forwarded or escalated to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<Named>,
    /// The caseworker whom an assignment names, if it is known what they are called; staff alone see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee_name: Option<String>,
    /// The event itself, for pages.
    #[serde(skip)]
    #[schema(ignore)]
    pub fact: Event,
    /// What belongs to the event: the organization, the reason, the mark.
    #[schema(value_type = Object)]
    pub details: serde_json::Value,
    /// What was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A published answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AnswerView {
    /// `solved`, `planned`, `explained` or `refused`.
    pub outcome: String,
    /// The promised day, if it is planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub planned_by: Option<jiff::civil::Date>,
    /// What it says.
    pub text: String,
    /// When it was published.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The author's mark, 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<u8>,
    /// Whether the author says that the problem is solved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solved: Option<bool>,
}

/// A submission.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SubmissionView {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: domain::SubmissionId,
    /// How many events it has had; the `ETag`.
    pub version: u64,
    /// `report` or `appeal`.
    #[schema(value_type = String)]
    pub kind: domain::SubmissionKind,
    /// Where it stands.
    #[schema(value_type = String)]
    pub status: domain::Status,
    /// Whether the clock stands still.
    pub paused: bool,
    /// Its number in the system it was imported from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// What it is about.
    pub category: Option<Named>,
    /// Where.
    pub territory: Named,
    /// Where exactly.
    pub place: Option<PlaceView>,
    /// When it was accepted.
    #[schema(value_type = String, format = DateTime)]
    pub received: Timestamp,
    /// What the author wrote.
    pub text: String,
    /// Who must answer.
    pub organization: Option<Named>,
    /// The rule that chose the organization, or `default` or `import`.
    pub rule: Option<String>,
    /// Why this organization, in a sentence.
    pub reason: Option<String>,
    /// The same in parts, for a sentence in another language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routed_by: Option<RoutedBy>,
    /// The organization that forwarded it here, if one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded_by: Option<Named>,
    /// The caseworker; staff alone see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub assignee: Option<PersonId>,
    /// What the caseworker is called, if it is known; staff alone see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee_name: Option<String>,
    /// By when it must be answered.
    pub deadline: Option<DeadlineView>,
    /// An appeal: by when it must be registered, while it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_deadline: Option<DeadlineView>,
    /// An appeal: until when it may be forwarded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_deadline: Option<DeadlineView>,
    /// Until when the answer may be rated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating_deadline: Option<DeadlineView>,
    /// Published answers, the latest last.
    pub answers: Vec<AnswerView>,
    /// What happened, in order.
    pub history: Vec<HistoryEntry>,
}

/// For whom a view is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The author sees no drafts, no internal notes and no names of staff.
    Author,
    /// Staff see everything.
    Staff,
}

impl SubmissionView {
    /// Builds the view of a record.
    ///
    /// # Errors
    /// If the organization's name cannot be read.
    pub async fn of(
        record: &Record,
        audience: Audience,
        store: &Store,
        rulebook: &Rulebook,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let submission = &record.submission;
        let names = HistoryNames::of(record, audience, store).await?;
        let organization = submission.organization.as_ref().map(|id| names.organization(id));
        let late =
            |term: &Deadline| submission.status.is_open() && !submission.is_paused() && term.is_over(now);
        let view = |term: &Deadline| DeadlineView::of(term, late(term));
        let terms = &submission.terms;
        let unregistered = submission.registered.is_none();
        Ok(Self {
            id: submission.id,
            version: submission.version,
            kind: submission.kind,
            status: submission.status,
            paused: submission.is_paused(),
            external_id: submission.external_id.clone(),
            category: submission.category.as_ref().map(|id| Named::find(id, &rulebook.categories)),
            territory: Named::find(&submission.territory, &rulebook.territories),
            place: submission.place.as_ref().map(PlaceView::of),
            received: submission.received,
            text: record.text().to_owned(),
            organization,
            rule: submission.routing.as_ref().map(|routing| routing.basis.rule().to_owned()),
            reason: submission.routing.as_ref().map(|routing| routing.reason.clone()),
            routed_by: submission.routing.as_ref().map(|routing| RoutedBy::of(routing, rulebook)),
            forwarded_by: submission.senders.last().map(|id| names.organization(id)),
            assignee: submission.assignee.clone().filter(|_| audience == Audience::Staff),
            assignee_name: submission.assignee.as_ref().and_then(|person| names.people.get(person).cloned()),
            deadline: terms.answer.as_ref().map(view),
            registration_deadline: terms.registration.as_ref().filter(|_| unregistered).map(view),
            redirect_deadline: terms.redirect.as_ref().filter(|_| submission.status.is_open()).map(view),
            rating_deadline: terms
                .rating
                .as_ref()
                .filter(|_| submission.status == Status::Answered)
                .map(view),
            answers: answers(submission, record),
            history: history(record, audience, &names),
        })
    }
}

/// What the organizations and people of a history are called.
struct HistoryNames {
    organizations: HashMap<OrganizationId, String>,
    people: HashMap<PersonId, String>,
}

impl HistoryNames {
    async fn of(record: &Record, audience: Audience, store: &Store) -> Result<Self, StoreError> {
        let mentioned = record.events.iter().filter_map(|envelope| mentioned(&envelope.event));
        let all: Vec<_> = mentioned.chain(record.submission.organization.as_ref()).cloned().collect();
        let mut staff: Vec<PersonId> = Vec::new();
        if audience == Audience::Staff {
            staff.extend(record.submission.assignee.clone());
            for envelope in &record.events {
                staff.extend(assigned(&envelope.event).cloned());
                if let Actor::Staff(person) = &envelope.actor {
                    staff.push(person.clone());
                }
            }
        }
        let organizations =
            if all.is_empty() { HashMap::new() } else { store.organization_names(all).await? };
        Ok(Self { organizations, people: store.names(staff).await? })
    }

    fn person(&self, id: &PersonId) -> Option<String> {
        self.people.get(id).cloned()
    }

    /// An organization that has left the directory stands for itself.
    fn organization(&self, id: &OrganizationId) -> Named {
        let name = self.organizations.get(id);
        name.map_or_else(|| Named::unknown(id), |name| Named { id: id.to_string(), name: name.clone() })
    }
}

/// The caseworker whom an event gave the submission to.
const fn assigned(event: &Event) -> Option<&PersonId> {
    match event {
        Event::SubmissionAssigned { assignee } => Some(assignee),
        _ => None,
    }
}

/// The organization that an event is about.
fn mentioned(event: &Event) -> Option<&OrganizationId> {
    match event.detail()? {
        EventDetail::Organization(id) => Some(id),
        EventDetail::Reason(_) | EventDetail::Outcome(_) | EventDetail::Mark(_) | EventDetail::Days(_) => {
            None
        }
    }
}

/// The name of an outcome and the promised day.
pub fn outcome(outcome: Outcome) -> (&'static str, Option<jiff::civil::Date>) {
    match outcome {
        Outcome::Solved => ("solved", None),
        Outcome::Planned { by } => ("planned", Some(by)),
        Outcome::Explained => ("explained", None),
        Outcome::Refused => ("refused", None),
    }
}

fn answers(submission: &Submission, record: &Record) -> Vec<AnswerView> {
    let view = |answer: &domain::submission::Answer| {
        let (outcome, planned_by) = outcome(answer.outcome);
        AnswerView {
            outcome: outcome.into(),
            planned_by,
            text: record.texts.get(&answer.text).cloned().unwrap_or_default(),
            at: answer.at,
            mark: answer.rating.map(|rating| rating.mark.into()),
            solved: answer.rating.map(|rating| rating.solved),
        }
    };
    submission.answers.iter().map(view).collect()
}

fn history(record: &Record, audience: Audience, names: &HistoryNames) -> Vec<HistoryEntry> {
    let staff = audience == Audience::Staff;
    let shown = record.events.iter().filter(|envelope| staff || envelope.event.is_public());
    let entry = |envelope: &Envelope| {
        let (by, person) = match &envelope.actor {
            Actor::System => ("system", None),
            Actor::Author => ("author", None),
            Actor::Staff(person) => ("staff", Some(person.clone())),
        };
        let text_shown = staff || envelope.event.has_public_text();
        HistoryEntry {
            version: envelope.version,
            at: envelope.at,
            event: envelope.event.name().into(),
            by: by.into(),
            fact: envelope.event.clone(),
            person_name: person.as_ref().and_then(|person| names.people.get(person).cloned()),
            organization: mentioned(&envelope.event).map(|id| names.organization(id)),
            person: person.filter(|_| staff),
            assignee_name: assigned(&envelope.event)
                .and_then(|person| names.person(person))
                .filter(|_| staff),
            details: details(&envelope.event, staff),
            text: record.texts.get(&envelope.id).filter(|_| text_shown).cloned(),
        }
    };
    shown.map(entry).collect()
}

/// The event without its name, and without the caseworker if the author reads it.
fn details(event: &Event, staff: bool) -> serde_json::Value {
    let mut json = serde_json::to_value(event).unwrap_or_default();
    if let Some(fields) = json.as_object_mut() {
        fields.remove("type");
        if !staff {
            fields.remove("assignee");
        }
    }
    json
}
