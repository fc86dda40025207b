//! Rounded corners, as programs and telephones cut them.

use image::RgbImage;

use super::{SAME_COLOUR, difference};

/// Radii that are looked for, as shares of the photo's width.
const RADII: std::ops::RangeInclusive<f64> = 0.025..=0.25;
/// Pixels beyond a corner within which it has ended: JPEG and scaling soften the step.
const SOFT_STEP: usize = 3;
/// How far a row of the corner may end from the circle, in pixels of a photo 480 wide.
const ROUND_PX: f64 = 1.6;
/// Share of a corner's rows that must end on the circle.
const LEAST_ON_CIRCLE: f64 = 0.85;
/// How much the radii of one photo's corners may differ.
const ALIKE: f64 = 1.15;

/// How many corners of the photo are cut off along circles of one radius, and filled with one colour.
pub(super) fn rounded(pixels: &RgbImage) -> usize {
    let (right, bottom) = (pixels.width() - 1, pixels.height() - 1);
    let corners = [(false, false), (true, false), (false, true), (true, true)].map(|(from_right, from_below)| {
        let at = |x: u32, y: u32| {
            pixels.get_pixel(if from_right { right - x } else { x }, if from_below { bottom - y } else { y }).0
        };
        radius(pixels.width(), pixels.height(), at).map(|radius| (radius, at(1, 1)))
    });
    let corners = corners.into_iter().flatten().collect::<Vec<_>>();
    let alike = |(radius, colour): &(f64, [u8; 3])| {
        let of_one_cut = |(other, filled): &&(f64, [u8; 3])| {
            (radius / ALIKE..=radius * ALIKE).contains(other) && difference(*colour, *filled) <= SAME_COLOUR
        };
        corners.iter().filter(of_one_cut).count()
    };
    corners.iter().map(alike).max().unwrap_or(0)
}

/// The radius along which the corner at 0, 0 is cut off, if it is.
fn radius(width: u32, height: u32, at: impl Fn(u32, u32) -> [u8; 3]) -> Option<f64> {
    let [least, most] = [RADII.start(), RADII.end()].map(|share| (share * f64::from(width)).ceil() as usize);
    // Below the corner, so many rows begin with the photo itself.
    let free = least / 2;
    if (height as usize) < most + free + 2 || (width as usize) < most + SOFT_STEP + 1 {
        return None;
    }
    let colour = at(1, 1);
    let is_filled = |x: usize, y: usize| difference(at(x as u32, y as u32), colour) <= SAME_COLOUR;
    // Most corners are not cut off: there nothing but these rows is looked at.
    let begins_with_photo = (0..most + free + 2).map(|y| !is_filled(0, y) || !is_filled(1, y)).collect::<Vec<_>>();
    let is_followed_by_photo = |&radius: &usize| begins_with_photo[radius + 2..radius + 2 + free].iter().all(|&it| it);
    let mut radii = (least..=most).filter(is_followed_by_photo).peekable();
    radii.peek()?;
    let run = |y: usize| (0..=most).find(|&x| !is_filled(x, y));
    let runs = (0..=most).map(run).collect::<Vec<_>>();
    let tolerance = ROUND_PX * (f64::from(width) / 480.0).max(1.0);
    let is_on_circle = |radius: f64, y: usize| {
        let above = (radius - y as f64 - 0.5).max(0.0);
        let circle = radius - (radius * radius - above * above).sqrt();
        runs[y].is_some_and(|run| {
            let is_abrupt = difference(at((run + SOFT_STEP) as u32, y as u32), colour) > 2 * SAME_COLOUR;
            is_abrupt && (run as f64 - circle).abs() <= tolerance
        })
    };
    // The first rows are left out: there the circle runs along them.
    let share = |radius: usize| {
        let rows = 1 + radius / 10..=radius;
        rows.clone().filter(|&y| is_on_circle(radius as f64, y)).count() as f64 / rows.count() as f64
    };
    let radii = radii.map(|radius| (share(radius), radius));
    let (share, radius) = radii.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (share >= LEAST_ON_CIRCLE).then_some(radius as f64)
}
