//! Small pictures for the page: made while a photo is in hand, kept in the output folder, found again by the hash of the photo's
//! bytes. The folder of the cache holds no pictures.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use gradphoto::{Photo, Source};
use gradphoto_app::picture::{LARGE_PX, Picture, SMALL_PX};

use crate::whole;

/// Name of the folder within the output folder.
const FOLDER: &str = ".pictures";
/// So many photos may have large pictures.
const LARGE_AT_MOST: usize = 1000;

/// Where small pictures are kept.
pub struct Pictures {
    folder: PathBuf,
    fit_px: (u32, u32),
}

impl Pictures {
    /// For a page of so many photos, in this output folder.
    pub fn new(output: &Path, photos: usize) -> Pictures {
        Pictures { folder: output.join(FOLDER), fit_px: if photos > LARGE_AT_MOST { SMALL_PX } else { LARGE_PX } }
    }

    /// Keeps the picture of a photo that is in hand, unless it is kept already.
    pub fn keep(&self, photo: &Photo) {
        if !self.file(photo.sha256()).exists() {
            self.make(photo);
        }
    }

    /// The picture of the photo with this hash, kept or made anew from its file; `None` where that cannot be read.
    pub fn of(&self, photo: &Path, sha256: &str) -> Option<Picture> {
        let kept = || from_bytes(&fs::read(self.file(sha256)).ok()?);
        kept().or_else(|| self.make(&Photo::load(Source::from(photo)).ok()?))
    }

    /// Removes the pictures of all photos but those with these hashes.
    pub fn keep_only<'a>(&self, hashes: impl Iterator<Item = &'a str>) {
        let wanted = hashes.map(|sha256| self.name(sha256).into()).collect::<HashSet<OsString>>();
        for file in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if !wanted.contains(&file.file_name()) {
                // One that stays is in nobody's way.
                let _ = fs::remove_file(file.path());
            }
        }
    }

    fn make(&self, photo: &Photo) -> Option<Picture> {
        let made = Picture::of(photo, self.fit_px)?;
        // A picture that cannot be kept costs time, not results.
        let _ = whole::write(&self.file(photo.sha256()), &to_bytes(&made));
        Some(made)
    }

    fn file(&self, sha256: &str) -> PathBuf {
        self.folder.join(self.name(sha256))
    }

    fn name(&self, sha256: &str) -> String {
        format!("{sha256}-{}", self.fit_px.0)
    }
}

/// Width and height of the photo, then the JPEG.
fn to_bytes(picture: &Picture) -> Vec<u8> {
    let (width, height) = picture.photo_px;
    [&width.to_le_bytes(), &height.to_le_bytes(), picture.jpeg.as_slice()].concat()
}

fn from_bytes(bytes: &[u8]) -> Option<Picture> {
    let (width, rest) = bytes.split_first_chunk()?;
    let (height, jpeg) = rest.split_first_chunk()?;
    let photo_px = (u32::from_le_bytes(*width), u32::from_le_bytes(*height));
    // Files are written whole, so one that begins as a picture is one.
    jpeg.starts_with(&[0xFF, 0xD8]).then(|| Picture { photo_px, jpeg: jpeg.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/samples/blue.jpg");

    #[test]
    fn a_kept_picture_needs_no_photo_and_fits() {
        let output = std::env::temp_dir().join(format!("gradphoto-pictures-{}", std::process::id()));
        let photo = Photo::load(Source::from(SAMPLE)).expect("a sample");
        let gone = Path::new("no such photo.jpg");
        for (photos, fit_px) in [(3, LARGE_PX), (LARGE_AT_MOST + 1, SMALL_PX)] {
            let pictures = Pictures::new(&output, photos);
            assert!(pictures.of(gone, photo.sha256()).is_none());
            let anew = pictures.of(Path::new(SAMPLE), photo.sha256()).expect("made anew");
            let kept = pictures.of(gone, photo.sha256()).expect("kept");
            assert_eq!((kept.photo_px, &kept.jpeg), ((photo.width_px(), photo.height_px()), &anew.jpeg));
            pictures.keep_only(std::iter::empty());
            pictures.keep(&photo);
            assert_eq!(pictures.of(gone, photo.sha256()).expect("kept").jpeg, anew.jpeg);
            let size = |picture: &Picture| {
                let shown = image::load_from_memory(&picture.jpeg).expect("a JPEG");
                (shown.width(), shown.height())
            };
            assert_eq!(size(&kept), fit_px);
            pictures.keep_only([photo.sha256()].into_iter());
            assert!(pictures.of(gone, photo.sha256()).is_some());
        }
        let pictures = Pictures::new(&output, 3);
        pictures.keep_only(std::iter::empty());
        assert!(pictures.of(gone, photo.sha256()).is_none());
        fs::remove_dir_all(output).expect("removes");
    }

    #[test]
    fn what_is_no_picture_is_none() {
        for bytes in [b"".as_slice(), b"\0\0\0\0\0\0\0\0", b"\0\0\0\0\0\0\0\0PNG"] {
            assert!(from_bytes(bytes).is_none());
        }
    }
}
