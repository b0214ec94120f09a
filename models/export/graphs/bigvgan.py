"""BigVGAN: transposed convolutions and anti-aliased periodic activations."""

import copy
from typing import ClassVar

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from .graph import Axes, Graph


class BigvganGraph(Graph):
    """mel [1, bands, T] → audio [1, hop T] within ±1."""

    inputs: ClassVar[Axes] = {"mel": {2: "T"}}
    outputs: ClassVar[Axes] = {"audio": {1: "N"}}

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = copy.deepcopy(network)
        for block in self.network.resblocks:
            block.activations = nn.ModuleList(Activation(activation) for activation in block.activations)
        self.network.activation_post = Activation(self.network.activation_post)

    def example(self) -> tuple[Tensor, ...]:
        return (torch.randn(1, self.network.conv_pre.in_channels, 13),)

    def forward(self, mel: Tensor) -> Tensor:
        network = self.network
        count = network.num_kernels
        x = network.conv_pre(mel)
        for i, (lengthen,) in enumerate(network.ups):
            x = lengthen(x)
            x = sum(block(x) for block in network.resblocks[i * count : (i + 1) * count]) / count
        return network.conv_post(network.activation_post(x)).clamp(-1, 1)[:, 0]


class Activation(nn.Module):
    """x [1, channels, T] → the same: twice the rate, SnakeBeta, back, with a filter of 12 taps.

    Upstream's transposed and strided convolutions need a filter copied for each channel, which does not export. Here the doubled signal is held as
    its even and odd samples, so that both filters are convolutions of stride 1 with 7 taps over channels laid out as a batch.
    """

    def __init__(self, upstream: nn.Module) -> None:
        super().__init__()
        raising = 2 * upstream.upsample.filter.flatten()
        lowering = upstream.downsample.lowpass.filter.flatten()
        none = torch.zeros(1)
        odd, even = lambda f: f[1::2], lambda f: f[0::2]
        self.register_buffer("raise_kernel", torch.stack([_join(odd(raising).flip(0), none), _join(none, even(raising).flip(0))])[:, None])
        self.register_buffer("lower_kernel", torch.stack([_join(none, odd(lowering)), _join(even(lowering), none)])[None])
        self.register_buffer("speed", upstream.act.alpha.detach().exp()[:, None, None])
        self.register_buffer("depth", 1 / (upstream.act.beta.detach().exp() + upstream.act.no_div_by_zero)[:, None, None])

    def forward(self, x: Tensor) -> Tensor:
        raised = functional.conv1d(_extend(x.transpose(0, 1)), self.raise_kernel)
        bent = raised + self.depth * (raised * self.speed).sin().square()
        before, after = bent[:, :1, :1], bent[:, 1:, -1:]
        bent = torch.cat([*[torch.cat([before] * 2, 1)] * 3, bent, *[torch.cat([after] * 2, 1)] * 3], 2)
        return functional.conv1d(bent, self.lower_kernel).transpose(0, 1)


def _extend(x: Tensor) -> Tensor:
    """Three times the first sample and three times the last. torch's own padding of this kind becomes seventeen nodes."""
    return torch.cat([x[..., :1]] * 3 + [x] + [x[..., -1:]] * 3, -1)


def _join(*parts: Tensor) -> Tensor:
    return torch.cat(parts)
