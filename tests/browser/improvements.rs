//! What scripts add: every page works without them, and better with them.

use serde_json::json;

use crate::browser::{Browser, Setting};
use crate::platform::Platform;

const WITH_SCRIPTS: [Setting; 2] = [Setting::ALL[0], Setting::ALL[2]];

#[tokio::test(flavor = "multi_thread")]
async fn characters_are_counted_topics_proposed_and_drafts_kept() {
    let platform = Platform::start().await;
    for setting in WITH_SCRIPTS {
        let browser = Browser::open(&platform.host.url, setting).await;
        browser.go("/submissions/new").await;
        let text = "Не горит фонарь у подъезда";
        browser.fill("text", text).await;
        let left = 20_000 - text.chars().count();
        let counter = browser.until("[data-counter='text']").await.text().await.unwrap();
        let digits: String = counter.chars().filter(char::is_ascii_digit).collect();
        assert_eq!(digits, left.to_string(), "{counter}");

        // A topic whose words the text mentions, with one press.
        browser.click(".suggestions button").await;
        let chosen = browser.value("category").await;
        assert_eq!(chosen, "lamp-out");

        // The page is left and opened again: the text is still there, until it has been sent.
        browser.go("/help").await;
        browser.go("/submissions/new").await;
        assert_eq!(browser.value("text").await, text);
        browser.click("main form button.big").await;
        browser.until(".tracking").await;
        browser.go("/submissions/new").await;
        assert_eq!(browser.value("text").await, "");
        browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_shows_similar_answers_and_takes_a_template_in_place() {
    let platform = Platform::start().await;
    platform.answered("solved").await;
    let template = json!({ "name": "Ремонт", "text": "Дефект устранён: {place}." });
    platform.person("zaozersk-roads-coordinator").post("/workspace/templates", &template).await.created();
    let (id, _) = platform.pothole(&platform.anonymous()).await;
    let assign = json!({ "step": "assign", "assignee": "zaozersk-roads-caseworker" });
    platform.person("zaozersk-roads-coordinator").step(&id, assign).await.created();
    for setting in WITH_SCRIPTS {
        let browser = Browser::open(&platform.host.url, setting).await;
        browser.sign_in("zaozersk-roads-caseworker").await;
        let address = format!("/workspace/submissions/{id}");
        browser.go(&address).await;
        browser.click("details[data-load] summary").await;
        browser.says("Яму заделали.").await;
        assert_eq!(browser.here().await, address, "in place");

        browser.fill("text", "Здравствуйте! ").await;
        browser.click("select[name='template'] option:nth-child(2)").await;
        browser.click("form[data-insert] button").await;
        let mut said = String::new();
        for _ in 0..40 {
            said = browser.value("text").await;
            if said.contains("Дефект") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!(said, "Здравствуйте! Дефект устранён: Заозёрск-на-Светлой.", "what was written stays");
        assert_eq!(browser.here().await, address);
        // Not to be found again by the next browser.
        browser.client.execute("localStorage.clear()", Vec::new()).await.unwrap();
        browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_box_ticks_all_and_letters_lead_through_the_inbox() {
    let platform = Platform::start().await;
    for _ in 0..3 {
        platform.pothole(&platform.anonymous()).await;
    }
    let browser = Browser::open(&platform.host.url, Setting::ALL[0]).await;
    browser.sign_in("zaozersk-roads-coordinator").await;
    browser.go("/workspace/inbox").await;
    browser.click("input[data-all]").await;
    let ticked = "return document.querySelectorAll('input[name=\"submissions[]\"]:checked').length";
    assert_eq!(browser.client.execute(ticked, Vec::new()).await.unwrap(), json!(3));
    browser.click("button[name='assignee'][value='zaozersk-roads-caseworker']").await;
    browser.until(".done").await;

    browser.until("body").await.send_keys("jj").await.unwrap();
    let row = "return [...document.querySelectorAll('[data-row]')].indexOf(document.activeElement)";
    assert_eq!(browser.client.execute(row, Vec::new()).await.unwrap(), json!(1));
    browser.type_keys("k").await;
    assert_eq!(browser.client.execute(row, Vec::new()).await.unwrap(), json!(0));
    browser.close().await;
}
