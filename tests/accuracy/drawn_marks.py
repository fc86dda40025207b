#!/usr/bin/env python3
"""Writing, watermarks, logos and rounded corners drawn on good portraits: which of them border-absent tells.

    python3 tests/accuracy/drawn_marks.py --photos ../shared/photos ../shared/studio [--keep FOLDER] [--seed N]

The labelled photos show frames, wedges and five pieces of writing. So every portrait that a clerk would accept gets one of each kind by
seed, in fonts, colours, sizes and places that people use. Prints how many of each kind fail or are asked about. What lies across the face
or over clothes is not looked for, and is drawn to say how much of it is missed.
Needs Pillow, numpy, a release build, DejaVu and Noto CJK fonts (Debian: fonts-dejavu-core, fonts-noto-cjk).
"""

import argparse
import csv
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from itertools import product
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from drawn_glasses import check

FONTS = Path("/usr/share/fonts")
CHINESE = ["样片", "影楼样片", "仅供预览", "张三", "李小明", "王小明 2021级", "20210001 张三", "学信网专用", "水印"]
LATIN = ["SAMPLE", "PREVIEW", "2024-06-12", "20210001", "www.photo.cn", "IMG_0231", "Zhang San"]
DATES = ["2024 06 12", "2024-06-12", "'24 6 12", "2024.06.12", "2024/06/12 15:30", "12/06/2024"]
WHITE, BLACK, RED, ORANGE = (255, 255, 255), (0, 0, 0), (230, 30, 30), (255, 140, 0)
COLOURS = [WHITE, BLACK, ORANGE, RED, (255, 230, 40), (150, 150, 150)]
STAMPS = [ORANGE, (255, 90, 20), (255, 220, 60), WHITE, RED]
FINE = 4  # corners are drawn so many times larger


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="folders that hold images/ and labels.csv")
    parser.add_argument("--keep", type=Path, help="draw into this folder and leave the pictures there")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        drawn = args.keep or Path(folder)
        drawn.mkdir(exist_ok=True)
        first, later = Marks(args.seed), Marks(args.seed)
        paths = [path for photos in args.photos for path in accepted(photos)]
        for draw, kinds in ((first, first.kinds()), (later, later.later_kinds())):
            for path, (kind, mark) in product(paths, kinds.items()):
                marked, quality = mark(Image.open(path).convert("RGB")), draw.random.randint(80, 95)
                marked.save(drawn / f"{kind}.{path.stem}.jpg", quality=quality, dpi=(300, 300))
        tell(check([drawn]))


def accepted(photos: Path) -> list[Path]:
    """Portraits without any mark: those whole ones that a clerk accepts, and every second composite."""
    with (photos / "labels.csv").open(newline="", encoding="utf-8") as rows:
        clean = {row["photo"] for row in csv.DictReader(rows) if row["truth"] == "pass" and row["rule"] == "overall"}
    paths = sorted((photos / "images").iterdir())
    return [path for path in paths if path.name in clean] + sorted((photos / "images").glob("comp_clean_*_0.jpg"))[:25]


class Marks:
    """What is drawn, each time in another way."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.chinese = sorted(FONTS.rglob("NotoS*CJK-*.ttc"))
        self.latin = self.chinese + sorted(FONTS.rglob("DejaVuS*.ttf"))
        if not self.chinese or len(self.latin) == len(self.chinese):
            sys.exit("drawn marks: no Noto CJK or no DejaVu fonts: apt-get install fonts-noto-cjk fonts-dejavu-core")

    def kinds(self) -> dict[str, Callable[[Image.Image], Image.Image]]:
        pick = self.random.choice
        return {
            "caption": lambda photo: self.caption(photo, pick(COLOURS), 1.0),
            "pale caption": lambda photo: self.caption(photo, pick([WHITE, WHITE, BLACK]), self.random.uniform(0.3, 0.6)),
            "upright caption": self.upright,
            "tiled watermark": self.tiled,
            "logo": self.logo,
            "rounded corners": self.corners,
            "date over clothes": lambda photo: self.low(photo, pick(DATES), pick(STAMPS), is_right=self.random.random() < 0.8),
            "name over clothes": lambda photo: self.low(photo, pick(CHINESE), pick(COLOURS), is_right=None),
            "watermark on the face": self.across,
            "seal over clothes": self.seal,
        }

    def later_kinds(self) -> dict[str, Callable[[Image.Image], Image.Image]]:
        """Kinds that came later, drawn apart, so that the others are drawn as before."""
        pick = self.random.choice
        return {"large caption": lambda photo: self.caption(photo, pick([BLACK, BLACK, WHITE, RED]), 1.0, (34, 48))}

    def font(self, text: str, px: int) -> ImageFont.FreeTypeFont:
        path = self.random.choice(self.latin if text.isascii() else self.chinese)
        return ImageFont.truetype(str(path), px)

    def text(self) -> str:
        return self.random.choice(self.random.choice([CHINESE, LATIN]))

    def caption(self, photo: Image.Image, colour: tuple, alpha: float, px: tuple[int, int] = (15, 33)) -> Image.Image:
        text = self.text()
        font = self.font(text, self.random.randint(*px))
        right = photo.width - font.getlength(text) - self.random.randint(5, 12)
        left = max(3, self.random.choice([self.random.randint(4, 12), right]))
        return inked(photo, lambda pen: pen.text((left, self.random.randint(5, 25)), text, 255, font), colour, alpha)

    def upright(self, photo: Image.Image) -> Image.Image:
        px = self.random.randint(16, 29)
        text = self.random.choice(CHINESE).replace(" ", "")
        font = self.font(text, px)
        left, top = self.random.choice([self.random.randint(4, 14), photo.width - px - 8]), self.random.randint(15, 60)

        def draw(pen: ImageDraw.ImageDraw) -> None:
            for i, letter in enumerate(text):
                pen.text((left, top + i * (px + 2)), letter, 255, font)

        return inked(photo, draw, self.random.choice(COLOURS), self.random.choice([1, 0.6, 0.5]))

    def tiled(self, photo: Image.Image) -> Image.Image:
        text = self.text()
        font = self.font(text, self.random.randint(20, 35))
        tile = Image.new("L", [side + 6 for side in font.getbbox(text)[2:]])
        ImageDraw.Draw(tile).text((3, 3), text, 255, font)
        tile = tile.rotate(self.random.choice([20, 30, 45, -30, -45]), Image.Resampling.BICUBIC, expand=True)

        def draw(pen: ImageDraw.ImageDraw) -> None:
            for row, top in enumerate(range(-30, photo.height, 140)):
                for left in range(-60 + row % 2 * 70, photo.width, 190):
                    pen.bitmap((left, top), tile, 255)

        return inked(photo, draw, self.random.choice([WHITE] * 3 + [(60, 60, 60)]), self.random.uniform(0.2, 0.45))

    def logo(self, photo: Image.Image) -> Image.Image:
        radius = self.random.randint(18, 31)
        x, y = self.random.choice([radius + 8, photo.width - radius - 8]), radius + 10

        def draw(pen: ImageDraw.ImageDraw) -> None:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=255, width=3)
            pen.text((x, y), self.random.choice("影照学信"), 255, self.font("影", radius), anchor="mm")

        return inked(photo, draw, self.random.choice(COLOURS), self.random.uniform(0.5, 1))

    def corners(self, photo: Image.Image) -> Image.Image:
        radius = self.random.randint(12, 59)
        below = self.random.choice([0, 2 * radius])  # out of sight: the upper ones alone
        inside = Image.new("L", (FINE * photo.width, FINE * photo.height))
        right, bottom = FINE * photo.width - 1, FINE * (photo.height + below) - 1
        ImageDraw.Draw(inside).rounded_rectangle((0, 0, right, bottom), FINE * radius, 255)
        filled = Image.new("RGB", photo.size, self.random.choice([WHITE, BLACK]))
        return Image.composite(photo, filled, inside.resize(photo.size, Image.Resampling.BOX))

    def low(self, photo: Image.Image, text: str, colour: tuple, is_right: bool | None) -> Image.Image:
        px = self.random.randint(17, 31)
        font = self.font(text, px)
        free = photo.width - font.getlength(text)
        left = {True: free - self.random.randint(8, 29), False: 12, None: free / 2}[is_right]
        top = photo.height - px - self.random.randint(9, 27)
        stroke = self.random.choice([0, 0, 1])
        return inked(photo, lambda pen: pen.text((left, top), text, 255, font, stroke_width=stroke), colour, 1.0)

    def across(self, photo: Image.Image) -> Image.Image:
        text = self.text()
        place = self.random.randint(60, 139), self.random.randint(230, 329)
        font = self.font(text, self.random.randint(40, 69))
        return inked(photo, lambda pen: pen.text(place, text, 255, font), WHITE, self.random.uniform(0.3, 0.5))

    def seal(self, photo: Image.Image) -> Image.Image:
        radius = self.random.randint(60, 99)
        x, y = photo.width - self.random.randint(20, 89), photo.height - self.random.randint(20, 89)

        def draw(pen: ImageDraw.ImageDraw) -> None:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=255, width=5)
            pen.text((x, y), "毕业专用", 255, self.font("毕", 24), anchor="mm")

        return inked(photo, draw, RED, self.random.uniform(0.5, 0.9))


def inked(photo: Image.Image, draw: Callable[[ImageDraw.ImageDraw], None], colour: tuple, alpha: float) -> Image.Image:
    """The photo with what `draw` draws, in this colour."""
    ink = Image.new("L", photo.size)
    draw(ImageDraw.Draw(ink))
    return Image.composite(Image.new("RGB", photo.size, colour), photo, ink.point(lambda shade: int(alpha * shade)))


def tell(found: dict[str, dict[str, dict]]) -> None:
    verdicts = Counter((name.partition(".")[0], findings["border-absent"]["verdict"]) for name, findings in found.items())
    print(f"{'':24}fail   asked  pass")
    for kind in dict.fromkeys(kind for kind, _ in verdicts):
        print(f"{kind:24}" + "   ".join(f"{verdicts[kind, verdict]:4}" for verdict in ("fail", "review", "pass")))


if __name__ == "__main__":
    main()
