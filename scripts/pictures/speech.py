"""Conversions, and what is drawn of a recording."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import librosa
import numpy as np
import swift_f0
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
SAMPLE_RATE = 16000

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Speech:
    """A recording, or a piece of one. Pitch is in Hz, NaN where unvoiced; times are in seconds from the beginning."""

    samples: Floats
    pitch: Floats
    pitch_times: Floats

    def spectrogram(self) -> tuple[Floats, Floats, Floats]:
        """Decibels below the loudest [frequencies, frames], the frequencies in Hz, the times in seconds."""
        fft_size, hop = 1024, 64
        magnitude = np.abs(librosa.stft(self.samples, n_fft=fft_size, hop_length=hop, win_length=400))
        times = np.arange(magnitude.shape[1]) * hop / SAMPLE_RATE
        return (
            librosa.amplitude_to_db(magnitude, ref=np.max, top_db=80),
            librosa.fft_frequencies(sr=SAMPLE_RATE, n_fft=fft_size),
            times,
        )

    def usual_pitch_range(self) -> tuple[float, float]:
        """Hz between which eight tenths of the pitch lie."""
        low, high = np.nanpercentile(self.pitch, [10, 90])
        return float(low), float(high)

    def voiced_stretches(self, shortest: float = 0.15) -> list[tuple[float, float]]:
        """Begin and end of each voiced stretch of `shortest` seconds or more, in seconds."""
        steps = np.diff(np.concatenate([[0], ~np.isnan(self.pitch), [0]]))
        begins = self.pitch_times[np.flatnonzero(steps == 1)]
        ends = self.pitch_times[np.flatnonzero(steps == -1) - 1]
        return [(float(begin), float(end)) for begin, end in zip(begins, ends, strict=True) if end - begin >= shortest]

    def piece(self, start: float, seconds: float) -> "Speech":
        """From `start`, in seconds."""
        first, length = int(start * SAMPLE_RATE), int(seconds * SAMPLE_RATE)
        inside = (self.pitch_times >= start) & (self.pitch_times < start + seconds)
        return Speech(self.samples[first : first + length], self.pitch[inside], self.pitch_times[inside] - start)


def load(path: Path) -> Speech:
    """A file with its pitch: SwiftF0, voiced at a confidence of 0.5 or more."""
    samples, _ = librosa.load(path, sr=SAMPLE_RATE, mono=True)
    found = swift_f0.SwiftF0(threads=1).detect(samples, SAMPLE_RATE, fmin=55, fmax=600)
    pitch = np.where(found.confidence >= 0.5, found.pitch_hz, np.nan)
    return Speech(samples, pitch.astype(np.float32), np.asarray(found.timestamps, np.float32))


def convert(bun: str, source: Path, voice: Path) -> Speech:
    """The result of `giong convert`. Throws `subprocess.CalledProcessError`."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "result.wav"
        command = [bun, ROOT / "server/cli/main.ts", "convert", source, "--voice", voice, "--out", out, "--json"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return load(out)
