use crate::rules::prelude::*;

rule! {
    /// Whether JPEG blocks are visible.
    ///
    /// ## What is measured
    /// Luma steps across the borders of 8x8 blocks over steps elsewhere, on the photo as stored. Without blocks the ratio is 1. ISO/IEC 29794-5 calls its measure compression artifacts.
    ///
    /// ## Limit and source
    /// Layered tones (clause 一.3), no figure; the quality factor has a rule of its own. More than 1.6 is pointed out as slight, more than 1.9 as clear; advice only. Calibrated on development photos: qualities of 60 to 80 lie between 1.3 and 1.6, qualities of 20 to 45 start at 1.6 and reach 1.8 in the median.
    ///
    /// ## What to do
    /// Export again from the original with a higher JPEG quality.
    COMPRESSION_ARTIFACTS {
        id: "compression-artifacts",
        name: text("无压缩痕迹", "No compression artifacts"),
        quantity: text("块状痕迹程度", "Strength of block edges"),
        clause: "一.3",
        unit: Unit::Factor,
        requirement: Requirement::AtMost {
            limit: 1.9,
            review: 1.6,
            fault: Fault {
                name: text("有压缩痕迹", "Compression artifacts"),
                reason: text("照片{degree}有方块状压缩痕迹，请用原图以较高品质重新导出。", "JPEG blocks are {degree} visible. Export the photo again from the original at a higher quality."),
            },
        },
        severity: Severity::Advise,
    }
}

/// Side of a JPEG block in pixels.
const BLOCK: usize = 8;

fn measure(evidence: &Evidence) -> Measured {
    let pixels = evidence.photo.pixels();
    let unseen =
        NotAssessed::NotSeen(text("照片太小，无法判定压缩痕迹。", "The photo is too small to judge compression."));
    let width = pixels.width() as usize;
    // At an eighth of the original's size nothing lies between borders.
    let reduction = evidence.photo.reduction() as usize;
    let block = (BLOCK / reduction).max(2);
    // By column, the sum of the steps to it from the one before. Every fourth row is plenty; green stands for luma.
    let mut steps = vec![0_u32; width - 1];
    let mut rows = 0;
    for row in pixels.as_raw().as_chunks::<3>().0.chunks_exact(width).step_by(4) {
        let pairs = row.iter().zip(&row[1..]);
        steps.iter_mut().zip(pairs).for_each(|(sum, (before, here))| *sum += u32::from(before[1].abs_diff(here[1])));
        rows += 1;
    }
    let [mut at_border, mut elsewhere] = [(0_u64, 0_u64); 2];
    for (step, x) in steps.into_iter().zip(1_usize..) {
        let sum = if x.is_multiple_of(block) { &mut at_border } else { &mut elsewhere };
        (sum.0, sum.1) = (sum.0 + u64::from(step), sum.1 + rows);
    }
    if at_border.1 < 100 {
        return Err(unseen);
    }
    let mean = |(sum, count): (u64, u64)| sum as f64 / count as f64;
    // In a photo that was made smaller a step spans as many of its pixels, of which one lies across a border.
    let pixels = reduction as f64;
    let elsewhere = mean(elsewhere) / pixels;
    let at_border = (mean(at_border) - (pixels - 1.0) * elsewhere).max(0.0);
    // Half a grey level keeps a flat picture at 1.
    Ok(Measurement::new((at_border + 0.5) / (elsewhere + 0.5)))
}

#[cfg(test)]
mod tests {
    #[cfg(feature = "vision")]
    use image::{Rgb, RgbImage};

    use super::*;
    #[cfg(feature = "vision")]
    use crate::photo::{Photo, Source};
    use crate::testing::{Portrait, verdict};

    #[test]
    fn blocks_go_to_review_and_then_fail() {
        let blocks = |step: u8| {
            let shade = move |p: Point| [100 + step * (((p.x / 8.0) as u8) % 2); 3];
            verdict(&COMPRESSION_ARTIFACTS, &Portrait::new().paint_where(Class::Background, |_| true, shade).evidence())
        };
        assert_eq!([0, 1, 2].map(blocks), ["pass", "fail", "fail"]);
    }

    #[test]
    #[cfg(feature = "vision")]
    fn borders_count_about_as_much_in_a_photo_made_smaller() {
        let pixels = RgbImage::from_fn(960, 1280, |x, _| Rgb([(x / 8 + (x + 4) / 16) as u8; 3]));
        let source = || Source::Pixels("a".to_owned(), pixels.clone());
        let [whole, smaller] = [Photo::load(source()), Photo::load_to_measure(source())].map(|photo| {
            let photo = photo.expect("pixels");
            (photo.reduction(), measure(&Evidence::new(photo, vec![], None)).expect("large enough").value)
        });
        assert_eq!((whole.0, smaller.0), (1, 2));
        assert!(whole.1 > 2.4 && (whole.1 - smaller.1).abs() < 0.3, "{whole:?} {smaller:?}");
    }

    #[test]
    fn a_tiny_picture_is_not_assessed() {
        let tiny = Portrait::new().cropped_to(16, 16);
        assert_eq!(verdict(&COMPRESSION_ARTIFACTS, &tiny), "not-assessed");
    }
}
