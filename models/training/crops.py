"""Crops of all pictures as the library cuts them for the parsing net, with a margin for jitter, kept small in one file."""
import pickle
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from face_parsing_data import HEIGHT, WIDTH, product_crop
from pictures import Picture
from sessions import single_threaded

MARGIN = np.array([24, 32])  # crop pixels on each side
BASE_WIDTH, BASE_HEIGHT = WIDTH + 2 * MARGIN[0], HEIGHT + 2 * MARGIN[1]
QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 97, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]


@dataclass
class Crop:
    """A picture's crop: `image` BASE_HEIGHT x BASE_WIDTH as JPEG, the parsing's `classes` as PNG, the mesh in its pixels."""

    name: str
    collection: str
    source: str
    family: str
    is_held_out: bool
    labels: np.ndarray
    points: np.ndarray
    image: bytes
    classes: bytes

    def rgb(self) -> np.ndarray:
        return cv2.cvtColor(cv2.imdecode(np.frombuffer(self.image, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)

    def parsing(self) -> np.ndarray:
        return cv2.imdecode(np.frombuffer(self.classes, np.uint8), cv2.IMREAD_GRAYSCALE)


def warped(picture: np.ndarray, matrix: np.ndarray, size: tuple[int, int], nearest: bool = False) -> np.ndarray:
    """The picture through a 2x3 matrix, smoothed first where that shrinks it, its edges continued."""
    scale = np.sqrt(abs(np.linalg.det(matrix[:, :2])))
    if nearest:
        return cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    if scale < 0.9:
        smaller = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        shrunk = np.diag([picture.shape[1] / smaller[0], picture.shape[0] / smaller[1]])
        matrix = np.hstack([matrix[:, :2] @ shrunk, matrix[:, 2:]])
        picture = cv2.resize(picture, smaller, interpolation=cv2.INTER_AREA)
    return cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def crop_matrix(image: np.ndarray, points: np.ndarray) -> np.ndarray:
    """From picture to crop, as the library cuts it."""
    middle = (points[[234, 454], 0].mean(), points[[10, 152], 1].mean())
    left, top, width = product_crop(image.shape[1::-1], (*middle, float(np.hypot(*(points[234] - points[454])))))
    scale = WIDTH / width
    return np.array([[scale, 0, -left * scale], [0, scale, -top * scale]])


def cut(picture: Picture, session, mask: Path | None) -> Crop | None:
    """The crop; its classes from the picture's mask where there is one to be, else as the parsing net sees them."""
    image = cv2.imread(str(picture.path))
    if image is None or mask and not mask.exists():
        return None
    points = picture.points.astype(np.float64)
    matrix = crop_matrix(image, points)
    matrix[:, 2] += MARGIN
    base = warped(image, matrix, (BASE_WIDTH, BASE_HEIGHT))
    _, coded = cv2.imencode(".jpg", base, QUALITY)
    if mask:
        classes = warped(cv2.imread(str(mask), cv2.IMREAD_GRAYSCALE), matrix, (BASE_WIDTH, BASE_HEIGHT), nearest=True)
    else:
        classes = classes_seen(base, session)
    _, drawn = cv2.imencode(".png", classes)
    return Crop(picture.name, picture.collection, picture.source, picture.family, picture.is_held_out, picture.labels,
                (points @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32), coded.tobytes(), drawn.tobytes())


def classes_seen(base: np.ndarray, session) -> np.ndarray:
    inner = base[MARGIN[1]:MARGIN[1] + HEIGHT, MARGIN[0]:MARGIN[0] + WIDTH, ::-1]
    logits = session.run(["logits"], {"rgb": np.ascontiguousarray(inner.transpose(2, 0, 1)[None], np.float32) / 255})[0][0]
    large = cv2.resize(logits.transpose(1, 2, 0), (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
    return np.pad(large.argmax(2).astype(np.uint8), [(MARGIN[1],) * 2, (MARGIN[0],) * 2], mode="edge")


def cut_all(pictures: list[Picture], net: Path | None, out: Path, masks: Path | None = None) -> None:
    """With classes from `masks`, a folder, or as `net` sees them."""
    cv2.setNumThreads(1)
    session = single_threaded(net) if net else None
    crops = []
    for index, picture in enumerate(pictures):
        if crop := cut(picture, session, masks and masks / f"{picture.path.stem}.png"):
            crops.append(crop)
        if index % 1000 == 0:
            print(f"{index} of {len(pictures)}", flush=True)
    out.write_bytes(pickle.dumps(crops))
    print(f"{len(crops)} crops")


def read(path: Path) -> list[Crop]:
    return pickle.loads(path.read_bytes())
