//! The facts of a shard as files, by who needs them. A block never changes; what has changed since lies in deltas beside it.
//!
//! | file | what | opened for |
//! |---|---|---|
//! | `facts` | what everything is counted by, [plain](crate::facts::plain) | every question |
//! | `details` | what is listed and reported, with the ids, [packed](crate::facts::packed) | lists, reports, words |
//! | `keys` | versions, fingerprints of the texts, the rows in the order of ids, packed | writers |
//! | `points`, `matters` | where a submission is and what it is about, packed | writers |
//!
//! Ids and fingerprints are found without knowing the other columns: the ids are the last two columns of the details, version and
//! fingerprint the first two of the keys. So the words of an index can be searched, and keep their rows, while its facts are of a
//! format that this program does not know.

use std::cmp::Ordering;
use std::path::Path;

use crate::Error;
use crate::facts::at::index;
use crate::facts::columns::{Counted, Details, Keys, Matter, Point};
use crate::facts::flags::Flags;
use crate::facts::packed::{self, Packed};
use crate::facts::plain::{self, Plain};
use crate::facts::row::{FactRow, Rest};

/// The halves of an id, after the other columns of the details.
const ID_HALVES: usize = 2;

/// The facts of a shard up to the last time that they were written together. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Block {
    rows: usize,
    counted: Plain,
    /// Not open for readers that only count.
    details: Option<Packed>,
    /// Open for writers.
    keys: Option<Packed>,
    /// Open for writers.
    reserved: Option<(Packed, Packed)>,
}

/// The files of a block.
pub(crate) struct Encoded {
    pub(crate) facts: Vec<u8>,
    pub(crate) details: Vec<u8>,
    pub(crate) keys: Vec<u8>,
    pub(crate) points: Vec<u8>,
    pub(crate) matters: Vec<u8>,
}

impl Block {
    /// A block without rows, open for everything.
    pub(crate) fn empty() -> Self {
        Self {
            rows: 0,
            counted: Plain::absent(),
            details: Some(Packed::empty(Details::WIDTHS.len() + ID_HALVES)),
            keys: Some(Packed::empty(Keys::WIDTHS.len() + 1)),
            reserved: None,
        }
    }

    /// Opens what is counted.
    ///
    /// # Errors
    /// [`Error::Damaged`] if the file is no such file or has a code that this program does not know; otherwise what the file
    /// system says.
    pub(crate) fn open(folder: &Path, name: &str) -> Result<Self, Error> {
        let counted = Plain::open(folder, name, Counted::WIDTHS)?;
        if Flags::any_unknown(counted.flags()) {
            return Err(Error::Damaged { object: name.to_owned() });
        }
        Ok(Self { rows: counted.len(), counted, details: None, keys: None, reserved: None })
    }

    /// Opens the ids alone, out of the details of any format.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub(crate) fn open_ids(folder: &Path, details: &str) -> Result<Self, Error> {
        let packed = Packed::open(folder, details)?;
        if packed.columns() < ID_HALVES {
            return Err(Error::Damaged { object: details.to_owned() });
        }
        Ok(Self {
            rows: packed.rows(),
            counted: Plain::absent(),
            details: Some(packed),
            keys: None,
            reserved: None,
        })
    }

    /// The same, with what is listed of each submission.
    pub(crate) fn with_details(self, folder: &Path, name: &str) -> Result<Self, Error> {
        let details = self.packed(folder, name, Some(Details::WIDTHS.len() + ID_HALVES))?;
        Ok(Self { details: Some(details), ..self })
    }

    /// The same, with what a writer asks for. The keys may be of any format if the facts are not open.
    pub(crate) fn with_keys(self, folder: &Path, name: &str) -> Result<Self, Error> {
        let columns = (!self.counted.is_absent()).then_some(Keys::WIDTHS.len() + 1);
        let keys = self.packed(folder, name, columns)?;
        if keys.columns() <= Keys::WIDTHS.len() {
            return Err(Error::Damaged { object: name.to_owned() });
        }
        Ok(Self { keys: Some(keys), ..self })
    }

    /// The same, with where submissions are and what they are about.
    pub(crate) fn with_points_and_matters(
        self,
        folder: &Path,
        points: &str,
        matters: &str,
    ) -> Result<Self, Error> {
        let points = self.packed(folder, points, Some(Point::WIDTHS.len()))?;
        let matters = self.packed(folder, matters, Some(Matter::WIDTHS.len()))?;
        Ok(Self { reserved: Some((points, matters)), ..self })
    }

    fn packed(&self, folder: &Path, name: &str, columns: Option<usize>) -> Result<Packed, Error> {
        let packed = Packed::open(folder, name)?;
        if packed.rows() == self.rows && columns.is_none_or(|columns| columns == packed.columns()) {
            Ok(packed)
        } else {
            Err(Error::Damaged { object: name.to_owned() })
        }
    }

    pub(crate) fn has_details(&self) -> bool {
        self.details.is_some()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    /// The columns by which everything is counted.
    pub(crate) fn counted(&self) -> &Plain {
        &self.counted
    }

    /// The submission of a row; 0 without details.
    pub(crate) fn id(&self, row: u32) -> u128 {
        self.details.as_ref().map_or(0, |details| {
            let low = details.columns() - 1;
            u128::from(details.get(low - 1, row)) << 64 | u128::from(details.get(low, row))
        })
    }

    /// A whole row. What is not open is 0.
    #[cfg(test)]
    pub(crate) fn fact(&self, row: u32) -> FactRow {
        FactRow { counted: self.counted.row(index(row)), rest: self.rest(row) }
    }

    /// What nothing is counted by. What is not open is 0.
    pub(crate) fn rest(&self, row: u32) -> Rest {
        let number = |file: &Packed, column| file.get(column, row);
        Rest {
            id: self.id(row),
            details: self.details(row),
            keys: self
                .keys
                .as_ref()
                .map_or_else(Keys::default, |file| Keys::from_numbers(|at| number(file, at))),
            point: self
                .reserved
                .as_ref()
                .map_or_else(Point::default, |(file, _)| Point::from_numbers(|at| number(file, at))),
            matter: self
                .reserved
                .as_ref()
                .map_or_else(Matter::default, |(_, file)| Matter::from_numbers(|at| number(file, at))),
        }
    }

    /// What is reported of a row. What is not open is 0.
    pub(crate) fn details(&self, row: u32) -> Details {
        // Without the facts the columns may mean something else.
        let file = self.details.as_ref().filter(|_| !self.counted.is_absent());
        file.map_or_else(Details::default, |file| Details::from_numbers(|column| file.get(column, row)))
    }

    /// The row of a submission; none without keys.
    pub(crate) fn find(&self, id: u128) -> Option<u32> {
        let keys = self.keys.as_ref()?;
        let row = |place: u32| u32::try_from(keys.get(keys.columns() - 1, place)).unwrap_or(u32::MAX);
        let (mut low, mut high) = (0, u32::try_from(self.rows).unwrap_or(u32::MAX));
        while low < high {
            let middle = low + (high - low) / 2;
            let found = row(middle);
            match self.id(found).cmp(&id) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(found),
            }
        }
        None
    }
}

/// Writes facts as a block.
pub(crate) fn encode(facts: &[FactRow]) -> Encoded {
    let rows = u32::try_from(facts.len()).unwrap_or(u32::MAX);
    let mut by_id: Vec<u32> = (0..rows).collect();
    by_id.sort_unstable_by_key(|row| facts[index(*row)].rest.id);
    let rest = facts.iter().map(|fact| &fact.rest);
    let mut details = Details::numbers(rest.clone().map(|rest| &rest.details));
    #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
    details.extend([
        rest.clone().map(|rest| (rest.id >> 64) as u64).collect::<Vec<u64>>(),
        rest.clone().map(|rest| rest.id as u64).collect(),
    ]);
    let mut keys = Keys::numbers(rest.clone().map(|rest| &rest.keys));
    keys.push(by_id.into_iter().map(u64::from).collect());
    let counted = Counted::numbers(facts.iter().map(|fact| &fact.counted));
    Encoded {
        facts: plain::encode(facts.len(), &counted, Counted::WIDTHS),
        details: packed::encode(facts.len(), &details),
        keys: packed::encode(facts.len(), &keys),
        points: packed::encode(facts.len(), &Point::numbers(rest.clone().map(|rest| &rest.point))),
        matters: packed::encode(facts.len(), &Matter::numbers(rest.map(|rest| &rest.matter))),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn fact() -> impl Strategy<Value = FactRow> {
        (any::<[u32; 14]>(), any::<u128>(), 0..=1_u16).prop_map(|(numbers, id, kind)| {
            let short = |number: u32| u16::try_from(number & 0xffff).expect("two bytes");
            let small = |number: u32| u8::try_from(number & 0xff).expect("a byte");
            let mut bytes = Vec::new();
            for number in numbers {
                bytes.extend_from_slice(&number.to_le_bytes());
            }
            FactRow {
                counted: Counted {
                    category: short(numbers[0]),
                    territory: short(numbers[1]),
                    flags: (short(numbers[2]) % 11) | ((1 + kind) << 9),
                    received: numbers[3],
                    due: numbers[4],
                    organization: numbers[5],
                    answered: numbers[6],
                    intent: small(numbers[7]),
                },
                rest: Rest {
                    id,
                    details: Details::read(&mut &bytes[..]).expect("enough bytes"),
                    keys: Keys { version: numbers[8], text: numbers[9] },
                    point: Point { latitude: numbers[10], longitude: numbers[11] },
                    matter: Matter::read(&mut &bytes[20..]).expect("enough bytes"),
                },
            }
        })
    }

    /// Facts as a block in files.
    fn written(facts: &[FactRow], folder: &Path) -> Result<Block, Error> {
        let encoded = encode(facts);
        for (name, bytes) in [
            ("f", encoded.facts),
            ("d", encoded.details),
            ("k", encoded.keys),
            ("p", encoded.points),
            ("m", encoded.matters),
        ] {
            std::fs::write(folder.join(name), bytes).expect("written");
        }
        let block = Block::open(folder, "f")?.with_details(folder, "d")?.with_keys(folder, "k")?;
        block.with_points_and_matters(folder, "p", "m")
    }

    proptest! {
        #[test]
        fn a_block_keeps_every_fact(facts in proptest::collection::vec(fact(), 0..70)) {
            let folder = tempfile::tempdir().expect("a folder");
            let block = written(&facts, folder.path()).expect("a block");
            prop_assert_eq!(block.len(), facts.len());
            let ids = Block::open_ids(folder.path(), "d").expect("ids").with_keys(folder.path(), "k").expect("keys");
            for (row, fact) in (0..).zip(&facts) {
                prop_assert_eq!(block.fact(row), *fact);
                prop_assert_eq!(block.find(fact.rest.id).map(|row| facts[index(row)].rest.id), Some(fact.rest.id));
                prop_assert_eq!(ids.fact(row), FactRow::unknown(fact.rest.id, fact.rest.keys));
            }
            prop_assert_eq!(block.find(1).is_some(), facts.iter().any(|fact| fact.rest.id == 1));
        }
    }

    #[test]
    fn what_is_absent_takes_no_room() {
        let encoded = encode(&vec![FactRow::default(); 1_000]);
        assert!(encoded.points.len() < 80 && encoded.matters.len() < 300);
    }

    #[test]
    fn files_of_other_rows_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        written(&[FactRow::default(); 3], folder.path()).expect("a block");
        std::fs::write(folder.path().join("d"), encode(&[FactRow::default(); 4]).details).expect("written");
        let block = Block::open(folder.path(), "f").expect("a block");
        assert!(matches!(block.with_details(folder.path(), "d"), Err(Error::Damaged { .. })));
        for bytes in [&b""[..], b"vmfacts3", &encode(&[FactRow::default()]).facts[1..]] {
            std::fs::write(folder.path().join("f"), bytes).expect("written");
            assert!(matches!(Block::open(folder.path(), "f"), Err(Error::Damaged { .. })));
        }
    }

    /// A kind that a later program has written is no report.
    #[test]
    fn a_code_that_nobody_knows_is_damage() {
        let folder = tempfile::tempdir().expect("a folder");
        let with = |flags| {
            let counted = Counted { flags, ..Counted::default() };
            let facts = [FactRow::default(), FactRow { counted, ..FactRow::default() }];
            written(&facts, folder.path())
        };
        assert!(with(1 | 1 << 9).is_ok());
        for flags in [1 | 7 << 9, 31 | 1 << 9] {
            assert!(matches!(with(flags), Err(Error::Damaged { .. })), "{flags:b}");
        }
    }
}
