//! Names and numbers made short where others may read them.

use std::collections::{BTreeMap, BTreeSet};

use super::id_number::IdNumber;
use super::names::is_cjk;

/// Long numbers keep their first and last four characters, each word of a name its first: 2021****0012, 张*.
pub fn masked(text: &str) -> String {
    with_more(text, 0)
}

/// Texts masked so that those which differ can be told apart, as far as they can: where two would look the same, as many more
/// digits are left at the end, or where there is no number the end of the name: 20****157, 王*明, *丽.
pub fn masked_apart(texts: &[&str]) -> Vec<String> {
    let mut same = BTreeMap::<String, BTreeSet<&str>>::new();
    for text in texts {
        same.entry(masked(text)).or_default().insert(text);
    }
    let all = |texts: &BTreeSet<&str>, more| texts.iter().map(|text| with_more(text, more)).collect::<BTreeSet<_>>();
    let mut more = BTreeMap::new();
    for texts in same.values() {
        let enough = (0..=MOST).find(|more| all(texts, *more).len() == texts.len()).unwrap_or_default();
        more.extend(texts.iter().map(|text| (*text, enough)));
    }
    texts.iter().map(|text| with_more(text, more.get(text).copied().unwrap_or_default())).collect()
}

/// So many more characters may be left of a number.
const MOST: usize = 4;

/// What stands between words and is kept.
fn is_between(c: char) -> bool {
    c.is_whitespace() || "_-·•‧・.．,，、/\\+&()（）[]【】".contains(c)
}

/// The text masked, with so many more characters left at the end of its numbers, or of its names where it has no number.
fn with_more(text: &str, more: usize) -> String {
    let text = unspaced(text);
    let parts = parts(&text);
    let has_number = parts.iter().any(|part| is_number(part));
    let masked = |part: &&str| {
        let letters = part.chars().collect::<Vec<_>>();
        let kept = |front: usize, back: usize, stars: usize| {
            let (front, back) = (letters[..front].iter(), letters[letters.len() - back..].iter());
            front.chain(&vec!['*'; stars]).chain(back).collect::<String>()
        };
        let count = letters.len();
        if is_number(part) {
            let (front, back, most) = match count {
                12.. => (4, 4, 4),
                6.. => (2, 2, count),
                _ => (1, 0, count),
            };
            let back = (back + more).min(count - front - 1);
            return kept(front, back, (count - front - back).min(most));
        }
        match (count, if has_number { 0 } else { more }) {
            (0 | 1, _) => (*part).to_owned(),
            (_, 0) => kept(1, 0, count - 1),
            (3.., 1) => kept(1, 1, count - 2),
            _ => kept(0, count - 1, 1),
        }
    };
    parts.iter().map(masked).collect()
}

/// Numbers, words and what stands between them. A name is one word whatever characters it has: some have none in any font.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = match (is_between(first), leading_number(rest)) {
            (true, _) => first.len_utf8(),
            (_, Some(end)) => end,
            _ => {
                let stops = |(at, c): &(usize, char)| {
                    is_between(*c)
                        || !rest[..*at].ends_with(|c: char| c.is_ascii_alphanumeric())
                            && leading_number(&rest[*at..]).is_some()
                };
                rest.char_indices().skip(1).find(stops).map_or(rest.len(), |(at, _)| at)
            }
        };
        let (part, after) = rest.split_at(end);
        parts.push(part);
        rest = after;
    }
    parts
}

/// Where the number ends that the text begins with.
fn leading_number(text: &str) -> Option<usize> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    Some(end).filter(|end| is_number(&text[..*end]))
}

/// Latin letters and digits, of more than one character.
fn is_number(part: &str) -> bool {
    part.len() > 1 && part.bytes().all(|c| c.is_ascii_alphanumeric()) && part.bytes().any(|c| c.is_ascii_digit())
}

/// Text without blanks beside a Chinese character alone, which would stay in sight: 张 三.
fn unspaced(text: &str) -> String {
    let is_chinese = |word: &str| !word.is_empty() && word.chars().all(is_cjk);
    let mut words = text.split(' ');
    let mut last = words.next().unwrap_or_default();
    let mut unspaced = last.to_owned();
    for word in words {
        let are_one = is_chinese(last) && is_chinese(word) && [last, word].iter().any(|w| w.chars().count() == 1);
        unspaced.push_str(if are_one { "" } else { " " });
        unspaced.push_str(word);
        last = word;
    }
    unspaced
}

/// Digits of the numbers before 1999, the shortest.
const SHORTEST_NUMBER: usize = 15;

/// `text` with the middle of every number of an identity document starred out; photos are often named by them.
pub fn without_id_numbers(text: &str) -> String {
    // Of most texts a count of their bytes tells that there is none, and that goes many at a time.
    if text.bytes().filter(u8::is_ascii_digit).count() < SHORTEST_NUMBER {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let digits = from.bytes().take_while(u8::is_ascii_digit).count();
        let end = if digits == 17 && from[17..].starts_with(['X', 'x']) { 18 } else { digits };
        let (number, after) = from.split_at(end);
        shown += before;
        // Many a number has 15 digits; one of before 1999 has a date in it.
        let is_old = number.len() == SHORTEST_NUMBER && IdNumber::read(number) == IdNumber::Valid;
        match IdNumber::looks_like(number) || is_old {
            true => shown += &[&number[..4], &"*".repeat(number.len() - 8), &number[number.len() - 4..]].concat(),
            false => shown += number,
        }
        rest = after;
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_masked() {
        let cases = [
            ("202100000012", "2021****0012"),
            ("430102200001011234", "4301****1234"),
            ("20210012", "20****12"),
            ("张三", "张*"),
            ("欧阳娜娜", "欧***"),
            ("20210012_张三", "20****12_张*"),
            ("张三_20210012", "张*_20****12"),
            ("IMG_0001", "I**_0***"),
            ("张 三 20210012", "张* 20****12"),
            ("欧阳 修", "欧**"),
            ("张三 软件1班 Li Si", "张* 软*** L* S*"),
            ("张三20210012(2)", "张*20****12(2)"),
            // Of a name that is written in several kinds of letters no half stays in sight.
            ("张\u{e863}明", "张**"),
            ("张○一 20210012", "张** 20****12"),
            ("陈?华", "陈**"),
            ("\u{f0001}某某", "\u{f0001}**"),
            ("杨⿰火韦强", "杨****"),
            ("Nguyễn Thị Phương", "N***** T** P*****"),
            ("O'Brien Müller-Łukasz", "O****** M*****-Ł*****"),
            ("阿卜杜·买买提", "阿**·买**"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(masked(text), expected, "{text}");
        }
    }

    #[test]
    fn texts_that_differ_are_told_apart() {
        for (texts, expected) in [
            (&["张三 20210012", "李四 20210012"][..], &["张* 20****12", "李* 20****12"][..]),
            (&["202301057", "202301157", "202301058"], &["20****057", "20****157", "20*****58"]),
            (&["王小明", "王大力", "王丽", "王芳", "王芳"], &["王*明", "王*力", "*丽", "*芳", "*芳"]),
            (&["王小明", "王大明"], &["*小明", "*大明"]),
            (&["王小明 20230101", "王大力 20230201"], &["王** 20***101", "王** 20***201"]),
            (&["2023000000010157", "2023000000020157"], &["2023****10157", "2023****20157"]),
        ] {
            assert_eq!(masked_apart(texts), expected);
        }
    }

    #[test]
    fn numbers_of_identity_documents_are_shortened() {
        let cases = [
            ("张三430102200001011234.jpg", "张三4301**********1234.jpg"),
            ("11010519491231002X_1", "1101**********002X_1"),
            ("110105491231002", "1101*******1002"),
            ("110105499931002", "110105499931002"),
            ("20210001234567", "20210001234567"),
            ("1234567890123456789", "1234567890123456789"),
            ("", ""),
        ];
        for (text, shown) in cases {
            assert_eq!(without_id_numbers(text), shown);
        }
    }
}
