//! What the name of a camera's folder tells of the students in it: a department, major, class or session of the roster.
//!
//! A name of the roster counts as a whole word alone: 软件1 is not in 软件12班, nor 电子 in 电子商务. What only looks like one is told,
//! for a person to say.

use std::cmp::Reverse;

use super::field::Field;
use super::names::{exact, is_cjk, is_punctuation};
use super::numerals::{is_numeral, is_to};
use super::roster::Student;
use super::words::{Words, photo_words};

/// Columns that folders are named by; of two of one name the first is meant, the wider one.
pub(super) const FOLDER_FIELDS: [Field; 4] = [Field::Department, Field::Major, Field::Class, Field::Session];

/// What people write behind a department's name, a session's and so on where the roster leaves it away.
const ENDS: [&[&str]; 4] = [&["系", "院", "学院", "部"], &["专业"], &["班"], &["批", "批次", "场"]];
/// Behind these a word is over, whatever follows.
const CLOSING: Words = Words("班 系 院 部 专业 年级 批 批次 场 日 天 届 组 校区");
/// Though these are words that go on.
const GOING_ON: Words = Words("系统 系列 部分 部门 部队 专业课");
/// Between the ends of a range: 软件1至2班.
const TO: Words = Words("至 到");
/// Words on folders of photos that belong to no name.
const BESIDE: Words = Words(concat!(photo_words!(), " 全部 全体 拍摄 采集 毕业 相机 学生 上午 下午 晚上 第"));

/// What the name of a folder means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Meant<'a> {
    /// Cells of the roster that it names.
    pub places: Vec<(Field, &'a str)>,
    /// A cell that its name holds, though perhaps as a part of another word.
    pub doubt: Option<&'a str>,
}

/// The names that folders may have.
pub(super) struct Known<'a>(Vec<Name<'a>>);

struct Name<'a> {
    /// Place in [`FOLDER_FIELDS`].
    rank: usize,
    cell: &'a str,
    form: Letters,
    /// With what the roster leaves away.
    longer: Vec<Letters>,
    /// A class as those who write folders say it without 班.
    shorter: Option<Letters>,
}

/// Where a name stands in that of a folder.
#[derive(Clone, Copy)]
struct Found<'a> {
    rank: usize,
    cell: &'a str,
    from: usize,
    to: usize,
    /// Whether it is written without its end.
    is_short: bool,
}

impl Found<'_> {
    fn meets(&self, other: &Found<'_>) -> bool {
        self.from < other.to && other.from < self.to
    }
}

impl<'a> Known<'a> {
    pub(super) fn of(students: &'a [Student]) -> Known<'a> {
        let mut known = Vec::new();
        for (rank, field) in FOLDER_FIELDS.into_iter().enumerate() {
            let mut cells = students.iter().map(|student| student.get(field)).collect::<Vec<_>>();
            cells.sort_unstable();
            cells.dedup();
            known.extend(cells.into_iter().map(|cell| Name {
                rank,
                cell,
                form: Letters::of(cell),
                longer: ENDS[rank].iter().map(|end| Letters::of(&format!("{cell}{end}"))).collect(),
                shorter: without_end(field, cell),
            }));
        }
        known.retain(|name| !name.form.letters.is_empty());
        Known(known)
    }

    /// What a folder of this name means.
    pub(super) fn meant(&self, folder: &str) -> Meant<'a> {
        let folder = Letters::of(folder);
        let is_whole = |form: &Letters| folder.letters.len() == form.letters.len() && folder.holds(form, 0);
        let ways: [&dyn Fn(&&Name<'a>) -> bool; 3] =
            [&|name| is_whole(&name.form), &|name| name.longer.iter().any(is_whole), &|name| {
                name.shorter.as_ref().is_some_and(is_whole)
            }];
        for is_meant in ways {
            let meant = self.0.iter().filter(is_meant).collect::<Vec<_>>();
            if let Some(first) = meant.first() {
                let same = meant.iter().filter(|name| name.rank == first.rank);
                return Meant { places: same.map(|name| (FOLDER_FIELDS[name.rank], name.cell)).collect(), doubt: None };
            }
        }
        self.inside(&folder)
    }

    /// The longest names inside that of a folder.
    fn inside(&self, folder: &Letters) -> Meant<'a> {
        let (mut words, mut parts) = (Vec::new(), Vec::new());
        for name in &self.0 {
            let forms = std::iter::once(&name.form).chain(&name.longer).map(|form| (form, false));
            let forms = forms.chain(name.shorter.iter().map(|form| (form, true)));
            for (form, is_short) in forms.filter(|(form, _)| form.is_word()) {
                for from in 0..=folder.letters.len().saturating_sub(form.letters.len()) {
                    let to = from + form.letters.len();
                    let found = Found { rank: name.rank, cell: name.cell, from, to, is_short };
                    let is_alone = || !folder.is_one_run(from) && !folder.is_one_run(to);
                    if folder.holds(form, from) && is_alone() && (!is_short || folder.is_out(to)) {
                        words.push(found);
                    } else if !is_short
                        && folder.letters[from..].starts_with(&form.letters)
                        && form.letters.iter().any(|c| is_cjk(*c))
                    {
                        parts.push(found);
                    }
                }
            }
        }
        for found in [&mut words, &mut parts] {
            found.sort_by_key(|found| (Reverse(found.to - found.from), found.is_short, found.rank, found.from));
        }
        let mut meant = Vec::<Found<'_>>::new();
        for word in words {
            let spot = |found: &Found<'_>| (found.from, found.to, found.rank, found.is_short);
            let same = |other: &Found<'_>| spot(&word) == spot(other);
            if meant.iter().all(|other| same(other) || !word.meets(other)) {
                meant.push(word);
            }
        }
        // 法学2班 is a class, if none of the roster, and not all of 法学.
        let is_of_a_class = |word: &Found<'_>| {
            matches!(FOLDER_FIELDS[word.rank], Field::Department | Field::Major)
                && folder.is_class_number(word.to, |end| meant.iter().any(|other| other.from == end))
                && meant.iter().all(|other| other.from != word.to)
        };
        let is_apart = |word: &&Found<'_>| {
            let is_begun = folder.is_parted(word.from)
                || meant.iter().any(|other| other.to == word.from)
                || folder.is_over(word.from);
            let is_ended = folder.is_parted(word.to)
                || meant.iter().any(|other| other.from == word.to)
                || folder.is_over(word.to) && !folder.goes_on(word.to)
                || folder.begins_with(BESIDE, word.to);
            is_begun && is_ended && !is_of_a_class(word) && !folder.begins_with(TO, word.to)
        };
        let doubtful = meant.iter().find(|word| !is_apart(word));
        let hidden = || parts.iter().find(|part| !meant.iter().any(|word| word.meets(part)));
        let doubt = doubtful.or_else(hidden).map(|found| found.cell);
        meant.sort_by_key(|word| word.from);
        Meant { places: meant.iter().map(|word| (FOLDER_FIELDS[word.rank], word.cell)).collect(), doubt }
    }
}

/// 软件1 for the class 软件1班.
fn without_end(field: Field, cell: &str) -> Option<Letters> {
    let form = Letters::of(cell.trim().strip_suffix('班').filter(|_| field == Field::Class)?);
    form.is_word().then_some(form)
}

/// A name letter by letter, and where blanks and signs part it: 软件1-2班 is not 软件12班.
struct Letters {
    letters: Vec<char>,
    /// Whether something stands before each letter.
    gaps: Vec<bool>,
    /// Whether that is a sign between the ends of a range.
    ranges: Vec<bool>,
}

impl Letters {
    fn of(name: &str) -> Letters {
        let mut all = Letters { letters: Vec::new(), gaps: Vec::new(), ranges: Vec::new() };
        for word in name.split_whitespace() {
            let (mut is_parted, mut is_range) = (true, false);
            for c in exact(word).chars() {
                if is_punctuation(c) {
                    (is_parted, is_range) = (true, is_range || is_to(c) || c == '、');
                } else {
                    all.letters.push(c);
                    all.gaps.push(std::mem::take(&mut is_parted));
                    all.ranges.push(std::mem::take(&mut is_range));
                }
            }
        }
        all
    }

    /// Whether this is more than a number or letter alone, which counts cameras and days too.
    fn is_word(&self) -> bool {
        self.letters.len() > 1 && !self.letters.iter().all(|c| is_numeral(*c))
    }

    /// Whether a name stands here; blanks and signs in it matter between digits alone.
    fn holds(&self, name: &Letters, from: usize) -> bool {
        let is_between = |at: usize| is_numeral(name.letters[at - 1]) && is_numeral(name.letters[at]);
        self.letters[from..].starts_with(&name.letters)
            && (1..name.letters.len()).all(|at| !is_between(at) || self.gaps[from + at] == name.gaps[at])
    }

    /// Whether a number, a range of numbers or a word in Latin letters goes on past this place.
    fn is_one_run(&self, at: usize) -> bool {
        let is_letter = |c: char| !is_numeral(c) && !is_cjk(c);
        self.around(at).is_some_and(|(a, b)| {
            is_numeral(a) && is_numeral(b) && (!self.gaps[at] || self.ranges[at])
                || is_letter(a) && is_letter(b) && !self.gaps[at]
        })
    }

    /// Whether no Chinese word can go on past this place.
    fn is_parted(&self, at: usize) -> bool {
        let is_word = |c: char| is_cjk(c) && !is_numeral(c);
        !self.around(at).is_some_and(|(a, b)| is_word(a) && is_word(b) && !self.gaps[at])
    }

    /// The letters around a place.
    fn around(&self, at: usize) -> Option<(char, char)> {
        Some((*self.letters.get(at.checked_sub(1)?)?, *self.letters.get(at)?))
    }

    /// Whether a word ends before this place.
    fn is_over(&self, at: usize) -> bool {
        let before = self.letters[..at].iter().collect::<String>();
        let is_grade = before.strip_suffix('级').is_some_and(|year| year.ends_with(is_numeral));
        is_grade || CLOSING.end(&before) || BESIDE.end(&before)
    }

    /// Whether the last letter before this place begins another word.
    fn goes_on(&self, at: usize) -> bool {
        self.begins_with(GOING_ON, at - 1)
    }

    /// Whether a class without its end may be over here: 软件2 补拍 and 软件2补拍, but not 软件2 3班.
    fn is_out(&self, at: usize) -> bool {
        let is_parted = || self.gaps[at] || self.begins_with(BESIDE, at);
        at == self.letters.len() || is_parted() && !self.is_class_number(at, |_| false)
    }

    /// Whether a number with 班 stands here, or one without it that is no date, as it were a part of the name before; where another
    /// name begins, it is over.
    fn is_class_number(&self, at: usize, begins_another: impl Fn(usize) -> bool) -> bool {
        let end = at + self.letters[at..].iter().take_while(|c| is_numeral(**c)).count();
        let is_over = || self.gaps.get(end) != Some(&false) || self.begins_with(BESIDE, end) || begins_another(end);
        end > at && (self.letters.get(end) == Some(&'班') || end - at <= 4 && !self.gaps[at] && is_over())
    }

    /// Whether one of these words stands here.
    fn begins_with(&self, words: Words, at: usize) -> bool {
        words.begin(&self.letters[at..].iter().collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn students(rows: &[[&str; 4]]) -> Vec<Student> {
        let student = |(row, cells): (usize, &[&str; 4])| {
            let mut student = Student::new(row + 2);
            FOLDER_FIELDS.into_iter().zip(cells).for_each(|(field, cell)| student.set(field, cell));
            student
        };
        rows.iter().enumerate().map(student).collect()
    }

    /// What a folder tells, a doubt with a question mark.
    fn named(students: &[Student], folder: &str) -> String {
        let meant = Known::of(students).meant(folder);
        let doubt = meant.doubt.map(|cell| format!("?{cell}"));
        meant
            .places
            .iter()
            .filter(|_| doubt.is_none())
            .map(|(_, cell)| (*cell).to_owned())
            .chain(doubt.clone())
            .collect::<Vec<_>>()
            .join("+")
    }

    #[test]
    fn a_name_counts_as_a_whole_word_alone() {
        let school = students(&[
            ["计算机系", "电子", "软件1", "第一批"],
            ["法学院", "法学", "1班", "4月12日"],
            ["外语", "英语", "软件2班", "上午"],
        ]);
        for (folder, meant) in [
            ("软件1", "软件1"),
            ("软件1班", "软件1"),
            ("软件1班补拍", "软件1"),
            ("软件1证件照", "软件1"),
            ("软件12班", "?软件1"),
            ("软件11班", "?软件1"),
            ("软件1-2班", "?软件1"),
            ("软件1至2班", "?软件1"),
            ("软件1_0412", "软件1"),
            ("0412 软件2班", "软件2班"),
            ("0412软件2班", "软件2班"),
            ("软件 2班（补）", "软件2班"),
            ("2021级软件2班", "软件2班"),
            ("高级软件2班", "?软件2班"),
            ("1班", "1班"),
            ("11班", "?1班"),
            ("十1班", "?1班"),
            ("电子", "电子"),
            ("电子专业", "电子"),
            ("电子商务", "?电子"),
            ("电子 王老师", "电子"),
            ("电子1班", "电子+1班"),
            ("电子2法学", "?电子"),
            ("电子2101法学", "?电子"),
            ("法学3 电子", "?法学"),
            ("电子法学", "电子+法学"),
            ("毕业照电子", "电子"),
            ("微电子", "?电子"),
            ("法学院", "法学院"),
            ("法学", "法学"),
            ("法学院法学", "法学院+法学"),
            ("国际法学", "?法学"),
            ("外语系", "外语"),
            ("外语系英语", "外语+英语"),
            ("计算机系统", "?计算机系"),
            ("计算机系毕业照", "计算机系"),
            ("第一批计算机系", "第一批+计算机系"),
            ("4月12日上午", "4月12日+上午"),
            ("软件1班、软件2班", "软件1+软件2班"),
            ("100CANON", ""),
            ("DCIM", ""),
            ("相机1", ""),
        ] {
            assert_eq!(named(&school, folder), meant, "{folder}");
        }
    }

    #[test]
    fn a_class_goes_without_its_end_and_a_number_behind_a_major_means_no_other() {
        let school = students(&[
            ["信息学院", "软件", "软件1班", ""],
            ["信息学院", "软件", "软件2班", ""],
            ["法学院", "法学", "1班", ""],
        ]);
        for (folder, meant) in [
            ("软件1", "软件1班"),
            ("软件2", "软件2班"),
            ("软件3", "?软件"),
            ("软件 3班", "?软件"),
            ("软件2补拍", "软件2班"),
            ("软件2 补拍", "软件2班"),
            ("补拍 软件2", "软件2班"),
            ("软件2班（补拍）", "软件2班"),
            ("0412 软件2 王老师", "软件2班"),
            ("软件2 3班", "?软件"),
            ("软件2-3", "?软件"),
            ("高级软件2 补拍", "?软件2班"),
            ("法学1班", "法学+1班"),
            ("法学2班", "?法学"),
            ("法学二班补拍", "?法学"),
            ("法学院2班", "?法学院"),
            ("法学 0412", "法学"),
            ("法学20260501", "法学"),
            ("法学2101", "?法学"),
            ("法学2021级", "法学"),
            ("1", ""),
        ] {
            assert_eq!(named(&school, folder), meant, "{folder}");
        }
    }

    #[test]
    fn a_class_without_its_end_fits_where_the_roster_has_no_majors_and_none_that_is_written_so_itself() {
        let school = students(&[["", "", "软件1班", ""], ["", "", "软件2班", ""], ["", "", "网络2", ""]]);
        let both = students(&[["", "", "软件2班", ""], ["", "", "软件2", ""]]);
        for folder in ["软件2 补拍", "软件2班（补拍）", "补拍 软件2"] {
            assert_eq!(named(&school, folder), "软件2班", "{folder}");
        }
        assert_eq!(named(&both, "软件2 补拍"), "软件2");
        for folder in ["软件12 补拍", "软件1 2班", "补拍"] {
            assert_eq!(named(&school, folder), "", "{folder}");
        }
    }

    #[test]
    fn an_exact_name_goes_first_and_the_wider_of_two_alone() {
        let school = students(&[["护理", "护理", "11班", ""], ["护理", "护理学", "1班", ""], ["", "", "软件 1班", ""]]);
        assert_eq!(named(&school, "护理"), "护理");
        assert_eq!(Known::of(&school).meant("护理").places, [(Field::Department, "护理")]);
        assert_eq!(named(&school, "护理学"), "护理学");
        assert_eq!(named(&school, "11班"), "11班");
        assert_eq!(named(&school, "软件1班"), "软件 1班");
        let letters = students(&[["", "Law School", "A", "1"]]);
        for (folder, meant) in
            [("law-school", "Law School"), ("2026 Law School", "Law School"), ("A班", "A"), ("第1批", "1")]
        {
            assert_eq!(named(&letters, folder), meant, "{folder}");
        }
        for folder in ["Outlaw School", "相机A", "第1天", "CAMERA"] {
            assert_eq!(named(&letters, folder), "", "{folder}");
        }
    }
}
