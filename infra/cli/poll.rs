//! `vmeste poll`: counts the votes of a file, with nothing but the file; follows the log of a running poll.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, anyhow};
use axum::http::{HeaderMap, Uri};
use clap::{Args, Subcommand};
use pages::{Language, Layout};
use poll::count::{CountingRule, Finding, TieBreak, Ties};
use poll::pabulib::PbFile;
use polls::protocol::steps;
use serde_json::{Map, Value, json};

use crate::follow;

/// What to do.
#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Count the votes of a Pabulib file.
    Count(Count),
    /// Keep the log of a running poll, and check that it only grows.
    Follow(follow::Options),
}

#[derive(Args)]
#[command(after_help = "\
Totals are what the rule counts first: votes, approvals, points, first preferences, options beaten (schulze).
greedy passes over what is too dear. equal-shares: the utility of a project is its cost where ballots approve, else the
points; shares are raised as long as the budget pays, what is left is spent greedily.

Examples:
  vmeste poll count votes.pb --rule greedy
  vmeste poll count votes.pb --rule equal-shares --json | jq .winners")]
struct Count {
    /// The file: `.pb`, as on pabulib.org.
    #[arg(value_name = "FILE.pb")]
    file: PathBuf,
    /// How to count.
    #[arg(long, value_name = "RULE", value_parser = clap::builder::PossibleValuesParser::new(CountingRule::ALL.map(CountingRule::name)))]
    rule: String,
    /// Winners, where nothing is spent.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seats: usize,
    /// Who is preferred in a tie: `listed` (who stands first in the file) or `cheaper`.
    #[arg(long, value_name = "HOW", default_value = "listed", value_parser = ["listed", "cheaper"])]
    ties: String,
    /// Print totals and winners as JSON: `{"totals": {"PROJECT": n}, "winners": ["PROJECT", …]}`.
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    match options.command {
        Command::Count(options) => count(options),
        Command::Follow(options) => follow::run(options).await,
    }
}

fn count(options: Count) -> anyhow::Result<()> {
    let path = options.file.display();
    let text = fs::read_to_string(&options.file).with_context(|| format!("{path} cannot be read"))?;
    let file = PbFile::parse(&text).with_context(|| format!("{path} is no file of votes"))?;
    let rule: CountingRule = options.rule.parse()?;
    let contest = file.contest(options.seats.max(1));
    let ids: Vec<&str> = file.projects.iter().map(|project| project.id.as_str()).collect();
    let order = if options.ties == "cheaper" { TieBreak::Cheaper } else { TieBreak::Listed };
    let ties = Ties::by(order, &ids, &contest.costs, &[]);
    let count = contest.count(rule, &ties).map_err(|error| {
        anyhow!(
            "{rule} cannot count this file, whose ballots are of the kind «{}»: {error}",
            file.format.kind().as_str()
        )
    })?;
    let doubtful = file.doubtful();
    if let Some(first) = doubtful.first() {
        let all = doubtful.len();
        let line = "votes break the file's own limits or are of a voter who voted before";
        writeln!(std::io::stderr(), "{all} {line}, first vote {first}; they are counted")?;
    }
    let mut out = std::io::stdout().lock();
    if options.json {
        let totals: Map<String, Value> =
            ids.iter().zip(&count.totals).map(|(id, total)| ((*id).to_owned(), json!(total))).collect();
        let winners: Vec<&str> = count.winners.iter().map(|winner| ids[*winner]).collect();
        return Ok(writeln!(out, "{}", json!({ "totals": totals, "winners": winners }))?);
    }
    let names: Vec<String> =
        file.projects.iter().map(|project| format!("{} {}", project.id, project.name)).collect();
    writeln!(out, "{rule}: {} ballots, {} options", contest.voters(), contest.options)?;
    if file.unit > 1 {
        writeln!(out, "costs are in hundredths")?;
    }
    Ok(protocol(&mut out, &names, &count.protocol)?)
}

/// Prints the steps of a count, in English.
pub(crate) fn protocol(out: &mut impl Write, names: &[String], findings: &[Finding]) -> std::io::Result<()> {
    let l = Layout { language: Language::En, ..Layout::of_nobody(&HeaderMap::new(), &Uri::default()) };
    for step in steps(&l, names, findings) {
        writeln!(out, "{}", step.text)?;
        for (name, has) in step.places {
            writeln!(out, "  {has:>14}  {name}")?;
        }
    }
    Ok(())
}
