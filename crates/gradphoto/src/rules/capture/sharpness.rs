use image::GrayImage;

use crate::rules::prelude::*;

rule! {
    /// Whether the face is in focus, neither blurred by motion nor enlarged from a small picture.
    ///
    /// ## What is measured
    /// Fine detail between brows and mouth: the decimal logarithm of the variance of second differences of luma over the variance of luma, in the direction that has less of it, with the face brought to at most 220 px of width. Contrast and skin colour cancel out.
    ///
    /// ## Limit and source
    /// In focus, layered tones (clause 一.3), no figure. Less than -1.7 goes to a person, less than -1.9 fails. Calibrated on development photos: sharp ones start at -1.5, blurred, shaken and enlarged ones end at -2.05.
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
            limit: -1.9,
            review: -1.7,
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
    let across = second_differences(&patch, |x, y| [(x - 1, y), (x, y), (x + 1, y)]);
    let down = second_differences(&patch, |x, y| [(x, y - 1), (x, y), (x, y + 1)]);
    let luma = patch.pixels().map(|p| f64::from(p.0[0])).collect::<Vec<_>>();
    // A flat patch has no detail: 1e-6 stands for none.
    let detail = (variance(&across).min(variance(&down)) / variance(&luma).max(1e-6)).max(1e-6);
    Ok(Measurement::new(detail.log10()).at(eyes))
}

fn second_differences(patch: &GrayImage, triple: impl Fn(u32, u32) -> [(u32, u32); 3]) -> Vec<f64> {
    let luma = |(x, y)| f64::from(patch.get_pixel(x, y).0[0]);
    let inner = (1..patch.height() - 1).flat_map(|y| (1..patch.width() - 1).map(move |x| (x, y)));
    let difference = |(x, y)| {
        let [before, here, after] = triple(x, y);
        luma(before) - 2.0 * luma(here) + luma(after)
    };
    inner.map(difference).collect()
}

fn variance(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n
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
        assert_eq!([1.5, 2.5, 6.0].map(wave), ["pass", "review", "fail"]);
    }
}
