//! Where the head comes to stand in the copy.

use super::band;
use crate::evidence::{Evidence, SCALE_MAX, STANDARD_HEIGHT_PX, STANDARD_WIDTH_PX};
use crate::geometry::Region;
use crate::limit::Limit;
use crate::profile::Profile;
use crate::rules;
use crate::text::{Text, text};

/// Scales tried between the smallest and the largest possible one.
const SCALE_STEPS: u32 = 400;
/// So far within its range a length stays where it can: measured on the copy it is seldom the same to the pixel.
const SLACK_PX: f64 = 2.0;
/// Bounds that miss each other by less meet, but for rounding.
const HAIR: f64 = 1e-6;
/// The rules that say where the head is in the frame.
pub(super) const FRAME_RULES: [&str; 4] = ["head-top-margin", "eye-line", "face-width", "horizontal-centring"];

/// A range of pixels without what is nearest to its bounds.
pub(super) fn clear_of_bounds(range: Limit) -> Limit {
    Limit { min: range.min.map(|min| min + SLACK_PX), max: range.max.map(|max| max - SLACK_PX) }
}

/// Where the head is on the photo and where the profile wants it: all in pixels of the original.
pub(super) struct Framing {
    width: f64,
    height: f64,
    crown_y: f64,
    eye_y: f64,
    face_x: f64,
    face_width: f64,
    crown: Limit,
    eyes: Limit,
    face: Limit,
    off_centre: Limit,
    /// The rules' own ranges of these, in their order.
    usual: [Limit; 4],
}

impl Framing {
    pub(super) fn new(evidence: &Evidence, profile: &Profile) -> Result<Framing, Text> {
        let subject = evidence.subject().map_err(|why| why.text())?;
        let (landmarks, scale) = (&subject.landmarks, subject.parsing.scale);
        let cut = text(
            "头顶被裁掉或太靠上边，请用头顶上方留有余地的原图。",
            "The top of the head is cut off or too near the edge. Use an original with room above the head.",
        );
        // Hair in the first row of the photo goes on beyond it.
        let crown_y = subject.outline.crown_y.filter(|y| *y >= 1.5 * scale).ok_or(cut)?;
        let reduction = f64::from(evidence.photo.reduction());
        let [crown, eyes, face, off_centre] = FRAME_RULES.map(|id| band(profile, id));
        Ok(Framing {
            width: evidence.photo.width_px().into(),
            height: evidence.photo.height_px().into(),
            crown_y: reduction * crown_y,
            eye_y: reduction * landmarks.eye_midpoint().y,
            face_x: reduction * landmarks.eye_midpoint().midpoint(landmarks.face_midpoint()).x,
            face_width: reduction * landmarks.face_width_px(),
            crown,
            eyes,
            face,
            off_centre,
            usual: FRAME_RULES.map(|id| rules::find(id).map_or(Limit::default(), |rule| rule.requirement.review())),
        })
    }

    /// The crop that lies nearest to the middles, clear of the bounds where there is one.
    pub(super) fn best(&self) -> Result<Region, Text> {
        let [crown, eyes, face, off_centre] = [self.crown, self.eyes, self.face, self.off_centre].map(clear_of_bounds);
        let clear = Framing { crown, eyes, face, off_centre, ..*self };
        clear.crop().or_else(|_| self.crop()).map_err(|why| if why == NO_CROP { self.lacking() } else { why })
    }

    /// Where the photo ends too soon, as far as one side alone is to blame.
    fn lacking(&self) -> Text {
        let more = 10.0 * (self.width + self.height);
        let below = Framing { height: self.height + more, ..*self };
        let above = Framing { crown_y: self.crown_y + more, eye_y: self.eye_y + more, ..below };
        let beside = Framing { width: self.width + 2.0 * more, face_x: self.face_x + more, ..*self };
        let larger = [(below, NONE_BELOW), (above, NONE_ABOVE), (beside, NONE_BESIDE)];
        larger.into_iter().find(|(framing, _)| framing.crop().is_ok()).map_or(NO_CROP, |(_, why)| why)
    }

    /// The crop that lies nearest to the middle of all four ranges.
    fn crop(&self) -> Result<Region, Text> {
        let smallest = (STANDARD_WIDTH_PX / self.width).max(STANDARD_HEIGHT_PX / self.height);
        let wanted = (self.face.min.unwrap_or(0.0) / self.face_width).max(smallest);
        if wanted > SCALE_MAX {
            return Err(text(
                "像素不足，需要放大才能达到规定尺寸，请提交更大的原图。",
                "There are too few pixels, so the photo would have to be enlarged. Use a larger original.",
            ));
        }
        let largest = self.face.max.map_or(SCALE_MAX, |max| (max / self.face_width).min(SCALE_MAX));
        // The face is too wide even on the whole photo.
        if largest + HAIR < wanted {
            return Err(NO_CROP);
        }
        let largest = largest.max(wanted);
        let scales = (0..=SCALE_STEPS).map(|i| wanted + (largest - wanted) * f64::from(i) / f64::from(SCALE_STEPS));
        let crops = scales.filter_map(|scale| self.crop_at(scale));
        let best = crops.min_by(|(a, _), (b, _)| a.total_cmp(b));
        best.map(|(_, crop)| crop).ok_or(NO_CROP)
    }

    /// What is aimed at of crown, eyes, width of the face and centring.
    fn aims(&self) -> [Aim; 4] {
        let ranges = [self.crown, self.eyes, self.face, self.off_centre];
        std::array::from_fn(|place| Aim::new(ranges[place], self.usual[place]))
    }

    /// The best crop at one scale (pixels of the copy per pixel of the photo) and how far it is off the middles.
    fn crop_at(&self, scale: f64) -> Option<(f64, Region)> {
        let (width, height) = (STANDARD_WIDTH_PX / scale, STANDARD_HEIGHT_PX / scale);
        let [crown, eyes, face, off_centre] = self.aims();
        // Upper edge of the crop: where crown and eyes would be in the middle of their ranges, moved into what is possible.
        let place = |at: f64, aim: Aim| (at - aim.middle / scale, aim.half / scale);
        let tops = [place(self.crown_y, crown), place(self.eye_y, eyes)];
        let above = |at: f64, range: Limit| at - range.max.unwrap_or(f64::INFINITY) / scale;
        let below = |at: f64, range: Limit| at - range.min.unwrap_or(f64::NEG_INFINITY) / scale;
        let top = clamped(
            weighted(tops),
            &[above(self.crown_y, self.crown), above(self.eye_y, self.eyes), 0.0],
            &[below(self.crown_y, self.crown), below(self.eye_y, self.eyes), self.height - height],
        )?;
        let middle = self.face_x - width / 2.0;
        let (low, high) = (above(middle, self.off_centre), below(middle, self.off_centre));
        let left = clamped(middle, &[low, 0.0], &[high, self.width - width])?;
        let off = |value: f64, aim: Aim| ((value - aim.middle) / aim.half).powi(2);
        let cost = off(scale * (self.crown_y - top), crown)
            + off(scale * (self.eye_y - top), eyes)
            + off(scale * self.face_width, face)
            + off(scale * (middle - left), off_centre)
            // Enlarging adds no detail: a copy at the original's scale is better than one a little nearer to the middles.
            + ((scale - 1.0).max(0.0) / (SCALE_MAX - 1.0)).powi(2);
        Some((cost, Region { x: left, y: top, width, height }))
    }
}

/// What is aimed at: the middle of a range, and half its width.
#[derive(Clone, Copy)]
struct Aim {
    middle: f64,
    half: f64,
}

impl Aim {
    /// A side that has no bound ends where the rule's own range does, if that is beyond the other bound.
    fn new(range: Limit, usual: Limit) -> Aim {
        let min = range.min.or(usual.min.filter(|min| range.max.is_none_or(|max| *min < max)));
        let max = range.max.or(usual.max.filter(|max| range.min.is_none_or(|min| *max > min)));
        let (least, most) = (min.or(max).unwrap_or(0.0), max.or(min).unwrap_or(0.0));
        Aim { middle: (least + most) / 2.0, half: ((most - least) / 2.0).max(1.0) }
    }
}

/// The place with the least sum of squares of distances, each over its range's half width.
fn weighted(places: [(f64, f64); 2]) -> f64 {
    let weights = places.map(|(_, half)| half.powi(-2)).iter().sum::<f64>();
    places.map(|(place, half)| place * half.powi(-2)).iter().sum::<f64>() / weights
}

/// The value, moved above every low and below every high; `None` where that cannot be.
fn clamped(value: f64, lows: &[f64], highs: &[f64]) -> Option<f64> {
    let low = lows.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let high = highs.iter().copied().fold(f64::INFINITY, f64::min);
    (low <= high + HAIR).then(|| value.max(low).min(high))
}

const NO_CROP: Text = text(
    "只靠裁剪和缩放无法同时满足头顶、眼睛、脸宽和居中的要求，请退后一些、四周多留余地重拍。",
    "No crop meets the limits for crown, eyes, face width and centring all at once. Retake the photo from farther away, with room all around.",
);
const NONE_BELOW: Text = text(
    "肩部以下留得太少，裁不出规定的构图，请用拍到胸口的原图或重拍。",
    "There is too little below the shoulders for any crop within the limits. Use an original that goes down to the chest, or retake it.",
);
const NONE_ABOVE: Text = text(
    "头顶上方留得太少，裁不出规定的构图，请用头顶上方留有余地的原图，或退后一些重拍。",
    "There is too little room above the head for any crop within the limits. Use an original with more of it, or retake the photo from farther away.",
);
const NONE_BESIDE: Text = text(
    "人像太靠画面一侧，裁剪后无法居中，请用两侧留有余地的原图或重拍。",
    "The person is too near one side to be in the middle of any crop. Use an original with room on both sides, or retake it.",
);

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> Profile {
        Profile::built_in(Profile::DEFAULT).expect("built in")
    }

    fn framing(width: f64, height: f64, crown_y: f64, eye_y: f64, face_x: f64, face_width: f64) -> Framing {
        let [crown, eyes, face, off_centre] = FRAME_RULES.map(|id| band(&profile(), id));
        let usual = [crown, eyes, face, off_centre];
        Framing { width, height, crown_y, eye_y, face_x, face_width, crown, eyes, face, off_centre, usual }
    }

    #[test]
    fn where_a_limit_has_one_side_the_usual_other_one_is_aimed_at() {
        let both = framing(3000.0, 4000.0, 900.0, 1600.0, 1500.0, 900.0);
        let only_min = |range: Limit| Limit { max: None, ..range };
        let [crown, face, off_centre] = [both.crown, both.face, both.off_centre].map(only_min);
        let eyes = Limit { min: None, ..both.eyes };
        let open = Framing { crown, eyes, face, off_centre, ..both };
        let [aimed, usual] = [&open, &both].map(|framing| framing.best().expect("fits"));
        assert!((aimed.x - usual.x).abs() < 4.0 && (aimed.y - usual.y).abs() < 4.0, "{aimed:?} {usual:?}");
        // A bound beyond the usual range on its own side.
        let low = Framing { eyes: Limit::at_least(310.0), ..open };
        let crop = low.best().expect("fits");
        assert!(STANDARD_WIDTH_PX / crop.width * (1600.0 - crop.y) > 309.9, "{crop:?}");
    }

    #[test]
    fn the_crop_prefers_the_middles() {
        // A camera's picture in which everything fits.
        let crop = framing(3000.0, 4000.0, 900.0, 1600.0, 1500.0, 900.0).crop().expect("fits");
        let scale = STANDARD_WIDTH_PX / crop.width;
        assert!((scale * (900.0 - crop.y) - 80.0).abs() < 8.0, "{crop:?}");
        assert!((scale * (1600.0 - crop.y) - 250.0).abs() < 13.0, "{crop:?}");
        assert!((scale * (1500.0 - crop.x) - 240.0).abs() < 0.1, "{crop:?}");
        assert!((scale * 900.0 - 240.0).abs() < 30.0, "{crop:?}");
    }

    #[test]
    fn a_crop_at_the_edge_stays_on_the_photo_and_within_every_range() {
        for (face_x, crown_y) in [(700.0, 300.0), (1450.0, 200.0), (2300.0, 260.0)] {
            let framing = framing(3000.0, 4000.0, crown_y, crown_y + 700.0, face_x, 900.0);
            let crop = framing.crop().expect("fits");
            let scale = STANDARD_WIDTH_PX / crop.width;
            assert!(
                crop.x >= 0.0 && crop.y >= 0.0 && crop.x + crop.width <= 3000.01 && crop.y + crop.height <= 4000.01
            );
            let seen = [
                (crown_y - crop.y, framing.crown),
                (crown_y + 700.0 - crop.y, framing.eyes),
                (900.0, framing.face),
                (face_x - crop.x - crop.width / 2.0, framing.off_centre),
            ];
            for (length, range) in seen {
                let at = (scale * length * 1e6).round() / 1e6;
                assert_eq!(range.side(at), None, "{at} at {face_x}, {crown_y}");
            }
        }
    }

    #[test]
    fn a_crop_keeps_off_the_bounds_where_it_can() {
        let eyes = |framing: &Framing, crop: Region| STANDARD_WIDTH_PX / crop.width * (framing.eye_y - crop.y);
        // Little below the shoulders: the eyes are as low as they may be.
        let low = framing(3000.0, 4000.0, 1935.0, 2800.0, 1500.0, 900.0);
        assert!(eyes(&low, low.crop().expect("fits")) > 299.5);
        assert!(eyes(&low, low.best().expect("fits")) < 298.1);
        // The whole photo is the only crop.
        let only = framing(480.0, 640.0, 80.0, 300.0, 240.0, 300.0);
        assert!((eyes(&only, only.best().expect("fits")) - 300.0).abs() < 1e-3);
    }

    #[test]
    fn a_face_of_the_greatest_width_takes_the_whole_photo() {
        for width in [480.0, 1500.0, 2001.0] {
            let scale = width / 480.0;
            let framing = framing(width, 640.0 * scale, 80.0 * scale, 250.0 * scale, 240.0 * scale, 300.0 * scale);
            let crop = framing.crop().expect("fits");
            assert!((crop.width - width).abs() < 1e-3 && crop.y.abs() < 1e-3, "{crop:?}");
        }
    }

    #[test]
    fn what_cannot_be_cropped_says_why() {
        let reason = |framing: Framing| framing.crop().expect_err("no crop").en;
        assert!(reason(framing(300.0, 400.0, 40.0, 150.0, 150.0, 130.0)).contains("enlarged"));
        assert!(reason(framing(3000.0, 4000.0, 5.0, 700.0, 1500.0, 900.0)).contains("No crop"));
        assert!(reason(framing(1000.0, 4000.0, 900.0, 1600.0, 100.0, 400.0)).contains("No crop"));
        // The face is too wide even where the whole photo is taken.
        assert!(reason(framing(480.0, 640.0, 80.0, 250.0, 240.0, 340.0)).contains("No crop"));
        assert!(reason(framing(1500.0, 2000.0, 250.0, 780.0, 750.0, 1100.0)).contains("No crop"));
    }

    #[test]
    fn what_lacks_room_on_one_side_says_on_which() {
        let reason = |crown_y, eye_y, face_x| {
            framing(3000.0, 4000.0, crown_y, eye_y, face_x, 900.0).best().expect_err("no crop").en
        };
        assert!(reason(2300.0, 3000.0, 1500.0).contains("below the shoulders"));
        assert!(reason(60.0, 760.0, 1500.0).contains("above the head"));
        assert!(reason(900.0, 1600.0, 400.0).contains("one side"));
        assert!(reason(60.0, 760.0, 400.0).contains("all at once"));
    }
}
