#!/usr/bin/env python3
"""Train, export and score the eye-open classifier on patches written by eye_crops.py.

Needs torch, numpy, opencv, onnx and onnxruntime. Only rows with heldout=0 are trained on.
"""
import argparse
import time

import cv2
import numpy as np
import onnxruntime
import torch
from torch import nn

from sessions import single_threaded

SEED = 20261123
H, W, PATCH_H, PATCH_W = 32, 48, 96, 144


def build() -> nn.Sequential:
    """Nx3x32x48 RGB 0..1 -> Nx1 logit of `open`."""
    layers: list[nn.Module] = []
    for i, o, stride in ((3, 16, 2), (16, 32, 2), (32, 48, 2), (48, 48, 1)):
        layers += [nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(0.2), nn.Linear(48 * 4 * 6, 1))


def draw_glasses(patch: np.ndarray, rng: np.random.Generator) -> None:
    """Draw one rim, and at times a glare spot, into a PATCH_H x PATCH_W patch (in place)."""
    centre = (int(72 + rng.normal(0, 6)), int(48 + rng.normal(0, 6)))
    axes = (int(rng.uniform(44, 66)), int(rng.uniform(24, 44)))
    colour = tuple(int(c) for c in (rng.uniform(0, 70, 3) if rng.random() < 0.7 else rng.uniform(0, 255, 3)))
    cv2.ellipse(patch, centre, axes, rng.uniform(-8, 8), 0, 360, colour, int(rng.integers(1, 7)), cv2.LINE_AA)
    if rng.random() < 0.3:
        spot = np.zeros(patch.shape[:2], np.float32)
        cv2.ellipse(spot, (int(rng.uniform(40, 104)), int(rng.uniform(30, 66))),
                    (int(rng.uniform(3, 16)), int(rng.uniform(2, 9))), rng.uniform(-40, 40), 0, 360, 1, -1)
        alpha = cv2.GaussianBlur(spot, (0, 0), 2)[..., None] * rng.uniform(0.3, 0.9)
        patch[:] = (patch * (1 - alpha) + 245 * alpha).astype(np.uint8)


def augment(patch: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """PATCH_H x PATCH_W x 3 uint8 -> H x W x 3 uint8; hides resolution, JPEG and colour of the source."""
    patch = patch.copy()
    if rng.random() < 0.15:
        draw_glasses(patch, rng)
    scale = rng.uniform(0.85, 1.18) / 2
    m = cv2.getRotationMatrix2D((PATCH_W / 2, PATCH_H / 2), rng.normal(0, 5), scale)
    m[:, 2] += (W / 2 - PATCH_W / 2 + rng.normal(0, 1.4), H / 2 - PATCH_H / 2 + rng.normal(0, 1.4))
    out = cv2.warpAffine(cv2.blur(patch, (2, 2)), m, (W, H), flags=cv2.INTER_LINEAR,
                         borderMode=cv2.BORDER_REPLICATE)
    if rng.random() < 0.7:  # one shared distribution of resolutions
        f = rng.uniform(0.25, 0.9)
        small = cv2.resize(out, (max(8, int(W * f)), max(6, int(H * f))), interpolation=cv2.INTER_AREA)
        out = cv2.resize(small, (W, H), interpolation=int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC])))
    if rng.random() < 0.3:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.3))
    x = out.astype(np.float32)
    grey = x.mean(2, keepdims=True)
    x = grey + (x - grey) * (0 if rng.random() < 0.35 else rng.uniform(0.4, 1.5))
    x = 255 * (x.clip(0, 255) / 255) ** np.exp(rng.normal(0, 0.3))
    x = (x - x.mean()) * rng.uniform(0.6, 1.4) + x.mean() * rng.uniform(0.7, 1.3)
    x = x * rng.uniform(0.85, 1.15, 3) + rng.normal(0, rng.uniform(0, 6), (H, W, 1))
    out = x.clip(0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        out = cv2.imdecode(cv2.imencode(".jpg", out, [1, int(rng.integers(30, 95))])[1], 1)
    return out[:, ::-1] if rng.random() < 0.15 else out


def auc_eer(good: np.ndarray, bad: np.ndarray) -> tuple[float, float]:
    """AUC and equal error rate of badness values, larger is worse."""
    t = np.unique(np.concatenate([good, bad]))
    false_alarm = 1 - np.searchsorted(np.sort(good), t, "right") / len(good)
    miss = np.searchsorted(np.sort(bad), t, "right") / len(bad)
    k = int(np.argmin(np.abs(miss - false_alarm)))
    return float(np.mean(bad[:, None] > good[None]) + 0.5 * np.mean(bad[:, None] == good[None])), \
        float((miss[k] + false_alarm[k]) / 2)


def report(session: onnxruntime.InferenceSession, data: dict, keep: np.ndarray, title: str) -> None:
    """Print n, AUC and EER per photo, worst eye (min over both eyes), of the net, the lid gap, both."""
    x = data["crops"][keep].astype(np.float32).transpose(0, 1, 4, 2, 3) / 255
    logits = np.array([session.run(None, {"eye": pair})[0].min() for pair in x])
    gap, is_open = data["lid_gap"][keep].min(1), data["label"][keep] == 1
    values = {"net": -logits, "lid gap": -gap, "logit + 20 gap": -(logits + 20 * gap)}
    for part in ["all", *sorted(set(data["source"][keep][is_open]))]:
        good = is_open & (True if part == "all" else data["source"][keep] == part)
        if not good.any() or is_open.all():
            continue
        cells = [f"{k}: AUC {a:.4f} EER {100 * e:.2f} %" for k, v in values.items()
                 for a, e in [auc_eer(v[good], v[~is_open])]]
        print(f"{title}, open from {part}: n {good.sum()} open / {(~is_open).sum()} closed; " + "; ".join(cells))
    names = data["name"][keep]
    for label, order in (("closed taken for open", np.argsort(-np.where(is_open, -99, logits))),
                         ("open taken for closed", np.argsort(np.where(is_open, logits, 99)))):
        print("  worst", label, [(str(names[i]), round(float(logits[i]), 1)) for i in order[:6]])
    print(f"  at p = 0.5: open called closed {np.sum(is_open & (logits < 0))}, "
          f"closed called open {np.sum(~is_open & (logits >= 0))}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", required=True, help=".npz of eye_crops.py")
    parser.add_argument("--dev", help=".npz of the evaluation photos, scored only")
    parser.add_argument("--out", required=True, help="ONNX file to write")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=1e9, help="wall-clock limit; the schedule ends with it")
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    data = dict(np.load(args.train))
    rows = np.flatnonzero(data["heldout"] == 0)
    weight = np.where(data["source"][rows] == "scut_narrow", 10.0, 1.0)
    is_open = data["label"][rows] == 1
    for side in (True, False):
        weight[is_open == side] *= 0.5 / weight[is_open == side].sum()
    net = build()
    optimiser = torch.optim.AdamW(net.parameters(), 4e-3, weight_decay=0.02)
    start, step, done = time.time(), 0, 0.0
    net.train()
    while done < 1:
        done = max((step + 1) / args.steps, (time.time() - start) / args.seconds)
        for group in optimiser.param_groups:
            group["lr"] = 4e-3 * min(1, (step + 1) / 50) * max(0.01, 0.5 * (1 + np.cos(np.pi * min(done, 1))))
        chosen = rng.choice(rows, 96, p=weight)
        batch = np.stack([augment(data["patches"][i, rng.integers(2)], rng) for i in chosen])
        x = torch.from_numpy(np.ascontiguousarray(batch.transpose(0, 3, 1, 2))).float() / 255
        target = torch.from_numpy(data["label"][chosen]).float()[:, None] * 0.96 + 0.02
        loss = nn.functional.binary_cross_entropy_with_logits(net(x), target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step += 1
        if step % 100 == 0:
            print(f"step {step} done {done:.2f} loss {loss.item():.4f}", flush=True)
    net.eval()
    torch.onnx.export(net, (torch.rand(2, 3, H, W),), args.out, opset_version=17, dynamo=False,
                      input_names=["eye"], output_names=["open_logit"])
    print(f"steps {step}, seconds {time.time() - start:.0f}")
    session = single_threaded(args.out)
    probe = np.random.default_rng(0).random((2, 3, H, W), dtype=np.float32)
    diff = np.abs(session.run(None, {"eye": probe})[0] - net(torch.from_numpy(probe)).detach().numpy()).max()
    times = []
    for _ in range(300):
        t0 = time.perf_counter()
        session.run(None, {"eye": probe})
        times.append(time.perf_counter() - t0)
    print(f"torch to ONNX max difference {diff:.1e}; median {1e3 * np.median(times):.3f} ms for both eyes")
    report(session, data, data["heldout"] == 1, "held-out crops")
    if args.dev:
        dev = dict(np.load(args.dev))
        report(session, dev, np.ones(len(dev["label"]), bool), "dev photos")


if __name__ == "__main__":
    main()
