//! A poll as an organizer describes it.

use domain::TerritoryId;
use domain::reason::Reason;
use domain::rulebook::Rulebook;
use domain::text::Text;
use entrypoint::http::{Failure, FieldError};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use poll::ballot::{BallotFormat, BallotKind, OptionId};
use poll::count::{CountingRule, TieBreak};
use poll::pabulib::PbFile;
use poll::{Eligibility, OptionName, OptionText, PollOption, PollText, PollTitle, Question};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::filled::as_lines;

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
    /// May a vote be changed until the close? Yes, if left out.
    revotes: Option<bool>,
    /// What can be chosen.
    #[serde(default)]
    options: Vec<OptionRequest>,
    /// Instead of `options`: one option a line, `name | cost | place | description`. For forms.
    lines: Option<String>,
    /// Instead of `options` and `budget`: a Pabulib file, of which the projects are taken over. What stands before its votes is
    /// enough.
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
    /// Must the identity provider have made sure who it is?
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

/// An option.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OptionRequest {
    /// Short, without spaces; its number in the list if left out.
    id: Option<String>,
    /// At most 300 characters.
    #[schema(required = true)]
    #[serde(default)]
    name: String,
    /// At most 3,000 characters.
    description: Option<String>,
    /// Where it is: at most 300 characters.
    place: Option<String>,
    /// In whole units of money.
    cost: Option<u64>,
}

/// What is wrong so far, and the parts that are right.
struct Parts {
    wrong: Vec<FieldError>,
}

impl Parts {
    fn take<T, E: Reason>(&mut self, field: &str, parsed: Result<T, E>) -> Option<T> {
        parsed.map_err(|error| self.wrong.push(FieldError::because(field, &error))).ok()
    }

    fn refuse<T>(&mut self, field: &str, code: &str, message: impl Into<String>) -> Option<T> {
        self.wrong.push(FieldError::coded(field, code, message));
        None
    }

    fn text<const N: usize>(&mut self, field: &str, typed: &str) -> Option<Text<N>> {
        self.take(field, Text::parse(typed))
    }

    /// A text that may be left out.
    fn maybe<const N: usize>(&mut self, field: &str, typed: Option<&String>) -> Option<Text<N>> {
        typed.filter(|typed| !typed.trim().is_empty()).and_then(|typed| self.text(field, typed))
    }

    fn territory(&mut self, field: &str, typed: &str, rulebook: &Rulebook) -> Option<TerritoryId> {
        let found = rulebook.territories.find(typed).map(|found| found.id.clone());
        if found.is_none() {
            let message = format!("there is no territory «{typed}»");
            self.wrong.push(FieldError::coded(field, "unknown-entry", message).with("wanted", typed));
        }
        found
    }

    fn instant(&mut self, field: &str, typed: &str, zone: &TimeZone) -> Option<Timestamp> {
        let typed = typed.trim();
        let local = || typed.parse::<DateTime>().ok()?.to_zoned(zone.clone()).ok().map(|at| at.timestamp());
        match typed.parse().ok().or_else(local) {
            Some(at) => Some(at),
            None => self.refuse(field, "poll-instant", "give day and time, for example 2026-12-01T10:00"),
        }
    }
}

impl PollRequest {
    /// Parses every field, and reports every field that is wrong.
    ///
    /// `before` are the options of the draft that is changed: one that keeps its name in the lines of a form keeps its id and its
    /// description.
    pub(crate) fn parse(&self, rulebook: &Rulebook, before: &[PollOption]) -> Result<Question, Failure> {
        let mut parts = Parts { wrong: Vec::new() };
        let title: Option<PollTitle> = parts.text("title", &self.title);
        let text: Option<PollText> = parts.text("text", &self.text);
        let territory = parts.territory("territory", &self.territory, rulebook);
        let home = territory.as_ref().map_or(TimeZone::UTC, |id| rulebook.local_days(id).zone);
        let opens = parts.instant("opens", &self.opens, &home);
        let closes = parts.instant("closes", &self.closes, &home);
        let voters = self.eligibility.territory.as_ref().filter(|typed| !typed.is_empty());
        let voters = voters.and_then(|typed| parts.territory("eligibility.territory", typed, rulebook));
        let (options, budget) = self.options(&mut parts, before);
        let format = self.format(&mut parts, options.len());
        let rule = match self.rule.parse::<CountingRule>() {
            Ok(rule) => Some(rule),
            Err(error) => parts.refuse("rule", "poll-unknown-rule", error.to_string()),
        };
        let all = (title, text, territory, opens, closes, format, rule);
        let (Some(title), Some(text), Some(territory), Some(opens), Some(closes), Some(format), Some(rule)) =
            all
        else {
            return Err(Failure::Invalid(parts.wrong));
        };
        let question = Question {
            title,
            text,
            territory,
            eligibility: Eligibility {
                territory: voters,
                minimum_age: self.eligibility.minimum_age,
                identified: self.eligibility.identified,
            },
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
        if parts.wrong.is_empty()
            && let Err(wrong) = question.check()
        {
            parts.wrong.extend(wrong.iter().map(|(field, error)| {
                // The form has one field for them all.
                let field = match *field {
                    "format" => "ballot.limit",
                    "options" if self.pb.is_some() => "pb",
                    "options" if self.lines.is_some() => "lines",
                    field => field,
                };
                FieldError::because(field, error)
            }));
        }
        if parts.wrong.is_empty() { Ok(question) } else { Err(Failure::Invalid(parts.wrong)) }
    }

    /// The budget of the Pabulib file, if there is one that can be read.
    pub(crate) fn file(&self) -> Option<PbFile> {
        self.pb.as_deref().and_then(|pb| PbFile::parse_projects(pb).ok())
    }

    /// Does any option cost something? Otherwise there is no budget to be spent.
    pub(crate) fn costs_something(&self, before: &[PollOption]) -> bool {
        let (options, _) = self.options(&mut Parts { wrong: Vec::new() }, before);
        options.iter().any(|option| option.cost > 0)
    }

    fn format(&self, parts: &mut Parts, options: usize) -> Option<BallotFormat> {
        let Some(kind) = BallotKind::ALL.into_iter().find(|kind| kind.as_str() == self.ballot.kind) else {
            let known = BallotKind::ALL.map(BallotKind::as_str).join(", ");
            return parts.refuse("ballot.kind", "poll-unknown-ballot", format!("give one of {known}"));
        };
        Some(format_of(kind, self.ballot.limit, options))
    }

    /// The options and the budget, from whichever of the three ways was taken.
    fn options(&self, parts: &mut Parts, before: &[PollOption]) -> (Vec<PollOption>, Option<u64>) {
        if let Some(pb) = &self.pb {
            return self.projects_of(pb, parts);
        }
        if self.lines.as_deref().is_some_and(|lines| is_unchanged(lines, before)) {
            // Not everything that an option may be fits into a line.
            return (before.to_vec(), self.budget);
        }
        let lines = self.lines.as_deref().map(|lines| from_lines(lines, before, parts)).unwrap_or_default();
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
                Err(error) => parts.refuse(&at("id"), "poll-option-id", error.to_string()),
            };
            let name: Option<OptionName> = parts.text(&at("name"), &request.name);
            let description: Option<OptionText> =
                parts.maybe(&at("description"), request.description.as_ref());
            let place: Option<OptionName> = parts.maybe(&at("place"), request.place.as_ref());
            if let (Some(id), Some(name)) = (id, name) {
                options.push(PollOption { id, name, description, place, cost: request.cost.unwrap_or(0) });
            }
        }
        (options, self.budget)
    }

    fn projects_of(&self, pb: &str, parts: &mut Parts) -> (Vec<PollOption>, Option<u64>) {
        let file = match PbFile::parse_projects(pb) {
            Ok(file) => file,
            Err(error) => {
                let wrong = FieldError::coded("pb", "poll-pb", error.to_string());
                parts.wrong.push(wrong.with("line", error.line.to_string()));
                return (Vec::new(), None);
            }
        };
        if file.unit != 1 {
            let message = "the amounts have cents: round them, polls count in whole units of money";
            parts.wrong.push(FieldError::coded("pb", "poll-cents", message));
        }
        let mut options = Vec::with_capacity(file.projects.len());
        for project in file.projects {
            if let Some(name) = parts.text("pb", &project.name) {
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

/// Are these the lines of the options as they are? Browsers end lines with two characters.
fn is_unchanged(lines: &str, options: &[PollOption]) -> bool {
    !options.is_empty()
        && lines.replace("\r\n", "\n").trim() == as_lines(options).replace("\r\n", "\n").trim()
}

/// Options as people type them: `name | cost | place | description`.
fn from_lines(lines: &str, before: &[PollOption], parts: &mut Parts) -> Vec<OptionRequest> {
    let mut options = Vec::new();
    let mut number: u32 = 0;
    for (at, line) in (1..).zip(lines.lines()).filter(|(_, line): &(u32, &str)| !line.trim().is_empty()) {
        let mut cells = line.split('|').map(str::trim);
        let name = cells.next().unwrap_or_default().to_owned();
        let typed = cells.next().unwrap_or_default().replace([' ', '\u{a0}', '\u{202f}'], "");
        let cost = if typed.is_empty() { Some(0) } else { typed.parse().ok() };
        if cost.is_none() {
            let message =
                format!("line {at}: the cost «{typed}» is no whole number; write name | 1000 | place");
            parts
                .wrong
                .push(FieldError::coded("lines", "poll-line-cost", message).with("line", at.to_string()));
        }
        let place = cells.next().map(str::to_owned);
        // Projects of a file may have the same name.
        let used = |option: &&PollOption| {
            options.iter().any(|done: &OptionRequest| done.id.as_deref() == Some(option.id.as_str()))
        };
        let same = before.iter().find(|option| option.name.as_str() == name && !used(option));
        // Otherwise the next number that no option of the draft has.
        let taken = |number: u32| before.iter().any(|option| option.id.as_str() == number.to_string());
        let id = if let Some(option) = same {
            option.id.to_string()
        } else {
            number += 1;
            while taken(number) {
                number += 1;
            }
            number.to_string()
        };
        // What does not fit into a line stays as it was.
        let kept = || same.and_then(|option| option.description.as_ref()).map(|it| it.as_str().to_owned());
        let description = cells.next().map(str::to_owned).or_else(kept);
        options.push(OptionRequest { id: Some(id), name, description, place, cost });
    }
    options
}
