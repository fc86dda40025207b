"""Trains one net in several processes that share its weights and step in turn (asynchronous data parallel)."""
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, multiprocessing, nn

from averaging import share_kept

MOMENTUM, SQUARES, DECAY, AVERAGE = 0.9, 0.99, 0.02, 0.998


@dataclass
class Schedule:
    """When a training ends, by what comes first, and how fast it learns on the way."""

    rate: float
    seconds: float
    presentations: float = float("inf")
    seed: int = 0
    save_every: float = 900


class Task(Protocol):
    batch: int

    def net(self) -> tuple[nn.Module, list[bool]]:
        """A net ready to train, and which of its parameters stay as they are."""

    def draw(self, rng: np.random.Generator):
        """A batch."""

    def loss(self, net: nn.Module, drawn, rng: np.random.Generator) -> Tensor:
        """Of the net on that batch."""


def flat(tensors) -> Tensor:
    return torch.cat([tensor.detach().reshape(-1) for tensor in tensors])


def unflatten(vector: Tensor, tensors) -> None:
    for tensor, part in zip(tensors, vector.split([t.numel() for t in tensors])):
        tensor.data.copy_(part.view(tensor.shape))


def statistics(net: nn.Module) -> list[Tensor]:
    return [buffer for buffer in net.buffers() if buffer.is_floating_point()]


def averaged(shared: dict[str, Tensor], net: nn.Module) -> nn.Module:
    """The net with the average of the weights."""
    unflatten(shared["average"], list(net.parameters()))
    unflatten(shared["average_statistics"], statistics(net))
    return net.eval()


def train(net: nn.Module, task: Task, schedule: Schedule, workers: int, report: Callable[[dict[str, Tensor]], None]) -> None:
    """From the weights of `net` on; `report` is called now and then, and at the end."""
    weights, stats = flat(net.parameters()), flat(statistics(net))
    shared = {"weights": weights, "mean": torch.zeros_like(weights), "square": torch.zeros_like(weights),
              "statistics": stats, "average": weights.clone(), "average_statistics": stats.clone(),
              "loss": torch.ones(1), "steps": torch.zeros((), dtype=torch.int64),
              "seen": torch.zeros((), dtype=torch.int64),
              "start": torch.tensor(time.time(), dtype=torch.float64)}
    for tensor in shared.values():
        tensor.share_memory_()
    context = multiprocessing.get_context("fork")
    lock = context.Lock()
    processes = [context.Process(target=work, args=(rank, shared, lock, schedule, task)) for rank in range(workers)]
    for process in processes:
        process.start()
    saved = time.time()
    while any(process.is_alive() for process in processes):
        time.sleep(1)
        if time.time() - saved > schedule.save_every:
            saved = time.time()
            report(shared)
    report(shared)


def work(rank: int, shared: dict[str, Tensor], lock, schedule: Schedule, task: Task) -> None:
    """Draw batches, and step the shared weights with AdamW, until the schedule ends."""
    torch.manual_seed(schedule.seed + rank)
    rng = np.random.default_rng([schedule.seed, rank])
    net, frozen = task.net()
    parameters, buffers = list(net.parameters()), statistics(net)
    for parameter, is_frozen in zip(parameters, frozen):
        parameter.requires_grad_(not is_frozen)
    decays = [DECAY if p.ndim > 1 and not is_frozen else 0.0 for p, is_frozen in zip(parameters, frozen)]
    decay = flat([torch.full_like(p, value) for p, value in zip(parameters, decays)])
    while True:
        elapsed = time.time() - float(shared["start"])
        progress = max(float(shared["seen"]) / schedule.presentations, elapsed / schedule.seconds)
        if progress >= 1:
            return
        drawn = task.draw(rng)
        with lock:
            unflatten(shared["weights"], parameters)
            before = shared["statistics"].clone()
        unflatten(before, buffers)
        value = task.loss(net, drawn, rng)
        net.zero_grad(set_to_none=True)
        value.backward()
        gradient = flat([torch.zeros_like(p) if p.grad is None else p.grad for p in parameters])
        gradient *= min(1.0, 5 / (float(gradient.norm()) + 1e-6))
        if not torch.isfinite(gradient).all():
            continue
        rate = schedule.rate * min(1, progress / 0.03) * (0.5 * (1 + np.cos(np.pi * progress)) * 0.99 + 0.01)
        with lock:
            step = int(shared["steps"].add_(1))
            shared["seen"] += task.batch
            mean, square = shared["mean"], shared["square"]
            mean.mul_(MOMENTUM).add_(gradient, alpha=1 - MOMENTUM)
            square.mul_(SQUARES).addcmul_(gradient, gradient, value=1 - SQUARES)
            spread = (square / (1 - SQUARES**step)).sqrt_().add_(1e-8)
            shared["weights"].mul_(1 - rate * decay).addcdiv_(mean / (1 - MOMENTUM**step), spread, value=-rate)
            shared["statistics"].add_(flat(buffers) - before)
            keep = share_kept(step, AVERAGE)
            shared["average"].lerp_(shared["weights"], 1 - keep)
            shared["average_statistics"].lerp_(shared["statistics"], 1 - keep)
            shared["loss"].lerp_(value.detach().view(1), 0.02 if step > 50 else 0.3)
        if step % 50 == 0:
            seen = int(shared["seen"])
            print(f"step {step} seen {seen} loss {float(shared['loss']):.3f} rate {rate:.5f} {seen / elapsed:.1f}/s", flush=True)
