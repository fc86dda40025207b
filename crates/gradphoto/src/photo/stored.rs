//! What decoders give.

use image::DynamicImage;

use super::notes::Notes;
use super::{ColourModel, JpegFacts};

/// A picture as it is stored, and what its file says of it.
pub struct Stored {
    /// Whole, or made smaller as it was asked for.
    pub picture: DynamicImage,
    /// Width and height as stored.
    pub size_px: (u32, u32),
    pub bits_per_channel: u8,
    pub model: ColourModel,
    /// Whether the file's own profile has made the pixels sRGB already.
    pub is_converted: bool,
    pub notes: Notes,
    pub jpeg: Option<JpegFacts>,
    /// See [`FileFacts::has_more`].
    pub has_more: bool,
}
