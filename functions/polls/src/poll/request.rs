//! A poll as an organizer describes it.

use domain::TerritoryId;
use domain::rulebook::Rulebook;
use entrypoint::http::{Failure, FieldError, FieldErrors};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use poll::ballot::{BallotFormat, BallotKind, OptionId};
use poll::check::{self, Flaw};
use poll::count::{CountingRule, TieBreak};
use poll::pabulib::PbFile;
use poll::{Eligibility, OptionName, OptionText, PollOption, PollText, PollTitle, Question};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::poll::fields::{instant, optional_text, territory, text};
use crate::poll::options::{OptionRequest, from_lines, is_unchanged};
use crate::wizard::step::WizardStep;

/// A poll to be prepared.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PollRequest {
    /// At most 200 characters.
    #[schema(required = true)]
    #[serde(default)]
    title: String,
    /// At most 10,000 characters.
    #[schema(required = true)]
    #[serde(default)]
    text: String,
    /// Where it is about: id of a territory.
    #[schema(required = true)]
    #[serde(default)]
    territory: String,
    #[serde(default)]
    eligibility: EligibilityRequest,
    /// `2026-12-01T10:00:00+03:00`, or without an offset in the time of the territory.
    #[schema(required = true)]
    #[serde(default)]
    opens: String,
    /// At this instant no ballot is taken any more.
    #[schema(required = true)]
    #[serde(default)]
    closes: String,
    #[schema(required = true)]
    #[serde(default)]
    ballot: FormatRequest,
    /// How it is counted: `plurality`, `approval`, `score`, `cumulative`, `borda`, `irv`, `stv`, `schulze`, `greedy`, `greedy-cost`,
    /// `equal-shares`.
    #[schema(required = true)]
    #[serde(default)]
    rule: String,
    /// `listed`, `cheaper` or `lot`; `lot` if left out.
    #[schema(value_type = Option<String>)]
    ties: Option<TieBreak>,
    /// How many options win; 1 if left out. Of no meaning where a budget is spent.
    seats: Option<u32>,
    /// What may be spent, in whole units of money.
    budget: Option<u64>,
    /// Projects with fewer points are not bought.
    threshold: Option<u64>,
    /// Whether a vote may be changed until the close; yes if left out.
    revotes: Option<bool>,
    /// What can be chosen.
    #[serde(default)]
    options: Vec<OptionRequest>,
    /// Instead of `options`: one option a line, `name | cost | place | description`. For forms.
    lines: Option<String>,
    /// Instead of `options` and `budget`: a Pabulib file, whose projects are taken over. The part before its votes is enough.
    pb: Option<String>,
}

/// Who may vote.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EligibilityRequest {
    /// Registered in this territory or below; anywhere if left out.
    territory: Option<String>,
    /// In years, at most 120.
    minimum_age: Option<u8>,
    /// Whether the identity provider must have made sure who the voter is.
    #[serde(default)]
    identified: bool,
}

/// How people vote.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormatRequest {
    /// `choose_one`, `approve`, `score`, `distribute` or `rank`.
    #[schema(required = true)]
    #[serde(default)]
    kind: String,
    /// Options that may be approved or ranked, points that may be given at most to one (`score`) or to all (`distribute`).
    limit: Option<u32>,
}

/// What is asked, and where it is about.
struct Topic {
    title: PollTitle,
    text: PollText,
    territory: TerritoryId,
}

/// Who may vote, and when.
struct Voting {
    eligibility: Eligibility,
    opens: Timestamp,
    closes: Timestamp,
}

impl PollRequest {
    /// Parses every field, and reports every field that is wrong.
    ///
    /// `before` are the options of the draft that is changed: one that keeps its name in the lines of a form keeps its id and its
    /// description.
    pub(crate) fn parse(&self, rulebook: &Rulebook, before: &[PollOption]) -> Result<Question, Failure> {
        let mut errors = FieldErrors::default();
        let topic = self.topic(&mut errors, rulebook);
        let voting = self.voting(&mut errors, topic.as_ref(), rulebook);
        let (options, budget) = self.options(&mut errors, before);
        let format = self.format(&mut errors, options.len());
        let rule = match self.rule.parse::<CountingRule>() {
            Ok(rule) => Some(rule),
            Err(error) => errors.refuse("rule", "poll-unknown-rule", error.to_string()),
        };
        let (Some(topic), Some(voting), Some(format), Some(rule)) = (topic, voting, format, rule) else {
            return Err(errors.into());
        };
        let Topic { title, text, territory } = topic;
        let Voting { eligibility, opens, closes } = voting;
        let question = Question {
            title,
            text,
            territory,
            eligibility,
            opens,
            closes,
            format,
            rule,
            ties: self.ties.unwrap_or(TieBreak::Lot),
            seats: self.seats.unwrap_or(1),
            budget: budget.unwrap_or(0),
            threshold: self.threshold.unwrap_or(0),
            revotes: self.revotes.unwrap_or(true),
            options,
        };
        let flaws = question.check().err().unwrap_or_default();
        self.with_flaws(errors, &flaws).finish(Some(question))
    }

    /// Checks the sections up to this step of the wizard; the later ones need not be filled in.
    pub(crate) fn check_until(
        &self,
        step: WizardStep,
        rulebook: &Rulebook,
        before: &[PollOption],
    ) -> Result<(), Failure> {
        if step >= WizardStep::Count {
            return self.parse(rulebook, before).map(drop);
        }
        let mut errors = FieldErrors::default();
        let mut flaws = Vec::new();
        let topic = self.topic(&mut errors, rulebook);
        if step >= WizardStep::Options {
            let (options, _) = self.options(&mut errors, before);
            flaws.extend(check::options(&options));
            if step >= WizardStep::Ballot {
                let format = self.format(&mut errors, options.len());
                flaws.extend(format.into_iter().flat_map(|format| check::format(format, options.len())));
            }
        }
        if step >= WizardStep::Voters
            && let Some(Voting { eligibility, opens, closes }) =
                self.voting(&mut errors, topic.as_ref(), rulebook)
        {
            flaws.extend(check::period(opens, closes));
            flaws.extend(check::eligibility(&eligibility));
        }
        self.with_flaws(errors, &flaws).finish(Some(()))
    }

    /// What is wrong with fields; if nothing is, what does not fit together.
    fn with_flaws(&self, mut errors: FieldErrors, flaws: &[Flaw]) -> FieldErrors {
        if !errors.is_empty() {
            return errors;
        }
        let named = |(field, flaw): &Flaw| {
            // The form has one field for them all.
            let field = match *field {
                "format" => "ballot.limit",
                "options" if self.pb.is_some() => "pb",
                "options" if self.lines.is_some() => "lines",
                field => field,
            };
            FieldError::because(field, flaw)
        };
        errors.extend(flaws.iter().map(named));
        errors
    }

    fn topic(&self, errors: &mut FieldErrors, rulebook: &Rulebook) -> Option<Topic> {
        let title = text(errors, "title", &self.title);
        let text = text(errors, "text", &self.text);
        let territory = territory(errors, "territory", &self.territory, rulebook);
        Some(Topic { title: title?, text: text?, territory: territory? })
    }

    /// Times without an offset are those of the territory.
    fn voting(&self, errors: &mut FieldErrors, topic: Option<&Topic>, rulebook: &Rulebook) -> Option<Voting> {
        let home = topic.map_or(TimeZone::UTC, |topic| rulebook.local_days(&topic.territory).zone);
        let opens = instant(errors, "opens", &self.opens, &home);
        let closes = instant(errors, "closes", &self.closes, &home);
        let asked = &self.eligibility;
        let typed = asked.territory.as_ref().filter(|typed| !typed.is_empty());
        let territory = typed.and_then(|typed| territory(errors, "eligibility.territory", typed, rulebook));
        let eligibility =
            Eligibility { territory, minimum_age: asked.minimum_age, identified: asked.identified };
        Some(Voting { eligibility, opens: opens?, closes: closes? })
    }

    /// The budget of the Pabulib file, if there is one that can be read.
    pub(crate) fn file(&self) -> Option<PbFile> {
        self.pb.as_deref().and_then(|pb| PbFile::parse_projects(pb).ok())
    }

    /// Whether any option costs something. Otherwise there is no budget to be spent.
    pub(crate) fn costs_something(&self, before: &[PollOption]) -> bool {
        let (options, _) = self.options(&mut FieldErrors::default(), before);
        options.iter().any(|option| option.cost > 0)
    }

    fn format(&self, errors: &mut FieldErrors, options: usize) -> Option<BallotFormat> {
        let Some(kind) = BallotKind::ALL.into_iter().find(|kind| kind.as_str() == self.ballot.kind) else {
            let known = BallotKind::ALL.map(BallotKind::as_str).join(", ");
            return errors.refuse("ballot.kind", "poll-unknown-ballot", format!("give one of {known}"));
        };
        Some(format_of(kind, self.ballot.limit, options))
    }

    /// The options and the budget, from whichever of the three ways was taken.
    fn options(&self, errors: &mut FieldErrors, before: &[PollOption]) -> (Vec<PollOption>, Option<u64>) {
        if let Some(pb) = &self.pb {
            return self.projects_of(pb, errors);
        }
        if self.lines.as_deref().is_some_and(|lines| is_unchanged(lines, before)) {
            // Not everything that an option may be fits into a line.
            return (before.to_vec(), self.budget);
        }
        let lines = self.lines.as_deref().map(|lines| from_lines(lines, before, errors)).unwrap_or_default();
        let (field, requests) = if lines.is_empty() { ("options", &self.options) } else { ("lines", &lines) };
        let mut options = Vec::with_capacity(requests.len());
        for (place, request) in requests.iter().enumerate() {
            let at = |name: &str| match field {
                "lines" => "lines".to_owned(),
                _ => format!("options[{place}].{name}"),
            };
            let id = request.id.clone().unwrap_or_else(|| (place + 1).to_string());
            let id = match id.parse::<OptionId>() {
                Ok(id) => Some(id),
                Err(error) => errors.refuse(&at("id"), "poll-option-id", error.to_string()),
            };
            let name: Option<OptionName> = text(errors, &at("name"), &request.name);
            let description: Option<OptionText> =
                optional_text(errors, &at("description"), request.description.as_ref());
            let place: Option<OptionName> = optional_text(errors, &at("place"), request.place.as_ref());
            if let (Some(id), Some(name)) = (id, name) {
                options.push(PollOption { id, name, description, place, cost: request.cost.unwrap_or(0) });
            }
        }
        (options, self.budget)
    }

    fn projects_of(&self, pb: &str, errors: &mut FieldErrors) -> (Vec<PollOption>, Option<u64>) {
        let file = match PbFile::parse_projects(pb) {
            Ok(file) => file,
            Err(error) => {
                let wrong = FieldError::coded("pb", "poll-pb", error.to_string());
                errors.push(wrong.with("line", error.line.to_string()));
                return (Vec::new(), None);
            }
        };
        if file.unit != 1 {
            let message = "the amounts have cents: round them, polls count in whole units of money";
            errors.push(FieldError::coded("pb", "poll-cents", message));
        }
        let mut options = Vec::with_capacity(file.projects.len());
        for project in file.projects {
            if let Some(name) = text(errors, "pb", &project.name) {
                options.push(PollOption {
                    id: project.id,
                    name,
                    description: None,
                    place: None,
                    cost: project.cost,
                });
            }
        }
        (options, self.budget.or(Some(file.budget)))
    }
}

/// The format of this kind; without a limit the usual one of so many options.
pub(crate) fn format_of(kind: BallotKind, limit: Option<u32>, options: usize) -> BallotFormat {
    let all = u32::try_from(options).unwrap_or(u32::MAX).max(1);
    let version = 1;
    match kind {
        BallotKind::ChooseOne => BallotFormat::ChooseOne { version },
        BallotKind::Approve => BallotFormat::Approve { version, up_to: limit.unwrap_or(all) },
        BallotKind::Score => BallotFormat::Score { version, max: limit.unwrap_or(5) },
        BallotKind::Distribute => BallotFormat::Distribute { version, points: limit.unwrap_or(10) },
        BallotKind::Rank => BallotFormat::Rank { version, up_to: limit.unwrap_or(all) },
    }
}
