//! Rules on the file: the software that writes it must act.

pub mod colour_depth;
pub mod editing_trace;
pub mod exif_orientation;
pub mod file_extension;
pub mod file_format;
pub mod file_size;
pub mod image_size;
pub mod jpeg_quality;
pub mod resolution;
