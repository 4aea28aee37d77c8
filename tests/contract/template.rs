//! Template and code, both ways.

use std::collections::BTreeSet;

use engines::Resolver;
use engines::{Function, TEMPLATE, Template, Trigger};
use events::Consumer;
use serde_json::{Value, json};
use store::keys::{EXPIRES, INDEXES, PK, SK};

fn template() -> Template {
    Template::parse(TEMPLATE).unwrap()
}

/// Every reference resolved to its own name, which is enough to read the shapes.
pub(crate) fn resolver(template: &Template) -> Resolver {
    Resolver::of_names(template.ids().chain(&template.parameters))
}

fn functions() -> Vec<(String, Function)> {
    let template = template();
    let resolver = resolver(&template);
    template.functions.keys().map(|id| (id.clone(), template.function(id, &resolver).unwrap())).collect()
}

#[test]
fn every_function_is_a_folder_and_every_folder_a_function() {
    let described: BTreeSet<String> = functions()
        .iter()
        .map(|(_, function)| function.code_uri.trim_start_matches("../functions/").to_owned())
        .collect();
    let folders = std::fs::read_dir(super::repository("functions")).unwrap();
    let folders: BTreeSet<String> = folders
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(described, folders);
    for (id, function) in functions() {
        assert_eq!(format!("../functions/{}", id.to_lowercase()), function.code_uri, "named alike");
    }
}

#[test]
fn the_tables_have_the_keys_and_indexes_of_the_code() {
    let table = &template().tables["PlatformTable"];
    let keys = |schema: &Value| -> Vec<String> {
        let parts = schema.as_array().unwrap().iter();
        parts.map(|part| part["AttributeName"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(keys(&table["KeySchema"]), [PK, SK]);
    assert_eq!(table["TimeToLiveSpecification"]["AttributeName"], EXPIRES);
    let described: BTreeSet<(String, Vec<String>)> = table["GlobalSecondaryIndexes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|index| (index["IndexName"].as_str().unwrap().to_owned(), keys(&index["KeySchema"])))
        .collect();
    let coded = INDEXES.map(|index| (index.name.to_owned(), vec![index.pk.to_owned(), index.sk.to_owned()]));
    assert_eq!(described, coded.into_iter().collect());
    assert_eq!(keys(&template().tables["PeopleTable"]["KeySchema"]), [PK, SK]);
}

#[test]
fn every_queue_has_a_dead_letter_queue_and_time_enough() {
    let template = template();
    let consumed: Vec<(String, u64)> = functions()
        .into_iter()
        .flat_map(|(_, function)| {
            let timeout = function.timeout;
            function.events.into_values().filter_map(move |trigger| match trigger {
                Trigger::Sqs { queue, function_response_types, .. } => {
                    assert_eq!(function_response_types, ["ReportBatchItemFailures"]);
                    Some((queue.trim_end_matches(".Arn").to_owned(), timeout))
                }
                Trigger::Schedule { .. } => None,
            })
        })
        .collect();
    for (queue, timeout) in &consumed {
        let properties = &template.queues[queue];
        assert!(properties["VisibilityTimeout"].as_u64().unwrap() >= 6 * timeout, "{queue}");
        assert!(properties["RedrivePolicy"]["maxReceiveCount"].as_u64().unwrap() >= 5, "{queue}");
        let dead = queue.replace("Queue", "DeadLetters");
        assert_eq!(
            properties["RedrivePolicy"]["deadLetterTargetArn"],
            json!({ "Fn::GetAtt": [dead, "Arn"] })
        );
        assert!(template.queues.contains_key(&dead));
    }
    let consumed: BTreeSet<String> = consumed.into_iter().map(|(queue, _)| queue).collect();
    // Besides those who are told of events there is one who is asked to look at polls.
    let coded = Consumer::ALL.map(Consumer::as_str).into_iter().chain(["tallying"]);
    let coded = coded.map(|name| format!("{}{}Queue", name[..1].to_uppercase(), &name[1..]));
    assert_eq!(consumed, coded.collect(), "every consumer has its queue, and every queue its consumer");
    assert_eq!(template.queues.len(), 2 * consumed.len());
}

/// The HTTP API waits for 30 seconds. The search needs 22 of them when it opens the words of 9.5 million messages
/// (`search-index/README.md`).
#[test]
fn what_answers_over_http_ends_before_nobody_waits() {
    let template = template();
    let routes = template.http_routes(&resolver(&template)).unwrap();
    let behind_routes: BTreeSet<String> = routes.into_iter().map(|route| route.function).collect();
    for (id, function) in functions() {
        assert!(!behind_routes.contains(&id) || function.timeout <= 29, "{id}");
        assert!(id != "Search" || function.timeout > 22, "{id}");
    }
}

/// A queue's URL is given to a function together with the permission to send to it, and neither without the other.
#[test]
fn permissions_and_environment_go_together() {
    for (id, function) in functions() {
        let statements: Vec<_> = function.policies.iter().flat_map(|policy| &policy.statement).collect();
        let allowed = |action: &str, resource: &str| {
            statements
                .iter()
                .any(|s| s.resource == resource && s.action.iter().any(|a| a.starts_with(action)))
        };
        for statement in &statements {
            assert_eq!(statement.effect, "Allow", "{id}");
            assert!(
                statement.action.iter().all(|action| !action.contains('*')),
                "{id}: a role names its actions"
            );
            assert_ne!(statement.resource, "*", "{id}: a role names its resources");
            // An index that was damaged is filled again from the whole table.
            assert!(
                id == "Indexing" || !statement.action.iter().any(|action| action.ends_with(":Scan")),
                "{id}: scans are for admin tools"
            );
        }
        let given = |name: &str| function.environment.variables.contains_key(name);
        for consumer in Consumer::ALL {
            let name = consumer.as_str().to_uppercase();
            let queue = format!("{}{}Queue.Arn", &name[..1], name[1..].to_lowercase());
            assert_eq!(
                given(&format!("{name}_QUEUE_URL")),
                allowed("sqs:SendMessage", &queue),
                "{id}: {queue}"
            );
        }
        assert_eq!(given("PEOPLE_TABLE"), allowed("dynamodb:", "PeopleTable.Arn"), "{id}: people");
        let (reads, writes) =
            (["s3:GetObject", "s3:PutObject"]).map(|action| allowed(action, "ArchiveBucket.Arn/*")).into();
        assert_eq!((reads, writes), (id == "Polls", id == "Tallying"), "{id}: archives");
        assert_eq!(given("ARCHIVE_STORE"), reads || writes, "{id}: archives");
        assert_eq!(given("INDEX_STORE"), allowed("s3:GetObject", "IndexBucket.Arn/*"), "{id}: index");
        assert!(given("PLATFORM_TABLE") && allowed("dynamodb:", "PlatformTable.Arn"), "{id}: platform");
    }
}
