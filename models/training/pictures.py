"""All pictures that the attribute heads learn from and are scored on, with what each shows.

A label is 1, 0 or -1 for unknown. Labels come from `labels.csv` of the development photos, of the studio portraits and of the
open portraits, from `list.csv` of the parsing pack, and from the `*_labels.csv` beside this file: corrections and additions by eye.
"""
import csv
import re
import tomllib
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from split import is_held_out

# What the heads tell, 1 = it is there. Ears: wholly out of sight. Of a pair, the subject's right comes first.
ATTRIBUTES = ("glasses", "covered", "hat", "collar_absent", "hood", "shoulders_bare", "necklace", "right_ear_hidden",
              "left_ear_hidden", "made_up", "hair_untidy", "pattern", "glare", "right_earring", "left_earring")
INDEX = {name: index for index, name in enumerate(ATTRIBUTES)}
FACE, CLOTHING, LOOKS = ("glasses", "covered", "hat"), ("collar_absent", "hood", "shoulders_bare", "necklace"), ("made_up", "hair_untidy")
# What is known of either side only: whether it is there at one at least. These columns follow the attributes.
PAIRS = {"ear_hidden": (7, 8), "earring": (13, 14)}
COLUMNS = len(ATTRIBUTES) + len(PAIRS)
COLUMN = {**INDEX, **{name: len(ATTRIBUTES) + i for i, name in enumerate(PAIRS)}}
RULES = {"glasses-absent": "glasses", "face-unobstructed": "covered", "head-uncovered": "hat", "collar-present": "collar_absent",
         "hood-absent": "hood", "shoulders-covered": "shoulders_bare", "necklace-absent": "necklace", "ears-visible": "ear_hidden",
         "makeup-light": "made_up", "hair-tidy": "hair_untidy", "clothing-pattern": "pattern", "glasses-glare": "glare",
         "earrings-absent": "earring"}
# Sources whose people or pictures are the same; a fold holds out a whole family.
FAMILIES = {"kr_assembly": "kr", "kr_blue": "kr", "us_house": "us", "studio_blue": "us", "us_gpo": "us", "us_member": "us",
            "tw_ly": "tw", "cuhk": "cuhk"}
SOURCES = Path(__file__).with_name("sources.toml")
UNUSABLE = {"utk_face_4341.jpg"}


@dataclass
class Picture:
    """A picture, the mesh found on it (478 x 2 pixels) and its labels by COLUMN."""

    name: str
    path: Path
    collection: str  # photos, studio, open, pack
    source: str
    is_held_out: bool
    labels: np.ndarray
    attributes: frozenset[str] = frozenset()  # of the parsing pack
    points: np.ndarray | None = None

    @property
    def family(self) -> str:
        """Of a studio or open portrait, what is held out together; else nothing."""
        return FAMILIES.get(self.source, "web") if self.collection in ("studio", "open") else ""


def rows(path: Path):
    return csv.DictReader(open(path, newline="", encoding="utf-8"))


def unknown() -> np.ndarray:
    return np.full(COLUMNS, -1, np.int8)


def openly_licensed(data: Path) -> set[Path]:
    """The pictures that sources.toml names as open."""
    found = set()
    for source in tomllib.loads(SOURCES.read_text(encoding="utf-8"))["pictures"]:
        folder = (data / source["collection"]).resolve()
        if "basis" in source:
            found |= {folder / "images" / row["photo"] for row in rows(folder / "photos.csv")
                      if row["basis"] == source["basis"] and row["source"] == source["source"]}
        else:
            found |= {path for start in source["names"] for path in (folder / "images").glob(f"{start}*.jpg")}
    return found


def complete_open(pictures: list[Picture], listing: Path) -> None:
    """Hold out one open portrait in five, and add what was labelled by eye on the London and Canada sets, and what all official
    portraits of men show: suits, no make-up, combed hair."""
    by_stem = {picture.path.stem: picture for picture in pictures}
    for row in rows(Path(__file__).with_name("open_labels.csv")):
        labels = by_stem[row["picture"]].labels
        for name in ATTRIBUTES:
            if row.get(name) and labels[INDEX[name]] < 0:
                labels[INDEX[name]] = int(row[name])
        for name, sides in PAIRS.items():
            if labels[COLUMN[name]] < 0 and (labels[list(sides)] >= 0).all():
                labels[COLUMN[name]] = labels[list(sides)].max()
    men = {row["photo"] for row in rows(listing) if row["woman"] == "0"}
    for picture in (p for p in pictures if p.collection == "open"):
        picture.is_held_out = zlib.crc32(picture.name.encode()) % 5 == 0
        if picture.name in men:
            picture.labels[[INDEX[name] for name in ("hood", "shoulders_bare", "made_up", "hair_untidy")]] = 0


def labelled_photos(folder: Path, collection: str) -> list[Picture]:
    """The photos of a folder with images/ and labels.csv."""
    found: dict[str, Picture] = {}
    for row in rows(folder / "labels.csv"):
        name = row["photo"]
        held = collection == "photos" and is_held_out(name)
        picture = found.setdefault(name, Picture(name, folder / "images" / name, collection, row["source"], held, unknown()))
        if row["rule"] in RULES:
            picture.labels[COLUMN[RULES[row["rule"]]]] = row["truth"] == "fail"
    for picture in found.values():
        # Two sides of which neither has it are both known.
        for name, sides in PAIRS.items():
            if picture.labels[COLUMN[name]] == 0:
                picture.labels[list(sides)] = 0
    return list(found.values())


def pack_pictures(pack: Path, listing: Path) -> list[Picture]:
    found = []
    for row in rows(listing):
        name, shows, source = row["file"], row["attributes"].split(), row["source"].split("_")[0]
        is_whole = (pack / "image" / f"{name}.jpg").exists()
        original = name if is_whole else re.sub(r"^facemask_", "fm_", re.sub(r"_[0-9a-f]{4}$", "", name))
        labels = unknown()
        labels[INDEX["covered"]] = "face_mask" in shows
        if is_whole and "face_mask" not in shows:
            labels[INDEX["glasses"]], labels[INDEX["hat"]] = "glasses" in shows, "hat" in shows
            if source == "scut":
                labels[INDEX["necklace"]] = "necklace" in shows
        found.append(Picture(name, pack / ("image" if is_whole else "face") / f"{name}.jpg", "pack",
                             source if is_whole else f"{source}_crop", is_held_out(original), labels, frozenset(shows)))
    return found


def read_pictures(data: Path, only_open: bool = False) -> list[Picture]:
    """All of them; a picture can be there twice, as development photo and in the parsing pack."""
    pictures = labelled_photos((data / "photos").resolve(), "photos")
    if not only_open:
        pictures += pack_pictures((data / "pack").resolve(), data / "list.csv")
    by_stem: dict[str, list[Picture]] = {}
    for picture in pictures:
        by_stem.setdefault(picture.name.removesuffix(".jpg"), []).append(picture)

    def told(stem: str, column: int, value: str) -> None:
        for picture in by_stem.get(stem, []):
            picture.labels[column] = int(value)

    here = Path(__file__).parent
    for row in rows(here / "face_labels.csv"):
        for name in FACE:
            if row[name]:
                told(row["name"].removesuffix(".jpg"), INDEX[name], row[name])
        for picture in by_stem.get(row["name"].removesuffix(".jpg"), []):
            picture.is_held_out |= row["heldout"] == "1"
    for table, names in (("clothing_labels.csv", CLOTHING), ("look_labels.csv", (*LOOKS, "shoulders_bare"))):
        for row in rows(here / table):
            for name in names:
                if row[name]:
                    told(row["picture"].removesuffix(".jpg"), INDEX[name], row[name])
            if row.get("glasses_glare"):
                told(row["picture"].removesuffix(".jpg"), INDEX["glare"], row["glasses_glare"])
    for row in rows(here / "ear_labels.csv"):
        side, stem = int(row["side"]), row["file"].removesuffix(".jpg")
        if row["visible"]:
            told(stem, PAIRS["ear_hidden"][side], str(1 - int(row["visible"])))
        if row["earring"]:
            told(stem, PAIRS["earring"][side], row["earring"])
    pictures += labelled_photos((data / "open").resolve(), "open")
    if only_open:
        known = openly_licensed(data)
        pictures = [picture for picture in pictures if picture.path in known]
        complete_open(pictures, data / "open" / "photos.csv")
        return pictures
    pictures += labelled_photos((data / "studio").resolve(), "studio")
    return [picture for picture in pictures if picture.name not in UNUSABLE]


def with_mesh(pictures: list[Picture], landmarks: Path) -> list[Picture]:
    """Those on which face_landmarks.py found a mesh."""
    found = np.load(landmarks)
    points = dict(zip(found["path"], found["points"]))
    for picture in pictures:
        picture.points = points.get(str(picture.path))
    return [picture for picture in pictures if picture.points is not None]
