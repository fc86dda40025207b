//! Small pictures of photos.

use std::path::Path;

use gradphoto::{Photo, Source};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::thumbnail;

/// A photo made small.
pub struct Thumbnail {
    /// Width and height of the photo itself.
    pub photo_px: (u32, u32),
    /// The small picture.
    pub jpeg: Vec<u8>,
}

impl Thumbnail {
    /// The photo scaled down into `fit_px` and compressed with this IJG quality; `None` where it cannot be read.
    pub fn of(photo: &Path, fit_px: (u32, u32), quality: u8) -> Option<Thumbnail> {
        let photo = Photo::load(Source::from(photo)).ok()?;
        let (width, height) = (photo.width_px(), photo.height_px());
        let scale = (f64::from(fit_px.0) / f64::from(width)).min(f64::from(fit_px.1) / f64::from(height)).min(1.0);
        let scaled = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
        let small = thumbnail(photo.pixels(), scaled(width), scaled(height));
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, quality).encode_image(&small).ok()?;
        Some(Thumbnail { photo_px: (width, height), jpeg })
    }
}
