"""HiFT: a harmonic source, a filter, and an inverse Fourier transform of 16 points."""

import math
from typing import ClassVar

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from .fast_convolution import FastConvolution, join, split
from .graph import Axes, Graph

LEAST_SPEED = 1e-6


class HiftGraph(Graph):
    """mel [1, 80, T], phase [1, 9, 1], noise [1, 9, 256 T], anchor [1] → audio [1, 256 T] within ±0.99, pitch [1, T] in Hz.

    `phase` is where each harmonic stands at the start of the frame `anchor`, `noise` is standard normal: upstream draws both itself, the phase for frame 0
    (the fundamental's is 0). With an anchor and the pitch a long mel can be run piece by piece: where the next one's harmonics stand is known.
    """

    inputs: ClassVar[Axes] = {"mel": {2: "T"}, "phase": {}, "noise": {2: "N"}, "anchor": {}}
    outputs: ClassVar[Axes] = {"audio": {1: "N"}, "pitch": {1: "T"}}

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network
        count = network.num_kernels
        blocks = [network.resblocks[start : start + count] for start in range(0, len(network.resblocks), count)]
        self.stages = nn.ModuleList(Stage(*both) for both in zip(network.source_resblocks, blocks, strict=True))
        self.size, self.hop = network.istft_params["n_fft"], network.istft_params["hop_len"]
        self.samples_a_frame = int(network.f0_upsamp.scale_factor)
        self.harmonics = network.nb_harmonics + 1
        forward, inverse, envelope = transform_kernels(self.size)
        self.register_buffer("forward_kernel", forward)
        self.register_buffer("inverse_kernel", inverse)
        self.register_buffer("envelope_kernel", envelope)

    def example(self) -> tuple[Tensor, ...]:
        frames = 19
        mel = torch.randn(1, self.network.conv_pre.in_channels, frames) - 5
        noise = torch.randn(1, self.harmonics, frames * self.samples_a_frame)
        return mel, torch.zeros(1, self.harmonics, 1), noise, torch.zeros(1, dtype=torch.int64)

    def forward(self, mel: Tensor, phase: Tensor, noise: Tensor, anchor: Tensor) -> tuple[Tensor, Tensor]:
        network = self.network
        pitch = network.f0_predictor(mel)
        source = self._transform(self._source(pitch, phase, noise, anchor))
        x = network.conv_pre(mel)
        for i, (lengthen, stage) in enumerate(zip(network.ups, self.stages, strict=True)):
            x = lengthen(functional.leaky_relu(x, network.lrelu_slope))
            if i == network.num_upsamples - 1:
                x = network.reflection_pad(x)
            x = stage(x, network.source_downs[i](source))
        x = network.conv_post(functional.leaky_relu(x))
        magnitude, angle = x.chunk(2, 1)
        return self._synthesise(magnitude.exp().clamp(max=100), angle.sin()), pitch

    def _source(self, pitch: Tensor, phase: Tensor, noise: Tensor, anchor: Tensor) -> Tensor:
        """Pitch [1, T] in Hz → samples [1, 1, 256 T]. Where the harmonics stand at each frame's start is added up in float64, so that long sounds
        stay in tune; upstream adds up samples in float32."""
        generator = self.network.m_source.l_sin_gen
        multiples = torch.arange(1, self.harmonics + 1, dtype=torch.float32)[None, :, None]
        step = pitch[:, None] * multiples / generator.sampling_rate
        whole = step.double() * self.samples_a_frame
        start = whole.cumsum(-1) - whole
        start = start - start.index_select(2, anchor)
        start = (start - start.floor()).float()
        within = torch.arange(1, self.samples_a_frame + 1, dtype=torch.float32)
        turns = (start[..., None] + step[..., None] * within).reshape(1, self.harmonics, -1)
        sine = generator.sine_amp * torch.sin(2 * math.pi * (turns - turns.floor()) + phase)
        voiced = (pitch > generator.voiced_threshold).float()[:, :, None].expand(-1, -1, self.samples_a_frame).reshape(1, 1, -1)
        level = voiced * generator.noise_std + (1 - voiced) * (generator.sine_amp / 3)
        merge = self.network.m_source.l_linear
        return functional.conv1d(sine * voiced + level * noise, merge.weight[:, :, None], merge.bias).tanh()

    def _transform(self, samples: Tensor) -> Tensor:
        """Samples [1, 1, 256 T] → real and imaginary parts [1, 18, 64 T + 1]."""
        padded = functional.pad(samples, (self.size // 2, self.size // 2), mode="reflect")
        return functional.conv1d(padded, self.forward_kernel, stride=self.hop)

    def _synthesise(self, magnitude: Tensor, angle: Tensor) -> Tensor:
        """Magnitudes and angles [1, 9, 64 T + 1] → samples [1, 256 T]."""
        parts = torch.cat([magnitude * angle.cos(), magnitude * angle.sin()], 1)
        samples = functional.conv_transpose1d(parts, self.inverse_kernel, stride=self.hop)
        envelope = functional.conv_transpose1d(torch.ones_like(parts[:, :1]), self.envelope_kernel, stride=self.hop)
        edge, limit = self.size // 2, self.network.audio_limit
        return (samples / envelope)[:, 0, edge:-edge].clamp(-limit, limit)


class Stage(nn.Module):
    """x [1, C, T], the source's part of the same shape → the average of residual blocks, in phases from the beginning to the end."""

    def __init__(self, source_block: nn.Module, blocks: nn.ModuleList) -> None:
        super().__init__()
        self.channels = source_block.convs1[0].in_channels
        self.source_block = ResidualBlock(source_block)
        self.blocks = nn.ModuleList(ResidualBlock(block) for block in blocks)

    def forward(self, x: Tensor, source: Tensor) -> Tensor:
        inside = split(torch.ones_like(x[:, :1]), 1)
        mixed = split(x, self.channels) + self.source_block(split(source, self.channels), inside)
        mixed = sum(block(mixed, inside) for block in self.blocks) / len(self.blocks)
        return join(mixed, self.channels, x.shape[2])


class ResidualBlock(nn.Module):
    """Snakes, x + sin²(α x) / α, and convolutions in phases. Both factors are part of the convolutions before and behind, where there are any."""

    def __init__(self, block: nn.Module) -> None:
        super().__init__()
        convolutions, speeds = [], []
        layers = zip(block.activations1, block.convs1, block.activations2, block.convs2, strict=True)
        for first, convolve_first, second, convolve_second in layers:
            before, between = (speed_of(snake) for snake in (first, second))
            speeds.append(nn.Parameter(before[:, None], requires_grad=False))
            convolutions.append(FastConvolution(convolve_first, 1 / before, between))
            convolutions.append(FastConvolution(convolve_second, 1 / between))
        self.speeds = nn.ParameterList(speeds)
        self.convolutions = nn.ModuleList(convolutions)

    def forward(self, x: Tensor, inside: Tensor) -> Tensor:
        """`inside`: 1 where the signal is, 0 around it."""
        for speed, first, second in zip(self.speeds, self.convolutions[::2], self.convolutions[1::2], strict=True):
            x = x + second(bent(first(bent(x * speed) * inside)) * inside)
        return x


def speed_of(snake: nn.Module) -> Tensor:
    """α, kept from 0, where a snake bends nothing and its factor cannot be taken back."""
    alpha = snake.alpha.detach()
    return torch.where(alpha.abs() < LEAST_SPEED, LEAST_SPEED, alpha)


def bent(x: Tensor) -> Tensor:
    sine = x.sin()
    return x + sine * sine


def transform_kernels(size: int) -> tuple[Tensor, Tensor, Tensor]:
    """Windowed Fourier transform of real frames as a convolution [size + 2, 1, size], its inverse, and the window's square [1, 1, size]."""
    time = np.arange(size)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * time / size)
    angle = 2 * np.pi * np.outer(np.arange(size // 2 + 1), time) / size
    forward = np.concatenate([np.cos(angle), -np.sin(angle)]) * window
    twice = np.where((np.arange(size // 2 + 1) % (size // 2)) == 0, 1, 2)[:, None] / size
    inverse = np.concatenate([np.cos(angle) * twice, -np.sin(angle) * twice]) * window
    as_kernel = lambda a: torch.from_numpy(a.astype(np.float32))[:, None]
    return as_kernel(forward), as_kernel(inverse), as_kernel(np.square(window)[None])
