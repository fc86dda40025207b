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
use notify::{RecursiveMode, Watcher};

use crate::args::Watch;
use crate::batch::lines::Growing;
use crate::capture::Capture;
use crate::commands::check::interrupt_flag;
use crate::line::Line;
use crate::output::progress::print;
use crate::output::record::{Outcome, plain};
use crate::output::table::pad;
use crate::output::{Output, text::Text};
use crate::trouble::trouble;
use crate::{Exit, school};
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
    let by = match args.assign.as_str() {
        "names" => By::Names,
        "scan" => By::Scan,
        "order" => By::Order,
        other => {
            return Err(trouble(
                format!("--assign {other}：应为 names、scan 或 order"),
                format!("--assign {other}: names, scan or order"),
            )
            .into());
        }
    };
    if by != By::Names && roster.is_none() {
        let by = &args.assign;
        return Err(trouble(
            format!("--assign {by} 需要名册：请加 --roster 文件"),
            format!("--assign {by} needs --roster FILE"),
        )
        .into());
    }
    let profile = args.profile.load()?;
    let capture = args.capture.then(|| Capture::new(&profile));
    let checker = args.engine.checker(capture.as_ref().map_or(profile, Capture::frames), 1)?;
    let mut report = args.output.as_deref().map(Growing::open).transpose()?;
    let mut scene = Scene::new(&args.folder, roster, by, args.output.as_deref(), language)?;
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
    print(&scene.welcome())?;
    let mut text = Text::new(language, args.details);
    // A photo that is written anew is the same photo.
    let mut outcomes = BTreeMap::<String, Outcome>::new();
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
            print(&scene.scanned(&code))?;
        }
        for (photo, is_last_try) in arrivals.ready() {
            let Some((line, refusal)) = judged(&checker, capture.as_ref(), &photo, is_last_try) else { continue };
            arrivals.skip(photo);
            if let Some(report) = &mut report {
                report.append(&line)?;
            }
            let outcome = match refusal {
                Some(_) => Outcome::Fail,
                None => Outcome::of(line.report().map(Report::verdict)),
            };
            outcomes.insert(line.photo().to_owned(), outcome);
            let shot = scene.shot(line.photo(), outcome)?;
            let told = text.photo(&line);
            let findings = match refusal {
                // Where nobody can be cut out, figures of the frame say nothing to a photographer.
                Some(why) => refused(&line, why, language),
                None => told.split_once('\n').map_or("", |(_, findings)| findings).to_owned(),
            };
            print(&format!(
                "\n{}{}{findings}{}",
                banner(&line, outcome, &shot.who, language),
                bell(outcome),
                shot.next
            ))?;
        }
    }
    print(&summary(&outcomes, &scene, language))?;
    Ok(Exit::AllPass)
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

fn summary(outcomes: &BTreeMap<String, Outcome>, scene: &Scene, language: Language) -> String {
    let count = |outcome| outcomes.values().filter(|other| **other == outcome).count();
    let all = [Outcome::Pass, Outcome::Fail, Outcome::Review, Outcome::Unreadable];
    let counted = all.map(|outcome| format!("{} {}", outcome.word(language), count(outcome)));
    let total = outcomes.len();
    let photos = match language {
        Language::Zh => format!("\n共 {total} 张：{}\n", counted.join("，")),
        Language::En => format!("\n{total} photo{}: {}\n", if total == 1 { "" } else { "s" }, counted.join(", ")),
    };
    photos + &scene.summary()
}

/// The result, and why no copy can be made of a frame; `None` while the file may still become a whole picture.
fn judged(
    checker: &Checker,
    capture: Option<&Capture>,
    photo: &Path,
    is_last_try: bool,
) -> Option<(Line, Option<Words>)> {
    let judged = match capture {
        None => checker.check(photo).map(|report| (report, None)),
        Some(capture) => {
            let measured = capture.measured(checker, Source::from(photo), |_| {});
            measured.map(|(measured, refusal)| (checker.profile().judge(&measured), refusal))
        }
    };
    match judged {
        Err(_) if !is_last_try => None,
        Err(error) => Some((Line::new(photo, Err(error)), None)),
        Ok((report, refusal)) => Some((Line::new(photo, Ok(report)), refusal)),
    }
}
