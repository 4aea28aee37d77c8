//! Golden samples: what one version of the code writes, the next one must read.

use std::collections::BTreeSet;

use aws_lambda_events::event::eventbridge::EventBridgeEvent;
use aws_lambda_events::event::sqs::SqsEvent;
use engines::{TEMPLATE, Template, Trigger};
use events::{Delivery, Envelope, Event, TallyRequest};
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use serde_json::Value;

fn samples() -> Vec<(String, Value)> {
    let mut samples = Vec::new();
    for entry in std::fs::read_dir(super::repository("events/samples")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue; // what Lambda sends
        }
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
fn the_samples_of_messages_read_and_write_the_same() {
    let sample = |wanted: &str| samples().into_iter().find(|(name, _)| name == wanted).unwrap().1;
    let delivery: Delivery = serde_json::from_value(sample("delivery")).unwrap();
    assert_eq!(serde_json::to_value(delivery).unwrap(), sample("delivery"));
    let request: TallyRequest = serde_json::from_value(sample("tally_request")).unwrap();
    assert_eq!(serde_json::to_value(request).unwrap(), sample("tally_request"));
}

/// A payload for each function, of the kind that starts it, for `cargo lambda invoke` and the cold start benchmark.
#[test]
fn every_function_has_a_payload() {
    let template = Template::parse(TEMPLATE).unwrap();
    let resolver = super::template::resolver(&template);
    let routes = template.http_routes(&resolver).unwrap();
    for id in template.functions.keys() {
        let path = format!("events/samples/lambda/{}.json", id.to_lowercase());
        let sample = std::fs::read_to_string(super::repository(&path)).expect(&path);
        let triggers = template.function(id, &resolver).unwrap().events;
        match triggers.into_values().next() {
            None => {
                let request: ApiGatewayV2httpRequest = serde_json::from_str(&sample).unwrap();
                let route = request.route_key.unwrap();
                let own = routes.iter().filter(|route| route.function == *id);
                let mut own = own.filter_map(|route| route.place.as_ref());
                assert!(own.any(|(method, path)| route == format!("{method} {path}")), "{path}: {route}");
            }
            Some(Trigger::Sqs { queue, .. }) => {
                let batch: SqsEvent = serde_json::from_str(&sample).unwrap();
                let record = &batch.records[0];
                assert!(record.event_source_arn.as_ref().unwrap().ends_with(queue.trim_end_matches(".Arn")));
                let body = record.body.as_ref().unwrap();
                if id == "Tallying" {
                    serde_json::from_str::<TallyRequest>(body).unwrap();
                    continue;
                }
                let delivery: Delivery = serde_json::from_str(body).unwrap();
                assert_eq!(delivery.consumer.as_str(), id.to_lowercase());
            }
            Some(Trigger::Schedule { .. }) => {
                let event: EventBridgeEvent<Value> = serde_json::from_str(&sample).unwrap();
                assert_eq!(event.source, "aws.events");
            }
        }
    }
}

/// Nothing that is sent or stored as an event may hold what somebody wrote.
#[test]
fn events_carry_no_texts() {
    for (name, sample) in samples() {
        let text = sample.to_string();
        assert!(!text.contains("\"text\"") && !text.contains("\"note\""), "{name}");
    }
}
