//! The outline of the person: crown and shoulders.

use super::landmarks::Landmarks;
use super::parsing::{Class, Parsing};

/// Where the person ends against the background.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Outline {
    /// Photo y of the top of hair or head covering; `None` when the head is not in the crop.
    pub crown_y: Option<f64>,
    /// Slope of the shoulders in degrees, positive when the subject's left is lower; `None` when one is not in sight.
    pub shoulder_slope_deg: Option<f64>,
    /// Share of the photo's lower edge that the body covers, 0 to 1; `None` when the edge is not in the crop.
    pub lower_edge_share: Option<f64>,
}

/// Pixels of hair in a row from which on the row belongs to the head: single strands do not.
const CROWN_PIXELS: usize = 3;
/// Rows without any that may lie within a head: more of them are background above it.
const CROWN_GAP: usize = 6;
/// Shoulders are read between these distances from the middle of the neck, in face widths.
const SHOULDER_SPAN: (f64, f64) = (0.6, 1.1);
/// Places in that span at which each shoulder's height is read.
const SHOULDER_STEPS: usize = 14;
/// The neck is halved this far below the chin, in face widths.
const NECK_BELOW_CHIN: f64 = 0.18;
/// What reaches this far above the chin, in face widths, is no shoulder, not even one that is drawn up.
const HEAD_ABOVE_CHIN: f64 = 0.15;

impl Outline {
    pub(super) fn trace(parsing: &Parsing, landmarks: &Landmarks) -> Outline {
        let tracer = Tracer::new(parsing, landmarks);
        Outline {
            crown_y: tracer.crown_row().map(|row| parsing.photo_from_crop(0.0, row as f64).y),
            shoulder_slope_deg: tracer.shoulder_slope_deg(),
            lower_edge_share: tracer.lower_edge_share(),
        }
    }
}

/// The parsing with the face's place on it, in crop pixels.
struct Tracer<'a> {
    parsing: &'a Parsing,
    face_x: f64,
    face_width: f64,
    chin_y: f64,
}

impl<'a> Tracer<'a> {
    fn new(parsing: &'a Parsing, landmarks: &Landmarks) -> Self {
        Tracer {
            parsing,
            face_x: parsing.crop_from_photo(landmarks.face_midpoint()).x,
            face_width: landmarks.face_width_px() / parsing.scale,
            chin_y: parsing.crop_from_photo(landmarks.chin()).y,
        }
    }

    /// The columns from cheek to cheek.
    fn face_columns(&self) -> std::ops::Range<usize> {
        let half = 0.5 * self.face_width;
        columns(self.face_x - half, self.face_x + half)
    }

    /// The uppermost row, going up from the chin, in which the head is more than a strand of hair. What lies higher, behind more
    /// background, is writing or somebody else's.
    fn crown_row(&self) -> Option<usize> {
        let columns = self.face_columns();
        let is_head = |&y: &usize| {
            let row = &self.parsing.classes[y * Parsing::WIDTH..][columns.clone()];
            let head = |class: &&Class| matches!(class, Class::Hair | Class::Hat | Class::Skin);
            row.iter().filter(head).count() >= CROWN_PIXELS
        };
        let rows = (0..Parsing::HEIGHT.min(self.chin_y as usize)).rev().filter(is_head);
        rows.fold(None, |crown, row| match crown {
            Some(crown) if crown > row + CROWN_GAP => Some(crown),
            _ => Some(row),
        })
    }

    /// Mean of two readings: the line between both shoulders, which counts twice, and how differently they fall off. The
    /// first errs when the neck is not in the middle, the second when clothes are creased (docs/calibration.md).
    fn shoulder_slope_deg(&self) -> Option<f64> {
        let neck_x = self.neck_x()?;
        let (near, far) = SHOULDER_SPAN;
        let distances = (0..SHOULDER_STEPS)
            .map(|i| (near + (far - near) * i as f64 / (SHOULDER_STEPS - 1) as f64) * self.face_width)
            .collect::<Vec<_>>();
        let side = |sign: f64| {
            let height = |d: f64| self.body_top(neck_x + sign * d).map(|y| (d, y as f64));
            distances.iter().map(|&d| height(d)).collect::<Vec<_>>()
        };
        let (right, left) = (side(-1.0), side(1.0));
        let pairs = right.iter().zip(&left).filter_map(|(r, l)| Some((r.as_ref()?, l.as_ref()?)));
        let mut lines = pairs.map(|((d, r), (_, l))| (l - r).atan2(2.0 * d).to_degrees()).collect::<Vec<_>>();
        lines.sort_by(f64::total_cmp);
        let line = (lines.len() >= 3).then(|| lines[lines.len() / 2]);
        let fall = |points: Vec<Option<(f64, f64)>>| slope(&points.into_iter().flatten().collect::<Vec<_>>());
        let skew = fall(left).zip(fall(right)).map(|(l, r)| (l.atan() - r.atan()).to_degrees() / 2.0);
        match (line, skew) {
            (Some(line), Some(skew)) => Some((2.0 * line + skew) / 3.0),
            (one, other) => one.or(other),
        }
    }

    /// Middle of the neck, a little below the chin.
    fn neck_x(&self) -> Option<f64> {
        let row = (self.chin_y + NECK_BELOW_CHIN * self.face_width) as usize;
        let covered = |x: &usize| {
            matches!(self.parsing.class(*x as i32, row as i32), Class::Neck | Class::Cloth | Class::Necklace)
        };
        let neck = self.face_columns().filter(covered).collect::<Vec<_>>();
        let (first, last) = (neck.first()?, neck.last()?);
        (neck.len() >= 10).then(|| (first + last + 1) as f64 / 2.0)
    }

    /// Upper end of the body in the column at `x`, from the lower edge of the photo upwards; `None` where the body
    /// does not reach the lower edge, reaches up to the head, or lies under hair.
    fn body_top(&self, x: f64) -> Option<usize> {
        let x = columns(x, x + 1.0).next()?;
        let column = |y: usize| self.parsing.classes[y * Parsing::WIDTH + x];
        let bottom = (0..Parsing::HEIGHT).rev().find(|&y| column(y) != Class::Outside)?;
        let head = (self.chin_y - HEAD_ABOVE_CHIN * self.face_width).max(0.0) as usize;
        let top = (head..=bottom).rev().take_while(|&y| is_body(column(y))).last()?;
        (top > head && column(top) != Class::Hair).then_some(top)
    }

    fn lower_edge_share(&self) -> Option<f64> {
        let row = (0..Parsing::HEIGHT).rev().map(|y| &self.parsing.classes[y * Parsing::WIDTH..][..Parsing::WIDTH]);
        let row = row.into_iter().find(|row| row.iter().any(|class| *class != Class::Outside))?;
        let on_photo = row.iter().filter(|class| **class != Class::Outside).count();
        Some(row.iter().filter(|class| is_body(**class)).count() as f64 / on_photo as f64)
    }
}

fn is_body(class: Class) -> bool {
    matches!(class, Class::Skin | Class::Neck | Class::Necklace | Class::Cloth | Class::Hair)
}

/// The crop columns from `low` to `high`, cut to the crop.
fn columns(low: f64, high: f64) -> std::ops::Range<usize> {
    let clamp = |x: f64| (x.max(0.0) as usize).min(Parsing::WIDTH);
    clamp(low)..clamp(high)
}

/// Slope of the least-squares line; `None` with fewer than four points.
fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let n = points.len() as f64;
    let mean = |pick: fn(&(f64, f64)) -> f64| points.iter().map(pick).sum::<f64>() / n;
    let (mean_x, mean_y) = (mean(|p| p.0), mean(|p| p.1));
    let covariance = points.iter().map(|p| (p.0 - mean_x) * (p.1 - mean_y)).sum::<f64>();
    let variance = points.iter().map(|p| (p.0 - mean_x).powi(2)).sum::<f64>();
    (points.len() >= 4 && variance > 0.0).then(|| covariance / variance)
}
