//! What a citizen does in a browser without scripts.

use aws_sdk_dynamodb::types::AttributeValue;
use axum::http::StatusCode;
use serde_json::json;

use crate::client::{Client, Reply};
use crate::platform::Platform;

const HOSTILE: &str = "Яма <script>alert(1)</script> \"у школы\"";

fn cookie(reply: &Reply) -> String {
    reply.headers["set-cookie"].to_str().unwrap().to_owned()
}

/// The browser goes where it was sent, with the cookie it was given.
async fn follow(browser: &Client, reply: &Reply) -> (String, Client, Reply) {
    let path = reply.leads_to().to_owned();
    let given = cookie(reply).split(';').next().unwrap().to_owned();
    let browser = browser.clone().with("cookie", given);
    let page = browser.get(&path).await;
    (path.split('?').next().unwrap().to_owned(), browser, page)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_sent_and_followed_without_signing_in() {
    let platform = Platform::start().await;
    let browser = platform.browser();
    let page = browser.page("/submissions/new?category=pothole").await;
    page.has("select[name=category] optgroup[label='Дороги и тротуары'] option[value=pothole][selected]");
    assert_eq!([page.field("category"), page.field("territory")], ["pothole", "priozersk-region"]);

    // Everything that is wrong is said at once, and nothing that was written is lost.
    let wrong = [
        ("text", "  "),
        ("category", "no-such-topic"),
        ("territory", "zaozersk"),
        ("place.address", "ул. <b>Озёрная</b>, 5"),
        ("email", "a@b@c"),
    ];
    let form = page.form("form[action='/submissions']");
    let refused = browser.fill(form, &wrong).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.page();
    assert_eq!(page.error("text"), "Напишите, что случилось");
    assert_eq!(page.error("category"), "«no-such-topic» нет в справочнике. Выберите из списка");
    assert_eq!(page.error("email"), "Проверьте адрес почты: он пишется так: имя@example.org");
    assert_eq!(page.field("place.address"), "ул. <b>Озёрная</b>, 5");
    assert_eq!(page.field("territory"), "zaozersk");

    let key = page.field("idempotency_key");
    let right = [
        ("idempotency_key", key.as_str()),
        ("kind", "report"),
        ("text", HOSTILE),
        ("category", "pothole"),
        ("territory", "zaozersk"),
        ("place.address", "ул. <b>Озёрная</b>, 5"),
        ("email", "anna@example.org"),
    ];
    let sent = browser.form("/submissions", &right).await;
    let address = sent.leads_to().split('?').next().unwrap();
    assert_eq!(sent.leads_to(), format!("{address}?done=received"));
    let rest = cookie(&sent).split_once(';').unwrap().1.to_owned();
    assert_eq!(rest, format!(" HttpOnly; SameSite=Lax; Path={address}; Max-Age=15552000"));
    platform.settle().await;

    let (path, author, shown) = follow(&browser, &sent).await;
    let code = cookie(&sent)["tracking=".len()..].split(';').next().unwrap().to_owned();
    let page = shown.page();
    assert_eq!(code.len(), 31);
    assert_eq!(page.text(".tracking"), code);
    for wanted in [
        "Отправлено. Спасибо!",
        "Теперь отвечает: Департамент дорог и благоустройства Заозёрска-на-Светлой. Ответ придёт не позже",
        "За тему «Дороги и тротуары» на территории «Заозёрск-на-Светлой» отвечает она.",
        "Правило «report-answer»: 10 рабочих дней.",
    ] {
        page.says(wanted);
    }
    page.shows("section[aria-labelledby=text-heading] .text", HOSTILE).has_no_markup_of_others();
    // Nobody reads the address on a page.
    page.conceals("anna@example.org");

    // Sent again, it is the same submission; sent again with another text, it is another form.
    let again = browser.form("/submissions", &right).await;
    assert_eq!((again.leads_to(), cookie(&again)), (sent.leads_to(), cookie(&sent)));
    let mut other = right;
    other[2].1 = "Ещё одна яма";
    let refused = browser.form("/submissions", &other).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.page().field("text"), "Ещё одна яма");
    let fresh = refused.page().field("idempotency_key");
    other[0].1 = &fresh;
    assert_ne!(browser.form("/submissions", &other).await.leads_to(), sent.leads_to());

    // The address is among personal data and nowhere else; another browser sees nothing.
    let id = path.strip_prefix("/submissions/").unwrap();
    let kept = platform.host.store.correspondent(id.parse().unwrap()).await.unwrap();
    assert_eq!(kept.unwrap().as_str(), "anna@example.org");
    let pk = AttributeValue::S(format!("SUBMISSION#{id}"));
    let items = platform.host.engines.clients.dynamodb.query().table_name("PlatformTable");
    let items = items.key_condition_expression("pk = :pk").expression_attribute_values(":pk", pk);
    assert!(!format!("{:?}", items.send().await.unwrap().items()).contains("anna@example.org"));
    browser.get(&path).await.expect(StatusCode::NOT_FOUND);

    // Taken back, it has no deadline any more.
    let withdrawn = author.form(&format!("{path}/withdrawal"), &[("idempotency_key", &fresh)]).await;
    assert_eq!(withdrawn.leads_to(), format!("{path}?done=withdrawn"));
    author.page(&path).await.says("Отозвано автором").conceals("/withdrawal");
    let refused = author.form(&format!("{path}/withdrawal"), &[]).await.expect(StatusCode::CONFLICT);
    refused.page().says("Сейчас это невозможно: состояние — «Отозвано автором»");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_alone_opens_its_submission() {
    let platform = Platform::start().await;
    let report = json!({ "kind": "report", "text": "Яма", "category": "pothole" });
    let receipt = platform.anonymous().post("/submissions", &report).await.created();
    let (id, code) = (receipt["id"].as_str().unwrap(), receipt["tracking"].as_str().unwrap());
    let browser = platform.browser();
    let careless = format!(" {} ", code.to_lowercase().replace('-', " ").replace('0', "о"));
    let found = browser.form("/tracking", &[("tracking", &careless)]).await;
    assert_eq!(found.leads_to(), format!("/submissions/{id}"));
    let (_, _, page) = follow(&browser, &found).await;
    assert_eq!(page.expect(StatusCode::OK).page().text(".tracking"), code, "it is shown once more");
    let by_program = platform.anonymous().post("/tracking", &json!({ "tracking": code })).await.ok();
    assert_eq!(by_program["id"], id);

    let last = if code.ends_with('7') { "8" } else { "7" };
    let wrong = format!("{}{last}", &code[..30]);
    let refused = browser.form("/tracking", &[("tracking", &wrong)]).await;
    let refused = refused.expect(StatusCode::UNPROCESSABLE_ENTITY).page();
    assert_eq!(refused.error("tracking"), "Такого кода нет. Проверьте, все ли 26 букв и цифр на месте");
    assert_eq!(refused.field("tracking"), wrong);
    platform.anonymous().post("/tracking", &json!({ "tracking": wrong })).await.problem(422, "tracking");
    platform.anonymous().post("/tracking", &json!({})).await.problem(422, "tracking");

    // Links in mail: the code goes into a cookie and out of the address.
    let path = format!("/submissions/{id}");
    for path in [path.clone(), format!("{path}/rating")] {
        let linked = browser.get(&format!("{path}?tracking={code}")).await;
        assert_eq!(linked.leads_to(), path);
        assert!(cookie(&linked).contains(&format!("Path=/submissions/{id};")), "{}", cookie(&linked));
        let (_, _, page) = follow(&browser, &linked).await;
        page.expect(StatusCode::OK);
        let other = browser.get(&format!("{path}?tracking={wrong}")).await.expect(StatusCode::NOT_FOUND);
        assert!(!other.headers.contains_key("set-cookie"));
    }

    // What was imported has an author elsewhere: its number is given to a program and opens nothing by itself.
    let administrator = platform.person("demo-administrator");
    let row = json!({ "kind": "report", "text": "Яма", "external_id": "7" });
    let imported = administrator.post("/submissions", &row).await.created();
    let code = json!({ "tracking": imported["tracking"] });
    platform.anonymous().post("/tracking", &code).await.problem(422, "tracking");
    let row = json!({ "kind": "report", "text": "Яма", "external_id": "8", "email": "a@example.org" });
    administrator.post("/submissions", &row).await.problem(422, "email");
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_bad_answer_is_rated_and_goes_back_to_work() {
    let platform = Platform::start().await;
    let (id, author) = platform.answered("explained").await;
    let author = platform.browser().with("cookie", format!("tracking={}", author.header("tracking")));
    let path = format!("/submissions/{id}");
    let shown = author.page(&path).await;
    shown.says("Яму заделали.").says("Дано разъяснение").has(&format!("form[action='{path}/rating']"));

    // To dispute is to rate with "not solved" chosen beforehand.
    let form = author.page(&format!("{path}/rating?solved=false")).await;
    form.shows("h1", "Проблема не решена");
    assert_eq!(form.field("solved"), "false");
    let (key, version) = (form.field("idempotency_key"), form.field("if_match"));
    let wrong = [("idempotency_key", &*key), ("if_match", &version), ("text", "Яма <i>на месте</i>")];
    let refused = author.form(&format!("{path}/rating"), &wrong).await;
    let refused = refused.expect(StatusCode::UNPROCESSABLE_ENTITY).page();
    assert_eq!(refused.error("mark"), "Выберите оценку от 1 до 5");
    assert_eq!(refused.error("solved"), "Отметьте, решена ли проблема");
    assert_eq!(refused.field("text"), "Яма <i>на месте</i>");

    let key = refused.field("idempotency_key");
    let low = [("idempotency_key", &*key), ("if_match", &version), ("mark", "4"), ("solved", "false")];
    let rated = author.form(&format!("{path}/rating"), &low).await;
    assert_eq!(rated.leads_to(), format!("{path}?done=reopened"));
    assert_eq!(author.form(&format!("{path}/rating"), &low).await.leads_to(), rated.leads_to());
    let shown = author.page(rated.leads_to()).await;
    shown.says("срок начался заново").says("Снова в работе");
    shown.says("Ваша оценка: 4 из 5. Проблема не решена.");
    // One rating an answer.
    shown.lacks("[action$='/rating'], [href$='/rating']");
    let second = [("mark", "5"), ("solved", "true")];
    let refused = author.form(&format!("{path}/rating"), &second).await.expect(StatusCode::CONFLICT);
    refused.page().says("Вы уже оценили этот ответ");
    platform.browser().form(&format!("{path}/rating"), &second).await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn an_appeal_is_for_those_who_sign_in_and_stands_in_their_list() {
    let platform = Platform::start().await;
    let nobody = platform.browser();
    let sent_away = nobody.get("/submissions/new?kind=appeal").await;
    assert_eq!(sent_away.leads_to(), "/sign-in?return=%2Fsubmissions%2Fnew%3Fkind%3Dappeal");
    assert_eq!(nobody.get("/submissions").await.leads_to(), "/sign-in?return=%2Fsubmissions");
    // A session that is over costs nobody their text.
    let appeal = [("kind", "appeal"), ("text", "Прошу отремонтировать дорогу"), ("category", "pothole")];
    let refused = nobody.form("/submissions", &appeal).await.expect(StatusCode::UNAUTHORIZED);
    assert_eq!(refused.page().field("text"), "Прошу отремонтировать дорогу");
    refused.page().shows("h1", "Официальное обращение");

    let citizen = platform.browser_of("citizen-1").with("accept-language", "en");
    citizen.page("/submissions").await.shows(".empty p", "You have not sent anything yet.");
    citizen.page("/submissions/new").await.has("[name=text]").lacks("[name=email]");
    let sent = citizen.form("/submissions", &appeal).await;
    assert!(!sent.headers.contains_key("set-cookie"), "who is signed in needs no code");
    platform.settle().await;
    let shown = citizen.page(sent.leads_to()).await;
    shown.says("The appeal will be registered by").shows("dt", "Registered by").says("Appeal, ");
    shown.lacks(".tracking");

    platform.pothole(&platform.person("citizen-1")).await;
    let list = citizen.page("/submissions?limit=1").await;
    list.shows("tbody th a", "Яма на дороге").conceals("Appeal ·");
    let next = list.attribute(".pager a", "href").strip_prefix("/submissions?cursor=").unwrap();
    let next = citizen.page(&format!("/submissions?limit=1&cursor={next}")).await;
    assert!(next.text("tbody th").contains("Appeal ·"));
    assert_eq!(next.attribute("tbody th a", "href"), sent.leads_to().split('?').next().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_where_it_stands_and_what_comes_next() {
    let platform = Platform::start().await;
    let coordinator = platform.person("zaozersk-roads-coordinator");
    let says = async |client: &Client, id: &str, wanted: &[&str]| {
        let shown = client.page(&format!("/submissions/{id}")).await;
        for wanted in wanted {
            shown.says(wanted);
        }
        shown
    };
    let browser = |author: Client| platform.browser().with("tracking", author.header("tracking"));
    let (overdue, author) = platform.pothole(&platform.anonymous()).await;
    let of_overdue = browser(author);
    let (forwarded, author) = platform.pothole(&platform.anonymous()).await;
    let of_forwarded = browser(author);
    let (rejected, author) = platform.pothole(&platform.anonymous()).await;
    let of_rejected = browser(author);

    let forward = json!({ "step": "forward", "organization": "ministry-roads", "note": "Областная дорога" });
    coordinator.step(&forwarded, forward).await.created();
    let forwarded_by = "Кто переслал: Департамент дорог и благоустройства Заозёрска-на-Светлой.";
    let now = "Теперь отвечает: Министерство дорожного хозяйства Приозёрской области.";
    says(&of_forwarded, &forwarded, &[now, forwarded_by]).await;

    let reject = json!({ "step": "reject", "reason": "unclear", "note": "Напишите адрес." });
    coordinator.step(&rejected, reject).await.created();
    let why = "Сообщение не приняли в работу. Причина: Непонятно, о чём речь.";
    says(&of_rejected, &rejected, &[why, "Напишите адрес.", "Отклонено"]).await;

    let (general, author) =
        platform.submit(&platform.anonymous(), json!({ "kind": "report", "text": "Не знаю куда" })).await;
    let by_default =
        "Тема не выбрана, поэтому решает тот, кто отвечает за территорию «Приозёрская область» в целом.";
    says(&browser(author), &general, &[by_default]).await.shows("h1", "Без категории");

    platform.clock.advance(40 * 86_400);
    says(&of_overdue, &overdue, &["Срок ответа прошёл", "просрочено"]).await;
}
