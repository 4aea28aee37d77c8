//! What analysts, managers and administrators do.

use crate::browser::{Browser, Setting};
use crate::platform::Platform;

#[tokio::test(flavor = "multi_thread")]
async fn words_are_found_and_the_matrix_leads_to_the_messages() {
    let platform = Platform::start().await;
    platform.answered("solved").await;
    for setting in Setting::ALL {
        let browser = Browser::open(&platform.host.url, setting).await;
        browser.sign_in("demo-analyst").await;
        browser.go("/search").await;
        if setting.scripts {
            // While it is typed, and without leaving the page.
            browser.fill("q", "проез").await;
            browser.until("[data-found]:not(:empty)").await;
            browser.until("#results mark").await;
            browser.says("на проезжей части").await;
            let here = browser.here().await;
            assert!(here.starts_with("/search?q=") && !here.contains('*'), "{here}");
            browser.click("#results h3 a").await;
            browser.says("Большая яма").await;
            browser.client.back().await.unwrap();
            browser.until("#results mark").await;
        }
        browser.fill("q", "ямами").await;
        browser.click("main form button").await;
        browser.until("input[name='q'][value='ямами']").await;
        let marked = browser.until("mark").await.text().await.unwrap();
        assert_eq!(marked, "яма", "another form of the word is highlighted");

        browser.go("/matrix").await;
        browser.click("table.heat tbody td a").await;
        browser.until("main h1").await;
        assert!(browser.here().await.starts_with("/search?"), "a cell leads to its messages");
        browser.says("Яма на дороге").await;
        browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_changes_one_entry_and_sees_who_did() {
    let platform = Platform::start().await;
    for (number, setting) in Setting::ALL.into_iter().enumerate() {
        let browser = Browser::open(&platform.host.url, setting).await;
        browser.sign_in("demo-administrator").await;
        browser.go("/directory/entries/categories/pothole").await;
        let name = format!("Яма на дороге {number}");
        browser.fill("name", &name).await;
        browser.click("main form button:not(.danger)").await;
        browser.until(".done").await;
        browser.go("/directory/versions").await;
        browser.click("main a[href^='/directory/versions/']").await;
        browser.says(&name).await;
        browser.close().await;
    }
}
