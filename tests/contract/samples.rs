//! Golden samples: what one version of the code writes, the next one must read.

use std::collections::BTreeSet;

use events::{Delivery, Envelope, Event};
use serde_json::Value;

fn samples() -> Vec<(String, Value)> {
    let mut samples = Vec::new();
    for entry in std::fs::read_dir(super::repository("events/samples")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        samples.push((name, serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap()));
    }
    samples
}

/// The names of all variants, from the messages of serde itself.
pub(crate) fn variants() -> BTreeSet<String> {
    let error = serde_json::from_str::<Event>("{\"type\":\"?\"}").unwrap_err().to_string();
    let names = error.split("expected one of ").nth(1).unwrap();
    names.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_event_has_a_sample_that_reads_and_writes_the_same() {
    let mut seen = BTreeSet::new();
    for (name, sample) in samples() {
        if sample.get("event").is_none_or(|event| !event.is_object()) {
            continue;
        }
        let envelope: Envelope =
            serde_json::from_value(sample.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(envelope.event.name(), name);
        assert_eq!(serde_json::to_value(&envelope).unwrap(), sample, "{name}");
        seen.insert(name);
    }
    assert_eq!(seen, variants());
}

#[test]
fn the_delivery_sample_reads_and_writes_the_same() {
    let (_, sample) = samples().into_iter().find(|(name, _)| name == "delivery").unwrap();
    let delivery: Delivery = serde_json::from_value(sample.clone()).unwrap();
    assert_eq!(serde_json::to_value(delivery).unwrap(), sample);
}

/// Nothing that is sent or stored as an event may hold what somebody wrote.
#[test]
fn events_carry_no_texts() {
    for (name, sample) in samples() {
        let text = sample.to_string();
        assert!(!text.contains("\"text\"") && !text.contains("\"note\""), "{name}");
    }
}
