//! A camera's frame is judged by the crop that `prepare` would make of it: what the frame measures is not what is uploaded.

use gradphoto::{Checker, Error, Group, Measurements, Photo, Profile, Source, Text, prepare};

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

    /// The profile by which frames are judged: without what is asked of files, which the copy will meet.
    pub fn frames(&self) -> Profile {
        self.profile.clone().only(|rule| rule.group() != Group::File)
    }

    /// Hash of the profile, for what is kept.
    pub(crate) fn stamp(&self) -> &str {
        self.profile.sha256()
    }
}

/// What a look at a photo gives.
pub struct Looked<T> {
    /// What is measured on it: where a crop is asked for on the copy, with regions where they are on the frame.
    pub measured: Measurements,
    /// Why no copy can be made of a frame: it is measured itself then, but for its framing.
    pub refusal: Option<Text>,
    /// What was made of the photo while it was in hand.
    pub made: T,
}

/// Measures a photo, or the crop of it where one is asked for; `make` is called with the photo while it is in hand.
///
/// # Errors
/// As [`Checker::see`], and where `make` panics.
pub fn look<T>(
    checker: &Checker,
    capture: Option<&Capture>,
    photo: Source,
    make: impl FnOnce(&Photo) -> T,
) -> Result<Looked<T>, Error> {
    checker.guarded(photo, |checker, photo| {
        let evidence = checker.see(photo)?;
        let made = make(evidence.photo());
        let Some(capture) = capture else {
            return Ok(Looked { measured: Measurements::of(&evidence), refusal: None, made });
        };
        let prepared = match prepare(&evidence, &capture.profile) {
            Ok(prepared) => prepared,
            Err(why) => {
                return Ok(Looked {
                    measured: Measurements::of(&evidence).without_copy(why.text()),
                    refusal: Some(why.text()),
                    made,
                });
            }
        };
        let copy = checker.see(Source::Bytes("copy.jpg".to_owned(), prepared.jpeg.clone()))?;
        let measured = Measurements::of(&copy).renamed(evidence.photo().name());
        Ok(Looked { measured: prepared.on_original(measured), refusal: None, made })
    })
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
            let error = look(&checker, capture.as_ref(), photo.into(), |_| panic!("no way")).err().unwrap();
            assert_eq!((error.kind(), error.subject()), (ErrorKind::Internal, photo));
        }
    }
}
