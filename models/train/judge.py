"""Resemblyzer as a loss: whose voice does it hear? It is frozen, and no part of the engine."""

from functools import cache
from typing import NamedTuple

import librosa
import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from resemblyzer import VoiceEncoder, preprocess_wav
from torch import Tensor

from .features import BAND_CENTRES, BANDS, BIN_FREQUENCIES, FFT_SIZE, HOP, SAMPLE_RATE

MELS = 40
LOUDNESS_DECIBELS = -30.0
"""RMS level to which Resemblyzer raises quieter speech."""


class JudgeFeatures(NamedTuple):
    """Stored with a recording's features, so that the second stage needs no sound."""

    mels: NDArray[np.float32]
    """Mel power, as Resemblyzer hears the recording, shape [frames, MELS]."""
    embedding: NDArray[np.float32]
    """Resemblyzer's unit vector of the whole recording, shape [256]."""


@cache
def _voice_encoder() -> VoiceEncoder:
    return VoiceEncoder("cpu", verbose=False)


def judge_features(samples: NDArray[np.float64], frames: int) -> JudgeFeatures:
    """Of `samples` [samples] at SAMPLE_RATE; `frames` is the number of frames of the other features."""
    samples = samples.astype(np.float32)
    gain = max(1.0, 10 ** (LOUDNESS_DECIBELS / 20) / np.sqrt(np.mean(samples**2)))
    mels = librosa.feature.melspectrogram(y=samples * gain, sr=SAMPLE_RATE, n_fft=400, hop_length=HOP, n_mels=MELS)
    embedding = _voice_encoder().embed_utterance(preprocess_wav(samples, SAMPLE_RATE))
    return JudgeFeatures(mels.T[:frames].astype(np.float32), embedding)


def mel_pooling() -> Tensor:
    """Turns a change of band log amplitudes into a change of Resemblyzer's mels, shape [MELS, BANDS], rows sum to 1."""
    filters = librosa.filters.mel(sr=SAMPLE_RATE, n_fft=FFT_SIZE, n_mels=MELS)
    position = np.interp(BIN_FREQUENCIES, BAND_CENTRES, np.arange(BANDS))
    lower = np.minimum(position.astype(int), BANDS - 2)
    bins = np.arange(len(BIN_FREQUENCIES))
    interpolation = np.zeros((len(bins), BANDS))
    interpolation[bins, lower] = 1 - (position - lower)
    interpolation[bins, lower + 1] = position - lower
    return torch.tensor((filters / filters.sum(1, keepdims=True)) @ interpolation, dtype=torch.float32)


class Judge:
    """Differentiable in the mels that it hears."""

    def __init__(self) -> None:
        self._encoder = VoiceEncoder("cpu", verbose=False).eval().requires_grad_(False)
        self._pooling = mel_pooling()

    def embed(self, source_log_mels: Tensor, envelope_change: Tensor) -> Tensor:
        """Unit vectors [B, 256] of the source with its envelopes changed.

        `source_log_mels` [B, T, MELS]: natural log of the source's mel power; `envelope_change` [B, BANDS, T]: natural
        log of amplitude, clipped to ±5 so that silence made loud does not run away.
        """
        change = torch.einsum("mn,bnt->btm", self._pooling, envelope_change.clamp(-5, 5))
        mels = torch.exp((source_log_mels + 2 * change).clamp(max=6.0))
        _, (hidden, _) = self._encoder.lstm(mels)
        return functional.normalize(functional.relu(self._encoder.linear(hidden[-1])), dim=1)
