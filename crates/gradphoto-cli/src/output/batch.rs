//! For people, at the end of a run with an output folder: what shows across photos.

use gradphoto::Language;
use gradphoto::batch::BATCH_RULES;

use super::record::plain;
use super::table::Table;
use crate::batch::findings::{Batch, Finding};

/// Findings of one rule shown one by one; the files have all.
const SHOWN: usize = 20;

/// Whole lines: each batch rule that found something, then the departments of the roster.
pub fn summary(batch: &Batch, language: Language) -> String {
    let mut text = String::new();
    for rule in BATCH_RULES {
        let findings = batch.findings.iter().filter(|finding| finding.rule.id == rule.id).collect::<Vec<_>>();
        if findings.is_empty() {
            continue;
        }
        text += &format!("\n{} ({}): {}\n", rule.name.get(language), rule.id, findings.len());
        for finding in findings.iter().take(SHOWN) {
            text += &told(batch, finding, language);
        }
        if let Some(more) = findings.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            text += &match language {
                Language::Zh => format!("    还有{more}条，见 batch.json 与 report.xlsx\n"),
                Language::En => format!("    {more} more in batch.json and report.xlsx\n"),
            };
        }
    }
    text += &decisions(batch, language);
    if !batch.students().is_empty() {
        text += &format!("\n{}", departments(batch, language));
    }
    text
}

/// How many decisions count, and why the others do not.
fn decisions(batch: &Batch, language: Language) -> String {
    let used = batch.photos.iter().filter(|photo| photo.decided.is_some()).count();
    if used + batch.unused.len() == 0 {
        return String::new();
    }
    let mut text = match language {
        Language::Zh => format!("\n人工结论：采用{used}条，未采用{}条\n", batch.unused.len()),
        Language::En => format!("\nDecisions: {used} used, {} not used\n", batch.unused.len()),
    };
    for unused in batch.unused.iter().take(SHOWN) {
        text += &format!("    {} [{}]\n", unused.reason.get(language), plain(&unused.photo));
    }
    if let Some(more) = batch.unused.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text += &match language {
            Language::Zh => format!("    还有{more}条，见 batch.json 与 report.html\n"),
            Language::En => format!("    {more} more in batch.json and report.html\n"),
        };
    }
    text
}

fn told(batch: &Batch, finding: &Finding, language: Language) -> String {
    let photos = finding.photos.iter().map(|photo| plain(&batch.photos[*photo].name)).collect::<Vec<_>>();
    let photos = if photos.is_empty() { String::new() } else { format!(" [{}]", photos.join(", ")) };
    format!("    {}{photos}\n", plain(finding.reason.get(language)))
}

fn departments(batch: &Batch, language: Language) -> String {
    let mut table = Table::default();
    table.row(match language {
        Language::Zh => ["院系", "人数", "已拍", "已合格", "待确认", "需重拍", "未拍"],
        Language::En => ["department", "students", "photographed", "done", "review", "retake", "missing"],
    });
    for (department, counts) in batch.departments() {
        table.row([plain(&department)].into_iter().chain(counts.columns().map(|count| count.to_string())));
    }
    table.lines().map(|line| line + "\n").collect()
}
