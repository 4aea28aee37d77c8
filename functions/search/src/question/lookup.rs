//! The look-up of names of the typed line among entries of the directory.

use search_index::Name;

use super::diagnostic::{Diagnostic, unknown_name};
use super::entry::{NamedEntry, fold};

/// The largest number of wrong names that are reported at once.
pub(crate) const ERROR_LIMIT: usize = 10;

/// The values of the entries with these ids or names. A name stands for all entries that have it.
pub(crate) fn find_all<T: Clone>(known: &[NamedEntry<T>], names: &[Name]) -> Result<Vec<T>, Vec<Diagnostic>> {
    let mut values = Vec::new();
    let mut wrong = Vec::new();
    for name in names {
        if wrong.len() == ERROR_LIMIT {
            break;
        }
        let found = find(known, &fold(&name.text));
        if found.is_empty() {
            wrong.push(unknown_name(name, known));
        }
        values.extend(found);
    }
    if wrong.is_empty() { Ok(values) } else { Err(wrong) }
}

/// An id goes before a name.
fn find<T: Clone>(known: &[NamedEntry<T>], wanted: &str) -> Vec<T> {
    let values = |is_it: &dyn Fn(&NamedEntry<T>) -> bool| -> Vec<T> {
        known.iter().filter(|entry| is_it(entry)).map(|entry| entry.value.clone()).collect()
    };
    let by_id = values(&|entry| !wanted.is_empty() && entry.id == wanted);
    if by_id.is_empty() { values(&|entry| entry.folded.iter().any(|name| name == wanted)) } else { by_id }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(wanted: &str) -> Result<Vec<u8>, usize> {
        let known = [
            NamedEntry::new("park", &["Парк"], 1),
            NamedEntry::new("yard", &["Двор «Ёлка»", "park"], 2),
            NamedEntry::new("", &["Парк"], 3),
        ];
        let name = Name { text: wanted.to_owned(), place: 0..1 };
        find_all(&known, &[name]).map_err(|wrong| wrong.len())
    }

    #[test]
    fn an_id_goes_before_a_name_and_a_name_stands_for_all_that_have_it() {
        assert_eq!(found("park"), Ok(vec![1]), "not the entry that is also named so");
        assert_eq!(found("ПАРК"), Ok(vec![1, 3]));
        assert_eq!(found("двор  елка"), Ok(vec![2]), "case, ё, quotation marks and spaces do not count");
        assert_eq!(found("Двор"), Err(1), "a part of a name is no name");
        assert_eq!(found(""), Err(1), "an entry without id has no empty id");
    }
}
