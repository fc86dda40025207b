"""Drawn crops, made by processes beside the training and kept where it runs: each is seen several times, in other views."""
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor, multiprocessing

from crops import BASE_HEIGHT, BASE_WIDTH
from pictures import COLUMNS

BLOCK, BLOCKS_PER_WORKER = 16, 2


@dataclass
class Drawn:
    """A crop with what was drawn on it: BASE_HEIGHT x BASE_WIDTH x 3, the classes of its pixels, its labels by COLUMN, the middle of the
    face in its pixels, and whether a plain backdrop has settled the subject's edge."""

    image: np.ndarray
    classes: np.ndarray
    labels: np.ndarray
    middle: np.ndarray
    is_plain: bool = False


def room(count: int, device="cpu") -> list[Tensor]:
    """For so many drawn crops, field by field."""
    shapes = ((BASE_HEIGHT, BASE_WIDTH, 3), torch.uint8), ((BASE_HEIGHT, BASE_WIDTH), torch.uint8), ((COLUMNS,), torch.int8), \
        ((2,), torch.float32), ((), torch.bool)
    return [torch.zeros((count, *shape), dtype=kind, device=device) for shape, kind in shapes]


class Pool:
    """The latest `size` crops, or a few more, of those that `draw` makes. To be made before anything runs on the device, for it forks."""

    def __init__(self, draw: Callable[[np.random.Generator], Drawn], workers: int, size: int, seed: int):
        context = multiprocessing.get_context("fork")
        blocks = workers * BLOCKS_PER_WORKER
        self.shared = [field.share_memory_() for field in room(blocks * BLOCK)]
        self.made, self.free = context.SimpleQueue(), [context.SimpleQueue() for _ in range(workers)]
        for block in range(blocks):
            self.free[block % workers].put(block)
        self.processes = [context.Process(target=self.work, args=(draw, rank, seed), daemon=True) for rank in range(workers)]
        for process in self.processes:
            process.start()
        self.size = -(-size // BLOCK) * BLOCK  # whole blocks
        self.drawn, self.ahead, self.taken = 0, 0, 0
        self.kept: list[Tensor] = []

    def work(self, draw: Callable[[np.random.Generator], Drawn], rank: int, seed: int) -> None:
        torch.set_num_threads(1)
        cv2.setNumThreads(1)
        rng = np.random.default_rng([seed, rank])
        while True:
            block = self.free[rank].get()
            for row in range(block * BLOCK, (block + 1) * BLOCK):
                one = draw(rng)
                for field, value in zip(self.shared, (one.image, one.classes, one.labels, one.middle, one.is_plain)):
                    field[row] = torch.as_tensor(np.ascontiguousarray(value))
            self.made.put(block)

    def start(self, device: torch.device, least: int) -> None:
        """Keeps crops on the device from now on; returns when there are so many. No more are drawn than so many and one a view."""
        self.kept, self.ahead = room(self.size, device), least
        threading.Thread(target=self.keep, daemon=True).start()
        while self.drawn < least:
            time.sleep(0.1)
            if not all(process.is_alive() for process in self.processes):
                raise RuntimeError("a process that draws ended")

    def keep(self) -> None:
        while True:
            block = self.made.get()
            while self.drawn >= self.ahead + self.taken:
                time.sleep(0.01)
            at = self.drawn % self.size
            for kept, field in zip(self.kept, self.shared):
                kept[at:at + BLOCK] = field[block * BLOCK:(block + 1) * BLOCK].to(kept.device)
            self.drawn += BLOCK
            self.free[block % len(self.free)].put(block)

    def batch(self, count: int) -> list[Tensor]:
        """Images, classes, labels, middles, and whether the backdrop is plain, of so many at random."""
        device = self.kept[0].device
        self.taken += count
        rows = torch.randint(min(self.drawn, self.size), (count,), device=device)
        return [field[rows] for field in self.kept]

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
