//! What a check says: findings in rule order and one verdict for the photo.

mod finding;
mod measurements;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

pub use finding::{Finding, Mark, RuleVerdict};
pub use measurements::Measurements;
pub(crate) use measurements::{Outcome, rounded};

use crate::evidence::EngineStamp;
use crate::photo::Fingerprint;
use crate::text::{Text, text, words};

/// Version of the JSON that [`Report`] and [`Measurements`] serialise to.
pub const SCHEMA: u32 = 2;

/// The outcome of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhotoVerdict {
    /// Nobody need look.
    Pass,
    /// A person decides.
    Review,
    /// Cannot be used.
    Fail,
}

impl PhotoVerdict {
    /// The word for it.
    pub fn word(self) -> Text {
        match self {
            PhotoVerdict::Pass => text("合格", "pass"),
            PhotoVerdict::Review => text("待确认", "review"),
            PhotoVerdict::Fail => text("不合格", "fail"),
        }
    }

    /// The verdict over the marks of all findings: the gravest.
    pub(crate) fn of(marks: impl Iterator<Item = Mark>) -> PhotoVerdict {
        let verdict = |mark| match mark {
            Mark::Fail => PhotoVerdict::Fail,
            Mark::Review | Mark::NotAssessed => PhotoVerdict::Review,
            Mark::Advice => PhotoVerdict::Pass,
        };
        marks.map(verdict).max_by_key(|verdict| *verdict as u8).unwrap_or(PhotoVerdict::Pass)
    }
}

words! {
    /// Every outcome, the best first.
    PhotoVerdict {
        Pass: "pass",
        Review: "review",
        Fail: "fail",
    }
}

/// A whole check of one photo. Holds no clock time: the same photo gives the same bytes, and what was read back from JSON
/// is written as it was; that of a later [`SCHEMA`] is not read.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # #[cfg(feature = "vision")] {
/// use gradphoto::{Checker, PhotoVerdict, Report};
///
/// let report = Checker::new()?.check("zhang-san.jpg")?;
/// if report.verdict() == PhotoVerdict::Fail {
///     println!("{}", report.failures().map(|finding| finding.name().zh).collect::<Vec<_>>().join("、"));
/// }
/// let stored = report.to_json();
/// assert_eq!(serde_json::from_str::<Report>(&stored)?.photo(), "zhang-san.jpg");
/// # }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    #[serde(deserialize_with = "known_schema")]
    pub(crate) schema: u32,
    pub(crate) photo: String,
    pub(crate) verdict: PhotoVerdict,
    pub(crate) findings: Vec<Finding>,
    pub(crate) sha256: String,
    pub(crate) fingerprint: Fingerprint,
    #[serde(default)]
    pub(crate) skin: Option<[f64; 2]>,
    pub(crate) profile: ProfileStamp,
    pub(crate) engine: EngineStamp,
}

/// Names the rules' settings exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProfileStamp {
    /// Name of the profile.
    pub name: String,
    /// SHA-256 of the resolved profile, in hex.
    pub sha256: String,
}

impl Report {
    /// [`SCHEMA`], of the version that made the report.
    pub fn schema(&self) -> u32 {
        self.schema
    }

    /// Name of the photo as it was given.
    pub fn photo(&self) -> &str {
        &self.photo
    }

    /// The same report of a photo that lies under another name.
    pub fn renamed(self, photo: impl Into<String>) -> Report {
        Report { photo: photo.into(), ..self }
    }

    /// Verdict over all findings.
    pub fn verdict(&self) -> PhotoVerdict {
        self.verdict
    }

    /// One finding for each rule of the profile, in the order of [`RULES`](crate::RULES).
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The findings with this verdict.
    pub fn with_verdict(&self, verdict: RuleVerdict) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.verdict == verdict)
    }

    /// The findings that fail the photo.
    pub fn failures(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.mark() == Some(Mark::Fail))
    }

    /// The finding of one rule; `None` when the profile switches the rule off.
    pub fn finding(&self, rule_id: &str) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.rule.id == rule_id)
    }

    /// SHA-256 of the file's bytes (of the pixels where there is no file), in hex.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// What the picture looks like from afar, to find the same picture under two names.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Colour of the cheeks, a* and b* in CIELAB, to compare how a camera renders skin; `None` where they are not in sight.
    pub fn skin(&self) -> Option<[f64; 2]> {
        self.skin
    }

    /// The profile that set the limits.
    pub fn profile(&self) -> &ProfileStamp {
        &self.profile
    }

    /// What looked at the photo.
    pub fn engine(&self) -> &EngineStamp {
        &self.engine
    }

    /// The report as one line of JSON, as the command prints it, without a line feed at its end.
    pub fn to_json(&self) -> String {
        // Only maps with non-string keys or failing Serialize impls can err, and there are none here.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// That of a later version may mean something else by the same words.
fn known_schema<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        schema if schema > SCHEMA => Err(D::Error::custom(format!(
            "schema {schema} is of a later version of gradphoto: this one reads schemas up to {SCHEMA}"
        ))),
        schema => Ok(schema),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::Severity;
    use crate::profile::Profile;
    use crate::testing::Portrait;

    #[test]
    fn a_report_is_read_back_as_it_was_written_and_renamed_in_nothing_else() {
        let evidence = Portrait::new().moved(0.0, -100.0).evidence();
        let report = Profile::built_in(Profile::DEFAULT).expect("built in").judge(&evidence);
        let json = report.to_json();
        assert_eq!(serde_json::from_str::<Report>(&json).expect("what was written").to_json(), json);
        let later = json.replacen(&format!("\"schema\":{SCHEMA}"), &format!("\"schema\":{}", SCHEMA + 1), 1);
        let refused = serde_json::from_str::<Report>(&later).expect_err("of a later version").to_string();
        assert!(refused.starts_with(&format!("schema {} is of a later version", SCHEMA + 1)), "{refused}");
        let renamed = report.clone().renamed("b");
        assert_eq!(renamed.photo(), "b");
        assert_eq!(renamed.renamed(report.photo()), report);
    }

    #[test]
    fn a_report_is_asked_by_rule_by_verdict_and_for_what_fails() {
        let profile = Profile::built_in(Profile::DEFAULT).expect("built in");
        let mut evidence = Portrait::new().moved(0.0, -100.0).evidence();
        evidence.engine.runtime = "an engine 1.0".into();
        let report = profile.judge(&evidence);
        assert_eq!((report.schema(), report.verdict().as_str()), (SCHEMA, "fail"));
        assert!(
            report
                .findings()
                .iter()
                .map(|finding| finding.rule().id)
                .eq(profile.rules().iter().map(|(rule, _)| rule.id))
        );
        assert_eq!(report.finding("eye-line").map(|finding| finding.verdict()), Some(RuleVerdict::Fail));
        assert!(report.finding("glasses-glare").is_none(), "the profile has it off");
        let failures = report.failures().map(|finding| finding.rule().id).collect::<Vec<_>>();
        assert!(failures.contains(&"eye-line"), "{failures:?}");
        let failed = report.with_verdict(RuleVerdict::Fail).collect::<Vec<_>>();
        assert!(failed.len() >= failures.len() && failed.iter().all(|finding| finding.verdict() == RuleVerdict::Fail));
        let [a, b] = report.skin().expect("cheeks in sight");
        assert!((5.0..25.0).contains(&a) && (5.0..35.0).contains(&b), "the colour of skin: {a} {b}");
        assert!(report.failures().all(|finding| finding.severity() == Severity::Reject));
        assert_eq!(report.profile().name, Profile::DEFAULT);
        assert_eq!((report.sha256().len(), report.engine()), (64, &evidence.engine));
    }

    #[test]
    fn no_findings_are_nothing_wrong() {
        assert_eq!(PhotoVerdict::of([].into_iter()), PhotoVerdict::Pass);
    }
}
