//! Prints what is seen on each photo as one line of JSON: faces, mesh, head pose, areas of the parsing classes.
//!
//! `cargo run --release -p gradphoto --example evidence -- [--engine tract|PATH] PHOTO...`

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use gradphoto::evidence::Evidence;
use gradphoto::{Checker, Engine};
use serde_json::{Value, json};

const USAGE: &str = "usage: evidence [--engine tract|PATH] PHOTO...";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    // SAFETY: no other thread runs yet.
    unsafe { gradphoto::forbid_reports() };
    let mut checker = Checker::builder();
    let mut arguments = std::env::args().skip(1).peekable();
    if arguments.next_if_eq("--engine").is_some() {
        checker = checker.engine(match arguments.next().unwrap_or_default().as_str() {
            "tract" => Engine::tract(),
            path => Engine::onnxruntime(path),
        });
    }
    if arguments.peek().is_none() {
        eprintln!("{USAGE}");
        return Ok(ExitCode::from(2));
    }
    let checker = checker.build()?;
    let mut out = std::io::stdout().lock();
    for photo in arguments {
        let seen = checker.see(&photo).map_or_else(|e| json!({ "error": e.to_string() }), |e| seen(&e));
        writeln!(out, "{}", json!({ "photo": photo, "seen": seen }))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn seen(evidence: &Evidence) -> Value {
    let faces = evidence.faces().iter().map(|face| {
        let bounds = face.bounds;
        json!({ "bounds": [bounds.x, bounds.y, bounds.width, bounds.height], "score": face.score })
    });
    let subject = evidence.subject().ok().map(|subject| {
        let (pose, parsing) = (subject.head_pose, &subject.parsing);
        json!({
            "landmarks": subject.landmarks.points.as_slice(),
            "pose_deg": { "yaw": pose.yaw_deg, "pitch": pose.pitch_deg, "roll": pose.roll_deg },
            "crop": [parsing.origin.x, parsing.origin.y, parsing.scale],
            "class_areas": parsing.class_areas(),
        })
    });
    json!({ "faces": faces.collect::<Vec<_>>(), "subject": subject })
}
