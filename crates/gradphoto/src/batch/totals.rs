//! How far students and photos have come, and how many of each.

use serde::Serialize;

use crate::text::{Text, text, words};

/// What is to be done for a student, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Status {
    /// A photo passes, by the rules or by a person.
    Done,
    /// A photo fails, and a person let it pass with a reason.
    Granted,
    /// The roster says that the student was collected before, elsewhere.
    Collected,
    /// A person must look at the photo.
    Review,
    /// What fails the photo lies in its file or its crop: nobody need come, the file is made anew.
    Reprocess,
    /// The photo fails: come back.
    Retake,
    /// No photo.
    Missing,
}

words! {
    /// Every status, the best first.
    Status {
        Done: "done",
        Granted: "granted",
        Collected: "collected",
        Review: "review",
        Reprocess: "reprocess",
        Retake: "retake",
        Missing: "missing",
    }
}

impl Status {
    /// The word for it.
    pub fn word(self) -> Text {
        match self {
            Status::Done => text("已合格", "done"),
            Status::Granted => text("人工放行", "granted"),
            Status::Collected => text("此前已采集", "collected before"),
            Status::Review => text("待确认", "review"),
            Status::Reprocess => text("需处理", "reprocess"),
            Status::Retake => text("需重拍", "retake"),
            Status::Missing => text("未拍", "missing"),
        }
    }
}

/// Counts of a department.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Department {
    /// Students, or photos where there is no roster.
    pub total: usize,
    /// Who has a photo.
    pub photographed: usize,
    /// Whose photo passes.
    pub done: usize,
    /// Whose photo a person let pass although it fails.
    pub granted: usize,
    /// Who was collected before, as the roster says.
    pub collected: usize,
    /// Whose photo a person must look at.
    pub review: usize,
    /// Whose photo needs another file or crop, and no other shot.
    pub reprocess: usize,
    /// Who must come back.
    pub retake: usize,
    /// Who has no photo.
    pub missing: usize,
}

impl Department {
    /// Heads of [`Department::columns`], behind the name of the department.
    pub const HEADS: &'static [Text] = &[
        text("人数", "students"),
        text("已拍", "photographed"),
        text("已合格", "done"),
        text("人工放行", "granted"),
        text("此前已采集", "collected before"),
        text("待确认", "review"),
        text("需处理", "reprocess"),
        text("需重拍", "retake"),
        text("未拍", "missing"),
    ];

    /// The counts as tables show them.
    pub fn columns(&self) -> Vec<usize> {
        let [total, photographed, done, granted] = [self.total, self.photographed, self.done, self.granted];
        let [review, reprocess, retake] = [self.review, self.reprocess, self.retake];
        vec![total, photographed, done, granted, self.collected, review, reprocess, retake, self.missing]
    }

    pub(super) fn count(&mut self, status: Status) {
        self.total += 1;
        self.photographed += usize::from(!matches!(status, Status::Missing | Status::Collected));
        *match status {
            Status::Done => &mut self.done,
            Status::Granted => &mut self.granted,
            Status::Collected => &mut self.collected,
            Status::Review => &mut self.review,
            Status::Reprocess => &mut self.reprocess,
            Status::Retake => &mut self.retake,
            Status::Missing => &mut self.missing,
        } += 1;
    }
}

/// Counts of photos: all; of these those that pass, fail, need a person's eye, cannot be read; and what people decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[allow(missing_docs)]
pub struct Totals {
    pub total: usize,
    pub pass: usize,
    pub fail: usize,
    pub review: usize,
    pub unreadable: usize,
    pub accepted: usize,
    pub granted: usize,
    pub rejected: usize,
    /// Those whose student has another photo that a person chose.
    pub set_aside: usize,
}
