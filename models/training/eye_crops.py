#!/usr/bin/env python3
"""Cut mesh-aligned eye patches for training and exact network crops for evaluation.

Needs the packages mediapipe (0.10.14), opencv and numpy. Pictures whose normalised name is listed
by --exclude (the evaluation photos) are left out, both faces of a CEW photo included.
"""
import argparse
import csv
import re
from pathlib import Path

import cv2
import numpy as np

from aligned_crop import aligned_crop

# (image-left corner, image-right corner, upper lid, lower lid, mirrored) per eye: subject's right, left.
EYES = ((33, 133, 159, 145, False), (362, 263, 386, 374, True))
CROP_SCALE = 1.6  # crop width in units of the corner distance
CROP_W, CROP_H = 48, 32
PATCH_SCALE = 2.4  # training patches carry a margin for jitter
PATCH_W, PATCH_H = 144, 96


def sample_patch(image: np.ndarray, left: np.ndarray, right: np.ndarray, mirrored: bool,
                 scale: float, width: int, height: int) -> np.ndarray:
    """Sample `width` x `height` RGB uint8 around the corner midpoint of one eye.

    `left`, `right`: eye corners in pixels, image-left first (pixel centres at integer + 0.5).
    The patch spans `scale` corner distances.
    """
    out = aligned_crop(image, (left + right) / 2, (right - left) * scale / width, width, height)
    return out[:, ::-1].copy() if mirrored else out


def normalised(name: str, has_hash: bool) -> str:
    """Source photo of a file name: `cew_closed_eye_0603.jpg_face_1_4846` -> `cew_closed_eye_0603`."""
    stem = re.sub(r"\.jpg$", "", name)
    stem = re.sub(r"_[0-9a-f]{4}$", "", stem) if has_hash else stem
    cew = re.match(r"(cew_closed_eye_\d+)", stem)
    return cew.group(1) if cew else stem


def main() -> None:
    """Write one .npz: patches Nx2x96x144x3, crops Nx2x32x48x3, lid_gap Nx2, name, label, heldout, source."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", required=True, help="csv with file,label,heldout,source (label 1 = open)")
    parser.add_argument("--out", required=True)
    parser.add_argument("--exclude", help="text file, one evaluation photo name a line")
    args = parser.parse_args()
    import mediapipe as mp
    mesh = mp.solutions.face_mesh.FaceMesh(static_image_mode=True, refine_landmarks=True,
                                           min_detection_confidence=0.3)
    banned = set()
    if args.exclude:
        banned = {normalised(line.strip(), False) for line in open(args.exclude, encoding="utf-8")}
    kept: dict[str, list] = {k: [] for k in ("patches", "crops", "lid_gap", "name", "label", "heldout", "source")}
    skipped = missed = 0
    for row in csv.DictReader(open(args.rows, newline="", encoding="utf-8")):
        path = Path(row["file"])
        if normalised(path.name, path.parent.name == "face") in banned:
            skipped += 1
            continue
        bgr = cv2.imread(str(path))
        if bgr is None:
            missed += 1
            continue
        pad = int(0.25 * max(bgr.shape[:2]))
        image = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
        padded = cv2.copyMakeBorder(image, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
        found = mesh.process(padded).multi_face_landmarks
        if not found:
            missed += 1
            continue
        height, width = padded.shape[:2]
        points = np.array([(p.x * width, p.y * height) for p in found[0].landmark]) - pad
        patches, crops, gaps = [], [], []
        for left, right, upper, lower, mirrored in EYES:
            a, b = points[left], points[right]
            patches.append(sample_patch(image, a, b, mirrored, PATCH_SCALE, PATCH_W, PATCH_H))
            crops.append(sample_patch(image, a, b, mirrored, CROP_SCALE, CROP_W, CROP_H))
            gaps.append(np.hypot(*(points[upper] - points[lower])) / max(np.hypot(*(b - a)), 1.0))
        kept["patches"].append(patches)
        kept["crops"].append(crops)
        kept["lid_gap"].append(gaps)
        kept["name"].append(path.name)
        kept["label"].append(int(row["label"]))
        kept["heldout"].append(int(row["heldout"]))
        kept["source"].append(row["source"])
    np.savez(args.out, **{k: np.array(v) for k, v in kept.items()})
    print(f"kept {len(kept['name'])}, excluded as evaluation photos {skipped}, no mesh {missed}")


if __name__ == "__main__":
    main()
