//! Everything that `gradphoto check` does for a whole school: results in a folder, and what shows across photos.

pub mod cache;
pub mod decisions;
pub mod findings;
pub mod journal;
pub mod masking;
pub mod notices;
pub mod place;
pub mod results;
pub mod roster;
