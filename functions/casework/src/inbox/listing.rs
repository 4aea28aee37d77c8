//! What an organization and those under it have open: exact counts, pages, and the neighbours of a case.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{CategoryId, OrganizationId, PersonId, Status};
use entrypoint::App;
use entrypoint::http::{Failure, Staff};
use store::{InboxEntry, InboxList, OrganizationCounts, PlacedOrganization};

use super::query::{InboxQuery, Moment, Selection, View};
use crate::executors::Executors;

/// Inboxes shown as one, at most.
const MERGED: usize = 500;
/// Submissions that are read to apply filters to them, at most.
const READ: usize = 20_000;
/// Submissions read at once where there are more.
const PART: usize = 1_000;

/// What is open in an organization and those under it.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) organization: OrganizationId,
    /// As the directory knows it, if it does.
    pub(crate) placed: Option<PlacedOrganization>,
    /// Every organization of the directory, by name.
    pub(crate) directory: Arc<Vec<PlacedOrganization>>,
    /// Whether the organizations under it are in the list.
    pub(crate) under: bool,
    pub(crate) has_under: bool,
    pub(crate) executors: Executors,
    counts: Vec<OrganizationCounts>,
    filtered: Filtered,
}

/// What the filters let through.
#[derive(Debug)]
enum Filtered {
    /// There are no filters.
    Everything,
    /// The most urgent first.
    Read(Vec<InboxEntry>),
    /// More than are read to find out.
    TooMany,
}

/// A page of a listing.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) entries: Vec<InboxEntry>,
    pub(crate) next: Option<String>,
}

impl Listing {
    /// Reads what the query names.
    ///
    /// # Errors
    /// [`Failure::NotFound`] for an organization out of reach: it looks like one that does not exist.
    pub(crate) async fn read(app: &App, staff: &Staff, query: &InboxQuery) -> Result<Self, Failure> {
        let organization = chosen(app, staff, query.organization.as_deref()).await?;
        let placed = app.store.organization(&organization).await?;
        let directory = app.store.organizations().await?;
        let below: Vec<OrganizationId> = match &placed {
            Some(top) => {
                let within = directory.iter().filter(|other| other.path.is_within(&top.path));
                within.map(|other| other.id.clone()).collect()
            }
            None => vec![organization.clone()],
        };
        let has_under = below.len() > 1;
        let under = query.under.unwrap_or(true) && below.len() <= MERGED;
        let organizations = if under { below } else { vec![organization.clone()] };
        let mut counts = app.store.inbox_counts(&organizations).await?;
        counts.retain(|one| one.counts.total() > 0);
        let executors = Executors::of(app, &counts, &directory).await?;
        let mut listing = Self {
            organization,
            placed,
            directory,
            under,
            has_under,
            executors,
            counts,
            filtered: Filtered::Everything,
        };
        if query.narrows() {
            listing.filtered = listing.filter(app, query).await?;
        }
        Ok(listing)
    }

    /// The cells that may hold something of what is asked for.
    fn cells(&self, wanted: impl Fn(&OrganizationId, &store::InboxCell) -> bool) -> InboxList {
        InboxList::of_cells(&self.counts, |one, cell| wanted(&one.organization, cell))
    }

    async fn filter(&self, app: &App, query: &InboxQuery) -> Result<Filtered, Failure> {
        let to_read: usize =
            self.counts.iter().map(|one| one.counts.of_cells(|cell| query.fits_cell(cell))).sum();
        if to_read > READ {
            return Ok(Filtered::TooMany);
        }
        let rulebook = app.store.rulebook().await?;
        let list = self.cells(|_, cell| query.fits_cell(cell));
        let mut entries = app.store.list_inbox(&list, None, READ).await?.items;
        entries.retain(|entry| query.fits(entry, &rulebook));
        Ok(Filtered::Read(entries))
    }

    /// How many a view has of what the filters let through; none if there are too many to say.
    pub(crate) fn count(&self, view: View, moment: &Moment<'_>) -> Option<usize> {
        let of_organization = |one: &OrganizationCounts| match view.selection(moment.now) {
            Selection::Term(span) => one.counts.ending(span),
            Selection::Cells => one.counts.of_cells(|cell| view.has_cell(&one.organization, cell, moment)),
        };
        match &self.filtered {
            Filtered::Everything => Some(self.counts.iter().map(of_organization).sum()),
            Filtered::Read(entries) => Some(entries.iter().filter(|entry| view.has(entry, moment)).count()),
            Filtered::TooMany => None,
        }
    }

    /// What a view is merged of.
    fn list(&self, view: View, moment: &Moment<'_>) -> InboxList {
        match view.selection(moment.now) {
            Selection::Term(span) => InboxList::of_inboxes(&self.counts, span),
            Selection::Cells => self.cells(|organization, cell| view.has_cell(organization, cell, moment)),
        }
    }

    /// A page of a view of what fits the query.
    ///
    /// # Errors
    /// If the cursor is none of ours.
    pub(crate) async fn page(
        &self,
        app: &App,
        query: &InboxQuery,
        view: View,
        limit: usize,
        moment: &Moment<'_>,
    ) -> Result<Page, Failure> {
        let cursor = query.cursor.as_deref();
        match &self.filtered {
            Filtered::Everything => {
                let page = app.store.list_inbox(&self.list(view, moment), cursor, limit).await?;
                Ok(Page { entries: page.items, next: page.next })
            }
            Filtered::Read(entries) => {
                let mut found = Vec::new();
                for entry in entries.iter().filter(|entry| view.has(entry, moment)) {
                    let is_after = cursor.map(|cursor| entry.is_after(cursor)).transpose()?;
                    found.extend(is_after.unwrap_or(true).then(|| entry.clone()));
                }
                Ok(Page::cut(found, limit))
            }
            Filtered::TooMany => self.search(app, query, view, limit, moment).await,
        }
    }

    /// A page of what the filters let through, found by looking at one after the other.
    async fn search(
        &self,
        app: &App,
        query: &InboxQuery,
        view: View,
        limit: usize,
        moment: &Moment<'_>,
    ) -> Result<Page, Failure> {
        let list = self.list(view, moment);
        let (mut found, mut cursor) = (Vec::new(), query.cursor.clone());
        for _ in 0..READ / PART {
            let part = app.store.list_inbox(&list, cursor.as_deref(), PART).await?;
            found.extend(part.items.into_iter().filter(|entry| query.fits(entry, moment.rulebook)));
            cursor = part.next;
            if found.len() > limit {
                return Ok(Page::cut(found, limit));
            }
            if cursor.is_none() {
                break;
            }
        }
        Ok(Page { entries: found, next: cursor })
    }

    /// The submissions before and after this one in a view. One that has left the view has the first of it after it.
    ///
    /// # Errors
    /// If the database fails.
    pub(crate) async fn neighbours(
        &self,
        app: &App,
        query: &InboxQuery,
        view: View,
        entry: &InboxEntry,
        moment: &Moment<'_>,
    ) -> Result<(Option<InboxEntry>, Option<InboxEntry>), Failure> {
        let is_here = self.counts.iter().any(|one| Some(&one.organization) == entry.organization.as_ref());
        let stays = is_here && view.has(entry, moment) && query.fits(entry, moment.rulebook);
        let cursor = stays.then(|| entry.cursor());
        let after = InboxQuery { cursor: cursor.clone(), ..query.clone() };
        let next = self.page(app, &after, view, 1, moment).await?.entries.pop();
        let previous = match (&self.filtered, cursor) {
            (_, None) | (Filtered::TooMany, _) => None,
            (Filtered::Everything, _) => app.store.inbox_before(&self.list(view, moment), entry).await?,
            (Filtered::Read(entries), Some(_)) => {
                let before = entries.iter().take_while(|other| other.id != entry.id);
                before.filter(|other| view.has(other, moment)).last().cloned()
            }
        };
        Ok((previous, next))
    }

    /// How many submissions each caseworker has, whatever the filters say.
    pub(crate) fn load(&self) -> BTreeMap<PersonId, usize> {
        let mut load = BTreeMap::new();
        for (cell, count) in self.counts.iter().flat_map(|one| &one.counts.cells) {
            if let Some(person) = &cell.assignee {
                *load.entry(person.clone()).or_default() += count;
            }
        }
        load
    }

    /// Whether everything that somebody has here is nobody's.
    pub(crate) fn has_left(&self, person: &PersonId) -> bool {
        let has = |one: &&OrganizationCounts| {
            one.counts.cells.keys().any(|cell| cell.assignee.as_ref() == Some(person))
        };
        let mut organizations = self.counts.iter().filter(has);
        organizations.all(|one| self.executors.has_gone(&one.organization, person))
    }

    /// The categories of what is open.
    pub(crate) fn categories(&self) -> BTreeSet<&CategoryId> {
        self.counts.iter().flat_map(|one| one.counts.categories.keys()).collect()
    }

    /// The statuses of what is open.
    pub(crate) fn statuses(&self) -> BTreeSet<Status> {
        self.counts.iter().flat_map(|one| one.counts.cells.keys()).map(|cell| cell.status).collect()
    }

    /// The organizations that have something open.
    pub(crate) fn organizations(&self) -> impl Iterator<Item = &OrganizationId> {
        self.counts.iter().map(|one| &one.organization)
    }
}

impl Page {
    fn cut(mut found: Vec<InboxEntry>, limit: usize) -> Self {
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(InboxEntry::cursor);
        Self { entries: found, next }
    }
}

/// An organization out of reach looks like one that does not exist.
async fn chosen(app: &App, staff: &Staff, wanted: Option<&str>) -> Result<OrganizationId, Failure> {
    let Some(wanted) = wanted else {
        return Ok(staff.person.organization.clone());
    };
    let organization = wanted.parse().map_err(|_| Failure::NotFound)?;
    if staff.reaches(app, &organization).await? { Ok(organization) } else { Err(Failure::NotFound) }
}
