//! `vmeste SUBCOMMAND`.
#![recursion_limit = "256"] // the SDK's futures nest deeply

mod data_options;
mod directory;
mod files;
mod follow;
mod generate;
mod import;
mod issuer;
mod openapi;
mod platform;
mod poll;
mod recount;
mod reindex;
mod rows;
mod serve;
mod verify;

use clap::{Parser, Subcommand};

/// A public feedback platform: citizens report, organizations answer, analysts see what is systemically wrong.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::Options,
}

#[derive(Subcommand)]
enum Command {
    /// Run the platform on this machine (what `vmeste` alone does).
    Serve(serve::Options),
    /// Bring in messages of another system from a CSV file.
    Import(import::Options),
    /// Look after organizations, territories, categories, rules and people.
    Directory(directory::Options),
    /// Count votes, and follow the log of a poll.
    Poll(poll::Options),
    /// Check a poll's archive: count again, check log and receipt.
    Verify(verify::Options),
    /// Make the search index anew from the submissions.
    Reindex(reindex::Options),
    /// Count what an earlier version left open in the inboxes of organizations.
    Recount(recount::Options),
    /// Make up messages of citizens: for benchmarks, or to fill a demonstration.
    Generate(generate::Options),
    /// The development identity provider alone, for a platform that runs elsewhere.
    Issuer(issuer::Options),
    /// Print the description of the HTTP API (OpenAPI 3.1).
    Openapi,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    match cli.command {
        None => serve::run(cli.serve).await,
        Some(Command::Serve(options)) => serve::run(options).await,
        Some(Command::Import(options)) => import::run(options).await,
        Some(Command::Directory(options)) => directory::run(options).await,
        Some(Command::Poll(options)) => poll::run(options).await,
        Some(Command::Verify(options)) => verify::run(options),
        Some(Command::Reindex(options)) => reindex::run(options).await,
        Some(Command::Recount(options)) => recount::run(options).await,
        Some(Command::Generate(options)) => generate::run(options).await,
        Some(Command::Issuer(options)) => issuer::run(options).await,
        Some(Command::Openapi) => openapi::run(),
    }
}
