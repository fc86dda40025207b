use super::batch_rule;
use super::names::number;
use crate::text::{Text, text};

batch_rule! {
    /// Whether the number of an identity document can be right.
    ///
    /// ## What is measured
    /// Column 证件号码 of the roster, and file names that are such a number: length, date of birth and check digit of a resident identity number (GB 11643). Resident permits for Hong Kong, Macao and Taiwan and the foreigner's card of 2023 have the same check digit.
    ///
    /// ## Limit and source
    /// Arithmetic, GB 11643. Exempt, because they carry no such check digit: travel permits for Hong Kong, Macao and Taiwan, the foreigner's card from before 2023, passports. A number of 15 digits of before 1999 has a date and no check digit.
    ///
    /// ## What to do
    /// Compare the number with the document and correct the roster or the file's name.
    ID_NUMBER {
        id: "id-number",
        name: text("证件号码", "Identity number"),
        clause: "—",
        kinds: &["roster", "file-name"],
    }
}

/// What a text is as the number of an identity document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdNumber {
    /// A resident identity number that can be right.
    Valid,
    /// A document of this kind, whose number cannot be checked.
    Exempt(Text),
    /// No such number: what is wrong.
    Wrong(Text),
}

/// Weights of the first 17 digits (GB 11643, ISO 7064 MOD 11-2).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check digit by the remainder of the weighted sum.
const CHECK_DIGITS: &[u8; 11] = b"10X98765432";

impl IdNumber {
    /// Reads a number however it is written: full width, small letters, blanks, invisible signs and the marks of a spreadsheet
    /// do not matter.
    pub fn read(text: &str) -> IdNumber {
        let number = number(text);
        let bytes = number.as_bytes();
        let letters = bytes.iter().take_while(|b| b.is_ascii_uppercase()).count();
        let digits = bytes[letters..].iter().take_while(|b| b.is_ascii_digit()).count();
        let rest = &bytes[letters + digits..];
        match (letters, digits, rest) {
            (0, 18, b"") | (0, 17, b"X") => check_18(bytes),
            (0, 15, b"") => check_date(1900 + value(&bytes[6..8]), &bytes[8..12]),
            (1, 8 | 10, b"") if matches!(bytes[0], b'H' | b'M') => IdNumber::Exempt(HONG_KONG_MACAO),
            (0, 8 | 10, b"") => IdNumber::Exempt(TAIWAN),
            (3, 12, b"") => IdNumber::Exempt(FOREIGNER),
            (1 | 2, 6..=9, b"") | (0, 9, b"") => IdNumber::Exempt(PASSPORT),
            (0, 16 | 17 | 19.., b"") | (0, 1..=16 | 18.., b"X") => IdNumber::Wrong(LENGTH),
            _ if is_mixed_passport(bytes) => IdNumber::Exempt(PASSPORT),
            _ => IdNumber::Wrong(UNKNOWN),
        }
    }

    /// Whether a text is written as a resident identity number of 18 characters, right or wrong.
    pub fn looks_like(text: &str) -> bool {
        let (Some(head), Some(last)) = (text.as_bytes().get(..17), text.as_bytes().get(17)) else { return false };
        text.len() == 18
            && head.iter().all(u8::is_ascii_digit)
            && (last.is_ascii_digit() || matches!(last, b'X' | b'x'))
    }
}

const HONG_KONG_MACAO: Text = text("港澳居民来往内地通行证", "travel permit for Hong Kong and Macao residents");
const TAIWAN: Text = text("台湾居民来往大陆通行证", "travel permit for Taiwan residents");
const FOREIGNER: Text = text("外国人永久居留身份证（旧版）", "foreigner's permanent residence card, old form");
const PASSPORT: Text = text("护照", "passport");
const LENGTH: Text = text("位数不对，居民身份证号应为18位", "a resident identity number has 18 characters");
const UNKNOWN: Text = text("不是任何一种已知证件的号码", "it is not the number of any known document");
const DATE: Text = text("出生日期不存在", "its date of birth does not exist");
const CHECK_DIGIT: Text = text("校验码不符，至少有一位错了", "its check digit is wrong, so at least one digit is");

/// Letters and digits mixed, as in German and French passports: C01X00T47, 12AB34567.
fn is_mixed_passport(number: &[u8]) -> bool {
    let digits = number.iter().filter(|c| c.is_ascii_digit()).count();
    number.len() == 9 && digits >= 4 && number.iter().all(u8::is_ascii_alphanumeric)
}

fn check_18(bytes: &[u8]) -> IdNumber {
    let date = check_date(value(&bytes[6..10]), &bytes[10..14]);
    let sum = bytes.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum::<u32>();
    if date == IdNumber::Valid && bytes[17] != CHECK_DIGITS[sum as usize % 11] {
        return IdNumber::Wrong(CHECK_DIGIT);
    }
    date
}

/// `month_day` holds four digits.
fn check_date(year: u32, month_day: &[u8]) -> IdNumber {
    let (month, day) = (value(&month_day[..2]), value(&month_day[2..]));
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    let exists = (1900..2100).contains(&year) && (1..=days).contains(&day);
    if exists { IdNumber::Valid } else { IdNumber::Wrong(DATE) }
}

fn value(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |value, digit| 10 * value + u32::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_tells_a_slip() {
        // The standard's own examples.
        for number in ["11010519491231002X", "440524188001010014", " 11010519491231002x "] {
            let expected = if number.contains("1880") { IdNumber::Wrong(DATE) } else { IdNumber::Valid };
            assert_eq!(IdNumber::read(number), expected, "{number}");
        }
        for marked in
            ["'11010519491231002X", "`11010519491231002X", "=\"11010519491231002X\"", "\u{200b}11010519491231002Ｘ"]
        {
            assert_eq!(IdNumber::read(marked), IdNumber::Valid, "{marked}");
        }
        assert_eq!(IdNumber::read("110105194912310021"), IdNumber::Wrong(CHECK_DIGIT));
        assert_eq!(IdNumber::read("11010519491232002X"), IdNumber::Wrong(DATE));
        assert_eq!(IdNumber::read("110105200102290029"), IdNumber::Wrong(DATE));
        assert_eq!(IdNumber::read("1101051949123100"), IdNumber::Wrong(LENGTH));
        assert_eq!(IdNumber::read("张三"), IdNumber::Wrong(UNKNOWN));
    }

    #[test]
    fn other_documents_are_named_and_exempt() {
        assert_eq!(IdNumber::read("110105491231002"), IdNumber::Valid);
        assert_eq!(IdNumber::read("H0123456700"), IdNumber::Exempt(HONG_KONG_MACAO));
        assert_eq!(IdNumber::read("01234567"), IdNumber::Exempt(TAIWAN));
        assert_eq!(IdNumber::read("FRA123456789012"), IdNumber::Exempt(FOREIGNER));
        let passports = ["EA1234567", "E12345678", "123456789", "C01X00T47", "12AB34567"];
        assert_eq!(passports.map(IdNumber::read), [IdNumber::Exempt(PASSPORT); 5]);
        assert_eq!(["C01X00T4", "ABCDEF123"].map(IdNumber::read), [IdNumber::Wrong(UNKNOWN); 2]);
    }

    #[test]
    fn every_single_slip_of_a_digit_is_noticed() {
        let right = b"11010519491231002X";
        for place in 0..17 {
            for digit in (b'0'..=b'9').filter(|digit| *digit != right[place]) {
                let mut slip = right.to_vec();
                slip[place] = digit;
                let slip = String::from_utf8(slip).expect("ASCII");
                assert!(matches!(IdNumber::read(&slip), IdNumber::Wrong(_)), "{slip}");
            }
        }
    }

    #[test]
    fn the_calendar_has_its_leap_years() {
        let exists = |year, month_day: &[u8; 4]| check_date(year, month_day) == IdNumber::Valid;
        assert_eq!([1900, 2000, 2003, 2004].map(|year| exists(year, b"0229")), [false, true, false, true]);
        assert_eq!([b"0430", b"0431", b"0731", b"1300"].map(|day| exists(2003, day)), [true, false, true, false]);
        assert_eq!([1899, 1900, 2099, 2100].map(|year| exists(year, b"0101")), [false, true, true, false]);
    }

    #[test]
    fn only_18_characters_look_like_one() {
        assert!(IdNumber::looks_like("110105194912310021") && IdNumber::looks_like("11010519491231002x"));
        assert!(!IdNumber::looks_like("2021001") && !IdNumber::looks_like("一二三四五六"));
        assert!(!IdNumber::looks_like("1101051949A2310021") && !IdNumber::looks_like("11010519491231002Y"));
    }
}
