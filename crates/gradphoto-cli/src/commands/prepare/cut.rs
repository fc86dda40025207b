//! A copy as it is cut out of a photo.

use std::path::Path;

use gradphoto::geometry::Region;
use gradphoto::photo::shown;
use gradphoto::{Checker, Error, Measurements, Report, Source, Text, prepare};

/// The copy, and what its own check says of it.
#[derive(Clone)]
pub struct Cut {
    /// Hash of the photo's file.
    pub photo_sha256: String,
    pub jpeg: Vec<u8>,
    pub quality: u8,
    /// What was cut out of the photo.
    pub crop: Region,
    /// Under the name of the photo, which tells among the others whose it is.
    pub report: Report,
}

impl Cut {
    /// Cuts the copy out of a photo and checks it as `file`; where there is none, says why.
    ///
    /// # Errors
    /// The photo cannot be read.
    pub fn new(checker: &Checker, photo: Source, file: &Path) -> Result<Result<Cut, Text>, Error> {
        let name = photo.name();
        let evidence = checker.see(photo)?;
        let prepared = match prepare(&evidence, checker.profile()) {
            Ok(prepared) => prepared,
            Err(why) => return Ok(Err(why.text())),
        };
        let photo_sha256 = evidence.photo().sha256().to_owned();
        drop(evidence);
        let evidence = checker.see(Source::Bytes(shown(file), prepared.jpeg.clone()))?;
        let report = checker.profile().judge(&Measurements::of(&evidence).renamed(name));
        let (jpeg, quality, crop) = (prepared.jpeg, prepared.quality, prepared.crop);
        Ok(Ok(Cut { photo_sha256, jpeg, quality, crop, report }))
    }
}
