#!/usr/bin/env python3
"""Writes tests/cases/pictures/scans: one small picture in every sampling and scan script, and what libjpeg shows of it.

Each JPEG is SAMPLING_SCANS.jpg, each SAMPLING.png what Pillow decodes of all of them. Needs cjpeg (Debian:
libjpeg-turbo-progs) and Pillow; run it again only to add kinds.
"""

import io
import subprocess
from pathlib import Path

from PIL import Image

import jpegs

FOLDER = Path(__file__).parent.parent / "cases" / "pictures" / "scans"
SAMPLINGS = [
    "1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2", "3x1", "2x2,2x1,2x1", "2x2,1x2,1x2", "2x1,1x2,1x2", "2x2,2x1,1x1",
    "1x1,2x2,2x2", "1x1,2x1,2x1", "1x1,1x1,2x2",
]  # fmt: skip


def main():
    picture = jpegs.picture((41, 27), 7)
    for sampling in SAMPLINGS:
        shown = set()
        for scans, script in jpegs.SCANS.items():
            restart = ["-restart", "3B"] if scans in ("each", "refined") else []
            try:
                file = jpegs.cjpeg(picture, "-quality", "85", "-optimize", "-sample", sampling, *restart, scans=script)
            except subprocess.CalledProcessError:
                continue  # More blocks in a unit than libjpeg writes.
            (FOLDER / f"{sampling.replace(',', '-')}_{scans}.jpg").write_bytes(file)
            shown.add(Image.open(io.BytesIO(file)).convert("RGB").tobytes())
        assert len(shown) == 1, f"{sampling}: libjpeg shows the same picture in {len(shown)} ways"
        Image.frombytes("RGB", picture.size, shown.pop()).save(FOLDER / f"{sampling.replace(',', '-')}.png", optimize=True)


if __name__ == "__main__":
    main()
