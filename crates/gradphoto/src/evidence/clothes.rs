//! The clothes in sight.

use super::cells::core;
use super::colour_grid::ColourGrid;
use super::landmarks::Landmarks;
use super::parsing::Class;
use crate::colour::Lab;
use crate::geometry::Region;

/// The clothes, told apart from skin and from what lies behind.
#[derive(Clone, Debug)]
pub struct Clothes {
    /// Colours of their cells, without the edge into which the background spills where enough is left.
    pub colours: Vec<Lab>,
    /// Where they are on the photo.
    pub region: Option<Region>,
}

/// With fewer cells the edge counts as well.
const MIN_CORE: usize = 40;
/// Fewer cells say nothing.
const MIN_CELLS: usize = 8;

impl Clothes {
    /// The clothes below this face; `None` where almost none are in sight.
    pub(super) fn see(grid: &ColourGrid, landmarks: &Landmarks) -> Option<Clothes> {
        let torso = Torso::below(grid, landmarks);
        let cloth = |i: usize| match grid.classes[i] {
            Some(Class::Cloth) => true,
            // A shirt in the colour of the background is taken for background, but a torso must be there.
            Some(Class::Background) => torso.holds(i),
            _ => false,
        };
        let cloth = (0..grid.classes.len()).map(cloth).collect::<Vec<_>>();
        // The photo's edge cuts clothes without a spill.
        let or_outside = (0..cloth.len()).map(|i| cloth[i] || grid.classes[i] == Some(Class::Outside));
        let mut cells = core(&or_outside.collect::<Vec<_>>(), 1);
        cells.retain(|&i| cloth[i]);
        if cells.len() < MIN_CORE {
            cells = (0..cloth.len()).filter(|&i| cloth[i]).collect();
        }
        (cells.len() >= MIN_CELLS)
            .then(|| Clothes { colours: grid.colours(&cells), region: grid.region_around(&cells) })
    }
}

/// Where the body lies whatever its build: below two lines that fall off from the neck. Background reaches below them
/// in less than 2 % of upright development photos.
struct Torso {
    face_x: f64,
    chin_y: f64,
    face_width: f64,
}

/// How far below the chin the lines meet, in face widths.
const NECK: f64 = 0.2;
/// How far the lines fall per width to either side.
const FALL: f64 = 0.5;

impl Torso {
    fn below(grid: &ColourGrid, landmarks: &Landmarks) -> Torso {
        let [left, right, chin] = [234, 454, 152].map(|i| grid.grid_from_photo(landmarks.point(i)));
        Torso { face_x: left.midpoint(right).x, chin_y: chin.y, face_width: left.distance(right) }
    }

    fn holds(&self, cell: usize) -> bool {
        let aside = ((cell % ColourGrid::WIDTH) as f64 + 0.5 - self.face_x).abs();
        let below = (cell / ColourGrid::WIDTH) as f64 + 0.5 - self.chin_y;
        below > NECK * self.face_width + FALL * aside
    }
}
