#!/usr/bin/env python3
"""`gradphoto prepare` on a hundred portraits of odd sizes: how many copies are made, and whether each is right.

    GRADPHOTO_ONNXRUNTIME=LIBRARY python3 tests/accuracy/prepare.py --photos FOLDER

The portraits are those of `FOLDER/images` that show one person at 480x640, made into what a camera gives: more wall around,
1 to 3 times the pixels. By seed, so that every run has the same. A copy is right when its own check passes every framing and
file rule, and when it is a plain crop and resize of its original: not mirrored, turned, moved or recoloured. Needs Pillow and
numpy. Exit status 1 where a copy is wrong, or where fewer are made than MADE_MIN.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
from PIL import Image

REPOSITORY = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"), "release/gradphoto")
COUNT = 100
SOURCES = ("lonneutral", "canada", "lonsmile")
# 13 of the originals end too soon below the shoulders for any crop in the limits.
MADE_MIN = 80
# Of 255, mean over the copy. Resizers differ by about 1 at edges, JPEG of quality 60 and more by up to 3; a mirrored or
# turned face, or one moved by 3 pixels, by more than 8.
DIFFERENCE_MAX = 5.0
COLOUR_MAX = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True, help="folder that holds images/")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        originals, copies = Path(folder, "originals"), Path(folder, "copies")
        originals.mkdir()
        portraits = [path for path in sorted((args.photos / "images").iterdir()) if path.name.startswith(SOURCES)]
        chosen = random.Random(7).sample(portraits, COUNT)
        for portrait in chosen:
            camera(Image.open(portrait).convert("RGB"), portrait.stem).save(originals / f"{portrait.stem}.jpg", quality=95)
        told = run("prepare", originals, "--output", copies, "--lang", "en")
        crops = {Path(name).stem: crop for name, *crop in re.findall(r"^[✓!] (.+?) → .*crop ([\d.]+)x([\d.]+)\+([\d.]+)\+([\d.]+)", told, re.M)}
        for reason, count in reasons(told).items():
            print(f"refused {count}: {reason}")
        wrong = [f"{name}: {fault}" for name, fault in checked(copies)]
        differences = []
        for name, crop in crops.items():
            difference, colour, mirrored = compared(originals / f"{name}.jpg", copies / f"{name}.jpg", crop)
            differences.append(difference)
            if difference > DIFFERENCE_MAX or colour > COLOUR_MAX or mirrored < 2 * difference:
                wrong.append(f"{name}: differs by {difference:.1f} (mirrored {mirrored:.1f}), colour by {colour:.2f}")
    print(f"{len(crops)} of {COUNT} copies made; right, with every framing and file rule passed: {len(crops) - len({w.split(':')[0] for w in wrong})}")
    print(f"difference from a plain resize of the same crop: median {numpy.median(differences):.2f}, at most {max(differences):.2f} of 255")
    print(*wrong, sep="\n")
    sys.exit(bool(wrong) or len(crops) < MADE_MIN)


def camera(portrait: Image.Image, name: str) -> Image.Image:
    """The portrait with the wall continued around it, larger, as a camera would give it."""
    chance = random.Random(name)
    left, right, top = (round(chance.uniform(0.0, share) * 480) for share in (0.5, 0.5, 0.6))
    pixels = numpy.pad(numpy.asarray(portrait), ((top, 0), (left, right), (0, 0)), mode="edge")
    scale = chance.uniform(1.0, 3.0)
    size = (round(pixels.shape[1] * scale), round(pixels.shape[0] * scale))
    return Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)


def run(*arguments: str | Path) -> str:
    done = subprocess.run([COMMAND, *arguments], capture_output=True, text=True, encoding="utf-8")
    if done.returncode > 1:
        sys.exit(done.stderr)
    return done.stdout


def reasons(told: str) -> dict[str, int]:
    found = re.findall(r"^✗ .*\n    (.*)", told, re.M)
    return {reason: found.count(reason) for reason in found}


def checked(copies: Path) -> list[tuple[str, str]]:
    """Framing and file rules that a copy does not pass."""
    groups = {rule["rule"]: rule["group"] for rule in json.loads(run("rules", "--format", "json"))}
    lines = [json.loads(line) for line in run("check", copies, "--format", "jsonl").splitlines()]
    return [
        (Path(line["photo"]).stem, finding["reason"]["en"])
        for line in lines
        for finding in line["findings"]
        if groups[finding["rule"]] in ("framing", "file") and finding["verdict"] != "pass"
    ]


def compared(original: Path, copy: Path, crop: list[str]) -> tuple[float, float, float]:
    """Mean difference of pixels, greatest difference of a channel's mean, and mean difference when mirrored."""
    width, height, x, y = map(float, crop)
    plain = Image.open(original).convert("RGB").resize((480, 640), Image.Resampling.LANCZOS, (x, y, x + width, y + height))
    expected, found = (numpy.asarray(image, dtype=float) for image in (plain, Image.open(copy).convert("RGB")))
    colour = abs((expected - found).mean((0, 1))).max()
    return abs(expected - found).mean(), colour, abs(expected[:, ::-1] - found).mean()


if __name__ == "__main__":
    main()
