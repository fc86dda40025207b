//! From scans to pixels.
//!
//! `zune-jpeg` is the faster decoder by a third and right where all components come in one scan or progressively, with the
//! first one sampled finest; elsewhere it paints green stripes without a word, so `jpeg-decoder` takes over.
//! `tests/pictures/against_pillow.py` compares both with libjpeg.

use image::{DynamicImage, GrayImage, RgbImage, RgbaImage};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;

use super::{Colours, File};
use crate::photo::fault::rare;
use crate::photo::quiet::caught;
use crate::text::Reason;

/// Decodes a picture whose scans have all been found whole; of one in inks (cyan, magenta, yellow, black), they stand where else
/// red, green, blue and alpha do.
///
/// # Errors
/// A sentence when no decoder supports it: since all of it is there, it is of a rare kind.
pub(super) fn decode(file: &File) -> Result<DynamicImage, Reason> {
    let bytes = self_contained(file);
    let fast = is_ordinary(file).then(|| caught(|| with_zune(&bytes, file.colours)).flatten()).flatten();
    let samples = fast.or_else(|| caught(|| jpeg_decoder::Decoder::new(bytes.as_slice()).decode().ok()).flatten());
    let (width, height) = (file.frame.width as u32, file.frame.height as u32);
    let picture = samples.and_then(|samples| match file.colours {
        Colours::Grey => GrayImage::from_raw(width, height, samples).map(DynamicImage::from),
        Colours::Cmyk | Colours::Ycck => RgbaImage::from_raw(width, height, samples).map(DynamicImage::from),
        _ => RgbImage::from_raw(width, height, samples).map(DynamicImage::from),
    });
    picture.ok_or_else(|| rare("解码器不支持", "no decoder supports it"))
}

/// Whether the faster decoder is right.
fn is_ordinary(file: &File) -> bool {
    let components = &file.frame.components;
    let is_finest = components
        .first()
        .is_some_and(|first| components.iter().all(|other| other.across <= first.across && other.down <= first.down));
    let is_doubled = components.iter().all(|component| component.across != 3 && component.down != 3);
    // Of inks it makes colours of its own.
    let is_of_inks = components.len() == 4;
    is_finest && is_doubled && !is_of_inks && (file.frame.is_progressive || file.scans == 1)
}

/// A file of the picture alone that says what its colours are.
fn self_contained(file: &File) -> Vec<u8> {
    let transform = match file.colours {
        Colours::Rgb | Colours::Cmyk => 0,
        Colours::YCbCr | Colours::Grey => 1,
        Colours::Ycck => 2,
    };
    let adobe = [0xFF, 0xD8, 0xFF, 0xEE, 0, 14, b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, transform];
    let head = if file.colours == Colours::Grey { &adobe[..2] } else { &adobe };
    [head, &file.plain, &[0xFF, super::END_OF_IMAGE]].concat()
}

/// One sample a pixel of grey pictures, else three.
fn with_zune(bytes: &[u8], colours: Colours) -> Option<Vec<u8>> {
    let space = if colours == Colours::Grey { ColorSpace::Luma } else { ColorSpace::RGB };
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX)
        .jpeg_set_max_scans(super::MAX_SCANS)
        .jpeg_set_out_colorspace(space);
    zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options).decode().ok()
}
