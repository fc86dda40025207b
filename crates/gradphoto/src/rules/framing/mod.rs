//! Rules on the crop: whoever cuts the picture must act.

pub mod eye_line;
