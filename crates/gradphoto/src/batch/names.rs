//! One form for all ways to write the same name or number. Nothing that could tell two people apart is dropped.

use encoding_rs::GB18030;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::words::Words;

/// The exact form: compatibility forms of Unicode (NFKC) and radicals become the characters they stand for, all middle dots
/// one dot, small letters capitals; spaces and invisible signs go. Every other sign stays.
pub fn exact(text: &str) -> String {
    // Nothing but these has other forms, and a school's list holds a million of them.
    if text.chars().all(|c| c.is_ascii() || matches!(c, '\u{4e00}'..='\u{9fff}') && c != '丶') {
        return text.chars().filter(|c| !is_invisible(*c)).map(|c| c.to_ascii_uppercase()).collect();
    }
    // Capitals may take other compatibility forms.
    settled(text, |text| {
        let visible = text.chars().filter(|c| !is_invisible(*c)).map(character).nfkc().map(character);
        visible.filter(|c| !is_invisible(*c)).flat_map(char::to_uppercase).nfkc().collect()
    })
}

/// The folded form: exact without punctuation, for names that are not found as they are written: 买买提艾力 for 买买提·艾力. Signs that
/// stand for a character stay, as do all letters and their accents.
pub fn folded(text: &str) -> String {
    settled(text, |text| exact(text).chars().filter(|c| !is_punctuation(*c)).collect())
}

/// What a step makes of a text when it is done until it changes nothing more: what one step takes away may bring an accent to
/// another letter. Two rounds have settled every text that was tried.
fn settled(text: &str, step: impl Fn(&str) -> String) -> String {
    let mut form = step(text);
    for _ in 0..8 {
        let next = step(&form);
        if next == form {
            break;
        }
        form = next;
    }
    form
}

/// The folded form without what stands in brackets, such as the `(1)` of a second download.
pub fn bare(text: &str) -> String {
    settled(text, |text| folded(&without_brackets(&exact(text))))
}

/// The form of a number: exact, without the marks that keep a spreadsheet from rounding it (`'1`, `` `1 ``, `="1"`) and without
/// the point that a program gave it (`20210001.0`); one that is written out in full with an exponent is written as digits.
pub fn number(text: &str) -> String {
    settled(text, plain_number)
}

fn plain_number(text: &str) -> String {
    let exact = exact(text);
    let mut form = exact.as_str();
    loop {
        let inner = form.strip_prefix('=').unwrap_or(form);
        let inner = inner.trim_matches(['\'', '"', '`', '´', '‘', '’', '“', '”', '′', '″', ',', ';', '\u{301}']);
        if inner == form {
            break;
        }
        form = inner;
    }
    if let Some((whole, zeros)) = form.split_once('.')
        && is_digits(whole)
        && zeros.bytes().all(|b| b == b'0')
    {
        form = whole;
    }
    written_out(form).unwrap_or_else(|| form.to_owned())
}

/// Digits of a number such as 2.0210001E7 whose every digit is given; `None` for other texts, also for numbers that a
/// spreadsheet has shortened.
fn written_out(number: &str) -> Option<String> {
    let (whole, decimals, exponent) = exponential(number)?;
    (decimals.len() == exponent).then(|| format!("{whole}{decimals}"))
}

/// Whether a number is written with an exponent and some of its digits are lost, as in 4.30102E+17.
pub fn is_shortened(number: &str) -> bool {
    exponential(number).is_some_and(|(_, decimals, exponent)| decimals.len() != exponent)
}

/// Whole part, decimals and exponent.
fn exponential(number: &str) -> Option<(&str, &str, usize)> {
    let (head, exponent) = number.trim().split_once(['E', 'e'])?;
    let (whole, decimals) = head.split_once('.').unwrap_or((head, ""));
    // 2021E12 may be a code of a class; spreadsheets write one digit before the point.
    let is_spreadsheets = whole.len() == 1 && is_digits(whole) && (decimals.is_empty() || is_digits(decimals));
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let exponent = (is_digits(exponent) && exponent.len() <= 3).then(|| exponent.parse().ok()).flatten()?;
    (is_spreadsheets && (!decimals.is_empty() || number.contains('+'))).then_some((whole, decimals, exponent))
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// What has no width or is blank.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

pub(super) fn is_punctuation(c: char) -> bool {
    if is_stand_in(c) || c.is_alphanumeric() || is_combining_mark(c) {
        return false;
    }
    c.is_ascii_punctuation()
        || matches!(c, '¡' | '¿' | '«' | '»' | '§' | '¶' | '·' | '´' | '\u{2000}'..='\u{206f}'
            | '\u{3000}'..='\u{303f}' | '\u{ff61}'..='\u{ff65}')
}

/// Signs that people and programs write for a character that they cannot write or do not want to show.
pub(super) fn is_stand_in(c: char) -> bool {
    matches!(
        c,
        '*' | '?'
            | '○'
            | '◯'
            | '●'
            | '◎'
            | '□'
            | '■'
            | '◻'
            | '▢'
            | '▯'
            | '〓'
            | '\u{fffd}'
            | '×'
            | '※'
            | '△'
            | '▲'
            | '☆'
            | '★'
            | '◆'
            | '◇'
            | '某'
    )
}

/// Characters without a meaning of their own, for which a font or a program of some school has signs.
pub(super) fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// Whether a text with stand-ins may mean another: each stands for one character, a star for one or more.
pub(super) fn may_mean(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    // What comes behind the last star and what it has taken so far.
    let mut star = None;
    loop {
        match (pattern.next(), text.next()) {
            (None, None) => return true,
            (Some('*'), Some(_)) => star = Some((pattern.clone(), text.clone())),
            (Some(sign), Some(c)) if sign == c || is_stand_in(sign) || is_stand_in(c) => {}
            // It takes one more, until the rest fits.
            _ => {
                let Some((behind, rest)) = &mut star else { return false };
                if rest.next().is_none() {
                    return false;
                }
                (pattern, text) = (behind.clone(), rest.clone());
            }
        }
    }
}

/// Chinese characters and kana; hangul too.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c, '々' | '〇' | '〆' | '\u{3021}'..='\u{3029}' | '\u{3041}'..='\u{30ff}' | '\u{3105}'..='\u{312f}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
        || is_private(c)
}

/// The name of a class or the like without the number of its people: 软件1班（30人）.
pub(super) fn without_count(text: &str) -> &str {
    let is_count = |note: &str| is_digits(exact(note).trim_end_matches(['人', '名'])) && note.ends_with(['人', '名']);
    noted(text.trim_end()).filter(|(_, note)| is_count(note)).map_or(text, |(name, _)| name.trim_end())
}

/// A text that ends in brackets: what stands before these, and in them.
pub(super) fn noted(text: &str) -> Option<(&str, &str)> {
    text.strip_suffix([')', '）'])?.rsplit_once(['(', '（'])
}

/// Whether a text reads as the name of a class: 软件2班, or a word and a number, 软件2101, but none of words that count something else.
pub(super) fn is_class_name(text: &str, but: Words) -> bool {
    let word = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_numbered = word.len() < text.len() && word.chars().filter(|c| is_cjk(*c)).count() >= 2;
    text.ends_with('班') || is_numbered && !but.end(word)
}

/// The text without what stands in brackets.
pub(super) fn without_brackets(text: &str) -> String {
    depths(text).filter(|(.., depth)| *depth == 0).map(|(_, c, _)| c).collect()
}

/// Every character with where it stands and in how many brackets, which themselves count as within.
pub(super) fn depths(text: &str) -> impl Iterator<Item = (usize, char, u32)> {
    let mut depth = 0_u32;
    text.char_indices().map(move |(at, c)| {
        if is_opening(c) {
            depth += 1;
            (at, c, depth)
        } else if is_closing(c) {
            let around = depth.max(1);
            depth = around - 1;
            (at, c, around)
        } else {
            (at, c, depth)
        }
    })
}

pub(super) fn is_opening(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | '【' | '〔' | '〈' | '《' | '「' | '（' | '［')
}

pub(super) fn is_closing(c: char) -> bool {
    matches!(c, ')' | ']' | '}' | '】' | '〕' | '〉' | '》' | '」' | '）' | '］')
}

/// The character that a reference to its number means, as stands between `&` and `;` in web pages: #24352, #x5f20.
pub(super) fn referenced(reference: &str) -> Option<char> {
    let code = reference.strip_prefix('#')?;
    let code = match code.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => code.parse(),
    };
    char::from_u32(code.ok()?)
}

/// One of several characters that look alike and mean the same but have no compatibility form in Unicode.
fn character(c: char) -> char {
    match c {
        '•' | '▪' | '◦' | '⦁' | 'ᐧ' | '°' | '‧' | '・' | '･' | '∙' | '⋅' | '᛫' | 'ꞏ' | '⸱' | '˙' | '․' | '\u{387}' => {
            '·'
        }
        // The supplement of CJK radicals (Unicode's EquivalentUnifiedIdeograph); documents that were PDF write them.
        '\u{2e80}'..='\u{2ef3}' => RADICALS.chars().nth(2 * index_of(c) + 1).unwrap_or(c),
        '㇐' => '一',
        // A stroke that people type for the dot in names.
        '丶' => '·',
        // Where Windows kept characters that Unicode had no place for yet, in the last rows of GBK: 䶮, 䜣.
        '\u{e815}'..='\u{e864}' => of_gbk(c).unwrap_or(c),
        _ => c,
    }
}

fn of_gbk(private: char) -> Option<char> {
    let place = (u32::from(private) - 0xe815) as u8;
    // Byte 7F is left out.
    let low = 0x50 + place + u8::from(place >= 0x2f);
    let text = GB18030.decode_without_bom_handling_and_without_replacement(&[0xfe, low])?.into_owned();
    text.chars().next()
}

fn index_of(radical: char) -> usize {
    RADICALS.chars().step_by(2).position(|known| known == radical).unwrap_or(usize::MAX / 4)
}

/// Radical and character, in turn.
const RADICALS: &str = "⺁厂⺅亻⺇几⺉刂⺊卜⺌小⺒巳⺓幺⺖忄⺘扌⺙攵⺜日⺝月⺟母⺠民⺡氵⺣灬⺤爫⺦丬⺨犭⺩王⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺶羊⺷羊⺸羊⺹耂⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞飠⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_has_one_form() {
        for (written, same) in [
            ("王⼩明", "王小明"),
            ("⻢⻰", "马龙"),
            ("Jose\u{301}", "José"),
            ("ｊｏｓé", "JOSÉ"),
            ("買買提・艾力", "買買提·艾力"),
            ("买买提▪艾力°江◦", "买买提·艾力·江·"),
            ("张\u{200b} 三\u{3000}", "张三"),
            ("张三\u{e0100}", "张三"),
            ("\u{f9dc}一", "\u{9686}一"),
            ("ﬁn", "FIN"),
            ("张\u{e863}", "张䶮"),
            ("李\u{e844}", "李䜣"),
            ("买买提丶艾力", "买买提·艾力"),
        ] {
            assert_eq!(exact(written), exact(same), "{written}");
        }
        for (a, b) in [("José", "Jose"), ("张○一", "张一"), ("张三♥", "张三"), ("张三①", "张三"), ("x\u{302}", "x")]
        {
            assert_ne!(folded(a), folded(b), "{a} {b}");
        }
        assert_eq!(bare("张三（复件 2）"), "张三");
        assert_eq!(
            [folded("买买提·艾力"), exact("㇐"), exact("⺀"), without_brackets("张(复件)三（2）")],
            ["买买提艾力", "一", "⺀", "张三"]
        );
        assert!(['张', '々', 'あ', '한'].into_iter().all(is_cjk) && !['A', '1', '·', 'é'].into_iter().any(is_cjk));
    }

    #[test]
    fn one_number_has_one_form() {
        for number_text in [
            "20210001",
            "'20210001",
            "`20210001",
            "=\"20210001\"",
            "20210001.0",
            "２０２１０００１",
            "\u{202a}20210001\u{202c}",
            " 20210001\u{a0}",
            "2.0210001E7",
            "2.0210001e+07",
            "‘20210001’",
            "20210001.00",
        ] {
            assert_eq!(number(number_text), "20210001", "{number_text}");
        }
        assert_eq!(number("2021E12"), "2021E12");
        assert_eq!(number("0012"), "0012");
        assert!(is_shortened("4.30102E+17") && is_shortened("2E+10") && !is_shortened("2.0210001E7"));
        assert!(!is_shortened("2021E12") && !is_shortened("E12") && !is_shortened("张三"));
        for code in ["12.5E+10", "A.5E+3", "2021.5E+3", "1.AE+3", "1.5E+1234", "1.5E"] {
            assert!(!is_shortened(code) && number(code) == code, "{code}");
        }
        assert!(is_digits("0012") && !is_digits("") && !is_digits("1a") && !is_digits("１"));
    }

    #[test]
    fn stand_ins_stand_for_characters() {
        assert!(may_mean("张○一", "张喆一") && may_mean("赵*", "赵一曼") && may_mean("张喆一", "张□一"));
        assert!(!may_mean("张○一", "张一") && !may_mean("赵*", "赵") && !may_mean("张○", "李四"));
        assert!(may_mean("4301****0055", "430102200001010055"));
        let [stars, long] = ["*".repeat(40), "张".repeat(40)];
        assert!(may_mean(&stars, &long) && may_mean(&long, &long) && may_mean(&stars[1..], &long));
        assert!(!may_mean(&format!("{stars}李"), &long), "and at once");
        assert_eq!([folded("赵*·曼"), folded("张○、一")], ["赵*曼", "张○一"], "a stand-in is no punctuation");
    }

    proptest::proptest! {
        #[test]
        fn a_form_of_a_form_is_itself(text in "\\PC{0,12}", hard in "[\u{0}-\u{ffff}]{0,6}") {
            for text in [text, hard] {
                for form in [exact, folded, bare, number] {
                    assert_eq!(form(&form(&text)), form(&text), "{text:?}");
                }
            }
        }
    }
}
