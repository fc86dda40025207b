//! `gradphoto check`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gradphoto::batch::Roster;
use gradphoto::photo::Taken;
use gradphoto::{Batch, Checker, Error, Language, Report};
use gradphoto_app::capture::{Capture, look};
use gradphoto_app::store::FileStamp;

use crate::annotations::Annotations;
use crate::args::{BatchArgs, Check, PaperArgs, ReportFormat, jobs};
use crate::batch::looks::Looks;
use crate::batch::results::{Results, Told};
use crate::interrupt::Interrupt;
use crate::line::Line;
use crate::output::progress::{Progress, print};
use crate::output::{Output, batch, findings_csv::FindingsCsv, jsonl::Jsonl, sarif::Sarif, text::Text};
use crate::own::Kind;
use crate::paper::Paper;
use crate::trouble::{stopped, trouble};
use crate::{Exit, own, photos, school};

/// So many photos take long enough for the speed of the engine to matter.
const MANY: usize = 100;

/// Checks the photos and prints each result as soon as it and those before it are known.
pub fn run(args: &Check) -> anyhow::Result<Exit> {
    let language = args.language.get();
    let interrupt = Interrupt::listen(language)?;
    let paths = photos::named(&args.paths, args.files_from.as_deref())?;
    let found = photos::find(&paths, args.batch.roster.as_deref())?;
    photos::apart(found.photos(), &paths, &written(args))?;
    lists_stay(args)?;
    let photos = found.photos();
    let profile = args.rules.of(args.profile.load()?)?;
    let roster = school::roster(args.batch.roster.as_deref(), &args.batch.schedule, args.quiet, language)?;
    let (roster, reading) = roster.unzip();
    let decided = school::decided(&args.batch.decisions)?;
    let assignment = args.assign.assignment(roster.as_ref(), photos, &paths, language)?;
    let capture = args.capture.then(|| Capture::new(&profile));
    let jobs = jobs(args.jobs, photos.len(), language);
    let checker = args.engine.checker(capture.as_ref().map_or(profile, Capture::frames), jobs)?;
    if photos.len() >= MANY && !args.quiet {
        anstream::eprint!("{}", args.engine.note(&checker, language));
    }
    interrupt.begin();
    let annotations = args.annotate.as_deref().map(|folder| Annotations::prepare(folder, &paths, photos));
    let annotations = annotations.transpose()?;
    let mut output = output(args, photos);
    let mut results = results(&args.batch)?;
    let looks = Looks::open(&args.batch, &checker, capture.as_ref())?.map(Arc::new);
    let looker = Looker { looks: looks.clone(), capture, annotations, language };
    let progress = Progress::new(photos.len());
    let asks_when = args.batch.graduation.is_some() || roster.as_ref().is_some_and(Roster::tells_graduation);
    let mut batch = Batch::new(roster).read_as(reading).below(&paths).profile(checker.profile());
    let (mut done, mut all_pass) = (0, true);
    print(&output.heads())?;
    let looked = checker.map_in_order(photos.iter().cloned().enumerate(), move |checker, (place, photo)| {
        looker.look(checker, place, &photo)
    })?;
    for Looked { line, is_from_before, drawn } in looked {
        all_pass &= line.is_pass();
        done += 1;
        let told = output.photo(&line);
        if let Some(results) = &mut results {
            // What is printed as JSON are the same lines.
            match args.format {
                ReportFormat::Jsonl => results.line(told.trim_end())?,
                _ => results.line(&line.to_json())?,
            }
            batch.add(line.entry());
        }
        drawn?;
        // Where everything lies in a folder, a thousand lines would hide what counts.
        let is_told_there = args.batch.output.is_some() && matches!(args.format, ReportFormat::Text) && !args.details;
        let is_shown = !is_told_there && !is_from_before && (!args.quiet || !line.is_pass());
        progress.print(if is_shown { &told } else { "" })?;
        if interrupt.is_raised() {
            break;
        }
    }
    drop(progress);
    let passed_over = photos::not_checked(&found, language);
    let passed_over = match args.format {
        ReportFormat::Text => passed_over,
        _ => {
            anstream::eprint!("{passed_over}");
            String::new()
        }
    };
    if done < photos.len() {
        print(&(passed_over + &output.summary()))?;
        return Err(stopped(done, photos.len(), results.is_some()).into());
    }
    let mut next = String::new();
    if let (Some(folder), Some(results), Some(looks)) = (&args.batch.output, results, looks) {
        batch.decide(looks.decided()?);
        batch.decide(decided);
        batch.assign(assignment.unwrap_or_default());
        batch.beside(found.may_be_photos());
        let taken = photos.iter().map(|photo| if asks_when { Taken::of(photo) } else { None }).collect();
        batch.taken(args.batch.graduation, taken);
        let batch = batch.finish();
        all_pass = batch.is_done();
        output.across(&batch);
        let paper = Paper::new(&args.batch.paper, args.capture);
        let told = Told { batch: &batch, photos, found: &found, profile: checker.profile(), language };
        // Before anything is printed, for nobody may be reading.
        results.finish(&told, &looks.shown(photos), paper)?;
        if matches!(args.format, ReportFormat::Text) {
            let notices = args.batch.paper.notices.as_deref();
            next = batch::summary(&batch, language);
            let is_by_order = args.assign.assign == "order" && args.batch.paper.sheets.is_none();
            next += &batch::next_steps(&batch, &paths, folder, notices, is_by_order, language);
        }
    }
    print(&(passed_over + &output.summary() + &next))?;
    Ok(if all_pass { Exit::AllPass } else { Exit::SomeNot })
}

/// Looks at the photos, several at once.
struct Looker {
    looks: Option<Arc<Looks>>,
    capture: Option<Capture>,
    annotations: Option<Annotations>,
    language: Language,
}

/// What became of one photo.
struct Looked {
    line: Line,
    /// Whether the run that this one goes on with has looked at it.
    is_from_before: bool,
    /// Whether it could be drawn, where that is asked.
    drawn: anyhow::Result<()>,
}

impl Looker {
    /// Looks at the photo that is at `place` in the list of photos.
    fn look(&self, checker: &Checker, place: usize, photo: &Path) -> Looked {
        let is_from_before = self.looks.as_ref().is_some_and(|looks| looks.is_from_before(photo));
        let (report, drawn) = match &self.annotations {
            Some(annotations) => self.drawn(annotations, checker, place, photo),
            None => (self.checked(checker, photo), Ok(())),
        };
        Looked { line: Line::new(photo, report), is_from_before, drawn }
    }

    fn checked(&self, checker: &Checker, photo: &Path) -> Result<Report, Error> {
        match (&self.looks, &self.capture) {
            (Some(looks), _) => looks.check(photo, checker),
            (None, None) => checker.check(photos::source(photo)),
            (None, capture) => {
                let looked = look(checker, capture.as_ref(), photos::source(photo), |_| {})?;
                Ok(checker.profile().judge(&looked.measured))
            }
        }
    }

    /// What is to be drawn must be seen, so nothing that is known of it serves.
    fn drawn(
        &self,
        annotations: &Annotations,
        checker: &Checker,
        place: usize,
        photo: &Path,
    ) -> (Result<Report, Error>, anyhow::Result<()>) {
        let file = FileStamp::of(photo);
        let looked = checker.guarded(photos::source(photo), |checker, source| {
            let examination = checker.examine(source)?;
            self.looks.iter().for_each(|looks| looks.learn(photo, file, examination.evidence()));
            let drawn = annotations.draw(place, &examination, self.language);
            Ok((examination.into_report(), drawn))
        });
        match looked {
            Ok((report, drawn)) => (Ok(report), drawn),
            Err(error) => (Err(error), Ok(())),
        }
    }
}

fn output<'a>(args: &Check, photos: &'a [PathBuf]) -> Box<dyn Output + 'a> {
    let language = args.language.get();
    match args.format {
        ReportFormat::Text => Box::new(Text::new(language, args.details)),
        ReportFormat::Jsonl => Box::new(Jsonl),
        ReportFormat::Csv => Box::new(FindingsCsv::new(language)),
        ReportFormat::Sarif => Box::new(Sarif::new(language, photos)),
    }
}

/// The folders that a run writes into, by the options that name them.
fn written(args: &Check) -> Vec<(&'static str, &Path)> {
    let paper = &args.batch.paper;
    let folders = [
        ("--output", &args.batch.output),
        ("--annotate", &args.annotate),
        ("--cache", &args.batch.cache),
        ("--notices", &paper.notices),
        ("--sheets", &paper.sheets),
        ("--for-vendor", &paper.for_vendor),
    ];
    folders.into_iter().filter_map(|(option, folder)| Some((option, folder.as_deref()?))).collect()
}

/// Refuses a list that the run would make anew: the next run would read another one.
fn lists_stay(args: &Check) -> anyhow::Result<()> {
    let Some(folder) = &args.batch.output else { return Ok(()) };
    let rosters = [("--roster", &args.batch.roster), ("--schedule", &args.batch.schedule.schedule)];
    let rosters = rosters.into_iter().filter_map(|(option, file)| Some((option, file.as_ref()?)));
    let decided = args.batch.decisions.iter().map(|file| ("--decisions", file));
    let typed = rosters.chain(decided).map(|(option, file)| (format!("{option} {}", file.display()), file.as_path()));
    let Some((typed, _)) = args.assign.lists().chain(typed).find(|(_, file)| Results::is_made_anew(file, folder))
    else {
        return Ok(());
    };
    Err(trouble(
        format!("{typed}：这次运行会重写这个文件，请先把它复制到别处，再写复制的那一份"),
        format!("{typed}: this run writes that file anew; copy it elsewhere first and name the copy"),
    )
    .into())
}

/// Begins the results, unless they would take the place of others unasked.
fn results(args: &BatchArgs) -> anyhow::Result<Option<Results>> {
    let Some(folder) = &args.output else { return Ok(None) };
    if !args.resume && !args.overwrite && Results::are_in(folder) {
        let shown = folder.display();
        return Err(trouble(
            format!("{shown} 里有上次检查的结果：接着检查请加 --resume，重新检查请加 --overwrite"),
            format!("{shown} holds the results of an earlier run: --resume continues it, --overwrite starts anew"),
        )
        .into());
    }
    let PaperArgs { notices, sheets, for_vendor, .. } = &args.paper;
    for (folder, kind) in [(notices, Kind::Notices), (sheets, Kind::Sheets), (for_vendor, Kind::Vendor)] {
        folder.iter().try_for_each(|folder| own::ready(folder, kind))?;
    }
    Ok(Some(Results::begin(folder)?))
}
