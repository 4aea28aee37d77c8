//! Names of streets, villages, firms, shops and municipalities. Most are products of parts, so that rare words never
//! end, as they never do in what people write.

use fastrand::Rng;

use super::random::{chance, early, mix};

const STREETS: &str = include_str!("words/streets.txt");
const NAMES: &str = include_str!("words/names.txt");

/// The kinds of streets in five cases, and shortened.
const KINDS: [[&str; 6]; 6] = [
    ["улица", "улице", "улицы", "улицу", "улице", "ул."],
    ["проспект", "проспекте", "проспекта", "проспект", "проспекту", "пр-т"],
    ["бульвар", "бульваре", "бульвара", "бульвар", "бульвару", "б-р"],
    ["проезд", "проезде", "проезда", "проезд", "проезду", "пр-д"],
    ["шоссе", "шоссе", "шоссе", "шоссе", "шоссе", "ш."],
    ["площадь", "площади", "площади", "площадь", "площади", "пл."],
];
/// What makes a municipality of a root.
const ENDINGS: [&str; 3] = ["ск", "инск", "овск"];
/// What makes a village of a root.
const VILLAGES: [&str; 6] = ["овка", "ино", "ово", "иха", "инка", "ищи"];

/// A street.
#[derive(Debug, Clone, Copy)]
pub(super) struct Street {
    at: usize,
    /// Нижне-, Ново- and the like before the name.
    beginning: Option<usize>,
    kind: usize,
}

#[derive(Debug)]
struct StreetName {
    /// Nominative, of and on, accusative.
    forms: [&'static str; 3],
    lower: [String; 3],
    /// A feminine adjective: only a street can be called so.
    adjective: bool,
}

/// Parts of names.
#[derive(Debug)]
pub(super) struct Names {
    streets: Vec<StreetName>,
    beginnings: Vec<&'static str>,
    roots: Vec<&'static str>,
    villages: [Vec<&'static str>; 2],
    firms: [Vec<&'static str>; 2],
    titles: Vec<&'static str>,
}

impl Names {
    pub(super) fn read() -> Self {
        let list = |name: &str| -> Vec<&'static str> {
            let lines = NAMES.lines().skip_while(|line| line.strip_prefix("= ") != Some(name)).skip(1);
            lines.take_while(|line| !line.starts_with("= ")).collect()
        };
        let streets = STREETS.lines().map(|line| {
            let mut forms = line.split(' ');
            let nominative = forms.next().unwrap_or(line);
            let of = forms.next();
            let forms = [nominative, of.unwrap_or(nominative), forms.next().unwrap_or(nominative)];
            StreetName { forms, lower: forms.map(str::to_lowercase), adjective: of.is_some() }
        });
        Self {
            streets: streets.collect(),
            beginnings: list("приставки"),
            roots: list("корни"),
            villages: [list("сёла"), list("сёла2")],
            firms: [list("фирмы"), list("фирмы2")],
            titles: list("названия"),
        }
    }

    pub(super) fn street(&self, rng: &mut Rng) -> Street {
        let at = early(rng, self.streets.len());
        let adjective = self.streets[at].adjective;
        let beginning = (adjective && chance(rng, 18.0)).then(|| early(rng, self.beginnings.len()));
        let kind = if adjective { 0 } else { early(rng, KINDS.len()) };
        Street { at, beginning, kind }
    }

    /// The street in a case: 0 nominative, 1 on, 2 of, 3 accusative, 4 along.
    pub(super) fn push_street(&self, street: Street, case: usize, out: &mut String) {
        out.push_str(KINDS[street.kind][case]);
        out.push(' ');
        self.push_street_name(street, [0, 1, 1, 2, 1][case], out);
    }

    pub(super) fn push_short_street(&self, street: Street, out: &mut String) {
        out.push_str(KINDS[street.kind][5]);
        out.push(' ');
        self.push_street_name(street, 0, out);
    }

    fn push_street_name(&self, street: Street, form: usize, out: &mut String) {
        let name = &self.streets[street.at];
        match street.beginning {
            None => out.push_str(name.forms[form]),
            Some(beginning) => {
                let beginning = self.beginnings[beginning];
                out.push_str(beginning);
                out.push_str(if beginning.ends_with('-') { name.forms[form] } else { &name.lower[form] });
            }
        }
    }

    /// Малые Выселки, Верхнегусиновка
    pub(super) fn push_village(&self, which: u64, out: &mut String) {
        let mut rng = Rng::with_seed(which);
        if chance(&mut rng, 50.0) {
            let (beginnings, roots) = (&self.beginnings, &self.roots);
            let beginning = beginnings[early(&mut rng, beginnings.len())];
            let root = roots[rng.usize(..roots.len())];
            out.push_str(beginning);
            out.push_str(if beginning.ends_with('-') { "Старо" } else { "" });
            out.push_str(root);
            return out.push_str(VILLAGES[early(&mut rng, VILLAGES.len())]);
        }
        let [first, second] = &self.villages;
        out.push_str(first[early(&mut rng, first.len())]);
        out.push(' ');
        out.push_str(second[early(&mut rng, second.len())]);
    }

    /// ООО «Стройтехсервис»
    pub(super) fn push_firm(&self, which: u64, out: &mut String) {
        let mut rng = Rng::with_seed(which);
        let [first, second] = &self.firms;
        out.push_str(["ООО", "УК", "АО", "ИП", "МУП"][early(&mut rng, 5)]);
        out.push_str(" «");
        out.push_str(first[early(&mut rng, first.len())]);
        if chance(&mut rng, 35.0) {
            let middle = second[early(&mut rng, second.len())];
            out.push_str(middle);
        }
        out.push_str(second[early(&mut rng, second.len())]);
        if chance(&mut rng, 10.0) {
            out.push('-');
            super::number::push_number(rng.u32(2..100), out);
        }
        out.push('»');
    }

    /// Ромашка
    pub(super) fn push_title(&self, rng: &mut Rng, out: &mut String) {
        out.push_str(self.titles[early(rng, self.titles.len())]);
        if chance(rng, 12.0) {
            out.push('-');
            super::number::push_number(rng.u32(2..100), out);
        }
    }

    /// A name for the municipality with this number; the first few thousand are all different.
    pub(super) fn municipality(&self, number: usize) -> String {
        // Without a beginning is a beginning too.
        let beginnings = self.beginnings.len() + 1;
        let all = beginnings * self.roots.len() * ENDINGS.len();
        // A prime that divides no list: neighbours get different names, and none comes twice.
        let at = (number * 7_919) % all;
        let (root, rest) = (self.roots[at % self.roots.len()], at / self.roots.len());
        let (ending, beginning) = (ENDINGS[rest % ENDINGS.len()], rest / ENDINGS.len());
        match self.beginnings.get(beginning) {
            Some(beginning) if !beginning.ends_with('-') => format!("{beginning}{root}{ending}"),
            Some(beginning) => format!("{beginning}{}{ending}", capital(root)),
            None => format!("{}{ending}", capital(root)),
        }
    }

    /// A number that depends on the name: what is drawn for it is always the same.
    pub(super) fn hash(name: &str) -> u64 {
        name.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| mix(hash ^ u64::from(byte)))
    }
}

fn capital(word: &str) -> String {
    let mut signs = word.chars();
    signs.next().map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn municipalities_have_names_of_their_own() {
        let names = Names::read();
        let all: BTreeSet<String> = (0..2_400).map(|number| names.municipality(number)).collect();
        assert_eq!(all.len(), 2_400);
        assert!(all.iter().all(|name| name.starts_with(char::is_uppercase) && name.ends_with("ск")));
    }

    #[test]
    fn streets_stand_in_their_cases() {
        let names = Names::read();
        let show = |street, case| {
            let mut out = String::new();
            names.push_street(street, case, &mut out);
            out
        };
        let street = Street { at: 0, beginning: Some(0), kind: 0 };
        assert_eq!(show(street, 1), "улице Верхнецентральной");
        let street = Street { at: 10, beginning: None, kind: 1 };
        assert_eq!((show(street, 2), show(street, 4)), ("проспекта Мира".into(), "проспекту Мира".into()));
    }
}
