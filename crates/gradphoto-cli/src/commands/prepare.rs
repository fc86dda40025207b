//! `gradphoto prepare`

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use gradphoto::Group;
use gradphoto::batch::{Decided, Decision, Field, Naming, Place};
use gradphoto::folder::make_own_folder;
use gradphoto::photo::shown;
use gradphoto::{BatchReport, Checker, Language, Mark, PhotoVerdict, Report, RuleVerdict, Severity, Source, prepare};
use serde_json::json;

use crate::args::Prepare;
use crate::commands::check::interrupt_flag;
use crate::output::progress::{Progress, print};
use crate::output::record::{Outcome, plain};
use crate::trouble::{self, OrTrouble, trouble, unmade, unwritten};
use crate::upload::copies::{Copies, Copy, sha256};
use crate::upload::targets::{Aside, Target, targets};
use crate::upload::{archives, index};
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

/// Makes the copies, each checked before it is kept.
pub fn run(args: &Prepare) -> anyhow::Result<Exit> {
    let language = args.language.get();
    let naming = args.name.as_deref().map(Naming::parse).transpose();
    let naming = naming.map_err(|problem| school::problems(&[problem], language))?;
    let found = photos::find(&args.paths, None)?;
    let (roster, _) = school::roster(args.roster.as_deref(), None, false, language)?.unzip();
    let decided = school::decided(&args.decisions)?;
    let assignment = args.assign.assignment(roster.as_ref(), found.photos(), &args.paths, language)?;
    let (targets, batch) = targets(found.photos(), &args.paths, roster, assignment, naming.as_ref(), language)?;
    let checker = args.engine.checker(args.profile.load()?, args.jobs)?;
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
    let mut copies = Copies::open(&args.output)?;
    let before = copies.all().cloned().collect::<Vec<_>>();
    let workshop = Workshop {
        made_by: made_by(&checker),
        folder: args.output.clone(),
        earlier: Copies::open(&args.output)?,
        batch,
        overwrite: args.overwrite,
        decisions: args.ready.then(|| decisions(&decided)),
        language,
    };
    let interrupted = interrupt_flag()?;
    let (wanted, this_run) =
        (targets.len(), targets.iter().map(|target| shown(&target.photo)).collect::<BTreeSet<_>>());
    let progress = Progress::new(wanted);
    let mut counts = [0; 4];
    for done in checker.map_in_order(targets, move |checker, target| workshop.one(checker, &target))? {
        let (kind, copy) = match &done {
            Done::Made { copy, .. } => (0, copy),
            Done::Unchanged(copy) => (1, copy),
            Done::Replaced(copy) => (2, copy),
            Done::Refused(copy) => (3, copy),
        };
        counts[kind] += 1;
        copies.note(copy.clone())?;
        progress.print(&told(&done, &args.output, language))?;
        if interrupted.load(Ordering::Relaxed) {
            break;
        }
    }
    drop(progress);
    let all = counts.iter().sum::<usize>();
    if all < wanted {
        return Err(trouble(
            format!("共 {wanted} 张，停在第 {all} 张之后；重新运行同一命令即可接着做"),
            format!("stopped after {all} of {wanted} photos; run the same command again to continue"),
        )
        .into());
    }
    // What is not below the folders of this run any more is gone; photos of other runs stay.
    let is_gone = |photo: &str| {
        !this_run.contains(photo) && args.paths.iter().any(|root| root.is_dir() && Path::new(photo).starts_with(root))
    };
    let removed = copies.tidy(&before, is_gone)?;
    index::write(&args.output, &copies, language)?;
    let packed = match args.zip {
        Some(per) => archives::write(&args.output, &packed(&copies), per, language)?,
        None => Vec::new(),
    };
    print(&summary(counts, removed, &packed, &args.output, language))?;
    if !args.ready {
        print(&unfit(&copies, language))?;
    }
    print(&photos::told(&found, language))?;
    Ok(if counts[3] == 0 { Exit::AllPass } else { Exit::SomeNot })
}

/// What all copies of a run have in common.
struct Workshop {
    made_by: String,
    folder: PathBuf,
    earlier: Copies,
    batch: BatchReport,
    overwrite: bool,
    /// Where only what is ready is wanted: decisions by the hash of the photo or the copy that the person saw.
    decisions: Option<BTreeMap<String, Decision>>,
    language: Language,
}

impl Workshop {
    fn one(&self, checker: &Checker, target: &Target) -> Done {
        let mut copy = self.blank(target);
        let file = match &target.file {
            Ok(file) => file.clone(),
            Err(Aside::Replaced) => {
                copy.why = match self.language {
                    Language::Zh => "本人后来重拍，以后一张为准。".to_owned(),
                    Language::En => "Photographed again later; the last one counts.".to_owned(),
                };
                return Done::Replaced(copy);
            }
            Err(Aside::Open(why)) => {
                copy.why.clone_from(why);
                return Done::Refused(copy);
            }
        };
        match self.made(checker, target, &file, &mut copy) {
            Ok(Some(crop)) => Done::Made { copy, crop },
            Ok(None) if copy.file.is_some() => Done::Unchanged(copy),
            Ok(None) => Done::Refused(copy),
            Err(error) => Done::Refused(Copy { why: trouble::told(&error, self.language), ..self.blank(target) }),
        }
    }

    fn blank(&self, target: &Target) -> Copy {
        let student = target.student.and_then(|student| self.batch.students().get(student));
        let get = |field| student.map_or("", |student| student.get(field)).to_owned();
        let Place { department, class, .. } = &target.place;
        Copy {
            photo: shown(&target.photo),
            photo_sha256: String::new(),
            made_by: self.made_by.clone(),
            student: [get(Field::StudentNumber), get(Field::Name), department.clone(), class.clone()],
            file: None,
            sha256: String::new(),
            bytes: 0,
            quality: 0,
            verdict: None,
            why: String::new(),
        }
    }

    /// Makes the copy; what was cut out, or `None` where `copy` says why there is none, or that it is there already.
    fn made(&self, checker: &Checker, target: &Target, file: &str, copy: &mut Copy) -> anyhow::Result<Option<String>> {
        let source = Source::from(target.photo.as_path()).read()?;
        if let Source::Bytes(_, bytes) = &source {
            copy.photo_sha256 = sha256(bytes);
        }
        let path = self.folder.join(file);
        if let Some(earlier) = self.earlier.of(&copy.photo).filter(|earlier| self.is_same(earlier, copy, file)) {
            *copy = Copy { student: copy.student.clone(), ..earlier.clone() };
            return Ok(None);
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
            return Ok(None);
        }
        let evidence = checker.see(source)?;
        let prepared = match prepare(&evidence, checker.profile()) {
            Ok(prepared) => prepared,
            Err(why) => {
                why.get(self.language).clone_into(&mut copy.why);
                return Ok(None);
            }
        };
        let report = checker.check(Source::Bytes(shown(&path), prepared.jpeg.clone()))?;
        copy.sha256 = sha256(&prepared.jpeg);
        copy.verdict = Some(report.verdict());
        if let Some(why) = self.fault(&report) {
            copy.why = why;
            return Ok(None);
        }
        let open = [Mark::Fail, Mark::Review].map(|mark| {
            let marked = report.findings().iter().filter(|finding| finding.mark() == Some(mark));
            marked.map(|finding| finding.name().get(self.language)).collect::<Vec<_>>()
        });
        copy.why = open.concat().join(if self.language == Language::Zh { "、" } else { ", " });
        if !self.is_ready(copy) {
            return Ok(None);
        }
        whole::write(&path, &prepared.jpeg).or_trouble(|| unwritten(&path))?;
        copy.file = Some(file.to_owned());
        (copy.bytes, copy.quality) = (prepared.jpeg.len(), prepared.quality);
        let crop = prepared.crop;
        Ok(Some(format!("{:.1}x{:.1}+{:.1}+{:.1}", crop.width, crop.height, crop.x, crop.y)))
    }

    /// Whether the copy of an earlier run is what this one would make, and there.
    fn is_same(&self, earlier: &Copy, copy: &Copy, file: &str) -> bool {
        earlier.photo_sha256 == copy.photo_sha256
            && earlier.made_by == copy.made_by
            && earlier.file.as_deref() == Some(file)
            && self.earlier.is_whole(earlier)
            && self.is_ready(earlier)
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

    /// Whether a copy is wanted: all are, or those that the rules or a person let pass.
    fn is_ready(&self, copy: &Copy) -> bool {
        let Some(decisions) = &self.decisions else { return true };
        let decision = decisions.get(&copy.photo_sha256).or_else(|| decisions.get(&copy.sha256));
        match (copy.verdict, decision) {
            (Some(PhotoVerdict::Pass), _) => true,
            (Some(PhotoVerdict::Review), Some(Decision::Accept | Decision::Override)) => true,
            (_, decision) => decision == Some(&Decision::Override),
        }
    }
}

/// Findings on framing and file that keep a copy from being used; its size counts whatever the profile makes of it.
fn faults(report: &Report) -> impl Iterator<Item = &gradphoto::Finding> {
    report.findings().iter().filter(|finding| {
        let is_ours = matches!(finding.rule().group(), Group::Framing | Group::File);
        let counts = finding.severity() == Severity::Reject || finding.rule().id == "file-size";
        is_ours && counts && finding.verdict() != RuleVerdict::Pass
    })
}

/// Profile, program, models and engine in one word.
fn made_by(checker: &Checker) -> String {
    let stamps = (checker.profile_stamp(), checker.engine_stamp(), env!("CARGO_PKG_VERSION"));
    sha256(json!(stamps).to_string().as_bytes())
}

/// Decisions by the hash of what the person saw.
fn decisions(decided: &[Decided]) -> BTreeMap<String, Decision> {
    let known = decided.iter().filter(|row| !row.sha256.is_empty());
    known.filter_map(|row| Some((row.sha256.clone(), row.decision?))).collect()
}

/// The copies with the places they belong to.
fn packed(copies: &Copies) -> Vec<(Place, String)> {
    let place = |copy: &Copy| {
        let [_, _, department, class] = copy.student.clone();
        Some((Place { department, class, ..Place::default() }, copy.file.clone()?))
    };
    copies.all().filter_map(place).collect()
}

fn told(done: &Done, folder: &Path, language: Language) -> String {
    let (Done::Made { copy, .. } | Done::Unchanged(copy) | Done::Replaced(copy) | Done::Refused(copy)) = done;
    let photo = plain(&copy.photo);
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
