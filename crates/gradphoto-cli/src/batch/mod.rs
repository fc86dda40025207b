//! Everything that `gradphoto check` does for a whole school: results in a folder, and what is known of photos already.

pub mod lines;
pub mod looks;
pub mod results;
