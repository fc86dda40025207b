//! Whose the photos are: by names, by a list or by the order of the shots, and where that leaves it open, as people decided.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gradphoto::batch::{Assignment, Decided, Decision, Entry};
use gradphoto::photo::shown;
use gradphoto::{Batch, BatchReport, Checker, Roster, Source};
use gradphoto_app::known::sha256;

use super::cut::Cut;
use crate::upload::copies::Copy;
use crate::upload::decisions::{of_copies, stem};
use crate::upload::targets::is_open;

/// The photos of a run, and what is known of their students.
pub struct Originals<'a> {
    pub photos: &'a [PathBuf],
    pub roots: &'a [PathBuf],
    pub roster: Option<&'a Roster>,
    pub assignment: &'a Assignment,
}

/// Whose the photos of a run are.
pub struct Whose {
    pub batch: BatchReport,
    /// Copies of photos that were looked at to know it.
    pub cuts: BTreeMap<PathBuf, Cut>,
    /// What was known before, and files that a student has twice.
    pub assignment: Assignment,
}

impl Originals<'_> {
    /// The photos among each other. A decision may be on the copy of a photo, so that those which it can mean are looked at:
    /// their copies come along.
    ///
    /// # Errors
    /// The engine does not start.
    pub fn whose(&self, decided: &[Decided], checker: &Checker) -> anyhow::Result<Whose> {
        let mut assignment = self.assignment.clone();
        let among = |cuts: &_, decided, assignment: &_| self.among_each_other(cuts, decided, assignment, checker);
        let mut undecided = among(&BTreeMap::new(), Vec::new(), &assignment);
        let twice = self.same_files(&undecided);
        if !twice.is_empty() {
            assignment.set_aside(twice);
            undecided = among(&BTreeMap::new(), Vec::new(), &assignment);
        }
        let named = decided.iter().filter(|row| row.decision != Some(Decision::Reject));
        let named = named.map(|row| stem(&row.photo)).collect::<BTreeSet<_>>();
        let notes = undecided.notes();
        let asked = std::iter::zip(self.photos, &notes)
            .filter(|(photo, notes)| is_open(notes).is_some() && named.contains(&stem(&shown(photo))))
            .map(|(photo, _)| photo.clone())
            .collect::<Vec<_>>();
        let cut = |checker: &Checker, photo: PathBuf| {
            let cut = checker.guarded(&photo, |checker, source| Cut::new(checker, source.read()?, &as_copy(&photo)));
            Some((photo, cut.ok()?.ok()?))
        };
        // Of what has no copy it stays open whose it is.
        let cuts = checker.map_in_order(asked, cut)?.flatten().collect::<BTreeMap<_, _>>();
        if cuts.is_empty() {
            return Ok(Whose { batch: undecided, cuts, assignment });
        }
        let copies = cuts.iter().map(|(photo, cut)| Copy {
            photo: shown(photo),
            photo_sha256: cut.photo_sha256.clone(),
            sha256: sha256(&cut.jpeg),
            ..Copy::default()
        });
        let stems = cuts.keys().map(|photo| stem(&shown(photo))).collect::<BTreeSet<_>>();
        let rows = decided.iter().filter(|row| stems.contains(&stem(&row.photo))).cloned().collect();
        let rows = of_copies(rows, &copies.collect::<Vec<_>>());
        Ok(Whose { batch: among(&cuts, rows, &assignment), cuts, assignment })
    }

    /// Of files that one student has several times, to the byte, all but that with the shortest name.
    fn same_files(&self, batch: &BatchReport) -> Vec<usize> {
        let several = batch.findings().iter().filter(|finding| finding.kind() == "several-photos");
        let same = several.flat_map(|finding| {
            let mut places = finding.photos().to_vec();
            places.sort_by_key(|place| batch.photos()[*place].name().chars().count());
            let mut kept = BTreeSet::new();
            places.retain(|place| match Source::from(self.photos[*place].as_path()).read() {
                Ok(Source::Bytes(_, bytes)) => !kept.insert(sha256(&bytes)),
                _ => false,
            });
            places
        });
        same.collect()
    }

    fn among_each_other(
        &self,
        cuts: &BTreeMap<PathBuf, Cut>,
        decided: Vec<Decided>,
        assignment: &Assignment,
        checker: &Checker,
    ) -> BatchReport {
        let mut batch = Batch::new(self.roster.cloned()).below(self.roots).profile(checker.profile());
        for photo in self.photos {
            batch.add(cuts.get(photo).map_or_else(|| Entry::unreadable(shown(photo)), |cut| Entry::from(&cut.report)));
        }
        batch.decide(decided);
        batch.assign(assignment.clone());
        batch.finish()
    }
}

/// What a copy is called before it has a name of its own.
fn as_copy(photo: &Path) -> PathBuf {
    photo.with_extension("jpg")
}
