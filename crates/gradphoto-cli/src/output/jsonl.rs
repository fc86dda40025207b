//! One JSON object a line, one line a photo.

use std::path::Path;

use gradphoto::{Error, Report, SCHEMA};
use serde::Serialize;

use super::Output;

/// The format that programs read; nothing but photos in it, so it has no summary.
pub struct Jsonl;

/// The line of a photo that could not be checked.
#[derive(Serialize)]
struct Failure {
    schema: u32,
    photo: String,
    error: Cause,
}

#[derive(Serialize)]
struct Cause {
    kind: &'static str,
    message: String,
}

impl Output for Jsonl {
    fn photo(&mut self, photo: &Path, result: &Result<Report, Error>) -> String {
        let line = match result {
            Ok(report) => report.to_json(),
            Err(error) => failure(photo, error),
        };
        line + "\n"
    }

    fn summary(&self) -> String {
        String::new()
    }
}

fn failure(photo: &Path, error: &Error) -> String {
    let cause = Cause { kind: error.kind(), message: error.to_string() };
    let failure = Failure { schema: SCHEMA, photo: photo.display().to_string(), error: cause };
    // A struct of strings and a number always has a JSON form.
    serde_json::to_string(&failure).unwrap_or_default()
}
