//! What is wrong with a TOML file, for whoever wrote it.

use std::ops::Range;

use super::hint;
use crate::text::Reason;

impl Reason {
    /// What is wrong with a TOML file and where, without a full stop: what a parser `said` of this `part` of the `source`.
    // For the command, whose settings are TOML as well.
    #[doc(hidden)]
    pub fn of_toml(source: &str, part: Option<Range<usize>>, said: &str) -> Self {
        let Some((before, at)) = part.and_then(|part| source.split_at_checked(part.start)) else {
            return fault(said, "");
        };
        let Reason { zh, en } = fault(said, at);
        let (number, column) =
            (before.matches('\n').count() + 1, before.chars().rev().take_while(|c| *c != '\n').count() + 1);
        let line = source.lines().nth(number - 1).unwrap_or_default().trim();
        let punctuation = match has_chinese_punctuation(line) {
            true => Reason::new(
                "；此行有中文标点，请改用英文标点",
                "; this line has Chinese punctuation: use that of English",
            ),
            false => Reason::new("", ""),
        };
        Reason::new(
            format!("第{number}行第{column}列（{line}）：{zh}{}", punctuation.zh),
            format!("line {number}, column {column} ({line}): {en}{}", punctuation.en),
        )
    }
}

/// Keys of a profile that stand above its tables.
const TOP: [&str; 5] = ["title", "title-en", "extends", "edition", "overridable"];

/// What a parser `said` of what stands `at` that place.
fn fault(said: &str, at: &str) -> Reason {
    let quoted = said.split('`').skip(1).step_by(2).collect::<Vec<_>>();
    let (what, wanted) = said.split_once(", expected ").unwrap_or((said, ""));
    match (what, &quoted[..]) {
        (_, [word, ..]) if what.starts_with("unknown field") && TOP.contains(word) => Reason::new(
            format!("{word} 要写在文件开头，第一个 [ ] 之前"),
            format!("{word} belongs at the head of the file, above the first table in brackets"),
        ),
        (_, [word, known @ ..]) if what.starts_with("unknown ") => {
            let hint = hint(word, known.iter().copied());
            let kind = if what.starts_with("unknown field") { ("这一项", "key") } else { ("这个值", "value") };
            Reason::new(
                format!("没有 {word} {}{}（可以写 {}）", kind.0, hint.zh, known.join("、")),
                format!("there is no {} {word}{} (known: {})", kind.1, hint.en, known.join(", ")),
            )
        }
        (_, [key]) if what.starts_with("missing field") => {
            Reason::new(format!("缺少 {key} 这一项"), format!("the key {key} is missing"))
        }
        ("duplicate key", _) => Reason::new("这一项写了两次，请删去一处", "this is here twice; remove one"),
        ("key with no value", _) => {
            Reason::new("只有名称没有值，请写成 名称 = 值", "a key without a value; write KEY = VALUE")
        }
        ("string values must be quoted", _) if at.starts_with(char::is_numeric) => {
            Reason::new("此处应为数，如 0.3（30%）", "a number is wanted here, like 0.3 for 30 %")
        }
        ("invalid date", _) => {
            Reason::new("日期要加英文引号，如 \"2026-06\"", "a date must be quoted, like \"2026-06\"")
        }
        ("string values must be quoted", _) => {
            Reason::new("文字要加英文引号，如 \"he-2017\"", "text must be quoted, like \"he-2017\"")
        }
        ("wanted string or table", _) => Reason::new("此处应为加英文引号的文字", "text in quotes is wanted here"),
        _ if what.starts_with("invalid type")
            || what.starts_with("invalid value")
            || what.starts_with("invalid length") =>
        {
            let Reason { zh, en } = kind(wanted);
            Reason::new(format!("此处应为{zh}"), format!("{en} is wanted here"))
        }
        (_, [sign]) if wanted == format!("`{sign}`") => {
            Reason::new(format!("此处应为 {sign}"), format!("{sign} is wanted here"))
        }
        _ => Reason::new(format!("不合 TOML 的写法（{said}）"), said),
    }
}

/// The kind of value that a parser names by its type in Rust.
fn kind(wanted: &str) -> Reason {
    match wanted {
        "f64" => Reason::new("数", "a number"),
        "u8" => Reason::new("0至255的整数", "a whole number from 0 to 255"),
        "u32" => Reason::new("整数", "a whole number"),
        "a string" => Reason::new("加英文引号的文字", "text in quotes"),
        "a sequence" => Reason::new("方括号里的一列，如 [\"a\", \"b\"]", "a list in brackets, like [\"a\", \"b\"]"),
        "colours" => Reason::new(
            "颜色，每种三个数，如 [[255, 255, 255]]",
            "a list of colours of three numbers each, like [[255, 255, 255]]",
        ),
        "struct Limit" => Reason::new("范围，如 { min = 1, max = 2 }", "a range, like { min = 1, max = 2 }"),
        _ if wanted.starts_with("struct ") || wanted == "a map" => {
            Reason::new("一组设置，如 [rules.eye-line]", "a table, like [rules.eye-line]")
        }
        other => Reason::new(format!(" {other}"), other),
    }
}

/// Whether a line has the marks of a Chinese keyboard outside quotes and comments.
fn has_chinese_punctuation(line: &str) -> bool {
    let mut quote = None;
    for mark in line.chars() {
        match (quote, mark) {
            (None, '#') => return false,
            (None, '"' | '\'') => quote = Some(mark),
            (Some(open), _) if open == mark => quote = None,
            (None, '“' | '”' | '‘' | '’' | '，' | '：' | '＝' | '。' | '【' | '】' | '｛' | '｝') => {
                return true;
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::Profile;
    use crate::text::Language;

    #[test]
    fn a_slip_is_told_by_line_and_column_with_the_cure() {
        for (line, place, zh, en) in [
            ("extends = he-2017", "1", "文字要加英文引号", "text must be quoted"),
            ("extends = “he-2017”", "1", "有中文标点", "Chinese punctuation"),
            (
                "title = '，'\nextends = he-2017",
                "2",
                "文字要加英文引号，如 \"he-2017\"",
                "text must be quoted, like \"he-2017\"",
            ),
            ("edition = 'a'", "1", "应为整数", "a whole number is wanted"),
            ("title = 5", "1", "应为加英文引号的文字", "text in quotes is wanted"),
            ("title = 'a'\ntitle = 'b'", "2", "写了两次", "here twice"),
            ("[standard]\ntitle = 'x'", "1", "缺少 number 这一项", "the key number is missing"),
            ("[rule.eye-line]", "1", "没有 rule 这一项，是不是 rules？", "there is no key rule; did you mean rules?"),
            (
                "[rules.eye-line]\nseverity = 'of'",
                "2",
                "没有 of 这个值，是不是 off？",
                "there is no value of; did you mean off?",
            ),
            ("[rules.eye-line]\nlimit = 5", "2", "应为范围，如 { min = 1, max = 2 }", "a range, like { min"),
            ("[rules.eye-line]\nlimit = { min = 'a' }", "2", "此处应为数", "a number is wanted"),
            (
                "[rules.eye-line]\nlimit = { minimum = 1 }",
                "2",
                "没有 minimum 这一项，是不是 min？",
                "did you mean min?",
            ),
            ("[rules.eye-line]\nlimit = [1]", "2", "应为范围，如 { min = 1, max = 2 }", "a range, like { min"),
            ("[rules.eye-line]\nreview = [1, 2, 3]", "2", "应为范围，如 { min = 1, max = 2 }", "a range, like { min"),
            ("[reference]\nbackground-colours = [[1, 2]]", "2", "每种三个数", "three numbers"),
            ("[reference]\nbackground-colours = [[1, 2, 3, 4]]", "2", "每种三个数", "three numbers"),
            ("[reference]\nbackground-colours = [100, 197, 255]", "2", "如 [[255, 255, 255]]", "of three numbers each"),
            ("[reference]\nbackground-colours = '#64C5FF'", "2", "如 [[255, 255, 255]]", "of three numbers each"),
            ("[rules.eye-line]\nlimit = { min = 30% }", "2", "此处应为数", "a number is wanted here, like 0.3"),
            ("[rules.eye-line]\nlimit = { min = １90 }", "2", "此处应为数", "a number is wanted here, like 0.3"),
            ("[rules.eye-line]\nseverity = false", "2", "加英文引号的文字", "text in quotes is wanted here"),
            (
                "[rules.eye-line]\noverridable = []",
                "2",
                "要写在文件开头",
                "overridable belongs at the head of the file",
            ),
            ("title = 2026-06", "1", "日期要加英文引号", "a date must be quoted"),
            ("[reference]\nbackground-colours = [[1, 2, 300]]", "2", "应为0至255的整数", "from 0 to 255"),
            ("overridable = 1", "1", "方括号", "brackets"),
            ("rules = 1", "1", "一组设置", "a table"),
            ("[rules.eye-line", "1", "此处应为 ]", "] is wanted here"),
            ("nonsense", "1", "名称 = 值", "KEY = VALUE"),
        ] {
            let slip = Profile::from_toml("ours", line).expect_err(line);
            let told = [Language::Zh, Language::En].map(|language| slip.message(language));
            assert!(told[0].starts_with(&format!("标准 ours：第{place}行第")) && told[0].contains(zh), "{told:?}");
            assert!(told[1].starts_with(&format!("profile ours: line {place}, ")) && told[1].contains(en), "{told:?}");
        }
    }
}
