//! A camera's frame is judged by the crop that `prepare` would make of it: what the frame measures is not what is uploaded.

use gradphoto::{Checker, Error, Measurements, Photo, Profile, Source, Text, prepare};
use serde_json::{Value, json};

/// What is asked of the crop.
#[derive(Clone)]
pub struct Capture {
    profile: Profile,
}

impl Capture {
    /// For copies that this profile would take.
    pub fn new(profile: &Profile) -> Capture {
        Capture { profile: profile.clone() }
    }

    /// The profile by which frames are judged.
    pub fn frames(&self) -> Profile {
        gradphoto_app::of_frames(&self.profile)
    }

    /// Hash of the profile, for caches.
    pub fn stamp(&self) -> &str {
        self.profile.sha256()
    }

    /// What is measured on the copy, its regions where they are on the frame; on the frame itself, but for its framing, where no
    /// copy can be made, with the reason.
    pub fn measured(
        &self,
        checker: &Checker,
        frame: Source,
        look: impl FnOnce(&Photo),
    ) -> Result<(Measurements, Option<Text>), Error> {
        checker.guarded(frame, |checker, frame| {
            let evidence = checker.see(frame)?;
            look(evidence.photo());
            let prepared = match prepare(&evidence, &self.profile) {
                Ok(prepared) => prepared,
                Err(why) => return Ok((Measurements::of(&evidence).without_copy(why), Some(why))),
            };
            let copy = checker.see(Source::Bytes("copy.jpg".to_owned(), prepared.jpeg))?;
            let measured = Measurements::of(&copy).renamed(evidence.photo().name());
            let scale = prepared.crop.width / f64::from(copy.photo().width_px());
            Ok((on_frame(measured, scale, prepared.crop.x, prepared.crop.y), None))
        })
    }
}

/// What is measured on a photo: on the crop where one is asked for. `look` is called with the photo while it is in hand.
pub fn measured(
    checker: &Checker,
    capture: Option<&Capture>,
    photo: Source,
    look: impl FnOnce(&Photo),
) -> Result<Measurements, Error> {
    match capture {
        Some(capture) => capture.measured(checker, photo, look).map(|(measured, _)| measured),
        None => checker.guarded(photo, |checker, photo| {
            let evidence = checker.see(photo)?;
            look(evidence.photo());
            Ok(Measurements::of(&evidence))
        }),
    }
}

/// Regions of a copy as regions of the frame it was cut from.
fn on_frame(measured: Measurements, scale: f64, x: f64, y: f64) -> Measurements {
    let Ok(mut whole) = serde_json::from_str::<Value>(&measured.to_json()) else { return measured };
    for reading in whole["readings"].as_array_mut().into_iter().flatten() {
        let Some([left, top, width, height]) = reading["region"].as_array().and_then(|region| {
            let sides = region.iter().filter_map(Value::as_f64).collect::<Vec<_>>();
            <[f64; 4]>::try_from(sides).ok()
        }) else {
            continue;
        };
        let moved = [left * scale + x, top * scale + y, width * scale, height * scale];
        reading["region"] = json!(moved.map(|side| side.round() as i64));
    }
    serde_json::from_value(whole).unwrap_or(measured)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradphoto::{Engine, ErrorKind};

    #[test]
    fn a_panic_while_a_photo_is_in_hand_is_the_error_of_that_photo() {
        let checker = Checker::builder().engine(Engine::tract()).build().unwrap();
        let photo = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/samples/blue.jpg");
        for capture in [None, Some(Capture::new(checker.profile()))] {
            let error = measured(&checker, capture.as_ref(), photo.into(), |_| panic!("no way")).unwrap_err();
            assert_eq!((error.kind(), error.subject()), (ErrorKind::Internal, photo));
        }
    }
}
