//! What one rule says of one photo, in data and in words.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeStruct};

use super::measurements::Outcome;
use crate::geometry::Region;
use crate::limit::{Limit, RuleSettings, Severity};
use crate::rule::{Fault, Rule};
use crate::rules;
use crate::text::{Language, Reason, Text, text, words};

/// What a value means by its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
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

words! {
    /// Every verdict.
    RuleVerdict {
        Pass: "pass",
        Review: "review",
        Fail: "fail",
        NotAssessed: "not-assessed",
    }
}

/// What one rule says of one photo.
///
/// ```no_run
/// # fn main() -> Result<(), gradphoto::Error> {
/// # #[cfg(feature = "vision")] {
/// use gradphoto::{Checker, Language};
///
/// for finding in Checker::new()?.check("zhang-san.jpg")?.findings() {
///     let (rule, language) = (finding.rule(), Language::En);
///     let value = finding.value().map(|value| rule.unit.show(value, language));
///     println!("{}: {value:?}, allowed {}", rule.id, finding.limit().show(rule.unit, language));
/// }
/// # }
/// # Ok(())
/// # }
/// ```
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

words! {
    /// Every mark, the gravest first.
    Mark {
        Fail: "fail",
        Review: "review",
        Advice: "advice",
        NotAssessed: "not-assessed",
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

    /// Where on the photo, in pixels of the upright original.
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
        let unit = self.rule.unit;
        // Where a range lies about zero the sentence names the side, so neither the number nor the side's bound needs a sign.
        let (value, allowed) = match self.settings.review {
            Limit { min: Some(min), max: Some(max) } if min < 0.0 && max >= 0.0 => {
                let bound = if value < min { -min } else { max };
                (value.abs(), Limit::between(-bound, bound))
            }
            allowed => (value, allowed),
        };
        let seen = match &self.outcome {
            Outcome::Value { seen: Some(seen), .. } => seen.get(language),
            _ => "",
        };
        let filled = (fault.reason.get(language))
            .replace("{value}", &allowed.show_value(value, unit, language))
            .replace("{allowed}", &allowed.words(unit, language))
            .replace("{degree}", degree.get(language))
            .replace("{guess}", guess.get(language))
            .replace("{seen}", seen);
        match (self.mark(), language) {
            (Some(Mark::Review), Language::Zh) => format!("请人工确认：{filled}"),
            (Some(Mark::Review), Language::En) => format!("Please check by eye: {}", within_a_sentence(&filled)),
            _ => filled,
        }
    }

    /// Whether the measured value and its limits say something to everybody: not where the unit does not, nor where nothing at
    /// all is allowed, of which the sentence says more.
    pub fn has_figure(&self) -> bool {
        self.rule.unit.is_figure() && self.settings.review != Limit { min: None, max: Some(0.0) }
    }

    /// The measured value as a person reads it in a line, where it [has a figure](Finding::has_figure), else empty.
    pub fn figure(&self, language: Language) -> String {
        let value = self.value().filter(|_| self.has_figure());
        value.map(|value| self.settings.review.show_value(value, self.rule.unit, language)).unwrap_or_default()
    }

    /// What is wrong, and with which value.
    pub(crate) fn fault(&self) -> Option<(&'static Fault, f64)> {
        let value = self.value()?;
        let side = self.settings.review.side(value)?;
        Some((self.rule.requirement.fault(side)?, value))
    }
}

/// An English sentence as it goes on behind a colon; JPEG keeps its capitals.
fn within_a_sentence(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(sentence.chars().skip(1)).collect()
        }
        _ => sentence.to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Profile;
    use crate::report::Measurements;
    use crate::testing::{Portrait, measured};

    /// Name and sentences of a rule's finding on what was measured.
    fn reason(rule: &str, seen: &Measurements, severity: Severity) -> [String; 3] {
        let profile =
            Profile::built_in(Profile::DEFAULT).and_then(|profile| profile.with_severity(rule, Some(severity)));
        let report = profile.expect("a rule").judge(seen);
        let finding = report.finding(rule).expect("on");
        [finding.name().zh.to_owned(), finding.reason(Language::Zh), finding.reason(Language::En)]
    }

    #[test]
    fn a_fault_is_called_by_what_is_wrong_and_a_person_is_asked_only_where_it_decides() {
        let hooded = |probability| measured("hood-absent", probability);
        let [name, zh, en] = reason("hood-absent", &hooded(0.02), Severity::Reject);
        assert_eq!((&*name, &*zh, &*en), ("衣服无帽", "衣服无帽：符合要求。", "No hood: meets the requirement."));
        let [name, zh, en] = reason("hood-absent", &hooded(0.4), Severity::Reject);
        assert_eq!((&*name, &*zh), ("衣服带帽", "请人工确认：衣服疑似带帽，请换无帽上衣后重拍。"));
        assert_eq!(en, "Please check by eye: the clothes possibly have a hood. Wear a top without one.");
        let [_, zh, _] = reason("hood-absent", &hooded(0.9), Severity::Ask);
        assert_eq!(zh, "请人工确认：衣服很可能带帽，请换无帽上衣后重拍。");
        for severity in [Severity::Reject, Severity::Advise] {
            let [_, zh, _] = reason("hood-absent", &hooded(0.9), severity);
            assert_eq!(zh, "衣服很可能带帽，请换无帽上衣后重拍。");
        }
        let [_, zh, _] = reason("hood-absent", &hooded(0.4), Severity::Advise);
        assert_eq!(zh, "衣服疑似带帽，请换无帽上衣后重拍。");
    }

    #[test]
    fn sides_of_a_range_have_words_and_values_of_their_own() {
        let turned = |degrees| reason("head-yaw", &measured("head-yaw", degrees), Severity::Reject);
        let [name, zh, _] = turned(-12.0);
        assert_eq!((&*name, &*zh), ("头转向右侧", "头部向右转12.0°，应在5.0°以内，请正对镜头重拍。"));
        let [name, zh, en] = turned(12.0);
        assert_eq!((&*name, &*zh), ("头转向左侧", "头部向左转12.0°，应在5.0°以内，请正对镜头重拍。"));
        assert_eq!(en, "The head is turned to its left by 12.0°; up to 5.0° is tolerated. Face the camera squarely.");
        let nodding = |degrees| reason("head-pitch", &measured("head-pitch", degrees), Severity::Advise);
        assert_eq!(nodding(-20.0)[1], "低头20.0°，应在13.0°以内，请平视镜头重拍。");
        assert_eq!(nodding(12.0)[1], "仰头12.0°，应在10.0°以内，请平视镜头重拍。");
        let [_, zh, en] = reason("head-roll", &measured("head-roll", -3.007_8), Severity::Reject);
        assert!(zh.contains("3.01°，应在3.0°以内") && en.contains("3.01°; up to 3.0°"), "{zh} {en}");
        let [name, zh, _] = reason("eye-line", &measured("eye-line", 150.0), Severity::Reject);
        assert_eq!((&*name, zh.contains("只有150 px，应在200 px至300 px之间")), ("眼睛太高", true), "{zh}");
    }

    #[test]
    fn degrees_grow_with_the_verdict_and_what_was_seen_is_named() {
        let shaded = |share: f64| {
            let shade = move |p: crate::geometry::Point| {
                let dark = if (350.0..400.0).contains(&p.x) && p.y < 450.0 { share } else { 1.0 };
                Portrait::BLUE.map(|c| (f64::from(c) * dark) as u8)
            };
            Measurements::of(&Portrait::new().recoloured(crate::evidence::Class::Background, shade).evidence())
        };
        assert!(reason("background-shadow", &shaded(0.88), Severity::Reject)[1].contains("略有阴影"));
        assert!(reason("background-shadow", &shaded(0.7), Severity::Reject)[1].contains("明显有阴影"));
        let shut = Measurements::of(&Portrait::new().seeming(|seen| seen.eyes_open.right = 0.1).evidence());
        assert!(reason("eyes-open", &shut, Severity::Reject)[1].starts_with("右眼很可能未自然睁开"));
    }

    #[test]
    fn figures_are_for_units_that_everybody_knows() {
        let profile = Profile::built_in(Profile::DEFAULT).expect("built in");
        let report = profile.judge(&Portrait::new().evidence());
        let figure = |rule: &str| report.finding(rule).map(|finding| finding.figure(Language::En)).expect("on");
        assert_eq!(figure("eye-line"), "250 px");
        assert_eq!(figure("head-yaw"), "0.0°");
        assert_eq!(figure("background-colour"), "");
        assert_eq!(figure("hood-absent"), "");
        assert_eq!(figure("jpeg-quality"), "");
        let large = profile.judge(&crate::testing::FileBuilder::jpeg().sized(960, 1280).evidence());
        assert_eq!(large.finding("image-size").map(|finding| finding.figure(Language::En)).as_deref(), Some(""));
    }

    #[test]
    fn a_finding_says_where_it_was_measured_and_by_which_limits() {
        let profile = Profile::built_in(Profile::DEFAULT).expect("built in");
        let ours = profile.with_limit("eye-line", Limit::between(190.0, 310.0)).expect("a rule");
        let report = ours
            .with_review("eye-line", Limit::between(200.0, 300.0))
            .expect("inside")
            .judge(&Portrait::new().evidence());
        let finding = report.finding("eye-line").expect("on");
        assert_eq!((finding.limit(), finding.review()), (Limit::between(190.0, 310.0), Limit::between(200.0, 300.0)));
        assert_eq!(format!("{finding:?}"), "eye-line: pass Some(250.0)");
        let face = report.findings().iter().find_map(Finding::region).expect("something lies somewhere");
        assert!(face.width > 0.0 && face.height > 0.0);
    }

    #[test]
    fn a_finding_is_read_back_as_it_was_written() {
        let profile = Profile::built_in(Profile::DEFAULT).expect("built in");
        for evidence in [Portrait::new().moved(0.0, -100.0).evidence(), Portrait::nobody()] {
            for finding in profile.judge(&evidence).findings() {
                let json = serde_json::to_string(finding).expect("a finding");
                let read = serde_json::from_str::<Finding>(&json).expect("what was written");
                assert_eq!(serde_json::to_string(&read).expect("a finding"), json);
                assert_eq!((read.mark(), read.rule().id), (finding.mark(), finding.rule().id));
            }
        }
        let unknown = "{\"rule\":\"eye-lime\",\"verdict\":\"pass\",\"limit\":{},\"review\":{},\"severity\":\"ask\",\"reason\":{\"zh\":\"\",\"en\":\"\"}}";
        assert!(
            serde_json::from_str::<Finding>(unknown).expect_err("unknown").to_string().contains("no rule eye-lime")
        );
    }

    #[test]
    fn marks_have_signs_and_words() {
        assert!(Mark::ALL.iter().map(|mark| mark.sign()).eq(["✗", "?", "*", "–"]));
        assert!(Mark::ALL.iter().map(|mark| mark.word().zh).eq(["不合格", "待确认", "建议", "未判定"]));
    }
}
