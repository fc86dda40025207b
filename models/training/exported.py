"""An exported net as a module, to teach another on the device where that one trains."""
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import helper, numpy_helper
from torch import Tensor, nn

from face_parsing import doubled
from sessions import single_threaded


class Exported(nn.Module):
    """The outputs of a parsing net, what its heads read, and values of other names, for batches of any size; its weights stay as they are."""

    def __init__(self, path: Path, also: Iterable[str] = ()):
        super().__init__()
        model = onnx.load(path)
        graph = model.graph
        self.nodes, self.names, self.place = list(graph.node), [output.name for output in graph.output], {}
        self.names += [node.input[0] for node in graph.node if "heads.cells.weight" in node.input]
        self.names += also
        for index, tensor in enumerate(graph.initializer):
            self.place[tensor.name] = f"weight_{index}"
            self.register_buffer(f"weight_{index}", torch.from_numpy(numpy_helper.to_array(tensor).copy()))
        self.input = graph.input[0].name
        shown = {output.name for output in graph.output}
        graph.output.extend(helper.make_empty_tensor_value_info(name) for name in dict.fromkeys(self.names) if name not in shown)
        self.session = single_threaded(model.SerializeToString())

    def weights(self) -> dict[str, Tensor]:
        return {name: getattr(self, place) for name, place in self.place.items()}

    def forward(self, x: Tensor) -> list[Tensor]:
        """The values of `names`. On a processor ONNX Runtime is three times as fast."""
        if x.device.type == "cpu":
            views = x.contiguous().numpy()
            values = [self.session.run(self.names, {self.input: views[row:row + 1]}) for row in range(len(views))]
            return [torch.from_numpy(np.concatenate(value)) for value in zip(*values)]
        known = self.weights() | {self.input: x}
        for node in self.nodes:
            attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
            known[node.output[0]] = applied(node.op_type, attributes, [known.get(name) for name in node.input])
        return [known[name] for name in self.names]


def applied(kind: str, attributes: dict, inputs: list) -> Tensor:
    x = inputs[0] if inputs else None
    match kind:
        case "Constant":
            return torch.from_numpy(np.atleast_1d(numpy_helper.to_array(attributes["value"])).copy())
        case "Conv":
            return F.conv2d(*inputs, stride=attributes["strides"], padding=attributes["pads"][:2], groups=attributes["group"])
        case "Relu":
            return x.relu()
        case "Add":
            return x + inputs[1]
        case "Mul":
            return x * inputs[1]
        case "Concat":
            return torch.cat(inputs, attributes["axis"])
        case "MaxPool":
            return F.max_pool2d(x, attributes["kernel_shape"], attributes["strides"])
        case "AveragePool":
            return F.avg_pool2d(x, attributes["kernel_shape"], attributes["strides"])
        case "GlobalAveragePool":
            return F.adaptive_avg_pool2d(x, 1)
        case "Resize":
            return doubled(x)
        case "Reshape":  # what was exported for one picture
            return x.reshape(len(x), *inputs[1].tolist()[1:])
        case "ReduceSum":
            return x.sum(inputs[1].tolist(), keepdim=bool(attributes.get("keepdims", 1)))
    raise ValueError(f"{kind} is no operation of this project's nets")
