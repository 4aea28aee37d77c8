//! One way to answer a POST, whether a program or a form sent it.
//!
//! A program gets the reply, or problem details. A form that was taken leads the browser on (303). A form that was refused
//! is shown again as it was filled in, with what is wrong, under the status that a program would get.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use entrypoint::http::cookies::NewCookie;
use entrypoint::http::{Failure, HttpCommand, Posted};

use crate::fields::Form;
use crate::layout::Layout;
use crate::respond::see_other;
use crate::visit::Visit;

/// What a request was answered when it was taken.
#[derive(Debug)]
pub struct Done {
    program: Response,
    browser: Response,
}

impl Done {
    /// The reply to a program, and where a form leads.
    pub fn new(reply: impl IntoResponse, to: &str) -> Self {
        Self::showing(reply, see_other(to))
    }

    /// The reply to a program, and what a browser gets instead of being led on.
    pub fn showing(reply: impl IntoResponse, browser: impl IntoResponse) -> Self {
        Self { program: reply.into_response(), browser: browser.into_response() }
    }

    /// A cookie for the browser to keep.
    #[must_use]
    pub fn with_cookie(mut self, cookie: &NewCookie) -> Self {
        self.browser.headers_mut().append(header::SET_COOKIE, cookie.header());
        self
    }
}

impl Visit {
    /// Answers a POST whose form has a page of its own: `act` does what is asked for, `again` shows the page with the form
    /// that was refused.
    ///
    /// # Errors
    /// The failure, if a program is told, or if no form can mend it.
    pub async fn answer<T>(
        self,
        posted: Posted<T>,
        act: impl AsyncFnOnce(HttpCommand<T>) -> Result<Done, Failure>,
        again: impl AsyncFnOnce(Layout, Form) -> Result<Response, Failure>,
    ) -> Result<Response, Failure> {
        let Posted { form, command } = posted;
        let failure = match taken(form.is_some(), command, act).await {
            Err(failure) if self.page => failure,
            taken => return taken,
        };
        let status = failure.refusal().status;
        let form = Form::refused(&self.layout, form, failure)?;
        let mut page = again(self.layout, form).await?;
        *page.status_mut() = status;
        Ok(page)
    }

    /// Answers a POST whose form is a mere button: what is wrong is told on a page of its own.
    ///
    /// # Errors
    /// The failure.
    pub async fn answer_button<T>(
        self,
        posted: Posted<T>,
        act: impl AsyncFnOnce(HttpCommand<T>) -> Result<Done, Failure>,
    ) -> Result<Response, Failure> {
        taken(posted.form.is_some(), posted.command, act).await
    }
}

async fn taken<T>(
    is_form: bool,
    command: Result<HttpCommand<T>, Failure>,
    act: impl AsyncFnOnce(HttpCommand<T>) -> Result<Done, Failure>,
) -> Result<Response, Failure> {
    let done = act(command?).await?;
    Ok(if is_form { done.browser } else { done.program })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use axum::body::to_bytes;
    use axum::http::{HeaderMap, StatusCode};
    use entrypoint::http::{Caller, FieldError, FormValues, IfMatch};

    use super::*;
    use crate::html;

    #[derive(askama::Template)]
    #[template(
        source = "<form>{{ form.value(\"name\") }}|{% for (field, _) in form.errors %}{{ field }};{% endfor %}</form>",
        ext = "html"
    )]
    struct Page {
        form: Form,
    }

    /// What was sent: a form or JSON, from a browser or not.
    struct Case {
        form: bool,
        page: bool,
    }

    const BROWSER: Case = Case { form: true, page: true };
    const PROGRAM: Case = Case { form: false, page: false };
    const PROGRAM_WITH_A_FORM: Case = Case { form: true, page: false };

    fn posted(case: &Case, unreadable: Option<Failure>) -> Posted<u8> {
        let mut form = FormValues::default();
        form.set("name", "typed & kept");
        let command = HttpCommand { body: 7, caller: Caller::nobody(), if_match: IfMatch::Any, key: None };
        Posted { form: case.form.then_some(form), command: unreadable.map_or(Ok(command), Err) }
    }

    fn visit(case: &Case) -> Visit {
        let layout = Layout::of_nobody(&HeaderMap::new(), &"/things".parse().unwrap());
        Visit { page: case.page, layout }
    }

    fn done(command: &HttpCommand<u8>) -> Done {
        let done = Done::new((StatusCode::CREATED, command.body.to_string()), "/things/7?done=made");
        done.with_cookie(&NewCookie::forget("tried", "/"))
    }

    async fn answered(case: Case, outcome: Option<Failure>) -> Result<Response, Failure> {
        let act = async |command: HttpCommand<u8>| outcome.map_or_else(|| Ok(done(&command)), Err);
        visit(&case).answer(posted(&case, None), act, async |_, form| html(&Page { form })).await
    }

    async fn text(response: Response) -> String {
        String::from_utf8(to_bytes(response.into_body(), 10_000).await.unwrap().to_vec()).unwrap()
    }

    fn invalid() -> Failure {
        let wrong = ["name", "day"].map(|field| FieldError::coded(field, "missing", "must be given"));
        Failure::Invalid(wrong.into())
    }

    #[tokio::test]
    async fn a_program_gets_the_reply() {
        let response = answered(PROGRAM, None).await.unwrap();
        assert_eq!(response.status(), StatusCode::CREATED);
        assert!(!response.headers().contains_key(header::SET_COOKIE));
        assert_eq!(text(response).await, "7");
    }

    #[tokio::test]
    async fn a_form_leads_on_with_its_cookie() {
        for case in [BROWSER, PROGRAM_WITH_A_FORM] {
            let response = answered(case, None).await.unwrap();
            assert_eq!(response.status(), StatusCode::SEE_OTHER);
            assert_eq!(response.headers()[header::LOCATION], "/things/7?done=made");
            assert!(response.headers()[header::SET_COOKIE].to_str().unwrap().starts_with("tried="));
        }
    }

    #[tokio::test]
    async fn a_refused_form_is_shown_as_it_was_filled_in() {
        let field = || FieldError::coded("", "changed-meanwhile", "read it again");
        for (failure, status, fields) in [
            (invalid(), 422, "name;day;"),
            (Failure::Malformed(vec![FieldError::new("name", "not UTF-8")]), 400, "name;"),
            (Failure::Conflict(field()), 409, ";"),
            (Failure::SignInFor(FieldError::new("kind", "sign in")), 401, "kind;"),
            (Failure::NotEligible(field()), 403, ";"),
            (Failure::Stale, 412, ";"),
            (Failure::KeyReused, 422, ";"),
        ] {
            let response = answered(BROWSER, Some(failure)).await.unwrap();
            assert_eq!(response.status().as_u16(), status);
            let shown = text(response).await;
            assert_eq!(shown, format!("<form>typed &#38; kept|{fields}</form>"), "{status}");
        }
    }

    #[tokio::test]
    async fn what_no_form_can_mend_is_a_problem() {
        for failure in [Failure::NotFound, Failure::Forbidden("no".into()), Failure::internal("broken")] {
            let status = failure.refusal().status;
            let refused = answered(BROWSER, Some(failure)).await.unwrap_err();
            assert_eq!(refused.refusal().status, status);
        }
    }

    #[tokio::test]
    async fn a_program_that_is_refused_gets_the_problem() {
        for case in [PROGRAM, PROGRAM_WITH_A_FORM] {
            let refused = answered(case, Some(invalid())).await.unwrap_err();
            let fields: Vec<String> =
                refused.refusal().reasons.into_iter().map(|reason| reason.field).collect();
            assert_eq!(fields, ["name", "day"]);
        }
    }

    #[tokio::test]
    async fn a_form_that_cannot_be_read_is_shown_again_and_does_nothing() {
        let acted = Cell::new(false);
        let act = async |command: HttpCommand<u8>| {
            acted.set(true);
            Ok(done(&command))
        };
        let posted = posted(&BROWSER, Some(invalid()));
        let response = visit(&BROWSER).answer(posted, act, async |_, form| html(&Page { form })).await;
        assert_eq!(response.unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!acted.get());
    }

    #[tokio::test]
    async fn a_button_leads_on_or_to_a_problem() {
        let pressed = posted(&BROWSER, None);
        let response = visit(&BROWSER).answer_button(pressed, async |command| Ok(done(&command))).await;
        assert_eq!(response.unwrap().status(), StatusCode::SEE_OTHER);
        let pressed = posted(&BROWSER, None);
        let refused = visit(&BROWSER).answer_button(pressed, async |_| Err(Failure::Stale)).await;
        assert!(matches!(refused, Err(Failure::Stale)));
    }
}
