use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use entrypoint::identity::{Identity, Issuer, TokenError};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::platform::Platform;

#[tokio::test(flavor = "multi_thread")]
async fn only_valid_tokens_of_our_issuer_are_accepted() {
    let platform = Platform::start().await;
    let past = jiff::Timestamp::now().as_second() - 3_600;
    for claims in [
        json!({ "sub": "a", "exp": past }),
        json!({ "sub": "a", "iss": "https://elsewhere.example" }),
        json!({ "sub": "a", "aud": "another-service" }),
        json!({ "sub": "" }),
        json!({ "nobody": "a" }),
    ] {
        let reply = platform.token(claims.clone()).get("/submissions").await;
        assert_eq!(reply.headers["www-authenticate"], "Bearer", "{claims}");
        reply.problem(401, "");
    }
    // `none`, and a symmetric signature with the public key as its secret.
    for token in [
        "eyJhbGciOiJub25lIiwia2lkIjoiZGV2ZWxvcG1lbnQifQ.eyJzdWIiOiJhIn0.",
        "eyJhbGciOiJIUzI1NiIsImtpZCI6ImRldmVsb3BtZW50In0.eyJzdWIiOiJhIn0.AAAA",
        "nonsense",
    ] {
        let client = platform.anonymous().with("authorization", format!("Bearer {token}"));
        client.get("/submissions").await.problem(401, "");
    }
    platform.anonymous().with("authorization", "Basic YTpi").get("/submissions").await.problem(401, "");
    platform.token(json!({ "sub": "a" })).get("/submissions").await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_development_issuer_has_ready_personas() {
    let platform = Platform::start().await;
    let token = async |body| platform.anonymous().post("/dev/token", &body).await;
    for persona in ["citizen", "coordinator", "caseworker", "approver", "analyst", "moderator"] {
        let reply = token(json!({ "persona": persona })).await.ok();
        let bearer = format!("Bearer {}", reply["token"].as_str().unwrap());
        platform.anonymous().with("authorization", bearer).get("/submissions").await.ok();
    }
    token(json!({ "persona": "emperor" })).await.problem(422, "persona");

    let reply = token(json!({ "persona": "analyst", "subject": "new-analyst", "birthdate": "1990-01-31" }))
        .await
        .ok();
    let bearer = format!("Bearer {}", reply["token"].as_str().unwrap());
    let analyst = platform.anonymous().with("authorization", bearer);
    analyst.find("/search", &[("q", "яма")]).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn personal_data_is_in_its_own_table_and_for_those_who_work_on_it() {
    let platform = Platform::start().await;
    let citizen = platform.person("citizen-1");
    let (id, _) = platform.pothole(&citizen).await;
    let path = format!("/workspace/submissions/{id}");
    let view = platform.person("zaozersk-roads-coordinator").get(&path).await.ok();
    assert_eq!(view["author"]["name"], "Имя Фамилия");
    assert_eq!(platform.person("demo-analyst").get(&path).await.ok().get("author"), None);
    // The tables say the same: the name is in one item of `people`, and nowhere else.
    let dynamodb = &platform.host.engines.clients.dynamodb;
    let in_platform = dynamodb.query().table_name("PlatformTable").key_condition_expression("pk = :pk");
    let pk = aws_sdk_dynamodb::types::AttributeValue::S(format!("SUBMISSION#{id}"));
    let found = in_platform.expression_attribute_values(":pk", pk).send().await.unwrap();
    assert!(!format!("{:?}", found.items()).contains("Фамилия"));
}

/// An issuer's key address that counts its visitors, can be broken and can be slow.
#[derive(Clone)]
struct KeyServer {
    keys: Value,
    visits: Arc<AtomicUsize>,
    broken: Arc<AtomicBool>,
    /// It has been asked, and does not answer yet.
    waits: watch::Sender<bool>,
}

impl KeyServer {
    async fn start(keys: Value) -> (Self, String) {
        let server =
            Self { keys, visits: Arc::default(), broken: Arc::default(), waits: watch::Sender::default() };
        let answering = server.clone();
        let answer = async move || {
            answering.visits.fetch_add(1, Ordering::SeqCst);
            answering.waits.subscribe().wait_for(|waits| !waits).await.unwrap();
            if answering.broken.load(Ordering::SeqCst) {
                return Err(StatusCode::INTERNAL_SERVER_ERROR);
            }
            Ok(axum::Json(answering.keys.clone()))
        };
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let router = axum::Router::new().route("/", axum::routing::get(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (server, url)
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_fetched_when_needed_kept_when_a_refresh_fails_and_not_asked_for_again_and_again() {
    const REFRESH: Duration = Duration::from_millis(400);
    let platform = Platform::start().await;
    let keys = platform.anonymous().get("/dev/jwks.json").await.ok();
    let (server, jwks_url) = KeyServer::start(keys).await;
    let issuer =
        Issuer { url: platform.host.issuer.signer.url().to_owned(), audience: "vmeste".into(), jwks_url };
    let identity = Identity::new(issuer).refreshing_every(REFRESH);
    let good = platform.host.issuer.signer.sign(json!({ "sub": "citizen-1" })).unwrap();
    // A token that names a key which the issuer does not have.
    let (_, rest) = good.split_once('.').unwrap();
    let unknown = format!("eyJhbGciOiJFZERTQSIsImtpZCI6Im90aGVyIn0.{rest}");
    assert_eq!(server.visits(), 0, "nothing is fetched before it is needed");

    for _ in 0..5 {
        assert_eq!(identity.verify(&good).await.unwrap().person.as_str(), "citizen-1");
        assert!(matches!(identity.verify(&unknown).await, Err(TokenError::Invalid(_))));
    }
    assert_eq!(server.visits(), 1);

    server.broken.store(true, Ordering::SeqCst);
    tokio::time::sleep(REFRESH).await;
    assert!(matches!(identity.verify(&unknown).await, Err(TokenError::Invalid(_))));
    assert_eq!(server.visits(), 2, "a refresh was tried");
    identity.verify(&good).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_hangs_up_does_not_take_the_keys_from_the_others() {
    let platform = Platform::start().await;
    let keys = platform.anonymous().get("/dev/jwks.json").await.ok();
    let (server, jwks_url) = KeyServer::start(keys).await;
    server.waits.send_replace(true);
    let issuer =
        Issuer { url: platform.host.issuer.signer.url().to_owned(), audience: "vmeste".into(), jwks_url };
    let identity = Arc::new(Identity::new(issuer));
    let token = platform.host.issuer.signer.sign(json!({ "sub": "citizen-1" })).unwrap();
    let caller = || {
        let (identity, token) = (Arc::clone(&identity), token.clone());
        tokio::spawn(async move { identity.verify(&token).await.map(|verified| verified.person) })
    };
    let (first, second) = (caller(), caller());
    while server.visits() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    first.abort();
    second.abort();
    let patient = caller();
    server.waits.send_replace(false);
    assert_eq!(patient.await.unwrap().unwrap().as_str(), "citizen-1");
    assert_eq!(server.visits(), 1, "whoever waits gets the same answer");
}
