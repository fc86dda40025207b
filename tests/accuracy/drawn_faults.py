#!/usr/bin/env python3
"""Good portraits enlarged from few pixels, veiled, grainy, squeezed, pulled, cut out badly and turned: whether the rules for them tell.

    python3 tests/accuracy/drawn_faults.py --photos ../shared/photos ../shared/studio [--keep FOLDER]

No labelled photo shows these faults. So every portrait that a clerk would accept gets each of them in several strengths. Prints how many of
each fail or are asked about by the rule that is there for it, and how many of the portraits as they are.
Needs Pillow and a release build.
"""

import argparse
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

from drawn_glasses import check
from drawn_marks import accepted

SQUARES, VEIL, STRETCH, HALO = "pixelation-absent", "tonal-range", "natural-proportions", "halo-absent"
GRAIN = "noise-absent"
UPRIGHT = "image-upright"
FROM_BACKGROUND = 40  # levels by which a person differs from the wall


def repeated(photo: Image.Image, times: float) -> Image.Image:
    """A small picture whose pixels were repeated to the size of the photo."""
    small = photo.resize([round(side / times) for side in photo.size], Image.Resampling.BOX)
    return small.resize(photo.size, Image.Resampling.NEAREST)


def between(photo: Image.Image, darkest: int, lightest: int) -> Image.Image:
    """Tones squeezed between these two levels."""
    return photo.point([round(darkest + level * (lightest - darkest) / 255) for level in range(256)] * 3)


def grainy(photo: Image.Image, levels: float, radius: float) -> Image.Image:
    """Grain of this deviation in luma and in each colour; blurred by a radius, so that it is coarse."""
    deviation = levels / 2**0.5 * (1 + 2.3 * radius)  # a blur of 0.8 px leaves about a third
    planes = [Image.effect_noise(photo.size, deviation).filter(ImageFilter.GaussianBlur(radius)) for _ in range(4)]
    coloured = ImageChops.add(photo, Image.merge("RGB", planes[:3]), offset=-128)
    return ImageChops.add(coloured, Image.merge("RGB", planes[3:] * 3), offset=-128)


def pulled(photo: Image.Image, wider: float) -> Image.Image:
    """A photo so many times wider for its height, of about its size."""
    width, height = photo.size
    return photo.resize((round(width * wider**0.5), round(height / wider**0.5)))


def rimmed(photo: Image.Image, width: int) -> Image.Image:
    """A white rim of so many pixels around whatever is not of the colour of the upper corner."""
    wall = Image.new("RGB", photo.size, photo.getpixel((8, 8)))
    person = max_channel(ImageChops.difference(photo, wall)).point(lambda level: 255 * (level > FROM_BACKGROUND)).filter(ImageFilter.MedianFilter(5))
    rim = ImageChops.subtract(person.filter(ImageFilter.MaxFilter(2 * width + 1)), person).filter(ImageFilter.GaussianBlur(0.7))
    return Image.composite(Image.new("RGB", photo.size, "white"), photo, rim)


def max_channel(photo: Image.Image) -> Image.Image:
    red, green, blue = photo.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


TURNS = Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270
FAULTS = {
    "as it is": (None, lambda photo: photo),
    **{f"pixels repeated {times} times": (SQUARES, partial(repeated, times=times)) for times in (1.5, 2, 2.4, 3, 6)},
    **{f"levels {low} to {high}": (VEIL, partial(between, darkest=low, lightest=high)) for low, high in ((60, 255), (80, 255), (100, 255), (70, 190))},
    **{f"grain of {levels} levels{kind}": (GRAIN, partial(grainy, levels=levels, radius=radius)) for levels in (5, 8, 12, 20) for kind, radius in (("", 0), (", coarse", 0.8))},
    **{f"{wider} times as wide": (STRETCH, partial(pulled, wider=wider)) for wider in (0.75, 0.8, 0.88, 1.12, 1.2, 1.33)},
    **{f"white rim of {width} px": (HALO, partial(rimmed, width=width)) for width in (1, 2, 3)},
    **{f"turned by {turn.name[7:]}°": (UPRIGHT, lambda photo, turn=turn: photo.transpose(turn)) for turn in TURNS},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="folders that hold images/ and labels.csv")
    parser.add_argument("--keep", type=Path, help="draw into this folder and leave the pictures there")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        drawn = args.keep or Path(folder)
        drawn.mkdir(exist_ok=True)
        for path in (path for photos in args.photos for path in accepted(photos)):
            photo = Image.open(path).convert("RGB")
            for number, (_, spoil) in enumerate(FAULTS.values()):
                spoil(photo).save(drawn / f"{number}~{path.stem}.jpg", quality=88, dpi=(300, 300))
        tell(check([drawn]))


def tell(found: dict[str, dict[str, dict]]) -> None:
    """One line a fault: how many there are, and what the rule for it says of them."""
    for number, (fault, (rule, _)) in enumerate(FAULTS.items()):
        findings = [of_photo for name, of_photo in found.items() if name.startswith(f"{number}~")]
        for asked in [rule] if rule else [SQUARES, VEIL, GRAIN, STRETCH, HALO, UPRIGHT]:
            verdicts = Counter(of_photo[asked]["verdict"] if asked in of_photo else "unreadable" for of_photo in findings)
            print(f"{fault:28} {asked:22} {len(findings):4}  " + ", ".join(f"{verdict} {count}" for verdict, count in verdicts.most_common()))


if __name__ == "__main__":
    main()
