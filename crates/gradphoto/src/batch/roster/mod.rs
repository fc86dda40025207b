//! The students of a school, and whom the name of a photo means.
//!
//! A name is joined with a student in this order ([`Roster::find`]). As it stands, the whole of it may be a key of the roster
//! (`keys`); else its parts are looked up one by one (`said`), and a name or a number beside the student's own that is another
//! person's makes a conflict (`another`, `person_name`). Of several students of one name, the folders leave one (`narrow`), and
//! those of others leave none for certain (`strange`); classes in the name count as folders do (`places`). Where all this means nobody, the name is read as it was before its
//! encoding was damaged, then the folders are, then a number that a camera may have written for a time, and at last a name is
//! guessed that other characters or letters are written for (`guess`).

mod another;
mod answer;
mod apart;
mod class;
mod doubt;
mod find;
mod guess;
mod keys;
mod narrow;
mod person_name;
mod places;
mod said;
mod strange;
mod student;
#[cfg(test)]
mod testing;

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

pub(super) use answer::answer;
pub(super) use doubt::Doubt;
pub(super) use guess::is_further_name;
pub(super) use keys::without_zeros;
pub(super) use person_name::is_like_a_name;
pub use student::Student;

use super::field::Field;
use super::names::{exact, is_stand_in, number};
use another::{Form, form};
use guess::Guesses;
use keys::Keys;
use person_name::{surname, with_latin_noted, without_star};
use places::Places;

/// Numbers of fewer digits may be those of another list when their zeros differ.
const SURE_DIGITS: usize = 5;

/// The students of a school, found by what their photos are named.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    students: Vec<Student>,
    keys: Keys,
    /// What may be meant where nothing else is; made when it first is.
    guesses: OnceLock<Guesses>,
    /// To know what a folder tells.
    places: Places,
    /// Students whose name on the roster holds a sign for a character.
    masked: Vec<usize>,
    /// What their names begin with.
    surnames: HashSet<char>,
    /// Those of the numbers.
    forms: HashSet<Form>,
    /// Students by their key where their number is not theirs alone.
    apart: HashMap<String, usize>,
}

/// Whom a photo's name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// The student at this place of the roster.
    One(usize),
    /// The name may mean these students, or this one; a person must decide.
    Several(Vec<usize>),
    /// Parts of the name speak of different students, or of a name or number that this student has not.
    Conflict(Vec<usize>),
    /// Nobody on the roster.
    Nobody,
}

impl Match {
    /// All whom it may be.
    fn students(&self) -> &[usize] {
        match self {
            Match::One(student) => std::slice::from_ref(student),
            Match::Several(students) | Match::Conflict(students) => students,
            Match::Nobody => &[],
        }
    }
}

impl Roster {
    /// A roster of these students.
    pub fn new(mut students: Vec<Student>) -> Roster {
        let mut roster = Roster { apart: apart::tell_apart(&mut students), ..Roster::default() };
        let starred = students.iter().filter(|student| without_star(student.get(Field::Name)).is_some()).count();
        for (place, student) in students.iter().enumerate() {
            for (field, key) in student.keys() {
                // Where most names end in a star, each hides a character.
                if field == Field::Name
                    && 2 * starred < students.len()
                    && let Some(name) = without_star(key)
                {
                    roster.surnames.extend(surname(name));
                    roster.keys.add(exact(name), place);
                }
                let key = if field == Field::Name { exact(&with_latin_noted(key)) } else { number(key) };
                if field != Field::Name {
                    roster.forms.extend(form(&key));
                } else if key.chars().any(is_stand_in) {
                    roster.masked.push(place);
                } else {
                    roster.surnames.extend(surname(&key));
                }
                roster.keys.add(key, place);
            }
        }
        roster.places = Places::new(&students);
        Roster { students, ..roster }
    }

    /// The students, in the order of the file.
    pub fn students(&self) -> &[Student] {
        &self.students
    }

    /// Whether it says of anybody when they graduate, so that it matters when photos were taken.
    pub fn tells_graduation(&self) -> bool {
        self.students.iter().any(|student| !student.get(Field::Graduation).is_empty())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::names::{bare, folded};
    use super::super::stem::parts;
    use super::testing::student;
    use super::*;

    /// Names that are easily mistaken for each other.
    const NAMES: &str = "([张王⼩小明三㇐一é\u{301}eJo·•○*( )1A]{1,4})";

    fn listed(names: &[String]) -> Vec<Student> {
        let numbered = names.iter().enumerate();
        numbered.map(|(at, name)| student(&format!("2021{:04}", at * 7), "", name, "")).collect()
    }

    proptest::proptest! {
        #[test]
        fn a_number_finds_its_student_whatever_names_there_are(names in proptest::collection::vec(NAMES, 1..8)) {
            let students = listed(&names);
            let roster = Roster::new(students.clone());
            for (place, student) in students.iter().enumerate() {
                assert_eq!(roster.find(student.get(Field::StudentNumber), &[]), Match::One(place));
            }
        }

        #[test]
        fn no_name_maps_to_two(names in proptest::collection::vec(NAMES, 1..8), stem in NAMES) {
            let roster = Roster::new(listed(&names));
            if let Match::One(place) = roster.find(&stem, &[]) {
                let same = |name: &String| exact(name) == exact(&names[place]);
                assert_eq!(names.iter().filter(|name| same(name)).count(), 1, "{stem} of {names:?}");
                // Nothing but punctuation, blanks and what stands in brackets is let go.
                let letters = |text: &str| bare(text).chars().collect::<BTreeSet<_>>();
                let parts = parts(&stem);
                let runs = (1..=4).flat_map(|length| parts.windows(length));
                let mut runs = runs.map(|run| folded(&run.iter().map(|part| part.text.as_str()).collect::<String>()));
                assert!(number(&stem) == number(&names[place])
                    || letters(&stem) == letters(&names[place]) || folded(&stem) == folded(&names[place])
                    || runs.any(|run| run == bare(&names[place]) || run == folded(&names[place])), "{stem} for {}", names[place]);
            }
        }

        #[test]
        fn an_accent_makes_another_name(names in proptest::collection::vec("[张三Jose\u{e9}]{2,4}", 1..8), which in 0_usize..8) {
            let name = &names[which % names.len()];
            let swapped = |c| if c == 'e' { 'é' } else if c == 'é' { 'e' } else { c };
            let stem = name.chars().map(swapped).collect::<String>();
            if let Match::One(place) = Roster::new(listed(&names)).find(&stem, &[]) {
                assert_eq!(stem.to_uppercase(), names[place].to_uppercase(), "{stem} of {names:?}");
            }
        }

        #[test]
        fn swapping_two_students_swaps_the_answer(
            names in proptest::collection::vec(NAMES, 2..8), a in 0_usize..8, b in 0_usize..8, stem in NAMES, number in 0_usize..8,
        ) {
            let students = listed(&names);
            let (a, b) = (a % names.len(), b % names.len());
            let mut swapped = students.clone();
            swapped.swap(a, b);
            let there = |place: usize| if place == a { b } else if place == b { a } else { place };
            let sorted = |mut places: Vec<usize>| {
                places.sort_unstable();
                places
            };
            for stem in [stem.clone(), names[number % names.len()].clone(), format!("2021{:04}_{stem}", number * 7), format!("{stem}2021{:04}", number * 7)] {
                let expected = match Roster::new(students.clone()).find(&stem, &[]) {
                    Match::One(place) => Match::One(there(place)),
                    Match::Several(places) => Match::Several(sorted(places.into_iter().map(there).collect())),
                    Match::Conflict(places) => Match::Conflict(sorted(places.into_iter().map(there).collect())),
                    Match::Nobody => Match::Nobody,
                };
                assert_eq!(Roster::new(swapped.clone()).find(&stem, &[]), expected, "{stem} of {names:?}");
            }
        }
    }
}
