use crate::rules::prelude::*;

mod bars;
mod corners;
mod writing;

rule! {
    /// Whether a frame or writing was added.
    ///
    /// ## What is measured
    /// The largest of five. Bars: twice the share of one side of the photo along which the outermost pixels have one colour that ends abruptly on a straight line, parallel to the side or up to 8° askew, as a frame leaves it or a photo that was straightened. Blank rows: 2 where each of the lowest 8 rows of 640 has one colour, as programs fill up what a file that broke off lacks. Corners: three quarters of how many are cut off round and filled with one colour. On an even background: narrow strokes of any writing, mark or watermark, pale ones too where the background is not grainy, in units of 220 pixels of a photo of 480x640. Lines: the length, in units of 2.6 letter heights, of the longest line of letters along the lower edge, where dates are stamped, or on an uneven background. Elsewhere on the person nothing is sought, for ties, badges, weaves and hair are no writing.
    ///
    /// ## Limit and source
    /// No border, text or pattern (clause 一.4). More than 1 goes to a person, more than 1.3 fails. Calibrated on development photos: of 597 without, ties and patterned suits among them, the largest reads 0.94, the 42 with frame, wedge or writing start at 1.57. Of what was drawn on 56 good portraits (`tests/accuracy/drawn_marks.py`, seeds 7 and 11), of 112 each 111 rounded corners, 112 logos, 111 captions, 93 pale and 85 upright ones and 101 tiled watermarks fail or are asked about, and 87 dates in a lower corner; of 27 good portraits saved again after their files had broken off at 70 to 90 %, or filled with grey or one colour from below, 216 pictures, 216 fail; of watermarks across the face 37, of names over clothes in the middle 19.
    ///
    /// ## What to do
    /// Hand in the photo without frame, date or watermark.
    BORDER_ABSENT {
        id: "border-absent",
        name: text("无边框文字", "No border or writing"),
        quantity: text("边框和文字的程度", "Strength of border or writing"),
        clause: "一.4",
        unit: Unit::Factor,
        requirement: Requirement::AtMost {
            limit: 1.3,
            review: 1.0,
            fault: Fault {
                name: text("有边框或文字", "Border or writing"),
                reason: text("照片{guess}带有边框、黑边、白边、圆角、日期、文字或水印，或下部残缺，请提交未添加任何内容的完整照片。", "The photo {guess} has a border, a black or white edge, rounded corners, a date, writing or a watermark on it, or its lower end is missing. Submit it whole, with nothing added."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let pixels = evidence.photo.pixels();
    // Without a face nobody knows where the person is: writing is not looked for, and a plain lower end may be all there is.
    let subject = evidence.subject().ok();
    let blank = if subject.is_some() && bars::breaks_off(pixels) { 2.0 } else { 0.0 };
    let frame = (2.0 * bars::longest_share(pixels)).max(0.75 * corners::rounded(pixels) as f64).max(blank);
    let writing = subject.and_then(|subject| writing::strongest(pixels, subject));
    match writing {
        Some((strength, region)) if strength > frame => Ok(Measurement::new(strength).at(region)),
        _ => Ok(Measurement::new(frame)),
    }
}

/// Largest channel difference at which two pixels still have one colour.
const SAME_COLOUR: u8 = 24;

/// Largest difference of a channel.
fn difference(a: [u8; 3], b: [u8; 3]) -> u8 {
    a[0].abs_diff(b[0]).max(a[1].abs_diff(b[1])).max(a[2].abs_diff(b[2]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    fn painted(where_: impl Fn(Point) -> bool, rgb: [u8; 3]) -> &'static str {
        let drawn = Portrait::new().paint_where(Class::Background, where_, |_| rgb);
        verdict(&BORDER_ABSENT, &drawn.evidence())
    }

    #[test]
    fn a_frame_a_bar_and_a_slanting_wedge_fail() {
        assert_eq!(painted(|p| p.x < 9.0 || p.x > 471.0 || p.y < 9.0 || p.y > 631.0, [200, 20, 20]), "fail");
        assert_eq!(painted(|p| p.y < 25.0, [0; 3]), "fail");
        assert_eq!(painted(|p| p.y < 4.0 + 0.06 * p.x, [0; 3]), "fail");
        assert_eq!(painted(|p| p.y < 4.0 + 0.06 * p.x && p.x < 300.0, [255; 3]), "review");
    }

    #[test]
    fn a_photo_that_breaks_off_fails() {
        let blank = |rows: f64| {
            let portrait = Portrait::new();
            let drawn = portrait.paint_where(Class::Cloth, |p| p.y >= 640.0 - rows, |_| [128; 3]);
            verdict(
                &BORDER_ABSENT,
                &drawn.paint_where(Class::Background, |p| p.y >= 640.0 - rows, |_| [128; 3]).evidence(),
            )
        };
        assert_eq!([0.0, 2.0, 120.0].map(blank), ["pass", "pass", "fail"]);
    }

    #[test]
    fn a_hair_line_and_a_steep_edge_pass() {
        assert_eq!(painted(|p| p.y < 2.0, [255; 3]), "pass");
        assert_eq!(painted(|p| p.y < 0.3 * p.x - 60.0, [0; 3]), "pass");
    }

    #[test]
    fn writing_fails_on_the_background_and_along_the_lower_edge_but_not_on_clothes() {
        let letters = |top: f64, left: f64| {
            move |p: Point| {
                (top..top + 20.0).contains(&p.y) && (left..left + 160.0).contains(&p.x) && (p.x - left) % 9.0 < 4.0
            }
        };
        assert_eq!(painted(letters(30.0, 20.0), [255, 60, 40]), "fail");
        let on_clothes = |top: f64| {
            let drawn = Portrait::new().paint_where(Class::Cloth, letters(top, 120.0), |_| [255, 60, 40]);
            verdict(&BORDER_ABSENT, &drawn.evidence())
        };
        assert_eq!([600.0, 520.0].map(on_clothes), ["fail", "pass"]);
    }

    #[test]
    fn marks_on_the_background_fail_in_any_direction_pale_ones_too() {
        let upright = |p: Point| (20.0..40.0).contains(&p.x) && (40.0..200.0).contains(&p.y) && p.y % 10.0 < 4.0;
        let slanting = |p: Point| upright(Point::new(0.87 * p.x - 0.5 * p.y + 60.0, 0.5 * p.x + 0.87 * p.y));
        let ring = |p: Point| (24.0..28.0).contains(&p.distance(Point::new(60.0, 60.0)));
        let [r, g, b] = Portrait::BLUE;
        for colour in [[255; 3], [r.saturating_add(40), g.saturating_add(40), b]] {
            assert_eq!([painted(upright, colour), painted(slanting, colour)], ["fail"; 2]);
        }
        assert_eq!(painted(ring, [255; 3]), "fail");
    }

    #[test]
    fn rounded_corners_fail_and_a_line_along_the_side_does_not() {
        let beyond = |radius: f64| {
            move |p: Point| {
                let (x, y) = (p.x.min(480.0 - p.x), p.y.min(640.0 - p.y));
                x < radius && y < radius && (radius - x).hypot(radius - y) > radius
            }
        };
        assert_eq!([14.0, 30.0, 80.0].map(|radius| painted(beyond(radius), [255; 3])), ["fail"; 3]);
        assert_eq!(painted(|p| p.x < 2.0 || p.x > 478.0, [255; 3]), "pass");
    }

    #[test]
    fn a_badge_that_reaches_into_the_lower_edge_passes() {
        let badge = |p: Point| p.distance(Point::new(350.0, 558.0)) < 12.0 && (p.x + p.y) % 6.0 < 3.0;
        let drawn = Portrait::new().paint_where(Class::Cloth, badge, |_| [230, 40, 40]);
        assert_eq!(verdict(&BORDER_ABSENT, &drawn.evidence()), "pass");
    }

    #[test]
    fn a_grainy_background_is_no_writing() {
        let even =
            |p: Point, n: f64| ((12.9898 * p.x + 78.233 * p.y + 37.719 * n).sin() * 43_758.5).fract().abs() - 0.5;
        // Sums of four are spread like noise.
        let noise = |p: Point, n: f64| 1.73 * (0..4).map(|i| even(p, 4.0 * n + f64::from(i))).sum::<f64>();
        let grain = |deviation: f64| {
            let [r, g, b] = Portrait::BLUE.map(f64::from);
            let rgb = |p| [r + deviation * noise(p, 0.0), g + deviation * noise(p, 1.0), b + deviation * noise(p, 2.0)];
            let drawn = Portrait::new().paint_where(Class::Background, |_| true, |p| rgb(p).map(|level| level as u8));
            verdict(&BORDER_ABSENT, &drawn.evidence())
        };
        assert_eq!([4.0, 10.0, 20.0].map(grain), ["pass"; 3]);
    }

    #[test]
    fn a_plain_photo_passes_with_or_without_a_face() {
        assert_eq!(verdict(&BORDER_ABSENT, &Portrait::new().evidence()), "pass");
        assert_eq!(verdict(&BORDER_ABSENT, &Portrait::nobody()), "pass");
    }
}
