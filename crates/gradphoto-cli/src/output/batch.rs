//! For people, at the end of a run with an output folder: what shows across photos.

use gradphoto::batch::{BATCH_RULES, BatchFinding, Department};
use gradphoto::{BatchReport, Language};

use super::record::plain;
use super::table::Table;

/// Findings of one rule shown one by one; the files have all.
const SHOWN: usize = 20;

/// Whole lines: each batch rule that found something, then the departments of the roster.
pub fn summary(batch: &BatchReport, language: Language) -> String {
    let mut text = String::new();
    for rule in BATCH_RULES {
        let findings = batch.findings().iter().filter(|finding| finding.rule().id == rule.id).collect::<Vec<_>>();
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
fn decisions(batch: &BatchReport, language: Language) -> String {
    let unused = batch.unused_decisions();
    let used = batch.photos().iter().filter(|photo| photo.decided().is_some()).count();
    if used + unused.len() == 0 {
        return String::new();
    }
    let mut text = match language {
        Language::Zh => format!("\n人工结论：采用{used}条，未采用{}条\n", unused.len()),
        Language::En => format!("\nDecisions: {used} used, {} not used\n", unused.len()),
    };
    for unused in unused.iter().take(SHOWN) {
        text += &format!("    {} [{}]\n", unused.reason.get(language), plain(&unused.photo));
    }
    if let Some(more) = unused.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text += &match language {
            Language::Zh => format!("    还有{more}条，见 batch.json 与 report.html\n"),
            Language::En => format!("    {more} more in batch.json and report.html\n"),
        };
    }
    text
}

fn told(batch: &BatchReport, finding: &BatchFinding, language: Language) -> String {
    let photos = finding.photos().iter().map(|photo| plain(batch.photos()[*photo].name())).collect::<Vec<_>>();
    let photos = if photos.is_empty() { String::new() } else { format!(" [{}]", photos.join(", ")) };
    format!("    {}{photos}\n", plain(finding.reason().get(language)))
}

fn departments(batch: &BatchReport, language: Language) -> String {
    let mut table = Table::default();
    let first = match language {
        Language::Zh => "院系",
        Language::En => "department",
    };
    table.row([first].into_iter().chain(Department::HEADS.map(|head| head.get(language))));
    for (department, counts) in batch.departments() {
        table.row([plain(&department)].into_iter().chain(counts.columns().map(|count| count.to_string())));
    }
    table.lines().map(|line| line + "\n").collect()
}
