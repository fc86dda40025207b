//! One shot from another under the same name: cameras give a name again when their counter starts anew.

use gradphoto::Fingerprint;
use gradphoto::photo::Taken;

/// What tells a shot from others of its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exposure {
    /// When it was taken, where its file says so.
    pub taken: Option<Taken>,
    /// What it shows, where it could be read.
    pub picture: Option<Fingerprint>,
}

impl Exposure {
    /// Whether this is another shot than the one `before`, and not the same once more, as where a program wrote into its file or
    /// its transfer had stopped. What a program crops or brightens keeps its time; without one the picture tells.
    pub fn is_other_than(self, before: Exposure) -> bool {
        match before.taken.zip(self.taken) {
            Some((before, now)) => before != now,
            None => before.picture.is_some_and(|before| self.picture != Some(before)),
        }
    }

    /// Whether two files hold this shot, whatever they are called: a second one in the same moment looks different to the bit, or
    /// shows the same student.
    pub fn is_same_as(self, other: Exposure) -> bool {
        self.picture.is_some() && self.picture == other.picture && !self.is_other_than(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_tells_and_without_one_the_picture() {
        let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/samples");
        let picture = |name: &str| {
            let pixels = image::open(format!("{samples}/{name}")).unwrap().into_rgb8();
            Exposure { taken: None, picture: Some(Fingerprint::of(&pixels)) }
        };
        let [one, other] = ["blue.jpg", "flag-behind.jpg"].map(picture);
        assert!(other.is_other_than(one) && !one.is_other_than(one));
        assert!(!other.is_same_as(one) && one.is_same_as(one));
        let half_a_file = Exposure::default();
        assert!(!one.is_other_than(half_a_file) && half_a_file.is_other_than(one));
        assert!(!half_a_file.is_same_as(half_a_file));
    }
}
