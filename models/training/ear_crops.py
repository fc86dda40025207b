"""Patches around both ears of a face, aligned by the mesh, for training and for scoring."""
from pathlib import Path

import cv2
import numpy as np

from aligned_crop import aligned_crop
from crops import Crop
from face_parsing_data import EAR
from geometry import GEOMETRY
from pictures import COLUMN, PAIRS, Picture

CROP = GEOMETRY["ear-state"]
CROP_W, CROP_H, CROP_PER_FACE = CROP["width"], CROP["height"], CROP["crop-per-face"]
OUTWARD, DOWN = CROP["outward"], CROP["down"]
SAMPLES_PER_FACE = 200  # patches are finer and wider than crops
PATCH_W, PATCH_H = 150, 230
PATCH_OUTWARD, PATCH_DOWN = 0.03, 0.235
# The cheek's contour on a patch; outward is left, for the subject's left ear is mirrored.
ANCHOR = np.array([PATCH_W / 2 + PATCH_OUTWARD * SAMPLES_PER_FACE, PATCH_H / 2 - PATCH_DOWN * SAMPLES_PER_FACE])
FOREHEAD, CHIN, RIGHT_EYE, LEFT_EYE = 10, 152, 33, 263
CONTOUR = (234, 454)  # subject's right, left
SMALLEST_EAR = 60  # in 1e-4 squared face heights


def frame(points: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float]:
    """Contour point, outward, right and down as unit vectors, height of the face in pixels."""
    right = points[LEFT_EYE] - points[RIGHT_EYE]
    right = right / max(float(np.hypot(*right)), 1e-6)
    down = np.array([-right[1], right[0]])
    height = max(abs(float((points[CHIN] - points[FOREHEAD]) @ down)), 1.0)
    return points[CONTOUR[side]], -right if side == 0 else right, right, down, height


def patch_of(image: np.ndarray, points: np.ndarray, side: int) -> np.ndarray:
    """PATCH_H x PATCH_W x 3 uint8; averages where the picture is more than twice as fine, continues its edges."""
    contour, outward, right, down, height = frame(points, side)
    centre = contour + outward * PATCH_OUTWARD * height + down * PATCH_DOWN * height
    out = aligned_crop(image, centre, right * height / SAMPLES_PER_FACE, PATCH_W, PATCH_H)
    return out[:, ::-1].copy() if side == 1 else out


def crop_of(patch: np.ndarray) -> np.ndarray:
    """CROP_H x CROP_W x 3 uint8: what the net sees of a patch."""
    middle = ANCHOR + SAMPLES_PER_FACE * np.array([-OUTWARD, DOWN])
    return aligned_crop(patch, middle, np.array([CROP_PER_FACE * SAMPLES_PER_FACE / CROP_W, 0]), CROP_W, CROP_H)


def lobe_and_area(ear: np.ndarray, points: np.ndarray, side: int) -> tuple[np.ndarray, float]:
    """Where the ear of a parsing mask ends on the patch (NaN where hardly any shows), and its area in 1e-4 face heights squared."""
    contour, outward, _, down, height = frame(points, side)
    rows, columns = np.nonzero(ear)
    offsets = np.stack([columns, rows], 1) + 0.5 - contour
    out, below = offsets @ outward / height, offsets @ down / height
    near = (out > -0.12) & (out < 0.22) & (below > -0.25) & (below < 0.35)
    out, below = out[near], below[near]
    area = len(out) / height**2 * 1e4
    if area < SMALLEST_EAR:
        return np.full(2, np.nan), area
    end = np.quantile(below, 0.96)
    low = below > end - 0.03
    return ANCHOR + SAMPLES_PER_FACE * np.array([-np.median(out[low]), end - 0.015]), area


def cut_ears(pictures: list[Picture], crops: list[Crop], out: Path) -> None:
    """Write one .npz with two rows per picture, the subject's right side first: patches, the rest as named below.

    `hidden` and `earring` are 1, 0 or -1 for unknown; `any_hidden` and `any_earring` tell of both sides together.
    """
    cut = {(crop.collection, crop.name): crop for crop in crops}
    columns = [COLUMN[name] for name in ("ear_hidden", "earring")] + [side for pair in PAIRS.values() for side in pair]
    keys = ("patches", "name", "collection", "source", "family", "is_held_out", "hidden", "earring", "any_hidden", "any_earring", "lobe", "area")
    kept: dict[str, list] = {key: [] for key in keys}
    for picture in pictures:
        crop = cut.get((picture.collection, picture.name))
        if crop is None or (picture.labels[columns] < 0).all():
            continue
        image, ears = cv2.imread(str(picture.path)), crop.parsing() == EAR
        for side in (0, 1):
            hidden, earring = (picture.labels[PAIRS[name][side]] for name in ("ear_hidden", "earring"))
            any_hidden, any_earring = (picture.labels[COLUMN[name]] for name in ("ear_hidden", "earring"))
            lobe, area = lobe_and_area(ears, crop.points.astype(np.float64), side)
            values = (patch_of(image, picture.points.astype(np.float64), side), picture.name, picture.collection, picture.source,
                      picture.family, picture.is_held_out, hidden, earring, any_hidden, any_earring, lobe, area)
            for key, value in zip(keys, values):
                kept[key].append(value)
    np.savez(out, **{key: np.array(values) for key, values in kept.items()})
    print(f"{len(kept['name'])} ears")
