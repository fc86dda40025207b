#!/usr/bin/env python3
"""Of the photos that a rule says violate it with 90 %, how many do: a table for every probability that a report shows.

    python3 tests/accuracy/reliability.py --labels L.csv --results R.jsonl --keep held-out [--labels ... --results ... --keep tw_ly,cuhk]

Each set has labels, results and what is kept of it: `held-out` people (models/training/split.py), sources by name, or `all`. Prints
Markdown, and for each rule the gain and offset of its logit that would make it right (Platt's fit), for `models/training/train.py calibrate`.
"""
import argparse
import csv
import json
import math
import os

from gate import is_held_out

EDGES = (0, 0.05, 0.2, 0.5, 0.8, 0.95, 1.0000001)
# Rules that show a probability; where it is that of being right, the other one counts.
PROBABILITY_OF_FAULT = ("clothing-pattern", "collar-present", "earrings-absent", "face-unobstructed", "glasses-absent", "hair-tidy",
                        "head-uncovered", "hood-absent", "makeup-light", "necklace-absent", "shoulders-covered")
PROBABILITY_OF_RIGHT = ("ears-visible", "eyes-open")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", action="append", required=True)
    parser.add_argument("--results", action="append", required=True)
    parser.add_argument("--keep", action="append", required=True)
    args = parser.parse_args()
    told = {}
    for labels, results, keep in zip(args.labels, args.results, args.keep, strict=True):
        for rule, pairs in probabilities(labels, results, keep).items():
            told.setdefault(rule, []).extend(pairs)
    print("| rule | n | " + " | ".join(f"{100 * a:.0f} to {min(100, 100 * b):.0f} %" for a, b in zip(EDGES, EDGES[1:])) + " | off by | gain, offset |")
    print("|---|---|" + "---|" * (len(EDGES) + 1))
    for rule, pairs in sorted(told.items()):
        cells, off = [], 0.0
        for low, high in zip(EDGES, EDGES[1:]):
            inside = [(p, bad) for p, bad in pairs if low <= p < high]
            if inside:
                said, true = (sum(column) / len(inside) for column in zip(*inside))
                off += len(inside) / len(pairs) * abs(said - true)
                cells.append(f"{100 * said:.0f}: {100 * true:.0f} ({len(inside)})")
            else:
                cells.append("")
        print(f"| {rule} | {len(pairs)} | " + " | ".join(cells) + f" | {100 * off:.1f} | {platt(pairs)} |")


def probabilities(labels, results, keep):
    """By rule, pairs of the probability of a fault and whether there is one."""
    values = {}
    with open(results, encoding="utf-8") as lines:
        for report in map(json.loads, lines):
            photo = os.path.basename(report["photo"].replace("\\", "/"))
            for finding in report.get("findings", []):
                if isinstance(finding.get("value"), (int, float)):
                    values[photo, finding["rule"]] = finding["value"]
    found = {}
    for row in csv.DictReader(open(labels, newline="", encoding="utf-8")):
        rule, value = row["rule"], values.get((row["photo"], row["rule"]))
        if value is None or not is_kept(row, keep) or rule not in PROBABILITY_OF_FAULT + PROBABILITY_OF_RIGHT:
            continue
        fault = 1 - value if rule in PROBABILITY_OF_RIGHT else value
        found.setdefault(rule, []).append((min(max(fault, 0.0), 1.0), row["truth"] == "fail"))
    return found


def platt(pairs):
    """Gain and offset of the logit of a fault, by Newton's method on the likelihood with Platt's targets."""
    bad = sum(fault for _, fault in pairs)
    good = len(pairs) - bad
    if bad < 5 or good < 5:
        return ""
    clipped = [(min(max(p, 1e-6), 1 - 1e-6), fault) for p, fault in pairs]
    points = [(math.log(p / (1 - p)), (bad + 1) / (bad + 2) if fault else 1 / (good + 2)) for p, fault in clipped]
    gain, offset = 1.0, 0.0
    for _ in range(50):
        g = o = gg = go = oo = 1e-9
        for z, target in points:
            p = 1 / (1 + math.exp(-max(-30.0, min(30.0, gain * z + offset))))
            wrong, curve = p - target, p * (1 - p)
            g, o = g + wrong * z, o + wrong
            gg, go, oo = gg + curve * z * z, go + curve * z, oo + curve
        steep = gg * oo - go * go
        gain, offset = gain - (oo * g - go * o) / steep, offset - (gg * o - go * g) / steep
    # Where good and bad do not overlap, no gain is large enough.
    return f"{gain:.2f}, {offset:.2f}" if 0.1 < gain < 10 else ""


def is_kept(row, keep):
    if keep == "held-out":
        return is_held_out(row["photo"])
    return keep == "all" or row["source"] in keep.split(",")


if __name__ == "__main__":
    main()
