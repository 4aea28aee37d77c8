//! Files that import each other, directly or through others: nobody understands one of them without all the rest.
//!
//! The count is by text and needs no compiler. An edge leads from a file to the file that defines what it names: by `crate::`,
//! `super::` or `self::`, or by the name of a module it declares. A re-export (`pub use`) is followed to the definition and is no
//! edge itself. Tests (`#[cfg(test)]`, `tests.rs`, `*_tests.rs`) do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Folders that are searched, each with all crates below it.
const ROOTS: [&str; 4] = ["events", "functions", "search-index", "infra"];

#[test]
fn files_do_not_import_each_other_in_circles() {
    let mut wrong = Vec::new();
    for root in crate_roots() {
        let name = root.strip_prefix(super::repository("")).unwrap().to_string_lossy().into_owned();
        let circles = Crate::read(&root).circles();
        if !circles.is_empty() {
            wrong.push(format!("{name}: {circles:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The `lib.rs` of every crate, and every `main.rs` that has modules.
fn crate_roots() -> Vec<PathBuf> {
    let mut roots = Vec::new();
    let mut open: Vec<PathBuf> = ROOTS.iter().map(|root| super::repository(root)).collect();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name != "tests" && name != "target" {
                open.push(path);
            } else if name == "lib.rs" || name == "main.rs" {
                roots.push(path);
            }
        }
    }
    roots.sort();
    roots
}

/// The modules of a crate. A module is named by its path, such as `read::shard`; the root by the empty one.
struct Crate {
    files: BTreeMap<String, Source>,
}

struct Source {
    path: PathBuf,
    /// Without comments, strings and tests.
    text: String,
    /// Modules that it declares.
    children: BTreeSet<String>,
    /// What it exports of others: the name, and the path it stands for.
    exports: BTreeMap<String, String>,
}

impl Crate {
    fn read(root: &Path) -> Self {
        let mut files = BTreeMap::new();
        let mut open = vec![(String::new(), root.to_owned(), root.parent().unwrap().to_owned())];
        while let Some((module, path, folder)) = open.pop() {
            let text = code(&std::fs::read_to_string(&path).unwrap());
            let mut children = BTreeSet::new();
            for name in declared(&text) {
                let below = join(&module, &name);
                let flat = folder.join(format!("{name}.rs"));
                let nested = folder.join(&name).join("mod.rs");
                let file = [flat, nested].into_iter().find(|file| file.exists());
                if let Some(file) = file {
                    open.push((below, file, folder.join(&name)));
                    children.insert(name);
                }
            }
            let exports = exports(&text);
            files.insert(module, Source { path, text, children, exports });
        }
        Self { files }
    }

    /// The strongly connected components with more than one file: each file of a group can be reached from every other.
    fn circles(&self) -> Vec<Vec<String>> {
        let edges: BTreeMap<&str, BTreeSet<String>> =
            self.files.iter().map(|(module, source)| (module.as_str(), self.edges(module, source))).collect();
        let reach = |from: &str| {
            let mut seen = BTreeSet::new();
            let mut open: Vec<&String> = edges[from].iter().collect();
            while let Some(module) = open.pop() {
                if seen.insert(module.as_str()) {
                    open.extend(&edges[module.as_str()]);
                }
            }
            seen
        };
        let reached: BTreeMap<&str, BTreeSet<&str>> = edges.keys().map(|from| (*from, reach(from))).collect();
        let mut groups: BTreeSet<Vec<&str>> = BTreeSet::new();
        for (module, others) in &reached {
            let group: Vec<&str> =
                others.iter().copied().filter(|other| reached[other].contains(module)).collect();
            if group.len() > 1 {
                groups.insert(group);
            }
        }
        let file = |module: &str| self.files[module].path.file_name().unwrap().to_string_lossy().into_owned();
        let named = |module: &str| format!("{module} ({})", file(module));
        groups.into_iter().map(|group| group.into_iter().map(named).collect()).collect()
    }

    fn edges(&self, module: &str, source: &Source) -> BTreeSet<String> {
        let mut edges = BTreeSet::new();
        for path in paths(&source.text) {
            let (first, rest) = path.split_once("::").unwrap_or((path.as_str(), ""));
            let absolute = match first {
                "crate" => rest.to_owned(),
                "self" => join(module, rest),
                "super" => {
                    let (mut base, mut rest) = (parent(module).to_owned(), rest);
                    while let Some(above) = rest.strip_prefix("super::") {
                        (base, rest) = (parent(&base).to_owned(), above);
                    }
                    join(&base, rest)
                }
                name if source.children.contains(name) => join(module, &path),
                _ => continue,
            };
            if let Some(defined) = self.definition(&absolute, 0) {
                edges.insert(defined);
            }
        }
        edges.remove(module);
        edges
    }

    /// The module whose file defines what a path names.
    fn definition(&self, path: &str, depth: usize) -> Option<String> {
        let mut module = String::new();
        let mut parts = path.split("::").filter(|part| !part.is_empty()).peekable();
        while let Some(part) = parts.peek() {
            let below = join(&module, part);
            if !self.files.contains_key(&below) {
                break;
            }
            module = below;
            parts.next();
        }
        let Some(name) = parts.next() else { return Some(module) };
        let exported = self.files.get(&module)?.exports.get(name).filter(|_| depth < 5);
        match exported {
            Some(other) => {
                let inside = self.definition(&absolute(&module, other, &self.files[&module]), depth + 1);
                Some(inside.unwrap_or(module))
            }
            None => Some(module),
        }
    }
}

fn absolute(module: &str, path: &str, source: &Source) -> String {
    let (first, rest) = path.split_once("::").unwrap_or((path, ""));
    match first {
        "crate" => rest.to_owned(),
        "self" => join(module, rest),
        "super" => join(parent(module), rest),
        name if source.children.contains(name) => join(module, path),
        _ => "\0".to_owned(), // of another crate
    }
}

fn join(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") }
}

fn parent(module: &str) -> &str {
    module.rsplit_once("::").map_or("", |(parent, _)| parent)
}

/// The code without comments, strings and everything after the first `#[cfg(test)]` that begins a module.
fn code(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim() == "#[cfg(test)]" {
            let mut next = lines.peek().copied().unwrap_or_default();
            while next.trim_start().starts_with("#[") {
                lines.next();
                next = lines.peek().copied().unwrap_or_default();
            }
            let ends = format!("{}}}", &next[..next.len() - next.trim_start().len()]);
            if next.trim_end().ends_with('{') {
                lines.by_ref().find(|line| *line == ends);
            } else {
                lines.next();
            }
            continue;
        }
        let line = line.split("//").next().unwrap_or_default();
        for (at, piece) in line.split('"').enumerate() {
            kept.push_str(if at % 2 == 0 { piece } else { "\"\"" });
        }
        kept.push('\n');
    }
    kept
}

/// Modules in files of their own: `mod name;`.
fn declared(text: &str) -> Vec<String> {
    let names = text.lines().filter_map(|line| {
        let (before, name) = line.trim().strip_suffix(';')?.rsplit_once("mod ")?;
        let is_visibility = before.is_empty() || before.starts_with("pub");
        (is_visibility && name.chars().all(is_word)).then(|| name.to_owned())
    });
    names.collect()
}

/// The names that a file re-exports: `pub use a::b::{C, D as E};` as `C -> a::b::C`, `E -> a::b::D`.
fn exports(text: &str) -> BTreeMap<String, String> {
    let mut exports = BTreeMap::new();
    for statement in uses(text, true) {
        for path in expanded(&statement) {
            let (path, name) = match path.split_once(" as ") {
                Some((path, name)) => (path.to_owned(), name.to_owned()),
                None => (path.clone(), path.rsplit("::").next().unwrap_or_default().to_owned()),
            };
            exports.insert(name, path);
        }
    }
    exports
}

/// The trees of the `use` statements of a text, exporting ones or the others.
fn uses(text: &str, exporting: bool) -> Vec<String> {
    let mut found = Vec::new();
    for statement in text.split(';') {
        let Some(at) = statement.rfind("use ") else { continue };
        let line = statement[..at].rsplit('\n').next().unwrap_or_default().trim();
        let is_statement = line.is_empty() || line.starts_with("pub");
        if is_statement && line.starts_with("pub") == exporting {
            found.push(statement[at + 4..].split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    found
}

/// `a::{b, c::d}` as `a::b` and `a::c::d`.
fn expanded(tree: &str) -> Vec<String> {
    let Some((before, inside)) = tree.split_once('{') else { return vec![tree.trim().to_owned()] };
    let inside = inside.rsplit_once('}').map_or(inside, |(inside, _)| inside);
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for c in inside.chars() {
        match c {
            ',' if depth == 0 => parts.push(String::new()),
            c => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                parts.last_mut().unwrap().push(c);
            }
        }
    }
    let parts = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    parts
        .flat_map(|part| expanded(&format!("{}{part}", before.trim())))
        .map(|path| path.replace("::self", ""))
        .collect()
}

/// Every path that a text names, but in re-exports.
fn paths(text: &str) -> Vec<String> {
    let mut paths: Vec<String> = uses(text, false).iter().flat_map(|tree| expanded(tree)).collect();
    let mut rest = String::new();
    for statement in text.split_inclusive(';') {
        if !statement.contains("use ") {
            rest.push_str(statement);
        } else if let Some(at) = statement.rfind("use ") {
            rest.push_str(&statement[..at]);
        }
    }
    for piece in rest.split(|c: char| !is_word(c) && c != ':') {
        let piece = piece.trim_matches(':');
        if piece.contains("::") {
            paths.push(piece.to_owned());
        }
    }
    paths
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[test]
fn the_counter_sees_circles() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("lib.rs", "mod a;\nmod b;\nmod c;\npub use a::A;\npub use b::{B as Bee};\n");
    write("a.rs", "use crate::Bee; // crate::c::C\npub struct A(Bee);\n");
    write("b.rs", "pub struct B;\nfn f() { let _ = super::c::C; }\n");
    write("c.rs", "pub struct C;\n#[cfg(test)]\nmod tests {\n    use crate::A;\n}\n");
    let circles = || Crate::read(&folder.path().join("lib.rs")).circles();
    assert_eq!(circles(), Vec::<Vec<String>>::new());
    write("c.rs", "use crate::{\n    A,\n};\npub struct C(A);\n");
    assert_eq!(circles(), [["a (a.rs)", "b (b.rs)", "c (c.rs)"]]);
}
