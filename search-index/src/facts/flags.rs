//! Status, kind, mark and the yes-or-no facts of a submission, in 14 bits.
//!
//! Their codes on disk are numbers of their own. They depend neither on the order of the variants nor on their names in JSON. A
//! variant without a code does not compile, and a code without a variant is damage.

use domain::{Status, SubmissionKind};

/// Gives the variants of an enum their codes on disk, both ways. 0 is no code: it stands for an unknown value.
macro_rules! codes {
    ($module:ident: $type:ident { $($variant:ident = $code:literal,)* }) => {
        mod $module {
            use domain::$type;

            /// Codes are given in order, so all up to here are known.
            pub(super) const LAST: u16 = {
                let codes: &[u16] = &[$($code),*];
                let (mut place, mut last) = (0, 0);
                while place < codes.len() {
                    last += 1;
                    assert!(codes[place] == last, "the next code is the next number");
                    place += 1;
                }
                last
            };

            pub(super) const fn code(of: $type) -> u16 {
                match of {
                    $($type::$variant => $code,)*
                }
            }

            pub(super) const fn decode(code: u16) -> Option<$type> {
                match code {
                    $($code => Some($type::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

codes! {
    status: Status {
        Received = 1,
        Registered = 2,
        Rejected = 3,
        Routed = 4,
        Assigned = 5,
        Drafted = 6,
        Answered = 7,
        Reopened = 8,
        Closed = 9,
        Withdrawn = 10,
    }
}

codes! {
    kind: SubmissionKind {
        Report = 1,
        Appeal = 2,
    }
}

/// Some neighbouring bits.
#[derive(Clone, Copy)]
struct Bits {
    at: u16,
    width: u16,
}

impl Bits {
    const fn first(width: u16) -> Self {
        Self { at: 0, width }
    }

    const fn next(self, width: u16) -> Self {
        Self { at: self.end(), width }
    }

    const fn end(self) -> u16 {
        self.at + self.width
    }

    const fn greatest(self) -> u16 {
        (1 << self.width) - 1
    }

    const fn of(self, flags: u16) -> u16 {
        flags >> self.at & self.greatest()
    }
}

// What the matrix counts by comes first: its table of sums has a place for each of these combinations alone.
const STATUS: Bits = Bits::first(5);
const MARK: Bits = STATUS.next(3);
const REOPENED: Bits = MARK.next(1);
const KIND: Bits = REOPENED.next(3);
const PUBLISHED: Bits = KIND.next(1);
const TRAINING: Bits = PUBLISHED.next(1);

const GREATEST_MARK: u16 = 5;

const _: () = assert!(TRAINING.end() == 14, "the flags take 14 of the 16 bits of their column");
const _: () = assert!(status::LAST <= STATUS.greatest(), "a status has too great a code for its bits");
const _: () = assert!(kind::LAST <= KIND.greatest(), "a kind has too great a code for its bits");
const _: () = assert!(GREATEST_MARK <= MARK.greatest(), "marks do not fit their bits");

/// Flags as they are on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Flags(pub(crate) u16);

/// What flags are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) status: Status,
    pub(crate) kind: SubmissionKind,
    /// 1 to 5.
    pub(crate) mark: Option<u8>,
    pub(crate) reopened: bool,
    /// True if everybody may read it. Reserved: nothing sets it yet.
    pub(crate) published: bool,
    /// True if models learn from it. Reserved: nothing sets it yet.
    pub(crate) training: bool,
}

impl Flags {
    /// Combinations of status, mark and *reopened*; they stand in the lowest bits.
    pub(crate) const STATES: usize = 1 << REOPENED.end();
    /// Combinations of these and the kind.
    pub(crate) const STATES_AND_KINDS: usize = 1 << KIND.end();

    pub(crate) fn new(state: State) -> Self {
        let mark = u16::from(state.mark.unwrap_or(0)).min(GREATEST_MARK);
        Self(
            status::code(state.status) << STATUS.at
                | mark << MARK.at
                | u16::from(state.reopened) << REOPENED.at
                | kind::code(state.kind) << KIND.at
                | u16::from(state.published) << PUBLISHED.at
                | u16::from(state.training) << TRAINING.at,
        )
    }

    /// None if it is not known.
    pub(crate) fn status(self) -> Option<Status> {
        status::decode(STATUS.of(self.0))
    }

    /// None if it is not known.
    pub(crate) fn kind(self) -> Option<SubmissionKind> {
        kind::decode(KIND.of(self.0))
    }

    pub(crate) fn mark(self) -> Option<u8> {
        u8::try_from(MARK.of(self.0)).ok().filter(|mark| *mark > 0)
    }

    pub(crate) fn is_reopened(self) -> bool {
        REOPENED.of(self.0) == 1
    }

    pub(crate) fn is_open(self) -> bool {
        self.status().is_some_and(Status::is_open)
    }

    /// True if one of these flags has a code that this program does not know. All rows are checked without a branch, since this is
    /// done each time a file is opened.
    pub(crate) fn any_unknown(flags: &[u16]) -> bool {
        let unknown = |flags: u16| {
            (STATUS.of(flags) > status::LAST)
                | (KIND.of(flags) > kind::LAST)
                | (MARK.of(flags) > GREATEST_MARK)
                | (flags >> TRAINING.end() > 0)
        };
        flags.iter().fold(false, |any, flags| any | unknown(*flags))
    }
}

/// The place of a table of [`Flags::STATES`] that these flags have.
#[inline]
pub(crate) fn state(flags: u16) -> usize {
    usize::from(flags) & (Flags::STATES - 1)
}

/// The place of a table of [`Flags::STATES_AND_KINDS`] that these flags have.
#[inline]
pub(crate) fn state_and_kind(flags: u16) -> usize {
    usize::from(flags) & (Flags::STATES_AND_KINDS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [SubmissionKind; 2] = [SubmissionKind::Report, SubmissionKind::Appeal];

    #[test]
    fn flags_keep_what_they_are_given() {
        for status in Status::ALL {
            for kind in KINDS {
                for mark in [None, Some(1), Some(5)] {
                    for (reopened, published, training) in
                        [(false, false, false), (true, false, true), (false, true, false), (true, true, true)]
                    {
                        let flags = Flags::new(State { status, kind, mark, reopened, published, training });
                        assert_eq!((flags.status(), flags.kind()), (Some(status), Some(kind)));
                        assert_eq!((flags.mark(), flags.is_reopened()), (mark, reopened));
                        assert_eq!(PUBLISHED.of(flags.0), u16::from(published));
                        assert_eq!(TRAINING.of(flags.0), u16::from(training));
                        assert!(!Flags::any_unknown(&[flags.0]));
                    }
                }
            }
        }
    }

    /// They stand in indexes: a change of one of them is a change of `FACTS_FORMAT`.
    #[test]
    fn codes_stay() {
        let codes: Vec<u16> = Status::ALL.into_iter().map(status::code).collect();
        assert_eq!(codes, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        assert_eq!(KINDS.map(kind::code), [1, 2]);
        let state = State {
            status: Status::Closed,
            kind: SubmissionKind::Appeal,
            mark: Some(4),
            reopened: true,
            published: true,
            training: false,
        };
        assert_eq!(Flags::new(state).0, 0b01_0101_1000_1001);
    }

    #[test]
    fn what_nobody_knows_is_told_apart() {
        assert!(!Flags::any_unknown(&[0]), "not known yet is no damage");
        for flags in [11 << STATUS.at, 3 << KIND.at, 7 << KIND.at, 6 << MARK.at, 1 << 14, 1 << 15] {
            assert!(Flags::any_unknown(&[1, flags, 2]), "{flags:b}");
        }
        assert_eq!((Flags(3 << KIND.at).kind(), Flags(11).status()), (None, None));
    }
}
