//! The committed description of the HTTP API.

use std::collections::BTreeSet;

use engines::{HttpRoute, TEMPLATE, Template};
use serde_json::Value;

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
    let routes = template.http_routes(&super::template::resolver(&template)).unwrap();
    let http: BTreeSet<&str> = routes.iter().map(|route| route.function.as_str()).collect();
    assert_eq!(
        http,
        vmeste::functions::routes().iter().map(|(id, _)| *id).collect(),
        "every HTTP function is described"
    );
    for (id, served) in vmeste::functions::routes() {
        let own = routes.iter().filter(|route| route.function == id);
        let place = |route: &HttpRoute| route.place.as_ref().map(|(method, path)| format!("{method} {path}"));
        let wanted: BTreeSet<String> = own.filter_map(place).collect();
        let served = serde_json::to_value(served.into_openapi()).unwrap();
        assert_eq!(wanted, described(&served), "{id}");
    }
}
