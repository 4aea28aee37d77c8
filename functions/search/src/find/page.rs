//! The page of hits, and hits as a table to take away.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::rulebook::Rulebook;
use entrypoint::App;
use entrypoint::http::{Failure, FieldError};
use jiff::tz::TimeZone;
use pages::prelude::*;
use pages::{Chart, Choice, Series};
use search_index::DEPTH_LIMIT;

use crate::find::{FacetCount, Found, SearchResult, Understood};
use crate::missing;
use crate::question::choices;
use crate::question::chosen::{Active, active, line_hint, organizations, status, values};
use crate::question::filter::Sight;
use crate::question::mistake::marked;
use crate::timeline::labels;
use pages::Address;
use pages::table::{Table, Value};

/// Values of one filter with their counts.
struct FacetList {
    title: &'static str,
    values: Vec<(String, u64, Address)>,
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    l: Layout,
    form: Form,
    /// May the viewer read texts, and so search for words?
    reads_texts: bool,
    signed_in: bool,
    categories: Vec<Choice>,
    territories: Option<Vec<Choice>>,
    organizations: Option<Vec<Choice>>,
    statuses: Vec<Choice>,
    only: Vec<Choice>,
    kinds: Vec<Choice>,
    result: Option<SearchResult>,
    active: Vec<Active>,
    facets: Vec<FacetList>,
    chart: Option<Chart>,
    here: Address,
    first: bool,
    more: Option<Address>,
    missing: Option<String>,
    /// The line in parts, those marked that are wrong.
    marked: Vec<(String, bool)>,
    /// Examples of how to search.
    examples: &'static [&'static str],
}

/// Examples of how to search: those of words come first.
const WORD_EXAMPLES: usize = 5;
const EXAMPLES: [&str; 11] = [
    "forms",
    "phrase",
    "minus",
    "star",
    "or",
    "by-category",
    "by-place",
    "by-status",
    "by-mark",
    "by-day",
    "without",
];

/// The page of what was found, or the form as it came back.
pub(crate) async fn show(
    app: &App,
    l: Layout,
    sight: &Sight,
    rulebook: &Rulebook,
    found: Result<(SearchResult, Understood), Failure>,
) -> Result<Response, Failure> {
    let here = Address::of(&l.here).lasting();
    let mut wrong = Vec::new();
    let (status, form, result, understood) = match found {
        Ok((result, understood)) => {
            let form = Form::filled(values(&here, Some(&understood.chosen)));
            (None, form, Some(result), Some(understood))
        }
        Err(failure) => {
            let status = failure.refusal().status;
            wrong = marked(here.get("q"), &failure);
            // A page that says so is no challenge to sign in.
            let status = if status == StatusCode::UNAUTHORIZED { StatusCode::FORBIDDEN } else { status };
            (
                Some(status),
                Form::refused(&l, Some(values(&here, None)), beside_the_words(failure))?,
                None,
                None,
            )
        }
    };
    let reads_texts = sight.reads_texts();
    let organizations = organizations(app, sight).await?;
    let next = result.as_ref().and_then(|result| result.next.as_ref());
    let page = SearchPage {
        reads_texts,
        signed_in: l.viewer.is_some(),
        categories: choices::categories(&l, rulebook),
        territories: choices::territories(rulebook),
        statuses: choices::statuses(&l),
        only: choices::only(&l),
        kinds: choices::kinds(&l),
        active: understood
            .as_ref()
            .map(|understood| active(&l, &here, &form, &understood.chosen, rulebook))
            .unwrap_or_default(),
        facets: result.as_ref().map(|result| facets(&l, &here, result)).unwrap_or_default(),
        chart: result.as_ref().and_then(|result| chart(&l, result)),
        missing: result.as_ref().and_then(|result| missing::note(&l, &result.missing_quarters)),
        more: next.map(|cursor| here.with("cursor", cursor)),
        first: understood.is_none_or(|understood| understood.first),
        organizations,
        marked: wrong,
        examples: if reads_texts { &EXAMPLES } else { &EXAMPLES[WORD_EXAMPLES..] },
        form,
        result,
        here,
        l,
    };
    html_with(status.unwrap_or_default(), &page)
}

impl SearchPage {
    /// What can be written into the line.
    fn line_hint(&self) -> &'static str {
        line_hint(self.reads_texts)
    }
}

/// Who may not search for words reads so beside them.
fn beside_the_words(failure: Failure) -> Failure {
    match failure {
        Failure::Unauthenticated(message) | Failure::Forbidden(message) => {
            Failure::Invalid(vec![FieldError::coded("q", "words-for-staff", message)])
        }
        failure => failure,
    }
}

/// Values shown of each filter on the page.
const SHOWN: usize = 8;

fn facets(l: &Layout, here: &Address, result: &SearchResult) -> Vec<FacetList> {
    let list = |title, name: &str, counts: &[FacetCount]| {
        let value = |facet: &FacetCount| {
            let said = if name == "status" { status(l, &facet.id) } else { facet.name.clone() };
            (said, facet.count, here.with(name, &facet.id))
        };
        FacetList { title, values: counts.iter().take(SHOWN).map(value).collect() }
    };
    let facets = &result.facets;
    let mut lists = vec![
        list("search-status", "status", &facets.status),
        list("search-category", "category", &facets.category),
        list("search-territory", "territory", &facets.territory),
    ];
    if let Some(organizations) = &facets.organization {
        lists.push(list("search-organization", "organization", organizations));
    }
    lists.retain(|list| list.values.len() > 1);
    lists
}

fn chart(l: &Layout, result: &SearchResult) -> Option<Chart> {
    let timeline = result.timeline.as_ref().filter(|timeline| timeline.counts.len() > 1)?;
    let days: Vec<_> = timeline.counts.iter().map(|piece| piece.from).collect();
    let step = timeline.step.as_str();
    Some(Chart {
        title: l.named("search-timeline", step),
        slot: l.named("step", step),
        labels: labels(l, timeline.step, &days),
        series: vec![Series {
            name: l.t("search-received-count"),
            values: timeline.counts.iter().map(|piece| piece.count).collect(),
            warns: false,
        }],
        ..Chart::default()
    })
}

/// Hits as a table; without what the reader may not see.
pub(crate) fn export(l: &Layout, result: &SearchResult, reads_texts: bool, rulebook: &Rulebook) -> Table {
    let root = rulebook.root_territory();
    let zone = root.map_or(TimeZone::UTC, |root| rulebook.local_days(&root.id).zone);
    let mut columns = vec!["id", "received", "kind", "status", "category", "territory", "due", "mark"];
    if reads_texts {
        columns.extend(["organization", "place", "external-id", "text"]);
    }
    let time = |at: jiff::Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    // A term ends with the end of its last day.
    let last_day = |due: jiff::Timestamp| {
        let within = due.checked_sub(jiff::SignedDuration::from_secs(1)).unwrap_or(due);
        within.to_zoned(zone.clone()).date().to_string()
    };
    let row = |hit: &Found| -> Vec<Value> {
        let mut row = vec![
            Value::Text(hit.id.to_string()),
            Value::Text(time(hit.received)),
            Value::Text(l.named("kind", hit.kind.as_str())),
            Value::Text(l.named("status", hit.status)),
            Value::from(hit.category.as_ref().map(|category| category.name.clone())),
            Value::Text(hit.territory.name.clone()),
            Value::from(hit.due.map(last_day)),
            hit.mark.map_or(Value::Nothing, |mark| Value::Count(mark.into())),
        ];
        if reads_texts {
            row.push(Value::from(hit.organization.as_ref().map(|organization| organization.name.clone())));
            row.extend([&hit.place, &hit.external_id, &hit.text].map(|text| Value::from(text.clone())));
        }
        row
    };
    Table {
        name: "submissions",
        heading: columns.into_iter().map(|name| l.named("column", name)).collect(),
        rows: result.items.iter().map(row).collect(),
    }
    .with_note(cut(l, result))
    .with_note(missing::note(l, &result.missing_quarters))
}

/// That there are more hits than a file holds; none if there are not.
fn cut(l: &Layout, result: &SearchResult) -> Option<String> {
    let (shown, total) = (l.integer(DEPTH_LIMIT), l.integer(result.total));
    (result.total > DEPTH_LIMIT).then(|| l.with2("export-cut", "shown", shown, "total", total))
}
