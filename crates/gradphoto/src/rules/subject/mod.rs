//! Rules on the person.

pub mod expression_neutral;
pub mod eyes_open;
pub mod gaze_frontal;
pub mod head_pitch;
pub mod head_roll;
pub mod head_yaw;
pub mod mouth_closed;
pub mod shoulders_level;
