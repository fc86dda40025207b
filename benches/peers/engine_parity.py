#!/usr/bin/env python3
"""Compares what two inference engines see on the same photos.

    cargo run --release -p gradphoto --example evidence -- --engine tract PHOTO... > tract.jsonl
    cargo run --release -p gradphoto --example evidence -- --engine LIBRARY PHOTO... > onnxruntime.jsonl
    python benches/peers/engine_parity.py tract.jsonl onnxruntime.jsonl

Needs numpy. Exit status 1 when more than 0.5 % of the photos differ visibly: another number of faces, a mesh point that
moved by a tenth of a percent of the distance between the eyes, a head turned by a tenth of a degree, or a parsing class
that gained or lost a thousandth of the crop.
"""
import argparse
import json
import sys

import numpy as np

MAX_DIFFERING = 0.005
MAX_POINT_SHIFT = 0.001
MAX_TURN_DEG = 0.1
MAX_AREA_CHANGE = 0.001


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("evidence", nargs=2, help="outputs of the example `evidence`")
    records = [[json.loads(line) for line in open(path)] for path in parser.parse_args().evidence]
    differences, shifts = [], []
    for first, second in zip(*records, strict=True):
        assert first["photo"] == second["photo"], "the files list different photos"
        what = difference(first["seen"], second["seen"], shifts)
        if what:
            differences.append((first["photo"], what))
    print(f"photos {len(records[0])}, with a subject in both {len(shifts)}, differing {len(differences)}")
    print(f"largest shift of a mesh point / eye distance: {max(shifts):.5%}")
    for photo, what in differences:
        print(what, photo)
    return int(len(differences) > MAX_DIFFERING * len(records[0]))


def difference(first, second, shifts):
    """What differs visibly between two views of one photo, or None; appends the mesh's largest shift."""
    if "error" in first or "error" in second:
        return None if first == second else "error"
    if len(first["faces"]) != len(second["faces"]):
        return "number of faces"
    if not first["subject"] or not second["subject"]:
        return None if first["subject"] == second["subject"] else "subject"
    first, second = first["subject"], second["subject"]
    points, others = (np.array(subject["landmarks"])[:, :2] for subject in (first, second))
    shift = np.linalg.norm(points - others, axis=1).max() / np.linalg.norm(points[468] - points[473])
    shifts.append(shift)
    if shift > MAX_POINT_SHIFT:
        return f"mesh by {shift:.3%}"
    turn = max(abs(first["pose_deg"][angle] - second["pose_deg"][angle]) for angle in first["pose_deg"])
    if turn > MAX_TURN_DEG:
        return f"head pose by {turn:.2f} degrees"
    areas, other_areas = (np.array(subject["class_areas"]) for subject in (first, second))
    change = np.abs(areas - other_areas).max() / areas.sum()
    return f"areas by {change:.3%}" if change > MAX_AREA_CHANGE else None


if __name__ == "__main__":
    sys.exit(main())
