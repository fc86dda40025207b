//! The clothes in sight.

use super::cells::{core, grown};
use super::colour_grid::ColourGrid;
use super::landmarks::Landmarks;
use super::parsing::Class;
use crate::colour::Lab;
use crate::geometry::Region;

/// The clothes, told apart from skin and from what lies behind.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Clothes {
    /// Colours of their cells, without the edge into which the background spills where enough is left.
    pub colours: Vec<Lab>,
    /// Of these, the colours beside the collar, where a jacket shows and no shirt or tie within it; all where that is
    /// almost nothing.
    pub outer: Vec<Lab>,
    /// Of these, the colours next to the background; `None` where clothes hardly touch it.
    pub beside_background: Option<Vec<Lab>>,
    /// Where they are on the photo.
    pub region: Option<Region>,
}

/// With fewer cells the edge counts as well.
const MIN_CORE: usize = 40;
/// Fewer cells say nothing.
const MIN_CELLS: usize = 8;
/// How far from the middle of the face a jacket begins, in face widths.
const COLLAR: f64 = 0.4;
/// With fewer cells beside the collar all of the clothes count.
const MIN_OUTER: usize = 60;
/// Cells from the background within which clothes are next to it.
const BESIDE: usize = 8;

impl Clothes {
    /// The clothes below this face; `None` where almost none are in sight.
    pub(super) fn see(grid: &ColourGrid, landmarks: &Landmarks) -> Option<Clothes> {
        let torso = Torso::below(grid, landmarks);
        let is_background = |i: usize| grid.classes[i] == Some(Class::Background);
        // A shirt in the colour of the background is taken for background, but a torso must be there.
        let is_cloth = |i: usize| grid.classes[i] == Some(Class::Cloth) || is_background(i) && torso.holds(i);
        let cloth = (0..grid.classes.len()).map(is_cloth).collect::<Vec<_>>();
        // The photo's edge cuts clothes without a spill.
        let or_outside = (0..cloth.len()).map(|i| cloth[i] || grid.classes[i] == Some(Class::Outside));
        let mut cells = core(&or_outside.collect::<Vec<_>>(), 1);
        cells.retain(|&i| cloth[i]);
        if cells.len() < MIN_CORE {
            cells = (0..cloth.len()).filter(|&i| cloth[i]).collect();
        }
        if cells.len() < MIN_CELLS {
            return None;
        }
        let outer = cells.iter().copied().filter(|&i| torso.aside(i) >= COLLAR * torso.face_width).collect::<Vec<_>>();
        let behind = (0..cloth.len()).map(|i| is_background(i) && !cloth[i]).collect();
        let near_behind = grown(behind, BESIDE);
        let beside = cells.iter().copied().filter(|&i| near_behind[i]).collect::<Vec<_>>();
        Some(Clothes {
            colours: grid.colours(&cells),
            outer: grid.colours(if outer.len() < MIN_OUTER { &cells } else { &outer }),
            beside_background: (beside.len() >= MIN_CELLS).then(|| grid.colours(&beside)),
            region: grid.region_around(&cells),
        })
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
        let below = (cell / ColourGrid::WIDTH) as f64 + 0.5 - self.chin_y;
        below > NECK * self.face_width + FALL * self.aside(cell)
    }

    /// Distance from the middle of the face to either side, in cells.
    fn aside(&self, cell: usize) -> f64 {
        ((cell % ColourGrid::WIDTH) as f64 + 0.5 - self.face_x).abs()
    }
}
