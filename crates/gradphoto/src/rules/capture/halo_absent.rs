use crate::evidence::Parsing;
use crate::rules::prelude::*;

rule! {
    /// Whether a light rim runs around the person, as where a cut-out was laid on another background.
    ///
    /// ## What is measured
    /// Share of the person's outline, crossed along rows and columns, along which something is brighter than both the background beside it and the person beside it by 20 of 255 levels of luma. Light from behind brightens a part of the hair; a cut-out from a white wall, and sharpening by too much, leave a rim all around.
    ///
    /// ## Limit and source
    /// No editing (clause 一.2), no figure. More than 35 % is asked about, more than 50 % is plain, and nothing fails. Of 56 portraits that a clerk would accept none reads more than 9 %; with a white rim of 2 px drawn around them all read more than 53 %, sharpened till it shows, two thirds more than 35 %. Of 583 unlabelled faces, many from ID photos, 6 read more than 35 %, four of them with another background put in; of 119 official portraits three, lit from behind. A rim no lighter than the background is not seen.
    ///
    /// ## What to do
    /// Shoot again before a background of the right colour; do not replace it.
    HALO_ABSENT {
        id: "halo-absent",
        name: text("人像边缘无白边", "No halo"),
        quantity: text("有白边的轮廓占比", "Outline with a light rim"),
        clause: "一.2",
        unit: Unit::Ratio,
        requirement: Requirement::AtMost {
            limit: 0.5,
            review: 0.35,
            fault: Fault {
                name: text("人像边缘有白边", "Halo around the person"),
                reason: text("人像边缘{degree}有一圈白边，疑似换过背景或锐化过度，请在合格的背景前重拍，不要换背景。", "A light rim is {degree} visible around the person, as if the background had been replaced or the photo sharpened too much. Shoot again before a proper background."),
            },
        },
        severity: Severity::Ask,
    }
}

/// How much brighter a rim is than what lies on either side of it.
const BRIGHTER: u32 = 20;
/// The outline and what may shine along it, in crop pixels on either side.
const RIM: usize = 3;
/// As many beyond show the background and the person.
const BESIDE: usize = 3;
/// All of them together.
const ACROSS: usize = 2 * (RIM + BESIDE);
/// Fewer crossings say nothing of the outline.
const FEWEST_CROSSINGS: usize = 50;

fn measure(evidence: &Evidence) -> Measured {
    let parsing = &evidence.subject()?.parsing;
    // Every second row and column is plenty.
    let rows = (0..Parsing::HEIGHT).step_by(2).map(|y| (y * Parsing::WIDTH, 1, Parsing::WIDTH));
    let columns = (0..Parsing::WIDTH).step_by(2).map(|x| (x, Parsing::WIDTH, Parsing::HEIGHT));
    let (mut crossings, mut with_rim) = (0, 0);
    for (start, step, length) in rows.chain(columns) {
        for window in 0..=length - ACROSS {
            if let Some(rim) = rim_on_an_outline(parsing, |i| start + (window + i) * step) {
                crossings += 1;
                with_rim += usize::from(rim);
            }
        }
    }
    if crossings < FEWEST_CROSSINGS {
        let unseen =
            text("人像轮廓露出太少，无法判定。", "Too little of the person's outline is in sight to judge this.");
        return Err(NotAssessed::NotSeen(unseen));
    }
    Ok(Measurement::new(with_rim as f64 / crossings as f64))
}

/// Whether something shines in the middle of [`ACROSS`] crop pixels; `None` where no outline runs there.
fn rim_on_an_outline(parsing: &Parsing, pixel: impl Fn(usize) -> usize) -> Option<bool> {
    let is_background = |i: usize| parsing.classes[pixel(i)] == Class::Background;
    let middle = ACROSS / 2;
    if is_background(middle - 1) == is_background(middle) {
        return None;
    }
    let [before, after] = [0..BESIDE, ACROSS - BESIDE..ACROSS];
    let is_clear = |mut side: std::ops::Range<usize>, shows: bool| {
        side.all(|i| is_background(i) == shows && parsing.classes[pixel(i)] != Class::Outside)
    };
    if !is_clear(before.clone(), is_background(middle - 1)) || !is_clear(after.clone(), is_background(middle)) {
        return None;
    }
    let luma = |i: usize| parsing.luma(pixel(i));
    let mean = |side: std::ops::Range<usize>| side.map(luma).sum::<u32>() / BESIDE as u32;
    let brightest = (BESIDE..ACROSS - BESIDE).map(luma).max()?;
    Some(brightest > mean(before).max(mean(after)) + BRIGHTER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_white_rim_around_the_person_is_asked_about() {
        // Around clothes and hair, of this width in pixels.
        let rim = |width: f64| {
            let around = |[x, y, w, h]: [f64; 4]| [x - width, y - width, w + 2.0 * width, h + 2.0 * width];
            let on = |p: Point, [x, y, w, h]: [f64; 4]| (x..x + w).contains(&p.x) && (y..y + h).contains(&p.y);
            let person = [[40.0, 500.0, 400.0, 140.0], [140.0, 80.0, 200.0, 420.0]];
            let white = move |p: Point| {
                if person.map(around).iter().any(|&part| on(p, part)) { [255; 3] } else { Portrait::BLUE }
            };
            verdict(&HALO_ABSENT, &Portrait::new().recoloured(Class::Background, white).evidence())
        };
        assert_eq!([0.0, 4.0].map(rim), ["pass", "fail"]);
    }
}
