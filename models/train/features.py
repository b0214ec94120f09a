"""What the networks see of a recording: spectral envelope, pitch and speech activity every 10 ms.

    python -m train.features AUDIO_FOLDER FEATURES_FOLDER

writes one .npz a recording. AUDIO_FOLDER is searched for .flac and .wav; a file's name starts with its speaker and a
hyphen, as in LibriSpeech (`1688-142285-0001.flac`). What exists already is left alone.
"""

import argparse
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import librosa
import numpy as np
import pyworld
import swift_f0
from numpy.typing import NDArray

SAMPLE_RATE = 16000
HOP = 160
FRAME_SECONDS = HOP / SAMPLE_RATE
FFT_SIZE = 1024
BANDS = 80

LOWEST_PITCH, HIGHEST_PITCH = 55.0, 600.0
VOICED_CONFIDENCE = 0.5
ACTIVE_RANGE_DECIBELS = 35.0

Floats = NDArray[np.float64]


def mel(hertz: Floats | float) -> Floats:
    """The mel scale of O'Shaughnessy, 2595 log10(1 + f / 700)."""
    return 2595 * np.log10(1 + np.asarray(hertz) / 700)


def mel_inverse(mels: Floats) -> Floats:
    """Hz of `mel`."""
    return 700 * (10 ** (mels / 2595) - 1)


BAND_CENTRES = mel_inverse(np.linspace(0, mel(SAMPLE_RATE / 2), BANDS))
"""Hz, shape [BANDS], equally spaced in mel from 0 to 8000."""

BIN_FREQUENCIES = np.arange(FFT_SIZE // 2 + 1) * SAMPLE_RATE / FFT_SIZE


def band_weights() -> Floats:
    """Averages FFT bins into bands, shape [BANDS, bins].

    Triangles to the neighbouring centres, at least a bin wide on each side; rows sum to 1.
    """
    bin_width = SAMPLE_RATE / FFT_SIZE
    lower = np.concatenate([BAND_CENTRES[:1], BAND_CENTRES[:-1]])
    upper = np.concatenate([BAND_CENTRES[1:], BAND_CENTRES[-1:]])
    offset = BIN_FREQUENCIES[None] - BAND_CENTRES[:, None]
    rising = np.clip(1 + offset / np.maximum(BAND_CENTRES - lower, bin_width)[:, None], 0, 1)
    falling = np.clip(1 - offset / np.maximum(upper - BAND_CENTRES, bin_width)[:, None], 0, 1)
    triangles = np.where(offset <= 0, rising, falling)
    return triangles / triangles.sum(1, keepdims=True)


class Analysis(NamedTuple):
    """Features of one recording, a row every 10 ms."""

    envelopes: Floats
    """Natural logarithm of the spectral envelope's amplitude, shape [frames, BANDS]."""
    pitch: Floats
    """Hz, 0 where unvoiced, shape [frames]."""
    active: NDArray[np.bool_]
    """Whether the level is within 35 dB of the 95th percentile's, shape [frames]."""


def load(path: Path) -> Floats:
    """Mono sound at SAMPLE_RATE, shape [samples]."""
    return librosa.load(path, sr=SAMPLE_RATE, mono=True)[0].astype(np.float64)


@cache
def _pitch_detector() -> swift_f0.SwiftF0:
    return swift_f0.SwiftF0(threads=1)


def track_pitch(samples: Floats) -> tuple[Floats, Floats]:
    """Pitch in Hz (0 where unvoiced) and times in seconds, both [frames].

    SwiftF0, interpolated in log pitch from its own frames, refined by WORLD's StoneMask.
    """
    frames = int(len(samples) / SAMPLE_RATE / FRAME_SECONDS) + 1
    times = np.arange(frames) * HOP / SAMPLE_RATE
    found = _pitch_detector().detect(samples.astype(np.float32), SAMPLE_RATE, fmin=LOWEST_PITCH, fmax=HIGHEST_PITCH)
    voiced = found.confidence >= VOICED_CONFIDENCE
    if voiced.sum() < 2:
        return np.zeros(frames), times
    log_pitch = np.log(np.maximum(found.pitch_hz, 40))
    bridged = np.interp(found.timestamps, found.timestamps[voiced], log_pitch[voiced])
    pitch = np.exp(np.interp(times, found.timestamps, bridged))
    pitch *= np.interp(times, found.timestamps, voiced.astype(float)) >= 0.5
    return pyworld.stonemask(samples, pitch, times, SAMPLE_RATE), times


def analyse(samples: Floats) -> Analysis:
    """CheapTrick's envelope (Morise 2015) in bands, with pitch and activity. `samples`: [samples] at SAMPLE_RATE."""
    samples = np.ascontiguousarray(samples, np.float64)
    pitch, times = track_pitch(samples)
    power = pyworld.cheaptrick(samples, pitch, times, SAMPLE_RATE, fft_size=FFT_SIZE)
    level_decibels = 10 * np.log10(power.mean(1) + 1e-14)
    log_amplitude = 0.5 * np.log(np.maximum(power, 1e-14))
    return Analysis(
        envelopes=log_amplitude @ band_weights().T,
        pitch=pitch,
        active=level_decibels > np.percentile(level_decibels, 95) - ACTIVE_RANGE_DECIBELS,
    )


def recordings(folder: Path) -> Iterator[Path]:
    """Every .flac and .wav below `folder`, in the order of their paths."""
    return iter(sorted(path for path in folder.rglob("*") if path.suffix in {".flac", ".wav"}))


def speaker_of(path: Path) -> str:
    """`1688` of `1688-142285-0001.flac`."""
    return path.stem.split("-")[0]


def main() -> None:
    from .judge import JudgeFeatures, judge_features

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("audio", type=Path)
    parser.add_argument("features", type=Path)
    arguments = parser.parse_args()

    arguments.features.mkdir(parents=True, exist_ok=True)
    for path in recordings(arguments.audio):
        output = arguments.features / f"{path.stem}.npz"
        if output.exists():
            continue
        samples = load(path)
        analysis = analyse(samples)
        judged: JudgeFeatures = judge_features(samples, len(analysis.envelopes))
        np.savez(
            output,
            speaker=speaker_of(path),
            envelopes=analysis.envelopes.astype(np.float32),
            pitch=analysis.pitch.astype(np.float32),
            active=analysis.active,
            judge_mels=judged.mels,
            judge_embedding=judged.embedding,
        )
        print(path.name, len(analysis.envelopes), flush=True)


if __name__ == "__main__":
    main()
