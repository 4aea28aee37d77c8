//! Followers are told page by page, since they may be millions: the place that has been come to is kept, and what one run has no
//! time for is handed on as a message to the own queue.

use std::time::Instant;

use domain::TerritoryId;
use domain::notification::NoticeKind;
use entrypoint::queue::RecordError;
use store::{FollowersTold, follower_lists};

use crate::dispatch::{Dispatch, Progress};
use crate::notifier::Notifier;
use crate::people::Addressee;

/// Followers that are read at once.
const PAGE: i32 = 100;

impl Notifier {
    /// Tells the followers of a territory from the place on that has been come to. A page is not repeated because of one
    /// address that fails: it is tried again once all others are told.
    ///
    /// # Errors
    /// What failed last. The place stays before the first page on which something failed.
    pub(crate) async fn tell_followers(
        &self,
        (territory, kind): &(TerritoryId, NoticeKind),
        dispatch: &Dispatch<'_>,
    ) -> Result<Progress, RecordError> {
        let store = &self.app.store;
        let begun = Instant::now();
        let event = dispatch.envelope.id;
        let upward: Vec<TerritoryId> =
            dispatch.rulebook.territories.upward(territory).map(|place| place.id.clone()).collect();
        let lists = follower_lists(&upward);
        let mut place = store.followers_told(event).await?;
        let mut failure = None;
        while let Some(list) = lists.get(place.lists) {
            let page = store.followers(list, place.after.as_deref(), PAGE).await?;
            let told = page.items.len();
            let follower = |person| Addressee { person: Some(person), kind: *kind };
            let followers: Vec<Addressee> = page.items.into_iter().map(follower).collect();
            if let Err(error) = self.tell_all(&followers, dispatch).await {
                failure = Some(error);
            }
            place = match page.next {
                Some(next) => FollowersTold { after: Some(next), ..place },
                None => FollowersTold { lists: place.lists + 1, after: None },
            };
            // A page after each look at the clock: every run comes further.
            let time_is_up = begun.elapsed() > self.run_for && place.lists < lists.len();
            if failure.is_none() && (told > 0 || time_is_up) {
                store.keep_followers_told(event, &place, dispatch.now).await?;
            }
            if time_is_up {
                return failure.map_or(Ok(Progress::TimeIsUp), Err);
            }
        }
        failure.map_or(Ok(Progress::Done), Err)
    }
}
