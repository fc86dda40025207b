//! Rules on light, colour and background: the photographer must act.

use crate::rule::Group;

pub(super) mod ai_label_absent;
pub(super) mod background_colour;
pub(super) mod background_objects;
pub(super) mod background_shadow;
pub(super) mod background_uniformity;
pub(super) mod border_absent;
pub(super) mod compression_artifacts;
pub(super) mod face_highlights;
pub(super) mod halo_absent;
pub(super) mod illumination_uniformity;
pub(crate) mod natural_colour;
pub(super) mod noise_absent;
pub(super) mod over_exposure;
pub(super) mod pixelation_absent;
pub(super) mod red_eye;
pub(super) mod sharpness;
pub(super) mod single_face;
pub(super) mod tonal_range;
pub(super) mod under_exposure;

/// Of every rule in this folder.
const GROUP: Group = Group::Capture;
