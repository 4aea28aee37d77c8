//! Texts put together from sentences of others: the lengths and the words of a given set of texts, in any number of
//! messages. What is made of templates has fewer words than what people write, and an index is the faster for it.

use thiserror::Error;

use super::random::generator;

/// What the generator of random numbers is for.
const BORROWED: u64 = 5;
/// A dot after so few letters ends no sentence: `ул. Мира`, `д. 5`, `кв. 7`
const ABBREVIATION: usize = 2;

/// The sentences of a set of texts, and how many of them a text has.
#[derive(Debug)]
pub struct Sentences {
    all: Vec<String>,
    /// One number for each text.
    counts: Vec<usize>,
}

/// Why there are no texts in a file.
#[derive(Debug, Error)]
pub enum TextsError {
    /// It is not CSV.
    #[error("it cannot be read as CSV")]
    Csv(#[from] csv::Error),
    /// It is not known what its texts are.
    #[error("it has no column `text`")]
    NoColumn,
    /// There is nothing to put together.
    #[error("there is not a word in it")]
    NoWords,
}

impl Sentences {
    /// Of the texts in the column `text` of a CSV file with these bytes.
    ///
    /// # Errors
    /// [`TextsError`] if there are none.
    pub fn of_csv(file: &[u8]) -> Result<Self, TextsError> {
        let mut file = csv::Reader::from_reader(file);
        let column = file.headers()?.iter().position(|name| name == "text").ok_or(TextsError::NoColumn)?;
        let records = file.records().collect::<Result<Vec<_>, _>>()?;
        Self::of(records.iter().filter_map(|record| record.get(column))).ok_or(TextsError::NoWords)
    }

    /// Of these texts; none if there is not a word in them.
    fn of<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Option<Self> {
        let (mut all, mut counts) = (Vec::new(), Vec::new());
        for text in texts {
            let before = all.len();
            all.extend(split(text.as_ref()).into_iter().map(str::to_owned));
            if all.len() > before {
                counts.push(all.len() - before);
            }
        }
        (!all.is_empty()).then_some(Self { all, counts })
    }

    /// The text of the message with this number: as many sentences as one of the texts has, each from any of them.
    pub(super) fn text(&self, seed: u64, number: u64) -> String {
        let mut rng = generator(seed, BORROWED, number);
        let count = self.counts[rng.usize(..self.counts.len())];
        let mut text = String::new();
        for _ in 0..count {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&self.all[rng.usize(..self.all.len())]);
        }
        text
    }
}

/// The sentences of a text, with the signs that end them. What has no letter and no digit is none.
fn split(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut begin = 0;
    let mut signs = text.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        let next = signs.peek().map(|(_, next)| *next);
        let ends = match sign {
            '\n' => true,
            '!' | '?' | '…' => next.is_some_and(char::is_whitespace),
            '.' => next.is_some_and(char::is_whitespace) && !is_abbreviated(&text[begin..at]),
            _ => false,
        };
        if ends {
            sentences.push(&text[begin..at + sign.len_utf8()]);
            begin = at + sign.len_utf8();
        }
    }
    sentences.push(&text[begin..]);
    let is_said = |sentence: &&str| sentence.contains(char::is_alphanumeric);
    sentences.into_iter().map(str::trim).filter(is_said).collect()
}

fn is_abbreviated(before: &str) -> bool {
    let last = before.rsplit(|sign: char| !sign.is_alphanumeric()).next().unwrap_or_default();
    (1..=ABBREVIATION).contains(&last.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Generator;

    const TEXTS: [&str; 4] = [
        "На ул. Садовой яма. Когда её заделают? Ждём…",
        "Фонарь не горит!\nТемно.",
        "...",
        "Во дворе лужа, д. 5 и д. 7 затоплены",
    ];

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        let found: Vec<&str> = TEXTS.iter().flat_map(|text| split(text)).collect();
        let expected = [
            "На ул. Садовой яма.",
            "Когда её заделают?",
            "Ждём…",
            "Фонарь не горит!",
            "Темно.",
            "Во дворе лужа, д. 5 и д. 7 затоплены",
        ];
        assert_eq!(found, expected);
        assert!(matches!(Sentences::of_csv(b"id,text\n1,!?\n2,\n"), Err(TextsError::NoWords)));
        assert!(matches!(Sentences::of_csv(b"id,words\n1,here\n"), Err(TextsError::NoColumn)));
        assert_eq!(Sentences::of_csv(b"id,text\n1,Here. There.\n2,\n").unwrap().all, ["Here.", "There."]);
    }

    /// The count of sentences is drawn apart from the sentences, so the mean is the product of both means.
    #[test]
    fn texts_are_as_long_as_those_they_are_made_of() {
        let sentences = Sentences::of(TEXTS).unwrap();
        assert_eq!(sentences.counts, [3, 2, 1]);
        let length: usize = (0..9_000).map(|number| sentences.text(1, number).chars().count()).sum();
        let mean: usize = TEXTS.iter().map(|text| text.chars().count()).sum::<usize>() / 3;
        assert!((length / 9_000).abs_diff(mean) <= 2, "{} and {mean}", length / 9_000);
    }

    #[test]
    fn only_the_text_is_another() {
        let own = Generator::country(1).unwrap();
        let other = || Generator::country(1).unwrap().with_texts(Sentences::of(TEXTS).unwrap());
        let (one, again) = (other(), other());
        for number in 0..50 {
            let (own, mut message) = (own.message(number), one.message(number));
            assert_eq!(message, again.message(number));
            assert_ne!(message.document.text, own.document.text);
            message.document.text.clone_from(&own.document.text);
            assert_eq!(message, own);
        }
    }
}
