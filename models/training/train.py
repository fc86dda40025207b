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
from pictures import read_pictures, rows, with_mesh
from sessions import calibrate

ONNX = Path(__file__).parents[1] / "onnx"
# Whole sources that no layer and no net has seen: what to expect elsewhere.
UNSEEN = ("tw", "cuhk")


def trained_on(crop) -> bool:
    return not crop.is_held_out and crop.family not in UNSEEN


def list_pictures(data: Path, _) -> None:
    with open(data / "work" / "paths.csv", "w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([["path"], *([picture.path] for picture in read_pictures(data))])


def cut(data: Path, options: argparse.Namespace) -> None:
    work, pictures = data / "work", with_mesh(read_pictures(data), data / "work" / "landmarks.npz")
    crops.cut_all(pictures, options.start or ONNX / "face_parsing.onnx", work / "crops.pickle")
    ear_crops.cut_ears(pictures, crops.read(work / "crops.pickle"), work / "ears.npz")


def train_parsing(data: Path, options: argparse.Namespace) -> None:
    everything = crops.read(data / "work" / "crops.pickle")
    checks = [c for c in everything if c.is_held_out and c.collection == "photos" or c.family in UNSEEN]
    face_attributes.train([c for c in everything if trained_on(c)], checks, options.start or ONNX / "face_parsing.onnx",
                          data / "work" / "face_parsing.pt", options.seconds or 3100)


def train_heads(data: Path, options: argparse.Namespace) -> None:
    net = face_attributes.FaceAttributes()
    net.load_state_dict(torch.load(data / "work" / "face_parsing.pt"))
    everything = crops.read(data / "work" / "crops.pickle")
    out = options.out or ONNX / "face_parsing.onnx"
    ears = dict(np.load(data / "work" / "ears_told.npz"))
    attribute_heads.finish(net.eval(), everything, UNSEEN, ears, out, data / "work" / "told.npz")
    print(face_parsing.exported_scores(out, data / "pack", data / "list.csv"))


def train_ears(data: Path, options: argparse.Namespace) -> None:
    ears = dict(np.load(data / "work" / "ears.npz"))
    chosen = ~ears["is_held_out"] & ~np.isin(ears["family"], UNSEEN)
    out = options.out or ONNX / "ear_state.onnx"
    ear_state.export(ear_state.train(ears, chosen, options.seconds or 1200, options.start or out, out), out)
    np.savez(data / "work" / "ears_told.npz", logits=ear_state.told(out, ears["patches"]),
             **{key: value for key, value in ears.items() if key != "patches"})


def train_eyes(data: Path, options: argparse.Namespace) -> None:
    pictures, out = with_mesh(read_pictures(data), data / "work" / "landmarks.npz"), options.out or ONNX / "eye_state.onnx"
    eye_crops.cut_eyes(pictures, data / "work" / "eyes.npz")
    eye_state.train(dict(np.load(data / "work" / "eyes.npz")), options.seconds or 240, out)
    eye_state.report(out, pictures, truths_of("eyes-open", data))


def truths_of(rule: str, data: Path) -> dict[Path, bool]:
    """Of labelled photos, whether a rule is broken."""
    folders = [(data / name).resolve() for name in ("photos", "studio")]
    return {folder / "images" / row["photo"]: row["truth"] == "fail"
            for folder in folders for row in rows(folder / "labels.csv") if row["rule"] == rule}


STEPS = {"list": list_pictures, "crops": cut, "face_parsing": train_parsing, "heads": train_heads, "ear_state": train_ears,
         "eye_state": train_eyes}


def main() -> None:
    if sys.argv[1:2] == ["masks"]:
        sys.argv.pop(1)
        return face_parsing.main()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=(*STEPS, "calibrate", "masks"))
    parser.add_argument("data", type=Path, help="the folder; of calibrate, the exported net")
    parser.add_argument("--start", type=Path, help="the exported net to go on from; otherwise the one in ../onnx")
    parser.add_argument("--out", type=Path, help="where to export to; otherwise over the one in ../onnx")
    parser.add_argument("--seconds", type=float, help="how long to train; the schedule ends with it")
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
