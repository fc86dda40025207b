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
