//! How long the inbox takes where much is open, and whether its counts are right.
//!
//! Fills two trees of an embedded DynamoDB: a department with 20,000 open submissions and 40 caseworkers, and an administration
//! with 500 organizations below it that have 10,000 together. Then asks the function for every view of both, for a filtered one,
//! and compares each count with a look at every submission. Prints milliseconds of the median of 9 requests.
//!
//! ```text
//! cargo bench --bench inbox [-- 20000 10000]
//! ```
//!
//! Fails if a count is wrong.

use std::collections::BTreeSet;
use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{anyhow, ensure};
use axum::Router;
use domain::directory::Directory;
use domain::organization::Organization;
use domain::person::{Person, Role};
use domain::routing::RoutingDecision;
use domain::submission::{NewSubmission, Outcome, Step};
use domain::{SubmissionId, SubmissionKind};
use engines::Workbench;
use entrypoint::{Change, TransactionParts};
use events::Actor;
use futures::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use store::InboxEntry;
use uuid::Uuid;

const ORGANIZATIONS: usize = 500;
const CLERKS: usize = 40;
const AT_ONCE: usize = 16;
const REPEATS: usize = 9;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut given = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let (deep, wide) = (given.next().unwrap_or(20_000), given.next().unwrap_or(10_000));
    let bench = Workbench::start().await.map_err(|error| anyhow!(error))?;
    enlarge(&bench).await?;
    let started = Instant::now();
    let mut all = fill(&bench, deep, |number| ("roads".to_owned(), clerk(number))).await?;
    let rate = f64::from(u32::try_from(deep)?) / started.elapsed().as_secs_f64();
    writeln!(
        std::io::stdout(),
        "{deep} cases into one organization, {AT_ONCE} at once: {rate:.0} changes/s"
    )?;
    let below = |number: usize| (format!("school-{}", number % (ORGANIZATIONS - 1)), None);
    all.extend(fill(&bench, wide, below).await?);

    let router = casework::router(bench.app("Casework").map_err(|error| anyhow!(error))?);
    for (name, person, root) in
        [("one organization", "clerk-1", "roads"), ("500 organizations", "head", "schools")]
    {
        writeln!(std::io::stdout(), "{name}")?;
        let here: Vec<&InboxEntry> = all.iter().filter(|entry| belongs(entry, root)).collect();
        for view in ["all", "overdue", "today", "new", "nobody", "disputed", "mine", "sign"] {
            show(&bench, &router, person, &format!("view={view}"), &here).await?;
        }
        show(&bench, &router, person, "view=overdue&category=pothole", &here).await?;
    }
    Ok(())
}

fn belongs(entry: &InboxEntry, root: &str) -> bool {
    let organization = entry.organization.as_ref().map_or("", |id| id.as_str());
    organization == root || root == "schools" && organization.starts_with("school-")
}

fn clerk(number: usize) -> Option<String> {
    (!number.is_multiple_of(3)).then(|| format!("clerk-{}", number % CLERKS))
}

/// A department with clerks, and an administration with many organizations below it.
async fn enlarge(bench: &Workbench) -> anyhow::Result<()> {
    let store = bench.store();
    let (info, mut draft) = store.directory().await?.ok_or_else(|| anyhow!("there is no directory"))?;
    let organization = |id: String, parent: &str| -> anyhow::Result<Organization> {
        Ok(Organization { name: id.clone(), id: id.parse()?, parent: Some(parent.parse()?) })
    };
    draft.organizations.push(organization("schools".into(), "town-hall")?);
    for number in 0..ORGANIZATIONS - 1 {
        draft.organizations.push(organization(format!("school-{number}"), "schools")?);
    }
    let roles = BTreeSet::from([Role::Coordinator, Role::Caseworker]);
    for number in 0..CLERKS {
        let id = format!("clerk-{number}").parse()?;
        draft.people.push(Person { id, organization: "roads".parse()?, roles: roles.clone() });
    }
    draft.people.push(Person { id: "head".parse()?, organization: "schools".parse()?, roles });
    let directory = Directory::build(draft).map_err(|flaws| anyhow!("{flaws:?}"))?;
    store.publish_directory(&directory, Some(info.version), None, Timestamp::now()).await?;
    Ok(())
}

/// Open cases, received over two weeks; some are drafted.
async fn fill(
    bench: &Workbench,
    count: usize,
    place: impl Fn(usize) -> (String, Option<String>),
) -> anyhow::Result<Vec<InboxEntry>> {
    let app = bench.app("Casework").map_err(|error| anyhow!(error))?;
    let rulebook = app.store.rulebook().await?;
    let now = bench.clock.now();
    let changes = (0..count).map(|number| {
        let (organization, clerk) = place(number);
        let (app, rulebook) = (&app, &rulebook);
        let hours = i64::try_from(number % (14 * 24)).unwrap_or_default();
        async move {
            let received = now - SignedDuration::from_hours(hours);
            let new = NewSubmission {
                kind: SubmissionKind::Report,
                author: None,
                category: Some(if number % 10 == 0 { "pothole" } else { "streets" }.parse()?),
                territory: "town".parse()?,
                place: None,
                external_id: None,
                requested_organization: None,
            };
            let id = SubmissionId::new(Uuid::now_v7());
            let mut change = Change::receive(new, "Здесь яма".to_owned(), id, received)?;
            let mut decision: RoutingDecision = rulebook.route(change.state.facts())?;
            decision.organization = organization.parse()?;
            change.apply(&Step::Register, None, rulebook)?;
            change.apply(&Step::Route(decision), None, rulebook)?;
            app.save(&change, TransactionParts::default()).await?;
            if let Some(clerk) = clerk {
                let by: domain::PersonId = clerk.parse()?;
                let mut change = Change::of(change.state.clone(), Actor::System, received);
                change.apply(&Step::Assign(by.clone()), None, rulebook)?;
                if number % 7 == 0 {
                    let draft = Step::Draft { by, outcome: Outcome::Solved };
                    change.apply(&draft, Some("Заделали.".into()), rulebook)?;
                }
                app.save(&change, TransactionParts::default()).await?;
                return Ok(InboxEntry::of(&change.state));
            }
            anyhow::Ok(InboxEntry::of(&change.state))
        }
    });
    let mut entries = Vec::with_capacity(count);
    let mut written = stream::iter(changes).buffer_unordered(AT_ONCE);
    while let Some(entry) = written.next().await {
        entries.push(entry?);
    }
    Ok(entries)
}

async fn show(
    bench: &Workbench,
    router: &Router,
    person: &str,
    query: &str,
    here: &[&InboxEntry],
) -> anyhow::Result<()> {
    let mut times: Vec<Duration> = Vec::new();
    let mut inbox = Value::Null;
    for _ in 0..REPEATS {
        let started = Instant::now();
        let reply = bench.get(router, &format!("/workspace/inbox?{query}"), Some(person)).await;
        inbox = reply.map_err(|error| anyhow!(error))?.json();
        times.push(started.elapsed());
    }
    times.sort();
    let counted = expected(person, query, here, bench.clock.now());
    let counts = &inbox["counts"];
    for (view, count) in &counted {
        ensure!(counts[view] == *count, "{query}: {view} is {}, and {count} by hand", counts[view]);
    }
    let shown = inbox["items"].as_array().map_or(0, Vec::len);
    let milliseconds = times[REPEATS / 2].as_secs_f64() * 1e3;
    writeln!(std::io::stdout(), "  {query:32} {milliseconds:7.1} ms, {shown} shown of {counts}")?;
    Ok(())
}

/// The counts that a look at every submission gives.
fn expected(person: &str, query: &str, here: &[&InboxEntry], now: Timestamp) -> Vec<(&'static str, usize)> {
    let potholes = query.contains("category=pothole");
    let is_pothole = |entry: &InboxEntry| entry.category.as_ref().is_some_and(|id| id.as_str() == "pothole");
    let counted = |wanted: &dyn Fn(&InboxEntry) -> bool| {
        here.iter().filter(|entry| (!potholes || is_pothole(entry)) && wanted(entry)).count()
    };
    let tomorrow = now + SignedDuration::from_hours(24);
    vec![
        ("all", counted(&|_| true)),
        ("overdue", counted(&|entry| entry.is_overdue(now))),
        ("today", counted(&|entry| entry.ends().is_some_and(|end| now < end && end <= tomorrow))),
        ("new", counted(&|entry| entry.assignee.is_none())),
        ("nobody", counted(&|entry| entry.assignee.is_none())),
        ("disputed", 0),
        ("mine", counted(&|entry| entry.assignee.as_ref().is_some_and(|id| id.as_str() == person))),
        ("sign", counted(&|entry| entry.status == domain::Status::Drafted)),
    ]
}
