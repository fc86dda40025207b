//! What a line of a schedule leaves out of the time because one above it says it.

use super::super::moment::Moment;
use super::super::names::exact;
use super::super::words::Words;

/// A cell that says what the one above it says.
const SAME: Words = Words("同上 同前 〃 \" ” “ ″ ''");

/// What stands before the day of such a line.
const HEADINGS: Words = Words("日期 时间 拍摄 采集 第");

/// What a cell says, without a sign for the one above.
pub(super) fn said(cell: &str) -> &str {
    if SAME.has(&exact(cell)) { "" } else { cell }
}

/// A time with the day of one above, where it leaves that out: 9:30-10:30 below 10月20日 8:30-9:30, 21日 below 10月20日. `None`
/// where it stands for itself.
pub(super) fn dated(above: &str, time: &str) -> Option<String> {
    let (before, now) = (Moment::of(above), Moment::of(time));
    let at = before.day_at.clone()?;
    // 9.30-10.30 below 10月20日 8.30-9.30 are hours, though it may be a day by itself.
    let is_alike = || {
        let (hour, time) = (shape(&above[at.end..]), shape(time));
        let is_range = time.contains(['-', '—', '–', '~', '至', '到']);
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

/// Whether a time has numbers of which none is read, as where a spreadsheet shows a day as a quantity.
pub(super) fn is_unread(time: &str) -> bool {
    let moment = Moment::of(time);
    !moment.has_day() && !moment.has_hour && moment.minute.is_none() && time.contains(|c: char| c.is_ascii_digit())
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
}
