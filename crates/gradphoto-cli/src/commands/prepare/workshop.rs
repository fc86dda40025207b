//! Making copies one by one, each checked before it is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use gradphoto::batch::{Entry, Field, Place};
use gradphoto::photo::{Taken, shown};
use gradphoto::{
    BatchReport, Checker, Finding, Group, Language, Mark, PhotoVerdict, Report, RuleVerdict, Severity, Source, Text,
};
use gradphoto_app::known::sha256;

use super::cut::Cut;
use super::done::{Done, Draft, Seen};
use crate::trouble;
use crate::upload::copies::{Copies, Copy, Scope, for_batch, full_path};
use crate::upload::targets::{Aside, Target};

/// What all copies of a run have in common.
pub struct Workshop {
    /// Profile, program, models and engine in one word.
    pub made_by: String,
    pub folder: PathBuf,
    pub earlier: Copies,
    pub scope: Scope,
    /// Whose the photos are.
    pub batch: BatchReport,
    /// Copies of photos that were looked at to know whose they are.
    pub cuts: BTreeMap<PathBuf, Cut>,
    pub overwrite: bool,
    /// Where only what is ready is wanted: hashes of the photos and copies that people decided on.
    pub decided_on: Option<BTreeSet<String>>,
    pub language: Language,
}

impl Workshop {
    /// The photo among the others, with what is known of its copy, and what became of it.
    pub fn one(&self, checker: &Checker, target: &Target) -> (Entry, Seen) {
        let blank = self.blank(target);
        let refused = |why: &str| Done::Refused(Copy { why: why.to_owned(), ..blank.clone() });
        let done = match &target.file {
            Ok(file) => {
                let made = checker.guarded(&target.photo, |checker, _| Ok(self.made(checker, target, file)));
                match made.unwrap_or_else(|defect| Err(defect.into())) {
                    Ok(made) => return made,
                    Err(error) => {
                        let why = self.why(&error);
                        if let Some(kept) = self.kept(&blank, file, &why) {
                            return kept;
                        }
                        refused(&why)
                    }
                }
            }
            Err(Aside::Replaced) => Done::Replaced(Copy { why: AGAIN.get(self.language).to_owned(), ..blank }),
            Err(Aside::Other) => Done::Replaced(Copy { why: OTHER.get(self.language).to_owned(), ..blank }),
            Err(Aside::Open(why)) => refused(why),
        };
        unseen(done)
    }

    /// Why no copy was made; the photo is named above that.
    fn why(&self, error: &anyhow::Error) -> String {
        match error.downcast_ref::<gradphoto::Error>().filter(|error| error.photo().is_some()) {
            Some(error) => error.reason().get(self.language).to_owned(),
            None => trouble::message(error, self.language),
        }
    }

    /// The copy of an earlier run, where the photo cannot be read any more: a drive that fails must not take the copies along.
    fn kept(&self, blank: &Copy, file: &str, why: &str) -> Option<(Entry, Seen)> {
        let earlier = self.earlier.of(&blank.path)?;
        let is_there = earlier.file.as_deref() == Some(file) && self.earlier.is_whole(earlier);
        let why = why.trim_end_matches(['。', '.']);
        let why = match self.language {
            Language::Zh => format!("{why}；上次生成的副本仍保留，请核对原片"),
            Language::En => format!("{why}; the copy of an earlier run was kept: look at the original"),
        };
        let (entry, copy) = again(earlier, blank);
        is_there.then_some((entry, Seen::Done(Done::Refused(Copy { why, ..copy }))))
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

    /// Makes the copy, unless it is there already or its file is another's.
    fn made(&self, checker: &Checker, target: &Target, file: &str) -> anyhow::Result<(Entry, Seen)> {
        let mut copy = self.blank(target);
        let source = Source::from(target.photo.as_path()).read()?;
        if let Source::Bytes(_, bytes) = &source {
            copy.photo_sha256 = sha256(bytes);
        }
        if let Some(earlier) = self.unchanged(&copy, file) {
            let (entry, copy) = again(earlier, &copy);
            return Ok((entry, Seen::Done(Done::Unchanged(copy))));
        }
        let refused = |why: String| Ok(unseen(Done::Refused(Copy { why, ..copy.clone() })));
        let path = self.folder.join(file);
        if let Some(other) = self.owner(&copy, file) {
            return refused(taken(&path, other, &copy, self.language));
        }
        if self.scope.has_original_at(&path) {
            return refused(original(&path, self.language));
        }
        let is_foreign = path.exists() && !self.overwrite && !self.earlier.is_own(file);
        let known = self.cuts.get(&target.photo).filter(|cut| cut.photo_sha256 == copy.photo_sha256);
        let cut = match known {
            Some(cut) => Ok(cut.clone()),
            None => Cut::new(checker, source, &path)?,
        };
        match cut {
            Err(why) => refused(why.get(self.language).to_owned()),
            // What a run wrote that was stopped before it noted it is the same to the byte.
            Ok(cut) if is_foreign && fs::read(&path).map_or(true, |there| there != cut.jpeg) => {
                refused(foreign(&path, self.language))
            }
            Ok(cut) => self.judged(copy, file, cut),
        }
    }

    /// The copy of an earlier run, of this photo or of the one that has the file, which is what this run would make.
    fn unchanged(&self, copy: &Copy, file: &str) -> Option<&Copy> {
        let mut earlier = self.earlier.of(&copy.path).into_iter().chain(self.earlier.owner(file));
        earlier.find(|earlier| self.is_same(earlier, copy, file))
    }

    /// Another photo's copy that keeps the file.
    fn owner(&self, copy: &Copy, file: &str) -> Option<&Copy> {
        let owner = self.earlier.owner(file).filter(|owner| owner.path != copy.path && !self.overwrite)?;
        // The same picture may take the place of itself: its folder was renamed.
        let is_other =
            !self.scope.covers(&owner.path) && owner.photo_sha256 != copy.photo_sha256 && self.earlier.has_file(owner);
        // A later shot is a retake and takes the place; of what is not known to be later a person decides.
        let is_retake = || {
            let [before, now] = [&owner.path, &copy.path].map(|path| Taken::of(Path::new(path)));
            before.zip(now).is_some_and(|(before, now)| before < now)
        };
        (is_other && !is_retake()).then_some(owner)
    }

    /// What becomes of a copy by what its check says: it is written at once where nobody else has a say in it.
    fn judged(&self, mut copy: Copy, file: &str, cut: Cut) -> anyhow::Result<(Entry, Seen)> {
        let Cut { jpeg, quality, crop, report, .. } = cut;
        let entry = Entry::from(&report);
        copy.sha256 = sha256(&jpeg);
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
        (copy.bytes, copy.quality) = (jpeg.len(), quality);
        let crop = format!("{:.1}x{:.1}+{:.1}+{:.1}", crop.width, crop.height, crop.x, crop.y);
        let draft = Draft { copy, crop, jpeg };
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
        let is_against = |finding: &&Finding| finding.mark().is_some_and(|mark| mark != Mark::Advice);
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

/// Findings on framing and file that keep a copy from being used; its size counts whatever the profile makes of it. One that a
/// person may decide on is left to that person.
fn faults(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings().iter().filter(|finding| {
        let is_ours = matches!(finding.rule().group(), Group::Framing | Group::File);
        let is_size = finding.rule().id == "file-size";
        is_ours
            && match finding.verdict() {
                RuleVerdict::Pass => false,
                RuleVerdict::Review => is_size,
                _ => is_size || finding.severity() == Severity::Reject,
            }
    })
}

/// The copy of an earlier run, under the names that its photo and student have now.
fn again(earlier: &Copy, now: &Copy) -> (Entry, Copy) {
    let Copy { photo, path, student, major, .. } = now.clone();
    let copy = Copy { photo, path, student, major, open: String::new(), ..earlier.clone() };
    (copy.entry().unwrap_or_else(|| Entry::unreadable(&copy.photo)), copy)
}

/// A photo whose copy was not looked at in this run.
fn unseen(done: Done) -> (Entry, Seen) {
    (Entry::unreadable(&done.copy().photo), Seen::Done(done))
}

/// Why a copy does not take the place of an original.
fn original(file: &Path, language: Language) -> String {
    let file = shown(file);
    match language {
        Language::Zh => format!("{file} 是原片，不会被替换；请把 --output 指到原片之外。"),
        Language::En => format!("{file} is an original and is never replaced; name a folder outside the originals."),
    }
}

/// Why a copy does not take the place of somebody else's file.
fn foreign(file: &Path, language: Language) -> String {
    let file = shown(file);
    match language {
        Language::Zh => format!("{file} 已存在，且不是本程序写的或已被改动；要替换请加 --overwrite。"),
        Language::En => format!(
            "{file} already exists and was not written by this program, or has been changed; --overwrite replaces it."
        ),
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

const AGAIN: Text = Text::new("本人后来重拍，以后一张为准。", "Photographed again later; the last one counts.");
const OTHER: Text = Text {
    zh: "以本人的另一张照片为准：人工选了那一张，或两个文件完全相同。",
    en: "Another photo of the same student counts: a person chose it, or both are the same file.",
};
