//! From the colours that a file declares to sRGB.

use image::{DynamicImage, Rgb, RgbImage, RgbaImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::notes::Notes;
use super::quiet::caught;

/// Converts from what the format declares, else from the embedded profile, else from what EXIF declares; a profile that is
/// not RGB or not valid leaves the pixels as they are. Tells whether they were sRGB to the eye.
pub(super) fn convert_to_srgb(pixels: &mut RgbImage, notes: &Notes) -> bool {
    let embedded = || caught(|| ColorProfile::new_from_slice(notes.profile.as_deref()?).ok())?;
    let declared = || notes.is_adobe_rgb().then(ColorProfile::new_adobe_rgb);
    let Some(source) = notes.colours.clone().or_else(embedded).or_else(declared) else { return true };
    let Some((converted, farthest)) = caught(|| converted(pixels, &source)).flatten() else { return true };
    pixels.copy_from_slice(&converted);
    farthest <= ROUNDING_LEVELS
}

/// What inks (cyan, magenta, yellow, black) look like: in sRGB by the embedded profile, which is told, else roughly, as if every ink
/// took away its own light alone.
pub(super) fn printed(inks: &RgbaImage, profile: Option<&[u8]>) -> (DynamicImage, bool) {
    if let Some(printed) = profile.and_then(|profile| caught(|| converted_inks(inks, profile))?) {
        return (printed.into(), true);
    }
    let light =
        |[c, m, y, k]: [u8; 4]| Rgb([c, m, y].map(|ink| ((255 - u32::from(ink)) * (255 - u32::from(k)) / 255) as u8));
    let roughly = RgbImage::from_fn(inks.width(), inks.height(), |x, y| light(inks.get_pixel(x, y).0));
    (roughly.into(), false)
}

fn converted_inks(inks: &RgbaImage, profile: &[u8]) -> Option<RgbImage> {
    let source =
        ColorProfile::new_from_slice(profile).ok().filter(|source| source.color_space == DataColorSpace::Cmyk)?;
    let srgb = ColorProfile::new_srgb();
    let transform = source.create_transform_8bit(Layout::Rgba, &srgb, Layout::Rgb, TransformOptions::default()).ok()?;
    let mut pixels = RgbImage::new(inks.width(), inks.height());
    transform.transform(inks.as_raw(), &mut pixels).ok()?;
    Some(pixels)
}

/// The pixels in sRGB, and how many levels the profile moves colours at most; `None` where it leaves them as they are, or cannot
/// be used.
fn converted(pixels: &RgbImage, source: &ColorProfile) -> Option<(Vec<u8>, u8)> {
    if source.color_space != DataColorSpace::Rgb {
        return None;
    }
    let srgb = ColorProfile::new_srgb();
    let transform = source.create_transform_8bit(Layout::Rgb, &srgb, Layout::Rgb, TransformOptions::default()).ok()?;
    // Most profiles are sRGB by another maker's hand: what leaves these colours alone is not run over the picture.
    let probe = PROBE_LEVELS.map(|r| PROBE_LEVELS.map(|g| PROBE_LEVELS.map(|b| [r, g, b])));
    let probe = probe.as_flattened().as_flattened().as_flattened();
    let mut shown = vec![0; probe.len()];
    transform.transform(probe, &mut shown).ok()?;
    let farthest = shown.iter().zip(probe).map(|(shown, stored)| shown.abs_diff(*stored)).max()?;
    if farthest == 0 {
        return None;
    }
    let mut converted = vec![0; pixels.as_raw().len()];
    transform.transform(pixels.as_raw(), &mut converted).ok()?;
    Some((converted, farthest))
}

/// Levels of each channel whose combinations tell sRGB from other profiles.
const PROBE_LEVELS: [u8; 4] = [20, 90, 160, 250];
/// Levels by which makers' profiles of sRGB miss it.
const ROUNDING_LEVELS: u8 = 3;
