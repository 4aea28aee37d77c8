//! Ids of the directory as small numbers. Facts carry the numbers, a snapshot carries the lists that say what they mean. A number is
//! never given to a second id, so snapshots share the lists.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::Error;

/// What an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IdKind {
    Category,
    Territory,
    Organization,
    Person,
}

const ID_KINDS: usize = 4;

/// The number of no id.
pub(crate) const NONE: u32 = 0;

/// The lists of ids. The first one has the number 1.
#[derive(Debug, Clone, Default)]
pub(crate) struct IdDictionary {
    lists: [Vec<String>; ID_KINDS],
    numbers: [HashMap<String, u32>; ID_KINDS],
    /// How much of each list is published.
    published: [usize; ID_KINDS],
}

/// Ids that follow those of the parts before.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct NewIds {
    lists: [Vec<String>; ID_KINDS],
}

impl IdDictionary {
    /// The number of an id, a new one if it has none.
    ///
    /// # Errors
    /// [`Error::TooManyNames`] if facts have no room for more categories or territories.
    pub(crate) fn number(&mut self, kind: IdKind, id: &str) -> Result<u32, Error> {
        if let Some(known) = self.find(kind, id) {
            return Ok(known);
        }
        let list = &mut self.lists[kind as usize];
        let number = u32::try_from(list.len() + 1).unwrap_or(u32::MAX);
        let most = match kind {
            IdKind::Category | IdKind::Territory => u32::from(u16::MAX),
            IdKind::Organization | IdKind::Person => u32::MAX - 1,
        };
        if number > most {
            return Err(Error::TooManyNames);
        }
        list.push(id.to_owned());
        self.numbers[kind as usize].insert(id.to_owned(), number);
        Ok(number)
    }

    /// The number of an id, if it has one.
    pub(crate) fn find(&self, kind: IdKind, id: &str) -> Option<u32> {
        self.numbers[kind as usize].get(id).copied()
    }

    /// What a number means; none for [`NONE`].
    pub(crate) fn name(&self, kind: IdKind, number: u32) -> Option<&str> {
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        self.lists[kind as usize].get(place).map(String::as_str)
    }

    /// One more than the greatest number.
    pub(crate) fn bound(&self, kind: IdKind) -> usize {
        self.lists[kind as usize].len() + 1
    }

    /// What is not published yet; none if all is.
    pub(crate) fn unpublished(&self) -> Option<NewIds> {
        let mut part = NewIds::default();
        for (kind, list) in self.lists.iter().enumerate() {
            part.lists[kind] = list[self.published[kind]..].to_vec();
        }
        part.lists.iter().any(|list| !list.is_empty()).then_some(part)
    }

    /// Everything, as one part.
    pub(crate) fn whole(&self) -> NewIds {
        NewIds { lists: self.lists.clone() }
    }

    /// True if every number of the earlier lists means the same here.
    pub(crate) fn continues(&self, earlier: &Self) -> bool {
        self.lists.iter().zip(&earlier.lists).all(|(list, earlier)| list.starts_with(earlier))
    }

    /// Nothing is published of it any more.
    pub(crate) fn set_unpublished(&mut self) {
        self.published = [0; ID_KINDS];
    }

    /// What is there is published now.
    pub(crate) fn set_published(&mut self) {
        self.published = std::array::from_fn(|kind| self.lists[kind].len());
    }

    /// Adds the next published part.
    pub(crate) fn extend(&mut self, part: NewIds) {
        for (kind, list) in part.lists.into_iter().enumerate() {
            for id in list {
                let number = u32::try_from(self.lists[kind].len() + 1).unwrap_or(u32::MAX);
                self.numbers[kind].insert(id.clone(), number);
                self.lists[kind].push(id);
            }
        }
        self.set_published();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_and_parts_follow_each_other() {
        let mut names = IdDictionary::default();
        assert_eq!(names.number(IdKind::Category, "a").expect("a number"), 1);
        assert_eq!(names.number(IdKind::Category, "b").expect("a number"), 2);
        assert_eq!(names.number(IdKind::Category, "a").expect("a number"), 1);
        assert_eq!(names.number(IdKind::Person, "a").expect("a number"), 1);
        let first = names.unpublished().expect("something new");
        names.set_published();
        assert!(names.unpublished().is_none());
        names.number(IdKind::Category, "c").expect("a number");
        let second = names.unpublished().expect("something new");

        let mut read = IdDictionary::default();
        read.extend(first);
        read.extend(second);
        for (kind, id, number) in
            [(IdKind::Category, "b", 2), (IdKind::Category, "c", 3), (IdKind::Person, "a", 1)]
        {
            assert_eq!((read.find(kind, id), read.name(kind, number)), (Some(number), Some(id)));
        }
        assert_eq!((read.name(IdKind::Category, NONE), read.bound(IdKind::Category)), (None, 4));
        assert!(read.unpublished().is_none());
    }

    #[test]
    fn there_is_room_for_so_many_categories_and_no_more() {
        let mut names = IdDictionary::default();
        for number in 1..=u16::MAX {
            assert_eq!(names.number(IdKind::Category, &number.to_string()).expect("room"), u32::from(number));
        }
        assert!(matches!(names.number(IdKind::Category, "one more"), Err(Error::TooManyNames)));
    }
}
