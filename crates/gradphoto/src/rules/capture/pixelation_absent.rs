use image::GrayImage;

use crate::rules::prelude::*;

rule! {
    /// Whether the face is made of visible squares.
    ///
    /// ## What is measured
    /// Share of the steps of luma around the eyes, across or down, whichever has less, that stand alone: with hardly a slope on either side. A lens draws no edge within one pixel; a small picture that was enlarged by repeating its pixels, and a mosaic, have no other edges.
    ///
    /// ## Limit and source
    /// Layered tones (clause 一.3), no figure. More than 35 % goes to a person, more than 50 % fails. Of 2160 portraits of 14 sources none reads more than 15 %; 56 portraits each, enlarged 2 to 6 times by repeating pixels, start at 76 %. Enlarged 1.5 times and less they cannot be told.
    ///
    /// ## What to do
    /// Hand in the original, not a small picture made larger.
    PIXELATION_ABSENT {
        id: "pixelation-absent",
        name: text("无马赛克", "No pixelation"),
        quantity: text("方块边缘占比", "Edges that are borders of squares"),
        clause: "一.3",
        unit: Unit::Ratio,
        requirement: Requirement::AtMost {
            limit: 0.5,
            review: 0.35,
            fault: Fault {
                name: text("有马赛克", "Pixelated"),
                reason: text("照片{degree}有马赛克方块，请交原图，不要把小图放大。", "The photo is {degree} made of squares. Hand in the original, not a small picture made larger."),
            },
        },
        severity: Severity::Reject,
    }
}

/// Edges are sought around the eyes, where every face has them, up to this share of its width away.
const AROUND_EYES: f64 = 0.15;
/// A step of as many levels is an edge.
const EDGE: u8 = 15;
/// Beside an edge that stands alone the steps are smaller than this part of it.
const ALONE: f32 = 0.3;
/// Fewer edges say nothing of how they are made.
const FEWEST_EDGES: usize = 30;

fn measure(evidence: &Evidence) -> Measured {
    let unseen = NotAssessed::NotSeen(text("面部太小，无法判定。", "The face is too small to judge this."));
    let landmarks = &evidence.subject()?.landmarks;
    let eyes = landmarks.eyes().map(|eyes| eyes.grown(AROUND_EYES * landmarks.face_width_px()));
    let patch = eyes.and_then(|eyes| evidence.photo.luma_patch(eyes, 1.0)).ok_or(unseen)?;
    let across = edges_that_stand_alone(&patch);
    let down = edges_that_stand_alone(&image::imageops::rotate90(&patch));
    Ok(Measurement::new(across.min(down)).at(eyes))
}

/// Share of the edges between neighbours in a row that stand alone.
fn edges_that_stand_alone(patch: &GrayImage) -> f64 {
    let (mut edges, mut alone) = (0, 0);
    for row in patch.as_raw().chunks_exact(patch.width() as usize) {
        for four in row.windows(4) {
            let [before, step, after] = [0, 1, 2].map(|i| four[i].abs_diff(four[i + 1]));
            if step >= EDGE {
                edges += 1;
                alone += usize::from(f32::from(before.max(after)) < ALONE * f32::from(step));
            }
        }
    }
    if edges < FEWEST_EDGES { 0.0 } else { alone as f64 / edges as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn squares_fail_and_slopes_pass() {
        // Waves of 40 px, in steps as wide as the squares.
        let squares = |side: f64| {
            let wave = |v: f64| 60.0 * ((v / side).floor() * side / 40.0 * std::f64::consts::TAU).sin();
            let face = Portrait::new().recoloured(Class::Skin, |p| [(128.0 + wave(p.x) + wave(p.y)) as u8; 3]);
            verdict(&PIXELATION_ABSENT, &face.evidence())
        };
        assert_eq!([1.0, 4.0, 8.0].map(squares), ["pass", "fail", "fail"]);
    }
}
