"""What makes a prediction wrong (against the right envelopes), or unconvincing (where there are none)."""

import torch
import torch.nn.functional as functional
from torch import Tensor

from .config import ConversionWeights, ReconstructionWeights
from .examples import Conversion, Reconstruction
from .judge import Judge
from .labels import PHONES, UNKNOWN
from .network import Critic, Encoder

Terms = dict[str, Tensor]
"""Named scalars, unweighted."""


def reconstruction_terms(
    batch: Reconstruction, prediction: Tensor, copy: Tensor, phone_logits: Tensor, silence: float
) -> Terms:
    """`prediction` [B, BANDS, T], `copy` [B, BANDS, T / 2], `phone_logits` [B, phones, T / 2].

    `silence` is the weight of a frame without speech; one with speech has 1.
    """
    error = prediction - batch.target
    weight = silence + (1 - silence) * batch.active[:, None]
    return {
        "envelope": (error.abs() * weight).mean(),
        "across_bands": error.diff(dim=1).abs().mean(),
        "over_time": error.diff(dim=2).abs().mean(),
        "copy": (copy - functional.avg_pool1d(batch.target, 2)).abs().mean(),
        "phones": _phone_error(phone_logits, batch.phones),
    }


def reconstruction_loss(terms: Terms, weights: ReconstructionWeights) -> Tensor:
    """The weighted sum."""
    return (
        terms["envelope"]
        + weights.across_bands * terms["across_bands"]
        + weights.over_time * terms["over_time"]
        + weights.copy * terms["copy"]
        + weights.phones * terms["phones"]
    )


def conversion_terms(
    batch: Conversion,
    prediction: Tensor,
    content: Tensor,
    phone_logits: Tensor,
    encoder: Encoder,
    judge: Judge,
    critic: Critic,
) -> Terms:
    """`prediction` [B, BANDS, T] less the reference's mean; `content` and `phone_logits` are those of the source."""
    share = batch.active / batch.active.sum(1, keepdim=True).clamp(min=1)  # [B, T], sums to 1
    speech = functional.avg_pool1d(batch.active[:, None], 2)  # [B, 1, T / 2]
    deviation = batch.reference.deviation

    change = prediction + batch.reference.mean[:, :, None] - batch.envelopes
    level = (change.mean(1) * share).sum(1)
    heard = judge.embed(batch.log_mels, change - level[:, None, None])

    content_again, phones_again = encoder(prediction / deviation[:, :, None])
    divergence = functional.kl_div(phones_again.log_softmax(1), phone_logits.softmax(1), reduction="none")

    mean = (prediction * share[:, None]).sum(2)
    variance = ((prediction - mean[:, :, None]).pow(2) * share[:, None]).sum(2)
    spread = 0.5 * variance.clamp(min=1e-4).log() - deviation.log()
    return {
        "speaker": 1 - (heard * batch.target_embedding).sum(1).mean(),
        "content": ((content_again - content).pow(2).mean(1, keepdim=True) * speech).mean(),
        "phones_kept": (divergence.sum(1, keepdim=True) * speech).mean(),
        "statistics": mean.abs().mean() + spread.abs().mean(),
        "critic": (critic(prediction) - 1).pow(2).mean(),
    }


def conversion_loss(terms: Terms, weights: ConversionWeights) -> Tensor:
    """The weighted sum."""
    return (
        weights.speaker * terms["speaker"]
        + weights.content * terms["content"]
        + weights.phones * terms["phones_kept"]
        + weights.statistics * terms["statistics"]
        + weights.critic * terms["critic"]
    )


def critic_loss(critic: Critic, recorded: Tensor, converted: Tensor) -> Tensor:
    """Least squares: recorded envelopes are worth 1, converted ones 0. Both [B, BANDS, T]."""
    return (critic(recorded) - 1).pow(2).mean() + critic(converted.detach()).pow(2).mean()


@torch.no_grad()
def phone_accuracy(phone_logits: Tensor, phones: Tensor) -> float:
    """Share of the labelled frames whose phone is found."""
    known = phones != UNKNOWN
    right = (phone_logits.argmax(1) == phones) & known
    return float(right.sum() / known.sum().clamp(min=1))


def _phone_error(phone_logits: Tensor, phones: Tensor) -> Tensor:
    if not (phones != UNKNOWN).any():
        return torch.zeros(())
    flat = phone_logits.transpose(1, 2).reshape(-1, len(PHONES))
    return functional.cross_entropy(flat, phones.reshape(-1), ignore_index=UNKNOWN)
