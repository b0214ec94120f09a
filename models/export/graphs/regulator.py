"""Length regulator: content frames to mel frames."""

from typing import ClassVar

import torch
from torch import Tensor, nn

from .graph import Axes, Graph


class RegulatorGraph(Graph):
    """content [1, S, channels], index [T] of the nearest content frame → condition [1, T, hidden]."""

    inputs: ClassVar[Axes] = {"content": {1: "S"}, "index": {0: "T"}}
    outputs: ClassVar[Axes] = {"condition": {1: "T"}}

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def example(self) -> tuple[Tensor, ...]:
        return torch.randn(1, 23, self.network.content_in_proj.in_features), torch.arange(41) // 2

    def forward(self, content: Tensor, index: Tensor) -> Tensor:
        return self._regulate(self._stretch(content, index))

    def _stretch(self, content: Tensor, index: Tensor) -> Tensor:
        return self.network.content_in_proj(content).transpose(1, 2).index_select(2, index)

    def _regulate(self, frames: Tensor) -> Tensor:
        return self.network.model(frames).transpose(1, 2)


class PitchRegulatorGraph(RegulatorGraph):
    """The same with pitch [T]: bins of the nearest pitch frame."""

    inputs: ClassVar[Axes] = {**RegulatorGraph.inputs, "pitch": {0: "T"}}

    def example(self) -> tuple[Tensor, ...]:
        return *super().example(), torch.arange(41) + 100

    def forward(self, content: Tensor, index: Tensor, pitch: Tensor) -> Tensor:
        return self._regulate(self._stretch(content, index) + self.network.f0_embedding(pitch).transpose(0, 1))
