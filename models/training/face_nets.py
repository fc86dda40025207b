#!/usr/bin/env python3
"""Train, export and score `glasses` or `head_cover` on patches of face_patches.py.

Needs torch, numpy, opencv, onnx and onnxruntime. Only rows with heldout = 0 are trained on; a label of -1 is unknown.
"""
import argparse
import time

import cv2
import numpy as np
import onnxruntime
import torch
from torch import nn

import face_drawings as draw
from face_patches import EYES, EYES_PATCH, HEAD, HEAD_PATCH
from sessions import single_threaded

SEED, BATCH, RATE = 20261123, 64, 3e-3
# What each net sees, what it tells, and its 3x3 convolutions: input and output channels, stride.
NETS = {
    "glasses": dict(patch="eyes", frame=EYES, patch_frame=EYES_PATCH, labels=("glasses",), output="glasses_logit",
                    layers=((3, 12, 2), (12, 24, 2), (24, 40, 2), (40, 56, 1), (56, 56, 2))),
    "head_cover": dict(patch="head", frame=HEAD, patch_frame=HEAD_PATCH, labels=("hat", "covered"), output="cover_logits",
                       layers=((3, 12, 2), (12, 24, 2), (24, 40, 2), (40, 56, 1), (56, 64, 2))),
}

# Seen to be labelled wrongly.
LEFT_OUT = {"utk_face_4341.jpg"}


def build(spec: dict) -> nn.Sequential:
    """1x3xHxW RGB 0..1 -> 1 x number of labels, logits."""
    layers: list[nn.Module] = []
    for i, o, stride in spec["layers"]:
        layers += [nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU()]
    cells = spec["frame"].width * spec["frame"].height // 256
    last = nn.Linear(spec["layers"][-1][1] * cells, len(spec["labels"]))
    return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(0.2), last)


def augment(patch: np.ndarray, spec: dict, rng: np.random.Generator) -> np.ndarray:
    """A patch as the net might see it: moved, cut off, coarser, blurred, in other light, compressed."""
    frame, source = spec["frame"], spec["patch_frame"]
    if rng.random() < 0.35:  # a photo that ends near the face, its edge continued
        patch = cut_off(patch, source, rng)
    scale = frame.samples_per_eye_distance / source.samples_per_eye_distance * np.exp(rng.normal(0, 0.05))
    angle = rng.normal(0, 2.5) * np.pi / 180
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turn[:, 0] *= -1 if rng.random() < 0.5 else 1
    centre = np.array([source.width, source.height]) / 2
    shift = np.array([frame.width, frame.height]) / 2 + rng.normal(0, 0.03, 2) * frame.samples_per_eye_distance
    matrix = np.hstack([turn, (shift - turn @ centre)[:, None]]).astype(np.float32)
    out = cv2.warpAffine(patch, matrix, (frame.width, frame.height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if rng.random() < 0.6:
        shrink = np.exp(rng.uniform(0, np.log(3.0)))
        small = cv2.resize(out, (int(frame.width / shrink), int(frame.height / shrink)), interpolation=cv2.INTER_AREA)
        if rng.random() < 0.5:
            small = compressed(small, rng)
        out = cv2.resize(small, (frame.width, frame.height),
                         interpolation=[cv2.INTER_LINEAR, cv2.INTER_CUBIC][rng.integers(2)])
    if rng.random() < 0.2:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.3, 1.2))
    elif rng.random() < 0.15:
        out = cv2.addWeighted(out, 1.7, cv2.GaussianBlur(out, (0, 0), 1), -0.7, 0)
    level = np.arange(256, dtype=np.float32) / 255
    curves = []
    gamma, contrast, lift = np.exp(rng.normal(0, 0.25)), np.exp(rng.normal(0, 0.2)), rng.normal(0, 0.05)
    for tint in rng.normal(0, 0.06, 3):
        curves.append(np.clip(((level**gamma - 0.5) * contrast + 0.5 + lift) * np.exp(tint) * 255, 0, 255))
    out = cv2.LUT(out, np.stack(curves, 1).astype(np.uint8)[None])
    if rng.random() < 0.12:
        out = cv2.cvtColor(cv2.cvtColor(out, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    if rng.random() < 0.25:  # light from one side
        ramp = 1 + np.float32(rng.uniform(-0.5, 0.5)) * np.linspace(-1, 1, frame.width, dtype=np.float32)[None, :, None]
        out = np.clip(out * ramp, 0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        out = np.clip(out + np.float32(rng.uniform(1, 9)) * draw.grain(out.shape, rng), 0, 255).astype(np.uint8)
    return compressed(out, rng) if rng.random() < 0.3 else out


def compressed(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 95))])[1]
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def cut_off(patch: np.ndarray, frame, rng: np.random.Generator) -> np.ndarray:
    """The patch as if the photo ended at random distances around the face."""
    ends = np.array([[-rng.uniform(1.1, 3), -rng.uniform(0.9, 3)], [rng.uniform(1.1, 3), rng.uniform(1.4, 3)]])
    (left, top), (right, bottom) = np.clip(frame.samples(ends), 0, [frame.width, frame.height]).round().astype(int)
    inner = patch[top:bottom, left:right]
    return cv2.copyMakeBorder(inner, top, frame.height - bottom, left, frame.width - right, cv2.BORDER_REPLICATE)


class Samples:
    """Draws training samples: half of them show what is looked for, part of these drawn."""

    def __init__(self, data: dict, name: str, rng: np.random.Generator):
        self.data, self.name, self.spec, self.rng = data, name, NETS[name], rng
        self.train = (data["heldout"] == 0) & ~np.isin(data["name"], list(LEFT_OUT))
        self.drawn: list[tuple[np.ndarray, list[int]]] = []  # drawings are dear, so each is used a few times
        self.pools = {(label, value): self.pool(label, value) for label in self.spec["labels"] for value in (0, 1)}

    def pool(self, label: str, value: int) -> list[np.ndarray]:
        """Training rows with this label, by source, so that no source stands for an answer."""
        rows = np.flatnonzero(self.train & (self.data[label] == value))
        return [rows[self.data["source"][rows] == source] for source in np.unique(self.data["source"][rows])]

    def pick(self, label: str, value: int) -> int:
        """A row; sources count by the root of their size."""
        pools = self.pools[label, value]
        weights = np.sqrt([len(rows) for rows in pools])
        return int(self.rng.choice(pools[self.rng.choice(len(pools), p=weights / weights.sum())]))

    def patch(self, row: int) -> np.ndarray:
        return np.array(self.data[self.spec["patch"]][row])

    def mesh(self, row: int) -> np.ndarray:
        return self.spec["patch_frame"].samples(self.data["points"][row])

    def one(self) -> tuple[np.ndarray, list[int]]:
        patch, labels = self.glasses() if self.name == "glasses" else self.head_cover()
        return augment(patch, self.spec, self.rng), labels

    def glasses(self) -> tuple[np.ndarray, list[int]]:
        kind, rng = self.rng.random(), self.rng
        if kind < 0.3:
            return self.patch(self.pick("glasses", 1)), [1]
        row = self.pick("glasses", 0)
        if kind < 0.5:
            return draw.draw_glasses(self.patch(row), self.mesh(row), rng), [1]
        if kind < 0.6:
            return draw.draw_strands(self.patch(row), self.mesh(row), rng), [0]
        return self.patch(row), [0]

    def head_cover(self) -> tuple[np.ndarray, list[int]]:
        kind, rng, data = self.rng.random(), self.rng, self.data
        if len(self.drawn) >= 100 and rng.random() < 0.35:
            return self.drawn[rng.integers(len(self.drawn))]
        if kind < 0.2:
            row = self.pick("hat", 1)
        elif kind < 0.35:
            row = self.pick("covered", 1)
        else:
            row = self.pick("covered", 0)
        labels = [int(data["hat"][row]), int(data["covered"][row])]
        patch = self.patch(row)
        if kind < 0.2 and rng.random() < 0.4:  # the hat on another head
            lower = self.pick("covered", 0)
            patch, labels = self.joined(row, lower), [1, 0]
        elif kind > 0.35 and rng.random() < 0.12:  # another's hair, lest a seam should mean a hat
            patch, labels[0] = self.joined(self.pick("hat", 0), row), 0
        if kind < 0.35 and rng.random() < 0.8:
            return patch, labels
        drawn = rng.random()
        if drawn < 0.13 and labels[1] >= 0:
            how = rng.random()
            if how < 0.25:
                patch = draw.draw_mask(patch, self.mesh(row), rng)
            elif how < 0.65:
                patch = draw.draw_hand(patch, self.mesh(row), rng)
            elif how < 0.85:
                patch = draw.draw_object(patch, self.mesh(row), rng, self.patch(self.pick("covered", 0)))
            else:
                patch = draw.draw_scarf(patch, self.mesh(row), rng, True)
            labels[1] = 1
        elif drawn < 0.16:
            patch = draw.draw_scarf(patch, self.mesh(row), rng, False)
        if rng.random() < 0.1:
            patch, labels[0] = draw.draw_hat(patch, self.mesh(row), rng, data["head_classes"][row]), 1
            drawn = 0
        if drawn < 0.16:
            self.drawn = self.drawn[-400:] + [(patch, labels)]
        return patch, labels

    def joined(self, upper: int, lower: int) -> np.ndarray:
        """The head of one picture down to somewhere over the brows, the face of another."""
        brows = (self.mesh(upper)[[105, 334], 1].mean() + self.mesh(lower)[[105, 334], 1].mean()) / 2
        seam = brows - self.rng.uniform(0.05, 0.4) * self.spec["patch_frame"].samples_per_eye_distance
        rows = np.arange(self.spec["patch_frame"].height, dtype=np.float32)
        share = np.clip((rows - seam) / self.rng.uniform(1, 6) + 0.5, 0, 1)[:, None, None]
        return (self.patch(upper) * (1 - share) + self.patch(lower) * share).astype(np.uint8)


def logits(session: onnxruntime.InferenceSession, crops: np.ndarray) -> np.ndarray:
    name = session.get_inputs()[0].name
    planes = lambda crop: np.ascontiguousarray(crop.transpose(2, 0, 1)[None], dtype=np.float32) / 255
    return np.array([session.run(None, {name: planes(crop)})[0][0] for crop in crops])


def equal_error_rate(score: np.ndarray, bad: np.ndarray) -> float:
    """Where as many good are refused as bad pass, in percent."""
    order = np.argsort(score)
    missed = np.concatenate([[0], np.cumsum(bad[order])]) / max(bad.sum(), 1)
    refused = 1 - np.concatenate([[0], np.cumsum(~bad[order])]) / max((~bad).sum(), 1)
    at = np.argmin(np.abs(missed - refused))
    return 50 * float(missed[at] + refused[at])


def report(data: dict, label: str, score: np.ndarray, chosen: np.ndarray, title: str) -> None:
    known = chosen & (data[label] >= 0)
    good, bad = score[known & (data[label] == 0)], score[known & (data[label] == 1)]
    if len(good) and len(bad):
        both = np.concatenate([good, bad])
        auc = (bad[:, None] > good[None]).mean()
        rate = equal_error_rate(both, np.arange(len(both)) >= len(good))
        print(f"{label:8} {title:28} n {len(good)}/{len(bad)}: AUC {auc:.4f}, EER {rate:.2f} %")


def load(folder: str) -> dict:
    keys = ("eyes", "eyes_crop", "head", "head_crop", "head_classes", "points")
    data = {key: np.load(f"{folder}/p_{key}.npy", mmap_mode="r") for key in keys}
    for key in ("name", "path", "set", "source", "comp", "heldout", "glasses", "covered", "hat"):
        data[key] = np.load(f"{folder}/p_{key}.npy")
    return data


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("net", choices=NETS)
    parser.add_argument("--patches", required=True, help="folder with the arrays of face_patches.py as p_NAME.npy")
    parser.add_argument("--out", required=True, help="ONNX file to write")
    parser.add_argument("--start", help="weights to go on from, .pt")
    parser.add_argument("--seconds", type=float, required=True, help="wall-clock limit; the schedule ends with it")
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--seed", type=int, default=SEED)
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(args.seed)
    data, spec = load(args.patches), NETS[args.net]
    samples = Samples(data, args.net, np.random.default_rng(args.seed))
    net = build(spec).to(memory_format=torch.channels_last)
    if args.start:
        net.load_state_dict(torch.load(args.start))
    optimiser = torch.optim.AdamW(net.parameters(), args.rate, weight_decay=0.02)
    start, step, done, losses = time.time(), 0, 0.0, []
    net.train()
    while done < 1:
        done = (time.time() - start) / args.seconds
        for group in optimiser.param_groups:
            group["lr"] = args.rate * min(1, (step + 1) / 50) * max(0.01, 0.5 * (1 + np.cos(np.pi * min(done, 1))))
        batch = [samples.one() for _ in range(BATCH)]
        x = torch.from_numpy(np.stack([patch for patch, _ in batch])).permute(0, 3, 1, 2).float() / 255
        target = torch.tensor([labels for _, labels in batch], dtype=torch.float32)
        known = (target >= 0).float()
        loss = nn.functional.binary_cross_entropy_with_logits(net(x), target.clamp(0) * 0.97 + 0.015, known)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        step += 1
        if step % 100 == 0:
            print(f"step {step} done {done:.2f} loss {np.mean(losses[-100:]):.4f}", flush=True)
    net.eval()
    torch.save(net.state_dict(), args.out.replace(".onnx", ".pt"))
    shape = (1, 3, spec["frame"].height, spec["frame"].width)
    torch.onnx.export(net.to(memory_format=torch.contiguous_format), (torch.rand(shape),), args.out, opset_version=17,
                      dynamo=False, input_names=[spec["patch"]], output_names=[spec["output"]])
    print(f"steps {step}, seconds {time.time() - start:.0f}")
    score(args.net, data, args.out)


def score(name: str, data: dict, path: str) -> None:
    """Error rates on the development photos; held-out persons, real and composited apart."""
    session, spec = single_threaded(path), NETS[name]
    found = logits(session, data[spec["patch"] + "_crop"])
    np.save(path.replace(".onnx", ".npy"), found)
    dev, held = data["set"] == "dev", data["heldout"] == 1
    for i, label in enumerate(spec["labels"]):
        real = (data["comp"] == 0) | (data[label] == 0)
        sets = {"development, held-out": dev & held, "development, all": dev, "- held-out, real bad": dev & held & real,
                "- all, real bad": dev & real, "training pictures, held-out": ~dev & held}
        for title, chosen in sets.items():
            report(data, label, found[:, i], chosen, title)


if __name__ == "__main__":
    main()
