//! What shows that a count was not right.

use std::fs;
use std::io::{self, Write};
use std::process::Command;
use std::sync::{Arc, Mutex};

use domain::BallotId;
use events::TallyRequest;
use jiff::SignedDuration;
use poll::Stage;
use poll::ballot::Choice;
use poll::ballot_box::{Cast, Decision, cast};
use poll::proof::{Bytes32, OwnWord, PollKey};
use uuid::Uuid;

use crate::platform::Platform;
use crate::polls::{close, later, published, question, vote};

/// What is logged on this thread.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Logged {
    fn says(&self, what: &str) -> bool {
        String::from_utf8_lossy(&self.0.lock().unwrap()).contains(what)
    }
}

/// A ballot was accepted in time, and its put arrives when all are counted.
#[tokio::test(flavor = "multi_thread")]
async fn a_ballot_that_comes_after_the_count_rings_the_alarm() {
    let logged = Logged::default();
    let writer = logged.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _listens = tracing::subscriber::set_default(subscriber);
    for late in [false, true] {
        let platform = Platform::at_rest().await;
        let address = published(&platform, &question(&["a", "b"])).await;
        vote(&platform.person("anna"), &address, "a").await;
        close(&platform, &address).await;
        let app = platform.host.context("Tallying").unwrap();
        let id = address[7..].parse().unwrap();
        if late {
            let mut poll = app.store.poll(id).await.unwrap().unwrap();
            poll.stage = Stage::Published;
            let key = PollKey::derive(app.secret().unwrap(), id);
            let own = OwnWord { word: None, key: Bytes32([1; 32]) };
            let choice = Choice::One("b".parse().unwrap());
            let vote = Cast {
                id: BallotId::new(Uuid::now_v7()),
                request: None,
                choice,
                salt: Bytes32([2; 32]),
                own,
            };
            let in_time = poll.question.closes - SignedDuration::from_secs(1);
            let Ok(Decision::Write(ballot)) = cast(&poll, &key, None, &vote, in_time) else {
                panic!("refused")
            };
            assert!(app.store.put_ballot(id, &Bytes32([3; 32]), &ballot).await.unwrap());
        }
        // An hour later the ballots are looked at once more. The alarm LateBallots counts these lines (infra/template.yaml).
        later(&platform, &address, 3_700).await;
        assert_eq!(logged.says("poll.late_ballots"), late);
        assert!(app.store.poll(id).await.unwrap().unwrap().settled);
        tallying::tally(&app, TallyRequest { poll: id }).await.unwrap();
    }
}

/// Scripts rely on the exit code.
#[tokio::test(flavor = "multi_thread")]
async fn the_commands_end_with_zero_only_if_all_holds() {
    let vmeste = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_vmeste")).args(arguments).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let platform = Platform::start().await;
    let poll = published(&platform, &question(&["a", "b"])).await;
    let view = platform.anonymous().get(&poll).await.ok();
    let key = view["key_fingerprint"].as_str().unwrap();
    let receipt = vote(&platform.person("anna"), &poll, "a").await;
    vote(&platform.person("boris"), &poll, "b").await;
    let another = published(&platform, &question(&["a", "b"])).await;
    let foreign = vote(&platform.person("anna"), &another, "a").await;
    close(&platform, &poll).await;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let published = reqwest::get(platform.anonymous().address(&format!("{poll}/archive"))).await.unwrap();
    let published = published.bytes().await.unwrap();
    let archive = file("archive.json", &published);
    let receipt = file("receipt.json", receipt.to_string().as_bytes());
    let (holds, said) = vmeste(&["verify", &archive, "--key", key, "--receipt", &receipt]);
    assert!(holds && said.contains("your ballot counts as") && !said.contains("FAILED"), "{said}");

    let changed = String::from_utf8(published.to_vec()).unwrap().replacen("Вариант a", "Вариант A", 1);
    let (holds, said) = vmeste(&["verify", &file("changed.json", changed.as_bytes()), "--key", key]);
    assert!(!holds && said.contains("FAILED"), "{said}");
    assert!(!vmeste(&["verify", &archive, "--key", &key.replace(|c: char| c.is_ascii_digit(), "a")]).0);
    let foreign = file("foreign.json", foreign.to_string().as_bytes());
    assert!(!vmeste(&["verify", &archive, "--key", key, "--receipt", &foreign]).0);

    let votes = reqwest::get(platform.anonymous().address(&format!("{poll}/votes"))).await.unwrap();
    let votes = file("votes.pb", &votes.bytes().await.unwrap());
    let (counted, said) = vmeste(&["poll", "count", &votes, "--rule", "plurality", "--json"]);
    assert!(counted && said == "{\"totals\":{\"a\":1,\"b\":1},\"winners\":[\"a\"]}\n", "{said}");
    for rule in ["magic", "irv", "greedy"] {
        assert!(!vmeste(&["poll", "count", &votes, "--rule", rule]).0, "{rule}");
    }
    assert!(!vmeste(&["poll", "count", &archive, "--rule", "plurality"]).0, "no file of votes");
}
