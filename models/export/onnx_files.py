"""Graphs to ONNX, and the ways to store one."""

import io
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from .graphs.graph import Graph

OPSET = 17
SMALLEST_WEIGHT = 1024
"""Weights with fewer values stay float32."""


@torch.no_grad()
def to_onnx(graph: Graph) -> onnx.ModelProto:
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about lengths of the example, which the checks at other lengths settle
        torch.onnx.export(
            graph.eval(),
            graph.example(),
            file,
            input_names=list(graph.inputs),
            output_names=list(graph.outputs),
            dynamic_axes={**graph.inputs, **graph.outputs},
            opset_version=OPSET,
            dynamo=False,
        )
    return onnx.load_from_string(file.getvalue())


def with_half_weights(model: onnx.ModelProto, exact: bool = False) -> onnx.ModelProto:
    """The same graph with large weights stored as float16 and cast back when it is loaded: half the size, arithmetic in float32.

    `exact` leaves alone the weights that float16 does not hold exactly.
    """
    initialisers, casts = [], []
    for tensor in model.graph.initializer:
        weight = numpy_helper.to_array(tensor)
        half = _half(weight) if weight.dtype == np.float32 and weight.size >= SMALLEST_WEIGHT else None
        if half is None or (exact and not np.array_equal(half.astype(np.float32), weight)):
            initialisers.append(tensor)
            continue
        initialisers.append(numpy_helper.from_array(half, f"{tensor.name}_half"))
        casts.append(helper.make_node("Cast", [f"{tensor.name}_half"], [tensor.name], to=TensorProto.FLOAT))
    stored = onnx.ModelProto()
    stored.CopyFrom(model)
    nodes = [*casts, *model.graph.node]
    del stored.graph.initializer[:], stored.graph.node[:]
    stored.graph.initializer.extend(initialisers)
    stored.graph.node.extend(nodes)
    return stored


def _half(weight: np.ndarray) -> np.ndarray | None:
    """None for what float16 cannot hold."""
    with np.errstate(over="ignore"):
        half = weight.astype(np.float16)
    return half if np.isfinite(half).all() else None


def with_int8_products(model: onnx.ModelProto) -> onnx.ModelProto:
    """Matrix products with weights in int8 (a scale for each column; inputs are quantised as they come), other large weights in float16."""
    with tempfile.TemporaryDirectory() as folder:
        whole, quantised = Path(folder, "whole.onnx"), Path(folder, "quantised.onnx")
        onnx.save(model, whole)
        quantize_dynamic(
            whole,
            quantised,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True},
        )
        return with_half_weights(onnx.load(quantised))


VARIANTS = ("fp32", "fp16", "int8")
QUANTISED = ("encoder", "estimator")
"""Where matrix products are nearly all of the work. Elsewhere int8 would save little, and cost a pitch that is off."""


def variant_of(model: onnx.ModelProto, component: str, variant: str) -> onnx.ModelProto:
    if variant == "fp32":
        return model
    return with_int8_products(model) if variant == "int8" and component in QUANTISED else with_half_weights(model)
