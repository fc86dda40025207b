//! Pieces of the mesh's features around lips and eyes, turned along them and brought to one size.
//!
//! MediaPipe's operations `Landmarks2TransformMatrix`, `TransformTensorBilinear` and `TransformLandmarks`, version 2, which its
//! net has between its two halves.

use crate::evidence::EYE_CORNERS;

/// Where a piece lies: an affine map from its pixels to those of the features.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct FeatureCrop {
    /// What x, y and 1 count for in x and in y.
    rows: [[f32; 3]; 2],
}

/// Width and height of the piece.
const SIDE: usize = 16;
/// Width and height of the features.
const FEATURES_SIDE: usize = 48;
const CHANNELS: usize = 32;
/// Pixels of the net's input per pixel of its features.
const STRIDE: f32 = 4.0;
/// How much larger the piece is than what it is cut around.
const ROOM: f32 = 1.5;

/// Mesh points that the lips output refines, in its order.
#[rustfmt::skip]
pub(super) const LIPS: [usize; 80] = [
    61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409,
    78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 191, 80, 81, 82, 13, 312, 311, 310, 415,
    76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306, 184, 74, 73, 72, 11, 302, 303, 304, 408,
    62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292, 183, 42, 41, 38, 12, 268, 271, 272, 407,
];

/// Mesh points around the subject's right eye, which the net calls left, in the order of its output.
#[rustfmt::skip]
pub(super) const RIGHT_EYE: [usize; 71] = [
    33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173,
    130, 25, 110, 24, 23, 22, 26, 112, 243, 247, 30, 29, 27, 28, 56, 190,
    226, 31, 228, 229, 230, 231, 232, 233, 244, 113, 225, 224, 223, 222, 221, 189,
    35, 124, 46, 53, 52, 65, 143, 111, 117, 118, 119, 120, 121, 128, 245,
    156, 70, 63, 105, 66, 107, 55, 193,
];

/// Mesh points around the subject's left eye, in the order of the net's output.
#[rustfmt::skip]
pub(super) const LEFT_EYE: [usize; 71] = [
    263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398,
    359, 255, 339, 254, 253, 252, 256, 341, 463, 467, 260, 259, 257, 258, 286, 414,
    446, 261, 448, 449, 450, 451, 452, 453, 464, 342, 445, 444, 443, 442, 441, 413,
    265, 353, 276, 283, 282, 295, 372, 340, 346, 347, 348, 349, 350, 357, 465,
    383, 300, 293, 334, 296, 336, 285, 417,
];

impl FeatureCrop {
    /// Around the lips of these mesh points, in input pixels.
    pub(super) fn of_lips(points: &[[f32; 3]]) -> FeatureCrop {
        FeatureCrop::around(points, [61, 291], &LIPS)
    }

    /// Around the subject's right eye.
    pub(super) fn of_right_eye(points: &[[f32; 3]]) -> FeatureCrop {
        FeatureCrop::around(points, EYE_CORNERS.right, &RIGHT_EYE)
    }

    /// Around the subject's left eye.
    pub(super) fn of_left_eye(points: &[[f32; 3]]) -> FeatureCrop {
        FeatureCrop::around(points, EYE_CORNERS.left, &LEFT_EYE)
    }

    /// The smallest piece around the points of `subset`, with its room, whose x axis runs along the `level` points.
    fn around(points: &[[f32; 3]], level: [usize; 2], subset: &[usize]) -> FeatureCrop {
        let at = |index: usize| [points[index][0] / STRIDE, points[index][1] / STRIDE];
        let [[left_x, left_y], [right_x, right_y]] = level.map(at);
        let length = (right_x - left_x).hypot(right_y - left_y);
        let (cosine, sine) = ((right_x - left_x) / length, (right_y - left_y) / length);
        let (mut low, mut high) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        for [x, y] in subset.iter().map(|&index| at(index)) {
            for (axis, value) in [x * cosine + y * sine, y * cosine - x * sine].into_iter().enumerate() {
                (low[axis], high[axis]) = (low[axis].min(value), high[axis].max(value));
            }
        }
        let [x, y] = [0, 1].map(|axis| (low[axis] + high[axis]) / 2.0);
        let [scale_x, scale_y] = [0, 1].map(|axis| (high[axis] - low[axis]) * (ROOM / SIDE as f32));
        let centre = [x * cosine - y * sine, x * sine + y * cosine];
        let turned = [[cosine * scale_x, -(sine * scale_y)], [sine * scale_x, cosine * scale_y]];
        let half = SIDE as f32 / 2.0;
        let rows = [0, 1].map(|axis| {
            let [a, b] = turned[axis];
            [a, b, centre[axis] - (a * half + b * half)]
        });
        FeatureCrop { rows }
    }

    /// The piece of these features, plane by plane, bilinear; 0 beyond their outermost centres.
    pub(super) fn sample(&self, features: &[f32]) -> Vec<f32> {
        let taps = (0..SIDE * SIDE).map(|cell| self.taps(cell)).collect::<Vec<_>>();
        let mut piece = vec![0.0; CHANNELS * SIDE * SIDE];
        let planes = features.chunks_exact(FEATURES_SIDE * FEATURES_SIDE);
        for (plane, piece) in planes.zip(piece.chunks_exact_mut(SIDE * SIDE)) {
            for (value, taps) in piece.iter_mut().zip(&taps) {
                *value = taps.iter().map(|&(at, share)| plane[at] * share).sum();
            }
        }
        piece
    }

    /// The four feature pixels around a pixel of the piece, and their shares.
    fn taps(&self, cell: usize) -> [(usize, f32); 4] {
        const LAST: f32 = (FEATURES_SIDE - 1) as f32;
        let centre = [(cell % SIDE) as f32 + 0.5, (cell / SIDE) as f32 + 0.5];
        let [x, y] = self.features_from_crop(centre).map(|value| value - 0.5);
        if !(0.0..=LAST).contains(&x) || !(0.0..=LAST).contains(&y) {
            return [(0, 0.0); 4];
        }
        let (left, top) = (x as usize, y as usize);
        let (right, lower) = ((left + 1).min(FEATURES_SIDE - 1), (top + 1).min(FEATURES_SIDE - 1));
        let [across, down] = [x.fract(), y.fract()].map(|share| [1.0 - share, share]);
        let tap = |row: usize, column: usize, share: f32| (row * FEATURES_SIDE + column, share);
        [
            tap(top, left, across[0] * down[0]),
            tap(top, right, across[1] * down[0]),
            tap(lower, left, across[0] * down[1]),
            tap(lower, right, across[1] * down[1]),
        ]
    }

    /// Where a point of the piece lies on the net's input.
    pub(super) fn input_from_crop(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        self.rows.map(|[a, b, shift]| x * a + y * b + STRIDE * shift)
    }

    fn features_from_crop(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        self.rows.map(|[a, b, shift]| x * a + y * b + shift)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mesh points that all lie at (96, 96) but the corners of the lips, 32 input pixels apart, and the ends of their middle.
    fn lips(turned: bool) -> Vec<[f32; 3]> {
        let mut points = vec![[96.0, 96.0, 0.0]; 468];
        for (index, across, down) in [(61, -16.0, 0.0), (291, 16.0, 0.0), (0, 0.0, -8.0), (17, 0.0, 8.0)] {
            points[index] = if turned { [96.0 - down, 96.0 + across, 0.0] } else { [96.0 + across, 96.0 + down, 0.0] };
        }
        points
    }

    fn near(a: [f32; 2], b: [f32; 2]) -> bool {
        a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-4)
    }

    #[test]
    fn a_piece_is_half_as_large_again_and_turns_with_the_lips() {
        let piece = FeatureCrop::of_lips(&lips(false));
        assert!(near(piece.features_from_crop([8.0, 8.0]), [24.0, 24.0]));
        assert!(near(piece.features_from_crop([0.0, 0.0]), [18.0, 21.0]));
        let turned = FeatureCrop::of_lips(&lips(true));
        assert!(near(turned.features_from_crop([0.0, 0.0]), [27.0, 18.0]));
    }

    #[test]
    fn a_refined_point_goes_back_to_the_input() {
        // Refined points are in input pixels from the piece's corner on, so only the way to the corner is multiplied.
        let piece = FeatureCrop::of_lips(&lips(false));
        assert!(near(piece.input_from_crop([0.0, 0.0]), [72.0, 84.0]));
    }

    #[test]
    fn features_between_centres_are_blended_and_beyond_the_last_are_0() {
        let ramp =
            (0..CHANNELS * FEATURES_SIDE * FEATURES_SIDE).map(|i| (i % FEATURES_SIDE) as f32).collect::<Vec<_>>();
        let piece = FeatureCrop { rows: [[1.0, 0.0, 3.25], [0.0, 1.0, 0.0]] };
        assert_eq!(piece.sample(&ramp)[..2], [3.25, 4.25]);
        let beyond = FeatureCrop { rows: [[1.0, 0.0, 40.0], [0.0, 1.0, 0.0]] };
        assert_eq!(beyond.sample(&ramp)[6..9], [46.0, 47.0, 0.0]);
    }
}
