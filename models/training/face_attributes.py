"""The face parsing net with its attribute heads, and their training: all layers at once, from scratch.

What a pixel belongs to it learns from masks, or from an earlier net that says it of every view; attributes from labels, and from that
net's heads besides.
"""
import copy
import time
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from averaging import Average
from batches import device
from drawing_pool import Pool
from exported import Exported
from face_parsing import WEIGHT_BIAS, FaceParsing, mask_loss, separable, taught_loss
from pictures import ATTRIBUTES, PAIRS
from views import developed, turned

SEED = 20261126
CHANNELS = 16  # per attribute
ROWS, CELL_COLUMNS = 12, 9
FEATURES = 128 + 96 + 32 + 32
RATE, RATE_TO_GO_ON, DECAY, AVERAGE, SMOOTHING = 3e-3, 1e-3, 0.05, 0.998, 0.02
TAUGHT_MASK_WEIGHT, TAUGHT_ATTRIBUTES_WEIGHT, TAUGHT_FEATURES_WEIGHT = 3.0, 0.5, 0.5
CROPS_KEPT, CROPS_TO_START = 16_384, 2_048


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

    def detailed(self, quarter: Tensor) -> Tensor:
        return F.max_pool2d(self.detail[1](F.max_pool2d(self.detail[0](quarter), 2)), 4)

    def features(self, last: Tensor, sixteenth: Tensor, eighth: Tensor, quarter: Tensor) -> Tensor:
        """N x FEATURES x ROWS x CELL_COLUMNS."""
        return torch.cat([last, F.avg_pool2d(sixteenth, 2), F.avg_pool2d(eighth, 4), self.detailed(quarter)], 1)

    def forward(self, features: Tensor) -> Tensor:
        x = F.dropout2d(self.scale(features), 0.1, self.training)
        x = F.dropout(self.cells(x).relu(), 0.25, self.training) * self.whole
        return x.reshape(x.shape[0], len(ATTRIBUTES), -1).sum(2) + self.bias


class FaceAttributes(nn.Module):
    """Nx3x384x288 RGB 0..1 -> Nx14x96x72 class logits, N x attributes logits."""

    def __init__(self):
        super().__init__()
        self.parsing, self.heads = FaceParsing(), Heads()

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        logits, layers = self.parsing(x)
        return logits, self.heads(self.heads.features(*layers))

    def with_coarse(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Class logits at strides 4 and 8, what the heads read, and the attributes' logits."""
        logits, layers = self.parsing(x)
        features = self.heads.features(*layers)
        return logits, self.parsing.coarse_out(layers[2]), features, self.heads(features)


def with_pairs(logits: Tensor) -> Tensor:
    """Logits of all COLUMNS: of a pair, the larger one."""
    return torch.cat([logits, *(logits[:, list(sides)].amax(1, keepdim=True) for sides in PAIRS.values())], 1)


def attribute_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """`labels`: N x COLUMNS of 1, 0 or -1 for unknown."""
    known = (labels >= 0).float()
    target = labels.clamp(0) * (1 - 2 * SMOOTHING) + SMOOTHING
    return (F.binary_cross_entropy_with_logits(with_pairs(logits.float()), target, reduction="none") * known).sum() / known.sum()


def rate_at(progress: float, highest: float, least: float) -> float:
    """Rises for three hundredths of a training, then falls as a cosine to the share `least` of the highest."""
    return float(highest * min(1, progress / 0.03) * (0.5 * (1 + np.cos(np.pi * progress)) * (1 - least) + least))


def features_loss(features: Tensor, taught: Tensor) -> Tensor:
    """How much of each feature's variance is missed."""
    return ((features.float() - taught.float()) ** 2 / taught.float().var((0, 2, 3), keepdim=True).clamp_min(1e-4)).mean()


def tensor_of(images: list[np.ndarray]) -> Tensor:
    return torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).float().div_(255)


@dataclass
class Plan:
    """How long to train, on batches of how many views."""

    seconds: float
    batch: int
    start: Path | None = None  # weights to go on from
    save_every: float = 600
    seed: int = SEED
    goes_on: bool = False  # from where a training to the same file was stopped


def views_of(pool: Pool, count: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Views as the net takes them, the classes of their pixels, their labels, and whether the backdrop is plain."""
    images, classes, labels, middles, is_plain = pool.batch(count)
    seen, classes, labels = turned(images, classes, labels, middles)
    return developed(seen).div_(255).contiguous(memory_format=torch.channels_last), classes, labels, is_plain


def train(pool: Pool, plan: Plan, out: Path, teacher: Path | None) -> None:
    """Ends with the clock of `plan`; saves the mean of the weights now and then. Without `teacher` masks teach the classes of pixels."""
    here = device()
    pool.start(here, CROPS_TO_START)
    torch.manual_seed(plan.seed), np.random.seed(plan.seed)
    net = FaceAttributes().to(here, memory_format=torch.channels_last)
    if plan.start:
        net.load_state_dict(torch.load(plan.start))
    highest = RATE_TO_GO_ON if plan.start else RATE
    taught = Exported(teacher).to(here, memory_format=torch.channels_last).eval() if teacher else None
    decayed = [p for p in net.parameters() if p.ndim > 1]
    others = [p for p in net.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW([{"params": decayed, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}])
    average = Average(net, AVERAGE)
    began, saved, step, losses = time.time(), time.time(), 0, deque(maxlen=100)
    if plan.goes_on and (stopped := stopped_at(out)):
        net.load_state_dict(stopped["net"])
        optimiser.load_state_dict(stopped["optimiser"])
        average.values, average.step, step = [value.to(here) for value in stopped["average"]], stopped["step"], stopped["step"]
        began -= stopped["seconds"]
        torch.manual_seed(plan.seed + step)  # not the same views again

    def keep_average() -> None:
        kept = average.put(copy.deepcopy(net), lambda: views_of(pool, plan.batch)[0])
        save(kept, out, teacher is None)
        state = {"net": net.state_dict(), "optimiser": optimiser.state_dict(), "average": average.values, "step": step,
                 "seconds": time.time() - began}
        kept_whole(state, state_file(out))

    def prepared() -> tuple[tuple[Tensor, ...], list[Tensor]]:
        """A batch, and what the teacher says of it."""
        views = views_of(pool, plan.batch)
        with torch.no_grad(), torch.autocast(here.type, torch.float16, enabled=here.type == "cuda"):
            return views, taught(views[0]) if taught else []

    beside = ThreadPoolExecutor(1)  # without a GPU the next batch is made on another core
    following = beside.submit(prepared)
    while (progress := (time.time() - began) / plan.seconds) < 1:
        net.train()
        for group in optimiser.param_groups:
            group["lr"] = rate_at(progress, highest, least=0.005)
        (x, classes, labels, is_plain), said = following.result()
        following = beside.submit(prepared)
        with torch.autocast(here.type, torch.bfloat16, enabled=here.type == "cuda"):
            logits, coarse, features, attributes = net.with_coarse(x)
        told = attribute_loss(attributes, labels)
        if taught:
            taught_logits, taught_attributes, taught_features = said
            mask = TAUGHT_MASK_WEIGHT * taught_loss(logits, coarse, taught_logits)
            apart = F.binary_cross_entropy_with_logits(attributes.float(), taught_attributes.float().sigmoid())
            told = told + TAUGHT_ATTRIBUTES_WEIGHT * apart
            if plan.start:  # narrowed from that net, so its features have the same meaning
                told = told + TAUGHT_FEATURES_WEIGHT * features_loss(features, taught_features)
        else:
            mask = mask_loss(logits, coarse, classes, is_plain)
        optimiser.zero_grad(set_to_none=True)
        (mask + told).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        average.follow()
        step += 1
        losses.append(torch.stack([mask.detach(), told.detach()]))
        if step % 100 == 0:
            mask_mean, told_mean = torch.stack(list(losses)).mean(0).tolist()
            print(f"{out.stem} step {step} seen {step * plan.batch} drawn {pool.drawn} done {progress:.3f} mask {mask_mean:.4f} "
                  f"attributes {told_mean:.4f} {step * plan.batch / (time.time() - began):.0f}/s", flush=True)
        if time.time() - saved > plan.save_every:
            saved = time.time()
            keep_average()
    beside.shutdown()
    keep_average()
    state_file(out).unlink()
    pool.stop()


def state_file(out: Path) -> Path:
    """What a training goes on from that was stopped."""
    return out.with_suffix(".state")


def stopped_at(out: Path) -> dict | None:
    """Where the training to this file was stopped, if it was: weights, steps and seconds."""
    return torch.load(state_file(out), map_location="cpu") if state_file(out).exists() else None


def kept_whole(state: dict, to: Path) -> None:
    part = to.with_suffix(".part")
    torch.save(state, part)
    part.replace(to)


def save(net: FaceAttributes, out: Path, takes_weights_back: bool) -> None:
    """What a class weighs in the loss of masks is taken back."""
    state = {name: value.detach().cpu().clone() for name, value in net.state_dict().items()}
    if takes_weights_back:
        state["parsing.out.bias"] -= WEIGHT_BIAS
    kept_whole(state, out)


def told(net: FaceAttributes, views: Iterable[np.ndarray]) -> np.ndarray:
    """Logits of all COLUMNS on views of HEIGHT x WIDTH x 3."""
    net.eval()
    with torch.no_grad():
        return np.concatenate([with_pairs(net(tensor_of([view]))[1]).numpy() for view in views])
