//! When a time is, however offices write it: 4月9日（周四）上午8:30, 2026/4/9 8:30-10:00, 4.9 下午2—4点, 周四第1-2节.

use std::ops::Range;

use super::names::exact;
use super::numerals::{TO, in_figures, is_numeral};

/// What a text says of a day and an hour. Of a range the beginning counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Moment {
    pub year: Option<u32>,
    /// The week of a term: 第三周.
    pub week: Option<u32>,
    pub month: Option<u32>,
    pub day: Option<u32>,
    /// Monday is 1.
    pub weekday: Option<u32>,
    /// Minutes since midnight. An hour before seven is one of the afternoon where nothing says that it is not; 上午 alone
    /// begins before any hour of it.
    pub minute: Option<u32>,
    /// What is left of the text besides.
    pub rest: String,
    /// Where the day stands in the text.
    pub day_at: Option<Range<usize>>,
    /// Whether the day is two numbers alone, 4.9, which may be an hour as well.
    pub is_bare: bool,
    /// Whether it has lessons, 第1-2节, or an hour.
    pub has_hour: bool,
}

/// Parts of a day, and the hour at which each begins.
const PARTS: [(&str, u32); 16] = [
    ("上、下午", 7),
    ("上下午", 7),
    ("全天", 7),
    ("整天", 7),
    ("凌晨", 0),
    ("清晨", 6),
    ("早晨", 6),
    ("早上", 6),
    ("上午", 7),
    ("中午", 12),
    ("下午", 13),
    ("午后", 13),
    ("傍晚", 17),
    ("晚上", 18),
    ("晚间", 18),
    ("夜间", 18),
];
/// Hours before this one are of the afternoon, for nobody is photographed so early.
const EARLIEST: u32 = 7;
const COLONS: &str = ":∶";

impl Moment {
    /// What a text says.
    pub fn of(text: &str) -> Moment {
        Reader::new(text).read(true)
    }

    /// What a text says that may have other numbers with points or strokes between them, such as the name of a session.
    pub fn of_words(text: &str) -> Moment {
        Reader::new(text).read(false)
    }

    pub fn has_day(&self) -> bool {
        [self.week, self.month, self.day, self.weekday].iter().any(Option::is_some)
    }
}

/// A number, or any other letter that is no blank.
#[derive(Clone, Debug)]
struct Token {
    at: Range<usize>,
    sign: char,
    /// Its value, and the count of its digits.
    number: Option<(u32, usize)>,
}

struct Reader {
    tokens: Vec<Token>,
    moment: Moment,
    /// The hour at which the part of the day begins that was read before.
    part: Option<u32>,
    /// Behind the tokens that tell the day, and the part of it.
    behind_day: usize,
    behind_part: usize,
}

impl Reader {
    fn new(text: &str) -> Reader {
        let mut tokens = Vec::<Token>::new();
        let mut digits = String::new();
        for (at, c) in text.char_indices() {
            let at = at..at + c.len_utf8();
            let Some(sign) = exact(c.encode_utf8(&mut [0; 4])).chars().next() else { continue };
            let goes_on = tokens.last().is_some_and(|last| last.number.is_some() && last.at.end == at.start);
            if !is_numeral(sign) {
                tokens.push(Token { at, sign, number: None });
                continue;
            }
            if !goes_on {
                digits.clear();
                tokens.push(Token { at: at.clone(), sign: '0', number: None });
            }
            // More digits are no day or hour.
            if digits.len() < 60 {
                digits.push(sign);
            }
            let written = in_figures(&digits);
            if let Some(last) = tokens.last_mut() {
                last.at.end = at.end;
                last.number = Some((written.parse().unwrap_or(u32::MAX), written.len()));
            }
        }
        // No place of a token: nothing stands behind it.
        Reader { tokens, moment: Moment::default(), part: None, behind_day: usize::MAX, behind_part: usize::MAX }
    }

    fn number(&self, at: usize, within: Range<u32>) -> Option<u32> {
        self.tokens.get(at)?.number.map(|(number, _)| number).filter(|number| within.contains(number))
    }

    fn is(&self, at: usize, signs: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.number.is_none() && signs.contains(token.sign))
    }

    fn minutes(&self, at: usize) -> Option<u32> {
        self.number(at, 0..60).filter(|_| self.tokens[at].number.is_some_and(|(_, digits)| digits == 2))
    }

    fn begins_with(&self, at: usize, word: &str) -> bool {
        let word_length = word.chars().count();
        self.tokens.get(at..at + word_length).is_some_and(|tokens| {
            tokens.iter().zip(word.chars()).all(|(token, c)| token.number.is_none() && token.sign == c)
        })
    }

    fn read(mut self, has_pairs: bool) -> Moment {
        let mut at = 0;
        while at < self.tokens.len() {
            let read = self.day(at).or_else(|| self.part(at)).or_else(|| self.hour(at));
            let read = read.or_else(|| if has_pairs { self.pair(at) } else { None });
            at = read.unwrap_or_else(|| {
                self.leave(at);
                at + 1
            });
        }
        let moment = &mut self.moment;
        moment.has_hour |= moment.minute.is_some();
        moment.minute = moment.minute.or(self.part.map(|hour| hour * 60));
        self.moment
    }

    /// Keeps a token as one that says nothing of a day or an hour.
    fn leave(&mut self, at: usize) {
        let token = &self.tokens[at];
        self.moment.has_hour |= token.sign == '节';
        if token.number.is_some() && self.moment.rest.ends_with(|c: char| c.is_ascii_digit()) {
            self.moment.rest.push(' ');
        }
        match token.number {
            Some((number, _)) => self.moment.rest += &number.to_string(),
            None => self.moment.rest.push(token.sign),
        }
    }

    /// Takes the tokens from `at` up to `to` for the day, or for more of it, as the end of a range.
    fn take_day(&mut self, at: usize, to: usize) -> usize {
        let start = self.moment.day_at.as_ref().map_or(self.tokens[at].at.start, |day| day.start);
        self.moment.day_at = Some(start..self.tokens[to - 1].at.end);
        self.behind_day = to;
        to
    }

    /// The place behind what tells a day here, or a part of one.
    fn day(&mut self, at: usize) -> Option<usize> {
        let goes_on = self.behind_day == at || self.moment.day_at.is_none();
        // 4月9日（周四）, 4月9日-10日.
        if self.behind_day == at && (self.is(at, TO) || self.is(at, "(、")) {
            let weekday = self.is(at, "(").then(|| self.weekday(at + 1)).flatten();
            if let Some((weekday, to)) = weekday {
                self.moment.weekday = self.moment.weekday.or(Some(weekday));
                let to = if self.is(to, ")") { to + 1 } else { to };
                return Some(self.take_day(at, to));
            }
            return self.end_of_days(at + 1).map(|to| {
                (at..to).for_each(|at| self.leave(at));
                self.take_day(at, to)
            });
        }
        if let Some((weekday, to)) = self.weekday(at).filter(|_| goes_on) {
            self.moment.weekday = self.moment.weekday.or(Some(weekday));
            return Some(self.take_day(at, to));
        }
        if !goes_on {
            return None;
        }
        if let Some((year, month, day, to)) = self.date(at) {
            (self.moment.year, self.moment.month, self.moment.day) = (Some(year), Some(month), Some(day));
            return Some(self.take_day(at, to));
        }
        let (field, signs, within) = match () {
            () if self.is(at + 1, "年") => (&mut self.moment.year, "年", 2000..2100),
            () if self.is(at + 1, "周") && self.weekday(at + 1).is_none() => (&mut self.moment.week, "周", 1..60),
            () if self.is(at + 1, "月") => (&mut self.moment.month, "月", 1..13),
            () if self.is(at + 1, "日号天") => (&mut self.moment.day, "日号天", 1..32),
            // 4月9 8:30, 4月9-10日.
            () if at > 0 && self.behind_day == at && self.is(at - 1, "月") && !self.is(at + 1, "时点:∶") => {
                (&mut self.moment.day, "", 1..32)
            }
            () => return None,
        };
        let (number, _) = self.tokens[at].number?;
        if field.is_some() || !within.contains(&number) {
            return None;
        }
        *field = Some(number);
        Some(self.take_day(at, at + 1 + usize::from(!signs.is_empty())))
    }

    /// A day of the week, and the place behind it.
    fn weekday(&self, at: usize) -> Option<(u32, usize)> {
        let to = match () {
            () if self.begins_with(at, "星期") || self.begins_with(at, "礼拜") => at + 2,
            () if self.is(at, "周") => at + 1,
            () => return None,
        };
        let day = if self.is(to, "日天") { Some(7) } else { self.number(to, 1..8) };
        day.map(|day| (day, to + 1))
    }

    /// Year, month and day in figures with one sign between them, or without any, and the place behind them.
    fn date(&self, at: usize) -> Option<(u32, u32, u32, usize)> {
        let (first, digits) = self.tokens[at].number?;
        if digits == 8 {
            let (year, month, day) = (first / 10000, first / 100 % 100, first % 100);
            return is_date(year, month, day).then_some((year, month, day, at + 1));
        }
        let sign = self.tokens.get(at + 1)?.sign;
        let is_parted = self.is(at + 1, "-/.") && self.is(at + 3, "-/.") && self.tokens[at + 3].sign == sign;
        let (second, third) = (self.number(at + 2, 1..32)?, self.number(at + 4, 1..2100)?);
        let is_year = |number: u32| number >= 2000 || (20..100).contains(&number);
        let (year, month, day) =
            if !is_year(first) && is_year(third) { (third, first, second) } else { (first, second, third) };
        let year = if (20..100).contains(&year) { year + 2000 } else { year };
        (is_parted && is_date(year, month, day)).then_some((year, month, day, at + 5))
    }

    /// The place behind the last day of several.
    fn end_of_days(&self, at: usize) -> Option<usize> {
        if let Some((_, to)) = self.weekday(at) {
            return Some(to);
        }
        if let Some((.., to)) = self.date(at) {
            return Some(to);
        }
        let number = self.number(at, 1..32)?;
        if number < 13 && self.is(at + 1, "月./") && self.number(at + 2, 1..32).is_some() {
            return Some(at + 3 + usize::from(self.is(at + 3, "日号")));
        }
        self.is(at + 1, "日号").then_some(at + 2)
    }

    /// The place behind a part of the day.
    fn part(&mut self, at: usize) -> Option<usize> {
        let (word, hour) = PARTS.iter().find(|(word, _)| self.begins_with(at, word))?;
        if self.part.is_some() || self.moment.minute.is_some() {
            return None;
        }
        self.part = Some(*hour);
        self.behind_part = at + word.chars().count();
        Some(self.behind_part)
    }

    /// The place behind an hour.
    fn hour(&mut self, at: usize) -> Option<usize> {
        let (written, digits) = self.tokens[at].number?;
        if self.moment.minute.is_some() {
            return None;
        }
        let is_behind = self.behind_part == at || self.behind_day == at;
        let (mut hour, mut minute, mut to) = (written, 0, at + 1);
        if self.is(at + 1, COLONS) {
            minute = self.number(at + 2, 0..60)?;
            to = at + 3;
            if self.is(to, COLONS) && self.minutes(to + 1).is_some() {
                to += 2;
            }
        } else if self.is(at + 1, "时点") {
            to = at + 2;
            if self.is(to, "半") {
                (minute, to) = (30, to + 1);
            } else if let Some(written) = self.number(to, 0..60) {
                (minute, to) = (written, to + 1 + usize::from(self.is(to + 1, "分")));
            }
        } else if let Some(written) = self.minutes(at + 2)
            && self.is(at + 1, ".")
            && (is_behind || !(1..32).contains(&written))
        {
            (minute, to) = (written, at + 3);
        } else if digits == 4 && written < 2000 && written % 100 < 60 && self.is(at + 1, TO) {
            (hour, minute) = (written / 100, written % 100);
        } else if !(self.is(at + 1, TO)
            && self.number(at + 2, 0..25).is_some()
            && (self.is(at + 3, "时点:∶") || is_behind && !self.is(at + 3, "节批组场班号")))
        {
            return None;
        }
        if hour > 24 {
            return None;
        }
        let english = if self.begins_with(to, "AM") || self.begins_with(to, "PM") { to..to + 2 } else { to..to };
        let part = self.part.or_else(|| (!english.is_empty()).then(|| if self.is(to, "P") { 13 } else { 7 }));
        let is_later = match part {
            Some(12) | None => hour < EARLIEST,
            Some(part) => part > 12 && hour < 12,
        };
        self.moment.minute = Some((if is_later { hour + 12 } else { hour }) * 60 + minute);
        self.behind_part = english.end;
        Some(english.end)
    }

    /// The place behind a month and a day with a point or a stroke between them.
    fn pair(&mut self, at: usize) -> Option<usize> {
        if self.moment.day_at.is_some() || self.moment.minute.is_some() {
            return None;
        }
        let (month, day) = (self.number(at, 1..13)?, self.number(at + 2, 1..32)?);
        if !self.is(at + 1, ".-/") || self.is(at + 3, "节批组场班号") {
            return None;
        }
        (self.moment.month, self.moment.day, self.moment.is_bare) = (Some(month), Some(day), true);
        Some(self.take_day(at, at + 3))
    }
}

fn is_date(year: u32, month: u32, day: u32) -> bool {
    (2000..2100).contains(&year) && (1..13).contains(&month) && (1..32).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let moment = Moment::of(text);
        let day = [moment.year, moment.week, moment.month, moment.day, moment.weekday];
        let day = day.map(|number| number.map_or("-".to_owned(), |number| number.to_string())).join(" ");
        let hour = moment.minute.map_or("-".to_owned(), |minute| format!("{}:{:02}", minute / 60, minute % 60));
        let written = moment.day_at.map_or("", |at| &text[at]);
        format!("{day} {hour} {written}|{}", moment.rest)
    }

    #[test]
    fn a_day_and_an_hour_are_read_however_they_are_written() {
        for (text, moment) in [
            ("10月20日 8:30-9:30", "- - 10 20 - 8:30 10月20日|-9:30"),
            ("10月20日8：30—9：30", "- - 10 20 - 8:30 10月20日|—9:30"),
            ("十月二十日上午八点半", "- - 10 20 - 8:30 十月二十日|"),
            ("2026年4月9日（周四）14:00", "2026 - 4 9 4 14:00 2026年4月9日（周四）|"),
            ("2026-04-09 08:30:00", "2026 - 4 9 - 8:30 2026-04-09|"),
            ("2026/4/9 下午2:00", "2026 - 4 9 - 14:00 2026/4/9|"),
            ("20260409", "2026 - 4 9 - - 20260409|"),
            ("4/9/26", "2026 - 4 9 - - 4/9/26|"),
            ("26.4.9上午", "2026 - 4 9 - 7:00 26.4.9|"),
            ("4.9 8:30", "- - 4 9 - 8:30 4.9|"),
            ("4.9 8.30-10.00", "- - 4 9 - 8:30 4.9|-10.0"),
            ("4月9日-10日 9时", "- - 4 9 - 9:00 4月9日-10日|-10日"),
            ("4月9日〜10日 8:30〜9:30", "- - 4 9 - 8:30 4月9日〜10日|〜10日〜9:30"),
            ("上午8〜10点", "- - - - - 8:00 |〜10点"),
            ("4.9-4.11 上午", "- - 4 9 - 7:00 4.9-4.11|-4.11"),
            ("4/9-4/11 上午", "- - 4 9 - 7:00 4/9-4/11|-4/11"),
            ("4月9 8:30", "- - 4 9 - 8:30 4月9|"),
            ("4月9周四", "- - 4 9 4 - 4月9周四|"),
            ("9日下午2-4点", "- - - 9 - 14:00 9日|-4点"),
            ("周四第1-2节", "- - - - 4 - 周四|第1-2节"),
            ("第三周星期日晚上7:00", "- 3 - - 7 19:00 三周星期日|第"),
            ("8:30（4月9日）", "- - 4 9 - 8:30 4月9日|()"),
            ("2:00-3:30", "- - - - - 14:00 |-3:30"),
            ("2:00 PM", "- - - - - 14:00 |"),
            ("上午11:30-下午1:30", "- - - - - 11:30 |-下午1:30"),
            ("中午12:10", "- - - - - 12:10 |"),
            ("中午1点", "- - - - - 13:00 |"),
            ("8-10点", "- - - - - 8:00 |-10点"),
            ("8.45-9.30", "- - - - - 8:45 |-9.30"),
            ("0830-0930", "- - - - - 8:30 |-930"),
            ("下午", "- - - - - 13:00 |"),
            ("待定", "- - - - - - |待定"),
            ("46122 0.354", "- - - - - - |46122 0.354"),
        ] {
            assert_eq!(told(text), moment, "{text}");
        }
        assert_eq!(Moment::of_words("1-2").month, None, "the second part of the first session");
        assert_eq!(
            (Moment::of_words("2026届第二批").rest.as_str(), Moment::of("第二批").minute),
            ("2026届第2批", None)
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(text in "([年月日号周星期时点半分上下午0-9一十:.~/（） -]|\\PC){0,16}") {
            for moment in [Moment::of(&text), Moment::of_words(&text)] {
                assert!(moment.day_at.is_none_or(|at| !text[at].is_empty()) && moment.minute.is_none_or(|minute| minute < 36 * 60));
            }
        }
    }
}
