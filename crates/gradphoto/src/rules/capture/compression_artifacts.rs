use image::RgbImage;

use crate::rules::prelude::*;

rule! {
    /// Whether JPEG blocks are visible.
    ///
    /// ## What is measured
    /// The middle luma step across the borders of 8x8 blocks over that elsewhere, wherever the blocks begin, in the direction that has less of them. Without blocks the ratio is 1. Blocks of another size, of a picture that was scaled since, are not seen. ISO/IEC 29794-5 calls its measure compression artifacts.
    ///
    /// ## Limit and source
    /// Layered tones (clause 一.3), no figure; the quality factor has a rule of its own. More than 1.6 is pointed out as slight, more than 1.9 as clear; advice only. Of 55 good photos of studios and composites 95 % read less than 1.54, saved anew at qualities of 30, 20 and 10 nineteen in twenty of them more than 1.58, 1.85 and 2.3; cropped by 3 px and saved at 92 after that, more than 1.22, 1.40 and 1.92.
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
/// Of so many rows or columns one is looked at.
const EVERY: usize = 4;
/// Fewer borders say nothing.
const LEAST_BORDERS: usize = 3;

fn measure(evidence: &Evidence) -> Measured {
    let pixels = evidence.photo.pixels();
    let unseen =
        NotAssessed::NotSeen(text("照片太小，无法判定压缩痕迹。", "The photo is too small to judge compression."));
    // At an eighth of the original's size nothing lies between borders.
    let reduction = evidence.photo.reduction() as usize;
    let block = (BLOCK / reduction).max(2);
    let [across, down] = steps(pixels).map(|steps| borders(&steps, block, reduction as f32));
    match (across, down) {
        // Blocks have borders both ways; stripes and lattices seldom do.
        (Some(across), Some(down)) => Ok(Measurement::new(f64::from(across.min(down)))),
        _ => Err(unseen),
    }
}

/// For each column, and for each row, the mean step to it from the one before. Every fourth row, or column, is plenty; green stands
/// for luma.
fn steps(pixels: &RgbImage) -> [Vec<f32>; 2] {
    let width = pixels.width() as usize;
    let rows = pixels.as_raw().as_chunks::<3>().0.chunks_exact(width.max(1)).collect::<Vec<_>>();
    let mut across = vec![0_u32; width.saturating_sub(1)];
    let mut counted = 0;
    for row in rows.iter().step_by(EVERY) {
        let pairs = row.iter().zip(&row[1..]);
        across.iter_mut().zip(pairs).for_each(|(sum, (before, here))| *sum += u32::from(before[1].abs_diff(here[1])));
        counted += 1;
    }
    let down = rows.windows(2).map(|pair| {
        let pairs = pair[0].iter().zip(pair[1]).step_by(EVERY);
        pairs.map(|(above, here)| u32::from(above[1].abs_diff(here[1]))).sum::<u32>()
    });
    let mean = |sum: u32, count: usize| sum as f32 / count.max(1) as f32;
    let columns = width.div_ceil(EVERY);
    [across.into_iter().map(|sum| mean(sum, counted)).collect(), down.map(|sum| mean(sum, columns)).collect()]
}

/// The middle step across the borders of blocks over the middle one elsewhere, wherever the blocks begin: a photo may have been
/// cropped since. `None` with too few borders.
fn borders(steps: &[f32], block: usize, reduction: f32) -> Option<f32> {
    let strength = |first: usize| {
        let middle = |is_border: bool| {
            let chosen = steps.iter().enumerate().filter(|(place, _)| (place % block == first) == is_border);
            percentile(chosen.map(|(_, step)| *step).collect(), 50.0)
        };
        // In a photo that was made smaller a step spans as many of its pixels, of which one lies across a border.
        let elsewhere = middle(false)? / reduction;
        let at_border = (middle(true)? - (reduction - 1.0) * elsewhere).max(0.0);
        // Half a grey level keeps a flat picture at 1.
        Some((at_border + 0.5) / (elsewhere + 0.5))
    };
    if steps.len() < LEAST_BORDERS * block {
        return None;
    }
    (0..block).filter_map(strength).max_by(f32::total_cmp)
}

#[cfg(test)]
mod tests {
    #[cfg(feature = "vision")]
    use image::Rgb;

    use super::*;
    #[cfg(feature = "vision")]
    use crate::photo::{Photo, Source};
    use crate::testing::{Portrait, verdict};

    #[test]
    fn blocks_go_to_review_and_then_fail() {
        let blocks = |step: u8| {
            let shade = move |p: Point| [100 + step * (((p.x / 8.0) as u8 + (p.y / 8.0) as u8) % 2); 3];
            verdict(&COMPRESSION_ARTIFACTS, &Portrait::new().paint_where(Class::Background, |_| true, shade).evidence())
        };
        assert_eq!([0, 1, 2].map(blocks), ["pass", "fail", "fail"]);
    }

    #[test]
    #[cfg(feature = "vision")]
    fn borders_count_about_as_much_in_a_photo_made_smaller() {
        // Borders of three levels on a slope of one a pixel, across in the upper half and down in the lower one.
        let level = |along: u32| (along + 3 * (along / 8)) as u8;
        let pixels = RgbImage::from_fn(960, 1280, |x, y| Rgb([level(if y < 640 { x } else { y }); 3]));
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
