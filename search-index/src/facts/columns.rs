//! What is kept about a submission: the one table of columns, file by file.
//!
//! A new column is one line here, and its value in [`FactRow::of`](super::row::FactRow::of); the files, the deltas and the rows in
//! memory follow. It changes the facts on disk, so it raises `FACTS_FORMAT`.

use super::plain::{MOST_COLUMNS, Plain};

/// Declares the columns of one file as a struct of one row, and how a row becomes bytes and numbers.
macro_rules! columns {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub(crate) struct $name { $($(#[$about])* pub(crate) $field: $type,)* }

        impl $name {
            /// Bytes of one value of each column, in their order.
            pub(crate) const WIDTHS: &'static [usize] = &[$(size_of::<$type>(),)*];
            /// Bytes of a row.
            pub(crate) const BYTES: usize = 0 $(+ size_of::<$type>())*;

            /// Appends a row, value after value, little-endian.
            pub(crate) fn write(&self, bytes: &mut Vec<u8>) {
                $(bytes.extend_from_slice(&self.$field.to_le_bytes());)*
            }

            /// Takes a row from the beginning of some bytes; none if there are too few.
            pub(crate) fn read(bytes: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: {
                    let (value, rest) = bytes.split_first_chunk()?;
                    *bytes = rest;
                    <$type>::from_le_bytes(*value)
                },)* })
            }

            /// The values of many rows, column by column.
            pub(crate) fn numbers<'a>(rows: impl Iterator<Item = &'a Self> + Clone) -> Vec<Vec<u64>> {
                vec![$(rows.clone().map(|row| row.$field.into()).collect(),)*]
            }
        }
    };
}

/// The same for a file whose columns are packed.
macro_rules! packed_columns {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $field:ident: $type:ty,)* }) => {
        columns! { $(#[$doc])* $name { $($(#[$about])* $field: $type,)* } }

        impl $name {
            /// A row from its numbers, asked for by their columns in order.
            pub(crate) fn from_numbers(number: impl Fn(usize) -> u64) -> Self {
                let mut column = 0..;
                let mut next = || column.next().map_or(0, &number);
                Self { $($field: <$type>::try_from(next()).unwrap_or(<$type>::MAX),)* }
            }
        }
    };
}

/// The same for the file whose columns lie plain, with a slice of each.
macro_rules! plain_columns {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $field:ident: $type:ty,)* }) => {
        columns! { $(#[$doc])* $name { $($(#[$about])* $field: $type,)* } }

        #[expect(non_camel_case_types, reason = "an index is called as its column")]
        #[derive(Clone, Copy)]
        enum ColumnIndex { $($field,)* }

        impl Plain {
            $($(#[$about])* #[inline] pub(crate) fn $field(&self) -> &[$type] {
                self.column(ColumnIndex::$field as usize)
            })*

            /// A whole row. It must exist, unless the file is not open: then all is 0.
            pub(crate) fn row(&self, row: usize) -> $name {
                if self.is_absent() {
                    return $name::default();
                }
                $name { $($field: self.$field()[row],)* }
            }
        }
    };
}

plain_columns! {
    /// The facts that submissions are counted by. A row of zeros stands for a submission whose facts are not known yet. It has no
    /// status, lies in no category, territory or period, and is counted nowhere.
    Counted {
        /// Number of the category in the lists of ids; 0: none.
        category: u16,
        /// Number of the territory in the lists of ids.
        territory: u16,
        /// Status, mark, kind and what else is yes or no: see [`Flags`](super::flags::Flags).
        flags: u16,
        /// Second of the receipt since 1970.
        received: u32,
        /// Second since 1970 at which the term is over; 0: no term runs.
        due: u32,
        /// Number of the organization in the lists of ids; 0: none.
        organization: u32,
        /// Second of the latest answer since 1970; 0: none.
        answered: u32,
        /// Code of what the author wants, such as a question or a complaint; 0: unknown. Reserved: nothing writes it yet.
        intent: u8,
    }
}

packed_columns! {
    /// What is listed and reported of a submission, beside its id.
    Details {
        /// Second since 1970 by which the latest answer was due; 0: no term.
        answer_due: u32,
        /// Number in the lists of ids of the person who wrote it; 0: nobody.
        answered_by: u32,
        /// Number in the lists of ids of the caseworker; 0: nobody.
        assignee: u32,
    }
}

packed_columns! {
    /// What only a writer asks for.
    Keys {
        /// The submission's version.
        version: u32,
        /// A fingerprint of text and place: what has not changed is not indexed again. 0: the words are not in the index.
        text: u32,
    }
}

packed_columns! {
    /// Where it is: 8 bytes in units of a ten-millionth of a degree, about a centimetre. Reserved: nothing writes it yet.
    Point {
        /// Latitude in units, and 900,000,001: 1 is the South Pole. 0: the place is unknown.
        latitude: u32,
        /// Longitude in units, and 1,800,000,001. 0: the place is unknown.
        longitude: u32,
    }
}

packed_columns! {
    /// What it is about, as a model of the texts has it: five topics, the likeliest first. Reserved: nothing writes it yet.
    Matter {
        /// Number of the model that knows what the topics mean; 0: no model has read the text.
        model: u16,
        /// Topics of that model.
        topic_1: u16,
        topic_2: u16,
        topic_3: u16,
        topic_4: u16,
        topic_5: u16,
        /// How likely each is, in 255ths.
        share_1: u8,
        share_2: u8,
        share_3: u8,
        share_4: u8,
        share_5: u8,
    }
}

const _: () = assert!(Counted::WIDTHS.len() <= MOST_COLUMNS, "a plain file has no room for more columns");
const _: () = assert!(Point::BYTES == 8, "a point takes 8 bytes");
const _: () =
    assert!(Matter::BYTES == 2 + 15, "five topics with their shares take 15 bytes, the model's number two");
