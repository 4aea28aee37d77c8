//! Voting in a browser: each kind of ballot, with scripts and without, narrow and wide, and with the keyboard alone.

use events::TallyRequest;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::browser::{Browser, ENTER, Setting};
use crate::platform::Platform;

/// A published poll that is open now, by the platform's clock; gives its id.
pub(crate) async fn open_poll(platform: &Platform, change: Value) -> String {
    let id = draft(platform, change).await;
    let publication = format!("/polls/{id}/publication");
    platform.person("demo-organizer").post(&publication, &json!({})).await.ok();
    id
}

pub(crate) async fn draft(platform: &Platform, change: Value) -> String {
    let now = platform.clock.now();
    let mut poll = json!({
        "title": "Что сделать во дворе", "text": "Выбираем вместе.", "territory": "zaozersk",
        "opens": now - SignedDuration::from_mins(1), "closes": now + SignedDuration::from_hours(1),
        "ballot": { "kind": "choose_one" }, "rule": "plurality",
        "options": [{ "name": "Площадка", "place": "ул. Школьная, 3", "description": "Качели и горка." }, { "name": "Велопарковка" }, { "name": "Деревья" }],
    });
    for (name, value) in change.as_object().unwrap() {
        poll[name] = value.clone();
    }
    let written = platform.person("demo-organizer").post("/polls", &poll).await.created();
    written["id"].as_str().unwrap().to_owned()
}

/// Polls in every state, by the name that stands for their ids in addresses. The demo citizen has voted.
pub(crate) async fn polls(platform: &Platform) -> Vec<(&'static str, String)> {
    let citizen = platform.person("demo-citizen");
    let ranked = json!({ "ballot": { "kind": "rank" }, "rule": "stv", "seats": 2 });
    let certified = open_poll(platform, ranked.clone()).await;
    for (voter, ranking) in [("demo-citizen", ["1", "2"]), ("boris", ["2", "3"]), ("vera", ["1", "3"])] {
        let ballot = json!({ "ranking": ranking });
        platform.person(voter).post(&format!("/polls/{certified}/ballots"), &ballot).await.created();
    }
    platform.clock.advance(2 * 3_600);
    let request = TallyRequest { poll: certified.parse().unwrap() };
    tallying::tally(&platform.host.context("Tallying").unwrap(), request).await.unwrap();
    let voted = open_poll(platform, json!({ "ballot": { "kind": "approve" }, "rule": "approval" })).await;
    let ballot = json!({ "options": ["1", "3"] });
    citizen.post(&format!("/polls/{voted}/ballots"), &ballot).await.created();
    vec![
        ("{certified}", certified),
        ("{voted}", voted),
        ("{ranked}", open_poll(platform, ranked).await),
        ("{draft}", draft(platform, json!({})).await),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn people_vote_and_change_their_vote() {
    let platform = Platform::start().await;
    for (setting, voter) in Setting::ALL.into_iter().zip([
        "demo-citizen",
        "zaozersk-roads-caseworker",
        "demo-analyst",
        "demo-coordinator",
    ]) {
        let ranked = open_poll(&platform, json!({ "ballot": { "kind": "rank" }, "rule": "irv" })).await;
        let browser = Browser::open(&platform.host.url, setting).await;
        browser.sign_in(voter).await;
        browser.go(&format!("/polls/{ranked}")).await;
        browser.fill("at.0", "1").await;
        browser.fill("at.1", "1").await;
        browser.click("main form button.big").await;
        browser.until("#vote-error").await;
        assert_eq!(browser.value("at.0").await, "1", "what was typed is there");
        browser.fill("at.1", "2").await;
        browser.click("main form button.big").await;
        browser.until("svg.qr").await;
        browser.go(&format!("/polls/{ranked}")).await;
        assert_eq!((browser.value("at.0").await, browser.value("at.1").await), ("1".into(), "2".into()));
        browser.fill("at.0", "3").await;
        browser.click("main form button.big").await;
        browser.until("svg.qr").await;
        browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_is_cast_with_the_keyboard_alone() {
    let platform = Platform::start().await;
    let id = open_poll(&platform, json!({ "ballot": { "kind": "approve", "limit": 2 }, "rule": "approval" }))
        .await;
    let browser = Browser::open(&platform.host.url, Setting::ALL[0]).await;
    browser.sign_in("demo-citizen").await;
    browser.go(&format!("/polls/{id}")).await;
    browser.tab_to("input[value='2']").await;
    browser.type_keys(" ").await;
    browser.tab_to("main form button.big").await;
    browser.type_keys(ENTER).await;
    browser.until("svg.qr").await;
    browser.close().await;
    let receipt = platform.person("demo-citizen").get(&format!("/polls/{id}/receipt")).await.ok();
    assert_eq!(receipt["poll"], id);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_ballot_can_be_cast() {
    let platform = Platform::start().await;
    for setting in Setting::ALL {
        let browser = Browser::open(&platform.host.url, setting).await;
        browser.sign_in("demo-citizen").await;
        let one = open_poll(&platform, json!({})).await;
        browser.go(&format!("/polls/{one}")).await;
        browser.click("input[value='2']").await;
        browser.click("main form button.big").await;
        browser.until("svg.qr").await;
        browser.go(&format!("/polls/{one}")).await;
        browser.until("input[value='2']:checked").await;
        for (kind, rule, too_much) in [("score", "score", "6"), ("distribute", "cumulative", "8")] {
            let id = open_poll(&platform, json!({ "ballot": { "kind": kind }, "rule": rule })).await;
            browser.go(&format!("/polls/{id}")).await;
            browser.fill("at.0", too_much).await;
            browser.fill("at.2", "4").await;
            browser.click("main form button.big").await;
            browser.until("#vote-error").await;
            browser.fill("at.0", "5").await;
            browser.click("main form button.big").await;
            browser.until("svg.qr").await;
            browser.go(&format!("/polls/{id}")).await;
            assert_eq!((browser.value("at.0").await, browser.value("at.2").await), ("5".into(), "4".into()));
        }
        browser.close().await;
    }
}
