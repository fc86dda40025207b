//! The front door of a batch.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::decision::Decided;
use super::entry::Entry;
use super::order::Assignment;
use super::report::BatchReport;
use super::roster::Roster;
use super::settle;
use super::students::Reading;
use crate::photo::Taken;
use crate::profile::Profile;
use crate::text::Reason;

/// Takes the results of a check one by one.
///
/// ```
/// use gradphoto::batch::{Entry, Field, Status, Student};
/// use gradphoto::{Batch, Roster};
///
/// let mut students = vec![Student::new(2), Student::new(3)];
/// students[0].set(Field::StudentNumber, "20210001");
/// students[1].set(Field::StudentNumber, "20210002");
/// let mut batch = Batch::new(Roster::new(students));
/// // Usually what `Checker::check` gave.
/// batch.add(Entry::unreadable("20210001.jpg"));
/// assert_eq!(batch.finish().statuses(), [Status::Reprocess, Status::Missing]);
/// ```
#[derive(Debug, Default)]
pub struct Batch {
    roster: Option<Roster>,
    reading: Option<Reading>,
    roots: Vec<PathBuf>,
    overridable: BTreeSet<&'static str>,
    entries: Vec<Entry>,
    beside: Vec<(PathBuf, Reason)>,
    decisions: Vec<Decided>,
    assignment: Assignment,
    graduation: Option<(u16, u8)>,
    taken: Vec<Option<Taken>>,
}

impl Batch {
    /// No photos yet; those to come are looked up on `roster`, if there is one.
    pub fn new(roster: impl Into<Option<Roster>>) -> Batch {
        Batch { roster: roster.into(), ..Batch::default() }
    }

    /// Keeps what was read of the roster's file, for [`BatchReport::to_json`].
    pub fn read_as(mut self, reading: impl Into<Option<Reading>>) -> Batch {
        self.reading = reading.into();
        self
    }

    /// Photos are named by paths below these folders, and the folders between tell department, major and class.
    pub fn below(mut self, roots: impl IntoIterator<Item = impl Into<PathBuf>>) -> Batch {
        self.roots = roots.into_iter().map(Into::into).collect();
        self
    }

    /// A person may let a photo pass that fails by the rules which this profile lists as overridable, and by no others.
    pub fn profile(mut self, profile: &Profile) -> Batch {
        self.overridable = profile.overridable().collect();
        self
    }

    /// Adds the next photo: a report, or the error in its place.
    pub fn add(&mut self, result: impl Into<Entry>) {
        self.entries.push(result.into());
    }

    /// Says whose the photos are, by their places, where their names do not: by the order of the shots, or as a list tells.
    pub fn assign(&mut self, assignment: Assignment) {
        self.assignment = assignment;
    }

    /// Names files that lie beside the photos and were not looked at, with what they are and what to do: a student who has only
    /// such a file is reported with it, not merely as missing.
    pub fn beside(&mut self, files: impl IntoIterator<Item = (PathBuf, Reason)>) {
        self.beside.extend(files);
    }

    /// Says in which year and month the students graduate, where the roster has no column for it, and when the photos were
    /// taken, by their places: those older than a year are asked about.
    pub fn taken(&mut self, graduation: Option<(u16, u8)>, taken: Vec<Option<Taken>>) {
        (self.graduation, self.taken) = (graduation, taken);
    }

    /// Adds what people decided of photos, those of this batch or of an earlier one.
    pub fn decide(&mut self, decisions: impl IntoIterator<Item = Decided>) {
        self.decisions.extend(decisions);
    }

    /// Says what shows across all photos.
    pub fn finish(self) -> BatchReport {
        let mut report = BatchReport::new(self.entries, &self.roots, self.roster, &self.overridable, self.assignment);
        let beside = report.whose(&self.beside, &self.roots);
        // Whose a photo is comes first: it decides who is missing and who has several.
        let decisions = settle::assign(self.decisions, &mut report);
        report.reading = self.reading;
        report.find(&beside, self.graduation, &self.taken);
        settle::apply(decisions, &mut report);
        report
    }
}
