//! What one rule says of one photo, in data and in words.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeStruct};

use super::measurements::Outcome;
use crate::geometry::Region;
use crate::limit::{Limit, RuleSettings, Severity};
use crate::rule::{Fault, Rule};
use crate::rules;
use crate::text::{Language, Reason, Text, text};

/// What a value means by its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleVerdict {
    /// Meets the requirement.
    Pass,
    /// Near the limit: a person looks.
    Review,
    /// Does not meet the requirement.
    Fail,
    /// Could not be measured.
    NotAssessed,
}

impl RuleVerdict {
    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            RuleVerdict::Pass => "pass",
            RuleVerdict::Review => "review",
            RuleVerdict::Fail => "fail",
            RuleVerdict::NotAssessed => "not-assessed",
        }
    }
}

/// What one rule says of one photo.
#[derive(Clone, PartialEq)]
pub struct Finding {
    pub(crate) rule: &'static Rule,
    pub(crate) verdict: RuleVerdict,
    pub(crate) outcome: Outcome,
    pub(crate) settings: RuleSettings,
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
    /// The rule.
    pub fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// Outcome by the limits alone.
    pub fn verdict(&self) -> RuleVerdict {
        self.verdict
    }

    /// Measured value in the rule's unit; `None` when not assessed.
    pub fn value(&self) -> Option<f64> {
        match self.outcome {
            Outcome::Value { value, .. } => Some(value),
            Outcome::NotAssessed(_) => None,
        }
    }

    /// Where on the photo, in its pixels.
    pub fn region(&self) -> Option<Region> {
        match self.outcome {
            Outcome::Value { region, .. } => region,
            Outcome::NotAssessed(_) => None,
        }
    }

    /// Outside: fail.
    pub fn limit(&self) -> Limit {
        self.settings.limit
    }

    /// Inside [`Finding::limit`], outside this: review.
    pub fn review(&self) -> Limit {
        self.settings.review
    }

    /// What a failure does to the photo.
    pub fn severity(&self) -> Severity {
        self.settings.severity
    }

    /// What severity makes of the verdict; `None` for a finding that nobody needs to see.
    pub fn mark(&self) -> Option<Mark> {
        match (self.verdict, self.settings.severity) {
            (RuleVerdict::Fail, Severity::Reject) => Some(Mark::Fail),
            (RuleVerdict::Review, Severity::Reject) => Some(Mark::Review),
            (RuleVerdict::Fail | RuleVerdict::Review, Severity::Ask) => Some(Mark::Review),
            (RuleVerdict::Fail | RuleVerdict::Review, Severity::Advise) => Some(Mark::Advice),
            (RuleVerdict::NotAssessed, Severity::Reject) => Some(Mark::NotAssessed),
            (RuleVerdict::NotAssessed, Severity::Ask | Severity::Advise) | (RuleVerdict::Pass, _) => None,
        }
    }

    /// In a few words: what is wrong, or what was asked where nothing is.
    pub fn name(&self) -> Text {
        self.fault().map_or(self.rule.name, |(fault, _)| fault.name)
    }

    /// One sentence: what is wrong and what to do, or why it could not be judged.
    pub fn reason(&self, language: Language) -> String {
        if let Outcome::NotAssessed(why) = &self.outcome {
            return why.get(language).to_owned();
        }
        let Some((fault, value)) = self.fault() else {
            let name = self.rule.name.get(language);
            return match language {
                Language::Zh => format!("{name}：符合要求。"),
                Language::En => format!("{name}: meets the requirement."),
            };
        };
        let is_sure = self.verdict == RuleVerdict::Fail;
        let degree = if is_sure { text("明显", "clearly") } else { text("略", "slightly") };
        let guess = if is_sure { text("很可能", "very likely") } else { text("疑似", "possibly") };
        let (unit, allowed) = (self.rule.unit, self.settings.review);
        // Where a range lies about zero the sentence names the side, so the number needs no sign.
        let value = if allowed.min.is_some_and(|min| min < 0.0) { value.abs() } else { value };
        let seen = match &self.outcome {
            Outcome::Value { seen: Some(seen), .. } => seen.get(language),
            _ => "",
        };
        let filled = (fault.reason.get(language))
            .replace("{value}", &unit.show(value, language))
            .replace("{allowed}", &allowed.words(unit, language))
            .replace("{degree}", degree.get(language))
            .replace("{guess}", guess.get(language))
            .replace("{seen}", seen);
        match (self.mark(), language) {
            (Some(Mark::Review), Language::Zh) => format!("请人工确认：{filled}"),
            (Some(Mark::Review), Language::En) => format!("Please check by eye: {filled}"),
            _ => filled,
        }
    }

    /// The measured value as a person reads it in a line: a figure where its unit means something to everybody, else empty.
    pub fn figure(&self, language: Language) -> String {
        let value = self.value().filter(|_| self.rule.unit.is_figure());
        value.map(|value| self.rule.unit.show(value, language)).unwrap_or_default()
    }

    /// What is wrong, and with which value.
    fn fault(&self) -> Option<(&Fault, f64)> {
        let value = self.value()?;
        let side = self.settings.review.side(value)?;
        Some((self.rule.requirement.fault(side)?, value))
    }
}

impl std::fmt::Debug for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} {:?}", self.rule.id, self.verdict.as_str(), self.value())
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let seen = match &self.outcome {
            Outcome::Value { seen, .. } => seen.as_ref(),
            Outcome::NotAssessed(_) => None,
        };
        let mut out = serializer.serialize_struct("Finding", 12)?;
        out.serialize_field("rule", self.rule.id)?;
        out.serialize_field("name", &self.name())?;
        out.serialize_field("verdict", &self.verdict)?;
        out.serialize_field("value", &self.value())?;
        out.serialize_field("unit", &self.rule.unit)?;
        out.serialize_field("limit", &self.settings.limit)?;
        out.serialize_field("review", &self.settings.review)?;
        out.serialize_field("severity", &self.settings.severity)?;
        out.serialize_field("clause", self.rule.clause)?;
        out.serialize_field("seen", &seen)?;
        out.serialize_field("reason", &Reason::in_each(|language| self.reason(language)))?;
        out.serialize_field("region", &self.region())?;
        out.end()
    }
}

/// Reads back what [`Finding`] serialises to; a rule that this version does not know is an error.
impl<'de> Deserialize<'de> for Finding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Finding, D::Error> {
        #[derive(Deserialize)]
        struct Written {
            rule: String,
            verdict: RuleVerdict,
            value: Option<f64>,
            limit: Limit,
            review: Limit,
            severity: Severity,
            seen: Option<Reason>,
            reason: Reason,
            region: Option<Region>,
        }
        let written = Written::deserialize(deserializer)?;
        let Written { verdict, limit, review, severity, seen, region, .. } = written;
        let rule = written.rule;
        let rule = rules::find(&rule).ok_or_else(|| D::Error::custom(format!("there is no rule {rule}")))?;
        let outcome = match written.value {
            Some(value) => Outcome::Value { value, region, seen, parts: vec![] },
            None => Outcome::NotAssessed(written.reason),
        };
        Ok(Finding { rule, verdict, outcome, settings: RuleSettings { limit, review, severity } })
    }
}
