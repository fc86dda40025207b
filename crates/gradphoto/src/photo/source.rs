//! Where a photo comes from.

use std::path::{Path, PathBuf};

use image::RgbImage;

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
