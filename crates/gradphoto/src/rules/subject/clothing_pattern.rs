use crate::colour;
use crate::evidence::{ColourGrid, Subject};
use crate::rules::prelude::*;

rule! {
    /// Whether the clothes are plain.
    ///
    /// ## What is measured
    /// Probability of stripes, checks, dots or a print: the odds of a head on the parsing net, which know large patterns, raised by the contrast of small ones. That is the distance in CIELAB (CIE 1976) from the colour around it that a quarter of the clothes exceeds: each square of 2 pixels of the parsing against the mean of the 3 by 3 squares that it is the middle of, the edge of the clothes left out. Ties and a jacket open over a shirt are no pattern.
    ///
    /// ## Limit and source
    /// One colour, no complex pattern or stripes (clause 二.5), no figure. More than 33 % is pointed out as possible, more than 60 % as very likely; advice, or a question where a profile asks. Of the development photos 7 of 462 plain tops read more than 33 % and two more than 60 %, one of 87 patterned ones less than 33 %.
    ///
    /// ## What to do
    /// Wear a top in one plain colour and retake the photo.
    CLOTHING_PATTERN {
        id: "clothing-pattern",
        name: text("衣服为单色", "Plain clothing"),
        quantity: text("衣服有花纹的可能性", "Probability of a pattern"),
        clause: "二.5",
        unit: Unit::Probability,
        requirement: Requirement::AtMost {
            limit: 0.6,
            review: 0.33,
            fault: Fault {
                name: text("衣服有花纹", "Patterned clothes"),
                reason: text("上衣{guess}有条纹、格子或图案，请换单色上衣后重拍。", "The clothes {guess} have stripes, checks or a print. Wear one plain colour."),
            },
        },
        severity: Severity::Advise,
    }
}

/// A cell this near to something else, in pixels of the parsing, belongs to the edge.
const EDGE: i32 = 4;
/// With fewer cells the edge counts as well.
const MIN_CORE: usize = 40;
/// Share of the clothes, in per cent, that may differ more than the measured value.
const BUSIEST: f32 = 25.0;
/// The contrast, in CIELAB, that says nothing for or against a pattern.
const EVEN_CONTRAST: f64 = 3.66;
/// The power of contrasts that odds grow with; fitted beside the gain of the head.
const WEIGHT_OF_CONTRAST: f64 = 2.31;

fn measure(evidence: &Evidence) -> Measured {
    let clothes = evidence.clothes()?;
    let subject = evidence.subject()?;
    let core = cells(subject, EDGE);
    let cells = if core.iter().flatten().count() < MIN_CORE { cells(subject, 0) } else { core };
    let clothed = cells.iter().enumerate().filter_map(|(i, cell)| cell.map(|colour| (i, colour)));
    let contrasts = clothed.filter_map(|(i, colour)| Some(colour::distance(colour, surroundings(&cells, i)?)));
    let busy = percentile(contrasts.collect(), 100.0 - BUSIEST).unwrap_or(0.0);
    let head = subject.appearance.clothing.patterned;
    let patterned = head * (f64::from(busy) / EVEN_CONTRAST).powf(WEIGHT_OF_CONTRAST);
    Ok(Measurement::new(patterned / (patterned + 1.0 - head)).at(clothes.region))
}

/// Colour of every cell of the colour grid that shows clothes.
fn cells(subject: &Subject, edge: i32) -> Vec<Option<Lab>> {
    let around = [(0, 0), (edge, 0), (-edge, 0), (0, edge), (0, -edge)];
    let mut cells = Vec::with_capacity(subject.colours.lab.len());
    for (row, y) in subject.colours.lab.chunks_exact(ColourGrid::WIDTH).zip((0..).step_by(2)) {
        cells.extend(row.iter().zip((0..).step_by(2)).map(|(lab, x)| {
            let is_cloth = |(dx, dy): &(i32, i32)| subject.parsing.class(x + dx, y + dy) == Class::Cloth;
            around.iter().all(is_cloth).then_some(*lab)
        }));
    }
    cells
}

/// Mean of the clothes in cell `i` and the eight around it.
fn surroundings(cells: &[Option<Lab>], i: usize) -> Option<Lab> {
    let (x, y) = (i % ColourGrid::WIDTH, i / ColourGrid::WIDTH);
    let rows = y.saturating_sub(1)..(y + 2).min(ColourGrid::HEIGHT);
    let columns = x.saturating_sub(1)..(x + 2).min(ColourGrid::WIDTH);
    let row = |y: usize| cells[y * ColourGrid::WIDTH..][columns.clone()].iter().flatten().copied();
    mean(rows.flat_map(row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    fn dressed(rgb: impl Fn(Point) -> [u8; 3]) -> &'static str {
        seeming(0.15, rgb)
    }

    /// The verdict where the head tells of a pattern with this probability.
    fn seeming(patterned: f64, rgb: impl Fn(Point) -> [u8; 3]) -> &'static str {
        let portrait = Portrait::new().seeming(|seen| seen.clothing.patterned = patterned);
        verdict(&CLOTHING_PATTERN, &portrait.recoloured(Class::Cloth, rgb).evidence())
    }

    /// Stripes of this width in photo pixels, of which every other is so much lighter.
    fn stripes(width_px: f64, lighter: u8) -> impl Fn(Point) -> [u8; 3] {
        move |p| [60 + lighter * ((p.x / width_px) as u8 % 2); 3]
    }

    #[test]
    fn plain_and_shaded_clothes_pass_and_stripes_do_not() {
        assert_eq!(dressed(|_| [40, 40, 45]), "pass");
        assert_eq!(dressed(|p| [40 + (p.x / 6.0) as u8; 3]), "pass");
        // By the formula the head's 15 % become 60 % at a contrast of 9.2: a third, as far as the mean of three columns lies
        // off, of the difference between the stripes, which is 25 for 60 levels and 31 for 75.
        let verdicts = [15, 45, 60, 75].map(|lighter| dressed(stripes(8.0, lighter)));
        assert_eq!(verdicts, ["pass", "review", "review", "fail"]);
        assert_eq!(dressed(stripes(20.0, 120)), "fail");
    }

    #[test]
    fn head_and_contrast_make_up_for_each_other() {
        let verdicts = [0.01, 0.25, 0.9].map(|patterned| seeming(patterned, stripes(8.0, 35)));
        assert_eq!(verdicts, ["pass", "review", "fail"]);
    }

    #[test]
    fn a_jacket_open_over_a_white_shirt_passes() {
        assert_eq!(dressed(|p| [if (180.0..300.0).contains(&p.x) { 235 } else { 30 }; 3]), "pass");
    }
}
