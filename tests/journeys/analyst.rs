//! What analysts and managers look at: search, similar submissions, the matrix, an organization's figures.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::client::Client;
use crate::platform::Platform;

const DAY: i64 = 86_400;
const COORDINATOR: &str = "zaozersk-roads-coordinator";

/// A browser without scripts.
fn browser(client: Client) -> Client {
    client.with("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
}

#[track_caller]
fn has(page: &Value, parts: &[&str]) {
    let page = page.as_str().unwrap();
    for part in parts {
        assert!(page.contains(part), "«{part}» is not in\n{page}");
    }
}

#[track_caller]
fn lacks(page: &Value, parts: &[&str]) {
    let page = page.as_str().unwrap();
    for part in parts {
        assert!(!page.contains(part), "«{part}» is in\n{page}");
    }
}

async fn report(platform: &Platform, text: &str, category: &str) -> String {
    let body = json!({ "kind": "report", "text": text, "category": category, "territory": "zaozersk" });
    platform.submit(&platform.anonymous(), body).await.0
}

/// Takes a pothole through the roads department.
async fn answer(platform: &Platform, id: &str, outcome: &str, text: &str) {
    let assign = json!({ "step": "assign", "assignee": "zaozersk-roads-caseworker" });
    let draft = json!({ "step": "draft", "outcome": outcome, "text": text });
    platform.person(COORDINATOR).step(id, assign).await.created();
    platform.person("zaozersk-roads-caseworker").step(id, draft).await.created();
    platform.person("zaozersk-roads-approver").step(id, json!({ "step": "approve" })).await.created();
    platform.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_page_highlights_counts_and_links() {
    let platform = Platform::start().await;
    report(&platform, "Огромная яма <script>alert(1)</script> у дома", "pothole").await;
    report(&platform, "Темно у подъезда", "lamp-out").await;
    let analyst = browser(platform.person("demo-analyst"));

    let page = analyst.find("/search", &[("q", "ямы")]).await.ok();
    has(&page, &["<mark>яма</mark>", "Найдено: 1 сообщение", "/workspace/submissions/", "&#60;script&#62;"]);
    lacks(&page, &["<script>alert", "Темно у подъезда"]);
    let all = analyst.get("/search").await.ok();
    has(
        &all,
        &["Найдено: 2 сообщения", "href=\"/search?category=pothole\"", "href=\"/search?category=lamp-out\""],
    );
    // A filter that is set can be taken away, and is chosen in the form.
    let one =
        analyst.find("/search", &[("q", ""), ("category", "Яма на дороге"), ("kind", "report")]).await.ok();
    has(
        &one,
        &["Найдено: 1 сообщение", "<option value=\"pothole\" selected>", "href=\"/search?kind=report\""],
    );

    // What is wrong stands beside its field, and what was filled in stays.
    let wrong = analyst.find("/search", &[("q", "яма"), ("from", "вчера"), ("category", "no-such")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&wrong.body, &["id=\"from-error\"", "id=\"category-error\"", "value=\"яма\"", "class=\"summary\""]);

    // A line that cannot be understood is shown with the wrong places marked.
    let line = "яма тема:\"Яма на дороги\" - <b>";
    let wrong = analyst.find("/search", &[("q", line)]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(
        &wrong.body,
        &[
            "яма тема:&#34;Яма на дороги&#34; <mark>-</mark> &#60;b&#62;</span>",
            "Знак 26: минус ни к чему не относится",
            "id=\"q-error\"",
        ],
    );
    let line = "-тема:\"Яма на дороги\" яма";
    let unknown = analyst.find("/search", &[("q", line)]).await;
    has(&unknown.body, &["-тема:&#34;<mark>Яма на дороги</mark>&#34; яма", "Может быть, «Яма на дороге»?"]);
    let english = platform.person("demo-analyst").with("accept-language", "en");
    let english = browser(english).find("/search", &[("q", "mark:7")]).await;
    has(&english.body, &["Character 6: “7” is no mark", "mark:<mark>7</mark>", "How to search"]);
    let matrix = analyst.find("/matrix", &[("q", "mark:7")]).await;
    assert_eq!(matrix.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&matrix.body, &["mark:<mark>7</mark>", "id=\"q-error\""]);

    // The public chooses by category, place, date and status, and learns that words are for staff.
    let public = browser(platform.anonymous());
    let page = public.get("/search").await.ok();
    has(
        &page,
        &["Найдено: 2 сообщения", "Искать по словам могут", "Слова ищут сотрудники", "тема:&#34;Яма на"],
    );
    lacks(&page, &["Огромная", "Слова подряд", "/workspace/submissions/"]);
    let filtered = public.find("/search", &[("q", "-тема:pothole")]).await.ok();
    has(&filtered, &["Найдено: 1 сообщение", "value=\"-тема:pothole\"", "запрос: -тема:pothole"]);
    let refused = public.find("/search", &[("q", "яма")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    has(&refused.body, &["id=\"q-error\"", "value=\"яма\""]);
    lacks(&refused.body, &["Найдено"]);

    let timeline = &platform.anonymous().get("/search").await.ok()["timeline"];
    assert_eq!((&timeline["step"], &timeline["counts"][0]["count"]), (&json!("day"), &json!(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn similar_submissions_come_with_their_answers() {
    let platform = Platform::start().await;
    let old = report(&platform, "Большая яма на дороге у школы, машины едут по тротуару", "pothole").await;
    answer(&platform, &old, "solved", "Заделали <b>асфальтом</b> 3 июня.").await;
    let new =
        report(&platform, "У школы на дороге огромная яма, машины по тротуару объезжают", "pothole").await;
    report(&platform, "Не горит фонарь во дворе", "lamp-out").await;
    let path = format!("/search/similar/{new}?answered=true");

    let found = platform.person(COORDINATOR).get(&path).await.ok();
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
    assert_eq!(
        (&found["items"][0]["id"], &found["items"][0]["answer"]["outcome"]),
        (&json!(old), &json!("solved"))
    );
    let page = browser(platform.person(COORDINATOR)).get(&path).await.ok();
    has(&page, &["<div data-part>", "Заделали &#60;b&#62;асфальтом&#60;/b&#62; 3 июня.", "Проблема решена"]);
    let unanswered =
        platform.person(COORDINATOR).get(&format!("/search/similar/{old}?answered=true")).await.ok();
    assert_eq!(unanswered["items"], json!([]));

    // Who may not read it may not ask what is like it.
    platform.anonymous().get(&path).await.problem(401, "");
    platform.person("citizen-1").get(&path).await.problem(403, "");
    platform.person("waste-operator-approver").get(&path).await.problem(404, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_matrix_is_a_table_to_look_at_and_to_take_away() {
    let platform = Platform::start().await;
    let hostile = "=HYPERLINK(\"x\")";
    let entries = json!({ "categories": [{ "id": "hostile", "name": hostile }] });
    platform
        .person("demo-administrator")
        .post("/directory/entries", &entries)
        .await
        .expect(StatusCode::CREATED);
    report(&platform, "=1+1\t<img src=x onerror=alert(1)>", "hostile").await;
    report(&platform, "Яма", "pothole").await;
    report(&platform, "Ещё яма", "pothole").await;

    let public = browser(platform.anonymous());
    let page = public.get("/matrix").await.ok();
    has(
        &page,
        &[
            "<table class=\"heat\">",
            "<caption>Сообщения по темам и территориям: темнее там, где их больше</caption>",
            "<th scope=\"row\"><a href=\"/matrix?category=roads\">",
            "<td class=\"h6\"><a href=\"/matrix?category=roads&#38;territory=zaozersk\">2</a></td>",
            "=HYPERLINK(&#34;x&#34;)",
        ],
    );
    // Who may read comes to the messages; deeper in the tree there is a way up.
    let analyst = browser(platform.person("demo-analyst"));
    has(&analyst.get("/matrix").await.ok(), &["href=\"/search?category=roads&#38;territory=zaozersk\""]);
    let deeper = public.get("/matrix?category=roads&territory=zaozersk&measure=open").await.ok();
    has(&deeper, &["Яма на дороге", "href=\"/matrix?territory=zaozersk&#38;measure=open\""]);
    let reached = analyst.get("/search?category=roads&territory=zaozersk").await.ok();
    has(&reached, &["Найдено: 2 сообщения"]);
    has(&public.get("/matrix?from=2001-01-01&to=2001-01-02").await.ok(), &["class=\"empty\""]);
    let wrong = public.get("/matrix?territory=no-such").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&wrong.body, &["id=\"territory-error\""]);

    // Sorted by name, the formula comes first.
    let csv = platform
        .anonymous()
        .with("accept-language", "ru")
        .get("/matrix?format=csv&sort=name")
        .await
        .expect(StatusCode::OK);
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert!(
        csv.headers["content-disposition"].to_str().unwrap().contains("attachment; filename=\"matrix.csv\"")
    );
    let wanted = "\u{FEFF}Тема,Заозёрск-на-Светлой,Всего\r\n\"'=HYPERLINK(\"\"x\"\")\",1,1\r\n";
    let written = csv.body.as_str().unwrap();
    assert!(written.starts_with(wanted) && written.ends_with("Всего,3,3\r\n"), "{written}");
    let hits = platform
        .person("demo-analyst")
        .get("/search?format=csv&category=hostile")
        .await
        .expect(StatusCode::OK);
    let hits = hits.body.as_str().unwrap().to_owned();
    assert!(hits.contains(",\"'=HYPERLINK(\"\"x\"\")\",") && hits.contains(",'=1+1\t<img"), "{hits}");
    let public_hits = platform.anonymous().get("/search?format=csv").await.expect(StatusCode::OK).body;
    assert!(!public_hits.as_str().unwrap().contains("яма"), "{public_hits}");
    for path in ["/matrix?format=xlsx", "/search?format=xlsx"] {
        let xlsx = platform.person("demo-analyst").get(path).await.expect(StatusCode::OK);
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        assert_eq!(xlsx.headers["content-type"], kind);
    }
    platform.anonymous().get("/matrix?format=pdf").await.problem(422, "format");
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn the_figures_of_an_organization_are_a_count_by_hand() {
    let platform = Platform::start().await;
    // Answered on the day, rated 5; answered after 40 days, too late, rated 2 and so open again; one open and overdue; one open.
    let (quick, author) = platform.pothole(&platform.anonymous()).await;
    let (late, angry) = platform.pothole(&platform.anonymous()).await;
    platform.pothole(&platform.anonymous()).await;
    answer(&platform, &quick, "solved", "Заделали.").await;
    let rating = |mark: u8| json!({ "mark": mark, "solved": mark > 2 });
    author.post(&format!("/submissions/{quick}/rating"), &rating(5)).await.created();
    platform.clock.advance(40 * DAY);
    answer(&platform, &late, "explained", "Это частная дорога.").await;
    angry.post(&format!("/submissions/{late}/rating"), &rating(2)).await.created();
    report(&platform, "Темно у подъезда", "lamp-out").await;
    // Another organization's.
    report(&platform, "Мусор не вывозят", "garbage-not-collected").await;

    let manager = platform.person("zaozersk-roads-approver");
    let figures = manager.get("/workspace/dashboard").await.ok();
    let counts = ["received", "answered", "in_time", "open", "overdue", "rated"].map(|name| &figures[name]);
    assert_eq!(counts.map(|count| count.as_u64().unwrap()), [4, 2, 1, 3, 1, 2], "{figures}");
    assert_eq!((&figures["in_time_share"], &figures["response_rate"]), (&json!(0.5), &json!(1.0)));
    assert_eq!(figures["mark"]["mean"], 3.5);
    // Half of 0 and 40 days.
    assert!((figures["answer_days"]["median"].as_f64().unwrap() - 20.0).abs() < 0.1, "{figures}");
    assert_eq!(figures["weeks"].as_array().unwrap().len(), 12);
    let sum = |name: &str| -> u64 {
        figures["weeks"].as_array().unwrap().iter().map(|week| week[name].as_u64().unwrap()).sum()
    };
    assert_eq!([sum("received"), sum("answered"), sum("in_time")], [4, 2, 1]);
    let worker = &figures["caseworkers"][0];
    assert_eq!(
        (&worker["of"]["name"], &worker["answered"]),
        (&json!("Алексей Дорохов"), &json!(2)),
        "{figures}"
    );
    assert_eq!((&worker["open"], &figures["categories"][0]["of"]["id"]), (&json!(0), &json!("pothole")));

    // The cells of the matrix open what they count, and the form of the search keeps it.
    let analyst = platform.person("demo-analyst");
    for (only, said) in [("overdue", "только: Просроченные"), ("reopened", "только: Возвращённые в работу")]
    {
        let counted = analyst.get("/matrix").await.ok()["total"][only].clone();
        let found = analyst.find("/search", &[("only", only)]).await.ok();
        assert_eq!((&found["total"], &counted), (&json!(1), &json!(1)), "{only}");
        let word = analyst.find("/search", &[("only", only), ("q", "яма")]).await.ok();
        assert_eq!(word["items"][0]["id"], found["items"][0]["id"], "{only}");
        let cell = format!("href=\"/search?category=roads&#38;territory=zaozersk&#38;only={only}\"");
        has(&browser(analyst.clone()).find("/matrix", &[("measure", only)]).await.ok(), &[&cell]);
        let option = format!("<option value=\"{only}\" selected>");
        has(&browser(analyst.clone()).find("/search", &[("only", only)]).await.ok(), &[&option, said]);
    }
    analyst.get("/search?only=late").await.problem(422, "only");

    let page = browser(manager.clone()).get("/workspace/dashboard").await.ok();
    has(
        &page,
        &[
            "Алексей Дорохов",
            "50\u{A0}%",
            "3,5",
            "class=\"chart\"",
            "<caption>Получено и отвечено по неделям",
        ],
    );
    let wrong = browser(manager.clone()).get("/workspace/dashboard?from=2026-02-01&to=2026-01-01").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&wrong.body, &["id=\"to-error\"", "value=\"2026-01-01\""]);
    manager.get("/workspace/dashboard?from=2001-01-01").await.problem(422, "from");

    // One's own organization and those under it, no other.
    manager.get("/workspace/dashboard?organization=zaozersk-administration").await.problem(404, "");
    manager.get("/workspace/dashboard?organization=waste-operator").await.problem(404, "");
    let above = platform.person("zaozersk-coordinator");
    let path = "/workspace/dashboard?organization=zaozersk-roads";
    assert_eq!(above.get(path).await.ok()["received"], 4);
    let top = platform.person("demo-coordinator");
    assert_eq!(top.get("/workspace/dashboard").await.ok()["received"], 5);
    assert_eq!(top.get("/workspace/dashboard?organization=waste-operator").await.ok()["received"], 1);
    platform.anonymous().get("/workspace/dashboard").await.problem(401, "");
    platform.person("demo-analyst").get("/workspace/dashboard").await.problem(403, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_matrix_says_how_long_answers_take_and_what_grows() {
    let platform = Platform::start().await;
    // In the four weeks before: one pothole. In the last four: three, and a lamp. One is answered after ten days.
    platform.pothole(&platform.anonymous()).await;
    platform.clock.advance(28 * DAY);
    let (slow, _) = platform.pothole(&platform.anonymous()).await;
    platform.pothole(&platform.anonymous()).await;
    platform.pothole(&platform.anonymous()).await;
    report(&platform, "Темно у подъезда", "lamp-out").await;
    platform.clock.advance(10 * DAY);
    answer(&platform, &slow, "solved", "Заделали.").await;

    let anonymous = platform.anonymous();
    let from = (platform.clock.now() - jiff::SignedDuration::from_hours(24 * 14)).to_string();
    let matrix =
        anonymous.find("/matrix", &[("rows", "2"), ("from", &from), ("measure", "answer-time")]).await.ok();
    let row =
        |id: &str| matrix["rows"].as_array().unwrap().iter().find(|row| row["id"] == id).unwrap().clone();
    let pothole = row("pothole");
    assert_eq!([&pothole["count"], &pothole["before"], &pothole["open"]], [3, 0, 2], "{matrix}");
    assert!((pothole["answer_days"].as_f64().unwrap() - 10.0).abs() < 0.1, "{matrix}");
    assert_eq!(row("lamp-out")["answer_days"], Value::Null);
    assert_eq!([&matrix["total"]["count"], &matrix["total"]["before"]], [4, 0]);
    let everything = anonymous.get("/matrix").await.ok();
    assert_eq!([&everything["total"]["count"], &everything["total"]["before"]], [&json!(5), &Value::Null]);

    let page = browser(anonymous.clone());
    let growth = page.get("/matrix?rows=2&measure=growth").await.ok();
    has(&growth, &[">+2<", ">+1<", "С теми же неделями год назад", " в сравнении с "]);
    let year = page.get("/matrix?rows=2&measure=growth&compare=year").await.ok();
    has(&year, &[">+3<", ">+1<"]);
    has(&page.get("/matrix?rows=2&measure=answer-time").await.ok(), &[">10,0<"]);
    has(&page.get("/matrix?rows=2&measure=mark").await.ok(), &["ещё не ответили"]);
    let file = anonymous.get("/matrix?rows=2&measure=growth&format=csv").await.expect(StatusCode::OK);
    assert!(file.body.as_str().unwrap().ends_with("3,3\r\n"), "{}", file.body);
    let marks = page.get("/matrix?measure=mark&format=csv").await.expect(StatusCode::OK).body;
    let heading = "Тема,Заозёрск-на-Светлой,Заозёрск-на-Светлой: число оценок,Всего,Всего: число оценок";
    assert!(
        marks.as_str().unwrap().contains(heading) && marks.as_str().unwrap().ends_with(",0\r\n"),
        "{marks}"
    );
    anonymous.get("/matrix?compare=never").await.problem(422, "compare");
    anonymous.get("/matrix?measure=beauty").await.problem(422, "measure");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_of_the_matrix_keeps_every_filter_and_shows_it() {
    let platform = Platform::start().await;
    report(&platform, "Яма", "pothole").await;
    let analyst = browser(platform.person("demo-analyst"));
    let found = platform.person("demo-analyst").get("/search").await.ok();
    let roads = found["facets"]["organization"][0]["name"].as_str().unwrap();

    let plain = analyst.get("/matrix").await.ok();
    has(&plain, &["name=\"q\"", "name=\"kind\"", "name=\"organization\"", "<option value=\"-\">"]);
    lacks(&plain, &["class=\"suggestions active\""]);
    let query = "q=%D1%8F%D0%BC%D0%B0&category=roads&organization=zaozersk-roads&kind=report&status=open&from=2001-01-01";
    let page = analyst.get(&format!("/matrix?{query}&rows=2&measure=open&sort=name")).await.ok();
    has(
        &page,
        &[
            "value=\"яма\"",
            "<option value=\"zaozersk-roads\" selected>",
            "<option value=\"report\" selected>",
            "запрос: яма",
            &format!("организация: {roads}"),
            "вид: Сообщение",
            "состояние: Ждут ответа",
            "с: 1\u{a0}января 2001",
            // Without the word, with everything else.
            "href=\"/matrix?category=roads&#38;organization=zaozersk-roads&#38;kind=report&#38;status=open&#38;from=2001-01-01&#38;rows=2&#38;measure=open&#38;sort=name\"",
        ],
    );
    // A name that was typed is chosen in the form, or the form would drop it.
    for path in ["/matrix", "/search"] {
        let named = analyst.find(path, &[("organization", roads)]).await.ok();
        has(&named, &["<option value=\"zaozersk-roads\" selected>", &format!("организация: {roads}")]);
    }
    // The public has no field for words or organizations; what a link has set stays.
    let public = browser(platform.anonymous());
    lacks(&public.get("/matrix").await.ok(), &["name=\"q\"", "name=\"organization\""]);
    for path in ["/matrix", "/search"] {
        let set =
            public.get(&format!("{path}?q=status:open&organization=zaozersk-roads&kind=report")).await.ok();
        has(
            &set,
            &[
                "value=\"status:open\"",
                "<input type=\"hidden\" name=\"organization\" value=\"zaozersk-roads\">",
                &format!("организация: {roads}"),
                "запрос: status:open",
            ],
        );
    }
}
