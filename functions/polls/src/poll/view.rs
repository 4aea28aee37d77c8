//! A poll as JSON.

use domain::rulebook::Rulebook;
use domain::text::Text;
use entrypoint::App;
use entrypoint::http::Failure;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pages::Layout;
use pages::submission::Named;
use poll::ballot::BallotFormat;
use poll::count::TieBreak;
use poll::{Poll, PollStatus, Progress};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::key;

/// A poll in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PollLine {
    pub(crate) id: String,
    pub(crate) title: String,
    /// `draft`, `announced`, `open`, `closed`, `certified`.
    #[schema(value_type = String)]
    pub(crate) status: PollStatus,
    pub(crate) territory: Named,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) opens: Timestamp,
    /// At this instant no ballot is taken any more.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) closes: Timestamp,
}

/// A poll. How many voted for what is in no view before it is certified.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PollView {
    #[serde(flatten)]
    pub(crate) line: PollLine,
    pub(crate) text: String,
    pub(crate) organization: Named,
    pub(crate) eligibility: EligibilityView,
    /// How people vote: `kind` is `choose_one`, `approve`, `score`, `distribute` or `rank`, with its version and its number.
    #[schema(value_type = Object)]
    pub(crate) ballot: BallotFormat,
    /// How it is counted, with its version: `schulze/1`.
    pub(crate) rule: String,
    /// How ties are broken: `listed`, `cheaper` or `lot`.
    #[schema(value_type = String)]
    pub(crate) ties: TieBreak,
    pub(crate) seats: u32,
    /// What may be spent; 0 where nothing is.
    pub(crate) budget: u64,
    /// Projects with fewer points are not bought.
    pub(crate) threshold: u64,
    /// Whether a vote may be changed until the close.
    pub(crate) revotes: bool,
    pub(crate) options: Vec<OptionView>,
    /// SHA-256 of the public key that signs receipts, tree heads and the archive.
    pub(crate) key_fingerprint: String,
    /// What became of what was chosen, the oldest first.
    #[schema(value_type = Vec<Object>)]
    pub(crate) progress: Vec<Progress>,
}

/// Who may vote.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EligibilityView {
    /// Registered here or below.
    pub(crate) territory: Option<Named>,
    /// In years.
    pub(crate) minimum_age: Option<u8>,
    /// Whether the identity provider must have made sure who the voter is.
    pub(crate) identified: bool,
}

/// What can be chosen.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OptionView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) place: Option<String>,
    pub(crate) cost: u64,
}

impl PollLine {
    pub(crate) fn of(poll: &Poll, rulebook: &Rulebook, now: Timestamp) -> Self {
        let question = &poll.question;
        Self {
            id: poll.id.to_string(),
            title: question.title.as_str().to_owned(),
            status: poll.status(now),
            territory: Named::find(&question.territory, &rulebook.territories),
            opens: question.opens,
            closes: question.closes,
        }
    }
}

impl PollView {
    pub(crate) async fn of(app: &App, poll: &Poll) -> Result<Self, Failure> {
        let rulebook = app.store.rulebook().await?;
        let organization = app.store.organization(&poll.organization).await?;
        let name = organization.map_or_else(|| poll.organization.to_string(), |found| found.name);
        let question = &poll.question;
        let eligibility = &question.eligibility;
        let text = |text: Option<&str>| text.map(str::to_owned);
        Ok(Self {
            line: PollLine::of(poll, &rulebook, app.clock.now()),
            text: question.text.as_str().to_owned(),
            organization: Named { id: poll.organization.to_string(), name },
            eligibility: EligibilityView {
                territory: eligibility.territory.as_ref().map(|id| Named::find(id, &rulebook.territories)),
                minimum_age: eligibility.minimum_age,
                identified: eligibility.identified,
            },
            ballot: question.format,
            rule: question.rule.to_string(),
            ties: question.ties,
            seats: question.seats,
            budget: question.budget,
            threshold: question.threshold,
            revotes: question.revotes,
            options: question
                .options
                .iter()
                .map(|option| OptionView {
                    id: option.id.to_string(),
                    name: option.name.as_str().to_owned(),
                    description: text(option.description.as_ref().map(Text::as_str)),
                    place: text(option.place.as_ref().map(Text::as_str)),
                    cost: option.cost,
                })
                .collect(),
            key_fingerprint: key(app, poll)?.fingerprint().to_string(),
            progress: poll.progress.clone(),
        })
    }
}

/// The page with times as clocks show them where the poll is about.
pub(crate) async fn local(app: &App, poll: &Poll, l: Layout) -> Result<Layout, Failure> {
    Ok(Layout { zone: zone(&*app.store.rulebook().await?, poll), ..l })
}

/// The time zone of what the poll is about.
pub(crate) fn zone(rulebook: &Rulebook, poll: &Poll) -> TimeZone {
    rulebook.local_days(&poll.question.territory).zone
}
