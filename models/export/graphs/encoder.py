"""Content encoders: XLS-R and Whisper's."""

from typing import ClassVar

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from .attention import SelfAttention
from .graph import Axes, Graph


class XlsrFeaturesGraph(Graph):
    """samples [1, N] at 16 kHz → features [1, S, channels] at 50 Hz.

    Apart from the encoder, since these convolutions take 70 MB for a second and a frame hears no more than its 400 samples: so a recording is heard in pieces.
    """

    inputs: ClassVar[Axes] = {"samples": {1: "N"}}
    outputs: ClassVar[Axes] = {"features": {1: "S"}}

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.layers = network.feature_extractor.conv_layers
        first, *others = self.layers
        self.convolutions = nn.ModuleList([WaveformConvolution(first.conv), *(HalvingConvolution(layer.conv) for layer in others)])

    def example(self) -> tuple[Tensor, ...]:
        return (torch.randn(1, 7280),)

    def forward(self, samples: Tensor) -> Tensor:
        hidden = samples
        for layer, convolve in zip(self.layers, self.convolutions, strict=True):
            hidden = layer.activation(layer.layer_norm(convolve(hidden)))
        return hidden


class XlsrGraph(Graph):
    """features [1, S, channels] at 50 Hz, of samples with mean 0 and variance 1 → content [1, S, channels]."""

    inputs: ClassVar[Axes] = {"features": {1: "S"}}
    outputs: ClassVar[Axes] = {"content": {1: "S"}}

    def __init__(self, network: nn.Module, is_native: bool = False) -> None:
        """`is_native`: attention in an operator of ONNX Runtime's own."""
        super().__init__()
        self.network = network
        self.attentions = nn.ModuleList(SelfAttention(layer.attention, is_native) for layer in network.encoder.layers)

    def example(self) -> tuple[Tensor, ...]:
        return (torch.randn(1, 22, self.network.config.conv_dim[-1]),)

    def forward(self, features: Tensor) -> Tensor:
        hidden, _ = self.network.feature_projection(features)
        encoder = self.network.encoder
        hidden = hidden + encoder.pos_conv_embed(hidden)
        for layer, attention in zip(encoder.layers, self.attentions, strict=True):
            hidden = hidden + attention(layer.layer_norm(hidden))
            hidden = hidden + layer.feed_forward(layer.final_layer_norm(hidden))
        return encoder.layer_norm(hidden)


class WaveformConvolution(nn.Module):
    """The first convolution as a product with overlapping pieces: samples [1, N] → [1, T, C]. Its filters are two strides long."""

    def __init__(self, convolution: nn.Conv1d) -> None:
        super().__init__()
        (self.stride,) = convolution.stride
        self.weight = nn.Parameter(convolution.weight.detach().flatten(1), requires_grad=False)
        self.bias = convolution.bias

    def forward(self, samples: Tensor) -> Tensor:
        count = samples.shape[1] // self.stride
        pieces = samples[0, : count * self.stride].reshape(count, self.stride)
        # Of two axes: the runtime's int8 variant is made of products of three, and would be coarse here.
        return functional.linear(torch.cat([pieces[:-1], pieces[1:]], 1), self.weight, self.bias)[None]


class HalvingConvolution(nn.Module):
    """A convolution of 2 or 3 taps and stride 2 as products, channels last: [1, T, C] → [1, (T − taps) // 2 + 1, D]."""

    def __init__(self, convolution: nn.Conv1d) -> None:
        super().__init__()
        weight = convolution.weight.detach()
        self.pairs = nn.Linear(2 * weight.shape[1], weight.shape[0])
        self.pairs.weight = nn.Parameter(weight[:, :, :2].transpose(1, 2).flatten(1), requires_grad=False)
        self.pairs.bias = convolution.bias
        self.third = None
        if weight.shape[2] == 3:
            self.third = nn.Linear(weight.shape[1], weight.shape[0], bias=False)
            self.third.weight = nn.Parameter(weight[:, :, 2].contiguous(), requires_grad=False)

    def forward(self, hidden: Tensor) -> Tensor:
        channels = hidden.shape[2]
        if self.third is None:
            return self.pairs(hidden[:, : hidden.shape[1] // 2 * 2].reshape(1, -1, 2 * channels))
        third = hidden[:, 2::2]
        pairs = hidden[:, : 2 * third.shape[1]].reshape(1, -1, 2 * channels)
        return self.pairs(pairs) + self.third(third)


class WhisperGraph(Graph):
    """mel [1, 80, F] → content [1, F / 2, channels]; F is even and at most 3000, to which upstream always pads."""

    inputs: ClassVar[Axes] = {"mel": {2: "F"}}
    outputs: ClassVar[Axes] = {"content": {1: "S"}}

    def __init__(self, network: nn.Module, is_native: bool = False) -> None:
        """`is_native`: attention in an operator of ONNX Runtime's own."""
        super().__init__()
        self.network = network
        self.attentions = nn.ModuleList(SelfAttention(layer.self_attn, is_native) for layer in network.layers)

    def example(self) -> tuple[Tensor, ...]:
        return (torch.randn(1, 80, 300),)

    def forward(self, mel: Tensor) -> Tensor:
        network = self.network
        hidden = functional.gelu(network.conv1(mel))
        hidden = functional.gelu(network.conv2(hidden)).transpose(1, 2)
        hidden = hidden + network.embed_positions.weight[: hidden.shape[1]]
        for layer, attention in zip(network.layers, self.attentions, strict=True):
            hidden = hidden + attention(layer.self_attn_layer_norm(hidden))
            hidden = hidden + layer.fc2(functional.gelu(layer.fc1(layer.final_layer_norm(hidden))))
        return network.layer_norm(hidden)
