//! How a photo is looked at: as a file to hand in, or as it comes from a camera.

use std::sync::OnceLock;

use gradphoto::Group;
use gradphoto::evidence::Evidence;
use gradphoto::{Checker, Error, Measurements, Profile, Source, prepare};

/// Makes the checker, with the engine that was asked for.
pub type MakeChecker = dyn Fn(Profile) -> anyhow::Result<Checker> + Send + Sync;

/// Where a photo comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file to hand in: every rule holds.
    File,
    /// A camera's original: it will be cropped and compressed, so that only what cropping cannot mend counts.
    Camera,
    /// A frame of a running camera, three by four: the person sits where the crop will be.
    Live,
}

/// The profiles by which photos of each kind are judged: a camera's picture has yet to become a file.
pub struct ByKind<'a> {
    file: &'a Profile,
    frame: OnceLock<Profile>,
}

impl<'a> ByKind<'a> {
    pub fn new(profile: &'a Profile) -> ByKind<'a> {
        ByKind { file: profile, frame: OnceLock::new() }
    }

    pub fn of(&self, kind: Kind) -> &Profile {
        if kind == Kind::File { self.file } else { self.frame.get_or_init(|| of_frames(self.file)) }
    }
}

/// The profile by which a camera's frames are judged: without what is asked of files, which the copy will meet.
pub fn of_frames(profile: &Profile) -> Profile {
    profile.clone().only(|rule| rule.group() != Group::File)
}

/// Looks at a photo: what is on it, and what was measured.
///
/// # Errors
/// As [`Checker::see`].
pub fn look(
    checker: &Checker,
    profile: &Profile,
    source: Source,
    kind: Kind,
) -> Result<(Evidence, Measurements), Error> {
    let name = source.name();
    let original = checker.see(source)?;
    let measured = Measurements::of(&original);
    if kind != Kind::Camera {
        return Ok((original, measured));
    }
    // What prepare would hand in is what counts; where it can make nothing, it says why.
    let prepared = match prepare(&original, profile) {
        Ok(prepared) => prepared,
        Err(why) => return Ok((original, measured.without_copy(why))),
    };
    let copy = checker.see(Source::Bytes(as_jpeg(&name), prepared.jpeg))?;
    let measured = Measurements::of(&copy).renamed(name);
    Ok((copy, measured))
}

/// The copy is a JPEG whatever the original was.
fn as_jpeg(name: &str) -> String {
    std::path::Path::new(name).with_extension("jpg").display().to_string()
}
