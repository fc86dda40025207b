//! What was measured on a photo: data that can be stored and judged by any profile.

use std::borrow::Cow;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::SCHEMA;
use crate::evidence::{EngineStamp, Evidence, NotAssessed, STANDARD_WIDTH_PX};
use crate::geometry::Region;
use crate::photo::Fingerprint;
use crate::rule::{Group, Measured, Measurement, Rule};
use crate::rules::{self, RULES, natural_colour};
use crate::text::{Reason, Text};

/// What every rule measured on one photo. No limits, no verdicts: [`Profile::judge`](crate::Profile::judge) gives those,
/// as often as limits change, without the photo. Those of a later [`SCHEMA`] are not read back.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # #[cfg(feature = "vision")] {
/// use gradphoto::{Checker, Measurements, Profile};
///
/// let stored = serde_json::to_string(&Measurements::of(&Checker::new()?.see("zhang-san.jpg")?))?;
/// // Later, on a computer without the photo and without an engine:
/// let report = Profile::built_in("he-2017")?.judge(&serde_json::from_str::<Measurements>(&stored)?);
/// # let _ = report; }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurements {
    #[serde(deserialize_with = "super::known_schema")]
    pub(crate) schema: u32,
    pub(crate) photo: String,
    pub(crate) sha256: String,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) engine: EngineStamp,
    pub(crate) readings: Vec<Reading>,
}

/// What one rule measured.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reading {
    pub(crate) rule: &'static Rule,
    pub(crate) outcome: Outcome,
}

/// A value, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    Value { value: f64, region: Option<Region>, seen: Option<Reason>, parts: Vec<f64> },
    NotAssessed(Reason),
}

impl Measurements {
    /// Measures everything that any profile may ask for.
    pub fn of(evidence: &Evidence) -> Measurements {
        let reduction = f64::from(evidence.photo.reduction());
        let on_original = |measured: Measurement| {
            let region = measured.region.map(|region| region.scaled(reduction));
            Measurement { region, ..measured }
        };
        let reading = |rule: &&'static Rule| {
            let is_told = !evidence.untold.contains(&rule.id);
            let told = |measured| if is_told { Ok(on_original(measured)) } else { Err(NotAssessed::NotTold) };
            Reading { rule, outcome: (rule.measure)(evidence).and_then(told).into() }
        };
        Measurements {
            schema: SCHEMA,
            photo: evidence.photo.name().to_owned(),
            sha256: evidence.photo.sha256().to_owned(),
            fingerprint: Fingerprint::of(evidence.photo.pixels()),
            engine: evidence.engine.clone(),
            readings: RULES.iter().map(reading).collect(),
        }
    }

    /// Name of the photo as it was given.
    pub fn photo(&self) -> &str {
        &self.photo
    }

    /// The same of a photo that lies under another name.
    pub fn renamed(self, photo: impl Into<String>) -> Measurements {
        Measurements { photo: photo.into(), ..self }
    }

    /// The same of a camera's frame that cannot be made into a copy (see [`prepare`](crate::prepare)): nothing can be said of its
    /// framing, for this reason, so that no profile which asks for framing passes it.
    pub fn without_copy(mut self, why: Text) -> Measurements {
        for reading in self.readings.iter_mut().filter(|reading| reading.rule.group() == Group::Framing) {
            reading.outcome = Outcome::NotAssessed(why.into());
        }
        self
    }

    /// The same of a copy of the standard's size, its regions where they are on the original that `crop` was cut out of.
    pub fn cropped_from(mut self, crop: Region) -> Measurements {
        let scale = crop.width / STANDARD_WIDTH_PX;
        for reading in &mut self.readings {
            if let Outcome::Value { region: Some(region), .. } = &mut reading.outcome {
                let scaled = region.scaled(scale);
                *region = Region { x: scaled.x + crop.x, y: scaled.y + crop.y, ..scaled };
            }
        }
        self
    }

    /// SHA-256 of the file's bytes (of the pixels where there is no file), in hex.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// What the picture looks like from afar, whatever its file.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// What looked at the photo.
    pub fn engine(&self) -> &EngineStamp {
        &self.engine
    }

    /// The measurements as one line of JSON, without a line feed at its end.
    pub fn to_json(&self) -> String {
        // Only maps with non-string keys or failing Serialize impls can err, and there are none here.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Colour of the cheeks: a* and b* in CIELAB; `None` where they are not in sight.
    pub(crate) fn skin(&self) -> Option<[f64; 2]> {
        match self.outcome(&natural_colour::NATURAL_COLOUR)? {
            Outcome::Value { parts, .. } => Some([*parts.first()?, *parts.get(1)?].map(rounded)),
            Outcome::NotAssessed(_) => None,
        }
    }

    /// The same with cheeks of another colour in light that nothing shows to be white.
    #[cfg(test)]
    pub(crate) fn with_skin(mut self, skin: [f64; 2]) -> Measurements {
        let of_colour = |reading: &&mut Reading| reading.rule == &natural_colour::NATURAL_COLOUR;
        if let Some(Reading { outcome: Outcome::Value { value, parts, .. }, .. }) =
            self.readings.iter_mut().find(of_colour)
        {
            *value = natural_colour::deviation(skin, natural_colour::SKIN);
            *parts = skin.to_vec();
        }
        self
    }

    pub(crate) fn outcome(&self, rule: &Rule) -> Option<&Outcome> {
        self.readings.iter().find(|reading| reading.rule == rule).map(|reading| &reading.outcome)
    }
}

impl<'a> From<&'a Evidence> for Cow<'a, Measurements> {
    fn from(evidence: &'a Evidence) -> Self {
        Cow::Owned(Measurements::of(evidence))
    }
}

impl<'a> From<&'a Measurements> for Cow<'a, Measurements> {
    fn from(measurements: &'a Measurements) -> Self {
        Cow::Borrowed(measurements)
    }
}

impl From<Measured> for Outcome {
    fn from(measured: Measured) -> Outcome {
        match measured {
            Ok(measured) => Outcome::Value {
                value: rounded(measured.value),
                region: measured.region,
                seen: measured.seen,
                parts: measured.parts,
            },
            Err(why) => Outcome::NotAssessed(why.text().into()),
        }
    }
}

/// Six digits after the point: finer than any measure here, and it keeps what is stored readable.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// A reading as it is stored: a value with what belongs to it, or why there is none.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Written<'a> {
    rule: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seen: Option<Cow<'a, Reason>>,
    #[serde(default, skip_serializing_if = "<[f64]>::is_empty")]
    parts: Cow<'a, [f64]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not_assessed: Option<Cow<'a, Reason>>,
}

impl Serialize for Reading {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rule = Cow::Borrowed(self.rule.id);
        let written = match &self.outcome {
            Outcome::Value { value, region, seen, parts } => Written {
                rule,
                value: Some(*value),
                region: *region,
                seen: seen.as_ref().map(Cow::Borrowed),
                parts: Cow::Borrowed(parts),
                not_assessed: None,
            },
            Outcome::NotAssessed(why) => Written {
                rule,
                value: None,
                region: None,
                seen: None,
                parts: Cow::Borrowed(&[]),
                not_assessed: Some(Cow::Borrowed(why)),
            },
        };
        written.serialize(serializer)
    }
}

/// Reads back what [`Reading`] serialises to; a rule that this version does not know is an error.
impl<'de> Deserialize<'de> for Reading {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Reading, D::Error> {
        let Written { rule, value, region, seen, parts, not_assessed } = Written::deserialize(deserializer)?;
        let rule = rules::find(&rule).ok_or_else(|| D::Error::custom(format!("there is no rule {rule}")))?;
        let outcome = match (value, not_assessed) {
            (Some(value), None) => {
                Outcome::Value { value, region, seen: seen.map(Cow::into_owned), parts: parts.into_owned() }
            }
            (None, Some(why)) => Outcome::NotAssessed(why.into_owned()),
            _ => return Err(D::Error::custom(format!("{}: either value or not-assessed", rule.id))),
        };
        Ok(Reading { rule, outcome })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Profile;
    use crate::report::Finding;
    use crate::testing::Portrait;
    use crate::text::text;

    fn measured() -> Measurements {
        let mut evidence = Portrait::new().evidence();
        evidence.engine.runtime = "an engine 1.0".into();
        Measurements::of(&evidence)
    }

    #[test]
    fn what_was_measured_is_read_back_as_it_was_written() {
        let measured = measured();
        let json = measured.to_json();
        let read = serde_json::from_str::<Measurements>(&json).expect("what was written");
        assert_eq!(read.to_json(), json);
        assert_eq!((read.sha256().len(), &*read.engine().runtime), (64, "an engine 1.0"));
        assert!(read.skin().is_some() && read.skin() == measured.skin());
        assert_eq!(read.renamed("b.jpg").photo(), "b.jpg");
        let later = json.replacen(&format!("\"schema\":{SCHEMA}"), &format!("\"schema\":{}", SCHEMA + 1), 1);
        assert!(serde_json::from_str::<Measurements>(&later).is_err(), "of a later version");
        let neither = json.replacen("\"value\":", "\"valve\":", 1);
        assert!(serde_json::from_str::<Measurements>(&neither).is_err(), "a key that is not known");
    }

    #[test]
    fn a_crops_regions_are_moved_and_scaled_as_it_was_cut() {
        let region = |measured: &Measurements| {
            let profile = Profile::built_in(Profile::DEFAULT).expect("built in");
            profile.judge(measured).finding("face-width").and_then(Finding::region).expect("the face")
        };
        let measured = measured();
        let on_copy = region(&measured);
        let crop = Region { x: 100.0, y: 50.0, width: 960.0, height: 1280.0 };
        let wanted = Region { x: 2.0 * on_copy.x + 100.0, y: 2.0 * on_copy.y + 50.0, ..on_copy.scaled(2.0) };
        assert_eq!(region(&measured.cropped_from(crop)), wanted);
    }

    #[test]
    fn without_a_copy_nothing_is_said_of_the_framing_and_everything_else_as_before() {
        let measured = measured();
        let without = measured.clone().without_copy(text("画面太小。", "Too small."));
        let profile = Profile::built_in(Profile::DEFAULT).expect("built in");
        let (before, after) = (profile.judge(&measured), profile.judge(&without));
        for (old, new) in before.findings().iter().zip(after.findings()) {
            let is_framing = new.rule().group() == Group::Framing;
            assert_eq!(new.value(), old.value().filter(|_| !is_framing), "{new:?}");
        }
        assert!(after.finding("eye-line").is_some_and(|finding| finding.value().is_none()));
    }

    #[test]
    #[cfg(feature = "vision")]
    fn regions_are_in_pixels_of_the_original_where_a_photo_is_measured_smaller() {
        use crate::evidence::DetectedFace;
        use crate::photo::{Photo, Source};

        let pixels = image::RgbImage::from_pixel(960, 1280, image::Rgb([90, 140, 200]));
        let photo = Photo::load_to_measure(Source::Pixels("a".to_owned(), pixels)).expect("pixels");
        assert_eq!(photo.reduction(), 2);
        let face = |x: f64| DetectedFace { bounds: Region { x, y: 20.0, width: 100.0, height: 120.0 }, score: 0.9 };
        let measured = Measurements::of(&Evidence::new(photo, vec![face(10.0), face(200.0)], None));
        let report = Profile::built_in(Profile::DEFAULT).expect("built in").judge(&measured);
        let second = report.finding("single-face").expect("on").region();
        assert_eq!(second, Some(Region { x: 400.0, y: 40.0, width: 200.0, height: 240.0 }));
    }

    #[test]
    fn what_the_nets_tell_too_poorly_is_not_assessed() {
        let evidence = Portrait::new().evidence();
        let told = |untold| {
            let measured = Measurements::of(&Evidence { untold, ..evidence.clone() });
            let values = measured.readings.iter().filter(|reading| matches!(reading.outcome, Outcome::Value { .. }));
            values.map(|reading| reading.rule.id).collect::<Vec<_>>()
        };
        let (all, some) = (told(&[]), told(&["hood-absent", "eyes-open"]));
        assert!(all.contains(&"hood-absent") && all.contains(&"eyes-open"));
        let kept: Vec<_> = all.into_iter().filter(|id| !["hood-absent", "eyes-open"].contains(id)).collect();
        assert_eq!(some, kept);
    }

    #[test]
    #[cfg(feature = "vision")]
    fn what_nets_leave_untold_are_rules() {
        for id in gradphoto_models::UNTOLD {
            assert!(RULES.iter().any(|rule| rule.id == *id), "{id}");
        }
    }
}
