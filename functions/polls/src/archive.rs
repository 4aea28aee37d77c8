//! What a stranger checks a poll with: tree heads while it runs, the archive after it.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::poll::Poll;
use domain::poll::ballot::BallotKind;
use domain::poll::ballot_box::Ballot;
use domain::poll::pabulib::{PbFile, PbProject, PbVote, vote_type};
use domain::poll::proof::{Archive, Leaf, TreeHead};
use entrypoint::App;
use entrypoint::http::{Caller, Failure, Path, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::result::certified;
use crate::view::{key, seen};

/// The signed heads of a log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Heads {
    /// The public key that signs, in hex (Ed25519).
    key: String,
    /// The oldest first.
    #[schema(value_type = Vec<Object>)]
    items: Vec<TreeHead>,
    /// The leaves: commitments that say nothing of any choice.
    #[schema(value_type = Vec<Object>)]
    leaves: Vec<Leaf>,
}

/// The log of a poll so far.
#[utoipa::path(get, path = "/polls/{id}/log", tag = "polls", params(("id" = String, Path)),
    responses((status = 200, body = Heads),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn heads(
    State(app): State<App>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<Json<Heads>, Failure> {
    let poll = seen(&app, &id, &caller).await?;
    let (items, leaves) = log(&app, &poll).await?;
    Ok(Json(Heads { key: key(&app, &poll)?.public().to_string(), items, leaves }))
}

/// Everything about a certified poll in one file, for `vmeste verify`.
#[utoipa::path(get, path = "/polls/{id}/archive", tag = "polls", params(("id" = String, Path)),
    responses((status = 200, body = Object, description = "The archive"),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn archive(
    State(app): State<App>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<Response, Failure> {
    let poll = seen(&app, &id, &caller).await?;
    let archive = made_again(&app, &poll).await?;
    let file = format!("attachment; filename=\"poll-{}.json\"", poll.id);
    let headers = [(CONTENT_TYPE, "application/json".to_owned()), (CONTENT_DISPOSITION, file)];
    Ok((headers, archive.to_json()).into_response())
}

/// The ballots of a certified poll as a Pabulib file.
#[utoipa::path(get, path = "/polls/{id}/votes", tag = "polls", params(("id" = String, Path)),
    responses((status = 200, body = String, content_type = "text/plain"),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn votes(
    State(app): State<App>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<Response, Failure> {
    let poll = seen(&app, &id, &caller).await?;
    let archive = made_again(&app, &poll).await?;
    let file = format!("attachment; filename=\"poll-{}.pb\"", poll.id);
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, file)];
    Ok((headers, pabulib(&archive).write()).into_response())
}

async fn log(app: &App, poll: &Poll) -> Result<(Vec<TreeHead>, Vec<Leaf>), Failure> {
    let logged = app.store.heads(poll.id).await?;
    let leaves = logged.iter().flat_map(|logged| logged.leaves.iter().copied()).collect();
    Ok((logged.into_iter().map(|logged| logged.head).collect(), leaves))
}

/// The archive, made anew from the ballots: it must be the one that was signed.
async fn made_again(app: &App, poll: &Poll) -> Result<Archive, Failure> {
    let result = certified(app, poll).await?;
    let (heads, leaves) = log(app, poll).await?;
    let ballots = app.store.ballots(poll.id).await?;
    let ballots: Vec<Ballot> = ballots.into_iter().map(|(_, ballot)| ballot).collect();
    let key = key(app, poll)?;
    let archive = Archive::make(poll, &key, heads, leaves, &ballots, Some(result.outcome), result.certified);
    match archive {
        Ok(archive) if archive.signature == result.signature => Ok(archive),
        _ => {
            tracing::error!(poll.late_ballots = true, poll.id = %poll.id, "the ballots are no longer those that were counted");
            Err(Failure::internal("the ballots are no longer those that were counted"))
        }
    }
}

fn pabulib(archive: &Archive) -> PbFile {
    let content = &archive.content;
    let question = &content.question;
    let kind = question.format.kind();
    let mut meta: Vec<(String, String)> = [
        ("description", question.title.as_str().to_owned()),
        ("unit", question.territory.to_string()),
        ("num_projects", question.options.len().to_string()),
        ("num_votes", content.ballots.len().to_string()),
        ("budget", question.budget.to_string()),
        ("vote_type", vote_type(kind).to_owned()),
        ("rule", question.rule.name().to_owned()),
        ("date_begin", question.opens.strftime("%d.%m.%Y").to_string()),
        ("date_end", question.closes.strftime("%d.%m.%Y").to_string()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into();
    if let Some(limit) = question.format.limit() {
        let name = match kind {
            BallotKind::Score => "max_points",
            BallotKind::Distribute => "max_sum_points",
            BallotKind::ChooseOne | BallotKind::Approve | BallotKind::Rank => "max_length",
        };
        meta.push((name.to_owned(), limit.to_string()));
    }
    let projects =
        question.options.iter().zip(&content.result.totals).map(|(option, (id, total))| PbProject {
            id: id.clone(),
            cost: option.cost,
            name: option.name.as_str().to_owned(),
            votes: matches!(kind, BallotKind::ChooseOne | BallotKind::Approve).then_some(*total),
            score: matches!(kind, BallotKind::Score | BallotKind::Distribute).then_some(*total),
            selected: Some(content.result.winners.contains(id).into()),
        });
    let votes = content.ballots.iter();
    PbFile {
        meta,
        budget: question.budget,
        unit: 1,
        format: question.format,
        projects: projects.collect(),
        votes: votes
            .map(|vote| PbVote { voter: (vote.leaf + 1).to_string(), choice: vote.choice.clone() })
            .collect(),
    }
}
