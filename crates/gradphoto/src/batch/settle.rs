//! Which decision is taken of which photo, where it counts, and what it settles.

use std::collections::{BTreeMap, HashMap};

use super::decision::{Decided, Decision, Unused};
use super::masking::without_id_numbers;
use super::names::folded;
use super::place::stem;
use super::report::{BatchPhoto, BatchReport, Fate, Outcome};
use super::roster::Roster;
use crate::text::{Text, text};

/// Decisions by the photo that they were taken of.
pub(super) type Assigned = BTreeMap<usize, Vec<Decided>>;

/// Finds the photo of each decision, and gives photos to the students that people named.
pub(super) fn assign(rows: Vec<Decided>, report: &mut BatchReport) -> Assigned {
    let by_hash = by(report, |photo| photo.sha256().to_owned());
    let by_name = by(report, |photo| same_name(photo.name()));
    let students = report.roster().map(by_key).unwrap_or_default();
    let mut assigned = Assigned::new();
    for row in rows {
        let none = Vec::new();
        let named = by_name.get(&same_name(&row.photo)).unwrap_or(&none);
        // What cannot be read has no hash and is known by its name alone.
        let same = if row.sha256.is_empty() { &none } else { by_hash.get(&row.sha256).unwrap_or(&none) };
        let is_named = |place: &&usize| named.contains(place);
        let wanted = students.get(&without_id_numbers(&row.student)).copied();
        let is_students = |place: &&usize| wanted.is_some() && report.photos[**place].student == wanted;
        let found = match (same.is_empty(), named.is_empty()) {
            (true, true) => Err(("unknown", UNKNOWN)),
            (true, false) if row.sha256.is_empty() => unreadable(&row, named, report).ok_or(("changed", CHANGED)),
            (true, false) => Err(("changed", CHANGED)),
            _ if !row.student.is_empty() && wanted.is_none() => Err(("unknown-student", UNKNOWN_STUDENT)),
            _ => same
                .iter()
                .find(|place| is_students(place) && is_named(place))
                .or_else(|| same.iter().find(is_students))
                .or_else(|| same.iter().find(is_named))
                .copied()
                .ok_or(("other-student", OTHER_STUDENT)),
        };
        match found {
            Err((kind, why)) => report.reject(row.photo, kind, why),
            Ok(place) => {
                if let Some(student) = wanted.filter(|_| row.decision != Some(Decision::Reject)) {
                    report.photos[place].student = Some(student);
                }
                assigned.entry(place).or_default().push(row);
            }
        }
    }
    assigned
}

/// Of the photos with the name of a decision that has no hash the one that cannot be read either: the one that it names in
/// full, else the only one.
fn unreadable(row: &Decided, named: &[usize], report: &BatchReport) -> Option<usize> {
    let unread = named.iter().copied().filter(|place| report.photos[*place].sha256().is_empty()).collect::<Vec<_>>();
    let is_it = |place: &&usize| without_id_numbers(report.photos[**place].name()) == without_id_numbers(&row.photo);
    let only = || unread.first().filter(|_| unread.len() == 1);
    unread.iter().find(is_it).or_else(only).copied()
}

/// Puts what was decided on the photos where it counts.
pub(super) fn apply(assigned: Assigned, report: &mut BatchReport) {
    for (place, rows) in by_what_counts(assigned, report) {
        let decisions = rows.iter().filter_map(|row| row.decision.map(|decision| (decision, &row.student)));
        let decisions = decisions.collect::<Vec<_>>();
        let is_contradicted = decisions.iter().any(|decision| *decision != decisions[0]);
        let Some(row) = rows.iter().rfind(|row| row.decision.is_some()).or(rows.last()) else { continue };
        let photo = &report.photos[place];
        let is_nobodys = photo.student.is_none() && report.roster().is_some();
        let why = match (row.decision, photo.outcome()) {
            _ if is_contradicted => Some(("contradictory", CONTRADICTORY)),
            (None, _) => None,
            (Some(Decision::Override), Outcome::Fail) if !photo.is_overridable => Some(("not-overridable", FIXED)),
            (Some(Decision::Override), _) if row.note.trim().is_empty() => Some(("no-reason", NO_REASON)),
            (Some(Decision::Accept | Decision::Reject), Outcome::Fail) | (Some(_), Outcome::Unreadable) => {
                Some(("fails", FAILS))
            }
            // To let a photo pass is to say whose it is.
            (Some(Decision::Accept | Decision::Override), _) if is_nobodys => Some(("no-student", NO_STUDENT)),
            (Some(Decision::Override), Outcome::Fail) => None,
            // Whose photo it is was decided before, and nothing else was open.
            (Some(Decision::Accept | Decision::Override), Outcome::Pass) if !row.student.is_empty() => None,
            (Some(_), Outcome::Pass) => Some(("passes", PASSES)),
            (Some(_), Outcome::Review) => None,
        };
        let row = row.clone();
        match why {
            Some((kind, why)) => report.reject(row.photo, kind, why),
            None => report.photos[place].decided = Some(row),
        }
    }
    settle(report);
}

/// Of files that are the same to the byte, what was said of one that was set aside holds for the one that counts.
fn by_what_counts(assigned: Assigned, report: &BatchReport) -> Assigned {
    let counting = |place: usize| {
        let photo = &report.photos[place];
        let is_it = |other: &BatchPhoto| {
            !other.is_set_aside() && other.student == photo.student && other.sha256() == photo.sha256()
        };
        let twin = || report.photos.iter().position(is_it);
        if photo.is_set_aside() && !photo.sha256().is_empty() { twin().unwrap_or(place) } else { place }
    };
    let mut moved = Assigned::new();
    for (place, rows) in assigned {
        moved.entry(counting(place)).or_default().extend(rows);
    }
    moved
}

/// One picture is one student's, and each student has one photo: what was decided of one photo settles the others.
fn settle(report: &mut BatchReport) {
    let findings = (0..report.findings.len()).filter(|at| {
        let finding = &report.findings[*at];
        finding.kind() == "several-photos" || finding.rule().id == "duplicate-photo"
    });
    for at in findings.collect::<Vec<_>>() {
        let photos = report.findings[at].photos().to_vec();
        let is_one_student = report.findings[at].kind() == "several-photos";
        let is_chosen =
            |place: &usize| matches!(report.photos[*place].decision(), Some(Decision::Accept | Decision::Override));
        let chosen = photos.iter().copied().filter(is_chosen).collect::<Vec<_>>();
        let Some(first) = chosen.first() else { continue };
        let owner =
            |place: usize| (report.photos[place].student, report.photos[place].student.is_none().then_some(place));
        if chosen.iter().any(|place| is_one_student && place != first || owner(*place) != owner(*first)) {
            for place in chosen {
                if let Some(row) = report.photos[place].decided.take() {
                    report.reject(row.photo, "contradictory", TWICE);
                }
            }
            continue;
        }
        let owner = owner(*first);
        for place in photos.into_iter().filter(|place| !chosen.contains(place)) {
            let is_same = report.photos[place].student.is_some() && report.photos[place].student == owner.0;
            let photo = &mut report.photos[place];
            // Where its student has another photo, it matters no more whose picture this is.
            if photo.decision().is_none() && !photo.is_set_aside() {
                photo.fate = if is_same { Fate::SetAside } else { Fate::Displaced };
            }
        }
    }
    for at in 0..report.findings.len() {
        let photos = report.findings[at].photos();
        let is_settled = !photos.is_empty() && photos.iter().all(|place| report.photos[*place].is_settled());
        report.findings[at].is_settled = is_settled;
    }
}

impl BatchReport {
    fn reject(&mut self, photo: String, kind: &'static str, why: Text) {
        self.unused.push(Unused { photo, kind, reason: why.into() });
    }
}

fn by(report: &BatchReport, key: impl Fn(&BatchPhoto) -> String) -> HashMap<String, Vec<usize>> {
    let mut places = HashMap::<_, Vec<usize>>::new();
    for (place, photo) in report.photos.iter().enumerate() {
        places.entry(key(photo)).or_default().push(place);
    }
    places
}

/// Students by their key, where no two share it.
fn by_key(roster: &Roster) -> HashMap<String, usize> {
    let mut students = HashMap::<_, Vec<usize>>::new();
    for (place, student) in roster.students().iter().enumerate() {
        students.entry(student.key()).or_default().push(place);
    }
    let unique = students.into_iter().filter(|(_, places)| places.len() == 1);
    unique.map(|(key, places)| (key, places[0])).collect()
}

/// What stays of a photo's name in another folder and when numbers of identity documents are shortened.
fn same_name(photo: &str) -> String {
    folded(&without_id_numbers(&stem(&photo.replace('\\', "/"))))
}

const UNKNOWN: Text = text(
    "本次检查中没有这张照片，人工结论未采用。",
    "There is no such photo in this run, so the decision was not used.",
);
const CHANGED: Text = text(
    "照片在人工确认之后已更换，结论已过期，未采用；请重新确认。",
    "The photo has changed since: the decision is out of date and was not used. Look at the photo again.",
);
const UNKNOWN_STUDENT: Text = text(
    "结论中的学生不在名册上，或名册上有几人与之相同，未采用；请核对名册，几人同号的在学生一栏写“学号 姓名 班级”。",
    "The student named in the decision is not on the roster, or several students match, so the decision was not used. Check the roster; where several share a number, put number, name and class into the column student.",
);
const OTHER_STUDENT: Text = text(
    "照片在人工确认之后已改名，结论属于另一名学生，未采用；请重新确认。",
    "The photo has been renamed since: the decision belongs to another student and was not used. Look at the photo again.",
);
const CONTRADICTORY: Text = text(
    "同一张照片有互相矛盾的结论，均未采用；请商定后只保留一条。",
    "There are conflicting decisions on one photo, so none was used. Agree on one and delete the other rows.",
);
const TWICE: Text = text(
    "同一张照片通过给了两名学生，或同一名学生通过了两张照片，均未采用；请只通过一张。",
    "One picture was accepted for two students, or two pictures for one student, so neither was used. Accept only one.",
);
const PASSES: Text = text(
    "照片检查合格，无需人工确认，结论未采用；如需重拍请另行通知学生。",
    "The photo passes and needs no decision, so this one was not used. If it must be retaken all the same, tell the student yourself.",
);
const FAILS: Text = text(
    "照片检查不合格，通过或退回只对“待确认”的照片有效，未采用；请按不合格原因处理或重拍。",
    "The photo fails; only photos under review can be accepted or rejected, so this was not used. Mend what fails it, or retake the photo.",
);
const FIXED: Text = text(
    "照片有不能人工放行的不合格项，未采用；请按不合格原因处理或重拍。",
    "The photo fails rules that nobody may overrule, so the decision was not used. Mend what fails it, or retake the photo.",
);
const NO_REASON: Text = text(
    "人工放行必须在备注中写明理由，未采用；请补写理由。",
    "Overruling needs a reason in the note, so the decision was not used. Add the reason.",
);
const NO_STUDENT: Text = text(
    "名册中没有这张照片的学生，通过时须写明是谁的照片，未采用；请在学生一栏写学号。",
    "Nobody on the roster has this photo, so accepting it must say whose it is; the decision was not used. Put the student number into the column student.",
);

#[cfg(test)]
mod tests {
    use super::super::collect::Batch;
    use super::super::entry::Entry;
    use super::super::field::Field;
    use super::super::roster::Student;
    use super::super::testing::photo;
    use super::super::totals::Status;
    use super::*;
    use crate::report::PhotoVerdict;

    fn roster() -> Roster {
        let students = [("20210001", "张三"), ("20210002", "李四"), ("20210003", "张三")];
        let student = |(row, (number, name)): (usize, (&str, &str))| {
            let mut student = Student::new(row + 2);
            student.set(Field::StudentNumber, number);
            student.set(Field::Name, name);
            student
        };
        Roster::new(students.into_iter().enumerate().map(student).collect())
    }

    fn decided(photo: &str, content: u8, student: &str, decision: Decision, note: &str) -> Decided {
        let [photo, student, note] = [photo, student, note].map(str::to_owned);
        Decided { photo, sha256: format!("{content:02x}"), student, decision: Some(decision), note }
    }

    fn finished(photos: &[Entry], decisions: &[Decided]) -> BatchReport {
        let profile = crate::profile::Profile::built_in("graduation-blue").expect("built in");
        let mut batch = Batch::new(roster()).below(["photos", "copy"]).profile(&profile);
        photos.iter().cloned().for_each(|photo| batch.add(photo));
        batch.decide(decisions.iter().cloned());
        batch.finish()
    }

    fn unused(report: &BatchReport) -> Vec<&'static str> {
        report.unused_decisions().iter().map(|unused| unused.kind).collect()
    }

    const ACCEPT: Decision = Decision::Accept;

    #[test]
    fn nobody_is_done_while_it_is_open_whose_a_photo_is() {
        let twice = [
            photo("photos/20210001.jpg", 1, PhotoVerdict::Pass, &[]),
            photo("photos/20210002.jpg", 1, PhotoVerdict::Pass, &[]),
        ];
        let report = finished(&twice, &[]);
        assert_eq!(report.statuses(), [Status::Review, Status::Review, Status::Missing]);
        assert_eq!((report.totals().pass, report.totals().review), (0, 2));
        assert!(report.findings().iter().all(|finding| !finding.is_settled()));
        // Accepted for one, it must be shot again for the other.
        let report = finished(&twice, &[decided("photos/20210001.jpg", 1, "20210001", ACCEPT, "")]);
        assert_eq!(report.statuses(), [Status::Done, Status::Retake, Status::Missing]);
        assert!(report.findings().iter().any(|finding| finding.kind() == "same-file" && finding.is_settled()));
        assert_eq!(report.photos().iter().map(BatchPhoto::is_displaced).collect::<Vec<_>>(), [false, true]);
        assert_eq!(report.photos()[0].decided().and_then(|decided| decided.decision), Some(ACCEPT));
        let both = ["20210001", "20210002"].map(|who| decided(&format!("{who}.jpg"), 1, who, ACCEPT, ""));
        let report = finished(&twice, &both);
        assert_eq!((report.statuses()[0], unused(&report)), (Status::Review, vec!["contradictory", "contradictory"]));
    }

    #[test]
    fn a_file_that_a_student_has_twice_counts_once_and_no_decision_on_it_is_lost() {
        let twice = |verdict| {
            let names = ["photos/20210001(1).jpg", "photos/20210001.jpg", "photos/20210002.jpg"];
            std::iter::zip(names, [1, 1, 2])
                .map(|(name, content)| photo(name, content, verdict, &[]))
                .collect::<Vec<_>>()
        };
        let report = finished(&twice(PhotoVerdict::Pass), &[]);
        assert_eq!(report.statuses()[..2], [Status::Done; 2]);
        assert_eq!(report.photos().iter().map(BatchPhoto::is_set_aside).collect::<Vec<_>>(), [true, false, false]);
        assert!(report.findings().iter().all(|finding| finding.kind() == "missing"), "{:?}", report.findings());
        let rows = ["20210001(1)", "20210001"].map(|name| decided(&format!("{name}.jpg"), 1, "20210001", ACCEPT, ""));
        for rows in [&rows[..1], &rows] {
            let report = finished(&twice(PhotoVerdict::Review), rows);
            assert_eq!((report.statuses()[0], unused(&report)), (Status::Done, vec![]), "{rows:?}");
        }
        // Somebody else's name on it is a question all the same.
        let mut photos = twice(PhotoVerdict::Pass);
        photos.push(photo("photos/20210003.jpg", 1, PhotoVerdict::Pass, &[]));
        let report = finished(&photos, &[]);
        let same = report.findings().iter().find(|finding| finding.kind() == "same-file").expect("told");
        assert_eq!((same.photos(), report.statuses()[0]), (&[1, 3][..], Status::Review));
    }

    #[test]
    fn of_several_photos_of_a_student_one_is_chosen() {
        let photos = [
            photo("photos/20210001.jpg", 1, PhotoVerdict::Pass, &[]),
            photo("photos/20210001_2.jpg", 2, PhotoVerdict::Pass, &[]),
        ];
        assert_eq!(finished(&photos, &[]).statuses()[0], Status::Review);
        let report = finished(&photos, &[decided("photos/20210001_2.jpg", 2, "20210001", ACCEPT, "")]);
        assert_eq!(report.statuses()[0], Status::Done);
        assert_eq!(report.photos().iter().map(BatchPhoto::is_set_aside).collect::<Vec<_>>(), [true, false]);
        // What is somebody else's picture too is set aside all the same: its student is not called.
        let copy = photo("photos/20210002.jpg", 1, PhotoVerdict::Pass, &[]);
        let rows = [("20210001_2", 2, "20210001"), ("20210002", 1, "20210002")];
        let rows = rows.map(|(name, content, who)| decided(&format!("photos/{name}.jpg"), content, who, ACCEPT, ""));
        let report = finished(&[&photos[..], &[copy]].concat(), &rows);
        assert!(report.photos()[0].is_set_aside() && report.statuses()[..2] == [Status::Done; 2]);
        let both = ["20210001", "20210001_2"].into_iter().zip([1, 2]);
        let both = both.map(|(name, content)| decided(&format!("photos/{name}.jpg"), content, "20210001", ACCEPT, ""));
        let report = finished(&photos, &both.collect::<Vec<_>>());
        assert_eq!((report.statuses()[0], unused(&report)), (Status::Review, vec!["contradictory", "contradictory"]));
    }

    #[test]
    fn a_person_says_whose_a_photo_is() {
        let photos = [
            photo("photos/张三.jpg", 1, PhotoVerdict::Pass, &[]),
            photo("photos/IMG_0001.jpg", 2, PhotoVerdict::Review, &[]),
        ];
        let report = finished(&photos, &[]);
        assert_eq!(report.statuses(), [Status::Missing; 3]);
        let rows = [
            decided("photos/张三.jpg", 1, "20210003", ACCEPT, ""),
            decided("photos/IMG_0001.jpg", 2, "20210002", ACCEPT, ""),
        ];
        let report = finished(&photos, &rows);
        assert_eq!(report.statuses(), [Status::Missing, Status::Done, Status::Done]);
        assert!(unused(&report).is_empty() && report.photos().iter().all(BatchPhoto::is_assigned));
        assert_eq!(report.photos()[0].student(), Some(2));
        for (student, kind) in [("", "no-student"), ("29990001", "unknown-student")] {
            let report = finished(&photos, &[decided("photos/IMG_0001.jpg", 2, student, ACCEPT, "")]);
            assert_eq!(unused(&report), [kind]);
        }
    }

    #[test]
    fn a_decision_follows_the_bytes_and_the_student_and_nothing_else() {
        let row = [decided("photos/1班/20210001.jpg", 1, "20210001", ACCEPT, "")];
        for name in ["copy/deep/20210001.jpg", "C:\\photos\\20210001.jpg", "photos/20210001_张三.jpg"] {
            let report = finished(&[photo(name, 1, PhotoVerdict::Review, &[])], &row);
            assert_eq!(report.statuses()[0], Status::Done, "{name}: {:?}", report.unused);
        }
        let renamed = finished(&[photo("photos/20210002.jpg", 1, PhotoVerdict::Review, &[])], &row);
        assert_eq!((renamed.statuses()[1], unused(&renamed)), (Status::Review, vec!["other-student"]));
        let changed = finished(&[photo("photos/20210001.jpg", 2, PhotoVerdict::Review, &[])], &row);
        assert_eq!((changed.statuses()[0], unused(&changed)), (Status::Review, vec!["changed"]));
        let elsewhere = finished(&[photo("photos/20210002.jpg", 2, PhotoVerdict::Review, &[])], &row);
        assert_eq!(unused(&elsewhere), ["unknown"]);
        let contradicted = [row[0].clone(), Decided { decision: Some(Decision::Reject), ..row[0].clone() }];
        let report = finished(&[photo("photos/20210001.jpg", 1, PhotoVerdict::Review, &[])], &contradicted);
        assert_eq!((report.statuses()[0], unused(&report)), (Status::Review, vec!["contradictory"]));
    }

    #[test]
    fn only_what_the_profile_lists_is_granted_and_only_with_a_reason() {
        let covered = [photo("photos/20210001.jpg", 1, PhotoVerdict::Fail, &["head-uncovered"])];
        let grant = |note: &str| [decided("20210001.jpg", 1, "20210001", Decision::Override, note)];
        let report = finished(&covered, &grant("回族学生"));
        assert_eq!((report.statuses()[0], report.totals().granted, report.totals().fail), (Status::Granted, 1, 1));
        assert_eq!(report.departments()[""].granted, 1);
        assert!(report.photos()[0].is_overridable());
        let nobodys = [photo("photos/旁听.jpg", 1, PhotoVerdict::Fail, &["head-uncovered"])];
        let of_nobody = |decision| [decided("photos/旁听.jpg", 1, "", decision, "宗教原因")];
        let report = finished(&nobodys, &of_nobody(Decision::Override));
        assert_eq!((report.totals().granted, unused(&report)), (0, vec!["no-student"]));
        assert_eq!(unused(&finished(&nobodys, &of_nobody(ACCEPT))), ["fails"]);
        let report = finished(&covered, &grant("  "));
        assert_eq!((report.statuses()[0], unused(&report)), (Status::Retake, vec!["no-reason"]));
        let also = [photo("photos/20210001.jpg", 1, PhotoVerdict::Fail, &["head-uncovered", "eyes-open"])];
        let report = finished(&also, &grant("回族学生"));
        assert_eq!((report.photos()[0].is_overridable(), unused(&report)), (false, vec!["not-overridable"]));
        let accepted = finished(&covered, &[decided("20210001.jpg", 1, "20210001", ACCEPT, "")]);
        assert_eq!((accepted.statuses()[0], unused(&accepted)), (Status::Retake, vec!["fails"]));
    }

    #[test]
    fn of_copies_the_one_that_counts_has_the_decision_and_what_cannot_be_read_is_known_by_its_name() {
        let photos =
            ["photos/20210001.jpg", "photos/20210001_2.jpg"].map(|name| photo(name, 1, PhotoVerdict::Pass, &[]));
        let report = finished(&photos, &[decided("photos/20210001_2.jpg", 1, "20210001", ACCEPT, "")]);
        assert_eq!(report.photos().iter().map(|photo| photo.decided().is_some()).collect::<Vec<_>>(), [true, false]);
        let unreadable = [Entry::unreadable("photos/20210001.jpg")];
        let row = Decided { decision: Some(ACCEPT), ..Decided::new("20210001.jpg", "", "20210001") };
        assert_eq!(unused(&finished(&unreadable, &[row])), ["fails"]);
        // Another photo with its name is not meant.
        let named = |name: &str| Decided { decision: Some(ACCEPT), ..Decided::new(name, "", "20210002") };
        let readable = photo("photos/1班/001.jpg", 1, PhotoVerdict::Review, &[]);
        let [two, three] = ["2班", "3班"].map(|class| Entry::unreadable(format!("photos/{class}/001.jpg")));
        let photos = [readable, two, three];
        for (photos, name, kind, owners) in [
            (&photos[..1], "photos/2班/001.jpg", "changed", &[None][..]),
            (&photos[..2], "001.jpg", "fails", &[None, Some(1)]),
            (&photos[..], "001.jpg", "changed", &[None; 3]),
            (&photos[..], "photos/3班/001.jpg", "fails", &[None, None, Some(1)]),
        ] {
            let report = finished(photos, &[named(name)]);
            let students = report.photos().iter().map(BatchPhoto::student).collect::<Vec<_>>();
            assert_eq!((unused(&report), students), (vec![kind], owners.to_vec()), "{name}");
        }
    }

    #[test]
    fn a_decision_on_a_photo_that_passes_is_told_to_be_unused() {
        let passing = [photo("20210001.jpg", 1, PhotoVerdict::Pass, &[])];
        for student in ["", "20210001"] {
            let report = finished(&passing, &[decided("20210001.jpg", 1, student, Decision::Reject, "")]);
            assert_eq!((report.statuses()[0], unused(&report)), (Status::Done, vec!["passes"]));
        }
    }
}
