"""Pictures with masks as the parsing net learns from them: the crop that the product cuts, with drawn edits, masks and all."""
import cv2
import numpy as np

import face_parsing_edits as edits
from crops import BASE_HEIGHT, BASE_WIDTH, MARGIN
from drawing_pool import Drawn
from face_parsing_data import IGNORE, WIDTH, Picture, product_crop
from pictures import COLUMNS

# How often a picture is drawn, by its source.
SOURCE_WEIGHT = {"lon": 6.0, "can": 5.0, "open": 1.0}


def pick(pictures: list[Picture], rng: np.random.Generator) -> Picture:
    """One of them, by its weight."""
    shares = np.cumsum([SOURCE_WEIGHT[picture.source] for picture in pictures])
    return pictures[np.searchsorted(shares, rng.uniform(0, shares[-1]))]


def example(picture: Picture, others: list[Picture], rng: np.random.Generator) -> Drawn:
    """Without labels."""
    image, labels, opacity, old, face = working_copy(picture, rng)
    other = others[rng.integers(len(others))].image
    has = picture.attributes
    face_width = face[2]
    if rng.random() < (0.6 if old is not None else 0.12):
        edits.backdrop(image, labels, rng, other, old, opacity)
    if rng.random() < (0.5 if picture.source == "lon" else 0.3):
        edits.dress(image, labels, rng, other)
    if rng.random() < 0.15:
        edits.collar(image, labels, rng)
    if rng.random() < 0.05 and "necklace" not in has:
        edits.necklace(image, labels, rng)
    if rng.random() < 0.10:
        edits.fringe(image, labels, rng, face_width)
    if rng.random() < 0.05 and "earring" not in has:
        edits.earrings(image, labels, rng, face[0])
    if rng.random() < 0.08 and "hat" not in has:
        edits.hat(image, labels, rng, face_width, other)
    if rng.random() < 0.10 and "glasses" not in has:
        edits.glasses(image, labels, rng)
    image, labels, middle = cut(image, labels, face)
    return Drawn(image, labels, np.full(COLUMNS, -1, np.int8), middle, picture.opacity is not None)


def working_copy(picture: Picture, rng: np.random.Generator):
    """The picture at the crop's scale, perhaps cut tighter: image, labels, opacity, old backdrop, face."""
    image, labels, opacity, (face_x, face_y, face_width) = picture.image, picture.labels, picture.opacity, picture.face
    top, bottom, left, right = 0, image.shape[0], 0, image.shape[1]
    if rng.random() < 0.2:  # photos are cut tighter than these pictures, too
        top = int(max(0, rng.uniform(0, 0.9) * (face_y - 0.75 * face_width)))
        bottom = int(bottom - rng.uniform(0, 0.9) * max(0, bottom - face_y - 0.7 * face_width))
    if rng.random() < 0.1:
        left = int(rng.uniform(0, 0.9) * max(0, face_x - 0.6 * face_width))
        right = int(right - rng.uniform(0, 0.9) * max(0, right - face_x - 0.6 * face_width))
    narrow = float(np.clip(rng.normal(0.42, 0.015), 0.38, 0.46)) if rng.random() < 0.85 else rng.uniform(0.3, 0.52)
    face = (face_x - left, face_y - top, face_width)
    _, _, crop_width = product_crop((right - left, bottom - top), face, narrow, narrow - 0.06)
    scale = WIDTH / crop_width
    reach = 0.75 * crop_width  # nothing beyond can come into the crop
    top, bottom = max(top, int(face_y - 1.4 * reach)), min(bottom, int(face_y + 1.4 * reach))
    left, right = max(left, int(face_x - 1.5 * reach)), min(right, int(face_x + 1.5 * reach))
    part = np.s_[top:bottom, left:right]
    size = (max(8, round((right - left) * scale)), max(8, round((bottom - top) * scale)))
    smooth = cv2.INTER_AREA if scale < 0.9 else cv2.INTER_LINEAR
    image = cv2.resize(np.ascontiguousarray(image[part]), size, interpolation=smooth)
    labels = cv2.resize(np.ascontiguousarray(labels[part]), size, interpolation=cv2.INTER_NEAREST)
    old = None
    if opacity is not None:
        opacity = cv2.resize(np.ascontiguousarray(opacity[part]), size, interpolation=smooth)
        whole = cv2.resize(picture.backdrop, picture.image.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        old = cv2.resize(np.ascontiguousarray(whole[part]), size, interpolation=cv2.INTER_LINEAR)
    face = ((face_x - left) * scale, (face_y - top) * scale, face_width * scale)
    return image, labels, opacity, old, face


def cut(image: np.ndarray, labels: np.ndarray, face: tuple[float, float, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The product's crop of the working copy with its margin, ignored beyond the picture, and where the face's middle lies in it."""
    left, top, _ = product_crop(image.shape[1::-1], face, face[2] / WIDTH, 1.0)
    moved = MARGIN - (left, top)
    matrix, size = np.hstack([np.eye(2), moved[:, None]]), (int(BASE_WIDTH), int(BASE_HEIGHT))
    inside = cv2.warpAffine(np.ones(labels.shape, np.uint8), matrix, size, flags=cv2.INTER_NEAREST)
    labels = cv2.warpAffine(labels, matrix, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    labels[inside == 0] = IGNORE
    image = cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return image, labels, np.array(face[:2]) + moved
