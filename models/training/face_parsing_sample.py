"""One training example: the crop that the product cuts, with drawn edits and the faults of real files."""
import cv2
import numpy as np

import face_parsing_edits as edits
from face_parsing_data import HEIGHT, IGNORE, WIDTH, Picture, product_crop

SOURCE_WEIGHT = {"scut": 1.0, "fm": 0.25, "utk": 0.45, "lon": 6.0, "can": 5.0, "open": 1.0}
PORTRAIT_WEIGHT = {"blue": 1.5, "ears_both_hidden": 2, "mouth_open": 3, "brow_covered": 4, "earring": 4, "glasses": 8,
                   "necklace": 12, "hat": 10}


def weight(picture: Picture) -> float:
    """How often a picture is drawn, relative to a plain portrait: rare things more often."""
    base = SOURCE_WEIGHT[picture.source]
    if picture.source == "scut":
        # Portraits of the Caucasian half are mostly cut out in ovals, without clothes or backdrop.
        base = 0.6 if picture.name.startswith("scut_C") else base
        return max([base, *(PORTRAIT_WEIGHT.get(attribute, 0) for attribute in picture.attributes)])
    if picture.source == "fm":
        return 2.0 if "hat" in picture.attributes else 1.0 if "glasses" in picture.attributes else base
    return base


def example(picture: Picture, others: list[Picture], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The HEIGHT x WIDTH x 3 crop and its labels."""
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
    image, labels = cut(image, labels, face, rng)
    return develop(image, rng), labels


def working_copy(picture: Picture, rng: np.random.Generator):
    """The picture at the crop's scale, perhaps cut tighter and mirrored: image, labels, opacity, old backdrop, face."""
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
    if rng.random() < 0.5:
        image, labels = image[:, ::-1].copy(), labels[:, ::-1].copy()
        opacity, old = (None, None) if old is None else (opacity[:, ::-1].copy(), old[:, ::-1].copy())
        face = (size[0] - face[0], *face[1:])
    return image, labels, opacity, old, face


def cut(image: np.ndarray, labels: np.ndarray, face: tuple[float, float, float], rng: np.random.Generator):
    """The product's crop of the working copy, slightly turned, shifted and stretched; ignored beyond the picture."""
    left, top, _ = product_crop(image.shape[1::-1], face, face[2] / WIDTH, 1.0)
    left, top = left + rng.normal(0, 0.012) * WIDTH, top + rng.normal(0, 0.02) * HEIGHT
    turn = rng.normal(0, 3.5) if rng.random() < 0.6 else 0.0
    matrix = cv2.getRotationMatrix2D(face[:2], turn, 1.0)
    matrix[0, :2] *= rng.uniform(0.95, 1.05)
    matrix[:, 2] += np.array(face[:2]) - matrix @ (*face[:2], 1) - (left, top)
    size = (WIDTH, HEIGHT)
    inside = cv2.warpAffine(np.ones(labels.shape, np.uint8), matrix, size, flags=cv2.INTER_NEAREST)
    labels = cv2.warpAffine(labels, matrix, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    labels[inside == 0] = IGNORE
    return cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), labels


def develop(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Light, colour, noise, sharpness, resolution and JPEG as they vary between files."""
    x = image.astype(np.float32)
    if rng.random() < 0.8:
        cast = rng.uniform(0.88, 1.12, 3) if rng.random() < 0.5 else np.ones(3)
        x *= (rng.uniform(0.75, 1.25) * cast).astype(np.float32)
        x += np.float32(rng.uniform(-18, 18))
    if rng.random() < 0.5:
        grey = x.mean(2, keepdims=True)
        x = grey + (x - grey) * np.float32(0 if rng.random() < 0.08 else rng.uniform(0.5, 1.4))
    if rng.random() < 0.4:
        x = (x - 110) * np.float32(rng.uniform(0.7, 1.25)) + 110
    if rng.random() < 0.15:
        x *= 1 + np.float32(rng.uniform(-0.4, 0.4)) * np.linspace(-0.5, 0.5, WIDTH, dtype=np.float32)[None, :, None]
    if rng.random() < 0.2:
        noise = rng.standard_normal((HEIGHT, WIDTH, 1 if rng.random() < 0.5 else 3), np.float32)
        x += noise * np.float32(rng.uniform(1, 8))
    image = x.clip(0, 255).astype(np.uint8)
    if rng.random() < 0.25:
        share = rng.uniform(0.3, 0.85)
        small = cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        smooth = cv2.INTER_LINEAR if rng.random() < 0.5 else cv2.INTER_CUBIC
        image = cv2.resize(small, (WIDTH, HEIGHT), interpolation=smooth)
    elif rng.random() < 0.15:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.3))
    elif rng.random() < 0.15:
        image = cv2.addWeighted(image, 1.6, cv2.GaussianBlur(image, (0, 0), 1.2), -0.6, 0)
    if rng.random() < 0.35:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 93))]
        image = cv2.imdecode(cv2.imencode(".jpg", image, quality)[1], cv2.IMREAD_COLOR)
    return image
