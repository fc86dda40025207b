//! Who may import whom: a room of the library imports only from lower floors, and no files import each other in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use gradphoto_tests::repository;

/// The rooms of the library by floor, the ground first. `lib.rs` is the roof and may show them all.
const FLOORS: &[&[&str]] = &[
    &["text"],
    &["colour", "geometry", "handbook"],
    &["error"],
    &["limit", "parallel", "photo"],
    &["evidence", "folder"],
    &["rule", "vision"],
    &["rules"],
    &["profile", "report"],
    &["annotate", "judge", "prepare"],
    &["batch", "checker"],
];

#[test]
fn a_room_imports_only_from_lower_floors() {
    let house = House::read("crates/gradphoto/src");
    let rooms = house.files.keys().map(|file| room(file)).filter(|room| !room.is_empty()).collect::<BTreeSet<_>>();
    assert_eq!(rooms, FLOORS.iter().copied().flatten().copied().collect(), "left: in src/, right: in FLOORS");
    assert_eq!(house.upward(), [] as [String; 0]);
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    for sources in
        ["crates/gradphoto/src", "crates/gradphoto-app/src", "crates/gradphoto-cli/src", "bindings/python/src"]
    {
        assert_eq!(House::read(sources).circle(), None, "{sources}");
    }
    assert_eq!(circle(&python_imports("bindings/python/python/gradphoto")), None);
}

#[test]
fn wrong_imports_are_noticed() {
    let upward = |files: &[(&str, &str)]| House::of(files).upward();
    assert_eq!(upward(&[("limit", "use crate::text::Text;"), ("text", "")]), [] as [&str; 0]);
    assert_eq!(upward(&[("text", "use crate::limit::Unit;"), ("limit", "")]), ["text imports limit"]);
    assert_eq!(
        upward(&[("rule", "use crate::{vision, text::Text};"), ("vision", ""), ("text", "")]),
        ["rule imports vision"]
    );
    assert_eq!(
        upward(&[("photo", "fn f() -> crate::Report {}"), ("report", ""), ("", "pub use report::Report;")]),
        ["photo imports report"]
    );
    let inside =
        [("rules", ""), ("rules::file", ""), ("judge", ""), ("rules::file::size", "use super::super::super::judge;")];
    assert_eq!(upward(&inside), ["rules::file::size imports judge"]);
    let tests = "// use crate::judge;\n#[cfg(test)]\nmod tests {\n    use crate::judge;\n}";
    assert_eq!(upward(&[("text", tests), ("judge", "")]), [] as [&str; 0]);

    let circle = |files: &[(&str, &str)]| House::of(files).circle();
    let parent = ("a", "mod b;\nmod c;\npub use c::C;\nuse b::B;\nfn helper() {}");
    assert_eq!(circle(&[parent, ("a::b", "use super::{C, helper};"), ("a::c", "")]), None);
    let found = circle(&[parent, ("a::b", "use super::C;"), ("a::c", "use super::b::{self, B as Other};")]);
    assert_eq!(found, Some(vec!["a::b".to_owned(), "a::c".to_owned()]));
}

/// The Rust files of a crate by the path of their module; the root is empty.
struct House {
    files: BTreeMap<String, String>,
}

impl House {
    fn read(sources: &str) -> House {
        let root = repository(sources);
        let mut files = BTreeMap::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
                let path = entry.expect("folder entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let source = fs::read_to_string(&path).expect("a source file");
                    files.insert(module_of(path.strip_prefix(&root).expect("below")), bare(&source));
                }
            }
        }
        // Drawn portraits, for the unit tests of every floor.
        files.remove("testing");
        House { files }
    }

    fn of(files: &[(&str, &str)]) -> House {
        House { files: files.iter().map(|(module, source)| ((*module).to_owned(), bare(source))).collect() }
    }

    /// Every import that does not go down.
    fn upward(&self) -> Vec<String> {
        let floor = |file: &str| FLOORS.iter().position(|rooms| rooms.contains(&room(file)));
        let imports = self.imports();
        let pairs = imports.iter().flat_map(|(file, others)| others.iter().map(move |other| (file, other)));
        let wrong = pairs.filter(|(file, other)| {
            !file.is_empty() && room(file) != room(other) && floor(other).is_none_or(|below| Some(below) >= floor(file))
        });
        wrong.map(|(file, other)| format!("{file} imports {other}")).collect()
    }

    /// The files of a circle, if there is one. What a file's own folder holds belongs to it: a child may use its parent.
    fn circle(&self) -> Option<Vec<String>> {
        let mut imports = self.imports();
        for (file, others) in &mut imports {
            others.retain(|other| !other.is_empty() && other != file && !file.starts_with(&format!("{other}::")));
        }
        imports.remove("");
        circle(&imports)
    }

    /// For each file those that it imports from.
    fn imports(&self) -> BTreeMap<String, BTreeSet<String>> {
        let of = |(module, source): (&String, &String)| {
            let named = paths(source).into_iter().filter_map(|path| self.resolve(module, &path));
            (module.clone(), named.collect())
        };
        self.files.iter().map(of).collect()
    }

    /// The file that a path means as written in `module`; `None` for other crates.
    fn resolve(&self, module: &str, path: &[String]) -> Option<String> {
        let mut place = module.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => (place, rest) = (vec![], &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|part| part == "super") {
                    place.pop();
                    rest = &rest[1..];
                }
            }
            first => {
                let child = [place.clone(), vec![first.to_owned()]].concat().join("::");
                self.files.get(&child)?;
            }
        }
        while let Some(child) = rest.first().map(|part| [place.clone(), vec![part.clone()]].concat()) {
            if !self.files.contains_key(&child.join("::")) {
                break;
            }
            (place, rest) = (child, &rest[1..]);
        }
        let place = place.join("::");
        let shown = rest.first().and_then(|name| self.shown(&place, name)).filter(|source| source != path);
        shown.and_then(|source| self.resolve(&place, &source)).or(Some(place))
    }

    /// The path under which `module` takes in a name that it shows as its own.
    fn shown(&self, module: &str, name: &str) -> Option<Vec<String>> {
        let taken = paths(self.files.get(module)?).into_iter();
        taken
            .filter(|path| path.len() > 1 && path.first().is_none_or(|first| first != "crate"))
            .find(|path| path.last().is_some_and(|last| last == name))
    }
}

/// A file's top module.
fn room(file: &str) -> &str {
    file.split("::").next().unwrap_or_default()
}

fn module_of(path: &Path) -> String {
    let path = path.with_extension("");
    let parts = path.iter().map(|part| part.to_str().expect("UTF-8").to_owned());
    parts.filter(|part| !matches!(part.as_str(), "mod" | "lib")).collect::<Vec<_>>().join("::")
}

/// The source without comments and without its tests, which come last.
fn bare(source: &str) -> String {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Every path of this crate that the source names: those of `use` with their braces undone, and those in the code.
fn paths(source: &str) -> Vec<Vec<String>> {
    let mut paths = vec![];
    let mut code = String::new();
    for statement in source.split_inclusive(';') {
        let start = statement.rfind("use ").filter(|at| {
            let before = statement[..*at].trim_end();
            before.is_empty() || before.ends_with([';', '}', '{', ')', ']']) || before.ends_with("pub")
        });
        match start {
            Some(at) => {
                code += &statement[..at];
                spread(&[], statement[at + 4..].trim_end_matches(';'), &mut paths);
            }
            None => code += statement,
        }
    }
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            let path = code[at..].split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | ':')).next();
            paths.push(path.unwrap_or_default().split("::").map(str::to_owned).collect());
        }
    }
    paths
}

/// The paths of a tree such as `a::{b, c::{self, D as E}}`.
fn spread(before: &[String], tree: &str, paths: &mut Vec<Vec<String>>) {
    let (stem, branches) = tree.trim().split_once('{').unwrap_or((tree.trim(), ""));
    let parts = stem.split(" as ").next().unwrap_or_default().split("::").map(str::trim);
    let parts = parts.filter(|part| !part.is_empty() && *part != "*").map(str::to_owned);
    let mut path = before.iter().cloned().chain(parts).collect::<Vec<_>>();
    if branches.is_empty() {
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        return paths.push(path);
    }
    let branches = branches.trim_end().trim_end_matches('}');
    let (mut depth, mut from) = (0, 0);
    for (at, c) in branches.char_indices().chain([(branches.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !branches[from..at].trim().is_empty() {
                    spread(&path, &branches[from..at], paths);
                }
                from = at + 1;
            }
            _ => {}
        }
    }
}

/// For each Python module of a package those that it imports from.
fn python_imports(package: &str) -> BTreeMap<String, BTreeSet<String>> {
    let folder = repository(package);
    let files = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let files = files.map(|entry| entry.expect("folder entry").path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "py"));
    let stem = |path: &Path| path.file_stem().expect("name").to_string_lossy().into_owned();
    let imports = files.filter(|path| stem(path) != "__init__").map(|path| {
        let source = fs::read_to_string(&path).expect("a source file");
        let modules = source.lines().map(str::trim_start).flat_map(|line| {
            let inner = line.strip_prefix("from gradphoto.").and_then(|rest| rest.split(' ').next());
            let whole = line.strip_prefix("from gradphoto import ").unwrap_or_default().split(',');
            inner.into_iter().chain(whole).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
        });
        (stem(&path), modules.collect())
    });
    imports.collect()
}

/// A way from a file back to itself.
fn circle(imports: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    fn walk(
        file: &str,
        way: &mut Vec<String>,
        left: &mut BTreeSet<String>,
        imports: &BTreeMap<String, BTreeSet<String>>,
    ) -> Option<Vec<String>> {
        if let Some(start) = way.iter().position(|seen| seen == file) {
            return Some(way[start..].to_vec());
        }
        if !left.contains(file) {
            return None;
        }
        way.push(file.to_owned());
        let found = imports.get(file)?.iter().find_map(|other| walk(other, way, left, imports));
        way.pop();
        left.remove(file);
        found
    }
    let mut left = imports.keys().cloned().collect();
    imports.keys().find_map(|file| walk(file, &mut vec![], &mut left, imports))
}
