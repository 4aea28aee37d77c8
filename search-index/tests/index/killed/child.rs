//! The writer that is killed: this very program, started again.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;

use super::stopping_store::{Stop, StoppingStore};
use super::table::batch;
use crate::common::*;

/// Before what the child says, among what the test harness says.
const MARK: &str = "child: ";

pub(super) struct Child {
    process: std::process::Child,
    said: BufReader<ChildStdout>,
    /// The batches that it said are published.
    acknowledged: Vec<u32>,
}

impl Child {
    /// Starts a writer that publishes the batches from `first` on, one after another, and stops with the second of them.
    pub(super) fn start(store: &Path, work: &Path, first: u32, stop: Stop) -> Self {
        let program = std::env::current_exe().expect("this program");
        let mut process = Command::new(program)
            .args(["--exact", "killed::child::a_writer", "--ignored", "--nocapture"])
            .envs([("KILLED_STORE", store), ("KILLED_WORK", work)])
            .env("KILLED_FIRST", first.to_string())
            .env("KILLED_STOP", stop.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let said = BufReader::new(process.stdout.take().expect("what it says"));
        Self { process, said, acknowledged: Vec::new() }
    }

    /// Waits until it says this.
    pub(super) fn until(&mut self, wanted: &str) {
        while let Some(said) = self.next() {
            if said == wanted {
                return;
            }
        }
        panic!("the writer ended before it was killed: {:?}", self.process.wait());
    }

    /// `kill -9`; gives what was acknowledged until then.
    pub(super) fn kill(mut self) -> Vec<u32> {
        self.process.kill().expect("killed");
        let status = self.process.wait().expect("a dead process");
        assert_eq!(status.code(), None, "a signal has ended it");
        while self.next().is_some() {}
        std::mem::take(&mut self.acknowledged)
    }

    fn next(&mut self) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.said.read_line(&mut line).expect("a line") == 0 {
                return None;
            }
            let Some(said) = line.trim_end().strip_prefix(MARK) else { continue };
            if let Some(batch) = said.strip_prefix("acknowledged ") {
                self.acknowledged.push(batch.parse().expect("a number"));
            }
            return Some(said.to_owned());
        }
    }
}

pub(super) fn say(what: &str) {
    // At once, and on a line of its own whatever the harness has written.
    std::io::stdout().write_all(format!("\n{MARK}{what}\n").as_bytes()).expect("said");
}

#[tokio::test]
#[ignore = "is started by the tests that kill it"]
async fn a_writer() {
    let variable = |name: &str| std::env::var(name).ok();
    let (Some(remote), Some(work)) = (variable("KILLED_STORE"), variable("KILLED_WORK")) else { return };
    let first: u32 = variable("KILLED_FIRST").expect("a batch").parse().expect("a number");
    let stop = Stop::parse(&variable("KILLED_STOP").expect("where to stop"));
    std::thread::spawn(|| {
        // The end of the input means that the parent process is gone without killing this one.
        let _ended = std::io::stdin().read(&mut [0]);
        std::process::exit(1);
    });

    let remote = LocalFileSystem::new_with_prefix(remote).expect("a store");
    let stopping = Arc::new(StoppingStore::new(remote));
    let store: Arc<dyn ObjectStore> = Arc::clone(&stopping) as Arc<dyn ObjectStore>;
    let mut writer = open(&store, Path::new(&work)).await;
    for number in first.. {
        writer.apply(batch(number)).await.expect("applied");
        if number > first && stop == Stop::Applied {
            say("stopped");
            std::future::pending::<()>().await;
        }
        writer.publish().await.expect("published");
        say(&format!("acknowledged {number}"));
        stopping.stop_at(stop);
    }
}
