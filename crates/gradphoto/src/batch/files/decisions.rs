//! Files of decisions, as the page exports them.

use super::super::decision::{Decided, Decision};
use super::{decoded, delimited, tables};
use crate::text::Reason;

/// Heads that a file must have; `student` and `note` may be missing.
const NEEDED: [&str; 3] = ["photo", "sha256", "decision"];

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Decided>, Vec<Reason>> {
    let tables = match decoded(bytes).first() {
        Some(text) => delimited::read(text)?,
        // Whoever wrote notes in Excel saved a workbook.
        None => tables(bytes)?,
    };
    let mut rows = tables.iter().flat_map(|table| &table.rows);
    let heads = rows.next();
    let column =
        |name: &str| heads.and_then(|row| row.cells.iter().find(|(at, _)| row.text(*at) == name)).map(|(at, _)| *at);
    if let Some(missing) = NEEDED.into_iter().find(|name| column(name).is_none()) {
        return Err(vec![Reason {
            zh: format!("不是人工结论文件：第一行没有 {missing} 一列；请从 report.html 重新导出。"),
            en: format!(
                "not a file of decisions: the first line has no column {missing}; export it again from report.html."
            ),
        }]);
    }
    let mut problems = Vec::new();
    let mut decided = Vec::new();
    for row in rows {
        let cell = |name| without_apostrophe(column(name).map_or("", |at| row.text(at))).to_owned();
        let [photo, sha256, student, word, note] = ["photo", "sha256", "student", "decision", "note"].map(cell);
        let (number, word) = (row.number, word.trim());
        let decision = Decision::of(word);
        if decision.is_none() && !word.is_empty() {
            problems.push(Reason {
                zh: format!("第{number}行：“{word}”不是人工结论，应为 accept、override、reject 或空。"),
                en: format!("line {number}: \"{word}\" is not a decision; write accept, override, reject or nothing."),
            });
        } else if photo.is_empty() {
            problems.push(Reason {
                zh: format!("第{number}行没有照片名；请从 report.html 重新导出。"),
                en: format!("line {number} names no photo; export the file again from report.html."),
            });
        }
        decided.push(Decided { photo, sha256, student, decision, note });
    }
    if problems.is_empty() { Ok(decided) } else { Err(problems) }
}

/// The page writes an apostrophe before what a spreadsheet could take for a formula.
fn without_apostrophe(cell: &str) -> &str {
    let guarded = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']));
    guarded.unwrap_or(cell)
}
