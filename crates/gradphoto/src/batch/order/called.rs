//! Which photo is meant by what people call it: its name, alone or with folders, with or without extension.

use std::collections::HashMap;

use super::Shot;
use super::path::{ends, with_slashes};
use crate::text::Reason;

/// Photos by every end of their paths.
pub(super) struct Called(HashMap<String, Vec<usize>>);

impl Called {
    pub fn new(shots: &[Shot]) -> Called {
        let mut called = HashMap::<_, Vec<usize>>::new();
        for (place, shot) in shots.iter().enumerate() {
            let path = shot.photo.replace('\\', "/");
            let stem = path.rsplit_once('.').map_or(path.as_str(), |(stem, _)| stem);
            for end in ends(&path).chain(ends(stem)) {
                called.entry(end.to_owned()).or_default().push(place);
            }
        }
        Called(called)
    }

    /// The photo that is meant.
    pub fn find(&self, photo: &str) -> Result<usize, Reason> {
        self.place(photo).ok_or_else(|| match self.is_known(photo) {
            true => Reason::new(
                format!("叫“{photo}”的照片有几张，请写上文件夹。"),
                format!("Several photos are called {photo}; give the folder too."),
            ),
            false => Reason::new(
                format!("没有照片“{photo}”，请核对文件名。"),
                format!("There is no photo {photo}; check the file name."),
            ),
        })
    }

    /// The photo that is meant, if it is one.
    pub fn place(&self, photo: &str) -> Option<usize> {
        match self.0.get(&with_slashes(photo))?[..] {
            [place] => Some(place),
            _ => None,
        }
    }

    pub fn is_known(&self, photo: &str) -> bool {
        self.0.contains_key(&with_slashes(photo))
    }
}
