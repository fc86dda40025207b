//! For people: a line a photo, below it what is wrong and what to do, at the end how often each rule struck.

use anstyle::{AnsiColor, Style};
use gradphoto::{BatchReport, Finding, Language, Mark, Profile, RULES, Report, Text as Words};

use super::Output;
use super::record::{Outcome, plain};
use super::table::{Table, pad};
use crate::line::Line;

/// The format that people read; colours are ANSI codes, to be stripped where the output is no terminal.
pub struct Text {
    language: Language,
    /// Whether every figure is shown.
    details: bool,
    photos: [usize; 4],
    /// Of the photos to be looked at, how many people have settled.
    settled: usize,
    /// Of the photo that came last.
    profile: String,
    /// For each of [`RULES`] how often each [`Mark`] was set.
    marks: Vec<[usize; Mark::ALL.len()]>,
}

/// What may become of a photo.
const OUTCOMES: [Outcome; 4] = [Outcome::Pass, Outcome::Fail, Outcome::Review, Outcome::Unreadable];

impl Text {
    /// A report in this language.
    pub fn new(language: Language, details: bool) -> Self {
        Text {
            language,
            details,
            photos: [0; 4],
            settled: 0,
            profile: String::new(),
            marks: vec![[0; Mark::ALL.len()]; RULES.len()],
        }
    }
}

impl Output for Text {
    fn photo(&mut self, line: &Line) -> String {
        let outcome = Outcome::of(line.report().map(Report::verdict));
        self.photos[outcome as usize] += 1;
        let width = if self.language == Language::Zh { 8 } else { 10 };
        let head = format!("{} {}", outcome.sign(), pad(outcome.word(self.language), width));
        let head = format!("{} {}\n", painted(&head, outcome_style(outcome)), plain(line.photo()));
        match line {
            Line::Report(report) => {
                self.profile.clone_from(&report.profile().name);
                let told = self.findings(report) + &self.not_assessed(report);
                if matches!(outcome, Outcome::Pass) && !self.details { head } else { head + &told }
            }
            Line::Failure(failure) => format!("{head}    {}\n", failure.error.reason.get(self.language)),
        }
    }

    fn across(&mut self, batch: &BatchReport) {
        self.photos = [0; 4];
        for photo in batch.photos() {
            self.photos[Outcome::from(photo.outcome()) as usize] += 1;
        }
        // Among the others a colour may be no fault.
        self.marks = batch.rules().to_vec();
        self.settled = batch.totals().review - super::batch::open(batch);
    }

    fn summary(&self) -> String {
        let photos = self.photos.iter().sum::<usize>();
        let rules = if photos > 1 { self.rules() } else { String::new() };
        format!("\n{rules}{}\n{}", self.totals(photos), self.more())
    }
}

impl Text {
    /// The findings that someone must act on, in columns: what is wrong, measured, allowed, what to do. Figures stand only
    /// where their unit says something to everybody, or where details were asked for; what else was measured then follows.
    fn findings(&mut self, report: &Report) -> String {
        let mut table = Table::default();
        let mut signs = Vec::new();
        let language = self.language;
        for (finding, mark) in report.findings().iter().filter_map(|finding| Some((finding, finding.mark()?))) {
            self.count(finding, mark);
            let Some(figures) = figures(finding, language) else { continue };
            let [measured, allowed] = if finding.has_figure() || self.details { figures } else { Default::default() };
            table.row([finding.name().get(language).to_owned(), measured, allowed, finding.reason(language)]);
            signs.push((mark.sign(), style(mark)));
        }
        let others = report.findings().iter().filter(|finding| self.details && finding.mark().is_none());
        for (finding, [measured, allowed]) in others.filter_map(|finding| Some((finding, figures(finding, language)?)))
        {
            table.row([finding.name().get(language).to_owned(), measured, allowed]);
            signs.push(("✓", outcome_style(Outcome::Pass)));
        }
        let line = |((sign, style), line): (&(&str, Style), String)| format!("    {} {line}\n", painted(sign, *style));
        signs.iter().zip(table.lines()).map(line).collect()
    }

    /// The rules that could not be judged, those with the same cause together.
    fn not_assessed(&self, report: &Report) -> String {
        let mut causes: Vec<(String, Vec<&str>)> = Vec::new();
        for finding in report.findings().iter().filter(|finding| finding.mark() == Some(Mark::NotAssessed)) {
            let (cause, name) = (finding.reason(self.language), finding.name().get(self.language));
            match causes.iter_mut().find(|(known, _)| *known == cause) {
                Some((_, names)) => names.push(name),
                None => causes.push((cause, vec![name])),
            }
        }
        let (sign, style) = (Mark::NotAssessed.sign(), style(Mark::NotAssessed));
        let comma = Words::new("、", ", ").get(self.language);
        let line = |(cause, names): (String, Vec<&str>)| {
            format!("    {} {cause} ({})\n", painted(sign, style), names.join(comma))
        };
        causes.into_iter().map(line).collect()
    }

    fn count(&mut self, finding: &Finding, mark: Mark) {
        if let Some(place) = RULES.iter().position(|rule| rule.id == finding.rule().id) {
            self.marks[place][mark as usize] += 1;
        }
    }

    /// How often each rule struck, the most frequent first; empty when none did.
    fn rules(&self) -> String {
        let struck = RULES.iter().zip(&self.marks).filter(|(_, marks)| marks.iter().any(|n| *n > 0));
        let mut struck = struck.collect::<Vec<_>>();
        struck.sort_by(|(_, a), (_, b)| b.cmp(a));
        let mut table = Table::default();
        if !struck.is_empty() {
            let head = [Words::new("规则", "rule"), Words::new("编号", "id")]
                .into_iter()
                .chain(Mark::ALL.iter().map(|mark| mark.word()));
            table.row(head.map(|word| word.get(self.language)));
        }
        for (rule, marks) in struck {
            let counts = marks.map(|n| if n == 0 { "·".to_owned() } else { n.to_string() });
            table.row([rule.name.get(self.language).to_owned(), rule.id.to_owned()].into_iter().chain(counts));
        }
        table.lines().map(|line| line + "\n").collect()
    }

    /// Where the rules that struck a single photo are explained; empty for more photos, and where nothing is shown.
    fn more(&self) -> String {
        let is_shown =
            self.photos.iter().sum::<usize>() == 1 && (self.details || self.photos[Outcome::Pass as usize] == 0);
        let struck = RULES.iter().zip(&self.marks).filter(|(_, [fail, review, advice, _])| fail + review + advice > 0);
        let ids = struck.map(|(rule, _)| rule.id).filter(|_| is_shown).collect::<Vec<_>>();
        // A profile of the school's own is a file, whose path a report has not.
        let profile = match self.profile.as_str() {
            Profile::DEFAULT => String::new(),
            name if Profile::built_in(name).is_ok() => format!("--profile {name} "),
            _ => return String::new(),
        };
        if ids.is_empty() {
            return String::new();
        }
        let more = Words::new("详见 gradphoto explain ", "More: gradphoto explain ").get(self.language);
        painted(&format!("{more}{profile}{}", ids.join(" ")), Style::new().dimmed()) + "\n"
    }

    fn totals(&self, all: usize) -> String {
        let counted = OUTCOMES.map(|outcome| {
            let total = format!("{} {}", outcome.word(self.language), self.photos[outcome as usize]);
            if self.photos[outcome as usize] == 0 { total } else { painted(&total, outcome_style(outcome)) }
        });
        let settled = match (self.settled, self.language) {
            (0, _) => String::new(),
            (settled, Language::Zh) => format!("（待确认中 {settled} 张已有结果）"),
            (settled, Language::En) => format!(" ({settled} to review settled)"),
        };
        match self.language {
            Language::Zh => format!("共 {all} 张：{}{settled}", counted.join("，")),
            Language::En => format!("{}: {}{settled}", super::counted(all, "photo"), counted.join(", ")),
        }
    }
}

/// What was measured and what is allowed, as people write them; `None` where nothing could be measured.
fn figures(finding: &Finding, language: Language) -> Option<[String; 2]> {
    let (unit, review) = (finding.rule().unit, finding.review());
    let allowed = Words::new("应为 ", "allowed ").get(language).to_owned() + &review.show(unit, language);
    Some([review.show_value(finding.value()?, unit, language), allowed])
}

fn outcome_style(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Pass => colour(AnsiColor::Green),
        Outcome::Fail | Outcome::Unreadable | Outcome::Missing => colour(AnsiColor::Red).bold(),
        Outcome::Review => colour(AnsiColor::Yellow),
    }
}

fn style(mark: Mark) -> Style {
    match mark {
        Mark::Fail => colour(AnsiColor::Red),
        Mark::Review => colour(AnsiColor::Yellow),
        Mark::Advice => colour(AnsiColor::Cyan),
        Mark::NotAssessed => Style::new().dimmed(),
    }
}

fn painted(text: &str, style: Style) -> String {
    format!("{style}{text}{style:#}")
}

fn colour(colour: AnsiColor) -> Style {
    colour.on_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradphoto::Photo;
    use std::path::Path;

    #[test]
    fn rules_are_counted_at_the_end_as_the_tables_count_them() {
        let mut text = Text::new(Language::En, false);
        // Alone, each of two photos was asked about for its colour; among the others none is.
        (text.marks[0][Mark::Review as usize], text.photos) = (2, [2, 0, 0, 0]);
        assert!(text.rules().contains(RULES[0].id));
        text.across(&gradphoto::Batch::default().finish());
        assert_eq!(text.rules(), "");
    }

    #[test]
    fn no_name_turns_the_direction_of_its_line() {
        let name = "a\u{202e}gpj.exe";
        let error = Photo::load(name).unwrap_err();
        let told = Text::new(Language::En, false).photo(&Line::new(Path::new(name), Err(error)));
        assert!(told.contains("a\u{fffd}gpj.exe") && !told.contains('\u{202e}'), "{told}");
    }
}
