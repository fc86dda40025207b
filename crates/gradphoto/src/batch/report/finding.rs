//! What shows across photos when it is known whose they are.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::field::Field;
use super::super::masking::without_id_numbers;
use super::super::names::number;
use super::super::place::stem;
use super::super::recent_photo::{is_too_old, month_of};
use super::super::roster::{Match, Student};
use super::super::{BATCH_RULES, BatchRule, batch_proportions, duplicate_photo, find, sentences};
use super::{BatchReport, Fate};
use crate::photo::Taken;
use crate::text::Reason;

/// What one batch rule found.
#[derive(Clone, Debug)]
pub struct BatchFinding {
    pub(super) rule: &'static BatchRule,
    pub(super) kind: &'static str,
    pub(super) photos: Vec<usize>,
    pub(super) students: Vec<usize>,
    pub(super) reason: Reason,
    pub(in crate::batch) is_settled: bool,
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

impl BatchReport {
    /// Finds what only shows when it is known whose the photos are.
    pub(in crate::batch) fn find(
        &mut self,
        beside: &HashMap<usize, Reason>,
        graduation: Option<(u16, u8)>,
        taken: &[Option<Taken>],
    ) {
        self.find_slips();
        self.find_strangers();
        let copies = self.set_copies_aside();
        self.find_duplicates(&copies);
        self.find_photos_of_students(beside);
        self.find_wrong_id_numbers();
        self.find_old(graduation, taken);
        self.find_cast();
        self.find_distorted();
        self.findings.sort_by_key(|finding| {
            let rule = BATCH_RULES.iter().position(|rule| rule.id == finding.rule.id);
            (rule, finding.photos.first().copied(), finding.students.first().copied())
        });
        for finding in &self.findings {
            finding.photos.iter().for_each(|photo| self.photos[*photo].is_questioned = true);
        }
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
                Match::Several(_) => ("ambiguous", sentences::ambiguous(&candidates, &self.photos[place].doubt)),
                Match::Conflict(_) => ("conflict", sentences::conflict(&candidates)),
                Match::One(_) | Match::Nobody => ("surplus", sentences::surplus()),
            };
            self.found("roster-match", kind, &[place], &students, reason);
        }
    }

    /// Of files of one student that are the same to the byte one counts: that with the shortest name. Returns the others.
    fn set_copies_aside(&mut self) -> BTreeSet<usize> {
        let mut places = (0..self.photos.len()).collect::<Vec<_>>();
        places.sort_by_key(|place| self.photos[*place].name.chars().count());
        let (mut kept, mut copies) = (BTreeSet::new(), BTreeSet::new());
        for place in places {
            let photo = &self.photos[place];
            let is_known = photo.fate == Fate::Own && !photo.sha256().is_empty();
            if let Some(student) = photo.student.filter(|_| is_known)
                && !kept.insert((student, photo.sha256().to_owned()))
            {
                copies.insert(place);
            }
        }
        copies.iter().for_each(|place| self.photos[*place].fate = Fate::SetAside);
        copies
    }

    fn find_duplicates(&mut self, copies: &BTreeSet<usize>) {
        let own = self.photos.iter().enumerate().filter(|(place, _)| !copies.contains(place));
        let read = own.filter_map(|(place, photo)| {
            let checked = photo.checked.as_ref()?;
            Some((place, checked.sha256.as_str(), checked.fingerprint))
        });
        // Whose picture it is matters no more where all are of one student, of whom another shot counts.
        let of_one = |photos: &[usize]| {
            let student = self.photos[photos[0]].student;
            let is_same = student.is_some() && photos.iter().all(|photo| self.photos[*photo].student == student);
            is_same && photos.iter().filter(|photo| !self.photos[**photo].is_set_aside()).count() <= 1
        };
        let groups = duplicate_photo::groups(read);
        for photos in groups.into_iter().filter(|photos| !of_one(photos)).collect::<Vec<_>>() {
            let is_same_file =
                photos.iter().all(|photo| self.photos[*photo].sha256() == self.photos[photos[0]].sha256());
            let kind = if is_same_file { "same-file" } else { "same-picture" };
            let reason = sentences::duplicate(photos.len(), is_same_file);
            self.found("duplicate-photo", kind, &photos, &[], reason);
        }
    }

    fn find_photos_of_students(&mut self, beside: &HashMap<usize, Reason>) {
        let mut may_be = HashMap::<usize, String>::new();
        for photo in self.photos.iter().filter(|photo| photo.is_nobodys()) {
            for student in photo.candidates() {
                may_be.entry(*student).or_insert_with(|| file_name(&photo.name));
            }
        }
        for (student, photos) in self.photos_of_students().into_iter().enumerate() {
            match photos.len() {
                // Who has been collected elsewhere is not missed.
                0 if self.students()[student].is_collected() => {}
                0 => {
                    let named = &self.students()[student];
                    let (kind, reason) = match (beside.get(&student), may_be.get(&student)) {
                        (Some(file), _) => ("other-file", sentences::only_beside(named, file)),
                        (None, Some(photo)) => ("missing", sentences::maybe_there(named, photo)),
                        (None, None) => ("missing", sentences::missing(named)),
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

    /// Told once of all, or else of each class, and of no photo.
    fn find_distorted(&mut self) {
        let mut classes = BTreeMap::<String, Vec<f64>>::new();
        for photo in &self.photos {
            if let Some(wide) = photo.checked.as_ref().and_then(|checked| checked.wide) {
                classes.entry(self.place_of(photo).words()).or_default().push(wide);
            }
        }
        let all = (String::new(), classes.values().flatten().copied().collect());
        let told = |(class, wide): (String, Vec<f64>)| Some((class, batch_proportions::distorted(&wide)?));
        let of_all = told(all);
        let of_classes = || classes.into_iter().filter_map(told).collect();
        for (class, wide) in of_all.map_or_else(of_classes, |all| vec![all]) {
            let kind = if wide < 1.0 { "narrowed" } else { "widened" };
            self.found("batch-proportions", kind, &[], &[], sentences::distorted(&class, wide));
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

/// The last part of a photo's name, as lists show it.
fn file_name(photo: &str) -> String {
    without_id_numbers(photo.rsplit(['/', '\\']).next().unwrap_or(photo))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::super::collect::Batch;
    use super::super::super::decision::{Decided, Decision};
    use super::super::super::order::{Queues, Shift, Shot};
    use super::super::super::students::Reading;
    use super::super::super::testing::photo;
    use super::super::super::totals::Status;
    use super::super::BatchPhoto;
    use super::super::testing::{finished, found, photos, roster};
    use super::*;
    use crate::report::PhotoVerdict::Pass;

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
        assert!(
            told(1).zh.starts_with("张三 20210004没有确定是本人的照片，“张三.jpg”可能是")
                && told(2).zh.starts_with("李四 20210002有2张照片")
        );
        assert!(told(4).en.contains("张三 20210001, 张三 20210004"), "{}", told(4).en);
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
    fn shots_of_one_student_that_look_alike_raise_no_question_where_one_counts() {
        let names = ["photos/软件1班/a.jpg", "photos/软件1班/b.jpg", "photos/软件1班/c.jpg"];
        let kinds = |contents: [u8; 3]| {
            let mut batch = Batch::new(roster()).below(["photos"]);
            names.iter().zip(contents).for_each(|(name, content)| batch.add(photo(name, content, Pass, &[])));
            let shot =
                |name: &str| Shot { photo: name.to_owned(), folders: vec!["软件1班".to_owned()], taken: None };
            let again = Queues { shifts: vec![Shift::parse("b.jpg:-1").expect("a shift")], ..Queues::default() };
            batch.assign(roster().in_order(&names.map(shot), &again).expect("an order"));
            let report = batch.finish();
            let count = |kind| found(&report).iter().filter(|(found, ..)| *found == kind).count();
            (count("same-file"), report.photos()[1].status())
        };
        assert_eq!(kinds([1, 1, 2]), (0, Status::Done), "two of the first student");
        assert_eq!(kinds([1, 2, 1]), (1, Status::Done));
        assert_eq!(kinds([2, 1, 1]), (1, Status::Review), "of two students");
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
}
