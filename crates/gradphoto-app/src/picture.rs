//! Pictures for the page.

use gradphoto::Photo;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::thumbnail;

/// Of a few photos pictures are large enough to judge by; those of a whole school keep a page below 100 MB.
pub const LARGE_PX: (u32, u32) = (360, 480);
/// See [`LARGE_PX`].
pub const SMALL_PX: (u32, u32) = (150, 200);

const QUALITY: u8 = 70;

/// The photo scaled down into `fit_px`, as a JPEG; `None` where it cannot be compressed.
pub fn small(photo: &Photo, fit_px: (u32, u32)) -> Option<Vec<u8>> {
    scaled(photo, fit_px, QUALITY)
}

/// The photo scaled down into `fit_px` where it is larger, compressed with this IJG quality.
pub fn scaled(photo: &Photo, fit_px: (u32, u32), quality: u8) -> Option<Vec<u8>> {
    let (width, height) = photo.pixels().dimensions();
    let scale = (f64::from(fit_px.0) / f64::from(width)).min(f64::from(fit_px.1) / f64::from(height)).min(1.0);
    let side = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, quality);
    let written = match scale < 1.0 {
        true => encoder.encode_image(&thumbnail(photo.pixels(), side(width), side(height))),
        false => encoder.encode_image(photo.pixels()),
    };
    written.ok().map(|()| jpeg)
}
