//! Colour: sRGB to CIELAB (D65), the difference CIEDE2000, and order statistics of colours.

use palette::color_difference::Ciede2000;
use palette::white_point::D65;
use palette::{FromColor, LinSrgb, Srgb};

/// CIELAB under D65: `l` 0 to 100, `a` and `b` about -128 to 127.
pub type Lab = palette::Lab<D65, f32>;

/// CIELAB of an sRGB colour.
pub fn lab_from_rgb(rgb: [u8; 3]) -> Lab {
    lab_from_lightness(xyz_over_white(linear_from_rgb(rgb)).map(lightness))
}

/// CIELAB of each of these sRGB colours.
pub(crate) fn labs_from_rgb(colours: &[[u8; 3]]) -> impl Iterator<Item = Lab> {
    // In steps, so that the compiler makes vector code of the second.
    let mut values = colours.iter().map(|&rgb| xyz_over_white(linear_from_rgb(rgb))).collect::<Vec<_>>();
    values.as_flattened_mut().iter_mut().for_each(|value| *value = lightness(*value));
    values.into_iter().map(lab_from_lightness)
}

/// Rows of the matrix from linear sRGB to CIE XYZ over the white of D65 (IEC 61966-2-1).
const XYZ_OVER_WHITE: [[f32; 3]; 3] = [
    [0.412_456_4 / 0.950_47, 0.357_576_1 / 0.950_47, 0.180_437_5 / 0.950_47],
    [0.212_672_9, 0.715_152_2, 0.072_175],
    [0.019_333_9 / 1.088_83, 0.119_192 / 1.088_83, 0.950_304_1 / 1.088_83],
];

#[inline(always)]
fn xyz_over_white([red, green, blue]: [f32; 3]) -> [f32; 3] {
    let sum = |[r, g, b]: [f32; 3]| r * red + g * green + b * blue;
    let [x, y, z] = XYZ_OVER_WHITE;
    [sum(x), sum(y), sum(z)]
}

#[inline(always)]
fn lab_from_lightness([x, y, z]: [f32; 3]) -> Lab {
    Lab::new(116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z))
}

/// The function f of CIELAB (ISO/CIE 11664-4), for 0 to 1.
#[inline(always)]
fn lightness(light: f32) -> f32 {
    const DARK: f32 = 216.0 / 24_389.0;
    let of_dark = light * (841.0 / 108.0) + 4.0 / 29.0;
    if light > DARK { cube_root(light) } else { of_dark }
}

/// To the last bit or two of a positive number, without the branches and the double precision of the standard library's.
#[inline(always)]
fn cube_root(value: f32) -> f32 {
    // A third of the exponent is right to 5 %; each of Halley's steps triples the digits.
    let mut root = f32::from_bits(value.to_bits() / 3 + 0x2A51_4067);
    for _ in 0..2 {
        let cube = root * root * root;
        root *= (cube + 2.0 * value) / (2.0 * cube + value);
    }
    root
}

/// Linear red, green and blue, 0 to 1, of an sRGB colour.
pub(crate) fn linear_from_rgb(rgb: [u8; 3]) -> [f32; 3] {
    Srgb::from(rgb).into_linear::<f32>().into()
}

/// Linear red, green and blue of sRGB, 0 to 1 for colours that sRGB has.
pub(crate) fn linear_from_lab(colour: Lab) -> [f32; 3] {
    LinSrgb::from_color(colour).into()
}

/// Luminance relative to white, 0 to 1 (CIE 1976).
pub(crate) fn luminance(colour: Lab) -> f64 {
    linear_from_lab(colour).into_iter().zip([0.2126, 0.7152, 0.0722]).map(|(c, share)| f64::from(c) * share).sum()
}

/// Chroma C*ab (CIE 1976).
pub(crate) fn chroma(colour: &Lab) -> f32 {
    colour.a.hypot(colour.b)
}

/// Hue angle hab (CIE 1976) in degrees, 0 to 360.
pub(crate) fn hue_deg(colour: &Lab) -> f32 {
    colour.b.atan2(colour.a).to_degrees().rem_euclid(360.0)
}

/// Colour difference CIEDE2000 (CIE 142-2001): about 1 is just visible side by side.
pub fn delta_e(a: Lab, b: Lab) -> f64 {
    f64::from(a.difference(b))
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
pub(crate) fn mean(colours: impl IntoIterator<Item = Lab>) -> Option<Lab> {
    let with = |(n, sum): (usize, [f32; 3]), c: Lab| (n + 1, [sum[0] + c.l, sum[1] + c.a, sum[2] + c.b]);
    let (n, sum) = colours.into_iter().fold((0, [0.0; 3]), with);
    let [l, a, b] = sum.map(|sum| sum / n as f32);
    (n > 0).then(|| Lab::new(l, a, b))
}

/// The value that `percent` of `values` lie below, by nearest rank; `None` without values.
pub(crate) fn percentile(values: Vec<f32>, percent: f32) -> Option<f32> {
    percentile_beside_zeros(values, 0, percent)
}

/// The same of these values, none of them negative, and as many zeros.
pub(crate) fn percentile_beside_zeros(mut values: Vec<f32>, zeros: usize, percent: f32) -> Option<f32> {
    let last = (values.len() + zeros).checked_sub(1)?;
    let rank = ((percent / 100.0 * last as f32).round() as usize).min(last);
    Some(match rank.checked_sub(zeros) {
        Some(rank) => *values.select_nth_unstable_by(rank, f32::total_cmp).1,
        None => 0.0,
    })
}

/// How often each of the levels from 0 to below `N` occurs.
pub(crate) struct Levels<const N: usize>([u32; N]);

impl<const N: usize> Levels<N> {
    pub(crate) fn none() -> Self {
        Levels([0; N])
    }

    pub(crate) fn of(levels: impl IntoIterator<Item = impl Into<usize>>) -> Self {
        let mut counted = Levels::none();
        levels.into_iter().for_each(|level| counted.add(level));
        counted
    }

    pub(crate) fn add(&mut self, level: impl Into<usize>) {
        self.0[level.into()] += 1;
    }

    /// What `percent` lie below, as if those of a level were spread evenly up to halfway to its neighbours; 0 where none occurs.
    pub(crate) fn percentile(&self, percent: f32) -> f32 {
        let all = self.0.iter().sum::<u32>();
        let rank = percent / 100.0 * all.saturating_sub(1) as f32 + 0.5;
        let mut below = 0.0;
        for (level, &count) in self.0.iter().enumerate().filter(|(_, count)| **count > 0) {
            let within = (rank - below) / count as f32;
            if within <= 1.0 {
                return (level as f32 - 0.5 + within).max(0.0);
            }
            below += count as f32;
        }
        0.0
    }
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
    fn colours_are_those_of_the_palette_library() {
        let levels = (0..=255).step_by(5);
        let colours = levels
            .clone()
            .flat_map(|r| levels.clone().flat_map(move |g| (0..=255).step_by(17).map(move |b| [r, g, b])));
        let colours = colours.collect::<Vec<[u8; 3]>>();
        for (&rgb, lab) in colours.iter().zip(labs_from_rgb(&colours)) {
            let expected = Lab::from_color(Srgb::from(rgb).into_linear::<f32>());
            assert!(distance(lab, expected) < 1e-3, "{rgb:?}: {lab:?} is not {expected:?}");
            assert_eq!(lab_from_rgb(rgb), lab);
        }
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
        let levels = Levels::<101>::of(0..=100_u8);
        assert_eq!([0.0, 3.0, 100.0].map(|percent| levels.percentile(percent)), [0.0, 3.0, 100.0]);
        let middle = |levels: Vec<u8>| Levels::<10>::of(levels).percentile(50.0);
        assert_eq!([vec![], vec![7], vec![7, 9], vec![7, 7, 9]].map(middle), [0.0, 7.0, 7.5, 7.25]);
    }
}
