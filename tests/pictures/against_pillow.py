#!/usr/bin/env python3
"""Decodes thousands of generated JPEGs here and with Pillow (libjpeg) and compares: who accepts what, and how far pixels differ.

    against_pillow.py [--keep DIR] [PIXELS]

PIXELS is the example of that name, built with `cargo build --release -p gradphoto --example pixels`. Whole files come from
cjpeg in every sampling, scan script, restart interval, quality and order of markers; broken ones are the same files cut short,
with or without an end mark. Exits with 1 when a disagreement is none of those explained below. Needs cjpeg (Debian:
libjpeg-turbo-progs), Pillow and NumPy; takes under a minute.
"""

import argparse
import io
import os
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image, ImageFile

import jpegs

ROOT = Path(__file__).parent.parent.parent
LARGEST_DIFFERENCE = 24
"""Of one channel: decoders interpolate chroma between pixels, and round, differently."""
MEAN_DIFFERENCE = 1.0


def cut_short(files):
    """Every seventh file cut at four places, with and without an end mark behind the cut."""
    for number, (name, file) in enumerate(files):
        if number % 7:
            continue
        for part in (0.35, 0.6, 0.85, 0.97):
            cut = file[: int(len(file) * part)]
            yield f"{name} cut at {part:.0%}", cut
            yield f"{name} cut at {part:.0%}, closed", cut + b"\xff\xd9"


def with_pillow(file):
    """Pixels, or why there are none."""
    try:
        with Image.open(io.BytesIO(file)) as image:
            return np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError) as error:
        return str(error)


def here(program, paths):
    """For each path pixels, or why there are none."""
    names = "\n".join(map(str, paths)).encode()
    out = subprocess.run([program], input=names, stdout=subprocess.PIPE, check=True).stdout
    at, decoded = 0, []
    for _ in paths:
        width, height, length = struct.unpack_from("<III", out, at)
        data = out[at + 12 : at + 12 + length]
        at += 12 + length
        decoded.append(np.frombuffer(data, np.uint8).reshape(height, width, 3) if width else data.decode())
    return decoded


def explained(name, ours):
    """Why Pillow may accept what is refused here; None where nothing explains it."""
    if "a part of the picture is missing" in ours or "ends before the picture does" in ours:
        if " cut at " in name:
            return "cut short: libjpeg paints what is missing grey"
    if "headers contradict" in ours and " cut at " in name:
        return "cut short within a header"
    if "no decoder supports it" in ours and "4x4" in name:
        return "luma in 4x4 blocks a unit, one component a scan: no decoder in Rust reads it"
    if "holds no picture" in ours and " cut at " in name:
        return "cut short before the first scan"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pixels", nargs="?", default=Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"), "release/examples/pixels"))
    parser.add_argument("--keep", type=Path, help="folder for the files of disagreements")
    arguments = parser.parse_args()
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    whole = list(jpegs.generated())
    files = whole + list(cut_short(whole))
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{number}.jpg") for number in range(len(files))]
        for path, (_, file) in zip(paths, files):
            path.write_bytes(file)
        ours = here(arguments.pixels, paths)
    counts, reasons, faults, largest, means = Counter(), Counter(), [], Counter(), []
    for (name, file), pixels in zip(files, ours):
        reference = with_pillow(file)
        accepted = not isinstance(pixels, str), not isinstance(reference, str)
        kind = "cut short" if " cut at " in name else "whole"
        counts[kind, accepted] += 1
        if accepted == (True, True):
            if pixels.shape != reference.shape:
                faults.append((name, file, f"{pixels.shape} instead of {reference.shape}"))
                continue
            difference = np.abs(pixels.astype(int) - reference)
            largest[int(difference.max())] += 1
            means.append(difference.mean())
            if difference.max() > LARGEST_DIFFERENCE or difference.mean() > MEAN_DIFFERENCE:
                faults.append((name, file, f"pixels differ by {difference.max()}, mean {difference.mean():.2f}"))
        elif accepted[1]:
            why = explained(name, pixels)
            if why:
                reasons[why] += 1
            else:
                faults.append((name, file, f"refused here only: {pixels}"))
        elif accepted[0]:
            faults.append((name, file, f"accepted here only: {reference}"))
    print(f"{len(files)} files, Pillow {Image.__version__}")
    for kind in ("whole", "cut short"):
        both, we, they, none = (counts[kind, pair] for pair in ((True, True), (True, False), (False, True), (False, False)))
        print(f"{kind}: accepted by both {both}, here only {we}, by Pillow only {they}, by neither {none}")
    for why, count in reasons.most_common():
        print(f"  by Pillow only, {count}: {why}")
    steps = [(0, 0), (1, 1), (2, 3), (4, 8), (9, LARGEST_DIFFERENCE), (LARGEST_DIFFERENCE + 1, 255)]
    shown = [f"{low}-{high}: {sum(largest[d] for d in range(low, high + 1))}" for low, high in steps]
    print(f"largest difference of a channel: {', '.join(shown)}; mean difference {np.mean(means):.3f}, at most {max(means):.3f}")
    for name, file, fault in faults:
        print(f"UNEXPLAINED {name}: {fault}")
        if arguments.keep:
            arguments.keep.mkdir(parents=True, exist_ok=True)
            (arguments.keep / f"{name}.jpg".replace("/", "_")).write_bytes(file)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
