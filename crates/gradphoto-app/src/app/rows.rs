//! The rows of the page, put together anew whenever facts have changed.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::{App, State};
use crate::kind::ByKind;
use crate::records::{self, Sheet};
use crate::store::Said;

impl App {
    /// Puts the rows together whenever facts have changed; a batch that takes long to put together is put together less often.
    pub(super) fn keep_rows(&self) {
        loop {
            let mut state = self.state();
            while !state.is_dirty {
                state = self.work.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
            }
            let began = Instant::now();
            self.freshen(&mut state);
            drop(state);
            thread::sleep((began.elapsed() * 3).max(Duration::from_millis(40)));
        }
    }

    /// Puts the rows together if facts have changed since, and says so.
    pub(super) fn freshen(&self, state: &mut State) {
        if std::mem::take(&mut state.is_dirty) {
            self.put_together(state);
            self.stamps.send_modify(|stamp| *stamp += 1);
        }
    }

    fn put_together(&self, state: &mut State) {
        let next = *self.stamps.borrow() + 1;
        let Some(school) = &state.school else {
            state.meta = (records::meta(&state.profile, None, self.office.language, true), next);
            return;
        };
        let retaken = school.retaken();
        let in_batch = |id: &usize| school.photos[*id].seen.is_some() && !retaken.contains_key(id);
        let ids = (0..school.photos.len()).filter(in_batch).collect::<Vec<_>>();
        let sheet = Sheet::new(school.batch(&ids, &state.profile), ids);
        let mut said = HashMap::<(&str, &str), Vec<Said>>::new();
        for word in &school.words {
            said.entry((word.sha256.as_str(), word.photo.as_str())).or_default().push(word.clone());
        }
        let profiles = ByKind::new(&state.profile);
        let students = if retaken.is_empty() { &[][..] } else { sheet.batch.students() };
        let who = students.iter().map(|student| (student.key(), student.words())).collect::<HashMap<_, _>>();
        let rows = school.photos.iter().enumerate().map(|(id, photo)| {
            let seen = photo.seen.as_ref()?;
            let said = said.get(&(seen.identity(), photo.name.as_str())).cloned().unwrap_or_default();
            Some(match sheet.place(id) {
                Some(place) => sheet.row(place, seen.marks_among(&sheet.batch, &profiles), seen.size, said),
                None => {
                    let who = retaken.get(&id).and_then(|student| who.get(*student)).cloned();
                    seen.row_alone(id, &photo.name, who, &profiles, said)
                }
            })
        });
        let mut before = std::mem::take(&mut state.rows);
        before.resize(school.photos.len(), None);
        let stamped = rows.zip(before).map(|(row, before)| match (row, before) {
            (Some(row), Some((known, at))) if row == known => Some((row, at)),
            (row, _) => row.map(|row| (row, next)),
        });
        state.rows = stamped.collect();
        let meta = records::meta(&state.profile, Some(&sheet.batch), self.office.language, true);
        if meta != state.meta.0 {
            state.meta = (meta, next);
        }
        state.sheet = Some(Arc::new(sheet));
    }
}
