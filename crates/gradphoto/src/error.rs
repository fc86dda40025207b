//! What can go wrong, by who can mend it.

use std::path::PathBuf;

/// Everything that keeps a photo, a profile or the models from being used.
///
/// A photo without a face is not an error: the rules that need one say so themselves.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be opened or read.
    #[error("cannot read the file ({source}): {}", path.display())]
    Read {
        /// What the system said.
        source: std::io::Error,
        /// The file.
        path: PathBuf,
    },
    /// The bytes are no whole picture that this library accepts.
    #[error("{reason}: {photo}")]
    Decode {
        /// What is wrong and what to do about it.
        reason: String,
        /// Name of the photo.
        photo: String,
    },
    /// A model or the inference engine cannot be used.
    #[error("{step}: {reason}")]
    Model {
        /// What was being done.
        step: &'static str,
        /// What the engine said.
        reason: String,
    },
    /// A profile is unknown or its text is not valid.
    #[error("profile {profile}: {reason}")]
    Profile {
        /// Name or path of the profile.
        profile: String,
        /// What is wrong, naming the nearest valid word where there is one.
        reason: String,
    },
    /// A defect of this library, caught so that the batch goes on.
    #[error("internal fault ({reason}), please report it: {photo}")]
    Internal {
        /// The panic message.
        reason: String,
        /// Name of the photo.
        photo: String,
    },
}

impl Error {
    /// The kind as one word, as written to `error.kind` in JSON lines.
    pub fn kind(&self) -> &'static str {
        match self {
            Error::Read { .. } => "read",
            Error::Decode { .. } => "decode",
            Error::Model { .. } => "model",
            Error::Profile { .. } => "profile",
            Error::Internal { .. } => "internal",
        }
    }
}
