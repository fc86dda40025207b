//! What only shows when many photos lie side by side: the same picture twice, photos that no roster knows, wrong numbers.
//!
//! A [`Batch`] takes the results of a check one by one and, when all are known, says what shows across them and how far each
//! student of the [`Roster`] has come:
//!
//! ```no_run
//! # fn main() -> Result<(), gradphoto::Error> {
//! let checker = gradphoto::Checker::new()?;
//! let mut batch = gradphoto::Batch::default();
//! for photo in ["2026届/20210001.jpg", "2026届/20210002.jpg"] {
//!     batch.add(checker.check(photo));
//! }
//! for finding in batch.finish().findings() {
//!     println!("{}", finding.reason().zh);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The rules measure nothing on a photo and have no limits that a profile could move, so they are no
//! [`Rule`](crate::Rule)s: each file holds the handbook page of its rule and the pure function that decides it.

mod batch_proportions;
mod camera_colour;
mod collect;
mod crop;
mod decision;
mod duplicate_photo;
mod entry;
mod field;
#[cfg(feature = "roster")]
mod files;
mod folder_name;
mod garbled;
mod id_number;
mod masking;
mod moment;
mod names;
mod naming;
mod numerals;
mod order;
mod pauses;
mod pinyin;
mod place;
mod recent_photo;
mod report;
mod roster;
mod roster_match;
mod schedule;
mod sentences;
mod settle;
mod stem;
mod students;
mod table;
#[cfg(test)]
mod testing;
mod told;
mod totals;
mod variants;
mod words;

pub use collect::Batch;
pub use decision::{Decided, Decision, Unused};
pub use entry::Entry;
pub use field::Field;
#[cfg(feature = "roster")]
pub use files::TableError;
pub use id_number::IdNumber;
pub use masking::{masked, masked_apart, without_id_numbers};
pub use naming::{Naming, safe_name};
pub use order::{Assignment, ListedPhoto, Queues, Shift, Shot, Slip};
pub use place::{Place, folders};
pub use recent_photo::month_of;
pub use report::{BatchFinding, BatchPhoto, BatchReport, Outcome};
pub use roster::{Match, Roster, Student};
pub use schedule::Schedule;
pub use students::{Column, Reading, Sheet, students};
pub use table::{Cell, Lost, Row, Table};
pub use totals::{Department, Status, Totals};

use crate::text::Text;

/// A requirement on a whole batch of photos.
#[derive(Debug)]
#[non_exhaustive]
pub struct BatchRule {
    /// Stable name in kebab case, such as `duplicate-photo`.
    pub id: &'static str,
    /// Short name for tables.
    pub name: Text,
    /// Clause of the standard, or `—` where it is silent.
    pub clause: &'static str,
    /// What it finds, as words for programs: [`BatchFinding::kind`].
    pub kinds: &'static [&'static str],
    /// The handbook page, taken from the doc comment.
    pub docs: &'static str,
}

/// Every batch rule, in report order.
pub static BATCH_RULES: &[&BatchRule] = &[
    &duplicate_photo::DUPLICATE_PHOTO,
    &roster_match::ROSTER_MATCH,
    &id_number::ID_NUMBER,
    &recent_photo::RECENT_PHOTO,
    &camera_colour::CAMERA_COLOUR,
    &batch_proportions::BATCH_PROPORTIONS,
];

/// The batch rule of this id.
pub fn find(id: &str) -> Option<&'static BatchRule> {
    BATCH_RULES.iter().copied().find(|rule| rule.id == id)
}

/// Declares a batch rule; the doc comment above it becomes its handbook page.
macro_rules! batch_rule {
    ($(#[doc = $docs:literal])+ $name:ident { $($field:ident: $value:expr),+ $(,)? }) => {
        $(#[doc = $docs])+
        pub(super) static $name: $crate::batch::BatchRule =
            $crate::batch::BatchRule { docs: concat!($($docs, "\n"),+), $($field: $value),+ };
    };
}
use batch_rule;
