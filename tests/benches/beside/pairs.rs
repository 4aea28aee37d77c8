//! What is searched for: words that stand together in a message, as people look for what somebody has written. Some are
//! in many messages, some in few.

use std::ops::Range;

use tantivy::tokenizer::TextAnalyzer;

use crate::analyzer::stems;
use crate::messages::Messages;

/// Shares of messages that have a frequent word, and a middling one.
const FREQUENT: Range<f64> = 0.02..0.5;
const MIDDLING: Range<f64> = 0.001..0.02;
/// The share that one question asks for.
const TENTH: f64 = 0.1;
/// Draws before it is clear that there are not so many.
const DRAWS: usize = 200_000;
/// Shorter words are abbreviations.
const SHORTEST: usize = 3;

/// A word as it is typed, and its stem.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) typed: String,
    pub(crate) stem: String,
}

/// Two words, and the message that they come from.
pub(crate) struct Pair {
    pub(crate) words: [Word; 2],
    pub(crate) message: usize,
    pub(crate) both_frequent: bool,
}

/// So many pairs: one third of frequent words, one of a frequent and a middling word, one of middling words.
pub(crate) fn draw(
    messages: &Messages,
    wanted: usize,
    analyzer: &mut TextAnalyzer,
) -> anyhow::Result<Vec<Pair>> {
    let mut rng = fastrand::Rng::with_seed(1);
    let mut pairs: Vec<Pair> = Vec::with_capacity(wanted);
    for _ in 0..DRAWS {
        if pairs.len() == wanted {
            return Ok(pairs);
        }
        let [first, second] = [[&FREQUENT; 2], [&FREQUENT, &MIDDLING], [&MIDDLING; 2]][pairs.len() % 3];
        let message = rng.usize(..messages.documents.len());
        let words = words(&messages.documents[message].text, analyzer);
        let mut one = |share: &Range<f64>| {
            let some: Vec<&Word> =
                words.iter().filter(|word| share.contains(&self::share(messages, &word.stem))).collect();
            rng.choice(some).cloned()
        };
        let (Some(one), Some(other)) = (one(first), one(second)) else { continue };
        let words = [one, other];
        if words[0].stem != words[1].stem && pairs.iter().all(|pair| pair.words != words) {
            pairs.push(Pair { words, message, both_frequent: first == second && first == &FREQUENT });
        }
    }
    anyhow::bail!("there are no {wanted} pairs of words")
}

/// The word that comes nearest to being in every tenth message, and its share.
pub(crate) fn tenth(messages: &Messages, analyzer: &mut TextAnalyzer) -> anyhow::Result<(Word, f64)> {
    let distance = |stem: &str| (share(messages, stem) - TENTH).abs();
    let stems = messages.frequencies.keys().filter(|stem| is_word(stem));
    let nearest = stems.min_by(|one, other| distance(one).total_cmp(&distance(other)).then(one.cmp(other)));
    let nearest = nearest.ok_or_else(|| anyhow::anyhow!("there are no words"))?;
    let mut texts = messages.documents.iter().map(|document| words(&document.text, analyzer));
    let word = texts.find_map(|words| words.into_iter().find(|word| word.stem == *nearest));
    let word = word.ok_or_else(|| anyhow::anyhow!("«{nearest}» is in no text"))?;
    Ok((word, share(messages, nearest)))
}

fn words(text: &str, analyzer: &mut TextAnalyzer) -> Vec<Word> {
    let stems = stems(text, analyzer).into_iter();
    let words = stems.map(|(stem, place)| Word { typed: text[place].to_lowercase(), stem });
    words.filter(|word| is_word(&word.typed)).collect()
}

fn is_word(typed: &str) -> bool {
    typed.chars().count() >= SHORTEST && typed.chars().all(|sign| ('а'..='я').contains(&sign))
}

fn share(messages: &Messages, stem: &str) -> f64 {
    let count = messages.frequencies.get(stem).copied().unwrap_or_default();
    f64::from(count) / f64::from(u32::try_from(messages.documents.len()).unwrap_or(u32::MAX))
}
