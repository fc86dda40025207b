//! What other limits would make of what has been measured.

use std::collections::HashMap;
use std::path::PathBuf;

use gradphoto::{Limit, Profile, Reason};
use serde::Serialize;
use serde_json::{Value, json};

use super::App;
use crate::atomic;
use crate::kind::ByKind;
use crate::refusal::{Refusal, unwritten};

impl App {
    /// What other limits would make of the photos that have been looked at; nothing is looked at again.
    pub fn effect(&self, profile: &Profile) -> Value {
        let state = self.state();
        let mut now = Counts::default();
        let mut then = Counts::default();
        let mut changed = Vec::new();
        let profiles = [&*state.profile, profile].map(ByKind::new);
        let photos = state.school.iter().flat_map(|school| school.photos.iter().enumerate());
        for (id, seen) in photos.filter_map(|(id, photo)| Some((id, photo.seen.as_ref()?))) {
            let [before, after] = profiles.each_ref().map(|profiles| seen.verdict(profiles));
            now.count(before);
            then.count(after);
            if before != after {
                changed.push(json!({"id": id, "from": before, "to": after}));
            }
        }
        let shown = profile.rules().iter().map(|(rule, settings)| {
            let shown = |limit: Limit| Reason::in_each(|language| limit.show(rule.unit, language));
            (rule.id.to_owned(), json!({"fails": shown(settings.limit), "passes": shown(settings.review)}))
        });
        let shown = shown.collect::<serde_json::Map<_, _>>();
        json!({"now": now, "then": then, "changed": changed, "shown": shown})
    }

    /// Writes a profile beside the results; returns where it is.
    ///
    /// # Errors
    /// No folder is open, or it cannot be written.
    pub fn save_profile(&self, profile: &Profile) -> Result<PathBuf, Refusal> {
        let path = self.school(|school| school.results.join("profile.toml"))?;
        atomic::write(&path, profile.to_toml().as_bytes()).map_err(|error| unwritten(&path, &error))?;
        Ok(path)
    }
}

#[derive(Default, Serialize)]
struct Counts {
    pass: usize,
    review: usize,
    fail: usize,
    unread: usize,
}

impl Counts {
    fn count(&mut self, verdict: &str) {
        *match verdict {
            "pass" => &mut self.pass,
            "review" => &mut self.review,
            "fail" => &mut self.fail,
            _ => &mut self.unread,
        } += 1;
    }
}

/// The profile with other limits.
///
/// # Errors
/// There is no such rule, or the limits make no sense for it.
pub fn with_limits(profile: &Profile, limits: &HashMap<String, Limits>) -> Result<Profile, gradphoto::Error> {
    limits.iter().try_fold(profile.clone(), |profile, (rule, new)| {
        profile.with_limit(rule, new.fails)?.with_review(rule, new.passes)
    })
}

/// New limits of a rule.
#[derive(serde::Deserialize)]
pub struct Limits {
    /// Outside: fail.
    fails: Limit,
    /// Outside: review.
    passes: Limit,
}
