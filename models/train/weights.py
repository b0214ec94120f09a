"""Reads the weights of an exported graph back into the networks, to hold code and shipped files against each other."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import nn

from .network import Decoder, Encoder
from .quantise import dequantise_weight

Network = TypeVar("Network", bound=nn.Module)

# The shipped graphs come from research code whose modules had shorter names. Norms have no name in a graph at all: the
# exporter folds them into anonymous factors and offsets, in the order in which they are used.
SHORT_BLOCKS = {"widen": "c1", "mix": "c2"}
SHORT_ENCODER = {"input": "i", "downsample": "dn", "blocks": "b", "content": "o.1", "phones": "ph"}
SHORT_DECODER = {
    "query": "q",
    "key": "k",
    "value": "v",
    "sharpness": "temp",
    "speaker": "spk",
    "input": "i",
    "blocks": "b",
    "upsample": "up",
    "prosody": "e",
    "detail": "x",
    "fine_blocks": "b2",
    "output": "o",
}


def read_encoder(path: Path) -> Encoder:
    """The encoder of an exported graph, shipped or of `export.py`."""
    return _read(Encoder(), path, SHORT_ENCODER)


def read_decoder(path: Path) -> Decoder:
    """The decoder of an exported graph, shipped or of `export.py`."""
    return _read(Decoder(), path, SHORT_DECODER)


def _read(network: Network, path: Path, short: Mapping[str, str]) -> Network:
    graph = onnx.load(path).graph
    stored = _initialisers(graph)
    own_names = "input.bias" in stored
    norms = _norms(graph, stored)
    state = {}
    for name, parameter in network.state_dict().items():
        if ".norm." in f".{name}":
            value = next(norms)
        else:
            value = stored[name if own_names else _shorten(name, short)]
        state[name] = torch.from_numpy(value.reshape(parameter.shape).copy())
    network.load_state_dict(state)
    if next(norms, None) is not None:
        raise ValueError(f"{path} has more norms than the network")
    return network.eval()


def _shorten(name: str, short: Mapping[str, str]) -> str:
    first, *rest = name.split(".")
    return ".".join([short.get(first, first), *(SHORT_BLOCKS.get(part, part) for part in rest)])


def _initialisers(graph: onnx.GraphProto) -> dict[str, NDArray[np.float32]]:
    """Weights by name, int8 ones as the floats that the graph makes of them."""
    raw = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "DequantizeLinear":
            values, scale, _ = (raw[name] for name in node.input)
            raw[node.output[0]] = dequantise_weight(values, scale, node.attribute[0].i)
    return raw


def _norms(graph: onnx.GraphProto, stored: Mapping[str, NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    """Factor, then offset of each norm, in the order of the graph: a Mul by [channels, 1] and the Add after it."""
    aliases = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Identity"}
    factor = None
    for node in graph.node:
        if node.op_type not in {"Mul", "Add"}:
            continue
        name = aliases.get(node.input[1], node.input[1])
        if name not in stored or stored[name].ndim != 2 or stored[name].shape[1] != 1:
            continue
        if node.op_type == "Mul":
            factor = stored[name]
        elif factor is not None:
            yield factor
            yield stored[name]
            factor = None
