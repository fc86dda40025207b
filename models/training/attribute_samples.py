"""Training samples for the attribute heads: crops of people who are not held out, with things drawn on them."""
import cv2
import numpy as np

import face_drawings as draw
from crops import MARGIN, Crop
from drawing_pool import Drawn
from face_parsing_data import HEIGHT, IGNORE, WIDTH
from pictures import COLUMN, INDEX, PAIRS

# How often each column is what a sample is drawn for, and how often what it looks for is drawn rather than real.
OFTEN = {"glasses": 1.5, "covered": 1.5, "hat": 2, "collar_absent": 2.5, "hood": 1, "shoulders_bare": 1.2, "necklace": 3.5,
         "right_ear_hidden": 0.5, "left_ear_hidden": 0.5, "made_up": 1.2, "hair_untidy": 0.8, "pattern": 2, "glare": 0.8,
         "right_earring": 0.7, "left_earring": 0.7, "ear_hidden": 1.5, "earring": 1.5}
DRAWN = {"glasses": 0.3, "covered": 0.55, "hat": 0.6, "collar_absent": 0.15, "necklace": 0.45, "made_up": 0.25,
         "hair_untidy": 0.35, "pattern": 0.5, "glare": 0.4, "right_earring": 0.4, "left_earring": 0.4, "earring": 0.3}
CLOTHING = [INDEX[name] for name in ("collar_absent", "hood", "shoulders_bare", "necklace", "pattern")]
HEAD = [COLUMN[name] for name in ("hair_untidy", "right_ear_hidden", "left_ear_hidden", "ear_hidden", "right_earring",
                                  "left_earring", "earring")]
# Of what can be drawn, more is where fewer than so many pictures show it.
ENOUGH = 100
DRAWABLE = ("glasses", "covered", "hat", "collar_absent", "hood", "shoulders_bare", "necklace", "made_up", "hair_untidy", "pattern",
            "right_earring", "left_earring", "earring")
CHANGED = 12  # of 255: what differs more was drawn over


class Samples:
    """Draws samples so that of each column both answers are seen equally often, sources by the root of their size."""

    def __init__(self, crops: list[Crop], rng: np.random.Generator, draws_more: bool = False):
        self.crops, self.rng = crops, rng
        labels, sources = np.stack([crop.labels for crop in crops]), np.array([crop.collection + crop.source for crop in crops])
        self.pools = {}
        for name in OFTEN:
            for value in (0, 1):
                rows = np.flatnonzero(labels[:, COLUMN[name]] == value)
                self.pools[name, value] = [rows[sources[rows] == source] for source in np.unique(sources[rows])]
        self.share_drawn = dict(DRAWN)
        if draws_more:
            for name in DRAWABLE:
                real = sum(map(len, self.pools[name, 1]))
                self.share_drawn[name] = max(DRAWN.get(name, 0), 1 - real / ENOUGH)
        known = lambda name: self.pools[name, 0] and (self.pools[name, 1] or self.share_drawn.get(name))  # noqa: E731
        self.names = [name for name in OFTEN if known(name)]
        often = np.array([OFTEN[name] for name in self.names])
        self.often = often / often.sum()

    def pick(self, name: str, value: int) -> Crop:
        pools = self.pools[name, value]
        weights = np.sqrt([len(rows) for rows in pools])
        return self.crops[self.rng.choice(pools[self.rng.choice(len(pools), p=weights / weights.sum())])]

    def one(self) -> Drawn:
        """Its classes are IGNORE where something was drawn."""
        rng = self.rng
        name, value = rng.choice(self.names, p=self.often), int(rng.random() < 0.5)
        is_drawn = value == 1 and (not self.pools[name, 1] or rng.random() < self.share_drawn.get(name, 0))
        base = {"glare": ("glasses", 1)}.get(name, (name, 0)) if is_drawn else (name, value)
        crop = self.pick(*base)
        before, labels, classes = crop.rgb(), crop.labels.copy(), crop.parsing()
        image = before
        if is_drawn:
            image = self.drawn(name, image, labels, crop)
        elif rng.random() < 0.3:
            image = self.distracted(name, value, image, labels, crop)
        if image is not before:
            changed = cv2.absdiff(image, before).max(2) > CHANGED
            classes[cv2.dilate(changed.astype(np.uint8), np.ones((3, 3))) > 0] = IGNORE
        return Drawn(image, classes, labels, crop.points[[234, 454]].mean(0))

    def drawn(self, name: str, image: np.ndarray, labels: np.ndarray, crop: Crop) -> np.ndarray:
        """The image with the attribute drawn on it; the labels (in place) say what holds now."""
        rng, points, before = self.rng, crop.points, image
        if name == "glasses":
            image = draw.draw_glasses(image, points, rng)
            labels[INDEX["glare"]] = -1
        elif name == "made_up":
            image = draw.draw_makeup(image, points, rng)
        elif name == "covered":
            how = rng.random()
            if how < 0.25:
                image = draw.draw_mask(image, points, rng)
            elif how < 0.6:
                image = draw.draw_hand(image, points, rng)
            elif how < 0.85:
                image = draw.draw_object(image, points, rng, self.pick("covered", 0).rgb())
            else:
                image = draw.draw_scarf(image, points, rng, True)
            labels[CLOTHING] = labels[HEAD] = labels[INDEX["made_up"]] = -1
        else:
            classes = crop.parsing()
            if name == "hat":
                image = draw.draw_hat(image, points, rng, classes)
                labels[HEAD] = labels[CLOTHING] = -1
            elif name == "collar_absent":
                image = draw.draw_neckline(image, points, rng, classes)
                labels[[INDEX["pattern"], INDEX["shoulders_bare"], INDEX["hood"]]] = -1
                labels[INDEX["necklace"]] = min(labels[INDEX["necklace"]], 0)
            elif name in ("hood", "shoulders_bare"):
                image = (draw.draw_hood if name == "hood" else draw.draw_bare_shoulders)(image, points, rng, classes)
                labels[CLOTHING] = -1
            elif name == "earring":
                for side, column in enumerate(PAIRS["earring"]):
                    pierced = draw.draw_earring(image, points, rng, classes, side)
                    if pierced is not image:
                        image, labels[column] = pierced, 1
            elif name in ("right_earring", "left_earring"):
                image = draw.draw_earring(image, points, rng, classes, int(name == "left_earring"))
            else:
                image = {"necklace": draw.draw_necklace, "hair_untidy": draw.draw_stray_hair, "pattern": draw.draw_pattern,
                         "glare": draw.draw_flare}[name](image, points, rng, classes)
        if image is not before:
            labels[COLUMN[name]] = 1
            if name in ("right_earring", "left_earring"):
                labels[COLUMN["earring"]] = 1
        return image

    def distracted(self, name: str, value: int, image: np.ndarray, labels: np.ndarray, crop: Crop) -> np.ndarray:
        """The image with something drawn on it that changes no answer, or the answer to another question."""
        rng, points = self.rng, crop.points
        kind = rng.random()
        if name == "necklace":
            return draw.draw_crease(image, points, rng, crop.parsing()) if value == 0 else image
        if name in ("pattern", "hood") and value == 1:
            return image
        if kind < 0.35 and labels[INDEX["pattern"]] <= 0:
            return draw.draw_plain(image, points, rng, crop.parsing())
        if kind < 0.5 and labels[INDEX["glasses"]] == 0:
            labels[INDEX["made_up"]] = -1
            return draw.draw_strands(image, points, rng)
        if kind < 0.6 and labels[INDEX["glasses"]] == 0:
            return self.drawn("glasses", image, labels, crop)
        if kind < 0.7 and labels[INDEX["pattern"]] == 0:
            return self.drawn("pattern", image, labels, crop)
        if kind < 0.8 and labels[INDEX["necklace"]] == 0:
            return self.drawn("necklace", image, labels, crop)
        if kind < 0.85:
            labels[CLOTHING] = -1
            return draw.draw_scarf(image, points, rng, False)
        return image


def plain_part(image: np.ndarray) -> np.ndarray:
    """What the net sees of a crop's image."""
    return image[MARGIN[1]:MARGIN[1] + HEIGHT, MARGIN[0]:MARGIN[0] + WIDTH]


def plain_view(crop: Crop) -> np.ndarray:
    return plain_part(crop.rgb())
