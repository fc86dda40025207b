//! What was seen on a photo: faces, landmarks, head pose, parsing. No limits, no verdicts.

use crate::error::Error;
use crate::geometry::{Point, Region};
use crate::photo::Photo;
use crate::rule::NotAssessed;
use crate::vision::Vision;

/// Size of the frame that the standard's pixel limits speak of (clause 四.1).
pub const STANDARD_WIDTH_PX: f64 = 480.0;
/// See [`STANDARD_WIDTH_PX`].
pub const STANDARD_HEIGHT_PX: f64 = 640.0;

/// Everything that rules may look at.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The photo itself.
    pub photo: Photo,
    /// All faces found, the largest first.
    pub faces: Vec<DetectedFace>,
    /// The largest face, seen closely.
    pub(crate) subject: Option<Subject>,
}

/// A face as the detector found it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DetectedFace {
    /// Box from brow to chin in photo pixels; may leave the photo.
    pub bounds: Region,
    /// Probability that this is a face, 0 to 1.
    pub score: f64,
}

/// The person the photo is about.
#[derive(Clone, Debug)]
pub struct Subject {
    /// 478 face mesh points.
    pub landmarks: Landmarks,
    /// Direction of the head.
    pub head_pose: HeadPose,
    /// What every pixel around the face belongs to.
    pub parsing: Parsing,
}

/// One of a pair of eyes, ears, shoulders: the subject's own left and right, not the viewer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodySide {
    /// The subject's right: on the left of the picture.
    Right,
    /// The subject's left: on the right of the picture.
    Left,
}

/// 478 points of the MediaPipe attention mesh: 468 of the face, then 5 of each iris.
#[derive(Clone, Debug, PartialEq)]
pub struct Landmarks {
    /// x, y in photo pixels and relative depth z in the same scale (negative towards the camera); 478 of them.
    pub points: Vec<[f64; 3]>,
}

/// Rotation of the head in degrees, by a least-squares fit of a canonical face; 0 looks straight at the camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeadPose {
    /// Positive turns towards the subject's left.
    pub yaw_deg: f64,
    /// Positive looks up.
    pub pitch_deg: f64,
    /// Positive tilts towards the subject's left shoulder.
    pub roll_deg: f64,
}

/// What a pixel shows. The numbers are the parsing net's channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Class {
    Background = 0,
    Skin,
    Brow,
    Eye,
    Glasses,
    Ear,
    Earring,
    MouthInside,
    Lips,
    Neck,
    Necklace,
    Cloth,
    Hair,
    Hat,
    /// Beyond the edge of the photo.
    Outside,
}

impl Class {
    /// Number of classes.
    pub const COUNT: usize = Class::Outside as usize + 1;
}

/// A crop around the subject, sized by the face and holding the whole of any photo that obeys the standard's framing,
/// with the class of every pixel.
#[derive(Clone, Debug)]
pub struct Parsing {
    /// Photo x of the crop's left edge.
    pub origin: Point,
    /// Photo pixels per crop pixel.
    pub scale: f64,
    /// Row by row, [`Parsing::WIDTH`] x [`Parsing::HEIGHT`].
    pub classes: Vec<Class>,
    /// sRGB of the crop, same order.
    pub rgb: Vec<[u8; 3]>,
}

impl Parsing {
    /// Width of the crop in crop pixels.
    pub const WIDTH: usize = 288;
    /// Height of the crop in crop pixels.
    pub const HEIGHT: usize = 384;

    /// Class of the crop pixel at column `x`, row `y`; [`Class::Outside`] beyond the crop.
    pub fn class(&self, x: i32, y: i32) -> Class {
        let inside = (0..Self::WIDTH as i32).contains(&x) && (0..Self::HEIGHT as i32).contains(&y);
        if inside { self.classes[y as usize * Self::WIDTH + x as usize] } else { Class::Outside }
    }

    /// Number of crop pixels of each class, indexed by `Class as usize`.
    pub fn class_areas(&self) -> [usize; Class::COUNT] {
        let mut areas = [0; Class::COUNT];
        for &class in &self.classes {
            areas[class as usize] += 1;
        }
        areas
    }

    /// Where a crop point lies on the photo.
    pub fn photo_from_crop(&self, x: f64, y: f64) -> Point {
        Point::new(self.origin.x + x * self.scale, self.origin.y + y * self.scale)
    }

    /// Where a photo point lies on the crop.
    pub fn crop_from_photo(&self, p: Point) -> Point {
        Point::new((p.x - self.origin.x) / self.scale, (p.y - self.origin.y) / self.scale)
    }
}

impl Landmarks {
    /// Number of points.
    pub const COUNT: usize = 478;

    /// Point `index` of the mesh in photo pixels.
    pub fn point(&self, index: usize) -> Point {
        let [x, y, _] = self.points[index];
        Point::new(x, y)
    }

    /// Centre of the iris.
    pub fn iris_centre(&self, side: BodySide) -> Point {
        match side {
            BodySide::Right => self.point(468),
            BodySide::Left => self.point(473),
        }
    }

    /// Point half way between the two irises.
    pub fn eye_midpoint(&self) -> Point {
        self.iris_centre(BodySide::Right).midpoint(self.iris_centre(BodySide::Left))
    }

    /// Distance between the two iris centres in pixels.
    pub fn inter_eye_distance_px(&self) -> f64 {
        self.iris_centre(BodySide::Right).distance(self.iris_centre(BodySide::Left))
    }

    /// Distance from the eye midpoint to the chin in pixels: the scale T of ISO/IEC 29794-5.
    pub fn eye_chin_distance_px(&self) -> f64 {
        self.eye_midpoint().distance(self.point(152))
    }
}

impl Evidence {
    /// Looks at the photo with every net once.
    pub(crate) fn gather(photo: Photo, vision: &mut Vision) -> Result<Evidence, Error> {
        vision.see(photo)
    }

    /// The person the photo is about.
    ///
    /// # Errors
    /// [`NotAssessed::NoFace`] when no face was found.
    pub fn subject(&self) -> Result<&Subject, NotAssessed> {
        self.subject.as_ref().ok_or(NotAssessed::NoFace)
    }

    /// A horizontal length in pixels of the standard's 480x640 frame, whatever the size of the photo.
    pub fn standard_x_px(&self, photo_px: f64) -> f64 {
        photo_px * STANDARD_WIDTH_PX / f64::from(self.photo.width_px())
    }

    /// A vertical length in pixels of the standard's 480x640 frame, whatever the size of the photo.
    pub fn standard_y_px(&self, photo_px: f64) -> f64 {
        photo_px * STANDARD_HEIGHT_PX / f64::from(self.photo.height_px())
    }
}
