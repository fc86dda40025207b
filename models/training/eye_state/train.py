"""Train the eye-state net: open or closed, from one aligned crop of an eye.

    python train.py --eyes eyes.npz --out eye_state.onnx --minutes 20

Reads what extract.py wrote: crops of 96x64 pixels, 1.5 times as wide as the net's input, so that shifts, turns and
scales are cut from them. Only crops with heldout 0 are trained on; the others are reported.
"""

import argparse
import time

import cv2
import numpy as np
import torch
from torch import nn

WIDTH, HEIGHT = 48, 32
BATCH = 128


def conv(inputs: int, outputs: int, stride: int = 1, groups: int = 1, size: int = 3) -> nn.Sequential:
    """Convolution, batch norm, ReLU."""
    layer = nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class EyeState(nn.Module):
    """`eye` Nx3x32x48, RGB 0..1 -> `open_logit` Nx1."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            conv(3, 16, stride=2),
            conv(16, 16, groups=16), conv(16, 32, size=1),
            conv(32, 32, stride=2, groups=32), conv(32, 48, size=1),
            conv(48, 48, groups=48), conv(48, 48, size=1),
            conv(48, 48, stride=2, groups=48), conv(48, 64, size=1),
            conv(64, 64, groups=64), conv(64, 64, size=1),
        )
        # Where the lids are matters, so the 4x6 map is not averaged away.
        self.head = nn.Sequential(conv(64, 16, size=1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(16 * 4 * 6, 1))

    def forward(self, eye: torch.Tensor) -> torch.Tensor:
        return self.head(self.features(eye))


def augmented(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A 48x32 view of a 96x64 crop; spoils resolution, light, colour and compression alike for both classes."""
    height, width = crop.shape[:2]
    scale = WIDTH * 1.5 / width * np.exp(rng.normal(0, 0.10))
    angle = rng.normal(0, 5)
    view = cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale)
    view[:, 2] += np.array([WIDTH / 2 - width / 2, HEIGHT / 2 - height / 2]) + rng.normal(0, 1.3, 2)
    out = cv2.warpAffine(crop, view, (WIDTH, HEIGHT), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    if rng.random() < 0.6:  # small originals: CEW is smaller than the rest, and must not be told by it
        factor = rng.uniform(0.25, 0.9)
        small = cv2.resize(out, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        out = cv2.resize(small, (WIDTH, HEIGHT), interpolation=rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC]))
    if rng.random() < 0.3:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.3, 1.2))
    light = out.astype(np.float32)
    if rng.random() < 0.35:  # CEW has grey pictures
        light[:] = light.mean(2, keepdims=True)
    light *= rng.uniform(0.85, 1.15, 3) if rng.random() < 0.5 else 1.0
    light = 255 * np.clip(light / 255, 0, 1) ** np.exp(rng.normal(0, 0.3))
    light = (light - light.mean()) * rng.uniform(0.6, 1.4) + light.mean() + rng.normal(0, 18)
    if rng.random() < 0.3:
        across = np.linspace(-1, 1, WIDTH)[None, :, None]
        light *= 1 + rng.uniform(-0.35, 0.35) * across
    if rng.random() < 0.15:  # the rim of spectacles
        colour = rng.uniform(0, 255, 3)
        y = int(rng.choice([rng.integers(0, 9), rng.integers(24, HEIGHT)]))
        cv2.line(light, (0, y + int(rng.integers(-3, 4))), (WIDTH, y + int(rng.integers(-3, 4))), colour.tolist(), int(rng.integers(1, 3)))
    light += rng.normal(0, rng.uniform(0, 6), light.shape)
    out = np.clip(light, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        out = cv2.imdecode(cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 95))])[1], 1)
    return out[:, ::-1] if rng.random() < 0.5 else out


def plain(crop: np.ndarray) -> np.ndarray:
    """The middle of a 96x64 crop at 48x32, as the checker cuts it."""
    middle = crop[11:53, 16:80]
    return cv2.resize(middle, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)


def tensor(crops: list[np.ndarray]) -> torch.Tensor:
    """Crops HxWx3, 0..255 -> Nx3xHxW, 0..1."""
    return torch.from_numpy(np.ascontiguousarray(np.stack(crops).transpose(0, 3, 1, 2))).float() / 255


def equal_error_rate(open_scores: np.ndarray, closed_scores: np.ndarray) -> float:
    """Share of wrong decisions at the threshold where both kinds err alike."""
    thresholds = np.sort(np.concatenate([open_scores, closed_scores]))
    misses = np.searchsorted(np.sort(open_scores), thresholds, "left") / len(open_scores)
    alarms = 1 - np.searchsorted(np.sort(closed_scores), thresholds, "left") / len(closed_scores)
    return float(np.min(np.maximum(misses, alarms)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eyes", required=True, help="crops from extract.py")
    parser.add_argument("--out", required=True, help="ONNX file to write")
    parser.add_argument("--minutes", type=float, default=20, help="length of the training (default 20)")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    data = np.load(args.eyes)
    crops, is_open, heldout = data["crops"], data["is_open"], data["heldout"] == 1
    # Equal shares of open and closed; narrow but open eyes are few and worth ten.
    weight = np.where(is_open == 1, 1 / is_open.sum(), 1 / (1 - is_open).sum()) * np.where(data["is_narrow"] == 1, 10, 1)
    weight = np.where(heldout, 0, weight) / np.where(heldout, 0, weight).sum()

    net = EyeState()
    averaged = torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998))
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=0.02)
    started, step = time.monotonic(), 0
    while (progress := (time.monotonic() - started) / 60 / args.minutes) < 1:
        for group in optimiser.param_groups:
            group["lr"] = 3e-3 * min(1, progress / 0.03) * (0.5 + 0.5 * np.cos(np.pi * progress))
        chosen = rng.choice(len(crops), BATCH, p=weight)
        target = torch.from_numpy(is_open[chosen]).float()[:, None] * 0.96 + 0.02
        logits = net(tensor([augmented(crops[i], rng) for i in chosen]))
        loss = nn.functional.binary_cross_entropy_with_logits(logits, target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        averaged.update_parameters(net)
        step += 1
        if step % 200 == 0:
            print(f"step {step}, {100 * progress:.0f} %, loss {loss.item():.3f}", flush=True)

    best = averaged.module.eval()
    for module, trained in zip(best.modules(), net.modules()):  # running means are not averaged above
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean, module.running_var = trained.running_mean, trained.running_var
    with torch.no_grad():
        scores = best(tensor([plain(crop) for crop in crops[heldout]]))[:, 0].numpy()
    truth = is_open[heldout]
    error = equal_error_rate(scores[truth == 1], scores[truth == 0])
    print(f"held out: {int(truth.sum())} open, {int((1 - truth).sum())} closed eyes, EER {100 * error:.2f} %, steps {step}")
    example = torch.zeros(2, 3, HEIGHT, WIDTH)
    names = {"input_names": ["eye"], "output_names": ["open_logit"]}
    torch.onnx.export(best, (example,), args.out, opset_version=17, dynamo=False, **names)


if __name__ == "__main__":
    main()
