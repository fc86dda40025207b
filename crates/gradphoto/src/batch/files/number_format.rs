//! A number as its format shows it, as far as digits go: 00000000, "2021"0000, dates.

use super::super::table::{Cell, Lost};

/// Dates among the formats that have a number alone; those of China are 27 to 36 and 50 to 58.
pub(super) fn built_in(id: &str) -> &'static str {
    match id.parse().unwrap_or(0) {
        14..=17 | 27..=31 | 34..=36 | 50..=54 | 57 | 58 => "yyyy-mm-dd",
        18..=21 | 32 | 33 | 45..=47 | 55 | 56 => "h:mm",
        22 => "yyyy-mm-dd h:mm",
        49 => "@",
        _ => "General",
    }
}

/// A number as its format shows it, as far as digits go.
pub(super) fn number_cell(value: &str, format: &str, is_1904: bool) -> Cell {
    let Ok(number) = value.parse::<f64>() else { return Cell::Text(value.into()) };
    let section = format.split(';').next().unwrap_or_default();
    let shown = pattern(section);
    // 0.00E+00 is a number with an exponent, e alone a year.
    let is_time = |c| matches!(c, 'y' | 'd' | 'h' | 's' | '年' | '月' | '日');
    if shown.chars().any(is_time) || shown.replace("e+", "").replace("e-", "").contains('e') || shown.starts_with('m') {
        return date(number, is_1904);
    }
    if number.fract() != 0.0 {
        return Cell::Text(value.into());
    }
    // Excel keeps 15 digits; what has more has lost the rest.
    if number.abs() >= 1e15 {
        return Cell::Lost(Lost::Shortened);
    }
    let digits = format!("{number:.0}");
    Cell::Text(Mask::read(section).filter(|_| number >= 0.0).map_or(digits.clone(), |mask| mask.fill(&digits)).into())
}

/// A format in small letters, without quoted text, brackets and escapes.
fn pattern(format: &str) -> String {
    let mut pattern = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => drop(chars.by_ref().find(|c| *c == '"')),
            '[' => drop(chars.by_ref().find(|c| *c == ']')),
            '\\' | '_' | '*' => drop(chars.next()),
            c => pattern.extend(c.to_lowercase()),
        }
    }
    if pattern == "general" || pattern.contains("g/") { String::new() } else { pattern }
}

/// A format that shows the digits of a whole number and text among them: 0000, "2021"0000, 0000-0000, General"A".
struct Mask(Vec<Part>);

enum Part {
    Digit { is_padded: bool },
    Text(char),
}

impl Mask {
    /// `None` where a format does more than that, as one with decimals does.
    fn read(format: &str) -> Option<Mask> {
        let format = format.replace("General", "#");
        let mut parts = Vec::new();
        let mut chars = format.chars();
        while let Some(c) = chars.next() {
            match c {
                '0' => parts.push(Part::Digit { is_padded: true }),
                '#' | '?' => parts.push(Part::Digit { is_padded: false }),
                '"' => parts.extend(chars.by_ref().take_while(|c| *c != '"').map(Part::Text)),
                '\\' => parts.extend(chars.next().map(Part::Text)),
                '[' => drop(chars.by_ref().find(|c| *c == ']')),
                '_' | '*' => drop(chars.next()),
                '-' | '/' | '(' | ')' | ' ' => parts.push(Part::Text(c)),
                _ => return None,
            }
        }
        parts.iter().any(|part| matches!(part, Part::Digit { .. })).then_some(Mask(parts))
    }

    /// Digits in their places from the right; those that find none stand at the first place.
    fn fill(&self, digits: &str) -> String {
        let places = self.0.iter().filter(|part| matches!(part, Part::Digit { .. })).count();
        let (more, digits) = digits.split_at(digits.len().saturating_sub(places));
        let mut missing = places - digits.len();
        let mut digits = digits.chars();
        let mut shown = String::new();
        let mut more = Some(more);
        for part in &self.0 {
            match part {
                Part::Text(c) => shown.push(*c),
                Part::Digit { is_padded } => {
                    shown += more.take().unwrap_or_default();
                    match missing.checked_sub(1) {
                        Some(fewer) => {
                            missing = fewer;
                            shown.extend(is_padded.then_some('0'));
                        }
                        None => shown.extend(digits.next()),
                    }
                }
            }
        }
        shown
    }
}

/// Days since 1899-12-30 as a date with its time.
fn date(days: f64, is_1904: bool) -> Cell {
    let days = if is_1904 { days + 1462.0 } else { days };
    if !(0.0..2_958_466.0).contains(&days) {
        return Cell::Lost(Lost::Date);
    }
    let minutes = (days * 1440.0).round() as i64;
    let (day, minute) = (minutes.div_euclid(1440), minutes.rem_euclid(1440));
    let time = format!("{:02}:{:02}", minute / 60, minute % 60);
    if day == 0 {
        return Cell::Text(time.into());
    }
    // Civil date of days since 0000-03-01 (Howard Hinnant's algorithm); 1899-12-30 is day 693 899.
    let shifted = day + 693_899;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let date = format!("{year}-{month:02}-{day:02}");
    Cell::Text(if minute == 0 { date } else { format!("{date} {time}") }.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_a_format_writes_around_the_digits_is_part_of_the_number() {
        for (format, shown) in [
            ("\"S\"General", "S12"),
            ("\"S\"#", "S12"),
            ("\"2021\"General", "202112"),
            ("\"2021\"###", "202112"),
            ("\"2021\"0000", "20210012"),
            ("00000\"A\"", "00012A"),
            ("\\S0000_ ", "S0012"),
            ("[Red]0000", "0012"),
            ("00\"-\"00", "00-12"),
            ("0000-0000", "0000-0012"),
            ("0000\"号\"", "0012号"),
            ("00 00", "00 12"),
            ("0\"级\"0\"班\"", "1级2班"),
            ("0-", "12-"),
            ("0000;-0000;;@", "0012"),
            ("0000_);(0000)", "0012"),
            ("General", "12"),
            ("#,##0\"x\"", "12"),
            ("@", "12"),
            ("0.00", "12"),
        ] {
            assert_eq!(number_cell("12", format, false), Cell::Text(shown.into()), "{format}");
        }
    }
}
