use axum::http::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::json;

use crate::client::{Client, Reply};
use crate::platform::Platform;

/// A browser without scripts: asks for pages, keeps cookies.
struct Browser {
    client: Client,
    cookies: Vec<(String, String)>,
}

impl Browser {
    fn new(platform: &Platform) -> Self {
        Self { client: platform.browser(), cookies: Vec::new() }
    }

    fn client(&self) -> Client {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.client.clone().with("cookie", cookies.join("; "))
    }

    async fn get(&mut self, path: &str) -> Reply {
        let reply = self.client().get(path).await;
        self.keep(&reply.headers);
        reply
    }

    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Reply {
        let reply = self.client().form(path, form).await;
        self.keep(&reply.headers);
        reply
    }

    fn keep(&mut self, headers: &HeaderMap) {
        for line in headers.get_all("set-cookie") {
            let (name, value) = line.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(kept, _)| kept != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    /// Goes to the identity provider; gives the parameters of its address.
    async fn begin(&mut self, back: &str) -> Vec<(String, String)> {
        let reply = self.get(&format!("/sign-in?return={back}")).await.expect(StatusCode::SEE_OTHER);
        let address = location(&reply);
        let (_, query) = address.split_once("/dev/authorize?").unwrap();
        serde_urlencoded::from_str(query).unwrap()
    }

    /// Chooses a persona there; gives the address that leads back, on this site.
    async fn choose(&mut self, request: &[(String, String)], subject: &str) -> String {
        let mut form: Vec<(&str, &str)> = request.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        form.push(("subject", subject));
        let reply = self.post("/dev/authorize", &form).await.expect(StatusCode::SEE_OTHER);
        let back = location(&reply);
        back[back.find("/sign-in/").unwrap()..].to_owned()
    }
}

fn location(reply: &Reply) -> String {
    reply.headers["location"].to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn somebody_signs_in_with_the_provider_and_out_again() {
    let platform = Platform::start().await;
    let mut browser = Browser::new(&platform);
    let request = browser.begin("/help").await;
    let given =
        |name: &str| request.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str()).unwrap();
    assert_eq!((given("response_type"), given("code_challenge_method")), ("code", "S256"));
    assert!(given("scope").contains("openid"));

    let back = browser.choose(&request, "demo-coordinator").await;
    let reply = browser.get(&back).await.expect(StatusCode::SEE_OTHER);
    assert_eq!(location(&reply), "/help");
    let cookies: Vec<&str> =
        reply.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2, "the session comes, the attempt goes: {cookies:?}");
    assert!(cookies[0].starts_with("session=ey") && cookies[0].contains("HttpOnly; SameSite=Lax; Path=/;"));

    // The session is good for pages and, like a bearer token, for JSON.
    let help = browser.get("/help").await.expect(StatusCode::OK);
    help.page().shows("header .name", "Анна Белова");
    let cookie = format!("session={}", browser.cookies.iter().find(|(n, _)| n == "session").unwrap().1);
    platform.anonymous().with("cookie", cookie).get("/workspace/inbox").await.ok();

    let reply = browser.post("/sign-out", &[]).await.expect(StatusCode::SEE_OTHER);
    assert_eq!(location(&reply), "/?done=signed-out");
    browser.get("/help").await.expect(StatusCode::OK).page().lacks("header .name").conceals("Анна Белова");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_was_not_begun_here_is_refused() {
    let platform = Platform::start().await;
    let (mut browser, mut other) = (Browser::new(&platform), Browser::new(&platform));
    let request = browser.begin("/").await;
    let back = browser.choose(&request, "demo-coordinator").await;

    // Somebody else's link: no attempt, or another one, in this browser.
    other.get(&back).await.expect(StatusCode::SEE_OTHER);
    assert!(other.cookies.is_empty(), "nobody is signed in by a link");
    other.begin("/").await;
    other.get(&back).await.expect(StatusCode::FORBIDDEN);
    assert!(!other.cookies.iter().any(|(name, _)| name == "session"));

    // A code that another attempt was given fails the proof, and is good once.
    let attempt = other.begin("/").await;
    let state = &attempt.iter().find(|(name, _)| name == "state").unwrap().1;
    let code = back.split("code=").nth(1).unwrap().split('&').next().unwrap();
    other.get(&format!("/sign-in/callback?code={code}&state={state}")).await.expect(StatusCode::FORBIDDEN);
    browser.get(&back).await.expect(StatusCode::FORBIDDEN);

    for elsewhere in ["https://evil.example/", "//evil.example", "/%5Cevil.example"] {
        let request = browser.begin(elsewhere).await;
        let back = browser.choose(&request, "demo-citizen").await;
        assert_eq!(location(&browser.get(&back).await), "/");
    }
}

/// A cookie of `localhost` is not sent to `127.0.0.1`, where the provider sends the browser back to.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_calls_the_platform_by_another_name_signs_in_at_its_own() {
    let platform = Platform::start().await;
    let by_another_name = platform.browser().with("host", "localhost:8080");
    let reply = by_another_name.get("/sign-in?return=/help").await.expect(StatusCode::SEE_OTHER);
    assert_eq!(location(&reply), format!("{}/sign-in?return=%2Fhelp&moved=true", platform.host.url));
    assert!(reply.headers.get("set-cookie").is_none());
    // Where a proxy rewrites the name there is one redirect and no loop.
    let reply = by_another_name.get("/sign-in?return=/help&moved=true").await.expect(StatusCode::SEE_OTHER);
    assert!(location(&reply).contains("/dev/authorize?"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_over_is_no_session_and_a_forged_one_neither() {
    let platform = Platform::start().await;
    let past = jiff::Timestamp::now().as_second() - 3_600;
    let over = platform.host.issuer.signer.sign(json!({ "sub": "demo-coordinator", "exp": past })).unwrap();
    for session in [over.as_str(), "eyJhbGciOiJub25lIn0.eyJzdWIiOiJkZW1vLWNvb3JkaW5hdG9yIn0.", "nonsense"] {
        let client = platform.anonymous().with("cookie", format!("session={session}"));
        client.get("/workspace/inbox").await.problem(401, "");
        let page = client.in_a_browser().get("/workspace/inbox").await;
        let reply = page.expect(StatusCode::SEE_OTHER);
        assert_eq!(location(&reply), "/sign-in?return=%2Fworkspace%2Finbox");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_other_sites_change_nothing() {
    let platform = Platform::start().await;
    let report = json!({ "kind": "report", "text": "Яма" });
    let from = |name: &'static str, value: &str| platform.anonymous().with(name, value);
    from("sec-fetch-site", "cross-site").post("/submissions", &report).await.problem(403, "");
    from("sec-fetch-site", "same-site").post("/submissions", &report).await.problem(403, "");
    from("origin", "https://evil.example").post("/submissions", &report).await.problem(403, "");
    from("sec-fetch-site", "same-origin").post("/submissions", &report).await.created();
    from("origin", &platform.host.url).post("/submissions", &report).await.created();

    let page = from("sec-fetch-site", "cross-site").in_a_browser().post("/sign-out", &json!({})).await;
    page.expect(StatusCode::FORBIDDEN).page().shows("h1", "Недостаточно прав");
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_are_pages_in_the_readers_language() {
    let platform = Platform::start().await;
    // Who names no language reads Russian.
    let page = platform.anonymous().with("accept", "text/html");
    for path in ["/no/such/page", "/submissions/01990000-0000-7000-8000-000000000001", "/static/no.css"] {
        let russian = page.get(path).await.expect(StatusCode::NOT_FOUND);
        russian.page().shows("h1", "Такой страницы нет").has("html[lang=ru]");
        let english = page.clone().with("accept-language", "en-GB,en").get(path).await;
        english.page().shows("h1", "There is no such page").has("html[lang=en]");
        let chosen = page.clone().with("accept-language", "en").with("cookie", "language=ru").get(path).await;
        chosen.page().has("html[lang=ru]");
        platform.anonymous().get(path).await.problem(404, "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reply_says_what_browsers_may_do_with_it() {
    let platform = Platform::start().await;
    for client in [platform.anonymous(), platform.browser()] {
        for path in ["/", "/submissions", "/matrix", "/categories", "/no/such/page"] {
            let headers = client.get(path).await.headers;
            let policy = headers["content-security-policy"].to_str().unwrap();
            assert!(
                policy.starts_with("default-src 'none';") && !policy.contains("unsafe"),
                "{path}: {policy}"
            );
            assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
            assert_eq!(headers["cache-control"], "no-store", "{path}");
            assert!(headers["vary"].to_str().unwrap().contains("Accept,"), "{path}");
        }
    }
    let home = platform.browser().page("/").await;
    let style = home.attribute("head link[rel=stylesheet]", "href");
    assert!(style.starts_with("/static/vmeste.css?v="), "{style}");
    let reply = platform.anonymous().get(style).await.expect(StatusCode::OK);
    assert_eq!(reply.headers["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(reply.headers["content-type"], "text/css; charset=utf-8");
}
