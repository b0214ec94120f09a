"""The diffusion transformer, one evaluation."""

from typing import ClassVar

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from .attention import AttendNatively, attend
from .graph import Axes, Graph

ROTARY_BASE = 10_000


class EstimatorGraph(Graph):
    """x [B, bands, N], prompt [B, bands, P], time [B], style [B, 192], condition [B, P + N, hidden] → velocity [B, bands, N].

    Upstream's state and prompt have P + N frames: zeros before x and behind the prompt. Its velocity has P more in front, which its sampler throws away;
    so the last layer computes what it says of the N alone, unless a WaveNet behind it listens to their neighbours. Without
    upstream's masks, which are all true for one utterance, and without its limit of positions. B is 1 or 2: a branch of the guidance, or both.
    """

    inputs: ClassVar[Axes] = {
        "x": {0: "B", 2: "N"},
        "prompt": {0: "B", 2: "P"},
        "time": {0: "B"},
        "style": {0: "B"},
        "condition": {0: "B", 1: "T"},
    }
    outputs: ClassVar[Axes] = {"velocity": {0: "B", 2: "N"}}

    def __init__(self, network: nn.Module, is_native: bool = False) -> None:
        """`is_native`: attention in an operator of ONNX Runtime's own."""
        super().__init__()
        self.network = network
        self.tokens = int(network.time_as_token) + int(network.style_as_token)
        self.has_wavenet = network.final_layer_type != "mlp"
        self.attentions = nn.ModuleList(RotaryAttention(layer.attention, is_native) for layer in network.transformer.layers)
        half = self.attentions[0].size // 2
        self.register_buffer("frequencies", 1.0 / ROTARY_BASE ** (torch.arange(half, dtype=torch.float32) / half))

    def example(self) -> tuple[Tensor, ...]:
        bands, frames, prompt_frames, batch = self.network.in_channels, 36, 17, 2
        condition = torch.randn(batch, prompt_frames + frames, self.network.cond_projection.in_features)
        x, prompt = torch.randn(batch, bands, frames), torch.randn(batch, bands, prompt_frames)
        return x, prompt, torch.rand(batch), torch.randn(batch, 192), condition

    def forward(self, x: Tensor, prompt: Tensor, time: Tensor, style: Tensor, condition: Tensor) -> Tensor:
        network = self.network
        prompt_frames = prompt.shape[2]
        frames = torch.cat([torch.zeros_like(prompt), x], 2).transpose(1, 2)
        prompts = torch.cat([prompt, torch.zeros_like(x)], 2).transpose(1, 2)
        moment = network.t_embedder(time)
        unneeded = 0 if self.has_wavenet else prompt_frames
        hidden = self._transform(self._embed(frames, prompts, moment, style, condition), moment, self.tokens + unneeded)
        if network.long_skip_connection:
            hidden = network.skip_linear(torch.cat([hidden, frames[:, unneeded:]], -1))
        if not self.has_wavenet:
            return network.final_mlp(hidden).transpose(1, 2)
        wave = network.conv1(hidden).transpose(1, 2)
        wave = wavenet(network.wavenet, wave, network.t_embedder2(time)[:, :, None]).transpose(1, 2)
        hidden = network.final_layer(wave + network.res_projection(hidden), moment)
        return network.conv2(hidden[:, prompt_frames:].transpose(1, 2))

    def _embed(self, frames: Tensor, prompts: Tensor, moment: Tensor, style: Tensor, condition: Tensor) -> Tensor:
        network = self.network
        parts = [frames, prompts, network.cond_projection(condition)]
        if network.transformer_style_condition and not network.style_as_token:
            parts.append(style[:, None].expand(-1, frames.shape[1], -1))
        hidden = network.cond_x_merge_linear(torch.cat(parts, -1))
        if network.style_as_token:
            hidden = torch.cat([network.style_in(style)[:, None], hidden], 1)
        if network.time_as_token:
            hidden = torch.cat([moment[:, None], hidden], 1)
        return hidden

    def _transform(self, hidden: Tensor, moment: Tensor, unneeded: int | Tensor) -> Tensor:
        """hidden [B, T, C] → [B, T − unneeded, C]: all attend to all, but the last layer leaves the first ones out."""
        transformer = self.network.transformer
        moment = moment[:, None]
        angles = torch.arange(hidden.shape[1])[:, None].float() * self.frequencies
        rotation = angles.cos(), angles.sin()
        skips: list[Tensor] = []
        for i, (layer, attention) in enumerate(zip(transformer.layers, self.attentions, strict=True)):
            if i in transformer.layers_receive_skip:
                hidden = layer.skip_in_linear(torch.cat([hidden, skips.pop()], -1))
            adapted = None if layer.time_as_token else moment
            since = unneeded if layer is transformer.layers[-1] else 0
            hidden = hidden[:, since:] + attention(layer.attention_norm(hidden, adapted), rotation, since)
            hidden = hidden + layer.feed_forward(layer.ffn_norm(hidden, adapted))
            if i in transformer.layers_emit_skip:
                skips.append(hidden)
        return transformer.norm(hidden, moment)


class RotaryAttention(nn.Module):
    """Self-attention with rotary positions. Upstream rotates neighbouring channels (2i, 2i + 1) together; here queries' and keys' channels are
    sorted so that the pairs are (i, i + half), which leaves their products as they were and needs no interleaving."""

    def __init__(self, attention: nn.Module, is_native: bool) -> None:
        super().__init__()
        self.attend = AttendNatively.apply if is_native else attend
        self.rotate = RotateNatively.apply if is_native else rotate
        self.heads, self.size = attention.n_head, attention.head_dim
        weight = attention.wqkv.weight.detach()
        query_key, value = weight.split([2 * weight.shape[0] // 3, weight.shape[0] // 3])
        pairs = query_key.view(2 * self.heads, self.size // 2, 2, -1).transpose(1, 2).reshape(query_key.shape)
        self.queries_keys_values = nn.Linear(weight.shape[1], weight.shape[0], bias=False)
        self.queries_keys_values.weight = nn.Parameter(torch.cat([pairs, value]), requires_grad=False)
        self.output = attention.wo

    def forward(self, hidden: Tensor, rotation: tuple[Tensor, Tensor], since: int | Tensor) -> Tensor:
        """hidden [B, T, C] → what those from `since` on hear of all [B, T − since, C]."""
        query, key, value = self.queries_keys_values(hidden).chunk(3, -1)
        query, key = (self.rotate(x, *rotation) for x in (query, key))
        return self.output(self.attend(query[:, since:], key, value, self.heads))


def rotate(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """x [B, length, heads · size]; cosines and sines [length, size / 2]."""
    a, b = x.unflatten(2, (-1, 2 * cosine.shape[1])).chunk(2, -1)
    cosine, sine = cosine[:, None], sine[:, None]
    return torch.cat([a * cosine - b * sine, b * cosine + a * sine], -1).flatten(2)


class RotateNatively(torch.autograd.Function):
    """The same as one operator of ONNX Runtime's own."""

    @staticmethod
    def forward(_, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        return rotate(x, cosine, sine)

    @staticmethod
    def symbolic(graph, x, cosine, sine):
        first = graph.op("Constant", value_t=torch.zeros(1, dtype=torch.int64))
        return graph.op("com.microsoft::RotaryEmbedding", x, first, cosine, sine).setType(x.type())


def wavenet(network: nn.Module, x: Tensor, moment: Tensor) -> Tensor:
    """x [B, channels, T], moment [B, channels, 1] → the layers' outputs, added up [B, channels, T]."""
    channels, count = network.hidden_channels, network.n_layers
    biases = network.cond_layer.conv(moment).chunk(count, 1)
    total = torch.zeros_like(x)
    for i, (convolve, split, bias) in enumerate(zip(network.in_layers, network.res_skip_layers, biases, strict=True)):
        reach = convolve.conv.conv.kernel_size[0] // 2
        a, b = (convolve.conv(functional.pad(x, (reach, reach), mode="reflect")) + bias).chunk(2, 1)
        output = split.conv(a.tanh() * b.sigmoid())
        if i < count - 1:
            x = x + output[:, :channels]
            output = output[:, channels:]
        total = total + output
    return total
