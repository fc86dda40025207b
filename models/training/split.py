#!/usr/bin/env python3
"""Which development photos are held out from training and calibration, by a hash of the person."""
import re
import sys
import zlib


def person(name: str) -> str:
    """The person (or, failing that, the source photo) that a development photo or a picture of pack.zip shows."""
    stem = re.sub(r"\.(jpg|png)$", "", name.rsplit("/", 1)[-1])
    if match := re.match(r"comp_[a-z]+_(\d+)", stem) or re.match(r"(?:lonneutral|lonsmile|lon|canada|can)_(\d+)", stem):
        return f"webmorph_{int(match.group(1)):03}"
    if match := re.match(r"scut(?:fx_[a-z]+)?_([AC][FM]\d+)", stem):
        return f"scut_{match.group(1)}"
    if match := re.match(r"cew_closed_eye_(\d+)", stem):
        return f"cew_{match.group(1)}"
    if match := re.match(r"utk(?:_face)?_(\d+)", stem):
        return f"utk_{match.group(1)}"
    if match := re.match(r"(rmfd_[0-9a-z]+)", stem):
        return match.group(1)
    return stem


def is_held_out(name: str) -> bool:
    """One person in three."""
    return zlib.crc32(person(name).encode()) % 3 == 0


if __name__ == "__main__":
    for line in sys.stdin:
        print(line.strip(), person(line.strip()), int(is_held_out(line.strip())), sep=",")
