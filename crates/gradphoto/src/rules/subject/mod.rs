//! Rules on the person.

use crate::evidence::{Class, Subject};
use crate::geometry::{BodySide, Region, Sides};
use crate::rule::{Group, Measurement};
use crate::text::{Text, text};

pub(super) mod clothing_colour;
pub(super) mod clothing_contrast;
pub(super) mod clothing_pattern;
pub(super) mod collar_present;
pub(super) mod earrings_absent;
pub(super) mod ears_symmetric;
pub(super) mod ears_visible;
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
pub(super) mod hood_absent;
pub(super) mod makeup_light;
pub(super) mod mouth_closed;
pub(super) mod necklace_absent;
pub(super) mod shoulders_covered;
pub(super) mod shoulders_level;

/// Of every rule in this folder.
const GROUP: Group = Group::Subject;

/// What a pair is called in English: the right one, the left one, both.
type Names = [&'static str; 3];
const EARS: Names = ["the right ear", "the left ear", "both ears"];
const EYES: Names = ["the right eye", "the left eye", "both eyes"];

/// Which of a pair it is, for what was seen: the one on this side, or both. In English by these names.
fn of_pair(side: BodySide, is_both: bool, [right, left, both]: Names) -> Text {
    match side {
        _ if is_both => text("双", both),
        BodySide::Right => text("右", right),
        BodySide::Left => text("左", left),
    }
}

/// How much of a pair within these outlines hair hides, on the side where that is more; what `free` is exceeded on both sides, both
/// are named. The place is as much larger each way as `margin` is of its width.
fn hidden_by_hair<const N: usize>(
    subject: &Subject,
    outlines: &Sides<[usize; N]>,
    margin: f64,
    free: f64,
    names: Names,
) -> Measurement {
    let share = |side| subject.parsing.share_within(&subject.landmarks, outlines.get(side), &[Class::Hair, Class::Hat]);
    let shares = Sides::of(share);
    let (side, share) = shares.greater();
    let place = Region::around(outlines.get(side).map(|index| subject.landmarks.point(index)));
    let seen = of_pair(side, shares.lesser().1 > free, names);
    Measurement::new(share).seeing(seen).at(place.map(|place| place.grown(margin * place.width)))
}
