//! The photo with what was seen drawn on it and, beside it, what to do: to print, or to show to a student.

mod canvas;
mod contour;
mod ink;
mod lettering;
mod overlay;
mod panel;
mod rulers;

use image::RgbImage;

use crate::evidence::Evidence;
use crate::report::{Finding, Mark, Report};
use crate::text::Language;
use canvas::{Canvas, Dash, Halo, Line};
use ink::colour;
use lettering::Style;
use overlay::Overlay;
use panel::Panel;
use rulers::Rulers;

/// Draws the evidence on the photo and lists the report beside it.
///
/// On the photo: outlines of hair, face, ears, glasses and clothes, the face box, eyes, crown and cheeks against the
/// limits of the report's profile, and every failed, doubtful or advised finding's region with its number in the list.
/// The photo is shown 960 px high or wide, whatever its size; the sheet is as large as the list needs. Letters come from
/// an embedded font with the characters of GB 2312; any other character is a box.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # #[cfg(feature = "vision")] {
/// use gradphoto::{Checker, Language, annotate};
///
/// let examined = Checker::new()?.examine("zhang-san.jpg")?;
/// annotate(examined.evidence(), examined.report(), Language::Zh).save("zhang-san.png")?;
/// # }
/// # Ok(())
/// # }
/// ```
pub fn annotate(evidence: &Evidence, report: &Report, language: Language) -> RgbImage {
    sheet(evidence, report, language).unwrap_or_else(|| evidence.photo.pixels().clone())
}

/// Longer side of the photo on the sheet.
const PHOTO_SIDE: f32 = 960.0;
/// Around everything.
const MARGIN: f32 = 36.0;
/// Between the photo with its rulers and the list.
const GAP: f32 = 28.0;

/// `None` where there is no memory for the sheet.
fn sheet(evidence: &Evidence, report: &Report, language: Language) -> Option<RgbImage> {
    let marked = Marked::all(report);
    let (width, height) = (evidence.photo.pixels().width() as f32, evidence.photo.pixels().height() as f32);
    let scale = PHOTO_SIDE / width.max(height);
    let shown = |side: f32| (side * scale).round().max(1.0) as u32;
    let mut photo = Canvas::of_photo(evidence.photo.pixels(), shown(width), shown(height))?;
    let size = (shown(width) as f32, shown(height) as f32);
    let rulers = Rulers::new(evidence, report, &marked, size);
    let overlay = Overlay { evidence, size, scale: f64::from(scale) };
    overlay.draw_seen(&mut photo);
    rulers.draw_on_photo(&mut photo);
    overlay.draw_marked(&mut photo, &marked, &rulers.heights());

    let (left, top) = (MARGIN + rulers::SIDE, MARGIN);
    let photo_column = size.0 + 2.0 * rulers::SIDE;
    let legend = overlay.legend(language, photo_column);
    let photo_height = size.1 + rulers.below() + legend.height;
    let panel = Panel::lay_out(report, &marked, language, photo_height);
    let (panel_x, panel_height) = (MARGIN + photo_column + GAP, panel.height.max(photo_height));
    let mut sheet =
        Canvas::new((panel_x + panel.width + MARGIN).ceil() as u32, (panel_height + 2.0 * MARGIN).ceil() as u32)?;
    sheet.place(&photo, left as u32, top as u32);
    rulers.draw_beside(&mut sheet, (left.floor(), top.floor()), language);
    legend.draw(&mut sheet, MARGIN, top + size.1 + rulers.below());
    panel.draw(&mut sheet, panel_x, top, panel_height);
    Some(sheet.into_image())
}

/// A finding that someone must act on, by its number in the list and on the photo.
#[derive(Clone, Copy)]
struct Marked<'a> {
    number: usize,
    mark: Mark,
    finding: &'a Finding,
}

impl<'a> Marked<'a> {
    /// The measured findings that deserve attention, the gravest first.
    fn all(report: &'a Report) -> Vec<Marked<'a>> {
        let grave_first = [Mark::Fail, Mark::Review, Mark::Advice].into_iter();
        let findings = grave_first.flat_map(|mark| {
            report.findings.iter().filter_map(move |finding| (finding.mark() == Some(mark)).then_some((mark, finding)))
        });
        findings.enumerate().map(|(i, (mark, finding))| Marked { number: i + 1, mark, finding }).collect()
    }
}

/// The line of a mark: solid, dashed or dotted, for whoever cannot tell the colours or prints without them.
fn line(mark: Mark) -> Line {
    let dash = match mark {
        Mark::Fail => Dash::Solid,
        Mark::Review => Dash::Dashed,
        Mark::Advice | Mark::NotAssessed => Dash::Dotted,
    };
    let width = if dash == Dash::Dotted { 3.2 } else { 2.5 };
    Line { colour: colour(mark), width, dash, halo: Halo::Light }
}

/// Radius of a number's sign.
const BADGE: f32 = 16.0;

/// A number's sign around `x`, `y`: a disc for a failure, a diamond for a doubt, a square for advice.
fn badge(canvas: &mut Canvas, marked: &Marked, x: f32, y: f32) {
    let r = BADGE;
    let path = match marked.mark {
        Mark::Fail => canvas::circle(x, y, r),
        Mark::Review => {
            canvas::polyline(&[(x, y - 1.2 * r), (x + 1.2 * r, y), (x, y + 1.2 * r), (x - 1.2 * r, y)], true)
        }
        Mark::Advice | Mark::NotAssessed => canvas::rounded(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r, 5.0),
    };
    canvas.stroke(path.clone(), Line { colour: [255; 3], width: 3.0, dash: Dash::Solid, halo: Halo::None });
    canvas.fill(path, colour(marked.mark));
    let letters = if marked.mark == Mark::Review { [0; 3] } else { [255; 3] };
    let style = Style::new(20.0, letters).bold();
    let number = marked.number.to_string();
    canvas.write(&number, x - style.length(&number) / 2.0, y + 7.0, style);
}

#[cfg(test)]
mod tests {
    use super::ink::{Colour, PASS};
    use super::*;
    use crate::evidence::Class;
    use crate::geometry::Region;
    use crate::profile::Profile;
    use crate::testing::Portrait;

    fn report(evidence: &Evidence) -> Report {
        let profile = Profile::built_in(Profile::DEFAULT).expect("built in");
        profile.judge(evidence).renamed("二〇二六/张三.jpg")
    }

    fn drawn(evidence: &Evidence) -> RgbImage {
        annotate(evidence, &report(evidence), Language::Zh)
    }

    /// Pixels of about this colour within a part of the photo, given in the photo's pixels.
    fn count(picture: &RgbImage, colour: Colour, part: [f64; 4]) -> usize {
        let rulers = f64::from(MARGIN) + f64::from(rulers::SIDE);
        let scale = f64::from(PHOTO_SIDE) / 640.0;
        let [x, y, width, height] = part.map(|v| v * scale);
        let part = Region { x: x + rulers, y: y + f64::from(MARGIN), width, height };
        let inside = |x: u32, y: u32| {
            let (dx, dy) = (f64::from(x) - part.x, f64::from(y) - part.y);
            (0.0..part.width).contains(&dx) && (0.0..part.height).contains(&dy)
        };
        let near = |pixel: [u8; 3]| pixel.iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 40);
        picture.enumerate_pixels().filter(|(x, y, pixel)| inside(*x, *y) && near(pixel.0)).count()
    }

    #[test]
    fn a_failed_region_is_drawn_in_red_where_it_is_and_a_passed_one_is_not() {
        let open = Portrait::new().point(13, 240.0, 333.0).point(14, 240.0, 357.0);
        let mouth = [195.0, 325.0, 90.0, 40.0];
        let red = colour(Mark::Fail);
        assert!(count(&drawn(&open.evidence()), red, mouth) > 100);
        assert_eq!(count(&drawn(&Portrait::new().evidence()), red, mouth), 0);
    }

    #[test]
    fn the_eye_line_runs_at_the_eyes_and_spares_them() {
        let picture = drawn(&Portrait::new().evidence());
        assert!(count(&picture, PASS, [10.0, Portrait::EYE_Y - 4.0, 100.0, 8.0]) > 80);
        assert_eq!(count(&picture, PASS, [175.0, Portrait::EYE_Y - 4.0, 130.0, 8.0]), 0);
        let high = drawn(&Portrait::new().moved(0.0, -100.0).evidence());
        assert!(count(&high, colour(Mark::Fail), [10.0, Portrait::EYE_Y - 104.0, 100.0, 8.0]) > 80);
    }

    #[test]
    fn parts_of_the_parsing_have_thin_outlines() {
        let glasses = Portrait::new().paint(Class::Glasses, [170.0, 230.0, 140.0, 40.0], [0, 0, 0]);
        let (without, with) = (drawn(&Portrait::new().evidence()), drawn(&glasses.evidence()));
        let around = [160.0, 220.0, 160.0, 60.0];
        let drawn = count(&with, overlay::GLASSES, around) - count(&without, overlay::GLASSES, around);
        // About once around, no wider than a few pixels of 240 x 90.
        assert!((300..4000).contains(&drawn), "{drawn}");
    }

    #[test]
    fn numbers_go_from_the_gravest_finding_on() {
        let evidence = Portrait::new().moved(0.0, -100.0).posed(6.0, 10.0, 0.0).evidence();
        let report = report(&evidence);
        let marked = Marked::all(&report);
        let order = |mark| [Mark::Fail, Mark::Review, Mark::Advice].into_iter().position(|known| known == mark);
        assert!(marked.len() > 2 && marked.is_sorted_by_key(|m| (order(m.mark), m.number)));
        assert!(marked.iter().map(|m| m.number).eq(1..=marked.len()));
    }

    #[test]
    fn any_photo_becomes_a_readable_sheet() {
        let portrait = Portrait::new().evidence();
        let usual = drawn(&portrait);
        assert!(usual.width() > 1300 && usual.height() > 1000);
        for language in [Language::Zh, Language::En] {
            for (width, height) in [(1, 1), (8, 640), (640, 8), (30, 40), (6000, 4000)] {
                let mut evidence = portrait.clone();
                let pixels = RgbImage::new(width, height);
                evidence.photo = crate::Photo::load(crate::Source::Pixels("x".repeat(300), pixels)).expect("pixels");
                let with_face = annotate(&evidence, &report(&evidence), language);
                evidence.subject = None;
                evidence.faces = vec![];
                let without = annotate(&evidence, &report(&evidence), language);
                for picture in [with_face, without] {
                    let (width, height) = picture.dimensions();
                    assert!((600..4000).contains(&width) && (600..4000).contains(&height), "{width}x{height}");
                }
            }
        }
    }

    #[test]
    fn nobody_on_the_photo_leaves_the_photo_itself_untouched() {
        let evidence = Portrait::nobody();
        let picture = drawn(&evidence);
        let blue = count(&picture, Portrait::BLUE, [0.0, 0.0, 480.0, 79.0]);
        assert!(blue > (720 * 117) * 98 / 100, "{blue}");
    }
}
