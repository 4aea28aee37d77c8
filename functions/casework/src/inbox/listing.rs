//! The open submissions of an organization, read once: enough to count them, to page through them and to find the
//! neighbours of a case.

use std::sync::Arc;

use domain::OrganizationId;
use entrypoint::App;
use entrypoint::http::{Failure, Staff};
use store::{InboxEntry, PlacedOrganization};

use super::query::{InboxQuery, Moment, View};

/// Inboxes shown as one, at most.
const MERGED: usize = 500;
/// Inboxes that a page shows as one by default. An organization with more below it has coordinators there.
const MERGED_AT_FIRST: usize = 16;
/// Submissions counted, at most: the most urgent.
const COUNTED: usize = 100;

/// The most urgent submissions of an organization and those under it.
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
    /// The most urgent first.
    pub(crate) entries: Vec<InboxEntry>,
    /// Whether there are more than were read.
    pub(crate) more: bool,
    /// Those whose inboxes were read.
    organizations: Vec<OrganizationId>,
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
        Self::merging(app, staff, query, MERGED).await
    }

    /// As a page shows it.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub(crate) async fn for_page(app: &App, staff: &Staff, query: &InboxQuery) -> Result<Self, Failure> {
        Self::merging(app, staff, query, MERGED_AT_FIRST).await
    }

    async fn merging(app: &App, staff: &Staff, query: &InboxQuery, most: usize) -> Result<Self, Failure> {
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
        let under = query.under.unwrap_or(below.len() <= most) && below.len() <= MERGED;
        let organizations = if under { below } else { vec![organization.clone()] };
        let read = app.store.inbox(&organizations, None, COUNTED).await?;
        let (entries, more) = (read.items, read.next.is_some());
        Ok(Self { organization, placed, directory, under, has_under, entries, more, organizations })
    }

    /// A page of what fits the query.
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
        let Some(cursor) = query.cursor.as_deref() else {
            return Ok(cut(self.entries.iter(), self.more, query, view, limit, moment));
        };
        let read_already = match self.entries.last() {
            Some(last) => last.is_after(cursor)?,
            None => false,
        };
        if !read_already {
            let further = app.store.inbox(&self.organizations, Some(cursor), COUNTED).await?;
            return Ok(cut(further.items.iter(), further.next.is_some(), query, view, limit, moment));
        }
        let mut after = Vec::new();
        for entry in &self.entries {
            if entry.is_after(cursor)? {
                after.push(entry);
            }
        }
        Ok(cut(after.into_iter(), self.more, query, view, limit, moment))
    }

    /// What fits the filters, in order.
    pub(crate) fn fitting<'l>(
        &'l self,
        query: &'l InboxQuery,
        view: View,
        moment: &'l Moment<'l>,
    ) -> impl Iterator<Item = &'l InboxEntry> {
        self.entries.iter().filter(move |entry| query.fits(entry, moment.rulebook) && view.has(entry, moment))
    }
}

fn cut<'e>(
    entries: impl Iterator<Item = &'e InboxEntry>,
    more: bool,
    query: &InboxQuery,
    view: View,
    limit: usize,
    moment: &Moment<'_>,
) -> Page {
    let all: Vec<&InboxEntry> = entries.collect();
    let end_of_reading = all.last().filter(|_| more).map(|last| last.cursor());
    let fits = |entry: &&&InboxEntry| query.fits(entry, moment.rulebook) && view.has(entry, moment);
    let mut found: Vec<&InboxEntry> = all.iter().filter(fits).copied().collect();
    let next = if found.len() > limit {
        found.truncate(limit);
        found.last().map(|last| last.cursor())
    } else {
        end_of_reading
    };
    Page { entries: found.into_iter().cloned().collect(), next }
}

/// An organization out of reach looks like one that does not exist.
async fn chosen(app: &App, staff: &Staff, wanted: Option<&str>) -> Result<OrganizationId, Failure> {
    let Some(wanted) = wanted else {
        return Ok(staff.person.organization.clone());
    };
    let organization = wanted.parse().map_err(|_| Failure::NotFound)?;
    if staff.reaches(app, &organization).await? { Ok(organization) } else { Err(Failure::NotFound) }
}
