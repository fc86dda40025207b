"""First weights of the parsing net out of a wider one that has as many channels between its blocks.

What has the same shape is copied. Of the channels inside a block those that say most are kept; a block that is built in another way begins
at random. Then each block of another build learns by itself to give what the wider net gives in its place, from what it gets there.
"""
import time
from collections.abc import Callable
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from exported import Exported
from face_attributes import FaceAttributes, features_loss, rate_at

NARROWER = "at_8.1", "at_8.2", "at_16.0", "at_16.1", "at_16.2", "at_32.0", "at_32.1"
AT_RANDOM = "parsing.at_4.0", "parsing.at_8.0"
RATE, BATCH, VIEWS_TO_SETTLE = 3e-3, 16, 48
# What blocks that are built in another way, or are one for two, read and give there.
READS_AND_GIVES = {
    "parsing.at_4.0": ("/at_2/at_2.2/Relu_output_0", "/at_4/at_4.0/body/body.1/body.1.0/Conv_output_0"),
    "parsing.at_8.0": ("/at_4/at_4.1/Add_output_0", "/at_8/at_8.0/body/body.2/body.2.0/Conv_output_0"),
    "parsing.at_16.2": ("/at_16/at_16.1/Add_output_0", "/at_16/at_16.3/Add_output_0"),
    "parsing.up_quarter": ("/Relu_2_output_0", "/up_quarter/up_quarter.1/up_quarter.1.1/up_quarter.1.1.2/Relu_output_0"),
    "heads.detail": ("/Relu_2_output_0", "/MaxPool_output_0"),
}


def layer(node: onnx.NodeProto) -> str:
    """The module that became a convolution: a.0.body.1 of /a/a.0/body/body.1/Conv_output_0."""
    if not node.input[1].startswith("onnx::"):
        return node.input[1].removesuffix(".weight").removeprefix("parsing.").removeprefix("heads.")
    parts: list[str] = []
    for part in node.output[0].strip("/").split("/")[:-1]:
        parts[-1:] = [part] if parts and part.startswith(parts[-1] + ".") else [*parts[-1:], part]
    return ".".join(parts)


def convolutions(teacher: Exported) -> dict[str, tuple[Tensor, Tensor]]:
    """Weight and bias of every convolution of an exported net, its normalisations folded in."""
    weights = teacher.weights()
    return {layer(node): (weights[node.input[1]], weights[node.input[2]]) for node in teacher.nodes if node.op_type == "Conv"}


def hidden(block: str) -> str:
    """The value there that the last layer of a block reads."""
    return f"/{block.partition('.')[0]}/{block}/body/body.1/body.1.2/Relu_output_0"


def inside(weight: Tensor, values: Tensor, count: int) -> Tensor:
    """The `count` channels that a block's last layer, of this weight, hears most of."""
    return (values.std((0, 2, 3)) * weight.flatten(1).norm(dim=0)).topk(count).indices.sort().values


def copied(net: FaceAttributes, teacher: Exported, values: dict[str, Tensor]) -> None:
    """What the wider net knows of each convolution here, given its values on some views; normalisations do nothing yet."""
    there, modules = convolutions(teacher), dict(net.named_modules())
    for name, module in modules.items():
        key = name.removeprefix("parsing.").removeprefix("heads.").replace("up_quarter.", "up_quarter.0.")
        if not isinstance(module, nn.Conv2d) or key not in there:
            continue
        weight, bias = there[key]
        block, _, place = name.rpartition(".body.")
        if weight.shape != module.weight.shape:
            last = block.removeprefix("parsing.")
            chosen = inside(there[f"{last}.body.2.0"][0], values[hidden(last)], modules[f"{block}.body.0.0"].out_channels)
            weight, bias = (weight[:, chosen], bias) if place == "2.0" else (weight[chosen], bias[chosen])
        module.weight.data.copy_(weight)
        normalisation = modules.get(f"{name.rpartition('.')[0]}.1")
        (normalisation if module.bias is None else module).bias.data.copy_(bias)
    for name in ("heads.whole", "heads.bias"):
        net.get_parameter(name).data.copy_(teacher.weights()[name])


def fitted(block: nn.Sequential, read: Tensor, wanted: Tensor) -> None:
    """A block that is built in another way: of its random first layer the second makes by least squares what is wanted."""
    first, (second, normalisation) = block
    nn.init.kaiming_normal_(first[0].weight)
    seen, wanted = (values.movedim(1, -1).flatten(0, -2)[::7].double() for values in (first(read), wanted))
    best = torch.linalg.lstsq(torch.cat([seen, torch.ones(len(seen), 1)], 1), wanted).solution
    second.weight.data.copy_(best[:-1].T[:, :, None, None])
    normalisation.bias.data.copy_(best[-1])


def learned_apart(net: FaceAttributes, teacher: Exported, views: Callable[[int], Tensor], seconds: float) -> None:
    """Each block by itself, all beside each other."""
    blocks = {name: net.get_submodule(name) for name in READS_AND_GIVES}
    optimiser = torch.optim.Adam([p for block in blocks.values() for p in block.parameters()])
    began, step = time.time(), 0
    while (progress := (time.time() - began) / seconds) < 1:
        for group in optimiser.param_groups:
            group["lr"] = rate_at(progress, RATE, least=0.01)
        with torch.no_grad():
            values = dict(zip(teacher.names, teacher(views(BATCH))))
        missed = {}
        for name, block in blocks.items():
            read, wanted = (values[value] for value in READS_AND_GIVES[name])
            given = net.heads.detailed(read) if name == "heads.detail" else block(read)
            missed[name] = features_loss(given, wanted)
        optimiser.zero_grad(set_to_none=True)
        sum(missed.values()).backward()
        optimiser.step()
        step += 1
        if step % 50 == 0:
            print(f"step {step}", " ".join(f"{name.rpartition('parsing.')[2]} {value:.3f}" for name, value in missed.items()), flush=True)


def settled(net: FaceAttributes, views: Tensor) -> None:
    """Normalisations know what they see from now on, and the net says the same as before."""

    def settle(module: nn.BatchNorm2d, inputs: tuple[Tensor]) -> None:
        variance, mean = torch.var_mean(inputs[0], (0, 2, 3), correction=0)
        if module.affine:
            module.bias.data += module.weight.data * mean
            module.weight.data *= (variance + module.eps).sqrt()
        else:
            cells = net.heads.cells
            cells.bias.data += cells.weight.data.flatten(1) @ mean
            cells.weight.data *= (variance + module.eps).sqrt().view(1, -1, 1, 1)
        module.running_mean.copy_(mean), module.running_var.copy_(variance)

    hooks = [module.register_forward_pre_hook(settle) for module in net.modules() if isinstance(module, nn.BatchNorm2d)]
    with torch.no_grad():
        net(views)
    for hook in hooks:
        hook.remove()


def narrowed(path: Path, views: Callable[[int], Tensor], seconds: float) -> FaceAttributes:
    """`path`: the exported wider net. `views`: so many views of faces, each time others."""
    also = {value for values in READS_AND_GIVES.values() for value in values} | {hidden(block) for block in NARROWER}
    net, teacher = FaceAttributes().eval(), Exported(path, also).eval()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_var.fill_(1 - module.eps)
    with torch.no_grad():
        values = dict(zip(teacher.names, teacher(views(VIEWS_TO_SETTLE))))
        copied(net, teacher, values)
        for name in AT_RANDOM:
            fitted(net.get_submodule(name), *(values[value] for value in READS_AND_GIVES[name]))
    learned_apart(net, teacher, views, seconds)
    settled(net, views(VIEWS_TO_SETTLE))
    return net
