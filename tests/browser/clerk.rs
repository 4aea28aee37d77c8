//! What the people of an organization do: a case from the inbox to the signed answer.

use crate::browser::{Browser, ENTER, Setting};
use crate::platform::Platform;

const COORDINATOR: &str = "zaozersk-roads-coordinator";
const WORKER: &str = "zaozersk-roads-caseworker";
const APPROVER: &str = "zaozersk-roads-approver";

/// Two clicks to assign, three and the typing to answer, two to sign.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_goes_from_the_inbox_to_the_signature() {
    let platform = Platform::start().await;
    for setting in Setting::ALL {
        let (id, author) = platform.pothole(&platform.anonymous()).await;
        let browser = Browser::open(&platform.host.url, setting).await;
        browser.sign_in(COORDINATOR).await;
        browser.go("/workspace/inbox").await;
        browser.click(&format!("input[value^='{id}@']")).await;
        browser.click(&format!("button[name='assignee'][value='{WORKER}']")).await;
        browser.until(".done").await;

        browser.sign_out().await;
        browser.sign_in(WORKER).await;
        browser.go("/workspace/inbox").await;
        browser.click(&format!("a[data-row][href*='{id}']")).await;
        browser.says("Большая яма на проезжей части").await;
        browser.click("input[name='outcome'][value='solved']").await;
        browser.fill("text", "Яму заделали.").await;
        browser.click(SEND_DRAFT).await;
        browser.until(".done").await;

        browser.sign_out().await;
        browser.sign_in(APPROVER).await;
        browser.go("/workspace/inbox").await;
        browser.click(&format!("a[data-row][href*='{id}']")).await;
        browser.says("Яму заделали.").await;
        browser.click("[data-key='KeyS']").await;
        browser.until(".done").await;
        let view = author.get(&format!("/submissions/{id}")).await.ok();
        assert_eq!(
            (&view["status"], &view["answers"][0]["text"]),
            (&"answered".into(), &"Яму заделали.".into())
        );
        browser.close().await;
    }
}

/// A letter never signs: it leads to the button. Letters can be switched off.
#[tokio::test(flavor = "multi_thread")]
async fn a_letter_leads_to_the_signature_and_can_be_switched_off() {
    let platform = Platform::start().await;
    let (id, author) = platform.pothole(&platform.anonymous()).await;
    let assign = serde_json::json!({ "step": "assign", "assignee": WORKER });
    platform.person(COORDINATOR).step(&id, assign).await.created();
    let draft = serde_json::json!({ "step": "draft", "outcome": "solved", "text": "Яму заделали." });
    platform.person(WORKER).step(&id, draft).await.created();
    let browser = Browser::open(&platform.host.url, Setting::ALL[0]).await;
    browser.sign_in(APPROVER).await;
    let case = format!("/workspace/submissions/{id}");
    browser.go(&case).await;
    let focus = "return document.activeElement.dataset.key ?? ''";
    let focused = async || browser.client.execute(focus, Vec::new()).await.unwrap();
    browser.click("button[data-keys]").await;
    browser.until("body").await.send_keys("s").await.unwrap();
    assert_eq!(focused().await, serde_json::json!(""), "switched off");
    browser.go(&case).await;
    browser.click("button[data-keys]").await;
    browser.until("body").await.send_keys("s").await.unwrap();
    assert_eq!(focused().await, serde_json::json!("KeyS"));
    assert_eq!(author.get(&format!("/submissions/{id}")).await.ok()["status"], "drafted", "not signed yet");
    browser.type_keys(ENTER).await;
    browser.until(".done").await;
    assert_eq!(author.get(&format!("/submissions/{id}")).await.ok()["status"], "answered");
    browser.close().await;
}

/// A row is read beside the list; what can be done with many appears with the first tick, and asks on a page of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_read_beside_the_list_and_many_are_forwarded() {
    let platform = Platform::start().await;
    for _ in 0..2 {
        platform.pothole(&platform.anonymous()).await;
    }
    let browser = Browser::open(&platform.host.url, Setting::ALL[0]).await;
    browser.sign_in(COORDINATOR).await;
    browser.go("/workspace/inbox").await;
    let shown = "return getComputedStyle(document.querySelector('.actions')).display !== 'none'";
    let is_shown =
        async || browser.client.execute(shown, Vec::new()).await.unwrap() == serde_json::json!(true);
    assert!(!is_shown().await, "nothing is ticked");
    browser.click("tbody tr:nth-child(2) .row-where").await;
    browser.until("[data-preview-place] [data-part]").await;
    browser.says("Большая яма на проезжей части").await;
    browser.until("tbody tr:nth-child(2) a[aria-current]").await;

    browser.click("tbody tr:nth-child(1) input").await;
    browser.click("tbody tr:nth-child(2) input").await;
    assert!(is_shown().await);
    let ticked = "return document.querySelector('[data-ticked]').textContent";
    assert_eq!(browser.client.execute(ticked, Vec::new()).await.unwrap(), serde_json::json!("2"));
    browser.click(".actions button[value='forward']").await;
    browser.until("[name='organization']").await;
    browser.fill("organization", "zaozersk-road-works").await;
    browser.click("#bulk p.line button").await;
    browser.until(".done").await;
    browser.close().await;
}

/// The button of the form that drafts an answer.
const SEND_DRAFT: &str = "form.answer p.line button";

/// An answer without a mouse: letters lead to the case and its form, Tab and Enter do the rest.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_written_with_the_keyboard_alone() {
    let platform = Platform::start().await;
    for setting in [Setting::ALL[0], Setting::ALL[3]] {
        let (id, author) = platform.pothole(&platform.anonymous()).await;
        let assign = serde_json::json!({ "step": "assign", "assignee": WORKER });
        platform.person(COORDINATOR).step(&id, assign).await.created();
        let browser = Browser::open(&platform.host.url, setting).await;
        browser.sign_in(WORKER).await;
        browser.go("/workspace/inbox").await;
        browser.tab_to(&format!("a[data-row][href*='{id}']")).await;
        browser.type_keys(ENTER).await;
        browser.until("input[name='outcome']").await;
        if setting.scripts {
            browser.until("body").await.send_keys("r").await.unwrap();
        }
        browser.tab_to("input[name='outcome']").await;
        browser.type_keys(" ").await;
        browser.tab_to("form.answer textarea").await;
        browser.type_keys("Выехали и заделали.").await;
        browser.tab_to(SEND_DRAFT).await;
        browser.type_keys(ENTER).await;
        browser.until(".done").await;
        let view = platform.person(WORKER).get(&format!("/workspace/submissions/{id}")).await.ok();
        assert_eq!(view["status"], "drafted");
        assert_eq!(author.get(&format!("/submissions/{id}")).await.ok()["status"], "drafted");
        browser.close().await;
    }
}
