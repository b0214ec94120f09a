"""Attention of every frame to every frame."""

import math

import torch
from torch import Tensor, nn


class SelfAttention(nn.Module):
    """transformers' attention of queries, keys and values by layers of their own, with the three as one product: hidden [1, T, C] → the same."""

    def __init__(self, attention: nn.Module, is_native: bool) -> None:
        """`is_native`: in an operator of ONNX Runtime's own."""
        super().__init__()
        layers = (attention.q_proj, attention.k_proj, attention.v_proj)
        self.attend = AttendNatively.apply if is_native else attend
        self.heads = attention.num_heads
        biases = [torch.zeros(layer.out_features) if layer.bias is None else layer.bias.detach() for layer in layers]
        self.queries_keys_values = nn.Linear(layers[0].in_features, 3 * layers[0].out_features)
        self.queries_keys_values.weight = nn.Parameter(torch.cat([layer.weight.detach() for layer in layers]), requires_grad=False)
        self.queries_keys_values.bias = nn.Parameter(torch.cat(biases), requires_grad=False)
        self.output = attention.out_proj

    def forward(self, hidden: Tensor) -> Tensor:
        return self.output(self.attend(*self.queries_keys_values(hidden).chunk(3, -1), self.heads))


def attend(query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
    """softmax(query · key / √size) · value for each head; all [B, T, heads · size]."""
    query, key, value = (x.unflatten(2, (heads, -1)).transpose(1, 2) for x in (query, key, value))
    weights = (query / math.sqrt(query.shape[-1]) @ key.transpose(2, 3)).softmax(-1)
    return (weights @ value).transpose(1, 2).flatten(2)


class AttendNatively(torch.autograd.Function):
    """The same as one operator that never holds all weights at once: faster in ONNX Runtime's native build, slower in WebAssembly."""

    @staticmethod
    def forward(_, query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
        return attend(query, key, value, heads)

    @staticmethod
    def symbolic(graph, query, key, value, heads: int):
        return graph.op("com.microsoft::MultiHeadAttention", query, key, value, num_heads_i=heads).setType(query.type())
