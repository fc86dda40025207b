use crate::photo::{ColourModel, Photo};
use crate::rules::prelude::*;

rule! {
    /// Whether the file holds true colour.
    ///
    /// ## What is measured
    /// Bits per pixel as stored: 24 for three channels of 8 bit. A colour file that shows only grey (99 % of its pixels have a chroma C* under 4 in CIELAB) counts as one channel.
    ///
    /// ## Limit and source
    /// 24-bit true colour (clause 四.1). Grey and CMYK files fail, and so do black-and-white pictures in a colour file; tinted ones are natural-colour's matter. On development photos the 99th percentile of C* is 0 for grey pictures, 2 to 7 for tinted ones and above 10 for the rest.
    ///
    /// ## What to do
    /// Export as an RGB JPEG, from a photo taken in colour.
    COLOUR_DEPTH {
        id: "colour-depth",
        name: text("颜色位数", "Colour depth"),
        quantity: text("每像素位数", "Bits per pixel"),
        clause: "四.1",
        unit: Unit::Count,
        requirement: Requirement::Between {
            limit: (24.0, 24.0),
            review: (24.0, 24.0),
            below: Fault {
                name: text("不是 24 位真彩色", "Not 24-bit colour"),
                reason: text("照片只有{value}位{seen}，应为 24 位真彩色，请用彩色原图重新导出为 RGB 图像。", "The photo has {value} bits per pixel{seen}; 24-bit colour is required. Export it as RGB from a colour original."),
            },
            above: Fault {
                name: text("不是 24 位真彩色", "Not 24-bit colour"),
                reason: text("照片为{value}位，应为 24 位真彩色，请导出为 RGB 图像。", "The file has {value} bits per pixel; 24-bit colour is required. Export it as RGB."),
            },
        },
        severity: Severity::Reject,
        step: 8.0,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let file = evidence.photo.file().ok_or(NotAssessed::NoFile)?;
    let (channels, note) = match file.colour_model {
        ColourModel::Grey => (1, text("", "")),
        ColourModel::Rgb if is_grey(&evidence.photo) => {
            (1, text("（彩色文件，画面却是黑白的）", " (a colour file that shows only grey)"))
        }
        ColourModel::Rgb => (3, text("", "")),
        ColourModel::Cmyk => (4, text("", "")),
    };
    Ok(Measurement::new(f64::from(channels * u16::from(file.bits_per_channel))).seeing(note))
}

/// Chroma C* (CIELAB) from which a pixel has a colour.
const COLOUR_CHROMA: f32 = 4.0;
/// Share of coloured pixels in a picture that is not grey.
const COLOUR_SHARE: f64 = 0.01;
/// About so many pixels are looked at.
const SAMPLES: usize = 8_000;

fn is_grey(photo: &Photo) -> bool {
    // An odd step walks over all columns of widths that are even.
    let step = (photo.pixels().pixels().len() / SAMPLES) | 1;
    let colours = photo.pixels().pixels().step_by(step).map(|pixel| lab_from_rgb(pixel.0));
    let enough = (COLOUR_SHARE * colours.len() as f64).ceil() as usize;
    colours.filter(|colour| chroma(colour) >= COLOUR_CHROMA).take(enough).count() < enough
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::Source;
    use crate::testing::{FileBuilder, verdict};

    #[test]
    fn colour_passes_and_grey_fails() {
        assert_eq!(verdict(&COLOUR_DEPTH, &FileBuilder::jpeg().evidence()), "pass");
        assert_eq!(verdict(&COLOUR_DEPTH, &FileBuilder::jpeg().grey().evidence()), "fail");
    }

    #[test]
    fn a_colour_file_that_shows_only_grey_fails() {
        let shown = |rgb: [u8; 3]| {
            let mut file = std::io::Cursor::new(vec![]);
            let picture = image::RgbImage::from_fn(80, 80, |x, _| image::Rgb(if x < 2 { rgb } else { [90; 3] }));
            image::DynamicImage::from(picture).write_to(&mut file, image::ImageFormat::Png).expect("encodes");
            let photo = Photo::load(Source::Bytes("a.png".to_owned(), file.into_inner())).expect("a whole file");
            verdict(&COLOUR_DEPTH, &Evidence::new(photo, vec![], None))
        };
        assert_eq!([[90, 90, 90], [92, 90, 88], [120, 90, 80]].map(shown), ["fail", "fail", "pass"]);
    }
}
