//! Names and numbers made short where others may read them.

use super::id_number::IdNumber;
use super::names::is_cjk;

/// Long runs of digits keep their first and last four, names their first letter: 2021****0012, 张*.
pub fn masked(text: &str) -> String {
    let (mut masked, text) = (String::new(), unspaced(text));
    let mut rest = &*text;
    while let Some(first) = rest.chars().next() {
        let is_ascii = first.is_ascii_alphanumeric();
        let same = |c: char| c.is_alphanumeric() && c.is_ascii_alphanumeric() == is_ascii;
        let end =
            if first.is_alphanumeric() { rest.find(|c| !same(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (part, after) = rest.split_at(end);
        let letters = part.chars().collect::<Vec<_>>();
        let kept = |front: usize, back: usize, stars: usize| {
            let (front, back) = (letters[..front].iter(), letters[letters.len() - back..].iter());
            front.chain(&vec!['*'; stars]).chain(back).collect::<String>()
        };
        masked += &match (is_ascii, letters.len()) {
            (true, 12..) => kept(4, 4, 4),
            (true, 6..) => kept(2, 2, letters.len() - 4),
            (true, 2..) => kept(1, 0, letters.len() - 1),
            (false, 2..) => kept(1, 0, letters.len() - 1),
            _ => part.to_owned(),
        };
        rest = after;
    }
    masked
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
            ("张三 软件1班 Li Si", "张* 软*1班 L* S*"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(masked(text), expected, "{text}");
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
