//! Smooth outlines of the parsing's parts.

use std::collections::HashMap;

use crate::evidence::{Class, Parsing};
use crate::geometry::Point;

/// Shorter outlines are specks, in crop pixels.
const MIN_LENGTH: usize = 16;

/// Closed or open lines in photo pixels around everything of the parsing that `is_inside`, by marching squares over the
/// blurred mask. Nothing runs along the edge of the photo, where no part ends.
pub(super) fn contours(parsing: &Parsing, is_inside: impl Fn(Class) -> bool) -> Vec<Vec<Point>> {
    let mut next = HashMap::new();
    let field = Field::new(parsing, is_inside);
    for y in 0..Parsing::HEIGHT - 1 {
        for x in 0..Parsing::WIDTH - 1 {
            next.extend(field.steps(x, y));
        }
    }
    let has_before = next.values().copied().collect::<std::collections::HashSet<_>>();
    let mut starts = next.keys().copied().collect::<Vec<_>>();
    // Open lines from their ends, then rings from anywhere, in an order that is the same each time.
    starts.sort_unstable_by_key(|edge| (has_before.contains(edge), *edge));
    let mut lines = vec![];
    for start in starts {
        let mut line = vec![];
        let mut edge = start;
        while let Some(after) = next.remove(&edge) {
            line.push(edge);
            edge = after;
        }
        if line.len() >= MIN_LENGTH {
            line.push(edge);
            lines.push(line.into_iter().map(|edge| field.crossing(edge)).collect::<Vec<_>>());
        }
    }
    let on_photo = |p: Point| parsing.photo_from_crop(p.x, p.y);
    lines.into_iter().map(|line| line.into_iter().map(on_photo).collect()).collect()
}

/// How much of a part is around every crop pixel, 0 to 1.
struct Field {
    values: Vec<f32>,
}

/// A side of the squares between pixel centres: that from pixel `.0`, to the right or down.
type Edge = (usize, bool);

impl Field {
    fn new(parsing: &Parsing, is_inside: impl Fn(Class) -> bool) -> Field {
        let on_photo = |i: &usize| parsing.classes[*i] != Class::Outside;
        let span = |of: fn(usize) -> usize| {
            let places = || (0..parsing.classes.len()).filter(on_photo).map(of);
            (places().min().unwrap_or(0), places().max().unwrap_or(0))
        };
        let (left, right) = span(|i| i % Parsing::WIDTH);
        let (top, bottom) = span(|i| i / Parsing::WIDTH);
        // Beyond the photo its edge goes on.
        let value = |i: usize| {
            let (x, y) = ((i % Parsing::WIDTH).clamp(left, right), (i / Parsing::WIDTH).clamp(top, bottom));
            if is_inside(parsing.classes[y * Parsing::WIDTH + x]) { 1.0 } else { 0.0 }
        };
        let values = (0..parsing.classes.len()).map(value).collect();
        let field = Field { values };
        field.blurred(1, Parsing::WIDTH).blurred(Parsing::WIDTH, Parsing::HEIGHT)
    }

    /// Weighted 1 4 6 4 1 along one axis: `step` apart, `length` pixels long.
    fn blurred(self, step: usize, length: usize) -> Field {
        let blur = |i: usize| {
            let place = i / step % length;
            let first = i - place * step;
            let tap = |offset: isize, weight: f32| {
                weight * self.values[first + place.saturating_add_signed(offset).min(length - 1) * step]
            };
            (tap(-2, 1.0) + tap(-1, 4.0) + tap(0, 6.0) + tap(1, 4.0) + tap(2, 1.0)) / 16.0
        };
        Field { values: (0..self.values.len()).map(blur).collect() }
    }

    /// Where the outline enters and leaves the square below and right of a pixel; the part lies on the left hand.
    fn steps(&self, x: usize, y: usize) -> impl Iterator<Item = (Edge, Edge)> + use<> {
        let i = y * Parsing::WIDTH + x;
        let corners = [i, i + 1, i + Parsing::WIDTH + 1, i + Parsing::WIDTH];
        let code = (0..4).filter(|&c| self.values[corners[c]] > 0.5).map(|c| 1 << c).sum::<u8>();
        let (top, left, right, bottom) = ((i, false), (i, true), (i + 1, true), (i + Parsing::WIDTH, false));
        let steps = match code {
            1 => [Some((left, top)), None],
            2 => [Some((top, right)), None],
            3 => [Some((left, right)), None],
            4 => [Some((right, bottom)), None],
            5 => [Some((left, top)), Some((right, bottom))],
            6 => [Some((top, bottom)), None],
            7 => [Some((left, bottom)), None],
            8 => [Some((bottom, left)), None],
            9 => [Some((bottom, top)), None],
            10 => [Some((top, right)), Some((bottom, left))],
            11 => [Some((bottom, right)), None],
            12 => [Some((right, left)), None],
            13 => [Some((right, top)), None],
            14 => [Some((top, left)), None],
            _ => [None, None],
        };
        steps.into_iter().flatten()
    }

    /// Crop point on a square's side at which the field is one half.
    fn crossing(&self, (i, is_down): Edge) -> Point {
        let (a, b) = (self.values[i], self.values[i + if is_down { Parsing::WIDTH } else { 1 }]);
        let along = f64::from((0.5 - a) / (b - a)).clamp(0.0, 1.0);
        let (x, y) = ((i % Parsing::WIDTH) as f64 + 0.5, (i / Parsing::WIDTH) as f64 + 0.5);
        if is_down { Point::new(x, y + along) } else { Point::new(x + along, y) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Portrait;

    fn outlines(portrait: &Portrait, class: Class) -> Vec<Vec<Point>> {
        contours(&portrait.evidence().subject().expect("a portrait").parsing, |c| c == class)
    }

    #[test]
    fn a_rectangle_has_one_closed_outline_of_its_own_size() {
        let portrait = Portrait::new().paint(Class::Glasses, [170.0, 230.0, 140.0, 40.0], [0; 3]);
        let outlines = outlines(&portrait, Class::Glasses);
        let [outline] = &outlines[..] else { panic!("{} outlines", outlines.len()) };
        assert_eq!(outline.first(), outline.last());
        let bounds = crate::geometry::Region::around(outline.iter().copied()).expect("points");
        let sides = [bounds.x, bounds.y, bounds.x + bounds.width, bounds.y + bounds.height];
        let near = sides.iter().zip([170.0, 230.0, 310.0, 270.0]).all(|(is, should)| (is - should).abs() < 2.0);
        assert!(near, "{sides:?}");
    }

    #[test]
    fn clothes_have_no_outline_along_the_edge_of_the_photo() {
        let outlines = outlines(&Portrait::new(), Class::Cloth);
        let [outline] = &outlines[..] else { panic!("{} outlines", outlines.len()) };
        assert!(outline.first() != outline.last());
        let last_row = 640.0 - 3.0;
        assert!(outline.iter().filter(|p| p.y > last_row).count() < 8);
    }

    #[test]
    fn what_is_not_there_has_none() {
        assert!(outlines(&Portrait::new(), Class::Hat).is_empty());
    }
}
