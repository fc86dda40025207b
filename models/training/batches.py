"""Batches that processes make beside the training."""
from collections.abc import Callable, Iterator

import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info


class Batches(IterableDataset):
    def __init__(self, make: Callable[[np.random.Generator], tuple], seed: int):
        self.make, self.seed = make, seed

    def __iter__(self) -> Iterator[tuple]:
        cv2.setNumThreads(1)
        worker = get_worker_info()
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        while True:
            yield self.make(rng)


def prepared(make: Callable[[np.random.Generator], tuple], seed: int, workers: int) -> Iterator[tuple]:
    """Without end; with no workers they are made as they are asked for. To be begun before anything runs on a device, for it forks."""
    context = "fork" if workers else None
    return iter(DataLoader(Batches(make, seed), batch_size=None, num_workers=workers, multiprocessing_context=context))


def device() -> torch.device:
    """Where to train."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
