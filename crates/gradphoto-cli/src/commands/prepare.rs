//! `gradphoto prepare`

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use gradphoto::Group;
use gradphoto::batch::{Entry, Field, Naming, Place};
use gradphoto::folder::make_own_folder;
use gradphoto::photo::{Taken, shown};
use gradphoto::{
    Batch, BatchReport, Checker, Language, Mark, Measurements, PhotoVerdict, Profile, Report, RuleVerdict, Severity,
    Source, prepare,
};
use serde_json::json;

use crate::args::Prepare;
use crate::commands::check::interrupt_flag;
use crate::output::batch;
use crate::output::progress::{Progress, print};
use crate::output::record::{Outcome, plain};
use crate::trouble::{self, OrTrouble, trouble, unmade, unremoved, unwritten};
use crate::upload::copies::{Copies, Copy, Scope, for_batch, full_path, sha256};
use crate::upload::targets::{Aside, Target, targets};
use crate::upload::{archives, decisions, index};
use crate::{Exit, photos, school, whole};

/// What became of one photo.
enum Done {
    /// The copy was written, and what was cut out.
    Made { copy: Copy, crop: String },
    /// The copy of an earlier run is what this one would make.
    Unchanged(Copy),
    /// The student was shot again later.
    Replaced(Copy),
    /// Why there is no copy.
    Refused(Copy),
}

impl Done {
    fn copy(&self) -> &Copy {
        let (Done::Made { copy, .. } | Done::Unchanged(copy) | Done::Replaced(copy) | Done::Refused(copy)) = self;
        copy
    }

    /// Its place among the counts of a run.
    fn kind(&self) -> usize {
        match self {
            Done::Made { .. } => 0,
            Done::Unchanged(_) => 1,
            Done::Replaced(_) => 2,
            Done::Refused(_) => 3,
        }
    }
}

/// A copy that is not written yet.
struct Draft {
    copy: Copy,
    crop: String,
    jpeg: Vec<u8>,
}

impl Draft {
    fn write(self, folder: &Path) -> anyhow::Result<Done> {
        let path = folder.join(self.copy.file.as_deref().unwrap_or_default());
        whole::write(&path, &self.jpeg).or_trouble(|| unwritten(&path))?;
        Ok(Done::Made { copy: self.copy, crop: self.crop })
    }
}

/// A photo when it has been looked at.
enum Seen {
    Done(Done),
    /// A person or the other photos decide on it: what that comes to shows when all are known.
    Held(Draft),
}

impl Seen {
    fn copy(&self) -> &Copy {
        match self {
            Seen::Done(done) => done.copy(),
            Seen::Held(draft) => &draft.copy,
        }
    }
}

/// Makes the copies, each checked before it is kept.
pub fn run(args: &Prepare) -> anyhow::Result<Exit> {
    let language = args.language.get();
    let naming = args.name.as_deref().map(Naming::parse).transpose();
    let naming = naming.map_err(|problem| school::problems(&[problem], language))?;
    let found = photos::find(&args.paths, None)?;
    let (roster, _) = school::roster(args.roster.as_deref(), None, false, language)?.unzip();
    let decided = school::decided(&args.decisions)?;
    // Through a link a photo may be found twice.
    let mut known = BTreeSet::new();
    let photos = found.photos().iter().filter(|photo| known.insert(full_path(photo))).cloned().collect::<Vec<_>>();
    let assignment = args.assign.assignment(roster.as_ref(), &photos, &args.paths, language)?;
    let (targets, batch) =
        targets(&photos, &args.paths, roster.clone(), assignment.clone(), naming.as_ref(), language)?;
    let profile = args.profile.load()?;
    if let Some(note) = note_on_size(&profile, language) {
        anstream::eprintln!("{}", plain(&note));
    }
    let checker = args.engine.checker(profile, args.jobs)?;
    make_own_folder(&args.output).or_trouble(|| unmade(&args.output))?;
    let output = args.output.canonicalize()?;
    for path in args.paths.iter().filter(|path| path.is_dir()) {
        let is_apart = path.canonicalize().is_ok_and(|path| !output.starts_with(path));
        if !is_apart {
            let (output, path) = (args.output.display(), path.display());
            return Err(trouble(
                format!("{output} 在原片文件夹 {path} 里面，请把 --output 指到原片之外"),
                format!("{output} lies in {path}; name a folder outside the originals"),
            )
            .into());
        }
    }
    let copies = Copies::open(&args.output, language)?;
    let before = copies.all().cloned().collect::<Vec<_>>();
    let hashes = || decided.iter().map(|row| row.sha256.clone()).filter(|sha256| !sha256.is_empty()).collect();
    let scope = Scope::new(&photos, &args.paths);
    let workshop = Workshop {
        made_by: made_by(&checker),
        folder: args.output.clone(),
        earlier: Copies::open(&args.output, language)?,
        scope: scope.clone(),
        batch,
        overwrite: args.overwrite,
        decided_on: args.ready.then(hashes),
        language,
    };
    let interrupted = interrupt_flag()?;
    let wanted = targets.len();
    let students = targets.iter().map(|target| target.student).collect::<Vec<_>>();
    let mut tally = Tally { copies, counts: [0; 4], progress: Progress::new(wanted), language };
    let mut batch = Batch::new(roster).below(&args.paths).profile(checker.profile());
    let (mut seen, mut held, mut made) = (Vec::with_capacity(wanted), Vec::new(), Vec::new());
    for (entry, photo) in checker.map_in_order(targets, move |checker, target| workshop.one(checker, &target))? {
        let place = seen.len();
        seen.push(photo.copy().clone());
        batch.add(entry);
        match photo {
            Seen::Done(done) => {
                tally.add(&done, &args.output)?;
                if done.copy().file.is_some() {
                    made.push((place, done));
                }
            }
            Seen::Held(draft) => held.push((place, draft)),
        }
        if interrupted.load(Ordering::Relaxed) {
            break;
        }
    }
    let all = seen.len();
    if all < wanted {
        return Err(trouble(
            format!("共 {wanted} 张，停在第 {all} 张之后；重新运行同一命令即可接着做"),
            format!("stopped after {all} of {wanted} photos; run the same command again to continue"),
        )
        .into());
    }
    let (mut taken_back, mut counted) = (String::new(), String::new());
    if args.ready {
        batch.decide(decisions::of_copies(decided, &seen));
        batch.assign(assignment.unwrap_or_default());
        let batch = batch.finish();
        for (place, mut draft) in held {
            decisions::settle(&mut draft.copy, &batch, place, students[place], language);
            tally.add(&finished(draft, &tally.copies, &args.output, language), &args.output)?;
        }
        for (place, done) in made {
            let mut copy = done.copy().clone();
            decisions::settle(&mut copy, &batch, place, students[place], language);
            if copy.file.is_none() {
                taken_back += &tally.take_back(&done, copy, &args.output)?;
            }
        }
        counted = batch::decisions(&batch, language);
    }
    let Tally { mut copies, counts, progress, .. } = tally;
    drop(progress);
    print(&taken_back)?;
    let removed = copies.tidy(&before, &scope)?;
    index::write(&args.output, &copies, language)?;
    let packed = match args.zip {
        Some(per) => archives::write(&args.output, &packed(&copies), per, language)?,
        None => Vec::new(),
    };
    print(&summary(counts, removed, &packed, &args.output, language))?;
    print(&missing(&copies, &scope, language))?;
    print(&if args.ready { counted } else { unfit(&copies, language) })?;
    print(&photos::told(&found, language))?;
    Ok(if counts[3] == 0 { Exit::AllPass } else { Exit::SomeNot })
}

/// What became of the photos so far.
struct Tally {
    copies: Copies,
    counts: [usize; 4],
    progress: Progress,
    language: Language,
}

impl Tally {
    fn add(&mut self, done: &Done, folder: &Path) -> anyhow::Result<()> {
        self.counts[done.kind()] += 1;
        self.copies.note(done.copy().clone())?;
        Ok(self.progress.print(&told(done, folder, self.language))?)
    }

    /// Counts a copy as refused after all, `copy` saying why, and takes it away. Returns whole lines on it.
    fn take_back(&mut self, done: &Done, copy: Copy, folder: &Path) -> anyhow::Result<String> {
        // What was there before the run goes with all that is nobody's any more.
        if let (Done::Made { copy, .. }, Some(file)) = (done, &done.copy().file) {
            let path = folder.join(file);
            if self.copies.is_whole(copy) {
                fs::remove_file(&path).or_trouble(|| unremoved(&path))?;
            }
        }
        let refused = Done::Refused(copy);
        self.counts[done.kind()] -= 1;
        self.counts[refused.kind()] += 1;
        self.copies.note(refused.copy().clone())?;
        Ok(told(&refused, folder, self.language))
    }
}

/// What all copies of a run have in common.
struct Workshop {
    made_by: String,
    folder: PathBuf,
    earlier: Copies,
    scope: Scope,
    batch: BatchReport,
    overwrite: bool,
    /// Where only what is ready is wanted: hashes of the photos and copies that people decided on.
    decided_on: Option<BTreeSet<String>>,
    language: Language,
}

impl Workshop {
    /// The photo among the others, with what is known of its copy, and what became of it.
    fn one(&self, checker: &Checker, target: &Target) -> (Entry, Seen) {
        let blank = self.blank(target);
        let refused = |why: &str| Done::Refused(Copy { why: why.to_owned(), ..blank.clone() });
        let done = match &target.file {
            Ok(file) => {
                let made = checker.guarded(&target.photo, |checker, _| Ok(self.made(checker, target, file)));
                match made.unwrap_or_else(|defect| Err(defect.into())) {
                    Ok(made) => return made,
                    Err(error) => refused(&trouble::told(&error, self.language)),
                }
            }
            Err(Aside::Replaced) => {
                let why = match self.language {
                    Language::Zh => "本人后来重拍，以后一张为准。",
                    Language::En => "Photographed again later; the last one counts.",
                };
                Done::Replaced(Copy { why: why.to_owned(), ..blank })
            }
            Err(Aside::Open(why)) => refused(why),
        };
        unseen(done)
    }

    fn blank(&self, target: &Target) -> Copy {
        let student = target.student.and_then(|student| self.batch.students().get(student));
        let get = |field| student.map_or("", |student| student.get(field)).to_owned();
        let Place { department, major, class } = &target.place;
        Copy {
            photo: shown(&target.photo),
            path: full_path(&target.photo),
            made_by: self.made_by.clone(),
            student: [get(Field::StudentNumber), get(Field::Name), department.clone(), class.clone()],
            major: major.clone(),
            ..Copy::default()
        }
    }

    /// Makes the copy and checks it; it is written at once where nobody decided on it.
    fn made(&self, checker: &Checker, target: &Target, file: &str) -> anyhow::Result<(Entry, Seen)> {
        let mut copy = self.blank(target);
        let source = Source::from(target.photo.as_path()).read()?;
        if let Source::Bytes(_, bytes) = &source {
            copy.photo_sha256 = sha256(bytes);
        }
        let path = self.folder.join(file);
        let owner = self.earlier.owner(file).filter(|owner| owner.path != copy.path);
        let mut earlier = self.earlier.of(&copy.path).into_iter().chain(owner);
        if let Some(earlier) = earlier.find(|earlier| self.is_same(earlier, &copy, file)) {
            let Copy { photo, path, student, major, .. } = copy;
            let copy = Copy { photo, path, student, major, ..earlier.clone() };
            let entry = copy.entry().unwrap_or_else(|| Entry::unreadable(&copy.photo));
            return Ok((entry, Seen::Done(Done::Unchanged(copy))));
        }
        // The same picture may take the place of itself: its folder was renamed.
        let other = owner.filter(|owner| {
            !self.scope.covers(&owner.path) && owner.photo_sha256 != copy.photo_sha256 && self.earlier.has_file(owner)
        });
        // A later shot is a retake and takes the place; of what is not known to be later a person decides.
        let is_retake = |other: &Copy| {
            let [before, now] = [Path::new(&other.path), &target.photo].map(Taken::of);
            before.zip(now).is_some_and(|(before, now)| before < now)
        };
        if let Some(other) = other.filter(|other| !self.overwrite && !is_retake(other)) {
            copy.why = taken(&path, other, &copy, self.language);
            return Ok(unseen(Done::Refused(copy)));
        }
        if path.exists() && !self.overwrite && !self.earlier.is_own(file) {
            copy.why = match self.language {
                Language::Zh => {
                    format!("{} 已存在，且不是本程序写的或已被改动；要替换请加 --overwrite。", path.display())
                }
                Language::En => {
                    format!(
                        "{} already exists and was not written by this program, or has been changed; --overwrite replaces it.",
                        path.display()
                    )
                }
            };
            return Ok(unseen(Done::Refused(copy)));
        }
        let evidence = checker.see(source)?;
        let prepared = match prepare(&evidence, checker.profile()) {
            Ok(prepared) => prepared,
            Err(why) => {
                why.get(self.language).clone_into(&mut copy.why);
                return Ok(unseen(Done::Refused(copy)));
            }
        };
        drop(evidence);
        let evidence = checker.see(Source::Bytes(shown(&path), prepared.jpeg.clone()))?;
        // Among the others it has the name of its photo, which tells whose it is.
        let report = checker.profile().judge(&Measurements::of(&evidence).renamed(&copy.photo));
        let entry = Entry::from(&report);
        copy.sha256 = sha256(&prepared.jpeg);
        copy.verdict = Some(report.verdict());
        if let Some(why) = self.fault(&report) {
            copy.why = why;
            return Ok((entry, Seen::Done(Done::Refused(copy))));
        }
        let open = [Mark::Fail, Mark::Review].map(|mark| {
            let marked = report.findings().iter().filter(|finding| finding.mark() == Some(mark));
            marked.map(|finding| finding.name().get(self.language)).collect::<Vec<_>>()
        });
        copy.why = open.concat().join(if self.language == Language::Zh { "、" } else { ", " });
        let is_held = self.is_decided_on(&copy) || self.is_for_the_others(&report);
        if !is_held && !self.is_ready(&copy) {
            return Ok((entry, Seen::Done(Done::Refused(copy))));
        }
        copy.file = Some(file.to_owned());
        copy.report = for_batch(&report)?;
        (copy.bytes, copy.quality) = (prepared.jpeg.len(), prepared.quality);
        let crop = prepared.crop;
        let crop = format!("{:.1}x{:.1}+{:.1}+{:.1}", crop.width, crop.height, crop.x, crop.y);
        let draft = Draft { copy, crop, jpeg: prepared.jpeg };
        Ok((entry, if is_held { Seen::Held(draft) } else { Seen::Done(draft.write(&self.folder)?) }))
    }

    /// Whether the copy of an earlier run is what this one would make, and there.
    fn is_same(&self, earlier: &Copy, copy: &Copy, file: &str) -> bool {
        earlier.photo_sha256 == copy.photo_sha256
            && earlier.made_by == copy.made_by
            && earlier.file.as_deref() == Some(file)
            && self.earlier.is_whole(earlier)
            && self.is_ready(earlier)
            && !self.is_decided_on(earlier)
            && (self.decided_on.is_none() || earlier.entry().is_some())
    }

    /// What the copy's own check finds wrong with its framing or its file, if anything.
    fn fault(&self, report: &Report) -> Option<String> {
        let wrong = faults(report).map(|finding| finding.reason(self.language)).collect::<Vec<_>>();
        let head = match self.language {
            Language::Zh => "裁剪后的照片仍不符合要求：",
            Language::En => "The copy would not pass: ",
        };
        (!wrong.is_empty()).then(|| format!("{head}{}", wrong.join(" ")))
    }

    /// Whether a copy is wanted that nobody decided on: all are, or those that the rules let pass.
    fn is_ready(&self, copy: &Copy) -> bool {
        self.decided_on.is_none() || copy.verdict == Some(PhotoVerdict::Pass)
    }

    /// Whether nothing is against the copy but its colour, which the others may show to be the camera's.
    fn is_for_the_others(&self, report: &Report) -> bool {
        let is_against = |finding: &&gradphoto::Finding| finding.mark().is_some_and(|mark| mark != Mark::Advice);
        let mut against = report.findings().iter().filter(is_against).peekable();
        self.decided_on.is_some()
            && against.peek().is_some()
            && against.all(|finding| finding.rule().id == "natural-colour")
    }

    /// Whether somebody decided on the photo or its copy.
    fn is_decided_on(&self, copy: &Copy) -> bool {
        let Some(hashes) = &self.decided_on else { return false };
        hashes.contains(&copy.photo_sha256) || hashes.contains(&copy.sha256)
    }
}

/// Why a copy does not take the place of another photo's.
fn taken(file: &Path, other: &Copy, copy: &Copy, language: Language) -> String {
    let (file, photo) = (file.display(), &copy.photo);
    // Typed in two folders, two photos may have the same name.
    let other = if other.photo == *photo { &other.path } else { &other.photo };
    match language {
        Language::Zh => format!(
            "{file} 已是 {other} 的副本，未替换。要改用 {photo}，请加 --overwrite；按拍摄顺序对应（--assign order）时，\
             请把两次的文件夹写在同一条命令里，以后拍的为准。"
        ),
        Language::En => format!(
            "{file} is the copy of {other} and was left alone. To use {photo} instead, add --overwrite; with --assign order, \
             name the folders of both in one run, and the later shot counts."
        ),
    }
}

/// A photo whose copy was not looked at in this run.
fn unseen(done: Done) -> (Entry, Seen) {
    (Entry::unreadable(&done.copy().photo), Seen::Done(done))
}

/// Writes a copy that was held back, where it may still be handed in and is not there already.
fn finished(draft: Draft, copies: &Copies, folder: &Path, language: Language) -> Done {
    if draft.copy.file.is_none() {
        return Done::Refused(draft.copy);
    }
    if copies.is_whole(&draft.copy) {
        return Done::Unchanged(draft.copy);
    }
    let refused = Copy { file: None, ..draft.copy.clone() };
    let why = |error| trouble::told(&error, language);
    draft.write(folder).unwrap_or_else(|error| Done::Refused(Copy { why: why(error), ..refused }))
}

/// Findings on framing and file that keep a copy from being used; its size counts whatever the profile makes of it.
fn faults(report: &Report) -> impl Iterator<Item = &gradphoto::Finding> {
    report.findings().iter().filter(|finding| {
        let is_ours = matches!(finding.rule().group(), Group::Framing | Group::File);
        let counts = finding.severity() == Severity::Reject || finding.rule().id == "file-size";
        is_ours && counts && finding.verdict() != RuleVerdict::Pass
    })
}

/// What to know of a profile that does not ask for the one size that copies have.
fn note_on_size(profile: &Profile, language: Language) -> Option<String> {
    let name = profile.name();
    profile.settings("image-size").is_none().then(|| match language {
        Language::Zh => format!("标准 {name} 没有规定 480×640，副本仍按 480×640 生成，请先确认接收方接受这个尺寸。"),
        Language::En => format!(
            "The profile {name} does not ask for 480x640, yet copies have that size: make sure that it is taken."
        ),
    })
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

fn told(done: &Done, folder: &Path, language: Language) -> String {
    let photo = plain(&done.copy().photo);
    let path = |copy: &Copy| plain(&shown(&folder.join(copy.file.as_deref().unwrap_or_default())));
    match done {
        Done::Made { copy, crop } => {
            let (path, quality, kilobytes) = (path(copy), copy.quality, copy.bytes as f64 / 1024.0);
            let result = Outcome::of(copy.verdict).word(language);
            match language {
                Language::Zh => {
                    let is_fit = copy.verdict == Some(PhotoVerdict::Pass);
                    let why = if is_fit { String::new() } else { format!("：{}", plain(&copy.why)) };
                    format!("{} {photo} → {path}（{kilobytes:.1} KB，{result}{why}）\n", if is_fit { "✓" } else { "!" })
                }
                Language::En => {
                    format!("✓ {photo} → {path} ({result}, crop {crop}, {kilobytes:.1} KB, quality {quality})\n")
                }
            }
        }
        Done::Unchanged(copy) => match language {
            Language::Zh => format!("· {photo} → {}（未变）\n", path(copy)),
            Language::En => format!("· {photo} → {} (unchanged)\n", path(copy)),
        },
        Done::Replaced(copy) => format!("· {photo}\n    {}\n", plain(&copy.why)),
        Done::Refused(copy) => format!("✗ {photo}\n    {}\n", plain(&copy.why)),
    }
}

/// Copies that are kept although their photos are not where they were.
fn missing(copies: &Copies, scope: &Scope, language: Language) -> String {
    let missing = copies.of_missing(scope).collect::<Vec<_>>();
    let Some(first) = missing.first() else { return String::new() };
    let (count, photo, file) = (missing.len(), plain(&first.photo), plain(first.file.as_deref().unwrap_or_default()));
    match language {
        Language::Zh => format!(
            "另有 {count} 份副本的原片不在原处（如 {file}，原片 {photo}），副本仍保留；不再需要的，请删除副本后再运行一次\n"
        ),
        Language::En => format!(
            "{count} more copies are kept whose originals are not where they were (such as {file}, of {photo}); \
             delete those that nobody needs and run again\n"
        ),
    }
}

/// How many copies are right in framing and file, while what they show does not pass: nobody should hand these in unseen.
fn unfit(copies: &Copies, language: Language) -> String {
    let count = |verdict| copies.all().filter(|copy| copy.file.is_some() && copy.verdict == Some(verdict)).count();
    match (count(PhotoVerdict::Fail), count(PhotoVerdict::Review), language) {
        (0, 0, _) => String::new(),
        (fail, review, Language::Zh) => format!(
            "注意：尺寸、大小都已合规，但其中照片本身不合格 {fail} 份、待确认 {review} 份；上报前请加 --ready，只留合格的和人工通过的\n"
        ),
        (fail, review, Language::En) => format!(
            "Mind: size and framing are right, but {fail} of the copies show photos that fail and {review} that a person must look at; \
             --ready keeps those that pass and those that a person let pass\n"
        ),
    }
}

fn summary(
    [made, unchanged, replaced, refused]: [usize; 4],
    removed: usize,
    packed: &[(String, usize)],
    folder: &Path,
    language: Language,
) -> String {
    let all = made + unchanged + replaced + refused;
    let mut text = match language {
        Language::Zh => {
            format!("\n共 {all} 张：已生成 {made}，未变 {unchanged}，已被重拍替代 {replaced}，不能生成 {refused}\n")
        }
        Language::En => {
            format!(
                "\n{all} photos: {made} copies made, {unchanged} unchanged, {replaced} shot again, {refused} refused\n"
            )
        }
    };
    if removed > 0 {
        text += &match language {
            Language::Zh => format!("已删除不再对应任何照片的旧副本 {removed} 个\n"),
            Language::En => format!("{removed} old copies that no longer belong to anybody were removed\n"),
        };
    }
    for (name, photos) in packed {
        let name = plain(&shown(&folder.join("zip").join(name)));
        text += &match language {
            Language::Zh => format!("{name}：{photos} 张\n"),
            Language::En => format!("{name}: {photos} photos\n"),
        };
    }
    let index = plain(&shown(&folder.join(index::FILE_NAME)));
    text + &match language {
        Language::Zh => format!("每个文件是谁的、结论如何，见 {index}\n"),
        Language::En => format!("Whose each file is, and its verdict: {index}\n"),
    }
}
