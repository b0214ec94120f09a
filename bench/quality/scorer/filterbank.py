"""Log mel energies as Kaldi's `compute-fbank-feats` defines them, without dither."""

import numpy as np
from numpy.typing import NDArray

from .audio import SAMPLE_RATE, Samples

FRAME_LENGTH = 400
FRAME_SHIFT = 160
FFT_SIZE = 512
PRE_EMPHASIS = 0.97
LOWEST_HZ = 20.0
SMALLEST_ENERGY = np.finfo(np.float32).eps


def mel(hertz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """The mel scale of HTK and Kaldi."""
    return 1127.0 * np.log1p(np.asarray(hertz) / 700.0)


def mel_filters(bands: int) -> NDArray[np.float64]:
    """Triangles equally spaced in mel from 20 Hz to half the rate, shape [FFT_SIZE // 2 + 1, bands]."""
    corners = np.linspace(mel(LOWEST_HZ), mel(SAMPLE_RATE / 2), bands + 2)
    low, centre, high = corners[:-2], corners[1:-1], corners[2:]
    bins = mel(np.arange(FFT_SIZE // 2 + 1) * SAMPLE_RATE / FFT_SIZE)[:, None]
    filters = np.maximum(0.0, np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre)))
    filters[-1] = 0.0  # Kaldi leaves the bin at half the rate out
    return filters


def log_mel_filterbank(samples: Samples, bands: int = 80) -> NDArray[np.float32]:
    """Log mel energies, shape [frames, bands]: 25 ms Povey windows every 10 ms, only whole frames (snip-edges)."""
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float64), FRAME_LENGTH)[::FRAME_SHIFT]
    frames = frames - frames.mean(1, keepdims=True)
    previous = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    povey = np.hanning(FRAME_LENGTH) ** 0.85
    power = np.abs(np.fft.rfft((frames - PRE_EMPHASIS * previous) * povey, FFT_SIZE)) ** 2
    return np.log(np.maximum(power @ mel_filters(bands), SMALLEST_ENERGY)).astype(np.float32)
