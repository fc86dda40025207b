//! Rules on the person.

pub(super) mod clothing_colour;
pub(super) mod clothing_contrast;
pub(super) mod expression_neutral;
pub(super) mod eyebrows_visible;
pub(super) mod eyes_open;
pub(super) mod eyes_visible;
pub(super) mod face_unobstructed;
pub(super) mod gaze_frontal;
pub(super) mod glasses_absent;
pub(super) mod glasses_frame;
pub(super) mod glasses_glare;
pub(super) mod glasses_tint;
pub(super) mod hair_colour;
pub(super) mod hair_tidy;
pub(super) mod head_pitch;
pub(super) mod head_roll;
pub(super) mod head_uncovered;
pub(super) mod head_yaw;
pub(super) mod makeup_light;
pub(super) mod mouth_closed;
pub(super) mod shoulders_level;
