//! What the cells of one row say of one student.

use super::super::field::Field;
use super::super::names::{number, without_count};
use super::super::roster::Student;
use super::super::table::{Cell, Lost, Row};
use super::cells::{
    bare_number, is_class_of_a_day, is_direction, is_error, is_kind, is_masked_number, is_name, is_nothing, is_number,
    lost_number, unspaced, visible, without_place,
};
use super::column::{Column, Half};
use super::halves;

/// What was found in a row.
#[derive(Default)]
pub(super) struct Found {
    pub student: Student,
    /// What stands where a number is due and is none, and the letters of its column.
    pub odd: String,
    pub odd_at: String,
    /// What stands where a name is due and is none.
    pub odd_name: String,
    pub lost: Vec<LostCell>,
    /// The half of the name that was found first.
    half: Option<(Half, String)>,
    /// Whether a column of this list alone holds anything.
    pub holds: bool,
    /// Whether the identity number is hidden in part.
    pub is_masked: bool,
}

/// A cell whose value cannot be known any more.
pub(super) struct LostCell {
    /// Letters of its column.
    pub letters: String,
    pub field: Field,
    pub why: Lost,
}

impl Found {
    /// What the columns of one list among those side by side say.
    pub fn of(row: &Row, columns: &[Column], block: usize) -> Found {
        let mut found = Found { student: Student::new(row.number), ..Found::default() };
        let own = columns.iter().filter(|column| column.block.is_none_or(|own| own == block));
        let mut own = own.collect::<Vec<_>>();
        own.sort_by_key(|column| column.rank);
        for column in own {
            match (column.field, row.get(column.place)) {
                (None, _) => found.student.keep(&column.head, &visible(row.text(column.place))),
                (Some(_), None) => {}
                (Some(field), Some(cell)) => {
                    found.holds |= column.block.is_some();
                    found.take(column, field, cell);
                }
            }
        }
        if found.has_number() && !found.has_name() {
            // Beside a number, whatever stands there is the name: 学生100.
            found.student.set(Field::Name, &found.odd_name);
        }
        found
    }

    pub fn has_number(&self) -> bool {
        let mut numbers = Field::KEYS.iter().copied().filter(|field| field.is_number());
        numbers.any(|field| !self.student.get(field).is_empty())
    }

    pub fn has_name(&self) -> bool {
        !self.student.get(Field::Name).is_empty()
    }

    fn take(&mut self, column: &Column, field: Field, cell: &Cell) {
        let value = match cell {
            Cell::Lost(why) => Err(*why),
            Cell::Text(text) if is_error(text) => Err(Lost::Error),
            Cell::Text(text) if field.is_number() => {
                lost_number(text).map_or_else(|| Ok(bare_number(&visible(text))), Err)
            }
            Cell::Text(text) if field == Field::Class && is_class_of_a_day(text) => Err(Lost::Date),
            Cell::Text(text) if field == Field::Name => Ok(unspaced(without_place(&visible(text)))),
            Cell::Text(text) => Ok(visible(text)),
        };
        match value {
            Err(why) => self.lost.push(LostCell { letters: column.letters.clone(), field, why }),
            Ok(value) if is_nothing(&value) || is_direction(&value) => {}
            Ok(value) if field == Field::IdNumber && is_masked_number(&value) => {
                self.student.keep(&column.head, &value);
                self.is_masked = true;
            }
            Ok(value) if field.is_number() && (!is_number(&value) || is_kind(&value)) => {
                (self.odd, self.odd_at) = (value, column.letters.clone());
            }
            Ok(value) if field == Field::Name && (!is_name(&value) || is_kind(&value)) => self.odd_name = value,
            Ok(value) if field.is_number() => self.add(column, field, &number(&value)),
            Ok(value) if column.half.is_some() => self.take_half(column, value),
            // The day in one column, the hour in another.
            Ok(value) if field == Field::Time => {
                self.student.keep(&column.head, &value);
                let joined = format!("{} {value}", self.student.get(Field::Time));
                self.student.set(Field::Time, &joined);
            }
            Ok(value) => self.add(column, field, &value),
        }
    }

    fn take_half(&mut self, column: &Column, value: String) {
        self.student.keep(&column.head, &value);
        let name = match (self.half.take(), column.half) {
            (Some((half, first)), Some(other)) => halves::joined((half, &first), (other, &value)),
            _ => value.clone(),
        };
        self.student.set(Field::Name, &name);
        self.half = column.half.map(|half| (half, value));
    }

    fn add(&mut self, column: &Column, field: Field, value: &str) {
        self.student.keep(&column.head, value);
        self.student.add(field, if field == Field::Class { without_count(value) } else { value });
    }
}
