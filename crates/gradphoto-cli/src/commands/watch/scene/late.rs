//! Shots that come late: taken before one that has its student already, or while nobody watched.

use std::path::Path;

use gradphoto::Language;
use gradphoto::photo::Taken;
use gradphoto_app::exposure::Exposure;

use super::{By, Scene, Shot, exposure, file_name};

/// A shot that is taken so many seconds before another one is no late transfer: the clock was set anew.
const LATE_MAX: f64 = 86_400.0;

impl Scene {
    /// Which of these photos was taken after all that students have, if any: the queue went on while nobody watched.
    pub fn behind(&self, uncounted: &[String]) -> Option<String> {
        let is_behind = |photo: &&String| {
            let exposure = exposure(photo, None);
            let is_before =
                |shot: &Shot| shot.exposure.taken.zip(exposure.taken).is_some_and(|(one, other)| one < other);
            let mut assigned = self.shots.iter().filter(|shot| shot.student.is_some() && shot.is_beside(photo));
            assigned.any(is_before) && self.overtaken(photo, exposure).is_none()
        };
        uncounted.iter().filter(|_| self.by == By::Order).find(is_behind).map(|photo| file_name(photo))
    }

    /// The first of the shots that were taken after this one by the same camera and that students have already, as where its
    /// transfer was slow.
    pub(super) fn overtaken(&self, photo: &str, exposure: Exposure) -> Option<String> {
        let taken = exposure.taken?;
        let is_later = |other: Taken| other > taken && other.seconds() - taken.seconds() < LATE_MAX;
        let assigned = self.shots.iter().filter(|shot| shot.student.is_some() && shot.is_beside(photo));
        let later = assigned.filter(|shot| shot.exposure.taken.is_some_and(is_later));
        later.min_by_key(|shot| shot.exposure.taken).map(|shot| file_name(&shot.photo))
    }

    /// That a photo came after one that was taken later, so that both may be somebody else's.
    pub(super) fn late(&self, photo: &str, later: &str) -> String {
        let name = file_name(photo);
        match self.language {
            Language::Zh => format!(
                "    ! {name} 拍于 {later} 之前，到得晚，没有算给下一位；请输入 = 和学号指明是谁。{later} 起的照片若因此算错了人，输入 照片=学号 改正，如 {later}=学号。\n"
            ),
            Language::En => format!(
                "    ! {name} was taken before {later} and came late, so it is not the next student's; type = and the number of whom it shows. Where photos from {later} on went to the wrong students for that, type PHOTO=NUMBER, such as {later}=NUMBER.\n"
            ),
        }
    }
}

impl Shot {
    /// Whether a photo is of the same camera, as folder and name say.
    fn is_beside(&self, photo: &str) -> bool {
        let camera = |photo: &str| {
            let (folder, name) = (Path::new(photo).parent().map(Path::to_owned), file_name(photo));
            (folder, name.chars().filter(|c| !c.is_ascii_digit()).collect::<String>())
        };
        camera(&self.photo) == camera(photo)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Instant;

    use gradphoto::Roster;
    use gradphoto::batch::{Field, Student};

    use super::*;
    use crate::output::record::Outcome;

    /// A file whose EXIF alone is whole, taken in that second.
    fn taken_at(photo: &Path, second: u8) -> &str {
        let time = format!("2026:05:20 09:00:{second:02}\0");
        let head = b"II\x2a\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0";
        let field = b"\x01\0\x03\x90\x02\0\x14\0\0\0\x2c\0\0\0\0\0\0\0";
        fs::write(photo, [&head[..], field, time.as_bytes()].concat()).unwrap();
        photo.to_str().unwrap()
    }

    #[test]
    fn in_order_a_shot_that_comes_late_is_nobody_s_and_what_it_led_astray_is_put_right_by_name() {
        let folder = std::env::temp_dir().join(format!("gradphoto-scene-late-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let [one, two, three, four] = [1, 2, 3, 4].map(|number| folder.join(format!("DSC_000{number}.jpg")));
        let students = ["1001", "1002", "1003", "1004"].map(|number| {
            let mut student = Student::new(0);
            student.set(Field::StudentNumber, number);
            student
        });
        let open = || {
            let roster = Roster::new(students.to_vec());
            Scene::new(&folder, Some(roster), By::Order, Some(&folder), Language::Zh).unwrap()
        };
        let mut scene = open();
        let shot = |scene: &mut Scene, photo: &Path, second| {
            scene.shot(taken_at(photo, second), Instant::now(), None, Outcome::Pass).unwrap()
        };
        assert_eq!(shot(&mut scene, &one, 10).who, "1001");
        assert_eq!(shot(&mut scene, &three, 30).who, "1002", "before the one that is late");
        let late = shot(&mut scene, &two, 20);
        assert!(late.who.is_empty() && late.next.contains("DSC_0002.jpg 拍于 DSC_0003.jpg 之前"), "{}", late.next);
        // In whatever order they are named.
        assert!(scene.scanned("=1002", Instant::now()).unwrap().contains("下一位：1003"));
        assert!(scene.scanned("dsc_0003=1003", Instant::now()).unwrap().contains("下一位：1004"));
        assert_eq!(shot(&mut scene, &four, 40).who, "1004");
        let key = |shot: &Shot| shot.student.map(|student| students[student].number().to_owned());
        drop(scene);
        let scene = open();
        let mut whose = scene.shots.iter().map(|shot| (file_name(&shot.photo), key(shot))).collect::<Vec<_>>();
        whose.sort();
        let expected = ["1001", "1002", "1003", "1004"].iter().zip([&one, &two, &three, &four]);
        let expected = expected.map(|(number, photo)| (file_name(photo.to_str().unwrap()), Some((*number).to_owned())));
        assert_eq!(whose, expected.collect::<Vec<_>>());
        // What was taken while nobody watched.
        let [before, since] = [("DSC_0000.jpg", 5), ("DSC_0005.jpg", 50)].map(|(name, second)| {
            let photo = folder.join(name);
            taken_at(&photo, second).to_owned()
        });
        assert_eq!(scene.behind(&[before.clone(), since]), Some("DSC_0005.jpg".to_owned()));
        assert_eq!(scene.behind(&[before]), None);
        fs::remove_dir_all(&folder).unwrap();
    }
}
