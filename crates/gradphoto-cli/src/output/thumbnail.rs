//! Small pictures of photos, for documents.

use std::io::Cursor;
use std::path::Path;

use gradphoto::{Photo, Source};
use image::ImageFormat;
use image::imageops::thumbnail;

/// The photo scaled down into a size in pixels of 96 dpi, as PNG with its own; `None` where it cannot be read.
pub fn png(photo: &Path, fit_px: (u32, u32)) -> Option<(Vec<u8>, (u32, u32))> {
    let photo = Photo::load(Source::from(photo)).ok()?;
    let (width, height) = (photo.width_px(), photo.height_px());
    // Twice the pixels of the screen, for the printer.
    let [fit_width, fit_height] = [fit_px.0, fit_px.1].map(|side| f64::from(2 * side));
    let scale = (fit_width / f64::from(width)).min(fit_height / f64::from(height)).min(1.0);
    let scaled = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
    let small = thumbnail(photo.pixels(), scaled(width), scaled(height));
    let mut png = Cursor::new(Vec::new());
    small.write_to(&mut png, ImageFormat::Png).ok()?;
    Some((png.into_inner(), (small.width().div_ceil(2), small.height().div_ceil(2))))
}
