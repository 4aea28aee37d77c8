use engines::Workbench;

use super::*;

fn deliveries(messages: &[String]) -> Vec<Delivery> {
    messages.iter().map(|body| serde_json::from_str(body).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_sent_again_after_half_a_minute_and_then_after_an_hour() {
    let bench = Workbench::start().await.unwrap();
    let relay = bench.app("Relay").unwrap();
    bench.report(Some("pothole")).await.unwrap();
    let first = deliveries(&bench.take("RoutingQueue").await.unwrap());
    assert_eq!(first.len(), 1, "sent with the commit");

    let mut sent_again = Vec::new();
    for seconds in [0, 31, 1, 3_600] {
        bench.clock.advance(seconds);
        handle(&relay).await.unwrap();
        sent_again.push(deliveries(&bench.take("RoutingQueue").await.unwrap()));
    }
    assert_eq!(sent_again, [vec![], first.clone(), vec![], first]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_had_its_effect_is_not_sent_again() {
    let bench = Workbench::start().await.unwrap();
    let relay = bench.app("Relay").unwrap();
    let report = bench.report(Some("pothole")).await.unwrap();
    bench.store().remove_deliveries(&bench.pending(Consumer::Routing).await.unwrap()).await.unwrap();
    bench.take("RoutingQueue").await.unwrap();
    bench.take("IndexingQueue").await.unwrap();

    bench.clock.advance(31);
    handle(&relay).await.unwrap();
    assert_eq!(bench.take("RoutingQueue").await.unwrap(), [""; 0]);
    let indexing = deliveries(&bench.take("IndexingQueue").await.unwrap());
    assert_eq!(indexing.iter().map(|one| one.subject).collect::<Vec<_>>(), [report.id.into()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_queue_does_not_take_is_not_marked_as_sent() {
    let bench = Workbench::start().await.unwrap();
    bench.report(Some("pothole")).await.unwrap();
    bench.take("RoutingQueue").await.unwrap();
    bench.clock.advance(31);
    // Search sends to no queue.
    let mut mute = bench.app("Relay").unwrap();
    mute.outbox = bench.app("Search").unwrap().outbox;
    handle(&mute).await.unwrap();
    handle(&bench.app("Relay").unwrap()).await.unwrap();
    assert_eq!(bench.take("RoutingQueue").await.unwrap().len(), 1, "the next run sends it at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_start_all_that_is_missing_is_sent_however_young() {
    let bench = Workbench::start().await.unwrap();
    let relay = bench.app("Relay").unwrap();
    bench.report(Some("pothole")).await.unwrap();
    let sent = bench.take("RoutingQueue").await.unwrap();
    let pending = bench.pending(Consumer::Routing).await.unwrap().len();
    assert!(resend_all(&relay).await.unwrap() >= pending);
    assert_eq!(bench.take("RoutingQueue").await.unwrap(), sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_is_asked_for_from_its_opening_on_and_after_its_close() {
    let bench = Workbench::start().await.unwrap();
    let relay = bench.app("Relay").unwrap();
    let poll = bench.poll().await.unwrap();
    let request = serde_json::to_string(&TallyRequest { poll: poll.id }).unwrap();
    let mut asked = Vec::new();
    for at in [bench.clock.now(), poll.question.opens, poll.question.closes] {
        bench.clock.advance(at.duration_since(bench.clock.now()).as_secs() + 1);
        handle(&relay).await.unwrap();
        asked.push(bench.take("TallyingQueue").await.unwrap());
    }
    assert_eq!(asked, [vec![], vec![request.clone()], vec![request]]);
}
