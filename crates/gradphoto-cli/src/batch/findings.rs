//! What shows across photos: batch.json, and what the other outputs say of a photo beside its own findings.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use gradphoto::batch::{self, BatchRule, Field, IdNumber, Match, Roster, Student, near_pairs, normal};
use gradphoto::{Fingerprint, Language, Mark, PhotoVerdict, Reason, Report, SCHEMA};
use serde::{Serialize, Serializer};

use super::decisions::{Decided, Decision, Unused};
use super::place::{Place, folders};
use crate::line::Line;

/// What became of a photo, in as little memory as ten thousand of them allow.
pub struct Photo {
    /// Name as it was given.
    pub name: String,
    /// `None` where it could not be checked.
    pub verdict: Option<PhotoVerdict>,
    /// Where it belongs, by roster or folders.
    pub place: Place,
    /// Place of its student on the roster.
    pub student: Option<usize>,
    /// Hash of its file; empty where it could not be checked.
    pub sha256: String,
    /// What a person decided or noted.
    pub decided: Option<Decided>,
    fingerprint: Option<Fingerprint>,
}

/// The photos of a run, what shows across them, and who is on the roster.
pub struct Batch {
    /// In input order.
    pub photos: Vec<Photo>,
    /// In the order of the batch rules.
    pub findings: Vec<Finding>,
    /// How often each [`Mark`] was set, for each of [`gradphoto::RULES`].
    pub rules: Vec<[usize; Mark::ALL.len()]>,
    /// Decisions that do not count.
    pub unused: Vec<Unused>,
    roster: Option<Roster>,
}

/// What one batch rule found.
pub struct Finding {
    /// The rule.
    pub rule: &'static BatchRule,
    /// What kind of it, for programs.
    pub kind: &'static str,
    /// Places of the photos concerned.
    pub photos: Vec<usize>,
    /// Places of the students concerned on the roster.
    pub students: Vec<usize>,
    /// One sentence: what is wrong and what to do.
    pub reason: Reason,
}

/// What is to be done for a student, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// A photo passes.
    Done,
    /// A person must look at the photo.
    Review,
    /// The photo fails or cannot be read: come back.
    Retake,
    /// No photo.
    Missing,
}

impl Status {
    /// The word for it.
    pub fn word(self, language: Language) -> &'static str {
        match (self, language) {
            (Status::Done, Language::Zh) => "已合格",
            (Status::Review, Language::Zh) => "待确认",
            (Status::Retake, Language::Zh) => "需重拍",
            (Status::Missing, Language::Zh) => "未拍",
            (Status::Done, Language::En) => "done",
            (Status::Review, Language::En) => "review",
            (Status::Retake, Language::En) => "retake",
            (Status::Missing, Language::En) => "missing",
        }
    }
}

impl Photo {
    /// What is to be done as the rules say.
    pub fn measured(&self) -> Status {
        match self.verdict {
            Some(PhotoVerdict::Pass) => Status::Done,
            Some(PhotoVerdict::Review) => Status::Review,
            Some(PhotoVerdict::Fail) | None => Status::Retake,
        }
    }

    /// What is to be done; where the rules leave it open, as a person decided.
    pub fn status(&self) -> Status {
        match (self.measured(), self.decision()) {
            (Status::Review, Some(Decision::Accept)) => Status::Done,
            (Status::Review, Some(Decision::Reject)) => Status::Retake,
            (measured, _) => measured,
        }
    }

    /// What a person decided.
    pub fn decision(&self) -> Option<Decision> {
        self.decided.as_ref()?.decision
    }
}

impl Batch {
    /// No photos yet; those to come are looked up on `roster`.
    pub fn new(roster: Option<Roster>) -> Batch {
        Batch {
            photos: Vec::new(),
            findings: Vec::new(),
            rules: vec![[0; Mark::ALL.len()]; gradphoto::RULES.len()],
            unused: Vec::new(),
            roster,
        }
    }

    /// Adds the next photo; `roots` are the folders that were asked for.
    pub fn add(&mut self, line: &Line, roots: &[PathBuf]) {
        let report = line.report();
        for finding in report.iter().flat_map(|report| report.findings()) {
            let place = gradphoto::RULES.iter().position(|rule| rule.id == finding.rule().id);
            if let Some((place, mark)) = place.zip(finding.mark()) {
                self.rules[place][mark as usize] += 1;
            }
        }
        let folders = folders(Path::new(line.photo()), roots);
        self.photos.push(Photo {
            name: line.photo().to_owned(),
            verdict: report.map(Report::verdict),
            place: Place::of_folders(&folders),
            student: None,
            decided: None,
            sha256: report.map(|report| report.sha256().to_owned()).unwrap_or_default(),
            fingerprint: report.map(Report::fingerprint),
        });
        let found = self.roster.as_ref().map(|roster| roster.find(&stem(line.photo()), &folders));
        let place = self.photos.len() - 1;
        match found {
            None => {}
            Some(Match::One(student)) => {
                self.photos[place].student = Some(student);
                if let Some(on_roster) = self.student(student).map(place_of) {
                    let photo = &mut self.photos[place];
                    photo.place = on_roster.or(&photo.place);
                }
            }
            Some(Match::Nobody) => self.found("roster-match", "surplus", &[place], &[], surplus()),
            Some(Match::Several(students)) => {
                let reason = ambiguous(&self.names(&students));
                self.found("roster-match", "ambiguous", &[place], &students, reason);
            }
            Some(Match::Conflict(students)) => {
                let reason = conflict(&self.names(&students));
                self.found("roster-match", "conflict", &[place], &students, reason);
            }
        }
    }

    /// Finds what only shows when all photos are known.
    pub fn finish(&mut self) {
        self.find_duplicates();
        self.find_photos_of_students();
        self.find_wrong_id_numbers();
        self.findings.sort_by_key(|finding| {
            let rule = batch::BATCH_RULES.iter().position(|rule| rule.id == finding.rule.id);
            (rule, finding.photos.first().copied(), finding.students.first().copied())
        });
    }

    /// The students of the roster; none without one.
    pub fn students(&self) -> &[Student] {
        self.roster.as_ref().map_or(&[], Roster::students)
    }

    /// The student at a place of the roster.
    pub fn student(&self, place: usize) -> Option<&Student> {
        self.students().get(place)
    }

    /// What is to be done for each student of the roster.
    pub fn statuses(&self) -> Vec<Status> {
        let mut statuses = vec![Status::Missing; self.students().len()];
        for photo in &self.photos {
            let Some(student) = photo.student else { continue };
            // Of several photos the best counts.
            statuses[student] = statuses[student].min(photo.status());
        }
        statuses
    }

    /// Counts of each department of the roster, or of the folders without one.
    pub fn departments(&self) -> BTreeMap<String, Department> {
        let mut departments = BTreeMap::<String, Department>::new();
        if self.students().is_empty() {
            for photo in &self.photos {
                let counts = departments.entry(photo.place.department.clone()).or_default();
                counts.count(photo.status());
            }
        }
        for (student, status) in self.students().iter().zip(self.statuses()) {
            departments.entry(student.get(Field::Department).to_owned()).or_default().count(status);
        }
        departments
    }

    /// What the batch rules say of each photo, by its place.
    pub fn notes(&self) -> Vec<Vec<&Finding>> {
        let mut notes = vec![Vec::new(); self.photos.len()];
        for finding in &self.findings {
            for photo in &finding.photos {
                notes[*photo].push(finding);
            }
        }
        notes
    }

    /// The whole as JSON: batch.json.
    pub fn to_json(&self) -> String {
        let decisions = Decisions {
            used: self.photos.iter().filter_map(|photo| photo.decided.as_ref()).collect(),
            unused: &self.unused,
        };
        let whole = Whole {
            schema: SCHEMA,
            photos: self.totals(),
            findings: self.listed(),
            departments: self.departments(),
            decisions,
        };
        // Strings, numbers and maps by strings always have a JSON form.
        serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
    }

    /// Whether every photo passes, by the rules or by a person, and nothing is wrong across photos.
    pub fn is_done(&self) -> bool {
        self.findings.is_empty() && self.photos.iter().all(|photo| photo.status() == Status::Done)
    }

    /// Photos in all, then those that pass, fail, need a look, cannot be read; of those that need a look, how many people
    /// accepted and rejected.
    pub fn totals(&self) -> Totals {
        let count =
            |verdicts: &[Option<PhotoVerdict>]| self.photos.iter().filter(|p| verdicts.contains(&p.verdict)).count();
        let decided = |decision| self.photos.iter().filter(|photo| photo.decision() == Some(decision)).count();
        Totals {
            accepted: decided(Decision::Accept),
            rejected: decided(Decision::Reject),
            total: self.photos.len(),
            pass: count(&[Some(PhotoVerdict::Pass)]),
            fail: count(&[Some(PhotoVerdict::Fail)]),
            review: count(&[Some(PhotoVerdict::Review)]),
            unreadable: count(&[None]),
        }
    }

    fn listed(&self) -> Vec<Listed<'_>> {
        let student = |place: &usize| self.student(*place).map(Named);
        let listed = |finding: &'_ Finding| Listed {
            rule: finding.rule.id,
            kind: finding.kind,
            photos: finding.photos.iter().map(|photo| self.photos[*photo].name.as_str()).collect(),
            students: finding.students.iter().filter_map(student).collect(),
            reason: finding.reason.clone(),
        };
        self.findings.iter().map(listed).collect()
    }

    fn found(&mut self, rule: &str, kind: &'static str, photos: &[usize], students: &[usize], reason: Reason) {
        let Some(rule) = batch::find(rule) else { return };
        self.findings.push(Finding { rule, kind, photos: photos.to_vec(), students: students.to_vec(), reason });
    }

    /// Names of students with their numbers, as they stand on the roster.
    fn names(&self, places: &[usize]) -> String {
        let name = |place: &usize| self.student(*place).map(student_words);
        places.iter().filter_map(name).collect::<Vec<_>>().join("、")
    }

    /// Same bytes first; of those one stands for all when pictures are compared.
    fn find_duplicates(&mut self) {
        let mut by_bytes = BTreeMap::<&str, Vec<usize>>::new();
        for (place, photo) in self.photos.iter().enumerate().filter(|(_, photo)| !photo.sha256.is_empty()) {
            by_bytes.entry(&photo.sha256).or_default().push(place);
        }
        let mut groups = by_bytes.into_values().collect::<Vec<_>>();
        groups.sort();
        let fingerprints = groups.iter().filter_map(|group| self.photos[group[0]].fingerprint).collect::<Vec<_>>();
        let mut joined = (0..groups.len()).collect::<Vec<_>>();
        fn root(joined: &[usize], mut place: usize) -> usize {
            while joined[place] != place {
                place = joined[place];
            }
            place
        }
        for (a, b) in near_pairs(&fingerprints) {
            let (a, b) = (root(&joined, a), root(&joined, b));
            joined[a.max(b)] = a.min(b);
        }
        let mut alike = BTreeMap::<usize, Vec<usize>>::new();
        for (place, group) in groups.iter().enumerate() {
            alike.entry(root(&joined, place)).or_default().extend(group);
        }
        for mut photos in alike.into_values().filter(|photos| photos.len() > 1) {
            photos.sort_unstable();
            let is_same_file = photos.iter().all(|photo| self.photos[*photo].sha256 == self.photos[photos[0]].sha256);
            let kind = if is_same_file { "same-file" } else { "same-picture" };
            let reason = duplicate(photos.len(), is_same_file);
            self.found("duplicate-photo", kind, &photos, &[], reason);
        }
    }

    fn find_photos_of_students(&mut self) {
        let mut photos = vec![Vec::new(); self.students().len()];
        for (place, photo) in self.photos.iter().enumerate() {
            if let Some(student) = photo.student {
                photos[student].push(place);
            }
        }
        for (student, photos) in photos.into_iter().enumerate() {
            match photos.len() {
                0 => {
                    let reason = missing(&self.students()[student]);
                    self.found("roster-match", "missing", &[], &[student], reason);
                }
                1 => {}
                count => {
                    let reason = several(&self.names(&[student]), count);
                    self.found("roster-match", "several-photos", &photos, &[student], reason);
                }
            }
        }
    }

    fn find_wrong_id_numbers(&mut self) {
        let wrong = |number: &str| match IdNumber::read(number) {
            IdNumber::Wrong(why) => Some(why),
            IdNumber::Valid | IdNumber::Exempt(_) => None,
        };
        let mut photos_of = HashMap::<usize, Vec<usize>>::new();
        for (place, photo) in self.photos.iter().enumerate() {
            if let Some(student) = photo.student {
                photos_of.entry(student).or_default().push(place);
            }
        }
        let students =
            self.students().iter().enumerate().filter(|(_, student)| !student.get(Field::IdNumber).is_empty());
        let students =
            students.filter_map(|(place, student)| Some((place, student.row, wrong(student.get(Field::IdNumber))?)));
        for (student, row, why) in students.collect::<Vec<_>>() {
            let reason = Reason {
                zh: format!("名册第{row}行{}的证件号码有误：{}，请核对证件。", self.names(&[student]), why.zh),
                en: format!(
                    "Row {row} of the roster ({}): the identity number is wrong, {}. Compare it with the document.",
                    self.names(&[student]),
                    why.en
                ),
            };
            self.found("id-number", "roster", &photos_of.remove(&student).unwrap_or_default(), &[student], reason);
        }
        for place in 0..self.photos.len() {
            let name = normal(&stem(&self.photos[place].name));
            if let (None, true, Some(why)) = (self.photos[place].student, IdNumber::looks_like(&name), wrong(&name)) {
                let reason = Reason {
                    zh: format!("文件名中的身份证号有误：{}，请核对证件后改名。", why.zh),
                    en: format!(
                        "The identity number that names the file is wrong: {}. Compare it with the document and rename the file.",
                        why.en
                    ),
                };
                self.found("id-number", "file-name", &[place], &[], reason);
            }
        }
    }
}

/// Name of a photo's file without its extension.
pub fn stem(photo: &str) -> String {
    Path::new(photo).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Name and number of a student, as far as the roster has them.
pub fn student_words(student: &Student) -> String {
    let number = [Field::StudentNumber, Field::ExamNumber, Field::CaptureCode].map(|field| student.get(field));
    let number = number.into_iter().find(|number| !number.is_empty()).unwrap_or_default();
    format!("{} {number}", student.get(Field::Name)).trim().to_owned()
}

/// Where the roster says that a student belongs.
pub fn place_of(student: &Student) -> Place {
    let get = |field| student.get(field).to_owned();
    Place { department: get(Field::Department), major: get(Field::Major), class: get(Field::Class) }
}

fn surplus() -> Reason {
    Reason {
        zh: "名册中找不到此照片的学生，请核对文件名或补充名册。".to_owned(),
        en: "No student of the roster has this name. Rename the file or complete the roster.".to_owned(),
    }
}

fn ambiguous(names: &str) -> Reason {
    Reason {
        zh: format!("文件名对应多名学生（{names}），请改用学号命名。"),
        en: format!("Several students have this name ({names}). Name the file by student number."),
    }
}

fn conflict(names: &str) -> Reason {
    Reason {
        zh: format!("文件名中的号码与姓名属于不同学生（{names}），可能拍摄顺序错位，请核对本人后改名。"),
        en: format!(
            "The parts of the name belong to different students ({names}); photos may have been swapped. Look who it is and rename the file."
        ),
    }
}

fn duplicate(count: usize, is_same_file: bool) -> Reason {
    match is_same_file {
        true => Reason {
            zh: format!("{count}个文件完全相同，请核对是谁的照片，其余学生重拍。"),
            en: format!("{count} files are identical. Find out whose photo it is; the others must be shot again."),
        },
        false => Reason {
            zh: format!("{count}个文件是同一张照片（另存、缩放或调色），请核对是谁的照片，其余学生重拍。"),
            en: format!(
                "{count} files show the same picture, saved anew. Find out whose photo it is; the others must be shot again."
            ),
        },
    }
}

fn missing(student: &Student) -> Reason {
    let name = student_words(student);
    let when = [Field::Session, Field::Time, Field::Place].map(|field| student.get(field)).join(" ");
    let when = when.split_whitespace().collect::<Vec<_>>().join(" ");
    match when.as_str() {
        "" => Reason {
            zh: format!("{name}没有照片，请通知补拍。"),
            en: format!("{name} has no photo. Call the student to the next session."),
        },
        when => Reason {
            zh: format!("{name}没有照片（安排：{when}），请通知补拍。"),
            en: format!("{name} has no photo (scheduled: {when}). Call the student to the next session."),
        },
    }
}

fn several(name: &str, count: usize) -> Reason {
    Reason {
        zh: format!("{name}有{count}张照片，请只保留一张。"), en: format!("{name} has {count} photos. Keep one.")
    }
}

/// Counts of a department.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Department {
    /// Students, or photos where there is no roster.
    pub total: usize,
    /// Who has a photo.
    pub photographed: usize,
    /// Whose photo passes.
    pub done: usize,
    /// Whose photo a person must look at.
    pub review: usize,
    /// Who must come back.
    pub retake: usize,
    /// Who has no photo.
    pub missing: usize,
}

impl Department {
    /// The counts as tables show them.
    pub fn columns(&self) -> [usize; 6] {
        [self.total, self.photographed, self.done, self.review, self.retake, self.missing]
    }

    fn count(&mut self, status: Status) {
        self.total += 1;
        self.photographed += usize::from(status != Status::Missing);
        *match status {
            Status::Done => &mut self.done,
            Status::Review => &mut self.review,
            Status::Retake => &mut self.retake,
            Status::Missing => &mut self.missing,
        } += 1;
    }
}

/// Counts of photos.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Totals {
    pub total: usize,
    pub pass: usize,
    pub fail: usize,
    pub review: usize,
    pub unreadable: usize,
    pub accepted: usize,
    pub rejected: usize,
}

#[derive(Serialize)]
struct Whole<'a> {
    schema: u32,
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
    photos: Vec<&'a str>,
    students: Vec<Named<'a>>,
    reason: Reason,
}

/// A student with what tells him from others; the number of his identity document stays on the roster.
struct Named<'a>(&'a Student);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let get = |field| self.0.get(field).to_owned();
        #[derive(Serialize)]
        struct Fields {
            row: usize,
            name: String,
            student_number: String,
            department: String,
            major: String,
            class: String,
            session: String,
            time: String,
            place: String,
        }
        let fields = Fields {
            row: self.0.row,
            name: get(Field::Name),
            student_number: get(Field::StudentNumber),
            department: get(Field::Department),
            major: get(Field::Major),
            class: get(Field::Class),
            session: get(Field::Session),
            time: get(Field::Time),
            place: get(Field::Place),
        };
        fields.serialize(serializer)
    }
}
