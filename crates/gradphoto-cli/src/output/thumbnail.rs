//! Small pictures of photos, for documents.

use std::io::Cursor;
use std::path::Path;

use gradphoto::{Photo, Source};
use gradphoto_app::picture::fitted;
use image::ImageFormat;

/// The photo scaled down into a size in pixels of 96 dpi, as PNG with its own; `None` where it cannot be read.
pub fn png(photo: &Path, fit_px: (u32, u32)) -> Option<(Vec<u8>, (u32, u32))> {
    let photo = Photo::load(Source::from(photo)).ok()?;
    // Twice the pixels of the screen, for the printer.
    let small = fitted(photo.pixels(), (2 * fit_px.0, 2 * fit_px.1))?;
    let mut png = Cursor::new(Vec::new());
    small.write_to(&mut png, ImageFormat::Png).ok()?;
    Some((png.into_inner(), (small.width().div_ceil(2), small.height().div_ceil(2))))
}
