//! The only place where a measured value meets its limit.

use crate::evidence::Evidence;
use crate::limit::{Limit, RuleSettings, Side};
use crate::photo::Fingerprint;
use crate::profile::Profile;
use crate::report::{EngineStamp, Finding, ProfileStamp, Report, SCHEMA, Verdict};
use crate::rule::{Measured, Reference, Rule};
use crate::text::{Language, Reason};

/// What a profile says of what was seen.
pub(crate) fn report(evidence: &Evidence, profile: &Profile, stamp: ProfileStamp, engine: EngineStamp) -> Report {
    let judged = profile.rules().iter();
    let findings = judged.map(|(rule, settings)| finding(rule, evidence, profile.reference(), settings));
    let findings = findings.collect::<Vec<_>>();
    Report {
        schema: SCHEMA,
        photo: evidence.photo.name().to_owned(),
        verdict: Verdict::of_photo(&findings),
        findings,
        sha256: evidence.photo.sha256().to_owned(),
        fingerprint: Fingerprint::of(evidence.photo.pixels()),
        profile: stamp,
        engine,
    }
}

/// Measures the evidence and judges the value by the profile's settings.
pub(crate) fn finding(
    rule: &'static Rule,
    evidence: &Evidence,
    reference: &Reference,
    settings: &RuleSettings,
) -> Finding {
    let measured = (rule.measure)(evidence, reference);
    let verdict = match &measured {
        Err(_) => Verdict::NotAssessed,
        Ok(m) if settings.limit.side(m.value).is_some() => Verdict::Fail,
        Ok(m) if settings.review.side(m.value).is_some() => Verdict::Review,
        Ok(_) => Verdict::Pass,
    };
    Finding {
        rule,
        verdict,
        value: measured.as_ref().ok().map(|m| m.value),
        limit: settings.limit,
        review: settings.review,
        severity: settings.severity,
        reason: reason(rule, &measured, verdict, &settings.review),
        region: measured.ok().and_then(|m| m.region),
    }
}

fn reason(rule: &Rule, measured: &Measured, verdict: Verdict, allowed: &Limit) -> Reason {
    let measurement = match measured {
        Err(why) => return Reason::from_each(why.text(), |sentence, _| sentence.to_owned()),
        Ok(measurement) => measurement,
    };
    let number = |value: f64| format!("{}{}", rule.unit.format(value), rule.unit.sign());
    // Between limits such as ±8° the sentence names the side, so the number needs no sign.
    let is_symmetric = allowed.max.is_some_and(|max| allowed.min == Some(-max));
    let value = if is_symmetric { measurement.value.abs() } else { measurement.value };
    let fill = |sentence: &str, language| {
        sentence
            .replace("{value}", &number(value))
            .replace("{min}", &allowed.min.map(number).unwrap_or_default())
            .replace("{max}", &allowed.max.map(number).unwrap_or_default())
            .replace("{seen}", measurement.seen.map_or("", |seen| seen.get(language)))
    };
    let sentence = match allowed.side(measurement.value) {
        Some(Side::Below) => rule.below,
        Some(Side::Above) => rule.above,
        None => {
            return Reason::from_each(rule.name, |name, language| match language {
                Language::Zh => format!("{name}符合要求。"),
                Language::En => format!("{name}: meets the requirement."),
            });
        }
    };
    Reason::from_each(sentence, |sentence, language| {
        let filled = fill(sentence, language);
        match (verdict, language) {
            (Verdict::Review, Language::Zh) => format!("请人工确认：{filled}"),
            (Verdict::Review, Language::En) => format!("Please check by eye: {filled}"),
            _ => filled,
        }
    })
}
