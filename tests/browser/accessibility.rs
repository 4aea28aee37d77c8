//! Every page, in both languages, narrow and wide, light and dark: no violation of WCAG 2.2 A and AA that axe-core finds,
//! nothing wider than the window, no complaint of the browser, nothing fetched from elsewhere.

use serde_json::{Value, json};

use crate::browser::{Browser, Setting, texts};
use crate::platform::Platform;
use crate::polls::polls;

/// Pages and who looks at them.
const PAGES: &[(&str, &str)] = &[
    ("", "/"),
    ("", "/help"),
    ("", "/sign-in"),
    ("", "/no-such-page"),
    ("", "/submissions/new"),
    ("", "/tracking"),
    ("demo-citizen", "/"),
    ("demo-citizen", "/submissions"),
    ("demo-citizen", "/submissions/new?kind=appeal"),
    ("demo-citizen", "/notices"),
    ("demo-citizen", "/settings"),
    ("demo-coordinator", "/help"),
    ("zaozersk-roads-coordinator", "/workspace/inbox"),
    ("zaozersk-roads-coordinator", "/workspace/submissions/{waiting}"),
    ("zaozersk-roads-coordinator", "/workspace/templates"),
    ("zaozersk-roads-coordinator", "/workspace/dashboard"),
    ("zaozersk-roads-coordinator", "/workspace/submissions/{answered}"),
    ("zaozersk-roads-approver", "/workspace/submissions/{drafted}"),
    ("zaozersk-roads-caseworker", "/workspace/submissions/{assigned}"),
    ("zaozersk-roads-caseworker", "/workspace/inbox?view=all"),
    ("demo-analyst", "/search?q=%D1%8F%D0%BC%D0%B0"),
    ("demo-analyst", "/search?from=nonsense"),
    ("demo-analyst", "/search/similar/{waiting}"),
    ("demo-analyst", "/matrix?rows=2&columns=2&measure=mark"),
    ("demo-analyst", "/matrix?rows=2&measure=growth&compare=year"),
    ("", "/matrix"),
    ("", "/search"),
    ("", "/polls"),
    ("", "/polls/{ranked}"),
    ("", "/polls/{certified}/result"),
    ("demo-citizen", "/polls/{voted}"),
    ("demo-citizen", "/polls/{voted}/receipt"),
    ("demo-citizen", "/polls/{ranked}"),
    ("demo-organizer", "/polls?drafts=true"),
    ("demo-organizer", "/polls/new"),
    ("demo-organizer", "/polls/new?step=options&draft={draft}"),
    ("demo-organizer", "/polls/new?step=voters&draft={draft}"),
    ("demo-organizer", "/polls/new?step=ballot&draft={draft}"),
    ("demo-organizer", "/polls/new?step=count&draft={draft}"),
    ("demo-organizer", "/polls/new?step=check&draft={draft}"),
    ("demo-organizer", "/polls/{draft}"),
    ("demo-organizer", "/polls/{certified}"),
    ("", "/dev/mail"),
    ("demo-administrator", "/directory?q=%D0%B4%D0%BE%D1%80%D0%BE%D0%B3"),
    ("demo-administrator", "/directory/entries?section=people"),
    ("demo-administrator", "/directory/entries?section=routing_rules&q=roads"),
    ("demo-administrator", "/directory/entries/people/new"),
    ("demo-administrator", "/directory/entries/deadline_rules/report-answer"),
    ("demo-administrator", "/directory/entries/territories/zaozersk"),
    ("demo-administrator", "/directory/entries/calendars/priozersk-calendar"),
    ("demo-administrator", "/directory/versions"),
    ("demo-administrator", "/directory/versions/1"),
    ("demo-administrator", "/directory/load"),
];

/// The checks of axe-core: `AXE` is the path of `axe.min.js`.
fn axe() -> String {
    let path = std::env::var("AXE").expect("AXE must be the path of axe.min.js (npm install axe-core)");
    std::fs::read_to_string(path).unwrap()
}

const RUN: &str = "const done = arguments[0];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
    axe.run(document, { runOnly: tags }).then((found) => done(found.violations.map((violation) =>
        `${violation.id}: ${violation.nodes.map((node) => node.html + ' ' + node.failureSummary).slice(0, 3).join(' | ')}`)));";

const FETCHED: &str = "return performance.getEntriesByType('resource').map((entry) => entry.name)";

async fn violations(browser: &Browser, axe: &str) -> Vec<String> {
    browser.client.execute(axe, Vec::new()).await.unwrap();
    texts(&browser.client.execute_async(RUN, Vec::new()).await.unwrap())
}

/// Submissions in every stage, by the name that stands for their ids in [`PAGES`]; and the pages of their authors.
async fn submissions(platform: &Platform) -> (Vec<(&'static str, String)>, [String; 3]) {
    let (waiting, author) = platform.pothole(&platform.anonymous()).await;
    let of_waiting = format!("/submissions/{waiting}?tracking={}", author.header("tracking"));
    let (answered, author) = platform.answered("solved").await;
    let code = author.header("tracking");
    let of_answered = format!("/submissions/{answered}?tracking={code}");
    let rating = format!("/submissions/{answered}/rating?tracking={code}");
    let assign = json!({ "step": "assign", "assignee": "zaozersk-roads-caseworker" });
    let draft = json!({ "step": "draft", "outcome": "explained", "text": "Это не яма." });
    let (assigned, _) = platform.pothole(&platform.anonymous()).await;
    let (drafted, _) = platform.pothole(&platform.anonymous()).await;
    for id in [&assigned, &drafted] {
        platform.person("zaozersk-roads-coordinator").step(id, assign.clone()).await.created();
    }
    platform.person("zaozersk-roads-caseworker").step(&drafted, draft).await.created();
    platform.settle().await;
    let named = vec![
        ("{waiting}", waiting),
        ("{answered}", answered),
        ("{assigned}", assigned),
        ("{drafted}", drafted),
    ];
    (named, [of_waiting, of_answered, rating])
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_can_be_used_by_everybody() {
    let platform = Platform::start().await;
    let axe = axe();
    let (mut ids, own) = submissions(&platform).await;
    ids.extend(polls(&platform).await);
    let with_ids = |path: &str| ids.iter().fold(path.to_owned(), |path, (name, id)| path.replace(name, id));
    let of_authors = own.iter().map(|path| ("", path.clone()));
    let pages: Vec<(&str, String)> =
        of_authors.chain(PAGES.iter().map(|(subject, path)| (*subject, with_ids(path)))).collect();
    let mut wrong: Vec<String> = Vec::new();
    for setting in [
        Setting { scripts: true, width: 1_280, language: "ru", dark: false },
        Setting { scripts: true, width: 320, language: "en", dark: false },
        Setting { scripts: true, width: 320, language: "ru", dark: true },
    ] {
        let browser = Browser::open(&platform.host.url, setting).await;
        let mut viewer = "";
        for (subject, path) in &pages {
            if *subject != viewer {
                browser.sign_out().await;
                if !subject.is_empty() {
                    browser.sign_in(subject).await;
                }
                viewer = subject;
            }
            browser.go(path).await;
            let place = format!("{path} as «{subject}», {setting:?}");
            wrong.extend(violations(&browser, &axe).await.into_iter().map(|v| format!("{place}: {v}")));
            wrong.extend(
                browser.overflow().await.map(|wide| format!("{place}: wider than the window: {wide}")),
            );
            wrong.extend(browser.complaints().await.into_iter().map(|c| format!("{place}: {c}")));
            let fetched: Value = browser.client.execute(FETCHED, Vec::new()).await.unwrap();
            let elsewhere = texts(&fetched).into_iter().filter(|url| !url.starts_with(&platform.host.url));
            wrong.extend(elsewhere.map(|url| format!("{place}: fetches {url}")));
            let language = browser.client.execute("return document.documentElement.lang", Vec::new()).await;
            assert_eq!(language.unwrap(), json!(setting.language), "{place}");
        }
        browser.client.clone().close().await.unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The checks are not blind: a field without label and pale letters are found.
#[tokio::test(flavor = "multi_thread")]
async fn the_checks_find_what_is_wrong() {
    let platform = Platform::start().await;
    let browser = Browser::open(&platform.host.url, Setting::ALL[0]).await;
    browser.go("/tracking").await;
    let spoil = "document.querySelectorAll('label').forEach((label) => label.remove());
        document.querySelector('h1').setAttribute('aria-level', 'x');
        document.querySelector('input[name=tracking]').removeAttribute('aria-describedby');";
    browser.client.execute(spoil, Vec::new()).await.unwrap();
    let found = violations(&browser, &axe()).await;
    assert!(found.iter().any(|violation| violation.starts_with("label:")), "{found:?}");
    browser.close().await;
}
