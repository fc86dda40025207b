#!/usr/bin/env python3
"""Makes the nets of this project again, step by step, from the pictures in one folder.

    python train.py list DATA                     what is to be looked at, into DATA/work/paths.csv
    python face_landmarks.py --rows DATA/work/paths.csv --out DATA/work/landmarks.npz      (environment with mediapipe)
    python train.py crops DATA                    what every net sees of every picture
    python train.py face_parsing DATA             the layers of the parsing net, with its heads
    python train.py ear_state DATA
    python train.py heads DATA                    the heads calibrated, beside the ear net, and face_parsing.onnx
    python train.py eye_state DATA
    python train.py calibrate NET --gain 1.4 --offset 2.2     what tests/accuracy/reliability.py fits, into the last layer
    python train.py masks --help                  the parsing net alone, from masks: what face_parsing starts from

DATA holds photos/, studio/ and open/ (each with images/ and labels.csv), pack/ (image/, mask/, face/) and list.csv of the pack.

With --open every step takes the sources of sources.toml alone, and makes the nets that anybody may use; `open.sh` runs them all.
    python person_masks.py --rows DATA/work/paths.csv --out DATA/work/persons.npz          (environment with mediapipe)
    python train.py masks DATA --open             masks of the open pictures, and the parsing net alone from scratch
"""
import argparse
import csv
import sys
from pathlib import Path

import cv2
import numpy as np
import torch

import attribute_heads
import crops
import ear_crops
import ear_state
import eye_crops
import eye_state
import face_attributes
import face_parsing
import face_parsing_data
import open_masks
from pictures import Picture, labelled_photos, read_pictures, rows, with_mesh
from sessions import calibrate
from shared_training import Schedule

ONNX = Path(__file__).parents[1] / "onnx"
# Whole sources that no layer and no net has seen: what to expect elsewhere.
UNSEEN = ("tw", "cuhk")
JOINT_RATE, JOINT_WORKERS = 1.2e-3, 4


def trained_on(crop) -> bool:
    return not crop.is_held_out and crop.family not in UNSEEN


def net_named(name: str, options: argparse.Namespace) -> Path:
    return ONNX / f"{name}_open.onnx" if options.open else ONNX / f"{name}.onnx"


def list_pictures(data: Path, options: argparse.Namespace) -> None:
    with open(data / "work" / "paths.csv", "w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([["path"], *([picture.path] for picture in read_pictures(data, options.open))])


def pictures_with_mesh(data: Path, options: argparse.Namespace) -> list[Picture]:
    return with_mesh(read_pictures(data, options.open), data / "work" / "landmarks.npz")


def train_masks(data: Path, options: argparse.Namespace) -> None:
    """Of the open pictures; `train.py masks --help` tells of the pack's."""
    work = data / "work"
    found = np.load(work / "persons.npz")
    open_masks.write(pictures_with_mesh(data, options), dict(zip(found["path"], found["person"])), work / "pack")
    arguments = ["--pack", work / "pack", "--list", work / "pack" / "list.csv", "--out", work / "masks.onnx",
                 "--presentations", "inf", "--seconds", options.seconds or 1400]
    face_parsing.main([str(argument) for argument in arguments])


def cut(data: Path, options: argparse.Namespace) -> None:
    work, pictures = data / "work", pictures_with_mesh(data, options)
    if options.open:
        crops.cut_all(pictures, None, work / "crops.pickle", work / "pack" / "mask")
        eye_crops.cut_drawn_eyes(pictures, work / "eyes.npz")
    else:
        crops.cut_all(pictures, options.start or ONNX / "face_parsing.onnx", work / "crops.pickle")
        eye_crops.cut_eyes(pictures, work / "eyes.npz")
    ear_crops.cut_ears(pictures, crops.read(work / "crops.pickle"), work / "ears.npz")


def train_parsing(data: Path, options: argparse.Namespace) -> None:
    everything = crops.read(data / "work" / "crops.pickle")
    checks = [c for c in everything if c.is_held_out and (c.collection == "photos" or options.open) or c.family in UNSEEN]
    shown, out = [c for c in everything if trained_on(c)], data / "work" / "face_parsing.pt"
    if not options.open:
        return face_attributes.train(shown, checks, options.start or ONNX / "face_parsing.onnx", out, options.seconds or 3100)
    pictures = face_parsing_data.read_pictures(data / "work" / "pack", data / "work" / "pack" / "list.csv", set())
    for picture in pictures:
        face_parsing_data.clean(picture, {}, None)
    schedule = Schedule(JOINT_RATE, options.seconds or 2900, seed=face_attributes.SEED, save_every=600)
    face_attributes.train_jointly(shown, pictures, checks, options.start or data / "work" / "masks.onnx", out, schedule, JOINT_WORKERS)


def train_heads(data: Path, options: argparse.Namespace) -> None:
    net = face_attributes.FaceAttributes()
    net.load_state_dict(torch.load(data / "work" / "face_parsing.pt"))
    everything = crops.read(data / "work" / "crops.pickle")
    out = options.out or net_named("face_parsing", options)
    ears = dict(np.load(data / "work" / "ears_told.npz"))
    attribute_heads.finish(net.eval(), everything, UNSEEN, ears, out, data / "work" / "told.npz", draws=options.open)
    pack = data / "work" / "pack" if options.open else data / "pack"
    print(face_parsing.exported_scores(out, pack, pack / "list.csv" if options.open else data / "list.csv"))


def train_ears(data: Path, options: argparse.Namespace) -> None:
    ears = dict(np.load(data / "work" / "ears.npz"))
    chosen = ~ears["is_held_out"] & ~np.isin(ears["family"], UNSEEN)
    out = options.out or net_named("ear_state", options)
    start, plan = (options.start, ear_state.OPEN_PLAN) if options.open else (options.start or out, ear_state.PLAN)
    ear_state.export(ear_state.train(ears, chosen, options.seconds or 1200, start, out, plan), out)
    np.savez(data / "work" / "ears_told.npz", logits=ear_state.told(out, ears["patches"]),
             **{key: value for key, value in ears.items() if key != "patches"})


def train_eyes(data: Path, options: argparse.Namespace) -> None:
    eyes, out = dict(np.load(data / "work" / "eyes.npz")), options.out or net_named("eye_state", options)
    if options.open:
        eye_state.train(eyes, options.seconds or 800, out, eye_state.COARSEST_OPEN, options.seed)
    else:
        eye_state.train(eyes, options.seconds or 240, out)
        eye_state.report(out, eyes)


def report_eyes(data: Path, options: argparse.Namespace) -> None:
    """Figures of an eye net on the labelled photos, of which landmarks.npz must know the mesh."""
    photos = with_mesh(labelled_photos((data / "photos").resolve(), "photos"), data / "work" / "landmarks.npz")
    folder = (data / "photos").resolve()
    truths = {folder / "images" / row["photo"]: row["truth"] == "fail" for row in rows(folder / "labels.csv") if row["rule"] == "eyes-open"}
    eye_state.report_photos(options.out or net_named("eye_state", options), photos, truths)


STEPS = {"list": list_pictures, "masks": train_masks, "crops": cut, "face_parsing": train_parsing, "heads": train_heads,
         "ear_state": train_ears, "eye_state": train_eyes, "eye_report": report_eyes}


def main() -> None:
    if sys.argv[1:2] == ["masks"] and "--open" not in sys.argv:
        return face_parsing.main(sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=(*STEPS, "calibrate"))
    parser.add_argument("data", type=Path, help="the folder; of calibrate, the exported net")
    parser.add_argument("--open", action="store_true", help="from open sources alone")
    parser.add_argument("--start", type=Path, help="the exported net to go on from; otherwise the one in ../onnx")
    parser.add_argument("--out", type=Path, help="where to export to; otherwise over the one in ../onnx")
    parser.add_argument("--seconds", type=float, help="how long to train; the schedule ends with it")
    parser.add_argument("--seed", type=int, default=eye_state.SEED, help="of eye_state --open")
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
