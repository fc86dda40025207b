//! Numbers in names, in digits and in Chinese numerals.

/// 12 and 十二: a digit next to another makes another number.
pub(super) fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "〇零一二三四五六七八九十".contains(c)
}

/// A name with figures in place of its numerals: 软件12班 for 软件十二班.
pub(super) fn in_figures(name: &str) -> String {
    let figure = |sign| match sign {
        '零' => Some(0),
        _ => "〇一二三四五六七八九".chars().position(|numeral| numeral == sign),
    };
    let signs = name.chars().collect::<Vec<_>>();
    let is_figure = |place: usize| signs.get(place).is_some_and(|sign| figure(*sign).is_some());
    let mut figures = String::new();
    for (place, sign) in signs.iter().enumerate() {
        match figure(*sign) {
            Some(figure) => figures += &figure.to_string(),
            // 十 is 10, 十二 is 12, 二十 is 20.
            None if *sign == '十' => {
                figures += if place > 0 && is_figure(place - 1) { "" } else { "1" };
                figures += if is_figure(place + 1) { "" } else { "0" };
            }
            None => figures.push(*sign),
        }
    }
    figures
}

/// What stands between the first and the last of several, or the ends of a time.
pub(super) const TO: &str = "-–—－~～〜至到";

/// Whether a sign is one of [`TO`].
pub(super) fn is_to(sign: char) -> bool {
    TO.contains(sign)
}

/// More are hardly meant by one word.
const SPAN_MAX: u32 = 100;

/// The names of 软件1-3班 in figures, each with 班: 软件1班, 软件2班, 软件3班. `None` where no numbers rise: 软件21-1班 is the first of 21.
pub(super) fn spanned(name: &str) -> Option<Vec<String>> {
    let name = in_figures(name);
    let (first, last) = name.rsplit_once(is_to)?;
    let first = first.trim_end_matches(is_to);
    let [first, last] = [first, last].map(|end| end.strip_suffix('班').unwrap_or(end).trim());
    let word = first.trim_end_matches(|c: char| c.is_ascii_digit());
    let first = &first[word.len()..];
    let last = last.strip_prefix(word).unwrap_or(last);
    // 2301-03 is 2301-2303.
    let shared = if first.len() > 2 && last.len() == 2 { &first[..first.len() - 2] } else { "" };
    let number = |figures: &str| figures.parse::<u32>().ok().filter(|_| figures.bytes().all(|b| b.is_ascii_digit()));
    let (from, to) = (number(first)?, number(&format!("{shared}{last}"))?);
    let width = first.len();
    (from < to && to - from < SPAN_MAX).then(|| (from..=to).map(|at| format!("{word}{at:0width$}班")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_are_spelled_out() {
        for (written, names) in [
            ("软件1-3班", "软件1班 软件2班 软件3班"),
            ("软件一至三班", "软件1班 软件2班 软件3班"),
            ("软件1班～软件2班", "软件1班 软件2班"),
            ("软件1班〜2班", "软件1班 软件2班"),
            ("软件2309—2311", "软件2309班 软件2310班 软件2311班"),
            ("软件2301--02班", "软件2301班 软件2302班"),
            ("软件09-10班", "软件09班 软件10班"),
            ("1到2班", "1班 2班"),
        ] {
            assert_eq!(spanned(written).map(|names| names.join(" ")).as_deref(), Some(names), "{written}");
        }
        for single in
            ["软件21-1班", "软件1班", "A-B班", "软件-1", "1-", "1-1", "1-4000000000", "1-1000", "2023-24999999999"]
        {
            assert_eq!(spanned(single), None, "{single}");
        }
    }
}
