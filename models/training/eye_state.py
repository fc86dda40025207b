"""The net that sees whether an eye is open, its training and export, on patches cut by eye_crops.py."""
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn

from averaging import Average
from eye_crops import crops_of, lid_logits
from metrics import equal_error_rate
from pictures import Picture
from sessions import single_threaded

SEED = 20261123
COARSEST = 0.16  # resolution of the crop; open portraits are all sharp
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
        f = rng.uniform(COARSEST, 0.9)
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


def train(data: dict, seconds: float, out: Path, seed: int = SEED) -> None:
    """Train from scratch on people who are not held out until the clock ends the schedule, average the weights, and export."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    rows = np.flatnonzero(~data["is_held_out"])
    weight, is_open = np.ones(len(rows)), data["label"][rows] == 1
    for side in (True, False):
        weight[is_open == side] *= 0.5 / weight[is_open == side].sum()
    net = build()
    optimiser = torch.optim.AdamW(net.parameters(), 4e-3, weight_decay=0.02)
    average = Average(net, 0.998)
    start, step = time.time(), 0
    net.train()

    def batch() -> tuple[torch.Tensor, torch.Tensor]:
        chosen = rng.choice(rows, 96, p=weight)
        crops = np.stack([augment(data["patches"][i, rng.integers(2)], rng) for i in chosen])
        x = torch.from_numpy(np.ascontiguousarray(crops.transpose(0, 3, 1, 2))).float() / 255
        return x, torch.from_numpy(data["label"][chosen]).float()[:, None] * 0.96 + 0.02

    while (done := (time.time() - start) / seconds) < 1:
        for group in optimiser.param_groups:
            group["lr"] = 4e-3 * min(1, (step + 1) / 50) * max(0.01, 0.5 * (1 + np.cos(np.pi * done)))
        x, target = batch()
        loss = nn.functional.binary_cross_entropy_with_logits(net(x), target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step += 1
        average.follow()
        if step % 100 == 0:
            print(f"step {step} done {done:.2f} loss {loss.item():.4f}", flush=True)
    torch.onnx.export(average.put(net, lambda: batch()[0]), (torch.rand(2, 3, H, W),), str(out), opset_version=17, dynamo=False,
                      input_names=["eye"], output_names=["open_logit"])
    print(f"steps {step}, seconds {time.time() - start:.0f}")


def report(path: Path, pictures: list[Picture], truths: dict[Path, bool]) -> None:
    """Equal error rate on labelled photos, by source, the less open eye counting, of the net alone and beside the lids of the mesh;
    `truths`: whether an eye is closed."""
    session, pictures = single_threaded(path), [picture for picture in pictures if picture.path in truths]
    logits = np.stack([session.run(None, {"eye": crops_of(picture)})[0][:, 0] for picture in pictures])
    lids = np.stack([lid_logits(picture) for picture in pictures])
    closed, sources = np.array([truths[picture.path] for picture in pictures]), np.array([picture.source for picture in pictures])
    for source in ["", *np.unique(sources[~closed])]:
        among = closed | (sources == source) | (source == "")
        alone, beside = (equal_error_rate(-score.min(1)[among], closed[among]) for score in (logits, logits + lids))
        print(f"{source or 'all'}: {alone:.2f} %, beside the mesh {beside:.2f} % ({(among & ~closed).sum()} open, {closed.sum()} closed)")
