//! The committed description of the HTTP API.

use std::collections::BTreeSet;

use serde_json::Value;
use vmeste::template::{TEMPLATE, Template};

/// Routes as `METHOD /path`.
fn described(openapi: &Value) -> BTreeSet<String> {
    let paths = openapi["paths"].as_object().unwrap();
    let methods = |path: &String, item: &Value| {
        let names: Vec<String> = item.as_object().unwrap().keys().cloned().collect();
        names.into_iter().map(|method| format!("{} {path}", method.to_uppercase())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(|(path, item)| methods(path, item)).collect()
}

#[test]
fn the_committed_description_is_what_the_functions_serve() {
    super::compare("infra/openapi.json", &(vmeste::functions::openapi().unwrap() + "\n"));
    let openapi: Value = serde_json::from_str(&vmeste::functions::openapi().unwrap()).unwrap();
    assert_eq!(openapi["openapi"], "3.1.0");
}

/// Each function serves the routes that the template gives it, and no other.
#[test]
fn template_and_functions_have_the_same_routes() {
    let template = Template::parse(TEMPLATE).unwrap();
    let is_http = |id: &&String| template.functions[*id]["Events"].to_string().contains("HttpApi");
    let http: BTreeSet<&str> = template.functions.keys().filter(is_http).map(String::as_str).collect();
    assert_eq!(
        http,
        vmeste::functions::routes().iter().map(|(id, _)| *id).collect(),
        "every HTTP function is described"
    );
    for (id, routes) in vmeste::functions::routes() {
        let events = template.functions[id]["Events"].as_object().unwrap();
        let route = |event: &Value| {
            let properties = &event["Properties"];
            Some(format!("{} {}", properties["Method"].as_str()?, properties["Path"].as_str()?))
        };
        let wanted: BTreeSet<String> = events.values().filter_map(route).collect();
        let served = serde_json::to_value(routes.into_openapi()).unwrap();
        assert_eq!(wanted, described(&served), "{id}");
    }
}
