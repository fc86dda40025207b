//! When students come: 第二批 before 第三批, 上午 before 下午, 2026/4/9 before 4月11日.

use std::collections::HashSet;

use super::super::field::Field;
use super::super::moment::Moment;
use super::super::numerals::is_to;
use super::super::roster::Student;
use super::natural::{Chunk, chunks};
use crate::text::Reason;

/// What stands between the numbers of a day or an hour.
const BETWEEN: &str = "年月日号时点分/.: ";

/// What a session and a time are ordered by.
pub(super) type Slot = [When; 2];

/// Year, week, month, day, day of the week and minute, in their order, then whatever else is said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct When {
    day: [Option<u32>; 5],
    minute: Option<u32>,
    rest: Vec<Chunk>,
}

impl When {
    fn of(moment: Moment) -> When {
        let is_of_a_month = moment.day.is_some();
        // 4月9日（周四） is 4月9日.
        let besides = |number: Option<u32>| number.filter(|_| !is_of_a_month);
        let day = [moment.year, besides(moment.week), moment.month, moment.day, besides(moment.weekday)];
        let told = |chunk| match chunk {
            Chunk::Text(text) => Some(text.trim_start_matches(|c| is_to(c) || BETWEEN.contains(c)).to_owned())
                .filter(|text| !text.is_empty())
                .map(Chunk::Text),
            number @ Chunk::Number(_) => Some(number),
        };
        When { day, minute: moment.minute, rest: chunks(&moment.rest).into_iter().filter_map(told).collect() }
    }

    /// Which parts of a day it has, if it says when at all.
    fn kind(&self) -> Option<[bool; 4]> {
        let [_, week, month, day, weekday] = self.day.map(|number| number.is_some());
        (week || month || day || weekday || self.minute.is_some()).then_some([week, month, day, weekday])
    }
}

/// The slot of each student. Where all years that are written are one, those who have it do not go behind those who have none.
pub(super) fn slots(students: &[&Student]) -> Vec<Slot> {
    let slot = |student: &&Student| {
        let [session, time] = [Field::Session, Field::Time].map(|field| student.get(field));
        [When::of(Moment::of_words(session)), When::of(Moment::of(time))]
    };
    let mut slots = students.iter().map(slot).collect::<Vec<_>>();
    let years = slots.iter().flatten().filter_map(|when| when.day[0]).collect::<HashSet<_>>();
    if years.len() == 1 {
        slots.iter_mut().flatten().for_each(|when| when.day[0] = None);
    }
    slots
}

/// A word on times of which one names the day and the other does not, or another way: who comes first is not clear.
pub(super) fn told(students: &[&Student], slots: &[Slot], order: &[usize]) -> Option<Reason> {
    let timed = order.iter().filter(|at| slots[**at][1].kind().is_some()).collect::<Vec<_>>();
    let is_unclear = |pair: &&[&usize]| {
        let [one, other] = [pair[0], pair[1]].map(|at| &slots[*at]);
        one[0] == other[0] && one[1].kind() != other[1].kind()
    };
    timed.windows(2).find(is_unclear).map(|pair| {
        let [one, other] = [pair[0], pair[1]].map(|at| students[*at]);
        let [early, late] = [one, other].map(|student| student.get(Field::Time));
        let [one, other] = [one, other].map(Student::words);
        Reason::new(
            format!(
                "拍摄时间写法不一，看不出谁先谁后，例如{one}“{early}”和{other}“{late}”；请在名册或时间安排中都写上几月几日。"
            ),
            format!(
                "Times are written in different ways, so it is not clear who comes first, such as {one} ({early}) and {other} ({late}). Give the month and day of each in the roster or the schedule."
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_and_days_follow_each_other() {
        for in_order in [
            &["第一批", "第二批", "第三批", "第十批", "第十一批"][..],
            &["周一上午", "周二下午", "周三上午", "周日"],
            &["9日上午", "9日中午", "9日下午", "9日晚上", "10日上午"],
            &["上午9:00", "上午10：30", "下午2:00"],
            &["2026/4/9", "2026年4月10日", "4月11日", "2026-04-12 08:30"],
            &["4月9日8:30-10:00", "4月9日 10:00—11:00", "4月10日 9点"],
            &["2025年12月30日", "2026年1月5日"],
            &["2026届第二批", "2026届第十批"],
            &["10月20日 8:30-9:30", "10月20日9:30—10:30", "10月20日 2:00-3:30", "10月20日 15:30"],
            &["9月20日上午", "9月20日 下午", "9月20日 15:00", "9月20日晚上7:00", "9月21日 8:00"],
            &["8:00-8:30", "8:30-9:00", "10:00", "2:00-3:30"],
            &["4.9 8.30-9.30", "4.9 9.30-10.30", "10.9 8.00"],
            &["第二周周五", "第十周周一"],
            &["周四第1-2节", "周四第3-4节", "周四第11节"],
        ] {
            let student = |time: &&str| {
                let mut student = Student::new(1);
                student.set(Field::Time, time);
                student
            };
            let students = in_order.iter().map(student).collect::<Vec<_>>();
            let slots = slots(&students.iter().collect::<Vec<_>>());
            assert!(slots.windows(2).all(|pair| pair[0] < pair[1]), "{in_order:?}: {slots:?}");
        }
    }

    #[test]
    fn one_time_is_one_slot_and_times_that_cannot_be_compared_are_told() {
        let order = |times: &[&str]| {
            let student = |time: &&str| {
                let mut student = Student::new(1);
                student.set(Field::Time, time);
                student
            };
            let students = times.iter().map(student).collect::<Vec<_>>();
            let students = students.iter().collect::<Vec<_>>();
            let slots = slots(&students);
            let told = told(&students, &slots, &(0..times.len()).collect::<Vec<_>>());
            (slots.windows(2).all(|pair| pair[0] == pair[1]), told.map(|told| told.zh))
        };
        let same = ["4月9日8:30-10:00", "2026年4月9日（周四） 8：30—10：00", "4.9上午8:30-10:00", "4/9 8点半-10:00"];
        assert_eq!(order(&same), (true, None));
        for unclear in [["8:30", "10月20日 9:30"], ["周四 8:30", "10月20日 9:30"], ["9日 8:30", "10月8日 9:30"]]
        {
            let told = order(&unclear).1.expect("a word");
            assert!(told.contains(unclear[0]) && told.contains(unclear[1]), "{told}");
        }
        assert_eq!(order(&["", "待定", "10月20日 9:30"]).1, None);
    }
}
