//! Rules on the crop: whoever cuts the picture must act.

pub mod eye_line;
pub mod face_width;
pub mod head_top_margin;
pub mod horizontal_centring;
pub mod shoulders_in_frame;
