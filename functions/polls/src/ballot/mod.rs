//! Voting, and the receipt for it.

mod page;

use std::collections::BTreeMap;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::{BallotId, PollId};
use entrypoint::App;
use entrypoint::http::{Caller, Failure, FieldError, HttpCommand, Path, Posted};
use events::TallyRequest;
use pages::prelude::*;
use poll::Poll;
use poll::ballot::{BallotKind, Choice, RawChoice};
use poll::ballot_box::{self, Cast, Decision};
use poll::proof::{Bytes32, OwnWord, Receipt, VoterWord};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::{check_eligibility, key, seen, voter};
use crate::poll::page as poll_page;

use crate::refusal::refused;

/// A vote. Which field belongs there follows from the poll's ballot.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BallotRequest {
    /// Ids of the options that are chosen or approved.
    #[serde(default)]
    options: Vec<String>,
    /// Points by the id of the option.
    #[serde(default)]
    points: BTreeMap<String, u32>,
    /// Ids of options, the best first.
    #[serde(default)]
    ranking: Vec<String>,
    /// For forms, instead of points and ranking: points or place (from 1) by the option's place in the list, from 0.
    #[serde(default)]
    at: BTreeMap<String, u32>,
    /// A word of the voter's own, at most 64 characters. It stands in the receipt and is bound into the ballot, so nobody who has
    /// another word can be given the same receipt; the archive does not show it.
    #[serde(default)]
    word: String,
}

/// Reads again so often when somebody else was faster at the same ballot.
const TRIES: usize = 10;

/// Vote. The receipt promises that the ballot will be in the log; a copy of the request gets the same receipt.
#[utoipa::path(post, path = "/polls/{id}/ballots", tag = "polls", request_body = BallotRequest,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header),
        ("If-Match" = Option<String>, Header, description = "How often the voter has voted, \"0\" at first")),
    responses((status = 201, body = Object, description = "The receipt"), Failure))]
pub(crate) async fn cast(
    app: App,
    Path(id): Path<PollId>,
    visit: Visit,
    caller: Caller,
    posted: Posted<BallotRequest>,
) -> Result<Response, Failure> {
    let act = async |command: HttpCommand<BallotRequest>| {
        let receipt = vote(&app, id, &command).await?;
        Ok(Done::new((StatusCode::CREATED, Json(receipt)), &format!("/polls/{id}/receipt?done=voted")))
    };
    visit.answer(posted, act, async |l, form| poll_page::again(&app, id, l, &caller, form).await).await
}

/// Your receipt: of the vote that counts.
#[utoipa::path(get, path = "/polls/{id}/receipt", tag = "polls", params(("id" = String, Path)),
    responses((status = 200, body = Object, description = "The receipt"), Failure))]
pub(crate) async fn receipt(
    app: App,
    Path(id): Path<PollId>,
    visit: Visit,
    caller: Caller,
) -> Result<Response, Failure> {
    let poll = seen(&app, id, &caller).await?;
    let voter = key(&app, &poll)?.voter(voter(&caller)?);
    let ballot = app.store.ballot(poll.id, &voter).await?.ok_or(Failure::NotFound)?;
    let receipt = ballot.receipt().cloned().ok_or(Failure::NotFound)?;
    if visit.page {
        page::show(&app, &poll, receipt, visit.layout)
    } else {
        Ok(Json(receipt).into_response())
    }
}

/// Takes a vote. The ballot itself remembers the key of the request: a stored reply lies under the name of the person who sent
/// it, and would tell beside the ballot who voted and when.
async fn vote(app: &App, id: PollId, command: &HttpCommand<BallotRequest>) -> Result<Receipt, Failure> {
    let poll = seen(app, id, &command.caller).await?;
    let key = key(app, &poll)?;
    let voter = key.voter(voter(&command.caller)?);
    let choice = command.body.choice(&poll)?;
    let cast = Cast {
        id: BallotId::new(uuid::Uuid::now_v7()),
        request: command.key.as_ref().map(|sent| {
            let (name, body) = sent.parts();
            (name, key.seal(&body))
        }),
        choice,
        salt: Bytes32(random()?),
        own: OwnWord { word: command.body.word()?, key: Bytes32(random()?) },
    };
    // Asked before the clock, since the answer may take long; needed only where a ballot is written.
    let eligible = check_eligibility(app, &poll, &command.caller).await;
    for _ in 0..TRIES {
        let ballot = app.store.ballot(poll.id, &voter).await?;
        let before = ballot.as_ref().map_or(0, |ballot| ballot.votes.len() as u64);
        // The clock is asked as late as can be, and again after every conflict.
        let now = app.clock.now();
        match ballot_box::cast(&poll, &key, ballot.as_ref(), &cast, now).map_err(refused)? {
            Decision::Known(receipt) => return Ok(*receipt),
            Decision::KeyReused => return Err(Failure::KeyReused),
            Decision::Write(ballot) => {
                // A voter who saw another vote than the stored one must decide anew: a first vote that was delayed on its way must
                // not replace the second.
                command.if_match.check(before)?;
                if let Err(failure) = eligible {
                    return Err(failure);
                }
                // If this fails, another vote of the same person came before, or our own whose reply was lost: look again.
                if app.store.put_ballot(poll.id, &voter, &ballot).await? {
                    app.outbox.ask_for_tally(TallyRequest { poll: poll.id }).await;
                    return ballot.receipt().cloned().ok_or(Failure::NotFound);
                }
            }
        }
    }
    Err(Failure::Conflict(FieldError::coded(
        "",
        "changed-meanwhile",
        "you vote in several places at once: try again",
    )))
}

impl BallotRequest {
    fn word(&self) -> Result<Option<VoterWord>, Failure> {
        // An empty field is none.
        let typed = Some(self.word.trim()).filter(|typed| !typed.is_empty());
        let invalid = |error| Failure::Invalid(vec![FieldError::because("word", &error)]);
        typed.map(VoterWord::parse).transpose().map_err(invalid)
    }

    fn choice(&self, poll: &Poll) -> Result<Choice, Failure> {
        let question = &poll.question;
        let kind = question.format.kind();
        let ids = question.option_ids();
        let mut raw = RawChoice {
            options: self.options.clone(),
            points: self.points.iter().map(|(option, points)| (option.clone(), *points)).collect(),
            ranking: self.ranking.clone(),
        };
        let mut at = Vec::with_capacity(self.at.len());
        // An empty field, and a 0, say nothing.
        for (place, number) in self.at.iter().filter(|(_, number)| **number > 0) {
            let option = place.parse().ok().and_then(|place: usize| ids.get(place));
            let foreign = || Failure::field("at", format!("there is no option at place {place}"));
            at.push((*number, option.ok_or_else(foreign)?.to_string()));
        }
        if kind == BallotKind::Rank {
            at.sort_unstable();
            if at.windows(2).any(|pair| pair[0].0 == pair[1].0) {
                let message = "one place is given to two options: put them in order";
                return Err(Failure::Invalid(vec![FieldError::coded(
                    "ranking",
                    "ballot-same-place",
                    message,
                )]));
            }
            raw.ranking.extend(at.into_iter().map(|(_, option)| option));
        } else {
            raw.points.extend(at.into_iter().map(|(points, option)| (option, points)));
        }
        Choice::parse(&raw, question.format, &ids).map_err(|error| {
            let field = match kind {
                BallotKind::Rank => "ranking",
                BallotKind::Score | BallotKind::Distribute => "points",
                BallotKind::ChooseOne | BallotKind::Approve => "options",
            };
            Failure::Invalid(vec![FieldError::because(field, &error)])
        })
    }
}

fn random() -> Result<[u8; 32], Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Failure::internal(error.to_string()))?;
    Ok(bytes)
}
