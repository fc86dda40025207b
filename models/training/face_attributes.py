"""The face parsing net with its attribute heads, and their joint training.

The net goes on from an exported one, which also teaches: what it says of every pixel must stay, while layers from stride 8 on learn
besides to tell attributes. Layers before that stay as they are.
"""
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import shared_training
from attribute_samples import Samples, plain_view
from averaging import Average
from crops import Crop
from face_parsing import WEIGHT_BIAS, FaceParsing, MaskTask, channels_last, load_exported, loss, separable, taught_shares
from face_parsing_data import Picture
from metrics import equal_error_rate
from pictures import ATTRIBUTES, COLUMN, COLUMNS, PAIRS
from sessions import single_threaded
from shared_training import Schedule, averaged

SEED = 20261125
CHANNELS = 16  # per attribute
ROWS, CELL_COLUMNS = 12, 9
FEATURES = 128 + 96 + 32 + 32
BATCH, RATE, HEAD_RATE, DECAY, AVERAGE, SMOOTHING = 12, 4e-4, 2e-3, 0.05, 0.998, 0.02
MASK_WEIGHT = 2.0


class Heads(nn.Module):
    """Inner layers of the parsing net -> N x attributes logits: sums of features in every cell of 32 x 32 crop pixels, then a
    weight for each sum and cell. Of the finest layer the largest value in a cell counts, for what is worn is small."""

    def __init__(self):
        super().__init__()
        self.detail = separable(32, 32, 3)
        self.scale = nn.BatchNorm2d(FEATURES, affine=False)
        self.cells = nn.Conv2d(FEATURES, CHANNELS * len(ATTRIBUTES), 1)
        self.whole = nn.Parameter(torch.randn(1, CHANNELS * len(ATTRIBUTES), ROWS, CELL_COLUMNS) * 0.02)
        self.bias = nn.Parameter(torch.zeros(len(ATTRIBUTES)))

    def features(self, last: Tensor, sixteenth: Tensor, eighth: Tensor, quarter: Tensor) -> Tensor:
        """N x FEATURES x ROWS x CELL_COLUMNS."""
        return torch.cat([last, F.avg_pool2d(sixteenth, 2), F.avg_pool2d(eighth, 4), F.max_pool2d(self.detail(quarter), 8)], 1)

    def forward(self, features: Tensor) -> Tensor:
        x = F.dropout2d(self.scale(features), 0.1, self.training)
        x = F.dropout(self.cells(x).relu(), 0.25, self.training) * self.whole
        return x.reshape(x.shape[0], len(ATTRIBUTES), -1).sum(2) + self.bias


class FaceAttributes(nn.Module):
    """Nx3x384x288 RGB 0..1 -> Nx14x96x72 class logits, N x attributes logits."""

    def __init__(self):
        super().__init__()
        self.parsing, self.heads = FaceParsing(), Heads()

    def early(self, x: Tensor) -> Tensor:
        """The layers that stay as they are."""
        return self.parsing.at_4(self.parsing.at_2(x))

    def late(self, quarter: Tensor) -> tuple[Tensor, Tensor]:
        logits, layers = self.parsing.with_inner_layers(quarter)
        return logits, self.heads(self.heads.features(*layers))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self.late(self.early(x))


def with_pairs(logits: Tensor) -> Tensor:
    """Logits of all COLUMNS: of a pair, the larger one."""
    return torch.cat([logits, *(logits[:, list(sides)].amax(1, keepdim=True) for sides in PAIRS.values())], 1)


def attribute_loss(logits: Tensor, labels: Tensor) -> Tensor:
    known = labels >= 0
    target = labels.clamp(0) * (1 - 2 * SMOOTHING) + SMOOTHING
    return F.binary_cross_entropy_with_logits(with_pairs(logits)[known], target[known])


def tensor_of(images: list[np.ndarray]) -> Tensor:
    return torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).float().div_(255)


def train(crops: list[Crop], checks: list[Crop], start: Path, out: Path, seconds: float, seed: int = SEED) -> FaceAttributes:
    """Train on `crops` for so long; report on `checks` and save every ten minutes."""
    torch.manual_seed(seed)
    samples = Samples(crops, np.random.default_rng(seed))
    net = FaceAttributes()
    load_exported(net.parsing, start, tensor_of([samples.one()[0] for _ in range(24)]))
    teacher = single_threaded(start)
    late = [p for name, p in net.parsing.named_parameters() if not name.startswith(("at_2.", "at_4.", "coarse_out."))]
    groups = [{"params": late, "peak": RATE}, {"params": list(net.heads.parameters()), "peak": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=DECAY)
    parameters = late + list(net.heads.parameters())
    average = Average(parameters, AVERAGE)
    began, saved, step, losses = time.time(), time.time(), 0, []
    while (progress := (time.time() - began) / seconds) < 1:
        net.parsing.eval(), net.heads.train()
        images, labels, _ = zip(*(samples.one() for _ in range(BATCH)))
        x, labels = tensor_of(images), torch.from_numpy(np.stack(labels)).float()
        with torch.no_grad():
            quarter, shares = net.early(x), taught_shares([teacher], x)
        logits, attributes = net.late(quarter)
        mask = F.kl_div(F.log_softmax(logits, 1), shares, reduction="none").sum(1).mean()
        told = attribute_loss(attributes, labels)
        optimiser.zero_grad(set_to_none=True)
        (told + MASK_WEIGHT * mask).backward()
        nn.utils.clip_grad_norm_(parameters, 2.0)
        falling = 0.5 * (1 + np.cos(np.pi * progress)) * 0.99 + 0.01
        for group, warm in zip(optimiser.param_groups, (0.08, 0.01)):
            group["lr"] = group["peak"] * min(1, progress / warm) * falling
        optimiser.step()
        step += 1
        average.follow()
        losses.append((told.item(), mask.item()))
        if step % 50 == 0:
            told_mean, mask_mean = np.mean(losses[-200:], 0)
            print(f"step {step} seen {step * BATCH} done {progress:.3f} attributes {told_mean:.4f} mask {mask_mean:.4f} "
                  f"{step * BATCH / (time.time() - began):.1f}/s", flush=True)
        if time.time() - saved > 600:
            saved = time.time()
            kept = average.copied()
            average.put(average.values)
            save(net, out)
            report(net, checks)
            average.put(kept)
    average.put(average.values)
    save(net, out)
    report(net, checks)
    return net


class JointTask:
    """Masks and attributes together, all layers learning: half of a batch are pictures with masks, half samples of attributes."""

    batch = BATCH

    def __init__(self, crops: list[Crop], pictures: list[Picture]):
        self.samples = Samples(crops, np.random.default_rng(SEED), draws_more=True)
        self.masks = MaskTask(pictures, False, [])

    def net(self) -> tuple[FaceAttributes, list[bool]]:
        net = FaceAttributes().train().to(memory_format=torch.channels_last)
        return net, [False] * len(list(net.parameters()))

    def draw(self, rng: np.random.Generator):
        self.samples.rng = rng
        images, classes, plain = self.masks.draw(rng, BATCH // 2)
        told = [np.full(COLUMNS, -1, np.int8) for _ in images]
        for _ in range(BATCH - len(images)):
            image, labels, known = self.samples.one()
            for values, value in ((images, image), (told, labels), (classes, known), (plain, False)):
                values.append(value)
        return images, classes, plain, told

    def loss(self, net: FaceAttributes, drawn, rng: np.random.Generator) -> Tensor:
        images, classes, plain, told = drawn
        logits, layers = net.parsing.with_inner_layers(net.early(channels_last(images)))
        coarse, plain = net.parsing.coarse_out(layers[2]), torch.tensor(plain).float().view(-1, 1, 1)
        mask = loss(logits, coarse, torch.from_numpy(np.stack(classes)), tuple(rng.integers(0, 2, 2)), plain)
        attributes = net.heads(net.heads.features(*layers))
        return mask + attribute_loss(attributes, torch.from_numpy(np.stack(told)).float())


def train_jointly(crops: list[Crop], pictures: list[Picture], checks: list[Crop], start: Path, out: Path, schedule: Schedule,
                  workers: int) -> None:
    """From an exported parsing net on, with new heads; report on `checks` and save now and then."""
    torch.manual_seed(schedule.seed)
    net, task = FaceAttributes(), JointTask(crops, pictures)
    load_exported(net.parsing, start, tensor_of(task.masks.draw(np.random.default_rng(schedule.seed), 24)[0]))
    net.parsing.out.bias.data += WEIGHT_BIAS

    def tell(shared: dict[str, Tensor]) -> None:
        done = averaged(shared, FaceAttributes())
        done.parsing.out.bias.data -= WEIGHT_BIAS
        save(done, out)
        report(done, checks)

    shared_training.train(net, task, schedule, workers, tell)


def save(net: FaceAttributes, out: Path) -> None:
    part = out.with_suffix(".part")
    torch.save(net.state_dict(), part)
    part.replace(out)


def told(net: FaceAttributes, views: Iterable[np.ndarray]) -> np.ndarray:
    """Logits of all COLUMNS on views of HEIGHT x WIDTH x 3."""
    net.eval()
    with torch.no_grad():
        return np.concatenate([with_pairs(net(tensor_of([view]))[1]).numpy() for view in views])


def report(net: FaceAttributes, checks: list[Crop]) -> None:
    logits, labels = told(net, map(plain_view, checks)), np.stack([crop.labels for crop in checks])
    where = np.array([crop.family or crop.collection for crop in checks])
    for name, column in COLUMN.items():
        line = []
        for part in sorted(set(where)):
            rows = (where == part) & (labels[:, column] >= 0)
            bad = labels[rows, column] == 1
            if 0 < bad.sum() < len(bad):
                line.append(f"{part} {equal_error_rate(logits[rows, column], bad):.1f} ({(~bad).sum()}+{bad.sum()})")
            elif len(bad):
                line.append(f"{part} - ({(~bad).sum()}+{bad.sum()}, q98 {np.quantile(logits[rows, column], 0.98):.1f})")
        print(f"  {name:17}", "; ".join(line), flush=True)


