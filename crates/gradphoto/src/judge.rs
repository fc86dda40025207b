//! The only place where a measured value meets its limit.

use std::borrow::Cow;

use crate::limit::RuleSettings;
use crate::profile::Profile;
use crate::report::{Finding, Measurements, Outcome, PhotoVerdict, ProfileStamp, Report, RuleVerdict, SCHEMA};
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
            verdict: PhotoVerdict::of(&findings),
            findings,
            sha256: measurements.sha256.clone(),
            fingerprint: measurements.fingerprint,
            profile: ProfileStamp { name: self.name().to_owned(), sha256: self.sha256().to_owned() },
            engine: measurements.engine.clone(),
        }
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
                Outcome::Value { value, region: *region, seen: seen.map(Reason::from), parts: vec![] }
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
