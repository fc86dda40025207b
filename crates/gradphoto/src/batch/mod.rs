//! What only shows when many photos lie side by side: the same picture twice, photos that no roster knows, wrong numbers.
//!
//! These rules measure nothing on a photo and have no limits that a profile could move, so they are no
//! [`Rule`](crate::Rule)s: each file holds the handbook page of its rule and the pure function that decides it.

mod duplicate_photo;
mod id_number;
mod roster_match;

pub use duplicate_photo::{DISTANCE_MAX, near_pairs};
pub use id_number::IdNumber;
pub use roster_match::{Field, Match, Roster, Student, normal};

use crate::text::Text;

/// A requirement on a whole batch of photos.
pub struct BatchRule {
    /// Stable name in kebab case, such as `duplicate-photo`.
    pub id: &'static str,
    /// Short name for tables.
    pub name: Text,
    /// Clause of the standard, or `—` where it is silent.
    pub clause: &'static str,
    /// The handbook page, taken from the doc comment.
    pub docs: &'static str,
}

/// Every batch rule, in report order.
pub static BATCH_RULES: &[&BatchRule] =
    &[&duplicate_photo::DUPLICATE_PHOTO, &roster_match::ROSTER_MATCH, &id_number::ID_NUMBER];

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
