"""Masks of the parsing net's classes on openly licensed portraits, made without any net that learned from others.

The selfie net of mediapipe tells person from background, the polygons of its mesh give brows, eyes and lips. What is skin, hair
and cloth is told by colour: every portrait's own, learned where geometry leaves no doubt. Where colour and place do not settle a
pixel it is left open (IGNORE), as are worn glasses and jewels, whose outline nobody has drawn.
"""
import csv
from pathlib import Path

import cv2
import numpy as np

from face_parsing_data import (BACKGROUND, BROW, CLOTH, EAR, EYE, HAIR, IGNORE, LIPS, MESH_PER_BOX, MOUTH, NECK, SKIN)
from pictures import COLUMN, INDEX, Picture

OVAL = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172,
        58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)
EYES = ((33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7),
        (362, 398, 384, 385, 386, 387, 388, 466, 263, 249, 390, 373, 374, 380, 381, 382))
BROWS = ((46, 53, 52, 65, 55, 107, 66, 105, 63, 70), (276, 283, 282, 295, 285, 336, 296, 334, 293, 300))
LIPS_OUTER = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
LIPS_INNER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191)
LEAST_INSIDE = 0.035  # lips apart by less, in widths of the face, show no mouth
SURE = 1.2  # log likelihoods that a class must be ahead by
MIXTURE = 3
FEWEST = 60


class Colours:
    """A mixture of a few normal distributions in Lab."""

    def __init__(self, samples: np.ndarray, trimmed: float = 0.0, light: float = 40.0):
        samples = np.float32(samples[:: max(1, len(samples) // 4000)])
        if trimmed:  # without the share that is farthest from the rest
            away = (np.abs(samples - np.median(samples, 0)) * np.float32([0.5, 1, 1])).max(1)
            samples = samples[away <= np.quantile(away, 1 - trimmed)]
        criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
        cv2.setRNGSeed(1)
        _, which, _ = cv2.kmeans(samples, MIXTURE, None, criteria, 2, cv2.KMEANS_PP_CENTERS)
        self.parts = []
        for part in range(MIXTURE):
            own = samples[which[:, 0] == part]
            if len(own) > 8:
                spread = np.cov(own.T) + np.diag([light, 8.0, 8.0])
                self.parts.append((np.log(len(own) / len(samples)), own.mean(0), np.linalg.inv(spread), np.linalg.slogdet(spread)[1]))

    def log_likelihood(self, lab: np.ndarray) -> np.ndarray:
        """HxW of an HxWx3 picture."""
        found = []
        for share, middle, inverse, volume in self.parts:
            away = lab - np.float32(middle)
            found.append(share - 0.5 * volume - 0.5 * np.einsum("hwi,ij,hwj->hw", away, np.float32(inverse), away))
        return np.logaddexp.reduce(found)


def polygon(shape: tuple[int, ...], outline: np.ndarray) -> np.ndarray:
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round((outline - 0.5) * 16).astype(np.int32)], 1, cv2.LINE_8, 4)
    return mask > 0


def grown(mask: np.ndarray, radius: float) -> np.ndarray:
    """Wider by so many pixels; narrower where negative."""
    size = 2 * max(1, round(abs(radius))) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return (cv2.dilate if radius > 0 else cv2.erode)(mask.astype(np.uint8), kernel) > 0


def touching(mask: np.ndarray, seed: np.ndarray) -> np.ndarray:
    """The parts of a mask that reach a seed."""
    _, parts = cv2.connectedComponents(mask.astype(np.uint8))
    kept = np.unique(parts[mask & seed])
    return np.isin(parts, kept[kept > 0])


def person_of(image: np.ndarray, share: np.ndarray, face_width: float) -> tuple[np.ndarray, np.ndarray]:
    """The subject, HxW, by graph cut in a band around where the net says it ends, and that band."""
    share = cv2.resize(share, image.shape[1::-1], interpolation=cv2.INTER_LINEAR).astype(np.float32) / 255
    inside, reach = share > 0.5, 0.05 * face_width
    marks = np.where(inside, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    marks[grown(inside, -reach) & (share > 0.9)] = cv2.GC_FGD
    marks[~grown(inside, reach)] = cv2.GC_BGD
    if (marks == cv2.GC_BGD).sum() > 200:
        cv2.setRNGSeed(1)
        cv2.grabCut(image, marks, None, np.zeros((1, 65)), np.zeros((1, 65)), 2, cv2.GC_INIT_WITH_MASK)
    person = np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD))
    return person, np.abs(share - 0.5) < 0.3


def mask_of(image: np.ndarray, points: np.ndarray, share: np.ndarray, picture: Picture) -> np.ndarray:
    """Classes of an RGB picture, HxW uint8, from its mesh (pixels) and the selfie net's share of the person."""
    width = float(np.hypot(*(points[234] - points[454])))
    across = (points[454] - points[234]) / width
    downward = np.array([-across[1], across[0]])
    y, x = np.mgrid[:image.shape[0], :image.shape[1]].astype(np.float32) + 0.5
    middle = points[[234, 454]].mean(0)
    out = np.abs((x - middle[0]) * across[0] + (y - middle[1]) * across[1]) / width  # from the middle line, in widths of the face
    down = ((x - middle[0]) * downward[0] + (y - middle[1]) * downward[1]) / width
    at = lambda *index: float((points[list(index)].mean(0) - middle) @ downward / width)  # noqa: E731
    brow, nose, mouth, chin = at(105, 334), at(2) - 0.03, at(13, 14), at(152)

    person, doubtful = person_of(image, share, width)
    lab = cv2.cvtColor(cv2.bilateralFilter(image, 5, 18, 3), cv2.COLOR_RGB2LAB).astype(np.float32)
    oval = polygon(image.shape, points[list(OVAL)])
    features = np.zeros(oval.shape, bool)
    for outline in (*EYES, *BROWS, LIPS_OUTER):
        features |= grown(polygon(image.shape, points[list(outline)]), 0.02 * width)

    cheeks = grown(oval, -0.05 * width) & ~features & (down > brow) & (down < mouth + 0.03) & ((out > 0.25) | (down < nose))
    skin = Colours(lab[cheeks], trimmed=0.1, light=150.0)  # the neck lies in shadow
    like_skin = skin.log_likelihood(lab)
    usual = np.percentile(like_skin[cheeks], 8)
    unlike = like_skin < usual - 3
    above = person & ~grown(oval, 0.03 * width) & (down < brow + 0.1) & unlike & ~doubtful
    below = person & ~doubtful & (like_skin < usual - 6) & ((down > chin + 0.42) | (down > chin + 0.1) & (out > 0.62))
    beside = person & ~grown(oval, 0.03 * width) & (down < brow + 0.1)
    has_hair = above.sum() > max(FEWEST, 0.12 * beside.sum())
    hair = Colours(lab[above]) if has_hair else None
    cloth = Colours(lab[below]) if below.sum() > 4 * FEWEST else None

    jaw_side = (out > 0.5) & (out < 0.72) & (down > mouth - 0.05) & (down < (mouth + chin) / 2)
    is_long = has_hair and (person & unlike & jaw_side).sum() > 0.5 * jaw_side.sum()

    never = np.full(oval.shape, -1e3, np.float32)
    # What the place says for each: penalties in log likelihoods, softly.
    soft = lambda value: np.clip(value, 0, 1)  # noqa: E731
    of_skin = like_skin - 6 * soft((out - 0.62) / 0.1) * (down < chin) - 4 * soft((down - chin - 0.5) / 0.3) - 2 * soft((out - 0.5) / 0.2) * (down > chin)
    of_skin = of_skin + 3 * grown(oval, -0.08 * width) * (down > brow)
    of_hair = never if hair is None else (hair.log_likelihood(lab) - 8 * soft((down - chin - 0.3) / 0.5)
                                          - 12 * (grown(oval, -0.05 * width) & (down > brow - 0.02)) - 5 * ((out < 0.33) & (down > mouth))
                                          - (0 if is_long else 30) * soft((down - mouth) / 0.1))
    of_cloth = never if cloth is None else cloth.log_likelihood(lab) - 25 * soft((mouth + 0.12 + 0.1 * (out < 0.45) - down) / 0.1) - 3 * (out < 0.3) * (down < chin + 0.2)
    of_cloth = of_cloth - 40 * oval
    costs = np.stack([cv2.blur(np.maximum(value, -60).astype(np.float32), (5, 5)) for value in (of_skin, of_hair, of_cloth)])
    order = np.sort(costs, 0)
    sure = order[-1] - order[-2] > SURE
    best = costs.argmax(0)

    labels = np.full(oval.shape, IGNORE, np.uint8)
    bare = person & (best == 0)
    labels[bare & (oval | (down < brow))] = SKIN
    labels[bare & ~oval & (down > mouth)] = NECK
    ears = bare & ~oval & (down >= brow - 0.03) & (down <= mouth + 0.06) & (out > 0.43) & (out < 0.68) & (like_skin > usual - 2)
    labels[bare & ~oval & (down >= brow) & (down <= mouth)] = SKIN
    labels[touching(ears, grown(oval, 0.06 * width))] = EAR
    labels[person & (best == 1)] = HAIR
    labels[person & (best == 2)] = CLOTH
    labels[~sure & person & ~(grown(oval, -0.06 * width) & (down > brow))] = IGNORE
    remove_specks(labels, width)
    labels[~person] = BACKGROUND
    labels[~grown(person, -2) & person & doubtful] = IGNORE
    for outline, value in (*((o, BROW) for o in BROWS), *((o, EYE) for o in EYES), (LIPS_OUTER, LIPS)):
        here = polygon(image.shape, points[list(outline)])
        labels[here & (labels != HAIR) if value == BROW else here] = value
    if float(np.hypot(*(points[13] - points[14]))) > LEAST_INSIDE * width:
        labels[polygon(image.shape, points[list(LIPS_INNER)])] = MOUTH
    leave_open(labels, picture, out, down, at, brow, mouth)
    return labels


def remove_specks(labels: np.ndarray, width: float) -> None:
    """Leave small islands of a class open (in place)."""
    for value in (SKIN, EAR, NECK, CLOTH, HAIR):
        _, parts, stats, _ = cv2.connectedComponentsWithStats((labels == value).astype(np.uint8))
        small = stats[:, cv2.CC_STAT_AREA] < 0.004 * width**2
        small[0] = False
        labels[small[parts]] = IGNORE


def leave_open(labels: np.ndarray, picture: Picture, out: np.ndarray, down: np.ndarray, at, brow: float, mouth: float) -> None:
    """What a label by eye says is worn has no outline here: leave its place open (in place)."""
    if picture.labels[INDEX["glasses"]] == 1:
        labels[(down > brow - 0.03) & (down < at(5)) & (out < 0.6) & np.isin(labels, (SKIN, EYE, BROW, HAIR, EAR))] = IGNORE
    if picture.labels[COLUMN["earring"]] == 1:
        labels[(out > 0.4) & (out < 0.75) & (down > at(1) - 0.1) & (down < mouth + 0.3) & np.isin(labels, (EAR, NECK, HAIR))] = IGNORE
    if picture.labels[INDEX["necklace"]] == 1:
        labels[(out < 0.4) & (down > at(152) + 0.1) & (labels == NECK)] = IGNORE


def write(pictures: list[Picture], persons: dict[str, np.ndarray], out: Path) -> None:
    """Write a folder as face_parsing.py reads it: image/, mask/ and list.csv."""
    for name in ("image", "mask"):
        (out / name).mkdir(parents=True, exist_ok=True)
    with open(out / "list.csv", "w", newline="", encoding="utf-8") as file:
        listing = csv.writer(file)
        listing.writerow(["file", "source", "heldout", "face_box", "attributes"])
        for picture in pictures:
            if 1 in picture.labels[[INDEX["hat"], INDEX["covered"]]]:
                continue
            image = cv2.cvtColor(cv2.imread(str(picture.path)), cv2.COLOR_BGR2RGB)
            points = picture.points.astype(np.float64)
            labels = mask_of(image, points, persons[str(picture.path)], picture)
            stem = picture.path.stem
            cv2.imwrite(str(out / "image" / f"{stem}.jpg"), cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 97])
            cv2.imwrite(str(out / "mask" / f"{stem}.png"), labels)
            width = float(np.hypot(*(points[234] - points[454])))
            x, y, half = points[[234, 454], 0].mean(), points[[10, 152], 1].mean() - 0.075 * width, width / MESH_PER_BOX / 2
            worn = [name for name in ("glasses", "necklace", "hat") if picture.labels[INDEX[name]] == 1]
            worn += ["earring"] if picture.labels[COLUMN["earring"]] == 1 else []
            source = {"lonneutral": "lon", "lonsmile": "lon", "canada": "can"}.get(stem.split("_")[0], "open")
            box = " ".join(f"{v:.1f}" for v in (x - half, y - half, x + half, y + half))
            listing.writerow([f"{stem}.jpg", source, int(picture.is_held_out), box, " ".join(worn)])
