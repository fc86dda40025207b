//! Everything that `gradphoto check` does for a whole school: results in a folder, and what shows across photos.

pub mod cache;
pub mod journal;
pub mod pictures;
pub mod results;
