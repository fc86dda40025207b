use std::collections::HashMap;

use crate::evidence::Parsing;
use crate::rules::prelude::*;

rule! {
    /// Whether the clothes are plain.
    ///
    /// ## What is measured
    /// Number of colours that cover nine tenths of the clothes, steps of 10 in CIELAB being one colour; the edge of the clothes is left out. Folds and an open jacket over a shirt add a few, stripes, checks and prints many.
    ///
    /// ## Limit and source
    /// One colour, no complex pattern or stripes (clause 二.5), no figure. More than 6 go to a person, more than 12 fail; the rule only advises. Of the development photos not held out, 130 of 138 plain tops need 6 at most, one needs 24; of 40 patterned ones 33 need 7 and more, half of them more than 10.
    ///
    /// ## What to do
    /// Wear a top in one plain colour and shoot again.
    CLOTHING_PATTERN {
        id: "clothing-pattern",
        name: text("衣服为单色", "Plain clothing"),
        clause: "二.5",
        unit: Unit::Count,
        limit: Limit::at_most(12.0),
        review: Limit::at_most(6.0),
        severity: Severity::Advise,
        below: text("上衣颜色数为{value}，少于{min}。", "The clothes show {value} colours, fewer than {min}."),
        above: text("上衣疑似有条纹、格子或图案（颜色数{value}，不应超过{max}），请换单色上衣后重拍。", "The clothes seem to have stripes, checks or a print ({value} colours, at most {max} are allowed). Wear one plain colour."),
    }
}

/// Pixels of the parsing between two samples.
const STRIDE: i32 = 2;
/// A sample this near to something else, in pixels of the parsing, belongs to the edge.
const EDGE: i32 = 6;
/// With fewer samples the edge counts as well.
const MIN_CORE: usize = 40;
/// Side of the cube in CIELAB that is one colour.
const COLOUR_STEP: f32 = 10.0;
/// Share of the clothes that the counted colours cover.
const COVERED: f64 = 0.9;

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let clothes = evidence.clothes()?;
    let parsing = &evidence.subject()?.parsing;
    let core = samples(parsing, EDGE);
    let samples = if core.len() < MIN_CORE { samples(parsing, 0) } else { core };
    Ok(Measurement::new(covering_colours(&samples) as f64).at(clothes.region))
}

/// Colours of the clothes, each the mean of a square of `STRIDE` pixels.
fn samples(parsing: &Parsing, edge: i32) -> Vec<Lab> {
    let columns = (0..Parsing::WIDTH as i32 - 1).step_by(STRIDE as usize);
    let rows = (0..Parsing::HEIGHT as i32 - 1).step_by(STRIDE as usize);
    let around = [(0, 0), (edge, 0), (-edge, 0), (0, edge), (0, -edge)];
    rows.flat_map(|y| columns.clone().map(move |x| (x, y)))
        .filter(|(x, y)| around.iter().all(|(dx, dy)| parsing.class(x + dx, y + dy) == Class::Cloth))
        .map(|(x, y)| lab_from_rgb(square_mean(parsing, x as usize, y as usize)))
        .collect()
}

fn square_mean(parsing: &Parsing, x: usize, y: usize) -> [u8; 3] {
    let pixel = |dx: usize, dy: usize| parsing.rgb[(y + dy) * Parsing::WIDTH + x + dx];
    let square = [pixel(0, 0), pixel(1, 0), pixel(0, 1), pixel(1, 1)];
    std::array::from_fn(|channel| (square.iter().map(|rgb| u16::from(rgb[channel])).sum::<u16>() / 4) as u8)
}

/// How many colours, the most frequent first, it takes to cover most samples.
fn covering_colours(samples: &[Lab]) -> usize {
    let mut counts = HashMap::<[i32; 3], usize>::new();
    for lab in samples {
        let cube = [lab.l, lab.a, lab.b].map(|v| (v / COLOUR_STEP).round() as i32);
        *counts.entry(cube).or_default() += 1;
    }
    let mut counts = counts.into_values().collect::<Vec<_>>();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let enough = COVERED * samples.len() as f64;
    let covered = counts.iter().scan(0, |sum, count| {
        *sum += count;
        Some(*sum as f64)
    });
    covered.take_while(|covered| *covered < enough).count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    fn dressed(rgb: impl Fn(Point) -> [u8; 3]) -> &'static str {
        verdict(&CLOTHING_PATTERN, &Portrait::new().recoloured(Class::Cloth, rgb).evidence())
    }

    /// So many greys beside each other, each ten steps of lightness from the next or hue from grey.
    fn patches(count: usize) -> impl Fn(Point) -> [u8; 3] {
        move |p| {
            let which = (p.x / 12.0) as usize % count;
            let (light, hue) = (40 + 60 * (which % 4) as u8, (which / 4) as u8);
            [light, light.saturating_sub(20 * hue), light.saturating_sub(40 * hue)]
        }
    }

    #[test]
    fn plain_passes_and_many_colours_do_not() {
        assert_eq!(dressed(|_| [40, 40, 45]), "pass");
        assert_eq!(dressed(patches(4)), "pass");
        assert_eq!(dressed(patches(16)), "fail");
    }

    #[test]
    fn without_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&CLOTHING_PATTERN, &Portrait::nobody()), "not-assessed");
    }
}
