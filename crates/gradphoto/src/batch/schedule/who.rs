//! Whom a line of a schedule means: 软件1班, 信息工程学院（软件1班、软件2班）, 信息工程学院（除软件1班）, 信息工程学院软件1班.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::super::field::Field;
use super::super::names::{bare, depths, exact, folded, is_closing, is_digits, is_opening, without_brackets};
use super::super::numerals::{in_figures, is_numeral, is_to, spanned};
use super::super::roster::Student;
use super::super::words::Words;

/// The columns that say who comes, the narrowest first.
pub(super) const WHO: [Field; 3] = [Field::Class, Field::Major, Field::Department];

/// How each ends, which may be left away.
const ENDS: [&str; 3] = ["班", "专业", ""];
/// Of a cell so much is looked at, for it may hold millions.
const CELL_CHARS_MAX: usize = 20_000;
/// What stands between several in a cell.
const BETWEEN: [char; 9] = ['、', '，', ',', ';', '；', '\n', '\r', '/', '／'];
const AND: [char; 3] = ['和', '及', '与'];
/// How it begins that some do not come, and how it ends.
const NOT: Words = Words("除去 除了 除开 除 不含 不包括 不包含");
const NOT_BEHIND: Words = Words("除外 不在内 不参加 不含 不包括");
const BESIDE: Words = Words("之外 以外 外");
const ONLY: Words = Words("仅限 只限 仅 只 限");
/// All whom no other line names.
const REST: Words = Words(
    "其余班级 其他班级 其它班级 剩余班级 所有班级 全部班级 其余各班 其他各班 其余学生 其他学生 所有学生 全体学生 全部学生 各班 其余 其他 其它 剩余 全体 全部 所有 \
     全院 全系",
);
/// What a note says that means some of them alone, perhaps.
const LIMITS: Words = Words("班 除 含 级 届 男 女 单 双 前 后 半 余 其 补 未 组 批 剩 仅 只 限 号 专业 方向 部分");

/// Cells of one column of [`WHO`], by its place there, of which a student has one.
type Cells = (usize, BTreeSet<String>);

/// The places of a roster.
pub(super) struct Places {
    /// Each cell of [`WHO`], folded and in the form in which it is compared.
    cells: [Vec<(String, String, String)>; 3],
    /// What each may be called within other words, the longest first, and what it is.
    called: Vec<(String, Cells)>,
}

/// Students of some places.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Meant {
    /// They are of all these,
    all: Vec<Cells>,
    /// of one of these, if there are any,
    any: Vec<Vec<Cells>>,
    /// and of none of these.
    none: Vec<Vec<Cells>>,
}

impl Meant {
    pub fn fits(&self, known: &[String; 3]) -> bool {
        let is_of = |(at, cells): &Cells| cells.contains(&known[*at]);
        let are_of = |cells: &Vec<Cells>| cells.iter().all(is_of);
        self.all.iter().all(is_of)
            && (self.any.is_empty() || self.any.iter().any(are_of))
            && !self.none.iter().any(are_of)
    }

    /// The place in [`WHO`] of the narrowest that is named.
    pub fn nearness(&self) -> usize {
        self.all.iter().chain(self.any.iter().flatten()).map(|(at, _)| *at).min().unwrap_or(WHO.len())
    }
}

impl Places {
    pub fn of(students: &[Student]) -> Places {
        let mut called = Vec::new();
        let mut column = |at: usize| {
            let cells = students.iter().map(|student| student.get(WHO[at]).to_owned()).collect::<BTreeSet<_>>();
            let forms = cells.into_iter().map(|cell| (cell.clone(), folded(&cell), form(at, &cell)));
            let cells = forms.filter(|(.., form)| !form.is_empty()).collect::<Vec<_>>();
            let mut named = BTreeMap::<String, BTreeSet<String>>::new();
            for (cell, _, form) in &cells {
                let names = [format!("{form}{}", ENDS[at]), form.clone()];
                for name in names.into_iter().filter(|name| !name.chars().all(is_numeral)) {
                    named.entry(name).or_default().insert(cell.clone());
                }
            }
            called.extend(named.into_iter().map(|(name, cells)| (name, (at, cells))));
            cells
        };
        let departments = column(2);
        let majors = column(1);
        let cells = [column(0), majors, departments];
        called.sort_by_key(|(name, _)| Reverse(name.len()));
        Places { cells, called }
    }

    /// Whom a line means that names these; `None` where it says more of them than is understood. `is_shared` tells whether
    /// another line names the same with something else beside it.
    pub fn meant(&self, who: &[String; 3], is_shared: impl Fn(usize, &str) -> bool) -> Option<Meant> {
        let mut meant = Meant::default();
        for (at, text) in who.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let written = folded(text);
            let (name, notes) = noted(text);
            let several = spanned(&name);
            // Folded, 软件1-3班 is 软件13班.
            let is_same = |cell: &str| several.is_none() || exact(cell) == exact(text);
            let same = self.cells(at, |(cell, known, _)| *known == written && is_same(cell));
            if !same.is_empty() {
                meant.all.push((at, same));
                continue;
            }
            if let Some(names) = several {
                meant.any.extend(self.each(&names)?);
            } else if !name.is_empty() {
                let own = form(at, &name);
                let named = self.cells(at, |(.., known)| *known == own);
                let inside = || self.inside(&name).unwrap_or_else(|| vec![(at, BTreeSet::new())]);
                meant.all.extend(if named.is_empty() { inside() } else { vec![(at, named)] });
            }
            for note in notes.iter().filter(|note| !REST.has(note)) {
                let denied = denied(note);
                let listed = self.listed(
                    denied.unwrap_or_else(|| ONLY.all().find_map(|word| note.strip_prefix(word)).unwrap_or(note)),
                );
                match (listed, denied) {
                    (Some(places), Some(_)) => meant.none.extend(places),
                    (Some(places), None) => meant.any.extend(places),
                    (None, None) if !limits(note) && !is_shared(at, text) => {}
                    (None, _) => return None,
                }
            }
        }
        Some(meant)
    }

    fn cells(&self, at: usize, is_meant: impl Fn(&&(String, String, String)) -> bool) -> BTreeSet<String> {
        self.cells[at].iter().filter(is_meant).map(|(cell, ..)| cell.clone()).collect()
    }

    /// The places of a list: 软件1班、软件2班, 软件1班和2班.
    fn listed(&self, list: &str) -> Option<Vec<Vec<Cells>>> {
        let parted = |signs: &[char]| {
            let parts = list.split(signs).map(|part| without_count(part.trim()).to_owned());
            let parts = spelled_out(parts.filter(|part| !part.is_empty()).collect());
            let places = parts.iter().map(|part| self.places(part)).collect::<Option<Vec<_>>>()?.concat();
            (!places.is_empty()).then_some(places)
        };
        parted(&BETWEEN).or_else(|| parted(&[&BETWEEN[..], &AND].concat()))
    }

    /// The places of a name: of one, 软件1班, or of several, 软件1-3班.
    fn places(&self, name: &str) -> Option<Vec<Vec<Cells>>> {
        spanned(name).map_or_else(|| Some(vec![self.inside(name)?]), |names| self.each(&names))
    }

    /// The places of all between the first and the last, which must be there.
    fn each(&self, names: &[String]) -> Option<Vec<Vec<Cells>>> {
        let places = names.iter().map(|name| self.inside(name)).collect::<Vec<_>>();
        let are_ends_there = places.first()?.is_some() && places.last()?.is_some();
        are_ends_there.then(|| places.into_iter().flatten().collect())
    }

    /// The places that a text is made of, one behind the other, if it is: 信息工程学院软件1班.
    fn inside(&self, text: &str) -> Option<Vec<Cells>> {
        let text = in_figures(&folded(text));
        let mut rest = text.as_str();
        let mut places = Vec::<Cells>::new();
        while !rest.is_empty() {
            let found = self.called.iter().find_map(|(name, cells)| {
                // 软件1 is not in 软件11班.
                let behind = rest.strip_prefix(name.as_str())?;
                let is_whole = !(name.ends_with(is_numeral) && behind.starts_with(is_numeral));
                is_whole.then_some((behind, cells))
            });
            let (behind, (at, cells)) = found?;
            match places.iter_mut().find(|(column, _)| column == at) {
                Some((_, known)) => known.extend(cells.iter().cloned()),
                None => places.push((*at, cells.clone())),
            }
            rest = behind;
        }
        Some(places)
    }
}

/// The departments, majors or classes of a cell, each with its brackets and with those who do not come: of what stands behind
/// 除 nothing is another one.
pub(super) fn parted(cell: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let denies = |text: &str| NOT.are_in(&without_brackets(text)) || NOT_BEHIND.are_in(&without_brackets(text));
    let has_denied = denies(cell);
    for (at, c, depth) in depths(cell).take(CELL_CHARS_MAX) {
        let behind = || cell[at + c.len_utf8()..].trim_start();
        // In 甲系、乙系，软件1班除外 nobody can tell of whom.
        let is_denied = |parts: &[String]| {
            NOT.begin(behind())
                || NOT_BEHIND.are_in(&without_brackets(behind()))
                || parts.last().is_some_and(|part| NOT.are_in(&without_brackets(part)))
        };
        if depth == 0 && BETWEEN.contains(&c) && !(has_denied && is_denied(&parts)) {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    let parts = parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
    let parts = spelled_out(parts.collect());
    if parts.is_empty() { vec![String::new()] } else { parts }
}

/// 软件1, 软件2 and 软件3班 for 软件1, 2 and 3班.
fn spelled_out(mut parts: Vec<String>) -> Vec<String> {
    let is_number = |c: char| is_numeral(c) || is_to(c);
    let number_of = |part: &str| part.strip_suffix('班').unwrap_or(part).to_owned();
    for at in 1..parts.len() {
        let former = number_of(&parts[at - 1]);
        let word = former.trim_end_matches(is_number);
        if !word.is_empty() && former.ends_with(is_numeral) && number_of(&parts[at]).chars().all(is_number) {
            parts[at].insert_str(0, word);
        }
    }
    parts
}

/// The name without what is said beside it, in brackets or behind it.
fn noted(text: &str) -> (String, Vec<String>) {
    let text = exact(text);
    let mut notes = vec![String::new()];
    for (_, c, depth) in depths(&text).filter(|(.., depth)| *depth > 0) {
        match notes.last_mut() {
            Some(note) if !is_opening(c) && !is_closing(c) => note.push(c),
            _ if is_closing(c) && depth == 1 => notes.push(String::new()),
            _ => {}
        }
    }
    let mut name = without_brackets(&text);
    if let Some(at) = NOT.all().filter_map(|word| name.find(word)).min() {
        notes.push(name.split_off(at));
    }
    let name = name.trim_end_matches(BETWEEN);
    let name = REST.all().find_map(|word| name.strip_suffix(word)).unwrap_or_else(|| without_count(name)).to_owned();
    notes.retain(|note| !note.is_empty());
    (name, notes)
}

/// Of a note those who do not come: 软件1班 of 除软件1班外 and 软件1班除外.
fn denied(note: &str) -> Option<&str> {
    let behind = NOT.all().find_map(|word| note.strip_prefix(word));
    let behind = behind.map(|rest| BESIDE.all().find_map(|word| rest.strip_suffix(word)).unwrap_or(rest));
    behind.or_else(|| NOT_BEHIND.all().find_map(|word| note.strip_suffix(word)))
}

/// Whether a note may mean some of them alone; a number of people, 共120人, does not.
fn limits(note: &str) -> bool {
    let count = note.trim_start_matches(['共', '约']).trim_end_matches(['人', '名']);
    !is_digits(count) && (LIMITS.are_in(note) || note.contains(is_numeral))
}

/// 软件1班 for 软件1班30人.
fn without_count(part: &str) -> &str {
    let name = part.strip_suffix(['人', '名']).map(|part| part.trim_end_matches(|c: char| c.is_ascii_digit()));
    name.filter(|name| name.ends_with('班')).unwrap_or(part)
}

/// What is compared: 软件1 for 软件一班（30人）, and for 软件1.
fn form(at: usize, text: &str) -> String {
    let form = in_figures(&bare(text));
    form.strip_suffix(ENDS[at]).map(str::to_owned).filter(|short| !short.is_empty()).unwrap_or(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn no_cell_is_too_strange(cell in "([甲系1班除外（）()、，仅余 ]|\\PC){0,20}") {
            let mut student = Student::new(1);
            student.set(Field::Class, "甲1班");
            let places = Places::of(&[student]);
            for part in parted(&cell) {
                let _ = places.meant(&[part.clone(), part.clone(), part], |_, _| false);
            }
        }
    }
}
