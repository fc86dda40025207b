//! Where a photo comes from.

use std::path::{Path, PathBuf};

use encoding_rs::GB18030;
use image::RgbImage;

use crate::error::Error;

/// A photo to check: a path, bytes with a name, or pixels with a name.
///
/// ```
/// use gradphoto::image::RgbImage;
/// use gradphoto::{Photo, Source};
///
/// # fn main() -> Result<(), gradphoto::Error> {
/// let uploaded = std::fs::read("../../tests/samples/blue.jpg").expect("a file");
/// let photo = Photo::load(Source::Bytes("zhang-san.jpg".to_owned(), uploaded))?;
/// assert_eq!(photo.file().and_then(|file| file.extension.as_deref()), Some("jpg"));
/// let drawn = Photo::load(("drawn", RgbImage::new(480, 640)))?;
/// assert!(drawn.file().is_none());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Source {
    /// A file.
    Path(PathBuf),
    /// The bytes of a file, and the name to report it under. The name is judged as that of a file: one that does not end in
    /// `.jpg`, such as `upload`, fails by the rule file-extension.
    Bytes(String, Vec<u8>),
    /// Upright sRGB pixels, and the name to report them under. File rules are not assessed.
    Pixels(String, RgbImage),
}

impl Source {
    /// The name the photo is reported under.
    pub fn name(&self) -> String {
        match self {
            Source::Path(path) => shown(path),
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
            Source::Path(path) => Ok(Source::Bytes(shown(&path), super::read(&path)?)),
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

/// A path as people read it: what is not UTF-8 is Chinese as Windows packs it into archives (GBK), else bytes by their
/// number, so that no two files look alike.
pub fn shown(path: &Path) -> String {
    if let Some(text) = path.to_str() {
        return text.to_owned();
    }
    if !cfg!(unix) {
        return path.display().to_string();
    }
    let name = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(name) => name.to_owned(),
        Err(_) => match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
            Some(name) => name.into_owned(),
            None => bytes.escape_ascii().to_string(),
        },
    };
    path.as_os_str().as_encoded_bytes().split(|byte| *byte == b'/').map(name).collect::<Vec<_>>().join("/")
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

    #[cfg(unix)]
    #[test]
    fn names_are_read_as_whoever_packed_them_wrote_them() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;

        let read = |bytes: &[u8]| shown(Path::new(OsStr::from_bytes(bytes)));
        assert_eq!(read("照片/张三.jpg".as_bytes()), "照片/张三.jpg");
        let gbk = GB18030.encode("张三.jpg").0.into_owned();
        assert_eq!(read(&["照片/".as_bytes(), &gbk].concat()), "照片/张三.jpg");
        assert_eq!(read(b"a/\xff\xfe.jpg"), r"a/\xff\xfe.jpg");
    }
}
