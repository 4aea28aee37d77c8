use domain::{EventId, Subject, SubmissionId};
use uuid::Uuid;

use super::*;

fn news(kind: NoticeKind, subject: &str, text: &str) -> News {
    let notice = Notice {
        kind,
        subject: Subject::Submission(SubmissionId::new(Uuid::from_u128(1))),
        event: EventId::new(Uuid::from_u128(2)),
        at: Timestamp::UNIX_EPOCH,
        category: None,
        title: None,
        organization: None,
        due: None,
    };
    let l =
        Layout { language: Language::En, viewer: None, here: String::new(), zone: TimeZone::UTC, done: None };
    News {
        subject: subject.into(),
        about: subject.into(),
        text: text.into(),
        due: None,
        code: None,
        link: format!("https://city.example{}", kind.path(notice.subject)),
        settings: Some("https://city.example/settings".into()),
        host: host("https://city.example"),
        notice,
        l,
    }
}

fn source(news: &News, address: &str) -> Option<String> {
    let from = "City <city@city.example>".parse().unwrap();
    let message = news.message(&from, address, "a1", Timestamp::UNIX_EPOCH).unwrap()?;
    // Without the line breaks of quoted-printable.
    Some(String::from_utf8(message.formatted()).unwrap().replace("=\r\n", ""))
}

#[test]
fn a_mail_has_the_event_in_its_id_and_two_forms_of_the_same_text() {
    let mail =
        source(&news(NoticeKind::Assigned, "Yours", "Please draft the answer."), "a@mail.example").unwrap();
    let id = format!("Message-ID: <{}.a1@city.example>\r\n", Uuid::from_u128(2));
    assert!(mail.contains(&id), "{mail}");
    assert!(mail.contains("Auto-Submitted: auto-generated\r\n"));
    assert!(mail.contains("multipart/alternative"));
    assert_eq!(mail.matches("Please draft the answer.").count(), 2);
    let link = format!("https://city.example/workspace/submissions/{}", Uuid::from_u128(1));
    assert_eq!(mail.matches(&link).count(), 2, "{mail}");
    for remote in ["<img", "<script", "style", "src="] {
        assert!(!mail.contains(remote), "{remote}");
    }
}

#[test]
fn no_name_makes_a_header_or_a_tag() {
    let name = "Pits\r\nBcc: all@mail.example\r\n\r\n<script>alert(1)</script>";
    let hostile = news(NoticeKind::Assigned, &format!("New: {name}"), name);
    let mail = source(&hostile, "a@mail.example").unwrap();
    let headers = mail.split("\r\n\r\n").next().unwrap();
    assert!(!headers.lines().any(|line| line.starts_with("Bcc")), "{headers}");
    let html = mail.split("text/html").nth(1).unwrap();
    assert!(html.contains("Bcc: all@mail.example") && !html.contains("<script"), "{mail}");
    let address = source(&hostile, "a@mail.example>\r\nBcc: <all@mail.example");
    assert!(address.is_none(), "what is no address gets no mail");
}

#[test]
fn a_name_is_one_line_that_reads_in_its_own_direction() {
    assert_eq!(one_line(" Pits\r\n\tand\u{202E} holes\u{2028}", 80), "Pits and holes");
    assert_eq!(one_line("дороги", 4), "дор…");
}

#[test]
fn the_host_of_an_id_is_a_name_or_a_literal() {
    assert_eq!(host("https://city.example"), "city.example");
    assert_eq!(host("http://localhost:8080"), "localhost");
    assert_eq!(host("http://127.0.0.1:8080"), "[127.0.0.1]");
}
