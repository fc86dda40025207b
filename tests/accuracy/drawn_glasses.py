#!/usr/bin/env python3
"""Glasses drawn on bare faces: whether frames that cross the eyes and reflections on the lenses are told from good glasses.

    python3 tests/accuracy/drawn_glasses.py --photos ../shared/photos [--keep FOLDER]

Hardly a development photo of studio size shows either fault. So every larger portrait without glasses gets three by seed: worn
well, the same slid down until the rim crosses the eyes, and the same worn well with a window or a lamp on the lenses. The drawing is not
the one that the nets learned from. Prints AUC, EER and the verdicts of glasses-frame and glasses-glare, of held-out people apart.
Needs Pillow, numpy and a release build.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from gate import PROFILE, TARGET, is_held_out

COMMAND = TARGET / "release/gradphoto"
SOURCES = ("canada", "lonneutral", "lonsmile", "scut_")
SMALLEST_PX = 350
FINE = 4  # lines are drawn so many times larger
# What of glasses that sit well is drawn, and the rule that is to tell it from them.
FAULTS = {"frame": "glasses-frame", "glare": "glasses-glare"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True, help="folder that holds images/")
    parser.add_argument("--keep", type=Path, help="draw into this folder and leave the pictures there")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        drawn = args.keep or Path(folder)
        drawn.mkdir(exist_ok=True)
        faces = portraits(args.photos / "images")
        found = check(faces)
        for face in faces:
            if found[face.stem].get("glasses-absent", {}).get("verdict") == "pass":
                draw_all(face, found[face.stem]["gaze-frontal"]["region"], drawn)
        tell(check([drawn]))


def portraits(images: Path) -> list[Path]:
    """Portraits that are large enough to show a rim."""
    paths = [path for path in sorted(images.iterdir()) if path.name.startswith(SOURCES)]
    large = [path for path in paths if min(Image.open(path).size) >= SMALLEST_PX]
    return large or sys.exit("drawn glasses: no portrait to draw on")


def check(paths: list[Path]) -> dict[str, dict[str, dict]]:
    """Findings by photo and rule."""
    command = [COMMAND, "check", *paths, "--profile", PROFILE, "--format", "jsonl"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode > 1:
        sys.exit(done.stderr)
    reports = map(json.loads, done.stdout.splitlines())
    return {Path(r["photo"]).stem: {f["rule"]: f for f in r.get("findings", [])} for r in reports}


def draw_all(face: Path, eyes: list[float], folder: Path) -> None:
    """NAME.good, NAME.frame and NAME.glare of a face."""
    portrait = Image.open(face).convert("RGB")
    chance = numpy.random.default_rng(list(face.stem.encode()))
    glasses = Glasses(eyes, chance)
    glasses.worn(portrait).save(folder / f"{face.stem}.good.png")
    glasses.worn(portrait, reflecting=True).save(folder / f"{face.stem}.glare.png")
    glasses.cross_the_eyes()
    glasses.worn(portrait).save(folder / f"{face.stem}.frame.png")


class Glasses:
    """A frame of random make around eyes that fill the box [x, y, width, height], in pixels."""

    def __init__(self, eyes: list[float], chance: numpy.random.Generator):
        x, y, width, self.opening = eyes
        self.chance = chance
        self.apart = 0.68 * width
        self.middle = numpy.array([x + width / 2, y + self.opening / 2])
        self.half = numpy.array([chance.uniform(0.36, 0.44), chance.uniform(0.24, 0.34)]) * self.apart
        self.squareness = chance.uniform(2.2, 5)
        self.rim = self.apart * (chance.uniform(0.03, 0.05) if chance.random() < 0.5 else chance.uniform(0.05, 0.1))
        dark, metal = chance.uniform(15, 60), chance.uniform(110, 170)
        self.colour = (dark if chance.random() < 0.7 else metal) * chance.uniform(0.85, 1.15, 3)
        self.down = chance.uniform(0.1, 0.3) * self.half[1]

    def cross_the_eyes(self) -> None:
        """Slides them down the nose until the upper rim runs through the eyes."""
        self.down = self.half[1] + self.chance.uniform(-0.25, 0.25) * self.opening

    def worn(self, portrait: Image.Image, reflecting: bool = False) -> Image.Image:
        lenses = [self.lens(side) for side in (-1, 1)]
        panes = self.painted(portrait.size, lambda pen: [pen.polygon(lens, fill=255) for lens in lenses])
        frame = self.painted(portrait.size, lambda pen: self.draw_frame(pen, lenses))
        shadow = ImageChops.offset(frame, 0, round(self.apart * 0.05)).filter(ImageFilter.GaussianBlur(self.apart * 0.02))
        picture = over(portrait, (0, 0, 0), shadow, 0.25)
        picture = over(picture, (255, 255, 255), panes, self.chance.uniform(0, 0.05))
        if reflecting:
            light = self.painted(portrait.size, lambda pen: self.draw_lights(pen, lenses))
            light = ImageChops.multiply(light.filter(ImageFilter.GaussianBlur(self.apart * self.chance.uniform(0.005, 0.03))), panes)
            tone = [(255, 255, 255), (255, 255, 255), (215, 235, 255), (200, 255, 225)][self.chance.integers(4)]
            picture = over(picture, tone, light, self.chance.uniform(0.4, 0.95))
        return over(picture, tuple(map(round, self.colour)), frame, 0.95)

    def lens(self, side: int) -> list[tuple[float, float]]:
        turn = numpy.linspace(0, 2 * numpy.pi, 97)
        round_off = lambda value: numpy.sign(value) * numpy.abs(value) ** (2 / self.squareness)
        centre = self.middle + [side * self.apart / 2, self.down]
        points = centre + self.half * numpy.stack([round_off(numpy.cos(turn)), round_off(numpy.sin(turn))], 1)
        return [tuple(point) for point in points * FINE]

    def draw_frame(self, pen: ImageDraw.ImageDraw, lenses: list) -> None:
        width = max(1, round(self.rim * FINE))
        for lens in lenses:
            pen.line(lens, fill=255, width=width, joint="curve")
        bridge_y = self.middle[1] + self.down - self.half[1] * 0.3
        inner, outer = self.apart / 2 - self.half[0], self.apart / 2 + self.half[0]
        for start, end in ((-inner, inner), (outer, 1.25 * self.apart), (-1.25 * self.apart, -outer)):
            ends = [((self.middle[0] + x) * FINE, bridge_y * FINE) for x in (start, end)]
            pen.line(ends, fill=255, width=width)

    def draw_lights(self, pen: ImageDraw.ImageDraw, lenses: list) -> None:
        """The same window or lamp at the same place of each lens, or on one lens alone."""
        size = self.half * FINE * self.chance.uniform(0.25, 0.7, 2)
        place = self.half * FINE * self.chance.uniform(-0.7, 0.7, 2)
        is_lamp = self.chance.random() < 0.3
        for lens in lenses[: self.chance.choice([1, 2, 2])]:
            centre = numpy.mean(lens, 0) + place
            slant = size[0] * self.chance.uniform(-0.4, 0.4)
            if is_lamp:
                pen.ellipse([*(centre - size), *(centre + size)], fill=255)
            else:
                pen.polygon([tuple(centre + size * [a, b] + [slant * b, 0]) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))], fill=255)

    @staticmethod
    def painted(size: tuple[int, int], draw) -> Image.Image:
        fine = Image.new("L", (size[0] * FINE, size[1] * FINE))
        draw(ImageDraw.Draw(fine))
        return fine.resize(size, Image.Resampling.BOX)


def over(picture: Image.Image, colour: tuple, alpha: Image.Image, strength: float) -> Image.Image:
    return Image.composite(Image.new("RGB", picture.size, colour), picture, alpha.point(lambda value: round(value * strength)))


def tell(findings: dict[str, dict[str, dict]]) -> None:
    """A line for each rule and part."""
    for fault, rule in FAULTS.items():
        for part, belongs in (("held out", is_held_out), ("others", lambda name: not is_held_out(name))):
            of = {
                kind: [f[rule] for name, f in findings.items() if name.endswith(f".{kind}") and belongs(name.split(".")[0] + ".jpg")]
                for kind in ("good", fault)
            }
            print(f"{rule}, people {part}: {figures(of['good'], of[fault])}")


def figures(good: list[dict], bad: list[dict]) -> str:
    """Of these findings of one rule; photos that it could not assess count as bad as can be."""
    worse = 1 if good[0]["limit"].get("max") is not None else -1
    value = lambda finding: numpy.inf if finding["value"] is None else worse * finding["value"]
    well, ill = (numpy.array([value(finding) for finding in findings]) for findings in (good, bad))
    auc = (ill[:, None] > well).mean() + 0.5 * (ill[:, None] == well).mean()
    eer = min(max((well > limit).mean(), (ill <= limit).mean()) for limit in numpy.unique([*well, *ill]))
    share = lambda findings, verdict: 100 * numpy.mean([finding["verdict"] == verdict for finding in findings])
    return (
        f"{len(good)} good, {len(bad)} bad, AUC {auc:.3f}, EER {100 * eer:.1f} %; good failed {share(good, 'fail'):.1f} %, "
        f"to review {share(good, 'review'):.1f} %; bad passed {share(bad, 'pass'):.1f} %, to review {share(bad, 'review'):.1f} %"
    )


if __name__ == "__main__":
    main()
