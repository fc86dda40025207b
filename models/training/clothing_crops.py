#!/usr/bin/env python3
"""Cut patches of neck and chest along the face, with masks, for clothing_state.py.

Needs numpy and opencv. Landmarks: a .npz with `path` and `points` (Nx478x2, pixels) of mediapipe's attention mesh.
People that split.py holds out are left out unless --with-held-out is given (for scoring alone).
"""
import argparse
from pathlib import Path

import cv2
import numpy as np

from split import is_held_out

W, H = 240, 152  # patch
PATCH_PER_FACE = 3.0  # width of the patch in face widths
BELOW_CHIN = 0.55  # from the chin down to the middle of the patch, in face widths
SMALLEST_FACE_PX = 24
RIGHT_CHEEK, LEFT_CHEEK, CHIN = 234, 454, 152
IGNORE = 255  # of a mask


def grid(points: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Photo x and y of every sample, HxW, and photo pixels per sample."""
    across = points[LEFT_CHEEK] - points[RIGHT_CHEEK]
    face_width = float(np.hypot(*across))
    u = across / face_width
    v = np.array([-u[1], u[0]])
    centre = points[CHIN] + v * BELOW_CHIN * face_width
    step = PATCH_PER_FACE * face_width / W
    x, y = np.meshgrid(np.arange(W) + 0.5 - W / 2, np.arange(H) + 0.5 - H / 2)
    return centre[0] + (x * u[0] - y * u[1]) * step, centre[1] + (x * u[1] + y * u[0]) * step, step


def sample(image: np.ndarray, x: np.ndarray, y: np.ndarray, step: float, how: int) -> np.ndarray:
    """Samples of a picture or a mask; the picture is reduced first where it is more than twice as fine."""
    factor = 1.5 / step if step > 2 and how == cv2.INTER_LINEAR else 1.0
    if factor < 1:
        image = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    at = [(v * factor - 0.5).astype(np.float32) for v in (x, y)]
    return cv2.remap(image, *at, how, borderMode=cv2.BORDER_REPLICATE)


def main() -> None:
    """Write one .npz: name, patch NxHxWx3 RGB, mask NxHxW, inside NxHxW (1 within the photo)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--landmarks", required=True)
    parser.add_argument("--masks", help="folder of class masks, named as the pictures")
    parser.add_argument("--with-held-out", action="store_true")
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    landmarks = np.load(args.landmarks)
    kept: dict[str, list] = {k: [] for k in ("name", "patch", "mask", "inside")}
    for path, points in zip(landmarks["path"], landmarks["points"]):
        path = Path(str(path))
        if is_held_out(path.name) and not args.with_held_out:
            continue
        image = cv2.imread(str(path))
        if image is None or np.hypot(*(points[LEFT_CHEEK] - points[RIGHT_CHEEK])) < SMALLEST_FACE_PX:
            continue
        x, y, step = grid(points)
        height, width = image.shape[:2]
        mask = cv2.imread(str(Path(args.masks) / f"{path.stem}.png"), 0) if args.masks else None
        if mask is None:
            mask = np.full((height, width), IGNORE, np.uint8)
        mask = cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST)
        kept["name"].append(path.name)
        kept["patch"].append(sample(image, x, y, step, cv2.INTER_LINEAR)[..., ::-1])
        kept["mask"].append(sample(mask, x, y, step, cv2.INTER_NEAREST))
        kept["inside"].append(((x >= 0) & (x < width) & (y >= 0) & (y < height)).astype(np.uint8))
    np.savez(args.out, **{k: np.array(v) for k, v in kept.items()})
    print(f"kept {len(kept['name'])}")


if __name__ == "__main__":
    main()
