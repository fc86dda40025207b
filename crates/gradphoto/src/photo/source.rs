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

/// What stands for a file by its path.
macro_rules! from_path {
    ($($path:ty),*) => {$(
        impl From<$path> for Source {
            fn from(path: $path) -> Self {
                Source::Path(PathBuf::from(path))
            }
        }
    )*};
}

from_path!(&Path, &PathBuf, &str, String, &String);

impl<N: Into<String>> From<(N, Vec<u8>)> for Source {
    fn from((name, bytes): (N, Vec<u8>)) -> Self {
        Source::Bytes(name.into(), bytes)
    }
}

impl<N: Into<String>> From<(N, &[u8])> for Source {
    fn from((name, bytes): (N, &[u8])) -> Self {
        Source::Bytes(name.into(), bytes.to_vec())
    }
}

impl<N: Into<String>> From<(N, RgbImage)> for Source {
    fn from((name, pixels): (N, RgbImage)) -> Self {
        Source::Pixels(name.into(), pixels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_comes_as_whatever_is_at_hand() {
        let path = PathBuf::from("a.jpg");
        let named = "a.jpg".to_owned();
        let sources: [Source; 6] = [
            "a.jpg".into(),
            (&named).into(),
            named.clone().into(),
            (&path).into(),
            path.as_path().into(),
            path.clone().into(),
        ];
        assert!(sources.iter().all(|source| matches!(source, Source::Path(path) if path == Path::new("a.jpg"))));
        assert!(
            matches!(("a.jpg", b"bytes".as_slice()).into(), Source::Bytes(name, bytes) if name == "a.jpg" && bytes == b"bytes")
        );
        assert!(matches!((named, RgbImage::new(1, 2)).into(), Source::Pixels(name, _) if name == "a.jpg"));
    }
}
