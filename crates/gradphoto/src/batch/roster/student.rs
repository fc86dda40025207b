//! A row of a roster.

use std::collections::HashSet;

use super::super::field::Field;
use super::super::masking::{masked, without_id_numbers};
use super::super::names::exact;
use super::super::place::Place;
use super::answer::is_yes;
use crate::text::Reason;

/// Fields by which folders tell students of one name apart.
pub(super) const PLACES: [Field; 3] = [Field::Class, Field::Department, Field::Major];

/// One row of a roster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Student {
    /// Row in the file or on its sheet, from 1, the head included.
    pub row: usize,
    /// The sheet; empty where the file has but one.
    pub sheet: String,
    values: [String; Field::ALL.len()],
    /// What further columns of the same meaning say, such as 学籍号 beside 学号.
    more: Vec<(Field, String)>,
    /// Every cell that holds something, by the head of its column as written.
    cells: Vec<(String, String)>,
    /// What tells the student from others who would have the same key; empty where nobody has.
    pub(super) key_apart: String,
}

impl Student {
    /// A student of this row with nothing known.
    pub fn new(row: usize) -> Student {
        Student { row, ..Student::default() }
    }

    /// What a column says; empty where it says nothing.
    pub fn get(&self, field: Field) -> &str {
        &self.values[field as usize]
    }

    /// What a column says by its head as the file writes it, known or not; where no column has this head, the one that means
    /// the same: 证件号码 for 身份证号. `None` where it says nothing.
    pub fn column(&self, head: &str) -> Option<&str> {
        let same = |(known, _): &&(String, String)| exact(known) == exact(head);
        let meant = || Some(self.get(Field::of_head(head)?)).filter(|value| !value.is_empty());
        self.cells.iter().find(same).map(|(_, value)| value.as_str()).or_else(meant)
    }

    /// Heads of the columns that say something, as the file writes them.
    pub fn heads(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|(head, _)| head.as_str())
    }

    /// Every cell that says something, by the head of its column.
    pub(super) fn cells(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cells.iter().map(|(head, cell)| (head.as_str(), cell.as_str()))
    }

    /// Whether the roster says that the student need not come: 已采集.
    pub fn is_collected(&self) -> bool {
        is_yes(self.get(Field::Collected))
    }

    /// Whether the roster says that the student has paid.
    pub fn has_paid(&self) -> bool {
        let paid = self.get(Field::Paid);
        is_yes(paid) && !paid.contains('免')
    }

    /// The first number that the roster has for the student: 学号, 考生号 or 采集码.
    pub fn number(&self) -> &str {
        let numbers = [Field::StudentNumber, Field::ExamNumber, Field::CaptureCode].map(|field| self.get(field));
        numbers.into_iter().find(|number| !number.is_empty()).unwrap_or_default()
    }

    /// Name and number, as far as the roster has them; where it has neither, the identity number, masked.
    pub fn words(&self) -> String {
        match format!("{} {}", self.get(Field::Name), self.number()).trim() {
            "" => masked(self.get(Field::IdNumber)),
            words => words.to_owned(),
        }
    }

    /// When and where the student is to be photographed, on one line.
    pub fn schedule(&self) -> String {
        let when = [Field::Session, Field::Time, Field::Place].map(|field| self.get(field)).join(" ");
        when.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Department, major and class.
    pub fn place(&self) -> Place {
        let get = |field| self.get(field).to_owned();
        Place { department: get(Field::Department), major: get(Field::Major), class: get(Field::Class) }
    }

    /// Everything that a photo of the student may be named by.
    pub fn keys(&self) -> impl Iterator<Item = (Field, &str)> {
        let first = Field::KEYS.iter().copied().map(|field| (field, self.get(field)));
        let more = self.more.iter().map(|(field, value)| (*field, value.as_str()));
        first.chain(more).filter(|(field, value)| Field::KEYS.contains(field) && !value.is_empty())
    }

    /// What tells the student from all others of the roster in files of decisions: a number, else the name with what else is
    /// known; with name, class and row as far as others have the same.
    pub fn key(&self) -> String {
        if self.has_own_key() { self.own_key() } else { self.key_apart.clone() }
    }

    /// Whether nobody else of the roster has the number, or the name where there is none.
    pub fn has_own_key(&self) -> bool {
        self.key_apart.is_empty()
    }

    /// The key with name and place.
    pub(super) fn fuller_key(&self) -> String {
        match self.number() {
            "" => self.own_key(),
            number => {
                let place = self.place().words();
                without_id_numbers(format!("{number} {} {place}", self.get(Field::Name)).trim_end())
            }
        }
    }

    /// The key, should nobody else have it.
    pub(super) fn own_key(&self) -> String {
        match self.number() {
            "" => {
                let place = self.place().words();
                let parts = [self.get(Field::Name), self.get(Field::IdNumber), &place];
                without_id_numbers(&parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
            }
            number => without_id_numbers(number),
        }
    }

    /// Where the student stands in the file: 第3行, 软件1班 第3行.
    pub fn origin(&self) -> Reason {
        let (sheet, row) = (&self.sheet, self.row);
        match sheet.as_str() {
            "" => Reason { zh: format!("第{row}行"), en: format!("row {row}") },
            sheet => Reason { zh: format!("“{sheet}”第{row}行"), en: format!("row {row} of sheet {sheet}") },
        }
    }

    /// Sets what a column says.
    pub fn set(&mut self, field: Field, value: &str) {
        self.values[field as usize] = value.trim().to_owned();
    }

    /// Writes what a column says in another way, in the cells of its meaning too.
    pub(in crate::batch) fn rewrite(&mut self, field: Field, value: &str) {
        let said = exact(self.get(field));
        for (head, cell) in &mut self.cells {
            if Field::of_head(head) == Some(field) && exact(cell) == said {
                *cell = value.to_owned();
            }
        }
        self.set(field, value);
    }

    /// Keeps what the column with this head says.
    pub(in crate::batch) fn keep(&mut self, head: &str, value: &str) {
        if !head.is_empty() && !value.is_empty() {
            self.cells.push((head.to_owned(), value.to_owned()));
        }
    }

    /// Takes what only the other row knows; of another place, as that of a minor, nothing.
    pub(in crate::batch) fn complete(&mut self, other: &Student) {
        let differs = |field: &Field| {
            let [own, others] = [self, other].map(|student| exact(student.get(*field).trim_end_matches('班')));
            !own.is_empty() && !others.is_empty() && own != others
        };
        let is_elsewhere = PLACES.iter().any(differs);
        let is_taken = |field: Field| !is_elsewhere || !PLACES.contains(&field);
        for field in Field::ALL.iter().copied().filter(|field| is_taken(*field)) {
            if self.get(field).is_empty() {
                self.set(field, other.get(field));
            }
        }
        let known = self.cells.iter().map(|(head, _)| head.clone()).collect::<HashSet<_>>();
        let is_new = |head: &str| !known.contains(head) && Field::of_head(head).is_none_or(is_taken);
        self.cells.extend(other.cells.iter().filter(|(head, _)| is_new(head)).cloned());
        let more = other.more.iter().filter(|more| !self.more.contains(more)).cloned().collect::<Vec<_>>();
        self.more.extend(more);
    }

    /// Adds what a further column of the same meaning says.
    pub fn add(&mut self, field: Field, value: &str) {
        let value = value.trim();
        if self.get(field).is_empty() {
            self.set(field, value);
        } else if self.get(field) != value && !value.is_empty() {
            self.more.push((field, value.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::student;
    use super::super::{Match, Roster};
    use super::*;

    #[test]
    fn a_student_is_told_from_others_by_a_number_else_by_name_and_place() {
        let mut known = student("20210001", "11010519491231002X", "张三", "软件1班");
        assert_eq!((known.key(), known.words()), ("20210001".to_owned(), "张三 20210001".to_owned()));
        known.set(Field::StudentNumber, "");
        assert!(known.key().starts_with("张三 ") && known.key().ends_with(" 软件1班"), "{}", known.key());
        assert!(!known.key().contains("19491231"), "no id number is written down: {}", known.key());
        assert_eq!(student("", "", "张三", "").key(), "张三");
        assert_eq!(student("", "11010519491231002X", "", "").words(), "1101****002X");
        known.set(Field::Paid, "20元");
        assert!(known.has_paid());
        known.set(Field::Paid, "未缴");
        assert!(!known.has_paid());
    }

    #[test]
    fn cells_are_kept_by_their_heads_and_further_numbers_find_the_student_too() {
        let mut one = student("20210001", "", "张三", "");
        one.keep("学号", "20210001");
        one.keep("备注", "");
        one.keep("", "喜欢篮球");
        let mut other = Student::new(9);
        other.keep("学号", "999");
        other.keep("学籍号", "77770001");
        one.complete(&other);
        assert_eq!(one.heads().collect::<Vec<_>>(), ["学号", "学籍号"]);
        let columns = ["学号", "学籍号", "备注", "姓名", "身份证号"].map(|head| one.column(head));
        assert_eq!(columns, [Some("20210001"), Some("77770001"), None, Some("张三"), None]);
        for number in ["77770001", "20210001", " "] {
            one.add(Field::StudentNumber, number);
        }
        let numbers = one.keys().filter(|(field, _)| field.is_number()).map(|(_, key)| key).collect::<Vec<_>>();
        assert_eq!(numbers, ["20210001", "77770001"]);
        assert_eq!(Roster::new(vec![one]).find("77770001", &[]), Match::One(0));
    }
}
