//! `gradphoto prepare`

mod cut;
mod done;
mod whose;
mod words;
mod workshop;

use std::fs;
use std::path::{Path, PathBuf};

use gradphoto::batch::{Assignment, Decided, Naming, Place, Roster};
use gradphoto::photo::Taken;
use gradphoto::{Batch, Checker, Language};
use gradphoto_app::known::sha256;
use serde_json::json;

use crate::args::{Prepare, jobs};
use crate::batch::lines::lock;
use crate::interrupt::Interrupt;
use crate::line::STDIN;
use crate::output::batch;
use crate::output::progress::{Progress, print};
use crate::output::record::plain;
use crate::trouble::{OrTrouble, trouble, unremoved};
use crate::upload::copies::{Copies, Copy, Scope, full_path};
use crate::upload::left_out::left_out;
use crate::upload::targets::{Target, targets};
use crate::upload::{archives, decisions, index};
use crate::{Exit, photos, school};
use done::{Counts, Done, Draft, Seen, lines};
use whose::Originals;
use words::{missing, note_on_size, summary, unfit, without_photo};
use workshop::Workshop;

/// Makes the copies, each checked before it is kept.
pub fn run(args: &Prepare) -> anyhow::Result<Exit> {
    let language = args.language.get();
    let interrupt = Interrupt::listen(language)?;
    let naming = args.name.as_deref().map(Naming::parse).transpose();
    let naming = naming.map_err(|problem| school::problems(&[problem], language))?;
    if args.paths.iter().any(|path| path.as_os_str() == STDIN) {
        return Err(trouble(
            "prepare 不从标准输入读照片，请写照片或文件夹",
            "prepare reads no photo from stdin; name photos or folders",
        )
        .into());
    }
    let found = photos::find(&photos::named(&args.paths, None)?, args.roster.as_deref())?;
    let (roster, _) = school::roster(args.roster.as_deref(), &args.schedule, false, language)?.unzip();
    let decided = school::decided(&args.decisions)?;
    let photos = found.photos();
    let assignment = args.assign.assignment(roster.as_ref(), photos, &args.paths, language)?.unwrap_or_default();
    let checker = checker(args, photos.len(), language)?;
    let originals = Originals { photos, roots: &args.paths, roster: roster.as_ref(), assignment: &assignment };
    let whose = originals.whose(&decided, &checker)?;
    let targets = targets(photos, &args.paths, &whose.batch, &assignment, naming.as_ref(), language)?;
    apart(&args.output, &args.paths)?;
    photos::apart(photos, &args.paths, &[("--output", &args.output)])?;
    interrupt.begin();
    // Held to the end: of two runs each would take away what the other noted.
    let _lock = lock(&args.output)?;
    index::free(&args.output, args.overwrite)?;
    let copies = Copies::open(&args.output, language)?;
    let before = copies.all().cloned().collect::<Vec<_>>();
    let hashes = || decided.iter().map(|row| row.sha256.clone()).filter(|sha256| !sha256.is_empty()).collect();
    let scope = Scope::new(photos, &args.paths);
    let workshop = Workshop {
        made_by: made_by(&checker),
        folder: args.output.clone(),
        earlier: Copies::open(&args.output, language)?,
        scope: scope.clone(),
        batch: whose.batch,
        cuts: whose.cuts,
        overwrite: args.overwrite,
        decided_on: args.ready.then(hashes),
        language,
    };
    let progress = Progress::new(targets.len());
    let mut tally = Tally { folder: args.output.clone(), copies, counts: Counts::default(), progress, language };
    let on_roster = roster.as_ref().map_or_else(Vec::new, |roster| roster.students().to_vec());
    let of_run = targets.iter().filter_map(|target| Some((full_path(&target.photo), target.student?))).collect();
    let asks_when = args.graduation.is_some() || roster.as_ref().is_some_and(Roster::tells_graduation);
    let mut batch = Batch::new(roster).below(&args.paths).profile(checker.profile());
    let taken = |photo: &PathBuf| if asks_when { Taken::of(photo) } else { None };
    batch.taken(args.graduation, photos.iter().map(taken).collect());
    let made = Made::all(&checker, targets, workshop, batch, &mut tally, &interrupt)?;
    let (settled, counted) = made.settle(decided, whose.assignment, args.ready, &mut tally)?;
    let Tally { mut copies, counts, progress, .. } = tally;
    drop(progress);
    print(&settled)?;
    let removed = copies.tidy(&before, &scope)?;
    let left_out = left_out(&on_roster, &copies, &of_run);
    index::write(&args.output, &copies, &left_out, language)?;
    let packed = match args.zip {
        Some(per) => archives::write(&args.output, &packed(&copies), per, language)?,
        None => Vec::new(),
    };
    print(&summary(counts, removed, &packed, &args.output, language))?;
    print(&without_photo(&left_out, language))?;
    print(&missing(&copies, &scope, language))?;
    print(&if args.ready { counted } else { unfit(&copies, language) })?;
    print(&photos::not_checked(&found, language))?;
    Ok(if counts.refused == 0 { Exit::AllPass } else { Exit::SomeNot })
}

/// What looks at the photos, with a word on a profile that asks for copies of another size.
fn checker(args: &Prepare, photos: usize, language: Language) -> anyhow::Result<Checker> {
    let profile = args.profile.load()?;
    if let Some(note) = note_on_size(&profile, language) {
        anstream::eprintln!("{}", plain(&note));
    }
    args.engine.checker(profile, jobs(args.jobs, photos, language))
}

/// Keeps copies out of the folders of the originals, and originals out of the folder of the copies, which later runs pass over.
fn apart(output: &Path, paths: &[PathBuf]) -> anyhow::Result<()> {
    let full = output.canonicalize().unwrap_or_else(|_| full_path(output).into());
    for path in paths {
        let Ok(whole) = path.canonicalize() else { continue };
        let (shown, path) = (output.display(), path.display());
        if whole.is_dir() && full.starts_with(&whole) {
            return Err(trouble(
                format!("{shown} 在原片文件夹 {path} 里面，请把 --output 指到原片之外"),
                format!("{shown} lies in {path}; name a folder outside the originals"),
            )
            .into());
        }
        if whole.starts_with(&full) {
            return Err(trouble(
                format!("--output {shown}：原片 {path} 就在这个文件夹里，请换一个新文件夹"),
                format!("--output {shown}: the originals {path} lie in this folder; name a new one"),
            )
            .into());
        }
    }
    Ok(())
}

/// Photos that have been looked at, before people and the other photos have their say.
struct Made {
    batch: Batch,
    language: Language,
    /// Whose each photo is.
    students: Vec<Option<usize>>,
    seen: Vec<Copy>,
    /// Copies that are not written yet, by the places of their photos.
    held: Vec<(usize, Draft)>,
    /// Copies that are there.
    done: Vec<(usize, Done)>,
}

impl Made {
    /// Makes the copies; those on which others have a say are held back.
    fn all(
        checker: &Checker,
        targets: Vec<Target>,
        workshop: Workshop,
        batch: Batch,
        tally: &mut Tally,
        interrupt: &Interrupt,
    ) -> anyhow::Result<Made> {
        let wanted = targets.len();
        let students = targets.iter().map(|target| target.student).collect();
        let (seen, held, done) = (Vec::with_capacity(wanted), Vec::new(), Vec::new());
        let mut made = Made { batch, language: workshop.language, students, seen, held, done };
        for (entry, photo) in checker.map_in_order(targets, move |checker, target| workshop.one(checker, &target))? {
            let place = made.seen.len();
            made.seen.push(photo.copy().clone());
            made.batch.add(entry);
            match photo {
                Seen::Done(done) => {
                    tally.add(&done)?;
                    if done.copy().file.is_some() {
                        made.done.push((place, done));
                    }
                }
                Seen::Held(draft) => made.held.push((place, draft)),
            }
            if interrupt.is_raised() {
                break;
            }
        }
        let all = made.seen.len();
        if all < wanted {
            return Err(trouble(
                format!("共 {wanted} 张，停在第 {all} 张之后；重新运行同一命令即可接着做"),
                format!("stopped after {all} of {wanted} photos; run the same command again to continue"),
            )
            .into());
        }
        Ok(made)
    }

    /// Keeps what is ready, as people decided and as the photos show among each other, or says of every copy what is open.
    /// Returns whole lines on copies of which that is another verdict, and on the decisions.
    fn settle(
        self,
        decided: Vec<Decided>,
        assignment: Assignment,
        is_ready: bool,
        tally: &mut Tally,
    ) -> anyhow::Result<(String, String)> {
        let Made { mut batch, language, students, seen, held, done } = self;
        batch.decide(decisions::of_copies(decided, &seen));
        batch.assign(assignment);
        let batch = batch.finish();
        let (photos, notes) = (batch.photos(), batch.notes());
        for (place, mut draft) in held {
            decisions::settle(&mut draft.copy, &photos[place], &notes[place], students[place], language);
            let done = draft.finish(&tally.copies, &tally.folder, language);
            tally.add(&done)?;
        }
        let mut settled = String::new();
        for (place, done) in done {
            let mut copy = done.copy().clone();
            if is_ready {
                decisions::settle(&mut copy, &photos[place], &notes[place], students[place], language);
            } else if decisions::among_others(&mut copy, &photos[place], &notes[place], done.is_new(), language) {
                settled += &tally.say_again(done, copy)?;
                continue;
            }
            if copy.file.is_none() {
                settled += &tally.take_back(&done, copy)?;
            }
        }
        Ok((settled, batch::decisions(&batch, language)))
    }
}

/// What became of the photos so far.
struct Tally {
    folder: PathBuf,
    copies: Copies,
    counts: Counts,
    progress: Progress,
    language: Language,
}

impl Tally {
    /// Counts what became of a photo, notes it and says it.
    fn add(&mut self, done: &Done) -> anyhow::Result<()> {
        *self.counts.of(done) += 1;
        self.copies.note(done.copy().clone())?;
        Ok(self.progress.print(&lines(done, &self.folder, self.language))?)
    }

    /// Notes another verdict on a copy that is there. Returns whole lines on it.
    fn say_again(&mut self, done: Done, copy: Copy) -> anyhow::Result<String> {
        self.copies.note(copy.clone())?;
        Ok(match done {
            Done::Made { crop, .. } => lines(&Done::Made { copy, crop }, &self.folder, self.language),
            _ => String::new(),
        })
    }

    /// Counts a copy as refused after all, `copy` saying why, and takes it away. Returns whole lines on it.
    fn take_back(&mut self, done: &Done, copy: Copy) -> anyhow::Result<String> {
        // What was there before the run goes with all that is nobody's any more.
        if let (Done::Made { copy, .. }, Some(file)) = (done, &done.copy().file) {
            let path = self.folder.join(file);
            if self.copies.is_whole(copy) {
                fs::remove_file(&path).or_trouble(|| unremoved(&path))?;
            }
        }
        let refused = Done::TakenBack(copy);
        *self.counts.of(done) -= 1;
        *self.counts.of(&refused) += 1;
        self.copies.note(refused.copy().clone())?;
        Ok(lines(&refused, &self.folder, self.language))
    }
}

/// Profile, program, models and engine in one word.
fn made_by(checker: &Checker) -> String {
    let stamps = (checker.profile_stamp(), checker.engine_stamp(), env!("CARGO_PKG_VERSION"));
    sha256(json!(stamps).to_string().as_bytes())
}

/// The copies with the places they belong to.
fn packed(copies: &Copies) -> Vec<(Place, String)> {
    let place = |copy: &Copy| {
        let [_, _, department, class] = copy.student.clone();
        Some((Place { department, major: copy.major.clone(), class }, copy.file.clone()?))
    };
    copies.all().filter_map(place).collect()
}
