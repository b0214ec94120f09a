"""What all graphs have in common."""

from typing import ClassVar

from torch import Tensor, nn

Axes = dict[str, dict[int, str]]
"""Names of inputs or outputs in order, each with its free axes."""


class Graph(nn.Module):
    inputs: ClassVar[Axes]
    outputs: ClassVar[Axes]

    def example(self) -> tuple[Tensor, ...]:
        """Inputs of some small size; their free lengths differ from every fixed size."""
        raise NotImplementedError
