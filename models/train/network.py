"""The two networks of `mini`, small enough for a browser, and the critic that helps to train them.

Shapes: B batch, T source frames at 100 Hz (even), R reference frames at 50 Hz. Envelopes have BANDS bands.
"""

import math
from typing import NamedTuple

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from .features import BANDS
from .labels import PHONES

CONTENT = 48
"""Channels of the content that the encoder finds, at 50 Hz."""
PROSODY = 4
"""Level, voiced or not, log pitch, median log pitch of the speaker."""


class Block(nn.Module):
    """Residual: norm over channels and frames, dilated convolution, GELU, mix channels. [B, channels, T] → the same."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(1, channels)
        self.widen = nn.Conv1d(channels, channels, 3, padding=dilation, dilation=dilation)
        self.mix = nn.Conv1d(channels, channels, 1)
        self.dropout = nn.Dropout(0.05)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.dropout(self.mix(functional.gelu(self.widen(self.norm(x)))))


class Encoder(nn.Module):
    """What is said, and little of who says it."""

    def __init__(self, channels: int = 160) -> None:
        super().__init__()
        self.input = nn.Conv1d(BANDS, channels, 5, padding=2)
        self.downsample = nn.Conv1d(channels, channels, 4, stride=2, padding=1)
        self.blocks = nn.Sequential(*(Block(channels, dilation) for dilation in (1, 2, 4, 1, 2, 4)))
        self.norm = nn.GroupNorm(1, channels)
        self.content = nn.Conv1d(channels, CONTENT, 1)
        self.phones = nn.Conv1d(CONTENT, len(PHONES), 1)

    def forward(self, view: Tensor) -> tuple[Tensor, Tensor]:
        """`view` [B, BANDS, T]: envelopes, each band with mean 0 and deviation 1 over the speech of the recording.

        Returns content [B, CONTENT, T / 2], each frame with mean square 1, and phone logits [B, phones, T / 2].
        """
        hidden = self.blocks(self.downsample(functional.gelu(self.input(view))))
        content = self.content(self.norm(hidden))
        content = content / (content.pow(2).mean(1, keepdim=True) + 1e-4).sqrt()
        return content, self.phones(content)


class Decoder(nn.Module):
    """Says the content in the reference's voice.

    Attention finds similar sounds in the reference; its first head copies their envelopes, the others learn what to
    take.
    """

    def __init__(self, channels: int = 192, fine_channels: int = 128, heads: int = 4, head_size: int = 32) -> None:
        super().__init__()
        self.heads, self.head_size = heads, head_size
        learned = (heads - 1) * head_size
        self.query = nn.Conv1d(CONTENT, heads * head_size, 3, padding=1)
        self.key = nn.Conv1d(CONTENT, heads * head_size, 3, padding=1)
        self.value = nn.Conv1d(BANDS + CONTENT, learned, 1)
        self.sharpness = nn.Parameter(torch.zeros(heads))
        self.speaker = nn.Sequential(nn.Linear(2 * BANDS, 128), nn.GELU(), nn.Dropout(0.1), nn.Linear(128, 64))
        self.input = nn.Conv1d(CONTENT + PROSODY + BANDS + learned + 64, channels, 3, padding=1)
        self.blocks = nn.Sequential(*(Block(channels, dilation) for dilation in (1, 2, 4, 1)))
        self.upsample = nn.ConvTranspose1d(channels, fine_channels, 4, stride=2, padding=1)
        self.prosody = nn.Conv1d(PROSODY, fine_channels, 3, padding=1)
        self.detail = nn.Conv1d(BANDS, fine_channels, 5, padding=2)
        self.fine_blocks = nn.Sequential(Block(fine_channels, 1), Block(fine_channels, 2))
        self.output = nn.Conv1d(fine_channels, BANDS, 3, padding=1)
        # It starts as a plain copy of the reference's envelopes; the second stage starts as if it saw no detail.
        for layer in (self.detail, self.output):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(
        self,
        content: Tensor,
        prosody: Tensor,
        reference_content: Tensor,
        reference: Tensor,
        mask: Tensor,
        statistics: Tensor,
        detail: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Envelopes less the reference's mean [B, BANDS, T], and what the copying head alone found [B, BANDS, T / 2].

        `content` [B, CONTENT, T / 2] and `prosody` [B, PROSODY, T] are of the source. Of the reference: its content
        `reference_content` [B, CONTENT, R], envelopes less their mean `reference` [B, BANDS, R], `mask` [B, R] that is
        1 where they may be used, `statistics` [B, 2 · BANDS] as `ReferenceBatch` makes them. `detail` [B, BANDS, T] is
        what the encoder saw of the source; the first stage leaves it out.
        """
        batch, _, frames = content.shape
        split = (batch, self.heads, self.head_size, -1)
        query, key = self.query(content).view(split), self.key(reference_content).view(split)
        scores = torch.einsum("bhdt,bhdr->bhtr", query, key) / math.sqrt(self.head_size)
        scores = scores * torch.exp(self.sharpness).view(1, -1, 1, 1) + (mask[:, None, None, :] - 1) * 1e4
        attention = scores.softmax(-1)

        copy = torch.einsum("btr,bnr->bnt", attention[:, 0], reference)
        value = self.value(torch.cat([reference, reference_content], 1)).view(batch, self.heads - 1, self.head_size, -1)
        attended = torch.einsum("bhtr,bhdr->bhdt", attention[:, 1:], value).reshape(batch, -1, frames)
        speaker = self.speaker(statistics)[:, :, None].expand(-1, -1, frames)

        coarse = torch.cat([content, functional.avg_pool1d(prosody, 2), copy, attended, speaker], 1)
        fine = self.upsample(self.blocks(self.input(coarse))) + self.prosody(prosody)
        if detail is not None:
            fine = fine + self.detail(detail)
        smooth_copy = functional.interpolate(copy, scale_factor=2, mode="linear", align_corners=False)
        return smooth_copy + self.output(self.fine_blocks(fine)), copy


class Critic(nn.Module):
    """Tells recorded from converted envelopes, patch by patch: [B, BANDS, T] → [B, 1, bands, frames]. Least squares."""

    def __init__(self) -> None:
        super().__init__()

        def layer(inputs: int, outputs: int, stride: tuple[int, int]) -> nn.Sequential:
            convolution = nn.Conv2d(inputs, outputs, (5, 3), stride, (2, 1))
            return nn.Sequential(nn.utils.spectral_norm(convolution), nn.LeakyReLU(0.2))

        self.layers = nn.Sequential(
            layer(1, 16, (2, 1)), layer(16, 32, (2, 2)), layer(32, 48, (2, 2)), nn.Conv2d(48, 1, 3, 1, 1)
        )

    def forward(self, envelopes: Tensor) -> Tensor:
        return self.layers(envelopes[:, None])


class ReferenceBatch(NamedTuple):
    """Speech of the voices to take on, padded to a common length of R · 2 frames at 100 Hz."""

    envelopes: Tensor
    """Less `mean`, 0 in the padding, shape [B, BANDS, 2 R]."""
    active: Tensor
    """1 where there is speech, shape [B, 2 R]."""
    mean: Tensor
    """Of each band over speech, shape [B, BANDS]."""
    deviation: Tensor
    """Of each band over speech, plus 0.1, shape [B, BANDS]."""

    def view(self) -> Tensor:
        """What the encoder sees, shape [B, BANDS, 2 R]."""
        return self.envelopes / self.deviation[:, :, None]

    def statistics(self) -> Tensor:
        """What the decoder sees of mean and deviation, shape [B, 2 · BANDS]: timbre without level, liveliness."""
        return torch.cat([(self.mean - self.mean.mean(1, keepdim=True)) * 0.7, self.deviation - 1.0], 1)


def speak(
    encoder: Encoder,
    decoder: Decoder,
    content: Tensor,
    prosody: Tensor,
    reference: ReferenceBatch,
    detail: Tensor | None,
) -> tuple[Tensor, Tensor]:
    """`Decoder.forward` with everything that it needs of the reference."""
    reference_content, _ = encoder(reference.view())
    half_rate = functional.avg_pool1d(reference.envelopes, 2)
    mask = reference.active[:, ::2] * reference.active[:, 1::2]
    return decoder(content, prosody, reference_content, half_rate, mask, reference.statistics(), detail)
