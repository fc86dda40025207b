//! Who queues by 拍摄序号, which may begin anew in each session, department or class.

use std::collections::{HashMap, HashSet};

use super::super::field::Field;
use super::super::numerals::in_figures;
use super::super::roster::Student;
use super::natural::{Chunk, natural};
use super::slot::{Slot, slots};
use crate::text::Reason;

/// Of so many numbers one that stands there twice is a slip of the pen, no other count.
const NUMBERS_A_SLIP: usize = 20;

/// How far the numbers go before they begin anew.
#[derive(Clone, Copy, PartialEq)]
enum Span {
    All,
    Session,
    Department,
    Class,
}

/// What the numbers of a student are counted in.
struct Spot {
    slot: Slot,
    /// As [`ranks`] has them.
    department: usize,
    class: usize,
    number: Vec<Chunk>,
}

impl Spot {
    fn group(&self, span: Span) -> (Option<&Slot>, Option<usize>, Option<usize>) {
        match span {
            Span::All => (None, None, None),
            Span::Session => (Some(&self.slot), None, None),
            Span::Department => (Some(&self.slot), Some(self.department), None),
            Span::Class => (Some(&self.slot), Some(self.department), Some(self.class)),
        }
    }
}

/// Places of students in the order of their numbers, and a word where numbers stand there twice. `ranks` are those of these
/// students.
pub(super) fn by_number(students: &[&Student], ranks: &[(usize, usize)]) -> (Vec<usize>, Option<Reason>) {
    let spots = slots(students).into_iter().zip(ranks).zip(students);
    let spots = spots.map(|((slot, (department, class)), student)| {
        let number = natural(&in_figures(student.get(Field::ShotNumber)));
        Spot { slot, department: *department, class: *class, number }
    });
    let spots = spots.collect::<Vec<_>>();
    let repeats = |span: &Span| {
        let once = spots.iter().map(|spot| (spot.group(*span), &spot.number)).collect::<HashSet<_>>();
        spots.len() - once.len()
    };
    let spans = [Span::All, Span::Session, Span::Department, Span::Class];
    let few = |span: &Span| repeats(span) * NUMBERS_A_SLIP < spots.len();
    let span = spans.into_iter().find(few).or_else(|| spans.into_iter().min_by_key(repeats)).unwrap_or(Span::All);
    let mut order = (0..students.len()).collect::<Vec<_>>();
    order.sort_by_key(|at| (spots[*at].group(span), &spots[*at].number));
    let mut seen = HashMap::new();
    let twice = spots.iter().enumerate().find_map(|(at, spot)| Some((seen.insert(&spot.number, at)?, at)));
    (order, twice.map(|(one, other)| note_on_repeats(span, students[one], students[other])))
}

/// Departments, then classes, as the list has them: for each student where the first ones of each stand.
pub(super) fn ranks<'a>(students: impl IntoIterator<Item = &'a Student>) -> Vec<(usize, usize)> {
    let mut seen = HashMap::new();
    let mut first = |key: String| {
        let next = seen.len();
        *seen.entry(key).or_insert(next)
    };
    let ranks = students.into_iter().map(|student| {
        let place = student.place();
        (first(place.department.clone()), first(place.words()))
    });
    ranks.collect()
}

fn note_on_repeats(span: Span, one: &Student, other: &Student) -> Reason {
    let number = one.get(Field::ShotNumber);
    let (one, other) = (one.words(), other.words());
    let order = match span {
        Span::All => {
            Reason::new("谁先谁后看不出来，请核对名册", "who of them comes first is not clear; check the roster")
        }
        Span::Session => Reason::new(
            "看来每批各从头编号，按批次、再按序号排队",
            "they seem to begin anew in each session, so the order is by session, then by number",
        ),
        Span::Department => Reason::new(
            "看来各院系各从头编号，按院系、再按序号排队",
            "they seem to begin anew in each department, so the order is by department, then by number",
        ),
        Span::Class => Reason::new(
            "看来各班各从头编号，按班级、再按序号排队",
            "they seem to begin anew in each class, so the order is by class, then by number",
        ),
    };
    Reason::new(
        format!("拍摄序号有重复，例如{number}：{one}、{other}；{}。", order.zh),
        format!("Numbers of the shooting order stand there twice, such as {number} ({one}, {other}); {}.", order.en),
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::roster;
    use super::*;

    fn order(rows: &[(&str, &str, &str)]) -> (Vec<usize>, String) {
        let mut students = roster(&rows.iter().map(|(class, _, number)| (*class, *number, "")).collect::<Vec<_>>())
            .students()
            .to_vec();
        for (student, (_, session, number)) in students.iter_mut().zip(rows) {
            student.set(Field::Session, session);
            student.set(Field::ShotNumber, number);
        }
        let (order, told) = by_number(&students.iter().collect::<Vec<_>>(), &ranks(&students));
        (order, told.map(|told| told.zh).unwrap_or_default())
    }

    #[test]
    fn numbers_that_begin_anew_are_gone_through_class_by_class_or_session_by_session() {
        let class = |class, numbers: [&'static str; 3]| numbers.map(|number| (class, "", number));
        let [one, two] = [class("1班", ["1", "2", "3"]), class("2班", ["1", "2", "3"])];
        let (places, told) = order(&[one, two].concat());
        assert_eq!(places, [0, 1, 2, 3, 4, 5]);
        assert_eq!(told, "拍摄序号有重复，例如1：1、1；看来各班各从头编号，按班级、再按序号排队。");
        // Numbers that go on are one count, whatever the classes.
        let (places, told) = order(&[class("1班", ["1", "3", "5"]), class("2班", ["二", "四", "六"])].concat());
        assert_eq!((&places[..], &*told), (&[0, 3, 1, 4, 2, 5][..], ""));
        let of_sessions =
            [("1班", "第三批", "1"), ("2班", "第三批", "2"), ("1班", "第二批", "2"), ("2班", "第二批", "1")];
        let (places, told) = order(&of_sessions);
        assert_eq!(places, [3, 2, 0, 1]);
        assert!(told.contains("按批次、再按序号"), "{told}");
    }

    #[test]
    fn a_number_that_stands_there_twice_by_mistake_is_no_other_count() {
        let numbers = (0..40).map(|at| if at == 7 { 9 } else { at + 1 }.to_string()).collect::<Vec<_>>();
        let rows = numbers.iter().enumerate().map(|(at, number)| (["1班", "2班"][at % 2], "", number.as_str()));
        let (places, told) = order(&rows.collect::<Vec<_>>());
        assert_eq!(places, (0..40).collect::<Vec<_>>());
        assert!(told.contains("例如9：9、9；谁先谁后看不出来"), "{told}");
    }
}
