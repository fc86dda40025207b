//! Whose each photo is, where that is in doubt, and which of several photos of a student counts.

use std::collections::HashMap;

use super::super::roster::Match;
use super::Shot;
use crate::photo::Taken;
use crate::text::Reason;

/// Options that are typed; of more a file is made.
pub(super) const TYPED_MAX: usize = 3;

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

impl Slip {
    /// The lines of a file for `--shift @FILE`, where the options are too many to type; else none.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        let are_many = self.options.len() > TYPED_MAX;
        self.options.iter().filter(move |_| are_many).filter_map(|option| option.strip_prefix("--shift "))
    }
}

/// Whose each photo is.
#[derive(Clone, Debug, Default)]
pub struct Assignment {
    /// For each photo whom it means; `None` where its name decides.
    pub(in crate::batch) matches: Vec<Option<Match>>,
    /// Photos for which another of their student counts, such as a later shot, in rising order.
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

    /// Says of further photos that another photo of their student counts, for they are the same file.
    pub fn set_aside(&mut self, photos: impl IntoIterator<Item = usize>) {
        self.replaced.extend(photos);
        self.replaced.sort_unstable();
        self.replaced.dedup();
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
/// Where these contradict each other, or the times lie further apart than any shoot, a clock was wrong.
fn last(photos: &[usize], shots: &[Shot], spots: &HashMap<usize, (usize, usize)>) -> Option<usize> {
    let row = |photo: &usize| spots.get(photo).map(|(row, _)| *row);
    let is_one_row = photos.iter().all(|photo| row(photo) == row(&photos[0]));
    let by_spot = || alone_last(photos, |photo| spots.get(&photo).map(|(_, at)| *at)).filter(|_| is_one_row);
    let times = photos.iter().filter_map(|photo| shots[*photo].taken).collect::<Vec<_>>();
    if times.is_empty() {
        return by_spot();
    }
    let is_of_one_shoot = is_of_one_shoot(times.iter().copied());
    let by_time = alone_last(photos, |photo| shots[photo].taken).filter(|_| times.len() == photos.len())?;
    (is_of_one_shoot && by_spot().is_none_or(|last| last == by_time)).then_some(by_time)
}

/// Whether no two times are so far apart that a clock must have been set anew between them.
pub(super) fn is_of_one_shoot(times: impl Iterator<Item = Taken> + Clone) -> bool {
    const DAYS_MAX: f64 = 300.0;
    let seconds = || times.clone().map(Taken::seconds);
    seconds().fold(f64::MIN, f64::max) - seconds().fold(f64::MAX, f64::min) < DAYS_MAX * 86_400.0
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
    use super::*;

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
        assert_eq!(listed(&[("a.jpg", Some(1)), ("b.jpg", Some(9))]), [0]);
        assert!(listed(&[("a.jpg", Some(9)), ("b.jpg", None)]).is_empty());
        assert!(
            listed(&[("a.jpg", Some(9)), ("b.jpg", Some(1))]).is_empty(),
            "a second camera, whose clock was behind"
        );
    }

    #[test]
    fn a_clock_that_was_set_anew_between_two_shots_of_a_student_tells_no_last_one() {
        let school = roster(&[("软件1班", "2021001", "张三")]);
        let replaced = |times: [&str; 2]| {
            let mut shots = shots_at(&[("a.jpg", None), ("补拍/b.jpg", None)]);
            shots.iter_mut().zip(times).for_each(|(shot, time)| shot.taken = Some(Taken::noted(time)));
            let list = school.students().to_vec();
            let queues = Queues { lists: vec![("补拍".to_owned(), list)], ..Queues::default() };
            let shots = [Shot { folders: vec!["软件1班".to_owned()], ..shots[0].clone() }, shots[1].clone()];
            school.in_order(&shots, &queues).expect("an order").replaced
        };
        assert_eq!(replaced(["2026:05:01 08:00:00", "2026:06:20 08:00:00"]), [0]);
        assert!(replaced(["2026:05:01 08:00:00", "2020:01:01 00:01:00"]).is_empty());
    }
}
