//! What analysts and managers look at: search, similar submissions, the matrix, an organization's figures.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::client::Client;
use crate::page::Page;
use crate::platform::Platform;

const DAY: i64 = 86_400;
const COORDINATOR: &str = "zaozersk-roads-coordinator";

async fn found(client: &Client, path: &str, query: &[(&str, &str)]) -> Page {
    client.find(path, query).await.expect(StatusCode::OK).page()
}

async fn refused(client: &Client, path: &str, query: &[(&str, &str)]) -> Page {
    client.find(path, query).await.expect(StatusCode::UNPROCESSABLE_ENTITY).page()
}

/// A filter that is set, and can be taken away.
#[track_caller]
fn is_set(page: &Page, filter: &str) {
    page.shows(".active a", &format!("Убрать: {filter} ×"));
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
    let analyst = platform.browser_of("demo-analyst");

    let page = found(&analyst, "/search", &[("q", "ямы")]).await;
    page.shows("#found", "Найдено: 1 сообщение").shows("li .text mark", "яма");
    page.shows("li .text", "Огромная яма <script>alert(1)</script> у дома").has_no_markup_of_others();
    page.has("li h3 a[href^='/workspace/submissions/']").conceals("Темно у подъезда");
    let all = analyst.page("/search").await;
    all.shows("#found", "Найдено: 2 сообщения");
    all.has(".facets a[href='/search?category=pothole']").has(".facets a[href='/search?category=lamp-out']");
    // A filter that is set can be taken away, and is chosen in the form.
    let query = [("q", ""), ("category", "Яма на дороге"), ("kind", "report")];
    let one = found(&analyst, "/search", &query).await;
    one.shows("#found", "Найдено: 1 сообщение").has(".active a[href='/search?kind=report']");
    assert_eq!(one.field("category"), "pothole");

    // What is wrong stands beside its field, and what was filled in stays.
    let query = [("q", "яма"), ("from", "вчера"), ("category", "no-such")];
    let wrong = refused(&analyst, "/search", &query).await;
    wrong.error("from");
    wrong.error("category");
    assert_eq!(wrong.field("q"), "яма");

    // A line that cannot be understood is shown with the wrong places marked.
    let line = "яма тема:\"Яма на дороги\" - <b>";
    let wrong = refused(&analyst, "/search", &[("q", line)]).await;
    wrong.shows(".typed", line).shows(".typed mark", "-");
    assert!(wrong.error("q").contains("Знак 26: минус ни к чему не относится"));
    let line = "-тема:\"Яма на дороги\" яма";
    let unknown = refused(&analyst, "/search", &[("q", line)]).await;
    unknown.shows(".typed", line).shows(".typed mark", "Яма на дороги");
    assert!(unknown.error("q").contains("Может быть, «Яма на дороге»?"));
    let english = analyst.clone().with("accept-language", "en");
    let english = refused(&english, "/search", &[("q", "mark:7")]).await;
    english.shows(".typed", "mark:7").shows(".typed mark", "7").shows("summary", "How to search");
    assert!(english.error("q").contains("Character 6: “7” is no mark"));
    let matrix = refused(&analyst, "/matrix", &[("q", "mark:7")]).await;
    matrix.shows(".typed", "mark:7").shows(".typed mark", "7");
    matrix.error("q");

    // The public chooses by category, place, date and status, and learns that words are for staff.
    let public = platform.browser();
    let page = public.page("/search").await;
    page.shows("#found", "Найдено: 2 сообщения").shows("dt code", "тема:\"Яма на дороге\"");
    page.says("Искать по словам могут").says("Слова ищут сотрудники");
    page.conceals("Огромная").conceals("Слова подряд").conceals("/workspace/submissions/");
    let filtered = found(&public, "/search", &[("q", "-тема:pothole")]).await;
    filtered.shows("#found", "Найдено: 1 сообщение");
    assert_eq!(filtered.field("q"), "-тема:pothole");
    is_set(&filtered, "запрос: -тема:pothole");
    let refused = public.find("/search", &[("q", "яма")]).await.expect(StatusCode::FORBIDDEN).page();
    refused.error("q");
    assert_eq!(refused.field("q"), "яма");
    refused.conceals("Найдено");

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
    let page = platform.browser_of(COORDINATOR).page(&path).await;
    page.shows("[data-part] blockquote", "Заделали <b>асфальтом</b> 3 июня.");
    assert!(page.text("[data-part] p.soft").contains("Проблема решена"));
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

    let public = platform.browser();
    let page = public.page("/matrix").await;
    page.shows("table.heat caption", "Сообщения по темам и территориям: темнее там, где их больше");
    page.has(".heat th[scope=row] a[href='/matrix?category=roads']");
    page.shows(".heat td.h6 a[href='/matrix?category=roads&territory=zaozersk']", "2");
    page.shows(".heat th[scope=row]", hostile);
    // Who may read comes to the messages; deeper in the tree there is a way up.
    let analyst = platform.browser_of("demo-analyst");
    analyst.page("/matrix").await.has(".heat td a[href='/search?category=roads&territory=zaozersk']");
    let deeper = public.page("/matrix?category=roads&territory=zaozersk&measure=open").await;
    deeper
        .shows(".heat th[scope=row]", "Яма на дороге")
        .has(".way a[href='/matrix?territory=zaozersk&measure=open']");
    let reached = analyst.page("/search?category=roads&territory=zaozersk").await;
    reached.shows("#found", "Найдено: 2 сообщения");
    public.page("/matrix?from=2001-01-01&to=2001-01-02").await.has("main .empty").lacks("table");
    refused(&public, "/matrix", &[("territory", "no-such")]).await.error("territory");

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
        let hits = analyst.find("/search", &[("only", only)]).await.ok();
        assert_eq!((&hits["total"], &counted), (&json!(1), &json!(1)), "{only}");
        let word = analyst.find("/search", &[("only", only), ("q", "яма")]).await.ok();
        assert_eq!(word["items"][0]["id"], hits["items"][0]["id"], "{only}");
        let browser = platform.browser_of("demo-analyst");
        let cell = format!(".heat td a[href='/search?category=roads&territory=zaozersk&only={only}']");
        found(&browser, "/matrix", &[("measure", only)]).await.has(&cell);
        let page = found(&browser, "/search", &[("only", only)]).await;
        assert_eq!(page.field("only"), only);
        is_set(&page, said);
    }
    analyst.get("/search?only=late").await.problem(422, "only");

    let browser = platform.browser_of("zaozersk-roads-approver");
    let page = browser.page("/workspace/dashboard").await;
    page.shows("th[scope=row]", "Алексей Дорохов").has("svg.chart");
    page.shows(".figures .figure", "50\u{A0}%").shows(".figures .figure", "3,5");
    let captions = page.texts(".chart-box caption");
    assert!(
        captions.iter().any(|caption| caption.starts_with("Получено и отвечено по неделям")),
        "{captions:?}"
    );
    let query = [("from", "2026-02-01"), ("to", "2026-01-01")];
    let wrong = refused(&browser, "/workspace/dashboard", &query).await;
    wrong.error("to");
    assert_eq!(wrong.field("to"), "2026-01-01");
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

    let public = platform.browser();
    let growth = public.page("/matrix?rows=2&measure=growth").await;
    growth.shows(".heat td", "+2").shows(".heat td", "+1");
    growth.shows(".tabs a", "С теми же неделями год назад").says(" в сравнении с ");
    let year = public.page("/matrix?rows=2&measure=growth&compare=year").await;
    year.shows(".heat td", "+3")
        .shows(".heat td", "+1")
        .shows(".tabs a[aria-current]", "С теми же неделями год назад");
    public.page("/matrix?rows=2&measure=answer-time").await.shows(".heat td", "10,0");
    assert!(public.page("/matrix?rows=2&measure=mark").await.text("main .empty").contains("ещё не ответили"));
    let file = anonymous.get("/matrix?rows=2&measure=growth&format=csv").await.expect(StatusCode::OK);
    assert!(file.body.as_str().unwrap().ends_with("3,3\r\n"), "{}", file.body);
    let marks = public.get("/matrix?measure=mark&format=csv").await.expect(StatusCode::OK).body;
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
    let analyst = platform.browser_of("demo-analyst");
    let hits = platform.person("demo-analyst").get("/search").await.ok();
    let roads = hits["facets"]["organization"][0]["name"].as_str().unwrap();
    let organization = format!("организация: {roads}");

    let plain = analyst.page("/matrix").await;
    plain.has("form.filters [name=q]").has("select[name=kind]").has("select[name=organization]");
    plain.has("option[value='-']").lacks(".active");
    let query = "q=%D1%8F%D0%BC%D0%B0&category=roads&organization=zaozersk-roads&kind=report&status=open&from=2001-01-01";
    let page = analyst.page(&format!("/matrix?{query}&rows=2&measure=open&sort=name")).await;
    for (field, value) in [
        ("q", "яма"),
        ("category", "roads"),
        ("organization", "zaozersk-roads"),
        ("kind", "report"),
        ("status", "open"),
        ("from", "2001-01-01"),
        ("rows", "2"),
        ("measure", "open"),
        ("sort", "name"),
    ] {
        assert_eq!(page.field(field), value, "{field}");
    }
    for filter in
        ["запрос: яма", &organization, "вид: Сообщение", "состояние: Ждут ответа", "с: 1\u{a0}января 2001"]
    {
        is_set(&page, filter);
    }
    // Without the word, with everything else.
    let rest = query.split_once('&').unwrap().1;
    page.has(&format!(".active a[href='/matrix?{rest}&rows=2&measure=open&sort=name']"));
    // A name that was typed is chosen in the form, or the form would drop it.
    for path in ["/matrix", "/search"] {
        let named = found(&analyst, path, &[("organization", roads)]).await;
        assert_eq!(named.field("organization"), "zaozersk-roads");
        is_set(&named, &organization);
    }
    // The public has no field for words or organizations; what a link has set stays.
    let public = platform.browser();
    public.page("/matrix").await.has("form.filters").lacks("[name=q], [name=organization]");
    for path in ["/matrix", "/search"] {
        let set = public.page(&format!("{path}?q=status:open&organization=zaozersk-roads&kind=report")).await;
        assert_eq!(set.field("q"), "status:open");
        set.has("input[type=hidden][name=organization][value=zaozersk-roads]");
        is_set(&set, &organization);
        is_set(&set, "запрос: status:open");
    }
}
