//! Checks Chinese graduation photos against 《高等教育学历证书电子注册图像采集规范》.
#![warn(missing_docs)]

mod checker;
pub mod colour;
mod error;
pub mod evidence;
pub mod geometry;
pub mod photo;
mod profile;
mod report;
pub mod rule;
pub mod rules;
#[cfg(test)]
mod testing;
mod text;
mod vision;

pub use checker::{Checker, Source};
pub use error::Error;
pub use photo::Photo;
pub use profile::{Profile, Reference, RuleSettings, Standard, nearest};
pub use report::{EngineStamp, Finding, ProfileStamp, Report, SCHEMA, Verdict};
pub use rule::{Limit, NotAssessed, Rule, Severity, Unit};
pub use rules::RULES;
pub use text::{Language, Reason, Text};
pub use vision::{EngineChoice, use_engine};

/// Lower-case hex digits of `bytes`.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
