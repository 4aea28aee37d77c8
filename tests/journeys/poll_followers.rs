//! Followers of the polls of a territory are told what becomes of them, and nobody else is.

use std::time::Duration;

use domain::Subject;
use events::{Consumer, Delivery, TallyRequest};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use vmeste::mailbox::Mail;

use crate::client::Client;
use crate::platform::Platform;
use crate::polls::{published, question, vote, with};

const DAY: i64 = 86_400;

async fn follow(person: &Client, territory: Option<&str>) {
    let settings = json!({ "mail": ["polls"], "language": "ru", "polls_of": territory });
    person.post("/settings", &settings).await.ok();
}

/// What somebody was told of polls, the latest first.
async fn told(person: &Client) -> Vec<String> {
    let notices = person.get("/notices").await.ok();
    let items = notices["items"].as_array().unwrap().iter().filter(|notice| notice["poll"].is_string());
    items.map(|notice| notice["kind"].as_str().unwrap().to_owned()).collect()
}

/// The clock does what is due, until this person has been told so much.
async fn ring(platform: &Platform, person: &Client, wanted: &[&str]) {
    platform.host.run("Deadlines").await.unwrap();
    for _ in 0..1_200 {
        platform.settle().await;
        if told(person).await == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(told(person).await, wanted);
}

fn mail_to(platform: &Platform, address: &str) -> Vec<Mail> {
    let files = std::fs::read_dir(platform.host.folder().join("mail")).unwrap();
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    let mails = paths.iter().map(|path| Mail::parse(&std::fs::read_to_string(path).unwrap()));
    mails.filter(|mail| mail.header("To").contains(address)).collect()
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn followers_are_told_what_becomes_of_a_poll() {
    let platform = Platform::start().await;
    let anna = platform.person("demo-citizen");
    let (boris, vera, gleb) = (platform.person("boris"), platform.person("vera"), platform.person("gleb"));
    let organizer = platform.person("demo-organizer");
    follow(&anna, Some("zaozersk")).await;
    follow(&boris, Some("priozersk-region")).await;
    follow(&vera, Some("lugovoy")).await;
    let settings = anna.get("/settings").await.ok();
    assert_eq!((&settings["polls_of"], &settings["mail"]), (&json!("zaozersk"), &json!(["polls"])));
    let nowhere = json!({ "mail": [], "language": "ru", "polls_of": "Атлантида" });
    anna.post("/settings", &nowhere).await.problem(422, "polls_of");

    let now = Timestamp::now();
    let hours = SignedDuration::from_hours;
    let times = json!({ "opens": now + hours(24), "closes": now + hours(24 * 10) });
    let poll = published(&platform, &with(question(&["a", "b"]), times)).await;
    platform.settle().await;
    for follower in [&anna, &boris] {
        assert_eq!(told(follower).await, ["poll_announced"]);
    }
    let notice = &anna.get("/notices").await.ok()["items"][0];
    assert_eq!(notice["link"], poll);
    assert_eq!(notice["title"], "Что построить во дворе");
    assert!(notice.get("submission").is_none(), "{notice}");

    platform.clock.advance(DAY + 60);
    ring(&platform, &anna, &["poll_opened", "poll_announced"]).await;
    vote(&anna, &poll, "a").await;

    // Two days before the close, once, whether they have voted or not.
    platform.clock.advance(7 * DAY);
    ring(&platform, &anna, &["poll_closing", "poll_opened", "poll_announced"]).await;
    platform.host.run("Deadlines").await.unwrap();
    platform.settle().await;
    assert_eq!(told(&boris).await, ["poll_closing", "poll_opened", "poll_announced"]);

    platform.clock.advance(2 * DAY);
    ring(&platform, &organizer, &["poll_result"]).await;
    let news = json!({ "option": "a", "stage": "planned", "date": "2030-05-01", "note": "Есть план" });
    organizer.post(&format!("{poll}/progress"), &news).await.ok();
    platform.settle().await;
    let all = ["poll_progress", "poll_result", "poll_closing", "poll_opened", "poll_announced"];
    for follower in [&anna, &boris] {
        assert_eq!(told(follower).await, all);
    }
    for other in [&vera, &gleb] {
        assert_eq!(told(other).await, [""; 0], "another territory, and none");
    }

    let mails = mail_to(&platform, "demo-citizen@");
    let subjects: Vec<String> = mails.iter().map(|mail| mail.header("Subject")).collect();
    assert_eq!(subjects.len(), 5, "{subjects:?}");
    assert_eq!(subjects[0], "Скоро голосование — Голосование «Что построить во дворе»");
    let result = mails[3].text();
    assert!(result.contains(&format!("{}{poll}/result", platform.host.url)), "{result}");

    // Who follows no polls any more is told of none.
    follow(&anna, None).await;
    let now = platform.clock.now();
    let times = json!({ "opens": now, "closes": now + hours(1) });
    published(&platform, &with(question(&["a", "b"]), times)).await;
    platform.host.run("Deadlines").await.unwrap();
    ring(&platform, &boris, &[&["poll_opened"], &all[..]].concat()).await;
    assert_eq!(told(&anna).await, all);
}

/// A run that has no time at all tells one page and hands the rest on: all are told, each once.
#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn what_one_run_does_not_come_to_is_handed_on() {
    let platform = Platform::at_rest().await;
    let people: Vec<Client> = (0..20).map(|number| platform.person(&format!("follower-{number}"))).collect();
    for person in &people {
        follow(person, Some("zaozersk")).await;
    }
    let poll = published(&platform, &question(&["a", "b"])).await;
    let app = platform.host.context("Tallying").unwrap();
    tallying::tally(&app, TallyRequest { poll: poll[7..].parse().unwrap() }).await.unwrap();
    let opened =
        platform.host.store.history(Subject::Poll(poll[7..].parse().unwrap())).await.unwrap().pop().unwrap();
    let delivery = Delivery {
        consumer: Consumer::Notifications,
        event: opened.id,
        subject: opened.subject,
        version: opened.version,
    };

    let sent = platform.depth("NotificationsQueue").await;
    let context = platform.host.context("Notifications").unwrap();
    let notifier = notifications::Notifier::new(context).running_for(Duration::ZERO);
    let mut runs = 0;
    while platform.host.store.is_pending(&delivery).await.unwrap() {
        runs += 1;
        assert!(runs <= 48, "a run comes further each time");
        let record = json!({ "messageId": "1", "body": serde_json::to_string(&delivery).unwrap() });
        let batch = serde_json::from_value(json!({ "Records": [record] })).unwrap();
        assert!(notifier.handle(batch).await.batch_item_failures.is_empty());
    }
    assert_eq!(runs, 48, "two lists of the town and one of the region, 16 shards each");
    assert_eq!(platform.depth("NotificationsQueue").await, sent + runs - 1, "each run but the last hands on");
    for person in &people {
        assert_eq!(told(person).await, ["poll_opened"]);
    }
}
