//! A table for other programs on stdout: a row for each finding that someone must act on, and one for a photo without any.

use gradphoto::{Language, RuleVerdict, Unit};

use super::Output;
use super::csv::Csv;
use super::record::Cell;
use crate::line::Line;

/// The format, UTF-8 with a byte order mark for Excel.
pub struct FindingsCsv {
    language: Language,
}

/// What is new goes to the end: programs know columns by their places too.
const HEADS: [&str; 10] = ["photo", "verdict", "rule", "result", "value", "unit", "min", "max", "reason", "severity"];

impl FindingsCsv {
    /// A table with reasons in this language.
    pub fn new(language: Language) -> FindingsCsv {
        FindingsCsv { language }
    }

    fn rows(&self, line: &Line) -> Vec<Vec<Cell>> {
        let row = |verdict: &str, rest: [Cell; 8]| {
            [line.photo(), verdict].map(Cell::text).into_iter().chain(rest).collect::<Vec<_>>()
        };
        let blank = || Cell::text("");
        match line {
            Line::Failure(failure) => {
                let reason = Cell::text(failure.error.reason.get(self.language));
                vec![row("unreadable", [blank(), blank(), blank(), blank(), blank(), blank(), reason, blank()])]
            }
            Line::Report(report) => {
                let verdict = report.verdict().as_str();
                let marked = report.findings().iter().filter(|finding| finding.mark().is_some());
                let rows = marked.map(|finding| {
                    let number = |number: Option<f64>| number.map_or(Cell::text(""), Cell::Number);
                    let (rule, is_open) = (finding.rule(), finding.verdict() == RuleVerdict::Review);
                    // Within the limit a person is asked by a narrower range.
                    let limit = if is_open { finding.review() } else { finding.limit() };
                    let unit: Unit = rule.unit;
                    let cells = [
                        Cell::text(rule.id),
                        Cell::text(finding.verdict().as_str()),
                        number(finding.value()),
                        Cell::text(unit.sign().trim()),
                        number(limit.min),
                        number(limit.max),
                        Cell::text(&finding.reason(self.language)),
                        Cell::text(finding.severity().as_str()),
                    ];
                    row(verdict, cells)
                });
                let rows = rows.collect::<Vec<_>>();
                let none = || vec![row(verdict, [(); 8].map(|()| blank()))];
                if rows.is_empty() { none() } else { rows }
            }
        }
    }
}

impl Output for FindingsCsv {
    fn heads(&self) -> String {
        table(&[])
    }

    fn photo(&mut self, line: &Line) -> String {
        table(&self.rows(line)).split_once('\n').map_or(String::new(), |(_, rows)| rows.to_owned())
    }

    fn summary(&self) -> String {
        String::new()
    }
}

/// The rows below the heads.
fn table(rows: &[Vec<Cell>]) -> String {
    let mut bytes = Vec::new();
    // Writing to memory does not fail.
    let written = Csv::new(&mut bytes, &HEADS.map(str::to_owned)).and_then(|mut csv| {
        rows.iter().try_for_each(|row| csv.row(row))?;
        csv.finish()
    });
    written.map_or(String::new(), |()| String::from_utf8(bytes).unwrap_or_default())
}
