use proptest::prelude::*;

use super::*;
use crate::query::field_filter::Condition;

/// Clauses in short: `-` for exclusion, `|` between alternatives, words of a phrase joined by `+` and their distance.
fn read(line: &str) -> Vec<String> {
    let wanted = |wanted: &Wanted| match wanted {
        Wanted::Phrase(stems) => {
            stems.iter().map(|(at, stem)| format!("{stem}{at}")).collect::<Vec<_>>().join("+")
        }
        Wanted::Prefix(prefix) => format!("{}*", prefix.start),
    };
    let show = |clause: &Clause| {
        let any: Vec<String> = clause.any.iter().map(wanted).collect();
        format!("{}{}", if clause.excluded { "-" } else { "" }, any.join("|"))
    };
    Line::read(line).expect("a line without mistakes").words.clauses.iter().map(show).collect()
}

/// The first mistake: its place, from 0, and what is wrong.
fn wrong(line: &str) -> (Range<usize>, Fault) {
    let mistake = Line::read(line).expect_err(line).swap_remove(0);
    (mistake.place, mistake.fault)
}

fn filters(line: &str) -> Vec<FieldFilter> {
    Line::read(line).expect("a line without mistakes").filters
}

#[test]
fn words_phrases_and_exclusions() {
    assert_eq!(read("не горит фонарь"), ["гор0", "фонар0"]);
    assert_eq!(read("«яма на дороге» двор"), ["ям0+дорог2", "двор0"]);
    assert_eq!(read("яма -двор -\"мокрый снег\""), ["ям0", "-двор0", "-мокр0+снег1"]);
    assert_eq!(read("„яма“ ”двор»"), ["ям0", "двор0"]);
    assert_eq!(read("двор-колодец"), ["двор0", "колодец0"]);
    assert_eq!(read("яма -ул.Ленина"), ["ям0", "-ул0+ленин1"]);
}

#[test]
fn punctuation_parts_words() {
    assert_eq!(
        read("яма, (двор); снег! 12:30 д.5 — it's c++ [a] 50% /я/"),
        ["ям0", "двор0", "снег0", "120", "300", "д0", "50", "it0", "s0", "c0", "a0", "500"]
    );
    assert_eq!(read("(город:Луговой) +7:5"), ["город0", "лугов0", "70", "50"], "no field");
    for nothing in ["", "  ", "\u{a0}", "и не на", "()^~", "..., !", "—"] {
        assert_eq!(read(nothing), Vec::<String>::new(), "{nothing}");
    }
    assert!(Line::read(" ... ").expect("nothing").words.typed);
    assert!(Line::read(" ").expect("nothing").words.is_empty());
}

#[test]
fn prefixes_are_one_unfinished_word() {
    assert_eq!(read("Фонар* -дв* тёмн*"), ["фонар*", "-дв*", "темн*"]);
    assert_eq!(wrong("яма ф*"), (4..6, Fault::ShortPrefix));
    assert_eq!(wrong("яма *"), (4..5, Fault::StrayStar));
    assert_eq!(wrong("фо*арь"), (2..3, Fault::StrayStar));
    assert_eq!(wrong("*арь"), (0..1, Fault::StrayStar));
    assert_eq!(wrong("фон**"), (3..4, Fault::StrayStar));
    assert_eq!(wrong("ул.Лен*"), (6..7, Fault::StrayStar));
    assert_eq!(wrong("«яма»*"), (5..6, Fault::StrayStar));
    assert_eq!(read("«яма*»"), ["ям0"]);
}

#[test]
fn or_joins_its_neighbours() {
    assert_eq!(read("яма OR двор"), ["ям0|двор0"]);
    assert_eq!(read("снег яма ИЛИ «мокрый лёд» ИЛИ фон* крыша"), ["снег0", "ям0|мокр0+лед1|фон*", "крыш0"]);
    assert_eq!(read("a OR b c OR d"), ["a0|b0", "c0|d0"]);
    assert_eq!(read("двор-колодец OR яма"), ["двор0+колодец1|ям0"]);
    // A stop word is no alternative, and in small letters it is a word.
    assert_eq!(read("яма OR не"), ["ям0"]);
    assert_eq!(read("не OR яма снег"), ["ям0", "снег0"]);
    assert_eq!(read("яма AND двор"), ["ям0", "двор0"]);
    for line in ["OR яма", "яма OR", "яма OR -двор", "яма OR OR двор", "mark:5 OR яма", "OR"]
    {
        assert_eq!(wrong(line).1, Fault::StrayOr, "{line}");
    }
    assert_eq!(wrong("яма OR -двор").0, 4..6);
    assert_eq!(wrong("снег (яма OR двор)"), (5..6, Fault::Brackets));
    assert_eq!(read("снег OR «(яма)»"), ["снег0|ям0"]);
}

#[test]
fn filters_have_typed_values_and_places() {
    let name = |text: &str, place: Range<usize>| Name { text: text.to_owned(), place };
    let one = |line: &str| {
        let mut found = filters(line);
        assert_eq!(found.len(), 1, "{line}");
        found.remove(0)
    };
    let status = one("яма status:answered,closed двор");
    let names = vec![name("answered", 11..19), name("closed", 20..26)];
    assert_eq!(status.condition, Condition::Named(SearchField::Status, names));
    assert!(!status.excluded);
    let category = one("«я» -Тема: „Яма, (на) дороге“");
    assert!(category.excluded);
    let names = vec![name("Яма, (на) дороге", 12..28)];
    assert_eq!(category.condition, Condition::Named(SearchField::Category, names));
    for (field, names) in SearchField::NAMES {
        assert_eq!(field.as_str(), names[0]);
        assert!(names.iter().all(|name| SearchField::named(&name.to_uppercase()) == Some(field)));
    }
}

#[test]
fn marks_are_numbers_and_ranges() {
    for (typed, first, last) in
        [("5", 5, 5), ("<3", 1, 2), ("<=3", 1, 3), (">3", 4, 5), ("> 3", 4, 5), (">=4", 4, 5), ("2..4", 2, 4)]
    {
        assert_eq!(filters(&format!("mark:{typed}"))[0].condition, Condition::Marks(first..=last), "{typed}");
    }
    for typed in ["0", "6", "<1", ">5", "4..2", "1.5", "много", "-1", "=3", "3,4", "..", "*", "<<3", "300"]
    {
        let (place, fault) = wrong(&format!("яма mark:{typed}"));
        assert_eq!((place.start, fault), (9, Fault::NoMark), "{typed}");
    }
}

#[test]
fn days_months_and_years_are_periods() {
    let date = |text: &str| (!text.is_empty()).then(|| text.parse().expect("a date"));
    for (typed, from, before) in [
        ("2026-03-15", "2026-03-15", "2026-03-16"),
        ("15.03.2026", "2026-03-15", "2026-03-16"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("02.2026", "2026-02-01", "2026-03-01"),
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-01-01..2026-02-01", "2026-01-01", "2026-02-02"),
        ("2025..2026-02", "2025-01-01", "2026-03-01"),
        (">=2026-01-01", "2026-01-01", ""),
        (">2026-01", "2026-02-01", ""),
        ("<2026-01-01", "", "2026-01-01"),
        ("<=2026-01", "", "2026-02-01"),
    ] {
        let wanted = Condition::Received(date(from), date(before));
        assert_eq!(filters(&format!("received:{typed}"))[0].condition, wanted, "{typed}");
    }
    for typed in
        ["вчера", "2026-13", "2026-02-30", "26-01-01", "2026-1-1", "+2026", "1.2.2026", "2026-01-01.."]
    {
        assert_eq!(wrong(&format!("дата:{typed}")), (5..5 + typed.chars().count(), Fault::NoDay), "{typed}");
    }
    assert_eq!(wrong("дата:2026-02..2026-01").1, Fault::Reversed);
}

#[test]
fn every_mistake_has_its_place() {
    for (line, place, fault) in [
        ("яма «мокрый снег", 4..5, Fault::UnclosedQuotation),
        ("яма тема:«Яма", 9..10, Fault::UnclosedQuotation),
        ("яма «» двор", 4..6, Fault::EmptyQuotation),
        ("яма «...»", 4..9, Fault::EmptyQuotation),
        ("яма - двор", 4..5, Fault::LoneMinus),
        ("яма -", 4..5, Fault::LoneMinus),
        ("яма -, двор", 4..6, Fault::LoneMinus),
        ("яма : двор", 4..5, Fault::LoneColon),
        ("катgория:яма", 0..8, Fault::UnknownField),
        ("(status:open)", 0..1, Fault::StraySign),
        ("яма +Статус:\"открыто\"", 4..5, Fault::StraySign),
        ("--mark:5", 1..2, Fault::StraySign),
        ("яма;дата:2026", 3..4, Fault::StraySign),
        ("-(вид:обращение", 1..2, Fault::StraySign),
        ("яма -цвет:красный", 5..9, Fault::UnknownField),
        ("яма тема:", 4..9, Fault::NoValue(SearchField::Category)),
        ("яма тема:   ", 4..9, Fault::NoValue(SearchField::Category)),
        ("тема:«»", 0..7, Fault::NoValue(SearchField::Category)),
        ("mark:>=", 0..7, Fault::NoValue(SearchField::Mark)),
        ("тема:яма,,двор", 5..14, Fault::NoValue(SearchField::Category)),
        ("тема:>яма", 5..9, Fault::NotComparable),
        ("тема:статус:open", 5..16, Fault::Unreadable),
        ("яма NOT", 4..7, Fault::Unreadable),
    ] {
        assert_eq!(wrong(line), (place, fault), "{line}");
    }
    let all = Line::read("цвет:x - яма «").expect_err("three mistakes");
    assert_eq!(all.iter().map(|mistake| mistake.place.start).collect::<Vec<_>>(), [0, 7, 13]);
    let limit = Line::read(&"- ".repeat(100)).expect_err("many mistakes");
    assert_eq!(limit.len(), MISTAKE_LIMIT);
}

#[test]
fn a_pasted_letter_is_no_question() {
    let letter = |count: usize| (0..count).map(|n| format!("слово{n:03}")).collect::<Vec<_>>().join(" ");
    assert_eq!(read(&letter(WORD_LIMIT)).len(), WORD_LIMIT);
    assert_eq!(wrong(&letter(500)), (64 * 9..64 * 9 + 8, Fault::TooManyWords));
}

proptest! {
    #[test]
    fn no_line_panics_and_every_place_is_in_it(
        any in any::<String>(),
        signs in "[-+\"«»„“ :()*^~яма\\\\/&|!\\[\\]{}<>=.,0-5'`\u{a0}]{0,60}",
        spoken in "((-?(mark|тема|дата|org|x):[ ]?[<>]?=?(2026-0[1-3]|[0-6]|«яма|»)?|OR|ИЛИ|NOT|IN|TO|яма|-|\\*) ?){0,12}",
    ) {
        let long = any.repeat(50);
        for line in [any, signs, spoken, long] {
            let length = line.chars().count();
            match Line::read(&line) {
                Ok(read) => for filter in read.filters {
                    if let Condition::Named(_, names) = filter.condition {
                        for name in names {
                            prop_assert!(name.place.start <= name.place.end && name.place.end <= length);
                            let there: String = line.chars().skip(name.place.start).take(name.place.len()).collect();
                            prop_assert_eq!(there, name.text);
                        }
                    }
                },
                Err(mistakes) => for Mistake { place, .. } in mistakes {
                    prop_assert!(place.start < place.end && place.end <= length, "{:?} in {:?}", place, line);
                },
            }
        }
    }
}
