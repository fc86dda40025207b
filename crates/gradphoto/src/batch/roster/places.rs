//! The classes, departments and majors of a roster, which tell students of one name apart.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::super::field::Field;
use super::super::names::{exact, folded, is_cjk, is_digits, noted, without_count};
use super::super::numerals::is_numeral;
use super::super::words::{Words, photo_words};
use super::class::{Called, Class, class_form, figured, is_like_a_class, without_year};
use super::student::{PLACES, Student};

/// What people write behind a place on folders of photos.
const BEHIND_PLACE: Words = Words(photo_words!());

/// What a roster says in each of [`PLACES`], folded.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// Each with its students, in rising order.
    known: [HashMap<String, Vec<usize>>; 3],
    /// What its numbered classes look like.
    forms: HashSet<String>,
    /// Classes by their names in figures; of several names none.
    figured: HashMap<String, Option<String>>,
    /// Classes with their departments and majors, and which of them is each student's.
    classes: Vec<Class>,
    class_of: Vec<usize>,
}

impl Places {
    /// The places of these students.
    pub fn new(students: &[Student]) -> Places {
        let mut places = Places::default();
        let mut classes = HashMap::new();
        for (at, student) in students.iter().enumerate() {
            let own = PLACES.map(|field| folded(student.get(field)));
            for (known, place) in places.known.iter_mut().zip(&own).filter(|(_, place)| !place.is_empty()) {
                known.entry(place.clone()).or_default().push(at);
            }
            let class = *classes.entry(own).or_insert_with(|| {
                places.add(Class::of(student));
                places.classes.len() - 1
            });
            places.class_of.push(class);
        }
        places
    }

    fn add(&mut self, class: Class) {
        self.forms.extend(class_form(&class.name));
        let name = self.figured.entry(figured(&class.name)).or_insert_with(|| Some(class.name.clone()));
        *name = name.take().filter(|name| *name == class.name && !name.is_empty());
        self.classes.push(class);
    }

    /// The class of the student who is at `at` in the list.
    pub fn class_of(&self, at: usize) -> &Class {
        &self.classes[self.class_of[at]]
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

    /// Whether a folder is named as classes of the roster are, 软件3班, where it has 软件1班, and may be another than this one.
    pub fn has_form_of_another(&self, folder: &str, class: &Class) -> bool {
        class_form(folder).is_some_and(|form| self.forms.contains(&form)) && {
            let called = Called::new(folder);
            let may_be = |other: &Class| other.name != class.name && other.may_be(&called);
            !class.may_be(&called) || self.classes.iter().any(may_be)
        }
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
        // 高三（1）班 for 高三一班
        let in_figures = || [&short, &with_end].into_iter().find_map(|name| self.figured.get(&figured(name))?.as_ref());
        as_it_is.or_else(as_class).or_else(in_figures).unwrap_or(&short).clone()
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

#[cfg(test)]
mod tests {
    use super::super::testing::student;
    use super::super::{Match, Roster};
    use super::*;

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
            ("十一班李四", Match::Several(vec![2])),
        ] {
            assert_eq!(roster.find(stem, &[]), found, "{stem}");
        }
    }
}
