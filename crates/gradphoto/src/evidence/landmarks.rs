//! Where the parts of the face lie, and where the head points.

use crate::geometry::{BodySide, Point, Region, Sides};

/// 478 points of the MediaPipe attention mesh: 468 of the face, then 5 of each iris.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Landmarks {
    /// x, y in pixels of [`Photo::pixels`](crate::Photo::pixels) and relative depth z in the same scale (negative towards the camera).
    pub points: Box<[[f64; 3]; Landmarks::COUNT]>,
}

impl Landmarks {
    /// Number of points.
    pub const COUNT: usize = 478;

    /// Point `index` of the mesh, in the pixels of [`Landmarks::points`].
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

    /// Corners of an eye, from left to right of the picture.
    pub(crate) fn eye_corners(&self, side: BodySide) -> [Point; 2] {
        EYE_CORNERS.get(side).map(|index| self.point(index))
    }

    /// Mean gap between the lids over the distance of the eye's corners: 0 shut, about 0.2 open.
    pub(crate) fn lid_gap(&self, side: BodySide) -> f64 {
        let lids = EYES.get(side);
        let [outer, inner] = [0, lids.len() / 2];
        let across = |upper, lower| self.point(lids[upper]).distance(self.point(lids[lower]));
        let gaps = (1..inner).map(|i| across(i, lids.len() - i)).sum::<f64>();
        gaps / (inner - 1) as f64 / across(outer, inner).max(1.0)
    }

    /// The smallest rectangle around the corners of both eyes.
    pub(crate) fn eyes(&self) -> Option<Region> {
        Region::around([BodySide::Right, BodySide::Left].into_iter().flat_map(|side| self.eye_corners(side)))
    }

    /// Angle of the line through both iris centres in degrees, -180 to 180; positive when the subject's left eye is lower.
    pub fn roll_deg(&self) -> f64 {
        let [right, left] = [BodySide::Right, BodySide::Left].map(|side| self.iris_centre(side));
        (left.y - right.y).atan2(left.x - right.x).to_degrees()
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

    /// Root mean square distance of the contour's points, from hairline to chin, from their middle, in pixels.
    pub(crate) fn contour_radius_px(&self) -> f64 {
        let points = FACE_OVAL.map(|index| self.point(index));
        let mean = |of: fn(&Point) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
        let middle = Point::new(mean(|p| p.x), mean(|p| p.y));
        (points.iter().map(|p| p.distance(middle).powi(2)).sum::<f64>() / points.len() as f64).sqrt()
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

/// Rotation of the head in degrees, by a least-squares fit of a canonical face; 0 looks straight at the camera.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct HeadPose {
    /// Positive turns towards the subject's left.
    pub yaw_deg: f64,
    /// Positive looks up.
    pub pitch_deg: f64,
    /// Positive tilts towards the subject's left shoulder.
    pub roll_deg: f64,
}

/// Outline of the face in mesh points, clockwise from the middle of the forehead.
pub(crate) const FACE_OVAL: [usize; 36] = [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150,
    136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];
/// The inner three quarters of each brow in mesh points; its tail often lies beneath hair that is combed aside.
pub(crate) const BROWS: Sides<[usize; 8]> =
    Sides { right: [63, 105, 66, 107, 55, 65, 52, 53], left: [293, 334, 296, 336, 285, 295, 282, 283] };
/// Corners of each eye in mesh points, from left to right of the picture.
pub(crate) const EYE_CORNERS: Sides<[usize; 2]> = Sides { right: [33, 133], left: [362, 263] };
/// Edge of the lids of each eye in mesh points, from the outer corner over the upper lid.
pub(crate) const EYES: Sides<[usize; 16]> = Sides {
    right: [33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7],
    left: [263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249],
};
/// Outline of each cheek in mesh points.
pub(crate) const CHEEKS: Sides<[usize; 10]> = Sides {
    right: [116, 117, 118, 119, 100, 142, 36, 205, 187, 123],
    left: [345, 346, 347, 348, 329, 371, 266, 425, 411, 352],
};
