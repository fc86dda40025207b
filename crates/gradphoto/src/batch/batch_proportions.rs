use super::batch_rule;
use crate::colour::percentile;
use crate::text::text;

batch_rule! {
    /// Whether all photos of a class, or of a whole batch, were squeezed or pulled out of shape alike.
    ///
    /// ## What is measured
    /// The median of what natural-proportions measures, in at least 30 photos of a batch, and of each class or department by itself: one face may be narrow, those of a whole class are not.
    ///
    /// ## Limit and source
    /// No visible distortion (明显畸变, clause 一.3), no figure. Outside 0.94 to 1.06 the photos were scaled by another factor across than down (proposed): 2:3 pressed into 3:4 reads 1.12, of which natural-proportions asks about two photos in ten. Of 13 sources of 30 and more portraits 12 have medians of 0.995 to 1.013, one of 0.95; groups of 30 drawn from the twelve lie within 0.957 to 1.052. Scaled to 0.889, 0.9375, 1.07 and 1.125 of their width, 11, 1, 9 and 11 sources are told of, as they are none; two have fewer than 30 faces that can be measured (`tests/accuracy/squeezed_batches.py`). Told once and of no photo.
    ///
    /// ## What to do
    /// Have the photos cropped to 3:4 from the originals again, without squeezing them.
    BATCH_PROPORTIONS {
        id: "batch-proportions",
        name: text("整批变形", "Proportions of the batch"),
        clause: "一.3",
        kinds: &["narrowed", "widened"],
    }
}

/// Fewer photos do not speak for the others.
const MIN_PHOTOS: usize = 30;
/// Width of faces for their height, over that of people in the mean.
const NATURAL: std::ops::RangeInclusive<f64> = 0.94..=1.06;

/// How many times wider for its height than people are the middle of these faces is, where that is no accident.
pub(super) fn distorted(wide: &[f64]) -> Option<f64> {
    let median = percentile(wide.iter().map(|wide| *wide as f32).collect(), 50.0).map(f64::from)?;
    (wide.len() >= MIN_PHOTOS && !NATURAL.contains(&median)).then_some(median)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Batch;
    use crate::batch::testing::photo;
    use crate::report::PhotoVerdict::Pass;

    /// Kind and sentence of what is told of classes of so many photos each, with faces so wide in the middle.
    fn told(classes: &[(&str, usize, f64)]) -> Vec<(&'static str, String)> {
        let mut batch = Batch::default().below(["photos"]);
        for (class, count, wide) in classes {
            for place in 0..*count {
                let mut entry = photo(&format!("photos/{class}/{place}.jpg"), place as u8, Pass, &[]);
                // People differ.
                let wide = wide + 0.05 * (place as f64 - (count / 2) as f64) / *count as f64;
                entry.checked.iter_mut().for_each(|checked| checked.wide = Some(wide));
                batch.add(entry);
            }
        }
        let report = batch.finish();
        let findings = report.findings().iter().filter(|finding| finding.rule().id == BATCH_PROPORTIONS.id);
        findings.map(|finding| (finding.kind(), finding.reason().zh.clone())).collect()
    }

    #[test]
    fn a_batch_out_of_shape_is_told_once_and_else_its_classes() {
        let [all] = &told(&[("软件1班", 40, 0.89), ("软件2班", 40, 0.89)])[..] else { panic!("one finding") };
        assert!(all.0 == "narrowed" && all.1.starts_with("整批照片里的人像普遍压窄或拉高约11%"), "{}", all.1);
        let [class] = &told(&[("软件1班", 40, 1.0), ("软件2班", 30, 1.12)])[..] else { panic!("one finding") };
        assert!(class.0 == "widened" && class.1.starts_with("软件2班照片里的人像普遍拉宽或压扁约12%"), "{}", class.1);
    }

    #[test]
    fn few_photos_and_what_people_differ_by_say_nothing() {
        assert!(told(&[("软件1班", 29, 0.8)]).is_empty());
        assert!(told(&[("软件1班", 40, 0.96), ("软件2班", 40, 1.04)]).is_empty());
    }
}
