use image::GrayImage;

use crate::colour::Levels;
use crate::rules::prelude::*;

rule! {
    /// Whether the face is in focus, neither blurred by motion nor enlarged from a small picture.
    ///
    /// ## What is measured
    /// How abrupt the sharpest edges between brows and mouth are: the decimal logarithm of what 96 % of the second differences of luma stay below, less what noise adds to it, over the range of luma that holds all but 2 % on either end, in the direction, diagonals too, that has least of it, with the face brought to at most 220 px of width. Lashes, brows and lids are sharp in a photo in focus however smooth the skin is retouched; contrast and skin colour cancel out.
    ///
    /// ## Limit and source
    /// In focus, layered tones (clause 一.3), no figure. Less than -1.3 goes to a person, less than -1.48 fails. Calibrated on development photos: of 400 sharp ones, retouched portraits among them, 9 read less than -1.3, all of one studio, and one less than -1.48; of 37 blurred, shaken and enlarged ones none reads more than -1.3.
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
            limit: -1.48,
            review: -1.3,
            fault: Fault {
                name: text("不清晰", "Not sharp"),
                reason: text("照片{degree}模糊，请对准眼睛对焦后重拍，不要用小图放大。", "The photo is {degree} blurred. Focus on the eyes and do not enlarge a small picture."),
            },
        },
        severity: Severity::Reject,
    }
}

/// Width in pixels to which larger faces are reduced before measuring.
const FACE_WIDTH_PX: f64 = 220.0;
/// Mesh points between which is measured: brows, lower lids, nose.
const AROUND_EYES: [usize; 7] = [70, 107, 336, 300, 145, 374, 195];

/// How many times what 30 % of noise stay below 96 % of it do, were it Gaussian: quantiles 2.054 and 0.385 of |N(0, 1)|.
const NOISE_TIMES: f32 = 5.33;
/// Smallest share of the differences that is left without noise: fine structure all over looks like it.
const LEAST_LEFT: f32 = 0.5;

fn measure(evidence: &Evidence) -> Measured {
    let landmarks = &evidence.subject()?.landmarks;
    let unseen = NotAssessed::NotSeen(text("面部太小，无法判定清晰度。", "The face is too small to judge sharpness."));
    let eyes = Region::around(AROUND_EYES.map(|i| landmarks.point(i))).ok_or(unseen)?;
    let scale = (FACE_WIDTH_PX / landmarks.face_width_px()).min(1.0);
    let patch = evidence.photo.luma_patch(eyes, scale).ok_or(unseen)?;
    let luma = Levels::<256>::of(patch.as_raw().iter().copied());
    let range = luma.percentile(98.0) - luma.percentile(2.0);
    let least = second_differences(&patch).map(|differences| {
        // The largest 4 % may be noise, and noise adds to all in quadrature.
        let [most, few] = [96.0, 30.0].map(|percent| differences.percentile(percent));
        (most.powi(2) - (NOISE_TIMES * few).powi(2)).max((LEAST_LEFT * most).powi(2)).sqrt()
    });
    // A flat patch has no edges: 1e-3 stands for none.
    let detail = (least.into_iter().fold(f32::MAX, f32::min) / range.max(1.0)).max(1e-3);
    Ok(Measurement::new(f64::from(detail.log10())).at(eyes))
}

/// The second differences of luma across, down and along both diagonals, without their signs. Diagonals span more and differ more:
/// they are the least only where the photo was shaken along them.
fn second_differences(patch: &GrayImage) -> [Levels<511>; 4] {
    let width = patch.width() as usize;
    let mut levels = std::array::from_fn(|_| Levels::none());
    let rows = patch.as_raw().chunks_exact(width).collect::<Vec<_>>();
    for rows in rows.windows(3) {
        let [above, here, below] = [rows[0], rows[1], rows[2]];
        for x in 1..width - 1 {
            let [before, middle, after] = [here[x - 1], here[x], here[x + 1]].map(u16::from);
            let [upper, lower] = [above, below].map(|row| [row[x - 1], row[x], row[x + 1]].map(u16::from));
            let beside = [before + after, upper[1] + lower[1], upper[0] + lower[2], upper[2] + lower[0]];
            for (levels, beside) in levels.iter_mut().zip(beside) {
                levels.add(beside.abs_diff(2 * middle));
            }
        }
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    fn seen(luma: impl Fn(Point) -> f64) -> &'static str {
        let colour = move |p: Point| [luma(p).clamp(0.0, 255.0) as u8; 3];
        let face = Portrait::new().spread_eyes();
        verdict(&SHARPNESS, &face.recoloured(Class::Skin, colour).evidence())
    }

    fn stripes(p: Point, period: f64) -> f64 {
        128.0 + 80.0 * (p.x / period).sin() + 80.0 * (p.y / period).sin()
    }

    #[test]
    fn fine_stripes_are_sharp_and_soft_ones_are_not() {
        assert_eq!([1.5, 2.2, 6.0].map(|period| seen(|p| stripes(p, period))), ["pass", "review", "fail"]);
    }

    #[test]
    fn noise_does_not_make_soft_stripes_sharp() {
        // Sines of steep waves repeat nowhere in a photo.
        let noise = |p: Point| 5.0 * ((12.9898 * p.x + 78.233 * p.y).sin() * 43_758.545).sin();
        assert_eq!(seen(|p| stripes(p, 6.0) + noise(p)), "fail");
    }
}
