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
            for end in ends(&path).chain(without_extension(&path).into_iter().flat_map(ends)) {
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
        match self.places(photo) {
            [place] => Some(*place),
            _ => None,
        }
    }

    /// All photos that may be meant.
    pub fn places(&self, photo: &str) -> &[usize] {
        self.0.get(&with_slashes(photo)).map_or(&[], Vec::as_slice)
    }

    fn is_known(&self, photo: &str) -> bool {
        !self.places(photo).is_empty()
    }
}

/// The path without the extension of the file, where that has one.
fn without_extension(path: &str) -> Option<&str> {
    path.rsplit_once('.').filter(|(_, extension)| !extension.contains('/')).map(|(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::super::testing::shots;
    use super::*;

    #[test]
    fn a_photo_without_extension_is_called_by_its_name_and_a_point_in_a_folder_ends_none() {
        let shots = shots(&["5.1/IMG_1", "5.1/IMG_2.jpg", "5.2/IMG_2.jpg"]);
        let called = Called::new(&shots);
        for (photo, place) in
            [("IMG_1", Some(0)), ("5.1/IMG_1", Some(0)), ("5.1/IMG_2", Some(1)), ("IMG_2", None), ("5", None)]
        {
            assert_eq!(called.place(photo), place, "{photo}");
        }
    }
}
