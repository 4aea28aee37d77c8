//! Polls: voting, counting, checking.

use events::TallyRequest;
use jiff::{SignedDuration, Timestamp};
use poll::proof::{Fingerprint, verify};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::client::Client;
use crate::platform::Platform;

/// A poll that is open for an hour.
pub(crate) fn question(options: &[&str]) -> Value {
    let options: Vec<Value> =
        options.iter().map(|id| json!({ "id": id, "name": format!("Вариант {id}") })).collect();
    let now = Timestamp::now();
    json!({
        "title": "Что построить во дворе", "text": "Выбираем вместе.", "territory": "zaozersk",
        "opens": now - SignedDuration::from_mins(1), "closes": now + SignedDuration::from_hours(1),
        "ballot": { "kind": "choose_one" }, "rule": "plurality", "options": options,
    })
}

pub(crate) fn with(mut question: Value, change: Value) -> Value {
    for (name, value) in change.as_object().unwrap() {
        question[name] = value.clone();
    }
    question
}

/// Prepares a poll and publishes it; gives its address.
pub(crate) async fn published(platform: &Platform, question: &Value) -> String {
    let organizer = platform.person("demo-organizer");
    let id = organizer.post("/polls", question).await.created()["id"].as_str().unwrap().to_owned();
    organizer.post(&format!("/polls/{id}/publication"), &json!({})).await.ok();
    format!("/polls/{id}")
}

pub(crate) async fn vote(voter: &Client, poll: &str, option: &str) -> Value {
    voter.post(&format!("{poll}/ballots"), &json!({ "options": [option] })).await.created()
}

/// The clock goes past the close, and what the relay asks for is done.
pub(crate) async fn close(platform: &Platform, poll: &str) {
    later(platform, poll, 2 * 3_600).await;
}

pub(crate) async fn later(platform: &Platform, poll: &str, seconds: i64) {
    platform.clock.advance(seconds);
    let app = platform.host.context("Tallying").unwrap();
    tallying::tally(&app, TallyRequest { poll: poll[7..].parse().unwrap() }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_poll_from_draft_to_a_result_that_anybody_checks() {
    let platform = Platform::start().await;
    let organizer = platform.person("demo-organizer");
    let id = organizer.post("/polls", &question(&["a", "b", "c"])).await.created()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let poll = format!("/polls/{id}");
    let (anna, boris) = (platform.person("anna"), platform.person("boris"));
    anna.get(&poll).await.problem(404, "");
    let changed = with(question(&["a", "b"]), json!({ "title": "Площадка" }));
    organizer.post(&poll, &changed).await.ok();
    organizer.post(&format!("{poll}/publication"), &json!({})).await.ok();
    organizer.post(&poll, &changed).await.problem(409, "");
    let view = anna.get(&poll).await.ok();
    assert_eq!((&view["status"], &view["options"][1]["id"]), (&json!("open"), &json!("b")));
    assert_eq!(platform.anonymous().get("/polls").await.ok()["items"][0]["title"], "Площадка");

    // A copy of a request gets the same receipt, also after the vote was changed.
    let first = anna.clone().with("idempotency-key", "first");
    let receipt = vote(&first, &poll, "a").await;
    assert_eq!(vote(&first, &poll, "a").await, receipt);
    let own = json!({ "options": ["b"], "word": " сирень " });
    let ballots = format!("{poll}/ballots");
    let second = anna.clone().with("idempotency-key", "second").post(&ballots, &own).await.created();
    assert_eq!(second["own"]["word"], "сирень");
    anna.post(&ballots, &json!({ "options": ["b"], "word": "я".repeat(65) })).await.problem(422, "word");
    assert_eq!(vote(&first, &poll, "a").await, receipt);
    assert_eq!(second["leaf"]["replaces"], receipt["leaf"]["commitment"]);
    let other = json!({ "options": ["b"] });
    first.post(&format!("{poll}/ballots"), &other).await.problem(422, "Idempotency-Key");
    vote(&boris, &poll, "b").await;
    assert_eq!(anna.get(&format!("{poll}/receipt")).await.ok(), second);

    // Nobody learns anything before the close: not the organizer, not from any address.
    for client in [&organizer, &anna, &platform.anonymous(), &platform.person("demo-analyst")] {
        for what in ["result", "result?format=csv", "archive", "votes"] {
            client.get(&format!("{poll}/{what}")).await.problem(409, "");
        }
        let log = client.get(&format!("{poll}/log")).await.ok().to_string()
            + &client.get(&poll).await.ok().to_string();
        assert!(!log.contains("salt") && !log.contains("\"choice\"") && !log.contains("total"), "{log}");
    }

    close(&platform, &poll).await;
    anna.post(&format!("{poll}/ballots"), &other).await.problem(409, "");
    assert_eq!(vote(&first, &poll, "a").await, receipt, "a late copy");
    let result = platform.anonymous().get(&format!("{poll}/result")).await.ok();
    assert_eq!((&result["ballots"], &result["winners"]), (&json!(2), &json!(["b"])));
    assert_eq!(result["options"][1]["total"], 2);
    let csv = anna.get(&format!("{poll}/result?format=csv")).await.ok();
    assert_eq!(csv.as_str().unwrap().lines().nth(2), Some("b,Вариант b,2,true,0"));
    let votes = anna.get(&format!("{poll}/votes")).await.ok();
    assert!(
        votes.as_str().unwrap().contains("num_votes;2") && votes.as_str().unwrap().ends_with(";b\n"),
        "{votes}"
    );

    let archive = platform.anonymous().get(&format!("{poll}/archive")).await;
    assert!(archive.headers["content-disposition"].to_str().unwrap().contains("poll-"));
    let key: Fingerprint = view["key_fingerprint"].as_str().unwrap().parse().unwrap();
    let archive = archive_text(&archive.ok());
    assert!(!archive.contains("сирень") && !archive.contains(second["own"]["key"].as_str().unwrap()));
    let verdict = verify(archive.as_bytes(), &key, &[second.to_string().as_bytes()], &[]);
    assert!(verdict.holds(), "{:?}", verdict.checks);
    assert!(verdict.votes[0].choice.is_some());

    let news = json!({ "option": "b", "stage": "planned", "date": "2027-05-01", "note": "Проект готов." });
    organizer.post(&format!("{poll}/progress"), &news).await.ok();
    organizer
        .post(&format!("{poll}/progress"), &with(news.clone(), json!({ "option": "a" })))
        .await
        .problem(422, "option");
    anna.post(&format!("{poll}/progress"), &news).await.problem(403, "");
    assert_eq!(anna.get(&poll).await.ok()["progress"][0]["stage"], "planned");
    let again = archive_text(&platform.anonymous().get(&format!("{poll}/archive")).await.ok());
    assert_eq!(again, archive, "news do not touch it");
}

/// The archive's text from the value that the test client read. Both have the fields in the order of the archive's type.
fn archive_text(archive: &Value) -> String {
    let archive: poll::proof::Archive = serde_json::from_value(archive.clone()).unwrap();
    String::from_utf8(archive.to_json()).unwrap()
}

/// A text that does not compress well.
fn noise(seed: u32, letters: &std::ops::Range<u32>, length: u32) -> String {
    let mut state = seed;
    let mut letter = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_u32(letters.start + (state >> 8) % (letters.end - letters.start)).unwrap()
    };
    (0..length).map(&mut letter).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_polls_and_votes_are_refused_with_the_field() {
    let platform = Platform::start().await;
    let organizer = platform.person("demo-organizer");
    let right = question(&["a", "b", "c"]);
    for (change, field) in [
        (json!({ "title": "" }), "title"),
        (json!({ "territory": "atlantis" }), "territory"),
        (json!({ "opens": "tomorrow" }), "opens"),
        (json!({ "closes": right["opens"] }), "closes"),
        (json!({ "rule": "schulze" }), "rule"),
        (json!({ "rule": "magic" }), "rule"),
        (json!({ "ballot": { "kind": "shout" } }), "ballot.kind"),
        (json!({ "options": [{ "name": "a" }] }), "options"),
        (json!({ "options": [{ "name": "a" }, { "name": "" }] }), "options[1].name"),
        (json!({ "options": [{ "id": "x", "name": "a" }, { "id": "x", "name": "b" }] }), "options"),
        (json!({ "rule": "greedy" }), "options"),
        (json!({ "pb": "META\nkey;value\nbudget;10\n" }), "pb"),
        (json!({ "surprise": 1 }), "surprise"),
    ] {
        organizer.post("/polls", &with(right.clone(), change)).await.problem(422, field);
    }
    let long = |letters: std::ops::Range<u32>, length| {
        let options =
            (0..200).map(|n| json!({ "name": n.to_string(), "description": noise(n, &letters, length) }));
        with(right.clone(), json!({ "options": options.collect::<Vec<_>>() }))
    };
    // 200 texts of letters that are all alike are stored; what no item can hold is not.
    let too_much = organizer.post("/polls", &long(0x4e00..0x9e00, 1_900)).await.problem(422, "");
    assert_eq!(too_much["fields"][0]["code"], "too-much-text");
    assert_eq!(organizer.get("/polls?drafts=true").await.ok()["items"], json!([]), "nothing is stored");
    published(&platform, &long(0x430..0x450, 1_000)).await;
    platform.person("anna").post("/polls", &right).await.problem(403, "");
    platform.anonymous().post("/polls", &right).await.problem(401, "");

    let approve = json!({ "ballot": { "kind": "approve", "limit": 2 }, "rule": "approval" });
    let eligibility =
        json!({ "eligibility": { "territory": "zaozersk", "minimum_age": 14, "identified": true } });
    let poll = published(&platform, &with(with(right.clone(), approve), eligibility)).await;
    let claims =
        json!({ "sub": "vera", "birthdate": "2000-01-01", "territory": "zaozersk", "acr": "substantial" });
    let ballots = format!("{poll}/ballots");
    let one = json!({ "options": ["a"] });
    for (claim, value) in [
        ("acr", json!("low")),
        ("birthdate", json!("2020-01-01")),
        ("territory", json!("priozersk")),
        ("birthdate", Value::Null),
    ] {
        let voter = platform.token(with(claims.clone(), json!({ claim: value })));
        let refused = voter.post(&ballots, &one).await.problem(403, "");
        assert_eq!(refused["type"], "/problems/not-eligible");
    }
    platform.anonymous().post(&ballots, &one).await.problem(401, "");
    let vera = platform.token(claims);
    for (body, field) in [
        (json!({ "options": ["z"] }), "options"),
        (json!({ "options": ["a", "b", "c"] }), "options"),
        (json!({ "options": ["a", "a"] }), "options"),
        (json!({ "ranking": ["a"] }), "options"),
        (json!({}), "options"),
    ] {
        vera.post(&ballots, &body).await.problem(422, field);
    }
    vera.get(&format!("{poll}/receipt")).await.problem(404, "");
    vera.post(&ballots, &one).await.created();

    let final_vote = published(&platform, &with(right.clone(), json!({ "revotes": false }))).await;
    vote(&vera, &final_vote, "a").await;
    vera.post(&format!("{final_vote}/ballots"), &json!({ "options": ["b"] })).await.problem(409, "");
    let rank = json!({ "ballot": { "kind": "rank" }, "rule": "schulze" });
    let rank = published(&platform, &with(right.clone(), rank)).await;
    vera.post(&format!("{rank}/ballots"), &json!({ "ranking": ["a", "b", "a"] }))
        .await
        .problem(422, "ranking");
    let points = json!({ "ballot": { "kind": "distribute", "limit": 5 }, "rule": "cumulative" });
    let points = published(&platform, &with(right.clone(), points)).await;
    vera.post(&format!("{points}/ballots"), &json!({ "points": { "a": 3, "b": 3 } }))
        .await
        .problem(422, "points");

    let later = with(right, json!({ "opens": Timestamp::now() + SignedDuration::from_mins(5) }));
    let later = published(&platform, &later).await;
    vera.post(&format!("{later}/ballots"), &one).await.problem(409, "");
}

/// A file of another city's projects becomes a poll; two projects fit the budget.
#[tokio::test(flavor = "multi_thread")]
async fn projects_of_a_pabulib_file_are_voted_on() {
    let platform = Platform::start().await;
    let pb = "META\nkey;value\nbudget;100\nvote_type;approval\nPROJECTS\nproject_id;cost;name\nP/1;60;Парк\nP/2;50;Пруд\nP/3;40;Сквер\nVOTES\nvoter_id;vote\n";
    let change = json!({ "pb": pb, "options": [], "ballot": { "kind": "approve" }, "rule": "equal-shares", "ties": "listed" });
    let poll = published(&platform, &with(question(&[]), change)).await;
    for (voter, options) in
        [("anna", vec!["P/1"]), ("boris", vec!["P/1", "P/3"]), ("vera", vec!["P/3", "P/2"])]
    {
        let ballot = json!({ "options": options });
        platform.person(voter).post(&format!("{poll}/ballots"), &ballot).await.expect(StatusCode::CREATED);
    }
    close(&platform, &poll).await;
    let result = platform.anonymous().get(&format!("{poll}/result")).await.ok();
    assert_eq!(result["winners"], json!(["P/1", "P/3"]));
    assert!(result["protocol"].as_array().unwrap().iter().any(|step| step["step"] == "shares"));
}

/// The message says no more than which poll, may be lost, and may come twice.
#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn ballots_are_logged_while_the_poll_runs() {
    let platform = Platform::start().await;
    let poll = published(&platform, &question(&["a", "b"])).await;
    let log = format!("{poll}/log");
    for voter in 0..7 {
        vote(&platform.person(&format!("voter-{voter}")), &poll, "a").await;
    }
    let app = platform.host.context("Tallying").unwrap();
    let request = TallyRequest { poll: poll[7..].parse().unwrap() };
    tallying::tally(&app, request).await.unwrap();
    let leaves = async || {
        let parts = platform.anonymous().get(&log).await.ok()["items"].as_array().unwrap().clone();
        parts.iter().map(|part| part["leaves"].as_array().unwrap().len()).sum::<usize>()
    };
    assert_eq!(leaves().await, 0, "so few could be told apart by their time");
    vote(&platform.person("voter-7"), &poll, "a").await;
    platform.host.run("Relay").await.unwrap();
    let mut size = 0;
    for _ in 0..200 {
        size = leaves().await;
        if size == 8 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(size, 8);
    let (one, other) = tokio::join!(tallying::tally(&app, request), tallying::tally(&app, request));
    one.unwrap();
    other.unwrap();
    assert_eq!(leaves().await, 8);
    // A follower of the log asks only for new leaves.
    let new = platform.anonymous().get(&format!("{log}?after=1")).await.ok();
    assert_eq!((&new["items"], &new["next"]), (&json!([]), &Value::Null));
    platform.anonymous().get(&format!("{log}?after=x")).await.problem(400, "after");
}

/// Clocks are set back; what is signed then must hold all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_goes_back_harms_no_poll() {
    let platform = Platform::start().await;
    let poll = published(&platform, &question(&["a", "b"])).await;
    let app = platform.host.context("Tallying").unwrap();
    let request = TallyRequest { poll: poll[7..].parse().unwrap() };
    for voter in 0..16 {
        vote(&platform.person(&format!("voter-{voter}")), &poll, "a").await;
        if voter % 8 == 7 {
            tallying::tally(&app, request).await.unwrap();
            platform.clock.advance(-30);
        }
    }
    close(&platform, &poll).await;
    let key =
        platform.anonymous().get(&poll).await.ok()["key_fingerprint"].as_str().unwrap().parse().unwrap();
    let archive = archive_text(&platform.anonymous().get(&format!("{poll}/archive")).await.ok());
    let verdict = verify(archive.as_bytes(), &key, &[], &[]);
    assert!(verdict.holds(), "{:?}", verdict.checks);
    assert!(archive.contains("\"number\":2"));
}

/// An archive that was lost is there again when the poll is looked at once more.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_archive_comes_back() {
    let platform = Platform::at_rest().await;
    let poll = published(&platform, &question(&["a", "b"])).await;
    vote(&platform.person("anna"), &poll, "a").await;
    later(&platform, &poll, 3_700).await;
    let archive = archive_text(&platform.anonymous().get(&format!("{poll}/archive")).await.ok());
    std::fs::remove_dir_all(platform.host.folder().join("ArchiveBucket")).unwrap();
    platform.anonymous().get(&format!("{poll}/archive")).await.problem(500, "");
    close(&platform, &poll).await;
    let again = archive_text(&platform.anonymous().get(&format!("{poll}/archive")).await.ok());
    assert_eq!(again, archive);
}

/// Without scripts: an organizer prepares and publishes, people vote by form, change their vote, come back after mistakes.
#[tokio::test(flavor = "multi_thread")]
async fn a_poll_in_pages() {
    let platform = Platform::start().await;
    let organizer = platform.browser_of("demo-organizer");
    organizer.page("/polls/new").await.shows("h1", "Новое голосование");
    let now = Timestamp::now();
    let local = |minutes: i64| (now + SignedDuration::from_mins(minutes)).to_string();
    let (opens, closes) = (local(-1), local(60));
    let fields = [
        ("title", "Название сквера"),
        ("text", "Расставьте названия."),
        ("territory", "zaozersk"),
        ("opens", &opens),
        ("closes", &closes),
        ("ballot.kind", "rank"),
        ("rule", "irv"),
        ("lines", "Липовый\nРечной | 0 | | У самой воды\nДружбы"),
    ];
    let wrong: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (*name, if *name == "rule" { "greedy" } else { *value })).collect();
    let refused = organizer.form("/polls", &wrong).await;
    let refused = refused.expect(StatusCode::UNPROCESSABLE_ENTITY).page();
    let told = refused.texts(".summary[role=alert] a[href='#lines']");
    assert!(told.len() == 3 && told.iter().all(|told| told.contains("а правило тратит бюджет")), "{told:?}");
    assert!(refused.text("#lines-error").ends_with(&told[0]));
    assert_eq!(refused.field("title"), "Название сквера");
    let saved = organizer.form("/polls", &fields).await;
    let poll = saved.leads_to().strip_suffix("?done=poll-saved").unwrap().to_owned();
    organizer.page(&poll).await.says("После публикации ничего изменить нельзя").says("У самой воды");
    assert_eq!(
        organizer.form(&format!("{poll}/publication"), &[]).await.leads_to(),
        format!("{poll}?done=poll-published")
    );

    let nobody = platform.browser();
    nobody.page(&poll).await.says("Чтобы проголосовать, войдите").says("У самой воды");
    let anna = platform.browser_of("anna");
    anna.page(&poll).await.has("form[action$='/ballots'] [name='at.2']");
    let ballots = format!("{poll}/ballots");
    let twice = anna.form(&ballots, &[("at.0", "1"), ("at.1", "1")]).await.page();
    assert!(
        twice.text("fieldset[aria-describedby~=vote-error] #vote-error").contains("Одно место занято дважды")
    );
    assert_eq!(["at.0", "at.1", "at.2"].map(|place| twice.field(place)), ["1", "1", ""]);
    anna.form(&ballots, &[("at.0", "1.5")])
        .await
        .page()
        .has("fieldset[aria-describedby~=vote-error] #vote-error");
    anna.form(&ballots, &[("at.0", "")]).await.page().says("Выберите хотя бы один вариант");
    assert_eq!(
        anna.form(&ballots, &[("at.1", "2"), ("at.2", "1")]).await.leads_to(),
        format!("{poll}/receipt?done=voted")
    );
    anna.page(&format!("{poll}/receipt?done=voted")).await.says("Ваш голос принят");
    anna.page(&poll).await.says("До окончания голос можно изменить");
    assert_eq!(nobody.get(&format!("{poll}/result")).await.status.as_u16(), 409);

    close(&platform, &poll).await;
    nobody.page(&format!("{poll}/result")).await.says("Побеждает Дружбы");
    // Of the one that won.
    nobody.page(&poll).await.shows("section[aria-labelledby=news] li p", "Новостей пока нет.");
    let news = [("option", "3"), ("stage", "built"), ("date", "2027-05-01"), ("note", "Табличка стоит.")];
    assert_eq!(
        organizer.form(&format!("{poll}/progress"), &news).await.leads_to(),
        format!("{poll}?done=progress-told")
    );
    let after = nobody.page(&poll).await;
    after.shows("section[aria-labelledby=news] li .text", "Табличка стоит.").conceals("Новостей пока нет.");
}
