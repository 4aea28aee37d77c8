//! The options of a poll as programs send them, and as lines of a form.

use entrypoint::http::{FieldError, FieldErrors};
use poll::PollOption;
use serde::Deserialize;
use utoipa::ToSchema;

/// An option.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OptionRequest {
    /// Short, without spaces; its number in the list if left out.
    pub(crate) id: Option<String>,
    /// At most 300 characters.
    #[schema(required = true)]
    #[serde(default)]
    pub(crate) name: String,
    /// At most 3,000 characters.
    pub(crate) description: Option<String>,
    /// Where it is: at most 300 characters.
    pub(crate) place: Option<String>,
    /// In whole units of money.
    pub(crate) cost: Option<u64>,
}

/// Options as lines, as far as they fit into lines.
pub(crate) fn as_lines(options: &[PollOption]) -> String {
    let line = |option: &PollOption| {
        let place = option.place.as_ref().map_or("", |place| place.as_str());
        let description = option.description.as_ref().map_or("", |text| text.as_str());
        let line = format!("{} | {} | {place}", option.name.as_str(), option.cost);
        // Several lines do not fit into one: they are kept as they are.
        if description.is_empty() || description.contains(['\n', '|']) {
            line
        } else {
            format!("{line} | {description}")
        }
    };
    options.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Whether these are the lines of the options as they are. Browsers end lines with two characters.
pub(crate) fn is_unchanged(lines: &str, options: &[PollOption]) -> bool {
    !options.is_empty()
        && lines.replace("\r\n", "\n").trim() == as_lines(options).replace("\r\n", "\n").trim()
}

/// Options as people type them: `name | cost | place | description`.
pub(crate) fn from_lines(lines: &str, before: &[PollOption], errors: &mut FieldErrors) -> Vec<OptionRequest> {
    let mut options = Vec::new();
    let mut number: u32 = 0;
    for (at, line) in (1..).zip(lines.lines()).filter(|(_, line): &(u32, &str)| !line.trim().is_empty()) {
        let mut cells = line.split('|').map(str::trim);
        let name = cells.next().unwrap_or_default().to_owned();
        let typed = cells.next().unwrap_or_default().replace([' ', '\u{a0}', '\u{202f}'], "");
        let cost = if typed.is_empty() { Some(0) } else { typed.parse().ok() };
        if cost.is_none() {
            let message =
                format!("line {at}: the cost «{typed}» is no whole number; write name | 1000 | place");
            errors.push(FieldError::coded("lines", "poll-line-cost", message).with("line", at.to_string()));
        }
        let place = cells.next().map(str::to_owned);
        // Projects of a file may have the same name.
        let used = |option: &&PollOption| {
            options.iter().any(|done: &OptionRequest| done.id.as_deref() == Some(option.id.as_str()))
        };
        let same = before.iter().find(|option| option.name.as_str() == name && !used(option));
        // Otherwise the next number that no option of the draft has.
        let taken = |number: u32| before.iter().any(|option| option.id.as_str() == number.to_string());
        let id = if let Some(option) = same {
            option.id.to_string()
        } else {
            number += 1;
            while taken(number) {
                number += 1;
            }
            number.to_string()
        };
        // What does not fit into a line stays as it was.
        let kept = || same.and_then(|option| option.description.as_ref()).map(|it| it.as_str().to_owned());
        let description = cells.next().map(str::to_owned).or_else(kept);
        options.push(OptionRequest { id: Some(id), name, description, place, cost });
    }
    options
}
