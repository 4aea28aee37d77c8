//! Requests and the filters that they are resolved to.

use std::fmt::Display;

use entrypoint::http::{Failure, NoEntry};
use pages::Address;
use pages::submission::Named;
use search_index::Filter;

use super::entry::NamedEntry;
use super::filter::{RawFilter, ResolvedFilter, Surroundings};
use super::refused::RefusedQuestion;
use super::resolver::OrganizationEntry;
use super::scope::ReadScope;
use crate::fixture::rulebook;

const NOW: &str = "2026-06-30T09:00:00Z";

fn resolve(query: &str) -> Result<ResolvedFilter, RefusedQuestion> {
    let address = Address::of(&format!("/search?{query}"));
    let get = |name: &str| Some(address.get(name)).filter(|value| !value.is_empty());
    let raw = RawFilter {
        q: get("q"),
        category: get("category"),
        territory: get("territory"),
        organization: get("organization"),
        kind: get("kind"),
        direct: get("direct"),
        status: get("status"),
        only: get("only"),
        from: get("from"),
        to: get("to"),
    };
    let organizations: Vec<OrganizationEntry> = [
        ("hall", "Мэрия", "/hall/"),
        ("works", "Дорожная служба", "/hall/works/"),
        ("school", "Школа", "/school/"),
    ]
    .map(|(id, name, path)| {
        let path = serde_json::from_value(path.into()).unwrap();
        NamedEntry::new(id, &[name], (id.parse().unwrap(), path))
    })
    .into();
    let organization = match raw.organization {
        None => Ok(None),
        Some("works") => {
            let named = Named { id: "works".into(), name: "Дорожная служба".into() };
            Ok(Some((vec!["works".parse().unwrap()], named)))
        }
        Some(wanted) => Err(NoEntry::Unknown { wanted: wanted.to_owned() }),
    };
    let now = NOW.parse().unwrap();
    let around = Surroundings { rulebook: &rulebook(), organization, organizations: &organizations, now };
    raw.resolve_in(raw.line(), around)
}

/// A filter in one line.
fn shown(filter: &Filter) -> String {
    fn list<T: Display>(name: &str, values: &[T]) -> String {
        let mut values: Vec<String> = values.iter().map(ToString::to_string).collect();
        values.sort();
        format!("{name}={}", values.join(","))
    }
    let parts = [
        filter.categories.as_deref().map(|ids| list("category", ids)),
        filter.uncategorized.then(|| "uncategorized".to_owned()),
        filter.kind.map(|kind| format!("kind={}", kind.as_str())),
        filter.overdue_at.map(|at| format!("overdue={at}")),
        filter.reopened.then(|| "reopened".to_owned()),
        filter.territories.as_deref().map(|ids| list("territory", ids)),
        filter.organizations.as_deref().map(|ids| list("organization", ids)),
        (!filter.statuses.is_empty()).then(|| list("status", &filter.statuses)),
        filter.received_from.map(|at| format!("from={at}")),
        filter.received_before.map(|at| format!("before={at}")),
        filter.marks.as_ref().map(|marks| format!("marks={}-{}", marks.start(), marks.end())),
    ];
    let nested = |sign: &'static str, filters: &[Filter]| -> Vec<String> {
        filters.iter().map(|filter| format!("{sign}({})", shown(filter))).collect()
    };
    let (also, except) = (nested("+", &filter.also), nested("-", &filter.except));
    parts.into_iter().flatten().chain(also).chain(except).collect::<Vec<_>>().join(" ")
}

#[test]
fn parameters_become_a_filter() {
    for (query, wanted) in [
        ("", ""),
        ("category=pothole", "category=pothole"),
        ("category=roads", "category=pothole,roads,snow"),
        ("category=Дороги", "category=pothole,roads,snow"),
        ("category=roads&direct=category", "category=roads"),
        ("category=-", "uncategorized"),
        ("territory=region", ""),
        ("territory=town", "territory=north,town"),
        ("territory=Заозёрск", "territory=north,town"),
        ("territory=town&direct=territory", "territory=town"),
        ("territory=region&direct=category,territory", "territory=region"),
        ("organization=works", "organization=works"),
        ("kind=appeal", "kind=appeal"),
        ("kind=report", "kind=report"),
        ("status=answered", "status=answered"),
        ("status=answered, closed", "status=answered,closed"),
        ("only=overdue", "overdue=2026-06-30T09:00:00Z"),
        ("only=reopened", "reopened"),
        // Midnight of the chosen territory; the last day is included.
        ("from=2026-06-01", "from=2026-05-31T21:00:00Z"),
        ("to=2026-06-30", "before=2026-06-30T21:00:00Z"),
        ("territory=east&from=01.06.2026", "territory=east from=2026-05-31T19:00:00Z"),
        ("to=2026-06-30T12:00:00Z", "before=2026-06-30T12:00:00Z"),
    ] {
        let resolved = resolve(query).unwrap_or_else(|refused| panic!("{query}: {:?}", refused.failure));
        assert_eq!(shown(&resolved.query.filter), wanted, "{query}");
        assert!(resolved.query.words.is_empty(), "{query}");
    }
}

#[test]
fn filters_of_the_line_are_resolved_in_the_directory() {
    for (line, wanted) in [
        ("тема:дороги", "+(category=pothole,roads,snow)"),
        ("category:pothole,air", "+(category=air,pothole)"),
        ("-тема:яма", "-(category=pothole)"),
        ("category:-", "+(uncategorized)"),
        ("тема:\"без категории\"", "+(uncategorized)"),
        ("category:-,pothole", "+(-(-(uncategorized) -(category=pothole)))"),
        ("место:\"ЗАОЗЕРСК\"", "+(territory=north,town)"),
        ("орган:мэрия", "+(organization=hall,works)"),
        ("org:works,school", "+(organization=school,works)"),
        ("вид:обращение", "+(kind=appeal)"),
        ("kind:report,appeal", "+(-(-(kind=report) -(kind=appeal)))"),
        ("status:answered", "+(status=answered)"),
        ("mark:2..4", "+(marks=2-4)"),
        ("received:2026-03", "+(from=2026-02-28T21:00:00Z before=2026-03-31T21:00:00Z)"),
        ("mark:5 kind:appeal", "+(marks=5-5) +(kind=appeal)"),
    ] {
        let line: String = Address::new("").with("q", line).to_string();
        let resolved = resolve(&line[1..]).unwrap_or_else(|refused| panic!("{line}: {:?}", refused.failure));
        assert_eq!(shown(&resolved.query.filter), wanted, "{line}");
    }
}

#[test]
fn words_are_no_filter() {
    let resolved = resolve("q=яма+тема:яма").unwrap();
    assert!(!resolved.query.words.is_empty());
    assert_eq!(shown(&resolved.query.filter), "+(category=pothole)");
}

#[test]
fn a_filter_remembers_what_it_names() {
    let resolved = resolve("category=Яма&territory=Восточный&organization=works").unwrap();
    assert_eq!(resolved.category.unwrap().as_str(), "pothole");
    assert_eq!(resolved.territory.id.as_str(), "east");
    assert_eq!(resolved.organization.unwrap().name, "Дорожная служба");
    assert_eq!(resolved.zone.iana_name(), Some("Asia/Yekaterinburg"));
    assert_eq!(resolve("category=-").unwrap().territory.id.as_str(), "region");
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    for (query, wanted) in [
        ("category=no-such", "category unknown-entry"),
        ("territory=no-such", "territory unknown-entry"),
        ("organization=no-such", "organization unknown-entry"),
        ("kind=letter", "kind invalid"),
        ("direct=organization", "direct invalid"),
        ("status=done", "status invalid"),
        ("status=answered,,closed", "status invalid"),
        ("only=late", "only invalid"),
        ("from=yesterday", "from no-day"),
        ("to=2026-02-30", "to no-day"),
        ("from=2026-06-01T10:00", "from no-day"),
        ("q=тема:ям", "q line-entry"),
        ("q=место:нигде+орган:никто", "q line-entry, q line-entry"),
        ("q=цвет:синий", "q line-field"),
        ("kind=letter&from=x&q=«", "kind invalid, from no-day, q line-quotation"),
    ] {
        let Err(RefusedQuestion { failure: Failure::Invalid(errors), .. }) = resolve(query) else {
            panic!("{query} is not refused")
        };
        let told: Vec<String> =
            errors.iter().map(|error| format!("{} {}", error.field, error.code)).collect();
        assert_eq!(told.join(", "), wanted, "{query}");
    }
}

#[test]
fn a_line_has_a_longest_length_and_a_largest_number_of_errors() {
    let codes = |query: &str| match resolve(query).unwrap_err().failure {
        Failure::Invalid(errors) => errors.into_iter().map(|error| error.code).collect::<Vec<_>>(),
        failure => panic!("{failure:?}"),
    };
    assert_eq!(codes(&format!("q={}", "я".repeat(501))), ["too-many-words"]);
    assert!(resolve(&format!("q={}", "я".repeat(500))).is_ok());
    let wrong: Vec<String> = (0..12).map(|n| format!("x{n}")).collect();
    assert_eq!(codes(&format!("q=тема:{}", wrong.join(","))).len(), 10);
    let wrong: Vec<String> = (0..12).map(|n| format!("тема:x{n}")).collect();
    assert_eq!(codes(&format!("q={}", wrong.join("+"))).len(), 10);
}

#[test]
fn the_spans_of_wrong_names_are_those_of_the_line() {
    let refused = resolve("q=яма+тема:нет+mark:9").unwrap_err();
    let parts = refused.marked("яма тема:нет mark:9");
    let marked: Vec<&str> = parts.iter().filter(|(_, wrong)| *wrong).map(|(text, _)| text.as_str()).collect();
    assert_eq!(marked, ["9"], "names are looked up in a line that can be parsed");
    let refused = resolve("q=яма+тема:нет,яма").unwrap_err();
    assert_eq!(refused.marked("яма тема:нет,яма")[1], ("нет".to_owned(), true));
}

#[test]
fn a_scope_confines_every_filter() {
    let within = ReadScope::Within(vec!["works".parse().unwrap(), "hall".parse().unwrap()]);
    let confined = |scope: &ReadScope, query: &str| {
        let mut filter = resolve(query).unwrap().query.filter;
        scope.confine(&mut filter);
        shown(&filter)
    };
    assert_eq!(confined(&within, ""), "organization=hall,works");
    assert_eq!(confined(&within, "organization=works"), "organization=works");
    let other = ReadScope::Within(vec!["school".parse().unwrap()]);
    assert_eq!(confined(&other, "organization=works"), "organization=", "nothing, and not everything");
    assert_eq!(confined(&ReadScope::Everything, "organization=works"), "organization=works");
    assert_eq!(confined(&ReadScope::Public, ""), "");
    assert!(within.reads_texts() && ReadScope::Everything.reads_texts() && !ReadScope::Public.reads_texts());
}
