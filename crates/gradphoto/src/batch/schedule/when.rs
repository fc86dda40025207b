//! What a line of a schedule leaves out of the time because one above it says it.

use std::collections::HashMap;

use super::super::moment::Moment;
use super::super::names::exact;
use super::super::numerals::{in_figures, is_to};
use super::super::words::Words;
use crate::photo::days;

/// A cell that says what the one above it says.
const SAME: Words = Words("同上 同前 〃 \" ” “ ″ ''");

/// What stands before the day of such a line.
const HEADINGS: Words = Words("日期 时间 拍摄 采集 第");

/// Days by another day, which may be the one above or today.
const RELATIVE: Words =
    Words("次日 翌日 第二天 第三天 同日 同一天 当日 当天 隔日 隔天 今日 今天 明日 明天 后天 本周 下周 上周");

/// What a cell says, without a sign for the one above.
pub(super) fn said(cell: &str) -> &str {
    if SAME.has(&exact(cell)) { "" } else { cell }
}

/// A time with the day of one above, where it leaves that out: 9:30-10:30 below 10月20日 8:30-9:30, 21日 below 10月20日. `None`
/// where it stands for itself.
pub(super) fn dated(above: &str, time: &str) -> Option<String> {
    if is_relative(time) {
        return None;
    }
    let (before, now) = (Moment::of(above), Moment::of(time));
    let at = before.day_at.clone()?;
    // 9.30-10.30 below 10月20日 8.30-9.30 are hours, though it may be a day by itself.
    let is_alike = || {
        let (hour, time) = (shape(&above[at.end..]), shape(time));
        let is_range = time.contains(is_to);
        now.is_bare && hour.ends_with(&time) && (is_range || !before.is_bare)
    };
    if !now.has_day() || is_alike() {
        return (now.minute.is_some() || now.has_hour || now.is_bare).then(|| format!("{} {time}", &above[at]));
    }
    let (day, month) = (now.day_at?, before.month?);
    let is_of_a_month = now.month.is_none() && now.day.is_some() && !time[day.clone()].ends_with('天');
    is_of_a_month.then(|| format!("{}{month}月{}", &time[..day.start], &time[day.start..]))
}

/// Whether a line that has this cell alone is the heading of the lines of a day: 10月20日（周二）, 日期：10月20日.
pub(super) fn is_heading(cell: &str) -> bool {
    let moment = Moment::of(cell);
    let before = moment.day_at.map(|at| &cell[..at.start]);
    !moment.is_bare && before.is_some_and(|before| before.is_empty() || HEADINGS.begin(before))
}

/// Whether a time has an hour and no day.
pub(super) fn is_without_day(time: &str) -> bool {
    let moment = Moment::of(time);
    !moment.has_day() && moment.minute.is_some()
}

/// Whether a time names its day by another one.
pub(super) fn is_relative(time: &str) -> bool {
    RELATIVE.are_in(&exact(time))
}

/// Whether a text says when something is.
pub(super) fn has_hour_or_day(text: &str) -> bool {
    let moment = Moment::of(text);
    moment.minute.is_some() || moment.day.is_some() && moment.month.is_some()
}

/// Whether a time is not read, as where a spreadsheet shows a day as a quantity, or none that there is.
pub(super) fn is_unread(time: &str) -> bool {
    let moment = Moment::of(time);
    let is_nothing = !moment.has_day() && !moment.has_hour && moment.minute.is_none();
    let is_no_day = || {
        let (month, day) = moment.month.zip(moment.day)?;
        Some(day > days_of(moment.year, month))
    };
    is_relative(time)
        || is_nothing && time.contains(|c: char| c.is_ascii_digit())
        || is_no_day() == Some(true)
        || is_beyond(time)
}

/// Whether a number is more than any month, day, hour or minute: 13月1日, 25:00.
fn is_beyond(time: &str) -> bool {
    // Without the blank, 20 08:30 is 2008:30.
    time.split_whitespace().any(|part| {
        let mut before = None;
        numbers(&in_figures(&exact(part))).into_iter().any(|(number, sign)| {
            let most = match sign {
                _ if before == Some(':') => 59,
                Some('月') => 12,
                Some('日' | '号') => 31,
                Some('时' | '点' | ':') => 24,
                _ => u32::MAX,
            };
            before = sign;
            number > most
        })
    })
}

/// Each number with the sign behind it.
fn numbers(text: &str) -> Vec<(u32, Option<char>)> {
    let (mut numbers, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let end = rest[at..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |length| at + length);
        numbers.push((rest[at..end].parse().unwrap_or(u32::MAX), rest[end..].chars().next()));
        rest = &rest[end..];
    }
    numbers
}

fn days_of(year: Option<u32>, month: u32) -> u32 {
    // Where no year is written it may be one with a 29 February.
    let year = year.unwrap_or(2000);
    (days(year, month + 1, 1) - days(year, month, 1)) as u32
}

/// The lines whose day falls on another day of the week than they say; where no year is written, than most of them say.
pub(super) fn of_another_weekday(times: &[(usize, String)]) -> Vec<(usize, String)> {
    let moments = times.iter().map(|line| (line, Moment::of(&line.1))).collect::<Vec<_>>();
    let year = moments.iter().find_map(|(_, moment)| moment.year);
    let off = |moment: &Moment| {
        let (month, day, weekday) = (moment.month?, moment.day?, moment.weekday?);
        Some((7 + weekday - weekday_of(moment.year.or(year).unwrap_or(2001), month, day)) % 7)
    };
    let mut counts = HashMap::<u32, usize>::new();
    moments.iter().filter_map(|(_, moment)| off(moment)).for_each(|off| *counts.entry(off).or_default() += 1);
    let usual = counts.into_iter().max_by_key(|(off, count)| (*count, 7 - off)).map(|(off, _)| off);
    let right = if year.is_some() { Some(0) } else { usual };
    let wrong = moments.iter().filter(|(_, moment)| off(moment).is_some_and(|off| Some(off) != right));
    wrong.map(|(line, _)| (*line).clone()).collect()
}

/// 1 for Monday.
fn weekday_of(year: u32, month: u32, day: u32) -> u32 {
    (days(year, month, day) + 2).rem_euclid(7) as u32 + 1
}

/// Each number as 0, and what stands between them.
fn shape(text: &str) -> String {
    let mut shape = String::new();
    for c in exact(text).chars() {
        let sign = if c.is_ascii_digit() { '0' } else { c };
        if sign != '0' || !shape.ends_with('0') {
            shape.push(sign);
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_a_day_is_of_the_day_above() {
        for (above, time, whole) in [
            ("10月20日 8:30-9:30", "9:30-10:30", Some("10月20日 9:30-10:30")),
            ("10月20日8：30—9：30", "下午2：00—3：30", Some("10月20日 下午2：00—3：30")),
            ("2026年10月20日（周二）上午", "下午", Some("2026年10月20日（周二） 下午")),
            ("2026-10-20 08:30:00", "09:30:00", Some("2026-10-20 09:30:00")),
            ("10.20 8.30-9.30", "9.30-10.30", Some("10.20 9.30-10.30")),
            ("10月20日 8.30", "9.30", Some("10月20日 9.30")),
            ("10月20日 8-9", "9-10", Some("10月20日 9-10")),
            ("10月20日 上午8-9点", "9-10点", Some("10月20日 9-10点")),
            ("周二 第1-2节", "第3-4节", Some("周二 第3-4节")),
            ("十月二十日 八点", "九点半", Some("十月二十日 九点半")),
            ("10月8日 8:30", "9日 8:30", Some("10月9日 8:30")),
            ("10月8日 8:30", "10月9日 8:30", None),
            ("10月8日 8:30", "10.9 8:30", None),
            ("10.8 8.30", "10.9", None),
            ("10.8", "10.9", None),
            ("10月8日", "待定", None),
            ("8:30", "9:30", None),
            ("10月8日 8:30", "46122 0.354", None),
        ] {
            assert_eq!(dated(above, time).as_deref(), whole, "{time} below {above}");
        }
        assert!(is_unread("46122 0.354166667") && !is_unread("9:30") && !is_unread("待定"));
        assert!(
            is_heading("10月20日（星期二）上午") && is_heading("日期：10月20日") && !is_heading("注：10月20日不拍")
        );
        assert_eq!([said("同上"), said("〃"), said("9:30")], ["", "", "9:30"]);
    }
    #[test]
    fn a_day_that_there_is_not_or_that_another_day_names_is_not_read() {
        for time in
            ["次日 8:30", "第二天", "同日 10:30", "明天上午", "2月30日", "13月1日", "10月20日25:00", "10月32日", "8:75"]
        {
            assert!(is_unread(time), "{time}");
        }
        for time in [
            "2月29日",
            "10月20日 24:00",
            "2026-10-20 08:30:00",
            "十月三十一日 八点半",
            "8:30-9:30",
            "周二第1-2节",
            "12:30",
        ] {
            assert!(!is_unread(time), "{time}");
        }
        assert_eq!(dated("10月20日 8:30", "次日 8:30"), None);
    }

    #[test]
    fn days_of_the_week_are_those_of_the_days() {
        let wrong = |times: &[&str]| {
            let times = times.iter().enumerate().map(|(row, time)| (row, (*time).to_owned())).collect::<Vec<_>>();
            of_another_weekday(&times).into_iter().map(|(row, _)| row).collect::<Vec<_>>()
        };
        assert_eq!(wrong(&["2026年10月20日（周二）", "10月21日（周三）", "10月22日（周五）"]), [2]);
        assert_eq!(wrong(&["2月28日（周六）", "3月1日（周日）", "3月2日（周二） 8:30"]), [2]);
        assert!(wrong(&["10月20日（周三）", "10月21日", "周五"]).is_empty());
        assert_eq!([(2026, 11, 29), (2024, 2, 29)].map(|(year, month, day)| weekday_of(year, month, day)), [7, 4]);
    }
}
