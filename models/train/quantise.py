"""Stores large weights of an ONNX graph as int8 with a scale for each output channel: a quarter of the size.

The graph turns them back into floats when it is loaded, so arithmetic and speed are those of float32.
"""

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

SMALLEST_WEIGHT = 2048
"""Weights with fewer values stay float."""


def quantise(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same graph with every float weight of SMALLEST_WEIGHT values or more behind a DequantizeLinear."""
    transposed = {node.input[1] for node in model.graph.node if node.op_type == "ConvTranspose"}
    initialisers, dequantisers = [], []
    for tensor in model.graph.initializer:
        weight = numpy_helper.to_array(tensor)
        if weight.dtype != np.float32 or weight.size < SMALLEST_WEIGHT:
            initialisers.append(tensor)
            continue
        axis = 1 if tensor.name in transposed else 0  # where the output channels are
        names = [f"{tensor.name}_{part}" for part in ("q", "s", "z")]
        arrays = (*quantise_weight(weight, axis), np.zeros(weight.shape[axis], np.int8))
        initialisers += [numpy_helper.from_array(array, name) for array, name in zip(arrays, names, strict=True)]
        dequantisers.append(onnx.helper.make_node("DequantizeLinear", names, [tensor.name], axis=axis))

    quantised = onnx.ModelProto()
    quantised.CopyFrom(model)
    nodes = [*dequantisers, *model.graph.node]
    del quantised.graph.initializer[:], quantised.graph.node[:]
    quantised.graph.initializer.extend(initialisers)
    quantised.graph.node.extend(nodes)
    return quantised


def quantise_weight(weight: NDArray[np.float32], axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """int8 values of the weight's shape, and the scale of each channel along `axis`."""
    others = tuple(dimension for dimension in range(weight.ndim) if dimension != axis)
    scale = np.abs(weight).max(axis=others, keepdims=True) / 127 + 1e-9
    return np.round(weight / scale).astype(np.int8), scale.reshape(-1).astype(np.float32)


def dequantise_weight(values: NDArray[np.int8], scale: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """What DequantizeLinear gives back."""
    shape = [1] * values.ndim
    shape[axis] = -1
    return values.astype(np.float32) * scale.reshape(shape)
