//! What the page is told: the rules in force, a photo in a line, a photo in full. `page/types.d.ts` has the same shapes.

use std::collections::HashSet;
use std::path::PathBuf;

use gradphoto::batch::{BATCH_RULES, BatchFinding, BatchPhoto, BatchReport, Field, Outcome, Place, Status, Student};
use gradphoto::geometry::Region;
use gradphoto::photo::shown;
use gradphoto::{Finding, Language, Limit, Mark, Profile, Reason, Report, RuleVerdict, Side, Text, handbook_zh};
use serde::Serialize;
use serde_json::{Value, json};

use crate::store::Said;

/// So many files that were not looked at are named.
const BESIDE_NAMED: usize = 10;

/// Place of a rule in the profile, what became of it, and whether the value is too large.
pub type Marks = Vec<(usize, &'static str, bool)>;

/// A photo as lists show it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Place in the batch.
    pub id: usize,
    /// Its name.
    pub photo: String,
    /// Hash of its bytes; empty where it could not be read.
    pub sha256: String,
    /// `pass`, `review`, `fail` or `unread`.
    pub verdict: &'static str,
    /// Department, major and class, those that are known.
    pub place: Vec<String>,
    /// Place of its student on the roster.
    pub student: Option<usize>,
    /// Name and number of its student.
    pub who: Option<String>,
    /// Place of a rule in the profile, what became of it, and whether the value is too large.
    pub marks: Marks,
    /// Places of batch rules.
    pub notes: Vec<usize>,
    /// Width and height in pixels.
    pub size: Option<(u32, u32)>,
    /// Whether a person may grant it although a rule fails.
    pub overridable: bool,
    /// Whether what fails it lies in its file or its crop alone.
    pub mendable: bool,
    /// Whether there is a roster and it is not known whose it is: to let it pass is to say so.
    pub nobodys: bool,
    /// Whether people decided something of it that does not count.
    pub unused: bool,
    /// What a decision on another photo, or a later shot, means for this one.
    pub fate: Option<&'static str>,
    /// What people said.
    pub said: Vec<Said>,
}

/// What the page reads of a photo's report once it is looked at.
#[derive(Clone, Copy)]
pub enum Looked<'a> {
    /// It was checked.
    Report(&'a Report),
    /// Why it could not be checked.
    Error(&'a Reason),
}

/// Everything that is said of a photo.
#[derive(Serialize)]
pub struct Details<'a> {
    findings: Vec<Told>,
    notes: Vec<Note<'a>>,
    /// Why it could not be checked.
    error: Option<&'a Reason>,
    /// Where the photo lies as the page sees it.
    link: Option<String>,
}

/// A finding, with its words where somebody must see it: most findings of most photos are that all is well.
#[derive(Serialize)]
pub struct Told {
    /// Place of its rule in the profile.
    rule: usize,
    verdict: RuleVerdict,
    value: Option<Reason>,
    mark: Option<&'static str>,
    #[serde(flatten)]
    words: Option<Words>,
}

#[derive(Serialize)]
struct Words {
    name: Text,
    figure: bool,
    reason: Reason,
    region: Option<Region>,
}

/// What a batch rule says of a photo and others.
#[derive(Serialize)]
struct Note<'a> {
    /// Place of the batch rule.
    rule: Option<usize>,
    kind: &'static str,
    reason: &'a Reason,
    photos: Vec<usize>,
}

/// One word for what is to be thought of a photo.
pub fn verdict(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "pass",
        Outcome::Review => "review",
        Outcome::Fail => "fail",
        Outcome::Unreadable => "unread",
    }
}

/// Places of a report's rules in the profile, and what became of each that deserves attention.
pub fn marks(report: &Report, profile: &Profile) -> Marks {
    let marked = |finding: &Finding| {
        let is_above = finding.value().is_some_and(|value| finding.review().side(value) == Some(Side::Above));
        Some((place_of(finding, profile)?, finding.mark()?.as_str(), is_above))
    };
    report.findings().iter().filter_map(marked).collect()
}

/// A batch, and which photos of the page are in it: those that have been looked at and that no retake replaces.
pub struct Sheet {
    /// What shows across the photos.
    pub batch: BatchReport,
    /// The photo's id for each place in the batch, ascending.
    pub ids: Vec<usize>,
    /// For each place in the batch, where what the batch rules say of it stands among the findings.
    found: Vec<Vec<usize>>,
}

impl Sheet {
    /// A finished batch whose places belong to the photos of these ids.
    pub fn new(batch: BatchReport, ids: Vec<usize>) -> Sheet {
        let mut found = vec![Vec::new(); ids.len()];
        for (at, finding) in batch.findings().iter().enumerate() {
            finding.photos().iter().for_each(|place| found[*place].push(at));
        }
        Sheet { batch, ids, found }
    }

    /// Place in the batch of the photo of this id.
    pub fn place(&self, id: usize) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    /// The row of the photo at `place`.
    pub fn row(&self, place: usize, marks: Marks, size: Option<(u32, u32)>, said: Vec<Said>) -> Row {
        let photo = &self.batch.photos()[place];
        let belongs = self.batch.place_of(photo);
        Row {
            id: self.ids[place],
            photo: photo.name().to_owned(),
            sha256: photo.sha256().to_owned(),
            verdict: verdict(photo.outcome()),
            place: parts_of(belongs),
            student: photo.student(),
            who: self.batch.student_of(photo).map(Student::words),
            marks,
            notes: self.notes(place),
            size,
            overridable: photo.is_overridable(),
            mendable: photo.is_mendable(),
            nobodys: photo.student().is_none() && self.batch.roster().is_some(),
            unused: photo.decision().is_none() && said.iter().any(|said| said.decision.is_some()),
            fate: fate(photo),
            said,
        }
    }

    /// What the batch rules say of the photo at `place`.
    fn findings(&self, place: usize) -> impl Iterator<Item = &BatchFinding> {
        self.found[place].iter().map(|at| &self.batch.findings()[*at])
    }

    /// Places of the batch rules that want something of the photo at `place`.
    fn notes(&self, place: usize) -> Vec<usize> {
        let mut notes = Vec::new();
        for rule in self.findings(place).filter(|finding| !finding.is_settled()).filter_map(batch_rule) {
            if !notes.contains(&rule) {
                notes.push(rule);
            }
        }
        notes
    }

    fn notes_in_full(&self, place: usize) -> Vec<Note<'_>> {
        let notes = self.findings(place).map(|finding| Note {
            rule: batch_rule(finding),
            kind: finding.kind(),
            reason: finding.reason(),
            photos: finding.photos().iter().map(|place| self.ids[*place]).collect(),
        });
        notes.collect()
    }
}

/// Department, major and class, those that are known.
fn parts_of(place: Place) -> Vec<String> {
    [place.department, place.major, place.class].into_iter().filter(|part| !part.is_empty()).collect()
}

/// Place of a finding's rule among the batch rules.
fn batch_rule(finding: &BatchFinding) -> Option<usize> {
    BATCH_RULES.iter().position(|rule| rule.id == finding.rule().id)
}

fn fate(photo: &BatchPhoto) -> Option<&'static str> {
    match (photo.is_set_aside(), photo.is_displaced()) {
        (true, _) => Some("set-aside"),
        (_, true) => Some("displaced"),
        _ => None,
    }
}

/// Everything that is said of a photo; `link` is where the photo lies as the page sees it.
pub fn details<'a>(
    looked: Looked<'a>,
    profile: &Profile,
    sheet: Option<(&'a Sheet, usize)>,
    link: Option<String>,
) -> Details<'a> {
    let (findings, error) = match looked {
        Looked::Report(report) => (findings(report, profile), None),
        Looked::Error(reason) => (Vec::new(), Some(reason)),
    };
    let notes = sheet.map(|(sheet, place)| sheet.notes_in_full(place)).unwrap_or_default();
    Details { findings, notes, error, link }
}

/// Every finding.
pub fn findings(report: &Report, profile: &Profile) -> Vec<Told> {
    let words = |finding: &Finding| Words {
        name: finding.name(),
        figure: finding.has_figure(),
        reason: Reason::in_each(|language| finding.reason(language)),
        region: finding.region(),
    };
    let told = |finding: &Finding| {
        let shown =
            |value| Reason::in_each(|language| finding.review().show_value(value, finding.rule().unit, language));
        Some(Told {
            rule: place_of(finding, profile)?,
            verdict: finding.verdict(),
            value: finding.value().map(shown),
            mark: finding.mark().map(Mark::as_str),
            words: finding.mark().map(|_| words(finding)),
        })
    };
    report.findings().iter().filter_map(told).collect()
}

/// The rules of a profile as it applies them.
pub fn rules(profile: &Profile) -> Value {
    let rules = profile.rules().iter().map(|(rule, settings)| {
        json!({
            "id": rule.id,
            "name": rule.name,
            "clause": rule.clause,
            "group": rule.group().as_str(),
            "severity": settings.severity.as_str(),
            "wrong": ([Side::Below, Side::Above].map(|side| rule.requirement.fault(side).map(|fault| fault.name))),
            "limit": Reason::in_each(|language| settings.review.show(rule.unit, language)),
            "fails": bounds(&settings.limit),
            "passes": bounds(&settings.review),
            "unit": rule.unit,
            "about": Reason { zh: handbook_zh(rule.id).map_or("", |page| page.measured).to_owned(), en: about(rule.docs) },
        })
    });
    rules.collect()
}

/// The profile in force and the roster; `names_all` says whether students are named although nothing is to be done for them.
pub fn meta(profile: &Profile, batch: Option<&BatchReport>, language: Language, names_all: bool) -> Value {
    let statuses = batch.map(BatchReport::statuses).unwrap_or_default();
    let called = batch.map(BatchReport::called).unwrap_or_default().into_iter().collect::<HashSet<_>>();
    let students = batch.map(BatchReport::students).unwrap_or_default().iter().zip(statuses).enumerate();
    let students = students.map(|(place, (student, status))| {
        let is_named = names_all || status == Status::Missing;
        let get = |field| student.get(field);
        let codes = [Field::StudentNumber, Field::ExamNumber, Field::CaptureCode, Field::IdNumber, Field::Name].map(get);
        json!({
            "department": get(Field::Department),
            "major": get(Field::Major),
            "class": get(Field::Class),
            "place": parts_of(student.place()),
            "who": is_named.then(|| student.words()),
            "key": is_named.then(|| student.key()),
            "codes": if names_all { codes.into_iter().filter(|code| !code.is_empty()).collect::<Vec<_>>() } else { Vec::new() },
            "collected": student.is_collected(),
            "may_have": status == Status::Missing && !called.contains(&place),
            "when": student.schedule(),
        })
    });
    let standard = profile.standard();
    json!({
        "language": language.as_str(),
        "profile": profile.name(),
        "title": profile.title(),
        "subtitle": format!("{} · {} {}", profile.name(), standard.title, standard.number),
        "rules": rules(profile),
        "across": BATCH_RULES.iter().map(|rule| json!({"id": rule.id, "name": rule.name, "clause": rule.clause})).collect::<Vec<_>>(),
        "students": students.collect::<Vec<_>>(),
        "unused": batch.map(BatchReport::unused_decisions).unwrap_or_default(),
    })
}

/// What was not looked at, though it may be somebody's photo: how many files, and the first with what they are.
pub fn beside(files: &[(PathBuf, Reason)]) -> Value {
    let named = files.iter().take(BESIDE_NAMED).map(|(path, why)| json!({"name": shown(path), "why": why}));
    json!({"count": files.len(), "first": named.collect::<Vec<_>>()})
}

/// Bounds as numbers.
pub fn bounds(limit: &Limit) -> Value {
    json!({"min": limit.min, "max": limit.max})
}

/// What a rule is about: the first paragraph of its page.
fn about(docs: &str) -> String {
    docs.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn place_of(finding: &Finding, profile: &Profile) -> Option<usize> {
    profile.rules().iter().position(|(rule, _)| rule.id == finding.rule().id)
}
