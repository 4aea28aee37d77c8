//! `GET /workspace/inbox`: the open submissions of an organization, the most urgent first.

pub(crate) mod bulk;
mod bulk_page;
mod bulk_step;
pub(crate) mod listing;
mod page;
pub(crate) mod query;
mod view;

use std::collections::{HashMap, HashSet};

use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::authorization::Action;
use domain::rulebook::Rulebook;
use domain::{OrganizationId, PersonId, SubmissionId};
use entrypoint::App;
use entrypoint::http::{Caller, Failure, Query, Staff, limit};
use pages::submission::Named;
use pages::{Form, Visit, html};
use store::InboxEntry;

use crate::colleagues;
use listing::Listing;
use page::InboxPage;
use query::{InboxQuery, Moment, View};
use view::{Counts, Inbox, InboxItem};

/// What an organization and those under it have open, the most urgent first; paused ones last.
#[utoipa::path(get, path = "/workspace/inbox", tag = "casework", params(InboxQuery),
    responses((status = 200, body = Inbox), Failure))]
pub(crate) async fn show(
    app: App,
    visit: Visit,
    caller: Caller,
    Query(query): Query<InboxQuery>,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ReadInbox).await?;
    if visit.page {
        return html(&InboxPage::of(&app, &staff, visit.layout, query, Form::default(), Vec::new()).await?);
    }
    let view = query.view.unwrap_or(View::All);
    let listing = Listing::read(&app, &staff, &query).await?;
    let inbox = Inbox::of(&app, &staff, &query, view, &listing).await?;
    Ok(Json(inbox).into_response())
}

impl Inbox {
    /// What the query asks for, of a listing.
    async fn of(
        app: &App,
        staff: &Staff,
        query: &InboxQuery,
        view: View,
        listing: &Listing,
    ) -> Result<Self, Failure> {
        let limit = limit(query.limit, 50, 100)?;
        let rulebook = app.store.rulebook().await?;
        let moment = Moment {
            person: &staff.person.id,
            now: app.clock.now(),
            rulebook: &rulebook,
            executors: &listing.executors,
        };
        let page = listing.page(app, query, view, limit, &moment).await?;
        let ids: Vec<SubmissionId> = page.entries.iter().map(|entry| entry.id).collect();
        let texts = app.store.texts(&ids).await?;
        let of_page: Vec<OrganizationId> =
            page.entries.iter().filter_map(|entry| entry.organization.clone()).collect();
        let organizations = app.store.organization_names(of_page).await?;
        let load = listing.load();
        let assigned = page.entries.iter().filter_map(|entry| entry.assignee.clone());
        let assigned: HashSet<PersonId> = load.keys().cloned().chain(assigned).collect();
        let names = app.store.names(assigned).await?;
        let context = ItemContext { texts, names, organizations, moment };
        Ok(Self {
            organization: listing.organization.clone(),
            under: listing.under,
            view,
            counts: Counts::of(listing, &context.moment),
            load: colleagues::with_load(load.keys().cloned(), &context.names, listing),
            items: page.entries.into_iter().map(|entry| context.item(entry, &rulebook)).collect(),
            next: page.next,
        })
    }
}

impl Counts {
    fn of(listing: &Listing, moment: &Moment<'_>) -> Option<Self> {
        let count = |view| listing.count(view, moment);
        Some(Self {
            all: count(View::All)?,
            overdue: count(View::Overdue)?,
            today: count(View::Today)?,
            new: count(View::New)?,
            nobody: count(View::Nobody)?,
            disputed: count(View::Disputed)?,
            mine: count(View::Mine)?,
            sign: count(View::Sign)?,
        })
    }

    const fn of_view(&self, view: View) -> usize {
        match view {
            View::All => self.all,
            View::Overdue => self.overdue,
            View::Today => self.today,
            View::New => self.new,
            View::Nobody => self.nobody,
            View::Disputed => self.disputed,
            View::Mine => self.mine,
            View::Sign => self.sign,
        }
    }
}

/// Names and texts that the items of a page mention.
struct ItemContext<'k> {
    texts: HashMap<SubmissionId, String>,
    names: HashMap<PersonId, String>,
    organizations: HashMap<OrganizationId, String>,
    moment: Moment<'k>,
}

impl ItemContext<'_> {
    fn item(&self, entry: InboxEntry, rulebook: &Rulebook) -> InboxItem {
        let category = entry.category.as_ref().and_then(|id| rulebook.categories.get(id));
        let left = match (&entry.organization, &entry.assignee) {
            (Some(organization), Some(person)) => self.moment.executors.has_gone(organization, person),
            _ => false,
        };
        InboxItem {
            id: entry.id,
            version: entry.version,
            kind: entry.kind,
            status: entry.status,
            paused: entry.is_paused(),
            category: category.map(Named::of),
            territory: rulebook.territories.get(&entry.territory).map(Named::of),
            text: beginning(self.texts.get(&entry.id).map_or("", String::as_str)),
            received: entry.received,
            deadline: entry.term().map(|term| term.date),
            days_left: self.moment.days_left(&entry),
            overdue: entry.is_overdue(self.moment.now),
            assignee_name: entry.assignee.as_ref().and_then(|person| self.names.get(person).cloned()),
            assignee_left: left,
            disputed: entry.disputed,
            organization_name: entry.organization.as_ref().and_then(|id| self.organizations.get(id).cloned()),
            address: entry.place.map(|place| place.address.into()),
            assignee: entry.assignee,
            organization: entry.organization,
        }
    }
}

/// Characters of a text in a list.
const BEGINNING: usize = 110;

/// The beginning of a text on one line, cut between words.
fn beginning(text: &str) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let longer = length + word.chars().count() + 1;
        if longer > BEGINNING {
            if line.is_empty() {
                line.extend(word.chars().take(BEGINNING));
            }
            line.push('…');
            return line;
        }
        if length > 0 {
            line.push(' ');
        }
        line.push_str(word);
        length = longer;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_words() {
        assert_eq!(beginning(" Яма\n у  школы "), "Яма у школы");
        let long = beginning(&"слово ".repeat(40));
        assert!(long.ends_with("слово…") && long.chars().count() <= BEGINNING + 1, "{long}");
        assert_eq!(beginning(&"я".repeat(500)).chars().count(), BEGINNING + 1);
    }
}
