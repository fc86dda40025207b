#!/usr/bin/env python3
"""Train and export the clothing classifier on patches written by clothing_crops.py.

Needs torch, numpy, opencv and onnx. A defect is 1, its absence 0, unknown -1.
"""
import argparse
import csv
import time

import cv2
import numpy as np
import onnx
import onnx.numpy_helper
import torch
from torch import nn

SEED = 20261123
SHARES = (0.3, 0.1, 0.15, 0.22, 0.23)  # of the batch, by the defect that a picture is drawn for
DEFECTS = ("collar_absent", "hood", "shoulders_bare", "necklace", "pattern")
COLLAR, HOOD, BARE, NECKLACE, PATTERN = range(5)
W, H = 128, 80  # crop: 2.4 x 1.5 face widths
PATCH_W, PATCH_H = 160, 101  # patch: 3.0 x 1.9 face widths, the same samples per face width
CHIN = 32 * 2 / 3  # row of the chin in a patch
SKIN, NECK, CLOTH = 1, 9, 11
MIN_CLOTH = 250  # fewer samples of cloth are not painted on
OUTSIDE = 0.5  # value of samples beyond the photo


def build() -> nn.Sequential:
    """Nx3x80x128 RGB 0..1 -> Nx5 logits of the defects."""
    layers: list[nn.Module] = []
    for i, o, stride in ((3, 12, 2), (12, 24, 2), (24, 40, 2), (40, 56, 2), (56, 64, 1)):
        layers += [nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(0.3), nn.Linear(64 * 5 * 8, 5))


def resume(path: str) -> nn.Sequential:
    """The net of an exported file, its batch norms folded into the convolutions."""
    graph = onnx.load(path).graph
    weights = {i.name: torch.tensor(onnx.numpy_helper.to_array(i)) for i in graph.initializer}
    stored = iter([node.input[1:3] for node in graph.node if node.op_type in ("Conv", "Gemm")])
    layers: list[nn.Module] = []
    for layer in build():
        if isinstance(layer, nn.BatchNorm2d):
            continue
        if isinstance(layer, nn.Conv2d):
            layer = nn.Conv2d(layer.in_channels, layer.out_channels, 3, layer.stride, 1)
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            layer.weight.data, layer.bias.data = (weights[name] for name in next(stored))
        layers.append(layer)
    return nn.Sequential(*layers)


def soft(mask: np.ndarray, sigma: float = 0.8) -> np.ndarray:
    """A mask with soft edges, HxWx1."""
    return cv2.GaussianBlur(mask.astype(np.float32), (0, 0), sigma)[..., None]


def shading(x: np.ndarray, cloth: np.ndarray) -> np.ndarray:
    """Lightness of the cloth over its median, HxWx1: folds and shadows."""
    light = x.mean(2) + 12
    return (light / np.median(light[cloth]))[..., None].clip(0.3, 1.8)


def random_colour(rng: np.random.Generator) -> np.ndarray:
    if rng.random() < 0.4:
        return rng.choice([20, 50, 110, 190, 240]) + rng.normal(0, 8, 3)
    return rng.uniform(10, 245, 3)


def recolour(x: np.ndarray, cloth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another colour for the cloth with its folds and pattern kept."""
    a = soft(cloth)
    fold = shading(x, cloth) ** rng.uniform(0.5, 1.0)
    return x * (1 - a) + a * random_colour(rng) * fold


def draw_pattern(x: np.ndarray, cloth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Stripes, checks, dots, blobs or letters woven into the cloth under its shading."""
    yy, xx = np.mgrid[:PATCH_H, :PATCH_W].astype(np.float32)
    turn = rng.uniform(0, np.pi) if rng.random() < 0.5 else rng.choice([0, np.pi / 2]) + rng.normal(0, 0.1)
    u, v = xx * np.cos(turn) + yy * np.sin(turn), -xx * np.sin(turn) + yy * np.cos(turn)
    if rng.random() < 0.5:  # hangs down both sides alike
        u = np.abs(xx - PATCH_W / 2) * np.cos(turn) + yy * np.sin(turn)
    period, duty = rng.uniform(3, 16), rng.uniform(0.2, 0.7)
    stripe = lambda t, p: np.mod(t + rng.uniform(0, p), p) < duty * p
    kind = rng.integers(5)
    if kind == 0:
        f = stripe(u, period).astype(np.float32)
    elif kind == 1:
        f = 0.5 * stripe(u, period) + 0.5 * stripe(v, period)
    elif kind == 2:
        f = (np.cos(2 * np.pi * u / period) * np.cos(2 * np.pi * v / period) > rng.uniform(0.3, 0.7)).astype(np.float32)
    elif kind == 3:
        noise = cv2.GaussianBlur(rng.normal(0, 1, (PATCH_H, PATCH_W)).astype(np.float32), (0, 0), rng.uniform(1, 4))
        f = (noise > np.percentile(noise, rng.uniform(50, 85))).astype(np.float32)
    else:
        letters = np.zeros((PATCH_H, PATCH_W), np.uint8)
        for _ in range(rng.integers(2, 8)):
            text = "".join(rng.choice(list("ABCEHKLMNORSTXYZ0258"), rng.integers(1, 6)))
            cv2.putText(letters, text, (int(rng.integers(10, 130)), int(rng.integers(30, 100))), int(rng.integers(0, 5)),
                        rng.uniform(0.3, 1.0), 255, int(rng.integers(1, 3)), cv2.LINE_AA)
        f = letters / np.float32(255)
    a = soft(cloth) * cv2.GaussianBlur(f, (0, 0), 0.5)[..., None] * rng.uniform(0.45, 1)
    colour = random_colour(rng)
    base = x[cloth].mean(0)
    if np.abs(colour - base).mean() < 45:
        colour = (base + 128) % 256
    return x * (1 - a) + a * colour * shading(x, cloth) ** 0.7


def draw_necklace(x: np.ndarray, skin: np.ndarray, inside: np.ndarray, rng: np.random.Generator) -> np.ndarray | None:
    """A chain, a cord or pearls on the neck; None where too little of it shows."""
    centre = PATCH_W / 2 + rng.normal(0, 2)
    half, top, sag = rng.uniform(15, 26), CHIN + rng.uniform(0, 14), rng.uniform(6, 34)
    t = np.linspace(-1, 1, 120)
    px, py = centre + half * t, top + sag * (1 - np.abs(t) ** rng.uniform(1.2, 2.6))
    keep = (py < PATCH_H - 1) & skin[py.astype(int).clip(0, PATCH_H - 1), px.astype(int)]
    if keep.sum() < 30:
        return None
    k, layer = 4, np.zeros((PATCH_H * 4, PATCH_W * 4), np.uint8)
    points = np.stack([px, py], 1) * k
    width = int(rng.choice([2, 3, 4, 6, 8]))
    if rng.random() < 0.3:  # pearls
        step = int(rng.integers(2, 5))
        for x0, y0 in points[::step]:
            cv2.circle(layer, (int(x0), int(y0)), width, int(rng.integers(150, 256)), -1, cv2.LINE_AA)
    else:
        cv2.polylines(layer, [points.astype(np.int32)], False, 255, width, cv2.LINE_AA)
    if rng.random() < 0.4:
        bottom = points[60] + (0, rng.uniform(2, 14))
        cv2.ellipse(layer, (int(bottom[0]), int(bottom[1])), (int(rng.integers(4, 12)), int(rng.integers(5, 16))),
                    0, 0, 360, 255, -1)
    a = cv2.resize(layer, (PATCH_W, PATCH_H), interpolation=cv2.INTER_AREA) / np.float32(255) * soft(skin, 1)[..., 0]
    if width < 5 and rng.random() < 0.5:  # links catch the light here and there
        a *= rng.uniform(0.4, 1, a.shape).astype(np.float32)
    if (a * inside).sum() < 12:
        return None
    metals = ((200, 170, 90), (215, 215, 220), (240, 235, 225), (150, 30, 30), (25, 22, 22), (120, 90, 50))
    colour = np.array(metals[rng.integers(6)]) * rng.uniform(0.7, 1.15)
    shadow = np.roll(a, 1, 0)[..., None] * rng.uniform(0, 0.35)
    a = a[..., None] * rng.uniform(0.5, 1)
    return x * (1 - shadow) * (1 - a) + a * colour


def bare_shoulders(x: np.ndarray, mask: np.ndarray, cloth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Skin in place of the cloth, down to a low neckline or all of it, with straps at times."""
    neck = np.isin(mask, (NECK,))
    tone = np.median(x[neck], 0) * rng.uniform(0.95, 1.08)
    fold = cv2.GaussianBlur(shading(x, cloth)[..., 0], (0, 0), rng.uniform(5, 12)) ** rng.uniform(0.2, 0.6)
    skin = tone * (fold / fold[cloth].mean())[..., None]
    yy, xx = np.mgrid[:PATCH_H, :PATCH_W]
    off = np.abs(xx - PATCH_W / 2)
    a = soft(cloth, 1.2)
    if rng.random() < 0.6:
        top = CHIN + rng.uniform(30, 60) - rng.uniform(-0.2, 0.3) * off
        a *= soft(yy < top, 0.7)
        if rng.random() < 0.6:
            at, slope, width = rng.uniform(22, 42), rng.uniform(-0.3, 0.3), rng.uniform(0.8, 4)
            a *= 1 - soft(np.abs(off - at - slope * (yy - CHIN)) < width, 0.5)
    if rng.random() < 0.7:
        x = recolour(x, cloth, rng)
    return x * (1 - a) + a * skin


def draw_hood(x: np.ndarray, mask: np.ndarray, cloth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The rolled rim of a hood that lies around the neck, of the cloth's own colour, with cords at times."""
    layer, light = np.zeros((PATCH_H, PATCH_W), np.uint8), np.zeros((PATCH_H, PATCH_W), np.uint8)
    width, half, drop = rng.uniform(7, 15), rng.uniform(22, 34), rng.uniform(16, 34)
    top = CHIN + rng.uniform(-8, 6)
    for side in (-1, 1):
        t = np.linspace(0, 1, 40)
        px = PATCH_W / 2 + side * (half * (1 - t ** rng.uniform(1.6, 2.6)) + rng.uniform(2, 5))
        points = np.stack([px, top + drop * t], 1).astype(np.int32)
        cv2.polylines(layer, [points], False, 1, int(width), cv2.LINE_AA)
        cv2.polylines(light, [points - (side * int(width / 4), 0)], False, 1, max(1, int(width / 3)), cv2.LINE_AA)
    behind = ~np.isin(mask, (SKIN, 2, 3, 7, 8, 12))
    a = soft((layer > 0) & behind, 0.8)
    fold = 0.7 + 0.45 * soft(light > 0, 2)
    rim = soft(layer > 0, 2.5)
    x = x * (1 - 0.35 * rim * (1 - a) * soft(cloth, 1)) * (1 - a) + a * np.median(x[cloth], 0) * fold
    if rng.random() < 0.5:
        cords = np.zeros((PATCH_H, PATCH_W), np.uint8)
        for side in (-1, 1):
            at, end = int(PATCH_W / 2 + side * rng.uniform(5, 14)), int(top + drop + rng.uniform(8, 40))
            cv2.line(cords, (at, int(top + drop)), (at + int(side * rng.uniform(0, 4)), end), 255, int(rng.integers(1, 3)))
        a = soft(cords > 0, 0.5)
        x = x * (1 - a) + a * random_colour(rng)
    return x


class Pictures:
    """Training patches with labels; pieces are altered and borrowed from one another."""

    def __init__(self, data: dict, shares: tuple[float, ...], rng: np.random.Generator):
        self.data, self.shares, self.rng = data, shares, rng
        label = data["label"]
        self.cloth = (data["mask"] == CLOTH) & (data["inside"] == 1)
        has_cloth = self.cloth.sum((1, 2)) > MIN_CLOTH
        self.collared = np.flatnonzero((label[:, COLLAR] == 0) & has_cloth)
        self.plain = np.flatnonzero((label[:, COLLAR] == 1) & has_cloth)
        self.deep = np.flatnonzero(has_cloth & (data["inside"][:, int(CHIN) + 35, PATCH_W // 2] == 1))  # show the chest
        self.with_cloth = np.flatnonzero(has_cloth)
        self.known = [[np.flatnonzero(label[:, d] == v) for v in (0, 1)] for d in range(5)]

    def draw(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """One patch, its pixels inside the photo and its five labels; made defects take turns with real ones."""
        rng, data = self.rng, self.data
        defect, wanted = int(rng.choice(5, p=self.shares)), rng.integers(2)
        made = wanted == 1 and defect != COLLAR and rng.random() < (0, 0.75, 0.6, 0.6, 0.65)[defect]
        row = int(rng.choice(self.with_cloth if made else self.known[defect][wanted]))
        x, label, inside = data["patch"][row].astype(np.float32), data["label"][row].copy(), data["inside"][row]
        mask, cloth = data["mask"][row], self.cloth[row]
        if defect == COLLAR and rng.random() < 0.45:
            donor = int(rng.choice(self.plain if wanted else self.collared))
            x, mask, cloth, label, inside = self.dress(int(rng.choice(self.deep)), donor)
        is_dressed = cloth.sum() > MIN_CLOTH
        if is_dressed and rng.random() < 0.5:
            x = recolour(x, cloth, rng)
        if made:
            if defect == PATTERN:
                x, label[PATTERN] = draw_pattern(x, cloth, rng), 1
            elif defect == HOOD and is_dressed:
                x = draw_hood(x, mask, cloth, rng)
                label[HOOD], label[COLLAR] = 1, -1
            elif defect == BARE and (mask == NECK).sum() > 40:
                x = bare_shoulders(x, mask, cloth, rng)
                label[BARE], label[COLLAR], label[HOOD], label[PATTERN] = 1, 1, 0, -1
            elif defect == NECKLACE:
                drawn = draw_necklace(x, np.isin(mask, (SKIN, NECK)), inside, rng)
                if drawn is not None:
                    x, label[NECKLACE] = drawn, 1
        return x.clip(0, 255).astype(np.uint8), inside, label

    def dress(self, wearer: int, donor: int) -> tuple[np.ndarray, ...]:
        """The donor's clothes over the wearer's T-shirt, which takes their colour: photos of either kind reach as low."""
        data, cloth, worn = self.data, self.cloth[donor], self.cloth[wearer]
        hem = cloth & (np.arange(PATCH_H) >= np.percentile(np.nonzero(cloth)[0], 70))[:, None]
        x, a = data["patch"][wearer].astype(np.float32), soft(worn)
        x = x * (1 - a) + a * np.median(data["patch"][donor][hem], 0) * shading(x, worn)
        a = soft(cloth, 0.9)
        x = x * (1 - a) + a * data["patch"][donor]
        mask = np.where(cloth, CLOTH, data["mask"][wearer])
        label = data["label"][donor].copy()
        label[NECKLACE] = -1
        return x, mask, (cloth | worn) & (data["inside"][wearer] == 1), label, data["inside"][wearer]


def augment(x: np.ndarray, inside: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """PATCH_H x PATCH_W x 3 -> 3xHxW in 0..1; hides resolution, JPEG, colour and frame of the source."""
    inside = inside.astype(np.float32)
    if rng.random() < 0.35:  # cut like a tight web crop
        inside[int(CHIN + rng.uniform(16, 75)):] = 0
    if rng.random() < 0.35:
        side = int(rng.uniform(0, 45))
        inside[:, :side] = 0
        inside[:, PATCH_W - max(0, side + int(rng.normal(0, 5))):] = 0
    scale = rng.uniform(0.88, 1.14)
    m = cv2.getRotationMatrix2D((PATCH_W / 2, CHIN), rng.normal(0, 3), scale)
    m[:, 2] += ((W - PATCH_W) / 2 + rng.normal(0, 2.0), 10.67 - CHIN + rng.normal(0, 2.0))
    out = cv2.warpAffine(x, m, (W, H), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpAffine(inside, m, (W, H), flags=cv2.INTER_NEAREST)
    if rng.random() < 0.5:
        f = rng.uniform(0.45, 0.95)
        small = cv2.resize(out, (int(W * f), int(H * f)), interpolation=cv2.INTER_AREA)
        out = cv2.resize(small, (W, H), interpolation=cv2.INTER_LINEAR)
    x = out.astype(np.float32)
    grey = x.mean(2, keepdims=True)
    x = grey + (x - grey) * (0 if rng.random() < 0.15 else rng.uniform(0.5, 1.4))
    x = 255 * (x.clip(0, 255) / 255) ** np.exp(rng.normal(0, 0.25))
    x = (x - x.mean()) * rng.uniform(0.65, 1.3) + x.mean() * rng.uniform(0.75, 1.25)
    x = x * rng.uniform(0.88, 1.12, 3).astype(np.float32) + rng.uniform(0, 5) * rng.standard_normal((H, W, 1), np.float32)
    out = x.clip(0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        out = cv2.imdecode(cv2.imencode(".jpg", out, [1, int(rng.integers(40, 95))])[1], 1)
    if rng.random() < 0.5:
        out, inside = out[:, ::-1], inside[:, ::-1]
    x = out.astype(np.float32) / 255
    return np.where(inside[..., None] > 0, x, OUTSIDE).transpose(2, 0, 1)


def load(paths: list[str], labels: dict[str, list[int]]) -> dict:
    """Patches of the named pictures only, at the net's own number of samples per face width."""
    parts: dict[str, list] = {k: [] for k in ("name", "patch", "mask", "inside", "label")}
    for path in paths:
        data = dict(np.load(path))
        for i, name in enumerate(data["name"]):
            if str(name) not in labels:
                continue
            size = (PATCH_W, PATCH_H)
            parts["name"].append(str(name))
            parts["patch"].append(cv2.resize(np.ascontiguousarray(data["patch"][i]), size, interpolation=cv2.INTER_AREA))
            parts["mask"].append(cv2.resize(data["mask"][i], size, interpolation=cv2.INTER_NEAREST))
            parts["inside"].append(cv2.resize(data["inside"][i], size, interpolation=cv2.INTER_NEAREST))
            parts["label"].append(labels[str(name)])
    return {k: np.array(v) for k, v in parts.items()}


def read_labels(path: str) -> dict[str, list[int]]:
    """`picture` and one column per defect: 1, 0 or empty."""
    return {r["picture"]: [int(r[d]) if r[d] else -1 for d in DEFECTS] for r in csv.DictReader(open(path, encoding="utf-8"))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patches", nargs="+", required=True, help=".npz of clothing_crops.py")
    parser.add_argument("--labels", required=True, help="csv: picture and one column per defect")
    parser.add_argument("--out", required=True, help="ONNX file to write")
    parser.add_argument("--resume", help="ONNX file to go on from")
    parser.add_argument("--rate", type=float, default=3e-3, help="learning rate at its highest")
    parser.add_argument("--shares", nargs=5, type=float, default=SHARES, help="of the defects in a batch")
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--seconds", type=float, default=1e9, help="wall-clock limit; the schedule ends with it")
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    pictures = Pictures(load(args.patches, read_labels(args.labels)), tuple(args.shares), rng)
    net = resume(args.resume) if args.resume else build()
    print({d: [len(k) for k in pictures.known[i]] for i, d in enumerate(DEFECTS)}, flush=True)
    optimiser = torch.optim.AdamW(net.parameters(), args.rate, weight_decay=0.03)
    start, step, done, pool = time.time(), 0, 0.0, [pictures.draw() for _ in range(200)]
    net.train()
    while done < 1:
        done = max((step + 1) / args.steps, (time.time() - start) / args.seconds)
        for group in optimiser.param_groups:
            group["lr"] = args.rate * min(1, (step + 1) / 40) * max(0.01, 0.5 * (1 + np.cos(np.pi * min(done, 1))))
        pool = [pictures.draw() for _ in range(24)] + pool[:1500]  # each is seen a few times, framed and lit anew
        chosen = [pool[i] for i in rng.integers(len(pool), size=64)]
        x = torch.from_numpy(np.stack([augment(patch, inside, rng) for patch, inside, _ in chosen])).float()
        label = torch.from_numpy(np.stack([label for *_, label in chosen])).float()
        loss = nn.functional.binary_cross_entropy_with_logits(net(x), label.clip(0, 1) * 0.94 + 0.03, reduction="none")
        loss = (loss * (label >= 0)).sum() / (label >= 0).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step += 1
        if step % 50 == 0:
            print(f"step {step} done {done:.2f} loss {loss.item():.4f} seconds {time.time() - start:.0f}", flush=True)
    net.eval()
    torch.onnx.export(net, (torch.rand(1, 3, H, W),), args.out, opset_version=17, dynamo=False,
                      input_names=["torso"], output_names=["defect_logits"])
    print(f"steps {step}, seconds {time.time() - start:.0f}")


if __name__ == "__main__":
    main()
