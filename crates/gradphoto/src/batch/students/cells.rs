//! What a cell holds, for what people write into rosters besides numbers and names.

use super::super::names::{exact, is_cjk, is_shortened, number, without_brackets};
use super::super::roster::answer;
use super::super::table::Lost;
use super::super::words::Words;

/// What people write where there is nothing.
const NOTHING: Words = Words("无 暂无 没有 待定 未分配 未编 空 - -- — —— / \\ N/A NA NULL NONE #N/A");
/// What formulas leave that fail, where a program has saved it as text.
const ERRORS: Words = Words("#REF! #VALUE! #NAME? #DIV/0! #NULL! #NUM!");
/// What became of students who may need no photo, and what ends it.
const GONE: Words = Words(
    "退学 休学 转出 已转学 已毕业 提前毕业 延期毕业 延迟毕业 延毕 延长学制 肄业 入伍 参军 保留学籍 保留入学资格 未报到 开除 死亡 \
     去世 注销 离校 不在校 不在籍 无学籍 不拍 不用拍 无需拍 免拍 不参加",
);
const BACK: Words = Words("复学 复课 转入 退伍 返校");
const DENIALS: Words = Words("未 无 没 没有 非 不 不是");
/// Heads of columns in which 否 means that a student needs no photo.
const ASKED: Words = Words("需要 参加 在校 在籍 在读");
/// Words of directions how to fill in a column.
const DIRECTIONS: Words = Words("填 格式 文本 例");
/// What a column takes.
const KINDS: Words = Words(
    "文本 文本型 文本格式 文本类型 字符 字符型 字符串 数字 数字型 数值 数值型 整数 日期 日期型 日期格式 常规 下拉 下拉框 下拉选择 \
     单选 必录 可选 可不填 自动生成 汉字 中文 是 否 C Y N YES NO √ NULL NOTNULL STRING TEXT VARCHAR NVARCHAR VARCHAR2 CHAR INT INTEGER NUMBER NUMERIC DATE REQUIRED \
     OPTIONAL MANDATORY",
);
/// How longer words of that kind begin: 必填项, 与身份证一致.
const KIND_STARTS: Words =
    Words("必填 选填 非必填 必须 不填 请填 请输入 请选择 填写 与身份证 同身份证 不超过 最多 长度 不能 不得 不可");
/// What an example is called, alone or before the example.
const EXAMPLES: Words = Words("示例 样例 范例 例 例如 举例 EXAMPLE 填写示例 填写样例 (示例 (例 (样例");
/// And behind it.
const EXAMPLE_NOTES: Words = Words("(示例) (样例) (例) (示例, (样例,");
/// How what stands below lists begins.
const FEET: Words = Words(
    "合计 总计 共计 小计 总人数 人数 制表 填表 审核 复核 经办 负责人 联系人 联系电话 打印 导出 说明 备注 注: 签字 签名 盖章 班主任 \
     辅导员 以下 下列 填报 单位 领导 日期: 审批 校对 主管 以上 结束",
);

/// How titles and signatures end that stand alone where names do: 软件1班, 院长签字.
const TITLE_ENDS: Words =
    Words("班 系 院 校 大学 专业 年级 签字 签名 盖章 公章 (盖章) (公章) 名单 名册 表 老师 主任 教务处 学生处 办公室");
/// Words of sentences, and how many characters a sentence has that no name has.
const SENTENCE: Words = Words("学生 同学 人员 名单 如下 上述 请 须 的 未 已 为");
const SENTENCE_CHARS: usize = 5;

/// Text on one line, without blanks around it and invisible signs.
pub(super) fn visible(text: &str) -> String {
    let is_hidden = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}');
    let text = text.replace(is_hidden, "");
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Why a number is lost that a spreadsheet took for a quantity or a day: 4.30102E+17, 2021-3-1.
pub(super) fn lost_number(text: &str) -> Option<Lost> {
    match text {
        _ if is_shortened(exact(text).trim_matches(['\'', '"', '=', '`'])) => Some(Lost::Shortened),
        _ if is_date(text) => Some(Lost::Date),
        _ if text.contains('\n') && are_several(text) => Some(Lost::Several),
        _ => None,
    }
}

fn is_date(text: &str) -> bool {
    let day = text.split_whitespace().next().unwrap_or_default();
    let parts = day.split(['-', '/']).map(|part| part.parse::<u32>().ok()).collect::<Vec<_>>();
    let is_common = text.len() <= 16 && !day.starts_with('0');
    is_common && matches!(parts[..], [Some(1900..2100), Some(1..=12), Some(1..=31)])
}

/// Several numbers of one length, a line each.
fn are_several(text: &str) -> bool {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>();
    lines.len() > 1 && lines.iter().all(|line| is_number(line) && line.len() == lines[0].len())
}

/// A number without what stands around its digits to be read by people: 20,210,001, 第0012号.
pub(super) fn bare_number(text: &str) -> String {
    let text = exact(text);
    let groups = text.split(',').collect::<Vec<_>>();
    let is_group = |group: &&str| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit());
    if groups.len() > 1 && groups[0].parse::<u16>().is_ok_and(|first| first < 1000) && groups[1..].iter().all(is_group)
    {
        return groups.concat();
    }
    text.strip_suffix('号').map_or(&*text, |text| text.strip_prefix('第').unwrap_or(text)).to_owned()
}

/// #REF!
pub(super) fn is_error(text: &str) -> bool {
    ERRORS.has(text)
}

/// Whether a column without another use says that a student may need no photo: 休学, 是否在校 否.
pub(super) fn is_gone(head: &str, text: &str) -> bool {
    let text = exact(text);
    let is_said = |word: &str| text.split_once(word).is_some_and(|(before, _)| !DENIALS.end(before));
    let is_answered = || match answer(&text) {
        Some(true) => GONE.are_in(&exact(head)),
        Some(false) => ASKED.are_in(&exact(head)),
        None => false,
    };
    !text.is_empty() && (GONE.all().any(is_said) && !BACK.are_in(&text) || is_answered())
}

/// Whether one cell holds the names of several people: 张三、李四.
pub(super) fn are_names(text: &str) -> bool {
    let are_all = |parts: Vec<&str>, least: usize| parts.len() >= least && parts.into_iter().all(is_usual_name);
    are_all(text.split(['、', '，', ',', '；', ';', '/']).map(str::trim).collect(), 2)
        || are_all(text.split_whitespace().collect(), 3) && text.chars().filter(|c| is_cjk(*c)).count() > 4
}

/// A day, as below a signature: 2026.5.1, 2026年5月1日.
pub(super) fn is_day(text: &str) -> bool {
    is_date(&exact(text).replace(['年', '月', '.'], "-").replace('日', ""))
}

/// 无, N/A.
pub(super) fn is_nothing(text: &str) -> bool {
    let text = exact(text);
    text.is_empty() || NOTHING.has(&text)
}

/// How to fill in a column, in brackets below its head: （必填）.
pub(super) fn is_direction(text: &str) -> bool {
    without_brackets(&exact(text)).is_empty() && DIRECTIONS.are_in(text)
}

/// What a column takes, written below its head without brackets: 必填, 文本, varchar(20).
pub(super) fn is_kind(text: &str) -> bool {
    let text = exact(text);
    let word = text.split(['(', ',', ';', '、', '。', '/']).next().unwrap_or_default();
    KINDS.has(word) || KIND_STARTS.begin(word)
}

/// A number or a name of which only the form is shown: 2021XXXX.
pub(super) fn is_crossed(text: &str) -> bool {
    if text.len() > 60 || !text.contains(['X', 'x', 'Ｘ', 'ｘ']) {
        return false;
    }
    let text = exact(text);
    text.chars().count() <= 20 && text.contains("XXX") && text.bytes().any(|b| b.is_ascii_digit())
}

/// A number some of whose digits are hidden: 11010519XXXXXX002X, 4301****0055.
pub(super) fn is_masked_number(text: &str) -> bool {
    if !text.contains(['X', 'x', '*', 'Ｘ', 'ｘ', '＊']) {
        return false;
    }
    let text = exact(text);
    ["XXX", "**"].iter().any(|mask| text.contains(mask)) && text.bytes().filter(u8::is_ascii_digit).count() >= 4
}

/// Whether a text can be the number of somebody.
pub(super) fn is_number(text: &str) -> bool {
    let number = number(text);
    let is_fit = |c: char| c.is_ascii_alphanumeric() || "-_./()·#".contains(c);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let words = number.chars().filter(|c| is_cjk(*c)).count();
    // 临20210001, but no 2021级 or 第3页.
    let is_marked = words == 0 || words <= 3 && digits >= 4 && number.ends_with(|c: char| c.is_ascii_alphanumeric());
    number.len() <= 40 && digits > 0 && is_marked && number.chars().all(|c| is_fit(c) || is_cjk(c))
}

/// Whether a text can be the name of somebody.
pub(super) fn is_name(text: &str) -> bool {
    let name = exact(text);
    (1..=255).contains(&name.chars().count())
        && name.chars().any(|c| c.is_alphabetic() || is_cjk(c))
        && !name.contains([':', '：'])
        && name.chars().filter(char::is_ascii_digit).count() < 3
}

/// Whether a text alone in a row is a title or a signature rather than a name.
pub(super) fn is_title(text: &str) -> bool {
    let text = exact(text);
    TITLE_ENDS.end(&text) || text.chars().count() >= SENTENCE_CHARS && SENTENCE.are_in(&text)
}

/// Whether a text looks as most names do: two to four Chinese characters.
pub(super) fn is_usual_name(text: &str) -> bool {
    let name = exact(text);
    (2..=4).contains(&name.chars().count())
        && name.chars().all(is_cjk)
        && !is_title(&name)
        && !is_foot(&name)
        && !is_kind(&name)
        && !is_nothing(&name)
}

/// 示例, 例：张三, 张三（示例）.
pub(super) fn is_example(text: &str) -> bool {
    if !may_be_example(text) {
        return false;
    }
    let text = exact(text);
    let follows = |rest: &str| rest.is_empty() || rest.starts_with([':', '：', ')', '）', '1', '2', '3']);
    // 示例行, but no 例行检查.
    let begins = |word: &str| {
        text.strip_prefix(word).is_some_and(|rest| follows(rest) || word != "例" && rest.starts_with('行'))
    };
    text.chars().count() <= 20 && (EXAMPLES.all().any(begins) || EXAMPLE_NOTES.are_in(&text))
}

/// At a glance, for most of a roster's cells are numbers: only these words make an example.
fn may_be_example(text: &str) -> bool {
    text.len() <= 60 && (!text.is_ascii() || text.contains(['X', 'x']))
}

/// What stands below lists: 合计, 制表人：王, 第1页，共3页, 共3人.
pub(super) fn is_foot(text: &str) -> bool {
    let text = exact(text);
    matches!(text.as_str(), "完" | "END")
        || FEET.begin(&text)
        || text.starts_with('第') && text.contains("页") && text.len() < 40
        || text.starts_with('共') && text.ends_with(['人', '页', '名'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_numbers_names_dates_or_nothing_as_people_write_them() {
        let all = |is: fn(&str) -> bool, yes: &[&str], no: &[&str]| {
            yes.iter().for_each(|text| assert!(is(text), "{text}"));
            no.iter().for_each(|text| assert!(!is(text), "{text}"));
        };
        all(
            is_number,
            &["20210001", "临20210001", "A-1/2", "H12345678(00)", "1"],
            &["", "待补", "2021级", "第3页", "四个汉字的20210001", "临202", "2021 0001!", &"1".repeat(41)],
        );
        assert!(is_number(&"1".repeat(40)));
        all(
            is_name,
            &["张三", "Mary Jane", "学生10", "买买提·艾力", &"张".repeat(255)],
            &["", "100", "联系人：王", "学生100", "--", &"张".repeat(256)],
        );
        all(
            is_date,
            &["2021-3-1", "2021/03/01", "2021-3-1 0:00:00", "1900-1-1", "2099-12-31"],
            &[
                "1899-1-1",
                "2100-1-1",
                "2021-13-1",
                "2021-0-1",
                "2021-1-32",
                "2021-3",
                "02021-3-1",
                "2021-3-1 0:00:00 AM",
                "20210301",
            ],
        );
        all(is_nothing, &["", "无", "—", "n/a", "#N/A"], &["0", "1", "张三"]);
        for (text, number) in [
            ("20,210,001", "20210001"),
            ("第0012号", "0012"),
            ("0012号", "0012"),
            ("1001,1002", "1001,1002"),
            ("第3", "第3"),
        ] {
            assert_eq!(bare_number(text), number);
        }
        assert_eq!(lost_number("1001\n1002"), Some(Lost::Several));
        assert_eq!((lost_number("1001\n"), lost_number("110105\n19491231002X")), (None, None));
        all(is_direction, &["（必填）", "(文本格式)"], &["必填", "（张三）", "张三（必填）"]);
        all(
            is_kind,
            &[
                "必填",
                "选填，中文",
                "文本",
                "文本（20）",
                "string",
                "varchar(20)",
                "Required",
                "与身份证一致",
                "not null",
                "不超过20字",
                "是",
            ],
            &["", "文本清", "必胜", "单选民", "Charles", "1001", "张三"],
        );
        all(
            is_masked_number,
            &["11010519XXXXXX002X", "4301****0055", "1101 05xx xxxx 1234"],
            &["11010519491231002X", "XXX", "*1234", "E12345678"],
        );
        all(
            is_example,
            &["示例", "例：张三", "示例1", "示例行", "样例行：", "张三(示例)", "1班（示例，请删去）"],
            &[
                "示例中学",
                "例外",
                "例行检查",
                "XXX",
                "2021XXXX",
                "张三",
                "EXAMPLES",
                "20210001",
                &format!("示例：{}", "很".repeat(20)),
            ],
        );
        all(
            is_foot,
            &[
                "合计",
                "制表人：王",
                "第1页",
                &format!("第{}页", "1".repeat(33)),
                "第1页，共3页",
                "共3人",
                "共2页",
                "共5名",
                "完",
                "END",
            ],
            &["张三", "第一中学", "共青团", "完颜阿骨打", "人", &format!("第{}页", "1".repeat(34))],
        );
        assert_eq!(visible("\u{feff}张\u{200b} \t三\n\u{ad}丰 "), "张 三 丰");
    }
}
