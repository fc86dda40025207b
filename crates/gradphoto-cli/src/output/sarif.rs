//! SARIF 2.1.0, as code hosts and build servers read results: one result for each finding that someone must act on.

use std::path::PathBuf;
use std::slice::Iter;

use gradphoto::{Finding, Language, Mark, RULES, Text as Words};
use serde_json::{Value, json};

use super::Output;
use crate::line::{Line, STDIN};

/// The format; nothing is printed before the last photo.
pub struct Sarif<'a> {
    language: Language,
    /// Those whose lines are to come.
    photos: Iter<'a, PathBuf>,
    results: Vec<Value>,
}

impl Sarif<'_> {
    /// A log in this language of these photos, whose lines come in this order.
    pub fn new(language: Language, photos: &[PathBuf]) -> Sarif<'_> {
        Sarif { language, photos: photos.iter(), results: Vec::new() }
    }

    fn finding(&self, uri: &str, finding: &Finding, mark: Mark) -> Value {
        let level = match mark {
            Mark::Fail => "error",
            Mark::Review | Mark::NotAssessed => "warning",
            Mark::Advice => "note",
        };
        let colon = Words::new("：", ": ").get(self.language);
        let words = format!("{}{colon}{}", finding.name().get(self.language), finding.reason(self.language));
        result(uri, finding.rule().id, level, &words)
    }
}

impl Output for Sarif<'_> {
    fn photo(&mut self, line: &Line) -> String {
        let uri = match self.photos.next() {
            // By its bytes: a name that is no UTF-8 leads to its file as well.
            Some(path) if path.as_os_str() != STDIN => uri(path.as_os_str().as_encoded_bytes()),
            _ => uri(line.photo().as_bytes()),
        };
        match line {
            Line::Report(report) => {
                let marked = report.findings().iter().filter_map(|finding| Some((finding, finding.mark()?)));
                let results = marked.map(|(finding, mark)| self.finding(&uri, finding, mark)).collect::<Vec<_>>();
                self.results.extend(results);
            }
            Line::Failure(failure) => {
                let reason = failure.error.reason.get(self.language);
                self.results.push(result(&uri, "unreadable", "error", reason));
            }
        }
        String::new()
    }

    fn summary(&self) -> String {
        let rule = |rule: &&gradphoto::Rule| json!({"id": rule.id, "shortDescription": {"text": rule.name.get(self.language)}});
        let unreadable = Words::new("无法读取", "The file cannot be read").get(self.language);
        let unreadable = json!({"id": "unreadable", "shortDescription": {"text": unreadable}});
        let rules = RULES.iter().map(rule).chain([unreadable]).collect::<Vec<_>>();
        let driver = json!({
            "name": "gradphoto",
            "version": env!("CARGO_PKG_VERSION"),
            "informationUri": env!("CARGO_PKG_REPOSITORY"),
            "rules": rules,
        });
        let log = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{"tool": {"driver": driver}, "columnKind": "utf16CodeUnits", "results": self.results}],
        });
        format!("{log:#}\n")
    }
}

fn result(uri: &str, rule: &str, level: &str, words: &str) -> Value {
    json!({
        "ruleId": rule,
        "level": level,
        "message": {"text": words},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}}}],
    })
}

/// A path as a reference that URIs allow: everything but letters, digits and a few signs as %XX.
fn uri(path: &[u8]) -> String {
    let sign = |byte: &u8| match byte {
        b'\\' if cfg!(windows) => "/".to_owned(),
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(*byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    path.iter().map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        let path = std::path::Path::new("1班").join("a b.jpg");
        assert_eq!(uri(path.as_os_str().as_encoded_bytes()), "1%E7%8F%AD/a%20b.jpg");
    }
}
