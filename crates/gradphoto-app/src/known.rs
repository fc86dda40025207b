//! Photos that have been looked at before: found again by their bytes, whatever they are called and wherever they lie.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, UNIX_EPOCH};

use gradphoto::{Checker, Error, Measurements, SCHEMA, Source};
use sha2::{Digest, Sha256};

use crate::capture::Capture;
use crate::guard::hex;
use crate::picture::{Picture, Pictures, Size};
use crate::store::{FileStamp, Look, Store};

/// A file of a photo.
pub enum Known {
    /// What was found on it before.
    Look(Look),
    /// It has not been looked at: its bytes.
    Bytes(Vec<u8>),
}

/// Names everything that measurements depend on beside the photo: the models, what runs them, this very program, and the crop
/// where one is looked at.
pub fn stamp(checker: &Checker, capture: Option<&Capture>) -> String {
    let how = capture.map_or("file".to_owned(), |capture| format!("crop {}", capture.stamp()));
    let engine = checker.engine_stamp();
    let (length, time) = PROGRAM.unwrap_or_default();
    let made = format!("{length}-{}", time.as_nanos());
    format!("{SCHEMA} {} {made} {} {} {how}", engine.gradphoto, engine.runtime, engine.models_sha256)
}

impl Store {
    /// What is known of the photo in a file that is now `file`, and the hash of its bytes; it is read only where it may have
    /// changed.
    ///
    /// # Errors
    /// The store cannot be read; within, the file cannot.
    pub fn known(
        &self,
        path: &Path,
        file: Option<FileStamp>,
        stamp: &str,
    ) -> anyhow::Result<Result<(String, Known), Error>> {
        let stamp = with_extension(stamp, path);
        if let Some(sha256) = self.sha256_of(path, file)?
            && let Some(look) = self.look(&sha256, &stamp)?
        {
            return Ok(Ok((sha256, Known::Look(look))));
        }
        let bytes = match read(path) {
            Ok(bytes) => bytes,
            Err(error) => return Ok(Err(error)),
        };
        let sha256 = sha256(&bytes);
        let Some(look) = self.look(&sha256, &stamp)? else { return Ok(Ok((sha256, Known::Bytes(bytes)))) };
        self.note_file(path, file, &sha256)?;
        Ok(Ok((sha256, Known::Look(look))))
    }

    /// The small picture of this size of the photo in a file.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn picture_of(&self, path: &Path, size: Size) -> anyhow::Result<Option<Picture>> {
        let unchanged = self.sha256_of(path, FileStamp::of(path))?;
        let sha256 = unchanged.or_else(|| Some(sha256(&read(path).ok()?)));
        sha256.map_or(Ok(None), |sha256| self.picture(&sha256, size))
    }

    /// Keeps what was found on the photo in a file, which was `file` before it was read.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn learn(
        &self,
        path: &Path,
        file: Option<FileStamp>,
        sha256: &str,
        stamp: &str,
        measured: &Measurements,
        pictures: &Pictures,
    ) -> anyhow::Result<()> {
        self.keep(sha256, &with_extension(stamp, path), measured, pictures)?;
        self.note_file(path, file, sha256)
    }
}

/// The bytes of a photo's file, within the bounds of the library: what it refuses unread is not read here either.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    match Source::from(path).read()? {
        Source::Bytes(_, bytes) => Ok(bytes),
        // A path becomes bytes and nothing else.
        _ => Ok(Vec::new()),
    }
}

/// SHA-256 in hex.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The same bytes under another extension are another file to hand in.
fn with_extension(stamp: &str, path: &Path) -> String {
    format!("{stamp} {}", path.extension().unwrap_or_default().display())
}

/// Size and time of this program's file: a program built anew is another one, whatever its version says.
static PROGRAM: LazyLock<Option<(u64, Duration)>> = LazyLock::new(|| {
    let file = fs::metadata(std::env::current_exe().ok()?).ok()?;
    Some((file.len(), file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?))
});

#[cfg(test)]
mod tests {
    use super::*;
    use gradphoto::photo::MAX_FILE_BYTES;

    #[test]
    fn what_the_library_refuses_unread_is_not_read() {
        let folder = std::env::temp_dir().join(format!("gradphoto-known-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let store = Store::open(&folder.join("store.sqlite")).unwrap();
        let large = folder.join("large.tif");
        fs::File::create(&large).unwrap().set_len(MAX_FILE_BYTES + 1).unwrap();
        let mut refused = vec![large];
        if cfg!(unix) {
            let pipe = folder.join("pipe.jpg");
            assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
            refused.push(pipe);
        }
        for path in &refused {
            assert!(store.known(path, FileStamp::of(path), "").unwrap().is_err(), "{}", path.display());
            assert!(store.picture_of(path, Size::Small).unwrap().is_none());
        }
        drop(store);
        fs::remove_dir_all(&folder).unwrap();
    }
}
