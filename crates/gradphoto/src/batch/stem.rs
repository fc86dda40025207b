//! What the name of a photo's file says: the parts that may mean somebody, without what a camera or a telephone put there.

use super::names::{exact, is_cjk, is_digits, is_stand_in};
use super::words::Words;

/// A part of a file's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub text: String,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Digits, perhaps with Latin letters.
    Code,
    /// Letters of alphabets.
    Letters,
    /// Chinese characters, a middle dot between them included.
    Chinese,
}

impl Part {
    pub fn has_stand_in(&self) -> bool {
        self.text.chars().any(is_stand_in)
    }

    /// The longest run of digits in it.
    pub fn digits(&self) -> &str {
        self.text.split(|c: char| !c.is_ascii_digit()).max_by_key(|run| run.len()).unwrap_or_default()
    }

    /// A Chinese character alone.
    pub fn is_lone_character(&self) -> bool {
        self.kind == Kind::Chinese && self.text.chars().count() == 1
    }

    /// Digits too few to find anybody by: the number of a copy.
    pub fn is_short_number(&self) -> bool {
        is_digits(&self.text) && self.text.len() < 4
    }
}

/// The parts of a name in their order.
pub(super) fn parts(stem: &str) -> Vec<Part> {
    parts_beside(stem, &|_| false)
}

/// The parts of a name, where these numbers are somebody's: behind 照片, which no camera writes before a time, they stay, and
/// letters that they begin with are of no name before them, 张三S2301001.
pub(super) fn parts_beside(stem: &str, is_known: &dyn Fn(&str) -> bool) -> Vec<Part> {
    let mut tokens = tokens(stem, is_known);
    silence_devices(&mut tokens, is_known);
    silence_dates(&mut tokens, is_known);
    silence_words(&mut tokens);
    let mut parts: Vec<Part> = Vec::new();
    let mut is_joined = false;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(mut token) = tokens.next() {
        let is_number =
            |digits: &Token| digits.kind == TokenKind::Digits && is_known(&format!("{}{}", token.text, digits.text));
        if token.kind == TokenKind::Letters
            && let Some(digits) = tokens.next_if(is_number)
        {
            token = Token { kind: TokenKind::Digits, text: token.text + &digits.text };
        }
        let kind = match token.kind {
            TokenKind::Digits => Kind::Code,
            TokenKind::Letters => Kind::Letters,
            TokenKind::Chinese => Kind::Chinese,
            TokenKind::Gap | TokenKind::Silent => {
                is_joined = false;
                continue;
            }
        };
        match parts.last_mut() {
            Some(last) if is_joined && (kind != Kind::Chinese && last.kind != Kind::Chinese) => {
                last.text += &token.text;
                last.kind = Kind::Code;
            }
            // 张三A is a name of its own, 20210001张三 a number and a name, 张三zhangsan a name and a word.
            Some(last)
                if is_joined && kind != Kind::Code && last.kind != Kind::Code && !is_word(kind, &token.text, last) =>
            {
                last.text += &token.text;
                last.kind = Kind::Chinese;
            }
            _ => parts.push(Part { text: token.text, kind }),
        }
        is_joined = true;
    }
    parts
}

/// Whether a name says that the photo is not to be used, or perhaps not of the person whom it names: 20210001_作废. What the
/// `own` name has, as Ng Siew's has NG, says nothing.
pub(super) fn is_doubted(name: &str, own: &str) -> bool {
    const INSIDE: Words = Words(
        "作废 废片 废照 废弃 报废 弃用 无效 删除 待删 已删 淘汰 拍错 发错 传错 放错 错误 有误 非本人 不是 冒名 顶替 \
         代拍 替拍 疑似 存疑 待查 待核实 待确认 未确认",
    );
    const ALONE: Words =
        Words("废 错 误 删 不用 不要 示例 样例 样板 NG DELETE DELETED WRONG REJECT REJECTED REJECTS UNUSED TRASH");
    let mut doubts = parts(name);
    doubts.retain(|part| INSIDE.are_in(&part.text) || ALONE.has(&part.text));
    let mut own = if doubts.is_empty() { Vec::new() } else { parts(own) };
    doubts.iter().any(|doubt| own.iter().position(|part| part == doubt).map(|at| own.swap_remove(at)).is_none())
}

/// Whether of two neighbours one is a whole name and the other in letters, more than tell people of one name apart.
fn is_word(kind: Kind, text: &str, last: &Part) -> bool {
    let (letters, name) = match (kind, last.kind) {
        (Kind::Letters, _) => (text, &*last.text),
        (_, Kind::Letters) => (&*last.text, text),
        _ => return false,
    };
    (letters.chars().count() > 2 || matches!(letters, "OK" | "PS")) && name.chars().count() > 1
}

/// The number of a name that stands alone behind the word of a device and may be the time of a photo: IMG_20210301.
pub(super) fn stamp(stem: &str) -> Option<String> {
    let mut tokens = tokens(stem, &|_| false);
    silence_devices(&mut tokens, &|_| false);
    // A date with its hour is a time for certain; the number of a copy is none.
    let digits = tokens.into_iter().filter(|token| is_digits(&token.text) && token.text.len() > 1);
    match &digits.collect::<Vec<_>>()[..] {
        [one] if one.kind == TokenKind::Silent && one.text.len() >= 6 => Some(one.text.clone()),
        _ => None,
    }
}

struct Token {
    kind: TokenKind,
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TokenKind {
    Digits,
    Letters,
    Chinese,
    /// What stands between parts.
    Gap,
    /// Says nothing of a person.
    Silent,
}

impl Token {
    /// Leaves only the end of its text; without any it is a gap.
    fn shorten(&mut self, rest: &str) {
        self.text = rest.to_owned();
        if rest.is_empty() {
            self.kind = TokenKind::Gap;
        }
    }
}

/// Runs of characters of a kind; blanks end a run.
fn tokens(stem: &str, is_known: &dyn Fn(&str) -> bool) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let is_end = |c: char| c.is_whitespace() || "_(){}[]（）".contains(c);
    for word in stem.split_inclusive(is_end) {
        tokens.push(Token { kind: TokenKind::Gap, text: String::new() });
        let bare = word.trim_matches(is_end);
        if is_random(bare) && !is_known(&exact(bare)) {
            continue;
        }
        for c in exact(word).chars() {
            let last = tokens.last().map_or(TokenKind::Gap, |token| token.kind);
            let kind = match c {
                c if c.is_ascii_digit() => TokenKind::Digits,
                // A star among digits hides digits, among characters a character.
                c if is_stand_in(c) && last == TokenKind::Digits => TokenKind::Digits,
                c if is_stand_in(c) || is_cjk(c) => TokenKind::Chinese,
                '·' if last == TokenKind::Chinese => TokenKind::Chinese,
                c if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) => TokenKind::Letters,
                _ => TokenKind::Gap,
            };
            match tokens.last_mut() {
                Some(token) if token.kind == kind => token.text.push(c),
                _ => tokens.push(Token { kind, text: c.into() }),
            }
        }
    }
    tokens
}

/// Whether a word is one that programs draw by chance, as UUIDs and sums of files are: any number may stand in it.
fn is_random(word: &str) -> bool {
    let digits = word.bytes().filter(|b| *b != b'-').collect::<Vec<_>>();
    let changes = digits.windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
    digits.len() >= 16 && digits.iter().all(u8::is_ascii_hexdigit) && changes >= 3
}

/// What cameras, telephones and chats write before dates and counts.
const DEVICES: Words = Words(
    "IMG DSC DSCN DSCF DSCO DCIM PXL MVIMG VID WIN SCREENSHOT SCREEN MMEXPORT WXCAMERA WX CAMERA CAM PHOTO PICTURE \
     PIC IMAGE SAVE SNAPSHOT SNAP MG CIMG SAM KIMG GOPR DJI BURST PANO RIMG HDR PORTRAIT RAW EXPORT FACEU BEAUTY MYXJ \
     MTXX TIMG QQ LRM LR CRW NEF ARW SDIM PSX LIVE INSHOT SHOT COLLAGE TMP FILE SCAN SCANNED 微信图片 微信截图 \
     微信照片 图片 截图 截屏 屏幕截图 屏幕快照 屏幕截屏 企业微信截图 企业微信图片 钉钉截图 相机 照片 拍照 相机照片 \
     扫描件 扫描 录屏",
);
/// Those of them that are words of names as well: Aung Win.
const NAMES: Words = Words("WIN SAM CAM");
/// Those of them that are written to a name without a gap: 张三微信图片_20231105093000.
const BEHIND_NAMES: Words = Words("微信图片 微信截图 微信照片 屏幕截图 屏幕快照 企业微信截图 企业微信图片 钉钉截图");

/// Whether a code has the form of the names that cameras give (DCF): four characters with a letter, and a count of four digits.
pub(super) fn is_of_a_camera(code: &str) -> bool {
    let Some((head, count)) = code.split_at_checked(4) else { return false };
    count.len() == 4 && is_digits(count) && !is_digits(head)
}

/// The count of a camera whose first characters its owner chose, D85_0001, and what stands behind it.
pub(super) fn own_count(stem: &str) -> Option<(&str, &str)> {
    let (name, rest) = stem.split_at_checked(8)?;
    let is_fit = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_one = name.chars().all(is_fit) && name[..4].contains('_') && is_of_a_camera(name);
    // Those of known devices say nothing anyway.
    let is_said = || parts(name).iter().any(|part| part.text == name[4..]);
    let is_end = !rest.starts_with(char::is_alphanumeric);
    (is_one && is_end && is_said()).then(|| (&name[4..], rest))
}

/// Whether a folder is named by a date or a year, 2026年5月, or says nothing but a number of few digits.
pub(super) fn is_about_time(folder: &str) -> bool {
    let folder = exact(folder);
    let rest = folder.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &folder[..folder.len() - rest.len()];
    let is_of_time = |c: char| c.is_ascii_digit() || "年月日届级".contains(c);
    match rest {
        "" => is_digits(digits) && (digits.len() < 4 || is_year(digits) || is_date(digits)),
        _ => is_year(digits) && rest.starts_with(['年', '届', '级']) && rest.chars().all(is_of_time),
    }
}

/// Numbers behind the word of a device are its own, unless they are too long for a count and no time.
fn silence_devices(tokens: &mut [Token], is_known: &dyn Fn(&str) -> bool) {
    // 100_1234: folder and count of a camera, and nothing else.
    let said = tokens.iter().filter(|token| !token.text.trim_matches(['_', '-']).is_empty()).collect::<Vec<_>>();
    if let [folder, count] = said[..]
        && [folder, count].iter().all(|token| token.kind == TokenKind::Digits)
        && (folder.text.len(), count.text.len()) == (3, 4)
    {
        tokens.iter_mut().for_each(|token| token.kind = TokenKind::Silent);
    }
    let is_letters = |token: &Token| token.kind == TokenKind::Letters && !DEVICES.has(&token.text);
    let words = tokens.iter().filter(|token| token.kind != TokenKind::Gap).map(is_letters).collect::<Vec<_>>();
    let (mut is_device, mut is_of_people, mut place) = (false, false, 0_usize);
    for token in tokens {
        let is_in_a_name =
            [place.checked_sub(1), Some(place + 1)].iter().flatten().any(|at| words.get(*at) == Some(&true));
        place += usize::from(token.kind != TokenKind::Gap);
        match token.kind {
            TokenKind::Letters | TokenKind::Chinese => {
                let is_word = DEVICES.has(&token.text) && !(is_in_a_name && NAMES.has(&token.text));
                let names = BEHIND_NAMES.all().filter_map(|word| token.text.strip_suffix(word));
                if let Some(name) = names.min_by_key(|name| name.len()).filter(|name| name.chars().count() >= 2) {
                    token.text = name.to_owned();
                    (is_device, is_of_people) = (true, false);
                    continue;
                }
                // A name ends what the device wrote; letters, as in 09_30_00_Pro, do not.
                is_device = is_word || is_device && token.kind == TokenKind::Letters;
                if is_word {
                    is_of_people = token.text == "照片";
                    token.kind = TokenKind::Silent;
                }
            }
            TokenKind::Digits if is_device && is_of_people && token.text.len() >= 6 && is_known(&token.text) => {}
            TokenKind::Digits if is_device && (token.text.len() < 6 || is_time_stamp(&token.text)) => {
                token.kind = TokenKind::Silent;
            }
            TokenKind::Digits | TokenKind::Gap | TokenKind::Silent => {}
        }
    }
}

/// Words on photos that are written to a name without a gap: 张三的照片. Of two characters at least that stay a name can be.
fn silence_words(tokens: &mut [Token]) {
    const BEFORE: Words = Words(
        "姓名 学生 毕业生 班长 照片 补拍 重拍 副本 专升本 高起专 高起本 本科 本科生 专科 专科生 高职 中职 研究生",
    );
    const BEHIND: Words = Words(
        "的 本人 同学 照片 相片 旧照 新照 原图 原片 精修图 副本 复件 复制 复制件 拷贝 备份 补拍 重拍 \
         最新 最新版 最终 最终版 终版 定稿 已修 修好 已修好 裁剪 压缩 已压缩 压缩版 压缩后 修改 已修改 修改版 修改后 \
         电子版 电子档 高清版 精修版 采集 图像采集 头像 蓝色背景 白色背景 红色背景 蓝背景 白背景 红背景",
    );
    // What stands between a name and 照, and what of it stands there without 照 as well.
    const KINDS: Words = Words(
        "毕业 毕业生 毕业证 毕业证件 电子 登记 标准 免冠 学历 学籍 学信网 采集 图像采集 报名 大头 个人 学位 身份证 彩色 寸",
    );
    const KINDS_ALONE: Words = Words("一寸 二寸 两寸 小一寸 小二寸 蓝底 白底 红底 精修 高清 正面 证件");
    for token in tokens.iter_mut().filter(|token| token.kind == TokenKind::Chinese) {
        let is_name = |rest: &&str| rest.chars().count() >= 2;
        let shorter = |text: &str| {
            let behind = BEHIND.all().chain(KINDS_ALONE.all()).filter_map(|word| text.strip_suffix(word));
            let photo = ["照", "照片"].into_iter().filter_map(|photo| text.strip_suffix(photo));
            let kinds = || KINDS.all().chain(KINDS_ALONE.all());
            let behind = behind.chain(photo.flat_map(|of| kinds().filter_map(|kind| of.strip_suffix(kind))));
            let before = BEFORE.all().filter_map(|word| text.strip_prefix(word));
            behind.chain(before).filter(is_name).min_by_key(|rest| rest.len()).map(str::to_owned)
        };
        while let Some(text) = shorter(&token.text) {
            token.text = text;
        }
    }
}

/// Dates with a time behind them, and dates written with years, months and days apart.
fn silence_dates(tokens: &mut [Token], is_known: &dyn Fn(&str) -> bool) {
    let texts = tokens.iter().map(|token| token.text.clone()).collect::<Vec<_>>();
    let digits = tokens.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Digits);
    let digits = digits.map(|(place, _)| place).collect::<Vec<_>>();
    let mut silent = Vec::new();
    for (at, pair) in digits.windows(2).enumerate() {
        let between = &tokens[pair[0] + 1..pair[1]];
        let is_near =
            between.iter().all(|token| token.kind == TokenKind::Gap || token.text == "T" || token.text == "AT");
        let clock = &texts[pair[1]];
        let is_clock = is_digits(clock) && matches!(clock.len(), 4 | 6 | 9) && is_time(&clock[..clock.len().min(6)]);
        // 20231105_2021_0002: of a number in pieces the first is no time.
        let is_piece = || {
            digits.get(at + 2).is_some_and(|&next| {
                let is_beside = tokens[pair[1] + 1..next].iter().all(|token| token.kind == TokenKind::Gap);
                is_beside && is_known(&format!("{clock}{}", texts[next]))
            })
        };
        if is_near && is_date(&texts[pair[0]]) && is_clock && !is_piece() {
            silent.extend(pair[0]..=pair[1]);
        }
        // P31105-093000: a letter, the last digit of the year, month and day.
        let is_lettered = pair[0].checked_sub(1).is_some_and(|before| tokens[before].kind == TokenKind::Letters);
        if is_near && is_lettered && texts[pair[0]].len() <= 6 && is_clock && clock.len() == 6 {
            silent.extend(pair[0] - 1..=pair[1]);
        }
    }
    for three in digits.windows(3) {
        let [year, month, day] = [0, 1, 2].map(|i| texts[three[i]].as_str());
        let is_apart = |a: usize, b: usize| {
            let between = tokens[a + 1..b].iter().map(|token| token.text.as_str()).collect::<String>();
            ["-", "_", ".", "年", "月", ""].contains(&between.as_str())
        };
        let written = format!("{year:0>4}{month:0>2}{day:0>2}");
        if is_apart(three[0], three[1]) && is_apart(three[1], three[2]) && year.len() == 4 && is_date(&written) {
            silent.extend(three[0]..=three[2]);
            let from = three[2] + 1;
            if let Some(rest) = texts.get(from).and_then(|text| text.strip_prefix('日')) {
                tokens[from].shorten(rest);
            }
            silent.extend((from..tokens.len()).take_while(|place| {
                let Token { kind, text } = &tokens[*place];
                matches!(kind, TokenKind::Gap | TokenKind::Digits) && text.len() <= 2
            }));
        }
    }
    for place in silent {
        tokens[place].kind = TokenKind::Silent;
    }
    for place in 1..tokens.len() {
        // 02号张三
        let is_counted = tokens[place - 1].kind == TokenKind::Digits && texts[place - 1].len() < 4;
        if let (true, Some(rest)) = (is_counted, texts[place].strip_prefix('号')) {
            tokens[place].shorten(rest);
        }
        // 软件2201班学号20210001
        if let (TokenKind::Digits, Some(rest)) = (tokens[place - 1].kind, texts[place].strip_prefix('班'))
            && ["学号", "姓名"].iter().any(|word| rest.starts_with(word))
        {
            tokens[place].shorten(rest);
        }
        // 2026届张三
        let is_year = matches!(tokens[place - 1].kind, TokenKind::Digits) && matches!(texts[place - 1].len(), 2 | 4);
        if let (true, Some(rest)) = (is_year, texts[place].strip_prefix(['届', '级'])) {
            tokens[place - 1].kind = TokenKind::Silent;
            tokens[place].shorten(rest);
        }
    }
}

/// A date, a date with its time, a time, or seconds or milliseconds since 1970.
pub(super) fn is_time_stamp(digits: &str) -> bool {
    match digits.len() {
        _ if !is_digits(digits) => false,
        6 => is_time(digits),
        8 => is_date(digits),
        10 | 13 => is_count_of_seconds(digits),
        9 => is_time(&digits[..6]),
        12 | 14 | 17 => is_date(&digits[..8]) && is_time(&digits[8..digits.len().min(14)]),
        _ => false,
    }
}

/// Seconds or milliseconds since 1970.
pub(super) fn is_count_of_seconds(digits: &str) -> bool {
    is_digits(digits) && matches!(digits.len(), 10 | 13) && digits.starts_with('1')
}

/// YYYY of this age.
fn is_year(digits: &str) -> bool {
    digits.len() == 4 && is_digits(digits) && matches!(digits.parse::<u32>(), Ok(1990..2100))
}

/// YYYYMMDD of this age.
fn is_date(digits: &str) -> bool {
    if digits.len() != 8 || !is_digits(digits) {
        return false;
    }
    let value = |from: usize, to: usize| digits[from..to].parse::<u32>().unwrap_or(0);
    is_year(&digits[..4]) && (1..=12).contains(&value(4, 6)) && (1..=31).contains(&value(6, 8))
}

/// HHMMSS, or HHMM.
fn is_time(digits: &str) -> bool {
    let limits = [24, 60, 61];
    let parts = digits.as_bytes().chunks(2).zip(limits);
    is_digits(digits) && parts.into_iter().all(|(part, limit)| part.iter().fold(0, |n, b| 10 * n + (b - b'0')) < limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(stem: &str) -> Vec<String> {
        parts(stem).into_iter().map(|part| part.text).collect()
    }

    #[test]
    fn numbers_of_copies_and_characters_that_were_lost_are_told() {
        let first = |stem: &str| parts(stem).into_iter().next().expect("says something");
        assert_eq!(["2", "123", "1234", "A2"].map(|stem| first(stem).is_short_number()), [true, true, false, false]);
        assert_eq!(
            ["张○三", "张三", "2021*01", "2021"].map(|stem| first(stem).has_stand_in()),
            [true, false, true, false]
        );
    }

    #[test]
    fn what_devices_write_says_nothing() {
        assert_eq!(said("20231105_2021\u{fffd}0"), ["20231105", "2021\u{fffd}0"]);
        for stem in [
            "IMG_20231105_093000",
            "Screenshot_20231105-093000",
            "微信图片_20231105093000",
            "mmexport1699148000123",
            "IMG_0012",
            "DSC01234",
            "_MG_1234",
            "2023-11-05 09.30.00",
            "20231105_093000",
            "QQ图片20231105093000",
            "PXL_20231105_093000123",
            "2023年11月5日",
            "屏幕截图 2023-11-05 093000",
        ] {
            let parts = said(stem);
            assert!(
                parts.iter().all(|part| part.len() < 4 || part.bytes().all(|b| b.is_ascii_alphabetic())),
                "{stem}: {parts:?}"
            );
        }
        assert_eq!(said("WIN_20231105_09_30_00_Pro"), ["PRO"]);
        assert_eq!(said("IMG_20231105_093000_张三"), ["张三"]);
        assert_eq!(said("IMG_20210001"), ["20210001"]);
        assert_eq!(said("20231105"), ["20231105"]);
    }

    #[test]
    fn a_date_with_its_time_says_nothing_and_numbers_that_are_neither_are_kept() {
        let cases: &[(&str, &[&str])] = &[
            ("20231105_0930", &[]),
            ("20231105_093000123", &[]),
            ("20231105T093000", &[]),
            ("20231105 at 093000", &[]),
            ("20231105_12345", &["20231105", "12345"]),
            ("20231105_2500", &["20231105", "2500"]),
            ("20231105_张三_093000", &["20231105", "张三", "093000"]),
            ("20210001_093000", &["20210001", "093000"]),
            // Some cameras write a letter before the last digit of the year, month and day.
            ("P31105-093000", &[]),
            ("P231105-093000", &[]),
            ("P2311050-093000", &["P2311050", "093000"]),
            ("P31105-0930", &["P31105", "0930"]),
            ("P31105-250000", &["P31105", "250000"]),
            ("P31105-张三-093000", &["P31105", "张三", "093000"]),
            ("31105-093000", &["31105", "093000"]),
            ("张31105-093000", &["张", "31105", "093000"]),
            ("2023-11-05", &[]),
            ("2023.11.5", &[]),
            ("2023年11月5日", &[]),
            ("2023年11月5日张三", &["张三"]),
            ("2023年11月5日 09.30.00", &[]),
            ("2023年张三5日", &["2023", "年张三", "5", "日"]),
            ("23-11-05", &["23", "11", "05"]),
            ("2023-13-05", &["2023", "13", "05"]),
            ("2023-11+05", &["2023", "11", "05"]),
            ("2023+11-05", &["2023", "11", "05"]),
            ("2023-11-05 09.30.00", &[]),
            ("2023-11-05 张三", &["张三"]),
            ("2023-11-05 0012", &["0012"]),
            ("2023-11-05 1 张三 2", &["张三", "2"]),
            ("26级李四", &["李四"]),
            ("2026届", &[]),
            ("202届李四", &["202", "届李四"]),
            ("A届李四", &["A届李四"]),
        ];
        for (stem, expected) in cases {
            assert_eq!(said(stem), *expected, "{stem}");
        }
    }

    #[test]
    fn behind_the_word_of_a_device_a_time_of_this_age_says_nothing_and_another_number_does() {
        for silent in [
            "12345",
            "235960",
            "19900101",
            "20991231",
            "20231201",
            "20230131",
            "1699148000",
            "1699148000123",
            "093000123",
            "202311050930",
            "20231105093000",
            "20231105093000123",
        ] {
            assert!(said(&format!("IMG_{silent}")).is_empty(), "{silent}");
        }
        for kept in [
            "240000",
            "236000",
            "235961",
            "19891231",
            "21000101",
            "20230001",
            "20231301",
            "20231100",
            "20231132",
            "2699148000",
            "2699148000123",
            "16991480001",
            "990000123",
            "202113050930",
            "20211305093000",
            "20211305093000123",
            "202311050960",
            "20231105250000",
            "2023*1105",
            "2021○01",
            "1234567",
        ] {
            assert_eq!(said(&format!("IMG_{kept}")), [kept], "a number of somebody");
        }
        assert_eq!(said("IMG_张三_12345"), ["张三", "12345"], "a name ends what the device wrote");
        assert!(said("100_0012").is_empty(), "folder and count of a camera");
        assert_eq!(said("1001_0012"), ["1001", "0012"]);
        assert_eq!(said("100_00123"), ["100", "00123"]);
        assert_eq!(said("100_0012_张三"), ["100", "0012", "张三"]);
    }

    #[test]
    fn a_number_that_may_be_a_time_is_told_where_it_stands_alone() {
        for (stem, number) in [
            ("IMG_20231105", Some("20231105")),
            ("微信图片_202311050930", Some("202311050930")),
            ("IMG_20231105_1", Some("20231105")),
            ("IMG_20231105_093000", None),
            ("WIN_20231105_09_30_00_Pro", None),
            ("IMG_0012", None),
            ("20231105", None),
            ("IMG_20210001", None),
        ] {
            assert_eq!(stamp(stem).as_deref(), number, "{stem}");
        }
        let known = |stem: &str| {
            let parts = parts_beside(stem, &|digits| digits == "20231105");
            parts.into_iter().map(|part| part.text).collect::<Vec<_>>()
        };
        assert_eq!(known("照片20231105"), ["20231105"]);
        assert!(known("IMG_20231105").is_empty() && known("照片20231106").is_empty());
    }

    #[test]
    fn words_for_a_photo_are_let_go_while_a_name_is_left() {
        for (stem, name) in [
            ("张三的照片", "张三"),
            ("学生张三", "张三"),
            ("姓名张三一寸蓝底", "张三"),
            ("张三复制", "张三"),
            ("李的照片", "李的"),
            ("王照片", "王照片"),
            ("孙八修好", "孙八"),
            ("陈欣电子照片", "陈欣"),
            ("陈欣毕业证件照", "陈欣"),
            ("陈欣图像采集照片", "陈欣"),
            ("陈欣蓝色背景压缩后", "陈欣"),
            ("专升本姜志", "姜志"),
            ("张标准", "张标准"),
            ("王立新照片", "王立新"),
            ("毕业照片", "毕业"),
            ("陈毕业照", "陈毕业照"),
        ] {
            assert_eq!(said(stem), [name], "{stem}");
        }
    }

    #[test]
    fn counts_of_cameras_and_folders_of_days_are_known() {
        assert_eq!(
            ["P1010234", "DSC_0234", "20210234", "P101023", "P10102345", "P101023A"].map(is_of_a_camera),
            [true, true, false, false, false, false]
        );
        let count = |stem| own_count(stem).map(|(count, _)| count);
        assert_eq!(["D85_0001", "R5__0008", "z6a_0007-2"].map(count), [Some("0001"), Some("0008"), Some("0007")]);
        assert_eq!(["DSC_0001", "100_0001", "D85_00012", "A7M40013", "D8_50001"].map(count), [None; 5]);
        assert_eq!(
            ["20231105", "1", "123", "2026", "2026届", "2026年5月"].map(is_about_time),
            [true, true, true, true, true, true]
        );
        assert_eq!(
            ["1234", "20210001", "02026", "2026届张三", "2026-1", "软件1班", ""].map(is_about_time),
            [false, false, false, false, false, false, false]
        );
    }

    #[test]
    fn numbers_and_names_are_parted() {
        assert_eq!(said("20210001张三"), ["20210001", "张三"]);
        assert_eq!(said("11010519491231002x_张 三"), ["11010519491231002X", "张", "三"]);
        assert_eq!(said("zp2022002"), ["ZP2022002"]);
        let known = |stem| parts_beside(stem, &|number| number == "S2301001");
        let known = |stem| known(stem).into_iter().map(|part| part.text).collect::<Vec<_>>();
        assert_eq!(known("张三S2301001"), ["张三", "S2301001"]);
        assert_eq!(known("S2301001张三A"), ["S2301001", "张三A"]);
        assert_eq!(known("张三S2301002"), ["张三S", "2301002"]);
        assert_eq!(said("20210004_买买提•艾力"), ["20210004", "买买提·艾力"]);
        assert_eq!(said("·张三"), ["张三"]);
        assert_eq!(said("Jose\u{301} Pérez-1"), ["JOSÉ", "PÉREZ", "1"]);
        assert_eq!(said("赵*_4301****0055"), ["赵*", "4301****0055"]);
        assert_eq!(said("2026届张三"), ["张三"]);
        assert_eq!(said("张三A_张三B1"), ["张三A", "张三B", "1"]);
        assert_eq!(said("张三zhangsan_lisi李四"), ["张三", "ZHANGSAN", "LISI", "李四"]);
        assert_eq!(said("see三_张abc"), ["SEE三", "张ABC"]);
        assert_eq!(said("张三ok_张三PS_李OK"), ["张三", "OK", "张三", "PS", "李OK"]);
        assert_eq!(said("Aung Win_1"), ["AUNG", "WIN", "1"]);
        assert_eq!(said("Sam Smith"), ["SAM", "SMITH"]);
    }
}
