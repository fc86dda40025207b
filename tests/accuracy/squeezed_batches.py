#!/usr/bin/env python3
"""Batches of one source, squeezed and pulled alike: whether batch-proportions tells.

    python3 tests/accuracy/squeezed_batches.py --photos ../shared/photos ../shared/studio

Of every source with at least 30 portraits up to 60 are scaled by the same factor, as an export that presses 2:3 or 4:5 into 3:4 does.
Prints how many sources are told of at each factor, and which are told of as they are. Needs Pillow and a release build.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from PIL import Image

from drawn_faults import pulled
from gate import TARGET

# Width times so much for the height: narrower by a ninth, 4:5 pressed into 3:4, as it is, 7:10 and 2:3 pressed into it.
FACTORS = (0.889, 0.9375, 1.0, 1.07, 1.125)
FEWEST, MOST = 30, 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="folders that hold labels.csv and images/")
    sources = {source: paths for pack in parser.parse_args().photos for source, paths in by_source(pack).items() if len(paths) >= FEWEST}
    if not sources:
        sys.exit("squeezed batches: no source has portraits enough")
    for factor in FACTORS:
        kinds = {source: told(paths, factor) for source, paths in sources.items()}
        among = ", ".join(f"{source} {kind}" for source, kind in kinds.items() if kind)
        print(f"{factor:6} times as wide: told of {sum(map(bool, kinds.values()))} of {len(kinds)} ({among or 'none'})", flush=True)


def by_source(pack: Path) -> dict[str, list[Path]]:
    """Up to MOST portraits of each source, evenly taken."""
    found = defaultdict(set)
    with (pack / "labels.csv").open(newline="", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            found[row["source"]].add(pack / "images" / row["photo"])
    return {source: sorted(paths)[:: max(1, len(paths) // MOST)][:MOST] for source, paths in found.items()}


def told(paths: list[Path], factor: float) -> str:
    """What kind of batch-proportions is found of these, scaled; empty where it is silent."""
    with tempfile.TemporaryDirectory() as folder:
        photos, output = Path(folder, "photos"), Path(folder, "output")
        photos.mkdir()
        for path in paths:
            pulled(Image.open(path).convert("RGB"), factor).save(photos / f"{path.stem}.jpg", quality=92)
        subprocess.run([TARGET / "release/gradphoto", "check", photos, "--output", output], capture_output=True)
        findings = json.loads((output / "batch.json").read_text(encoding="utf-8"))["findings"]
    return next((finding["kind"] for finding in findings if finding["rule"] == "batch-proportions"), "")


if __name__ == "__main__":
    main()
