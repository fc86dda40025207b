"""The mean of a net's weights over its training, in which the latest count most."""
from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

BATCHES_TO_SETTLE = 40


def share_kept(step: int, most: float) -> float:
    """What of the mean stays at this step, the first being 1: little at first, then `most`."""
    return min(most, (1 + step) / (10 + step))


class Average:
    def __init__(self, parameters: Iterable[nn.Parameter], most: float):
        self.parameters, self.most, self.step = list(parameters), most, 0
        self.values = self.copied()

    def copied(self) -> list[Tensor]:
        """The weights as they are now."""
        return [parameter.detach().clone() for parameter in self.parameters]

    def follow(self) -> None:
        """Takes in the weights, after each step of the training."""
        self.step += 1
        torch._foreach_lerp_(self.values, [p.detach() for p in self.parameters], 1 - share_kept(self.step, self.most))

    def put(self, values: list[Tensor]) -> None:
        """Puts these in the place of the weights, `self.values` for one."""
        for parameter, value in zip(self.parameters, values):
            parameter.data.copy_(value)


def settle(net: nn.Module, batch: Callable[[], Tensor]) -> nn.Module:
    """Lets the normalisations follow weights that were put in; the net is ready to use then."""
    net.train()
    with torch.no_grad():
        for _ in range(BATCHES_TO_SETTLE):
            net(batch())
    return net.eval()
