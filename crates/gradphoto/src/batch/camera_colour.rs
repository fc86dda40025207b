use super::batch_rule;
use super::entry::Checked;
use crate::colour::percentile;
use crate::report::{Finding, PhotoVerdict};
use crate::rules::natural_colour::{AXES, NATURAL_COLOUR, SKIN, deviation};
use crate::rules::position;
use crate::text::{Text, text};

batch_rule! {
    /// Whether the camera of a whole batch renders skin as skin.
    ///
    /// ## What is measured
    /// The median a*, b* (CIELAB) of the cheeks in all photos of a batch of at least 30, as far from the middle of human skin as natural-colour measures it. Photos without any colour do not count.
    ///
    /// ## Limit and source
    /// True colour (色彩真实, clause 一.3), no figure. Beyond 1.5 the batch has a cast (proposed), which is told once and not for each photo. Either way natural-colour then measures how far a photo lies from its batch instead of the middle of skin: one camera's rendering is one fact. More than 1.9 goes to a person; more than 2.8 fails where the photo fails alone as well, and a photo without colour fails in any batch. Of 83 students whose camera renders skin yellow-green 57 % are asked about alone and 1 % in their batch.
    ///
    /// ## What to do
    /// Have the photographer set the white balance to the lamps (5500 to 5600 K, clause 三.2), and look at a few photos: where skin is plainly wrong, the batch is to be developed or shot again.
    CAMERA_COLOUR {
        id: "camera-colour",
        name: text("整批偏色", "Colour of the camera"),
        clause: "一.3",
        kinds: &["cast"],
    }
}

/// Fewer photos do not speak for their camera.
const MIN_PHOTOS: usize = 30;
/// A batch whose median lies farther from skin has a cast.
const DEVIATION_MAX: f64 = 1.5;
/// Skin of less chroma has no colour at all, whatever the camera.
const MIN_CHROMA: f64 = 3.0;

/// How the camera of a batch renders skin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Camera {
    /// Median a* and b* of the cheeks.
    skin: [f64; 2],
}

impl Camera {
    /// By these photos; `None` where they are too few.
    pub(super) fn of<'a>(photos: impl Iterator<Item = &'a Checked>) -> Option<Camera> {
        let skins = photos.filter_map(|photo| Some(photo.colour.as_ref()?.1)).filter(is_coloured).collect::<Vec<_>>();
        let median = |of: usize| percentile(skins.iter().map(|skin| skin[of] as f32).collect(), 50.0).map(f64::from);
        let skin = [median(0)?, median(1)?];
        (skins.len() >= MIN_PHOTOS).then_some(Camera { skin })
    }

    /// What the whole batch is tinted with, if it is.
    pub(super) fn cast(&self) -> Option<Text> {
        let [red, yellow] = [0, 1].map(|of| (self.skin[of] - SKIN[of]) / AXES[of]);
        let tints = [
            (red, text("红", "red")),
            (-red, text("绿", "green")),
            (yellow, text("黄", "yellow")),
            (-yellow, text("蓝", "blue")),
        ];
        let (_, tint) = tints.into_iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
        (deviation(self.skin, SKIN) > DEVIATION_MAX).then_some(tint)
    }

    /// What natural-colour says of a photo whose cheeks have this colour, among the others: how far it lies from them. Far
    /// from them, it fails only where it fails alone.
    pub(super) fn judged(&self, alone: &Finding, skin: [f64; 2]) -> Finding {
        let Some(value) = alone.value().filter(|_| is_coloured(&skin)) else { return alone.clone() };
        let limit = alone.limit().max.unwrap_or(f64::INFINITY);
        // Light that is seen to be white counts as it does alone.
        let counts = (value / deviation(skin, SKIN)).min(1.0);
        alone.of_value((counts * deviation(skin, self.skin)).min(value.max(limit)))
    }
}

fn is_coloured([a, b]: &[f64; 2]) -> bool {
    a.hypot(*b) >= MIN_CHROMA
}

impl Checked {
    /// Sees the colours as one camera's.
    pub(super) fn judge_by(&mut self, camera: Camera) {
        let Some((alone, skin)) = &self.colour else { return };
        let place = position(NATURAL_COLOUR.id);
        self.marks.retain(|(rule, _)| *rule != place);
        self.marks.extend(camera.judged(alone, *skin).mark().map(|mark| (place, mark)));
        self.verdict = PhotoVerdict::of(self.marks.iter().map(|(_, mark)| *mark));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::{Batch, BatchReport, Outcome};
    use crate::photo::Fingerprint;
    use crate::profile::Profile;
    use crate::report::{Measurements, PhotoVerdict, Report};
    use crate::rules::RULES;
    use crate::testing::Portrait;

    /// The default profile without any other rule.
    fn colour_alone() -> Profile {
        let profile = Profile::built_in(Profile::DEFAULT).expect("built in");
        let others = RULES.iter().map(|rule| rule.id).filter(|id| *id != "natural-colour");
        others.fold(profile, |profile, id| profile.with_severity(id, None).expect("a rule"))
    }

    /// A batch of people whose skin scatters as in a school, all shifted by a cast; the first ones by another one besides.
    fn batch(count: usize, cast: [f64; 2], odd: usize, odd_cast: [f64; 2]) -> (BatchReport, Vec<Report>) {
        let measured = Measurements::of(&Portrait::new().evidence());
        let profile = colour_alone();
        let mut batch = Batch::default();
        let mut reports = Vec::new();
        for place in 0..count {
            // A spiral: every direction, half of the people within 2 of the middle.
            let (sin, cos) = (2.4 * place as f64).sin_cos();
            let (scatter, besides) =
                if place < odd { (0.0, odd_cast) } else { (4.0 * place as f64 / count as f64, [0.0; 2]) };
            let [a, b] = [0, 1].map(|of| SKIN[of] + scatter * [sin, cos][of] + cast[of] + besides[of]);
            let mut report = profile.judge(&measured.clone().with_skin([a, b])).renamed(format!("{place}.jpg"));
            // Different people: hashes spread the bits.
            let hash = |word: u64| (place as u64 * 4 + word + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            report.fingerprint = Fingerprint([0, 1, 2, 3].map(|word| hash(word) ^ hash(word) >> 31));
            report.sha256 = place.to_string();
            batch.add(&report);
            reports.push(report);
        }
        (batch.finish(), reports)
    }

    fn told(batch: &BatchReport) -> Vec<&'static str> {
        batch.findings().iter().filter(|f| f.rule().id == "camera-colour").map(|f| f.kind()).collect()
    }

    fn with_outcome(batch: &BatchReport, outcome: Outcome) -> Vec<usize> {
        (0..batch.photos().len()).filter(|place| batch.photos()[*place].outcome() == outcome).collect()
    }

    /// A cast that makes each photo alone fail, and another that is plainly false beside it.
    const YELLOW: [f64; 2] = [-2.0, 24.0];
    const BLUE: [f64; 2] = [0.0, -60.0];

    #[test]
    fn a_cast_of_all_is_told_once_and_fails_nobody() {
        let (batch, reports) = batch(200, YELLOW, 0, [0.0; 2]);
        assert!(reports.iter().all(|report| report.verdict() == PhotoVerdict::Fail), "each alone is plainly false");
        assert_eq!(told(&batch), ["cast"]);
        assert_eq!(with_outcome(&batch, Outcome::Pass).len(), 200);
        assert!(batch.findings()[0].photos().is_empty() && batch.findings()[0].reason().zh.contains("偏黄"));
        assert!(!batch.is_done(), "somebody must see to the camera");
    }

    #[test]
    fn ten_plainly_false_ones_are_found_among_those_of_one_cast() {
        let (batch, reports) = batch(200, YELLOW, 10, BLUE);
        assert_eq!(told(&batch), ["cast"]);
        assert_eq!(with_outcome(&batch, Outcome::Fail), (0..10).collect::<Vec<_>>());
        assert_eq!(with_outcome(&batch, Outcome::Pass).len(), 190);
        // What the files say of a photo is what decides it.
        let [odd, usual] = [0, 100].map(|place| batch.among_others(reports[place].clone()));
        assert_eq!((odd.verdict(), usual.verdict()), (PhotoVerdict::Fail, PhotoVerdict::Pass));
        assert_eq!(usual.findings().len(), reports[100].findings().len());
        assert!(batch.knows_camera());
    }

    #[test]
    fn a_right_camera_is_not_spoken_of_and_few_photos_do_not_speak_for_theirs() {
        let (right, _) = batch(200, [0.0; 2], 10, YELLOW);
        assert!(told(&right).is_empty());
        assert_eq!(with_outcome(&right, Outcome::Fail), (0..10).collect::<Vec<_>>());
        let (few, _) = batch(29, YELLOW, 0, [0.0; 2]);
        assert!(told(&few).is_empty() && !few.knows_camera());
        assert_eq!(with_outcome(&few, Outcome::Fail).len(), 29);
    }

    #[test]
    fn a_photo_without_colour_fails_in_any_batch() {
        let grey = [-YELLOW[0] - 12.5, -YELLOW[1] - 15.0];
        let (of_one, _) = batch(200, YELLOW, 1, grey);
        assert_eq!(with_outcome(&of_one, Outcome::Fail), [0]);
        let (all_grey, _) = batch(40, [0.0; 2], 40, [-12.5, -15.0]);
        assert_eq!((told(&all_grey).len(), with_outcome(&all_grey, Outcome::Fail).len()), (0, 40));
    }

    #[test]
    fn a_photo_of_right_colour_among_tinted_ones_is_asked_about_and_does_not_fail() {
        let (batch, _) = batch(200, YELLOW, 5, [-YELLOW[0], -YELLOW[1]]);
        assert_eq!(with_outcome(&batch, Outcome::Review), [0, 1, 2, 3, 4]);
        assert_eq!(with_outcome(&batch, Outcome::Pass).len(), 195);
    }

    #[test]
    fn a_cast_is_named_by_what_shows_most_and_only_beyond_the_limit() {
        let tint = |a: f64, b: f64| Camera { skin: [SKIN[0] + a, SKIN[1] + b] }.cast().map(|tint| tint.en);
        // 1.6 of an axis each way; skin reddens farther than it turns green.
        assert_eq!(tint(1.6 * 9.0, 0.0), Some("red"));
        assert_eq!(tint(1.6 * -AXES[0], 0.0), Some("green"));
        assert_eq!(tint(0.0, 1.6 * AXES[1]), Some("yellow"));
        assert_eq!(tint(0.0, 1.6 * -AXES[1]), Some("blue"));
        assert_eq!(tint(-9.5, 10.5), Some("green"));
        assert_eq!(tint(-9.5, 11.5), Some("yellow"));
        assert_eq!([tint(-8.5, 0.0), tint(0.0, -10.0), tint(0.0, 10.5), tint(0.0, 0.0)], [None; 4]);
    }

    #[test]
    fn light_that_is_seen_to_be_white_counts_among_others_as_it_does_alone() {
        let camera = Camera { skin: [SKIN[0], SKIN[1] + 7.0] };
        let measured = Measurements::of(&Portrait::new().evidence());
        let report = colour_alone().judge(&measured);
        let alone = |value: f64| report.finding("natural-colour").expect("a rule").of_value(value);
        // Two axes from the middle of skin, three from the others.
        let skin = [SKIN[0], SKIN[1] - 14.0];
        let among_others = |value: f64| camera.judged(&alone(value), skin).value();
        assert_eq!(among_others(2.0), Some(2.8), "fails only where it fails alone");
        assert_eq!(among_others(2.9), Some(2.9));
        assert_eq!(among_others(0.2), Some(0.3 * 1.0), "a tenth counts");
        // Nobody has no colour at all, and what has some is judged, the least included.
        let limit = [MIN_CHROMA, 0.0];
        assert!(is_coloured(&limit) && !is_coloured(&[2.0, 2.0]) && is_coloured(&[2.5, -2.5]));
    }
}
