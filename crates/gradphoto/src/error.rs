//! What can go wrong, by who can mend it.

use std::error::Error as StdError;
use std::io;

use crate::text::{Language, Reason, Text, words};

/// What keeps a photo, a profile or the nets from being used.
///
/// A photo without a face is not an error: the rules that need one say so themselves.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message(Language::En))]
pub struct Error {
    kind: ErrorKind,
    /// File, photo or profile; empty where the fault is none of theirs.
    subject: String,
    reason: Reason,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// Where the fault of an [`Error`] lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file cannot be opened or read; the error's source is an [`io::Error`].
    Read,
    /// The bytes are not a complete picture that this library accepts.
    Decode,
    /// A net or the inference engine cannot be used.
    Model,
    /// A profile is unknown or its text is not valid.
    Profile,
    /// There is no photo where photos were looked for.
    NoPhoto,
    /// A defect of this library, caught so that the batch goes on.
    Internal,
}

words! {
    /// Every kind.
    ErrorKind {
        Read: "read",
        Decode: "decode",
        Model: "model",
        Profile: "profile",
        NoPhoto: "no-photo",
        Internal: "internal",
    }
}

impl Error {
    /// Where the fault lies.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What it is about: the path of a file or of folders, the name of a photo, the name of a profile. Empty where the nets or the
    /// engine cannot be used, whatever the photo.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// What is wrong and what to do about it, without the subject.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// The whole message: reason and subject. [`Display`](std::fmt::Display) writes the English one.
    pub fn message(&self, language: Language) -> String {
        let (reason, subject) = (self.reason.get(language), &self.subject);
        match (self.kind, language) {
            (ErrorKind::Profile, Language::Zh) => format!("标准 {subject}：{reason}"),
            (ErrorKind::Profile, Language::En) => format!("profile {subject}: {reason}"),
            _ if subject.is_empty() => reason.to_owned(),
            (_, Language::Zh) => format!("{reason}：{subject}"),
            (_, Language::En) => format!("{reason}: {subject}"),
        }
    }

    /// Name of the photo that could not be checked; `None` where the error is about no photo.
    pub fn photo(&self) -> Option<&str> {
        match self.kind {
            ErrorKind::Read | ErrorKind::Decode | ErrorKind::Internal => Some(&self.subject),
            ErrorKind::Model => Some(&*self.subject).filter(|photo| !photo.is_empty()),
            ErrorKind::Profile | ErrorKind::NoPhoto => None,
        }
    }

    /// The same, met while this photo was looked at.
    #[cfg(feature = "vision")]
    pub(crate) fn at_photo(self, photo: String) -> Self {
        Error { subject: photo, ..self }
    }

    /// A file that cannot be opened or read.
    pub(crate) fn read(file: impl Into<String>, source: io::Error) -> Self {
        let Reason { zh, en } = Reason::of_system(&source);
        let reason = Reason { zh: format!("无法读取文件（{zh}）"), en: format!("cannot read the file ({en})") };
        Error::new(ErrorKind::Read, file.into(), reason).caused_by(source)
    }

    /// Bytes that are not a complete picture.
    pub(crate) fn decode(photo: impl Into<String>, reason: Reason) -> Self {
        Error::new(ErrorKind::Decode, photo.into(), reason)
    }

    /// A net or an engine that cannot be used.
    pub(crate) fn model(what: Text, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let source = source.into();
        let reason = Reason::in_each(|language| match language {
            Language::Zh => format!("{}（{source}）", what.zh),
            Language::En => format!("{} ({source})", what.en),
        });
        Error::new(ErrorKind::Model, String::new(), reason).caused_by(source)
    }

    /// A profile that cannot be used.
    pub(crate) fn profile(name: impl Into<String>, reason: Reason) -> Self {
        Error::new(ErrorKind::Profile, name.into(), reason)
    }

    /// Folders without a photo.
    pub(crate) fn no_photo(folders: impl Into<String>, reason: Reason) -> Self {
        Error::new(ErrorKind::NoPhoto, folders.into(), reason)
    }

    /// A panic, which is a defect of this library.
    pub(crate) fn internal(photo: impl Into<String>, panic: &str) -> Self {
        let zh = format!("程序内部错误（{panic}），请反馈给开发者");
        let en = format!("internal fault ({panic}), please report it");
        Error::new(ErrorKind::Internal, photo.into(), Reason { zh, en })
    }

    fn new(kind: ErrorKind, subject: String, reason: Reason) -> Self {
        Error { kind, subject, reason, source: None }
    }

    fn caused_by(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Error { source: Some(source.into()), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::text;

    #[test]
    fn both_languages_name_the_file_and_what_the_system_said() {
        let error = Error::read("a.jpg", io::Error::from(io::ErrorKind::NotFound));
        assert_eq!(error.message(Language::Zh), "无法读取文件（文件或文件夹不存在，请核对路径）：a.jpg");
        assert_eq!(error.to_string(), "cannot read the file (entity not found; check the path): a.jpg");
        assert_eq!((error.kind(), error.subject()), (ErrorKind::Read, "a.jpg"));
        let source = error.source().and_then(|source| source.downcast_ref::<io::Error>());
        assert_eq!(source.map(io::Error::kind), Some(io::ErrorKind::NotFound));
    }

    #[test]
    fn a_fault_of_the_engine_has_no_subject_but_a_source() {
        let error = Error::model(text("无法启动", "does not start"), "no library");
        assert_eq!(error.message(Language::Zh), "无法启动（no library）");
        assert_eq!(error.to_string(), "does not start (no library)");
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("no library"));
    }
}
