"""What should survive a conversion: the melody of speech, and every word's loudness."""

import librosa
import numpy as np
from numpy.typing import NDArray

from .audio import SAMPLE_RATE, Samples

HOP = 160

Contour = NDArray[np.float64]
"""One value every 10 ms, shape [frames]."""


def pitch(samples: Samples) -> Contour:
    """Hz, 0 where unvoiced: pYIN (Mauch and Dixon 2014), 60 to 600 Hz."""
    contour, voiced, _ = librosa.pyin(samples, fmin=60, fmax=600, sr=SAMPLE_RATE, frame_length=1024, hop_length=HOP)
    return np.where(voiced, contour, 0.0)


def level(samples: Samples) -> Contour:
    """Decibels relative to full scale, 25 ms windows."""
    rms = librosa.feature.rms(y=samples, frame_length=400, hop_length=HOP)[0]
    return 20 * np.log10(rms + 1e-7)


def pitch_correlation(source: Contour, output: Contour) -> float | None:
    """Pearson correlation of log pitch where both are voiced; None with hardly any such frame."""
    frames = min(len(source), len(output))
    source, output = source[:frames], output[:frames]
    both = (source > 0) & (output > 0)
    if both.sum() <= 20:
        return None
    return float(np.corrcoef(np.log(source[both]), np.log(output[both]))[0, 1])


def dropped(source: Contour, output: Contour) -> float:
    """Share of the source's speech (within 25 dB of its loudest) that is over 35 dB below the output's loudest."""
    frames = min(len(source), len(output))
    speech = source[:frames] > source.max() - 25
    return float(np.mean(output[:frames][speech] < output.max() - 35))
