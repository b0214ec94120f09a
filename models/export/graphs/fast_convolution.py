"""Convolutions with half the multiplications: Toom and Cook's algorithm (Winograd's for filters), F(4, 4).

A filter is cut into groups of four taps. Four outputs need sixteen products with the taps of a group when they are computed plainly; as values of a
polynomial at seven points they need seven. What remains of a convolution are seven convolutions over a fourth of the samples, one for each point, and a small
matrix before and behind.

Signals are held as phases [PHASES, C, L]: sample n is [n % 4, :, BEFORE + n // 4], and BEFORE and BEHIND tiles around it are zero. So a filter's reach is a shift in
memory, which ends in zeros and not in another channel, and the small matrices are convolutions over memory as it lies.

Lavin and Gray, "Fast algorithms for convolutional neural networks", 2015.
"""

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

PHASES = 4
"""Samples of a tile, and taps of a group."""
POINTS = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5)
"""Where the polynomials are evaluated, besides at infinity."""
ONE = POINTS.index(1.0)
COUNT = len(POINTS) + 1
BEFORE, BEHIND = 4, 8
"""Enough for 11 taps, 5 samples apart."""


def transforms() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Matrices of the taps [COUNT, PHASES], the inputs [COUNT, COUNT] and the outputs [PHASES, COUNT]:
    y = outputs · ((taps · h) ∘ (inputs · x)) is y[i] = Σ h[j] · x[i + j]."""
    others = [[b for b in POINTS if b != a] for a in POINTS]
    powers = np.power.outer(np.array(POINTS), np.arange(PHASES))
    last = np.eye(PHASES)[-1:]
    taps = np.concatenate([powers / [[np.prod(np.subtract(a, rest))] for a, rest in zip(POINTS, others, strict=True)], last])
    inputs = np.stack([*(np.append(np.poly(rest)[::-1], 0) for rest in others), np.poly(POINTS)[::-1]])
    return taps, inputs, np.concatenate([powers, last]).T


def split(x: Tensor, channels: int) -> Tensor:
    """[1, channels, T] → phases [PHASES, channels, L]; where T is no multiple of PHASES, the last tile is filled up."""
    filling = -x.shape[2] % PHASES
    around = functional.pad(x, (BEFORE * PHASES, BEHIND * PHASES + filling))
    return around.reshape(-1, PHASES).transpose(0, 1).reshape(PHASES, channels, -1)


def join(x: Tensor, channels: int, length: int) -> Tensor:
    """Phases [PHASES, channels, L] → [1, channels, length]."""
    flat = x.reshape(PHASES, -1).transpose(0, 1).reshape(1, channels, -1)
    return flat[:, :, BEFORE * PHASES : BEFORE * PHASES + length]


class FastConvolution(nn.Module):
    """The convolution in phases: [PHASES, C, L] → [PHASES, D, L]. What it leaves around the signal has no meaning and must become zero before the next one.

    `scale_in` [C] and `scale_out` [D] multiply inputs and outputs; they are part of the weights. Those take 7 values for 4 taps: computed by the runtime from
    the taps they would save space in files, and cost several times as much memory while it loads.
    """

    def __init__(self, convolution: nn.Conv1d, scale_in: Tensor, scale_out: Tensor | None = None) -> None:
        super().__init__()
        (taps,), (dilation,) = convolution.kernel_size, convolution.dilation
        reach = dilation * (taps // 2)
        if dilation % 2 == 0 or taps % 2 == 0 or convolution.padding != (reach,) or reach > (BEHIND - 1) * PHASES:
            raise ValueError("not a convolution of odd length and dilation that keeps the length")
        self.inputs, self.outputs = convolution.in_channels, convolution.out_channels
        self.dilation, self.groups = dilation, -(-taps // PHASES)
        of_taps, of_inputs, of_outputs = (torch.from_numpy(matrix).float() for matrix in transforms())
        weight, bias = convolution.weight.detach() * scale_in[None, :, None], convolution.bias.detach()
        if scale_out is not None:
            weight, bias = weight * scale_out[:, None, None], bias * scale_out
        filled = functional.pad(weight, (0, self.groups * PHASES - taps)).unflatten(2, (self.groups, PHASES))
        self.weight = nn.Parameter(torch.einsum("pi,dcgi->pdcg", of_taps, filled).flatten(0, 1), requires_grad=False)
        # All outputs of a tile have the value at the point 1 in them, once.
        self.bias = nn.Parameter((torch.arange(COUNT) == ONE).float().outer(bias).flatten(), requires_grad=False)
        # Input s of the tile at l is sample 4 l + dilation · s − reach, output i is sample 4 l + dilation · i: a phase, tiles away.
        inputs = [divmod(dilation * s - reach, PHASES) for s in range(COUNT)]
        outputs = [divmod(dilation * i, PHASES) for i in range(PHASES)]
        first, last, early = inputs[0][0], inputs[-1][0], outputs[-1][0]
        gather = torch.zeros(COUNT, PHASES, last - first + 1)
        for s, (tiles, phase) in enumerate(inputs):
            gather[:, phase, tiles - first] = of_inputs[:, s]
        scatter = torch.zeros(PHASES, COUNT, early + 1)
        for i, (tiles, phase) in enumerate(outputs):
            scatter[phase, :, early - tiles] = of_outputs[i]
        self.register_buffer("gather", gather)
        self.register_buffer("scatter", scatter)
        self.gather_padding, self.scatter_padding = (-first, last), (early, 0)

    def forward(self, x: Tensor) -> Tensor:
        # Shapes are constants, for what a graph computes small values from breaks the memory of large ones into pieces.
        points = convolve(x.reshape(1, PHASES, -1), self.gather, self.gather_padding).reshape(1, COUNT * self.inputs, -1)
        padding = (0, self.dilation * (self.groups - 1))
        products = convolve(points, self.weight, padding, self.bias, self.dilation, COUNT).reshape(1, COUNT, -1)
        return convolve(products, self.scatter, self.scatter_padding).reshape(PHASES, self.outputs, -1)


class Convolve(torch.autograd.Function):
    """A convolution with different paddings at both ends as the one operator that it is in ONNX."""

    @staticmethod
    def forward(_, x: Tensor, weight: Tensor, bias: Tensor | None, padding: tuple[int, int], dilation: int, groups: int) -> Tensor:
        return functional.conv1d(functional.pad(x, padding), weight, bias, dilation=dilation, groups=groups)

    @staticmethod
    def symbolic(graph, x, weight, bias, padding: tuple[int, int], dilation: int, groups: int):
        inputs = (x, weight) if bias is None else (x, weight, bias)
        return graph.op("Conv", *inputs, pads_i=padding, dilations_i=[dilation], group_i=groups)


def convolve(x: Tensor, weight: Tensor, padding: tuple[int, int], bias: Tensor | None = None, dilation: int = 1, groups: int = 1) -> Tensor:
    """[1, C, T] → [1, D, T + padding − what the filter reaches]."""
    return Convolve.apply(x, weight, bias, padding, dilation, groups)
