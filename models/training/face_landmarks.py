#!/usr/bin/env python3
"""Find the face mesh of every picture that `train.py list` names.

Needs mediapipe 0.10.14, opencv and numpy. Tight crops are padded, for the detector wants to see a whole head.
"""
import argparse
import csv

import cv2
import mediapipe
import numpy as np

LONGEST_SIDE = 700  # larger pictures are reduced: the mesh looks at 192 pixels anyway
PADDINGS = (0.25, 0.6, 0.0)  # shares of the longer side, tried in turn


def main() -> None:
    """Write one .npz: path N, points Nx478x2 in photo pixels (pixel centres at integer + 0.5)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", required=True, help="csv with a column path")
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    mesh = mediapipe.solutions.face_mesh.FaceMesh(static_image_mode=True, refine_landmarks=True,
                                                  min_detection_confidence=0.3, max_num_faces=1)
    paths, points, missed = [], [], 0
    for row in csv.DictReader(open(args.rows, newline="", encoding="utf-8")):
        image = cv2.imread(row["path"])
        if image is None:  # among the development photos are broken files
            missed += 1
            continue
        image = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
        scale = min(1.0, LONGEST_SIDE / max(image.shape[:2]))
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
        found = next(filter(lambda p: p is not None, (located(mesh, small, padding) for padding in PADDINGS)), None)
        if found is None:
            missed += 1
            continue
        paths.append(row["path"])
        points.append(found * (image.shape[1] / small.shape[1]))
    np.savez(args.out, path=np.array(paths), points=np.array(points, np.float32))
    print(f"found {len(paths)}, no mesh {missed}")


def located(mesh, image: np.ndarray, padding: float) -> np.ndarray | None:
    pad = int(padding * max(image.shape[:2]))
    padded = cv2.copyMakeBorder(image, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    faces = mesh.process(padded).multi_face_landmarks
    height, width = padded.shape[:2]
    return np.array([(p.x * width, p.y * height) for p in faces[0].landmark]) - pad if faces else None


if __name__ == "__main__":
    main()
