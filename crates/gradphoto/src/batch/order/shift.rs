//! What a person says of the place where the order slips: `IMG_0042.jpg:+1`.

use crate::text::Reason;

/// From a photo on, the order is another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    pub(super) photo: String,
    pub(super) to: To,
}

/// Whom the photo shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum To {
    /// So many students further than in order; -1 is the one before, again.
    Further(i32),
    /// This student.
    Student(String),
}

impl Shift {
    /// Reads `IMG_0042.jpg:+1` (one student did not come before it), `IMG_0042.jpg:-1` (the student before was shot again)
    /// or `IMG_0042.jpg=20210017` (it shows this student); the others follow. `IMG_0042.jpg` alone means `:+1`.
    ///
    /// # Errors
    /// What a shift looks like.
    pub fn parse(text: &str) -> Result<Shift, Reason> {
        let text = text.trim();
        let further = text.rsplit_once(':').and_then(|(photo, by)| Some((photo, by.trim().parse::<i32>().ok()?)));
        let (photo, to) = match (further, text.rsplit_once('=')) {
            (Some((photo, by)), _) if by != 0 => (photo, To::Further(by)),
            (_, Some((photo, student))) if !student.trim().is_empty() => {
                (photo, To::Student(student.trim().to_owned()))
            }
            _ => (text, To::Further(1)),
        };
        match photo.trim() {
            "" => Err(Reason::new(
                format!(
                    "“{text}”不是错位说明；写法如 IMG_0042.jpg:+1（此前一人未到）、IMG_0042.jpg:-1（上一人重拍）、IMG_0042.jpg=学号。"
                ),
                format!(
                    "{text} does not say where the order slips; write IMG_0042.jpg:+1 (a student did not come), IMG_0042.jpg:-1 (the previous student again) or IMG_0042.jpg=NUMBER."
                ),
            )),
            photo => Ok(Shift { photo: photo.replace('\\', "/"), to }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_says_from_which_photo_on_and_how_far_or_who() {
        let parsed = |text: &str| Shift::parse(text).expect("a shift");
        let shift = |photo: &str, to| Shift { photo: photo.to_owned(), to };
        assert_eq!(parsed(" a\\1.jpg : -2"), shift("a/1.jpg", To::Further(-2)));
        assert_eq!(parsed("1.jpg = 2021 "), shift("1.jpg", To::Student("2021".to_owned())));
        for name in ["a.jpg", "a.jpg:0", "a.jpg= "] {
            assert_eq!(parsed(name), shift(name.trim(), To::Further(1)));
        }
        assert!(Shift::parse(" :+1").is_err());
    }
}
