#!/usr/bin/env python3
"""Compares our 478 face mesh points with those of mediapipe.solutions.face_mesh on the same photos.

    cargo run --release -p gradphoto --example evidence -- PHOTO... > evidence.jsonl
    python benches/peers/mesh_parity.py evidence.jsonl

Reads the photos named in evidence.jsonl. Both sides see the same pixels only when both decode alike, so use upright
sRGB photos. Exit status 1 when the mean distance reaches 0.5 % of the distance between the eyes or when more than 1 %
of the photos have a face on one side only.
"""
import argparse
import json
import sys

import mediapipe
import numpy as np
from PIL import Image

MAX_MEAN_DISTANCE = 0.005
MAX_DISAGREEMENT = 0.01
# Mesh points half the distance of the eyes apart do not lie on the same face.
ANOTHER_PERSON = 0.5


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("evidence", help="output of the example `evidence`")
    parser.add_argument("--worst", type=int, default=0, help="list so many photos with the largest distance")
    arguments = parser.parse_args()

    mesh = mediapipe.solutions.face_mesh.FaceMesh(static_image_mode=True, refine_landmarks=True, max_num_faces=1)
    distances, depths, only_ours, only_theirs, others, neither = [], [], [], [], [], 0
    for line in open(arguments.evidence):
        record = json.loads(line)
        photo, subject = record["photo"], record["seen"].get("subject")
        pixels = np.asarray(Image.open(photo).convert("RGB"))
        found = mesh.process(pixels).multi_face_landmarks
        if subject is None or not found:
            only_ours += [photo] * bool(subject and not found)
            only_theirs += [photo] * bool(found and not subject)
            neither += not subject and not found
            continue
        height, width = pixels.shape[:2]
        theirs = np.array([(p.x * width, p.y * height, p.z * width) for p in found[0].landmark])
        ours = np.array(subject["landmarks"])
        eyes = np.linalg.norm(theirs[468, :2] - theirs[473, :2])
        distance = np.linalg.norm(ours[:, :2] - theirs[:, :2], axis=1).mean() / eyes
        if distance > ANOTHER_PERSON:
            others.append(photo)
            continue
        distances.append((distance, photo))
        depths.append(np.abs(ours[:, 2] - theirs[:, 2]).mean() / eyes)

    values = np.array([distance for distance, _ in distances])
    total = len(values) + len(only_ours) + len(only_theirs) + len(others) + neither
    disagreement = (len(only_ours) + len(only_theirs)) / total
    print(f"photos {total}, face in both {len(values)}, in neither {neither}")
    print(f"only ours {len(only_ours)} {only_ours}\nonly mediapipe {len(only_theirs)} {only_theirs}")
    print(f"another person of a group, ours being the largest {len(others)} {others}")
    print(
        f"distance / eye distance: mean {values.mean():.3%}, median {np.median(values):.3%}, "
        f"99th percentile {np.percentile(values, 99):.3%}, largest {values.max():.3%}; depth: mean {np.mean(depths):.3%}"
    )
    for distance, photo in sorted(distances, reverse=True)[: arguments.worst]:
        print(f"{distance:.3%} {photo}")
    return int(values.mean() >= MAX_MEAN_DISTANCE or disagreement > MAX_DISAGREEMENT)


if __name__ == "__main__":
    sys.exit(main())
