//! `gradphoto check`

use std::fmt;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use gradphoto::{Checker, EngineChoice, Error, Examination, Verdict, use_engine};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::annotations::Annotations;
use crate::args::{Check, ReportFormat};
use crate::output::{Output, jsonl::Jsonl, text::Text};
use crate::{Exit, photos};

/// Checks the photos and prints each result as soon as it and those before it are known.
pub fn run(args: &Check) -> anyhow::Result<Exit> {
    let photos = photos::find(&args.paths, args.annotate.as_deref())?;
    let profile = args.profile.load()?;
    use_engine(&args.engine).with_context(|| match &args.engine {
        EngineChoice::OnnxRuntime(library) => format!("cannot use {} as the engine", library.display()),
        EngineChoice::Automatic | EngineChoice::Tract => "cannot use the engine".to_owned(),
    })?;
    let language = args.language.get();
    let checker = Checker::with_profile(profile)?;
    let annotations = args.annotate.as_deref().map(|folder| Annotations::prepare(folder, &args.paths, &photos));
    let annotations = annotations.transpose()?;
    let mut output: Box<dyn Output> = match args.format {
        ReportFormat::Text => Box::new(Text::new(language)),
        ReportFormat::Jsonl => Box::new(Jsonl),
    };
    let interrupted = interrupt_flag()?;
    let progress = Progress::new(photos.len());
    let mut done = 0;
    let mut all_pass = true;
    let mut written = Ok(());
    let work = |place, examined: Result<Examination, Error>| {
        let drawn = match (&annotations, &examined) {
            (Some(annotations), Ok(examination)) => annotations.draw(place, examination, language),
            _ => Ok(()),
        };
        (examined.map(|examination| examination.report), drawn)
    };
    checker.examine_many(photos.iter().map(PathBuf::as_path), args.jobs, work, |(result, drawn)| {
        all_pass &= result.as_ref().is_ok_and(|report| report.verdict == Verdict::Pass);
        let printed = progress.print(&output.photo(&photos[done], &result)).map_err(anyhow::Error::from);
        written = printed.and(drawn);
        done += 1;
        let go_on = written.is_ok() && !interrupted.load(Ordering::Relaxed);
        if go_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    progress.bar.finish_and_clear();
    written?;
    print(&output.summary())?;
    if done < photos.len() {
        bail!("stopped after {done} of {} photos", photos.len());
    }
    Ok(if all_pass { Exit::AllPass } else { Exit::SomeNot })
}

/// Raised by the first Ctrl-C, so that the run ends after a whole line; the second one ends it at once.
fn interrupt_flag() -> anyhow::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&flag);
    let on_interrupt = move || {
        if raised.swap(true, Ordering::Relaxed) {
            process::exit(Exit::CouldNotRun as i32);
        }
    };
    ctrlc::set_handler(on_interrupt).context("cannot listen for Ctrl-C")?;
    Ok(flag)
}

/// A progress bar on a terminal's stderr, for runs long enough to want one.
struct Progress {
    bar: ProgressBar,
    started: Instant,
}

impl Progress {
    const PATIENCE: Duration = Duration::from_secs(1);

    fn new(photos: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(photos as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len}  {rate}/s  ETA {eta}") {
            let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
                // Writing to the bar's own buffer does not fail.
                let _ = write!(out, "{:.1}", state.per_sec());
            };
            bar.set_style(style.with_key("rate", rate));
        }
        Progress { bar, started: Instant::now() }
    }

    /// Prints the lines of one photo and moves the bar on.
    fn print(&self, lines: &str) -> io::Result<()> {
        if self.bar.is_hidden() && self.started.elapsed() > Self::PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(1);
        self.bar.suspend(|| print(lines))
    }
}

/// Writes whole lines to stdout, coloured only on a terminal that wants colours.
fn print(lines: &str) -> io::Result<()> {
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(lines.as_bytes())?;
    stdout.flush()
}
