//! Problem details as pages: the refusal that a program gets, in the language of the page.

use askama::Template;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Status;
use entrypoint::App;
use entrypoint::http::{Caller, FieldError, Refusal};
use fluent_bundle::FluentValue;

use crate::accept::wants_page;
use crate::layout::Layout;
use crate::respond::see_other;
use crate::texts::say;
use crate::visit::Visit;
use crate::{format, html};

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    l: Layout,
    slug: &'static str,
    reasons: Vec<String>,
    request: String,
    retry: bool,
    sign_in: Option<String>,
}

/// Turns problem details into a page where a page is wanted. A visitor who must sign in to see a page is sent to sign in.
pub(crate) async fn as_page(State(app): State<App>, request: Request, next: Next) -> Response {
    if !wants_page(request.headers()) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    // Made before the handler runs, so that the problem page asks nothing anew that the handler asked.
    let Ok(app) = App::from_request_parts(&mut parts, &app).await;
    let mut copy = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(refusal) = response.extensions().get::<Refusal>().cloned() else { return response };

    let mut visit = Visit::of_nobody(&copy.headers, &copy.uri);
    let back = if copy.method == Method::GET { visit.layout.here.clone() } else { "/".to_owned() };
    let sign_in = format!("/sign-in?{}", form_query("return", &back));
    if refusal.status == StatusCode::UNAUTHORIZED && copy.method == Method::GET {
        return see_other(&sign_in);
    }
    if let Ok(caller) = Caller::from_request_parts(&mut copy, &app).await
        && let Err(failure) = visit.look_up(&caller, &app).await
    {
        tracing::warn!(?failure, "a problem page is shown as to nobody");
    }
    let l = visit.layout;
    let request_id = response.headers().get("x-request-id").cloned();
    let page = ProblemPage {
        reasons: refusal.reasons.iter().map(|reason| explain(&l, reason)).collect(),
        slug: refusal.slug,
        request: request_id.as_ref().and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned(),
        retry: refusal.status == StatusCode::SERVICE_UNAVAILABLE,
        sign_in: (refusal.status == StatusCode::UNAUTHORIZED).then_some(sign_in),
        l,
    };
    let mut shown = html(&page).unwrap_or_else(IntoResponse::into_response);
    *shown.status_mut() = refusal.status;
    for name in [header::RETRY_AFTER, header::ALLOW] {
        if let Some(value) = response.headers().get(&name) {
            shown.headers_mut().insert(name, value.clone());
        }
    }
    if let Some(id) = request_id {
        shown.headers_mut().insert("x-request-id", id);
    }
    shown
}

fn form_query(name: &str, value: &str) -> String {
    format!("{name}={}", askama::filters::urlencode_strict(value).map(|v| v.to_string()).unwrap_or_default())
}

impl Layout {
    /// Why something was refused, in the page's language.
    pub fn refusal(&self, refusal: &Refusal) -> String {
        if refusal.reasons.is_empty() {
            return self.named("problem-title", refusal.slug);
        }
        let reasons: Vec<String> = refusal.reasons.iter().map(|reason| explain(self, reason)).collect();
        reasons.join("; ")
    }
}

/// A reason in the page's language; in English if there is no text for it.
pub fn explain(l: &Layout, reason: &FieldError) -> String {
    let id = format!("problem-{}", reason.code);
    if !l.has(&id) {
        return reason.message.clone();
    }
    let said = |name: &str, value: &str| match name {
        "status" if Status::ALL.iter().any(|status| status.as_str() == value) => {
            FluentValue::from(l.t(&format!("status-{value}")))
        }
        // An id may look like a number; it is none.
        "wanted" => FluentValue::from(value.to_owned()),
        "date" => value.parse().map_or(FluentValue::from(value.to_owned()), |date| {
            FluentValue::from(format::date(l.language, date))
        }),
        _ => value.parse::<u64>().map_or_else(|_| FluentValue::from(value.to_owned()), FluentValue::from),
    };
    let parts: Vec<(&str, FluentValue<'_>)> =
        reason.parts.iter().map(|(name, value)| (*name, said(name, value))).collect();
    say(l.language, &id, &parts)
}
