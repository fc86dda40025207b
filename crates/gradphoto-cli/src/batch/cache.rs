//! Measurements of photos that have been seen before: another profile judges them anew, and looks at no photo for it.
//!
//! A file a photo, named by a hash of everything that decides what is measured: the photo's bytes and extension, the models,
//! what runs them, and this very program. A damaged file is as good as none.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use gradphoto::{Checker, Error, Measurements, Photo, Report, SCHEMA, Source};
use sha2::{Digest, Sha256};

use crate::capture::{self, Capture};
use crate::{photos, whole};

/// A folder of measurements.
pub struct Cache {
    folder: PathBuf,
    /// What all measurements of a run have in common.
    run: String,
    /// Whether frames are seen by their crop.
    capture: Option<Capture>,
    /// One for all threads and the whole run: made anew for each photo, its 300 KB leave holes in memory that grow.
    encoder: Mutex<ZlibEncoder<Vec<u8>>>,
}

impl Cache {
    /// The cache in `folder`, for what `checker` would measure, on the crop of a frame where that is asked for.
    pub fn new(folder: &Path, checker: &Checker, capture: Option<Capture>) -> Cache {
        let crop = capture.as_ref().map(|capture| capture.stamp().to_owned());
        let stamps = (SCHEMA, checker.engine_stamp(), program(), crop);
        // Structs of strings and numbers always have a JSON form.
        Cache {
            folder: folder.to_owned(),
            capture,
            run: serde_json::to_string(&stamps).unwrap_or_default(),
            encoder: Mutex::new(ZlibEncoder::new(Vec::new(), Compression::fast())),
        }
    }

    /// The folder that the system keeps for caches.
    pub fn default_folder() -> Option<PathBuf> {
        Some(dirs::cache_dir()?.join("gradphoto"))
    }

    /// Checks a photo by what is seen on it, or was before; `look` is called with one that is seen now.
    ///
    /// # Errors
    /// As [`Checker::check`].
    pub fn check(&self, photo: &Path, checker: &Checker, look: impl FnOnce(&Photo)) -> Result<Report, Error> {
        let source = photos::source(photo).read()?;
        let Source::Bytes(name, bytes) = &source else { return checker.check(source) };
        let path = self.path(photo, bytes);
        let name = name.clone();
        let measurements = match load(&path) {
            Some(measurements) => measurements,
            None => {
                // Kept without its name: the same bytes may lie under several, and are kept once.
                let measurements = capture::measured(checker, self.capture.as_ref(), source, look)?.renamed("");
                // A cache that cannot be written costs time, not results.
                let _ = self.store(&path, &measurements);
                measurements
            }
        };
        Ok(checker.profile().judge(&measurements.renamed(name)))
    }

    fn path(&self, photo: &Path, bytes: &[u8]) -> PathBuf {
        let extension = photo.extension().unwrap_or_default().as_encoded_bytes();
        let key = Sha256::new()
            .chain_update(Sha256::digest(bytes))
            .chain_update(Sha256::digest(extension))
            .chain_update(&self.run)
            .finalize();
        let key = key.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let (folder, name) = key.split_at(2);
        self.folder.join(folder).join(format!("{name}.json.zlib"))
    }

    fn store(&self, path: &Path, measurements: &Measurements) -> io::Result<()> {
        let file = {
            let mut encoder = self.encoder.lock().unwrap_or_else(PoisonError::into_inner);
            encoder.write_all(measurements.to_json().as_bytes())?;
            encoder.reset(Vec::new())?
        };
        whole::write(path, &file)
    }
}

/// Size and time of this program's file: a program built anew is another one, whatever its version says.
fn program() -> Option<(u64, Duration)> {
    let file = fs::metadata(std::env::current_exe().ok()?).ok()?;
    Some((file.len(), file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?))
}

/// `None` where there are no whole measurements; zlib ends with a checksum, so a damaged one is never taken for whole.
fn load(path: &Path) -> Option<Measurements> {
    let mut json = String::new();
    ZlibDecoder::new(fs::File::open(path).ok()?).read_to_string(&mut json).ok()?;
    serde_json::from_str(&json).ok()
}
