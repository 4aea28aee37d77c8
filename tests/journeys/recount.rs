//! A stranger counts a poll again, with what the platform publishes: here in one process, there from the bucket of a deployed one.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use poll::COUNTED_AFTER;
use poll::proof::{Fingerprint, verify};
use reqwest::StatusCode;
use serde_json::json;

use crate::platform::Platform;
use crate::polls::{published, question, vote, with};

const OPEN: SignedDuration = SignedDuration::from_secs(12);

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_follows_a_poll_and_counts_it_again() {
    let platform = Platform::start().await;
    let anybody = platform.anonymous();
    let closes = Timestamp::now() + OPEN;
    let poll = published(&platform, &with(question(&["a", "b"]), json!({ "closes": closes }))).await;
    let key: Fingerprint =
        anybody.get(&poll).await.ok()["key_fingerprint"].as_str().unwrap().parse().unwrap();
    for (voter, option) in ["a", "b", "b", "a", "b", "b", "a", "b", "b"].into_iter().enumerate() {
        vote(&platform.person(&format!("stranger-{voter}")), &poll, option).await;
    }
    let receipt = vote(&platform.person("stranger-9"), &poll, "b").await.to_string();
    let tally = json!({ "poll": poll[7..] }).to_string();
    platform.enqueue("TallyingQueue", &tally).await;
    platform.until_depth("TallyingQueue", 0).await;
    let log = anybody.get(&format!("{poll}/log")).await.ok();

    if platform.is_local() {
        platform.clock.advance((OPEN + COUNTED_AFTER).as_secs());
    } else {
        tokio::time::sleep((OPEN + COUNTED_AFTER).unsigned_abs()).await;
    }
    platform.enqueue("TallyingQueue", &tally).await;
    let mut view = anybody.get(&poll).await.ok();
    for _ in 0..60 {
        if view["status"] == "certified" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        view = anybody.get(&poll).await.ok();
    }
    assert_eq!(view["status"], "certified");

    let (saved_as, archive) = download(&platform, &format!("{poll}/archive")).await;
    assert!(saved_as.contains(&format!("poll-{}.json", &poll[7..])), "{saved_as}");
    let verdict = verify(archive.as_bytes(), &key, &[receipt.as_bytes()], &[log.to_string().as_bytes()]);
    assert!(verdict.holds(), "{:?}", verdict.checks);
    let outcome = verdict.outcome.unwrap();
    assert_eq!((outcome.ballots, outcome.totals[1].1), (10, 7));
    let (saved_as, votes) = download(&platform, &format!("{poll}/votes")).await;
    assert!(saved_as.contains(".pb") && votes.contains("num_votes;10"), "{saved_as} {votes}");
    assert_eq!(log["items"].as_array().unwrap().len(), 1, "ten votes are enough for a head");
}

/// As a browser does it; gives under which name it is saved, and what it is.
async fn download(platform: &Platform, path: &str) -> (String, String) {
    let reply = reqwest::get(platform.anonymous().address(path)).await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK, "{}", reply.text().await.unwrap());
    assert_eq!(reply.url().path().ends_with(path), platform.is_local(), "a bucket lets others read");
    let saved_as = reply.headers()["content-disposition"].to_str().unwrap().to_owned();
    (saved_as, reply.text().await.unwrap())
}
