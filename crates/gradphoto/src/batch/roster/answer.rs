//! What a cell answers to a question such as 是否采集 and 是否缴费.

use super::super::names::{exact, without_brackets};
use super::super::words::Words;

/// Signs and characters that a no begins with.
const NO_STARTS: [char; 19] =
    ['否', '无', '×', '✗', '✘', '✕', '✖', '❌', '☒', '☐', '□', 'N', 'X', 'F', '不', '待', '应', '暂', '补'];
/// Words that make a no wherever they stand: 采集失败, 已退费.
const NO: Words = Words("失败 退 未 没 不通过 不合格 缺 重拍 需 欠 缓 请假 待补 待拍 通知 预约");
/// What a yes begins with: 已采集, √.
const YES_STARTS: [char; 7] = ['已', '免', '√', '✔', '✓', '☑', '✅'];
/// Whole words for yes.
const YES: Words = Words(
    "是 对 有 有照片 成功 通过 合格 完成 采集 采集成功 采集完成 拍摄完成 拍照完成 审核通过 缴费 交费 缴费成功 交费成功 支付成功 付款成功 \
     缴清 交清 付清 缴齐 交齐 缴 交 采 拍 缴了 交了 采了 拍了 付了 现金 微信 支付宝 转账 刷卡 扫码 Y YES T TRUE OK PAID DONE COLLECTED",
);

/// Whether a cell says yes: 是, √, 已采集, 已缴, 20 元. What nobody knows says no: who is called in vain says so, who is never called
/// does not, and nobody is paid back what was not paid.
pub(super) fn is_yes(cell: &str) -> bool {
    answer(cell) == Some(true)
}

/// What a cell answers. Empty, 否, 未缴, 欠费, 0元, 采集失败, 退回 and 需补拍 say no; `None` where the words are no known answer: 分期.
pub(in crate::batch) fn answer(cell: &str) -> Option<bool> {
    let whole = exact(cell);
    let is_no = whole.starts_with(NO_STARTS) || NO.are_in(&whole) || whole.ends_with('中') || is_no_sum(&whole);
    if is_no {
        return Some(false);
    }
    let words = without_brackets(&whole);
    let words = words.trim_end_matches(['。', '.', '!', ',', ';']);
    (whole.starts_with(YES_STARTS) || YES.has(words) || is_sum_or_day(words)).then_some(true)
}

/// Nothing, or a sum of nothing: 0元, ￥0.00, —.
fn is_no_sum(text: &str) -> bool {
    text.trim_matches(['元', '¥']).chars().all(|c| matches!(c, '0' | '.' | '-' | '—' | '/'))
}

/// A sum of money or a day, perhaps with its hour: 20元, ￥20.00, 20, 2024/9/1, 9月1日上午.
fn is_sum_or_day(text: &str) -> bool {
    let bare = ["¥", "RMB", "CNY", "人民币"].iter().find_map(|sign| text.strip_prefix(sign)).unwrap_or(text);
    let bare = bare.strip_suffix('整').unwrap_or(bare);
    bare.starts_with(|c: char| c.is_ascii_digit())
        && bare.chars().any(|c| matches!(c, '1'..='9'))
        && bare.chars().all(|c| c.is_ascii_digit() || ".,-/:元圆块张次年月日号时点分秒上下午晚TZ".contains(c))
}

#[cfg(test)]
mod tests {
    use super::super::super::field::Field;
    use super::super::Student;
    use super::*;

    #[test]
    fn cells_say_yes_or_no_however_offices_write_it() {
        for yes in [
            "是",
            "√",
            "✔",
            "1",
            "Y",
            "TRUE",
            "已采集",
            "已",
            "有",
            "2024/9/1",
            "采集成功",
            "20元",
            "已缴费",
            "通过",
            "20",
            "￥20.00",
            "1,200元整",
            "是（现场）",
            "YES.",
            "完成",
            "免采集",
            "9月1日上午",
            "2024-9-1 10:20:00",
            "交了",
            "已补拍",
        ] {
            assert!(is_yes(yes), "{yes}");
        }
        for no in [
            "",
            "否",
            "×",
            "N",
            "no",
            "0",
            "FALSE",
            "未",
            "未采集",
            "没有",
            "无",
            "—",
            "采集失败",
            "审核未通过",
            "不通过",
            "退回",
            "已退费",
            "需补拍",
            "重拍",
            "缺",
            "待采集",
            "0元",
            "￥0.00",
            "欠费",
            "欠20",
            "应缴20元",
            "缓",
            "暂缓",
            "补拍",
            "请假",
            "审核中",
            "已通知",
            "□",
        ] {
            assert_eq!(answer(no), Some(false), "{no}");
        }
        for unknown in ["分期", "-20", "20%", "第2批", "成功率", "有误", "忘了", "张三"] {
            assert_eq!(answer(unknown), None, "{unknown}");
        }
        let mut student = Student::new(1);
        student.set(Field::Paid, "免缴");
        assert!(!student.has_paid(), "there is nothing to pay back");
    }
}
