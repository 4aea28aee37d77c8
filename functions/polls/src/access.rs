//! Who may see a poll, prepare it and vote in it.

use domain::authorization::Action;
use domain::{PersonId, PollId};
use entrypoint::App;
use entrypoint::http::{Caller, Failure, HttpCommand};
use poll::proof::PollKey;
use poll::{Poll, PollStatus};

use crate::refusal::refused;

/// A poll that this caller may see: a draft is for those who prepare polls of its organization, and for everybody else it does not
/// exist.
pub(crate) async fn seen(app: &App, id: PollId, caller: &Caller) -> Result<Poll, Failure> {
    let poll = app.store.poll(id).await?.ok_or(Failure::NotFound)?;
    if poll.status(app.clock.now()) != PollStatus::Draft || is_organizer(app, &poll, caller).await? {
        return Ok(poll);
    }
    Err(Failure::NotFound)
}

/// Whether the caller may prepare this poll.
pub(crate) async fn is_organizer(app: &App, poll: &Poll, caller: &Caller) -> Result<bool, Failure> {
    let staff = match caller.staff(app, Action::ManagePolls).await {
        Err(Failure::Unauthenticated(_) | Failure::Forbidden(_)) => return Ok(false),
        found => found?,
    };
    staff.reaches(app, &poll.organization).await
}

/// A poll that the caller may prepare, in a version that the caller is content with.
pub(crate) async fn own<T>(app: &App, id: PollId, command: &HttpCommand<T>) -> Result<Poll, Failure> {
    command.caller.staff(app, Action::ManagePolls).await?;
    let poll = seen(app, id, &command.caller).await?;
    if !is_organizer(app, &poll, &command.caller).await? {
        return Err(Failure::Forbidden("This poll is another organization's.".into()));
    }
    command.if_match.check(poll.version)?;
    Ok(poll)
}

/// Who votes: somebody who is signed in.
pub(crate) fn voter(caller: &Caller) -> Result<&PersonId, Failure> {
    let nobody =
        || Failure::Unauthenticated("Voting needs somebody who is signed in: one person, one ballot.".into());
    caller.verified.as_ref().map(|verified| &verified.person).ok_or_else(nobody)
}

/// Says why the caller may not vote in this poll, if so.
pub(crate) async fn check_eligibility(app: &App, poll: &Poll, caller: &Caller) -> Result<(), Failure> {
    let Some(verified) = &caller.verified else {
        return voter(caller).map(drop);
    };
    let rulebook = app.store.rulebook().await?;
    let zone = rulebook.local_days(&poll.question.territory).zone;
    let today = app.clock.now().to_zoned(zone).date();
    poll.question.eligibility.check(&verified.voter, &rulebook.territories, today).map_err(refused)
}

/// The keys of a poll.
pub(crate) fn key(app: &App, poll: &Poll) -> Result<PollKey, Failure> {
    Ok(PollKey::derive(app.secret()?, poll.id))
}
