//! Inboxes are exact: at any size, after any history, and for data of earlier versions.

use std::collections::BTreeMap;

use domain::directory::Directory;
use domain::satisfaction::SatisfactionRating;
use domain::submission::{Outcome, RejectionReason, Step, Submission};
use domain::{OrganizationId, PersonId, SubmissionId};
use engines::Workbench;
use serde_json::{Value, json};
use store::{InboxCell, InboxEntry, InboxList, Span};

async fn bench() -> (Workbench, axum::Router) {
    let bench = Workbench::start().await.unwrap();
    let router = crate::router(bench.app("Casework").unwrap());
    (bench, router)
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(name: &str) -> T {
    name.parse().unwrap()
}

/// What somebody sees: the counts, and the ids of a whole view, page by page.
async fn view(bench: &Workbench, router: &axum::Router, person: &str, query: &str) -> (Value, Vec<Value>) {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/workspace/inbox?{query}&limit=40{cursor}");
        let inbox = bench.get(router, &path, Some(person)).await.unwrap().json();
        let items = inbox["items"].as_array().unwrap_or_else(|| panic!("{path}: {inbox}"));
        seen.extend(items.iter().map(|item| item["id"].clone()));
        let Some(next) = inbox["next"].as_str() else { return (inbox["counts"].clone(), seen) };
        assert_eq!(items.len(), 40, "a page is full while there are more");
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_the_last_page_is_counted_and_found() {
    let (bench, router) = bench().await;
    for _ in 0..119 {
        bench.routed().await.unwrap();
    }
    let last = bench.routed().await.unwrap();
    let (counts, all) = view(&bench, &router, "coordinator", "view=all").await;
    assert_eq!((counts["all"].as_u64(), counts["new"].as_u64()), (Some(120), Some(120)));
    assert_eq!((all.len(), all.last()), (120, Some(&json!(last.id))));

    bench.step(last.id, &[Step::Assign(id("caseworker"))], None).await.unwrap();
    let (counts, mine) = view(&bench, &router, "caseworker", "view=mine").await;
    assert_eq!((counts["mine"].as_u64(), mine), (Some(1), vec![json!(last.id)]));
    let draft = Step::Draft { by: id("caseworker"), outcome: Outcome::Solved };
    bench.step(last.id, &[draft], Some("Яму заделали.")).await.unwrap();
    let (counts, to_sign) = view(&bench, &router, "approver", "view=sign").await;
    assert_eq!((counts["sign"].as_u64(), counts["new"].as_u64()), (Some(1), Some(119)));
    assert_eq!(to_sign, [json!(last.id)]);
    // The neighbours of a case are of its view, however far down it is.
    let page = format!("/workspace/submissions/{}?list=view%3Dsign", last.id);
    let request = bench.request(axum::http::Method::GET, &page, Some("approver")).unwrap();
    let request = request.header("accept", "text/html").body(axum::body::Body::empty()).unwrap();
    let page = bench.send(&router, request).await.unwrap();
    assert!(page.text.contains("Яму заделали."), "{}", page.text);

    bench.step(last.id, &[Step::Approve], None).await.unwrap();
    let (counts, to_sign) = view(&bench, &router, "approver", "view=sign").await;
    assert_eq!((counts["sign"].as_u64(), counts["all"].as_u64(), to_sign), (Some(0), Some(119), vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn work_of_somebody_who_has_left_is_nobodys() {
    let (bench, router) = bench().await;
    let (left, stays) = (bench.routed().await.unwrap(), bench.routed().await.unwrap());
    for case in [&left, &stays] {
        bench.step(case.id, &[Step::Assign(id("caseworker"))], None).await.unwrap();
    }
    let (counts, _) = view(&bench, &router, "coordinator", "view=nobody").await;
    assert_eq!(counts["nobody"], 0);

    let (info, mut directory) = bench.store().directory().await.unwrap().unwrap();
    directory.people.retain(|person| person.id.as_str() != "caseworker");
    let now = bench.clock.now();
    let directory = Directory::build(directory).unwrap();
    bench.store().publish_directory(&directory, Some(info.version), None, now).await.unwrap();
    let (counts, nobody) = view(&bench, &router, "coordinator", "view=nobody").await;
    assert_eq!((counts["nobody"].as_u64(), counts["new"].as_u64()), (Some(2), Some(0)));
    assert_eq!(nobody, [json!(left.id), json!(stays.id)]);
    let inbox = bench.get(&router, "/workspace/inbox", Some("coordinator")).await.unwrap().json();
    assert_eq!(inbox["items"][0]["assignee_left"], true);
    assert_eq!((&inbox["load"][0]["left"], &inbox["load"][0]["open"]), (&json!(true), &json!(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_version_left_open_is_counted_when_it_changes_or_all_at_once() {
    let (bench, router) = bench().await;
    let (changed, waiting) = (bench.routed().await.unwrap(), bench.routed().await.unwrap());
    for old in [&changed, &waiting] {
        bench.uncount(old).await.unwrap();
    }
    let of_all = async || view(&bench, &router, "coordinator", "view=all").await.0["all"].clone();
    assert_eq!(of_all().await, 0);
    bench.step(changed.id, &[Step::Assign(id("caseworker"))], None).await.unwrap();
    assert_eq!(of_all().await, 1, "it is counted once, with the change");
    assert_eq!(bench.store().count_inboxes(|_| ()).await.unwrap(), 1);
    assert_eq!(bench.store().count_inboxes(|_| ()).await.unwrap(), 0, "a second run finds nothing");
    let (counts, all) = view(&bench, &router, "coordinator", "view=all").await;
    assert_eq!((counts["all"].as_u64(), counts["new"].as_u64(), all.len()), (Some(2), Some(1), 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn counters_that_are_zero_do_not_stay_for_ever() {
    let (bench, _) = bench().await;
    let case = bench.routed().await.unwrap();
    for number in 0..120 {
        bench.step(case.id, &[Step::Assign(id(&format!("clerk-{number}")))], None).await.unwrap();
    }
    let organization: OrganizationId = id("roads");
    let counters = store::keys::inbox_counts(&organization, store::keys::shard(case.id.uuid()));
    assert!(bench.attributes(&counters).await.unwrap() > 120, "each caseworker has had it");
    for _ in 0..3 {
        let counts = bench.store().inbox_counts(std::slice::from_ref(&organization)).await.unwrap();
        assert_eq!(counts[0].counts.total(), 1);
    }
    assert!(bench.attributes(&counters).await.unwrap() < 60, "those of the past are gone");
}

/// The counts that a look at every submission gives.
fn counted_by_hand(all: &[Submission]) -> BTreeMap<(OrganizationId, InboxCell), usize> {
    let mut cells = BTreeMap::new();
    for submission in all.iter().filter(|one| one.status.is_open()) {
        let cell = InboxEntry::of(submission).cell();
        *cells.entry((submission.organization.clone().unwrap(), cell)).or_default() += 1;
    }
    cells
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_are_what_a_look_at_every_submission_gives() {
    let (bench, _) = bench().await;
    let store = bench.store();
    let mut cases: Vec<SubmissionId> = Vec::new();
    for _ in 0..12 {
        cases.push(bench.routed().await.unwrap().id);
    }
    // The same numbers in every run.
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut draw = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % u64::try_from(below).unwrap()).unwrap()
    };
    let organizations: Vec<OrganizationId> = ["town-hall", "roads", "parks"].map(id).into();
    let mut taken = 0;
    for _ in 0..400 {
        let by: PersonId = id(["caseworker", "gardener"][draw(2)]);
        let bad = SatisfactionRating { mark: 1.try_into().unwrap(), solved: false, at: bench.clock.now() };
        let step = match draw(14) {
            0 | 1 | 11 | 12 => vec![Step::Assign(by)],
            2 | 3 | 13 => vec![Step::Draft { by, outcome: Outcome::Solved }],
            4 => vec![Step::Approve],
            5 => vec![Step::Forward(organizations[draw(3)].clone())],
            6 => vec![Step::Pause],
            7 => vec![Step::Resume],
            8 => vec![Step::Rate(bad), Step::Reopen],
            9 => vec![Step::SendBack],
            _ => vec![[Step::Reject(RejectionReason::Spam), Step::Return, Step::Withdraw][draw(3)].clone()],
        };
        taken += usize::from(bench.step(cases[draw(12)], &step, Some("…")).await.is_ok());
    }
    assert!(taken > 60, "{taken} steps were allowed");

    let mut all = Vec::new();
    for id in &cases {
        all.push(store.submission(*id).await.unwrap().unwrap());
    }
    let counts = store.inbox_counts(&organizations).await.unwrap();
    let cells = counts.iter().flat_map(|one| {
        let cells = one.counts.cells.iter();
        cells.map(|(cell, count)| ((one.organization.clone(), cell.clone()), *count))
    });
    assert_eq!(cells.collect::<BTreeMap<_, _>>(), counted_by_hand(&all));
    let open: Vec<&Submission> = all.iter().filter(|one| one.status.is_open()).collect();
    assert!(open.len() > 3, "{} are open", open.len());
    let running = open.iter().filter(|one| !one.is_paused()).count();
    let ends: usize = counts.iter().flat_map(|one| one.counts.ends.values()).sum();
    assert_eq!(ends, running);

    // Lists hold the same, each submission once and in order, whichever way they are made.
    let cells = InboxList::of_cells(&counts, |_, _| true);
    let whole = InboxList::of_inboxes(&counts, Span::default());
    let mut expected: Vec<InboxEntry> = open.iter().map(|one| InboxEntry::of(one)).collect();
    expected.sort_by_key(|entry| (entry.ends().unwrap_or(jiff::Timestamp::MAX), entry.id));
    for list in [&cells, &whole] {
        assert_eq!(store.list_inbox(list, None, 100).await.unwrap().items, expected);
        for pair in expected.windows(2) {
            let next = store.list_inbox(list, Some(&pair[0].cursor()), 1).await.unwrap();
            assert_eq!(next.items, [pair[1].clone()]);
            assert_eq!(store.inbox_before(list, &pair[1]).await.unwrap(), Some(pair[0].clone()));
        }
        assert_eq!(store.inbox_before(list, &expected[0]).await.unwrap(), None);
    }
}
