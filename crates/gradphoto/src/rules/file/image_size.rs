use crate::evidence::{STANDARD_HEIGHT_PX, STANDARD_WIDTH_PX};
use crate::rules::prelude::*;
use crate::text::Reason;

rule! {
    /// Whether the photo has the size that the portal takes.
    ///
    /// ## What is measured
    /// The larger deviation of width and height from 480x640 pixels, after the EXIF orientation is applied.
    ///
    /// ## Limit and source
    /// 480 pixels wide, 640 high (clause 四.1), exactly.
    ///
    /// ## What to do
    /// Crop and scale to 480x640. A larger photo in 3:4 only has to be scaled down.
    IMAGE_SIZE {
        id: "image-size",
        name: text("像素尺寸", "Image size"),
        quantity: text("与 480×640 的偏差", "Deviation from 480×640"),
        clause: "四.1",
        unit: Unit::Pixels,
        requirement: Requirement::AtMost {
            limit: 0.0,
            review: 0.0,
            fault: Fault {
                name: text("像素尺寸不符", "Wrong image size"),
                reason: text("照片须为宽 480、高 640 像素，现为{seen}。", "The photo must be 480 by 640 pixels; it is {seen}."),
            },
        },
        severity: Severity::Reject,
        seen: text("413×579，像素不足，请用原图重新裁剪，不要放大", "413 by 579, too few: crop again from the original, do not enlarge"),
    }
}

fn measure(evidence: &Evidence) -> Measured {
    evidence.photo.file().ok_or(NotAssessed::NoFile)?;
    let (width, height) = (f64::from(evidence.photo.width_px()), f64::from(evidence.photo.height_px()));
    let deviation = (width - STANDARD_WIDTH_PX).abs().max((height - STANDARD_HEIGHT_PX).abs());
    let is_three_to_four = (width * 4.0 - height * 3.0).abs() <= 4.0;
    let measured = Measurement::new(deviation);
    if deviation == 0.0 {
        return Ok(measured);
    }
    let cure = if is_three_to_four && width > STANDARD_WIDTH_PX {
        text("比例正确，缩小即可", "the right aspect ratio: scale it down")
    } else if width < STANDARD_WIDTH_PX || height < STANDARD_HEIGHT_PX {
        text("像素不足，请用原图重新裁剪，不要放大", "too few: crop again from the original, do not enlarge")
    } else {
        text("请重新裁剪", "crop it again")
    };
    Ok(measured.seeing(Reason {
        zh: format!("{width}×{height}，{}", cure.zh),
        en: format!("{width} by {height}, {}", cure.en),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FileBuilder, verdict};

    #[test]
    fn only_480_by_640_passes() {
        let sized = |(width, height)| verdict(&IMAGE_SIZE, &FileBuilder::jpeg().sized(width, height).evidence());
        let verdicts = [(480, 640), (481, 640), (480, 639), (960, 1280)].map(sized);
        assert_eq!(verdicts, ["pass", "fail", "fail", "fail"]);
        let measured = (IMAGE_SIZE.measure)(&FileBuilder::jpeg().sized(413, 579).evidence()).expect("is measured");
        let seen = measured.seen.expect("is told");
        assert_eq!((measured.value, &*seen.zh), (67.0, "413×579，像素不足，请用原图重新裁剪，不要放大"));
    }
}
