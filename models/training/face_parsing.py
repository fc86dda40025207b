#!/usr/bin/env python3
"""Train, export and score the face parsing net.

    python face_parsing.py --pack PACK --list list.csv --exclude face_parsing_excluded.txt --out new.onnx

PACK holds image/ and mask/. Two processes share the weights and step in turn (asynchronous data parallel), so two runs
agree in their figures, not bit by bit. Needs torch, numpy, opencv, onnx and onnxruntime.
"""
import argparse
import pickle
import time
import warnings
from pathlib import Path

import cv2
import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import Tensor, nn

import shared_training
from face_parsing_data import EARRING, HEIGHT, IGNORE, WIDTH, Picture, clean, earrings_worn, product_crop, read_pictures
from face_parsing_sample import example, weight
from sessions import single_threaded
from shared_training import Schedule, averaged

SEED = 20261123
CLASSES = "background skin brow eye glasses ear earring mouth lips neck necklace cloth hair hat".split()
CLASS_WEIGHT = torch.tensor([1, 1, 2.5, 3, 2, 1.8, 2.0, 2.5, 1.6, 1.2, 2.0, 1.1, 1.1, 2.0])
# A class that weighs w in the loss wins that much too often, which is taken back; not of hats, which the net rather misses.
WEIGHT_BIAS = CLASS_WEIGHT.log() * torch.tensor([name != "hat" for name in CLASSES])
BACKDROP_EDGE_WEIGHT = 2.5
TEACHER_WEIGHT = 0.7
BATCH, WORKERS = 8, 2


def convolution(i: int, o: int, kernel: int = 3, stride: int = 1, groups: int = 1, relu: bool = True) -> nn.Sequential:
    layers = [nn.Conv2d(i, o, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(o)]
    return nn.Sequential(*layers, *([nn.ReLU(inplace=True)] if relu else []))


class Residual(nn.Module):
    """Adds its input where the shapes agree."""

    def __init__(self, body: nn.Sequential, same: bool):
        super().__init__()
        self.body, self.same = body, same

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x) if self.same else self.body(x)


def inverted(i: int, o: int, hidden: int, stride: int = 1, kernel: int = 3) -> Residual:
    body = nn.Sequential(convolution(i, hidden, 1), convolution(hidden, hidden, kernel, stride, hidden),
                         convolution(hidden, o, 1, relu=False))
    return Residual(body, stride == 1 and i == o)


def separable(i: int, o: int, kernel: int, relu_between: bool = False) -> nn.Sequential:
    depthwise = convolution(i, i, kernel, groups=i, relu=relu_between)
    return nn.Sequential(depthwise, convolution(i, o, 1, relu=not relu_between))


def doubled(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


class FaceParsing(nn.Module):
    """Nx3x384x288 RGB 0..1 -> Nx14x96x72 logits; in training also logits at stride 8."""

    def __init__(self):
        super().__init__()
        d, fine = 48, 32
        self.at_2 = convolution(3, 16, 3, 2)
        self.at_4 = nn.Sequential(
            Residual(nn.Sequential(convolution(16, 32, 3, 2), convolution(32, 32, 1, relu=False)), False),
            Residual(separable(32, 32, 3, relu_between=True), True))
        self.at_8 = nn.Sequential(inverted(32, 48, 80, 2), *(inverted(48, 48, 80, kernel=5) for _ in range(2)))
        self.at_16 = nn.Sequential(inverted(48, 96, 144, 2), *(inverted(96, 96, 144, kernel=5) for _ in range(3)))
        self.at_32 = nn.Sequential(inverted(96, 128, 288, 2), inverted(128, 128, 192, kernel=5))
        self.whole = nn.Sequential(nn.Conv2d(128, 128, 1), nn.ReLU(), nn.Conv2d(128, 128, 1))
        self.from_last = convolution(128, d, 1)
        self.from_sixteenth = convolution(96, d, 1, relu=False)
        self.from_eighth = convolution(48, d, 1, relu=False)
        self.from_quarter = convolution(32, fine, 1, relu=False)
        self.up_sixteenth, self.up_eighth = separable(d, d, 5), separable(d, fine, 5)
        self.up_quarter = nn.Sequential(separable(fine, fine, 3), separable(fine, fine, 3))
        self.out, self.coarse_out = (nn.Conv2d(fine, len(CLASSES), 1) for _ in range(2))

    def forward(self, x: Tensor):
        return self.decode(self.at_4(self.at_2(x)))

    def decode(self, quarter: Tensor):
        """From the features at a quarter of the input's size on."""
        logits, (_, _, eighth, _) = self.with_inner_layers(quarter)
        return (logits, self.coarse_out(eighth)) if self.training else logits

    def with_inner_layers(self, quarter: Tensor) -> tuple[Tensor, tuple[Tensor, Tensor, Tensor, Tensor]]:
        """Logits, and layers at strides 32, 16, 8 and 4 with 128, 96, 32 and 32 channels."""
        eighth = self.at_8(quarter)
        sixteenth = self.at_16(eighth)
        last = self.at_32(sixteenth)
        last = last + self.whole(F.adaptive_avg_pool2d(last, 1))
        y = self.up_sixteenth(F.relu(doubled(self.from_last(last)) + self.from_sixteenth(sixteenth)))
        y = self.up_eighth(F.relu(doubled(y) + self.from_eighth(eighth)))
        merged = F.relu(doubled(y) + self.from_quarter(quarter))
        return self.out(self.up_quarter(merged)), (last, sixteenth, y, merged)


def load_exported(net: FaceParsing, path: Path, images: Tensor) -> None:
    """Take over the weights of an exported net, whose normalisations were folded into its convolutions.

    The normalisations come back with the mean and spread that they see on `images`, and undo just that.
    """
    model = onnx.load(path)
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    folded = [[torch.from_numpy(stored[name].copy()) for name in node.input[1:]] for node in model.graph.node
              if node.op_type == "Conv"]
    follower = {}
    for sequence in net.modules():
        if isinstance(sequence, nn.Sequential) and len(sequence) > 1 and isinstance(sequence[1], nn.BatchNorm2d):
            follower[sequence[0]] = sequence[1]
    weights = iter(folded)

    def take_over(convolution: nn.Conv2d, inputs: tuple[Tensor], _: Tensor) -> Tensor:
        kernel, bias = next(weights)
        convolution.weight.data.copy_(kernel)
        shape = (convolution.stride, convolution.padding, convolution.dilation, convolution.groups)
        raw = F.conv2d(inputs[0], convolution.weight, None, *shape)
        if (normalisation := follower.get(convolution)) is None:
            convolution.bias.data.copy_(bias)
            return raw + bias.view(1, -1, 1, 1)
        mean, variance = raw.mean((0, 2, 3)), raw.var((0, 2, 3), unbiased=False)
        normalisation.running_mean.copy_(mean)
        normalisation.running_var.copy_(variance)
        normalisation.weight.data.copy_((variance + normalisation.eps).sqrt())
        normalisation.bias.data.copy_(mean + bias)
        return raw

    hooks = [m.register_forward_hook(take_over) for m in net.modules() if isinstance(m, nn.Conv2d)]
    with torch.no_grad():
        net.eval()(images)
    for hook in hooks:
        hook.remove()


def loss(logits: Tensor, coarse: Tensor, labels: Tensor, offset: tuple[int, int], clean_edge: Tensor) -> Tensor:
    """Weighted cross entropy and Dice at stride 2, cross entropy at stride 8."""
    target = labels[:, offset[0]::2, offset[1]::2].long()
    known = target != IGNORE
    behind = (target == 0).float().unsqueeze(1)
    edge = (F.max_pool2d(behind, 3, 1, 1) + F.max_pool2d(1 - behind, 3, 1, 1) - 1).squeeze(1)
    edge_weight = (1 + (BACKDROP_EDGE_WEIGHT - 1) * edge * clean_edge)[known]
    target = target[known]
    log_share = F.log_softmax(doubled(logits).permute(0, 2, 3, 1)[known], 1)
    true_log_share = log_share.gather(1, target.unsqueeze(1)).squeeze(1)
    pixel_weight = CLASS_WEIGHT[target] * edge_weight
    entropy = -(true_log_share * pixel_weight).sum() / pixel_weight.sum()
    there = torch.bincount(target, minlength=len(CLASSES))
    overlap = torch.zeros(len(CLASSES)).index_add(0, target, true_log_share.exp())
    dice = 1 - (2 * overlap + 5) / (log_share.exp().sum(0) + there + 5)
    coarse_target = labels[:, 4::8, 4::8].long()
    coarse_loss = F.cross_entropy(coarse.contiguous(), coarse_target, weight=CLASS_WEIGHT, ignore_index=IGNORE)
    return entropy + dice[there > 20].mean() + 0.3 * coarse_loss


def taught_shares(teachers: list, x: Tensor) -> Tensor:
    """The shares of the classes that the teachers give on average, at stride 4."""
    answers = [[teacher.run(["logits"], {"rgb": one.contiguous().numpy()})[0] for one in x.split(1)]
               for teacher in teachers]
    return torch.stack([torch.from_numpy(np.concatenate(answer)).softmax(1) for answer in answers]).mean(0)


def teacher_loss(logits: Tensor, shares: Tensor, labels: Tensor) -> Tensor:
    """Cross entropy to the teachers' shares where their answer is not known to be wrong."""
    target = labels[:, 2::4, 2::4].long()
    usable = (target == shares.argmax(1)) | (target == IGNORE)
    entropy = -(shares * F.log_softmax(logits, 1)).sum(1)
    return entropy[usable].mean()


class MaskTask:
    """The parsing net alone, from pictures with masks, and from teachers where there are any."""

    batch = BATCH

    def __init__(self, pictures: list[Picture], keep_early: bool, teachers: list[Path]):
        self.pictures, self.keep_early, self.paths = pictures, keep_early, teachers
        self.shares = np.cumsum([weight(picture) for picture in pictures])
        self.teachers: list = []  # sessions belong to one process

    def net(self) -> tuple[FaceParsing, list[bool]]:
        self.teachers = [single_threaded(path) for path in self.paths]
        net = FaceParsing().train().to(memory_format=torch.channels_last)
        if self.keep_early:
            net.at_2.eval(), net.at_4.eval()
        return net, [self.keep_early and name.startswith(("at_2.", "at_4.")) for name, _ in net.named_parameters()]

    def draw(self, rng: np.random.Generator, count: int = BATCH) -> tuple[list[np.ndarray], list[np.ndarray], list[bool]]:
        """Crops, their labels, and whether a plain backdrop has settled the subject's edge."""
        drawn = [self.pictures[np.searchsorted(self.shares, rng.uniform(0, self.shares[-1]))] for _ in range(count)]
        images, labels = zip(*(example(picture, self.pictures, rng) for picture in drawn))
        return list(images), list(labels), [picture.opacity is not None for picture in drawn]

    def loss(self, net: FaceParsing, drawn, rng: np.random.Generator) -> Tensor:
        images, labels, plain = drawn
        x, target = channels_last(images), torch.from_numpy(np.stack(labels))
        logits, coarse = net(x)
        value = loss(logits, coarse, target, tuple(rng.integers(0, 2, 2)), torch.tensor(plain).float().view(-1, 1, 1))
        if self.teachers:
            value = value + TEACHER_WEIGHT * teacher_loss(logits, taught_shares(self.teachers, x), target)
        return value


def channels_last(images: list[np.ndarray]) -> Tensor:
    x = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).float().div_(255)
    return x.contiguous(memory_format=torch.channels_last)


def export(net: FaceParsing, path: Path) -> None:
    warnings.filterwarnings("ignore")
    part = path.with_suffix(".part")
    torch.onnx.export(net.eval(), (torch.rand(1, 3, HEIGHT, WIDTH),), str(part), opset_version=17, dynamo=False,
                      input_names=["rgb"], output_names=["logits"])
    part.replace(path)


def product_view(picture: Picture) -> tuple[np.ndarray, np.ndarray]:
    """The crop that the product cuts from a picture, and its labels there."""
    left, top, width = product_crop(picture.image.shape[1::-1], picture.face)
    scale = WIDTH / width
    size = (max(1, round(picture.image.shape[1] * scale)), max(1, round(picture.image.shape[0] * scale)))
    image = cv2.resize(picture.image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    labels = cv2.resize(picture.labels, size, interpolation=cv2.INTER_NEAREST)
    shift = np.float32([[1, 0, -left * scale], [0, 1, -top * scale]])
    image = cv2.warpAffine(image, shift, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    labels = cv2.warpAffine(labels, shift, (WIDTH, HEIGHT), flags=cv2.INTER_NEAREST, borderValue=IGNORE)
    return image, labels


def share_of_class(nets: list, picture: Picture, label: int) -> np.ndarray:
    """The nets' mean probability of a class at every pixel of the picture, 0 beyond the crop."""
    image, _ = product_view(picture)
    rgb = torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255
    crop_share = taught_shares(nets, rgb)[0, label].numpy()
    left, top, width = product_crop(picture.image.shape[1::-1], picture.face)
    logit_px = width / crop_share.shape[1]
    middle = logit_px / 2 - 0.5
    to_picture = np.float32([[logit_px, 0, left + middle], [0, logit_px, top + middle]])
    return cv2.warpAffine(crop_share, to_picture, picture.image.shape[1::-1], flags=cv2.INTER_LINEAR)


def intersection_over_union(net, pictures: list[Picture]) -> np.ndarray:
    """Per class, over all pixels of the pictures; `net` maps a 1x3xHxW tensor to logits."""
    both, either = np.zeros(len(CLASSES)), np.zeros(len(CLASSES))
    for picture in pictures:
        image, labels = product_view(picture)
        with torch.no_grad():
            logits = net(torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255)
        logits = F.interpolate(logits, scale_factor=4, mode="bilinear", align_corners=False)
        found = logits[0].argmax(0).numpy()[labels != IGNORE]
        table = np.bincount(labels[labels != IGNORE] * 14 + found, minlength=14 * 14).reshape(14, 14)
        both += table.diagonal()
        either += table.sum(0) + table.sum(1) - table.diagonal()
    return both / np.maximum(either, 1)


def exported_scores(path: Path, pack: Path, listing: Path) -> str:
    """Intersection over union of an exported net on the pack's held-out portraits."""
    session = single_threaded(path)
    net = lambda rgb: torch.from_numpy(session.run(["logits"], {"rgb": rgb.contiguous().numpy()})[0])  # noqa: E731
    return scores(net, read_pictures(pack, listing, set(), heldout=True))


def without_weights(shared: dict[str, Tensor]) -> FaceParsing:
    """The averaged net, what a class weighs in the loss taken back."""
    net = averaged(shared, FaceParsing())
    net.out.bias.data -= WEIGHT_BIAS
    return net


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--list", type=Path, required=True)
    parser.add_argument("--exclude", type=Path, help="names, one a line, that must not be trained on")
    parser.add_argument("--ears", type=Path, default=Path(__file__).with_name("ear_labels.csv"), help="where earrings were seen")
    parser.add_argument("--start", type=Path, help="an exported net of this shape to go on from")
    parser.add_argument("--teacher", type=Path, action="append", default=[],
                        help="an exported net of the same input and classes to learn from besides the masks; may repeat")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--presentations", type=float, default=60_000)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="end the schedule by then")
    parser.add_argument("--keep-early", action="store_true", help="leave the first stages, to stride 4, as they are")
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--save-every", type=float, default=900, help="seconds")
    parser.add_argument("--cache", type=Path, help="where to keep the cleaned pictures between runs")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)  # threads of ours would not survive the fork below
    cv2.setNumThreads(1)
    torch.manual_seed(options.seed)
    if options.cache and options.cache.exists():
        pictures, checks = pickle.loads(options.cache.read_bytes())
    else:
        excluded = set(options.exclude.read_text().split()) if options.exclude else set()
        pictures = read_pictures(options.pack, options.list, excluded)
        checks = read_pictures(options.pack, options.list, set(), heldout=True)[::4]
        worn = earrings_worn(options.ears)
        teachers = [single_threaded(path) for path in options.teacher]
        for picture in pictures:
            known = worn.get(picture.name, {})
            look = any(known.values()) and teachers
            clean(picture, known, share_of_class(teachers, picture, EARRING) if look else None)
        if options.cache:
            options.cache.write_bytes(pickle.dumps((pictures, checks)))
    print(len(pictures), "pictures", sum(p.opacity is not None for p in pictures), "with a plain backdrop", flush=True)

    net = FaceParsing()
    if options.start:
        rng = np.random.default_rng(options.seed)
        views = [example(pictures[i], pictures, rng)[0] for i in rng.integers(len(pictures), size=24)]
        load_exported(net, options.start, torch.from_numpy(np.stack(views)).permute(0, 3, 1, 2).float() / 255)
        net.out.bias.data += WEIGHT_BIAS
    schedule = Schedule(options.rate, options.seconds, options.presentations, options.seed, options.save_every)
    task = MaskTask(pictures, options.keep_early, options.teacher)
    shared_training.train(net, task, schedule, WORKERS, lambda shared: report(shared, options, checks))


def report(shared: dict[str, Tensor], options: argparse.Namespace, checks: list[Picture]) -> None:
    net = without_weights(shared)
    export(net, options.out)
    print(time.strftime("%H:%M"), "seen", int(shared["seen"]), scores(net, checks), flush=True)


def scores(net: FaceParsing, checks: list[Picture]) -> str:
    values = intersection_over_union(net, checks)
    return f"mIoU {values.mean():.3f} " + " ".join(f"{name} {value:.3f}" for name, value in zip(CLASSES, values))


if __name__ == "__main__":
    main()
