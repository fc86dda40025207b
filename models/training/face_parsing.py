"""The face parsing net, its loss and its scores."""
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from face_parsing_data import HEIGHT, IGNORE, WIDTH, Picture, product_crop, read_pictures
from sessions import single_threaded

CLASSES = "background skin brow eye glasses ear earring mouth lips neck necklace cloth hair hat".split()
CLASS_WEIGHT = torch.tensor([1, 1, 2.5, 3, 2, 1.8, 2.0, 2.5, 1.6, 1.2, 2.0, 1.1, 1.1, 2.0])
# A class that weighs w in the loss wins that much too often, which is taken back; not of hats, which the net rather misses.
WEIGHT_BIAS = CLASS_WEIGHT.log() * torch.tensor([name != "hat" for name in CLASSES])
BACKDROP_EDGE_WEIGHT = 2.5


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


def separable(i: int, o: int, kernel: int, stride: int = 1, relu_between: bool = False, relu: bool = True) -> nn.Sequential:
    return nn.Sequential(convolution(i, i, kernel, stride, i, relu=relu_between), convolution(i, o, 1, relu=relu))


def doubled(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


class FaceParsing(nn.Module):
    """Nx3x384x288 RGB 0..1 -> Nx14x96x72 logits, and inner layers for the heads; `coarse_out` gives logits at stride 8 in training."""

    def __init__(self):
        super().__init__()
        d, fine = 48, 32
        self.at_2 = convolution(3, 16, 3, 2)
        self.at_4 = nn.Sequential(separable(16, 32, 3, 2, relu_between=True, relu=False),
                                  Residual(separable(32, 32, 3, relu_between=True, relu=False), True))
        self.at_8 = nn.Sequential(separable(32, 48, 5, 2, relu_between=True, relu=False), *(inverted(48, 48, 64, kernel=5) for _ in range(2)))
        self.at_16 = nn.Sequential(inverted(48, 96, 96, 2), *(inverted(96, 96, 96, kernel=5) for _ in range(2)))
        self.at_32 = nn.Sequential(inverted(96, 128, 192, 2), inverted(128, 128, 128, kernel=5))
        self.whole = nn.Sequential(nn.Conv2d(128, 128, 1), nn.ReLU(), nn.Conv2d(128, 128, 1))
        self.from_last = convolution(128, d, 1)
        self.from_sixteenth = convolution(96, d, 1, relu=False)
        self.from_eighth = convolution(48, d, 1, relu=False)
        self.from_quarter = convolution(32, fine, 1, relu=False)
        self.up_sixteenth, self.up_eighth = separable(d, d, 5), separable(d, fine, 5)
        self.up_quarter = separable(fine, fine, 3)
        self.out, self.coarse_out = (nn.Conv2d(fine, len(CLASSES), 1) for _ in range(2))

    def forward(self, x: Tensor) -> tuple[Tensor, tuple[Tensor, Tensor, Tensor, Tensor]]:
        """Logits, and layers at strides 32, 16, 8 and 4 with 128, 96, 32 and 32 channels."""
        quarter = self.at_4(self.at_2(x))
        eighth = self.at_8(quarter)
        sixteenth = self.at_16(eighth)
        last = self.at_32(sixteenth)
        last = last + self.whole(F.adaptive_avg_pool2d(last, 1))
        y = self.up_sixteenth(F.relu(doubled(self.from_last(last)) + self.from_sixteenth(sixteenth)))
        y = self.up_eighth(F.relu(doubled(y) + self.from_eighth(eighth)))
        merged = F.relu(doubled(y) + self.from_quarter(quarter))
        return self.out(self.up_quarter(merged)), (last, sixteenth, y, merged)


def mask_loss(logits: Tensor, coarse: Tensor, classes: Tensor, clean_edge: Tensor) -> Tensor:
    """Weighted cross entropy and Dice at stride 2, cross entropy at stride 8. `classes`: N x HEIGHT x WIDTH; `clean_edge`: N, true
    where a plain backdrop has settled the subject's edge."""
    top, left = np.random.randint(0, 2, 2)
    target = classes[:, top::2, left::2].long()
    known = (target != IGNORE).float()
    behind = (target == 0).float().unsqueeze(1)
    edge = (F.max_pool2d(behind, 3, 1, 1) + F.max_pool2d(1 - behind, 3, 1, 1) - 1).squeeze(1)
    target = target * known.long()
    log_share = F.log_softmax(doubled(logits.float()), 1)
    true_log_share = log_share.gather(1, target.unsqueeze(1)).squeeze(1)
    class_weight = CLASS_WEIGHT.to(logits.device)
    weight = class_weight[target] * (1 + (BACKDROP_EDGE_WEIGHT - 1) * edge * clean_edge.float().view(-1, 1, 1)) * known
    entropy = -(true_log_share * weight).sum() / weight.sum()
    nothing = torch.zeros(len(CLASSES), device=logits.device)
    there = nothing.index_add(0, target.flatten(), known.flatten())
    overlap = nothing.index_add(0, target.flatten(), (true_log_share.exp() * known).flatten())
    dice = 1 - (2 * overlap + 5) / ((log_share.exp() * known.unsqueeze(1)).sum((0, 2, 3)) + there + 5)
    is_there = (there > 20).float()
    coarse_loss = F.cross_entropy(coarse.float(), classes[:, 4::8, 4::8].long(), weight=class_weight, ignore_index=IGNORE)
    return entropy + (dice * is_there).sum() / is_there.sum() + 0.3 * coarse_loss


def taught_loss(logits: Tensor, coarse: Tensor, taught: Tensor) -> Tensor:
    """How far the shares of the classes are from those of another net's logits, at stride 4 and 8."""
    shares = taught.float().softmax(1)
    fine = F.kl_div(F.log_softmax(logits.float(), 1), shares, reduction="none").sum(1).mean()
    return fine + 0.3 * F.kl_div(F.log_softmax(coarse.float(), 1), F.avg_pool2d(shares, 2), reduction="none").sum(1).mean()


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


def exported_scores(path: Path, pack: Path) -> str:
    """Intersection over union of an exported net on held-out portraits with masks."""
    session = single_threaded(path)
    net = lambda rgb: torch.from_numpy(session.run(["logits"], {"rgb": rgb.contiguous().numpy()})[0])  # noqa: E731
    values = intersection_over_union(net, read_pictures(pack, heldout=True))
    return f"mIoU {values.mean():.3f} " + " ".join(f"{name} {value:.3f}" for name, value in zip(CLASSES, values))
