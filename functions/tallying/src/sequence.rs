//! The sequencer of a poll: ballots that wait become leaves of the log.
//!
//! A head holds its leaves and is created only if it is absent, so of two sequencers one loses and begins again. No head follows
//! before the ballots of the one before wait no longer: so no ballot stands in the log twice, whenever a sequencer was killed.

use std::collections::HashSet;
use std::iter::Peekable;

use entrypoint::App;
use entrypoint::queue::RecordError;
use futures::future::ready;
use futures::{StreamExt, TryStreamExt, stream};
use poll::Poll;
use poll::ballot_box::Ballot;
use poll::proof::{Bytes32, Leaf, PollKey, TreeHead};
use store::LoggedBallots;
use store::keys::SHARDS;

/// Leaves that a head adds, at most: with their voters they fill about half of the 400 KB that an item may have.
const LEAVES: usize = 800;
/// Ballots read or written at the same time.
const AT_ONCE: usize = 16;
/// The fewest ballots that a head adds while the poll runs. Fewer wait for others: an observer who knows when somebody voted must
/// not find their leaf.
const TOGETHER: usize = 8;
/// Tries of a head that another sequencer came before.
const TRIES: usize = 20;
/// Heads of a run while the poll is open: what waits then, waits for the next minute.
const HEADS: usize = 20;

/// Where ballots that wait are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Candidates {
    /// In the index, which lags: while the poll runs.
    Named,
    /// Among all ballots, strongly consistent: after the close.
    All,
}

/// What became of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    /// Nothing waits.
    Done,
    /// All that was found is logged.
    Logged,
    /// Another sequencer came before.
    Lost,
}

/// Logs what waits while the poll runs: not all of it if people go on voting.
///
/// # Errors
/// Whatever failed. What is logged stays so.
pub async fn sequence(app: &App, poll: &Poll) -> Result<(), RecordError> {
    for _ in 0..HEADS {
        // Where another one is faster, it goes on.
        if run(app, poll, Candidates::Named).await? != Run::Logged {
            break;
        }
    }
    Ok(())
}

/// Logs all that waits after the close.
///
/// # Errors
/// As [`sequence`].
pub async fn sequence_all(app: &App, poll: &Poll) -> Result<(), RecordError> {
    for _ in 0..TRIES {
        if run(app, poll, Candidates::All).await? != Run::Lost {
            return Ok(());
        }
    }
    Err("other sequencers of this poll were always faster".into())
}

async fn run(app: &App, poll: &Poll, candidates: Candidates) -> Result<Run, RecordError> {
    let named = match candidates {
        Candidates::Named => Some(named_by_the_index(app, poll).await?),
        Candidates::All => None,
    };
    // Every ballot asks for a run: most of them find that one before has done it all, and read no more than this.
    if named.as_ref().is_some_and(|named| named.len() < TOGETHER) {
        return Ok(Run::Done);
    }
    let key = PollKey::derive(app.secret()?, poll.id);
    let mut last = app.store.last_head(poll.id).await?;
    if let Some(last) = &last {
        finish(app, last).await?;
    }
    // The waiting ballots are read after the last head, so they are in no head up to it. A sequencer that adds another head
    // meanwhile makes this run lose.
    let waiting = waiting(app, poll, named).await?;
    if waiting.is_empty() || (candidates == Candidates::Named && waiting.len() < TOGETHER) {
        return Ok(Run::Done);
    }
    let mut waiting = waiting.into_iter().peekable();
    while waiting.peek().is_some() {
        let logged = next_head(app, poll, &key, last.as_ref(), fitting(&mut waiting));
        let TreeHead { number, size, .. } = logged.head;
        // Where one is already it may be our own: then the reply was lost on the way.
        let ours = app.store.put_head(&logged).await?
            || app.store.head(poll.id, number).await?.is_some_and(|there| there == logged);
        if !ours {
            return Ok(Run::Lost);
        }
        tracing::info!(poll.id = %poll.id, head = number, size, "ballots logged");
        finish(app, &logged).await?;
        last = Some(logged);
    }
    Ok(Run::Logged)
}

/// As many ballots as fit into a head.
fn fitting(waiting: &mut Peekable<impl Iterator<Item = (Bytes32, Ballot)>>) -> Vec<(Bytes32, Ballot)> {
    // One voter's leaves are always fewer than a head can have.
    let mut part = Vec::from_iter(waiting.next());
    let mut leaves = part.iter().map(|(_, ballot)| ballot.waiting.len()).sum::<usize>();
    while let Some(next) = waiting.next_if(|(_, ballot)| leaves + ballot.waiting.len() <= LEAVES) {
        leaves += next.1.waiting.len();
        part.push(next);
    }
    part
}

/// The ballots of a head wait for its leaves no longer.
async fn finish(app: &App, logged: &LoggedBallots) -> Result<(), RecordError> {
    let leaves: HashSet<Leaf> = logged.leaves.iter().copied().collect();
    let mut marks = Vec::with_capacity(logged.voters.len());
    for voter in &logged.voters {
        marks.push(mark(app, logged, *voter, &leaves));
    }
    stream::iter(marks).buffer_unordered(AT_ONCE).try_collect().await
}

async fn mark(
    app: &App,
    logged: &LoggedBallots,
    voter: Bytes32,
    leaves: &HashSet<Leaf>,
) -> Result<(), RecordError> {
    loop {
        let poll = logged.head.poll;
        let Some(ballot) = app.store.ballot(poll, &voter).await? else {
            return Err("a logged ballot is not there".into());
        };
        // None if it is marked already; a vote may come between reading and writing.
        let Some(marked) = ballot.logged(|leaf| leaves.contains(leaf)) else { return Ok(()) };
        if app.store.put_ballot(poll, &voter, &marked).await? {
            return Ok(());
        }
    }
}

/// Ballots that wait, read strongly: of these voters, or of all.
async fn waiting(
    app: &App,
    poll: &Poll,
    voters: Option<Vec<Bytes32>>,
) -> Result<Vec<(Bytes32, Ballot)>, RecordError> {
    let waits = |ballot: &Ballot| !ballot.waiting.is_empty();
    let Some(voters) = voters else {
        let all = app.store.ballots(poll.id);
        return Ok(all.try_filter(|(_, ballot)| ready(waits(ballot))).try_collect().await?);
    };
    let read = |voter: Bytes32| async move { (voter, app.store.ballot(poll.id, &voter).await) };
    let mut ballots = Vec::with_capacity(voters.len());
    let mut read = stream::iter(voters.into_iter().map(read)).buffer_unordered(AT_ONCE);
    while let Some((voter, ballot)) = read.next().await {
        ballots.extend(ballot?.filter(waits).map(|ballot| (voter, ballot)));
    }
    Ok(ballots)
}

async fn named_by_the_index(app: &App, poll: &Poll) -> Result<Vec<Bytes32>, RecordError> {
    let limit = i32::try_from(LEAVES / usize::from(SHARDS)).unwrap_or(i32::MAX);
    let mut voters = Vec::new();
    for shard in 0..SHARDS {
        voters.extend(app.store.waiting_voters(poll.id, shard, limit).await?);
    }
    Ok(voters)
}

/// The next head. Its leaves stand in the order of their commitments, which is no order of time; but a voter's earlier vote stands
/// before the one that replaces it.
fn next_head(
    app: &App,
    poll: &Poll,
    key: &PollKey,
    last: Option<&LoggedBallots>,
    waiting: Vec<(Bytes32, Ballot)>,
) -> LoggedBallots {
    let mut leaves: Vec<(usize, Leaf)> = Vec::new();
    let mut voters = Vec::with_capacity(waiting.len());
    for (voter, ballot) in waiting {
        leaves.extend(ballot.waiting.iter().copied().enumerate());
        voters.push(voter);
    }
    leaves.sort_by_key(|(place, leaf)| (*place, leaf.commitment));
    let leaves: Vec<Leaf> = leaves.into_iter().map(|(_, leaf)| leaf).collect();
    voters.sort_unstable();
    let mut frontier = last.map(|last| last.frontier.clone()).unwrap_or_default();
    frontier.extend(&leaves);
    let number = last.map_or(1, |last| last.head.number + 1);
    // Clocks are set back now and then, and differ from machine to machine; no head may be older than the one before.
    let now = app.clock.now();
    let at = last.map_or(now, |last| now.max(last.head.at));
    LoggedBallots { head: TreeHead::sign(key, poll, number, &frontier, at), leaves, voters, frontier }
}
