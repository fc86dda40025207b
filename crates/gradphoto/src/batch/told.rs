//! Lists in sentences: parts put together, and of many the first ones named and the rest counted.

use crate::text::Reason;

/// Parts as one text, with these signs between them.
pub(super) fn joined(parts: &[Reason], zh: &str, en: &str) -> Reason {
    let all = |word: fn(&Reason) -> &str, gap: &str| parts.iter().map(word).collect::<Vec<_>>().join(gap);
    Reason::new(all(|part| &part.zh, zh), all(|part| &part.en, en))
}

/// The first ones of a list, so many, and how many there are: 第2行、第3行等9行, row 2, row 3 and 7 more.
pub(super) fn named(all: &[Reason], shown: usize, unit: &str) -> Reason {
    let first = joined(&all[..all.len().min(shown)], "、", ", ");
    match all.len().saturating_sub(shown) {
        0 => first,
        more => Reason::new(format!("{}等{}{unit}", first.zh, all.len()), format!("{} and {more} more", first.en)),
    }
}

/// 1 student, 2 students.
pub(super) fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_the_first_are_named_and_the_rest_counted() {
        let rows = [2, 3, 4].map(|row| Reason::new(format!("第{row}行"), format!("row {row}")));
        assert_eq!(named(&rows, 3, "行"), Reason::new("第2行、第3行、第4行", "row 2, row 3, row 4"));
        assert_eq!(named(&rows, 2, "行"), Reason::new("第2行、第3行等3行", "row 2, row 3 and 1 more"));
        assert_eq!(joined(&rows[..2], "", " "), Reason::new("第2行第3行", "row 2 row 3"));
        assert_eq!(joined(&[], "；", "; "), Reason::new("", ""));
    }
}
