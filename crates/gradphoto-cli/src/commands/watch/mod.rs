//! `gradphoto watch`

mod arrivals;
mod scanner;
mod scene;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anstyle::AnsiColor;
use gradphoto::folder::Found;
use gradphoto::{Checker, Language, Mark, Report, Source, Text as Words};
use gradphoto_app::capture::{Capture, look};
use notify::{RecursiveMode, Watcher};

use crate::args::Watch;
use crate::batch::lines::Growing;
use crate::commands::check::interrupt_flag;
use crate::line::Line;
use crate::output::progress::print;
use crate::output::record::{Outcome, plain};
use crate::output::table::pad;
use crate::output::{Output, text::Text};
use crate::trouble::trouble;
use crate::{Exit, output, school};
use arrivals::Arrivals;
use scene::{By, Scene};

/// How often quiet files and Ctrl-C are looked for.
const TICK: Duration = Duration::from_millis(50);

/// Judges each photo that arrives until Ctrl-C; what photos say has no part in the exit status.
pub fn run(args: &Watch) -> anyhow::Result<Exit> {
    let language = args.language.get();
    if !args.folder.is_dir() {
        let folder = args.folder.display();
        return Err(trouble(
            format!("{folder} 不是文件夹，请写照片存入的文件夹"),
            format!("{folder} is not a folder; name the one that photos arrive in"),
        )
        .into());
    }
    let (roster, _) = school::roster(args.roster.as_deref(), None, false, language)?.unzip();
    let by = by(&args.assign, roster.is_some())?;
    let profile = args.profile.load()?;
    let capture = args.capture.then(|| Capture::new(&profile));
    let checker = args.engine.checker(capture.as_ref().map_or(profile, Capture::frames), 1)?;
    let report = args.output.as_deref().map(Growing::open).transpose()?;
    let scene = Scene::new(&args.folder, roster, by, args.output.as_deref(), language)?;
    let text = Text::new(language, args.details);
    let mut shoot = Shoot { checker, capture, report, scene, text, outcomes: BTreeMap::new(), language };
    let interrupted = interrupt_flag()?;
    let (sender, events) = mpsc::channel();
    let watcher = notify::recommended_watcher(sender).and_then(|mut watcher| {
        watcher.watch(&args.folder, RecursiveMode::Recursive)?;
        Ok(watcher)
    });
    let mut arrivals = Arrivals::new(&args.folder);
    for photo in Found::search(std::slice::from_ref(&args.folder), None) {
        if args.existing { arrivals.touch(photo) } else { arrivals.skip(photo) }
    }
    let folder = args.folder.display();
    print(&match language {
        Language::Zh => format!("正在监视 {folder}，拍摄后自动判定，按 Ctrl-C 结束。\n"),
        Language::En => format!("Watching {folder}; each new photo is judged. Ctrl-C ends.\n"),
    })?;
    let scanned = scanner::lines((by != By::Names).then_some(()));
    print(&shoot.scene.welcome())?;
    while !interrupted.load(Ordering::Relaxed) {
        // Where the system tells nothing, as on many shares, the folder is looked through.
        match (&watcher, events.recv_timeout(TICK)) {
            (Ok(_), Ok(event)) => arrivals.heed(event),
            (Ok(_), Err(RecvTimeoutError::Disconnected)) => break,
            (Err(_), Err(RecvTimeoutError::Disconnected)) => std::thread::sleep(TICK),
            _ => {}
        }
        while let Ok(event) = events.try_recv() {
            arrivals.heed(event);
        }
        arrivals.look_through();
        while let Ok(code) = scanned.try_recv() {
            print(&shoot.scene.scanned(&code))?;
        }
        for (photo, is_last_try) in arrivals.ready() {
            if shoot.judge(&photo, is_last_try)? {
                arrivals.skip(photo);
            }
        }
    }
    print(&shoot.summary())?;
    Ok(Exit::AllPass)
}

/// How photos find their students, as it was typed.
fn by(typed: &str, has_roster: bool) -> anyhow::Result<By> {
    let by = match typed {
        "names" => By::Names,
        "scan" => By::Scan,
        "order" => By::Order,
        other => {
            return Err(trouble(
                format!("--assign {other}：应为 names、scan 或 order"),
                format!("--assign {other}: write names, scan or order"),
            )
            .into());
        }
    };
    if by != By::Names && !has_roster {
        return Err(trouble(
            format!("--assign {typed} 需要名册：请加 --roster 文件"),
            format!("--assign {typed} needs --roster FILE"),
        )
        .into());
    }
    Ok(by)
}

/// The photos of a shoot, each judged and told as it comes.
struct Shoot {
    checker: Checker,
    capture: Option<Capture>,
    report: Option<Growing>,
    scene: Scene,
    text: Text,
    /// A photo that is written anew is the same photo.
    outcomes: BTreeMap<String, Outcome>,
    language: Language,
}

impl Shoot {
    /// Judges a photo and says what it is; false while its file may still become a whole picture.
    fn judge(&mut self, photo: &Path, is_last_try: bool) -> anyhow::Result<bool> {
        let language = self.language;
        let (line, refusal) = match look(&self.checker, self.capture.as_ref(), Source::from(photo), |_| {}) {
            Err(_) if !is_last_try => return Ok(false),
            Err(error) => (Line::new(photo, Err(error)), None),
            Ok(looked) => (Line::new(photo, Ok(self.checker.profile().judge(&looked.measured))), looked.refusal),
        };
        if let Some(report) = &mut self.report {
            report.append(&line)?;
        }
        let outcome = match refusal {
            Some(_) => Outcome::Fail,
            None => Outcome::of(line.report().map(Report::verdict)),
        };
        self.outcomes.insert(line.photo().to_owned(), outcome);
        let shot = self.scene.shot(line.photo(), outcome)?;
        let told = self.text.photo(&line);
        let findings = match refusal {
            // Where nobody can be cut out, figures of the frame say nothing to a photographer.
            Some(why) => refused(&line, why, language),
            None => told.split_once('\n').map_or("", |(_, findings)| findings).to_owned(),
        };
        let banner = banner(&line, outcome, &shot.who, language);
        print(&format!("\n{banner}{findings}{}{}", bell(outcome), shot.next))?;
        Ok(true)
    }

    fn summary(&self) -> String {
        let count = |outcome| self.outcomes.values().filter(|other| **other == outcome).count();
        let all = [Outcome::Pass, Outcome::Fail, Outcome::Review, Outcome::Unreadable];
        let counted = all.map(|outcome| format!("{} {}", outcome.word(self.language), count(outcome)));
        let total = self.outcomes.len();
        let photos = match self.language {
            Language::Zh => format!("\n共 {total} 张：{}\n", counted.join("，")),
            Language::En => format!("\n{}: {}\n", output::counted(total, "photo"), counted.join(", ")),
        };
        photos + &self.scene.summary()
    }
}

/// Three lines of colour that can be read from where the camera stands: verdict, student, file.
fn banner(line: &Line, outcome: Outcome, who: &str, language: Language) -> String {
    const WIDTH: usize = 72;
    let colour = match outcome {
        Outcome::Pass => AnsiColor::Green,
        Outcome::Review => AnsiColor::Yellow,
        Outcome::Fail | Outcome::Unreadable | Outcome::Missing => AnsiColor::Red,
    };
    let style = AnsiColor::Black.on(colour).bold();
    let word = outcome.word(language);
    let word = match language {
        Language::Zh => word.chars().map(String::from).collect::<Vec<_>>().join(" "),
        Language::En => word.to_uppercase(),
    };
    let name = Path::new(line.photo()).file_name().unwrap_or_default().to_string_lossy();
    let who = if who.is_empty() { String::new() } else { format!("{}   ", plain(who)) };
    let lines = [String::new(), format!("   {word}   {who}{}", plain(&name)), String::new()];
    lines.map(|line| format!("{style}{}{style:#}\n", pad(&line, WIDTH))).concat()
}

/// The terminal's bell: once for a photo that passes, three times for one that does not.
fn bell(outcome: Outcome) -> &'static str {
    if outcome == Outcome::Pass { "\x07" } else { "\x07\x07\x07" }
}

/// Why no copy can be cut out of a frame, and what is wrong with the person all the same.
fn refused(line: &Line, why: Words, language: Language) -> String {
    use gradphoto::Group;
    let mut text = format!("    ✗ {}\n", why.get(language));
    let findings = line.report().into_iter().flat_map(Report::findings);
    for finding in findings.filter(|finding| finding.mark() == Some(Mark::Fail)) {
        if !matches!(finding.rule().group(), Group::Framing | Group::File) {
            text += &format!("    ✗ {} {}\n", finding.name().get(language), finding.reason(language));
        }
    }
    text
}
