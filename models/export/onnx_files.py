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
PRECISE = "network.f0_predictor."
"""HiFT's pitch: its harmonics' phases add up what it is off by, over the whole sound."""


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

    `exact` leaves alone the weights that float16 does not hold exactly; those of PRECISE are always left alone.
    """
    initialisers, casts = [], []
    for tensor in model.graph.initializer:
        half = half_of(tensor.name, numpy_helper.to_array(tensor), exact)
        if half is None:
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


def half_of(name: str, weight: np.ndarray, exact: bool = False) -> np.ndarray | None:
    """The weight of a graph in float16; None for one that stays as it is. `exact`: see `with_half_weights`."""
    if weight.dtype != np.float32 or weight.size < SMALLEST_WEIGHT or name.startswith(PRECISE):
        return None
    with np.errstate(over="ignore"):
        half = weight.astype(np.float16)
    is_fit = np.array_equal(half.astype(np.float32), weight) if exact else np.isfinite(half).all()
    return half if is_fit else None


def with_int8_products(model: onnx.ModelProto) -> onnx.ModelProto:
    """Matrix products with weights in int8 (a scale for each column; inputs are quantised as they come).

    Of the eight bits seven are used: processors without VNNI add two products of unsigned and signed bytes up in 16 bits, which would saturate.
    """
    with tempfile.TemporaryDirectory() as folder:
        whole, quantised = Path(folder, "whole.onnx"), Path(folder, "quantised.onnx")
        onnx.save(model, whole)
        quantize_dynamic(
            whole,
            quantised,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            reduce_range=True,
            extra_options={"MatMulConstBOnly": True},
        )
        return onnx.load(quantised)


def tidied(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same graph with equal constants held once and short names for what passes between nodes. The tracer repeats small constants
    thousands of times."""
    tidy = onnx.ModelProto()
    tidy.CopyFrom(model)
    graph = tidy.graph
    names = {value.name: value.name for value in (*graph.input, *graph.output, *graph.initializer)}
    constants: dict[bytes, str] = {}
    nodes = []
    for node in graph.node:
        if node.op_type == "Constant" and node.output[0] not in names:
            tensor = onnx.TensorProto()
            tensor.CopyFrom(node.attribute[0].t)
            tensor.name = ""
            key = tensor.SerializeToString()
            if key not in constants:
                constants[key] = tensor.name = f"c{len(constants)}"
                graph.initializer.append(tensor)
            names[node.output[0]] = constants[key]
            continue
        node.name = ""
        node.input[:] = [names[name] if name else "" for name in node.input]
        node.output[:] = [names.setdefault(name, f"v{len(names)}") if name else "" for name in node.output]
        nodes.append(node)
    del graph.node[:], graph.value_info[:]
    graph.node.extend(nodes)
    return tidy


VARIANTS = ("fp32", "fp16", "int8")
QUANTISED = ("features", "encoder", "estimator")
"""Where matrix products are nearly all of the work. Elsewhere int8 would save little, and cost a pitch that is off."""


def variant_of(model: onnx.ModelProto, component: str, variant: str) -> onnx.ModelProto:
    if variant == "int8" and component in QUANTISED:
        model = with_int8_products(model)
    return tidied(model if variant == "fp32" else with_half_weights(model))
