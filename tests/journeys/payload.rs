//! What API Gateway sends and takes (payload format 2.0): cookies in a list of their own, bytes in base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, LambdaEvent, Service};
use serde_json::{Value, json};

use crate::page::Page;
use crate::platform::Platform;

/// Hands a payload to a function as the Lambda runtime does.
async fn invoke(router: axum::Router, path: &str, query: &str, headers: Value, cookies: &[&str]) -> Value {
    let payload = json!({
        "version": "2.0",
        "routeKey": format!("GET {path}"),
        "rawPath": path,
        "rawQueryString": query,
        "cookies": cookies,
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "api.example",
            "http": { "method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "x" },
            "requestId": "id",
            "routeKey": format!("GET {path}"),
            "stage": "$default",
            "time": "02/Mar/2026:09:30:00 +0000",
            "timeEpoch": 1_772_443_800_000_u64,
        },
        "isBase64Encoded": false,
    });
    let request: LambdaRequest = serde_json::from_value(payload).unwrap();
    let context = lambda_runtime::Context::default();
    let reply = Adapter::from(router).call(LambdaEvent::new(request, context)).await.unwrap();
    serde_json::to_value(reply).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_with_two_cookies_survives() {
    let platform = Platform::start().await;
    let portal = portal::router(platform.host.context("Portal").unwrap());
    let html = json!({ "accept": "text/html", "host": platform.host.url.trim_start_matches("http://") });

    let begun = invoke(portal.clone(), "/sign-in", "return=/help", html.clone(), &[]).await;
    assert_eq!(begun["statusCode"], 303);
    let attempt = begun["cookies"][0].as_str().unwrap().split(';').next().unwrap().to_owned();
    let address = begun["headers"]["location"].as_str().unwrap();
    let (_, request) = address.split_once("/dev/authorize?").unwrap();

    let form = platform.anonymous().with("content-type", "application/x-www-form-urlencoded");
    let chosen = form.post_raw("/dev/authorize", format!("{request}&subject=demo-citizen").as_bytes()).await;
    let back = chosen.leads_to().split_once('?').unwrap().1.to_owned();

    let cookies = ["language=en", attempt.as_str()];
    let done = invoke(portal.clone(), "/sign-in/callback", &back, html.clone(), &cookies).await;
    assert_eq!((&done["statusCode"], &done["headers"]["location"]), (&json!(303), &json!("/help")));
    let set: Vec<&str> =
        done["cookies"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    assert_eq!(set.len(), 2, "{set:?}");
    let session = set[0].split(';').next().unwrap();
    assert!(session.starts_with("session=") && set[1].starts_with("signing-in=;"));

    let help = invoke(portal, "/help", "", html, &[session, "language=ru"]).await;
    Page::of(help["body"].as_str().unwrap()).shows("header .name", "Мария Петрова");
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_survive() {
    let platform = Platform::start().await;
    let portal = portal::router(platform.host.context("Portal").unwrap());
    let reply = invoke(portal, "/static/vmeste.css", "", json!({ "accept-encoding": "gzip" }), &[]).await;
    assert_eq!(
        (&reply["isBase64Encoded"], &reply["headers"]["content-encoding"]),
        (&json!(true), &json!("gzip"))
    );
    let bytes = STANDARD.decode(reply["body"].as_str().unwrap()).unwrap();
    assert_eq!(bytes[..2], [0x1F, 0x8B], "gzip begins so (RFC 1952)");
    let whole = pages::asset("vmeste.css").unwrap().content.len();
    assert!(bytes.len() < whole / 2, "{} of {whole}", bytes.len());

    platform.pothole(&platform.anonymous()).await;
    let search = search::router(platform.host.context("Search").unwrap());
    let analyst = platform.person("demo-analyst");
    let headers = json!({ "authorization": analyst.header("authorization") });
    let file = invoke(search, "/search", "format=xlsx", headers, &[]).await;
    assert_eq!((&file["statusCode"], &file["isBase64Encoded"]), (&json!(200), &json!(true)));
    let bytes = STANDARD.decode(file["body"].as_str().unwrap()).unwrap();
    assert!(bytes.starts_with(b"PK\x03\x04"), "a workbook is a zip archive");
}
