#!/usr/bin/env python3
"""List the pictures that nets learn from and are scored on, with what each shows of glasses, covers and hats.

A label is 1, 0 or -1 for unknown. Labels come from labels.csv of the development photos, list.csv of the parsing pack, and
face_labels.csv beside this file: corrections by eye, where -1 also stands for pictures in doubt.
"""
import argparse
import csv
import re
from pathlib import Path

from split import is_held_out

LABEL_OF_RULE = {"glasses-absent": "glasses", "face-unobstructed": "covered", "head-uncovered": "hat"}
LABELS = tuple(LABEL_OF_RULE.values())
CORRECTIONS = Path(__file__).with_name("face_labels.csv")


def original(stem: str) -> str:
    """The name that the source of a crop has among the development photos."""
    return re.sub(r"^facemask_", "fm_", re.sub(r"_[0-9a-f]{4}$", "", stem))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", required=True, type=Path, help="folder of the development photos and labels.csv")
    parser.add_argument("--list", required=True, type=Path, help="list.csv of the parsing pack")
    parser.add_argument("--pack", required=True, type=Path, help="folder of the unpacked parsing pack")
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    rows = {}
    for line in csv.DictReader(open(args.photos / "labels.csv", newline="", encoding="utf-8")):
        name = line["photo"]
        row = rows.setdefault(name, dict(
            name=name, path=args.photos / "images" / name, mask="", set="dev", source=line["source"],
            comp=int(name.startswith("comp_")), heldout=int(is_held_out(name)), **dict.fromkeys(LABELS, -1), necklace=-1))
        if label := LABEL_OF_RULE.get(line["rule"]):
            row[label] = int(line["truth"] == "fail")
    for line in csv.DictReader(open(args.list, newline="", encoding="utf-8")):
        name, shows, source = line["file"], line["attributes"].split(), line["source"].split("_")[0]
        is_whole = (args.pack / "image" / f"{name}.jpg").exists()
        row = dict(name=name, path=args.pack / ("image" if is_whole else "face") / f"{name}.jpg",
                   mask=args.pack / "mask" / f"{name}.png" if is_whole else "", set="pack",
                   source=source if is_whole else f"{source}_crop", comp=0,
                   heldout=int(is_held_out(name if is_whole else original(name))), glasses=-1, covered=0, hat=-1, necklace=-1)
        if "face_mask" in shows:
            row["covered"] = 1
        elif is_whole:
            row.update(glasses=int("glasses" in shows), hat=int("hat" in shows))
            if source == "scut":
                row["necklace"] = int("necklace" in shows)
        rows[name] = row
    for line in csv.DictReader(open(CORRECTIONS, newline="", encoding="utf-8")):
        rows[line["name"]].update({key: int(line[key]) for key in (*LABELS, "heldout") if line[key]})
    with open(args.out, "w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, next(iter(rows.values())))
        writer.writeheader()
        writer.writerows(rows.values())


if __name__ == "__main__":
    main()
