//! Photos of a batch for the tests of several of its files.

use super::entry::{Checked, Entry};
use crate::report::{Mark, PhotoVerdict};
use crate::rules;

/// A photo whose bytes and picture are those of `content`.
pub(super) fn photo(name: &str, content: u8, verdict: PhotoVerdict, failing: &[&str]) -> Entry {
    // Hashes spread the bits, so that pictures of different contents are far apart.
    let words = (0..4_u64).map(|word| (u64::from(content) * 4 + word + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let hex = words.map(|word| format!("{:016x}", word ^ word >> 31)).collect::<String>();
    let fingerprint = serde_json::from_str(&format!("\"v2:{hex}\"")).expect("a fingerprint");
    let marks = failing.iter().map(|id| (rules::position(id), Mark::Fail)).collect();
    let checked = Checked {
        verdict,
        sha256: format!("{content:02x}"),
        fingerprint,
        marks,
        is_crop_enough: true,
        colour: None,
        wide: None,
    };
    Entry { photo: name.to_owned(), checked: Some(checked) }
}
