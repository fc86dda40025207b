//! Whether the order of a run can be the order of its shots: a camera counts them, so that numbers rise as times do but where the
//! counter starts anew. Where they do not, a clock was wrong or set anew, or two cameras share a queue.

use std::collections::HashMap;

use super::Shot;
use super::assignment::{Slip, is_of_one_shoot};
use super::runs::Run;
use super::shift::To;
use crate::photo::Taken;
use crate::text::{Reason, Text, text};

/// Counters of cameras have four digits at least, and start anew behind 9999.
const DIGITS_MIN: usize = 4;
const COUNT: u64 = 10_000;
/// So near to its end or its beginning a counter starts anew, though the shots between were deleted.
const NEAR: u64 = 100;
/// With so many digits it is a date: that of any camera rises as times do.
const DIGITS_OF_DATE: usize = 8;

const MEND_TIMES: Text = text("请核对相机时间并改正", "Check and mend the times");
const PART_QUEUES: Text = text(
    "两台相机要各有各的队才分得开：请分放两个文件夹，文件夹名写所拍的班级或院系，或加 --queue 文件夹=名单文件",
    "Two cameras need a queue each: give them folders that name their classes or departments, or that have their lists (--queue FOLDER=LIST)",
);

/// What a camera counts: a folder, what stands there beside digits, and how many of these there are.
type Counter<'a> = (&'a str, String, usize);

/// Why it is not known in which order the photos of a run were taken, if it is not; where a person says whom the photo shows with
/// which the order begins to be in doubt, it is.
pub(super) fn doubt(run: &Run, shots: &[Shot], shifts: &HashMap<usize, Vec<&To>>) -> Option<Slip> {
    let is_settled =
        |photo: usize| shifts.get(&photo).is_some_and(|given| given.iter().any(|to| matches!(to, To::Student(_))));
    let times = run.photos.iter().filter_map(|photo| shots[*photo].taken).collect::<Vec<_>>();
    let mend_times = |(photo, why)| (photo, why, MEND_TIMES);
    let (photo, why, cure) = if times.len() == run.photos.len() {
        far_apart(run, shots, &times)
            .filter(|(photo, _)| !is_settled(*photo))
            .or_else(|| against_numbers(run, shots, &is_settled))
            .map(mend_times)
            .or_else(|| of_two_cameras(run, shots, &is_settled).map(|(photo, why)| (photo, why, PART_QUEUES)))?
    } else {
        untimed(run, shots, &times).map(mend_times)?
    };
    if is_settled(photo) {
        return None;
    }
    let (title, name) = (&run.title, &shots[photo].photo);
    let [zh, en] = if title.is_empty() { Default::default() } else { [format!("“{title}”"), format!("{title}: ")] };
    let reason = Reason::new(
        format!(
            "{zh}看不出拍摄先后：{}。{}；或用 --shift {name}=学号 写明从这张起拍的是谁，再运行一次。",
            why.zh, cure.zh
        ),
        format!(
            "{en}the order of the shots is not clear: {}. {}, or say with --shift {name}=NUMBER whom that photo shows, and run it again.",
            why.en, cure.en
        ),
    );
    Some(Slip { photos: run.photos.clone(), reason, options: Vec::new() })
}

/// The photo behind a jump of years, as where a battery was changed.
fn far_apart(run: &Run, shots: &[Shot], times: &[Taken]) -> Option<(usize, Reason)> {
    if is_of_one_shoot(times.iter().copied()) {
        return None;
    }
    let step = |pair: &&[usize]| Some(shots[pair[1]].taken?.seconds() - shots[pair[0]].taken?.seconds());
    let pair = run
        .photos
        .windows(2)
        .max_by(|one, other| step(one).partial_cmp(&step(other)).unwrap_or(std::cmp::Ordering::Equal))?;
    let [early, late] = [pair[0], pair[1]].map(|photo| (&shots[photo].photo, shots[photo].taken));
    let ((early, from), (late, to)) = ((early.0, early.1?), (late.0, late.1?));
    Some((
        pair[1],
        Reason::new(
            format!("{early} 的拍摄时间是 {from}，{late} 是 {to}，像是相机时间不对"),
            format!("{early} was taken {from} and {late} {to}, as where a clock is wrong"),
        ),
    ))
}

/// The photo from which on the numbers of a folder contradict the times.
fn against_numbers(run: &Run, shots: &[Shot], is_settled: &impl Fn(usize) -> bool) -> Option<(usize, Reason)> {
    let mut last = HashMap::new();
    run.photos.iter().find_map(|photo| {
        let (counter, number) = counter(&shots[*photo].photo)?;
        let (before, earlier) = last.insert(counter, (*photo, number))?;
        let is_against = earlier > number && !starts_anew(earlier, number) && !is_settled(*photo);
        is_against.then(|| (*photo, contradicted(&shots[before].photo, &shots[*photo].photo)))
    })
}

fn contradicted(before: &str, photo: &str) -> Reason {
    Reason::new(
        format!("{photo} 的编号在 {before} 之前，拍摄时间却在其后"),
        format!("{photo} has a lower number than {before}, yet a later time"),
    )
}

/// The photo of a second camera: in a folder that has another counter, or where a folder goes on after shots of others.
fn of_two_cameras(run: &Run, shots: &[Shot], is_settled: &impl Fn(usize) -> bool) -> Option<(usize, Reason)> {
    let name = |photo: usize| shots[photo].photo.as_str();
    let counts = |photo: usize| counter(name(photo)).map(|(counter, _)| counter);
    let mut sizes = HashMap::<_, usize>::new();
    run.photos.iter().filter_map(|photo| counts(*photo)).for_each(|counter| *sizes.entry(counter).or_default() += 1);
    // Of each folder what counted there last.
    let mut latest = HashMap::new();
    let mut before = None;
    run.photos.iter().copied().find_map(|photo| {
        let here = parted(name(photo)).0;
        let counter = counts(photo).filter(|counter| sizes[counter] > 1);
        let known = latest.get(here).cloned();
        let last = known.clone().flatten();
        let is_beside = last.as_ref().zip(counter.as_ref()).is_some_and(|(last, counter)| last != counter);
        latest.insert(here, counter.or(last));
        let before = name(before.replace(photo)?);
        let is_back = known.is_some() && parted(before).0 != here && !is_of_one_counter(before, name(photo));
        ((is_beside || is_back) && !is_settled(photo)).then(|| (photo, two_cameras(before, name(photo))))
    })
}

/// Whether one camera may have counted from the one photo to the other, whatever folders they lie in now.
fn is_of_one_counter(before: &str, photo: &str) -> bool {
    let (Some(((_, one, digits), from)), Some(((_, other, as_many), to))) = (counter(before), counter(photo)) else {
        return false;
    };
    one == other && digits == as_many && digits < DIGITS_OF_DATE && (from < to || starts_anew(from, to))
}

fn two_cameras(before: &str, photo: &str) -> Reason {
    Reason::new(
        format!("{before}、{photo} 像是两台相机拍的，两台的时间未必一致"),
        format!("{before} and {photo} seem to be of two cameras, whose clocks may differ"),
    )
}

/// The photo from which on the order of names is in doubt, where that is all there is.
fn untimed(run: &Run, shots: &[Shot], times: &[Taken]) -> Option<(usize, Reason)> {
    let first_timed = || run.photos.iter().copied().find(|photo| shots[*photo].taken.is_none());
    if times.windows(2).any(|pair| pair[0] > pair[1]) {
        let photo = first_timed()?;
        let name = &shots[photo].photo;
        return Some((
            photo,
            Reason::new(
                format!("{name} 没有拍摄时间，其余照片的时间又与文件名的先后不符"),
                format!("{name} has no time, and the times of the others contradict the order of names"),
            ),
        ));
    }
    let numbers = run.photos.iter().filter_map(|photo| Some((*photo, counter(&shots[*photo].photo)?)));
    let numbers = numbers.collect::<Vec<_>>();
    let pair = numbers.iter().find_map(|(high, (counter, number))| {
        let low = numbers.iter().find(|(_, (other, low))| other == counter && starts_anew(*number, *low))?;
        Some((*high, low.0))
    });
    let (high, low) = pair?;
    let [last, first] = [&shots[high].photo, &shots[low].photo];
    Some((
        high,
        Reason::new(
            format!("照片没有都记下拍摄时间，而相机的编号可能从 {last} 接到 {first}"),
            format!("not all photos have times, and the camera's counter may have gone on from {last} to {first}"),
        ),
    ))
}

/// What a camera counted, and its number: with all digits, for a phone writes the day before the hour.
fn counter(photo: &str) -> Option<(Counter<'_>, u64)> {
    let (folder, name) = parted(photo);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let last = stem.len() - stem.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (digits, letters) = stem.chars().partition::<String, _>(char::is_ascii_digit);
    let number = digits.parse().ok().filter(|_| last >= DIGITS_MIN)?;
    Some(((folder, letters, digits.len()), number))
}

/// The folder and the name of a photo.
fn parted(photo: &str) -> (&str, &str) {
    photo.rsplit_once(['/', '\\']).unwrap_or(("", photo))
}

/// Whether a counter may go on from the one to the other: 9999, 0001.
fn starts_anew(from: u64, to: u64) -> bool {
    from > to && from % COUNT >= COUNT - NEAR && to % COUNT < NEAR
}

#[cfg(test)]
mod tests {
    use super::super::testing::{roster, shots, slips, with};
    use super::super::{Queues, Shot};
    use super::*;

    /// Photos with the minute in which each was taken.
    fn told(photos: &[(&str, Option<&str>)], queues: &Queues) -> String {
        let rows = (0..photos.len()).map(|at| format!("20210{at:02}")).collect::<Vec<_>>();
        let rows = rows.iter().map(|number| ("软件1班", number.as_str(), "")).collect::<Vec<_>>();
        let names = photos.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let timed = shots(&names).into_iter().zip(photos);
        let timed = timed.map(|(shot, (_, time))| Shot { taken: time.map(Taken::noted), ..shot }).collect::<Vec<_>>();
        slips(&roster(&rows), &timed, queues).into_iter().map(|slip| slip.reason.zh).collect()
    }

    #[test]
    fn numbers_that_contradict_times_leave_the_order_open_and_a_counter_may_start_anew() {
        let at = |minute: &'static str| Some(minute);
        let none = Queues::default();
        let right = [("c/IMG_9999.JPG", at("2026:10:20 08:30:00")), ("c/IMG_0001.JPG", at("2026:10:20 08:31:00"))];
        assert_eq!(told(&right, &none), "");
        let reset = [("c/IMG_0001.JPG", at("2026:10:20 08:30:00")), ("c/IMG_0002.JPG", at("2020:01:01 00:01:00"))];
        assert!(
            told(&reset, &none).contains("c/IMG_0001.JPG 是 2026-10-20 08:30:00，像是相机时间不对"),
            "{}",
            told(&reset, &none)
        );
        let behind = [("c/IMG_0001.JPG", at("2026:10:20 08:30:00")), ("c/IMG_0002.JPG", at("2026:10:20 07:31:00"))];
        let doubt = told(&behind, &none);
        assert!(
            doubt.contains("c/IMG_0001.JPG 的编号在 c/IMG_0002.JPG 之前")
                && doubt.contains("--shift c/IMG_0001.JPG=学号"),
            "{doubt}"
        );
        let settled = with(&["c/IMG_0001.JPG=2021000", "c/IMG_0002.JPG=2021001"], &[]);
        assert_eq!([told(&behind, &settled), told(&reset, &settled)], ["", ""]);
        let phone = [
            ("IMG_20261020_170000.jpg", at("2026:10:20 17:00:00")),
            ("IMG_20261020_170100.jpg", at("2026:10:20 17:01:00")),
            ("IMG_20261021_083000.jpg", at("2026:10:21 08:30:00")),
            ("IMG_20261021_083100.jpg", at("2026:10:21 08:31:00")),
        ];
        assert_eq!(told(&phone, &none), "", "two days of a phone");
        let two = ["B_0001", "B_0002", "A_0001", "A_0002"].map(|name| format!("c/{name}.JPG"));
        let two = two.iter().zip([
            "2026:10:20 08:30:00",
            "2026:10:20 08:31:00",
            "2026:10:20 08:32:00",
            "2026:10:20 08:33:00",
        ]);
        let two = two.map(|(name, time)| (name.as_str(), at(time))).collect::<Vec<_>>();
        assert!(told(&two, &none).contains("c/B_0002.JPG、c/A_0001.JPG 像是两台相机"), "{}", told(&two, &none));
    }

    #[test]
    fn two_cameras_that_take_turns_are_told_in_folders_of_their_own_too_and_one_behind_the_other_is_right() {
        let doubt = |names: &[&str]| {
            let times = (0..names.len()).map(|minute| format!("2026:10:20 08:{minute:02}:00")).collect::<Vec<_>>();
            let photos = names.iter().zip(&times).map(|(name, time)| (*name, Some(time.as_str()))).collect::<Vec<_>>();
            told(&photos, &Queues::default())
        };
        let sides = ["a/IMG_0001.JPG", "b/DSC_0001.JPG", "a/IMG_0002.JPG", "b/DSC_0002.JPG"];
        assert!(doubt(&sides).contains("b/DSC_0001.JPG、a/IMG_0002.JPG 像是两台相机"), "{}", doubt(&sides));
        assert!(doubt(&sides).contains("--queue 文件夹=名单文件"), "{}", doubt(&sides));
        for names in [
            // Counters of one kind, phones that write the time, and no counters.
            ["a/IMG_0001.JPG", "b/IMG_0301.JPG", "a/IMG_0002.JPG", "b/IMG_0302.JPG"],
            ["a/20261020_080000.jpg", "b/20261020_080100.jpg", "a/20261020_080200.jpg", "b/20261020_080300.jpg"],
            ["a/左 (1).jpg", "b/右 (1).jpg", "a/左 (2).jpg", "b/右 (2).jpg"],
        ] {
            assert!(doubt(&names).contains("像是两台相机"), "{names:?}");
        }
        for names in [
            // A card that was changed, and photos of one camera of which some were moved by hand.
            ["a/IMG_0001.JPG", "a/IMG_0002.JPG", "b/DSC_0001.JPG", "b/DSC_0002.JPG"],
            ["a/IMG_9998.JPG", "b/IMG_9999.JPG", "a/IMG_0001.JPG", "b/IMG_0002.JPG"],
        ] {
            assert_eq!(doubt(&names), "", "{names:?}");
        }
    }

    #[test]
    fn without_all_times_a_counter_that_may_have_started_anew_is_told() {
        let none = Queues::default();
        let doubt = told(&[("IMG_0001.JPG", None), ("IMG_9999.JPG", None)], &none);
        assert!(doubt.contains("可能从 IMG_9999.JPG 接到 IMG_0001.JPG"), "{doubt}");
        let times = [Some("2026:10:20 08:33:00"), None, Some("2026:10:20 08:30:00")];
        let doubt = told(&[("IMG_0001.JPG", times[0]), ("IMG_0002.JPG", times[1]), ("IMG_0900.JPG", times[2])], &none);
        assert!(doubt.contains("IMG_0002.JPG 没有拍摄时间"), "{doubt}");
        assert_eq!(told(&[("IMG_0001.JPG", None), ("IMG_0900.JPG", None)], &none), "");
    }
}
