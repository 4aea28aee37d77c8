//! A mail: what happened, by when, and one link. Never what anybody wrote: that is read on the page.

use std::net::IpAddr;

use askama::Template;
use domain::notification::{NoticeKind, Settings};
use entrypoint::App;
use entrypoint::queue::RecordError;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use pages::{Language, Layout};
use store::Notice;

use crate::dispatch::Dispatch;
use crate::people::Addressee;

/// What a mail says.
#[derive(Debug, Clone)]
pub(crate) struct News {
    notice: Notice,
    l: Layout,
    /// What happened and to what, in one line.
    subject: String,
    /// What it is about, in one line.
    about: String,
    /// What happened.
    text: String,
    /// By when.
    due: Option<String>,
    /// The code of an author who has not signed in, while they may not have it yet.
    code: Option<String>,
    /// To the submission.
    link: String,
    /// The link to the settings; none for a recipient without an account.
    settings: Option<String>,
    /// The part of the `Message-ID` after the `@`.
    host: String,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct HtmlPart<'n> {
    n: &'n News,
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct TextPart<'n> {
    n: &'n News,
}

/// Longest name in a subject, in characters.
const IN_SUBJECT: usize = 80;
/// Longest name in a text, in characters.
const IN_TEXT: usize = 200;

impl News {
    /// Says a notice to somebody in their language.
    ///
    /// # Errors
    /// If the directory cannot be read, or the function lacks a setting.
    pub(crate) async fn of(
        app: &App,
        notice: Notice,
        addressee: &Addressee,
        settings: &Settings,
        dispatch: &Dispatch<'_>,
    ) -> Result<Self, RecordError> {
        let organization = match &notice.organization {
            Some(id) => {
                Some(app.store.organization(id).await?.map_or_else(|| id.to_string(), |found| found.name))
            }
            None => None,
        };
        let l = Layout {
            language: Language::of_tag(&settings.language).unwrap_or_default(),
            viewer: None,
            here: String::new(),
            zone: TimeZone::UTC,
            done: None,
        };
        let about = dispatch.matter.about(&l, &dispatch.rulebook, |name| one_line(name, IN_SUBJECT));
        let url = app.public_url()?;
        let mut link = format!("{url}{}", notice.kind.path(notice.subject));
        let mut code = None;
        if let (None, Some(id)) = (&addressee.person, dispatch.matter.anonymous()) {
            let tracking = app.secret()?.tracking(id).reveal().to_owned();
            link = format!("{link}?tracking={tracking}");
            code = Some(tracking);
        }
        Ok(Self {
            subject: l.with2("mail-subject", "what", l.notice_title(&notice.kind), "about", &about),
            about,
            text: l.notice_text(&notice.kind, organization.map(|name| one_line(&name, IN_TEXT)).as_deref()),
            due: notice.due.map(|day| l.notice_due(&notice.kind, &day)),
            code: code.filter(|_| notice.kind == NoticeKind::Received),
            link,
            settings: addressee.person.as_ref().map(|_| format!("{url}/settings")),
            host: host(url),
            notice,
            l,
        })
    }

    /// What it tells.
    pub(crate) const fn kind(&self) -> NoticeKind {
        self.notice.kind
    }

    /// The mail to an address; none if that is no address.
    ///
    /// # Errors
    /// If the mail cannot be made, which is our mistake.
    pub(crate) fn message(
        &self,
        from: &Mailbox,
        address: &str,
        mark: &str,
        now: Timestamp,
    ) -> Result<Option<Message>, RecordError> {
        let Ok(address) = address.trim().parse() else { return Ok(None) };
        let text = TextPart { n: self }.render()?;
        let html = HtmlPart { n: self }.render()?;
        // Out-of-office replies to a machine help nobody (RFC 3834).
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        let Notice { event, subject, .. } = &self.notice;
        let mail = Message::builder()
            .from(from.clone())
            .to(Mailbox::new(None, address))
            .subject(one_line(&self.subject, 2 * IN_TEXT))
            .date(std::time::SystemTime::from(now))
            .message_id(Some(format!("<{event}.{mark}@{}>", self.host)))
            // Mail programs show all mails about a subject as one conversation.
            .references(format!("<{}@{}>", subject.uuid(), self.host))
            .raw_header(HeaderValue::new(automatic, "auto-generated".into()))
            .multipart(MultiPart::alternative_plain_html(text, html))?;
        Ok(Some(mail))
    }
}

/// A name in one line of at most so many characters, without what could make a second line, or turn the reading
/// direction.
fn one_line(name: &str, limit: usize) -> String {
    let turns =
        |c: &char| matches!(c, '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let separates = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let plain: String =
        name.chars().filter(|c| !turns(c)).map(|c| if separates(c) { ' ' } else { c }).collect();
    let words: Vec<&str> = plain.split(' ').filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    if line.chars().count() <= limit {
        return line;
    }
    line.chars().take(limit - 1).chain(['…']).collect()
}

/// The host of an address, as it stands after the `@`.
fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    if host.parse::<IpAddr>().is_ok() { format!("[{host}]") } else { host.to_owned() }
}

#[cfg(test)]
mod tests;
