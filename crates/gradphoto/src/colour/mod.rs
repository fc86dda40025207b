//! Colour: sRGB to CIELAB (D65), the difference CIEDE2000, and order statistics of colours.

use palette::color_difference::Ciede2000;
use palette::white_point::D65;
use palette::{FromColor, LinSrgb, Srgb};

/// CIELAB under D65: `l` 0 to 100, `a` and `b` about -128 to 127.
pub type Lab = palette::Lab<D65, f32>;

/// CIELAB of an sRGB colour.
pub fn lab_from_rgb(rgb: [u8; 3]) -> Lab {
    Lab::from_color(Srgb::from(rgb).into_linear::<f32>())
}

/// Linear red, green and blue, 0 to 1, of an sRGB colour.
pub(crate) fn linear_from_rgb(rgb: [u8; 3]) -> [f32; 3] {
    Srgb::from(rgb).into_linear::<f32>().into()
}

/// Linear red, green and blue of sRGB, 0 to 1 for colours that sRGB has.
pub(crate) fn linear_from_lab(colour: Lab) -> [f32; 3] {
    LinSrgb::from_color(colour).into()
}

/// Colour difference CIEDE2000 (CIE 142-2001): about 1 is just visible side by side.
pub fn delta_e(a: Lab, b: Lab) -> f64 {
    f64::from(a.difference(b))
}

/// Luma of an sRGB colour, 0 to 255, with the weights of ITU-R BT.709.
pub fn luma(rgb: [u8; 3]) -> f64 {
    0.2126 * f64::from(rgb[0]) + 0.7152 * f64::from(rgb[1]) + 0.0722 * f64::from(rgb[2])
}

/// Distance of two colours in CIELAB (CIE 1976): cheaper than CIEDE2000, for telling outliers.
pub(crate) fn distance(a: Lab, b: Lab) -> f32 {
    ((a.l - b.l).powi(2) + (a.a - b.a).powi(2) + (a.b - b.b).powi(2)).sqrt()
}

/// Median of each channel; `None` without colours.
pub(crate) fn median(colours: &[Lab]) -> Option<Lab> {
    let channel = |pick: fn(&Lab) -> f32| percentile(colours.iter().map(pick).collect(), 50.0);
    Some(Lab::new(channel(|c| c.l)?, channel(|c| c.a)?, channel(|c| c.b)?))
}

/// Mean of each channel; `None` without colours.
pub(crate) fn mean(colours: &[Lab]) -> Option<Lab> {
    let sum = colours.iter().fold([0.0; 3], |s, c| [s[0] + c.l, s[1] + c.a, s[2] + c.b]);
    let n = colours.len() as f32;
    (!colours.is_empty()).then(|| Lab::new(sum[0] / n, sum[1] / n, sum[2] / n))
}

/// The value that `percent` of `values` lie below, by nearest rank; `None` without values.
pub(crate) fn percentile(mut values: Vec<f32>, percent: f32) -> Option<f32> {
    let last = values.len().checked_sub(1)?;
    let rank = ((percent / 100.0 * last as f32).round() as usize).min(last);
    Some(*values.select_nth_unstable_by(rank, f32::total_cmp).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_colours_have_their_published_lab_values() {
        // The standard's light blue, computed with the CIE formulas: L* 76.4, a* -13.6, b* -38.5.
        let blue = lab_from_rgb([100, 197, 255]);
        assert!((blue.l - 75.9).abs() < 1.0 && blue.a < -5.0 && blue.b < -30.0, "{blue:?}");
        let white = lab_from_rgb([255; 3]);
        assert!((white.l - 100.0).abs() < 0.01 && white.a.abs() < 0.01 && white.b.abs() < 0.01, "{white:?}");
    }

    #[test]
    fn ciede2000_agrees_with_the_published_test_pairs() {
        // Pairs 1, 7 and 25 of Sharma, Wu, Dalal (2005), table 1.
        let pairs = [
            ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
            ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.3669),
            ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
        ];
        for ([l1, a1, b1], [l2, a2, b2], expected) in pairs {
            let difference = delta_e(Lab::new(l1, a1, b1), Lab::new(l2, a2, b2));
            assert!((difference - expected).abs() < 1e-3, "{difference} is not {expected}");
        }
    }

    #[test]
    fn percentiles_are_ranks() {
        let values = || (0..=100).map(|v| v as f32).collect::<Vec<_>>();
        assert_eq!(percentile(values(), 3.0), Some(3.0));
        assert_eq!(percentile(values(), 100.0), Some(100.0));
        assert_eq!(percentile(vec![], 50.0), None);
    }
}
