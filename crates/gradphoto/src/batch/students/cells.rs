//! What a cell holds, for what people write into rosters besides numbers and names.

use super::super::field::Field;
use super::super::names::{exact, is_cjk, is_digits, is_private, is_shortened, noted, number, without_brackets};
use super::super::roster::answer;
use super::super::table::Lost;
use super::super::words::Words;

/// What people write where there is nothing.
const NOTHING: Words = Words("无 暂无 没有 待定 未分配 未编 空 - -- — —— / \\ N/A NA NULL NONE #N/A");
/// What formulas leave that fail, where a program has saved it as text.
const ERRORS: Words = Words("#REF! #VALUE! #NAME? #DIV/0! #NULL! #NUM!");
/// What became of students who may need no photo, and what ends it.
const GONE: Words = Words(
    "退学 休学 病休 转出 转学 除名 取消学籍 放弃学籍 已毕业 提前毕业 延期毕业 延迟毕业 延毕 延长学制 肄业 入伍 参军 保留学籍 保留入学资格 未报到 开除 死亡 \
     去世 注销 离校 不在校 不在籍 无学籍 暂缓毕业 缓毕业 推迟毕业 不予毕业 不能毕业 不准毕业 不拍 不用拍 无需拍 免拍 不参加",
);
const BACK: Words = Words("复学 复课 转入 转来 转学生 转学来 退伍 返校");
/// Heads of columns that everybody has who graduates.
const OF_ALL: Words = Words("离校日期 离校时间 离校年月");
const DENIALS: Words = Words("未 无 没 没有 非 不 不是");
/// Numbers in one cell are several where each has so many signs; parts of one may be shorter.
const SEVERAL_MIN: usize = 6;
/// Heads of columns in which 否 means that a student needs no photo.
const ASKED: Words =
    Words("需要 参加 在校 在籍 在读 是否毕业 能否毕业 可否毕业 准予毕业 是否可毕业 是否可以毕业 是否能毕业");
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
    "合计 总计 共计 小计 总人数 人数 制表 填表 审核 复核 经办 负责人 联系 电话: 打印 导出 说明 备注 注: 签字 签名 盖章 班主任 \
     辅导员 以下 下列 填报 单位 领导 日期: 审批 校对 主管 以上 结束 制单 编制 统计人 核对 经手 报送 抄送 附件 本表 本名册",
);
/// Whole words of that kind.
const FEET_WHOLE: Words = Words("完 END 电话 系主任 院长 副院长 校长 副校长 教学秘书 教务员 院领导 系领导 学院领导");
/// What those who sign below lists have done.
const SIGNERS: Words = Words("制表 填表 审核 复核 经办 填报 审批 校对 制单 编制 核对 经手 报送 签字");
/// How what is counted ends: 男生合计.
const SUMS: Words = Words("合计 总计 共计 小计 人数");
/// Who is counted below lists.
const COUNTED: Words = Words(
    "男 女 男生 女生 男女 总数 全班 全体 全系 全院 全校 平均 平均分 最高分 最低分 及格率 实到 应到 缺考 缺席 汉族 少数民族 党员 团员 群众",
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
        _ if are_several(text) => Some(Lost::Several),
        _ => None,
    }
}

fn is_date(text: &str) -> bool {
    let day = text.split_whitespace().next().unwrap_or_default();
    let parts = day.split(['-', '/']).map(|part| part.parse::<u32>().ok()).collect::<Vec<_>>();
    // 2021-1-001 counts more than days.
    let is_common =
        text.len() <= 16 && !day.starts_with('0') && day.split(['-', '/']).skip(1).all(|part| part.len() < 3);
    is_common && matches!(parts[..], [Some(1900..2100), Some(1..=12), Some(1..=31)])
}

/// Whether a class is one that a spreadsheet took for a day: 2026-02-01 or 2月1日 for 2-1. One of a year, 2021-1-3, is not.
pub(super) fn is_class_of_a_day(text: &str) -> bool {
    let is_month_and_day = || {
        let parts = text.strip_suffix('日').and_then(|text| text.split_once('月'));
        parts.is_some_and(|(month, day)| is_digits(month) && is_digits(day))
    };
    text.len() == 10 && is_date(text) && text.contains('-') || is_month_and_day()
}

/// Several numbers of one length: a line each, or long ones with a blank or a sign between them, as an old and a new one.
fn are_several(text: &str) -> bool {
    let of = |part: fn(char) -> bool, least: usize| {
        let parts = text.split(part).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let is_one = |part: &&str| is_number(part) && part.len() == parts[0].len() && part.len() >= least;
        parts.len() > 1 && parts.iter().all(is_one)
    };
    let is_between = |c: char| c.is_whitespace() || "/,，、;；|→>()（）".contains(c);
    of(|c| c == '\n', 1) || text.contains(is_between) && of(is_between, SEVERAL_MIN)
}

/// A number without what stands around its digits to be read by people: 20,210,001, 第0012号, 20210001（借读）.
pub(super) fn bare_number(text: &str) -> String {
    let text = exact(text);
    let groups = text.split(',').collect::<Vec<_>>();
    let is_group = |group: &&str| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit());
    if groups.len() > 1 && groups[0].parse::<u16>().is_ok_and(|first| first < 1000) && groups[1..].iter().all(is_group)
    {
        return groups.concat();
    }
    // 20210001（借读）
    let named = noted(&text).filter(|(_, note)| note.chars().all(is_cjk));
    let text = named.map_or(&*text, |(number, _)| number);
    text.strip_suffix('号').map_or(text, |text| text.strip_prefix('第').unwrap_or(text)).to_owned()
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
        Some(true) => {
            let head = exact(head);
            GONE.are_in(&head) && !BACK.are_in(&head) && !OF_ALL.are_in(&head)
        }
        Some(false) => ASKED.are_in(&exact(head)),
        None => false,
    };
    !text.is_empty() && (GONE.all().any(is_said) && !BACK.are_in(&text) || is_answered())
}

/// Whether a column asks whether students graduate, as one may before any does.
pub(super) fn is_of_graduation(head: &str) -> bool {
    let head = exact(head);
    ASKED.are_in(&head) && head.contains("毕业")
}

/// What stands beside a name or a number in its cell: 张三（退学）, 20210001(休学). A name may have such words in it: 王参军.
pub(super) fn beside_key(field: Field, text: &str) -> &str {
    if field == Field::Name { text.trim_start_matches(char::is_alphanumeric) } else { text }
}

/// Whether one cell holds the names of several people: 张三、李四, or a name on each of its lines.
pub(super) fn are_names(text: &str) -> bool {
    let are_all = |parts: Vec<&str>, least: usize| parts.len() >= least && parts.into_iter().all(is_usual_name);
    let parts = text.split(['、', '，', ',', '；', ';', '/', '\n']).map(str::trim);
    are_all(parts.filter(|part| !part.is_empty()).collect(), 2)
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
    // 20210001.5 is a quantity, and without its point the number of another.
    let is_quantity =
        number.split_once('.').is_some_and(|(whole, part)| whole.len() > 4 && is_digits(whole) && is_digits(part));
    // 临20210001, but no 2021级 or 第3页.
    let is_marked = words == 0 || words <= 3 && digits >= 4 && number.ends_with(|c: char| c.is_ascii_alphanumeric());
    number.len() <= 40 && digits > 0 && !is_quantity && is_marked && number.chars().all(|c| is_fit(c) || is_cjk(c))
}

/// Whether a text can be the name of somebody.
pub(super) fn is_name(text: &str) -> bool {
    let name = exact(text);
    (1..=255).contains(&name.chars().count())
        && name.chars().any(|c| c.is_alphabetic() || is_cjk(c))
        && !name.contains([':', '：'])
        && name.chars().filter(char::is_ascii_digit).count() < 3
}

/// Whether a character of a name is lost: a sign stands for it that nobody writes to hide one, or one of no font.
pub(super) fn is_incomplete(name: &str) -> bool {
    exact(name).chars().any(|c| is_private(c) || "?□■◻▢▯〓\u{fffd}".contains(c))
}

/// A name without its place in the list: 1.张三, 2、李四.
pub(super) fn without_place(name: &str) -> &str {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let bare = rest.strip_prefix(['.', '．', '、', ')', '）', ' ']).map_or("", str::trim_start);
    let is_place = (1..=3).contains(&(name.len() - rest.len()));
    let is_name = bare.chars().all(|c| is_cjk(c) || c == '·') && bare.chars().count() > 1;
    if is_place && is_name { bare } else { name }
}

/// A name of Chinese characters without the blanks that set it as wide as others: 张　三. Names of several people keep them.
pub(super) fn unspaced(name: &str) -> String {
    let is_chinese = exact(name).chars().all(|c| is_cjk(c) || c == '·');
    if is_chinese && !are_names(name) { name.split_whitespace().collect() } else { name.to_owned() }
}

/// Whether a text alone in a row is a title or a signature rather than a name.
pub(super) fn is_title(text: &str) -> bool {
    let text = exact(text);
    TITLE_ENDS.end(&text) || is_sentence(&text)
}

/// 以下为专升本学生
pub(super) fn is_sentence(text: &str) -> bool {
    text.chars().count() >= SENTENCE_CHARS && SENTENCE.are_in(text)
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
    FEET_WHOLE.has(text.trim_end_matches(':'))
        || FEET.begin(&text)
        || text.starts_with('第') && text.contains("页") && text.len() < 40
        || text.starts_with('共') && text.ends_with(['人', '页', '名'])
}

/// Who signs below a list, and nothing else: 审核人, 制表：, 班长签名. Not what became of a student: 审核通过.
pub(super) fn is_signer(text: &str) -> bool {
    let text = exact(text);
    let text = text.trim_end_matches(':');
    SIGNERS.has(text.trim_end_matches('人')) || ["签字", "签名"].iter().any(|end| text.ends_with(end))
}

/// Who is counted below a list: 男生, 全班, 男生合计, 男生20人.
pub(super) fn is_counted(text: &str) -> bool {
    let text = exact(text);
    let text = text.trim_end_matches(':');
    let ends_in_a_digit = |rest: &str| rest.ends_with(|c: char| c.is_ascii_digit());
    COUNTED.has(text) || SUMS.end(text) || text.strip_suffix(['人', '名']).is_some_and(ends_in_a_digit)
}

/// Whether a text is the title of a list, and not so short that it may be a name: 软件1班, 计算机系, but 王校.
pub(super) fn is_long_title(text: &str) -> bool {
    is_title(text) && (text.chars().count() > 3 || text.contains(|c: char| c.is_ascii_digit()))
}

/// The number of a telephone.
pub(super) fn is_telephone(text: &str) -> bool {
    text.len() == 11 && text.starts_with('1') && is_digits(text)
}

/// How many there are of them: 20, 35人.
pub(super) fn is_count(text: &str) -> bool {
    let text = exact(text);
    is_digits(text.trim_end_matches(['人', '名'])) && text.len() < 10
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(is: fn(&str) -> bool, yes: &[&str], no: &[&str]) {
        yes.iter().for_each(|text| assert!(is(text), "{text}"));
        no.iter().for_each(|text| assert!(!is(text), "{text}"));
    }

    #[test]
    fn cells_are_numbers_names_dates_or_nothing_as_people_write_them() {
        all(
            is_number,
            &["20210001", "临20210001", "A-1/2", "H12345678(00)", "1", "20210001.0", "2021.1", "21.1.04"],
            &[
                "",
                "20210001.5",
                "待补",
                "2021级",
                "第3页",
                "四个汉字的20210001",
                "临202",
                "2021 0001!",
                &"1".repeat(41),
            ],
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
                "2021-1-001",
                "2021-3-1 0:00:00 AM",
                "20210301",
            ],
        );
        all(is_class_of_a_day, &["2026-02-01", "2月1日"], &["2021-1-3", "2-1", "软件2班", "2021-11-12班"]);
        all(is_nothing, &["", "无", "—", "n/a", "#N/A"], &["0", "1", "张三"]);
        all(
            is_masked_number,
            &["11010519XXXXXX002X", "4301****0055", "1101 05xx xxxx 1234"],
            &["11010519491231002X", "XXX", "*1234", "E12345678"],
        );
        assert_eq!(visible("\u{feff}张\u{200b} \t三\n\u{ad}丰 "), "张 三 丰");
    }

    #[test]
    fn a_number_is_read_out_of_what_stands_around_it_or_said_to_be_lost() {
        for (text, number) in [
            ("20,210,001", "20210001"),
            ("第0012号", "0012"),
            ("0012号", "0012"),
            ("20210001（借读）", "20210001"),
            ("H12345678(00)", "H12345678(00)"),
            ("1001,1002", "1001,1002"),
            ("第3", "第3"),
        ] {
            assert_eq!(bare_number(text), number);
        }
        for several in
            ["1001\n1002", "20211006 20221006", "20211007/20221007", "20211008→20221008", "20211009（20221009）"]
        {
            assert_eq!(lost_number(several), Some(Lost::Several), "{several}");
        }
        for one in ["110105 19491231 002X", "A-1/2", "H12345678(00)", "20,210,001", "2021 0001"] {
            assert_eq!(lost_number(one), None, "{one}");
        }
        assert_eq!((lost_number("1001\n"), lost_number("110105\n19491231002X")), (None, None));
    }

    #[test]
    fn what_stands_above_and_below_lists_is_told_from_students() {
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
    }
}
