//! What shows across the photos of a batch.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

use super::camera_colour::Camera;
use super::decision::{Decided, Decision, Unused};
use super::entry::{Checked, Entry};
use super::field::Field;
use super::masking::without_id_numbers;
use super::names::number;
use super::order::{Assignment, Slip};
use super::place::{Place, folders, stem};
use super::recent_photo::{is_too_old, month_of};
use super::roster::{Match, Roster, Student};
use super::students::Reading;
use super::totals::{Department, Status, Totals};
use super::{BATCH_RULES, BatchRule, duplicate_photo, find, sentences};
use crate::photo::{Taken, shown};
use crate::report::{Mark, PhotoVerdict, Report, SCHEMA};
use crate::rules::RULES;
use crate::rules::natural_colour::NATURAL_COLOUR;
use crate::text::Reason;

/// A photo among the others.
#[derive(Clone, Debug)]
pub struct BatchPhoto {
    name: String,
    place: Place,
    /// Whom its name means.
    matched: Match,
    pub(super) student: Option<usize>,
    checked: Option<Checked>,
    /// Whether no rule fails it that a person could not overrule.
    pub(super) is_overridable: bool,
    is_mendable: bool,
    is_questioned: bool,
    pub(super) decided: Option<Decided>,
    pub(super) fate: Fate,
}

/// What the decision on another photo means for this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing.
    #[default]
    Own,
    /// Its student has another photo that a person chose.
    SetAside,
    /// A person found that the picture is somebody else's.
    Displaced,
}

/// What a photo counts as before a person decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Outcome {
    Pass,
    /// The rules leave it open, or it passes and it is open whose photo it is.
    Review,
    Fail,
    Unreadable,
}

impl BatchPhoto {
    fn new(
        entry: Entry,
        roots: &[PathBuf],
        roster: Option<&Roster>,
        overridable: &BTreeSet<&'static str>,
        assigned: Option<Match>,
    ) -> BatchPhoto {
        let folders = folders(Path::new(&entry.photo), roots);
        let named = || roster.map_or(Match::Nobody, |roster| roster.find(&stem(&entry.photo), &folders));
        let matched = assigned.unwrap_or_else(named);
        BatchPhoto {
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

    /// Whether its student has another photo that a person chose.
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

    pub(super) fn is_settled(&self) -> bool {
        self.decision().is_some() || self.fate != Fate::Own
    }
}

/// What one batch rule found.
#[derive(Clone, Debug)]
pub struct BatchFinding {
    rule: &'static BatchRule,
    kind: &'static str,
    photos: Vec<usize>,
    students: Vec<usize>,
    reason: Reason,
    pub(super) is_settled: bool,
}

impl BatchFinding {
    /// The rule.
    pub fn rule(&self) -> &'static BatchRule {
        self.rule
    }

    /// What kind of it, for programs.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// Places of the photos concerned in the batch.
    pub fn photos(&self) -> &[usize] {
        &self.photos
    }

    /// Places of the students concerned on the roster.
    pub fn students(&self) -> &[usize] {
        &self.students
    }

    /// One sentence: what is wrong and what to do.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// Whether people have decided on every photo that it concerns.
    pub fn is_settled(&self) -> bool {
        self.is_settled
    }
}

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
        for (place, entry) in entries.into_iter().enumerate() {
            for (rule, mark) in entry.checked.iter().flat_map(|checked| &checked.marks) {
                rules[*rule][*mark as usize] += 1;
            }
            let assigned = assignment.matches.get(place).cloned().flatten();
            let mut photo = BatchPhoto::new(entry, roots, roster.as_ref(), overridable, assigned);
            if assignment.is_replaced(place) {
                photo.fate = Fate::SetAside;
            }
            photos.push(photo);
        }
        let slips = assignment.slips;
        BatchReport { photos, findings: Vec::new(), rules, unused: Vec::new(), roster, reading: None, slips, camera }
    }

    /// Finds what only shows when it is known whose the photos are.
    pub(super) fn find(
        &mut self,
        beside: &HashMap<usize, Reason>,
        graduation: Option<(u16, u8)>,
        taken: &[Option<Taken>],
    ) {
        self.find_slips();
        self.find_strangers();
        self.find_duplicates();
        self.find_photos_of_students(beside);
        self.find_wrong_id_numbers();
        self.find_old(graduation, taken);
        self.find_cast();
        self.findings.sort_by_key(|finding| {
            let rule = BATCH_RULES.iter().position(|rule| rule.id == finding.rule.id);
            (rule, finding.photos.first().copied(), finding.students.first().copied())
        });
        for finding in &self.findings {
            finding.photos.iter().for_each(|photo| self.photos[*photo].is_questioned = true);
        }
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
            Some(student) => student.place().or(&photo.place),
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

    /// Places of the students who must come, again or for the first time; a file that was not looked at is looked at first.
    pub fn called(&self) -> Vec<usize> {
        let waiting = self.findings.iter().filter(|finding| finding.kind == "other-file");
        let waiting = waiting.flat_map(|finding| &finding.students).collect::<BTreeSet<_>>();
        let statuses = self.statuses().into_iter().enumerate();
        let called = statuses.filter(|(_, status)| matches!(status, Status::Retake | Status::Missing));
        called.map(|(place, _)| place).filter(|place| !waiting.contains(place)).collect()
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

    /// The whole as JSON: batch.json.
    pub fn to_json(&self) -> String {
        let decisions =
            Decisions { used: self.photos.iter().filter_map(BatchPhoto::decided).collect(), unused: &self.unused };
        let whole = Whole {
            schema: SCHEMA,
            roster: self.reading.as_ref(),
            photos: self.totals(),
            findings: self.listed(),
            departments: self.departments(),
            decisions,
        };
        // Strings, numbers and maps by strings always have a JSON form.
        serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
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

    fn listed(&self) -> Vec<Listed<'_>> {
        let listed = |finding: &'_ BatchFinding| Listed {
            rule: finding.rule.id,
            kind: finding.kind,
            settled: finding.is_settled,
            photos: finding.photos.iter().map(|photo| self.photos[*photo].name.as_str()).collect(),
            students: finding.students.iter().filter_map(|place| self.students().get(*place).map(Named)).collect(),
            reason: finding.reason.clone(),
        };
        self.findings.iter().map(listed).collect()
    }

    fn found(&mut self, rule: &str, kind: &'static str, photos: &[usize], students: &[usize], reason: Reason) {
        let Some(rule) = find(rule) else { return };
        let (photos, students) = (photos.to_vec(), students.to_vec());
        self.findings.push(BatchFinding { rule, kind, photos, students, reason, is_settled: false });
    }

    /// Names of students with their numbers, as they stand on the roster.
    fn names(&self, places: &[usize]) -> String {
        let name = |place: &usize| self.students().get(*place).map(Student::words);
        places.iter().filter_map(name).collect::<Vec<_>>().join("、")
    }

    fn find_slips(&mut self) {
        for slip in self.slips.clone() {
            self.found("roster-match", "order-slip", &slip.photos, &[], slip.reason);
        }
    }

    /// Photos whose name does not mean one student.
    fn find_strangers(&mut self) {
        if self.roster.is_none() {
            return;
        }
        let slipped = self.slips.iter().flat_map(|slip| slip.photos.iter().copied()).collect::<BTreeSet<_>>();
        for place in 0..self.photos.len() {
            if self.photos[place].student.is_some() || slipped.contains(&place) {
                continue;
            }
            let students = self.photos[place].candidates().to_vec();
            let candidates = students.iter().filter_map(|student| self.students().get(*student)).collect::<Vec<_>>();
            let (kind, reason) = match &self.photos[place].matched {
                Match::Several(_) => ("ambiguous", sentences::ambiguous(&candidates)),
                Match::Conflict(_) => ("conflict", sentences::conflict(&candidates)),
                Match::One(_) | Match::Nobody => ("surplus", sentences::surplus()),
            };
            self.found("roster-match", kind, &[place], &students, reason);
        }
    }

    fn find_duplicates(&mut self) {
        let read = self.photos.iter().enumerate().filter_map(|(place, photo)| {
            let checked = photo.checked.as_ref()?;
            Some((place, checked.sha256.as_str(), checked.fingerprint))
        });
        for photos in duplicate_photo::groups(read) {
            let is_same_file =
                photos.iter().all(|photo| self.photos[*photo].sha256() == self.photos[photos[0]].sha256());
            let kind = if is_same_file { "same-file" } else { "same-picture" };
            let reason = sentences::duplicate(photos.len(), is_same_file);
            self.found("duplicate-photo", kind, &photos, &[], reason);
        }
    }

    fn find_photos_of_students(&mut self, beside: &HashMap<usize, Reason>) {
        for (student, photos) in self.photos_of_students().into_iter().enumerate() {
            match photos.len() {
                // Who has been collected elsewhere is not missed.
                0 if self.students()[student].is_collected() => {}
                0 => {
                    let (kind, reason) = match beside.get(&student) {
                        Some(file) => ("other-file", sentences::only_beside(&self.students()[student], file)),
                        None => ("missing", sentences::missing(&self.students()[student])),
                    };
                    self.found("roster-match", kind, &[], &[student], reason);
                }
                1 => {}
                count => {
                    let reason = sentences::several(&self.names(&[student]), count);
                    self.found("roster-match", "several-photos", &photos, &[student], reason);
                }
            }
        }
    }

    fn find_wrong_id_numbers(&mut self) {
        let photos = self.photos_of_students();
        for (student, photos) in photos.into_iter().enumerate() {
            if let Some(reason) = sentences::wrong_on_roster(&self.students()[student]) {
                self.found("id-number", "roster", &photos, &[student], reason);
            }
        }
        for place in 0..self.photos.len() {
            let photo = &self.photos[place];
            let wrong = sentences::wrong_in_name(&number(&stem(&photo.name))).filter(|_| photo.student.is_none());
            if let Some(reason) = wrong {
                self.found("id-number", "file-name", &[place], &[], reason);
            }
        }
    }

    /// Photos that were taken too long before graduation.
    fn find_old(&mut self, graduation: Option<(u16, u8)>, taken: &[Option<Taken>]) {
        for (place, taken) in taken.iter().enumerate().take(self.photos.len()) {
            let student = self.student_of(&self.photos[place]);
            let noted = student.and_then(|student| month_of(student.get(Field::Graduation))).or(graduation);
            let (Some(taken), Some(graduation)) = (*taken, noted) else { continue };
            if is_too_old(taken, graduation) && !self.photos[place].is_set_aside() {
                self.found("recent-photo", "too-old", &[place], &[], sentences::too_old(taken, graduation));
            }
        }
    }

    /// Told once, of no photo: where all are alike, none is to blame.
    fn find_cast(&mut self) {
        if let Some(tint) = self.camera.and_then(|camera| camera.cast()) {
            self.found("camera-colour", "cast", &[], &[], sentences::cast(tint));
        }
    }

    /// Places of the photos of each student.
    fn photos_of_students(&self) -> Vec<Vec<usize>> {
        let mut photos = vec![Vec::new(); self.students().len()];
        for (place, photo) in self.photos.iter().enumerate() {
            if let Some(student) = photo.student.filter(|_| !photo.is_set_aside()) {
                photos[student].push(place);
            }
        }
        photos
    }
}

#[derive(Serialize)]
struct Whole<'a> {
    schema: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    roster: Option<&'a Reading>,
    photos: Totals,
    findings: Vec<Listed<'a>>,
    departments: BTreeMap<String, Department>,
    decisions: Decisions<'a>,
}

#[derive(Serialize)]
struct Decisions<'a> {
    used: Vec<&'a Decided>,
    unused: &'a [Unused],
}

#[derive(Serialize)]
struct Listed<'a> {
    rule: &'static str,
    kind: &'static str,
    settled: bool,
    photos: Vec<&'a str>,
    students: Vec<Named<'a>>,
    reason: Reason,
}

/// A student with what tells him from others; the number of his identity document stays on the roster.
struct Named<'a>(&'a Student);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            row: usize,
            name: &'a str,
            student_number: &'a str,
            department: &'a str,
            major: &'a str,
            class: &'a str,
            session: &'a str,
            time: &'a str,
            place: &'a str,
        }
        let fields = Fields {
            row: self.0.row,
            name: self.0.get(Field::Name),
            student_number: self.0.get(Field::StudentNumber),
            department: self.0.get(Field::Department),
            major: self.0.get(Field::Major),
            class: self.0.get(Field::Class),
            session: self.0.get(Field::Session),
            time: self.0.get(Field::Time),
            place: self.0.get(Field::Place),
        };
        fields.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::super::collect::Batch;
    use super::super::order::{Queues, Shot};
    use super::super::testing::photo;
    use super::*;
    use crate::report::PhotoVerdict::{Fail, Pass, Review};

    fn roster() -> Roster {
        let rows = [
            ("计算机", "软件1班", "20210001", "张三"),
            ("计算机", "软件1班", "20210002", "李四"),
            ("计算机", "软件2班", "20210003", "王五"),
            ("外语", "英语1班", "20210004", "张三"),
            ("外语", "英语1班", "20210005", "赵六"),
            ("外语", "英语1班", "20210006", "钱七"),
        ];
        let student = |(row, (department, class, number, name)): (usize, (&str, &str, &str, &str))| {
            let mut student = Student::new(row + 2);
            let cells = [Field::Department, Field::Class, Field::StudentNumber, Field::Name];
            cells.into_iter().zip([department, class, number, name]).for_each(|(field, cell)| student.set(field, cell));
            student
        };
        let mut students = rows.into_iter().enumerate().map(student).collect::<Vec<_>>();
        students[2].set(Field::Collected, "是");
        students[4].set(Field::IdNumber, "110105194912310021");
        students[5].set(Field::Graduation, "2027-06");
        Roster::new(students)
    }

    fn finished(roster: Option<Roster>, photos: &[Entry]) -> BatchReport {
        let mut batch = Batch::new(roster).below(["photos"]);
        photos.iter().cloned().for_each(|photo| batch.add(photo));
        batch.finish()
    }

    /// Kind, photos and students of every finding.
    fn found(report: &BatchReport) -> Vec<(&'static str, &[usize], &[usize])> {
        report.findings().iter().map(|finding| (finding.kind(), finding.photos(), finding.students())).collect()
    }

    fn photos() -> [Entry; 7] {
        [
            photo("photos/计算机/软件1班/20210001.jpg", 1, Pass, &[]),
            photo("photos/计算机/软件1班/20210002.jpg", 2, Review, &[]),
            photo("photos/计算机/软件1班/20210002_2.jpg", 3, Fail, &["eyes-open"]),
            photo("photos/旁听生.jpg", 1, Pass, &[]),
            photo("photos/张三.jpg", 4, Pass, &[]),
            photo("photos/110105194912310021.jpg", 5, Pass, &[]),
            Entry::unreadable("photos/外语/英语1班/20210006.jpg"),
        ]
    }

    #[test]
    fn what_shows_across_photos_is_found_in_the_order_of_the_rules() {
        let report = finished(Some(roster()), &photos());
        assert_eq!(
            found(&report),
            [
                ("same-file", &[0, 3][..], &[][..]),
                ("missing", &[], &[3]),
                ("several-photos", &[1, 2], &[1]),
                ("surplus", &[3], &[]),
                ("ambiguous", &[4], &[0, 3]),
                ("roster", &[5], &[4]),
            ]
        );
        let told = |at: usize| report.findings()[at].reason();
        assert!(told(1).zh.starts_with("张三 20210004没有照片") && told(2).zh.starts_with("李四 20210002有2张照片"));
        assert!(told(4).en.contains("张三 20210001、张三 20210004"), "{}", told(4).en);
        // A name with one question has it noted; without a roster nobody is missing or strange.
        let notes =
            report.notes().iter().map(|notes| notes.iter().map(|note| note.kind()).collect()).collect::<Vec<Vec<_>>>();
        assert_eq!(
            notes[..4],
            [vec!["same-file"], vec!["several-photos"], vec!["several-photos"], vec!["same-file", "surplus"]]
        );
        let alone = finished(None, &photos());
        assert_eq!(found(&alone), [("same-file", &[0, 3][..], &[][..]), ("file-name", &[5], &[])]);
    }

    #[test]
    fn students_photos_and_departments_are_counted() {
        use Status::{Collected, Done, Missing, Reprocess, Retake, Review as Open};
        let report = finished(Some(roster()), &photos());
        assert_eq!(report.statuses(), [Open, Open, Collected, Missing, Open, Reprocess]);
        // Of a file that cannot be read there is another first.
        assert_eq!(report.called(), [3]);
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

    #[test]
    fn an_order_that_slips_leaves_its_photos_open_and_a_decision_settles_its_own_alone() {
        let names = ["photos/软件1班/a.jpg", "photos/软件1班/b.jpg", "photos/软件1班/c.jpg"];
        let shot = |name: &str| Shot { photo: name.to_owned(), folders: vec!["软件1班".to_owned()], taken: None };
        let finished = |decisions: Vec<Decided>| {
            let mut batch = Batch::new(roster()).below(["photos"]).read_as(Reading::default());
            names.iter().zip(1..).for_each(|(name, content)| batch.add(photo(name, content, Pass, &[])));
            batch.assign(roster().in_order(&names.map(shot), &Queues::default()).expect("an order"));
            batch.decide(decisions);
            batch.finish()
        };
        let report = finished(vec![]);
        assert!(found(&report).contains(&("order-slip", &[0, 1, 2][..], &[][..])), "{:?}", found(&report));
        assert!(report.photos().iter().all(|photo| photo.status() == Status::Review) && report.reading().is_some());
        let first = Decided { decision: Some(Decision::Accept), ..Decided::new(names[0], "01", "20210001") };
        let report = finished(vec![first]);
        assert_eq!(
            report.photos().iter().map(BatchPhoto::status).collect::<Vec<_>>()[..2],
            [Status::Done, Status::Review]
        );
    }

    #[test]
    fn files_beside_the_photos_are_told_of_those_who_would_be_missing() {
        let mut batch = Batch::new(roster()).below(["photos"]);
        let heic = Reason::new("手机的 HEIC 图片", "a phone's HEIC picture");
        batch.beside([(PathBuf::from("photos/20210001.heic"), heic.clone()), (PathBuf::from("photos/x.heic"), heic)]);
        let report = batch.finish();
        let (kind, _, students) = found(&report)[0];
        assert_eq!((kind, students), ("other-file", &[0][..]));
        assert!(report.findings()[0].reason().en.contains("20210001.heic: a phone's HEIC picture"));
        // The file is looked at first; who was collected before is not called either.
        assert_eq!((report.statuses()[0], report.called()), (Status::Missing, vec![1, 3, 4, 5]));
    }

    #[test]
    fn old_photos_are_asked_about_by_the_month_of_graduation() {
        let names = ["20210001", "20210006", "20210002"]
            .map(|name| photo(&format!("photos/{name}.jpg"), name.as_bytes()[7], Pass, &[]));
        let mut batch = Batch::new(roster()).below(["photos"]);
        names.into_iter().for_each(|photo| batch.add(photo));
        // 20210006 graduates a year later than the others, by the roster.
        let day = Some(Taken::noted("2025:06:20 09:00:00"));
        batch.taken(Some((2026, 6)), vec![day, day, None]);
        let report = batch.finish();
        let old = report.findings().iter().filter(|finding| finding.kind() == "too-old");
        assert_eq!(old.map(BatchFinding::photos).collect::<Vec<_>>(), [&[1]]);
    }

    #[test]
    fn the_whole_is_one_json_without_numbers_of_identity_documents() {
        let report = finished(Some(roster()), &photos());
        let json = serde_json::from_str::<serde_json::Value>(&report.to_json()).expect("JSON");
        assert_eq!((&json["schema"], &json["photos"]["total"]), (&SCHEMA.into(), &7.into()));
        let missing = &json["findings"][1];
        assert_eq!(
            (&missing["rule"], &missing["kind"], &missing["settled"]),
            (&"roster-match".into(), &"missing".into(), &false.into())
        );
        assert_eq!((&missing["students"][0]["name"], &missing["students"][0]["row"]), (&"张三".into(), &5.into()));
        assert_eq!(
            json["findings"][0]["photos"],
            serde_json::json!(["photos/计算机/软件1班/20210001.jpg", "photos/旁听生.jpg"])
        );
        assert_eq!(json["departments"]["外语"]["missing"], 1);
        assert!(report.to_json().ends_with("}\n"));
        let students = json["findings"].as_array().into_iter().flatten().map(|finding| finding["students"].to_string());
        assert!(students.into_iter().all(|students| !students.contains("110105194912310021")));
    }
}
