//! Templates: text with places to fill in. `{name}` is a line of the list of that name or a [`Slot`], `[one|another]`
//! a choice, `{2-9 день|дня|дней}` a number with the right form of its word.

use std::collections::HashMap;

use fastrand::Rng;

use super::number::push_number;
use super::random::early;
use super::scene::{Scene, Slot};

/// A part of a template.
#[derive(Debug)]
enum TemplatePart {
    Text(&'static str),
    Slot(Slot),
    List(usize),
    Choice(Vec<Template>),
    Number { from: u32, to: u32, forms: Option<[&'static str; 3]> },
}

/// A text with places to fill in.
#[derive(Debug)]
pub(super) struct Template(Vec<TemplatePart>);

/// Named lists of templates.
#[derive(Debug, Default)]
pub(super) struct Grammar {
    names: HashMap<&'static str, usize>,
    lists: Vec<Vec<Template>>,
}

impl Grammar {
    /// Reads files in which `= name` begins a list. Every other line is a template; one that begins with `+` has a
    /// template in every word.
    pub(super) fn read(files: &[&'static str]) -> Self {
        let mut raw: Vec<(&'static str, Vec<&'static str>)> = Vec::new();
        for line in files.iter().flat_map(|file| file.lines()) {
            match (line.strip_prefix("= "), raw.last_mut()) {
                (Some(name), _) => raw.push((name, Vec::new())),
                (None, Some((_, lines))) => match line.strip_prefix("+ ") {
                    Some(words) => lines.extend(words.split(' ')),
                    None if line.is_empty() => {}
                    None => lines.push(line),
                },
                (None, _) => {}
            }
        }
        let names = raw.iter().enumerate().map(|(at, (name, _))| (*name, at)).collect();
        let mut grammar = Self { names, lists: Vec::new() };
        grammar.lists =
            raw.iter().map(|(_, lines)| lines.iter().map(|line| grammar.template(line)).collect()).collect();
        grammar
    }

    /// The lines of a list; none if there is no such list.
    pub(super) fn list(&self, name: &str) -> &[Template] {
        self.names.get(name).map_or(&[], |&at| &self.lists[at])
    }

    /// Reads a template. What cannot be understood stays as it is written.
    pub(super) fn template(&self, line: &'static str) -> Template {
        let mut parts = Vec::new();
        let mut rest = line;
        while let Some(open) = rest.find(['{', '[']) {
            let (before, from) = rest.split_at(open);
            let close = if from.starts_with('{') { '}' } else { ']' };
            let Some(end) = from.find(close) else { break };
            if !before.is_empty() {
                parts.push(TemplatePart::Text(before));
            }
            let inside = &from[1..end];
            parts.push(match close {
                '}' => self.place(inside).unwrap_or(TemplatePart::Text(&from[..=end])),
                _ => TemplatePart::Choice(options(inside).into_iter().map(|it| self.template(it)).collect()),
            });
            rest = &from[end + 1..];
        }
        if !rest.is_empty() {
            parts.push(TemplatePart::Text(rest));
        }
        Template(parts)
    }

    fn place(&self, name: &'static str) -> Option<TemplatePart> {
        if let Some(&list) = self.names.get(name) {
            return Some(TemplatePart::List(list));
        }
        Slot::named(name).map(TemplatePart::Slot).or_else(|| number(name))
    }

    /// Fills a template in.
    pub(super) fn render(&self, template: &Template, scene: &Scene<'_>, rng: &mut Rng, out: &mut String) {
        for part in &template.0 {
            match part {
                TemplatePart::Text(text) => out.push_str(text),
                TemplatePart::Slot(slot) => scene.fill(*slot, rng, out),
                TemplatePart::List(list) => {
                    let lines = &self.lists[*list];
                    self.render(&lines[early(rng, lines.len())], scene, rng, out);
                }
                TemplatePart::Choice(options) => {
                    self.render(&options[rng.usize(..options.len())], scene, rng, out);
                }
                TemplatePart::Number { from, to, forms } => {
                    let number = rng.u32(*from..=*to);
                    push_number(number, out);
                    if let Some(forms) = forms {
                        out.push(' ');
                        out.push_str(forms[form(number)]);
                    }
                }
            }
        }
    }
}

/// What stands between the bars; those inside braces belong to a number.
fn options(inside: &'static str) -> Vec<&'static str> {
    let (mut found, mut begin, mut depth) = (Vec::new(), 0, 0);
    for (at, sign) in inside.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            '|' if depth == 0 => {
                found.push(&inside[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    found.push(&inside[begin..]);
    found
}

fn number(text: &'static str) -> Option<TemplatePart> {
    let (range, words) = text.split_once(' ').map_or((text, None), |(range, words)| (range, Some(words)));
    let (from, to) = range.split_once('-')?;
    let (from, to) = (from.parse().ok()?, to.parse().ok()?);
    let forms = match words {
        None => None,
        Some(words) => {
            let mut forms = words.split('|');
            Some([forms.next()?, forms.next()?, forms.next()?])
        }
    };
    (from <= to).then_some(TemplatePart::Number { from, to, forms })
}

/// один день, два дня, пять дней.
const fn form(number: u32) -> usize {
    match (number % 10, number % 100) {
        (_, 11..=14) => 2,
        (1, _) => 0,
        (2..=4, _) => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_agree_with_their_numbers() {
        let shown = |number| ["день", "дня", "дней"][form(number)];
        let expected =
            [(1, "день"), (2, "дня"), (5, "дней"), (11, "дней"), (12, "дней"), (21, "день"), (104, "дня")];
        for (number, word) in expected {
            assert_eq!(shown(number), word, "{number}");
        }
    }

    #[test]
    fn bars_inside_braces_do_not_part_a_choice() {
        assert_eq!(options("{2-9 день|дня|дней}|весь год|"), ["{2-9 день|дня|дней}", "весь год", ""]);
    }

    #[test]
    fn what_is_not_understood_stays() {
        let grammar = Grammar::read(&["= a\nb\n+ c d\n"]);
        assert_eq!(grammar.list("a").len(), 3);
        let Template(parts) = grammar.template("{a} {нет такого} {3-1} [x");
        let kinds: Vec<String> = parts.iter().map(|part| format!("{part:?}")).collect();
        let expected = [
            "List(0)",
            "Text(\" \")",
            "Text(\"{нет такого}\")",
            "Text(\" \")",
            "Text(\"{3-1}\")",
            "Text(\" [x\")",
        ];
        assert_eq!(kinds, expected);
    }
}
