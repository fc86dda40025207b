//! Glasses in front of the eyes. The parsing class covers rims and lenses, eyes behind them included.

use super::cells::core;
use super::{Class, ColourGrid, LEFT_CHEEK, LEFT_EYE, Landmarks, Parsing, RIGHT_CHEEK, RIGHT_EYE};
use crate::colour::{self, Lab};
use crate::geometry::Region;

/// Glasses that are worn.
#[derive(Clone, Debug)]
pub struct Glasses {
    /// Colours of rims and lenses.
    pub colours: Vec<Lab>,
    /// Median colour of the bare cheeks beside them.
    pub cheek: Lab,
    /// Median colour behind the lenses, below the eyes; `None` where too little of it shows.
    pub below_eyes: Option<Lab>,
    /// Share of an eye's opening that lies on or beyond the edge of its lens, 0 to 1, of the eye with more of it.
    pub eye_on_frame_share: f64,
    /// Where they are on the photo.
    pub region: Option<Region>,
}

/// Smallest share of the face that glasses take: those of the development photos take 7 % or more.
const MIN_FACE_SHARE: f64 = 0.05;
/// Cells that a rim is wide at most.
const RIM: usize = 2;
/// The same in crop pixels, measured from the outside of the rim.
const RIM_PX: i32 = 3;
/// Fewer cells say nothing of a colour.
const MIN_CELLS: usize = 10;

impl Glasses {
    /// The glasses on a face of so many cells; `None` where none are worn.
    pub(super) fn see(grid: &ColourGrid, parsing: &Parsing, landmarks: &Landmarks, face: usize) -> Option<Glasses> {
        let worn = grid.cells_of(Class::Glasses);
        let cells = (0..worn.len()).filter(|&i| worn[i]).collect::<Vec<_>>();
        if cells.len() as f64 <= MIN_FACE_SHARE * face as f64 {
            return None;
        }
        let within = |polygons: [&[usize]; 2]| polygons.map(|polygon| grid.cells_within(landmarks, polygon)).concat();
        let mut cheeks = within([&RIGHT_CHEEK, &LEFT_CHEEK]);
        cheeks.retain(|&i| grid.classes[i] == Some(Class::Skin));
        let eyes = within([&RIGHT_EYE, &LEFT_EYE]);
        let eye_row = grid.grid_from_photo(landmarks.eye_midpoint()).y.max(0.0) as usize;
        let mut below_eyes = core(&worn, RIM);
        below_eyes.retain(|&i| i / ColourGrid::WIDTH > eye_row && !eyes.contains(&i));
        let below_eyes = (below_eyes.len() >= MIN_CELLS).then(|| colour::median(&grid.colours(&below_eyes)));
        let on_frame = [&RIGHT_EYE, &LEFT_EYE].map(|eye| on_frame_share(parsing, landmarks, eye));
        Some(Glasses {
            colours: grid.colours(&cells),
            cheek: colour::median(&grid.colours(&cheeks))?,
            below_eyes: below_eyes.flatten(),
            eye_on_frame_share: on_frame[0].max(on_frame[1]),
            region: grid.region_around(&cells),
        })
    }
}

/// Share of the crop pixels of an eye that have something else than a lens within the width of a rim.
fn on_frame_share(parsing: &Parsing, landmarks: &Landmarks, eye: &[usize]) -> f64 {
    let pixels = parsing.pixels_within(landmarks, eye);
    let behind_lens = |x: i32, y: i32| matches!(parsing.class(x, y), Class::Glasses | Class::Eye);
    let clear = |i: usize| {
        let (x, y) = ((i % Parsing::WIDTH) as i32, (i / Parsing::WIDTH) as i32);
        [(0, 0), (-RIM_PX, 0), (RIM_PX, 0), (0, -RIM_PX), (0, RIM_PX)]
            .into_iter()
            .all(|(dx, dy)| behind_lens(x + dx, y + dy))
    };
    let on_frame = pixels.iter().filter(|&&i| !clear(i)).count();
    on_frame as f64 / pixels.len().max(1) as f64
}
