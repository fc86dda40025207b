//! Where a photo comes from.

use std::path::{Path, PathBuf};

use image::RgbImage;

use crate::error::Error;

/// A photo to check.
#[derive(Clone, Debug)]
pub enum Source {
    /// A file.
    Path(PathBuf),
    /// The bytes of a file, and the name to report it under.
    Bytes(String, Vec<u8>),
    /// Upright sRGB pixels, and the name to report them under. File rules are not assessed.
    Pixels(String, RgbImage),
}

impl Source {
    /// The name the photo is reported under.
    pub fn name(&self) -> String {
        match self {
            Source::Path(path) => path.display().to_string(),
            Source::Bytes(name, _) | Source::Pixels(name, _) => name.clone(),
        }
    }
}

impl Source {
    /// The same photo with its bytes in memory; only a path changes.
    ///
    /// # Errors
    /// As [`Photo::load`](crate::Photo::load) for files that cannot be read or are too large.
    pub fn read(self) -> Result<Source, Error> {
        match self {
            Source::Path(path) => Ok(Source::Bytes(path.display().to_string(), super::read(&path)?)),
            source => Ok(source),
        }
    }
}

impl From<PathBuf> for Source {
    fn from(path: PathBuf) -> Self {
        Source::Path(path)
    }
}

impl From<&Path> for Source {
    fn from(path: &Path) -> Self {
        Source::Path(path.to_owned())
    }
}

impl From<&str> for Source {
    fn from(path: &str) -> Self {
        Source::Path(path.into())
    }
}
