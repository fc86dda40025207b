//! In which order students queue before a camera.

use super::super::field::Field;
use super::super::folder_name::FOLDER_FIELDS;
use super::super::roster::{Match, Roster, Student};
use super::natural::natural;
use super::numbered::{by_number, ranks};
use super::slot::{slots, told};
use crate::text::Reason;

impl Roster {
    /// All students in the order in which they queue, those who have been collected already left out.
    pub fn all_in_queue(&self) -> Vec<usize> {
        self.queue(&[]).0
    }

    /// The students of some places in the order in which they queue, and a word where that is not clear; those who have been
    /// collected already stay away.
    pub(super) fn queue(&self, places: &[(Field, &str)]) -> (Vec<usize>, Option<Reason>) {
        let students = self.students();
        let here = |at: &usize| is_of(&students[*at], places) && !students[*at].is_collected();
        let mut queue = (0..students.len()).filter(here).collect::<Vec<_>>();
        let is_numbered = |at: &usize| has_shot_number(&students[*at]);
        let by_numbers = queue.iter().any(is_numbered);
        if by_numbers {
            queue.retain(is_numbered);
        }
        let (here, ranks) = (queue.iter().map(|at| &students[*at]).collect::<Vec<_>>(), ranks(students));
        let ranks = queue.iter().map(|at| ranks[*at]).collect::<Vec<_>>();
        let (order, told) = if by_numbers { by_number(&here, &ranks) } else { by_slot(&here, &ranks) };
        (order.into_iter().map(|place| queue[place]).collect(), told)
    }

    /// The students of a list of its own, in its order.
    pub(super) fn queue_of_list(
        &self,
        folder: &str,
        list: &[Student],
        problems: &mut Vec<Reason>,
    ) -> (Vec<usize>, Option<Reason>) {
        let mut rows = list.iter().collect::<Vec<_>>();
        let mut told = None;
        if rows.iter().any(|row| has_shot_number(row)) {
            let (order, twice) = by_number(&rows, &ranks(list));
            (rows, told) = (order.into_iter().map(|place| &list[place]).collect(), twice);
        }
        let mut students = Vec::new();
        for row in rows {
            match self.of_row(row) {
                Some(student) => students.push(student),
                None => problems.push(not_one_person(folder, row)),
            }
        }
        (students, told)
    }

    /// The student of a row of another list: by all numbers that are known, else by name, in its class.
    fn of_row(&self, row: &Student) -> Option<usize> {
        let (name, place) = (row.get(Field::Name), row.place());
        let places = [place.department, place.major, place.class];
        let places = places.into_iter().filter(|place| !place.is_empty()).collect::<Vec<_>>();
        let mut numbers = row.keys().filter(|(field, _)| field.is_number()).map(|(_, number)| number).peekable();
        if numbers.peek().is_none() {
            return self.keyed(name).or_else(|| match self.find(name, &places) {
                Match::One(student) => Some(student),
                _ => None,
            });
        }
        let has = |student: &usize, number| self.students()[*student].keys().any(|(_, key)| key == number);
        let by_name = |number| self.keyed(&format!("{number} {name}")).filter(|student| has(student, number));
        let of_number = |number| self.keyed_in(number, &places).or_else(|| by_name(number));
        let mut known = numbers.filter_map(of_number);
        let first = known.next()?;
        known.all(|other| other == first).then_some(first)
    }
}

/// Whether a student is of these places; several of one kind, as folders may name, are any of them.
fn is_of(student: &Student, places: &[(Field, &str)]) -> bool {
    FOLDER_FIELDS.iter().all(|field| {
        let mut wanted = places.iter().filter(|(of, _)| of == field).peekable();
        wanted.peek().is_none() || wanted.any(|(_, cell)| student.get(*field) == *cell)
    })
}

/// Places of students in the order of their slots, places and numbers, and a word where the slots do not tell who comes first.
/// `ranks` are those of these students.
fn by_slot(students: &[&Student], ranks: &[(usize, usize)]) -> (Vec<usize>, Option<Reason>) {
    let slots = slots(students);
    let mut order = (0..students.len()).collect::<Vec<_>>();
    order.sort_by_cached_key(|at| (&slots[*at], ranks[*at], natural(students[*at].number())));
    let told = told(students, &slots, &order);
    (order, told)
}

fn has_shot_number(student: &Student) -> bool {
    !student.get(Field::ShotNumber).is_empty()
}

fn not_one_person(folder: &str, row: &Student) -> Reason {
    let (origin, words) = (row.origin(), row.words());
    Reason::new(
        format!("“{folder}”的名单{}：名册上没有{words}，或不止一人。", origin.zh),
        format!("The list for {folder}, {}: {words} is not on the roster, or not one person.", origin.en),
    )
}

#[cfg(test)]
mod tests {
    use super::super::Queues;
    use super::super::testing::{roster, school, shots, whose};
    use super::*;

    #[test]
    fn all_queue_by_class_and_number() {
        assert_eq!(school().all_in_queue(), [0, 4, 3, 2, 1]);
    }

    #[test]
    fn a_shooting_number_goes_before_everything_and_who_was_collected_stays_away() {
        let mut students = school().students().to_vec();
        for (student, number) in students.iter_mut().zip(["2", "10", "1", "3", ""]) {
            student.set(Field::ShotNumber, number);
        }
        let numbered = Roster::new(students);
        let photos = ["1.jpg", "2.jpg", "3.jpg", "4.jpg"];
        assert_eq!(whose(&numbered, &photos, &Queues::default()), ["李四", "孙七", "张三", "王五"]);
        let mut students = school().students().to_vec();
        students[3].set(Field::Collected, "是");
        let photos = ["软件1班/1.jpg", "软件1班/2.jpg"];
        assert_eq!(whose(&Roster::new(students), &photos, &Queues::default()), ["李四", "王五"]);
    }

    #[test]
    fn a_list_is_of_a_folder_by_its_name_or_its_path_and_its_shooting_numbers_go_first() {
        let mut list = roster(&[("", "2021021", ""), ("", "2021001", "")]).students().to_vec();
        list.iter_mut().zip(["2", "1"]).for_each(|(student, number)| student.set(Field::ShotNumber, number));
        for folder in ["相机/补拍", "补拍"] {
            let queues = Queues { lists: vec![(folder.to_owned(), list.clone())], ..Queues::default() };
            assert_eq!(
                whose(&school(), &["相机/补拍/8.jpg", "相机/补拍/9.jpg"], &queues),
                ["张三", "周八"],
                "{folder}"
            );
        }
    }

    #[test]
    fn a_list_of_its_own_is_read_by_any_number_and_by_name_and_class() {
        let mut students = roster(&[("1班", "", "张伟"), ("2班", "", "张伟"), ("2班", "", "李四")]).students().to_vec();
        students[0].set(Field::ExamNumber, "2143000001");
        students[1].set(Field::CaptureCode, "C002");
        let school = Roster::new(students.clone());
        let whose = |row: Student| {
            let queues = Queues { lists: vec![("补拍".to_owned(), vec![row])], ..Queues::default() };
            let assignment = school.in_order(&shots(&["补拍/1.jpg"]), &queues);
            assignment.map(|assignment| assignment.student(0)).map_err(|problems| problems.len())
        };
        for place in 0..2 {
            assert_eq!(whose(students[place].clone()), Ok(Some(place)));
            let mut row = roster(&[(["1班", "2班"][place], "", "张伟")]).students()[0].clone();
            assert_eq!(whose(row.clone()), Ok(Some(place)), "by name and class");
            row.set(Field::Class, "");
            assert_eq!(whose(row), Err(1));
        }
        let seats = roster(&[("1班", "1", "张三"), ("1班", "2", "李四"), ("2班", "1", "王五"), ("2班", "1", "赵六")]);
        let queues = Queues { lists: vec![("补拍".to_owned(), seats.students()[..3].to_vec())], ..Queues::default() };
        let photos = ["补拍/a.jpg", "补拍/b.jpg", "补拍/c.jpg"];
        assert_eq!(
            super::super::testing::whose(&seats, &photos, &queues),
            ["张三", "李四", "王五"],
            "seats of a class"
        );
        let mut both = students[0].clone();
        both.set(Field::CaptureCode, "C002");
        assert_eq!(whose(both), Err(1), "two students");
    }
}
