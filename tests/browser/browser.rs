//! A browser: one window of Chromium, driven as a person would drive it.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

/// The key Enter (`WebDriver`, section 17.4.2).
pub(crate) const ENTER: &str = "\u{E007}";
/// The key Tab.
const TAB: &str = "\u{E004}";

/// How a browser is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Setting {
    /// Whether scripts run.
    pub(crate) scripts: bool,
    /// Width of the window, in CSS pixels.
    pub(crate) width: u32,
    /// What the browser asks for.
    pub(crate) language: &'static str,
    /// Whether the reader likes it dark.
    pub(crate) dark: bool,
}

impl Setting {
    /// Every journey works in all of these.
    pub(crate) const ALL: [Self; 4] = [
        Self { scripts: true, width: 1_280, language: "ru", dark: false },
        Self { scripts: false, width: 320, language: "ru", dark: false },
        Self { scripts: true, width: 320, language: "ru", dark: false },
        Self { scripts: false, width: 1_280, language: "ru", dark: false },
    ];
}

/// A window.
pub(crate) struct Browser {
    pub(crate) client: Client,
    /// Where the platform answers.
    site: String,
    setting: Setting,
    _driver: Child,
    _permit: OwnedSemaphorePermit,
}

/// Two windows at once: the machine has two processors.
static WINDOWS: Mutex<Option<Arc<Semaphore>>> = Mutex::const_new(None);

async fn permit() -> OwnedSemaphorePermit {
    let semaphore = {
        let mut windows = WINDOWS.lock().await;
        Arc::clone(windows.get_or_insert_with(|| Arc::new(Semaphore::new(2))))
    };
    semaphore.acquire_owned().await.unwrap()
}

impl Browser {
    /// Opens a window on the platform at `site`.
    pub(crate) async fn open(site: &str, setting: Setting) -> Self {
        let permit = permit().await;
        let port = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
        let mut driver = Command::new("chromedriver");
        driver.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let driver = driver.spawn().expect("chromedriver must be on the path (Debian: chromium-driver)");
        let url = format!("http://127.0.0.1:{port}");
        let mut tries = 0;
        let client = loop {
            let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
            match builder.capabilities(capabilities(setting)).connect(&url).await {
                Ok(client) => break client,
                Err(error) if tries == 50 => panic!("the browser does not start: {error}"),
                Err(_) => tries += 1,
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        Self { client, site: site.to_owned(), setting, _driver: driver, _permit: permit }
    }

    /// Opens a page.
    pub(crate) async fn go(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.site)).await.unwrap();
    }

    /// Where the window is now: path and query.
    pub(crate) async fn here(&self) -> String {
        let url = self.client.current_url().await.unwrap();
        url.as_str().trim_start_matches(&self.site).to_owned()
    }

    /// Signs in as a person of the demo city.
    pub(crate) async fn sign_in(&self, subject: &str) {
        self.go("/sign-in").await;
        self.click(&format!("button[value='{subject}']")).await;
        // The page after signing in must be there: otherwise it replaces the next page that a test opens.
        self.until("form[action='/sign-out']").await;
    }

    /// Signs out.
    pub(crate) async fn sign_out(&self) {
        self.client.delete_all_cookies().await.unwrap();
    }

    /// The element with this CSS selector, as soon as it is there.
    pub(crate) async fn until(&self, css: &str) -> Element {
        let wait = self.client.wait().at_most(Duration::from_secs(10));
        match wait.for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => panic!("{css}: {error} at {}\n{}", self.here().await, self.text().await),
        }
    }

    /// Whether there is such an element now.
    pub(crate) async fn has(&self, css: &str) -> bool {
        !self.client.find_all(Locator::Css(css)).await.unwrap().is_empty()
    }

    /// Presses something.
    pub(crate) async fn click(&self, css: &str) {
        let element = self.until(css).await;
        if let Err(error) = element.click().await {
            panic!("{css} cannot be pressed: {error} at {}", self.here().await);
        }
    }

    /// Fills a field in, instead of what is in it.
    pub(crate) async fn fill(&self, name: &str, value: &str) {
        let field = self.until(&format!("[name='{name}']")).await;
        field.clear().await.unwrap();
        field.send_keys(value).await.unwrap();
    }

    /// What is filled in.
    pub(crate) async fn value(&self, name: &str) -> String {
        let field = self.until(&format!("[name='{name}']")).await;
        field.prop("value").await.unwrap().unwrap_or_default()
    }

    /// Chooses from a list.
    pub(crate) async fn choose(&self, name: &str, value: &str) {
        self.click(&format!("select[name='{name}'] option[value='{value}']")).await;
    }

    /// What is to be read on the page.
    pub(crate) async fn text(&self) -> String {
        let Ok(body) = self.client.find(Locator::Css("body")).await else { return String::new() };
        // A page that is just being left has no text.
        body.text().await.unwrap_or_default()
    }

    /// Checks that the page says something.
    #[track_caller]
    pub(crate) fn says(&self, said: &str) -> impl Future<Output = ()> + '_ {
        let (said, at) = (said.to_owned(), std::panic::Location::caller());
        async move {
            for _ in 0..40 {
                if self.text().await.contains(&said) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            panic!("{at}: {} does not say «{said}»:\n{}", self.here().await, self.text().await);
        }
    }

    /// Types into whatever has the focus.
    pub(crate) async fn type_keys(&self, keys: &str) {
        self.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Presses Tab until an element with this selector has the focus.
    pub(crate) async fn tab_to(&self, css: &str) {
        for _ in 0..150 {
            let script = "return document.activeElement.matches(arguments[0])";
            if self.client.execute(script, vec![json!(css)]).await.unwrap() == json!(true) {
                return;
            }
            self.type_keys(TAB).await;
        }
        panic!("Tab does not reach {css} at {}", self.here().await);
    }

    /// What went wrong on the page since the last time: errors of scripts, refused by the content policy, not found.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let log = self.client.issue_cmd(BrowserLog).await.unwrap();
        let entries = log.as_array().cloned().unwrap_or_default();
        let worse = entries.iter().filter(|entry| entry["level"] == "SEVERE");
        // A page that answers 404 or 422 on purpose is logged like a file that is missing; files are under /static.
        let on_purpose = |message: &&str| {
            let failed = message.contains("Failed to load resource") && !message.contains("/static/");
            failed && ["404", "422", "409", "403", "412"].iter().any(|status| message.contains(status))
        };
        let messages = worse.filter_map(|entry| entry["message"].as_str());
        messages.filter(|message| !on_purpose(message)).map(str::to_owned).collect()
    }

    /// Whether anything is wider than the window.
    pub(crate) async fn overflow(&self) -> Option<String> {
        let script = "const w = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= w) return null;
            const wide = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > w + 1
                && !e.closest('.scroll'));
            return wide.slice(0, 3).map((e) => e.outerHTML.slice(0, 160)).join(' … ') || 'something';";
        self.client.execute(script, Vec::new()).await.unwrap().as_str().map(str::to_owned)
    }

    /// Closes the window.
    pub(crate) async fn close(self) {
        let complaints = if self.setting.scripts { self.complaints().await } else { Vec::new() };
        self.client.close().await.unwrap();
        assert!(complaints.is_empty(), "the browser complains: {complaints:?}");
    }
}

fn capabilities(setting: Setting) -> Capabilities {
    let Setting { scripts, width, language, dark } = setting;
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        format!("--lang={language}"),
        "--window-size=1280,900".to_owned(),
    ];
    if dark {
        arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
    }
    let mut options = json!({
        "args": arguments,
        "prefs": { "intl.accept_languages": language },
    });
    if !scripts {
        options["prefs"]["profile.managed_default_content_settings.javascript"] = json!(2);
    }
    if width < 500 {
        // A window cannot be so narrow; a phone can.
        let metrics = json!({ "width": width, "height": 800, "pixelRatio": 1.0, "touch": false });
        options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
    }
    let mut capabilities = Capabilities::new();
    capabilities.insert("goog:chromeOptions".into(), options);
    capabilities.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
    capabilities
}

/// `POST /session/{id}/se/log`: what the browser's console says.
#[derive(Debug)]
struct BrowserLog;

impl WebDriverCompatibleCommand for BrowserLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as std::str::FromStr>::Err> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

/// A value from a script, as a list of texts.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}
