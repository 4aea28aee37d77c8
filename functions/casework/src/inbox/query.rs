//! The part of an inbox that a link names: a view, filters, a page.

use domain::rulebook::Rulebook;
use domain::{CategoryId, OrganizationId, PersonId, Status, SubmissionKind};
use entrypoint::http::Staff;
use jiff::{SignedDuration, Timestamp};
use pages::Address;
use serde::{Deserialize, Serialize};
use store::{InboxCell, InboxEntry, Span};
use strum::{IntoStaticStr, VariantArray};
use utoipa::{IntoParams, ToSchema};

use crate::decision::StaffStep;
use crate::executors::Executors;

/// A term that ends within it ends today.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A part of an inbox that people work through.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, VariantArray, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(crate) enum View {
    /// Everything that is open.
    All,
    /// Its term has passed.
    Overdue,
    /// Its term ends today: within 24 hours.
    Today,
    /// Nobody has begun: it has come, and is assigned to nobody.
    New,
    /// Nobody who could answer has it: it is assigned to nobody, or to somebody who can no longer draft answers here.
    Nobody,
    /// The author did not agree with an answer.
    Disputed,
    /// Assigned to the caller.
    Mine,
    /// Drafted: an approver must sign.
    Sign,
}

/// How a view is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Selection {
    /// By the end of the running term.
    Term(Span),
    /// By cells.
    Cells,
}

impl View {
    /// The name in links.
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }

    /// Id of the text that names it.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::All => "inbox-view-all",
            Self::Overdue => "inbox-view-overdue",
            Self::Today => "inbox-view-today",
            Self::New => "inbox-view-new",
            Self::Nobody => "inbox-view-nobody",
            Self::Disputed => "inbox-view-disputed",
            Self::Mine => "inbox-view-mine",
            Self::Sign => "inbox-view-sign",
        }
    }

    /// The text of an empty view.
    pub(crate) const fn empty(self) -> &'static str {
        match self {
            Self::All => "inbox-empty-all",
            Self::Overdue => "inbox-empty-overdue",
            Self::Today => "inbox-empty-today",
            Self::New => "inbox-empty-new",
            Self::Nobody => "inbox-empty-nobody",
            Self::Disputed => "inbox-empty-disputed",
            Self::Mine => "inbox-empty-mine",
            Self::Sign => "inbox-empty-sign",
        }
    }

    pub(crate) fn selection(self, now: Timestamp) -> Selection {
        let day = now.saturating_add(DAY).unwrap_or(Timestamp::MAX);
        match self {
            Self::All => Selection::Term(Span::default()),
            Self::Overdue => Selection::Term(Span { after: None, until: Some(now) }),
            Self::Today => Selection::Term(Span { after: Some(now), until: Some(day) }),
            Self::New | Self::Nobody | Self::Disputed | Self::Mine | Self::Sign => Selection::Cells,
        }
    }

    /// Whether it holds the submissions of a cell of an organization; all, for a view by terms.
    pub(crate) fn has_cell(
        self,
        organization: &OrganizationId,
        cell: &InboxCell,
        moment: &Moment<'_>,
    ) -> bool {
        let assignee = cell.assignee.as_ref();
        match self {
            Self::All | Self::Overdue | Self::Today => true,
            Self::New => assignee.is_none() && !cell.disputed,
            Self::Nobody => assignee.is_none_or(|person| moment.executors.has_gone(organization, person)),
            Self::Disputed => cell.disputed,
            Self::Mine => assignee == Some(moment.person),
            Self::Sign => cell.status == Status::Drafted,
        }
    }

    pub(crate) fn has(self, entry: &InboxEntry, moment: &Moment<'_>) -> bool {
        match self.selection(moment.now) {
            Selection::Term(span) => span.has(entry.ends()),
            Selection::Cells => {
                let organization = entry.organization.as_ref();
                organization.is_some_and(|organization| self.has_cell(organization, &entry.cell(), moment))
            }
        }
    }
}

/// The viewer and the time, by which views are decided.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment<'m> {
    pub(crate) person: &'m PersonId,
    pub(crate) now: Timestamp,
    pub(crate) rulebook: &'m Rulebook,
    pub(crate) executors: &'m Executors,
}

impl Moment<'_> {
    /// Days until the last day of the running term, by the territory's calendar; less than nothing if it has passed, none
    /// if the clock stands still.
    pub(crate) fn days_left(&self, entry: &InboxEntry) -> Option<i32> {
        let term = entry.term().filter(|_| !entry.is_paused())?;
        let zone = self.rulebook.local_days(&entry.territory).zone;
        let today = self.now.to_zoned(zone).date();
        today.until(term.date).ok().map(|span| span.get_days())
    }
}

/// Which inbox, and which part of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct InboxQuery {
    /// Id of an organization: the caller's own, or one under it. The caller's own if left out.
    pub(crate) organization: Option<String>,
    /// Whether the list has what the organizations under it have open; yes if left out.
    pub(crate) under: Option<bool>,
    /// All of it if left out; a page begins with what the viewer's roles make most urgent.
    #[param(inline)]
    pub(crate) view: Option<View>,
    /// Id of a category; those under it are meant too.
    pub(crate) category: Option<String>,
    #[param(value_type = Option<String>)]
    pub(crate) status: Option<Status>,
    /// Id of a caseworker.
    pub(crate) assignee: Option<String>,
    /// `report` or `appeal`.
    #[param(value_type = Option<String>)]
    pub(crate) kind: Option<SubmissionKind>,
    /// 1 to 100; 50 if left out.
    pub(crate) limit: Option<usize>,
    /// The value of `next` from the page before.
    pub(crate) cursor: Option<String>,
    #[param(ignore)]
    #[serde(default, skip_serializing)]
    pub(crate) done: Option<String>,
}

impl InboxQuery {
    /// What a link says; whatever cannot be read is left out.
    pub(crate) fn of_link(link: &str) -> Self {
        let link = link.split_once('?').map_or(link, |(_, query)| query);
        let given: Vec<_> =
            form_urlencoded::parse(link.as_bytes()).filter(|(_, value)| !value.is_empty()).collect();
        let encoded = serde_urlencoded::to_string(given).unwrap_or_default();
        serde_urlencoded::from_str(&encoded).unwrap_or_default()
    }

    /// As a link says it: `view=mine&category=pothole`.
    pub(crate) fn link(&self) -> String {
        serde_urlencoded::to_string(self).unwrap_or_default()
    }

    /// The address of this part, saying what was just done.
    pub(crate) fn address(&self, done: Option<&str>) -> String {
        let inbox = Address::of(&format!("/workspace/inbox?{}", self.link()));
        inbox.with("done", done.unwrap_or_default()).to_string()
    }

    /// The same filters for another view, from the beginning.
    pub(crate) fn seen_as(&self, view: View) -> Self {
        Self { view: Some(view), cursor: None, done: None, ..self.clone() }
    }

    /// Whether there are filters beside the view.
    pub(crate) const fn narrows(&self) -> bool {
        self.category.is_some() || self.status.is_some() || self.assignee.is_some() || self.kind.is_some()
    }

    /// Whether the filters let through something of a cell.
    pub(crate) fn fits_cell(&self, cell: &InboxCell) -> bool {
        let assignee = |wanted: &String| cell.assignee.as_ref().is_some_and(|own| own.as_str() == wanted);
        self.status.is_none_or(|status| status == cell.status) && self.assignee.as_ref().is_none_or(assignee)
    }

    /// Whether the filters, apart from the view, let this through.
    pub(crate) fn fits(&self, entry: &InboxEntry, rulebook: &Rulebook) -> bool {
        let within = |wanted: &String| {
            let category = entry.category.as_ref();
            let mut above =
                category.into_iter().flat_map(|category: &CategoryId| rulebook.categories.upward(category));
            above.any(|node| node.id.as_str() == wanted) || category.is_some_and(|own| own.as_str() == wanted)
        };
        self.category.as_ref().is_none_or(within)
            && self.fits_cell(&entry.cell())
            && self.kind.is_none_or(|kind| kind == entry.kind)
    }
}

/// The view that an inbox opens with: everything for coordinators, what is to be signed for approvers, their own for
/// caseworkers.
pub(crate) fn first_view(staff: &Staff) -> View {
    if staff.may(StaffStep::Assign.action()) {
        View::All
    } else if staff.may(StaffStep::Approve.action()) {
        View::Sign
    } else if staff.may(StaffStep::Draft.action()) {
        View::Mine
    } else {
        View::All
    }
}

#[cfg(test)]
mod tests;
