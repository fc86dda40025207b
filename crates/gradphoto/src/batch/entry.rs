use super::crop;
use crate::error::Error;
use crate::photo::Fingerprint;
use crate::report::{Finding, Mark, PhotoVerdict, Report};
use crate::rule::{Group, Rule};
use crate::rules::{self, RULES, natural_colour::NATURAL_COLOUR, natural_proportions::NATURAL_PROPORTIONS};

/// What a batch keeps of one checked photo: as little as ten thousand of them allow.
#[derive(Clone, Debug)]
pub struct Entry {
    pub(super) photo: String,
    /// `None` where the photo could not be checked.
    pub(super) checked: Option<Checked>,
}

/// See [`Entry`].
#[derive(Clone, Debug)]
pub(super) struct Checked {
    pub verdict: PhotoVerdict,
    pub sha256: String,
    pub fingerprint: Fingerprint,
    /// Place in [`RULES`](crate::RULES) and mark of each finding that deserves attention.
    pub marks: Vec<(usize, Mark)>,
    /// Whether cropping alone puts the head where it belongs.
    pub is_crop_enough: bool,
    /// What natural-colour says of the photo alone, and a* and b* of the cheeks.
    pub colour: Option<(Finding, [f64; 2])>,
    /// What natural-proportions measured.
    pub wide: Option<f64>,
}

impl Checked {
    /// The rules that fail the photo.
    pub(super) fn failing(&self) -> impl Iterator<Item = &'static Rule> + use<'_> {
        let failing = self.marks.iter().filter(|(_, mark)| *mark == Mark::Fail);
        failing.filter_map(|(rule, _)| RULES.get(*rule).copied())
    }
}

impl Entry {
    /// A photo that could not be checked.
    pub fn unreadable(photo: impl Into<String>) -> Entry {
        Entry { photo: photo.into(), checked: None }
    }

    /// Whether the office can mend what fails the photo, so that nobody is called for another shot: it lies in the file, or in a
    /// crop for which the photo has room. What cannot be read is first handed in again.
    pub(super) fn is_mendable(&self) -> bool {
        self.checked.as_ref().is_none_or(|checked| {
            checked.failing().all(|rule| match rule.group() {
                Group::File => true,
                Group::Framing => checked.is_crop_enough,
                Group::Capture | Group::Subject => false,
            })
        })
    }
}

impl From<&Report> for Entry {
    fn from(report: &Report) -> Entry {
        let marks = report.findings().iter().filter_map(|f| Some((rules::position(f.rule().id), f.mark()?)));
        let checked = Checked {
            verdict: report.verdict(),
            sha256: report.sha256().to_owned(),
            fingerprint: report.fingerprint(),
            marks: marks.collect(),
            is_crop_enough: crop::is_enough(report),
            colour: report.finding(NATURAL_COLOUR.id).cloned().zip(report.skin()),
            wide: report.finding(NATURAL_PROPORTIONS.id).and_then(Finding::value),
        };
        Entry { photo: report.photo().to_owned(), checked: Some(checked) }
    }
}

impl From<Report> for Entry {
    fn from(report: Report) -> Entry {
        Entry::from(&report)
    }
}

impl From<&Error> for Entry {
    fn from(error: &Error) -> Entry {
        Entry::unreadable(error.photo().unwrap_or_default())
    }
}

impl From<Result<Report, Error>> for Entry {
    fn from(result: Result<Report, Error>) -> Entry {
        Entry::from(&result)
    }
}

impl From<&Result<Report, Error>> for Entry {
    fn from(result: &Result<Report, Error>) -> Entry {
        match result {
            Ok(report) => Entry::from(report),
            Err(error) => Entry::from(error),
        }
    }
}
