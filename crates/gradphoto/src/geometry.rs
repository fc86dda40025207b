//! Points and rectangles in pixels, those of [`Photo::pixels`](crate::Photo::pixels) where nothing else is said: x to the right, y down, origin at the upper left corner.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::words;

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

    /// The same rectangle where a pixel is `factor` pixels wide and high.
    pub fn scaled(self, factor: f64) -> Region {
        Region { x: self.x * factor, y: self.y * factor, width: self.width * factor, height: self.height * factor }
    }

    /// Whether `p` lies inside or on the edge.
    pub fn contains(self, p: Point) -> bool {
        (self.x..=self.x + self.width).contains(&p.x) && (self.y..=self.y + self.height).contains(&p.y)
    }

    /// Area in square pixels.
    pub fn area(self) -> f64 {
        self.width * self.height
    }

    /// Area in square pixels that it shares with `other`.
    pub(crate) fn shared_area(self, other: Region) -> f64 {
        let width = (self.x + self.width).min(other.x + other.width) - self.x.max(other.x);
        let height = (self.y + self.height).min(other.y + other.height) - self.y.max(other.y);
        width.max(0.0) * height.max(0.0)
    }

    /// The middle of the rectangle.
    pub fn centre(self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }
}

/// One of a pair of eyes, ears, shoulders: the subject's own left and right, not the viewer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BodySide {
    /// The subject's right: on the left of the picture.
    Right,
    /// The subject's left: on the right of the picture.
    Left,
}

words! {
    /// Both sides, the right first.
    BodySide {
        Right: "right",
        Left: "left",
    }
}

/// One thing of each side of the body; written as an array, the right comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sides<T> {
    /// Of the subject's right, on the left of the picture.
    pub right: T,
    /// Of the subject's left, on the right of the picture.
    pub left: T,
}

impl<T> From<[T; 2]> for Sides<T> {
    fn from([right, left]: [T; 2]) -> Self {
        Sides { right, left }
    }
}

impl<T> Sides<T> {
    /// What `of` makes of either side.
    pub fn of(mut of: impl FnMut(BodySide) -> T) -> Self {
        Sides { right: of(BodySide::Right), left: of(BodySide::Left) }
    }

    /// That of one side.
    pub fn get(&self, side: BodySide) -> &T {
        match side {
            BodySide::Right => &self.right,
            BodySide::Left => &self.left,
        }
    }
}

impl<T: Copy + PartialOrd> Sides<T> {
    /// The side with less, the right one where both have the same, and what it has.
    pub fn lesser(self) -> (BodySide, T) {
        if self.right <= self.left { (BodySide::Right, self.right) } else { (BodySide::Left, self.left) }
    }

    /// The side with more, the right one where both have the same, and what it has.
    pub fn greater(self) -> (BodySide, T) {
        if self.right >= self.left { (BodySide::Right, self.right) } else { (BodySide::Left, self.left) }
    }
}

/// Indices, row by row, of the cells of a grid whose centres lie inside the polygon through `corners`; one cell is 1
/// wide and high.
pub(crate) fn cells_in_polygon(corners: &[Point], width: usize, height: usize) -> Vec<usize> {
    let Some(bounds) = Region::around(corners.iter().copied()) else { return vec![] };
    let first = bounds.y.clamp(0.0, height as f64) as usize;
    let last = (bounds.y + bounds.height).ceil().clamp(0.0, height as f64) as usize;
    let mut cells = vec![];
    for y in first..last {
        for [from, to] in crossings(corners, y as f64 + 0.5).as_chunks().0 {
            // A cell belongs to the span that holds its centre.
            let column = |x: f64| (x - 0.5).ceil().clamp(0.0, width as f64) as usize;
            cells.extend((column(*from)..column(*to)).map(|x| y * width + x));
        }
    }
    cells
}

/// Where the polygon's edges cross the horizontal line at `y`, from left to right: inside lies between the first and
/// the second, the third and the fourth.
fn crossings(corners: &[Point], y: f64) -> Vec<f64> {
    let edges = corners.iter().zip(corners.iter().cycle().skip(1));
    let across = edges.filter(|(a, b)| (a.y > y) != (b.y > y));
    let mut xs = across.map(|(a, b)| a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)).collect::<Vec<_>>();
    xs.sort_by(f64::total_cmp);
    xs
}

impl Serialize for Region {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.x, self.y, self.width, self.height].map(|v| v.round() as i64).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Region {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Region, D::Error> {
        let [x, y, width, height] = Deserialize::deserialize(deserializer)?;
        Ok(Region { x, y, width, height })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_holds_what_it_was_drawn_around() {
        assert_eq!(Region::around([]), None);
        let region = Region::around([Point::new(3.0, 8.0), Point::new(1.0, 9.0)]).expect("points");
        assert_eq!(region, Region { x: 1.0, y: 8.0, width: 2.0, height: 1.0 });
        assert_eq!((region.area(), region.centre()), (2.0, Point::new(2.0, 8.5)));
        assert!(region.contains(Point::new(1.0, 9.0)) && !region.contains(Point::new(1.0, 9.1)));
        assert_eq!(region.grown(1.0), Region { x: 0.0, y: 7.0, width: 4.0, height: 3.0 });
        let shared = |x, y| region.shared_area(Region { x, y, ..region });
        assert_eq!([shared(1.0, 8.0), shared(2.5, 7.5), shared(3.0, 8.0), shared(4.0, 10.0)], [2.0, 0.25, 0.0, 0.0]);
    }

    #[test]
    fn a_region_is_stored_in_whole_pixels() {
        let region = Region { x: -1.5, y: 2.4, width: 10.6, height: 3.0 };
        assert_eq!(serde_json::to_string(&region).expect("numbers"), "[-2,2,11,3]");
        let read = serde_json::from_str::<Region>("[-2,2,11,3]").expect("numbers");
        assert_eq!(read, Region { x: -2.0, y: 2.0, width: 11.0, height: 3.0 });
    }

    #[test]
    fn of_two_sides_the_right_comes_first_and_wins_a_draw() {
        let sides = Sides::from([1, 2]);
        assert_eq!((sides.right, sides.left, *sides.get(BodySide::Left)), (1, 2, 2));
        assert_eq!((sides.lesser(), sides.greater()), ((BodySide::Right, 1), (BodySide::Left, 2)));
        let even = Sides::of(|_| 3);
        assert_eq!((even.lesser(), even.greater()), ((BodySide::Right, 3), (BodySide::Right, 3)));
        assert_eq!(Sides::of(|side| side), Sides { right: BodySide::Right, left: BodySide::Left });
    }

    #[test]
    fn points_know_distance_and_middle() {
        let (a, b) = (Point::new(0.0, 0.0), Point::new(6.0, 8.0));
        assert_eq!((a.distance(b), a.midpoint(b)), (10.0, Point::new(3.0, 4.0)));
    }

    #[test]
    fn cells_belong_to_a_polygon_by_their_centres() {
        let square = [(1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 3.0)].map(|(x, y)| Point::new(x, y));
        assert_eq!(cells_in_polygon(&square, 5, 5), [6, 7, 11, 12]);
        let beyond = square.map(|p| Point::new(p.x - 2.0, p.y + 3.0));
        assert_eq!(cells_in_polygon(&beyond, 5, 5), [20]);
        assert!(cells_in_polygon(&[], 5, 5).is_empty());
        // Notched: the middle of the upper side is cut out.
        let notched = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (2.0, 1.0), (2.0, 0.0), (3.0, 0.0), (3.0, 2.0), (0.0, 2.0)];
        let notched = notched.map(|(x, y)| Point::new(x, y));
        assert_eq!(cells_in_polygon(&notched, 3, 2), [0, 2, 3, 4, 5]);
    }
}
