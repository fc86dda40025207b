#!/usr/bin/env python3
"""Cut patches along the line through the eyes: of the eyes for `glasses`, of the head for `head_cover`.

Needs numpy and opencv. Lengths are in eye distances: one is the distance between the middles of both eyes, each the
mean of its corners in the mesh, for irises cannot be seen through tinted lenses. The origin lies half way between the
eyes, x runs to the right of the picture, y down.
"""
import argparse
import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from aligned_crop import aligned_crop

RIGHT_EYE, LEFT_EYE = (33, 133), (362, 263)  # corners in the mesh; the subject's right eye is on the left of the picture


@dataclass(frozen=True)
class Frame:
    """A rectangle of `width` x `height` samples around (0, `down`), `span` eye distances wide."""

    width: int
    height: int
    span: float
    down: float

    @property
    def samples_per_eye_distance(self) -> float:
        return self.width / self.span

    def samples(self, points: np.ndarray) -> np.ndarray:
        """Points in eye distances -> points in samples."""
        middle = np.array([self.width / 2, self.height / 2])
        return (points - np.array([0, self.down])) * self.samples_per_eye_distance + middle


# What the nets see, and the same with a margin for jitter.
EYES, EYES_PATCH = Frame(128, 64, 2.4, 0.12), Frame(192, 120, 3.2, 0.12)
HEAD, HEAD_PATCH = Frame(96, 96, 4.6, -0.4), Frame(192, 192, 6.2, -0.4)


def eye_axes(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Point between the eyes and the vector from one to the other, in photo pixels."""
    right, left = points[list(RIGHT_EYE)].mean(0), points[list(LEFT_EYE)].mean(0)
    return (right + left) / 2, left - right


def in_eye_distances(points: np.ndarray) -> np.ndarray:
    """Photo pixels -> eye distances."""
    origin, u = eye_axes(points)
    offset = points - origin
    return np.stack([offset @ u, offset @ np.array([-u[1], u[0]])], 1) / (u @ u)


def cut(image: np.ndarray, points: np.ndarray, frame: Frame, nearest: bool = False) -> np.ndarray:
    """The frame as the library samples it."""
    origin, u = eye_axes(points)
    centre = origin + frame.down * np.array([-u[1], u[0]])
    return aligned_crop(image, centre, u / frame.samples_per_eye_distance, frame.width, frame.height, nearest)


def main() -> None:
    """Write p_NAME.npy: eyes Nx120x192x3, head and its classes Nx192x192(x3), points Nx478x2, and the columns of --rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", required=True,
                        help="csv of face_rows.py")
    parser.add_argument("--landmarks", required=True, help=".npz of face_landmarks.py")
    parser.add_argument("--out", required=True, help="folder")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    found = np.load(args.landmarks)
    landmarks = dict(zip(found["path"], found["points"]))
    kept: dict[str, list] = {}
    missed = 0
    for row in csv.DictReader(open(args.rows, newline="", encoding="utf-8")):
        points = landmarks.get(row["path"])
        if points is None:
            missed += 1
            continue
        image = cv2.cvtColor(cv2.imread(row["path"]), cv2.COLOR_BGR2RGB)
        classes = cv2.imread(row["mask"], cv2.IMREAD_GRAYSCALE) if row["mask"] else np.full(image.shape[:2], 255, np.uint8)
        record = dict(
            row,
            eyes=cut(image, points, EYES_PATCH),
            eyes_crop=cut(image, points, EYES),
            head=cut(image, points, HEAD_PATCH),
            head_crop=cut(image, points, HEAD),
            head_classes=cut(classes, points, HEAD_PATCH, nearest=True),
            points=in_eye_distances(points),
        )
        for key in ("comp", "heldout", "glasses", "covered", "hat"):
            record[key] = int(record[key])
        for key, value in record.items():
            kept.setdefault(key, []).append(value)
    Path(args.out).mkdir(exist_ok=True)
    for key, values in kept.items():
        np.save(f"{args.out}/p_{key}.npy", np.array(values))
    print(f"kept {len(kept['name'])}, no mesh {missed}")


if __name__ == "__main__":
    main()
