//! Whose each photo is, where that is in doubt, and which of several photos of a student counts.

use std::collections::HashMap;

use super::super::roster::Match;
use super::Shot;
use crate::text::Reason;

/// Photos whose students are uncertain because the order may have slipped.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Slip {
    /// Places of the photos.
    pub photos: Vec<usize>,
    /// What does not fit, and what to do.
    pub reason: Reason,
    /// The options that would put it right, as the pauses suggest: `--shift …`; empty where nothing suggests any.
    pub options: Vec<String>,
}

/// Whose each photo is.
#[derive(Clone, Debug, Default)]
pub struct Assignment {
    /// For each photo whom it means; `None` where its name decides.
    pub(in crate::batch) matches: Vec<Option<Match>>,
    /// Photos whose student was shot again later, in rising order.
    pub(in crate::batch) replaced: Vec<usize>,
    pub(in crate::batch) slips: Vec<Slip>,
    pub(super) notes: Vec<Reason>,
}

impl Assignment {
    /// Of so many photos, whose names decide so far.
    pub(super) fn of_nobody(photos: usize) -> Assignment {
        Assignment { matches: vec![None; photos], ..Assignment::default() }
    }

    /// The student of a photo by its place.
    pub fn student(&self, photo: usize) -> Option<usize> {
        match self.matches.get(photo)? {
            Some(Match::One(student)) => Some(*student),
            _ => None,
        }
    }

    /// Where the order may have slipped.
    pub fn slips(&self) -> &[Slip] {
        &self.slips
    }

    /// What of a list was not used, a sentence each.
    pub fn notes(&self) -> &[Reason] {
        &self.notes
    }

    /// Whether the student of a photo was shot again later.
    pub fn is_replaced(&self, photo: usize) -> bool {
        self.replaced.binary_search(&photo).is_ok()
    }

    /// Of several photos of a student the last counts: of those that are assigned here. Where their times do not tell which
    /// is the last, all of them stay, for a person to choose. Photos without any times count in their order in one of `rows`.
    pub(super) fn replace(&mut self, shots: &[Shot], rows: &[Vec<usize>]) {
        let mut spots = HashMap::new();
        for (row, photos) in rows.iter().enumerate() {
            spots.extend(photos.iter().enumerate().map(|(at, photo)| (*photo, (row, at))));
        }
        let mut of_student = HashMap::<usize, Vec<usize>>::new();
        for photo in 0..shots.len() {
            if let Some(student) = self.student(photo) {
                of_student.entry(student).or_default().push(photo);
            }
        }
        for photos in of_student.into_values().filter(|photos| photos.len() > 1) {
            if let Some(last) = last(&photos, shots, &spots) {
                self.replaced.extend(photos.into_iter().filter(|photo| *photo != last));
            }
        }
        self.replaced.sort_unstable();
    }
}

/// The last of a student's photos, where it can be told: by its time, else by its spot, the row of photos and the place in it.
fn last(photos: &[usize], shots: &[Shot], spots: &HashMap<usize, (usize, usize)>) -> Option<usize> {
    let row = |photo: &usize| spots.get(photo).map(|(row, _)| *row);
    let timed = photos.iter().filter(|photo| shots[**photo].taken.is_some()).count();
    if timed == photos.len() {
        alone_last(photos, |photo| shots[photo].taken)
    } else if timed == 0 && photos.iter().all(|photo| row(photo) == row(&photos[0])) {
        alone_last(photos, |photo| spots.get(&photo).map(|(_, at)| *at))
    } else {
        None
    }
}

/// The photo that comes last, where it is alone there.
fn alone_last<T: Ord>(photos: &[usize], when: impl Fn(usize) -> Option<T>) -> Option<usize> {
    let last = photos.iter().map(|photo| when(*photo)).max()?;
    let mut there = photos.iter().filter(|photo| when(**photo) == last);
    there.next().filter(|_| there.next().is_none()).copied()
}

#[cfg(test)]
mod tests {
    use super::super::Queues;
    use super::super::testing::{listed, roster, shots_at, whose_of};

    #[test]
    fn which_shot_is_the_last_is_told_by_the_students_own_times_alone() {
        let list = roster(&[("", "2021001", "")]).students().to_vec();
        let queues = Queues { lists: vec![("补拍".to_owned(), list)], ..Queues::default() };
        let school = roster(&[("软件1班", "2021001", "张三"), ("软件2班", "2021020", "孙七")]);
        // Cameras lie in the order of their names, the retake first.
        let whose = |again, first, others| {
            let photos = [("补拍/1.jpg", again), ("软件1班/1.jpg", first), ("软件2班/1.jpg", others)];
            whose_of(&school, &shots_at(&photos), &queues)
        };
        assert_eq!(whose(Some(9), Some(1), Some(2)), ["张三", "(张三)", "孙七"]);
        assert_eq!(whose(Some(9), Some(1), None), ["张三", "(张三)", "孙七"], "a photo of another student");
        for (again, first) in [(Some(9), None), (None, Some(1)), (None, None), (Some(1), Some(1))] {
            assert_eq!(whose(again, first, Some(2)), ["张三", "张三", "孙七"], "a person is asked");
        }
        let listed = |photos: &[(&str, Option<u8>)]| {
            let rows = photos.iter().map(|(photo, _)| (*photo, "2021001")).collect::<Vec<_>>();
            school.by_list(&shots_at(photos), &listed(&rows)).expect("a list").replaced
        };
        assert_eq!(listed(&[("a.jpg", Some(9)), ("b.jpg", Some(1))]), [1]);
        assert!(listed(&[("a.jpg", Some(9)), ("b.jpg", None)]).is_empty());
    }
}
