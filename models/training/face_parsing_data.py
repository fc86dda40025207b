"""Pictures with masks for the face parsing net: reading, cleaning, and cutting the crop that the product cuts."""
import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from geometry import GEOMETRY

CROP = GEOMETRY["face-parsing"]
HEIGHT, WIDTH = CROP["height"], CROP["width"]
(BACKGROUND, SKIN, BROW, EYE, GLASSES, EAR, EARRING, MOUTH, LIPS, NECK, NECKLACE, CLOTH, HAIR, HAT) = range(14)
IGNORE = 255
EDGE_BAND_PX = 6  # how far from a mask's edge the colour of a plain backdrop may move it
MESH_PER_BOX = 1.06  # width of the face on the mesh that the product uses, per width of the listed box


@dataclass
class Picture:
    """A picture (HxWx3 RGB) and its labels (HxW); with a plain backdrop also its colour and the subject's opacity."""

    name: str
    source: str
    attributes: frozenset[str]
    image: np.ndarray
    labels: np.ndarray
    face: tuple[float, float, float]  # centre x, centre y, width in pixels, as the product measures them
    backdrop: np.ndarray | None = None  # 8x8x3 float32, to be stretched over the picture
    opacity: np.ndarray | None = None  # HxW, 0..255


def read_pictures(pack: Path, heldout: bool = False) -> list[Picture]:
    """The pictures with masks that open_masks.py made, of people who are (not) held out."""
    pictures = []
    for row in csv.DictReader((pack / "list.csv").open()):
        name = row["file"].removesuffix(".jpg")
        mask = pack / "mask" / f"{name}.png"
        if not mask.exists() or (row["heldout"] == "1") != heldout or not row["face_box"]:
            continue
        image = cv2.cvtColor(cv2.imread(str(pack / "image" / f"{name}.jpg")), cv2.COLOR_BGR2RGB)
        left, top, right, bottom = map(float, row["face_box"].split())
        width = (right - left) * MESH_PER_BOX
        face = ((left + right) / 2, (top + bottom) / 2 + 0.075 * width, width)
        attributes = frozenset(row["attributes"].split())
        pictures.append(Picture(name, row["source"], attributes, image, cv2.imread(str(mask), 0), face))
    return pictures


def clean(picture: Picture) -> None:
    """Let a plain backdrop's colour say where the subject ends."""
    backdrop = plain_backdrop(picture)
    if backdrop is None:
        return
    picture.backdrop = cv2.resize(backdrop, (8, 8), interpolation=cv2.INTER_AREA)
    follow_backdrop(picture, backdrop)


def nearest_labels(labels: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The label of the nearest known pixel, everywhere."""
    if not known.any():
        return labels.copy()
    unknown = (~known).astype(np.uint8)
    _, index = cv2.distanceTransformWithLabels(unknown, cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL)
    by_index = np.zeros(index.max() + 1, np.uint8)
    by_index[index[known]] = labels[known]
    return by_index[index]


def plain_backdrop(picture: Picture) -> np.ndarray | None:
    """The backdrop's colour at every pixel (float32), or None where it is no smooth field of one colour."""
    background = cv2.erode((picture.labels == BACKGROUND).astype(np.uint8), np.ones((9, 9)))[::3, ::3] > 0
    image = picture.image[::3, ::3].astype(np.float32)
    sure = background.copy()
    terms = field_terms(*background.shape)
    for _ in range(4):
        if sure.mean() < 0.03:
            return None
        coefficients, *_ = np.linalg.lstsq(terms[sure], image[sure], rcond=None)
        distance = np.abs(image - terms @ coefficients).max(2)
        spread = np.median(distance[sure])
        sure &= distance < max(10, 4 * spread)
    if spread > 6 or (distance[background] < 30).mean() < 0.93:
        return None
    return np.clip(field_terms(*picture.labels.shape) @ coefficients, 0, 255).astype(np.float32)


def field_terms(height: int, width: int) -> np.ndarray:
    """1, x, y, x², xy, y² at every pixel, x and y from -1 to 1."""
    y, x = np.mgrid[-1:1:height * 1j, -1:1:width * 1j].astype(np.float32)
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], -1)


def follow_backdrop(picture: Picture, backdrop: np.ndarray) -> None:
    """Set the opacity, move the mask's outer edge onto the picture's, and label what the teacher called backdrop."""
    labels, image = picture.labels, picture.image.astype(np.float32)
    background = labels == BACKGROUND
    subject = ~background & (labels != IGNORE)
    near = 2 * EDGE_BAND_PX + 1
    inner = cv2.erode(subject.astype(np.uint8), np.ones((near, near))).astype(np.float32)
    weight = cv2.blur(inner, (31, 31)) + 1e-4
    colour = cv2.blur(image * inner[..., None], (31, 31)) / weight[..., None]
    apart = colour - backdrop
    contrast = (apart**2).sum(2)
    share = np.clip(((image - backdrop) * apart).sum(2) / (contrast + 1), 0, 1)
    distance = np.abs(image - backdrop).max(2)
    # Strands may differ from the mean colour inside: far from the backdrop's colour is never backdrop.
    share = np.maximum(share, np.clip((distance - 20) / 50, 0, 1))
    telling = (contrast > 45**2) & (weight > 0.02)
    band = cv2.dilate(subject.astype(np.uint8), np.ones((near, near))) - inner.astype(np.uint8) > 0
    band &= telling & (labels != IGNORE)
    around = nearest_labels(labels, subject)
    labels[band & background & (share > 0.5)] = around[band & background & (share > 0.5)]
    outline = np.isin(labels, (EAR, NECK, CLOTH, HAIR, HAT))
    labels[band & outline & (share < 0.35) & (distance < 25)] = BACKGROUND
    label_far_patches(picture, distance)
    background = labels == BACKGROUND
    soft = cv2.GaussianBlur((~background).astype(np.float32), (0, 0), 1.0)
    picture.opacity = (np.where(band, np.minimum(share * 1.15, 1), soft) * 255).astype(np.uint8)


def label_far_patches(picture: Picture, distance: np.ndarray) -> None:
    """Patches of 'background' unlike the backdrop: shoulders below the chin, else unknown; gaps in cloth: cloth."""
    labels = picture.labels
    centre_x, centre_y, face_width = picture.face
    chin_y = centre_y + 0.62 * face_width
    far = ((labels == BACKGROUND) & (distance > 35)).astype(np.uint8)
    far = cv2.morphologyEx(far, cv2.MORPH_OPEN, np.ones((3, 3)))
    _, patches, stats, _ = cv2.connectedComponentsWithStats(far)
    lab = cv2.cvtColor(picture.image, cv2.COLOR_RGB2LAB).astype(np.float32)
    skin = lab[labels == SKIN]
    tone = np.median(skin, axis=0) if len(skin) else np.array([150, 140, 140], np.float32)
    like_skin = np.abs(lab - tone)[..., 1:].max(2) < 9
    rows = np.arange(labels.shape[0])[:, None] * np.ones((1, labels.shape[1]))
    for index in range(1, len(stats)):
        if stats[index, cv2.CC_STAT_AREA] < 0.004 * face_width**2:
            continue
        patch = patches == index
        below = patch & (rows > chin_y)
        labels[patch] = IGNORE
        if below.sum() > 0.7 * patch.sum():
            labels[below] = NECK if like_skin[below].mean() > 0.6 else CLOTH
    holes = (labels == BACKGROUND).astype(np.uint8)
    _, patches, stats, _ = cv2.connectedComponentsWithStats(holes)
    for index in range(1, len(stats)):
        x, y, w, h, area = stats[index]
        if x > 0 and y > chin_y and x + w < labels.shape[1] and area < 0.05 * face_width**2:
            ring = cv2.dilate((patches[y:y + h, x:x + w] == index).astype(np.uint8), np.ones((5, 5))) > 0
            if np.isin(labels[y:y + h, x:x + w][ring], (BACKGROUND, CLOTH)).all():
                labels[patches == index] = CLOTH


def product_crop(picture_size: tuple[float, float], face: tuple[float, float, float],
                 narrow: float = CROP["face-per-crop"],
                 wide: float = CROP["smallest-face-per-crop"]) -> tuple[float, float, float]:
    """Left, top and width in pixels of the crop that the product cuts around a face (see `crop_around`)."""
    width_px, height_px = picture_size
    centre_x, centre_y, face_width = face
    whole = [w for w in (width_px, height_px * WIDTH / HEIGHT) if w <= face_width / wide]
    width = max([face_width / narrow, *whole])
    height = width * HEIGHT / WIDTH

    def inside(start: float, length: float, available: float) -> float:
        room = available - length
        return min(max(start, min(room, 0)), max(room, 0))

    return inside(centre_x - width / 2, width, width_px), inside(
        centre_y - CROP["face-height-in-crop"] * height, height, height_px), width
