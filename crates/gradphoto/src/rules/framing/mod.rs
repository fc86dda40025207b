//! Rules on the crop: whoever cuts the picture must act.

use crate::rule::Group;

pub(super) mod eye_line;
pub(super) mod face_width;
pub(super) mod head_top_margin;
pub(super) mod horizontal_centring;
pub(crate) mod natural_proportions;
pub(super) mod shoulders_in_frame;

/// Of every rule in this folder.
const GROUP: Group = Group::Framing;
