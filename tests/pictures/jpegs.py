"""JPEG files of every kind that libjpeg's cjpeg writes, and the same files with their markers in other orders.

Needs cjpeg (Debian: libjpeg-turbo-progs) and Pillow.
"""

import io
import itertools
import random
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

SIZES = [(1, 1), (7, 9), (16, 16), (17, 33), (64, 48), (65, 65), (88, 88), (97, 40), (131, 163)]
"""Widths and heights: whole blocks, one pixel more, one less."""
SAMPLINGS = [
    "1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2", "2x4",
    "2x2,2x1,2x1", "2x2,1x2,1x2", "2x1,1x1,2x1", "2x2,1x1,2x2", "1x1,2x2,2x2", "1x1,2x1,2x1", "2x1,1x2,1x2",
    "1x1,1x1,2x2", "2x2,2x2,2x2", "3x1", "1x3", "3x1,2x1,2x1", "2x2,2x1,1x1", "4x4,2x2,2x2",
]  # fmt: skip
"""Sampling factors of luma and chroma, as cjpeg names them."""
SCANS = {
    "one": None,
    "each": "0;1;2;",
    "each-backwards": "2;1;0;",
    "luma-last": "1,2;0;",
    "luma-first": "0;1,2;",
    "odd-pair": "0,2;1;",
    "progressive": "progressive",
    "spectral": "0,1,2:0-0,0,0;0:1-63,0,0;1:1-63,0,0;2:1-63,0,0;",
    "spectral-bands": "0:0-0,0,0;2:0-0,0,0;1:0-0,0,0;0:1-5,0,0;0:6-63,0,0;1:1-20,0,0;1:21-63,0,0;2:1-63,0,0;",
    "refined": "0,1,2:0-0,0,3;0,1,2:0-0,3,2;0,1,2:0-0,2,1;0,1,2:0-0,1,0;0:1-63,0,2;0:1-63,2,1;1:1-63,0,1;2:1-63,0,1;"
    "0:1-63,1,0;1:1-63,1,0;2:1-63,1,0;",
}
"""Scan scripts by name, as cjpeg -scans reads them."""
RESTARTS = [None, "1", "3B", "7B"]
QUALITIES = [5, 50, 75, 92, 100]


def picture(size, seed):
    """A picture with smooth parts, hard edges and grain, so that every coefficient occurs."""
    chance = random.Random(seed)
    width, height = size
    small = Image.frombytes("RGB", (5, 5), bytes(chance.randrange(256) for _ in range(75)))
    shown = small.resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(shown)
    for _ in range(6):
        x, y = chance.randrange(width), chance.randrange(height)
        colour = tuple(chance.randrange(256) for _ in range(3))
        draw.rectangle((x, y, x + width // 4, y + height // 5), fill=colour)
    grain = Image.frombytes("L", size, bytes(chance.randrange(256) for _ in range(width * height)))
    grain = Image.merge("RGB", [grain.filter(ImageFilter.GaussianBlur(blur)) for blur in (0, 1, 2)])
    return Image.blend(shown, grain, 0.15)


def cjpeg(shown, *options, scans=None):
    """The file that cjpeg writes with these options."""
    pixels = io.BytesIO()
    shown.save(pixels, "PPM")
    with tempfile.NamedTemporaryFile("w", suffix=".scans") as script:
        if scans == "progressive":
            options = (*options, "-progressive")
        elif scans:
            script.write(scans)
            script.flush()
            options = (*options, "-scans", script.name)
        return subprocess.run(["cjpeg", *options], input=pixels.getvalue(), stdout=subprocess.PIPE, check=True).stdout


def segments(file):
    """The file in pieces: (marker, bytes of the whole segment); entropy-coded data goes with its SOS."""
    pieces, at = [], 2
    while file[at + 1] != 0xD9:
        marker = file[at + 1]
        end = at + 2 + int.from_bytes(file[at + 2 : at + 4], "big")
        if marker == 0xDA:
            while file[end] != 0xFF or file[end + 1] == 0 or 0xD0 <= file[end + 1] <= 0xD7:
                end += 1
        pieces.append((marker, file[at:end]))
        at = end
    return pieces


def joined(pieces):
    return b"\xff\xd8" + b"".join(piece for _, piece in pieces) + b"\xff\xd9"


def segment(marker, payload):
    return marker, bytes([0xFF, marker]) + (len(payload) + 2).to_bytes(2, "big") + payload


def frame_last(pieces):
    """The frame header behind all tables that stand before the first scan."""
    first = next(i for i, (marker, _) in enumerate(pieces) if marker == 0xDA)
    head = sorted(pieces[:first], key=lambda piece: 0xC0 <= piece[0] <= 0xC2)
    return head + pieces[first:]


def tables_first(pieces):
    """All tables before anything else, JFIF behind them; the restart interval where it was."""
    first = next(i for i, (marker, _) in enumerate(pieces) if marker == 0xDA)
    head = sorted(pieces[:first], key=lambda piece: {0xC4: 0, 0xDB: 1}.get(piece[0], 2))
    return head + pieces[first:]


def tables_split(pieces):
    """Each quantisation and Huffman table in a segment of its own becomes one segment of many."""
    first = next(i for i, (marker, _) in enumerate(pieces) if marker == 0xDA)
    merged = []
    for kind in (0xDB, 0xC4):
        payload = b"".join(piece[4:] for marker, piece in pieces[:first] if marker == kind)
        merged.append(segment(kind, payload))
    rest = [piece for piece in pieces[:first] if piece[0] not in (0xDB, 0xC4)]
    return rest + merged + pieces[first:]


def filled(pieces):
    """Fill bytes before each marker."""
    return [(marker, b"\xff\xff" + piece) for marker, piece in pieces]


def noted(pieces):
    """A comment and an unknown segment before every scan."""
    notes = [segment(0xFE, b"note"), segment(0xEF, b"\x00" * 40)]
    return [piece for part in pieces for piece in ([*notes, part] if part[0] == 0xDA else [part])]


def without_jfif(pieces):
    return [piece for piece in pieces if piece[0] != 0xE0]


def renumbered(pieces):
    """Components numbered 0, 1, 2, without JFIF, as some cameras do."""
    changed = []
    for marker, piece in without_jfif(pieces):
        piece = bytearray(piece)
        if 0xC0 <= marker <= 0xC2:
            for i in range(piece[9]):
                piece[10 + 3 * i] -= 1
        if marker == 0xDA:
            for i in range(piece[4]):
                piece[5 + 2 * i] -= 1
        changed.append((marker, bytes(piece)))
    return changed


def adobe(pieces):
    """Adobe's mark that says YCbCr, instead of JFIF."""
    return [segment(0xEE, b"Adobe\x00\x64\x00\x00\x00\x00\x01"), *without_jfif(pieces)]


ORDERS = [frame_last, tables_first, tables_split, filled, noted, without_jfif, renumbered, adobe]


def generated():
    """(name, bytes) of every file; some thousands."""
    number = itertools.count()
    for sampling, (scans, script), restart in itertools.product(SAMPLINGS, SCANS.items(), RESTARTS):
        for repeat in range(3):
            n = next(number)
            size = SIZES[(n * 7 + repeat) % len(SIZES)]
            quality = QUALITIES[n % len(QUALITIES)]
            options = ["-quality", str(quality), "-sample", sampling]
            options += ["-restart", restart] if restart else []
            options += ["-optimize"] if n % 2 else []
            options += ["-baseline"] if n % 3 else []
            try:
                file = cjpeg(picture(size, n), *options, scans=script)
            except subprocess.CalledProcessError:
                continue  # Sampling that libjpeg does not write.
            name = f"{size[0]}x{size[1]} {sampling} {scans} restart={restart} q{quality}"
            order = ORDERS[n % (2 * len(ORDERS))] if n % (2 * len(ORDERS)) < len(ORDERS) else None
            if order:
                yield f"{name} {order.__name__}", joined(order(segments(file)))
            else:
                yield name, file
    for (scans, script), restart, size in itertools.product(SCANS.items(), RESTARTS, SIZES):
        if scans in ("one", "progressive"):
            options = ["-restart", restart] if restart else []
            yield f"{size} grey {scans} restart={restart}", cjpeg(picture(size, 1), "-grayscale", *options, scans=script)
            yield f"{size} rgb {scans} restart={restart}", cjpeg(picture(size, 1), "-rgb", *options, scans=script)
    for sampling, size, scans in itertools.product(("2x2", "1x2", "2x1", "4x2", "3x1", "4x4"), SIZES, ("one", "progressive")):
        grey = cjpeg(picture(size, 2), "-grayscale", "-sample", sampling, scans=SCANS[scans])
        yield f"{size} grey {sampling} {scans}", grey
    for subsampling, progressive, size, transform in itertools.product((0, 1, 2), (False, True), SIZES, (0, 2)):
        file = cmyk(size, subsampling, progressive, transform)
        yield f"{size} {'YCCK' if transform else 'CMYK'} subsampling={subsampling} progressive={progressive}", file


def cmyk(size, subsampling, progressive, transform):
    """Four inks, or luma, chroma and black, as Adobe's mark says: 0 or 2."""
    inks = [*picture(size, 3).split(), picture(size, 4).convert("L")]
    out = io.BytesIO()
    shown = Image.merge("CMYK", inks)
    shown.save(out, "JPEG", quality=85, subsampling=subsampling, progressive=progressive)
    file = bytearray(out.getvalue())
    file[file.index(b"Adobe") + 11] = transform
    return bytes(file)


def main():
    import sys

    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for n, (name, file) in enumerate(generated()):
        (folder / f"{n:05} {name.replace(',', '_')}.jpg").write_bytes(file)


if __name__ == "__main__":
    main()
