//! Pictures for the page.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use gradphoto::Photo;
use image::RgbImage;
use jpeg_encoder::{ColorType, Encoder};

/// Of a few photos pictures are large enough to judge by; those of a whole school keep a page below 100 MB.
pub const LARGE_PX: (u32, u32) = (360, 480);
/// See [`LARGE_PX`].
pub const SMALL_PX: (u32, u32) = (150, 200);

/// IJG quality of a page's pictures.
pub const QUALITY: u8 = 70;

/// A small picture of a photo.
pub struct Picture {
    /// Width and height of the photo itself.
    pub photo_px: (u32, u32),
    /// The picture.
    pub jpeg: Vec<u8>,
}

impl Picture {
    /// The photo scaled down into `fit_px`; `None` where it cannot be compressed.
    pub fn of(photo: &Photo, fit_px: (u32, u32)) -> Option<Picture> {
        Some(Picture { photo_px: (photo.width_px(), photo.height_px()), jpeg: small(photo, fit_px)? })
    }
}

/// The photo scaled down into `fit_px`, as a JPEG; `None` where it cannot be compressed.
pub fn small(photo: &Photo, fit_px: (u32, u32)) -> Option<Vec<u8>> {
    scaled(photo.pixels(), fit_px, QUALITY)
}

/// A small picture made smaller, with this IJG quality; `None` where it is none.
pub fn smaller(jpeg: &[u8], fit_px: (u32, u32), quality: u8) -> Option<Vec<u8>> {
    scaled(&image::load_from_memory(jpeg).ok()?.into_rgb8(), fit_px, quality)
}

/// Pixels scaled down into `fit_px` where they are more, compressed with this IJG quality.
pub fn scaled(pixels: &RgbImage, fit_px: (u32, u32), quality: u8) -> Option<Vec<u8>> {
    let (width, height) = pixels.dimensions();
    let scale = (f64::from(fit_px.0) / f64::from(width)).min(f64::from(fit_px.1) / f64::from(height)).min(1.0);
    let side = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
    let mut small = TypedImage::<U8x3>::new(side(width), side(height));
    let source = TypedImageRef::<U8x3>::from_buffer(width, height, pixels.as_raw()).ok()?;
    let means = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Box));
    Resizer::new().resize_typed(&source, &mut small, &means).ok()?;
    let samples = small.pixels().iter().map(|pixel| pixel.0).collect::<Vec<_>>().into_flattened();
    let (width, height) = (side(width).try_into().ok()?, side(height).try_into().ok()?);
    let mut jpeg = Vec::new();
    Encoder::new(&mut jpeg, quality).encode(&samples, width, height, ColorType::Rgb).ok()?;
    Some(jpeg)
}
