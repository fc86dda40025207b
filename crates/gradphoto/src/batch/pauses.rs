//! Where the order of shots slips, by the pauses between them: a short one before a second shot of the same person, a long
//! one before the next class.

use std::collections::HashSet;

/// A place where the order is not one photo a student.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The photo at this place shows the student before again.
    Again { photo: usize },
    /// Some photo, perhaps this one, is one too many: shot again after no short pause, or of somebody who came late. Which, nothing
    /// tells.
    Surplus { photo: usize },
    /// Some students did not come, of the class of the one at this place of the queue; the photo is the next one taken, or
    /// the number of photos. Which of the class, nothing tells.
    Missing { photo: usize, student: usize, count: usize },
}

impl Step {
    pub(super) fn photo(&self) -> usize {
        match *self {
            Step::Again { photo } | Step::Surplus { photo } | Step::Missing { photo, .. } => photo,
        }
    }
}

/// What it costs that somebody did not come, or was shot twice: as much as a pause three times too long or short.
const ODD: f64 = 4.0;
/// No single pause counts for more.
const PAUSE_MAX: f64 = 8.0;
/// Spread of the logarithm of pauses in a class.
const SPREAD: f64 = 0.45;
/// A second shot of the same person comes after this share of the usual pause, another class after this many.
const AGAIN: f64 = 0.35;
const CLASS: f64 = 3.0;
/// A second shot is only named where its pause is no longer than this share of the usual one, and of every pause that is none.
const CLEARLY: f64 = 0.6;
/// Another order must fit by so much better before a person is asked although the numbers agree.
const MARGIN: f64 = 5.0;
/// Students that may be missing in a row, and by how much photos and students may differ on the way.
const MISSING_MAX: usize = 3;
const BAND: usize = 24;

/// The steps out of order that the pauses between `times` (seconds, rising) suggest, for students of whom `begins` tells where
/// another class begins; `given` are steps that a person has named. `None` where nothing can be told or, `is_even`, the plain
/// order fits as well.
pub(super) fn fitted(times: &[f64], begins: &[bool], given: &[i32], is_even: bool) -> Option<Vec<Step>> {
    let pauses = Pauses::of(times, begins, given)?;
    let rows = pauses.cheapest();
    let (best, end) = pauses.cheapest_end(&rows)?;
    if is_even && best + MARGIN > pauses.plain()? {
        return None;
    }
    let mut steps = pauses.steps_back(&rows, end);
    pauses.leave_open(&mut steps);
    steps.sort_by_key(Step::photo);
    Some(steps)
}

/// Pauses between photos, for a queue of students.
struct Pauses<'a> {
    /// Before each photo but the first.
    seconds: Vec<f64>,
    /// The one in the middle of those before another student.
    usual: f64,
    begins: &'a [bool],
    given: &'a [i32],
}

/// Of a photo the least cost for each student that it may show, from this one on, and the step that led there.
struct Row {
    low: usize,
    least: Vec<(f64, i32)>,
}

impl<'a> Pauses<'a> {
    fn of(times: &[f64], begins: &'a [bool], given: &'a [i32]) -> Option<Pauses<'a>> {
        let seconds = times.windows(2).map(|pair| (pair[1] - pair[0]).max(0.5)).collect::<Vec<_>>();
        let mut sorted = seconds.clone();
        sorted.sort_by(f64::total_cmp);
        // Of what is more than students at least so many are second shots, behind the shortest pauses.
        let absent = given.iter().filter(|by| **by > 0).map(|by| *by as usize).sum::<usize>();
        let again = (times.len() + absent).saturating_sub(begins.len());
        let usual = *sorted.get((again + sorted.len()) / 2).or(sorted.last())?;
        (!begins.is_empty()).then_some(Pauses { seconds, usual, begins, given })
    }

    fn photos(&self) -> usize {
        self.seconds.len() + 1
    }

    /// What the pause before a photo costs where the photo shows this student, so many further than in order.
    fn cost(&self, photo: usize, by: i32, student: usize) -> f64 {
        let Some(before) = photo.checked_sub(1) else { return 0.0 };
        let is_over = (0..=by.max(0) as usize).any(|back| student.checked_sub(back).is_some_and(|s| self.begins[s]));
        unlikeliness(self.seconds[before] / self.usual, by, is_over)
    }

    /// What a step costs by itself: nothing where a person has named it.
    fn oddness(&self, photo: usize, by: i32) -> f64 {
        if self.given.get(photo) == Some(&by) { 0.0 } else { oddness(by) }
    }

    fn cheapest(&self) -> Vec<Row> {
        let (photos, students) = (self.photos(), self.begins.len());
        let band = BAND + photos.abs_diff(students);
        let mut rows = Vec::<Row>::with_capacity(photos);
        for photo in 0..photos {
            let middle = photo * students / photos;
            let (low, high) = (middle.saturating_sub(band), (middle + band).min(students - 1));
            let least = (low..=high).map(|student| match rows.last() {
                None => (self.oddness(photo, student as i32), student as i32),
                Some(before) => self.cheapest_step(before, photo, student),
            });
            let least = least.collect();
            rows.push(Row { low, least });
        }
        rows
    }

    /// The cheapest step from the photo before to a photo of this student.
    fn cheapest_step(&self, before: &Row, photo: usize, student: usize) -> (f64, i32) {
        let steps = match self.given.get(photo) {
            Some(given) if *given != 0 => *given..=*given,
            _ => -1..=MISSING_MAX as i32,
        };
        let options = steps.filter_map(|by| {
            let from = student as i64 - 1 - i64::from(by) - before.low as i64;
            let (least, _) = *before.least.get(usize::try_from(from).ok()?)?;
            Some((least + self.oddness(photo, by) + self.cost(photo, by, student), by))
        });
        options.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((f64::INFINITY, 0))
    }

    /// The least cost of all, and the student of the last photo.
    fn cheapest_end(&self, rows: &[Row]) -> Option<(f64, usize)> {
        let Row { low, least } = rows.last()?;
        let ends = least.iter().zip(*low..);
        let ends = ends.map(|((cost, _), end)| (cost + oddness((self.begins.len() - 1 - end) as i32), end));
        ends.min_by(|a, b| a.0.total_cmp(&b.0)).filter(|(cost, _)| cost.is_finite())
    }

    /// The cost of the plain order, but for steps that a person has named; `None` where it leads past the students.
    fn plain(&self) -> Option<f64> {
        let mut student = -1_i64;
        let mut plain = 0.0;
        for photo in 0..self.photos() {
            let by = self.given.get(photo).copied().unwrap_or(0);
            student += 1 + i64::from(by);
            plain += self.cost(photo, by, usize::try_from(student).ok().filter(|place| *place < self.begins.len())?);
        }
        Some(plain)
    }

    /// The steps that nobody has named, from the last photo back.
    fn steps_back(&self, rows: &[Row], end: usize) -> Vec<Step> {
        let mut steps = Vec::new();
        if end + 1 < self.begins.len() {
            steps.extend(self.missing(rows.len(), end + 1, self.begins.len() - end - 1));
        }
        let mut student = end;
        for (photo, row) in rows.iter().enumerate().rev() {
            let (_, by) = row.least[student - row.low];
            match by {
                _ if self.given.get(photo) == Some(&by) => {}
                1.. => steps.extend(self.missing(photo, student - by as usize, by as usize)),
                _ => steps.push(Step::Again { photo }),
            }
            student = (student as i64 - 1 - i64::from(by)).max(0) as usize;
        }
        steps
    }

    /// Leaves it open where a second shot was that does not show: its pause is no shorter than such as there are before others.
    fn leave_open(&self, steps: &mut [Step]) {
        let again = steps.iter().filter(|step| matches!(step, Step::Again { .. })).map(Step::photo);
        let again = again.collect::<HashSet<_>>();
        let is_other = |photo: &usize| !again.contains(photo) && self.given.get(*photo).is_none_or(|by| *by >= 0);
        let pause = |photo: usize| self.seconds[photo - 1];
        let shortest = (1..self.photos()).filter(is_other).map(pause).fold(self.usual, f64::min);
        for step in steps {
            if let Step::Again { photo } = *step
                && photo.checked_sub(1).is_none_or(|before| self.seconds[before] > CLEARLY * shortest)
            {
                *step = Step::Surplus { photo };
            }
        }
    }

    /// So many students from this one on did not come: those of one class at the end of a run are told together.
    fn missing(&self, photo: usize, student: usize, count: usize) -> impl Iterator<Item = Step> {
        let begin = (student + 1..student + count).filter(|place| self.begins[*place]).collect::<Vec<_>>();
        let from = std::iter::once(student).chain(begin.clone());
        let to = begin.into_iter().chain([student + count]);
        from.zip(to).map(move |(from, to)| Step::Missing { photo, student: from, count: to - from })
    }
}

/// What it costs that so many students did not come, or that one was shot again.
fn oddness(by: i32) -> f64 {
    f64::from(by.abs()) * ODD
}

/// How unlikely a pause is, in so many usual ones, before a photo that shows the student so many further than in order; `is_over`
/// says whether another class begins there.
fn unlikeliness(pause: f64, by: i32, is_over: bool) -> f64 {
    let off = |wanted: f64| (0.5 * ((pause / wanted).ln() / SPREAD).powi(2)).min(PAUSE_MAX);
    match by {
        -1 => off(AGAIN),
        _ if is_over && pause >= CLASS => 0.0,
        _ if is_over => off(CLASS),
        _ => off(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Photos of classes of these sizes: a shot every 20 seconds or so, two minutes between classes; then changes.
    struct Day {
        times: Vec<f64>,
        begins: Vec<bool>,
    }

    impl Day {
        fn of(classes: &[usize]) -> Day {
            let mut day = Day { times: vec![], begins: vec![] };
            let mut clock = 0.0;
            for size in classes {
                for place in 0..*size {
                    day.begins.push(place == 0 && !day.times.is_empty());
                    day.times.push(clock);
                    clock += 17.0 + ((place * 7) % 11) as f64 * 0.6;
                }
                clock += 120.0;
            }
            day
        }

        fn absent(mut self, student: usize) -> Day {
            self.times.remove(student);
            self
        }

        fn again(mut self, photo: usize) -> Day {
            self.times.insert(photo + 1, self.times[photo] + 6.0);
            self
        }

        fn steps(&self) -> Option<Vec<Step>> {
            self.steps_with(&vec![0; self.times.len()])
        }

        fn steps_with(&self, given: &[i32]) -> Option<Vec<Step>> {
            let sum = given.iter().sum::<i32>() as i64;
            let is_even = self.times.len() as i64 + sum == self.begins.len() as i64;
            fitted(&self.times, &self.begins, given, is_even)
        }
    }

    #[test]
    fn a_day_in_order_raises_no_question() {
        assert_eq!(Day::of(&[30, 28, 31]).steps(), None);
        assert_eq!(Day::of(&[30]).steps(), None);
        assert_eq!(fitted(&[0.0], &[false], &[0], true), None);
    }

    #[test]
    fn a_second_shot_is_found_where_it_was_taken() {
        assert_eq!(Day::of(&[30, 28]).again(11).steps(), Some(vec![Step::Again { photo: 12 }]));
        let twice = Day::of(&[30, 28, 31]).again(50).again(11);
        let steps = [Step::Again { photo: 12 }, Step::Again { photo: 52 }];
        assert_eq!(twice.steps(), Some(steps.to_vec()));
        // Once they are named, all comes out.
        let mut given = vec![0; twice.times.len()];
        (given[12], given[52]) = (-1, -1);
        assert_eq!(twice.steps_with(&given), None);
    }

    #[test]
    fn second_shots_of_all_are_found_although_most_pauses_are_theirs() {
        for shots in [2, 3] {
            let mut day = Day::of(&[20, 20, 20]);
            let times = day.times.iter().flat_map(|time| (0..shots).map(move |shot| time + 4.0 * f64::from(shot)));
            day.times = times.collect();
            let again = (0..day.times.len()).filter(|photo| photo % shots as usize > 0);
            assert_eq!(day.steps(), Some(again.map(|photo| Step::Again { photo }).collect()), "{shots}");
            // Named for the first class, the others still stand out.
            let mut given = vec![0; day.times.len()];
            let named = 20 * shots as usize;
            (0..named).filter(|photo| photo % shots as usize > 0).for_each(|photo| given[photo] = -1);
            let steps = day.steps_with(&given).expect("steps");
            assert_eq!(steps.len(), 40 * (shots as usize - 1));
            assert!(steps.iter().all(|step| matches!(step, Step::Again { photo } if *photo >= named)));
        }
    }

    #[test]
    fn no_photo_is_called_a_second_shot_whose_pause_is_not_clearly_short() {
        // Somebody of the first class is shot at the end of the day.
        let mut late = Day::of(&[20, 20, 20]).absent(5);
        late.times.push(late.times[late.times.len() - 1] + 25.0);
        let steps = late.steps().expect("steps");
        let [Step::Missing { student, count: 1, .. }, Step::Surplus { .. }] = steps[..] else { panic!("{steps:?}") };
        assert!(student < 20, "{student}");
        // A second shot that shows is named all the same.
        let steps = late.again(30).steps().expect("steps");
        assert!(steps.contains(&Step::Again { photo: 31 }), "{steps:?}");
        assert_eq!(steps.iter().filter(|step| matches!(step, Step::Surplus { .. })).count(), 1, "{steps:?}");
    }

    #[test]
    fn who_did_not_come_is_found_within_the_class() {
        let steps = Day::of(&[30, 28, 31]).absent(40).steps().expect("a step");
        let [Step::Missing { student, count: 1, .. }] = steps[..] else { panic!("{steps:?}") };
        assert!((30..58).contains(&student), "{student}");
        assert_eq!(Day::of(&[30]).absent(29).steps().map(|steps| steps.len()), Some(1));
        let last = Day::of(&[3, 2]).absent(4).absent(3).absent(2).steps().expect("steps");
        let told = last.iter().map(|step| match step {
            Step::Missing { count, .. } => *count,
            Step::Again { .. } | Step::Surplus { .. } => 0,
        });
        assert_eq!(told.collect::<Vec<_>>(), [1, 2], "a class each");
    }

    #[test]
    fn numbers_that_agree_by_chance_do_not_hide_two_slips() {
        let steps = Day::of(&[30, 28, 31]).again(70).absent(10).steps().expect("steps");
        let [Step::Missing { student, count: 1, .. }, Step::Again { photo: 70 }] = steps[..] else {
            panic!("{steps:?}")
        };
        assert!(student < 30, "{student}");
    }

    #[test]
    fn a_pause_counts_the_more_the_farther_it_is_from_what_the_step_takes_either_way() {
        let near = |pause, by, is_over, expected: f64| {
            let found = unlikeliness(pause, by, is_over);
            assert!((found - expected).abs() < 0.01, "{pause} {by} {is_over}: {found}");
        };
        near(1.0, 0, false, 0.0);
        near(1.0, 2, false, 0.0);
        near(AGAIN, -1, false, 0.0);
        // Half of the square of so many spreads.
        near(SPREAD.exp(), 0, false, 0.5);
        near((-2.0 * SPREAD).exp(), 0, false, 2.0);
        near(1.0, -1, false, 2.72);
        near(1.0, 0, true, 2.98);
        near(CLASS, 1, true, 0.0);
        // As long as anybody likes before the next class, and never more than so much in it.
        near(40.0, 0, true, 0.0);
        near(40.0, 0, false, PAUSE_MAX);
        assert!((3.0..4.0).contains(&(SPREAD * (2.0 * ODD).sqrt()).exp()), "as odd as a pause three times too long");
    }

    #[test]
    fn three_quick_shots_raise_no_question_where_the_numbers_agree() {
        let mut day = Day::of(&[30]);
        for photo in [5, 12, 20] {
            let won = day.times[photo] - day.times[photo - 1] - 7.0;
            day.times[photo..].iter_mut().for_each(|time| *time -= won);
        }
        assert_eq!(day.steps(), None);
    }

    #[test]
    fn a_class_that_did_not_come_is_told_as_a_whole() {
        let mut day = Day::of(&[10, 30]);
        day.times.truncate(10);
        assert_eq!(day.steps(), Some(vec![Step::Missing { photo: 10, student: 10, count: 30 }]));
    }

    #[test]
    fn what_a_person_named_stands_and_only_the_rest_is_told() {
        // Seven of the first class are named as absent, more than are ever guessed in a row.
        let mut day = Day::of(&[30, 28]).again(40);
        day.times.drain(5..12);
        let mut given = vec![0; day.times.len()];
        given[5] = 7;
        assert_eq!(day.steps_with(&given), Some(vec![Step::Again { photo: 34 }]));
        // One second shot is named; another and an absence agree by chance.
        let day = Day::of(&[30, 28, 31]).again(70).absent(10).again(40);
        let mut given = vec![0; day.times.len()];
        given[41] = -1;
        let steps = day.steps_with(&given).expect("steps");
        assert!(matches!(steps[..], [Step::Missing { count: 1, .. }, Step::Again { photo: 71 }]), "{steps:?}");
        // Shifts that lead past the last student are no order to compare with.
        assert_eq!(fitted(&[0.0, 20.0, 40.0, 60.0], &[false; 4], &[0, 0, 2, -2], true), None);
    }
}
