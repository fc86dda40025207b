#!/usr/bin/env python3
"""Tell person from background on every picture that `train.py list` names, with the selfie net of mediapipe.

Needs mediapipe 0.10.14, opencv and numpy.
"""
import argparse
import csv

import cv2
import mediapipe
import numpy as np

SIZE = 256  # what the net sees and gives


def main() -> None:
    """Write one .npz: path N, person N x 256 x 256 uint8, the share of the person in 1/255, to be stretched over the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", required=True, help="csv with a column path")
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    net = mediapipe.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0)
    paths, masks = [], []
    for row in csv.DictReader(open(args.rows, newline="", encoding="utf-8")):
        image = cv2.imread(row["path"])
        small = cv2.resize(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), (SIZE, SIZE), interpolation=cv2.INTER_AREA)
        paths.append(row["path"])
        masks.append((net.process(small).segmentation_mask * 255).round().astype(np.uint8))
    np.savez_compressed(args.out, path=np.array(paths), person=np.array(masks))
    print(f"{len(paths)} pictures")


if __name__ == "__main__":
    main()
