//! What was seen on a photo: faces, landmarks, head pose, parsing. No limits, no verdicts.

mod appearance;
mod background;
mod cells;
mod clothes;
mod colour_grid;
mod glasses;
mod hair;
mod landmarks;
mod light;
mod outline;
mod parsing;
mod unseen;

pub use appearance::{Appearance, ClothingState};
pub use background::Background;
pub use clothes::Clothes;
pub use colour_grid::ColourGrid;
pub use glasses::Glasses;
pub use hair::Hair;
#[cfg(feature = "vision")]
pub(crate) use landmarks::EYE_CORNERS;
pub(crate) use landmarks::{BROWS, CHEEKS, EYES, FACE_OVAL};
pub use landmarks::{HeadPose, Landmarks};
pub use outline::Outline;
pub use parsing::{Class, Parsing};
pub use unseen::NotAssessed;

use serde::{Deserialize, Serialize};

use crate::colour::Lab;
use crate::geometry::{BodySide, Region};
use crate::photo::Photo;
use crate::text::text;

/// Size of the frame that the standard's pixel limits speak of (clause 四.1).
pub const STANDARD_WIDTH_PX: f64 = 480.0;
/// See [`STANDARD_WIDTH_PX`].
pub const STANDARD_HEIGHT_PX: f64 = 640.0;
/// The original is enlarged at most this much; more would be seen as blur (rule `sharpness`).
pub const SCALE_MAX: f64 = 1.2;

/// Everything that rules may look at.
///
/// Places and lengths are in pixels of [`Photo::pixels`], which a large original has fewer of: multiplied by
/// [`Photo::reduction`] they are in pixels of the original, as a [`Report`](crate::Report) tells its regions.
///
/// ```no_run
/// # fn main() -> Result<(), gradphoto::Error> {
/// # #[cfg(feature = "vision")] {
/// let seen = gradphoto::Checker::new()?.see("DSC_0001.jpg")?;
/// let reduction = f64::from(seen.photo().reduction());
/// let on_the_original = seen.faces().iter().map(|face| face.bounds.scaled(reduction));
/// # let _ = on_the_original; }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Evidence {
    /// See [`Evidence::photo`].
    pub(crate) photo: Photo,
    /// See [`Evidence::faces`].
    pub(crate) faces: Vec<DetectedFace>,
    /// The largest face, seen closely.
    pub(crate) subject: Option<Subject>,
    /// What looked at the photo.
    pub(crate) engine: EngineStamp,
    /// Rules, by id, that what looked tells too poorly for a verdict.
    pub(crate) untold: &'static [&'static str],
}

/// Names the program and models exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EngineStamp {
    /// Version of this library.
    pub gradphoto: String,
    /// Inference engine: `onnxruntime` or `tract`, with its version.
    pub runtime: String,
    /// SHA-256 over the models, in hex.
    pub models_sha256: String,
    /// Which models: `research`, some of which are for non-commercial research alone, or `open`, for anybody.
    #[serde(default)]
    pub nets: String,
}

/// A face as the detector found it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct DetectedFace {
    /// Box from brow to chin, in pixels of [`Photo::pixels`]; may leave the photo.
    pub bounds: Region,
    /// Probability that this is a face, 0 to 1.
    pub score: f64,
}

/// The person the photo is about; places are in pixels of [`Photo::pixels`].
#[derive(Clone, Debug)]
#[non_exhaustive]
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
    pub(crate) fn face_cells(&self) -> Result<Vec<usize>, NotAssessed> {
        let cells = self.colours.cells_within(&self.landmarks, &FACE_OVAL);
        let unseen =
            text("面部未完整入镜，无法测量。", "The face is not wholly in the picture, so this cannot be measured.");
        if cells.len() < MIN_FACE_CELLS { Err(NotAssessed::NotSeen(unseen)) } else { Ok(cells) }
    }

    /// The cells of [`Subject::colours`] that the photo shows behind the person, more than `steps` cells from her or him.
    pub(crate) fn behind_by(&self, steps: usize) -> Vec<bool> {
        let classes = &self.colours.classes;
        let Some(face) = self.colours.cell_at(self.landmarks.point(1)) else { return vec![false; classes.len()] };
        let near_person = cells::grown(background::person(&self.colours, face, LOOSE), steps);
        let clear = |(class, near): (&Option<Class>, bool)| *class != Some(Class::Outside) && !near;
        classes.iter().zip(near_person).map(clear).collect()
    }

    /// Cells of [`Subject::colours`] between the lids of one eye.
    pub(crate) fn eye_cells(&self, side: BodySide) -> Vec<usize> {
        self.colours.cells_within(&self.landmarks, EYES.get(side))
    }

    /// Cells of [`Subject::colours`] on one cheek, between eye, nose and jaw.
    pub(crate) fn cheek_cells(&self, side: BodySide) -> Vec<usize> {
        self.colours.cells_within(&self.landmarks, CHEEKS.get(side))
    }

    /// Stops that the light falls off over one face width beyond what the form of the face explains, positive where the
    /// subject's left is brighter; `None` where too little skin is in sight.
    pub(crate) fn fall_of_light(&self) -> Option<f64> {
        light::fall_of_light(&self.colours, &self.landmarks)
    }

    /// Colours of both cheeks.
    pub(crate) fn colours_of_both_cheeks(&self) -> Vec<Lab> {
        self.colours.colours(&[BodySide::Right, BodySide::Left].map(|side| self.cheek_cells(side)).concat())
    }
}

/// Half as many cells as may lie between a person and earrings or strands of hair.
const LOOSE: usize = 2;

/// Fewer cells than this say nothing of a face.
const MIN_FACE_CELLS: usize = 100;

/// Degrees by which nobody tilts the head: the picture itself is turned.
pub(crate) const LYING_DEG: f64 = 60.0;

/// So much below the chin must be in sight, in face widths, to tell of neck and chest.
const NECK_IN_SIGHT: f64 = 0.05;

impl Evidence {
    /// Evidence from what the nets saw.
    pub(crate) fn new(photo: Photo, faces: Vec<DetectedFace>, subject: Option<Subject>) -> Evidence {
        Evidence { photo, faces, subject, engine: EngineStamp::default(), untold: &[] }
    }

    /// The photo itself.
    pub fn photo(&self) -> &Photo {
        &self.photo
    }

    /// All faces found, the largest first.
    pub fn faces(&self) -> &[DetectedFace] {
        &self.faces
    }

    /// What looked at the photo.
    pub fn engine(&self) -> &EngineStamp {
        &self.engine
    }

    /// The person the photo is about.
    ///
    /// # Errors
    /// [`NotAssessed::NoFace`] when no face was found, [`NotAssessed::NotUpright`] when the picture lies on its side or stands
    /// on its head.
    pub fn subject(&self) -> Result<&Subject, NotAssessed> {
        let subject = self.subject.as_ref().ok_or(NotAssessed::NoFace)?;
        let is_upright = subject.landmarks.roll_deg().abs() <= LYING_DEG;
        is_upright.then_some(subject).ok_or(NotAssessed::NotUpright)
    }

    /// What lies behind the person.
    ///
    /// # Errors
    /// [`NotAssessed`] when there is no face or too little background is in sight.
    pub fn background(&self) -> Result<&Background, NotAssessed> {
        let unseen = text("背景露出太少，无法判定。", "Too little background is visible, so this cannot be judged.");
        self.subject()?.background.as_ref().ok_or(NotAssessed::NotSeen(unseen))
    }

    /// What the net sees on neck and chest, and where it looks.
    ///
    /// # Errors
    /// [`NotAssessed`] when there is no face or the photo ends right below the chin.
    pub fn clothing_state(&self) -> Result<(ClothingState, Region), NotAssessed> {
        let unseen = text(
            "照片未拍到颈部和胸前，无法判定。",
            "Neck and chest are not in the picture, so this cannot be judged.",
        );
        let subject = self.subject()?;
        let (chin, face_width) = (subject.landmarks.chin(), subject.landmarks.face_width_px());
        let (width, height) = (f64::from(self.photo.pixels().width()), f64::from(self.photo.pixels().height()));
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
        let unseen =
            text("画面中几乎看不到衣服，无法判定。", "Hardly any clothes are visible, so this cannot be judged.");
        self.subject()?.clothes.as_ref().ok_or(NotAssessed::NotSeen(unseen))
    }

    /// The glasses in front of the eyes; `None` where none are worn.
    ///
    /// # Errors
    /// [`NotAssessed`] when there is no face, or glasses are likely worn but their lenses are not told from the face.
    pub fn glasses(&self) -> Result<Option<&Glasses>, NotAssessed> {
        let unseen = text(
            "戴有眼镜，但看不清镜片，无法判定。",
            "Glasses are worn, but the lenses cannot be made out, so this cannot be judged.",
        );
        let subject = self.subject()?;
        match &subject.glasses {
            None if subject.appearance.glasses_worn > 0.5 => Err(NotAssessed::NotSeen(unseen)),
            seen => Ok(seen.as_ref()),
        }
    }

    /// The hair of the person.
    ///
    /// # Errors
    /// [`NotAssessed`] when there is no face or almost no hair is in sight.
    pub fn hair(&self) -> Result<&Hair, NotAssessed> {
        let unseen = text("几乎看不到头发，无法判定。", "Hardly any hair is visible, so this cannot be judged.");
        self.subject()?.hair.as_ref().ok_or(NotAssessed::NotSeen(unseen))
    }

    /// A horizontal length in pixels of the standard's 480x640 frame, whatever the size of the photo.
    pub fn standard_x_px(&self, photo_px: f64) -> f64 {
        photo_px * STANDARD_WIDTH_PX / f64::from(self.photo.pixels().width())
    }

    /// A vertical length in pixels of the standard's 480x640 frame, whatever the size of the photo.
    pub fn standard_y_px(&self, photo_px: f64) -> f64 {
        photo_px * STANDARD_HEIGHT_PX / f64::from(self.photo.pixels().height())
    }
}
