#!/usr/bin/env python3
"""Train the heads that tell attributes of the subject from inner layers of the face parsing net, and join them to it.

Learns from what attribute_views.py kept of pictures of people who are not held out, and scores on the plain views of all
development photos. Needs torch, numpy and onnx.
"""
import argparse
import csv
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from attribute_views import ATTRIBUTES, CELL, DEVELOPED_VIEWS, LOOKS, with_inner_layers
from face_nets import equal_error_rate
from face_parsing_data import HEIGHT, WIDTH

SEED, STEPS, BATCH, RATE, DECAY, SMOOTHING = 20261123, 1500, 64, 2e-3, 0.1, 0.02
CHANNELS = 16  # per attribute
PART = 500  # views at a time, for memory
ROWS, COLUMNS = HEIGHT // CELL, WIDTH // CELL
RULES = {"glasses-absent": [0], "face-unobstructed": [1], "head-uncovered": [2], "collar-present": [3], "hood-absent": [4],
         "shoulders-covered": [5], "necklace-absent": [6], "ears-visible": [7, 8]}


class Head(nn.Module):
    """Cells x features of a crop -> one logit: a few sums of features in every cell, then a weight for each cell."""

    def __init__(self, cells: int, features: int):
        super().__init__()
        self.cells, self.whole = nn.Linear(features, CHANNELS), nn.Linear(cells * CHANNELS, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        kept = nn.functional.dropout(torch.ones(len(x), 1, x.shape[2]), 0.1, self.training)
        sums = self.cells(x * kept).relu()
        return self.whole(nn.functional.dropout(sums.flatten(1), 0.3, self.training)).flatten()


class Pools:
    """Views that show an attribute or lack it, by source, so that no source stands for an answer."""

    def __init__(self, views: dict, attribute: int, rng: np.random.Generator):
        self.rng, self.pools = rng, []
        drawn = views["number"] > DEVELOPED_VIEWS
        source = np.where(drawn, "drawn", views["source"][views["index"]])
        trained_on = views["heldout"][views["index"]].astype(int) == 0
        for value in (0, 1):
            rows = np.flatnonzero(trained_on & (views["labels"][:, attribute] == value))
            self.pools.append([rows[source[rows] == name] for name in np.unique(source[rows])])

    def draw(self, value: int, count: int) -> np.ndarray:
        """Sources count by the root of their size."""
        weights = np.sqrt([len(rows) for rows in self.pools[value]])
        chosen = self.rng.choice(len(weights), count, p=weights / weights.sum())
        return np.array([self.rng.choice(self.pools[value][source]) for source in chosen])


def train(features: np.ndarray, views: dict, attribute: int) -> Head:
    torch.manual_seed(SEED)
    head = Head(*features.shape[1:])
    pools = Pools(views, attribute, np.random.default_rng([SEED, attribute]))
    optimiser = torch.optim.AdamW(head.parameters(), RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    target = torch.tensor([SMOOTHING, 1 - SMOOTHING]).repeat_interleave(BATCH // 2)
    losses = []
    for _ in range(STEPS):
        rows = np.concatenate([pools.draw(value, BATCH // 2) for value in (0, 1)])
        logits = head(torch.from_numpy(features[rows]).float())
        loss = nn.functional.binary_cross_entropy_with_logits(logits, target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
    counts = [sum(len(rows) for rows in pools.pools[value]) for value in (0, 1)]
    print(f"{ATTRIBUTES[attribute]:16} views without {counts[0]}, with {counts[1]}: loss {np.mean(losses[-200:]):.3f}", flush=True)
    return head.eval()


def joined(heads: list[Head], mean: np.ndarray, spread: np.ndarray) -> list[np.ndarray]:
    """Weights and biases of the two layers that stand for all heads, the normalisation inside."""
    def all_of(part: str) -> np.ndarray:
        return np.concatenate([head.state_dict()[part].numpy() for head in heads])

    weight = all_of("cells.weight") / spread
    bias = all_of("cells.bias") - weight @ mean
    whole = all_of("whole.weight").reshape(len(heads), ROWS, COLUMNS, CHANNELS).transpose(0, 3, 1, 2)
    weights = weight[..., None, None], bias, whole.reshape(1, -1, ROWS, COLUMNS), all_of("whole.bias")
    return [x.astype(np.float32) for x in weights]


def export(net: Path, weights: list[np.ndarray], out: Path) -> None:
    """The face parsing net with `attribute_logits` 1 x attributes beside its `logits`."""
    model, layers = with_inner_layers(net)
    graph = model.graph
    del graph.output[1:]
    nodes, pooled = [], layers[:1]
    for layer, cell in zip(layers[1:], (2, 4)):
        pooled.append(f"pooled_{cell}")
        nodes.append(helper.make_node("AveragePool", [layer], pooled[-1:], kernel_shape=[cell, cell], strides=[cell, cell]))
    nodes.append(helper.make_node("Concat", pooled, ["features"], axis=1))
    names = ["cells_weight", "cells_bias", "whole_weight", "whole_bias"]
    graph.initializer.extend(numpy_helper.from_array(w, name) for w, name in zip(weights, names))
    nodes.append(helper.make_node("Conv", ["features", *names[:2]], ["cells"], kernel_shape=[1, 1]))
    nodes.append(helper.make_node("Relu", ["cells"], ["lit_cells"]))
    # A convolution as large as its input, one group per head, would take five times as long in ONNX Runtime.
    shape, last = (numpy_helper.from_array(np.array(x, np.int64), name)
                   for name, x in (("whole_shape", [1, len(ATTRIBUTES), -1]), ("last", [2])))
    graph.initializer.extend([shape, last])
    nodes.append(helper.make_node("Mul", ["lit_cells", "whole_weight"], ["weighted"]))
    nodes.append(helper.make_node("Reshape", ["weighted", "whole_shape"], ["weighted_by_head"]))
    nodes.append(helper.make_node("ReduceSum", ["weighted_by_head", "last"], ["whole"], keepdims=0))
    nodes.append(helper.make_node("Add", ["whole", "whole_bias"], ["attribute_logits"]))
    graph.node.extend(nodes)
    graph.output.append(helper.make_tensor_value_info("attribute_logits", TensorProto.FLOAT, [1, len(ATTRIBUTES)]))
    onnx.checker.check_model(model)
    onnx.save(model, out)


def report(heads: list[Head], features: np.ndarray, views: dict, truths: Path) -> None:
    """Error rates on plain views: by the development photos' own labels, the larger logit of both sides counting, and
    for what these do not tell by ours."""
    plain = np.flatnonzero(views["number"] == 0)
    row_of = {views["name"][views["index"][row]]: row for row in plain}
    for rule, attributes in RULES.items():
        rows = [(row_of[line["photo"]], line["truth"] == "fail")
                for line in csv.DictReader(open(truths, newline="", encoding="utf-8"))
                if line["rule"] == rule and line["photo"] in row_of]
        tell(rule, [heads[attribute] for attribute in attributes], features, views, *map(np.array, zip(*rows)))
    for attribute in range(len(ATTRIBUTES))[LOOKS]:
        rows = plain[views["labels"][plain, attribute] >= 0]
        tell(ATTRIBUTES[attribute], [heads[attribute]], features, views, rows, views["labels"][rows, attribute] == 1)


def tell(title: str, heads: list[Head], features: np.ndarray, views: dict, rows: np.ndarray, bad: np.ndarray) -> None:
    shown = torch.from_numpy(features[rows]).float()
    with torch.no_grad():
        score = torch.stack([head(shown) for head in heads]).amax(0).numpy()
    is_held = views["heldout"][views["index"][rows]].astype(int) == 1
    told = []
    for part_title, part in (("all", np.ones(len(rows), bool)), ("held out", is_held)):
        good_count, bad_count = (part & ~bad).sum(), (part & bad).sum()
        if good_count and bad_count:
            told.append(f"{part_title} {equal_error_rate(score[part], bad[part]):.2f} ({good_count} + {bad_count})")
    print(f"{title:18}", *told)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--views", type=Path, required=True, help="folder of attribute_views.py")
    parser.add_argument("--net", type=Path, required=True, help="face_parsing.onnx that the views were shown to")
    parser.add_argument("--truths", type=Path, required=True, help="labels.csv of the development photos")
    parser.add_argument("--out", type=Path, required=True, help="ONNX file to write")
    args = parser.parse_args()
    torch.set_num_threads(1)
    features, views = np.load(args.views / "features.npy"), dict(np.load(args.views / "views.npz"))
    sample = features[::10].astype(np.float32)
    mean, spread = sample.mean((0, 1)), sample.std((0, 1)) + 1e-3
    for start in range(0, len(features), PART):
        features[start:start + PART] = (features[start:start + PART] - mean) / spread
    heads = [train(features, views, attribute) for attribute in range(len(ATTRIBUTES))]
    weights = joined(heads, mean, spread)
    export(args.net, weights, args.out)
    report(heads, features, views, args.truths)


if __name__ == "__main__":
    main()
