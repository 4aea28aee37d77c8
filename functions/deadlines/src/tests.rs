use domain::submission::{Status, Step};
use engines::Workbench;
use events::Event;

use super::*;

const DAY: i64 = 86_400;

/// Names of the events of a submission from its `from`th on.
async fn events(bench: &Workbench, id: SubmissionId, from: usize) -> Vec<&'static str> {
    let history = bench.store().history(id.into()).await.unwrap();
    history[from..].iter().map(|envelope| envelope.event.name()).collect()
}

/// As many runs as anything may need that is due at once.
async fn run(bench: &Workbench) {
    let deadlines = bench.app("Deadlines").unwrap();
    for _ in 0..4 {
        handle(&deadlines).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_term_is_reminded_of_passes_and_is_told_above_each_once() {
    let bench = Workbench::start().await.unwrap();
    let report = bench.routed().await.unwrap();
    let begun = usize::try_from(report.version).unwrap();
    let mut seen = Vec::new();
    for days in [0, 9, 2, 5, 1] {
        bench.clock.advance(days * DAY);
        run(&bench).await;
        seen.push(events(&bench, report.id, begun).await);
    }
    let all = ["deadline_approaching", "submission_overdue", "submission_escalated"];
    assert_eq!(seen, [&all[..0], &all[..1], &all[..2], &all, &all]);
    let last = bench.store().history(report.id.into()).await.unwrap().pop().unwrap();
    let Event::SubmissionEscalated { to } = last.event else { panic!("{:?}", last.event) };
    assert_eq!(to.as_str(), "town-hall");
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_top_of_the_tree_the_organization_is_told_itself() {
    let bench = Workbench::start().await.unwrap();
    let report = bench.report(None).await.unwrap();
    let decision = bench.store().rulebook().await.unwrap().route(report.facts()).unwrap();
    bench.step(report.id, &[Step::Register, Step::Route(decision)], None).await.unwrap();
    bench.clock.advance(20 * DAY);
    run(&bench).await;
    let escalated = bench.store().submission(report.id).await.unwrap().unwrap();
    assert_eq!(escalated.attention.escalated_to.unwrap().as_str(), "town-hall");
    for shard in 0..SHARDS {
        let due = bench.store().due_alarms(shard, bench.clock.now(), BATCH).await.unwrap();
        assert_eq!(due, [], "nothing rings for ever");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_submission_is_left_alone() {
    let bench = Workbench::start().await.unwrap();
    let report = bench.routed().await.unwrap();
    let paused = bench.step(report.id, &[Step::Pause], Some("Ждём автора.")).await.unwrap();
    bench.clock.advance(60 * DAY);
    run(&bench).await;
    assert_eq!(bench.store().submission(report.id).await.unwrap().unwrap(), paused);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_rates_is_closed() {
    let bench = Workbench::start().await.unwrap();
    let answered = bench.answered().await.unwrap();
    let mut statuses = Vec::new();
    for days in [13, 3] {
        bench.clock.advance(days * DAY);
        run(&bench).await;
        statuses.push(bench.store().submission(answered.id).await.unwrap().unwrap().status);
    }
    assert_eq!(statuses, [Status::Answered, Status::Closed]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_function_that_owns_a_poll_is_woken_when_something_is_due() {
    let bench = Workbench::start().await.unwrap();
    let poll = bench.poll().await.unwrap();
    run(&bench).await;
    assert_eq!(bench.take("TallyingQueue").await.unwrap(), [""; 0], "it opens in an hour");
    bench.clock.advance(3_601);
    handle(&bench.app("Deadlines").unwrap()).await.unwrap();
    assert_eq!(bench.take("TallyingQueue").await.unwrap(), [format!("{{\"poll\":\"{}\"}}", poll.id)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_submission_that_fails_does_not_hold_up_the_others() {
    let bench = Workbench::start().await.unwrap();
    let (broken, sound) = (bench.routed().await.unwrap(), bench.routed().await.unwrap());
    bench.spoil(&store::keys::state(broken.id)).await.unwrap();
    bench.clock.advance(9 * DAY);
    let ended = handle(&bench.app("Deadlines").unwrap()).await;
    assert!(matches!(ended, Err(DeadlineError::Some(1))), "{ended:?}");
    let begun = usize::try_from(sound.version).unwrap();
    assert_eq!(events(&bench, sound.id, begun).await, ["deadline_approaching"]);
}
