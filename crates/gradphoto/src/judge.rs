//! The only place where a measured value meets its limit.

use std::borrow::Cow;

use crate::limit::RuleSettings;
use crate::profile::Profile;
use crate::report::{Finding, Measurements, Outcome, PhotoVerdict, ProfileStamp, Report, RuleVerdict, SCHEMA, rounded};
use crate::rule::{Reference, Rule};
use crate::text::{Reason, text};

impl Profile {
    /// What this profile says of what was seen, [`Evidence`](crate::evidence::Evidence) or stored [`Measurements`]: the
    /// same of the same, whenever and wherever it is asked.
    pub fn judge<'a>(&self, seen: impl Into<Cow<'a, Measurements>>) -> Report {
        let measurements = seen.into();
        let judged = self.rules().iter();
        let findings = judged.map(|(rule, settings)| {
            let outcome = outcome(rule, measurements.outcome(rule), self.reference());
            Finding { rule, verdict: verdict(&outcome, settings), outcome, settings: *settings }
        });
        let findings = findings.collect::<Vec<_>>();
        Report {
            schema: SCHEMA,
            photo: measurements.photo.clone(),
            verdict: PhotoVerdict::of(findings.iter().filter_map(Finding::mark)),
            findings,
            sha256: measurements.sha256.clone(),
            fingerprint: measurements.fingerprint,
            skin: measurements.skin(),
            profile: ProfileStamp { name: self.name().to_owned(), sha256: self.sha256().to_owned() },
            engine: measurements.engine.clone(),
        }
    }

    /// What a report says of photos that lie just beyond the limits of a rule, one for each thing that may be wrong. Where this
    /// profile has the rule off, its own limits count.
    pub fn examples(&self, rule: &'static Rule) -> Vec<Finding> {
        let settings = self.settings(rule.id).copied().unwrap_or_else(|| rule.settings());
        let RuleSettings { limit, review, .. } = settings;
        let below = limit.min.or(review.min).map(|min| min - rule.step);
        let above = limit.max.or(review.max).map(|max| max + rule.step);
        let finding = |value| {
            let seen = Some(Reason::from(rule.seen));
            let outcome = Outcome::Value { value: rounded(value), region: None, seen, parts: vec![] };
            Finding { rule, verdict: verdict(&outcome, &settings), outcome, settings }
        };
        let mut findings = [below, above].into_iter().flatten().map(finding).collect::<Vec<_>>();
        findings.dedup_by_key(|finding| finding.fault().map(|(fault, _)| *fault));
        findings
    }
}

impl Finding {
    /// The same where another value was measured.
    pub(crate) fn of_value(&self, measured: f64) -> Finding {
        let mut outcome = self.outcome.clone();
        if let Outcome::Value { value, .. } = &mut outcome {
            *value = rounded(measured);
        }
        Finding { verdict: verdict(&outcome, &self.settings), outcome, ..*self }
    }
}

impl Report {
    /// The same with this finding in place of its rule's.
    pub(crate) fn with_finding(mut self, finding: Finding) -> Report {
        self.findings.iter_mut().filter(|other| other.rule == finding.rule).for_each(|other| *other = finding.clone());
        self.verdict = PhotoVerdict::of(self.findings.iter().filter_map(Finding::mark));
        self
    }
}

/// What the rule's value is for this reference.
fn outcome(rule: &Rule, measured: Option<&Outcome>, reference: &Reference) -> Outcome {
    let other_version = text(
        "照片是用其他版本测量的，此项请重新检查。",
        "Another version measured the photo: check it again for this.",
    );
    match (measured, rule.compare) {
        (None, _) => Outcome::NotAssessed(other_version.into()),
        (Some(Outcome::Value { parts, region, .. }), Some(compare)) => match compare(parts, reference) {
            Some((value, seen)) => {
                Outcome::Value { value: rounded(value), region: *region, seen: seen.map(Reason::from), parts: vec![] }
            }
            None => Outcome::NotAssessed(other_version.into()),
        },
        (Some(outcome), _) => outcome.clone(),
    }
}

fn verdict(outcome: &Outcome, settings: &RuleSettings) -> RuleVerdict {
    match outcome {
        Outcome::NotAssessed(_) => RuleVerdict::NotAssessed,
        Outcome::Value { value, .. } if settings.limit.side(*value).is_some() => RuleVerdict::Fail,
        Outcome::Value { value, .. } if settings.review.side(*value).is_some() => RuleVerdict::Review,
        Outcome::Value { .. } => RuleVerdict::Pass,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::{Limit, Severity};
    use crate::report::Mark;
    use crate::rules::RULES;
    use crate::testing::{Portrait, measured};
    use crate::text::Language;

    fn profile() -> Profile {
        Profile::built_in(Profile::DEFAULT).expect("built in")
    }

    /// What is said of a head turned by so many degrees when it may turn by 5 and must not by more than 10.
    fn of_yaw(degrees: f64, severity: Severity) -> (RuleVerdict, Option<Mark>) {
        let profile = profile().with_severity("head-yaw", Some(severity)).expect("a rule");
        let report = profile.judge(&measured("head-yaw", degrees));
        let finding = report.finding("head-yaw").expect("on");
        (finding.verdict(), finding.mark())
    }

    #[test]
    fn limits_decide_the_rule_and_severity_what_comes_of_it() {
        use RuleVerdict::{Fail, Pass, Review};
        assert_eq!(
            [0.0, -5.0, 5.1, -10.0, 10.1].map(|deg| of_yaw(deg, Severity::Reject)),
            [
                (Pass, None),
                (Pass, None),
                (Review, Some(Mark::Review)),
                (Review, Some(Mark::Review)),
                (Fail, Some(Mark::Fail))
            ]
        );
        assert_eq!(of_yaw(6.0, Severity::Ask), (Review, Some(Mark::Review)));
        assert_eq!(of_yaw(11.0, Severity::Ask), (Fail, Some(Mark::Review)));
        assert_eq!(of_yaw(11.0, Severity::Advise), (Fail, Some(Mark::Advice)));
    }

    /// A profile with this rule alone.
    fn alone(rule: &str, severity: Severity) -> Profile {
        let all = profile().rules().iter().map(|(rule, _)| rule.id).collect::<Vec<_>>();
        let off =
            all.into_iter().filter(|id| *id != rule).try_fold(profile(), |profile, id| profile.with_severity(id, None));
        off.and_then(|profile| profile.with_severity(rule, Some(severity))).expect("rules")
    }

    #[test]
    fn a_photo_fails_by_reject_alone_and_is_asked_about_by_ask() {
        let verdict = |severity, degrees| alone("head-yaw", severity).judge(&measured("head-yaw", degrees)).verdict();
        assert_eq!(
            [0.0, 6.0, 11.0].map(|deg| verdict(Severity::Reject, deg)),
            [PhotoVerdict::Pass, PhotoVerdict::Review, PhotoVerdict::Fail]
        );
        assert_eq!(
            [0.0, 6.0, 11.0].map(|deg| verdict(Severity::Ask, deg)),
            [PhotoVerdict::Pass, PhotoVerdict::Review, PhotoVerdict::Review]
        );
        assert_eq!([0.0, 6.0, 11.0].map(|deg| verdict(Severity::Advise, deg)), [PhotoVerdict::Pass; 3]);
        // What a rejecting rule cannot judge, a person must; what only asks or advises leaves it.
        let nobody = Measurements::of(&Portrait::nobody());
        let unseen = |severity| alone("head-yaw", severity).judge(&nobody).verdict();
        assert_eq!(
            [Severity::Reject, Severity::Ask, Severity::Advise].map(unseen),
            [PhotoVerdict::Review, PhotoVerdict::Pass, PhotoVerdict::Pass]
        );
    }

    #[test]
    fn examples_are_sentences_without_holes() {
        for rule in RULES {
            for &severity in Severity::ALL {
                let examples = alone(rule.id, severity).examples(rule);
                let faults = rule.requirement.faults().collect::<Vec<_>>();
                let different = if faults.first() == faults.last() { 1 } else { 2 };
                assert_eq!(examples.len(), different, "{}", rule.id);
                assert!(examples.iter().all(|finding| finding.verdict() == RuleVerdict::Fail), "{}", rule.id);
                for said in examples.iter().flat_map(|finding| [Language::Zh, Language::En].map(|l| finding.reason(l)))
                {
                    let holes = ["{", "}", "（）", "()", "  "];
                    assert!(!holes.iter().any(|hole| said.contains(hole)), "{}: {said}", rule.id);
                    let is_flat = |open, close| said.split(open).skip(1).all(|inside: &str| inside.contains(close));
                    assert!(is_flat('（', '）') && is_flat('(', ')'), "{}: {said}", rule.id);
                    if let Some(asked) = said.strip_prefix("Please check by eye: ") {
                        assert!(asked.starts_with(char::is_lowercase) || asked.starts_with("JPEG"), "{said}");
                    }
                }
            }
        }
        let said = |id, language| {
            let rule = crate::rules::find(id).expect(id);
            profile().examples(rule).iter().map(|finding| finding.reason(language)).collect::<Vec<_>>()
        };
        assert_eq!(
            said("image-size", Language::Zh),
            ["照片须为宽 480、高 640 像素，现为413×579，像素不足，请用原图重新裁剪，不要放大。"]
        );
        assert_eq!(
            said("resolution", Language::Zh),
            ["文件标注的分辨率为298 dpi，应在299 dpi至301 dpi之间，请导出时设为 300 dpi。"]
        );
        assert!(said("ears-visible", Language::En)[0].starts_with("Hair very likely covers the right ear."));
        // The profile has this rule off.
        assert!(said("glasses-glare", Language::En)[0].starts_with("The lenses clearly reflect light."));
    }

    #[test]
    fn stored_measurements_are_judged_like_the_photo_by_every_profile() {
        let navy = Portrait::new().paint(crate::evidence::Class::Cloth, [40.0, 500.0, 400.0, 140.0], [45, 83, 184]);
        for evidence in [navy.evidence(), Portrait::nobody(), Portrait::new().posed(7.0, 0.0, 0.0).evidence()] {
            let measurements = Measurements::of(&evidence);
            let stored = measurements.to_json();
            let read = serde_json::from_str::<Measurements>(&stored).expect("what was written");
            assert_eq!(read.to_json(), stored);
            // Regions are stored in whole pixels.
            assert_eq!(profile().judge(&evidence).to_json(), profile().judge(&read).to_json());
            for name in Profile::names() {
                let profile = Profile::built_in(name).expect(name);
                assert_eq!(profile.judge(&measurements).to_json(), profile.judge(&read).to_json(), "{name}");
            }
        }
    }

    #[test]
    fn references_are_asked_of_what_was_stored() {
        let read = Measurements::of(&Portrait::new().evidence());
        let judged = |toml: &str| {
            let profile =
                Profile::from_toml("test", &format!("extends = 'graduation-blue'\n[reference]\n{toml}")).expect("toml");
            profile.judge(&read).finding("background-colour").map(|finding| (finding.verdict(), finding.value()))
        };
        assert_eq!(judged("background-colours = [[100, 197, 255]]"), Some((RuleVerdict::Pass, Some(0.0))));
        let (verdict, value) = judged("background-colours = [[255, 255, 255]]").expect("on");
        assert!(verdict == RuleVerdict::Fail && value.is_some_and(|value| value > 20.0));
    }

    #[test]
    fn hues_are_forbidden_after_the_photo_was_seen() {
        let blue = Portrait::new().recoloured(crate::evidence::Class::Cloth, |_| [45, 83, 184]);
        let read = Measurements::of(&blue.evidence());
        let verdict = |hues: &str| {
            let toml = format!("extends = 'graduation-blue'\n[reference]\nforbidden-clothing = {hues}");
            let report = Profile::from_toml("test", &toml).expect("toml").judge(&read);
            report.finding("clothing-colour").map(|finding| (finding.verdict(), finding.reason(crate::Language::En)))
        };
        let (fails, reason) = verdict("['blue', 'green']").expect("on");
        assert!(fails == RuleVerdict::Fail && reason.contains("blue"), "{reason}");
        assert_eq!(verdict("['yellow', 'purple']").map(|(verdict, _)| verdict), Some(RuleVerdict::Pass));
        assert_eq!(verdict("[]").map(|(verdict, _)| verdict), Some(RuleVerdict::Pass));
    }

    #[test]
    fn what_an_older_version_did_not_measure_is_not_assessed() {
        let mut read = measured("eye-line", 250.0);
        read.readings.retain(|reading| reading.rule.id != "eye-line");
        let colour = read.readings.iter_mut().find(|reading| reading.rule.id == "background-colour").expect("measured");
        if let Outcome::Value { parts, .. } = &mut colour.outcome {
            parts.pop();
        }
        let report = profile().judge(&read);
        for rule in ["eye-line", "background-colour"] {
            let finding = report.finding(rule).expect("on");
            assert_eq!((finding.verdict(), finding.value()), (RuleVerdict::NotAssessed, None), "{rule}");
        }
    }

    #[test]
    fn another_limit_moves_the_verdict_and_nothing_else() {
        let read = measured("eye-line", 250.0);
        let before = profile().judge(&read);
        let after = profile().with_limit("eye-line", Limit::between(10.0, 20.0)).expect("a rule").judge(&read);
        let changed = before.findings().iter().zip(after.findings()).filter(|(a, b)| a != b).map(|(a, _)| a.rule().id);
        assert_eq!(changed.collect::<Vec<_>>(), ["eye-line"]);
        let verdict = |report: &Report| report.finding("eye-line").map(Finding::verdict);
        assert_eq!([verdict(&before), verdict(&after)], [Some(RuleVerdict::Pass), Some(RuleVerdict::Fail)]);
        assert_eq!(after.verdict(), PhotoVerdict::Fail);
        assert_ne!(before.profile().sha256, after.profile().sha256);
    }
}
