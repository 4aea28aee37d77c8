//! The sequencer of a poll: ballots that wait become leaves of the log.
//!
//! A head holds its leaves and is created only if it is absent, so of two sequencers one loses and begins again. No head follows
//! before the ballots of the one before wait no longer: so no ballot stands in the log twice, whenever a sequencer was killed.

use std::collections::HashSet;

use domain::poll::Poll;
use domain::poll::ballot_box::Ballot;
use domain::poll::proof::{Bytes32, Leaf, PollKey, TreeHead};
use entrypoint::App;
use entrypoint::queue::RecordError;
use futures::future::ready;
use futures::{StreamExt, TryStreamExt, stream};
use store::LoggedBallots;
use store::keys::SHARDS;

/// Leaves that a head adds, at most: with their voters they fill about half of the 400 KB that an item may have.
const LEAVES: usize = 800;
/// Ballots read or written at the same time.
const AT_ONCE: usize = 16;
/// Fewer ballots than these wait for others while the poll runs: whoever knows when somebody voted shall not find their leaf.
const TOGETHER: usize = 8;
/// Tries of a head that another sequencer came before.
const TRIES: usize = 20;

/// Where ballots that wait are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Candidates {
    /// In the index, which lags: while the poll runs.
    Waiting,
    /// Among all ballots, strongly consistent: at the close.
    All,
}

/// Logs what waits.
///
/// # Errors
/// Whatever failed. What is logged stays so.
pub async fn sequence(app: &App, poll: &Poll, candidates: Candidates) -> Result<(), RecordError> {
    let key = app.secret()?.poll(poll.id);
    for _ in 0..TRIES {
        let mut last = app.store.last_head(poll.id).await?;
        loop {
            if let Some(last) = &last {
                finish(app, last).await?;
            }
            let waiting = waiting(app, poll, candidates).await?;
            let few = candidates == Candidates::Waiting && waiting.len() < TOGETHER;
            if waiting.is_empty() || few {
                return Ok(());
            }
            let logged = next_head(app, poll, &key, last.as_ref(), waiting);
            let TreeHead { number, size, .. } = logged.head;
            // Where one is already it may be our own: then the reply was lost on the way.
            let ours = app.store.put_head(&logged).await?
                || app.store.head(poll.id, number).await?.is_some_and(|there| there == logged);
            if !ours {
                break;
            }
            tracing::info!(poll.id = %poll.id, head = number, size, "ballots logged");
            last = Some(logged);
        }
    }
    Err("other sequencers of this poll were always faster".into())
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

/// Ballots that wait, read strongly, as many as fit into a head.
async fn waiting(
    app: &App,
    poll: &Poll,
    candidates: Candidates,
) -> Result<Vec<(Bytes32, Ballot)>, RecordError> {
    let waits = |ballot: &Ballot| !ballot.waiting.is_empty();
    let mut ballots: Vec<(Bytes32, Ballot)> = match candidates {
        Candidates::All => {
            let all = app.store.ballots(poll.id);
            all.try_filter(|(_, ballot)| ready(waits(ballot))).try_collect().await?
        }
        Candidates::Waiting => named_by_the_index(app, poll).await?,
    };
    ballots.retain(|(_, ballot)| waits(ballot));
    let mut leaves = 0;
    let fit = ballots.iter().take_while(|(_, ballot)| {
        leaves += ballot.waiting.len();
        leaves <= LEAVES
    });
    // One voter's leaves are always fewer than a head can have.
    let fit = fit.count().max(1);
    ballots.truncate(fit);
    Ok(ballots)
}

async fn named_by_the_index(app: &App, poll: &Poll) -> Result<Vec<(Bytes32, Ballot)>, RecordError> {
    let limit = i32::try_from(LEAVES / usize::from(SHARDS)).unwrap_or(i32::MAX);
    let mut reads = Vec::new();
    for shard in 0..SHARDS {
        for voter in app.store.waiting_voters(poll.id, shard, limit).await? {
            reads.push(async move { (voter, app.store.ballot(poll.id, &voter).await) });
        }
    }
    let mut ballots = Vec::with_capacity(reads.len());
    let mut read = stream::iter(reads).buffer_unordered(AT_ONCE);
    while let Some((voter, ballot)) = read.next().await {
        ballots.extend(ballot?.map(|ballot| (voter, ballot)));
    }
    Ok(ballots)
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
    LoggedBallots {
        head: TreeHead::sign(key, poll, number, &frontier, app.clock.now()),
        leaves,
        voters,
        frontier,
    }
}
