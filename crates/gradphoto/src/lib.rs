//! Checks Chinese graduation photos against 《高等教育学历证书电子注册图像采集规范》, clause by clause and offline.
//!
//! A photo is decoded, small nets and some colour analysis say what is on it, and every rule of a profile turns
//! that evidence into a finding: measured value, limit, verdict, clause, and one sentence that says what to do.
//!
//! ```
//! use gradphoto::{Checker, Language, PhotoVerdict};
//!
//! # fn main() -> Result<(), gradphoto::Error> {
//! let checker = Checker::new()?;
//! let report = checker.check("../../tests/samples/low-quality.jpg")?;
//! assert_eq!(report.verdict(), PhotoVerdict::Fail);
//! for finding in report.failures() {
//!     println!("{} ({}): {}", finding.rule().id, finding.rule().clause, finding.reason(Language::Zh));
//! }
//! let quality = report.finding("jpeg-quality").and_then(|finding| finding.value());
//! assert_eq!(quality, Some(35.0));
//! # Ok(())
//! # }
//! ```
//!
//! Photos of a whole school go through [`Checker::check_all`]; a school's own limits are a [`Profile`]. [`batch`] holds what
//! only shows across photos, [`prepare`](prepare()) makes the copy to upload. [`annotate`](annotate()) draws what was seen on
//! the photo, beside a list of what to do: its Chinese letters are embedded, a part of Noto Sans CJK SC under the SIL Open
//! Font Licence (`fonts/OFL.txt`).
//!
//! # Features
//!
//! All are on by default.
//!
//! - `onnxruntime` runs the nets by ONNX Runtime, whose library is looked for when the program runs.
//! - `tract` runs them inside the program, which takes about twice as long. Without either engine nothing is seen, but [`Measurements`]
//!   that were stored are still judged.
//! - `annotate` draws what was seen on a photo.
//! - `prepare` makes the copy to upload.
//! - `roster` reads rosters and decisions from XLSX, XLS, ODS, HTML and CSV.
//! - `nets-research` takes nets that err less but are for non-commercial research alone.
//!
//! # Licence
//!
//! The code is under MIT or Apache 2.0, as you prefer; the nets in it come in two editions. The research edition, with
//! `nets-research` and so by default, may be used for non-commercial research only. The open edition, built without that feature
//! (`default-features = false, features = ["tract"]`), may be used, changed and sold by anybody, a photo company too. [`NETS`]
//! and every report say which edition is in.
#![warn(clippy::unwrap_used)]
// Without an engine nothing is seen, but what was seen before is still judged; what serves one feature alone lies idle without it.
#![cfg_attr(not(all(feature = "vision", feature = "prepare", feature = "roster")), allow(dead_code))]

#[cfg(feature = "annotate")]
mod annotate;
pub mod batch;
#[cfg(feature = "vision")]
mod checker;
pub mod colour;
mod error;
pub mod evidence;
pub mod folder;
pub mod geometry;
mod handbook;
mod judge;
mod limit;
#[cfg(feature = "vision")]
mod parallel;
pub mod photo;
#[cfg(feature = "prepare")]
mod prepare;
mod profile;
mod report;
mod rule;
pub mod rules;
#[cfg(test)]
mod testing;
mod text;
#[cfg(feature = "vision")]
mod vision;

#[cfg(feature = "annotate")]
pub use annotate::annotate;
pub use batch::{Batch, BatchReport, Roster};
#[cfg(feature = "vision")]
pub use checker::{Checker, CheckerBuilder, Examination, Reports};
pub use error::{Error, ErrorKind};
pub use evidence::{EngineStamp, NotAssessed, SCALE_MAX};
pub use folder::find_photos;
#[cfg(feature = "vision")]
pub use gradphoto_models::KIND as NETS;
pub use handbook::{HandbookPage, handbook_zh};
/// The crate whose [`RgbImage`](image::RgbImage) holds pixels here, in the version that this library takes.
pub use image;
pub use limit::{Limit, RuleSettings, Severity, Side, Unit};
#[cfg(feature = "vision")]
pub use parallel::InOrder;
pub use photo::{Fingerprint, Photo, Source};
#[cfg(feature = "prepare")]
pub use prepare::{NoCopy, Prepared, prepare};
pub use profile::{Profile, Standard, nearest};
pub use report::{Finding, Mark, Measurements, PhotoVerdict, ProfileStamp, Report, RuleVerdict, SCHEMA};
pub use rule::{ClothingHue, EDITION, Fault, Group, Reference, Requirement, Rule};
pub use rules::RULES;
pub use text::{Language, Reason, Text, UnknownLanguage, is_hidden};
#[cfg(feature = "vision")]
pub use vision::{Engine, NO_REPORTS, forbid_reports};

/// Which nets are in, [`NETS`], and what they may be used for.
#[cfg(feature = "vision")]
pub const NETS_USE: Text = match NETS.as_bytes() {
    b"research" => text::text("研究版：仅限非商业研究", "research, for non-commercial research only"),
    _ => text::text("开放版：可商用", "open, also for commercial use"),
};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::fmt::{Debug, Display};

    use serde::Serialize;
    use serde::de::DeserializeOwned;
    use serde_json::json;

    use super::*;
    use batch::{Decision, Field, Lost, Outcome, Status};
    use evidence::Class;
    use folder::PassedOver;
    use geometry::BodySide;
    use photo::{AiLabel, ColourModel, FileFormat};

    /// Shown and serialised, each value is its word, and no other has the same.
    fn told<T: Copy + Display + Serialize>(all: &[T], as_str: fn(T) -> &'static str) {
        let words = all.iter().map(|value| as_str(*value)).collect::<Vec<_>>();
        assert!(all.iter().map(ToString::to_string).eq(words.iter().copied()), "{words:?}");
        assert_eq!(json!(all), json!(words));
        assert_eq!(words.iter().collect::<HashSet<_>>().len(), words.len(), "{words:?}");
    }

    fn read_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(all: &[T]) {
        assert_eq!(serde_json::from_value::<Vec<T>>(json!(all)).expect("words"), all);
    }

    #[test]
    fn a_value_has_one_word_wherever_it_is_told_or_read() {
        told(ErrorKind::ALL, ErrorKind::as_str);
        told(PassedOver::ALL, PassedOver::as_str);
        told(Severity::ALL, Severity::as_str);
        told(Side::ALL, Side::as_str);
        told(Unit::ALL, Unit::as_str);
        told(Language::ALL, Language::as_str);
        told(FileFormat::ALL, FileFormat::as_str);
        told(AiLabel::ALL, AiLabel::as_str);
        told(ColourModel::ALL, ColourModel::as_str);
        told(BodySide::ALL, BodySide::as_str);
        told(PhotoVerdict::ALL, PhotoVerdict::as_str);
        told(RuleVerdict::ALL, RuleVerdict::as_str);
        told(Mark::ALL, Mark::as_str);
        told(Group::ALL, Group::as_str);
        told(ClothingHue::ALL, ClothingHue::as_str);
        told(Class::ALL, Class::as_str);
        told(Decision::ALL, Decision::as_str);
        told(Field::ALL, Field::as_str);
        told(Lost::ALL, Lost::as_str);
        told(Outcome::ALL, Outcome::as_str);
        told(Status::ALL, Status::as_str);
        read_back(Severity::ALL);
        read_back(PhotoVerdict::ALL);
        read_back(RuleVerdict::ALL);
        read_back(ClothingHue::ALL);
        assert!(Language::ALL.iter().all(|language| language.as_str().parse() == Ok(*language)));
        // As wide as a column of a table asks.
        assert_eq!(format!("{:>6}|", PhotoVerdict::Pass), "  pass|");
    }
}
