//! Rules on the file: the software that writes it must act.

use crate::rule::Group;

pub(super) mod colour_depth;
pub(super) mod editing_trace;
pub(super) mod exif_orientation;
pub(super) mod file_extension;
pub(super) mod file_format;
pub(super) mod file_size;
pub(super) mod image_size;
pub(super) mod image_upright;
pub(super) mod jpeg_quality;
pub(super) mod resolution;

/// Of every rule in this folder.
const GROUP: Group = Group::File;
