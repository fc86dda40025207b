//! `gradphoto check`

use std::path::{Path, PathBuf};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gradphoto::photo::Taken;
use gradphoto::{Batch, Checker, Error, Examination, Photo, Report};

use crate::annotations::Annotations;
use crate::args::{BatchArgs, Check, ReportFormat};
use crate::batch::cache::Cache;
use crate::batch::journal::{self, Earlier, Journal};
use crate::batch::pictures::Pictures;
use crate::batch::results;
use crate::capture::{self, Capture};
use crate::line::Line;
use crate::output::progress::{Progress, print};
use crate::output::{Output, batch, findings_csv::FindingsCsv, jsonl::Jsonl, sarif::Sarif, text::Text};
use crate::paper::Paper;
use crate::trouble::{OrTrouble, stopped, trouble};
use crate::{Exit, photos, school};

/// Checks the photos and prints each result as soon as it and those before it are known.
pub fn run(args: &Check) -> anyhow::Result<Exit> {
    let language = args.language.get();
    let paths = photos::named(&args.paths, args.files_from.as_deref())?;
    let found = photos::find(&paths, args.annotate.as_deref())?;
    let photos = found.photos();
    let profile = args.rules.of(args.profile.load()?)?;
    let roster = school::roster(args.batch.roster.as_deref(), args.batch.schedule.as_deref(), args.quiet, language)?;
    let (roster, reading) = roster.unzip();
    let decided = school::decided(&args.batch.decisions)?;
    let assignment = args.assign.assignment(roster.as_ref(), photos, &paths, language)?;
    let capture = args.capture.then(|| Capture::new(&profile));
    let checker = args.engine.checker(capture.as_ref().map_or(profile, Capture::frames), args.jobs)?;
    let annotations = args.annotate.as_deref().map(|folder| Annotations::prepare(folder, &paths, photos));
    let annotations = annotations.transpose()?;
    let mut output: Box<dyn Output> = match args.format {
        ReportFormat::Text => Box::new(Text::new(language, args.details)),
        ReportFormat::Jsonl => Box::new(Jsonl),
        ReportFormat::Csv => Box::new(FindingsCsv::new(language)),
        ReportFormat::Sarif => Box::new(Sarif::new(language)),
    };
    let mut done = 0;
    let mut all_pass = true;
    // Photos that an earlier run has finished count and are not printed again.
    let mut journal = journal(&args.batch, photos, &checker, |line| {
        all_pass &= line.is_pass();
        output.photo(&line);
        done += 1;
    })?;
    let kept = cache(&args.batch, &checker, capture.clone());
    let pictures = args.batch.output.as_deref().map(|folder| Pictures::new(folder, photos.len()));
    let check = move |checker: &Checker, (place, photo): (usize, PathBuf)| {
        // A picture of a photo that is in hand needs no second look at its file.
        let look = |photo: &Photo| pictures.iter().for_each(|pictures| pictures.keep(photo));
        // What is to be drawn must be seen, so nothing is taken from the cache.
        let Some(annotations) = &annotations else {
            return (Line::new(&photo, checked(checker, kept.as_ref(), capture.as_ref(), &photo, look)), Ok(()));
        };
        let examined = checker.examine(photos::source(&photo));
        let drawn = examined.as_ref().map_or(Ok(()), |examination| {
            look(examination.evidence().photo());
            annotations.draw(place, examination, language)
        });
        (Line::new(&photo, examined.map(Examination::into_report)), drawn)
    };
    let interrupted = interrupt_flag()?;
    let progress = Progress::new(photos.len() - done);
    let left = photos.iter().cloned().enumerate().skip(done);
    for (line, drawn) in checker.map_in_order(left, check)? {
        all_pass &= line.is_pass();
        done += 1;
        if let Some(journal) = &mut journal {
            journal.append(&line)?;
        }
        drawn?;
        let told = output.photo(&line);
        // Where everything lies in a folder, a thousand lines would hide what counts.
        let is_told_there = args.batch.output.is_some() && matches!(args.format, ReportFormat::Text) && !args.details;
        let is_shown = !is_told_there && (!args.quiet || !line.is_pass());
        progress.print(if is_shown { &told } else { "" })?;
        if interrupted.load(Ordering::Relaxed) {
            break;
        }
    }
    drop(progress);
    match args.format {
        ReportFormat::Text => print(&photos::told(&found, language))?,
        _ => anstream::eprint!("{}", photos::told(&found, language)),
    }
    print(&output.summary())?;
    if done < photos.len() {
        return Err(stopped(done, photos.len(), journal.is_some()).into());
    }
    if let Some(folder) = &args.batch.output {
        let mut batch = Batch::new(roster).read_as(reading).below(&paths).profile(checker.profile());
        batch.decide(decided);
        batch.assign(assignment.unwrap_or_default());
        let beside = found.passed_over().iter().filter(|(_, why)| why.may_be_a_photo());
        batch.beside(beside.map(|(path, why)| (path.clone(), why.words().into())));
        let asks_when = args.batch.graduation.is_some() || args.batch.roster.is_some();
        let taken = photos.iter().map(|photo| if asks_when { Taken::of(photo) } else { None }).collect();
        batch.taken(args.batch.graduation, taken);
        for line in journal::lines(folder)? {
            batch.add(line?.entry());
        }
        let batch = batch.finish();
        all_pass = batch.is_done();
        let paper = Paper::new(&args.batch.paper, args.capture);
        results::write(folder, &batch, found.photos(), found.passed_over(), checker.profile(), paper, language)?;
        if matches!(args.format, ReportFormat::Text) {
            print(&batch::summary(&batch, language))?;
            print(&batch::next_steps(&batch, folder, args.batch.paper.notices.as_deref(), language))?;
        }
    }
    Ok(if all_pass { Exit::AllPass } else { Exit::SomeNot })
}

fn journal(
    args: &BatchArgs,
    photos: &[PathBuf],
    checker: &Checker,
    finished: impl FnMut(Line),
) -> anyhow::Result<Option<Journal>> {
    let Some(folder) = &args.output else { return Ok(None) };
    let earlier = match (args.resume, args.overwrite) {
        (true, _) => Earlier::Resume,
        (_, true) => Earlier::Overwrite,
        _ => Earlier::Refuse,
    };
    let journal = Journal::open(folder, earlier, photos, checker, finished)?;
    results::remove_earlier(folder)?;
    Ok(Some(journal))
}

fn checked(
    checker: &Checker,
    cache: Option<&Cache>,
    capture: Option<&Capture>,
    photo: &Path,
    look: impl FnOnce(&Photo),
) -> Result<Report, Error> {
    match (cache, capture) {
        (Some(cache), _) => cache.check(photo, checker, look),
        (None, None) => {
            let examination = checker.examine(photos::source(photo))?;
            look(examination.evidence().photo());
            Ok(examination.into_report())
        }
        (None, capture) => {
            let measured = capture::measured(checker, capture, photos::source(photo), look)?;
            Ok(checker.profile().judge(&measured))
        }
    }
}

fn cache(args: &BatchArgs, checker: &Checker, capture: Option<Capture>) -> Option<Cache> {
    let folder = args.cache.clone().or_else(|| args.output.as_ref().and_then(|_| Cache::default_folder()));
    folder.filter(|_| !args.no_cache).map(|folder| Cache::new(&folder, checker, capture))
}

/// Raised by the first Ctrl-C, so that the run ends after a whole line; the second one ends it at once.
pub fn interrupt_flag() -> anyhow::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&flag);
    let on_interrupt = move || {
        if raised.swap(true, Ordering::Relaxed) {
            process::exit(Exit::CouldNotRun as i32);
        }
    };
    ctrlc::set_handler(on_interrupt).or_trouble(|| trouble("不能响应 Ctrl-C", "cannot listen for Ctrl-C"))?;
    Ok(flag)
}
