#!/usr/bin/env python3
"""Show labelled pictures to the face parsing net as the library cuts them, and keep what its inner layers make of them.

Every picture to learn from is shown plainly, then turned, shifted, mirrored and developed as files vary, and with things
drawn on it. Pictures to measure on (held-out people, development photos) are shown plainly alone.
"""
import argparse
import csv
from multiprocessing import Pool
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
from onnx import helper

import face_drawings as draw
from face_nets import LEFT_OUT
from face_parsing_data import HEIGHT, WIDTH, product_crop
from face_parsing_sample import develop
from sessions import single_threaded

SEED = 20261123
# What the heads tell, 1 = it is there; ears: wholly out of sight; the subject's right comes first.
ATTRIBUTES = ("glasses", "covered", "hat", "collar_absent", "hood", "shoulders_bare", "necklace",
              "right_ear_hidden", "left_ear_hidden", "made_up", "hair_untidy")
FACE, CLOTHING, EARS, LOOKS = slice(0, 3), slice(3, 7), slice(7, 9), slice(9, 11)
NECKLACE, UNTIDY = map(ATTRIBUTES.index, ("necklace", "hair_untidy"))
DEVELOPED_VIEWS = 3
CELL = 32  # crop pixels; features are means over cells


def read_labels(rows: Path, folder: Path) -> list[dict]:
    """The rows with `labels` added, -1 where unknown; `folder` holds those by eye.

    A picture can be there twice, as photo and in the parsing pack.
    """
    pictures = [dict(row, labels=np.full(len(ATTRIBUTES), -1, np.int8))
                for row in csv.DictReader(open(rows, newline="", encoding="utf-8"))]
    by_stem: dict[str, list[np.ndarray]] = {}
    for picture in pictures:
        if picture["name"] not in LEFT_OUT:
            picture["labels"][FACE] = [int(picture[name]) for name in ATTRIBUTES[FACE]]
            picture["labels"][NECKLACE] = int(picture["necklace"])
        by_stem.setdefault(picture["name"].removesuffix(".jpg"), []).append(picture["labels"])
    for table, told in (("clothing_labels.csv", CLOTHING), ("look_labels.csv", LOOKS)):
        for row in csv.DictReader(open(folder / table, newline="", encoding="utf-8")):
            known = {ATTRIBUTES.index(name): int(row[name]) for name in ATTRIBUTES[told] if row[name]}
            for labels in by_stem[row["picture"].removesuffix(".jpg")]:
                labels[list(known)] = list(known.values())
    for row in csv.DictReader(open(folder / "ear_labels.csv", newline="", encoding="utf-8")):
        for labels in by_stem[row["file"].removesuffix(".jpg")]:
            if row["visible"]:
                labels[EARS][int(row["side"])] = 1 - int(row["visible"])
    return pictures


def with_inner_layers(path: Path) -> tuple[onnx.ModelProto, list[str]]:
    """The net, less the heads that it may carry, with layers at stride 32, 16 and 8 as further outputs, and their names."""
    model = onnx.load(path)
    names = [output for node in model.graph.node for output in node.output]
    del model.graph.node[names.index("logits") + 1:], model.graph.output[1:]
    used = {name for node in model.graph.node for name in node.input}
    for weights in [weights for weights in model.graph.initializer if weights.name not in used]:
        model.graph.initializer.remove(weights)
    into = {node.name.split("/")[1]: node.input[0] for node in model.graph.node if node.op_type == "Conv"}
    resized = [node.input[0] for node in model.graph.node if node.op_type == "Resize"]
    layers = [into["from_last"], into["from_sixteenth"], resized[2]]
    for layer in layers:
        model.graph.output.append(helper.make_tensor_value_info(layer, onnx.TensorProto.FLOAT, None))
    return model, layers


def features(session: onnxruntime.InferenceSession, layers: list[str], crop: np.ndarray) -> np.ndarray:
    """Cells x 272: the layers' means over the cells."""
    rgb = np.ascontiguousarray(crop.transpose(2, 0, 1)[None], dtype=np.float32) / 255
    rows, columns = HEIGHT // CELL, WIDTH // CELL
    means = [x.reshape(len(x), rows, x.shape[1] // rows, columns, x.shape[2] // columns).mean((2, 4))
             for (x,) in session.run(layers, {"rgb": rgb})]
    return np.concatenate(means).reshape(-1, rows * columns).T.astype(np.float16)


def warped(picture: np.ndarray, matrix: np.ndarray, nearest: bool = False) -> np.ndarray:
    """The crop through a 2x3 matrix from picture to crop, smoothed first where it shrinks the picture."""
    scale = np.sqrt(abs(np.linalg.det(matrix[:, :2])))
    if nearest:
        return cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    if scale < 0.9:
        size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        shrunk = np.diag([picture.shape[1] / size[0], picture.shape[0] / size[1]])
        matrix = np.hstack([matrix[:, :2] @ shrunk, matrix[:, 2:]])
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def crop_matrix(picture: np.ndarray, points: np.ndarray) -> np.ndarray:
    """From picture to crop, as the library cuts it."""
    middle = (points[[234, 454], 0].mean(), points[[10, 152], 1].mean())
    left, top, width = product_crop(picture.shape[1::-1], (*middle, float(np.hypot(*(points[234] - points[454])))))
    scale = WIDTH / width
    return np.array([[scale, 0, -left * scale], [0, scale, -top * scale]])


def jittered(matrix: np.ndarray, middle: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The crop a little turned, scaled and shifted around the face's middle."""
    turn = cv2.getRotationMatrix2D((0, 0), rng.normal(0, 3.5) if rng.random() < 0.6 else 0.0, np.exp(rng.normal(0, 0.05)))
    linear = turn[:, :2] @ matrix[:, :2]
    place = matrix[:, :2] @ middle + matrix[:, 2] + rng.normal(0, 0.012, 2) * (WIDTH, HEIGHT)
    return np.hstack([linear, (place - linear @ middle)[:, None]])


def mirrored(labels: np.ndarray) -> np.ndarray:
    return np.concatenate([labels[:EARS.start], labels[EARS][::-1], labels[EARS.stop:]])


def drawn(crop: np.ndarray, points: np.ndarray, classes: np.ndarray | None, other: np.ndarray, labels: np.ndarray,
          rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Something worn or held, drawn on the crop, and the labels that now hold."""
    labels = labels.copy()
    kind = rng.random()
    if kind < 0.25 and labels[0] == 0:
        crop, labels[0] = draw.draw_glasses(crop, points, rng), 1
    elif kind < 0.35:
        crop = draw.draw_strands(crop, points, rng)
    elif kind < 0.5 and classes is not None and labels[2] == 0:
        crop, labels[2] = draw.draw_hat(crop, points, rng, classes), 1
        labels[EARS], labels[UNTIDY] = -1, -1
    elif kind < 0.6 and classes is not None and labels[2] == 0:
        bare, crop = crop, draw.draw_stray_hair(crop, points, rng, classes)
        labels[UNTIDY] = 1 if crop is not bare else labels[UNTIDY]
    elif kind < 0.65:
        crop = draw.draw_scarf(crop, points, rng, False)
        labels[CLOTHING] = -1
    else:
        how = rng.random()
        crop = (draw.draw_mask(crop, points, rng) if how < 0.2 else draw.draw_hand(crop, points, rng) if how < 0.65
                else draw.draw_object(crop, points, rng, other) if how < 0.9 else draw.draw_scarf(crop, points, rng, True))
        labels[1], labels[CLOTHING], labels[LOOKS] = 1, -1, -1
    return crop, labels


def views(picture: dict, points: np.ndarray, other: str, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Crops of a picture and what they show."""
    rng = np.random.default_rng([SEED, seed])
    image, labels = cv2.cvtColor(cv2.imread(picture["path"]), cv2.COLOR_BGR2RGB), picture["labels"]
    matrix = crop_matrix(image, points)
    shown = [(warped(image, matrix), labels)]
    if picture["for_measuring"]:
        return shown
    middle = points[[234, 454]].mean(0)
    for number in range(DEVELOPED_VIEWS + 1):
        view, seen = jittered(matrix, middle, rng), labels
        crop = warped(image, view)
        if number == DEVELOPED_VIEWS:
            classes = warped(cv2.imread(picture["mask"], cv2.IMREAD_GRAYSCALE), view, True) if picture["mask"] else None
            strange = cv2.resize(cv2.cvtColor(cv2.imread(other), cv2.COLOR_BGR2RGB), (WIDTH, HEIGHT))
            crop, seen = drawn(crop, points @ view[:, :2].T + view[:, 2], classes, strange, seen, rng)
        if rng.random() < 0.5:
            crop, seen = crop[:, ::-1], mirrored(seen)
        shown.append((develop(crop, rng), seen))
    return shown


def start(model: bytes, layers: list[str], pictures: list[tuple[dict, np.ndarray]]) -> None:
    """What each process keeps."""
    global session, seen_layers, all_pictures
    cv2.setNumThreads(1)
    session, seen_layers, all_pictures = single_threaded(model), layers, pictures


def look(index: int) -> list[tuple[np.ndarray, np.ndarray]]:
    picture, points = all_pictures[index]
    other = all_pictures[(index * 7919 + 1) % len(all_pictures)][0]["path"]
    return [(features(session, seen_layers, crop), labels) for crop, labels in views(picture, points, other, index)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--net", type=Path, required=True, help="face_parsing.onnx")
    parser.add_argument("--rows", type=Path, required=True, help="csv of face_rows.py")
    parser.add_argument("--landmarks", type=Path, required=True, help=".npz of face_landmarks.py")
    parser.add_argument("--out", type=Path, required=True, help="folder for features.npy and views.npz")
    parser.add_argument("--processes", type=int, default=2)
    args = parser.parse_args()
    found = np.load(args.landmarks)
    landmarks = dict(zip(found["path"], found["points"]))
    pictures = []
    for picture in read_labels(args.rows, Path(__file__).parent):
        points = landmarks.get(picture["path"])
        picture["for_measuring"] = int(picture["heldout"]) or (picture["labels"] < 0).all()
        if points is not None:
            pictures.append((picture, points.astype(np.float64)))
    model, layers = with_inner_layers(args.net)
    kept, labels, origin = [], [], []
    with Pool(args.processes, start, (model.SerializeToString(), layers, pictures)) as pool:
        for index, seen in enumerate(pool.imap(look, range(len(pictures)), 16)):
            kept += [feature for feature, _ in seen]
            labels += [label for _, label in seen]
            origin += [(index, number) for number in range(len(seen))]
            if index % 1000 == 0:
                print(f"{index} of {len(pictures)} pictures, {len(kept)} views", flush=True)
    args.out.mkdir(exist_ok=True)
    np.save(args.out / "features.npy", np.stack(kept))
    index, number = np.array(origin).T
    columns = {key: np.array([picture[key] for picture, _ in pictures]) for key in ("name", "source", "heldout")}
    np.savez(args.out / "views.npz", labels=np.array(labels), index=index, number=number, **columns)
    print(f"{len(pictures)} pictures, {len(kept)} views")


if __name__ == "__main__":
    main()
