//! `gradphoto watch`

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant, SystemTime};

use anstyle::AnsiColor;
use gradphoto::folder::{Found, is_photo};
use gradphoto::{Checker, Language, Report};
use notify::{EventKind, RecursiveMode, Watcher};

use crate::Exit;
use crate::args::Watch;
use crate::batch::journal::{Earlier, Journal};
use crate::commands::check::interrupt_flag;
use crate::line::Line;
use crate::output::progress::print;
use crate::output::record::{Outcome, plain};
use crate::output::table::pad;
use crate::output::{Output, text::Text};
use crate::trouble::{OrTrouble, trouble};

/// A file is looked at when nothing has been written to it for so long.
const QUIET: Duration = Duration::from_millis(250);
/// One that is no whole picture by then is given this time before that is said.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often quiet files and Ctrl-C are looked for.
const TICK: Duration = Duration::from_millis(50);

/// Judges each photo that arrives until Ctrl-C; what photos say has no part in the exit status.
pub fn run(args: &Watch) -> anyhow::Result<Exit> {
    if !args.folder.is_dir() {
        let folder = args.folder.display();
        return Err(trouble(
            format!("{folder} 不是文件夹，请写照片存入的文件夹"),
            format!("{folder} is not a folder; name the one that photos arrive in"),
        )
        .into());
    }
    let checker = args.engine.checker(args.profile.load()?, 1)?;
    let mut journal = match &args.output {
        Some(folder) => Some(Journal::open(folder, Earlier::Append, &[], &checker, |_| {})?),
        None => None,
    };
    let interrupted = interrupt_flag()?;
    let (sender, events) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(sender)
        .or_trouble(|| trouble("本系统不能监视文件夹", "cannot watch folders on this system"))?;
    let watching = watcher.watch(&args.folder, RecursiveMode::Recursive);
    watching.or_trouble(|| {
        let folder = args.folder.display();
        trouble(format!("不能监视 {folder}"), format!("cannot watch {folder}"))
    })?;
    let mut arrivals = Arrivals::default();
    for photo in Found::search(std::slice::from_ref(&args.folder), None) {
        if args.existing { arrivals.touch(photo) } else { arrivals.skip(photo) }
    }
    let language = args.language.get();
    print(&match language {
        Language::Zh => format!("正在监视 {}，拍摄后自动判定，按 Ctrl-C 结束。\n", args.folder.display()),
        Language::En => format!("Watching {}; each new photo is judged. Ctrl-C ends.\n", args.folder.display()),
    })?;
    let mut text = Text::new(language, args.details);
    while !interrupted.load(Ordering::Relaxed) {
        match events.recv_timeout(TICK) {
            Ok(event) => arrivals.heed(event, &args.folder),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        while let Ok(event) = events.try_recv() {
            arrivals.heed(event, &args.folder);
        }
        for (photo, is_last_try) in arrivals.ready() {
            let Some(line) = judged(&checker, &photo, is_last_try) else { continue };
            arrivals.skip(photo);
            if let Some(journal) = &mut journal {
                journal.append(&line)?;
            }
            let told = text.photo(&line);
            let findings = told.split_once('\n').map_or("", |(_, findings)| findings);
            print(&format!("\n{}{findings}", banner(&line, language)))?;
        }
    }
    print(&text.summary())?;
    Ok(Exit::AllPass)
}

/// Three lines of colour that can be read from where the camera stands.
fn banner(line: &Line, language: Language) -> String {
    const WIDTH: usize = 72;
    let outcome = Outcome::of(line.report().map(Report::verdict));
    let colour = match outcome {
        Outcome::Pass => AnsiColor::Green,
        Outcome::Review => AnsiColor::Yellow,
        Outcome::Fail | Outcome::Unreadable | Outcome::Missing => AnsiColor::Red,
    };
    let style = AnsiColor::Black.on(colour).bold();
    let spaced = outcome.word(language).chars().map(String::from).collect::<Vec<_>>().join(" ");
    let name = Path::new(line.photo()).file_name().unwrap_or_default().to_string_lossy();
    let lines = [String::new(), format!("   {spaced}   {}", plain(&name)), String::new()];
    lines.map(|line| format!("{style}{}{style:#}\n", pad(&line, WIDTH))).concat()
}

/// `None` while the file may still become a whole picture.
fn judged(checker: &Checker, photo: &Path, is_last_try: bool) -> Option<Line> {
    let line = Line::new(photo, checker.check(photo));
    match line {
        Line::Failure(_) if !is_last_try => None,
        line => Some(line),
    }
}

/// Files that are being written, and those that need not be looked at any more.
#[derive(Default)]
struct Arrivals {
    /// When each was last written to, and whether it has been tried.
    open: HashMap<PathBuf, (Instant, bool)>,
    /// Size and time of the files as they were judged.
    done: HashMap<PathBuf, (u64, Option<SystemTime>)>,
}

impl Arrivals {
    /// Takes note of what the system tells of the folder `root`; when it has lost count, nothing is touched and the next shot shows.
    fn heed(&mut self, event: notify::Result<notify::Event>, root: &Path) {
        let Ok(event) = event else { return };
        if matches!(event.kind, EventKind::Access(_) | EventKind::Remove(_)) {
            return;
        }
        for path in event.paths {
            if path.is_dir() {
                // Files in a folder that was moved here as a whole have no events of their own.
                Found::search(&[path], None).into_iter().for_each(|photo| self.touch(photo));
            } else if is_photo(&path, root) {
                self.touch(path);
            }
        }
    }

    /// Something was written to this file.
    fn touch(&mut self, photo: PathBuf) {
        if self.done.get(&photo) != stamp(&photo).as_ref() {
            self.open.insert(photo, (Instant::now(), false));
        }
    }

    /// This file is not looked at again unless it changes.
    fn skip(&mut self, photo: PathBuf) {
        if let Some(stamp) = stamp(&photo) {
            self.done.insert(photo.clone(), stamp);
        }
        self.open.remove(&photo);
    }

    /// Files to look at now, and whether that is the last time: once when they fall quiet, once when patience ends.
    fn ready(&mut self) -> Vec<(PathBuf, bool)> {
        self.open.retain(|photo, _| photo.exists());
        let mut ready = Vec::new();
        for (photo, (written, is_tried)) in &mut self.open {
            let quiet = written.elapsed();
            if quiet >= PATIENCE || quiet >= QUIET && !*is_tried {
                *is_tried = true;
                ready.push((photo.clone(), quiet >= PATIENCE));
            }
        }
        ready.sort();
        ready
    }
}

fn stamp(photo: &Path) -> Option<(u64, Option<SystemTime>)> {
    let file = fs::metadata(photo).ok()?;
    Some((file.len(), file.modified().ok()))
}
