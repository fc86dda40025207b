"""The mean of a net's weights over its training, in which the latest count most."""
from collections.abc import Callable

import torch
from torch import Tensor, nn

BATCHES_TO_SETTLE = 40


class Average:
    """Of the net's weights; of those before a step the share `most` stays."""

    def __init__(self, net: nn.Module, most: float):
        self.parameters, self.most, self.step = list(net.parameters()), most, 0
        self.values = [parameter.detach().clone() for parameter in self.parameters]

    def follow(self) -> None:
        """Takes in the weights, after each step of the training; at first little of the mean stays."""
        self.step += 1
        kept = min(self.most, (1 + self.step) / (10 + self.step))
        torch._foreach_lerp_(self.values, [p.detach() for p in self.parameters], 1 - kept)

    def put(self, net: nn.Module, batch: Callable[[], Tensor]) -> nn.Module:
        """Into a net of the same shape, whose normalisations follow on some batches; it is ready to use then."""
        for parameter, value in zip(net.parameters(), self.values):
            parameter.data.copy_(value)
        net.train()
        with torch.no_grad():
            for _ in range(BATCHES_TO_SETTLE):
                net(batch())
        return net.eval()
