//! What became of the photos that were sent, and how long that took.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::StatusCode;

use super::desk::Desk;
use crate::refusal::Refusal;

/// Bounds of the histogram of times, in seconds.
const BUCKETS: [f64; 8] = [0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

#[derive(Default)]
pub struct Counts {
    checked: AtomicU64,
    unreadable: AtomicU64,
    refused: AtomicU64,
    buckets: [AtomicU64; BUCKETS.len()],
    micros: AtomicU64,
}

impl Counts {
    /// Counts an answer and the time that it took.
    pub fn count(&self, answer: &Result<String, Refusal>, took: Duration) {
        let kind = match answer {
            Ok(_) => &self.checked,
            Err(refusal) if refusal.status == StatusCode::UNPROCESSABLE_ENTITY => &self.unreadable,
            Err(_) => &self.refused,
        };
        kind.fetch_add(1, Ordering::Relaxed);
        if answer.is_ok() {
            self.micros.fetch_add(took.as_micros() as u64, Ordering::Relaxed);
            for (bound, count) in BUCKETS.iter().zip(&self.buckets) {
                count.fetch_add(u64::from(took.as_secs_f64() <= *bound), Ordering::Relaxed);
            }
        }
    }

    /// The counts as Prometheus reads them.
    pub fn metrics(&self, desk: &Desk) -> String {
        let Counts { checked, unreadable, refused, buckets, micros } = self;
        let get = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let all = get(checked);
        let mut text = format!(
            "# HELP gradphoto_requests_total Photos sent, by what became of them.\n# TYPE gradphoto_requests_total counter\n\
             gradphoto_requests_total{{outcome=\"checked\"}} {all}\ngradphoto_requests_total{{outcome=\"unreadable\"}} {}\n\
             gradphoto_requests_total{{outcome=\"refused\"}} {}\n\
             # HELP gradphoto_in_work Photos looked at now.\n# TYPE gradphoto_in_work gauge\ngradphoto_in_work {}\n\
             # HELP gradphoto_held Photos looked at or waiting now.\n# TYPE gradphoto_held gauge\ngradphoto_held {}\n\
             # HELP gradphoto_check_seconds Time from a request to its answer.\n# TYPE gradphoto_check_seconds histogram\n",
            get(unreadable),
            get(refused),
            desk.in_work(),
            desk.held(),
        );
        for (bound, count) in BUCKETS.iter().zip(buckets) {
            let _ = writeln!(text, "gradphoto_check_seconds_bucket{{le=\"{bound}\"}} {}", get(count));
        }
        let seconds = get(micros) as f64 / 1e6;
        let _ = write!(
            text,
            "gradphoto_check_seconds_bucket{{le=\"+Inf\"}} {all}\ngradphoto_check_seconds_sum {seconds}\ngradphoto_check_seconds_count {all}\n"
        );
        text
    }
}
