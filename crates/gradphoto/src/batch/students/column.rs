//! A column of a sheet, and what it became.

use serde::Serialize;

use super::super::field::Field;

/// A column of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Column {
    /// Its letters: A, B, AA.
    pub letters: String,
    /// Its head as written.
    pub head: String,
    /// What it became; `None` where it is not used.
    pub field: Option<Field>,
    #[serde(skip)]
    pub(super) place: usize,
    /// How many columns of the same sheet say the same first.
    #[serde(skip)]
    pub(super) rank: usize,
    /// Lists that stand side by side on one sheet have a number each; `None` for a column of all of them.
    #[serde(skip)]
    pub(super) block: Option<usize>,
    /// The half of the name that it has; `None` where it has the whole, or another field.
    #[serde(skip)]
    pub(super) half: Option<Half>,
}

impl Column {
    /// Whether photos can be found by it.
    pub(super) fn is_key(&self) -> bool {
        self.field.is_some_and(Field::is_key)
    }

    /// Its letters and its head: B姓名.
    pub(super) fn words(&self) -> String {
        format!("{}{}", self.letters, self.head)
    }
}

/// How many columns are known.
pub(super) fn known(columns: &[Column]) -> usize {
    columns.iter().filter(|column| column.field.is_some()).count()
}

/// A half of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Surname,
    Given,
}
