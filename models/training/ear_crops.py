#!/usr/bin/env python3
"""Cut patches around both ears of a face, aligned by the mesh, for training and for scoring.

Needs the packages mediapipe (0.10.14), opencv and numpy.
"""
import argparse
import csv
from pathlib import Path

import cv2
import numpy as np

from aligned_crop import aligned_crop

CROP_W, CROP_H = 112, 192
CROP_PER_FACE = 0.44  # width of the crop in heights of the face
OUTWARD, DOWN = 0.02, 0.185  # the crop's middle from the cheek's contour, in heights of the face
SAMPLES_PER_FACE = 200  # patches are finer and wider than crops
PATCH_W, PATCH_H = 150, 230
PATCH_OUTWARD, PATCH_DOWN = 0.03, 0.235
# The cheek's contour on a patch; outward is left, for the subject's left ear is mirrored.
ANCHOR = np.array([PATCH_W / 2 + PATCH_OUTWARD * SAMPLES_PER_FACE, PATCH_H / 2 - PATCH_DOWN * SAMPLES_PER_FACE])
FOREHEAD, CHIN, RIGHT_EYE, LEFT_EYE = 10, 152, 33, 263
CONTOUR = (234, 454)  # subject's right, left


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
    if area < 60:
        return np.full(2, np.nan), area
    end = np.quantile(below, 0.96)
    low = below > end - 0.03
    return ANCHOR + SAMPLES_PER_FACE * np.array([-np.median(out[low]), end - 0.015]), area


def main() -> None:
    """Write one .npz with a row per ear: patches, name, side, visible, earring (NaN: unknown), lobe, area."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", required=True, help="csv with file,side and, for training, visible,earring (empty: unknown)")
    parser.add_argument("--pictures", required=True, type=Path, help="folder of the files")
    parser.add_argument("--masks", type=Path, help="folder of parsing masks, class 5 ear")
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    import mediapipe as mp
    mesh = mp.solutions.face_mesh.FaceMesh(static_image_mode=True, refine_landmarks=True, min_detection_confidence=0.3)
    number = lambda text: float(text) if text else np.nan  # noqa: E731
    kept: dict[str, list] = {k: [] for k in ("patches", "name", "side", "visible", "earring", "lobe", "area")}
    seen: dict[str, tuple] = {}
    for row in csv.DictReader(open(args.rows, newline="", encoding="utf-8")):
        name, side = row["file"], int(row["side"])
        if name not in seen:
            image = cv2.imread(str(args.pictures / name))
            pad = int(0.25 * max(image.shape[:2]))
            padded = cv2.copyMakeBorder(image, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
            found = mesh.process(padded[..., ::-1]).multi_face_landmarks
            height, width = padded.shape[:2]
            points = found and np.array([(p.x * width, p.y * height) for p in found[0].landmark]) - pad
            seen = {name: (image, points)}
        image, points = seen[name]
        if points is None:
            continue
        mask = args.masks and cv2.imread(str(args.masks / Path(name).with_suffix(".png")), cv2.IMREAD_GRAYSCALE)
        lobe, area = (np.full(2, np.nan), np.nan) if mask is None else lobe_and_area(mask == 5, points, side)
        values = (patch_of(image, points, side), name, side, number(row.get("visible")), number(row.get("earring")), lobe, area)
        for key, value in zip(kept, values):
            kept[key].append(value)
    np.savez(args.out, **{k: np.array(v) for k, v in kept.items()})
    print(f"{len(kept['name'])} ears")


if __name__ == "__main__":
    main()
