"""RMVPE: which pitch is heard."""

from typing import ClassVar

import torch
from torch import Tensor, nn

from .graph import Axes, Graph


class RmvpeGraph(Graph):
    """mel [1, 128, F], F a multiple of 32 → salience [1, F, 360] within 0..1."""

    inputs: ClassVar[Axes] = {"mel": {2: "F"}}
    outputs: ClassVar[Axes] = {"salience": {1: "F"}}

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def example(self) -> tuple[Tensor, ...]:
        return (torch.randn(1, 128, 96) - 5,)

    def forward(self, mel: Tensor) -> Tensor:
        return self.network(mel)
