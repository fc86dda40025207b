//! Every rule, in report order.

use crate::rule::Rule;

mod capture;
mod file;
mod framing;
mod prelude;
mod subject;

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
    &capture::sharpness::SHARPNESS,
    &capture::compression_artifacts::COMPRESSION_ARTIFACTS,
    &capture::border_absent::BORDER_ABSENT,
    // framing: whoever crops the picture
    &framing::head_top_margin::HEAD_TOP_MARGIN,
    &framing::eye_line::EYE_LINE,
    &framing::face_width::FACE_WIDTH,
    &framing::horizontal_centring::HORIZONTAL_CENTRING,
    &framing::shoulders_in_frame::SHOULDERS_IN_FRAME,
    // subject: the person
    &subject::head_roll::HEAD_ROLL,
    &subject::head_yaw::HEAD_YAW,
    &subject::head_pitch::HEAD_PITCH,
    &subject::shoulders_level::SHOULDERS_LEVEL,
    &subject::eyes_open::EYES_OPEN,
    &subject::gaze_frontal::GAZE_FRONTAL,
    &subject::mouth_closed::MOUTH_CLOSED,
    &subject::expression_neutral::EXPRESSION_NEUTRAL,
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
    &subject::makeup_light::MAKEUP_LIGHT,
    &subject::clothing_colour::CLOTHING_COLOUR,
    &subject::clothing_contrast::CLOTHING_CONTRAST,
];

/// The rule of this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// Place of a rule in [`RULES`]; behind all for an unknown id.
pub(crate) fn position(id: &str) -> usize {
    RULES.iter().position(|rule| rule.id == id).unwrap_or(RULES.len())
}
