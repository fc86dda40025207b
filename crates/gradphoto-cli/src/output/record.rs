//! A photo as a row of a table, for spreadsheets of every kind.

use gradphoto::batch::{self, BatchFinding, BatchPhoto, Field, Student};
use gradphoto::{BatchReport, Language, Mark, PhotoVerdict, Report, Text as Words, is_hidden};

use crate::line::Line;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text, cleaned of what could draw outside its cell; never a formula.
    Text(String),
    /// A number.
    Number(f64),
}

impl Cell {
    /// Text without control characters and marks that turn the direction of writing.
    pub fn text(text: &str) -> Cell {
        Cell::Text(plain(text))
    }
}

/// `text` with control characters, line ends, direction marks and noncharacters, which XML forbids, made visible as `�`.
pub fn plain(text: &str) -> String {
    text.replace(|c: char| is_hidden(c) || c as u32 & 0xfffe == 0xfffe, "\u{fffd}")
}

/// Whether a finding tells of a student without a photo that was checked.
pub fn is_without_photo(finding: &BatchFinding) -> bool {
    matches!(finding.kind(), "missing" | "other-file")
}

/// The number by which the roster knows its students: the first that any of them has.
pub fn number_field(batch: &BatchReport) -> Field {
    let has = |field: &Field| batch.students().iter().any(|student| !student.get(*field).is_empty());
    let known = [Field::StudentNumber, Field::ExamNumber, Field::CaptureCode];
    known.into_iter().find(has).unwrap_or(Field::StudentNumber)
}

/// How a row is to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    Pass,
    Fail,
    Review,
    Unreadable,
    /// A student without a photo.
    Missing,
}

impl From<batch::Outcome> for Outcome {
    fn from(outcome: batch::Outcome) -> Outcome {
        match outcome {
            batch::Outcome::Pass => Outcome::Pass,
            batch::Outcome::Review => Outcome::Review,
            batch::Outcome::Fail => Outcome::Fail,
            batch::Outcome::Unreadable => Outcome::Unreadable,
        }
    }
}

impl Outcome {
    /// What became of a photo.
    pub fn of(verdict: Option<PhotoVerdict>) -> Outcome {
        match verdict {
            Some(PhotoVerdict::Pass) => Outcome::Pass,
            Some(PhotoVerdict::Fail) => Outcome::Fail,
            Some(PhotoVerdict::Review) => Outcome::Review,
            None => Outcome::Unreadable,
        }
    }

    /// What this word, of either language, means.
    pub fn of_word(word: &str) -> Option<Outcome> {
        let all = [Outcome::Pass, Outcome::Fail, Outcome::Review, Outcome::Unreadable, Outcome::Missing];
        all.into_iter()
            .find(|outcome| [Language::Zh, Language::En].iter().any(|language| outcome.word(*language) == word))
    }

    /// The word for it.
    pub fn word(self, language: Language) -> &'static str {
        let word = match self {
            Outcome::Pass => PhotoVerdict::Pass.word(),
            Outcome::Fail => PhotoVerdict::Fail.word(),
            Outcome::Review => PhotoVerdict::Review.word(),
            Outcome::Unreadable => Words::new("无法读取", "unreadable"),
            Outcome::Missing => Words::new("未拍", "missing"),
        };
        word.get(language)
    }

    /// One character for it.
    pub fn sign(self) -> char {
        match self {
            Outcome::Pass => '✓',
            Outcome::Fail => '✗',
            Outcome::Review => '?',
            Outcome::Unreadable | Outcome::Missing => '!',
        }
    }
}

/// Makes rows for the photos of a batch.
pub struct Records<'a> {
    /// The batch.
    pub batch: &'a BatchReport,
    /// What the batch rules say of each photo.
    pub notes: &'a [Vec<&'a BatchFinding>],
    /// Language of heads and reasons.
    pub language: Language,
}

/// Place of the verdict in a row.
pub const VERDICT_COLUMN: usize = 6;
/// Number of columns before the measured values.
pub const FIRST_VALUE_COLUMN: usize = 15;

impl Records<'_> {
    /// Heads of the columns; behind these [`FIRST_VALUE_COLUMN`] a measured value for each rule.
    pub fn heads(&self) -> Vec<String> {
        let heads = match self.language {
            Language::Zh => [
                "照片",
                "院系",
                "专业",
                "班级",
                "学号",
                "姓名",
                "结论",
                "复核",
                "备注",
                "不合格数",
                "不合格项",
                "待确认项",
                "建议",
                "未判定项",
                "批次问题",
            ],
            Language::En => [
                "photo",
                "department",
                "major",
                "class",
                "student number",
                "name",
                "verdict",
                "decision",
                "note",
                "failed",
                "failures",
                "to review",
                "advice",
                "not assessed",
                "across photos",
            ],
        };
        let value = |rule: &&gradphoto::Rule| format!("{}{}", rule.quantity.get(self.language), unit(rule.unit.sign()));
        heads.into_iter().map(str::to_owned).chain(gradphoto::RULES.iter().map(value)).collect()
    }

    /// The row of the photo at `place`.
    pub fn photo(&self, place: usize, line: &Line) -> (Outcome, Vec<Cell>) {
        let photo = &self.batch.photos()[place];
        let student = self.batch.student_of(photo);
        let outcome = Outcome::from(photo.outcome());
        let belongs = self.batch.place_of(photo);
        let mut row = vec![Cell::text(line.photo())];
        row.extend([&belongs.department, &belongs.major, &belongs.class].map(|part| Cell::text(part)));
        let get = |field| Cell::text(student.map_or("", |student: &Student| student.get(field)));
        row.extend([get(Field::StudentNumber), get(Field::Name), Cell::text(outcome.word(self.language))]);
        let decided = photo.decided();
        row.push(Cell::text(settled(photo).get(self.language)));
        row.push(Cell::text(decided.map_or("", |decided| &decided.note)));
        match line {
            Line::Report(report) => row.extend(self.reasons(report)),
            Line::Failure(failure) => row.extend(
                [Cell::Number(0.0), Cell::text(failure.error.reason.get(self.language))]
                    .into_iter()
                    .chain([""; 3].map(Cell::text)),
            ),
        }
        let open = self.notes[place].iter().filter(|finding| !finding.is_settled());
        let notes = open.map(|finding| finding.reason().get(self.language));
        row.push(Cell::text(&notes.collect::<Vec<_>>().join(" ")));
        let value = |rule: &&gradphoto::Rule| {
            let value = line.report().and_then(|report| report.finding(rule.id)).and_then(|finding| finding.value());
            value.map_or(Cell::text(""), Cell::Number)
        };
        row.extend(gradphoto::RULES.iter().map(value));
        (outcome, row)
    }

    /// The rows of students without a photo.
    pub fn missing(&self) -> impl Iterator<Item = (Outcome, Vec<Cell>)> {
        let missing = self.batch.findings().iter().filter(|finding| is_without_photo(finding));
        missing.filter_map(|finding| Some((finding, self.batch.students().get(*finding.students().first()?)?))).map(
            |(finding, student)| {
                let place = student.place();
                let number = student.get(Field::StudentNumber);
                let mut row = ["", &place.department, &place.major, &place.class, number, student.get(Field::Name)]
                    .map(Cell::text)
                    .to_vec();
                row.push(Cell::text(Outcome::Missing.word(self.language)));
                row.extend([""; FIRST_VALUE_COLUMN - VERDICT_COLUMN - 2].map(Cell::text));
                row.push(Cell::text(finding.reason().get(self.language)));
                (Outcome::Missing, row)
            },
        )
    }

    /// How many rules fail, then what fails, what is to be looked at, what is advised, what could not be judged.
    fn reasons(&self, report: &Report) -> [Cell; 5] {
        let marked = |mark: Mark| report.findings().iter().filter(move |finding| finding.mark() == Some(mark));
        let told = |mark: Mark| {
            let sentences = marked(mark).map(|finding| finding.reason(self.language));
            Cell::text(&sentences.collect::<Vec<_>>().join(" "))
        };
        let unknown = marked(Mark::NotAssessed).map(|finding| finding.name().get(self.language));
        [
            Cell::Number(marked(Mark::Fail).count() as f64),
            told(Mark::Fail),
            told(Mark::Review),
            told(Mark::Advice),
            Cell::text(&unknown.collect::<Vec<_>>().join(" ")),
        ]
    }
}

/// What a person decided of a photo, or what another photo makes of it.
fn settled(photo: &BatchPhoto) -> Words {
    match photo.decision() {
        Some(decision) => decision.word(),
        None if photo.is_set_aside() => Words::new("以另一张为准", "another photo counts"),
        None if photo.is_displaced() => Words::new("不是本人的照片", "somebody else's picture"),
        None => Words::new("", ""),
    }
}

fn unit(sign: &str) -> String {
    if sign.is_empty() { String::new() } else { format!(" ({})", sign.trim()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_draw_elsewhere_or_break_a_file_is_made_visible() {
        assert_eq!(plain("a\u{1b}\u{202e}\u{fffe}\u{ffff}\u{1ffff}张"), "a\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}张");
    }
}
