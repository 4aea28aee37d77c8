//! What a citizen does.

use crate::browser::{Browser, ENTER, Setting};
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

/// A report goes out with a mistake first, comes back with everything that was filled in, and goes out again; then the
/// page says who answers and by when, and the code opens it from anywhere.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_sent_mended_and_found_again_by_its_code() {
    let platform = Platform::start().await;
    for setting in Setting::ALL {
        let browser = Browser::open(&platform.host.url, setting).await;
        browser.go("/").await;
        browser.click("main a[href='/submissions/new']").await;
        browser.until("textarea[name='text']").await;
        browser.choose("category", "pothole").await;
        browser.choose("territory", "zaozersk").await;
        browser.fill("place.address", "улица Озёрная, 5").await;
        browser.click("main form button.big").await;
        browser.until(".summary a[href='#text']").await;
        assert_eq!(browser.value("place.address").await, "улица Озёрная, 5", "what was filled in stays");
        assert_eq!(browser.value("category").await, "pothole");

        browser.fill("text", "Большая яма у школы, прошу заделать.").await;
        browser.click("main form button.big").await;
        browser.until(".tracking").await;
        let code = browser.until(".tracking").await.text().await.unwrap();
        let address = browser.here().await;
        platform.settle().await;
        browser.go(&address).await;
        browser.says("Большая яма у школы").await;
        browser.says("улица Озёрная, 5").await;
        assert!(browser.has("time[datetime]").await, "by when it is answered");

        // Another browser, nobody signed in: the code alone opens it.
        browser.sign_out().await;
        browser.go(address.split('?').next().unwrap()).await;
        browser.says("Такой страницы нет").await;
        browser.go("/").await;
        browser.fill("tracking", &code.to_lowercase().replace('-', " ")).await;
        browser.click("form[action='/tracking'] button").await;
        browser.says("Большая яма у школы").await;
        browser.close().await;
    }
}

/// The answer is rated low: the submission goes back to work.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_does_not_help_is_disputed() {
    let platform = Platform::start().await;
    for setting in Setting::ALL {
        let (id, author) = platform.answered("solved").await;
        let code = author.header("tracking").to_owned();
        let browser = Browser::open(&platform.host.url, setting).await;
        browser.go(&format!("/submissions/{id}?tracking={code}")).await;
        browser.says("Яму заделали.").await;
        assert_eq!(
            browser.here().await,
            format!("/submissions/{id}"),
            "the code does not stay in the address"
        );
        browser.click("input[name='mark'][value='2']").await;
        browser.click("input[name='solved'][value='false']").await;
        browser.fill("text", "Яма на месте").await;
        browser.click("form[action$='/rating'] button").await;
        browser.says("Снова в работе").await;
        browser.close().await;
    }
}

/// A report without a mouse: Tab, letters, Enter and arrows.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_sent_with_the_keyboard_alone() {
    let platform = Platform::start().await;
    for setting in [Setting::ALL[0], Setting::ALL[1]] {
        let browser = Browser::open(&platform.host.url, setting).await;
        browser.go("/submissions/new").await;
        browser.tab_to("textarea[name='text']").await;
        browser.type_keys("Не горит фонарь у второго подъезда, прошу заменить лампу.").await;
        browser.tab_to("select[name='category']").await;
        browser.type_keys("Яма").await;
        browser.tab_to("input[name='place.address']").await;
        browser.type_keys("улица Садовая, 3").await;
        browser.tab_to("main form button.big").await;
        browser.type_keys(ENTER).await;
        browser.until(".tracking").await;
        browser.says("Не горит фонарь у второго подъезда").await;
        browser.close().await;
    }
}
