//! Whether the order slips: where numbers of photos and students differ, or the pauses between shots fit another order much
//! better, and what would mend it.

use super::super::pauses::{self, Step};
use super::super::place::Place;
use super::super::roster::Roster;
use super::super::told::joined;
use super::Shot;
use super::assignment::{Slip, TYPED_MAX};
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
        let is_open = |step: &Step| matches!(step, Step::Surplus { .. });
        let photos = match (&steps, is_even) {
            (None, true) => return None,
            (Some(steps), true) if !steps.iter().any(is_open) => {
                part.photos[between(steps, &begins, part.photos.len())?].to_vec()
            }
            _ => part.photos.clone(),
        };
        let steps = steps.unwrap_or_default();
        let name = |photo: usize| shots[part.photos[photo]].photo.as_str();
        let again = steps.iter().filter(|step| matches!(step, Step::Again { .. })).map(|step| name(step.photo()));
        let again = again.collect::<Vec<_>>();
        let options = again.iter().map(|name| format!("--shift {name}:-1")).collect::<Vec<_>>();
        let surplus = steps.iter().filter(|step| is_open(step)).count();
        let mut words = told_again(&again);
        words.extend(steps.iter().filter_map(|step| match *step {
            Step::Missing { student, count, .. } => Some(missing(&class(students[student]), count, surplus > 0)),
            _ => None,
        }));
        words.extend((surplus > 0).then(|| too_many(surplus)));
        let (seen, cure) = (seen(&run.title, is_even, students.len(), part.photos.len()), cure(&words, &options));
        let reason = Reason::new(format!("{}。{}", seen.zh, cure.zh), format!("{}. {}", seen.en, cure.en));
        Some(Slip { photos, reason, options })
    }
}

/// Where numbers agree, only the photos between the places that fit otherwise are in doubt, from the class on where that is
/// all that is known.
fn between(steps: &[Step], begins: &[bool], photos: usize) -> Option<std::ops::Range<usize>> {
    let from = |step: &Step| match *step {
        Step::Missing { photo, student, .. } => {
            let begin = (0..=student).rev().find(|place| begins[*place]).unwrap_or(0);
            photo.saturating_sub(student - begin)
        }
        _ => step.photo(),
    };
    let (first, last) = (steps.iter().map(from).min()?, steps.iter().map(Step::photo).max()?);
    Some(first..photos.min(last + 1))
}

/// Which photos are second shots: each, or the first of many.
fn told_again(names: &[&str]) -> Vec<Reason> {
    match names.len() {
        count if count > TYPED_MAX => {
            let first = names[..TYPED_MAX].join("、");
            vec![Reason::new(
                format!("有{count}张是上一人重拍（{first}……）"),
                format!("{count} photos show the previous student again ({}, …)", names[..TYPED_MAX].join(", ")),
            )]
        }
        _ => names.iter().map(|name| again(name)).collect(),
    }
}

fn again(name: &str) -> Reason {
    Reason::new(format!("{name} 是上一人重拍"), format!("{name} shows the previous student again"))
}

fn missing(place: &Place, count: usize, is_perhaps_late: bool) -> Reason {
    let place = place.words();
    match is_perhaps_late {
        false => Reason::new(
            format!("{place}有{count}人未到，请查明是谁，加 --absent 学号"),
            format!("{count} of {place} did not come; find out who and add --absent NUMBER"),
        ),
        true => Reason::new(
            format!("{place}有{count}人未到或后到，请查明是谁，未到的加 --absent 学号"),
            format!(
                "{count} of {place} did not come or came late; find out who and add --absent NUMBER for the former"
            ),
        ),
    }
}

fn too_many(count: usize) -> Reason {
    Reason::new(
        format!(
            "多出{count}张，看不出是哪张：可能是重拍，--shift 照片:-1；也可能有人后到，--shift 照片=学号 写明其照片，再同样写明原来轮到其时拍的是谁"
        ),
        format!(
            "{count} too many, and it does not show which: shot again (--shift PHOTO:-1), or of somebody who came late (--shift PHOTO=NUMBER, and the same for the photo that was taken in their turn)"
        ),
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

/// What to do: what the pauses suggest, and the options that a person need only type, or keep in a file where there are many.
fn cure(words: &[Reason], options: &[String]) -> Reason {
    if words.is_empty() {
        return text(
            "请从对不上的那一张起说明：--shift 照片:+1（此前一人未到）、--shift 照片:-1（上一人重拍）或 --absent 学号，再运行一次。",
            "Say where: --shift PHOTO:+1 (a student before it did not come), --shift PHOTO:-1 (the previous student again) or --absent NUMBER, and run it again.",
        )
        .into();
    }
    let (told, typed) = (joined(words, "；", "; "), options.join(" "));
    let added = match options.len() {
        0 => Reason::new("", ""),
        1..=TYPED_MAX => Reason::new(format!("加上 {typed} "), format!(" with {typed}")),
        _ => text(
            "把屏幕上列出的各行存成 错位.txt，加上 --shift @错位.txt ",
            " with --shift @FILE, a file of the lines that are listed on the screen",
        )
        .into(),
    };
    Reason::new(
        format!("从拍摄间隔看：{}。核对后{}再运行一次。", told.zh, added.zh),
        format!("Going by the pauses between shots: {}. Check this, then run it again{}.", told.en, added.en),
    )
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
    fn many_second_shots_are_lines_of_a_file_and_all_comes_out_with_them() {
        let (roster, mut shots) = timed(&[("软件1班", 20), ("软件2班", 20)]);
        let first = shots[0].taken.expect("a time").seconds();
        let again = shots
            .iter()
            .enumerate()
            .map(|(place, shot)| shot_at(100 + place, (shot.taken.expect("a time").seconds() - first) as usize + 6));
        shots.extend(again.collect::<Vec<_>>());
        let slip = slips(&roster, &shots, &Queues::default()).remove(0);
        let reason = &slip.reason.zh;
        assert!(reason.contains("有40张是上一人重拍（100.jpg、101.jpg、102.jpg……）"), "{reason}");
        assert!(reason.contains("加上 --shift @错位.txt 再运行一次") && !reason.contains(":-1"), "{reason}");
        let lines = slip.lines().collect::<Vec<_>>();
        assert_eq!((lines.len(), lines[39]), (40, "139.jpg:-1"));
        assert!(slips(&roster, &shots, &with(&lines, &[])).is_empty());
    }

    #[test]
    fn somebody_who_came_late_is_asked_about_and_named_with_whom_was_shot_instead() {
        let (roster, mut shots) = timed(&[("软件1班", 20), ("软件2班", 20), ("软件3班", 20)]);
        let first = shots[0].taken.expect("a time").seconds();
        let last = (shots[59].taken.expect("a time").seconds() - first) as usize;
        shots.remove(5);
        shots.push(shot_at(99, last + 22));
        let slip = slips(&roster, &shots, &Queues::default()).remove(0);
        assert_eq!((slip.photos.len(), slip.options.len()), (60, 0));
        let reason = &slip.reason.zh;
        assert!(reason.contains("软件1班有1人未到或后到") && reason.contains("也可能有人后到"), "{reason}");
        assert!(!reason.contains(":-1（"), "{reason}");
        let mended = with(&["99.jpg=20210005", "6.jpg=20210006"], &[]);
        assert!(slips(&roster, &shots, &mended).is_empty());
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
