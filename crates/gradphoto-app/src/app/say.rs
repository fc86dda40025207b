//! What people say of photos.

use gradphoto::batch::Decision;

use super::{App, nothing_open};
use crate::refusal::Refusal;
use crate::store::Said;

/// A decision as it comes from the page.
#[derive(serde::Deserialize)]
pub struct Saying {
    id: usize,
    sha256: String,
    who: String,
    decision: Option<String>,
    note: String,
    #[serde(default)]
    student: String,
}

impl App {
    /// Takes down what a person says of a photo.
    ///
    /// # Errors
    /// There is no such photo any more, another file lies in its place, or a grant has no reason.
    pub fn say(&self, saying: Saying) -> Result<(), Refusal> {
        let known = saying.decision.as_deref().is_none_or(|word| Decision::of(word).is_some());
        if !known || saying.who.trim().is_empty() {
            return Err(Refusal::bad("请先填写姓名。", "Give your name first."));
        }
        if saying.decision.as_deref() == Some(Decision::Override.as_str()) && saying.note.trim().is_empty() {
            return Err(Refusal::bad("放行必须写明原因。", "Letting a photo pass by exception needs a reason."));
        }
        let mut state = self.state();
        let school = state.school.as_mut().ok_or_else(nothing_open)?;
        let photo = school.photos.get(saying.id).ok_or_else(Refusal::unknown)?;
        let is_same = photo.seen.as_ref().is_some_and(|seen| seen.identity() == saying.sha256);
        if !is_same {
            return Err(Refusal::new(
                axum::http::StatusCode::CONFLICT,
                "照片刚刚换过，请看新照片后再决定。",
                "The photo has just been replaced: look at the new one, then decide.",
            ));
        }
        photo.is_as_seen()?;
        let short = |text: &str, most: usize| text.trim().chars().take(most).collect::<String>();
        school.store.say(&Said {
            decision: saying.decision,
            note: short(&saying.note, 500),
            student: saying.student,
            who: short(&saying.who, 40),
            at: school.store.now()?,
            sha256: saying.sha256,
            photo: photo.name.clone(),
        })?;
        school.words = school.store.last_words()?;
        self.soil(state);
        Ok(())
    }
}
