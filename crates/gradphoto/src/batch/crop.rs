//! Whether cropping alone puts the head where it belongs.

use crate::evidence::{SCALE_MAX, STANDARD_HEIGHT_PX, STANDARD_WIDTH_PX};
use crate::limit::Limit;
use crate::report::Report;

/// Whether some crop of the photo meets every limit of its framing, as `prepare` would find one. A crop shows everything larger
/// by one factor and gives as much room to move it in, so that each limit bounds the factor. Where one of the lengths was not
/// measured, nobody knows.
pub(super) fn is_enough(report: &Report) -> bool {
    factors(report).is_some_and(|[least, most]| least <= most)
}

/// How much larger a crop must show the person at least, and may at most.
fn factors(report: &Report) -> Option<[f64; 2]> {
    let measured = |id| {
        let finding = report.finding(id)?;
        let Limit { min, max } = finding.review();
        Some((finding.value()?, min.unwrap_or(f64::NEG_INFINITY), max.unwrap_or(f64::INFINITY)))
    };
    let (crown, crown_min, crown_max) = measured("head-top-margin")?;
    let (eyes, eyes_min, eyes_max) = measured("eye-line")?;
    let (face, face_min, face_max) = measured("face-width")?;
    let (off, off_min, off_max) = measured("horizontal-centring")?;
    // As wide as the photo, and as far down as the eyes; stored reports have whole pixels.
    let line = report.finding("eye-line")?.region()?;
    // What was measured is a crop already, the best that `prepare` found.
    if line.x > 0.0 {
        return None;
    }
    let (across, down) = (line.width / STANDARD_WIDTH_PX, line.y.round() / eyes);
    let half = STANDARD_WIDTH_PX / 2.0;
    let by_width = [1.0, face_min / face, (half - off_max) / (half - off), (half + off_min) / (half + off)];
    let by_height = [
        1.0,
        crown_min / crown,
        eyes_min / eyes,
        (STANDARD_HEIGHT_PX - crown_max) / (STANDARD_HEIGHT_PX - crown),
        (STANDARD_HEIGHT_PX - eyes_max) / (STANDARD_HEIGHT_PX - eyes),
        (eyes_min - crown_max) / (eyes - crown),
    ];
    // A photo that is too tall or too wide for 3:4 loses some of its height or width first.
    let in_width = by_height.map(|factor| factor * across / down);
    let least = by_width.into_iter().chain(in_width).fold(1.0, f64::max);
    let most = [face_max / face, (eyes_max - crown_min) / (eyes - crown) * across / down, SCALE_MAX * across];
    Some([least, most.into_iter().fold(f64::INFINITY, f64::min)])
}

#[cfg(feature = "prepare")]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Evidence, Subject};
    use crate::geometry::Point;
    use crate::photo::{Photo, Source};
    use crate::profile::Profile;
    use crate::testing::Portrait;

    /// The portrait, 480 wide and 640 high, with its upper left corner at `left`, `top` of a photo of this size.
    fn framed([left, top]: [i32; 2], [width, height]: [u32; 2]) -> Evidence {
        let seen = Portrait::new().evidence();
        let mut pixels = image::RgbImage::from_pixel(width, height, image::Rgb(Portrait::BLUE));
        image::imageops::overlay(&mut pixels, seen.photo.pixels(), left.into(), top.into());
        let photo = Photo::load(Source::Pixels("framed".to_owned(), pixels)).expect("pixels need no decoding");
        let portrait = seen.subject().expect("somebody");
        let (mut landmarks, mut parsing) = (portrait.landmarks.clone(), portrait.parsing.clone());
        let [left, top] = [left, top].map(f64::from);
        landmarks.points.iter_mut().for_each(|point| (point[0], point[1]) = (point[0] + left, point[1] + top));
        parsing.origin = Point::new(left, top);
        let subject = Subject::new(landmarks, portrait.head_pose, parsing, portrait.appearance);
        Evidence::new(photo, seen.faces.clone(), Some(subject))
    }

    #[test]
    fn a_crop_is_enough_where_prepare_finds_one() {
        // Of any length, for a drawing has little detail.
        let profile = Profile::built_in(Profile::DEFAULT).expect("built in");
        let profile = profile.with_limit("file-size", Limit::at_most(1000.0)).expect("a limit");
        for (at, size, expected) in [
            ([0, 0], [480, 640], true),
            // A camera's frame has room on every side; across and upright too.
            ([240, 400], [960, 1280], true),
            ([60, 0], [700, 640], true),
            ([0, 100], [480, 900], true),
            // The person is too low, too far to the right: a tighter crop helps, up to a point.
            ([0, 40], [480, 640], true),
            ([0, 160], [480, 640], false),
            ([40, 0], [480, 640], true),
            ([70, 0], [480, 640], false),
            ([-70, 0], [480, 640], false),
            // No crop makes room above the head or beside the face.
            ([0, -60], [480, 640], false),
            ([-100, -50], [280, 373], false),
            // The head must not touch the lower edge either.
            ([0, 0], [480, 500], false),
        ] {
            let seen = framed(at, size);
            let found = crate::prepare(&seen, &profile).map(|copy| copy.crop);
            assert_eq!(found.is_ok(), expected, "{at:?} on {size:?}: {found:?}");
            assert_eq!(is_enough(&profile.judge(&seen)), expected, "{at:?} on {size:?}");
        }
        assert!(!is_enough(&profile.judge(&Portrait::nobody())));
    }
}
