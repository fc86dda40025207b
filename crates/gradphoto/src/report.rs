//! What a check says: findings in rule order and one verdict for the photo.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeStruct};

use crate::geometry::Region;
use crate::limit::{Limit, Severity};
use crate::photo::Fingerprint;
use crate::rule::Rule;
use crate::rules;
use crate::text::{Reason, Text, text};

/// Version of the JSON that a [`Report`] serialises to.
pub const SCHEMA: u32 = 1;

/// The outcome of a rule or of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Meets the requirement.
    Pass,
    /// Near the limit: a person looks.
    Review,
    /// Does not meet the requirement.
    Fail,
    /// Could not be measured.
    NotAssessed,
}

impl Verdict {
    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Review => "review",
            Verdict::Fail => "fail",
            Verdict::NotAssessed => "not-assessed",
        }
    }
}

/// What one rule says of one photo.
#[derive(Clone)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// Outcome by the limits below alone.
    pub verdict: Verdict,
    /// Measured value in the rule's unit; `None` when not assessed.
    pub value: Option<f64>,
    /// Outside: fail.
    pub limit: Limit,
    /// Inside `limit`, outside this: review.
    pub review: Limit,
    /// What a failure does to the photo.
    pub severity: Severity,
    /// One sentence: what is wrong and what to do.
    pub reason: Reason,
    /// Where on the photo, in its pixels.
    pub region: Option<Region>,
}

/// Why a finding deserves attention, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// Fails the photo.
    Fail,
    /// A person must look.
    Review,
    /// Does not meet a requirement that fails nobody, or may not.
    Advice,
    /// A requirement that could not be judged.
    NotAssessed,
}

impl Mark {
    /// Every mark, the gravest first.
    pub const ALL: [Mark; 4] = [Mark::Fail, Mark::Review, Mark::Advice, Mark::NotAssessed];

    /// One character, for where there is no room for the word.
    pub fn sign(self) -> &'static str {
        match self {
            Mark::Fail => "✗",
            Mark::Review => "?",
            Mark::Advice => "*",
            Mark::NotAssessed => "–",
        }
    }

    /// The word for it.
    pub fn word(self) -> Text {
        match self {
            Mark::Fail => text("不合格", "fail"),
            Mark::Review => text("待确认", "review"),
            Mark::Advice => text("建议", "advice"),
            Mark::NotAssessed => text("未判定", "not assessed"),
        }
    }
}

impl Finding {
    /// What severity makes of the verdict; `None` for a finding that nobody needs to see.
    pub fn mark(&self) -> Option<Mark> {
        match (self.verdict, self.severity) {
            (Verdict::Fail, Severity::Reject) => Some(Mark::Fail),
            (Verdict::Review, Severity::Reject) => Some(Mark::Review),
            (Verdict::Fail | Verdict::Review, Severity::Advise) => Some(Mark::Advice),
            (Verdict::NotAssessed, Severity::Reject) => Some(Mark::NotAssessed),
            (Verdict::NotAssessed, Severity::Advise) | (Verdict::Pass, _) => None,
        }
    }
}

impl std::fmt::Debug for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} {:?}", self.rule.id, self.verdict.as_str(), self.value)
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Finding", 10)?;
        out.serialize_field("rule", self.rule.id)?;
        out.serialize_field("verdict", &self.verdict)?;
        out.serialize_field("value", &self.value.map(rounded))?;
        out.serialize_field("unit", &self.rule.unit)?;
        out.serialize_field("limit", &self.limit)?;
        out.serialize_field("review", &self.review)?;
        out.serialize_field("severity", &self.severity)?;
        out.serialize_field("clause", self.rule.clause)?;
        out.serialize_field("reason", &self.reason)?;
        out.serialize_field("region", &self.region)?;
        out.end()
    }
}

/// Reads back what [`Finding`] serialises to; a rule that this version does not know is an error.
impl<'de> Deserialize<'de> for Finding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Finding, D::Error> {
        #[derive(Deserialize)]
        struct Written {
            rule: String,
            verdict: Verdict,
            value: Option<f64>,
            limit: Limit,
            review: Limit,
            severity: Severity,
            reason: Reason,
            region: Option<Region>,
        }
        let Written { rule, verdict, value, limit, review, severity, reason, region } =
            Written::deserialize(deserializer)?;
        let rule = rules::find(&rule).ok_or_else(|| D::Error::custom(format!("there is no rule {rule}")))?;
        Ok(Finding { rule, verdict, value, limit, review, severity, reason, region })
    }
}

/// Six digits after the point: finer than any measure here, and it keeps reports readable.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// A whole check of one photo. Holds no clock time: the same photo gives the same bytes, and what was read back from JSON
/// is written as it was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Name of the photo as it was given.
    pub photo: String,
    /// Verdict over all findings.
    pub verdict: Verdict,
    /// One finding for each rule of the profile, in the order of [`RULES`](crate::RULES).
    pub findings: Vec<Finding>,
    /// SHA-256 of the file's bytes (of the pixels where there is no file), in hex.
    pub sha256: String,
    /// What the picture looks like from afar, to find the same picture under two names.
    pub fingerprint: Fingerprint,
    /// The profile that set the limits.
    pub profile: ProfileStamp,
    /// What looked at the photo.
    pub engine: EngineStamp,
}

/// Names the rules' settings exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileStamp {
    /// Name of the profile.
    pub name: String,
    /// SHA-256 of the resolved profile, in hex.
    pub sha256: String,
}

/// Names the program and models exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineStamp {
    /// Version of this library.
    pub gradphoto: String,
    /// Inference engine: `onnxruntime` or `tract`, with its version.
    pub runtime: String,
    /// SHA-256 over the models, in hex.
    pub models_sha256: String,
}

impl Verdict {
    /// The verdict of a photo: only rules of severity `reject` decide.
    pub fn of_photo(findings: &[Finding]) -> Verdict {
        let deciding = || findings.iter().filter(|f| f.severity == Severity::Reject).map(|f| f.verdict);
        if deciding().any(|v| v == Verdict::Fail) {
            Verdict::Fail
        } else if deciding().any(|v| v != Verdict::Pass) {
            Verdict::Review
        } else {
            Verdict::Pass
        }
    }
}

impl Report {
    /// The findings with this verdict.
    pub fn with_verdict(&self, verdict: Verdict) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |f| f.verdict == verdict)
    }

    /// The finding of one rule; `None` when the profile switches the rule off.
    pub fn finding(&self, rule_id: &str) -> Option<&Finding> {
        self.findings.iter().find(|f| f.rule.id == rule_id)
    }

    /// The report as one line of JSON, as the command prints it.
    pub fn to_json(&self) -> String {
        // Only maps with non-string keys or failing Serialize impls can err, and there are none here.
        serde_json::to_string(self).unwrap_or_default()
    }
}
