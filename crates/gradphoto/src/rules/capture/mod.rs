//! Rules on light, colour and background: the photographer must act.

pub mod background_colour;
pub mod background_objects;
pub mod background_shadow;
pub mod background_uniformity;
pub mod border_absent;
pub mod compression_artifacts;
pub mod face_highlights;
pub mod illumination_uniformity;
pub mod natural_colour;
pub mod over_exposure;
pub mod red_eye;
pub mod sharpness;
pub mod single_face;
pub mod under_exposure;
