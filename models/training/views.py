"""Views of drawn crops, in batches on any device: a little turned, scaled, shifted, perhaps mirrored, and developed as files vary."""
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from crops import BASE_HEIGHT, BASE_WIDTH, MARGIN
from face_parsing import doubled
from face_parsing_data import HEIGHT, WIDTH
from pictures import PAIRS

TURN_DEGREES, LARGEST_SHIFT = 3.5, (0.012 * WIDTH, 0.012 * HEIGHT)
LUMA = (0.299, 0.587, 0.114)
# Quantisation of JPEG at quality 50, the standard's annex K.
QUANTA = ((16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
           18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112,
           100, 103, 99),
          (17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
           *(99,) * 32))


def uniform(count: int, low: float, high: float, device, *shape: int) -> Tensor:
    return torch.rand(count, *(shape or (1, 1, 1)), device=device) * (high - low) + low


def some(count: int, share: float, device) -> Tensor:
    """N x 1 x 1 x 1, true for about that share."""
    return torch.rand(count, 1, 1, 1, device=device) < share


def turned(images: Tensor, classes: Tensor, labels: Tensor, middles: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Of N x BASE_HEIGHT x BASE_WIDTH x 3 and N x BASE_HEIGHT x BASE_WIDTH uint8, around N x 2 middles of faces: N x 3 x HEIGHT x WIDTH
    in 0..255, the classes of its pixels, and the labels, both sides of a pair exchanged where it is mirrored."""
    count, device = len(images), images.device
    angle = torch.randn(count, device=device) * np.radians(TURN_DEGREES) * (torch.rand(count, device=device) < 0.6)
    smaller, aspect = torch.exp(-0.04 * torch.randn(count, device=device)), torch.exp(0.02 * torch.randn(count, device=device))
    is_mirrored = torch.rand(count, device=device) < 0.5
    shift = torch.randn(count, 2, device=device) * torch.tensor(LARGEST_SHIFT, device=device)
    place = middles - torch.tensor(MARGIN, device=device) + shift
    y, x = torch.meshgrid(torch.arange(HEIGHT, device=device) + 0.5, torch.arange(WIDTH, device=device) + 0.5, indexing="ij")
    across = torch.where(is_mirrored.view(-1, 1, 1), WIDTH - x, x) - place[:, 0, None, None]
    down = y - place[:, 1, None, None]
    across, cosine, sine = (v.view(-1, 1, 1) * w for v, w in ((aspect * smaller, across), (angle.cos(), 1), (angle.sin(), 1)))
    down = down * smaller.view(-1, 1, 1)
    source = torch.stack([middles[:, 0, None, None] + cosine * across - sine * down,
                          middles[:, 1, None, None] + sine * across + cosine * down], -1)
    grid = source * torch.tensor((2 / int(BASE_WIDTH), 2 / int(BASE_HEIGHT)), device=device) - 1
    seen = F.grid_sample(images.permute(0, 3, 1, 2).float(), grid, "bilinear", "border", align_corners=False)
    classes = F.grid_sample(classes.unsqueeze(1).float(), grid, "nearest", "border", align_corners=False).squeeze(1)
    exchanged = labels.clone()
    for right, left in PAIRS.values():
        exchanged[:, [right, left]] = labels[:, [left, right]]
    return seen, classes.to(torch.uint8), torch.where(is_mirrored.view(-1, 1), exchanged, labels)


def developed(x: Tensor) -> Tensor:
    """Light, colour, noise, sharpness, resolution and JPEG as they vary between files; N x 3 x HEIGHT x WIDTH in 0..255."""
    n, device = len(x), x.device
    cast = torch.where(some(n, 0.5, device), uniform(n, 0.88, 1.12, device, 3, 1, 1), 1.0)
    lit = x * uniform(n, 0.75, 1.25, device) * cast + uniform(n, -18, 18, device)
    x = torch.where(some(n, 0.8, device), lit, x)
    grey = x.mean(1, keepdim=True)
    saturation = torch.where(some(n, 0.08, device), 0.0, uniform(n, 0.5, 1.4, device))
    x = torch.where(some(n, 0.5, device), grey + (x - grey) * saturation, x)
    x = torch.where(some(n, 0.4, device), (x - 110) * uniform(n, 0.7, 1.25, device) + 110, x)
    slope = 1 + uniform(n, -0.4, 0.4, device) * torch.linspace(-0.5, 0.5, WIDTH, device=device)
    x = torch.where(some(n, 0.15, device), x * slope, x)
    noisy = torch.rand(n, device=device) < 0.2
    noise = torch.randn_like(x[noisy])
    count = len(noise)
    x[noisy] += torch.where(some(count, 0.5, device), noise[:, :1], noise) * uniform(count, 1, 8, device)
    x = x.clamp(0, 255).round()
    x = with_other_sharpness(x)
    packed = torch.rand(n, device=device) < 0.35
    x[packed] = compressed(x[packed], uniform(len(x[packed]), 30, 93, device))
    return x


def with_other_sharpness(x: Tensor) -> Tensor:
    """One in four at a lower resolution, one in ten blurred, one in ten sharpened; one measure of each for the whole batch."""
    chance, x = torch.rand(len(x), device=x.device), x.clone()
    coarse, soft, crisp = ((chance >= low) & (chance < high) for low, high in ((0, 0.25), (0.25, 0.36), (0.36, 0.46)))
    share, smooth = np.random.uniform(0.3, 0.85), "bilinear" if np.random.random() < 0.5 else "bicubic"
    small = F.interpolate(x[coarse], scale_factor=share, mode="area")
    x[coarse] = F.interpolate(small, (HEIGHT, WIDTH), mode=smooth, align_corners=False).clamp(0, 255)
    x[soft] = blurred(x[soft], np.random.uniform(0.4, 1.3))
    x[crisp] = (1.6 * x[crisp] - 0.6 * blurred(x[crisp], 1.2)).clamp(0, 255)
    return x


def blurred(x: Tensor, sigma: float) -> Tensor:
    at = torch.arange(-4, 5, device=x.device, dtype=torch.float32)
    kernel = torch.exp(-at**2 / (2 * sigma**2))
    kernel = (kernel / kernel.sum()).expand(3, 1, 1, 9)
    x = F.conv2d(F.pad(x, (4, 4, 0, 0), "replicate"), kernel, groups=3)
    return F.conv2d(F.pad(x, (0, 0, 4, 4), "replicate"), kernel.transpose(2, 3), groups=3)


def compressed(x: Tensor, quality: Tensor) -> Tensor:
    """What JPEG of that quality (N x 1 x 1 x 1) leaves, its colour at half the resolution."""
    red, green, blue = x.unbind(1)
    luma = sum(weight * plane for weight, plane in zip(LUMA, (red, green, blue)))
    chroma = F.avg_pool2d(torch.stack([(blue - luma) / 1.772, (red - luma) / 1.402], 1), 2)
    scale = torch.where(quality < 50, 50 / quality, 2 - quality / 50)
    luma = quantised(luma.unsqueeze(1) - 128, QUANTA[0], scale) + 128
    chroma = doubled(quantised(chroma, QUANTA[1], scale))
    y, cb, cr = luma[:, 0], chroma[:, 0], chroma[:, 1]
    red, blue = y + 1.402 * cr, y + 1.772 * cb
    green = (y - LUMA[0] * red - LUMA[2] * blue) / LUMA[1]
    return torch.stack([red, green, blue], 1).clamp(0, 255).round()


def quantised(planes: Tensor, quanta: tuple[int, ...], scale: Tensor) -> Tensor:
    """N x C x H x W through the cosine transform of 8 x 8 blocks, rounded there, and back."""
    n, c, h, w = planes.shape
    at = torch.arange(8, device=planes.device, dtype=torch.float32)
    basis = torch.cos((2 * at + 1) * at.view(-1, 1) * np.pi / 16) * 0.5
    basis[0] /= 2**0.5
    table = (torch.tensor(quanta, device=planes.device).view(8, 8) * scale.view(-1, 1, 1, 1, 1, 1)).clamp(1, 255).round()
    blocks = planes.reshape(n, c, h // 8, 8, w // 8, 8).transpose(3, 4)
    coded = (basis @ blocks @ basis.T / table).round() * table
    return (basis.T @ coded @ basis).transpose(3, 4).reshape(n, c, h, w)
