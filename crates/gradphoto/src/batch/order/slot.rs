//! When students come: 第二批 before 第三批, 上午 before 下午, 2026/4/9 before 4月11日.

use std::collections::HashSet;

use super::super::field::Field;
use super::super::names::exact;
use super::super::numerals::in_figures;
use super::super::roster::Student;
use super::natural::{Chunk, chunks};

/// Parts of a day in their order.
const PARTS: [&str; 6] = ["早上", "上午", "中午", "下午", "傍晚", "晚上"];
/// What stands between the numbers of a day or an hour.
const BETWEEN: [char; 17] =
    ['年', '月', '日', '号', '时', '点', '分', '/', '-', '.', ':', '—', '–', '~', '至', '到', ' '];

/// What a session and a time are ordered by.
pub(super) type Slot = [Vec<Chunk>; 2];

/// The slot of each student. Where all years that are written are one, those who have it do not go behind those who have none.
pub(super) fn slots(students: &[&Student]) -> Vec<Slot> {
    let slot = |student: &&Student| [Field::Session, Field::Time].map(|field| moment(student.get(field)));
    let mut slots = students.iter().map(slot).collect::<Vec<_>>();
    let years = slots.iter().flatten().filter_map(|moment| year(moment)).collect::<HashSet<_>>();
    if years.len() == 1 {
        for moment in slots.iter_mut().flatten().filter(|moment| year(moment).is_some()) {
            moment.remove(0);
        }
    }
    slots
}

fn moment(text: &str) -> Vec<Chunk> {
    let words = text.split_whitespace().map(exact).collect::<Vec<_>>().join(" ");
    let part = |(at, part): (usize, &&str), text: String| text.replace(part, &at.to_string());
    let told = |chunk| match chunk {
        Chunk::Text(text) => {
            let text = text.trim_start_matches(BETWEEN).to_owned();
            let text = PARTS.iter().enumerate().fold(text, |text, numbered| part(numbered, text));
            (!text.is_empty()).then_some(Chunk::Text(text))
        }
        number @ Chunk::Number(_) => Some(number),
    };
    chunks(&in_figures(&words)).into_iter().filter_map(told).collect()
}

/// The year that a day begins with.
fn year(moment: &[Chunk]) -> Option<u128> {
    match moment {
        [Chunk::Number(year @ 2000..2100), Chunk::Number(_), ..] => Some(*year),
        _ => None,
    }
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
}
