//! From bytes to upright sRGB pixels, and what the bytes say of themselves.

mod ai_label;
#[cfg(test)]
mod cases;
mod colour_space;
mod decode;
mod density;
mod directories;
mod facts;
mod fault;
mod fingerprint;
mod format;
mod halved;
mod jpeg;
mod notes;
mod png;
mod quiet;
mod source;
mod still;
mod stored;
mod taken;
mod xmp;

use std::borrow::Cow;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use image::{GrayImage, Pixel, Rgb, RgbImage, imageops};
use sha2::{Digest, Sha256};

pub use ai_label::AiLabel;
pub use density::Density;
pub use facts::{ColourModel, FileFacts};
pub use fingerprint::Fingerprint;
pub use format::FileFormat;
pub(crate) use halved::halved;
pub use jpeg::JpegFacts;
pub use source::{Source, shown};
pub use taken::Taken;
pub(crate) use taken::days;

use crate::error::Error;
use crate::geometry::{Point, Region};
use crate::text::{Reason, hex};
use decode::decoded;
use fault::fault;

/// Larger files are refused unread: no camera's JPEG is that large.
pub const MAX_FILE_BYTES: u64 = 64 << 20;
/// Pictures of more pixels are refused undecoded.
pub const MAX_PIXELS: u64 = 100_000_000;

/// A decoded photo: upright, sRGB, 8 bit.
///
/// The photo of [`Evidence`](crate::evidence::Evidence) is made smaller when it is a camera's original or of twice the standard's
/// size, to a half, a quarter or an eighth of its width and height: what is seen on it is told in pixels of [`Photo::pixels`]. Reports tell regions in pixels
/// of the original, which are [`Photo::reduction`] times as many each way.
#[derive(Clone, Debug)]
pub struct Photo {
    name: String,
    sha256: String,
    pixels: RgbImage,
    /// Width and height of the original, upright.
    original_px: (u32, u32),
    reduction: u32,
    /// `None` for pixels that were not made smaller.
    origin: Option<Arc<Origin>>,
    file: Option<FileFacts>,
}

/// What a photo was made from.
#[derive(Debug)]
enum Origin {
    /// The bytes of its file.
    File(Vec<u8>),
    /// Pixels that it was made smaller from.
    Pixels(RgbImage),
}

/// By what a picture of this width and height is made smaller: 1, 2, 4 or 8.
type Reduction = fn(u32, u32) -> u32;

fn not_reduced(_width: u32, _height: u32) -> u32 {
    1
}

/// So that the shorter side keeps half as much again as the standard asks of a photo, and more: of a camera's original most is
/// cropped. One that stands in the shape of the standard is cropped already, and keeps the size that the standard asks for.
fn reduced_to_measure(width: u32, height: u32) -> u32 {
    const STANDARD_PX: (u32, u32) = (480, 640);
    const SHORTER_SIDE_PX: u32 = 720;
    let is_cropped = (u64::from(width) * u64::from(STANDARD_PX.1))
        .abs_diff(u64::from(height) * u64::from(STANDARD_PX.0))
        <= u64::from(height);
    let halved = if is_cropped && width >= 2 * STANDARD_PX.0 { 2 } else { 1 };
    [8, 4, 2].into_iter().find(|reduction| width.min(height) / reduction >= SHORTER_SIDE_PX).unwrap_or(halved)
}

impl Photo {
    /// Reads and decodes a photo, with all of its pixels.
    ///
    /// # Errors
    /// [`ErrorKind::Read`](crate::ErrorKind::Read) when the path is no readable file,
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) when its bytes are no whole picture of a
    /// known format, are animated, or exceed [`MAX_FILE_BYTES`] or [`MAX_PIXELS`].
    ///
    /// ```
    /// let photo = gradphoto::Photo::load("../../tests/samples/blue.jpg")?;
    /// assert_eq!((photo.width_px(), photo.height_px()), (480, 640));
    /// # Ok::<(), gradphoto::Error>(())
    /// ```
    pub fn load(source: impl Into<Source>) -> Result<Photo, Error> {
        Photo::load_reduced(source.into(), not_reduced)
    }

    /// The same, a camera's original made smaller on the way: everything is measured at about the standard's size.
    #[cfg(feature = "vision")]
    pub(crate) fn load_to_measure(source: Source) -> Result<Photo, Error> {
        Photo::load_reduced(source, reduced_to_measure)
    }

    fn load_reduced(source: Source, reduction: Reduction) -> Result<Photo, Error> {
        let name = source.name();
        let bytes = match source {
            Source::Path(path) => read(&path)?,
            Source::Bytes(_, bytes) => bytes,
            Source::Pixels(_, pixels) if pixels.is_empty() => return Err(Error::decode(name, no_pixels())),
            Source::Pixels(_, pixels) => return Ok(Photo::from_pixels(name, pixels, reduction)),
        };
        let photo = decoded(&name, &bytes, reduction)?;
        Ok(Photo { origin: Some(Arc::new(Origin::File(bytes))), ..photo })
    }

    fn from_pixels(name: String, pixels: RgbImage, reduction: Reduction) -> Photo {
        let mut hash = Sha256::new();
        hash.update(pixels.width().to_le_bytes());
        hash.update(pixels.height().to_le_bytes());
        hash.update(pixels.as_raw());
        let sha256 = hex(&hash.finalize());
        let original_px = pixels.dimensions();
        let reduction = reduction(original_px.0, original_px.1);
        let origin = (reduction > 1).then(|| Arc::new(Origin::Pixels(pixels.clone())));
        let pixels = reduced(pixels, original_px, reduction);
        Photo { name, sha256, pixels, original_px, reduction, origin, file: None }
    }

    /// The name it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 of the file's bytes, or of the pixels where there is no file, in hex.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Upright sRGB pixels, [`Photo::reduction`] times fewer each way than the original has.
    pub fn pixels(&self) -> &RgbImage {
        &self.pixels
    }

    /// Pixels of the original, each way, that became one: 1, 2, 4 or 8.
    pub fn reduction(&self) -> u32 {
        self.reduction
    }

    /// Upright sRGB pixels of the original.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) when there is no memory for them.
    pub(crate) fn original(&self) -> Result<Cow<'_, RgbImage>, Error> {
        match self.origin.as_deref().filter(|_| self.reduction > 1) {
            None => Ok(Cow::Borrowed(&self.pixels)),
            Some(Origin::Pixels(pixels)) => Ok(Cow::Borrowed(pixels)),
            Some(Origin::File(bytes)) => decoded(&self.name, bytes, not_reduced).map(|photo| Cow::Owned(photo.pixels)),
        }
    }

    /// The bytes of the file; `None` when the photo came as pixels.
    #[cfg(feature = "prepare")]
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        match self.origin.as_deref()? {
            Origin::File(bytes) => Some(bytes),
            Origin::Pixels(_) => None,
        }
    }

    /// Facts of the file; `None` when the photo came as pixels.
    pub fn file(&self) -> Option<&FileFacts> {
        self.file.as_ref()
    }

    /// Width in pixels, of the original.
    pub fn width_px(&self) -> u32 {
        self.original_px.0
    }

    /// Height in pixels, of the original.
    pub fn height_px(&self) -> u32 {
        self.original_px.1
    }

    /// Colours of the pixels whose centres lie within `radius_px` of `centre`.
    pub(crate) fn disc(&self, centre: Point, radius_px: f64) -> Vec<[u8; 3]> {
        let span = |middle: f64, size: u32| {
            let clamp = |v: f64| v.clamp(0.0, f64::from(size)) as u32;
            clamp((middle - radius_px).floor())..clamp((middle + radius_px).ceil())
        };
        let rows = span(centre.y, self.pixels.height());
        let pixels = rows.flat_map(|y| span(centre.x, self.pixels.width()).map(move |x| (x, y)));
        let is_within =
            |&(x, y): &(u32, u32)| Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5).distance(centre) <= radius_px;
        pixels.filter(is_within).map(|(x, y)| self.pixels.get_pixel(x, y).0).collect()
    }

    /// Luma of the part of the photo under `region`, reduced by `scale` (at most 1); `None` when under 8 px remain.
    pub(crate) fn luma_patch(&self, region: Region, scale: f64) -> Option<GrayImage> {
        let clamp = |v: f64, size: u32| v.clamp(0.0, f64::from(size)) as u32;
        let (left, top) = (clamp(region.x, self.pixels.width()), clamp(region.y, self.pixels.height()));
        let right = clamp(region.x + region.width + 1.0, self.pixels.width());
        let bottom = clamp(region.y + region.height + 1.0, self.pixels.height());
        if left == right || top == bottom {
            return None;
        }
        let rows = self.pixels.as_raw().chunks_exact(3 * self.pixels.width() as usize);
        let rows = rows.skip(top as usize).take((bottom - top) as usize);
        let mut luma = Vec::with_capacity(((right - left) * (bottom - top)) as usize);
        for row in rows {
            // Row by row: flattened, it takes nearly twice as long.
            luma.extend(
                row.as_chunks::<3>().0[left as usize..right as usize].iter().map(|&rgb| Rgb(rgb).to_luma().0[0]),
            );
        }
        let gray = GrayImage::from_raw(right - left, bottom - top, luma)?;
        let reduced = |size: u32| (f64::from(size) * scale).round() as u32;
        let (width, height) = (reduced(gray.width()), reduced(gray.height()));
        if width.min(height) < 8 {
            None
        } else if scale < 1.0 {
            Some(imageops::thumbnail(&gray, width, height))
        } else {
            Some(gray)
        }
    }
}

/// Reads a regular file whole; a directory, a pipe or a device is an error at once and never waited for.
fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let unreadable = |source| Error::read(shown(path), source);
    let found = fs::metadata(path).map_err(unreadable)?;
    if found.is_dir() {
        // One among photos is a folder that could not be searched.
        let why = fs::read_dir(path).err().unwrap_or_else(|| std::io::ErrorKind::IsADirectory.into());
        return Err(unreadable(why));
    }
    if !found.is_file() {
        let what = "it is not a regular file";
        return Err(unreadable(std::io::Error::new(std::io::ErrorKind::InvalidInput, what)));
    }
    if found.len() > MAX_FILE_BYTES {
        return Err(Error::decode(shown(path), too_large()));
    }
    fs::File::open(path).and_then(read_to_limit).map_err(unreadable)
}

/// Everything up to one byte more than is allowed: a file may grow faster than it is read.
fn read_to_limit(file: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![];
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn too_large() -> Reason {
    let limit = MAX_FILE_BYTES >> 20;
    fault(
        format!("文件超过 {limit} MiB，请提交导出后的照片"),
        format!("the file is larger than {limit} MiB; hand in the exported photo"),
    )
}

fn no_pixels() -> Reason {
    fault("照片没有像素", "the picture has no pixels")
}

/// The picture at one `reduction`-th of its original size, if its decoder has not made it so.
fn reduced(mut pixels: RgbImage, original_px: (u32, u32), reduction: u32) -> RgbImage {
    while pixels.width() > (original_px.0 / reduction).max(1) {
        pixels = halved(&pixels);
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::testing::FileBuilder;

    fn load(bytes: Vec<u8>) -> Result<Photo, Error> {
        Photo::load(Source::Bytes("a.jpg".to_owned(), bytes))
    }

    #[test]
    fn directories_and_missing_files_are_said_to_be() {
        let error = Photo::load(Source::Path(std::env::temp_dir())).expect_err("a directory");
        assert!(error.to_string().contains("directory"), "{error}");
        let absent = Photo::load("no such file.jpg");
        assert!(absent.is_err_and(|error| error.kind() == ErrorKind::Read));
    }

    #[cfg(unix)]
    #[test]
    fn pipes_and_devices_are_never_waited_for_and_links_are_followed() {
        let folder = std::env::temp_dir().join(format!("gradphoto-photo-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let [pipe, file, link] = ["pipe.jpg", "file.jpg", "link.jpg"].map(|name| folder.join(name));
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs");
        assert!(made.success());
        for path in [pipe.as_path(), Path::new("/dev/zero")] {
            let error = Photo::load(path).expect_err("no regular file");
            assert!(error.to_string().contains("regular file"), "{error}");
            assert_eq!(Taken::of(path), None);
        }
        fs::write(&file, FileBuilder::jpeg().build()).expect("writes");
        std::os::unix::fs::symlink(&file, &link).expect("links");
        assert!(Photo::load(link.as_path()).is_ok());
        fs::remove_dir_all(folder).expect("removes");
    }

    #[test]
    fn a_file_too_large_is_refused_by_path_and_as_bytes() {
        let error = load(vec![0xFF; MAX_FILE_BYTES as usize + 1]).expect_err("too large");
        assert!(error.to_string().contains("64 MiB"), "{error}");
        let endless = read_to_limit(std::io::repeat(0)).expect("no more than the limit");
        assert_eq!(endless.len() as u64, MAX_FILE_BYTES + 1);
    }

    #[test]
    #[cfg(feature = "vision")]
    fn originals_of_cameras_are_measured_at_a_fraction_of_their_size() {
        let to_measure = |bytes: &[u8]| Photo::load_to_measure(Source::Bytes("a.jpg".to_owned(), bytes.to_vec()));
        let sized = |width, height| FileBuilder::jpeg().sized(width, height);
        let cropped = [((480, 640), 1), ((958, 1278), 1), ((960, 1280), 2), ((1280, 960), 1)];
        let others = [((1439, 2000), 1), ((1440, 2000), 2), ((3000, 3200), 4)];
        for ((width, height), reduction) in cropped.into_iter().chain(others) {
            let photo = to_measure(&sized(width, height).build()).expect("whole");
            assert_eq!((photo.reduction(), (photo.width_px(), photo.height_px())), (reduction, (width, height)));
            assert_eq!(photo.pixels().dimensions(), (width / reduction, height / reduction));
        }
        let turned = sized(1440, 1920).exif(6, None).build();
        let photo = to_measure(&turned).expect("whole");
        assert_eq!(((photo.width_px(), photo.height_px()), photo.pixels().dimensions()), ((1920, 1440), (960, 720)));
        let original = Photo::load(Source::Bytes("a.jpg".to_owned(), turned.clone())).expect("whole");
        assert_eq!(*photo.original().expect("decodes again"), original.pixels);
        assert_eq!((photo.sha256(), photo.file()), (original.sha256(), original.file()));
        assert!(to_measure(&turned[..turned.len() / 2]).is_err());
        // Pixels as they are become what those of a file become that is decoded whole first.
        let pixels = Photo::load_to_measure(Source::Pixels("a".to_owned(), original.pixels.clone())).expect("pixels");
        assert_eq!(pixels.pixels(), &halved(&original.pixels));
        let kept = pixels.original().expect("kept");
        assert!(matches!(kept, Cow::Borrowed(kept) if *kept == original.pixels));
    }
}
