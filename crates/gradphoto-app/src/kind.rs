//! How a photo is looked at: as a file to hand in, or as it comes from a camera.

use std::sync::OnceLock;

use gradphoto::{Checker, Profile};

use crate::capture::Capture;

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

impl Kind {
    /// The kind that a word of the page means.
    pub fn of(word: &str) -> Kind {
        match word {
            "live" => Kind::Live,
            "camera" => Kind::Camera,
            _ => Kind::File,
        }
    }

    /// What is asked of the crop, where the photo is judged by one.
    pub fn capture(self, profile: &Profile) -> Option<Capture> {
        (self == Kind::Camera).then(|| Capture::new(profile))
    }
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
        match kind {
            Kind::File => self.file,
            Kind::Camera | Kind::Live => self.frame.get_or_init(|| Capture::new(self.file).frames()),
        }
    }
}
