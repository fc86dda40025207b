"""Patches of eyes along the mesh for training, the crops that the net sees, and the gap between the lids."""
from pathlib import Path

import cv2
import numpy as np

from aligned_crop import aligned_crop
from eye_drawings import Lids, with_lids
from geometry import GEOMETRY
from pictures import Picture

# (image-left corner, image-right corner, mirrored) per eye: subject's right, left.
EYES = ((33, 133, False), (362, 263, True))
# Points of the mesh from corner to corner along both lids, and under the brow.
UPPER = ((33, 246, 161, 160, 159, 158, 157, 173, 133), (362, 398, 384, 385, 386, 387, 388, 466, 263))
LOWER = ((33, 7, 163, 144, 145, 153, 154, 155, 133), (362, 382, 381, 380, 374, 373, 390, 249, 263))
BROW = ((46, 53, 52, 65, 55), (285, 295, 282, 283, 276))
CROP = GEOMETRY["eye-state"]
CROP_SCALE, CROP_W, CROP_H = CROP["crop-per-eye"], CROP["width"], CROP["height"]
PATCH_SCALE = 2.4  # training patches carry a margin for jitter
PATCH_W, PATCH_H = 144, 96
SEED = 7
# How far lids are drawn open, as shares of what they are, and how many times: of what still counts as open, and of what counts as closed.
NARROW, NARROW_PER_PICTURE = (0.6, 0.95), 3
SHUT, SHUT_PER_PICTURE = (0, 0, 0, 0.05, 0.1), 7


def sample_patch(image: np.ndarray, left: np.ndarray, right: np.ndarray, mirrored: bool,
                 scale: float, width: int, height: int) -> np.ndarray:
    """Sample `width` x `height` RGB uint8 around the corner midpoint of one eye.

    `left`, `right`: eye corners in pixels, image-left first (pixel centres at integer + 0.5).
    The patch spans `scale` corner distances.
    """
    out = aligned_crop(image, (left + right) / 2, (right - left) * scale / width, width, height)
    return out[:, ::-1].copy() if mirrored else out


def on_patch(points: np.ndarray, left: np.ndarray, right: np.ndarray, mirrored: bool) -> np.ndarray:
    """Points of the photo, N x 2, in pixels of the patch."""
    step = (right - left) * PATCH_SCALE / PATCH_W
    size = np.hypot(*step)
    across, down = step / size, np.array([-step[1], step[0]]) / size
    away = (points - (left + right) / 2) / size
    x = away @ across + PATCH_W / 2
    return np.stack([PATCH_W - x if mirrored else x, away @ down + PATCH_H / 2], 1)


def lids_of(points: np.ndarray, side: int) -> Lids:
    left, right, mirrored = EYES[side]
    return Lids(*(on_patch(points[list(line[side])], points[left], points[right], mirrored) for line in (UPPER, LOWER, BROW)))


def cut_drawn_eyes(pictures: list[Picture], out: Path) -> None:
    """Write one .npz: patches Nx2x96x144x3, label (1 open), is_held_out; of open eyes alone: as they are, drawn narrower, and drawn shut."""
    rng = np.random.default_rng(SEED)
    kept: dict[str, list] = {k: [] for k in ("patches", "label", "is_held_out")}
    for picture in pictures:
        image = cv2.cvtColor(cv2.imread(str(picture.path)), cv2.COLOR_BGR2RGB)
        points = picture.points.astype(np.float64)
        eyes = [(sample_patch(image, points[left], points[right], mirrored, PATCH_SCALE, PATCH_W, PATCH_H), lids_of(points, side))
                for side, (left, right, mirrored) in enumerate(EYES)]
        drawn = [([patch for patch, _ in eyes], 1)] * 2
        drawn += [([with_lids(*eye, rng.uniform(*NARROW), rng) for eye in eyes], 1) for _ in range(NARROW_PER_PICTURE)]
        drawn += [([with_lids(*eye, rng.choice(SHUT), rng) for eye in eyes], 0) for _ in range(SHUT_PER_PICTURE)]
        for patches, label in drawn:
            for key, value in (("patches", patches), ("label", label), ("is_held_out", picture.is_held_out)):
                kept[key].append(value)
    np.savez(out, **{k: np.array(v) for k, v in kept.items()})
    print(f"{len(kept['label'])} pairs of eyes")


def crops_of(picture: Picture) -> np.ndarray:
    """What the net sees of a photo: 2 x 3 x 32 x 48 float32, RGB 0..1."""
    image = cv2.cvtColor(cv2.imread(str(picture.path)), cv2.COLOR_BGR2RGB)
    points = picture.points.astype(np.float64)
    crops = [sample_patch(image, points[left], points[right], mirrored, CROP_SCALE, CROP_W, CROP_H) for left, right, mirrored in EYES]
    return np.ascontiguousarray(np.stack(crops).transpose(0, 3, 1, 2), np.float32) / 255


def lid_logits(picture: Picture) -> np.ndarray:
    """What the gap between the lids of the mesh, in widths of the eye, adds to the logit of each eye."""
    points = picture.points.astype(np.float64)

    def gap(side: int) -> float:
        left, right, _ = EYES[side]
        apart = points[list(UPPER[side][1:-1])] - points[list(LOWER[side][1:-1])]
        return float(np.hypot(*apart.T).mean() / np.hypot(*(points[right] - points[left])))

    gaps = np.minimum([gap(side) for side in (0, 1)], CROP["widest-lid-gap"])
    return CROP["logit-per-lid-gap"] * (gaps - CROP["undecided-lid-gap"])
