//! A photo of a batch, and what is to be done with it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::super::decision::{Decided, Decision};
use super::super::entry::{Checked, Entry};
use super::super::place::{Place, folders, stem};
use super::super::roster::{Doubt, Match, Roster};
use super::super::totals::Status;
use crate::report::PhotoVerdict;
use crate::text::words;

/// A photo among the others.
#[derive(Clone, Debug)]
pub struct BatchPhoto {
    pub(super) name: String,
    pub(super) place: Place,
    /// Whom its name means.
    pub(super) matched: Match,
    /// Why it is not for certain of the one student whom it may mean.
    pub(super) doubt: Doubt,
    pub(in crate::batch) student: Option<usize>,
    pub(super) checked: Option<Checked>,
    /// Whether no rule fails it that a person could not overrule.
    pub(in crate::batch) is_overridable: bool,
    is_mendable: bool,
    pub(super) is_questioned: bool,
    pub(in crate::batch) decided: Option<Decided>,
    pub(in crate::batch) fate: Fate,
}

/// What the decision on another photo means for this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::batch) enum Fate {
    /// Nothing.
    #[default]
    Own,
    /// Its student has another photo that a person chose.
    SetAside,
    /// A person found that the picture is somebody else's.
    Displaced,
}

/// What a photo counts as before a person decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Outcome {
    Pass,
    /// The rules leave it open, or it passes and it is open whose photo it is.
    Review,
    Fail,
    Unreadable,
}

words! {
    /// Every outcome.
    Outcome {
        Pass: "pass",
        Review: "review",
        Fail: "fail",
        Unreadable: "unreadable",
    }
}

impl BatchPhoto {
    pub(super) fn new(
        entry: Entry,
        roots: &[PathBuf],
        roster: Option<&Roster>,
        overridable: &BTreeSet<&'static str>,
        assigned: Option<Match>,
    ) -> BatchPhoto {
        let folders = folders(Path::new(&entry.photo), roots);
        let stem = stem(&entry.photo);
        let named = || roster.map_or(Match::Nobody, |roster| roster.find(&stem, &folders));
        let matched = assigned.unwrap_or_else(named);
        let doubt = match (roster, &matched) {
            (Some(roster), Match::Several(students)) => roster.doubt(&stem, &folders, students),
            _ => Doubt::default(),
        };
        BatchPhoto {
            doubt,
            student: if let Match::One(student) = matched { Some(student) } else { None },
            place: Place::of_folders(&folders),
            matched,
            is_overridable: (entry.checked.as_ref())
                .is_some_and(|checked| checked.failing().all(|rule| overridable.contains(rule.id))),
            is_mendable: entry.is_mendable(),
            name: entry.photo,
            checked: entry.checked,
            is_questioned: false,
            decided: None,
            fate: Fate::Own,
        }
    }

    /// Name as it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Place of its student on the roster; `None` where it is nobody's, or open whose.
    pub fn student(&self) -> Option<usize> {
        self.student
    }

    /// Hash of its file, in hex; empty where it could not be read.
    pub fn sha256(&self) -> &str {
        self.checked.as_ref().map_or("", |checked| &checked.sha256)
    }

    /// What the rules say and the photos beside it.
    pub fn outcome(&self) -> Outcome {
        match self.checked.as_ref().map(|checked| checked.verdict) {
            None => Outcome::Unreadable,
            Some(PhotoVerdict::Fail) => Outcome::Fail,
            Some(PhotoVerdict::Pass) if !self.is_questioned => Outcome::Pass,
            Some(_) => Outcome::Review,
        }
    }

    /// What is to be done; where it is open, as a person decided.
    pub fn status(&self) -> Status {
        if self.fate == Fate::Displaced {
            return Status::Retake;
        }
        match (self.outcome(), self.decision()) {
            (Outcome::Pass, _) | (Outcome::Review, Some(Decision::Accept | Decision::Override)) => Status::Done,
            (Outcome::Review, None) => Status::Review,
            (Outcome::Fail, Some(Decision::Override)) => Status::Granted,
            (Outcome::Fail | Outcome::Unreadable, _) if self.is_mendable => Status::Reprocess,
            _ => Status::Retake,
        }
    }

    /// Whether a person could let it pass although it fails.
    pub fn is_overridable(&self) -> bool {
        self.is_overridable
    }

    /// Whether what fails it lies in its file or its crop alone, so that nobody need come for another shot.
    pub fn is_mendable(&self) -> bool {
        self.is_mendable
    }

    /// Whether another photo of its student counts: one that a person chose, that was shot later, or the same file under
    /// another name.
    pub fn is_set_aside(&self) -> bool {
        self.fate == Fate::SetAside
    }

    /// Whether a person found that the picture is somebody else's.
    pub fn is_displaced(&self) -> bool {
        self.fate == Fate::Displaced
    }

    /// Whether a person said whose it is.
    pub fn is_assigned(&self) -> bool {
        self.student.is_some() && self.matched != self.student.map_or(Match::Nobody, Match::One)
    }

    /// What a person decided or noted, where it counts.
    pub fn decided(&self) -> Option<&Decided> {
        self.decided.as_ref()
    }

    /// What a person decided.
    pub fn decision(&self) -> Option<Decision> {
        self.decided.as_ref()?.decision
    }

    /// The students whom its name may mean, where it is open whose photo it is.
    pub fn candidates(&self) -> &[usize] {
        match &self.matched {
            Match::Several(students) | Match::Conflict(students) => students,
            Match::One(_) | Match::Nobody => &[],
        }
    }

    /// Whether it is open whose it is: of nobody on the roster for certain, and no person has decided.
    pub fn is_nobodys(&self) -> bool {
        self.student.is_none() && !self.is_settled()
    }

    pub(in crate::batch) fn is_settled(&self) -> bool {
        self.decision().is_some() || self.fate != Fate::Own
    }
}
