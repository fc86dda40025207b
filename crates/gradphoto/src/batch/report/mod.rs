//! What shows across the photos of a batch.

mod finding;
mod json;
mod photo;
#[cfg(test)]
mod testing;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

pub use finding::BatchFinding;
pub(super) use photo::Fate;
pub use photo::{BatchPhoto, Outcome};

use super::camera_colour::Camera;
use super::decision::{Decision, Unused};
use super::entry::Entry;
use super::field::Field;
use super::masking::without_id_numbers;
use super::order::{Assignment, Slip};
use super::place::{Place, folders, stem};
use super::roster::{Match, Roster, Student};
use super::students::Reading;
use super::totals::{Department, Status, Totals};
use crate::photo::shown;
use crate::report::{Mark, Report};
use crate::rules::RULES;
use crate::rules::natural_colour::NATURAL_COLOUR;
use crate::text::Reason;

/// What shows across the photos of a batch, and how far each student of the roster has come.
#[derive(Clone, Debug)]
pub struct BatchReport {
    pub(super) photos: Vec<BatchPhoto>,
    pub(super) findings: Vec<BatchFinding>,
    rules: Vec<[usize; Mark::ALL.len()]>,
    pub(super) unused: Vec<Unused>,
    roster: Option<Roster>,
    pub(super) reading: Option<Reading>,
    /// Where the order of shots may have slipped.
    slips: Vec<Slip>,
    /// How the camera renders skin, where there are enough photos to tell.
    camera: Option<Camera>,
}

impl BatchReport {
    /// The photos with whom their names mean; nothing is found yet.
    pub(super) fn new(
        mut entries: Vec<Entry>,
        roots: &[PathBuf],
        roster: Option<Roster>,
        overridable: &BTreeSet<&'static str>,
        assignment: Assignment,
    ) -> BatchReport {
        let camera = Camera::of(entries.iter().filter_map(|entry| entry.checked.as_ref()));
        if let Some(camera) = camera {
            entries.iter_mut().filter_map(|entry| entry.checked.as_mut()).for_each(|photo| photo.judge_by(camera));
        }
        let mut rules = vec![[0; Mark::ALL.len()]; RULES.len()];
        let mut photos = Vec::with_capacity(entries.len());
        // A folder seldom tells the major of its class; where two have the class, neither is meant.
        let mut places = HashMap::<[String; 2], Option<Place>>::new();
        for place in roster.iter().flat_map(Roster::students).map(Student::place) {
            let known = places.entry([place.department.clone(), place.class.clone()]).or_insert(Some(place.clone()));
            known.take_if(|known| *known != place);
        }
        for (place, entry) in entries.into_iter().enumerate() {
            for (rule, mark) in entry.checked.iter().flat_map(|checked| &checked.marks) {
                rules[*rule][*mark as usize] += 1;
            }
            let assigned = assignment.matches.get(place).cloned().flatten();
            let mut photo = BatchPhoto::new(entry, roots, roster.as_ref(), overridable, assigned);
            if let Some(Some(known)) = places.get(&[photo.place.department.clone(), photo.place.class.clone()]) {
                photo.place = photo.place.or(known);
            }
            if assignment.is_replaced(place) {
                photo.fate = Fate::SetAside;
            }
            photos.push(photo);
        }
        let slips = assignment.slips;
        BatchReport { photos, findings: Vec::new(), rules, unused: Vec::new(), roster, reading: None, slips, camera }
    }

    /// The student whom the name of each of these files means, with the file and what it is, in words.
    pub(super) fn whose(&self, files: &[(PathBuf, Reason)], roots: &[PathBuf]) -> HashMap<usize, Reason> {
        let told = |(file, what): &(PathBuf, Reason)| {
            let roster = self.roster.as_ref()?;
            let Match::One(student) = roster.find(&stem(&shown(file)), &folders(file, roots)) else { return None };
            let name = without_id_numbers(&shown(Path::new(file.file_name()?)));
            Some((student, Reason { zh: format!("{name}：{}", what.zh), en: format!("{name}: {}", what.en) }))
        };
        files.iter().filter_map(told).collect()
    }

    /// The photos, in the order in which they were added.
    pub fn photos(&self) -> &[BatchPhoto] {
        &self.photos
    }

    /// What the batch rules found, in their order.
    pub fn findings(&self) -> &[BatchFinding] {
        &self.findings
    }

    /// How often each [`Mark`] was set, for each of [`RULES`].
    pub fn rules(&self) -> &[[usize; Mark::ALL.len()]] {
        &self.rules
    }

    /// Decisions that do not count, and why.
    pub fn unused_decisions(&self) -> &[Unused] {
        &self.unused
    }

    /// The roster, if there is one.
    pub fn roster(&self) -> Option<&Roster> {
        self.roster.as_ref()
    }

    /// What was read of the roster's file, where that was given.
    pub fn reading(&self) -> Option<&Reading> {
        self.reading.as_ref()
    }

    /// The students of the roster; none without one.
    pub fn students(&self) -> &[Student] {
        self.roster.as_ref().map_or(&[], Roster::students)
    }

    /// The student of a photo.
    pub fn student_of(&self, photo: &BatchPhoto) -> Option<&Student> {
        self.students().get(photo.student?)
    }

    /// Where a photo belongs, by roster and folders.
    pub fn place_of(&self, photo: &BatchPhoto) -> Place {
        match self.student_of(photo) {
            Some(student) => student.place().or_folders(&photo.place, student.get(Field::Name)),
            None => photo.place.clone(),
        }
    }

    /// What is to be done for each student of the roster: of several photos the best counts.
    pub fn statuses(&self) -> Vec<Status> {
        let mut statuses = vec![Status::Missing; self.students().len()];
        for photo in self.photos.iter().filter(|photo| !photo.is_set_aside()) {
            let Some(student) = photo.student else { continue };
            statuses[student] = statuses[student].min(photo.status());
        }
        for (status, student) in statuses.iter_mut().zip(self.students()) {
            if *status == Status::Missing && student.is_collected() {
                *status = Status::Collected;
            }
        }
        statuses
    }

    /// Places of the students who must come, again or for the first time. What may be their photo is seen to first: a file
    /// that was not looked at, and a photo of which it is open whose it is.
    pub fn called(&self) -> Vec<usize> {
        let beside = self.findings.iter().filter(|finding| finding.kind == "other-file");
        let open = self.photos.iter().filter(|photo| photo.is_nobodys());
        let waiting = beside.flat_map(|finding| &finding.students).chain(open.flat_map(BatchPhoto::candidates));
        let waiting = waiting.collect::<BTreeSet<_>>();
        let statuses = self.statuses().into_iter().enumerate();
        let is_called = |(place, status): &(usize, Status)| match status {
            Status::Retake => true,
            Status::Missing => !waiting.contains(place),
            _ => false,
        };
        statuses.filter(is_called).map(|(place, _)| place).collect()
    }

    /// Counts of each department of the roster, or of the folders without one.
    pub fn departments(&self) -> BTreeMap<String, Department> {
        let mut departments = BTreeMap::<String, Department>::new();
        if self.students().is_empty() {
            for photo in self.photos.iter().filter(|photo| !photo.is_set_aside()) {
                departments.entry(photo.place.department.clone()).or_default().count(photo.status());
            }
        }
        for (student, status) in self.students().iter().zip(self.statuses()) {
            departments.entry(student.get(Field::Department).to_owned()).or_default().count(status);
        }
        departments
    }

    /// Whether there are photos enough to tell how the camera renders skin, so that [`BatchReport::among_others`] may differ
    /// from the report of a photo alone.
    pub fn knows_camera(&self) -> bool {
        self.camera.is_some()
    }

    /// The report of a photo of this batch as it stands among the others: colour is judged by what all of them show.
    pub fn among_others(&self, report: Report) -> Report {
        let alone = report.finding(NATURAL_COLOUR.id).zip(report.skin());
        match self.camera.zip(alone) {
            Some((camera, (finding, skin))) => {
                let judged = camera.judged(finding, skin);
                report.with_finding(judged)
            }
            None => report,
        }
    }

    /// What the batch rules say of each photo, by its place.
    pub fn notes(&self) -> Vec<Vec<&BatchFinding>> {
        let mut notes = vec![Vec::new(); self.photos.len()];
        for finding in &self.findings {
            finding.photos.iter().for_each(|photo| notes[*photo].push(finding));
        }
        notes
    }

    /// Whether every photo passes, by the rules or by a person, and nothing is open across photos.
    pub fn is_done(&self) -> bool {
        let is_done = |photo: &BatchPhoto| matches!(photo.status(), Status::Done | Status::Granted);
        self.findings.iter().all(BatchFinding::is_settled)
            && self.photos.iter().all(|photo| photo.is_set_aside() || is_done(photo))
    }

    /// Counts of photos.
    pub fn totals(&self) -> Totals {
        let count = |outcome| self.photos.iter().filter(|photo| photo.outcome() == outcome).count();
        let decided = |decision| self.photos.iter().filter(|photo| photo.decision() == Some(decision)).count();
        Totals {
            total: self.photos.len(),
            pass: count(Outcome::Pass),
            fail: count(Outcome::Fail),
            review: count(Outcome::Review),
            unreadable: count(Outcome::Unreadable),
            accepted: decided(Decision::Accept),
            granted: decided(Decision::Override),
            rejected: decided(Decision::Reject),
            set_aside: self.photos.iter().filter(|photo| photo.is_set_aside()).count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::photo;
    use super::testing::{finished, photos, roster};
    use super::*;
    use crate::report::PhotoVerdict::{Fail, Pass, Review};

    #[test]
    fn students_photos_and_departments_are_counted() {
        use Status::{Collected, Done, Missing, Reprocess, Retake, Review as Open};
        let report = finished(Some(roster()), &photos());
        assert_eq!(report.statuses(), [Open, Open, Collected, Missing, Open, Reprocess]);
        // Of a file that cannot be read there is another first, and 张三.jpg may be the one of either 张三.
        assert!(report.called().is_empty());
        assert_eq!(finished(Some(roster()), &photos()[..4]).called(), [3, 4, 5]);
        let totals = report.totals();
        assert_eq!([totals.total, totals.pass, totals.review, totals.fail, totals.unreadable], [7, 0, 5, 1, 1]);
        let departments = report.departments();
        let columns = |name: &str| departments[name].columns();
        assert_eq!(columns("计算机"), [3, 2, 0, 0, 1, 2, 0, 0, 0]);
        assert_eq!(columns("外语"), [3, 2, 0, 0, 0, 1, 1, 0, 1]);
        assert_eq!(report.rules()[crate::rules::position("eyes-open")][Mark::Fail as usize], 1);
        assert_eq!(report.rules().iter().flatten().sum::<usize>(), 1);
        assert!(!report.is_done());
        let good = [photo("photos/计算机/a.jpg", 1, Pass, &[]), photo("photos/外语/b.jpg", 2, Fail, &["eyes-open"])];
        let alone = finished(None, &good);
        assert_eq!(alone.departments()["计算机"].columns(), [1, 1, 1, 0, 0, 0, 0, 0, 0]);
        assert_eq!(alone.departments()["外语"].columns(), [1, 1, 0, 0, 0, 0, 0, 1, 0]);
        assert!(alone.statuses().is_empty() && !alone.is_done() && finished(None, &good[..1]).is_done());
        assert_eq!(alone.photos().iter().map(BatchPhoto::status).collect::<Vec<_>>(), [Done, Retake]);
    }

    #[test]
    fn nobody_is_called_for_what_the_office_can_mend() {
        use Status::{Reprocess, Retake, Review as Open};
        let status = |failing: &[&str], is_crop_enough: bool| {
            let mut entry = photo("20210001.jpg", 1, Fail, failing);
            entry.checked.as_mut().expect("checked").is_crop_enough = is_crop_enough;
            let report = finished(Some(roster()), &[entry]);
            assert_eq!(report.called().contains(&0), report.statuses()[0] == Retake);
            assert_eq!(report.departments()["计算机"].reprocess, usize::from(report.statuses()[0] == Reprocess));
            report.statuses()[0]
        };
        for (failing, room, no_room) in [
            (&["image-size", "jpeg-quality"][..], Reprocess, Reprocess),
            (&["eye-line", "file-format"], Reprocess, Retake),
            (&["under-exposure"], Retake, Retake),
            (&["file-format", "eyes-open"], Retake, Retake),
            (&["head-top-margin", "background-colour"], Retake, Retake),
        ] {
            assert_eq!([status(failing, true), status(failing, false)], [room, no_room], "{failing:?}");
        }
        // Of several photos the best counts.
        let both = [("20210001.jpg", 1, "eyes-open"), ("20210001_2.jpg", 2, "image-size")]
            .map(|(name, content, rule)| photo(name, content, Fail, &[rule]));
        assert_eq!(finished(Some(roster()), &both).statuses()[0], Reprocess);
        let review = photo("20210001_3.jpg", 3, Review, &[]);
        assert_eq!(finished(Some(roster()), &[&both[..], &[review]].concat()).statuses()[0], Open);
    }

    #[test]
    fn a_photo_of_nobody_belongs_to_the_major_that_has_its_class() {
        let majors = [("软件", "1班"), ("软件", "1班"), ("网络", "2班"), ("通信", "2班")];
        let students = majors.map(|(major, class)| {
            let mut student = Student::new(2);
            let cells = [(Field::Department, "计算机"), (Field::Major, major), (Field::Class, class)];
            cells.into_iter().for_each(|(field, cell)| student.set(field, cell));
            student
        });
        let names = ["photos/计算机/1班/a.jpg", "photos/计算机/2班/b.jpg", "photos/外语/1班/c.jpg"];
        let photos = names.map(|name| photo(name, name.as_bytes()[name.len() - 5], Pass, &[]));
        let report = finished(Some(Roster::new(students.to_vec())), &photos);
        let majors = report.photos().iter().map(|photo| report.place_of(photo).major).collect::<Vec<_>>();
        assert_eq!(majors, ["软件", "", ""]);
    }

    #[test]
    fn a_photo_knows_its_student_and_its_place() {
        let report = finished(Some(roster()), &photos());
        let photo = |at: usize| &report.photos()[at];
        assert_eq!(report.student_of(photo(1)).map(Student::words).as_deref(), Some("李四 20210002"));
        assert_eq!((photo(3).student(), report.student_of(photo(3)).is_none()), (None, true));
        assert_eq!(report.place_of(photo(4)), Place::default());
        assert_eq!(report.place_of(photo(5)).class, "英语1班");
        assert_eq!((photo(4).candidates(), photo(1).candidates()), (&[0, 3][..], &[][..]));
        assert_eq!((photo(0).sha256(), photo(6).sha256()), ("01", ""));
        assert_eq!((photo(0).outcome(), photo(6).outcome()), (Outcome::Review, Outcome::Unreadable));
        assert!(!photo(0).is_assigned() && !photo(0).is_set_aside() && !photo(0).is_displaced());
        assert!(report.roster().is_some() && report.reading().is_none() && report.unused_decisions().is_empty());
        assert!(!report.knows_camera());
    }
}
