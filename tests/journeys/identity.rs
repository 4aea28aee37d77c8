use serde_json::json;

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
async fn personal_data_is_in_its_own_table_and_for_those_who_work_on_it() {
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
