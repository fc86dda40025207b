//! What is found on photos, kept in a file beside the results: nothing is looked at twice, and a run that was stopped goes on.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use gradphoto::batch::Decided;
use gradphoto::evidence::Evidence;
use gradphoto::{Checker, Error, Measurements, Photo, Report, Source};
use gradphoto_app::STORE_NAME;
use gradphoto_app::capture::{Capture, look};
use gradphoto_app::known::{self, Known};
use gradphoto_app::picture::{Picture, Pictures, Size};
use gradphoto_app::store::{FileStamp, Said, Store, key_of};

use crate::args::BatchArgs;
use crate::photos;
use crate::trouble::{OrTrouble, trouble, unmade};

/// The photos that have been looked at, now and before.
pub struct Looks {
    store: Store,
    stamp: String,
    capture: Option<Capture>,
    /// The files that the run looked at which this one goes on with.
    earlier: HashSet<Vec<u8>>,
}

impl Looks {
    /// Opens what is kept in the folder that was named for it, else beside the results; `None` where nothing is to be kept.
    ///
    /// # Errors
    /// The folder cannot be written to, or what is kept there cannot be used.
    pub fn open(args: &BatchArgs, checker: &Checker, capture: Option<&Capture>) -> anyhow::Result<Option<Looks>> {
        let Some(folder) = args.cache.as_deref().or(args.output.as_deref()) else { return Ok(None) };
        gradphoto::folder::make_own_folder(folder).or_trouble(|| unmade(folder))?;
        let store = Store::open(&folder.join(STORE_NAME)).map_err(|why| trouble(why.zh, why.en))?;
        if args.no_cache && !args.resume {
            store.forget_looks()?;
        }
        let earlier = if args.resume { store.files()? } else { HashSet::new() };
        Ok(Some(Looks { store, stamp: known::stamp(checker, capture), capture: capture.cloned(), earlier }))
    }

    /// Whether the run that this one goes on with has looked at the photo.
    pub fn is_from_before(&self, photo: &Path) -> bool {
        self.earlier.contains(&key_of(photo))
    }

    /// What the profile says of what is found on a photo, or was before.
    ///
    /// # Errors
    /// As [`Checker::check`].
    pub fn check(&self, photo: &Path, checker: &Checker) -> Result<Report, Error> {
        let source = photos::source(photo);
        let name = source.name();
        let file = FileStamp::of(photo);
        // Where the store cannot be read the photo is looked at; where the file cannot, that says why.
        let known = match source {
            Source::Path(_) => self.store.known(photo, file, &self.stamp).ok().and_then(Result::ok),
            _ => None,
        };
        let (sha256, source) = match known {
            Some((_, Known::Look(look))) => return Ok(checker.profile().judge(&look.measured.renamed(name))),
            Some((sha256, Known::Bytes(bytes))) => (Some(sha256), Source::Bytes(name, bytes)),
            None => (None, source),
        };
        let looked = look(checker, self.capture.as_ref(), source, Pictures::of)?;
        if let Some(sha256) = sha256 {
            self.keep(photo, file, &sha256, &looked.measured, &looked.made);
        }
        Ok(checker.profile().judge(&looked.measured))
    }

    /// Keeps what is seen on a photo whose file was `file` before it was read.
    pub fn learn(&self, photo: &Path, file: Option<FileStamp>, evidence: &Evidence) {
        let seen = evidence.photo();
        self.keep(photo, file, seen.sha256(), &Measurements::of(evidence), &Pictures::of(seen));
    }

    fn keep(&self, photo: &Path, file: Option<FileStamp>, sha256: &str, measured: &Measurements, pictures: &Pictures) {
        // What cannot be kept costs time, not results.
        let _ = self.store.learn(photo, file, sha256, &self.stamp, measured, pictures);
    }

    /// What people said in the page, where it was open on the same results.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn decided(&self) -> anyhow::Result<Vec<Decided>> {
        Ok(self.store.last_words()?.iter().map(Said::decided).collect())
    }

    /// The small pictures of these photos.
    pub fn shown<'a>(&'a self, photos: &'a [PathBuf]) -> Shown<'a> {
        Shown::new(&self.store, photos)
    }
}

/// Small pictures of photos for the page and the tables.
pub struct Shown<'a> {
    store: &'a Store,
    photos: &'a [PathBuf],
}

impl<'a> Shown<'a> {
    /// So many photos may have large pictures.
    const LARGE_AT_MOST: usize = 1000;

    /// Those of the files of a batch.
    pub fn new(store: &'a Store, photos: &'a [PathBuf]) -> Shown<'a> {
        Shown { store, photos }
    }

    /// For the page: the picture of the photo at a place; `None` where that cannot be read.
    pub fn on_page(&self, place: usize) -> Option<Picture> {
        self.picture(place, if self.photos.len() <= Self::LARGE_AT_MOST { Size::Large } else { Size::Small })
    }

    /// For a row of a table: the same, as small as a thumb.
    pub fn in_row(&self, place: usize) -> Option<Picture> {
        self.picture(place, Size::Thumbnail)
    }

    /// The picture that is kept, or made anew from the file.
    fn picture(&self, place: usize, size: Size) -> Option<Picture> {
        let photo = self.photos.get(place)?;
        let kept = self.store.picture_of(photo, size).ok().flatten();
        kept.or_else(|| Some(Pictures::of(&Photo::load(Source::from(photo.as_path())).ok()?).into_picture(size)))
    }
}
