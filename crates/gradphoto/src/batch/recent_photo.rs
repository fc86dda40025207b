use super::batch_rule;
use crate::photo::Taken;
use crate::text::text;

batch_rule! {
    /// Whether the photo is recent.
    ///
    /// ## What is measured
    /// The time of the shot that the camera noted in the file (EXIF), against the month of graduation: `gradphoto check --graduation 2026-06`, or column 毕业日期 of the roster. Files that note none are not judged.
    ///
    /// ## Limit and source
    /// 近期, usually within a year before graduation (一般为毕业前一年以内, clause 一.1). The clause says usually, and clocks of cameras go wrong, so an older photo goes to a person.
    ///
    /// ## What to do
    /// Find out when the photo was taken; shoot the person again if it is too old.
    RECENT_PHOTO {
        id: "recent-photo",
        name: text("近期照片", "Recent photo"),
        clause: "一.1",
        kinds: &["too-old"],
    }
}

/// Whether a photo was taken more than a year before the month of graduation.
pub(super) fn is_too_old(taken: Taken, graduation: (u16, u8)) -> bool {
    let month = |(year, month): (u16, u8)| i32::from(year) * 12 + i32::from(month);
    month(graduation) - month(taken.month()) > 12
}

/// Year and month of a date as rosters write it: 2026-06-30, 2026年6月, 202606, 20260630, 2026.6.
pub fn month_of(date: &str) -> Option<(u16, u8)> {
    let digits = date.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let (year, month) = match digits[..] {
        [whole] if matches!(whole.len(), 6 | 8) => (&whole[..4], &whole[4..6]),
        [year, month, ..] if year.len() == 4 => (year, month),
        _ => return None,
    };
    let (year, month) = (year.parse().ok()?, month.parse().ok()?);
    ((1990..2100).contains(&year) && (1..=12).contains(&month)).then_some((year, month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_may_be_a_year_old_and_no_month_more() {
        let is_old = |taken: &str| is_too_old(Taken::noted(taken), (2026, 6));
        let days = ["2025:05:31 23:00:00", "2025:06:01 00:00:00", "2026:07:01 00:00:00", "2024:12:24 00:00:00"];
        assert_eq!(days.map(is_old), [true, false, false, true]);
    }

    #[test]
    fn dates_are_read_as_rosters_write_them() {
        for date in ["2026-06-30", "2026年6月", "202606", "20260630", "2026.6", "2026/6/1"] {
            assert_eq!(month_of(date), Some((2026, 6)), "{date}");
        }
        for nothing in ["", "2026", "六月", "2026-13", "20261301", "02026-06"] {
            assert_eq!(month_of(nothing), None, "{nothing}");
        }
    }
}
