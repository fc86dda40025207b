//! The classes, departments and majors of a roster, which tell students of one name apart.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::super::field::Field;
use super::super::names::{exact, folded, is_cjk, is_class_name, is_digits, noted, without_count};
use super::super::numerals::{in_figures, is_numeral};
use super::super::stem::is_about_time;
use super::super::words::{Words, photo_words};
use super::keys::without_zeros;
use super::student::{PLACES, Student};

/// What people write behind a place on folders of photos.
const BEHIND_PLACE: Words = Words(photo_words!());

/// What cameras, days and lots are numbered behind.
const NO_CLASS: Words = Words("相机 照片 图片 文件夹 名单 拍摄 采集 毕业 第");

/// What a roster says in each of [`PLACES`], folded.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// Each with its students, in rising order.
    known: [HashMap<String, Vec<usize>>; 3],
    /// What its numbered classes look like.
    forms: HashSet<String>,
}

impl Places {
    /// Adds the places of the student who is at `at` in the list.
    pub fn add(&mut self, student: &Student, at: usize) {
        for (known, field) in self.known.iter_mut().zip(PLACES) {
            let place = folded(student.get(field));
            if field == Field::Class {
                self.forms.extend(class_form(&place));
            }
            if !place.is_empty() {
                known.entry(place).or_default().push(at);
            }
        }
    }

    /// The students of the class of this name.
    pub fn of_class(&self, name: &str) -> &[usize] {
        let classes = PLACES.iter().zip(&self.known).find(|(field, _)| **field == Field::Class);
        classes.and_then(|(_, known)| known.get(name)).map_or(&[], Vec::as_slice)
    }

    /// Whether a class, department or major has this name.
    pub fn has(&self, field: Field, name: &str) -> bool {
        PLACES.iter().zip(&self.known).any(|(of, known)| *of == field && known.contains_key(name))
    }

    /// Whether a folder is named as classes of the roster are: 软件3班, where it has 软件1班.
    pub fn has_form_of_a_class(&self, folder: &str) -> bool {
        class_form(folder).is_some_and(|form| self.forms.contains(&form))
    }

    /// Whether any place has this name.
    pub fn has_any(&self, name: &str) -> bool {
        self.known.iter().any(|known| known.contains_key(name))
    }

    /// The place that a folder names as it is or with a little beside: 软件2101班 for 软件2101, 软件2101班照片 and 软件2101班（45人）.
    pub fn named(&self, folder: &str) -> String {
        let whole = folded(folder);
        // 软件2班 (2) is a copy of the folder, unless a class is called so.
        let copied = noted(folder.trim_end()).filter(|(_, note)| is_digits(note) && !self.has_any(&whole));
        let folder = copied.map_or(folder, |(name, _)| name);
        let short = folded(without_count(&exact(folder)));
        let short = BEHIND_PLACE.all().find_map(|word| short.strip_suffix(word)).unwrap_or(&short).to_owned();
        let with_end = format!("{short}班");
        let without_end = short.strip_suffix('班').unwrap_or_default().to_owned();
        let as_it_is = [&whole, &short].into_iter().find(|name| self.has_any(name));
        let as_class = || [&with_end, &without_end].into_iter().find(|name| self.has(Field::Class, name));
        as_it_is.or_else(as_class).unwrap_or(&short).clone()
    }

    /// The places that folders name, one of them several where nothing else is in its name: 英语1班 of the major 英语 and the class 1班.
    pub fn all_named(&self, folders: &[String]) -> Vec<String> {
        folders.iter().flat_map(|folder| self.named_at_once(folder)).collect()
    }

    fn named_at_once(&self, folder: &str) -> Vec<String> {
        let named = self.named(folder);
        let may_be_several = is_like_a_class(&named) && !self.has_any(&named);
        match may_be_several.then(|| self.cut_out(without_year(&named))).flatten() {
            // 机械1班 of the major 机械 and the class 1
            Some((rest, places)) if rest.chars().all(|c| matches!(c, '_' | '班')) => places,
            _ => vec![named],
        }
    }

    /// Whether the name of any place holds this.
    pub fn hold(&self, piece: &str) -> bool {
        self.known.iter().flat_map(HashMap::keys).any(|place| place.contains(piece))
    }

    /// A photo's name without the classes, departments and majors in it, 软件1班张三, and these.
    pub fn cut_out(&self, stem: &str) -> Option<(String, Vec<String>)> {
        let mut rest = unglued(stem);
        let known = self.known.iter().flat_map(HashMap::keys);
        let mut known = known.filter(|place| rest.contains(place.as_str())).collect::<Vec<_>>();
        // Of two that overlap the longer one is meant.
        known.sort_by_key(|place| (Reverse(place.len()), *place));
        let mut cut = Vec::new();
        for place in known {
            let spots = rest.match_indices(place.as_str()).map(|(at, _)| at..at + place.len());
            let spots = spots.filter(|spot| is_apart(&rest, spot)).collect::<Vec<_>>();
            // 软件2202班陈晨 of the class 软件2202
            let is_class = self.has(Field::Class, place) && !place.ends_with('班');
            let with_end = |spot: Range<usize>| {
                let behind = &rest[spot.end..];
                let is_longer = is_class && behind.starts_with('班') && !behind.starts_with("班长");
                spot.start..spot.end + if is_longer { '班'.len_utf8() } else { 0 }
            };
            let spots = spots.into_iter().map(with_end).collect::<Vec<_>>();
            if !spots.is_empty() {
                spots.into_iter().rev().for_each(|spot| rest.replace_range(spot, "_"));
                cut.push(place.clone());
            }
        }
        (!cut.is_empty()).then_some((rest, cut))
    }
}

/// The exact form with a gap where a blank parts numbers or words in Latin letters: 软件1_3 for 软件1 3.
fn unglued(stem: &str) -> String {
    let mut form = String::new();
    for word in stem.split_whitespace().map(exact) {
        let at = form.len();
        form += &word;
        if goes_on(&form, at) {
            form.insert(at, '_');
        }
    }
    form
}

/// Whether a number or a word in Latin letters goes on past this place.
fn goes_on(text: &str, at: usize) -> bool {
    let is_letter = |c: char| c.is_alphabetic() && !is_cjk(c);
    let around = text[..at].chars().next_back().zip(text[at..].chars().next());
    around.is_some_and(|(a, b)| is_numeral(a) && is_numeral(b) || is_letter(a) && is_letter(b))
}

/// Whether no number or word in Latin letters goes on past the ends of this: class B is not in ALBERT, nor 1班 in 11班.
fn is_apart(text: &str, spot: &Range<usize>) -> bool {
    !goes_on(text, spot.start) && !goes_on(text, spot.end)
}

/// What the name of a numbered class looks like: 字字#班 for 软件12班.
fn class_form(class: &str) -> Option<String> {
    let word = class.strip_suffix('班')?;
    let kind = |c: char| match c {
        c if c.is_ascii_digit() => '#',
        c if is_cjk(c) => '字',
        c => c,
    };
    let mut form = word.chars().map(kind).collect::<Vec<_>>();
    form.dedup_by(|a, b| *a == '#' && *b == '#');
    form.contains(&'#').then(|| form.into_iter().collect())
}

/// Whether a folder is named by the number of another class: 3班 for 软件1班, while 1班 may be 软件2101班.
pub(super) fn counts_another(folder: &str, class: &str) -> bool {
    let numbers = || Some((class_number(folder.strip_suffix('班')?)?, class_number(class.trim_end_matches('班'))?));
    numbers().is_some_and(|(folder, class)| {
        let (short, long) = if folder.len() < class.len() { (folder, class) } else { (class, folder) };
        short != long && !(long.len() > 2 && long.ends_with(&short))
    })
}

/// Whether a folder is but a number, and counts another class: 2 for 1班 and 2102 for 软件2101, while 0412 beside 1班 is a day.
pub(super) fn is_number_of_another(folder: &str, class: &str) -> bool {
    let class = class.trim_end_matches('班');
    let digits = class.len() - class.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let may_count = || folder.len() < 4 || folder.len() == digits && !is_about_time(folder);
    is_digits(folder) && may_count() && counts_another(&format!("{folder}班"), class)
}

/// The number that a class's name ends in, in digits: 12 of 软件012 and 软件十二.
fn class_number(class: &str) -> Option<String> {
    let word = class.trim_end_matches(is_numeral);
    let number = in_figures(&class[word.len()..]);
    is_digits(&number).then(|| without_zeros(&number).to_owned())
}

/// 软件1班 for 2022级软件1班.
pub(super) fn without_year(folder: &str) -> &str {
    let years = folder.split_once(['级', '届']).filter(|(year, _)| is_digits(year) && matches!(year.len(), 2 | 4));
    years.map_or(folder, |(_, rest)| rest)
}

/// A folder's name without what people write behind a class: 软件2班 for 软件2班剩余.
pub(super) fn up_to_class(folder: &str) -> String {
    folder.rfind('班').map_or(folder, |at| &folder[..at + '班'.len_utf8()]).to_owned()
}

/// Whether a folder is named as classes are, 软件2班, 软件2101: a word and a number.
pub(super) fn is_like_a_class(folder: &str) -> bool {
    is_class_name(folder, NO_CLASS)
}

#[cfg(test)]
mod tests {
    use super::super::testing::student;
    use super::super::{Match, Roster};
    use super::*;

    #[test]
    fn another_class_is_told_by_figures_and_by_numerals() {
        for (folder, class) in [("3班", "软件十二班"), ("十一班", "软件12班"), ("二班", "12班"), ("1班", "二十一班")]
        {
            assert!(counts_another(folder, class), "{folder} {class}");
        }
        for (folder, class) in
            [("12班", "软件十二班"), ("十班", "软件010"), ("1班", "软件2101班"), ("实验班", "十二班")]
        {
            assert!(!counts_another(folder, class), "{folder} {class}");
        }
    }

    #[test]
    fn a_folder_of_a_major_and_a_class_that_is_but_a_number_is_of_both() {
        let people = [("机械", "1"), ("机械", "2"), ("电气", "1")].map(|(major, class)| {
            let mut student = student("", "", "张三", class);
            student.set(Field::Major, major);
            student
        });
        let roster = Roster::new(people.to_vec());
        for (folder, found) in [
            ("机械2班", Match::One(1)),
            ("2022级机械1班", Match::One(0)),
            ("电气1班照片", Match::One(2)),
            ("机械3班", Match::Several(vec![0, 1, 2])),
            ("机械12班", Match::Several(vec![0, 1, 2])),
        ] {
            assert_eq!(roster.find("张三", &[folder.to_owned()]), found, "{folder}");
        }
    }

    #[test]
    fn a_class_is_cut_out_with_the_word_that_the_roster_leaves_away() {
        let people = [("1001", "陈晨", "软件2201"), ("1002", "陈晨", "软件2202"), ("1003", "班小云", "软件2202")];
        let roster = Roster::new(people.map(|(number, name, class)| student(number, "", name, class)).to_vec());
        for (stem, found) in [
            ("软件2202班陈晨", Match::One(1)),
            ("软件2202班_陈晨照片", Match::One(1)),
            ("软件2202班长陈晨", Match::One(1)),
            ("软件2202陈晨", Match::One(1)),
            ("软件2202班小云", Match::Several(vec![2])),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
        }
    }

    #[test]
    fn the_number_of_a_class_is_no_students() {
        let people =
            [("220101", "张三", "软件220102"), ("220102", "班小云", "软件220101"), ("3", "李四", "软件220103")];
        let roster = Roster::new(people.map(|(number, name, class)| student(number, "", name, class)).to_vec());
        let find = |stem, folder: &str| roster.find(stem, &[folder.to_owned()]);
        for (folder, stem, found) in [
            ("220102班", "01", Match::Nobody),
            ("220103班照片", "01", Match::Nobody),
            ("", "软件220101 3", Match::Several(vec![0])),
            ("软件220101", "220102", Match::One(1)),
            ("220101", "蓝底", Match::One(0)),
            ("", "220102班小云", Match::One(1)),
            ("", "220102班_01", Match::Several(vec![1])),
        ] {
            assert_eq!(find(stem, folder), found, "{folder}/{stem}");
        }
    }

    #[test]
    fn a_class_is_never_cut_out_of_a_longer_number_or_word() {
        let people = [("2137010001", "Muhammad Ali", "A"), ("2137010002", "Ahmed Khan", "A"), ("3", "Van An", "B")];
        let latin = Roster::new(people.map(|(number, name, class)| student(number, "", name, class)).to_vec());
        for (stem, found) in [
            ("2137010002_Van An", Match::Conflict(vec![1, 2])),
            ("2137010001 Ahmed Khan", Match::Conflict(vec![0, 1])),
            ("2137010002 A", Match::One(1)),
        ] {
            assert_eq!(latin.find(stem, &[]), found, "{stem}");
        }
        let people = [("1", "张三", "1班"), ("2", "张三", "2班"), ("3", "李四", "一班")];
        let roster = Roster::new(people.map(|(number, name, class)| student(number, "", name, class)).to_vec());
        for (stem, found) in [
            ("1班张三", Match::One(0)),
            ("软件2班张三", Match::One(1)),
            ("11班张三", Match::Nobody),
            ("12班_张三", Match::Several(vec![0, 1])),
            ("十一班李四", Match::Nobody),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
        }
    }
}
