"""HiFT's weights for the engine's own decoder, which is faster in WebAssembly than ONNX Runtime is with the graph."""

from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from torch import nn

from .onnx_files import half_of


def save_weights(network: nn.Module, file: Path, has_halves: bool, exact: bool = False) -> None:
    """Upstream's parameters under their names, weight norm folded. `has_halves`: large ones in float16, the same ones as in the graph; `exact`: see
    `with_half_weights`."""
    weights = {}
    for name, parameter in network.named_parameters():
        weight = np.ascontiguousarray(parameter.detach().numpy())
        half = half_of(f"network.{name}", weight, exact) if has_halves else None
        weights[name] = weight if half is None else half
    save_file(weights, file)
