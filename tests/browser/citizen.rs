//! What a citizen does.

use crate::browser::{Browser, Setting};
use crate::platform::Platform;

#[tokio::test(flavor = "multi_thread")]
async fn the_language_is_a_choice_that_is_remembered() {
    let platform = Platform::start().await;
    for setting in Setting::ALL {
        let browser = Browser::open(&platform.host.url, setting).await;
        browser.go("/help").await;
        browser.says("Как считается срок?").await;
        browser.click("button[lang='en']").await;
        browser.says("How is the term counted?").await;
        assert_eq!(browser.here().await, "/help");
        browser.go("/").await;
        browser.says("Report a problem").await;
        browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_in_where_they_were_and_signs_out() {
    let platform = Platform::start().await;
    for setting in Setting::ALL {
        let browser = Browser::open(&platform.host.url, setting).await;
        browser.go("/help").await;
        browser.click(".who a[href^='/sign-in']").await;
        browser.click("button[value='demo-coordinator']").await;
        browser.says("Анна Белова").await;
        assert_eq!(browser.here().await, "/help");
        browser.click("form[action='/sign-out'] button").await;
        browser.says("Вы вышли.").await;
        assert!(!browser.text().await.contains("Анна Белова"));
        browser.close().await;
    }
}
