use super::hidden_by_hair;
use crate::evidence::BROWS;
use crate::rules::prelude::*;

rule! {
    /// Whether the eyebrows are free of hair.
    ///
    /// ## What is measured
    /// Share of a brow that hair or a hat covers: the area between the brow lines of the mesh without their tails, the more covered brow. Sparse, light or shaved brows are skin and not covered; hair that ends above the brow does not count.
    ///
    /// ## Limit and source
    /// Hair must not cover the eyebrows (头发不得遮挡眉毛, clause 二.4), no figure. More than 18 % goes to a person, more than 80 % fails (proposed): a fringe across half a brow is a matter of opinion, and accepted portraits show it. Of the development photos 610 of 633 free brows read less than 18 %, one more than 80 %; of 32 covered ones 25 read more than 80 %, one 12 %.
    ///
    /// ## What to do
    /// Comb or clip the hair off the brows and retake the photo.
    EYEBROWS_VISIBLE {
        id: "eyebrows-visible",
        name: text("眉毛无遮挡", "Eyebrows visible"),
        quantity: text("眉毛被遮的面积", "Covered share of an eyebrow"),
        clause: "二.4",
        unit: Unit::Ratio,
        requirement: Requirement::AtMost {
            limit: 0.8,
            review: 0.18,
            fault: Fault {
                name: text("遮眉", "Eyebrow covered"),
                reason: text("头发{degree}遮住了{seen}眉，请将头发拨开后重拍。", "Hair {degree} covers {seen}. Comb it aside and retake the photo."),
            },
        },
        severity: Severity::Reject,
        seen: text("右", "the right eyebrow"),
    }
}

fn measure(evidence: &Evidence) -> Measured {
    Ok(hidden_by_hair(
        evidence.subject()?,
        &BROWS,
        0.2,
        0.18,
        ["the right eyebrow", "the left eyebrow", "both eyebrows"],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn hair_may_touch_a_brow_and_fails_where_it_hides_most() {
        // The drawn brow of the subject's left reaches from x = 263 to 307.
        let fringe = |to: f64| {
            let portrait = Portrait::new().paint(Class::Hair, [250.0, 190.0, to - 250.0, 40.0], [30, 25, 25]);
            verdict(&EYEBROWS_VISIBLE, &portrait.evidence())
        };
        assert_eq!([264.0, 275.0, 290.0, 300.0].map(fringe), ["pass", "review", "review", "fail"]);
    }

    #[test]
    fn a_fringe_above_the_brows_is_fine() {
        let portrait = Portrait::new().paint(Class::Hair, [140.0, 160.0, 200.0, 54.0], [30, 25, 25]);
        assert_eq!(verdict(&EYEBROWS_VISIBLE, &portrait.evidence()), "pass");
    }
}
