use crate::photo::ColourModel;
use crate::rules::prelude::*;

rule! {
    /// Whether the file holds true colour.
    ///
    /// ## What is measured
    /// Bits per pixel as stored: 24 for three channels of 8 bit.
    ///
    /// ## Limit and source
    /// 24-bit true colour (clause 四.1). Grey and CMYK files fail; whether a colour file shows colour is natural-colour's matter.
    ///
    /// ## What to do
    /// Export as an RGB JPEG.
    COLOUR_DEPTH {
        id: "colour-depth",
        name: text("颜色位数", "Colour depth"),
        clause: "四.1",
        unit: Unit::Count,
        limit: Limit::between(24.0, 24.0),
        review: Limit::between(24.0, 24.0),
        severity: Severity::Reject,
        below: text("照片只有{value}位，应为 24 位真彩色，请导出为彩色 RGB 图像。", "The file has {value} bits per pixel; 24-bit true colour is required. Export in RGB colour."),
        above: text("照片为{value}位，应为 24 位真彩色，请导出为 RGB 图像。", "The file has {value} bits per pixel; 24-bit true colour is required. Export in RGB."),
    }
}

fn measure(evidence: &Evidence, _: &Reference) -> Measured {
    let file = evidence.photo.file().ok_or(NotAssessed::NoFile)?;
    let channels = match file.colour_model {
        ColourModel::Grey => 1,
        ColourModel::Rgb => 3,
        ColourModel::Cmyk => 4,
    };
    Ok(Measurement::new(f64::from(channels * u16::from(file.bits_per_channel))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FileBuilder, Portrait, verdict};

    #[test]
    fn colour_passes_and_grey_fails() {
        assert_eq!(verdict(&COLOUR_DEPTH, &FileBuilder::jpeg().evidence()), "pass");
        assert_eq!(verdict(&COLOUR_DEPTH, &FileBuilder::jpeg().grey().evidence()), "fail");
    }

    #[test]
    fn pixels_without_a_file_are_not_assessed() {
        assert_eq!(verdict(&COLOUR_DEPTH, &Portrait::new().evidence()), "not-assessed");
    }
}
