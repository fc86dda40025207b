//! `gradphoto prepare`

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use anyhow::{Context, bail, ensure};
use gradphoto::batch::folders;
use gradphoto::geometry::Region;
use gradphoto::photo::shown;
use gradphoto::rule::Group;
use gradphoto::{Checker, Error, Language, Prepared, Report, RuleVerdict, Severity, Source, map_in_order, prepare};

use crate::args::Prepare;
use crate::commands::check::interrupt_flag;
use crate::output::progress::{Progress, print};
use crate::output::record::plain;
use crate::{Exit, photos, whole};

/// What became of one photo.
enum Outcome {
    /// The copy is kept.
    Made { copy: PathBuf, prepared: Box<Prepared> },
    /// Why there is none.
    Refused(String),
}

/// Makes the copies, each checked before it is kept.
pub fn run(args: &Prepare) -> anyhow::Result<Exit> {
    let found = photos::find(&args.paths, None)?;
    let photos = &found.photos;
    let checker = args.engine.checker(args.profile.load()?)?;
    let language = args.language.get();
    photos::make_own_folder(&args.output)
        .with_context(|| format!("cannot make the folder {}", args.output.display()))?;
    let output = args.output.canonicalize()?;
    for path in args.paths.iter().filter(|path| path.is_dir()) {
        let is_apart = path.canonicalize().is_ok_and(|path| !output.starts_with(path));
        ensure!(is_apart, "{} lies in {}; name a folder outside the originals", args.output.display(), path.display());
    }
    let copies = copies(photos, args)?;
    let interrupted = interrupt_flag()?;
    let progress = Progress::new(photos.len());
    let (mut made, mut done, mut written) = (0, 0, Ok(()));
    let work =
        |(photo, copy): (&PathBuf, &PathBuf)| (photo.clone(), one(&checker, photo, copy, args.overwrite, language));
    map_in_order(photos.iter().zip(&copies), args.jobs, work, |(photo, outcome)| {
        done += 1;
        made += usize::from(matches!(outcome, Outcome::Made { .. }));
        written = progress.print(&told(&photo, &outcome, language));
        let go_on = written.is_ok() && !interrupted.load(Ordering::Relaxed);
        if go_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    progress.finish();
    written?;
    print(&match language {
        Language::Zh => format!("\n共 {done} 张：已生成 {made}，不能生成 {}\n", done - made),
        Language::En => format!("\n{done} photos: {made} copies made, {} refused\n", done - made),
    })?;
    print(&found.told(language))?;
    if done < photos.len() {
        bail!("stopped after {done} of {} photos", photos.len());
    }
    Ok(if made == done { Exit::AllPass } else { Exit::SomeNot })
}

/// Where the copy of each photo goes.
fn copies(photos: &[PathBuf], args: &Prepare) -> anyhow::Result<Vec<PathBuf>> {
    let copy = |photo: &PathBuf| {
        let folder = folders(photo, &args.paths).iter().fold(args.output.clone(), |path, folder| path.join(folder));
        let mut name = photo.file_stem().unwrap_or_default().to_owned();
        name.push(".jpg");
        folder.join(name)
    };
    let copies = photos.iter().map(copy).collect::<Vec<_>>();
    let mut sorted = copies.iter().zip(photos).collect::<Vec<_>>();
    sorted.sort();
    for pair in sorted.windows(2) {
        let [(copy, a), (other, b)] = pair else { continue };
        ensure!(copy != other, "{} and {} would both become {}; rename one", a.display(), b.display(), copy.display());
    }
    Ok(copies)
}

fn one(checker: &Checker, photo: &Path, copy: &Path, overwrite: bool, language: Language) -> Outcome {
    if copy.exists() && !overwrite {
        return Outcome::Refused(match language {
            Language::Zh => format!("{} 已存在，要替换请加 --overwrite。", copy.display()),
            Language::En => format!("{} exists; --overwrite replaces it.", copy.display()),
        });
    }
    made(checker, photo, copy, language).unwrap_or_else(|error| Outcome::Refused(format!("{error:#}")))
}

fn made(checker: &Checker, photo: &Path, copy: &Path, language: Language) -> anyhow::Result<Outcome> {
    let evidence = checker.see(photo)?;
    let prepared = match prepare(&evidence, checker.profile()) {
        Ok(prepared) => prepared,
        Err(why) => return Ok(Outcome::Refused(why.get(language).to_owned())),
    };
    if let Some(why) = fault(checker, copy, &prepared, language)? {
        return Ok(Outcome::Refused(why));
    }
    whole::write(copy, &prepared.jpeg).with_context(|| format!("cannot write {}", copy.display()))?;
    Ok(Outcome::Made { copy: copy.to_owned(), prepared: Box::new(prepared) })
}

/// What the copy's own check finds wrong with its framing or its file, if anything.
fn fault(checker: &Checker, copy: &Path, prepared: &Prepared, language: Language) -> Result<Option<String>, Error> {
    let report = checker.check(Source::Bytes(shown(copy), prepared.jpeg.clone()))?;
    let wrong = faults(&report).map(|finding| finding.reason(language)).collect::<Vec<_>>();
    let head = match language {
        Language::Zh => "裁剪后的照片仍不符合要求：",
        Language::En => "The copy would not pass: ",
    };
    Ok((!wrong.is_empty()).then(|| format!("{head}{}", wrong.join(" "))))
}

/// Findings on framing and file that keep a copy from being used; its size counts whatever the profile makes of it.
fn faults(report: &Report) -> impl Iterator<Item = &gradphoto::Finding> {
    report.findings().iter().filter(|finding| {
        let is_ours = matches!(finding.rule().group(), Group::Framing | Group::File);
        let counts = finding.severity() == Severity::Reject || finding.rule().id == "file-size";
        is_ours && counts && finding.verdict() != RuleVerdict::Pass
    })
}

fn told(photo: &Path, outcome: &Outcome, language: Language) -> String {
    let photo = plain(&shown(photo));
    match (outcome, language) {
        (Outcome::Made { copy, prepared }, _) => {
            let kilobytes = prepared.jpeg.len() as f64 / 1024.0;
            let copy = plain(&shown(copy));
            let (quality, Region { x, y, width, height }) = (prepared.quality, prepared.crop);
            let crop = format!("{width:.1}x{height:.1}+{x:.1}+{y:.1}");
            match language {
                Language::Zh => format!("✓ {photo} → {copy}（裁剪 {crop}，{kilobytes:.1} KB，品质 {quality}）\n"),
                Language::En => format!("✓ {photo} → {copy} (crop {crop}, {kilobytes:.1} KB, quality {quality})\n"),
            }
        }
        (Outcome::Refused(why), _) => format!("✗ {photo}\n    {}\n", plain(why)),
    }
}
