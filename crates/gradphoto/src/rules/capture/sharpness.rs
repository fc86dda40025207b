use image::GrayImage;

use crate::rules::prelude::*;

rule! {
    /// Whether the face is in focus, neither blurred by motion nor enlarged from a small picture.
    ///
    /// ## What is measured
    /// How abrupt the sharpest edges between brows and mouth are: the decimal logarithm of what 98 % of the second differences of luma stay below, over the range of luma that holds all but 2 % on either end, in the direction that has less of it, with the face brought to at most 220 px of width. Lashes, brows and lids are sharp in a photo in focus however smooth the skin is retouched; contrast and skin colour cancel out.
    ///
    /// ## Limit and source
    /// In focus, layered tones (clause 一.3), no figure. Less than -1.1 goes to a person, less than -1.2 fails. Calibrated on development photos: of 400 sharp ones, retouched portraits among them, two read less than -1.2 and 391 more than -1.1; of 37 blurred, shaken and enlarged ones one reads more than -1.1.
    ///
    /// ## What to do
    /// Focus on the eyes, hold still, and do not enlarge a small picture.
    SHARPNESS {
        id: "sharpness",
        name: text("清晰度", "Sharpness"),
        quantity: text("清晰度", "Sharpness"),
        clause: "一.3",
        unit: Unit::Factor,
        requirement: Requirement::AtLeast {
            limit: -1.2,
            review: -1.1,
            fault: Fault {
                name: text("不清晰", "Not sharp"),
                reason: text("照片{degree}模糊，请对准眼睛对焦重拍，不要放大小图。", "The photo is {degree} blurred. Focus on the eyes and do not enlarge a small picture."),
            },
        },
        severity: Severity::Reject,
    }
}

/// Width in pixels to which larger faces are reduced before measuring.
const FACE_WIDTH_PX: f64 = 220.0;
/// Mesh points between which is measured: brows, lower lids, nose.
const AROUND_EYES: [usize; 7] = [70, 107, 336, 300, 145, 374, 195];

fn measure(evidence: &Evidence) -> Measured {
    let landmarks = &evidence.subject()?.landmarks;
    let unseen = NotAssessed::NotSeen(text("面部太小，无法判定清晰度。", "The face is too small to judge sharpness."));
    let eyes = Region::around(AROUND_EYES.map(|i| landmarks.point(i))).ok_or(unseen)?;
    let scale = (FACE_WIDTH_PX / landmarks.face_width_px()).min(1.0);
    let patch = evidence.photo.luma_patch(eyes, scale).ok_or(unseen)?;
    let luma = patch.pixels().map(|p| f32::from(p.0[0])).collect::<Vec<_>>();
    let share = |percent| percentile(luma.clone(), percent).unwrap_or_default();
    let range = share(98.0) - share(2.0);
    let across = steepest(&patch, |x, y| [(x - 1, y), (x, y), (x + 1, y)]);
    let down = steepest(&patch, |x, y| [(x, y - 1), (x, y), (x, y + 1)]);
    // A flat patch has no edges: 1e-3 stands for none.
    let detail = (across.min(down) / range.max(1.0)).max(1e-3);
    Ok(Measurement::new(f64::from(detail.log10())).at(eyes))
}

/// What all but the largest 2 % of the second differences stay below.
fn steepest(patch: &GrayImage, triple: impl Fn(u32, u32) -> [(u32, u32); 3]) -> f32 {
    let luma = |(x, y)| f32::from(patch.get_pixel(x, y).0[0]);
    let inner = (1..patch.height() - 1).flat_map(|y| (1..patch.width() - 1).map(move |x| (x, y)));
    let difference = |(x, y)| {
        let [before, here, after] = triple(x, y);
        (luma(before) - 2.0 * luma(here) + luma(after)).abs()
    };
    percentile(inner.map(difference).collect(), 98.0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn fine_stripes_are_sharp_and_soft_ones_are_not() {
        let wave = |period: f64| {
            let wave = move |p: Point| {
                [(128.0 + 80.0 * (p.x / period).sin() + 80.0 * (p.y / period).sin()).clamp(0.0, 255.0) as u8; 3]
            };
            let face = Portrait::new().spread_eyes();
            verdict(&SHARPNESS, &face.recoloured(Class::Skin, wave).evidence())
        };
        assert_eq!([1.5, 3.0, 6.0].map(wave), ["pass", "review", "fail"]);
    }
}
