//! The page of a search.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use entrypoint::http::{Failure, FieldError};
use pages::prelude::*;
use pages::{Address, Chart, Choice, Series};

use super::view::{FacetCount, SearchResult};
use crate::intervals::labels;
use crate::missing;
use crate::question::choices;
use crate::question::context::ReadContext;
use crate::question::refused::RefusedQuestion;
use crate::question::selected::{ActiveFilter, SelectedFilters, active, line_hint, status, values};

/// Values of one filter.
struct FacetList {
    title: &'static str,
    /// Name, number of hits, and the address of the page with this filter.
    values: Vec<(String, u64, Address)>,
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    l: Layout,
    form: Form,
    /// The viewer may search for words.
    reads_texts: bool,
    signed_in: bool,
    categories: Vec<Choice>,
    territories: Option<Vec<Choice>>,
    organizations: Option<Vec<Choice>>,
    statuses: Vec<Choice>,
    only: Vec<Choice>,
    kinds: Vec<Choice>,
    result: Option<SearchResult>,
    active: Vec<ActiveFilter>,
    facets: Vec<FacetList>,
    chart: Option<Chart>,
    here: Address,
    is_first: bool,
    more: Option<Address>,
    missing: Option<String>,
    /// The line in parts, each with whether it is wrong.
    marked: Vec<(String, bool)>,
    examples: &'static [&'static str],
}

/// Examples of what can be typed. Those with words come first.
pub(crate) const EXAMPLES: [&str; 11] = [
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

/// The number of examples with words.
const WORD_EXAMPLES: usize = 5;

/// The page of hits, or the form as it came back. `is_first` says whether these are the first hits.
pub(crate) async fn show(
    context: &ReadContext<'_>,
    l: Layout,
    answer: Result<(SearchResult, SelectedFilters), RefusedQuestion>,
    is_first: bool,
) -> Result<Response, Failure> {
    let here = Address::of(&l.here).lasting();
    let organizations = choices::organizations(context).await?;
    match answer {
        Ok((result, selected)) => {
            let form = Form::filled(values(&here, Some(&selected)));
            let page = SearchPage {
                active: active(&l, &here, &form, &selected, &context.rulebook),
                facets: facets(&l, &here, &result),
                chart: chart(&l, &result),
                missing: missing::note(&l, &result.missing_quarters),
                more: result.next.as_ref().map(|cursor| here.with("cursor", cursor)),
                is_first,
                result: Some(result),
                organizations,
                ..SearchPage::of_form(context, l, here, form)
            };
            html(&page)
        }
        Err(refused) => {
            let marked = refused.marked(here.get("q"));
            let status = refused.failure.refusal().status;
            // 401 would make browsers ask for a password. The page itself offers to sign in.
            let status = if status == StatusCode::UNAUTHORIZED { StatusCode::FORBIDDEN } else { status };
            let form = Form::refused(&l, Some(values(&here, None)), beside_the_line(refused.failure))?;
            let page = SearchPage { organizations, marked, ..SearchPage::of_form(context, l, here, form) };
            html_with(status, &page)
        }
    }
}

impl SearchPage {
    /// The page without hits.
    fn of_form(context: &ReadContext<'_>, l: Layout, here: Address, form: Form) -> Self {
        let reads_texts = context.reads_texts();
        Self {
            reads_texts,
            signed_in: l.viewer.is_some(),
            categories: choices::categories(&l, &context.rulebook),
            territories: pages::choices::territories(&l, &context.rulebook.territories),
            organizations: None,
            statuses: choices::statuses(&l),
            only: choices::only(&l),
            kinds: choices::kinds(&l),
            result: None,
            active: Vec::new(),
            facets: Vec::new(),
            chart: None,
            is_first: true,
            more: None,
            missing: None,
            marked: Vec::new(),
            examples: if reads_texts { &EXAMPLES } else { &EXAMPLES[WORD_EXAMPLES..] },
            form,
            here,
            l,
        }
    }

    fn line_hint(&self) -> &'static str {
        line_hint(self.reads_texts)
    }
}

/// A refusal to search for words, as an error of the field that has them.
fn beside_the_line(failure: Failure) -> Failure {
    match failure {
        Failure::Unauthenticated(message) | Failure::Forbidden(message) => {
            Failure::Invalid(vec![FieldError::coded("q", "words-for-staff", message)])
        }
        failure => failure,
    }
}

/// The number of values that the page shows of each filter.
const FACET_VALUES: usize = 8;

fn facets(l: &Layout, here: &Address, result: &SearchResult) -> Vec<FacetList> {
    let list = |title, name: &str, counts: &[FacetCount]| {
        let value = |facet: &FacetCount| {
            let words = if name == "status" { status(l, &facet.id) } else { facet.name.clone() };
            (words, facet.count, here.with(name, &facet.id))
        };
        FacetList { title, values: counts.iter().take(FACET_VALUES).map(value).collect() }
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
    let days: Vec<_> = timeline.counts.iter().map(|interval| interval.from).collect();
    let step = timeline.step.as_str();
    Some(Chart {
        title: l.named("search-timeline", step),
        slot: l.named("step", step),
        labels: labels(l, timeline.step, &days),
        series: vec![Series {
            name: l.t("search-received-count"),
            values: timeline.counts.iter().map(|interval| interval.count).collect(),
            warns: false,
        }],
        ..Chart::default()
    })
}
