"""Content encoders: XLS-R and Whisper's."""

from typing import ClassVar

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from .graph import Axes, Graph


class XlsrGraph(Graph):
    """samples [1, N] at 16 kHz, mean 0 and variance 1 → content [1, S, channels] at 50 Hz."""

    inputs: ClassVar[Axes] = {"samples": {1: "N"}}
    outputs: ClassVar[Axes] = {"content": {1: "S"}}

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def example(self) -> tuple[Tensor, ...]:
        return (torch.randn(1, 7280),)

    def forward(self, samples: Tensor) -> Tensor:
        features = self.network.feature_extractor(samples).transpose(1, 2)
        hidden, _ = self.network.feature_projection(features)
        encoder = self.network.encoder
        hidden = hidden + encoder.pos_conv_embed(hidden)
        for layer in encoder.layers:
            hidden = _first(layer(hidden))
        return encoder.layer_norm(hidden)


class WhisperGraph(Graph):
    """mel [1, 80, F] → content [1, F / 2, channels]; F is even and at most 3000, to which upstream always pads."""

    inputs: ClassVar[Axes] = {"mel": {2: "F"}}
    outputs: ClassVar[Axes] = {"content": {1: "S"}}

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def example(self) -> tuple[Tensor, ...]:
        return (torch.randn(1, 80, 300),)

    def forward(self, mel: Tensor) -> Tensor:
        network = self.network
        hidden = functional.gelu(network.conv1(mel))
        hidden = functional.gelu(network.conv2(hidden)).transpose(1, 2)
        hidden = hidden + network.embed_positions.weight[: hidden.shape[1]]
        for layer in network.layers:
            hidden = _first(layer(hidden, None, None))
        return network.layer_norm(hidden)


def _first(output: Tensor | tuple[Tensor, ...]) -> Tensor:
    return output if isinstance(output, Tensor) else output[0]
