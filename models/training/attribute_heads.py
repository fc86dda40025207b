"""What the attribute heads tell of labelled photos, their calibration and the export of the whole net.

Calibrated on held-out people and on whole sources that no layer has seen: of those that say 90 %, nine in ten are.
"""
from pathlib import Path

import numpy as np
import torch
from scipy.optimize import minimize

from attribute_samples import DRAWABLE, Samples, plain_part, plain_view
from crops import Crop
from face_attributes import CHANNELS, FaceAttributes, Heads, told
from face_parsing_data import HEIGHT, WIDTH
from metrics import equal_error_rate
from pictures import ATTRIBUTES, COLUMN, PAIRS

FEWEST = 4  # with fewer bad photos an attribute is not calibrated
# With fewer real bad ones so many are drawn besides, where things may be drawn to calibrate on.
FEWEST_REAL, DRAWN_BAD = 10, 40
# Of the logit of an earring, beside the ear net: older women alone wear them among the open portraits, and the head, which sees the
# whole face, takes hair and age for earrings. 1, 1/2, 1/4 and 0 err on strangers in 9.6, 7.5, 5.7 and 7.8 %, on all photos in 17, 10, 10 and 7.
DRAWN_HEAD_SHARE = 0.5
# The rule adds to the head's logit what small patterns contrast with, and was fitted beside this gain of the calibrated head.
PATTERN_GAIN = 0.586


def calibration(logits: np.ndarray, bad: np.ndarray) -> tuple[float, float]:
    """Gain and offset of the logit under which it tells the true frequency (Platt's, with his targets)."""
    high, low = (bad.sum() + 1) / (bad.sum() + 2), 1 / ((~bad).sum() + 2)
    target = np.where(bad, high, low)
    centre, spread = logits.mean(), logits.std() + 1e-6
    z = (logits - centre) / spread

    def cost(ab: np.ndarray) -> float:
        value = np.exp(ab[0]) * z + ab[1]
        return float(np.sum(np.logaddexp(0, value) - target * value)) + 0.5 * ab[0] ** 2

    best = minimize(cost, [0.0, 0.0], method="BFGS").x
    gain = float(np.exp(best[0]) / spread)
    return gain, float(best[1] - gain * centre)


def beside_ear_net(logits: np.ndarray, names: list[tuple[str, str]], labels: np.ndarray, ears: dict,
                   head_share: float | None) -> tuple[float, float, float]:
    """Weights of the ear net's logit and of a head's at the same ear, and an offset, that tell the frequency of earrings together.

    `ears` is what `train.py ear_state` kept: two rows a picture, of which column 1 of `logits` tells of earrings. `head_share`: what the
    head weighs of the ear net, where too few wear earrings to tell which of them knows strangers better.
    """
    row_of = {name: row for row, name in enumerate(zip(ears["collection"][::2], ears["name"][::2]))}
    rows = np.array([row_of.get(name, -1) for name in names])
    used = (rows >= 0) & (labels >= 0)
    by_net, by_head, bad = ears["logits"][:, 1].reshape(-1, 2)[rows[used]], logits[used], labels[used] == 1
    target = np.where(bad, (bad.sum() + 1) / (bad.sum() + 2), 1 / ((~bad).sum() + 2))

    def cost(fitted: np.ndarray) -> float:
        weight = fitted[-2] if head_share is None else head_share * fitted[0]
        value = (fitted[0] * by_net + weight * by_head).max(1) + fitted[-1]
        return float(np.sum(np.logaddexp(0, value) - target * value))

    start = [0.5, 0.5, 0.0] if head_share is None else [0.5, 0.0]
    best = minimize(cost, start, method="Nelder-Mead", options={"maxiter": 4000}).x
    return float(best[0]), float(best[-2] if head_share is None else head_share * best[0]), float(best[-1])


def scaled(heads: Heads, gains: dict[str, tuple[float, float]]) -> None:
    """Fold gain and offset of every attribute into the last layer."""
    for index, name in enumerate(ATTRIBUTES):
        gain, offset = gains.get(name, (1.0, 0.0))
        heads.whole.data[:, index * CHANNELS:(index + 1) * CHANNELS] *= gain
        heads.bias.data[index] = heads.bias.data[index] * gain + offset


def table(logits: np.ndarray, labels: np.ndarray, where: np.ndarray) -> None:
    """Equal error rates in percent, with the numbers of good and bad photos."""
    for name, column in COLUMN.items():
        line = []
        for part in sorted(set(where)):
            rows = (where == part) & (labels[:, column] >= 0)
            bad = labels[rows, column] == 1
            if 0 < bad.sum() < len(bad):
                line.append(f"{part} {equal_error_rate(logits[rows, column], bad):.1f} ({(~bad).sum()}+{bad.sum()})")
        print(f"  {name:17}", "; ".join(line), flush=True)


def drawn_logits(net: FaceAttributes, crops: list[Crop], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """By attribute, what the net says of good pictures on which it was drawn, where few are real."""
    samples, found = Samples(crops, rng, draws_more=True), {}
    for name in DRAWABLE:
        if sum(map(len, samples.pools[name, 1])) >= FEWEST_REAL or not samples.pools[name, 0]:
            continue
        views = []
        for _ in range(DRAWN_BAD):
            crop = samples.pick(name, 0)
            labels = crop.labels.copy()
            image = samples.drawn(name, crop.rgb(), labels, crop)
            if labels[COLUMN[name]] == 1:
                views.append(plain_part(image))
        found[name] = told(net, views)[:, COLUMN[name]]
    return found


def finish(net: FaceAttributes, crops: list[Crop], unseen: tuple[str, ...], ears: dict, out: Path, kept: Path,
           draws: bool = False) -> tuple[float, float]:
    """Calibrate, export, and keep what the calibrated heads say of every labelled photo and portrait. `draws`: what few held-out
    pictures show is drawn on others to calibrate on.

    The library averages the logits of ear net and head; their weights are folded into both: returns the gain and offset of the ear
    net's logit of an earring.
    """
    shown = [crop for crop in crops if crop.collection != "pack"]
    labels, logits = np.stack([crop.labels for crop in shown]), told(net, map(plain_view, shown))
    is_held_out, family = np.array([crop.is_held_out for crop in shown]), np.array([crop.family for crop in shown])
    honest = is_held_out | np.isin(family, unseen)
    drawn = drawn_logits(net, [crop for crop, is_honest in zip(shown, honest) if is_honest], np.random.default_rng(1)) if draws else {}
    gains = {}
    for name, column in COLUMN.items():
        rows = honest & (labels[:, column] >= 0)
        more = drawn.get(name, np.zeros(0))
        bad = np.concatenate([labels[rows, column] == 1, np.ones(len(more), bool)])
        if FEWEST <= bad.sum() < len(bad):
            seen = np.concatenate([logits[rows, column], more])
            gains[name] = calibration(seen, bad)
            if len(more):
                print(f"  {name}: {equal_error_rate(seen, bad):.1f} % on {(~bad).sum()} good, {bad.sum() - len(more)} bad and {len(more)} drawn")
    for pair, sides in PAIRS.items():  # both sides alike
        gains |= {ATTRIBUTES[side]: gains.get(pair, (1.0, 0.0)) for side in sides}
    print({name: tuple(round(value, 3) for value in gain) for name, gain in gains.items()})
    scaled(net.heads, gains)
    for name, column in COLUMN.items():
        gain, offset = gains.get(name, (1.0, 0.0))
        logits[:, column] = logits[:, column] * gain + offset
    np.savez(kept, name=[crop.name for crop in shown], source=[crop.source for crop in shown], family=family,
             collection=[crop.collection for crop in shown], is_held_out=is_held_out, labels=labels, logits=logits, columns=list(COLUMN))
    sides = list(PAIRS["earring"])
    names = [(crop.collection, crop.name) for crop, is_honest in zip(shown, honest) if is_honest]
    by_net, by_head, offset = beside_ear_net(logits[honest][:, sides], names, labels[honest, COLUMN["earring"]], ears,
                                              DRAWN_HEAD_SHARE if draws else None)
    scaled(net.heads, {"pattern": (PATTERN_GAIN, 0.0)} | {ATTRIBUTES[side]: (2 * by_head, 0.0) for side in sides})
    table(logits, labels, np.where(is_held_out, "held out", np.where(np.isin(family, unseen), family, "seen")))
    export(net, out)
    return 2 * by_net, 2 * offset


def export(net: FaceAttributes, path: Path) -> None:
    """One file: `rgb` -> `logits`, `attribute_logits`; the features' scale goes into the layer after it."""
    heads = net.eval().heads
    spread = (heads.scale.running_var + heads.scale.eps).sqrt()
    weight = heads.cells.weight.data / spread.view(1, -1, 1, 1)
    heads.cells.bias.data -= (weight[:, :, 0, 0] * heads.scale.running_mean).sum(1)
    heads.cells.weight.data = weight
    heads.scale.running_mean.zero_(), heads.scale.running_var.fill_(1 - heads.scale.eps)
    heads.scale = torch.nn.Identity()
    part = path.with_suffix(".part")
    torch.onnx.export(net, (torch.rand(1, 3, HEIGHT, WIDTH),), str(part), opset_version=17, dynamo=False, input_names=["rgb"],
                      output_names=["logits", "attribute_logits"])
    part.replace(path)


