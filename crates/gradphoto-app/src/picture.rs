//! Pictures for the page.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use gradphoto::Photo;
use image::RgbImage;
use jpeg_encoder::{ColorType, Encoder};

/// IJG quality of small pictures.
const QUALITY: u8 = 70;

/// How large a small picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// To judge by: for the page, of a few photos.
    Large,
    /// Of those of a whole school, which keep a page below 100 MB.
    Small,
    /// For a row of a table.
    Thumbnail,
}

impl Size {
    /// Width and height in pixels that it fits into.
    fn px(self) -> (u32, u32) {
        match self {
            Size::Large => (360, 480),
            Size::Small => (150, 200),
            Size::Thumbnail => (60, 80),
        }
    }
}

/// A small picture of a photo.
pub struct Picture {
    /// Width and height of the photo itself.
    pub photo_px: (u32, u32),
    /// The picture.
    pub jpeg: Vec<u8>,
}

/// The small pictures of a photo, a JPEG of each [`Size`], empty where it cannot be compressed. They are made together from
/// pixels, so that nobody need decode one to make a smaller one.
#[derive(Clone, Debug)]
pub struct Pictures {
    /// Width and height of the photo itself.
    pub(crate) photo_px: (u32, u32),
    pub(crate) large: Vec<u8>,
    pub(crate) small: Vec<u8>,
    pub(crate) thumbnail: Vec<u8>,
}

impl Pictures {
    /// Of this photo.
    pub fn of(photo: &Photo) -> Pictures {
        let large = fitted(photo.pixels(), Size::Large.px()).unwrap_or_default();
        let smaller = |size: Size| scaled(&large, size.px(), QUALITY).unwrap_or_default();
        Pictures {
            photo_px: (photo.width_px(), photo.height_px()),
            small: smaller(Size::Small),
            thumbnail: smaller(Size::Thumbnail),
            large: compressed(&large, QUALITY).unwrap_or_default(),
        }
    }

    /// The one of this size.
    pub fn into_picture(self, size: Size) -> Picture {
        let jpeg = match size {
            Size::Large => self.large,
            Size::Small => self.small,
            Size::Thumbnail => self.thumbnail,
        };
        Picture { photo_px: self.photo_px, jpeg }
    }
}

/// Pixels scaled down into `fit_px` where they are more, compressed with this IJG quality.
pub fn scaled(pixels: &RgbImage, fit_px: (u32, u32), quality: u8) -> Option<Vec<u8>> {
    compressed(&fitted(pixels, fit_px)?, quality)
}

/// Pixels scaled down into `fit_px` where they are more.
pub fn fitted(pixels: &RgbImage, fit_px: (u32, u32)) -> Option<RgbImage> {
    let (width, height) = pixels.dimensions();
    let scale = (f64::from(fit_px.0) / f64::from(width)).min(f64::from(fit_px.1) / f64::from(height)).min(1.0);
    let side = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
    let mut fitted = RgbImage::new(side(width), side(height));
    let source = TypedImageRef::<U8x3>::from_buffer(width, height, pixels.as_raw()).ok()?;
    let mut target = TypedImage::<U8x3>::from_buffer(side(width), side(height), fitted.as_mut()).ok()?;
    let means = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Box));
    Resizer::new().resize_typed(&source, &mut target, &means).ok()?;
    Some(fitted)
}

fn compressed(pixels: &RgbImage, quality: u8) -> Option<Vec<u8>> {
    let (width, height) = (pixels.width().try_into().ok()?, pixels.height().try_into().ok()?);
    let mut jpeg = Vec::new();
    Encoder::new(&mut jpeg, quality).encode(pixels.as_raw(), width, height, ColorType::Rgb).ok()?;
    Some(jpeg)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradphoto::Source;

    #[test]
    fn pictures_fit_their_sizes_and_are_never_larger_than_the_photo() {
        let sides = |width, height| {
            let photo = Photo::load(Source::Pixels("a".to_owned(), RgbImage::new(width, height))).unwrap();
            let pictures = Pictures::of(&photo);
            [Size::Large, Size::Small, Size::Thumbnail].map(|size| {
                let picture = pictures.clone().into_picture(size);
                assert_eq!(picture.photo_px, (width, height));
                image::load_from_memory(&picture.jpeg).unwrap().into_rgb8().dimensions()
            })
        };
        assert_eq!(sides(480, 640), [(360, 480), (150, 200), (60, 80)]);
        assert_eq!(sides(4000, 3000), [(360, 270), (150, 113), (60, 45)]);
        assert_eq!(sides(100, 50), [(100, 50), (100, 50), (60, 30)]);
        assert_eq!(sides(1, 900), [(1, 480), (1, 200), (1, 80)]);
    }
}
