"""Fits converted nets to the engines that run them: other graphs, the same answers to the rounding of 32-bit numbers.

ONNX Runtime keeps its blocked layout, the fast one, only between convolutions, Relu, MaxPool and Add, and only where channels
come in full blocks. What leaves it costs more than the arithmetic that it saves.
"""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

BLOCK = 16


class Graph:
    """The nodes of a converted net with their constants."""

    def __init__(self, model):
        self.model, self.nodes = model, list(model.graph.node)
        self.constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
        inferred = onnx.shape_inference.infer_shapes(model).graph
        values = [*inferred.value_info, *inferred.input, *inferred.output]
        self.shapes = {value.name: [size.dim_value for size in value.type.tensor_type.shape.dim] for value in values}

    def add_constant(self, name, array):
        """Returns the name; added once however often it is asked for."""
        self.constants.setdefault(name, np.ascontiguousarray(array))
        return name

    def to_model(self, nodes, inputs, outputs):
        """A model of what of these nodes the outputs need."""
        needed, kept = {value.name for value in outputs}, []
        given = {value.name for value in inputs}
        for node in reversed(nodes):
            if needed.intersection(node.output) - given:
                needed.update(node.input)
                kept.append(node)
        tensors = [numpy_helper.from_array(array, name) for name, array in self.constants.items() if name in needed]
        graph = helper.make_graph(kept[::-1], "g", inputs, outputs, tensors)
        made = helper.make_model(graph, opset_imports=self.model.opset_import, producer_name="tfl2onnx", ir_version=self.model.ir_version)
        made.metadata_props.extend(self.model.metadata_props)
        onnx.checker.check_model(made, full_check=True)
        return made


def value(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def in_full_blocks(model):
    """Convolutions between convolutions get channels of zeros up to a full block, and the Pads for that go."""
    graph = Graph(model)
    readers = {}
    for node in graph.nodes:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    ends = {output.name for output in model.graph.output}
    # Channels of a tensor now, and the tensors that stand for others.
    channels, instead, nodes = {}, {}, []
    for node in graph.nodes:
        old_input = node.input[0]
        node.input[:] = [instead.get(name, name) for name in node.input]
        old, name = node.output[0], node.input[0]
        given = channels.get(name, (graph.shapes.get(old_input) or [0, 0])[1] if len(graph.shapes.get(old_input) or []) == 4 else 0)
        if node.op_type == "Conv":
            stays = all(reader.op_type in ("Conv", "Pad", "Relu", "MaxPool", "Add") for reader in readers.get(old, [])) and old not in ends
            weights = graph.constants[node.input[1]]
            groups = next(attribute for attribute in node.attribute if attribute.name == "group")
            is_depthwise = groups.i > 1
            made = given if is_depthwise else up_to_block(weights.shape[0]) if stays else weights.shape[0]
            groups.i = given if is_depthwise else 1
            fitted = np.zeros((made, 1 if is_depthwise else given, *weights.shape[2:]), weights.dtype)
            fitted[: weights.shape[0], : weights.shape[1]] = weights
            node.input[1] = graph.add_constant(f"{old}_weights", fitted)
            if len(node.input) > 2:
                bias = graph.constants[node.input[2]]
                node.input[2] = graph.add_constant(f"{old}_bias", np.pad(bias, (0, made - len(bias))))
            channels[old] = made
        elif node.op_type == "Pad" and is_of_channels(graph.constants[node.input[1]]):
            wanted = up_to_block(graph.shapes[old][1])
            channels[old] = wanted
            if wanted == given:
                instead[old] = name
                channels[name] = wanted
                continue
            node.CopyFrom(padding(graph, node, given, wanted))
        elif node.op_type in ("Relu", "MaxPool", "Add") and given:
            channels[old] = given
        nodes.append(node)
    return graph.to_model(nodes, model.graph.input, model.graph.output)


def up_to_block(channels):
    return -(-channels // BLOCK) * BLOCK


def is_of_channels(pads):
    return len(pads) == 8 and not pads[[0, 1, 2, 3, 4, 6, 7]].any()


def padding(graph, node, given, wanted):
    """Channels of zeros by a convolution that copies: a Pad would leave the layout."""
    copying = np.eye(wanted, given, dtype=np.float32).reshape(wanted, given, 1, 1)
    weights = graph.add_constant(f"copy_{given}_of_{wanted}", copying)
    return helper.make_node("Conv", [node.input[0], weights], node.output, name=node.name, kernel_shape=[1, 1], group=1)


def pads_as_convolutions(model):
    graph = Graph(model)
    for node in graph.nodes:
        if node.op_type == "Pad" and is_of_channels(graph.constants[node.input[1]]):
            node.CopyFrom(padding(graph, node, graph.shapes[node.input[0]][1], graph.shapes[node.output[0]][1]))
    return graph.to_model(graph.nodes, model.graph.input, model.graph.output)


# Outputs of the attention mesh's second half, and the convolutions that they are.
REFINED = {"lips": "conv_lips", "left_eye": "conv_left_eye", "left_iris": "conv_left_iris", "right_eye": "conv_right_eye", "right_iris": "conv_right_iris"}
# What is cut out of the first half's features: around lips, left eye, right eye.
CROPS = [f"transform_tensor_bilinear_v2{number}_nchw" for number in ("", "_1", "_2")]
CROP_SHAPE = [32, 16, 16]
FEATURES, FEATURES_SHAPE = "p_re_lu_3", [1, 32, 48, 48]


def cut_at_crops(model):
    """The attention mesh in two: up to the features that it cuts around lips and eyes, and what it makes of the cuts.

    The cuts themselves, 450 small operations here, are a loop in the library, and so is the way back to the input's pixels.
    """
    graph = Graph(model)
    named = {old: new for new, old in {"features": FEATURES, **REFINED}.items()}
    first = [output for output in model.graph.output if output.name in ("output_mesh_identity", "conv_faceflag")]
    crops = helper.make_node("Split", ["crops"], CROPS, name="n_crops", axis=0)
    for node in graph.nodes:
        node.input[:] = [named.get(name, name) for name in node.input]
        node.output[:] = [named.get(name, name) for name in node.output]
    body = [node for node in graph.nodes if node.output[0] not in CROPS]
    trunk = graph.to_model(graph.nodes, model.graph.input, [*first, value("features", FEATURES_SHAPE)])
    outputs = [value(name, graph.shapes[old]) for name, old in REFINED.items()]
    refine = graph.to_model([crops, *body], [value("crops", [len(CROPS), *CROP_SHAPE])], outputs)
    return trunk, refine


# How each net is fitted, by its name in the manifest.
FITS = {
    "face_detection_short_range": in_full_blocks,
    "face_mesh": lambda model: pads_as_convolutions(cut_at_crops(model)[0]),
    "face_mesh_refinement": lambda model: pads_as_convolutions(cut_at_crops(model)[1]),
}
