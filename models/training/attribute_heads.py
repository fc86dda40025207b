"""The attribute heads once more on layers that no longer change: by folds that hold out whole sources, and for good.

A fold tells what to expect of sources that no head has seen, and calibrates: of those that say 90 %, nine in ten are.
"""
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from scipy.optimize import minimize

from attribute_samples import Samples, plain_view
from crops import Crop
from face_attributes import CHANNELS, FaceAttributes, Heads, attribute_loss, tensor_of, with_pairs
from face_parsing_data import HEIGHT, WIDTH
from metrics import equal_error_rate
from pictures import ATTRIBUTES, COLUMN, PAIRS
from sessions import single_threaded

SEED = 20261125
BATCH, RATE, DECAY = 64, 1e-3, 0.1
FOLDS = (("kr",), ("us",), ("tw", "cuhk"), ("web",))


@dataclass
class Views:
    """What the fixed layers make of views: features N x FEATURES x ROWS x CELL_COLUMNS float16, labels by COLUMN, families."""

    features: np.ndarray
    labels: np.ndarray
    family: np.ndarray


class FixedLayers(torch.nn.Module):
    """From rgb to the features that the heads take."""

    def __init__(self, net: FaceAttributes):
        super().__init__()
        self.net = net

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        _, layers = self.net.parsing.with_inner_layers(self.net.early(x))
        return self.net.heads.features(*layers)


def fixed_layers(net: FaceAttributes) -> onnxruntime.InferenceSession:
    """As an exported net, which is three times as fast."""
    model = io.BytesIO()
    torch.onnx.export(FixedLayers(net).eval(), (torch.rand(1, 3, HEIGHT, WIDTH),), model, opset_version=17, dynamo=False,
                      input_names=["rgb"], output_names=["features"])
    return single_threaded(model.getvalue())


def features_of(layers: onnxruntime.InferenceSession, image: np.ndarray) -> np.ndarray:
    return layers.run(None, {"rgb": tensor_of([image]).contiguous().numpy()})[0].astype(np.float16)


def drawn_views(layers: onnxruntime.InferenceSession, crops: list[Crop], count: int) -> Views:
    samples = Samples(crops, np.random.default_rng(SEED))
    features, labels, families = [], [], []
    for number in range(count):
        image, told, base = samples.one()
        features.append(features_of(layers, image))
        labels.append(told)
        families.append(base.family)
        if number % 2000 == 0:
            print(f"{number} of {count} views", flush=True)
    return Views(np.concatenate(features), np.stack(labels), np.array(families))


def plain_views(layers: onnxruntime.InferenceSession, crops: list[Crop]) -> Views:
    features = np.concatenate([features_of(layers, plain_view(crop)) for crop in crops])
    return Views(features, np.stack([crop.labels for crop in crops]), np.array([crop.family for crop in crops]))


def fit(net: FaceAttributes, views: Views, rows: np.ndarray, steps: int, from_here: bool) -> Heads:
    """Heads trained on those rows, from scratch or from the net's own."""
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    heads = Heads()
    heads.load_state_dict({**heads.state_dict(), **{name: value for name, value in net.heads.state_dict().items()
                                                     if from_here or name.startswith(("detail.", "scale."))}})
    learning = [heads.cells.weight, heads.cells.bias, heads.whole, heads.bias]
    peak = 0.3 * RATE if from_here else 2 * RATE
    optimiser = torch.optim.AdamW(learning, peak, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, peak, total_steps=steps, pct_start=0.1)
    losses = []
    for _ in range(steps):
        heads.train()
        heads.scale.eval()
        chosen = rng.choice(rows, BATCH)
        loss = attribute_loss(heads(torch.from_numpy(views.features[chosen]).float()), torch.from_numpy(views.labels[chosen]).float())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
    print(f"fitted on {len(rows)} views, loss {np.mean(losses[-100:]):.4f}", flush=True)
    return heads.eval()


def logits_of(heads: Heads, views: Views) -> np.ndarray:
    with torch.no_grad():
        parts = [heads(torch.from_numpy(views.features[i:i + 200]).float()) for i in range(0, len(views.features), 200)]
        return with_pairs(torch.cat(parts)).numpy()


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


def scaled(heads: Heads, gains: dict[str, tuple[float, float]]) -> None:
    """Fold gain and offset of every attribute into the last layer."""
    for index, name in enumerate(ATTRIBUTES):
        gain, offset = gains.get(name, (1.0, 0.0))
        heads.whole.data[:, index * CHANNELS:(index + 1) * CHANNELS] *= gain
        heads.bias.data[index] = heads.bias.data[index] * gain + offset


def table(title: str, logits: np.ndarray, labels: np.ndarray, where: np.ndarray) -> None:
    print(title)
    for name, column in COLUMN.items():
        line = []
        for part in ("all", *sorted(set(where))):
            rows = ((where == part) | (part == "all")) & (labels[:, column] >= 0)
            bad = labels[rows, column] == 1
            if 0 < bad.sum() < len(bad):
                line.append(f"{part} {equal_error_rate(logits[rows, column], bad):.1f} ({(~bad).sum()}+{bad.sum()})")
        print(f"  {name:17}", "; ".join(line), flush=True)


def finish(net: FaceAttributes, crops: list[Crop], unseen: tuple[str, ...], views: int, steps: int, out: Path, told: Path) -> None:
    """Fit the heads by folds and for good, calibrate, export, and keep what each says of labelled photos and portraits.

    `told` gets for every photo the `logits` of the final heads and those of `apart`, heads that had not seen its source: of a
    family that no layer has seen and of held-out people, heads that went on from the net's own; else heads from scratch.
    """
    layers = fixed_layers(net)
    learned = drawn_views(layers, [crop for crop in crops if not crop.is_held_out], views)
    shown = [crop for crop in crops if crop.collection != "pack"]
    plain = plain_views(layers, shown)
    is_held_out = np.array([crop.is_held_out for crop in shown])
    apart = np.full((len(shown), len(COLUMN)), np.nan, np.float32)
    for fold in FOLDS:
        rows = np.flatnonzero(~np.isin(learned.family, fold))
        is_new = set(fold) <= set(unseen)
        heads = fit(net, learned, rows, steps, is_new)
        here = np.isin(plain.family, fold) | (is_held_out if is_new else False)
        apart[here] = logits_of(heads, plain)[here]
    net.heads = fit(net, learned, np.arange(len(learned.labels)), steps, True)
    honest = is_held_out | np.isin(plain.family, unseen)
    gains = {}
    for name, column in COLUMN.items():
        rows = honest & (plain.labels[:, column] >= 0)
        bad = plain.labels[rows, column] == 1
        if bad.sum() >= 4:
            gains[name] = calibration(apart[rows, column], bad)
    for pair, sides in PAIRS.items():  # both sides alike
        for side in sides:
            gains[ATTRIBUTES[side]] = gains[pair]
    print({name: tuple(round(v, 3) for v in gain) for name, gain in gains.items()})
    scaled(net.heads, gains)
    names, sources = np.array([crop.name for crop in shown]), np.array([crop.source for crop in shown])
    final = logits_of(net.heads, plain)
    for name, column in COLUMN.items():
        gain, offset = gains.get(name, (1.0, 0.0))
        apart[:, column] = apart[:, column] * gain + offset
    np.savez(told, name=names, source=sources, family=plain.family, collection=np.array([crop.collection for crop in shown]),
             is_held_out=is_held_out, labels=plain.labels, logits=final, apart=apart, columns=np.array(list(COLUMN)))
    where = np.where(is_held_out, "held out", np.where(plain.family == "", "seen", plain.family))
    table("heads that had not seen the source", apart[honest | (plain.family != "")], plain.labels[honest | (plain.family != "")],
          where[honest | (plain.family != "")])
    table("final heads", final, plain.labels, where)
    export(net, out)


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


