"""Closes open eyes: the lid is pulled down over the eye, and what a closed eye shows is drawn."""
from typing import NamedTuple

import cv2
import numpy as np


class Lids(NamedTuple):
    """Points from corner to corner along both lids and under the brow, N x 2, in pixels of the patch."""

    upper: np.ndarray
    lower: np.ndarray
    brow: np.ndarray


def with_lids(patch: np.ndarray, lids: Lids, opening: float, rng: np.random.Generator) -> np.ndarray:
    """The eye of a patch, HxWx3 uint8, opened to `opening` of what it is: 1 as it is, 0 shut."""
    height, width = patch.shape[:2]
    columns = np.arange(width, dtype=np.float32)
    upper, lower, brow = (height_of(line, width) for line in lids)
    inner, outer = sorted((lids.upper[0, 0], lids.upper[-1, 0]))
    inside = np.clip(np.minimum(columns - inner + 6, outer + 6 - columns) / 8, 0, 1)
    gap, shut = np.maximum(lower - upper, 0.1), 1 - opening
    meets = rng.uniform(0.6, 1.05)  # how far down the lids meet
    middle = np.clip((columns - inner) / max(outer - inner, 1), 0, 1)
    margin = rng.uniform(1.5, 4)  # of the upper lid, with its lashes; it moves as a whole
    new_upper = upper + meets * shut * gap * inside + rng.uniform(0, 5) * shut * 4 * middle * (1 - middle)
    new_lower = np.maximum(lower - (1 - meets) * shut * gap * inside, new_upper + 0.6)
    top, bottom = np.minimum(brow + rng.uniform(0, 6), upper - 8), lower + rng.uniform(8, 16)
    ends = np.zeros_like(columns), np.full_like(columns, height)

    def knots(up: np.ndarray, low: np.ndarray) -> np.ndarray:
        rows = np.stack([ends[0], top, up - margin, up + 0.3, low, low + 2, bottom + 4, ends[1]])
        return np.maximum.accumulate(rows + 1e-3 * np.arange(len(rows))[:, None], 0)

    to, of = knots(new_upper, new_lower), knots(upper, np.maximum(lower, upper + 0.6))
    rows = np.arange(height) + 0.5
    source = np.stack([np.interp(rows, to[:, c], of[:, c]) for c in range(width)], 1).astype(np.float32) - 0.5
    out = cv2.remap(patch, np.tile(columns, (height, 1)), source, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    out = out.astype(np.float32)
    if rng.random() < 0.3:
        draw_shadow(out, np.maximum(brow + rng.uniform(0, 10), new_upper - rng.uniform(8, 30)), new_upper, inside, rng)
    if opening > 0.3:
        if rng.random() < 0.35:  # painted eyes are open ones, too
            edge = np.stack([columns, new_upper - rng.uniform(0, 1.5)], 1)[(columns > inner) & (columns < outer)]
            draw_lashes(out, edge, np.full(3, rng.uniform(0, 60)), -1, rng)
        return out.clip(0, 255).astype(np.uint8)
    below = int(np.clip(lower.mean() + 8, 10, height - 10))
    skin = np.median(patch[below:below + 10, width // 3:-width // 3].reshape(-1, 3), 0)
    if rng.random() < 0.15:  # painted
        skin = skin * rng.uniform(0.3, 1.1, 3)
    draw_lid(out, upper - margin, new_upper, inside, skin, rng)
    meeting = np.stack([columns, new_upper + rng.uniform(-0.5, 1.0)], 1)
    draw_lashes(out, meeting[(columns > inner - 2) & (columns < outer + 2)], skin * rng.uniform(0.02, 0.55), 1, rng)
    if rng.random() < 0.25:
        draw_wrinkles(out, meeting, inner, outer, rng)
    return out.clip(0, 255).astype(np.uint8)


def height_of(line: np.ndarray, width: int) -> np.ndarray:
    """The height of a line of points over every column, its ends continued."""
    order = np.argsort(line[:, 0])
    return cv2.GaussianBlur(np.interp(np.arange(width) + 0.5, *line[order].T)[None].astype(np.float32), (0, 0), 2)[0]


def draw_lid(out: np.ndarray, top: np.ndarray, end: np.ndarray, inside: np.ndarray, skin: np.ndarray, rng: np.random.Generator) -> None:
    """Shade what was stretched: a lid is curved and lit from above, at times without a fold, and has grain."""
    rows = np.arange(len(out))[:, None] + 0.5
    lid = (np.clip((rows - top) / 3, 0, 1) * np.clip((end - rows) / 2, 0, 1) * inside)[..., None]
    if rng.random() < 0.5:
        share = lid * rng.uniform(0.3, 0.95)
        out[:] = out * (1 - share) + skin * rng.uniform(0.7, 1.15) * share
    depth = np.clip((rows - top) / np.maximum(end - top, 1), 0, 1)[..., None]
    out *= 1 + lid * (rng.uniform(-0.05, 0.15) * np.sin(np.pi * depth) - rng.uniform(0, 0.15) * depth)
    grain = rng.normal(0, rng.uniform(0, 9), out.shape[:2]).astype(np.float32)
    out += lid * cv2.GaussianBlur(grain, (0, 0), 0.8)[..., None]


def draw_shadow(out: np.ndarray, top: np.ndarray, end: np.ndarray, inside: np.ndarray, rng: np.random.Generator) -> None:
    """Colour on the lid, strongest at its edge: make-up, or the shade of a deep eye."""
    rows = np.arange(len(out))[:, None] + 0.5
    share = np.clip((rows - top) / np.maximum(end - top, 1), 0, 1) ** rng.uniform(0.5, 2) * np.clip((end + 1 - rows) / 2, 0, 1) * inside
    colour = rng.uniform(0, 230, 3) if rng.random() < 0.5 else rng.uniform(10, 110) + rng.normal(0, 12, 3)
    out += cv2.GaussianBlur(share, (0, 0), 2)[..., None] * rng.uniform(0.2, 0.85) * (colour - out)


def draw_wrinkles(out: np.ndarray, meeting: np.ndarray, inner: float, outer: float, rng: np.random.Generator) -> None:
    """Creases that lids pressed together throw at both corners and below."""
    cover = np.zeros(out.shape[:2], np.float32)
    for _ in range(int(rng.integers(3, 10))):
        side = rng.choice([-1, 1])
        corner = np.array([inner if side < 0 else outer, meeting[int(inner if side < 0 else min(outer, len(meeting) - 1)), 1]])
        start = corner - (side * rng.uniform(-6, 30), -rng.uniform(-6, 14))
        tip = start + (side * rng.uniform(8, 30), rng.uniform(-12, 14))
        cv2.line(cover, *(np.round(np.stack([start, tip]) * 8).astype(int).tolist()), rng.uniform(0.3, 1), int(rng.integers(1, 3)), cv2.LINE_AA, 3)
    out *= 1 - cv2.GaussianBlur(cover, (0, 0), rng.uniform(0.8, 2))[..., None] * rng.uniform(0.15, 0.6)


def draw_lashes(out: np.ndarray, meeting: np.ndarray, colour: np.ndarray, down: int, rng: np.random.Generator) -> None:
    """Draw the line where the lids meet, with or without lashes that hang (1) or stand up (-1)."""
    line = np.zeros(out.shape[:2], np.float32)
    fine = lambda points: np.round(np.asarray(points) * 8).astype(np.int32)  # noqa: E731
    cv2.polylines(line, [fine(meeting)], False, 1.0, int(rng.choice([1, 1, 2, 2, 3, 4, 6])), cv2.LINE_AA, 3)
    if rng.random() < 0.7:
        longest = rng.uniform(4, 18)
        for root in meeting[np.linspace(0, len(meeting) - 1, int(rng.integers(10, 70))).astype(int)]:
            lean = (root[0] - out.shape[1] / 2) / 30 * rng.uniform(0.3, 1.2)
            tip = root + (lean * longest / 2, down * rng.uniform(0.3, 1) * longest)
            cv2.line(line, fine(root).tolist(), fine(tip).tolist(), rng.uniform(0.3, 1), int(rng.integers(1, 3)), cv2.LINE_AA, 3)
    cover = np.clip(cv2.GaussianBlur(line, (0, 0), rng.uniform(0.6, 1.8)) * rng.uniform(0.5, 1.1), 0, 1)[..., None]
    out[:] = out * (1 - cover) + colour * cover
