//! Points and rectangles in photo pixels: x to the right, y down, origin at the upper left corner.

use serde::{Serialize, Serializer};

/// A point in pixels; the centre of the upper left pixel is (0.5, 0.5).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl Point {
    /// A point from its two coordinates in pixels.
    pub const fn new(x: f64, y: f64) -> Self {
        Point { x, y }
    }

    /// Euclidean distance in pixels.
    pub fn distance(self, other: Point) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point half way to `other`.
    pub fn midpoint(self, other: Point) -> Point {
        Point::new((self.x + other.x) / 2.0, (self.y + other.y) / 2.0)
    }
}

/// An axis-aligned rectangle in pixels; serialised as `[x, y, width, height]`, rounded to whole pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width, not negative.
    pub width: f64,
    /// Height, not negative.
    pub height: f64,
}

impl Region {
    /// The smallest rectangle that holds all `points`; `None` when there are none.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Option<Region> {
        let mut points = points.into_iter();
        let first = points.next()?;
        let (mut low, mut high) = (first, first);
        for p in points {
            low = Point::new(low.x.min(p.x), low.y.min(p.y));
            high = Point::new(high.x.max(p.x), high.y.max(p.y));
        }
        Some(Region { x: low.x, y: low.y, width: high.x - low.x, height: high.y - low.y })
    }

    /// The same rectangle, `margin` pixels larger on every side.
    pub fn grown(self, margin: f64) -> Region {
        Region {
            x: self.x - margin,
            y: self.y - margin,
            width: self.width + 2.0 * margin,
            height: self.height + 2.0 * margin,
        }
    }

    /// Whether `p` lies inside or on the edge.
    pub fn contains(self, p: Point) -> bool {
        (self.x..=self.x + self.width).contains(&p.x) && (self.y..=self.y + self.height).contains(&p.y)
    }

    /// Area in square pixels.
    pub fn area(self) -> f64 {
        self.width * self.height
    }

    /// The middle of the rectangle.
    pub fn centre(self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }
}

impl Serialize for Region {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.x, self.y, self.width, self.height].map(|v| v.round() as i64).serialize(serializer)
    }
}
