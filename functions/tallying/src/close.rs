//! The close: the last ballots are logged, all are counted, the result is signed and its archive published.

use domain::TerritoryId;
use domain::rulebook::Rulebook;
use domain::tree::Node;
use entrypoint::queue::RecordError;
use entrypoint::{App, Change};
use events::{Actor, Event};
use futures::TryStreamExt;
use jiff::Timestamp;
use objects::Files;
use poll::Poll;
use poll::pabulib::{PbFile, PbPlace};
use poll::proof::{Archive, ArchiveError, Leaf, PollKey, PollOutcome, TreeHead};
use store::{Accompanying, CommitError, PollResult, TransactionParts};

use crate::sequence::sequence_all;

/// Counts a poll after its close.
pub(crate) async fn certify(app: &App, poll: Poll) -> Result<(), RecordError> {
    let now = app.clock.now();
    sequence_all(app, &poll).await?;
    let archive = archive(app, &poll, None, now).await?.ok_or("a ballot came after the last head")?;
    let outcome = archive.content.result.clone();
    tracing::info!(poll.id = %poll.id, ballots = outcome.ballots, "poll counted");
    let result = PollResult { outcome, certified: now, signature: archive.signature };
    // Before the result, which tells where it is: whatever is certified can be downloaded.
    publish(app, &poll, &result, archive).await?;
    let id = poll.id;
    let change = Change::of(poll.clone(), Actor::System, now);
    let Some(certified) = poll.certified(now) else { return Ok(()) };
    let items = [Accompanying::PollResult(id, &result)];
    let parts = TransactionParts { items: &items, ..TransactionParts::default() };
    // If another run was faster, it counted the same.
    save(app, &change.with(Event::PollCertified, certified), parts).await
}

/// Looks at the ballots once more, long after the close. One that was accepted in time and came to the table after the count must
/// not be passed over in silence.
pub(crate) async fn settle(app: &App, poll: Poll) -> Result<(), RecordError> {
    let id = poll.id;
    let result = app.store.poll_result(id).await?.ok_or("a certified poll has no result")?;
    // Nothing waits in a counted poll: if something does, it came late.
    let again = archive(app, &poll, Some(result.outcome.clone()), result.certified).await?;
    if let Some(same) = again.filter(|again| again.signature == result.signature) {
        // Once more: should it have been lost meanwhile, it is there again.
        publish(app, &poll, &result, same).await?;
    } else {
        tracing::error!(
            poll.late_ballots = true,
            poll.id = %id,
            "ballots that were accepted in time were not counted: the result is to be annulled and the poll held again"
        );
    }
    let change = Change::of(poll.clone(), Actor::System, app.clock.now());
    save(app, &change.with(Event::PollSettled, poll.settled()), TransactionParts::default()).await
}

/// Saves what the clock has done. If somebody else was faster, the poll is looked at again.
pub(crate) async fn save(
    app: &App,
    change: &Change<Poll>,
    parts: TransactionParts<'_>,
) -> Result<(), RecordError> {
    match app.save(change, parts).await {
        Ok(()) | Err(CommitError::Conflict) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Puts the archive where `polls` finds it, and its ballots as a Pabulib file.
async fn publish(app: &App, poll: &Poll, result: &PollResult, archive: Archive) -> Result<(), RecordError> {
    let files = Files::open(app.archives()?)?;
    files.publish(&result.archive_name(poll.id), archive.to_json()).await?;
    let place = place(&*app.store.rulebook().await?, &poll.question.territory);
    let votes = PbFile::of(archive, &place).write();
    Ok(files.publish(&result.votes_name(poll.id), votes.into_bytes()).await?)
}

fn place(rulebook: &Rulebook, territory: &TerritoryId) -> PbPlace {
    let named = rulebook.territories.get(territory).map(Node::name);
    PbPlace {
        country: rulebook.root_territory().map_or("", Node::name).to_owned(),
        unit: named.unwrap_or(territory.as_str()).to_owned(),
        zone: rulebook.local_days(territory).zone,
    }
}

/// The archive of the ballots as they are; none if one of them is not in the log.
async fn archive(
    app: &App,
    poll: &Poll,
    known: Option<PollOutcome>,
    certified: Timestamp,
) -> Result<Option<Archive>, RecordError> {
    let key = PollKey::derive(app.secret()?, poll.id);
    let logged = app.store.heads(poll.id).await?;
    let leaves: Vec<Leaf> = logged.iter().flat_map(|logged| logged.leaves.iter().copied()).collect();
    let heads: Vec<TreeHead> = logged.into_iter().map(|logged| logged.head).collect();
    let mut openings = Vec::new();
    let mut ballots = app.store.ballots(poll.id);
    while let Some((_, ballot)) = ballots.try_next().await? {
        let Some(opening) = ballot.opening() else { return Ok(None) };
        openings.push(opening);
    }
    match Archive::make(poll, &key, heads, leaves, openings, known, certified) {
        Ok(archive) => Ok(Some(archive)),
        Err(ArchiveError::NotLogged) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
