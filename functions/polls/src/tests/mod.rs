//! Tables over what is pure: requests, the filled in form, the steps of the wizard, views, the words of a protocol.

mod protocol;
mod request;
mod routes;
mod steps;
mod view;

use axum::http::{HeaderMap, Uri};
use domain::calendar::Calendar;
use domain::routing::RoutingTable;
use domain::rulebook::Rulebook;
use domain::territory::Territory;
use domain::tree::Tree;
use entrypoint::http::{Failure, FieldError, FormValues};
use pages::{Language, Layout};
use poll::Question;

use crate::poll::request::PollRequest;

/// Fields with their values, or with the code of what is wrong.
type Fields<'a> = &'a [(&'a str, &'a str)];

/// A country in Moscow's time, in which the east has its own and the valley takes the east's.
fn rulebook() -> Rulebook {
    let territory = |id: &str, parent: Option<&str>, time_zone: Option<&str>| Territory {
        id: id.parse().unwrap(),
        name: format!("The {id}"),
        parent: parent.map(|parent| parent.parse().unwrap()),
        time_zone: time_zone.map(str::to_owned),
        calendar: None,
        default_organization: None,
    };
    let territories = vec![
        territory("country", None, Some("Europe/Moscow")),
        territory("east", Some("country"), Some("Asia/Vladivostok")),
        territory("valley", Some("east"), None),
    ];
    Rulebook {
        version: 1,
        territories: Tree::build(territories).unwrap(),
        categories: Tree::build(vec![]).unwrap(),
        routing: RoutingTable::default(),
        deadline_rules: vec![],
        calendars: vec![],
        weekends: Calendar::weekends_only("weekends".parse().unwrap()),
    }
}

/// A form in which everything is right, with these fields instead; an empty value is a field left out.
fn form(changes: Fields<'_>) -> FormValues {
    let good = [
        ("title", "What to build"),
        ("text", "We decide together"),
        ("territory", "country"),
        ("opens", "2026-12-01T10:00"),
        ("closes", "2026-12-15T20:00"),
        ("ballot.kind", "choose_one"),
        ("rule", "plurality"),
        ("ties", "lot"),
        ("lines", "Park | 100\nBridge | 200 | Old town\nSchool | 300"),
    ];
    let mut values = FormValues::default();
    for (name, value) in good.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name)) {
        values.set(*name, *value);
    }
    for (name, value) in changes {
        values.set(*name, *value);
    }
    values
}

fn parsed(values: &FormValues) -> Result<Question, Vec<(String, String)>> {
    let request: PollRequest = values.read().unwrap();
    request.parse(&rulebook(), &[]).map_err(|failure| match failure {
        Failure::Invalid(wrong) => codes(&wrong),
        failure => panic!("{failure:?}"),
    })
}

fn codes(wrong: &[FieldError]) -> Vec<(String, String)> {
    wrong.iter().map(|error| (error.field.clone(), error.code.clone())).collect()
}

fn english() -> Layout {
    Layout { language: Language::En, ..Layout::of_nobody(&HeaderMap::new(), &Uri::default()) }
}
