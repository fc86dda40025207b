//! Students of the roster of whom there is no photo among the copies.

use std::collections::{BTreeSet, HashMap};

use gradphoto::batch::{Field, Student};

use super::copies::{Copies, Copy};

/// Those of whom no photo was named, in this run or an earlier one. `of_run` has the places of students on the roster by the
/// full paths of their photos.
pub fn left_out<'a>(students: &'a [Student], copies: &Copies, of_run: &HashMap<String, usize>) -> Vec<&'a Student> {
    let mut found = copies.all().filter_map(|copy| of_run.get(&copy.path).copied()).collect::<BTreeSet<_>>();
    let mut same = HashMap::<[&str; 2], Vec<usize>>::new();
    for place in (0..students.len()).rev().filter(|place| !found.contains(place)) {
        let student = &students[place];
        same.entry([student.get(Field::StudentNumber), student.get(Field::Name)]).or_default().push(place);
    }
    // Of earlier runs names and numbers are known alone.
    for Copy { student: [number, name, ..], .. } in copies.all().filter(|copy| !of_run.contains_key(&copy.path)) {
        found.extend(same.get_mut(&[number.as_str(), name]).and_then(Vec::pop));
    }
    let others = students.iter().enumerate().filter(|(place, _)| !found.contains(place));
    others.map(|(_, student)| student).collect()
}
