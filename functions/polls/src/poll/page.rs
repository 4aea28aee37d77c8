//! The page of a poll: what is asked, and the form to vote with.

use askama::Template;
use axum::response::Response;
use domain::PollId;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, FormValues};
use pages::prelude::*;
use pages::{Choice, Markup};
use poll::ballot::{BallotKind, OptionId};
use poll::ballot_box::Ballot;
use poll::proof::Receipt;
use poll::{Poll, PollStatus, Progress, ProgressStage};

use crate::access::{check_eligibility, is_organizer, key, seen};
use crate::poll::facts;
use crate::poll::view::{PollView, local};
use crate::wizard::step::WizardStep;

/// What the viewer can do.
enum Standing {
    /// The poll takes no ballots now.
    Nothing,
    /// Nobody knows who it is.
    SignIn,
    /// They may not; why.
    NotEligible(String),
    /// They may vote.
    Vote,
    /// They may vote anew.
    VoteAgain,
    /// They have voted, and that is final.
    Done,
}

/// What became of a project that won.
struct Won {
    id: OptionId,
    name: String,
    /// What was told of it, the latest first.
    news: Vec<Progress>,
}

impl Won {
    fn all(poll: &Poll, winners: &[OptionId]) -> Vec<Self> {
        let named = |id: &OptionId| {
            let option = poll.question.options.iter().find(|option| option.id == *id);
            let news = poll.progress.iter().rev().filter(|news| news.option == *id);
            Self {
                id: id.clone(),
                name: option.map_or(id.as_str(), |option| option.name.as_str()).to_owned(),
                news: news.cloned().collect(),
            }
        };
        winners.iter().map(named).collect()
    }
}

#[derive(Template)]
#[template(path = "poll.html")]
struct PollPage {
    l: Layout,
    view: PollView,
    kind: BallotKind,
    standing: Standing,
    receipt: Option<Receipt>,
    /// How often the viewer has voted: a form made before another vote is not taken.
    votes: u64,
    version: u64,
    options: Markup,
    facts: Markup,
    form: Form,
    /// Whether it can still be changed.
    is_draft: bool,
    won: Vec<Won>,
    /// Of which the viewer may tell something.
    winners: Vec<Choice>,
    stages: Vec<Choice>,
}

/// The page of a poll, with the form as it came back if something was wrong.
pub(crate) async fn show(
    app: &App,
    poll: &Poll,
    l: Layout,
    caller: &Caller,
    form: Option<Form>,
) -> Result<Response, Failure> {
    let l = local(app, poll, l).await?;
    let now = app.clock.now();
    let ballot = match &caller.verified {
        Some(verified) if poll.status(now) != PollStatus::Draft => {
            app.store.ballot(poll.id, &key(app, poll)?.voter(&verified.person)).await?
        }
        _ => None,
    };
    let standing = standing(app, poll, &l, caller, ballot.as_ref()).await?;
    let organizes = is_organizer(app, poll, caller).await?;
    let is_draft = poll.status(now) == PollStatus::Draft;
    let certified = poll.status(now) == PollStatus::Certified;
    let result = if certified { app.store.poll_result(poll.id).await? } else { None };
    let won = result.map(|result| Won::all(poll, &result.outcome.winners)).unwrap_or_default();
    let told = won.iter().filter(|_| organizes);
    let filled = ballot.as_ref().map(|ballot| Form::filled(chosen(poll, ballot))).unwrap_or_default();
    let view = PollView::of(app, poll).await?;
    let page = PollPage {
        kind: poll.question.format.kind(),
        votes: ballot.as_ref().map_or(0, |ballot| ballot.votes.len() as u64),
        version: poll.version,
        options: facts::options(&l, &view),
        facts: facts::facts(&l, &view, poll.question.rule.spends(), true),
        receipt: ballot.as_ref().and_then(Ballot::receipt).cloned(),
        view,
        form: form.unwrap_or(filled),
        winners: told.map(|won| Choice::new(won.id.as_str(), won.name.as_str())).collect(),
        won,
        stages: ProgressStage::ALL
            .map(|stage| Choice::new(stage.as_str(), l.named("progress-stage", stage.as_str())))
            .into(),
        standing,
        is_draft,
        l,
    };
    html(&page)
}

/// The page after a form that was refused.
pub(crate) async fn again(
    app: &App,
    id: PollId,
    mut l: Layout,
    caller: &Caller,
    form: Form,
) -> Result<Response, Failure> {
    l.here = format!("/polls/{id}");
    let poll = seen(app, id, caller).await?;
    show(app, &poll, l, caller, Some(form)).await
}

async fn standing(
    app: &App,
    poll: &Poll,
    l: &Layout,
    caller: &Caller,
    ballot: Option<&Ballot>,
) -> Result<Standing, Failure> {
    if poll.status(app.clock.now()) != PollStatus::Open {
        return Ok(if ballot.is_some() { Standing::Done } else { Standing::Nothing });
    }
    if caller.verified.is_none() {
        return Ok(Standing::SignIn);
    }
    if ballot.is_some() {
        return Ok(if poll.question.revotes { Standing::VoteAgain } else { Standing::Done });
    }
    match check_eligibility(app, poll, caller).await {
        Err(failure @ Failure::NotEligible(_)) => Ok(Standing::NotEligible(l.refusal(&failure.refusal()))),
        checked => checked.map(|()| Standing::Vote),
    }
}

/// What the voter chose, as the form has it.
fn chosen(poll: &Poll, ballot: &Ballot) -> FormValues {
    use poll::ballot::Choice as Chosen;
    let mut values = FormValues::default();
    let place =
        |id: &OptionId| poll.question.options.iter().position(|option| option.id == *id).unwrap_or_default();
    match &ballot.choice {
        Chosen::One(option) => values.set("options[]", option.as_str()),
        Chosen::Approved(options) => {
            for option in options {
                values.set("options[]", option.as_str());
            }
        }
        Chosen::Points(points) => {
            for (option, points) in points {
                values.set(format!("at.{}", place(option)), points.to_string());
            }
        }
        Chosen::Ranked(options) => {
            for (rank, option) in (1..).zip(options) {
                values.set(format!("at.{}", place(option)), rank.to_string());
            }
        }
    }
    let word = ballot.receipt().and_then(|receipt| receipt.own.word.as_ref());
    values.set("word", word.map_or("", |word| word.as_str()));
    values
}

impl PollPage {
    fn limit(&self) -> Option<String> {
        facts::limit(&self.l, &self.view)
    }

    /// What is wrong with the vote: no single field of the form is at fault.
    fn vote_error(&self) -> Option<&str> {
        let of_vote =
            |field: &str| ["options", "points", "ranking", "at"].contains(&field) || field.starts_with("at.");
        let mut errors = self.form.errors.iter();
        errors.find(|(field, _)| of_vote(field)).map(|(_, message)| message.as_str())
    }

    /// The name by which errors speak of the vote.
    fn vote_field(&self) -> &'static str {
        match self.kind {
            BallotKind::Rank => "ranking",
            BallotKind::Score | BallotKind::Distribute => "points",
            BallotKind::ChooseOne | BallotKind::Approve => "options",
        }
    }

    fn is_rank(&self) -> bool {
        self.kind == BallotKind::Rank
    }

    fn is_approval(&self) -> bool {
        self.kind == BallotKind::Approve
    }

    fn numbers(&self) -> bool {
        !matches!(self.kind, BallotKind::ChooseOne | BallotKind::Approve)
    }
}
