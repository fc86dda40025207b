//! One photo a student, along the queue, as far as nobody says that the order slips.

use std::collections::HashMap;

use super::super::roster::{Match, Roster};
use super::assignment::Assignment;
use super::runs::Run;
use super::shift::To;
use super::unknown_student;
use crate::text::Reason;

/// Photos between two students that are named for certain, or the ends of the run: what lies there comes out, or not, by
/// itself.
pub(super) struct Part {
    /// Places in the queue: from, and up to but not including.
    pub first: usize,
    pub last: usize,
    pub photos: Vec<usize>,
    /// For each photo, by how much a person shifted it.
    pub given: Vec<i32>,
    /// The place behind the last photo.
    pub next: i64,
}

impl Part {
    fn at(place: usize) -> Part {
        Part { first: place, last: place, photos: Vec::new(), given: Vec::new(), next: place as i64 }
    }
}

impl Roster {
    /// Gives the photos of a run to its students, with the shifts of each photo.
    pub(super) fn walk(
        &self,
        run: &Run,
        shifts: &HashMap<usize, Vec<&To>>,
        assignment: &mut Assignment,
        problems: &mut Vec<Reason>,
    ) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut part = Part::at(0);
        let mut next = 0_i64;
        for photo in &run.photos {
            let mut given = 0;
            for to in shifts.get(photo).into_iter().flatten() {
                match to {
                    To::Further(by) => {
                        next += i64::from(*by);
                        given += by;
                    }
                    To::Student(key) => {
                        let student = self.keyed(key);
                        let place = run.students.iter().position(|known| Some(*known) == student);
                        let Some(place) = place else {
                            problems.push(unknown_student(key));
                            continue;
                        };
                        next = place as i64;
                        parts.push(std::mem::replace(&mut part, Part::at(place)));
                    }
                }
            }
            let student = usize::try_from(next).ok().and_then(|place| run.students.get(place));
            assignment.matches[*photo] = Some(student.map_or(Match::Nobody, |student| Match::One(*student)));
            next += 1;
            part.next = next;
            part.photos.push(*photo);
            part.given.push(given);
        }
        parts.push(part);
        parts.retain(|part| !part.photos.is_empty());
        // A part ends where another one begins, also where the shots lie the other way round.
        let firsts = parts.iter().map(|part| part.first).collect::<Vec<_>>();
        for part in &mut parts {
            let behind = firsts.iter().copied().filter(|first| *first > part.first);
            part.last = behind.min().unwrap_or(run.students.len());
        }
        parts
    }
}
