use crate::rules::prelude::*;

rule! {
    /// Whether loose strands stand off the hair.
    ///
    /// ## What is measured
    /// Share of the background around the hair, above the chin, that thin strands of its shade cross. Shadows and gradients are broad and do not count.
    ///
    /// ## Limit and source
    /// No stray hair (不得有碎发, the school's notice), which cannot be exact: more than 2 % goes to a person, more than 5 % is pointed out (proposed); advice only. On development photos 95 % of heads against a plain background stay below 2 %. A patterned background reads as strands; background-uniformity tells it apart.
    ///
    /// ## What to do
    /// Comb and fix loose strands and shoot again; retouching is not allowed.
    HAIR_TIDY {
        id: "hair-tidy",
        name: text("无碎发", "Hair tidy"),
        clause: "—",
        unit: Unit::Ratio,
        limit: Limit::at_most(0.05),
        review: Limit::at_most(0.02),
        severity: Severity::Advise,
        below: text("碎发占比{value}，低于{min}。", "Loose strands cross {value} of the background around the hair, less than {min}."),
        above: text("头发周围有碎发（{value}，应在{max}以内），请梳理整齐后重拍。", "Loose strands stand off the hair ({value}, at most {max} expected). Comb them and shoot again."),
    }
}

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let unseen = text(
        "头发与背景难以区分或背景露出太少，无法判断。",
        "Hair and background cannot be told apart, or too little background is in sight.",
    );
    let stray_share = evidence.hair()?.stray_share.ok_or(NotAssessed::NotSeen(unseen))?;
    Ok(Measurement::new(stray_share))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    /// The verdict with so many upright strands, 4 px wide and 30 px long, above the drawn hair.
    fn strands(count: u32) -> &'static str {
        let portrait = (0..count).fold(Portrait::new(), |portrait, i| {
            let x = 150.0 + 20.0 * f64::from(i);
            portrait.paint_where(
                Class::Background,
                move |p| (x..x + 4.0).contains(&p.x) && (48.0..78.0).contains(&p.y),
                |_| [30, 25, 25],
            )
        });
        verdict(&HAIR_TIDY, &portrait.evidence())
    }

    #[test]
    fn loose_strands_go_to_review_and_then_are_pointed_out() {
        assert_eq!([0, 4, 8].map(strands), ["pass", "review", "fail"]);
    }

    #[test]
    fn a_broad_shadow_is_no_strand() {
        let shadow = Portrait::new().paint_where(Class::Background, |p| p.x > 340.0, |_| [70, 150, 200]);
        assert_eq!(verdict(&HAIR_TIDY, &shadow.evidence()), "pass");
    }

    #[test]
    fn without_a_face_nothing_is_assessed() {
        assert_eq!(verdict(&HAIR_TIDY, &Portrait::nobody()), "not-assessed");
    }
}
