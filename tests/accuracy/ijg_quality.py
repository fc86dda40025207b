#!/usr/bin/env python3
"""Writes JPEG files with Pillow (libjpeg) at every quality and reads the quality back with the command.

    python3 tests/accuracy/ijg_quality.py        # needs pillow and a release build; exit 1 when one is not exact
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"), "release/gradphoto")
# Pillow's numbers for chroma at full and at half resolution.
SUBSAMPLING = {"444": 0, "420": 2}


def main():
    with tempfile.TemporaryDirectory() as folder:
        picture = Image.effect_noise((48, 64), 60).convert("RGB")
        for name, subsampling in SUBSAMPLING.items():
            for quality in range(1, 101):
                picture.save(f"{folder}/{name}-{quality}.jpg", quality=quality, subsampling=subsampling)
        run = subprocess.run([COMMAND, "check", folder, "--format", "jsonl"], stdout=subprocess.PIPE, check=False)
    read_back = {}
    for line in run.stdout.decode().splitlines():
        result = json.loads(line)
        finding = next(f for f in result["findings"] if f["rule"] == "jpeg-quality")
        read_back[Path(result["photo"]).stem] = finding["value"]
    expected = {f"{name}-{quality}": quality for name in SUBSAMPLING for quality in range(1, 101)}
    wrong = {stem: read_back.get(stem) for stem in expected if read_back.get(stem) != expected[stem]}
    print(f"quality read back: {len(expected) - len(wrong)} of {len(expected)} exact", wrong or "")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
