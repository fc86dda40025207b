//! What became of a photo, and of the file of its copy.

use std::path::Path;

use gradphoto::photo::shown;
use gradphoto::{Language, PhotoVerdict};
use gradphoto_app::atomic;

use crate::output::record::{Outcome, plain};
use crate::trouble::{self, OrTrouble, unwritten};
use crate::upload::copies::{Copies, Copy};

/// What became of one photo.
pub enum Done {
    /// The copy was written, and what was cut out.
    Made { copy: Copy, crop: String },
    /// The copy of an earlier run is what this one would make.
    Unchanged(Copy),
    /// The student was shot again later.
    Replaced(Copy),
    /// Why there is no copy.
    Refused(Copy),
    /// Why there is a copy no more that was there a moment ago.
    TakenBack(Copy),
}

impl Done {
    pub fn copy(&self) -> &Copy {
        match self {
            Done::Made { copy, .. } | Done::Unchanged(copy) | Done::Replaced(copy) => copy,
            Done::Refused(copy) | Done::TakenBack(copy) => copy,
        }
    }

    /// Whether the copy was looked at in this run, and all is known of it.
    pub fn is_new(&self) -> bool {
        matches!(self, Done::Made { .. })
    }
}

/// How many photos have become what.
#[derive(Clone, Copy, Default)]
pub struct Counts {
    pub made: usize,
    pub unchanged: usize,
    pub replaced: usize,
    pub refused: usize,
}

impl Counts {
    /// The count of what `done` is.
    pub fn of(&mut self, done: &Done) -> &mut usize {
        match done {
            Done::Made { .. } => &mut self.made,
            Done::Unchanged(_) => &mut self.unchanged,
            Done::Replaced(_) => &mut self.replaced,
            Done::Refused(_) | Done::TakenBack(_) => &mut self.refused,
        }
    }
}

/// A copy that is not written yet.
pub struct Draft {
    pub copy: Copy,
    pub crop: String,
    pub jpeg: Vec<u8>,
}

impl Draft {
    pub fn write(self, folder: &Path) -> anyhow::Result<Done> {
        let path = folder.join(self.copy.file.as_deref().unwrap_or_default());
        atomic::write(&path, &self.jpeg).or_trouble(|| unwritten(&path))?;
        Ok(Done::Made { copy: self.copy, crop: self.crop })
    }

    /// Writes a copy that was held back, where it may still be handed in and is not there already.
    pub fn finish(self, copies: &Copies, folder: &Path, language: Language) -> Done {
        if self.copy.file.is_none() {
            return Done::Refused(self.copy);
        }
        if copies.is_whole(&self.copy) {
            return Done::Unchanged(self.copy);
        }
        let refused = Copy { file: None, ..self.copy.clone() };
        let why = |error| trouble::message(&error, language);
        self.write(folder).unwrap_or_else(|error| Done::Refused(Copy { why: why(error), ..refused }))
    }
}

/// A photo when it has been looked at.
pub enum Seen {
    Done(Done),
    /// A person or the other photos decide on it: what that comes to shows when all are known.
    Held(Draft),
}

impl Seen {
    pub fn copy(&self) -> &Copy {
        match self {
            Seen::Done(done) => done.copy(),
            Seen::Held(draft) => &draft.copy,
        }
    }
}

/// A line on it, with whole lines on what is wrong.
pub fn lines(done: &Done, folder: &Path, language: Language) -> String {
    let photo = plain(&done.copy().photo);
    let path = |copy: &Copy| plain(&shown(&folder.join(copy.file.as_deref().unwrap_or_default())));
    match done {
        Done::Made { copy, crop } => {
            let (path, quality, kilobytes) = (path(copy), copy.quality, copy.bytes as f64 / 1024.0);
            let outcome = copy.outcome();
            let result = Outcome::of(outcome).word(language);
            let sign = if outcome == Some(PhotoVerdict::Pass) { "✓" } else { "!" };
            let why = if sign == "✓" { String::new() } else { plain(&copy.reasons(language)) };
            match language {
                Language::Zh => {
                    let why = if why.is_empty() { why } else { format!("：{why}") };
                    format!("{sign} {photo} → {path}（{kilobytes:.1} KB，{result}{why}）\n")
                }
                Language::En => {
                    let why = if why.is_empty() { why } else { format!(": {why}") };
                    format!(
                        "{sign} {photo} → {path} ({result}{why}; crop {crop}, {kilobytes:.1} KB, quality {quality})\n"
                    )
                }
            }
        }
        Done::Unchanged(copy) => match language {
            Language::Zh => format!("· {photo} → {}（未变）\n", path(copy)),
            Language::En => format!("· {photo} → {} (unchanged)\n", path(copy)),
        },
        Done::Replaced(copy) => format!("· {photo}\n    {}\n", plain(&copy.why)),
        Done::Refused(copy) => format!("✗ {photo}\n    {}\n", refusal(copy, language)),
        Done::TakenBack(copy) => {
            let taken_back = match language {
                Language::Zh => "（副本已撤回）",
                Language::En => " (the copy was taken back)",
            };
            format!("✗ {photo}{taken_back}\n    {}\n", refusal(copy, language))
        }
    }
}

/// Why there is no copy, and whether a person could still let the photo pass.
fn refusal(copy: &Copy, language: Language) -> String {
    let why = plain(&copy.why);
    match (copy.outcome(), language) {
        (Some(PhotoVerdict::Review), Language::Zh) => format!("待确认：{why}"),
        (Some(PhotoVerdict::Review), Language::En) => format!("review: {why}"),
        _ => why,
    }
}
