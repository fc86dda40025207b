//! Rules on the person.

pub(super) mod expression_neutral;
pub(super) mod eyes_open;
pub(super) mod face_unobstructed;
pub(super) mod gaze_frontal;
pub(super) mod glasses_absent;
pub(super) mod head_pitch;
pub(super) mod head_roll;
pub(super) mod head_uncovered;
pub(super) mod head_yaw;
pub(super) mod mouth_closed;
pub(super) mod shoulders_level;
