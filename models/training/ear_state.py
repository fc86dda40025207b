"""The net that sees ears and earrings, its training and export, on patches cut by ear_crops.py."""
import time
from pathlib import Path

import cv2
import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from averaging import Average
from batches import device, prepared
from ear_crops import ANCHOR, CROP_H, CROP_PER_FACE, CROP_W, DOWN, OUTWARD, SAMPLES_PER_FACE, crop_of
from sessions import single_threaded

SEED, RATE = 20261125, 2e-3
FINE = 2  # drawing pixels per patch pixel
LOBE = np.array([79.0, 94.0])  # where the lobe lies on average, in patch pixels
OUT_PER_PATCH = CROP_W / (CROP_PER_FACE * SAMPLES_PER_FACE)
CENTRE = ANCHOR + SAMPLES_PER_FACE * np.array([-OUTWARD, DOWN])  # the crop's middle on the patch, outward is left


def build() -> nn.Sequential:
    """Nx3xHxW RGB 0..1 -> Nx2 logits `ear visible`, `earring`."""
    layers: list[nn.Module] = []
    for i, o, stride in ((3, 16, 2), (16, 16, 2), (16, 24, 2), (24, 40, 2), (40, 56, 1), (56, 56, 1)):
        layers += [nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU()]
    layers += [nn.Conv2d(56, 16, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(0.3), nn.Linear(16 * (CROP_H // 16) * (CROP_W // 16), 2))


def paint(patch: np.ndarray, cover: np.ndarray, colour: np.ndarray, strength: float) -> None:
    """Blend `colour` into the patch (in place) where `cover` (0..1) says."""
    alpha = np.clip(cover, 0, 1)[..., None] * strength
    patch[:] = (patch * (1 - alpha) + colour * alpha).clip(0, 255).astype(np.uint8)


def metal(rng: np.random.Generator) -> np.ndarray:
    """A colour, BGR, that earrings have: silver, gold, pearl, black, jewels."""
    kind = rng.choice(5, p=(0.3, 0.25, 0.2, 0.15, 0.1))
    base = ((175, 175, 175), (90, 160, 205), (215, 225, 235), (30, 28, 30), rng.uniform(20, 230, 3))[kind]
    return np.array(base) * rng.uniform(0.6, 1.15) + rng.normal(0, 8, 3)


def strokes(shape: tuple, draw) -> np.ndarray:
    """Cover 0..1 of what `draw` paints on a canvas FINE times as fine."""
    canvas = np.zeros((shape[0] * FINE, shape[1] * FINE), np.uint8)
    draw(canvas)
    return cv2.resize(canvas, shape[1::-1], interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def fine(x: float, y: float) -> tuple[int, int]:
    return round(FINE * x), round(FINE * y)


def draw_earring(patch: np.ndarray, lobe: np.ndarray, rng: np.random.Generator) -> None:
    """Draw a stud, hoop, drop or chain at the lobe (in place)."""
    x, y = lobe + rng.normal(0, 1.5, 2) + (0, -2)
    kind = rng.choice(4, p=(0.42, 0.25, 0.2, 0.13))
    r = rng.uniform(1.8, 5.5)
    fall = rng.uniform(6, 22) if rng.random() < 0.7 else rng.uniform(22, 60)
    spots = [(x, y, r)]
    thick = int(rng.uniform(2, 6))

    def draw(canvas: np.ndarray) -> None:
        if kind == 1:
            a, b = rng.uniform(0.35, 1.0) * fall / 1.6, fall / 1.6
            cv2.ellipse(canvas, fine(x, y + b), fine(a, b), rng.uniform(-8, 8), 0, 360, 255, thick, cv2.LINE_AA)
            return
        if kind == 2:
            end = rng.uniform(2, 8)
            spots.append((x + rng.normal(0, 1), y + fall, end))
            cv2.line(canvas, fine(x, y), fine(x, y + fall), 255, max(1, thick // 2), cv2.LINE_AA)
        if kind == 3:
            spots.extend((x + rng.normal(0, 1), y + k * fall / 4, r * rng.uniform(0.5, 1.2)) for k in range(1, 5))
        for sx, sy, sr in spots:
            cv2.ellipse(canvas, fine(sx, sy), fine(sr * rng.uniform(0.7, 1.1), sr), rng.uniform(0, 90), 0, 360, 255, -1, cv2.LINE_AA)

    cover = strokes(patch.shape, draw)
    shadow = cv2.GaussianBlur(np.roll(cover, 2, 0), (0, 0), 1.5)
    paint(patch, shadow, np.zeros(3), rng.uniform(0, 0.4))
    shade = cv2.GaussianBlur(rng.normal(0, 1, patch.shape[:2]).astype(np.float32), (0, 0), 1.2)[..., None] * rng.uniform(20, 130)
    paint(patch, cover, metal(rng) + shade, rng.uniform(0.75, 1))
    if kind != 1 and rng.random() < 0.7:
        light = strokes(patch.shape, lambda c: [cv2.circle(c, fine(sx - sr / 3, sy - sr / 3), max(1, round(FINE * sr * 0.35)), 255, -1) for sx, sy, sr in spots])
        paint(patch, light, np.full(3, 250.0), rng.uniform(0.5, 1))


def draw_decoy(patch: np.ndarray, lobe: np.ndarray, rng: np.random.Generator) -> None:
    """Draw what is no earring: a bright lobe, strands, a mask's loop, a glasses' temple, a gap in the hair, a collar."""
    x, y = lobe
    hair = patch[2:12, 55:95].reshape(-1, 3).mean(0)
    match rng.integers(6):
        case 0:
            cover = strokes(patch.shape, lambda c: cv2.circle(c, fine(*(lobe + rng.normal(0, 4, 2))), int(rng.uniform(3, 9)), 255, -1))
            paint(patch, cv2.GaussianBlur(cover, (0, 0), rng.uniform(1.5, 4)), patch[100:110, 110:120].mean((0, 1)) * 1.5, rng.uniform(0.3, 0.8))
        case 1:
            for _ in range(rng.integers(1, 5)):
                start, bend = x + rng.normal(0, 12), rng.normal(0, 8)
                line = np.array([fine(start + bend * np.sin(t * 2.5), 30 + t * rng.uniform(80, 130)) for t in np.linspace(0, 1, 12)], np.int32)
                paint(patch, strokes(patch.shape, lambda c: cv2.polylines(c, [line], False, 255, int(rng.uniform(1, 4)), cv2.LINE_AA)), hair, rng.uniform(0.5, 1))
        case 2:
            ends = fine(x + rng.uniform(-6, 0), 55), fine(120, rng.uniform(85, 125)), fine(x, y - 6)
            colour = rng.choice((245.0, 200.0, 40.0)) * np.ones(3)
            paint(patch, strokes(patch.shape, lambda c: cv2.polylines(c, [np.array([ends[0], ends[1], ends[2]], np.int32)], False, 255, int(rng.uniform(3, 8)), cv2.LINE_AA)), colour, 0.95)
        case 3:
            level = rng.uniform(45, 66)
            paint(patch, strokes(patch.shape, lambda c: cv2.line(c, fine(x, level + 3), fine(148, level + rng.normal(0, 4)), 255, int(rng.uniform(2, 9)), cv2.LINE_AA)), metal(rng), 0.95)
        case 4:
            behind = patch[60:90, 2:12].mean((0, 1))
            for _ in range(rng.integers(1, 4)):
                spot = lobe + rng.normal(0, (9, 22), 2) + (0, 12)
                axes = int(rng.uniform(2, 8)), int(rng.uniform(4, 22))
                paint(patch, strokes(patch.shape, lambda c: cv2.ellipse(c, fine(*spot), axes, rng.uniform(-30, 30), 0, 360, 255, -1)), behind, rng.uniform(0.7, 1))
        case _:
            top = np.array([fine(rng.uniform(70, 110), rng.uniform(140, 175)), fine(40, 229), fine(149, 229)], np.int32)
            paint(patch, strokes(patch.shape, lambda c: cv2.fillPoly(c, [top], 255)), rng.choice((245.0, 30.0)) * np.ones(3), 1)


def draw_hair(patch: np.ndarray, lobe: np.ndarray, rng: np.random.Generator, whole: bool) -> None:
    """Pull the person's own hair over the ear (in place): the whole ear, or its upper part only."""
    source = patch[0:22, 52:92].astype(np.float32)
    tone = np.median(source.reshape(-1, 3), 0)
    if tone.max() > 120 or np.ptp(tone) > 50:  # bald, or the background shows: any hair will do
        tone = rng.uniform(15, 90) * np.array((0.8, 0.9, 1.0))
    left, right = lobe[0] - rng.uniform(26, 40), lobe[0] + rng.uniform(8, 24)
    end = rng.uniform(lobe[1] + 8, 229) if whole else lobe[1] - rng.uniform(16, 26)
    wave = rng.normal(0, 4, 4)
    edge = [fine(right + 18 - 18 * t + wave[int(3 * t)], t * end) for t in np.linspace(0, 1, 8)]
    outline = np.array([fine(left + 6, 0), *edge, fine(left + rng.normal(0, 4), end)], np.int32)
    cover = cv2.GaussianBlur(strokes(patch.shape, lambda c: cv2.fillPoly(c, [outline], 255)), (0, 0), rng.uniform(0.7, 2.5))
    strands = cv2.GaussianBlur(rng.normal(0, 1, patch.shape[:2]).astype(np.float32), (0, 0), sigmaX=1.0, sigmaY=14)
    paint(patch, cover, tone + strands[..., None] * rng.uniform(30, 160), rng.uniform(0.93, 1))


def jittered(patch: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The crop with a little error in place, scale, roll and yaw."""
    m = cv2.getRotationMatrix2D(tuple(CENTRE), rng.normal(0, 4), OUT_PER_PATCH * np.exp(rng.normal(0, 0.07)))
    squash = np.exp(rng.normal(0, 0.07))
    m[0] *= squash
    m[0, 2] += CENTRE[0] * (1 - squash)
    m[:, 2] += (CROP_W / 2 - CENTRE[0] + rng.normal(0, 4), CROP_H / 2 - CENTRE[1] + rng.normal(0, 4.8))
    return cv2.warpAffine(patch, m, (CROP_W, CROP_H), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def degraded(out: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One range of resolutions, JPEG and blur for all sources, and photos that end within the crop."""
    if rng.random() < 0.15:
        k = 1 + int(rng.uniform(0, 0.3) * CROP_W)
        out[:, :k] = out[:, k:k + 1] if rng.random() < 0.6 else rng.integers(0, 256, 3)
    if rng.random() < 0.1:
        k = 1 + int(rng.uniform(0, 0.3) * CROP_H)
        out[-k:] = out[-k - 1:-k]
    if rng.random() < 0.55:
        f = rng.uniform(0.25, 1)
        small = cv2.resize(out, (int(CROP_W * f), int(CROP_H * f)), interpolation=cv2.INTER_AREA)
        if rng.random() < 0.5:
            small = cv2.imdecode(cv2.imencode(".jpg", small, [1, int(rng.integers(40, 95))])[1], 1)
        return cv2.resize(small, (CROP_W, CROP_H), interpolation=int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC])))
    return cv2.GaussianBlur(out, (0, 0), rng.uniform(0.5, 1.6)) if rng.random() < 0.3 else out


def relit(batch: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Colour, contrast and noise of a whole batch, NxHxWx3 uint8 -> float32 0..1."""
    n = len(batch)
    draw = lambda low, high, *size: rng.uniform(low, high, (n, 1, 1, *(size or (1,)))).astype(np.float32)  # noqa: E731
    x = batch.astype(np.float32) / 255
    grey = x.mean(3, keepdims=True)
    x = (grey + (x - grey) * np.where(rng.random((n, 1, 1, 1)) < 0.12, 0, draw(0.5, 1.4)).astype(np.float32)).clip(0, 1)
    mean = x.mean((1, 2, 3), keepdims=True)
    x = ((x - mean) * draw(0.7, 1.3) + mean * draw(0.75, 1.25)) * draw(0.88, 1.12, 3)
    x += rng.standard_normal((n, *x.shape[1:3], 1), dtype=np.float32) * draw(0, 0.022)
    return x.clip(0, 1)


def sample(data: dict, index: int, synthesise: str, rng: np.random.Generator) -> np.ndarray:
    """One augmented crop; `synthesise` names what is drawn into it."""
    patch = data["patches"][index]
    if synthesise:
        patch, lobe = patch.copy(), data["lobe"][index]
        lobe = lobe if np.isfinite(lobe).all() else LOBE + rng.normal(0, (3, 7))
        if synthesise == "earring":
            draw_earring(patch, lobe, rng)
        elif synthesise == "decoy":
            draw_decoy(patch, lobe, rng)
        else:
            draw_hair(patch, lobe, rng, whole=synthesise == "hair")
    gamma = (255 * (np.arange(256) / 255) ** np.exp(rng.normal(0, 0.25))).astype(np.uint8)
    return cv2.LUT(degraded(jittered(patch, rng), rng), gamma)


# Crops of a batch: from which pool, how many, what is drawn on them. Of a pair both sides are shown.
PLAN = (("ring", 14, ""), ("ring pair", 10, ""), ("bare", 10, ""), ("bare studio", 12, ""), ("hidden", 6, ""), ("hidden pair", 2, ""),
        ("flat", 4, ""), ("bare", 6, "earring"), ("bare studio", 6, "earring"), ("bare", 4, "decoy"), ("bare studio", 3, "decoy"),
        ("seen", 2, "hair"), ("seen", 1, "fringe"))
# The same where every picture is a portrait and few wear earrings: more are drawn.
OPEN_PLAN = (("ring", 2, ""), ("ring pair", 6, ""), ("bare studio", 12, ""), ("hidden", 1, ""), ("hidden pair", 2, ""), ("flat", 2, ""),
             ("bare studio", 8, "earring"), ("bare studio", 4, "decoy"), ("seen", 2, "hair"), ("seen", 1, "fringe"))


def pools_of(data: dict, chosen: np.ndarray) -> dict[str, list[np.ndarray]]:
    """Rows of the chosen ears by what they show and by source; of a pair, the row of the right side."""
    right = np.arange(len(chosen)) % 2 == 0
    side_unknown = lambda name: (data[name] < 0) & (data[f"any_{name}"] == 1) & right  # noqa: E731
    portraits = np.isin(data["collection"], ("studio", "open", "photos")) & (data["source"] != "scut_fbp5500")
    bare = data["earring"] == 0
    shown = {"ring": data["earring"] == 1, "ring pair": side_unknown("earring"), "bare": bare & ~portraits, "bare studio": bare & portraits,
             "hidden": data["hidden"] == 1, "hidden pair": side_unknown("hidden"), "seen": (data["hidden"] == 0) & bare,
             "flat": (data["hidden"] == 0) & (data["area"] < 100)}
    sources = np.char.add(data["collection"], data["source"])
    pools = {}
    for name, rows in shown.items():
        rows = np.flatnonzero(rows & chosen)
        pools[name] = [rows[sources[rows] == source] for source in np.unique(sources[rows])]
    return pools


def pick(pools: list[np.ndarray], count: int, rng: np.random.Generator) -> list[int]:
    """Sources count by the root of their size."""
    weights = np.sqrt([len(rows) for rows in pools])
    return [int(rng.choice(pools[i])) for i in rng.choice(len(pools), count, p=weights / weights.sum())]


def batch_of(data: dict, pools: dict, plan: tuple, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor, list[tuple[int, int, int]]]:
    """About 90 crops, their targets (NaN where unknown), and the pairs: place in the batch of the first, output, truth."""
    crops, targets, pairs = [], [], []
    for pool, count, drawn in plan:
        for row in pick(pools[pool], count, rng):
            if pool.endswith("pair"):
                pairs.append((len(crops), 1 if pool == "ring pair" else 0, 1))
            for index in (row, row + 1) if pool.endswith("pair") else (row,):
                hidden, earring = (float(v) if v >= 0 else np.nan for v in (data["hidden"][index], data["earring"][index]))
                if drawn == "earring":
                    earring = 1
                if drawn == "hair":
                    hidden, earring = 1, 0
                if drawn == "fringe":
                    earring = np.nan
                crops.append(sample(data, index, drawn, rng))
                targets.append((1 - hidden, earring))
    x = relit(np.stack(crops), rng)[..., ::-1].transpose(0, 3, 1, 2)
    return torch.from_numpy(np.ascontiguousarray(x)), torch.tensor(targets, dtype=torch.float32), pairs


def loss_of(logits: torch.Tensor, target: torch.Tensor, pairs: list[tuple[int, int, int]]) -> torch.Tensor:
    """Of a pair the side counts that shows it more: the larger logit of an earring, the smaller of an ear in sight."""
    known = ~torch.isnan(target)
    told = torch.stack([logits[i:i + 2, 1].amax() if output else -logits[i:i + 2, 0].amin() for i, output, _ in pairs])
    logits, target = torch.cat([logits[known], told]), torch.cat([target[known], torch.ones_like(told)])
    return nn.functional.binary_cross_entropy_with_logits(logits, target * 0.96 + 0.02)


def resume(net: nn.Sequential, path: Path, x: torch.Tensor) -> None:
    """Take over the weights of an exported net; each batch norm is set so that it changes nothing on the batch `x`."""
    stored = [torch.from_numpy(numpy_helper.to_array(t).copy()) for t in onnx.load(path).graph.initializer]
    folded = list(zip(stored[::2], stored[1::2]))  # a kernel, then its bias
    with torch.no_grad():
        for layer in net:
            if isinstance(layer, (nn.Conv2d, nn.Linear)):
                kernel, bias = next(pair for pair in folded if pair[0].shape == layer.weight.shape)
                layer.weight.copy_(kernel)
                if isinstance(layer, nn.Linear):
                    layer.bias.copy_(bias)
            elif isinstance(layer, nn.BatchNorm2d):
                seen = layer_input(net, layer, x)
                layer.weight.copy_(seen.std((0, 2, 3)))
                layer.bias.copy_(seen.mean((0, 2, 3)) + bias)
                layer.running_mean.copy_(seen.mean((0, 2, 3)))
                layer.running_var.copy_(seen.var((0, 2, 3)))


def layer_input(net: nn.Sequential, target: nn.Module, x: torch.Tensor) -> torch.Tensor:
    net.eval()
    for layer in net:
        if layer is target:
            return x
        x = layer(x)
    return x


def train(data: dict, chosen: np.ndarray, seconds: float, start: Path | None, out: Path, plan: tuple = PLAN,
          workers: int = 0, seed: int = SEED) -> nn.Sequential:
    """Go on from an exported net, or from scratch, on the chosen ears until the clock ends the schedule."""
    torch.manual_seed(seed)
    pools = pools_of(data, chosen)
    print({name: sum(map(len, rows)) for name, rows in pools.items()}, flush=True)
    drawn = prepared(lambda rng: batch_of(data, pools, plan, rng), seed, workers)
    net, here = build(), device()
    if start:
        resume(net, start, next(drawn)[0])
    net = net.to(here)
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=0.03)
    average = Average(net, 0.995)
    began, step, losses = time.time(), 0, []
    while (done := (time.time() - began) / seconds) < 1:
        net.train()
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 100) * max(0.01, 0.5 * (1 + np.cos(np.pi * done)))
        x, target, pairs = next(drawn)
        loss = loss_of(net(x.to(here)), target.to(here), pairs)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step += 1
        average.follow()
        losses.append(loss.item())
        if step % 100 == 0:
            print(f"{out.stem} step {step}, {time.time() - began:.0f} s, loss {np.mean(losses[-200:]):.4f}", flush=True)
    average.put(net, lambda: next(drawn)[0].to(here))
    print(f"{out.stem}: steps {step}, seconds {time.time() - began:.0f}")
    return net.cpu()


def export(net: nn.Sequential, out: Path) -> None:
    torch.onnx.export(net, (torch.rand(2, 3, CROP_H, CROP_W),), str(out), opset_version=17, dynamo=False,
                      input_names=["ear"], output_names=["logits"])


def told(path: Path, patches: np.ndarray) -> np.ndarray:
    """Logits of an exported net, N x 2, of ears in pairs."""
    session = single_threaded(path)
    found = []
    for i in range(0, len(patches), 2):
        pair = np.stack([crop_of(patch) for patch in patches[i:i + 2]])[..., ::-1].transpose(0, 3, 1, 2)
        found.append(session.run(None, {"ear": np.ascontiguousarray(pair, np.float32) / 255})[0])
    return np.concatenate(found)
