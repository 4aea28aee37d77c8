//! Somebody who sends requests to the platform under test, and what comes back.

use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::Value;

use crate::page::{Form, Page};

/// Somebody who sends requests.
#[derive(Clone)]
pub(crate) struct Client {
    url: String,
    http: reqwest::Client,
    headers: Vec<(&'static str, String)>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Client {
    /// Says nothing of who it is.
    pub(crate) fn new(url: String, http: reqwest::Client) -> Self {
        Self { url, http, headers: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(sent, _)| *sent != name);
        self.headers.push((name, value.into()));
        self
    }

    /// In a browser without scripts, which reads Russian.
    pub(crate) fn in_a_browser(self) -> Self {
        self.with("accept", "text/html,application/xhtml+xml,*/*;q=0.8").with("accept-language", "ru")
    }

    /// The value of a header that is sent with every request.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(sent, _)| *sent == name).map_or("", |(_, value)| value)
    }

    /// Where a path is.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn find(&self, path: &str, query: &[(&str, &str)]) -> Reply {
        self.get(&format!("{path}?{}", serde_urlencoded::to_string(query).unwrap())).await
    }

    pub(crate) async fn page(&self, path: &str) -> Page {
        self.get(path).await.expect(StatusCode::OK).page()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, Some(body.to_string().into_bytes())).await
    }

    /// As a browser sends a form.
    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = serde_urlencoded::to_string(fields).unwrap();
        let form = self.clone().with("content-type", "application/x-www-form-urlencoded");
        form.post_raw(path, body.as_bytes()).await
    }

    /// Fills in a form of a page, over all that it shows and carries, and sends it where it leads.
    pub(crate) async fn fill(&self, form: Form<'_>, fields: &[(&str, &str)]) -> Reply {
        let (path, filled) = form.filled(fields);
        let filled: Vec<_> = filled.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.form(path, &filled).await
    }

    pub(crate) async fn post_raw(&self, path: &str, body: &[u8]) -> Reply {
        self.send(Method::POST, path, Some(body.to_vec())).await
    }

    pub(crate) async fn step(&self, id: &str, body: Value) -> Reply {
        self.post(&format!("/workspace/submissions/{id}/steps"), &body).await
    }

    async fn send(&self, method: Method, path: &str, body: Option<Vec<u8>>) -> Reply {
        let mut request = self.http.request(method, self.address(path));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(body) = body {
            // What the test says of its body counts.
            if !self.headers.iter().any(|(name, _)| *name == "content-type") {
                request = request.header("content-type", "application/json");
            }
            request = request.body(body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        Reply { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
    }
}

impl Reply {
    #[track_caller]
    pub(crate) fn expect(self, status: StatusCode) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        self.expect(StatusCode::OK).body
    }

    #[track_caller]
    pub(crate) fn created(self) -> Value {
        self.expect(StatusCode::CREATED).body
    }

    /// A problem+json of this status whose first field is `field`.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, field: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert!(self.body["type"].as_str().unwrap().starts_with("/problems/"), "{}", self.body);
        if !field.is_empty() {
            assert_eq!(self.body["fields"][0]["field"], field, "{}", self.body);
        }
        self.body
    }

    #[track_caller]
    pub(crate) fn page(&self) -> Page {
        assert!(self.headers["content-type"].to_str().unwrap().starts_with("text/html"), "{}", self.body);
        Page::of(self.body.as_str().unwrap())
    }

    /// Where a form sends the browser.
    #[track_caller]
    pub(crate) fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.headers["location"].to_str().unwrap()
    }

    pub(crate) fn etag(&self) -> String {
        self.headers["etag"].to_str().unwrap().to_owned()
    }
}
