//! Glasses in front of the eyes. The parsing class covers rims and lenses, eyes behind them included.

use std::collections::BTreeMap;

use super::cells::core;
use super::colour_grid::ColourGrid;
use super::landmarks::{CHEEKS, EYES, Landmarks};
use super::parsing::{Class, Parsing};
use crate::colour::{self, Lab};
use crate::geometry::Region;

/// Glasses that are worn.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Glasses {
    /// Median colour of the bare cheeks beside them.
    pub cheek: Lab,
    /// Median colour behind the lenses, below the eyes; `None` where too little of it shows.
    pub below_eyes: Option<Lab>,
    /// White or coloured light that a lens adds to what lies behind it, over the red light of the cheeks: what 95 % of a
    /// lens stay under, of the lens with more of it. `None` where lenses are too small or the skin has no colour.
    pub reflection: Option<f64>,
    /// From an eye's opening to the outside of the rim above or below it, over the distance between the eyes: the least of
    /// the four, negative where the rim lies beyond the opening. `None` where the glasses are not around the eyes.
    pub eye_clearance: Option<f64>,
    /// Where they are on the photo.
    pub region: Option<Region>,
}

/// Smallest share of the face that glasses take: those of the development photos take 7 % or more.
const MIN_FACE_SHARE: f64 = 0.05;
/// Cells that a rim is wide at most: a tenth of the distance between the eyes.
const RIM: usize = 2;
/// Fewer cells say nothing of a colour.
const MIN_CELLS: usize = 10;
/// Skin of which green or blue is a larger share of red than this is grey: added light cannot be told from it.
const MOST_OF_RED: f32 = 0.9;
/// How far from an eye its lens can end, over the distance between the eyes.
const REACH: f64 = 0.7;

impl Glasses {
    /// The glasses on a face of so many cells; `None` where none are worn.
    pub(super) fn see(grid: &ColourGrid, parsing: &Parsing, landmarks: &Landmarks, face: usize) -> Option<Glasses> {
        let worn = grid.cells_of(Class::Glasses);
        let cells = (0..worn.len()).filter(|&i| worn[i]).collect::<Vec<_>>();
        if cells.len() as f64 <= MIN_FACE_SHARE * face as f64 {
            return None;
        }
        let within = |polygons: [&[usize]; 2]| polygons.map(|polygon| grid.cells_within(landmarks, polygon)).concat();
        let mut cheeks = within([&CHEEKS.right, &CHEEKS.left]);
        cheeks.retain(|&i| grid.classes[i] == Some(Class::Skin));
        let cheek = colour::median(&grid.colours(&cheeks))?;
        let eyes = within([&EYES.right, &EYES.left]);
        let mut lenses = core(&worn, RIM);
        lenses.retain(|i| !eyes.contains(i));
        let middle = grid.grid_from_photo(landmarks.eye_midpoint());
        let (right, left) = lenses.iter().partition::<Vec<_>, _>(|&i| ((i % ColourGrid::WIDTH) as f64) < middle.x);
        let reflections = [right, left].map(|lens| reflection(&grid.colours(&lens), cheek));
        lenses.retain(|i| (i / ColourGrid::WIDTH) as f64 > middle.y);
        Some(Glasses {
            cheek,
            below_eyes: (lenses.len() >= MIN_CELLS).then(|| colour::median(&grid.colours(&lenses))).flatten(),
            reflection: reflections.into_iter().flatten().max_by(f64::total_cmp),
            eye_clearance: eye_clearance(parsing, landmarks),
            region: grid.region_around(&cells),
        })
    }
}

/// The white or coloured light that these colours of a lens have besides what skin gives, over the cheeks' red.
///
/// In any light that falls on skin, green and blue are the same shares of red. A reflection adds as much to all three, that
/// of a coating more to one, and what of green or blue is too much tells how much that is.
fn reflection(lens: &[Lab], cheek: Lab) -> Option<f64> {
    let [red, green, blue] = colour::linear_from_lab(cheek);
    let (green_of_red, blue_of_red) = (green / red, blue / red);
    if lens.len() < MIN_CELLS || red <= 0.0 || green_of_red.max(blue_of_red) > MOST_OF_RED {
        return None;
    }
    let added = lens.iter().map(|&seen| {
        let [r, g, b] = colour::linear_from_lab(seen);
        let besides_skin = |channel: f32, of_red: f32| (channel - of_red * r) / (1.0 - of_red) / red;
        besides_skin(g, green_of_red).max(besides_skin(b, blue_of_red))
    });
    colour::percentile(added.collect(), 95.0).map(|share| f64::from(share.max(0.0)))
}

/// The least distance from an eye's opening to the outside of the rim, over the distance between the eyes.
fn eye_clearance(parsing: &Parsing, landmarks: &Landmarks) -> Option<f64> {
    let eye_distance = landmarks.inter_eye_distance_px() / parsing.scale;
    let reach = (REACH * eye_distance) as usize;
    let of_eye = |eye: &[usize]| {
        let mut opening = BTreeMap::new();
        for i in parsing.pixels_within(landmarks, eye) {
            let (x, y) = (i % Parsing::WIDTH, i / Parsing::WIDTH);
            let (top, bottom) = opening.entry(x).or_insert((y, y));
            (*top, *bottom) = (y.min(*top), y.max(*bottom));
        }
        let rims = opening.iter().filter_map(|(&x, &(top, bottom))| {
            let mut glasses = (top.saturating_sub(reach)..bottom + reach)
                .filter(|&y| parsing.class(x as i32, y as i32) == Class::Glasses);
            let upper = glasses.next()?;
            let lower = glasses.next_back().unwrap_or(upper);
            Some((top as f32 - upper as f32, lower as f32 - bottom as f32))
        });
        let (above, below) = rims.unzip::<_, _, Vec<_>, Vec<_>>();
        // towards the corners the rim comes near, so the upper quartile tells; where half an eye has no glasses, none
        let is_seen = 2 * above.len() >= opening.len();
        let clearance = colour::percentile(above, 75.0)?.min(colour::percentile(below, 75.0)?);
        is_seen.then(|| f64::from(clearance) / eye_distance)
    };
    [&EYES.right, &EYES.left].into_iter().filter_map(|eye| of_eye(eye)).min_by(f64::total_cmp)
}
