//! What was seen on a photo: faces, landmarks, head pose, parsing. No limits, no verdicts.

mod background;
mod cells;
mod clothes;
mod colour_grid;
mod glasses;
mod hair;
mod outline;

pub use background::Background;
pub use clothes::Clothes;
pub use colour_grid::ColourGrid;
pub use glasses::Glasses;
pub use hair::Hair;
pub use outline::Outline;

use crate::colour::Lab;
use crate::geometry::{Point, Region, cells_in_polygon};
use crate::photo::Photo;
use crate::rule::NotAssessed;
use crate::text::text;

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
    /// What the nets say of the whole.
    pub appearance: Appearance,
    /// Colours of the crop.
    pub colours: ColourGrid,
    /// What lies behind the person; `None` where too little of it is in sight.
    pub background: Option<Background>,
    /// Crown and shoulders.
    pub outline: Outline,
    /// The clothes; `None` where almost none are in sight.
    pub clothes: Option<Clothes>,
    /// The hair; `None` where almost none is in sight.
    pub hair: Option<Hair>,
    /// The glasses; `None` where none are worn.
    pub glasses: Option<Glasses>,
}

impl Subject {
    /// Derives everything else from what the nets saw.
    pub(crate) fn new(landmarks: Landmarks, head_pose: HeadPose, parsing: Parsing, appearance: Appearance) -> Subject {
        let colours = ColourGrid::new(&parsing);
        let face = colours.cell_at(landmarks.point(1));
        let background = face.and_then(|face| Background::see(&colours, face));
        let outline = Outline::trace(&parsing, &landmarks);
        let clothes = Clothes::see(&colours, &landmarks);
        let hair = Hair::see(&colours);
        let face_cells = colours.cells_within(&landmarks, &FACE_OVAL).len();
        let glasses = Glasses::see(&colours, &parsing, &landmarks, face_cells);
        Subject { landmarks, head_pose, parsing, appearance, colours, background, outline, clothes, hair, glasses }
    }

    /// Cells of [`Subject::colours`] within the face oval, from hairline to chin.
    ///
    /// # Errors
    /// [`NotAssessed::NotSeen`] when almost none of the face is in the photo.
    pub fn face_cells(&self) -> Result<Vec<usize>, NotAssessed> {
        let cells = self.colours.cells_within(&self.landmarks, &FACE_OVAL);
        let unseen = text("面部未完整入镜，无法测量。", "The face is not in the picture.");
        if cells.len() < MIN_FACE_CELLS { Err(NotAssessed::NotSeen(unseen)) } else { Ok(cells) }
    }

    /// Cells of [`Subject::colours`] between the lids of one eye.
    pub fn eye_cells(&self, side: BodySide) -> Vec<usize> {
        let outline = match side {
            BodySide::Right => &RIGHT_EYE,
            BodySide::Left => &LEFT_EYE,
        };
        self.colours.cells_within(&self.landmarks, outline)
    }

    /// Colours of one cheek, between eye, nose and jaw.
    pub fn cheek_colours(&self, side: BodySide) -> Vec<Lab> {
        let outline = match side {
            BodySide::Right => &RIGHT_CHEEK,
            BodySide::Left => &LEFT_CHEEK,
        };
        self.colours.colours(&self.colours.cells_within(&self.landmarks, outline))
    }

    /// Colours of both cheeks.
    pub(crate) fn colours_of_both_cheeks(&self) -> Vec<Lab> {
        [BodySide::Right, BodySide::Left].map(|side| self.cheek_colours(side)).concat()
    }
}

/// Fewer cells than this say nothing of a face.
const MIN_FACE_CELLS: usize = 100;

/// Outline of the face in mesh points, clockwise from the middle of the forehead.
pub(crate) const FACE_OVAL: [usize; 36] = [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150,
    136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];
/// The inner three quarters of the brow in mesh points; its tail often lies beneath hair that is combed aside.
pub(crate) const RIGHT_BROW: [usize; 8] = [63, 105, 66, 107, 55, 65, 52, 53];
/// See [`RIGHT_BROW`].
pub(crate) const LEFT_BROW: [usize; 8] = [293, 334, 296, 336, 285, 295, 282, 283];
/// Edge of the lids in mesh points, from the outer corner over the upper lid.
pub(crate) const RIGHT_EYE: [usize; 16] = [33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7];
/// See [`RIGHT_EYE`].
pub(crate) const LEFT_EYE: [usize; 16] =
    [263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249];
/// Outline of the cheek in mesh points.
pub(crate) const RIGHT_CHEEK: [usize; 10] = [116, 117, 118, 119, 100, 142, 36, 205, 187, 123];
/// See [`RIGHT_CHEEK`].
pub(crate) const LEFT_CHEEK: [usize; 10] = [345, 346, 347, 348, 329, 371, 266, 425, 411, 352];

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

/// What the nets say of the whole face, head and clothes: probabilities from 0 to 1. Of a pair, the subject's right comes
/// first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Appearance {
    /// That each eye is open.
    pub eyes_open: [f64; 2],
    /// That some of each ear is in sight.
    pub ears_visible: [f64; 2],
    /// That there is an earring at each ear.
    pub earrings: [f64; 2],
    /// That glasses are worn.
    pub glasses_worn: f64,
    /// That a hat, scarf, hood or band is worn on the head.
    pub head_covered: f64,
    /// That a mask, a hand or an object covers part of cheeks, nose, mouth or chin.
    pub face_covered: f64,
    /// That make-up shows, of lips, eyes or cheeks.
    pub made_up: f64,
    /// That loose strands stand off the hair; says nothing where none is in sight.
    pub hair_untidy: f64,
    /// Of neck and chest; says nothing where [`Evidence::clothing_state`] does not.
    pub clothing: ClothingState,
}

/// Probabilities, 0 to 1, of what is worn around the neck and on the chest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClothingState {
    /// That the clothes have no collar.
    pub collar_absent: f64,
    /// That a hood lies behind the neck.
    pub hood: f64,
    /// That shoulders or chest are bare.
    pub shoulders_bare: f64,
    /// That a necklace is worn.
    pub necklace: f64,
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

    /// Area of this class in square photo pixels.
    pub fn area_px2(&self, class: Class) -> f64 {
        self.class_areas()[class as usize] as f64 * self.scale.powi(2)
    }

    /// Share of these classes in the polygon through these mesh points, 0 to 1 of the pixels that the photo shows; 0
    /// where it shows none.
    pub fn share_within(&self, landmarks: &Landmarks, polygon: &[usize], classes: &[Class]) -> f64 {
        let pixels = self.pixels_within(landmarks, polygon);
        let wanted = pixels.iter().filter(|&&i| classes.contains(&self.classes[i])).count();
        wanted as f64 / pixels.len().max(1) as f64
    }

    /// Indices of the crop pixels inside the polygon through these mesh points and inside the photo.
    pub fn pixels_within(&self, landmarks: &Landmarks, polygon: &[usize]) -> Vec<usize> {
        let corners = polygon.iter().map(|&i| self.crop_from_photo(landmarks.point(i))).collect::<Vec<_>>();
        let mut pixels = cells_in_polygon(&corners, Self::WIDTH, Self::HEIGHT);
        pixels.retain(|&i| self.classes[i] != Class::Outside);
        pixels
    }

    /// Number of crop pixels of this class on either side of the face's middle: the subject's right, then the left.
    pub fn class_areas_by_side(&self, class: Class, landmarks: &Landmarks) -> [usize; 2] {
        let middle = self.crop_from_photo(landmarks.face_midpoint()).x;
        let mut areas = [0; 2];
        for (i, _) in self.classes.iter().enumerate().filter(|(_, seen)| **seen == class) {
            areas[usize::from((i % Self::WIDTH) as f64 >= middle)] += 1;
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
        self.point(iris_index(side))
    }

    /// Centre and mean radius of the iris, in pixels.
    pub fn iris(&self, side: BodySide) -> (Point, f64) {
        let centre = self.iris_centre(side);
        let radii = (1..=4).map(|i| centre.distance(self.point(iris_index(side) + i)));
        (centre, radii.sum::<f64>() / 4.0)
    }

    /// Point half way between the two irises.
    pub fn eye_midpoint(&self) -> Point {
        self.iris_centre(BodySide::Right).midpoint(self.iris_centre(BodySide::Left))
    }

    /// The smallest rectangle around all points.
    pub fn bounds(&self) -> Option<Region> {
        Region::around((0..self.points.len()).map(|i| self.point(i)))
    }

    /// Distance between the two iris centres in pixels.
    pub fn inter_eye_distance_px(&self) -> f64 {
        self.iris_centre(BodySide::Right).distance(self.iris_centre(BodySide::Left))
    }

    /// Width of the face between the cheek contours in pixels, ears excluded (两脸颊之间).
    pub fn face_width_px(&self) -> f64 {
        self.point(234).distance(self.point(454))
    }

    /// Point half way between the cheek contours.
    pub fn face_midpoint(&self) -> Point {
        self.point(234).midpoint(self.point(454))
    }

    /// Where an ear and what hangs from it may lie beside an upright face.
    pub fn ear_region(&self, side: BodySide) -> Region {
        let (width, height) = (0.25 * self.face_width_px(), self.eye_chin_distance_px());
        let (contour, share_outside) = match side {
            BodySide::Right => (self.point(234), 0.8),
            BodySide::Left => (self.point(454), 0.2),
        };
        Region { x: contour.x - share_outside * width, y: self.eye_midpoint().y, width, height }
    }

    /// Lowest point of the chin.
    pub fn chin(&self) -> Point {
        self.point(152)
    }

    /// Distance from the eye midpoint to the chin in pixels: the scale T of ISO/IEC 29794-5.
    pub fn eye_chin_distance_px(&self) -> f64 {
        self.eye_midpoint().distance(self.chin())
    }
}

/// Mesh point at the centre of an iris; the four after it lie on its edge.
fn iris_index(side: BodySide) -> usize {
    match side {
        BodySide::Right => 468,
        BodySide::Left => 473,
    }
}

/// So much below the chin must be in sight, in face widths, to tell of neck and chest.
const NECK_IN_SIGHT: f64 = 0.05;

impl Evidence {
    /// Evidence from what the nets saw.
    pub(crate) fn new(photo: Photo, faces: Vec<DetectedFace>, subject: Option<Subject>) -> Evidence {
        Evidence { photo, faces, subject }
    }

    /// The person the photo is about.
    ///
    /// # Errors
    /// [`NotAssessed::NoFace`] when no face was found.
    pub fn subject(&self) -> Result<&Subject, NotAssessed> {
        self.subject.as_ref().ok_or(NotAssessed::NoFace)
    }

    /// What lies behind the person.
    ///
    /// # Errors
    /// [`NotAssessed`] when there is no face or too little background is in sight.
    pub fn background(&self) -> Result<&Background, NotAssessed> {
        let unseen = text("背景露出太少，无法判断。", "Too little of the background is in sight.");
        self.subject()?.background.as_ref().ok_or(NotAssessed::NotSeen(unseen))
    }

    /// What the net sees on neck and chest, and where it looks.
    ///
    /// # Errors
    /// [`NotAssessed`] when there is no face or the photo ends right below the chin.
    pub fn clothing_state(&self) -> Result<(ClothingState, Region), NotAssessed> {
        let unseen = text("照片未拍到颈部和胸前，无法判断。", "Neither neck nor chest is in the picture.");
        let subject = self.subject()?;
        let (chin, face_width) = (subject.landmarks.chin(), subject.landmarks.face_width_px());
        let (width, height) = (f64::from(self.photo.width_px()), f64::from(self.photo.height_px()));
        if chin.y + NECK_IN_SIGHT * face_width >= height {
            return Err(NotAssessed::NotSeen(unseen));
        }
        let reach = 1.2 * face_width;
        let (left, right) = ((chin.x - reach).max(0.0), (chin.x + reach).min(width));
        let (top, bottom) = (chin.y.max(0.0), (chin.y + reach).min(height));
        let region = Region { x: left, y: top, width: (right - left).max(0.0), height: (bottom - top).max(0.0) };
        Ok((subject.appearance.clothing, region))
    }

    /// The clothes of the person.
    ///
    /// # Errors
    /// [`NotAssessed`] when there is no face or almost no clothes are in sight.
    pub fn clothes(&self) -> Result<&Clothes, NotAssessed> {
        let unseen = text("画面中几乎看不到衣服，无法判断。", "Almost no clothes are in the picture.");
        self.subject()?.clothes.as_ref().ok_or(NotAssessed::NotSeen(unseen))
    }

    /// The hair of the person.
    ///
    /// # Errors
    /// [`NotAssessed`] when there is no face or almost no hair is in sight.
    pub fn hair(&self) -> Result<&Hair, NotAssessed> {
        let unseen = text("几乎看不到头发，无法判断。", "Almost no hair is to be seen.");
        self.subject()?.hair.as_ref().ok_or(NotAssessed::NotSeen(unseen))
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
