//! The folder of copies to upload: what is in it and why, where copies go, the index, the zip files.

pub mod archives;
pub mod copies;
pub mod index;
pub mod targets;
