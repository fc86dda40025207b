//! What people decided of photos: whose they are, and whether they may be used.
//!
//! A decision belongs to the bytes of a file and to a student, wherever the file lies and whatever its folder is called.

use serde::Serialize;

use crate::text::{Reason, Text, text, words};

/// What a person says of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Decision {
    /// It is this student's and may be used: for photos that are open.
    Accept,
    /// It may be used although it fails, for a reason that is given: where the profile lets people overrule what fails it.
    Override,
    /// It must be shot again: for photos that are open.
    Reject,
}

words! {
    /// Every decision.
    Decision {
        Accept: "accept",
        Override: "override",
        Reject: "reject",
    }
}

impl Decision {
    /// The decision that a word of [`as_str`](Self::as_str) means.
    pub fn of(word: &str) -> Option<Decision> {
        Decision::ALL.iter().copied().find(|decision| decision.as_str() == word)
    }

    /// The word for people.
    pub fn word(self) -> Text {
        match self {
            Decision::Accept => text("人工通过", "accepted"),
            Decision::Override => text("人工放行", "granted"),
            Decision::Reject => text("人工退回", "rejected"),
        }
    }
}

/// What a person wrote about one photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Decided {
    /// Name of the photo, as the report showed it.
    pub photo: String,
    /// Hash of the photo that the person saw; empty where it could not be read.
    #[serde(skip)]
    pub sha256: String,
    /// Whose photo it is: [`Student::key`](super::Student::key); empty for the student that its name means.
    pub student: String,
    /// `None` for a note alone.
    pub decision: Option<Decision>,
    /// Free text; for [`Decision::Override`] the reason, which must not be empty.
    pub note: String,
}

impl Decided {
    /// That a photo, with the hash of what the person saw, is this student's; no decision and no note yet.
    pub fn new(photo: impl Into<String>, sha256: impl Into<String>, student: impl Into<String>) -> Decided {
        let (photo, sha256, student) = (photo.into(), sha256.into(), student.into());
        Decided { photo, sha256, student, decision: None, note: String::new() }
    }
}

/// A decision that was not used, and why.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Unused {
    /// Name of the photo, as the file of decisions has it.
    pub photo: String,
    /// Why, as a word for programs: the list is in docs/school.md.
    pub kind: &'static str,
    /// One sentence: why, and what to do.
    pub reason: Reason,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_decision_has_a_word_for_people() {
        assert!(Decision::ALL.iter().map(|decision| decision.word().zh).eq(["人工通过", "人工放行", "人工退回"]));
    }
}
