"""Sound as every judge hears it: mono, 16 kHz."""

from pathlib import Path

import librosa
import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16000
"""Hz."""

Samples = NDArray[np.float32]
"""Mono sound at SAMPLE_RATE, shape [samples], full scale is 1."""


def load(path: Path) -> Samples:
    """Decodes any file that libsndfile reads, mixes to mono and resamples (soxr-HQ)."""
    samples, _ = librosa.load(path, sr=SAMPLE_RATE, mono=True)
    return samples.astype(np.float32)
