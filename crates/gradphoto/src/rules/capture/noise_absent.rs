use std::f32::consts::FRAC_PI_2;
use std::ops::Range;

use crate::evidence::Parsing;
use crate::rules::prelude::*;

rule! {
    /// Whether grain lies over the picture, as where a camera amplified too little light.
    ///
    /// ## What is measured
    /// Standard deviation of the grain in levels of luma (0 to 255), on skin or on the background, whichever has less: what Laplacian differences leave (J. Immerkær, Fast Noise Variance Estimation, 1996) in the smoothest fifth of squares of 8 px above the chin, with the face brought to about 120 px of width. A mottled wall, freckles and wrinkles are on one of the two alone; grain is on both.
    ///
    /// ## Limit and source
    /// Layered tones (clause 一.3), no figure. More than 1.2 is asked about, more than 2.5 is plain, and nothing fails. Of 3418 photos of 30 sources one, from the web, reads more than 1.1. Of 56 portraits each with grain of 12 levels, fine or coarse, all read more than 1.2, with 8 levels all but three, with 5 levels none.
    ///
    /// ## What to do
    /// Add light, lower the sensitivity (ISO) and shoot again.
    NOISE_ABSENT {
        id: "noise-absent",
        name: text("无噪点", "No noise"),
        quantity: text("噪点强度", "Noise in levels of luma"),
        clause: "一.3",
        unit: Unit::Factor,
        requirement: Requirement::AtMost {
            limit: 2.5,
            review: 1.2,
            fault: Fault {
                name: text("噪点多", "Noisy"),
                reason: text("照片{degree}有噪点，请增加灯光、降低感光度（ISO）后重拍。", "The photo is {degree} noisy. Add light, lower the sensitivity (ISO) and shoot again."),
            },
        },
        severity: Severity::Ask,
    }
}

/// Side of the squares that are measured, in crop pixels.
const SIDE: usize = 8;
/// Percent of the squares that are smoother than what is measured.
const SMOOTHEST: f32 = 20.0;
/// Levels of luma at which grain is swallowed neither by black nor by white.
const GREYS: Range<f32> = 30.0..250.0;
/// Fewer squares say nothing of what they lie on.
const FEWEST_SQUARES: usize = 20;

fn measure(evidence: &Evidence) -> Measured {
    let subject = evidence.subject()?;
    let parsing = &subject.parsing;
    let small = text("面部太小，无法判定。", "The face is too small to judge this.");
    if parsing.scale < 1.0 {
        return Err(NotAssessed::NotSeen(small));
    }
    let above_chin = parsing.crop_from_photo(subject.landmarks.chin()).y.clamp(0.0, Parsing::HEIGHT as f64) as usize;
    let (mut on_skin, mut on_background) = (Vec::new(), Vec::new());
    // A difference needs a neighbour on every side.
    for top in (1..above_chin.saturating_sub(SIDE)).step_by(SIDE) {
        for left in (1..Parsing::WIDTH - SIDE).step_by(SIDE) {
            match parsing.classes[(top + SIDE / 2) * Parsing::WIDTH + left + SIDE / 2] {
                Class::Skin => on_skin.extend(grain_of_square(parsing, left, top)),
                Class::Background => on_background.extend(grain_of_square(parsing, left, top)),
                _ => {}
            }
        }
    }
    let unseen = text("皮肤或背景露出太少，无法判定。", "Too little of skin or background is in sight to judge this.");
    let smoothest = |squares: Vec<f32>| {
        let squares = Some(squares).filter(|squares| squares.len() >= FEWEST_SQUARES);
        squares.and_then(|squares| percentile(squares, SMOOTHEST)).ok_or(NotAssessed::NotSeen(unseen))
    };
    Ok(Measurement::new(smoothest(on_skin)?.min(smoothest(on_background)?).into()))
}

/// Standard deviation of the grain in the square that begins here; `None` where it is nearly black or white.
fn grain_of_square(parsing: &Parsing, left: usize, top: usize) -> Option<f32> {
    let mut rows = [[0; SIDE + 2]; SIDE + 2];
    for (y, row) in rows.iter_mut().enumerate() {
        for (x, luma) in row.iter_mut().enumerate() {
            *luma = parsing.luma((top + y - 1) * Parsing::WIDTH + left + x - 1) as i32;
        }
    }
    let (mut sum, mut differences) = (0, 0);
    for rows in rows.windows(3) {
        for x in 1..=SIDE {
            let across = |row: [i32; SIDE + 2]| row[x - 1] - 2 * row[x] + row[x + 1];
            sum += rows[1][x];
            differences += (across(rows[0]) - 2 * across(rows[1]) + across(rows[2])).abs();
        }
    }
    let mean = |sum: i32| sum as f32 / (SIDE * SIDE) as f32;
    // Of normal noise the mean without signs is the deviation times the root of 2/π, and the mask makes six of it.
    GREYS.contains(&mean(sum)).then(|| mean(differences) * FRAC_PI_2.sqrt() / 6.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn grain_on_skin_and_wall_is_asked_about_and_on_one_alone_it_is_not() {
        // Grain of chance of about this deviation.
        fn grain(deviation: f64, [r, g, b]: [u8; 3]) -> impl Fn(Point) -> [u8; 3] {
            move |p| {
                let chance = ((p.x * 12.9898 + p.y * 78.233).sin() * 43758.5453).rem_euclid(1.0) - 0.5;
                [r, g, b].map(|level| (f64::from(level) + chance * deviation * 12_f64.sqrt()).round() as u8)
            }
        }
        let grainy = |on_skin: f64, on_wall: f64| {
            let portrait = Portrait::new().recoloured(Class::Skin, grain(on_skin, [200, 150, 130]));
            verdict(&NOISE_ABSENT, &portrait.recoloured(Class::Background, grain(on_wall, [100, 190, 235])).evidence())
        };
        assert_eq!([0.5, 2.0, 5.0].map(|deviation| grainy(deviation, deviation)), ["pass", "review", "fail"]);
        assert_eq!([grainy(5.0, 0.5), grainy(0.5, 5.0)], ["pass"; 2]);
    }
}
