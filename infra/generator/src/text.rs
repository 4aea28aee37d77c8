//! What a citizen writes: an opening, what happened, where, since when, what was tried, a demand, a closing. Lengths
//! are log-normal, as they are in life.

use fastrand::Rng;

use super::grammar::Template;
use super::random::{chance, early, log_normal, whole};
use super::scene::Scene;
use super::typo::slip;
use super::vocabulary::Vocabulary;

/// Half of the messages are shorter, in characters; a message ends with a whole sentence, so more is written.
const MEDIAN: f64 = 350.0;
/// Of the logarithm of the length.
const DEVIATION: f64 = 1.15;
/// Longest length that is aimed at, in characters: with its last sentences a message stays below 4,000.
const LONGEST: f64 = 3_500.0;
/// Bytes of a hundred characters.
const BYTES: i64 = 184;

/// A part of a message.
#[derive(Debug, Clone, Copy)]
enum MessagePart {
    Topic,
    Group,
    Story,
    Tried,
}

/// Writes texts.
pub(super) struct Author<'g> {
    vocabulary: &'g Vocabulary,
    topic: Option<(usize, usize)>,
}

/// Goes through a list from anywhere, in steps, so that nothing comes twice before everything has come.
struct Walk {
    at: usize,
    step: usize,
}

impl Walk {
    fn new(rng: &mut Rng) -> Self {
        // Larger than any list and prime, so that a step never falls into a shorter circle.
        Self { at: rng.usize(..10_007), step: [101, 103, 107, 109][rng.usize(..4)] }
    }

    fn next<'l>(&mut self, list: &'l [Template]) -> Option<&'l Template> {
        self.at += self.step;
        (!list.is_empty()).then(|| &list[self.at % list.len()])
    }
}

impl<'g> Author<'g> {
    pub(super) fn new(vocabulary: &'g Vocabulary, topic: Option<(usize, usize)>) -> Self {
        Self { vocabulary, topic }
    }

    /// A message.
    pub(super) fn write(&self, scene: &Scene<'_>, rng: &mut Rng) -> String {
        let length = log_normal(rng, MEDIAN, DEVIATION).clamp(12.0, LONGEST);
        let bytes = usize::try_from(whole(length) * BYTES / 100).unwrap_or_default();
        let mut text = String::with_capacity(bytes + 320);
        if length < 60.0 {
            let list = if chance(rng, 60.0) { self.list("коротко") } else { self.problems() };
            self.sentence(&list[rng.usize(..list.len())], scene, rng, &mut text);
        } else {
            self.long(length, bytes, scene, rng, &mut text);
        }
        spoil(&mut text, rng);
        text
    }

    /// A message of one of many who write of the same: the core is drawn from `core`, what stands around it and the
    /// slips from `rng`.
    pub(super) fn retell(&self, scene: &Scene<'_>, core: &mut Rng, rng: &mut Rng) -> String {
        let mut text = String::with_capacity(1_200);
        if chance(rng, 50.0) {
            self.one_of("приветствие", scene, rng, &mut text);
        }
        let problems = self.problems();
        let mut stories = Walk::new(core);
        self.sentence(&problems[early(core, problems.len())], scene, core, &mut text);
        for list in ["место", "давно", "рассказ", "рассказ", "рассказ", "обращались"]
        {
            let list = self.list(list);
            let begin = text.len();
            if let Some(template) = stories.next(list) {
                self.sentence(template, scene, core, &mut text);
            }
            // Drawn in any case, so that what follows is the same; then some leave it out.
            if chance(rng, 10.0) {
                text.truncate(begin);
            }
        }
        if chance(rng, 40.0) {
            self.one_of("просьба", scene, rng, &mut text);
        }
        spoil(&mut text, rng);
        text
    }

    fn long(&self, length: f64, bytes: usize, scene: &Scene<'_>, rng: &mut Rng, text: &mut String) {
        if length > 100.0 && chance(rng, 55.0) {
            self.one_of("приветствие", scene, rng, text);
        }
        let problems = self.problems();
        let mut topic = Walk { at: early(rng, problems.len()), step: 1 };
        self.sentence(&problems[topic.at], scene, rng, text);
        if length > 130.0 && chance(rng, 45.0) {
            self.one_of("место", scene, rng, text);
        }
        if length > 170.0 && chance(rng, 35.0) {
            self.one_of("давно", scene, rng, text);
        }
        let paragraphs = chance(rng, 12.0);
        // What stands at the end takes its share.
        let body = bytes.saturating_sub(if length > 200.0 { 150 } else { 40 });
        let (mut group, mut story, mut tried) = (Walk::new(rng), Walk::new(rng), Walk::new(rng));
        let mut left = problems.len() - 1;
        while text.len() < body {
            if paragraphs && chance(rng, 25.0) {
                text.push('\n');
            }
            let template = match part(rng) {
                MessagePart::Topic if left > 0 => {
                    left -= 1;
                    topic.next(problems)
                }
                MessagePart::Tried => tried.next(self.list("обращались")),
                MessagePart::Group => group.next(self.stories()).or_else(|| story.next(self.list("рассказ"))),
                MessagePart::Topic | MessagePart::Story => story.next(self.list("рассказ")),
            };
            let Some(template) = template else { break };
            self.sentence(template, scene, rng, text);
        }
        if length > 90.0 && chance(rng, 70.0) {
            self.one_of("просьба", scene, rng, text);
        }
        if length > 150.0 && chance(rng, 40.0) {
            self.one_of("конец", scene, rng, text);
        }
    }

    fn list(&self, name: &str) -> &'g [Template] {
        self.vocabulary.grammar.list(name)
    }

    fn problems(&self) -> &'g [Template] {
        match self.topic {
            Some((group, topic)) => &self.vocabulary.groups[group].topics[topic].problems,
            None => self.list("темы"),
        }
    }

    fn stories(&self) -> &'g [Template] {
        self.topic.map_or(&[], |(group, _)| self.vocabulary.groups[group].stories.as_slice())
    }

    fn one_of(&self, list: &str, scene: &Scene<'_>, rng: &mut Rng, text: &mut String) {
        let list = self.list(list);
        if !list.is_empty() {
            self.sentence(&list[early(rng, list.len())], scene, rng, text);
        }
    }

    /// Adds a sentence, with a capital at its beginning.
    fn sentence(&self, template: &Template, scene: &Scene<'_>, rng: &mut Rng, text: &mut String) {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push(' ');
        }
        let begin = text.len();
        self.vocabulary.grammar.render(template, scene, rng, text);
        let first = text[begin..].chars().next();
        if let Some(first) = first.filter(|first| first.is_lowercase()) {
            let capital: String = first.to_uppercase().collect();
            text.replace_range(begin..begin + first.len_utf8(), &capital);
        }
    }
}

fn part(rng: &mut Rng) -> MessagePart {
    match rng.u8(..100) {
        0..15 => MessagePart::Topic,
        15..40 => MessagePart::Group,
        40..80 => MessagePart::Story,
        _ => MessagePart::Tried,
    }
}

/// Half of the people write carelessly.
fn spoil(text: &mut String, rng: &mut Rng) {
    match rng.u8(..100) {
        0..45 => {
            let slips = 1 + text.len() / 300;
            for _ in 0..rng.usize(1..=slips) {
                slip(text, rng);
            }
        }
        45..49 => *text = text.to_lowercase(),
        49 => *text = text.to_uppercase(),
        _ => {}
    }
}
