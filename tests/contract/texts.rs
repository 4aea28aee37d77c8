//! The texts of the pages: complete in both languages, all used, none anywhere else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use domain::deadline::{Roll, TermKind, Unit};
use domain::directory::Section;
use domain::notification::{Group, NoticeKind};
use domain::person::Role;
use domain::submission::{Outcome, RejectionReason, Status, SubmissionKind};
use pages::Language;
use poll::ProgressStage;
use poll::ballot::BallotKind;
use poll::count::{CountingRule, TieBreak};

use super::repository;

const FOLDER: &str = "functions/shared/pages/texts";

/// Ids that are made of a beginning and a value: `l.named("status", status)`. Every value is listed, so that a new one
/// without a text is found.
fn made() -> Vec<String> {
    let with = |beginning: &str, values: Vec<String>| -> Vec<String> {
        values.into_iter().map(|value| format!("{beginning}-{value}")).collect()
    };
    let json = |value: serde_json::Value| value.as_str().map(str::to_owned);
    let reasons = [
        RejectionReason::Spam,
        RejectionReason::Offensive,
        RejectionReason::Duplicate,
        RejectionReason::Unclear,
        RejectionReason::OutOfScope,
    ];
    let outcomes = [
        Outcome::Solved,
        Outcome::Planned { by: jiff::civil::date(2026, 1, 1) },
        Outcome::Explained,
        Outcome::Refused,
    ];
    [
        with("language", Language::ALL.map(|language| language.tag().to_owned()).into()),
        with("month", (1..=12).map(|month| month.to_string()).collect()),
        with(
            "brief",
            Status::ALL
                .into_iter()
                .filter(|status| status.is_open())
                .map(|status| status.as_str().to_owned())
                .collect(),
        ),
        with("status", Status::ALL.map(|status| status.as_str().to_owned()).into()),
        with(
            "kind",
            [SubmissionKind::Report, SubmissionKind::Appeal].map(|kind| kind.as_str().to_owned()).into(),
        ),
        with("role", Role::ALL.map(|role| role.as_str().to_owned()).into()),
        with("reason", reasons.into_iter().filter_map(|r| json(serde_json::to_value(r).unwrap())).collect()),
        with("outcome", outcomes.into_iter().map(|o| pages::submission::outcome(o).0.to_owned()).collect()),
        with("matrix-rows", ["1", "2"].map(str::to_owned).into()),
        with("matrix-columns", ["1", "2", "3"].map(str::to_owned).into()),
        with("notice", NoticeKind::ALL.map(|kind| kind.as_str().to_owned()).into()),
        with("notice-text", NoticeKind::ALL.map(|kind| kind.as_str().to_owned()).into()),
        with("settings", Group::ALL.map(|group| group.as_str().to_owned()).into()),
        with("settings-hint", Group::ALL.map(|group| group.as_str().to_owned()).into()),
        // The timeline is a submission's.
        with(
            "event",
            super::samples::variants().into_iter().filter(|name| !name.starts_with("poll_")).collect(),
        ),
        directory(),
        polls(),
        search::text_ids(),
    ]
    .concat()
}

/// Those of the pages of polls.
fn polls() -> Vec<String> {
    let with = |beginning: &str, values: &[&str]| -> Vec<String> {
        values.iter().map(|value| format!("{beginning}-{value}")).collect()
    };
    [
        with("poll-status", &["draft", "announced", "open", "closed", "certified"]),
        with("poll-kind", &BallotKind::ALL.map(BallotKind::as_str)),
        with("poll-limit", &["approve", "score", "distribute", "rank"]),
        with("poll-about-equal-shares", &["cost", "points"]),
        with("poll-rule", &CountingRule::ALL.map(CountingRule::name)),
        with("poll-ties", &TieBreak::ALL.map(TieBreak::as_str)),
        with("poll-step", &["question", "options", "voters", "ballot", "count", "check"]),
        with("progress-stage", &ProgressStage::ALL.map(ProgressStage::as_str)),
        with("done", &["poll-saved", "poll-published", "progress-told"]),
    ]
    .concat()
}

/// Those of the directory's pages.
fn directory() -> Vec<String> {
    let with = |beginning: &str, values: &[&str]| -> Vec<String> {
        values.iter().map(|value| format!("directory-{beginning}-{value}")).collect()
    };
    let sections = Section::ALL.map(Section::as_str);
    let roles = Role::ALL.map(Role::as_str);
    let kinds = ["added", "changed", "removed"];
    [
        ["section", "about", "add", "new", "remove"].map(|beginning| with(beginning, &sections)).concat(),
        with("role", &roles),
        with("clock", &TermKind::ALL.map(TermKind::as_str)),
        with("unit", &Unit::ALL.map(Unit::as_str)),
        with("roll", &Roll::ALL.map(Roll::as_str)),
        with("pausable", &["true", "false"]),
        with("mode", &["merge", "replace"]),
        with("count", &kinds),
        with("kind", &kinds),
        with("field", &["pausable"]),
    ]
    .concat()
}

/// Beginnings of ids whose values are written in the sources as plain words, next to where they are used: the names of
/// what was done, the kinds of refusals, the reasons of refusals, the parts of the help page.
const WORDS: [&str; 5] = ["done", "problem-title", "problem-text", "problem", "help-question"];

/// Ids of a language with their texts, by file.
fn texts(language: &str) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for entry in std::fs::read_dir(repository(FOLDER).join(language)).unwrap() {
        let file = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let mut last = None;
        for line in file.lines() {
            let id = line.split_once('=').map(|(id, _)| id.trim_end());
            match id.filter(|id| id.starts_with(|c: char| c.is_ascii_lowercase())) {
                Some(id) => {
                    let before = texts.insert(id.to_owned(), line.to_owned());
                    assert!(before.is_none(), "{language}: the text {id} is there twice");
                    last = Some(id.to_owned());
                }
                None => {
                    if let Some(text) = last.as_ref().and_then(|id| texts.get_mut(id)) {
                        *text = format!("{text}\n{line}");
                    }
                }
            }
        }
    }
    texts
}

/// The arguments that a text takes.
fn arguments(text: &str) -> BTreeSet<String> {
    let names = text.split('$').skip(1);
    names.map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()).collect()
}

/// Templates and sources that pages are made of, tests left out.
fn sources(extension: &str) -> Vec<(PathBuf, String)> {
    let mut files = vec![repository("functions"), repository("infra/local")];
    let mut found = Vec::new();
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|it| it == extension) {
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            found.push((path, text));
        }
    }
    found
}

/// Everything that stands in double quotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1)
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_arguments() {
    let (russian, english) = (texts("ru"), texts("en"));
    let missing: Vec<_> = russian.keys().filter(|id| !english.contains_key(*id)).collect();
    assert!(missing.is_empty(), "not in English: {missing:?}");
    let missing: Vec<_> = english.keys().filter(|id| !russian.contains_key(*id)).collect();
    assert!(missing.is_empty(), "not in Russian: {missing:?}");
    for (id, text) in &russian {
        assert_eq!(arguments(text), arguments(&english[id]), "the arguments of {id} differ");
    }
}

#[test]
fn every_text_is_used_and_every_text_used_is_there() {
    let known = texts("ru");
    let mut used: BTreeSet<String> = made().into_iter().collect();
    let mut words = BTreeSet::new();
    for (path, text) in sources("html").into_iter().chain(sources("rs")) {
        for word in quoted(&text) {
            words.insert(word.to_owned());
            if known.contains_key(word) {
                used.insert(word.to_owned());
            }
            // Forms lead to `…?done=name`.
            for name in word.split("done=").skip(1) {
                let name: String = name.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
                if !name.is_empty() {
                    used.insert(format!("done-{name}"));
                }
            }
        }
        for call in ["l.t(\"", "layout.t(\"", ".count(\"", ".with(\"", ".with2(\""] {
            for rest in text.split(call).skip(1) {
                let id = rest.split('"').next().unwrap_or_default();
                let looks_like_an_id = id.contains('-') || known.contains_key(id);
                assert!(
                    !looks_like_an_id || known.contains_key(id),
                    "{}: there is no text {id}",
                    path.display()
                );
            }
        }
    }
    for beginning in WORDS {
        used.extend(words.iter().map(|word| format!("{beginning}-{word}")));
    }
    used.extend(words.iter().map(|word| format!("help-answer-{word}")));
    let missing: Vec<_> = made().into_iter().filter(|id| !known.contains_key(id)).collect();
    assert!(missing.is_empty(), "texts that values need are missing: {missing:?}");
    let unused: Vec<_> = known.keys().filter(|id| !used.contains(*id)).collect();
    assert!(unused.is_empty(), "texts that nothing uses: {unused:?}");
}

/// Visible words stand in the texts and nowhere else.
#[test]
fn templates_hold_no_words_of_their_own() {
    for (path, template) in sources("html") {
        let mut visible = String::new();
        let mut rest = template.as_str();
        while let Some(start) = rest.find(['<', '{']) {
            visible.push_str(&rest[..start]);
            let end = match &rest[start..] {
                tag if tag.starts_with("{{") => tag.find("}}").map(|at| at + 2),
                tag if tag.starts_with("{%") => tag.find("%}").map(|at| at + 2),
                tag if tag.starts_with("{#") => tag.find("#}").map(|at| at + 2),
                tag if tag.starts_with('<') => Some(end_of_tag(tag)),
                _ => Some(1),
            };
            rest = &rest[start + end.unwrap_or(1)..];
        }
        visible.push_str(rest);
        let words: Vec<&str> =
            visible.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).collect();
        assert!(words.is_empty(), "{}: words outside the texts: {words:?}", path.display());
        let cyrillic = template.chars().any(|c| ('а'..='я').contains(&c));
        assert!(!cyrillic, "{}: Russian words outside the texts", path.display());
    }
}

/// The end of a tag, past expressions in its attributes.
fn end_of_tag(tag: &str) -> usize {
    let mut depth = 0_usize;
    let bytes = tag.as_bytes();
    for (at, pair) in bytes.windows(2).enumerate() {
        match pair {
            b"{{" | b"{%" => depth += 1,
            b"}}" | b"%}" => depth = depth.saturating_sub(1),
            [b'>', _] if depth == 0 => return at + 1,
            _ => {}
        }
    }
    bytes.len()
}
