//! Every rule, in report order.

use crate::rule::Rule;

mod capture;
mod file;
mod framing;
mod prelude;
mod subject;

pub(crate) use capture::natural_colour;
pub(crate) use framing::natural_proportions;

/// All rules: who must act is the folder, the order is the order of every report.
pub static RULES: &[&Rule] = &[
    // file: the software
    &file::file_format::FILE_FORMAT,
    &file::file_extension::FILE_EXTENSION,
    &file::image_size::IMAGE_SIZE,
    &file::resolution::RESOLUTION,
    &file::colour_depth::COLOUR_DEPTH,
    &file::jpeg_quality::JPEG_QUALITY,
    &file::file_size::FILE_SIZE,
    &file::exif_orientation::EXIF_ORIENTATION,
    &file::image_upright::IMAGE_UPRIGHT,
    &file::editing_trace::EDITING_TRACE,
    // capture: the photographer
    &capture::single_face::SINGLE_FACE,
    &capture::background_colour::BACKGROUND_COLOUR,
    &capture::background_uniformity::BACKGROUND_UNIFORMITY,
    &capture::background_shadow::BACKGROUND_SHADOW,
    &capture::background_objects::BACKGROUND_OBJECTS,
    &capture::illumination_uniformity::ILLUMINATION_UNIFORMITY,
    &capture::over_exposure::OVER_EXPOSURE,
    &capture::under_exposure::UNDER_EXPOSURE,
    &capture::face_highlights::FACE_HIGHLIGHTS,
    &capture::natural_colour::NATURAL_COLOUR,
    &capture::red_eye::RED_EYE,
    &capture::tonal_range::TONAL_RANGE,
    &capture::sharpness::SHARPNESS,
    &capture::noise_absent::NOISE_ABSENT,
    &capture::pixelation_absent::PIXELATION_ABSENT,
    &capture::compression_artifacts::COMPRESSION_ARTIFACTS,
    &capture::border_absent::BORDER_ABSENT,
    &capture::halo_absent::HALO_ABSENT,
    &capture::ai_label_absent::AI_LABEL_ABSENT,
    // framing: whoever crops the picture
    &framing::head_top_margin::HEAD_TOP_MARGIN,
    &framing::eye_line::EYE_LINE,
    &framing::face_width::FACE_WIDTH,
    &framing::horizontal_centring::HORIZONTAL_CENTRING,
    &framing::shoulders_in_frame::SHOULDERS_IN_FRAME,
    &framing::natural_proportions::NATURAL_PROPORTIONS,
    // subject: the person
    &subject::head_roll::HEAD_ROLL,
    &subject::head_yaw::HEAD_YAW,
    &subject::head_pitch::HEAD_PITCH,
    &subject::shoulders_level::SHOULDERS_LEVEL,
    &subject::eyes_open::EYES_OPEN,
    &subject::gaze_frontal::GAZE_FRONTAL,
    &subject::mouth_closed::MOUTH_CLOSED,
    &subject::expression_neutral::EXPRESSION_NEUTRAL,
    &subject::ears_visible::EARS_VISIBLE,
    &subject::ears_symmetric::EARS_SYMMETRIC,
    &subject::glasses_absent::GLASSES_ABSENT,
    &subject::glasses_glare::GLASSES_GLARE,
    &subject::glasses_frame::GLASSES_FRAME,
    &subject::glasses_tint::GLASSES_TINT,
    &subject::head_uncovered::HEAD_UNCOVERED,
    &subject::eyebrows_visible::EYEBROWS_VISIBLE,
    &subject::eyes_visible::EYES_VISIBLE,
    &subject::face_unobstructed::FACE_UNOBSTRUCTED,
    &subject::hair_tidy::HAIR_TIDY,
    &subject::hair_colour::HAIR_COLOUR,
    &subject::earrings_absent::EARRINGS_ABSENT,
    &subject::necklace_absent::NECKLACE_ABSENT,
    &subject::makeup_light::MAKEUP_LIGHT,
    &subject::clothing_colour::CLOTHING_COLOUR,
    &subject::clothing_contrast::CLOTHING_CONTRAST,
    &subject::clothing_pattern::CLOTHING_PATTERN,
    &subject::collar_present::COLLAR_PRESENT,
    &subject::hood_absent::HOOD_ABSENT,
    &subject::shoulders_covered::SHOULDERS_COVERED,
];

/// Ids of the rules that judge a whole batch and have no settings.
pub(crate) const OF_BATCHES: [&str; 6] =
    ["duplicate-photo", "roster-match", "id-number", "recent-photo", "camera-colour", "batch-proportions"];

/// The rule of this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// Place of a rule in [`RULES`]; behind all for an unknown id.
pub(crate) fn position(id: &str) -> usize {
    RULES.iter().position(|rule| rule.id == id).unwrap_or(RULES.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::geometry::Region;
    use crate::limit::Severity;
    use crate::report::{Measurements, Outcome};
    use crate::rule::Group;
    use crate::testing::{FileBuilder, Portrait};

    fn unmeasured(evidence: &Evidence) -> Vec<&'static str> {
        let measurements = Measurements::of(evidence);
        let without = |rule: &&&Rule| matches!(measurements.outcome(rule), Some(Outcome::NotAssessed(_)));
        RULES.iter().filter(without).map(|rule| rule.id).collect()
    }

    fn of_groups(groups: &[Group], but: &[&str]) -> Vec<&'static str> {
        let rules = RULES.iter().filter(|rule| groups.contains(&rule.group()) && !but.contains(&rule.id));
        rules.map(|rule| rule.id).collect()
    }

    #[test]
    fn every_rule_measures_a_whole_photo_and_finds_nothing_wrong_with_the_drawn_one() {
        let portrait = Portrait::new().parsed_eyes().spread_eyes().evidence();
        let measurements = Measurements::of(&portrait);
        for rule in RULES {
            match measurements.outcome(rule) {
                Some(Outcome::Value { value, region, .. }) => {
                    assert!(value.is_finite(), "{}: {value}", rule.id);
                    let is_sound = |r: Region| r.width >= 0.0 && r.height >= 0.0 && r.centre().x.is_finite();
                    assert!(region.is_none_or(is_sound), "{}: {region:?}", rule.id);
                }
                Some(Outcome::NotAssessed(why)) => assert!(why.zh.ends_with('。') && why.en.ends_with('.')),
                None => panic!("{} was not asked", rule.id),
            }
        }
    }

    /// What can be said without a face: how many there are, and whether the picture has a frame or blocks.
    #[test]
    fn without_a_face_only_the_picture_itself_is_assessed() {
        let pixels_suffice = ["single-face", "border-absent", "compression-artifacts"];
        let nobody = Portrait::nobody();
        let told =
            unmeasured(&nobody).into_iter().filter(|id| find(id).is_some_and(|rule| rule.group() != Group::File));
        let wanted = of_groups(&[Group::Capture, Group::Framing, Group::Subject], &pixels_suffice);
        assert_eq!(told.collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn without_a_file_no_file_rule_is_assessed_but_what_pixels_tell() {
        let told = unmeasured(&Portrait::new().parsed_eyes().spread_eyes().evidence());
        let by_file = of_groups(&[Group::File], &["image-size", "colour-depth", "image-upright"]);
        assert!(by_file.iter().all(|id| told.contains(id)), "{told:?}");
        let jpeg = unmeasured(&FileBuilder::jpeg().evidence());
        assert!(by_file.iter().all(|id| !jpeg.contains(id)), "{jpeg:?}");
    }

    #[test]
    fn of_a_turned_picture_only_what_needs_no_person_is_assessed() {
        let pixels_suffice = ["single-face", "border-absent", "compression-artifacts"];
        let told = unmeasured(&Portrait::new().parsed_eyes().spread_eyes().turned(90.0).evidence());
        let wanted = of_groups(&[Group::Capture, Group::Framing, Group::Subject], &pixels_suffice);
        assert!(wanted.iter().all(|id| told.contains(id)) && !told.contains(&"image-upright"), "{told:?}");
    }

    #[test]
    fn a_photo_that_ends_at_the_chin_tells_nothing_of_neck_and_chest() {
        let told = unmeasured(&Portrait::ending_at_the_chin());
        for id in ["collar-present", "hood-absent", "necklace-absent", "shoulders-covered"] {
            assert!(told.contains(&id), "{id}");
        }
    }

    /// Else a limit that moves leaves behind a page that tells the old one.
    #[test]
    fn the_page_of_a_calibrated_rule_tells_its_limits() {
        let calibrated = |rule: &&&Rule| {
            matches!(rule.group(), Group::Capture | Group::Subject)
                && rule.requirement.limit() != rule.requirement.review()
        };
        for rule in RULES.iter().filter(calibrated) {
            let bounds = [rule.requirement.limit(), rule.requirement.review()];
            for bound in bounds.iter().flat_map(|limit| [limit.min, limit.max]).flatten() {
                let shown = rule.unit.format(bound.abs());
                let (figure, percent) = shown.strip_suffix('%').map_or((&*shown, ""), |figure| (figure, " %"));
                let figure = figure.trim_end_matches('0').trim_end_matches('.');
                assert!(rule.docs.contains(&format!("{figure}{percent}")), "{}: {bound}", rule.id);
            }
        }
    }

    #[test]
    fn the_page_of_a_rule_that_advises_sends_nobody_to_a_person() {
        for rule in RULES.iter().filter(|rule| rule.severity == Severity::Advise) {
            assert!(!rule.docs.contains("goes to a person"), "{}", rule.id);
        }
    }

    #[test]
    fn rules_are_found_by_id_and_unknown_ones_come_last() {
        assert_eq!(find("eye-line").map(|rule| rule.id), Some("eye-line"));
        assert!(find("eye-lime").is_none());
        assert_eq!(position(RULES[3].id), 3);
        assert_eq!(position("eye-lime"), RULES.len());
    }
}
