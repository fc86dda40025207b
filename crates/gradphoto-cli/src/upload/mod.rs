//! The folder of copies to upload: what is in it and why, where copies go, what people decided, the index, the zip files.

pub mod archives;
pub mod copies;
pub mod decisions;
pub mod index;
pub mod left_out;
pub mod targets;
