#!/usr/bin/env python3
"""Makes the nets of this project again, step by step, from the pictures in one folder.

    python train.py list DATA                     what is to be looked at, into DATA/work/paths.csv
    python face_landmarks.py --rows DATA/work/paths.csv --out DATA/work/landmarks.npz      (environment with mediapipe)
    python train.py crops DATA                    what every net sees of every picture
    python train.py narrow DATA                   weights to start the parsing net with, out of a wider one
    python train.py face_parsing DATA --workers 12 --teacher WIDER.onnx --start DATA/work/narrowed.pt     the parsing net with its heads
    python train.py ear_state DATA --workers 4
    python train.py heads DATA                    the heads calibrated, beside the ear net, and face_parsing.onnx
    python train.py calibrate NET --gain 1.4 --offset 2.2     what tests/accuracy/reliability.py fits, into the last layer

DATA holds photos/, studio/ and open/ (each with images/ and labels.csv), pack/ (image/, mask/, face/) and list.csv of the pack.

With --open every step takes the sources of sources.toml alone, and makes the nets that anybody may use; `open.sh` runs them all. The net
of eyes is made so alone.
    python person_masks.py --rows DATA/work/paths.csv --out DATA/work/persons.npz          (environment with mediapipe)
    python train.py masks DATA --open             masks of the open pictures
"""
import argparse
import csv
import shutil
from pathlib import Path

import cv2
import numpy as np
import torch

import attribute_heads
import attribute_samples
import crops
import ear_crops
import ear_state
import eye_crops
import eye_state
import face_attributes
import face_parsing
import face_parsing_data
import face_parsing_sample
import narrowed
import open_masks
from drawing_pool import Drawn, Pool
from pictures import Picture, labelled_photos, read_pictures, rows, with_mesh
from sessions import calibrate

ONNX = Path(__file__).parents[1] / "onnx"
# Whole sources that no layer and no net has seen: what to expect elsewhere.
UNSEEN = ("tw", "cuhk")


def trained_on(crop) -> bool:
    return not crop.is_held_out and crop.family not in UNSEEN


def net_named(name: str, options: argparse.Namespace) -> Path:
    return ONNX / f"{name}_open.onnx" if options.open else ONNX / f"{name}.onnx"


def list_pictures(data: Path, options: argparse.Namespace) -> None:
    with open(data / "work" / "paths.csv", "w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([["path"], *([picture.path] for picture in read_pictures(data, options.open))])


def pictures_with_mesh(data: Path, options: argparse.Namespace) -> list[Picture]:
    return with_mesh(read_pictures(data, options.open), data / "work" / "landmarks.npz")


def make_masks(data: Path, options: argparse.Namespace) -> None:
    """Of the open pictures."""
    work = data / "work"
    found = np.load(work / "persons.npz")
    open_masks.write(pictures_with_mesh(data, options), dict(zip(found["path"], found["person"])), work / "pack")


def cut(data: Path, options: argparse.Namespace) -> None:
    work, pictures = data / "work", pictures_with_mesh(data, options)
    if options.open:
        crops.cut_all(pictures, None, work / "crops.pickle", work / "pack" / "mask")
        eye_crops.cut_drawn_eyes(pictures, work / "eyes.npz")
    else:
        crops.cut_all(pictures, options.start or ONNX / "face_parsing.onnx", work / "crops.pickle")
    ear_crops.cut_ears(pictures, crops.read(work / "crops.pickle"), work / "ears.npz")


def shown_crops(data: Path) -> list[crops.Crop]:
    """Those that layers may learn from."""
    return [crop for crop in crops.read(data / "work" / "crops.pickle") if trained_on(crop)]


def pool_of(shown: list[crops.Crop], pictures: list[face_parsing_data.Picture], workers: int, size: int, seed: int) -> Pool:
    """Where there are pictures with masks, every second view is of these."""
    samples = attribute_samples.Samples(shown, np.random.default_rng(seed), draws_more=bool(pictures))

    def draw(rng: np.random.Generator) -> Drawn:
        if pictures and rng.random() < 0.5:
            return face_parsing_sample.example(face_parsing_sample.pick(pictures, rng), pictures, rng)
        samples.rng = rng
        return samples.one()

    return Pool(draw, workers, size, seed)


def train_parsing(data: Path, options: argparse.Namespace) -> None:
    seed, out = options.seed or face_attributes.SEED, data / "work" / "face_parsing.pt"
    pictures = face_parsing_data.read_pictures(data / "work" / "pack") if options.open else []
    for picture in pictures:
        face_parsing_data.clean(picture)
    stopped = face_attributes.stopped_at(out) if options.go_on else None
    drawn = seed + (stopped["step"] if stopped else 0)  # other drawings than before the stop
    pool = pool_of(shown_crops(data), pictures, options.workers, face_attributes.CROPS_KEPT, drawn)
    plan = face_attributes.Plan(options.seconds or 530, options.batch, options.start, seed=seed, goes_on=options.go_on)
    face_attributes.train(pool, plan, out, None if options.open else options.teacher)


def narrow(data: Path, options: argparse.Namespace) -> None:
    seed = options.seed or face_attributes.SEED
    pool = pool_of(shown_crops(data), [], options.workers, face_attributes.CROPS_TO_START, seed)
    pool.start(torch.device("cpu"), face_attributes.CROPS_TO_START)
    torch.manual_seed(seed)
    net = narrowed.narrowed(options.teacher or ONNX / "face_parsing.onnx", lambda count: face_attributes.views_of(pool, count)[0],
                            options.seconds or 600)
    pool.stop()
    face_attributes.save(net, options.out or data / "work" / "narrowed.pt", takes_weights_back=False)


def train_heads(data: Path, options: argparse.Namespace) -> None:
    work, net = data / "work", face_attributes.FaceAttributes()
    net.load_state_dict(torch.load(work / "face_parsing.pt"))
    out = options.out or net_named("face_parsing", options)
    gain, offset = attribute_heads.finish(net.eval(), crops.read(work / "crops.pickle"), UNSEEN, dict(np.load(work / "ears_told.npz")), out,
                                          work / "told.npz", draws=options.open)
    ears = net_named("ear_state", options)
    shutil.copyfile(work / "ear_state.onnx", ears)
    calibrate(ears, [1.0, gain], [0.0, offset])
    if options.open:
        print(face_parsing.exported_scores(out, work / "pack"))


def train_ears(data: Path, options: argparse.Namespace) -> None:
    ears = dict(np.load(data / "work" / "ears.npz"))
    chosen = ~ears["is_held_out"] & ~np.isin(ears["family"], UNSEEN)
    start, plan = (options.start, ear_state.OPEN_PLAN) if options.open else (options.start or ONNX / "ear_state.onnx", ear_state.PLAN)
    out = options.out or data / "work" / "ear_state.onnx"
    seconds = options.seconds or (900 if options.open else 500)
    net = ear_state.train(ears, chosen, seconds, start, out, plan, options.workers, options.seed or ear_state.SEED)
    ear_state.export(net, out)
    np.savez(data / "work" / "ears_told.npz", logits=ear_state.told(out, ears["patches"]),
             **{key: value for key, value in ears.items() if key != "patches"})


def train_eyes(data: Path, options: argparse.Namespace) -> None:
    """From open sources alone, which `crops --open` cuts."""
    out = options.out or ONNX / "eye_state.onnx"
    eye_state.train(dict(np.load(data / "work" / "eyes.npz")), options.seconds or 1400, out, options.seed or eye_state.SEED)


def report_eyes(data: Path, options: argparse.Namespace) -> None:
    """Figures of the eye net on the labelled photos, of which landmarks.npz must know the mesh."""
    photos, truths = [], {}
    for pack in ("photos", "studio"):
        folder = (data / pack).resolve()
        photos += labelled_photos(folder, pack)
        labels = (row for row in rows(folder / "labels.csv") if row["rule"] == "eyes-open")
        truths |= {folder / "images" / row["photo"]: row["truth"] == "fail" for row in labels}
    eye_state.report(options.out or ONNX / "eye_state.onnx", with_mesh(photos, data / "work" / "landmarks.npz"), truths)


STEPS = {"list": list_pictures, "masks": make_masks, "crops": cut, "narrow": narrow, "face_parsing": train_parsing, "heads": train_heads,
         "ear_state": train_ears, "eye_state": train_eyes, "eye_report": report_eyes}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=(*STEPS, "calibrate"))
    parser.add_argument("data", type=Path, help="the folder; of calibrate, the exported net")
    parser.add_argument("--open", action="store_true", help="from open sources alone")
    parser.add_argument("--start", type=Path, help="the exported net to go on from, of face_parsing the weights that narrow made; otherwise that in ../onnx, or none")
    parser.add_argument("--out", type=Path, help="where to export to; otherwise over the one in ../onnx")
    parser.add_argument("--teacher", type=Path, help="of face_parsing and narrow: the exported net that says what the pixels of every view are")
    parser.add_argument("--workers", type=int, default=1, help="processes that draw beside the training")
    parser.add_argument("--batch", type=int, default=128, help="of face_parsing: views a step; without a GPU fewer")
    parser.add_argument("--seconds", type=float, help="how long to train; the schedule ends with it")
    parser.add_argument("--go-on", action="store_true", help="of face_parsing: from where the last training was stopped, saved every ten minutes")
    parser.add_argument("--seed", type=int, help="of a training; otherwise the one in its code")
    parser.add_argument("--gain", type=float, nargs="+", help="of calibrate: one for each logit of the net")
    parser.add_argument("--offset", type=float, nargs="+", help="of calibrate: the same")
    options = parser.parse_args()
    if options.step == "calibrate":
        return calibrate(options.data, options.gain, options.offset)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    (options.data / "work").mkdir(exist_ok=True)
    STEPS[options.step](options.data, options)


if __name__ == "__main__":
    main()
