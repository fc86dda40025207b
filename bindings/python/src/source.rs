//! Photos as Python hands them over.

use std::path::PathBuf;

use gradphoto::photo::shown;
use image::{DynamicImage, GrayImage, RgbImage};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// A photo to check.
#[pyclass(frozen, module = "gradphoto._gradphoto")]
pub struct Source(pub gradphoto::Source);

#[pymethods]
impl Source {
    /// A file on disk.
    #[staticmethod]
    fn path(path: PathBuf) -> Self {
        Source(gradphoto::Source::Path(path))
    }

    /// The contents of a file and the name to report it under.
    #[staticmethod]
    fn file(name: PathBuf, contents: Vec<u8>) -> Self {
        Source(gradphoto::Source::Bytes(shown(&name), contents))
    }

    /// Rows of upright sRGB (3 channels) or grey (1 channel) pixels, 8 bit, and the name to report them under.
    #[staticmethod]
    fn pixels(name: PathBuf, width_px: u32, height_px: u32, channels: u32, pixels: Vec<u8>) -> PyResult<Self> {
        let picture = match channels {
            1 => GrayImage::from_raw(width_px, height_px, pixels).map(|grey| DynamicImage::from(grey).into_rgb8()),
            3 => RgbImage::from_raw(width_px, height_px, pixels),
            _ => None,
        };
        let picture = picture.ok_or_else(|| PyValueError::new_err("pixels do not fill width, height and channels"))?;
        Ok(Source(gradphoto::Source::Pixels(shown(&name), picture)))
    }
}
