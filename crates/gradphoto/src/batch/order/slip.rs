//! Whether the order slips: where numbers of photos and students differ, or the pauses between shots fit another order much
//! better, and what would mend it.

use super::super::pauses::{self, Step};
use super::super::place::Place;
use super::super::roster::Roster;
use super::super::told::joined;
use super::Shot;
use super::assignment::Slip;
use super::runs::Run;
use super::walk::Part;
use crate::text::{Reason, text};

impl Roster {
    /// What is wrong with the order of a part, if anything seems so.
    pub(super) fn slip(&self, run: &Run, part: &Part, shots: &[Shot]) -> Option<Slip> {
        let students = &run.students[part.first.min(part.last)..part.last];
        let is_even = part.next == part.last as i64;
        let class = |student: usize| self.students()[student].place();
        let changes = students.windows(2).map(|pair| class(pair[0]) != class(pair[1]));
        let begins = std::iter::once(false).chain(changes).collect::<Vec<_>>();
        let times = part.photos.iter().map(|photo| Some(shots[*photo].taken?.seconds())).collect::<Option<Vec<_>>>();
        let steps = times.and_then(|times| pauses::fitted(&times, &begins, &part.given, is_even));
        let photos = match (&steps, is_even) {
            (None, true) => return None,
            (Some(steps), true) => part.photos[between(steps, &begins, part.photos.len())?].to_vec(),
            (_, false) => part.photos.clone(),
        };
        let name = |photo: usize| shots[part.photos[photo]].photo.as_str();
        let (mut words, mut options) = (Vec::new(), Vec::new());
        for step in steps.unwrap_or_default() {
            match step {
                Step::Again { photo } => {
                    options.push(format!("--shift {}:-1", name(photo)));
                    words.push(again(name(photo)));
                }
                Step::Missing { student, count, .. } => words.push(missing(&class(students[student]), count)),
            }
        }
        let (seen, cure) = (seen(&run.title, is_even, students.len(), part.photos.len()), cure(&words, &options));
        let reason = Reason::new(format!("{}。{}", seen.zh, cure.zh), format!("{}. {}", seen.en, cure.en));
        Some(Slip { photos, reason, options })
    }
}

/// Where numbers agree, only the photos between the places that fit otherwise are in doubt, from the class on where that is
/// all that is known.
fn between(steps: &[Step], begins: &[bool], photos: usize) -> Option<std::ops::Range<usize>> {
    let from = |step: &Step| match *step {
        Step::Again { photo } => photo,
        Step::Missing { photo, student, .. } => {
            let begin = (0..=student).rev().find(|place| begins[*place]).unwrap_or(0);
            photo.saturating_sub(student - begin)
        }
    };
    let to = |step: &Step| match *step {
        Step::Again { photo } | Step::Missing { photo, .. } => photo,
    };
    let (first, last) = (steps.iter().map(from).min()?, steps.iter().map(to).max()?);
    Some(first..photos.min(last + 1))
}

fn again(name: &str) -> Reason {
    Reason::new(format!("{name} 是上一人重拍"), format!("{name} shows the previous student again"))
}

fn missing(place: &Place, count: usize) -> Reason {
    let place = place.words();
    Reason::new(
        format!("{place}有{count}人未到，请查明是谁，加 --absent 学号"),
        format!("{count} of {place} did not come; find out who and add --absent NUMBER"),
    )
}

/// What does not fit.
fn seen(title: &str, is_even: bool, students: usize, photos: usize) -> Reason {
    let title = if title.is_empty() { String::new() } else { format!("“{title}”") };
    match is_even {
        true => Reason::new(
            format!("{title}人数与张数相符，但拍摄间隔不像这个顺序"),
            format!("{title}: as many photos as students, but the pauses between shots fit another order"),
        ),
        false => Reason::new(
            format!("{title}按顺序应拍{students}人，有照片{photos}张，对不上，顺序有错位"),
            format!("{title}: {students} students queued and there are {photos} photos, so the order slips somewhere"),
        ),
    }
}

/// What to do: what the pauses suggest, and the options that a person need only type.
fn cure(words: &[Reason], options: &[String]) -> Reason {
    let (told, added) = (joined(words, "；", "; "), options.join(" "));
    match (words.is_empty(), options.is_empty()) {
        (true, _) => text(
            "请从对不上的那一张起说明：--shift 照片:+1（此前一人未到）、--shift 照片:-1（上一人重拍）或 --absent 学号，再运行一次。",
            "Say where: --shift PHOTO:+1 (a student before it did not come), --shift PHOTO:-1 (the previous student again) or --absent NUMBER, and run it again.",
        )
        .into(),
        (_, true) => Reason::new(
            format!("从拍摄间隔看：{}。核对后再运行一次。", told.zh),
            format!("Going by the pauses between shots: {}. Check this, then run it again.", told.en),
        ),
        _ => Reason::new(
            format!("从拍摄间隔看：{}。核对后加上 {added} 再运行一次。", told.zh),
            format!("Going by the pauses between shots: {}. Check this, then run it again with {added}.", told.en),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Queues;
    use super::super::testing::{shot_at, slips, timed, with};
    use super::*;

    #[test]
    fn pauses_say_where_the_order_slips_and_what_to_type() {
        let (roster, shots) = timed(&[("软件1班", 20)]);
        assert!(slips(&roster, &shots, &Queues::default()).is_empty());
        let mut again = shots.clone();
        let first = shots[7].taken.expect("a time").seconds() - shots[0].taken.expect("a time").seconds();
        again.push(shot_at(99, first as usize + 6));
        let slip = slips(&roster, &again, &Queues::default()).remove(0);
        assert_eq!((slip.photos.len(), &*slip.options), (21, &["--shift 99.jpg:-1".to_owned()][..]));
        assert!(
            slip.reason.zh.contains("有照片21张") && slip.reason.zh.contains("99.jpg 是上一人重拍"),
            "{}",
            slip.reason.zh
        );
        assert!(slip.reason.en.ends_with("run it again with --shift 99.jpg:-1."), "{}", slip.reason.en);
        assert!(slips(&roster, &again, &with(&["99.jpg:-1"], &[])).is_empty(), "once it is named all comes out");
        let missing = shots.iter().enumerate().filter(|(place, _)| *place != 12).map(|(_, shot)| shot.clone());
        let slip = slips(&roster, &missing.collect::<Vec<_>>(), &Queues::default()).remove(0);
        assert!(slip.options.is_empty() && slip.reason.zh.contains("软件1班有1人未到"), "{}", slip.reason.zh);
        assert!(slip.reason.en.ends_with("Check this, then run it again."), "{}", slip.reason.en);
        let untimed = Shot { taken: None, ..shots[0].clone() };
        let slip = slips(&roster, &[untimed], &Queues::default()).remove(0);
        assert!(slip.reason.zh.contains("请从对不上的那一张起说明"), "{}", slip.reason.zh);
    }

    #[test]
    fn where_numbers_agree_only_what_lies_between_two_slips_is_open() {
        let (roster, shots) = timed(&[("软件1班", 30), ("软件2班", 28), ("软件3班", 31)]);
        let first = shots[0].taken.expect("a time").seconds();
        let second = (shots[75].taken.expect("a time").seconds() - first) as usize + 5;
        let mut slipped = shots
            .iter()
            .enumerate()
            .filter(|(place, _)| *place != 40)
            .map(|(_, shot)| shot.clone())
            .collect::<Vec<_>>();
        slipped.push(shot_at(99, second));
        let slip = slips(&roster, &slipped, &Queues::default()).remove(0);
        assert_eq!(slip.options, ["--shift 99.jpg:-1"]);
        // From the first of the second class to the second shot.
        assert_eq!(
            (slip.photos.first(), slip.photos.last().map(|last| &*slipped[*last].photo)),
            (Some(&30), Some("99.jpg"))
        );
        assert!(slip.reason.zh.contains("软件2班有1人未到"), "{}", slip.reason.zh);
        // A second shot in the first class that is named already is not told again.
        let named = (shots[10].taken.expect("a time").seconds() - first) as usize + 5;
        slipped.push(shot_at(98, named));
        let slip = slips(&roster, &slipped, &with(&["98.jpg:-1"], &[])).remove(0);
        assert_eq!((slip.options, slip.photos[0]), (vec!["--shift 99.jpg:-1".to_owned()], 30));
    }
}
