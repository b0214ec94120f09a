"""The training speech in memory: features of features.py, phones of labels.py, and what follows from them."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .features import BANDS
from .labels import frame_labels

SHORTEST_FRAMES = 500
"""Shorter recordings are left out: segment and reference are cut from the same one."""


@dataclass(frozen=True)
class Utterance:
    """One recording, a row every 10 ms; field by field as in `features.Analysis` and `judge.JudgeFeatures`."""

    name: str
    speaker: str
    envelopes: NDArray[np.float32]
    pitch: NDArray[np.float32]
    active: NDArray[np.bool_]
    phones: NDArray[np.int64]
    judge_mels: NDArray[np.float32]
    judge_embedding: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.envelopes)

    @cached_property
    def statistics(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Mean and deviation (see `speech_statistics`) of the whole recording."""
        return speech_statistics(self.envelopes, self.active)

    @cached_property
    def log_pitch_median(self) -> float:
        """Natural log of Hz."""
        return float(np.log(np.median(self.pitch[self.pitch > 0])))

    @cached_property
    def log_pitch_deviation(self) -> float:
        return float(np.std(np.log(self.pitch[self.pitch > 0])))


def speech_statistics(
    envelopes: NDArray[np.float32], active: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean, and standard deviation plus 0.1, of each band over the active frames: both [BANDS]."""
    speech = envelopes[active]
    return speech.mean(0), speech.std(0) + np.float32(0.1)


def load_utterances(features: Path, labels: Path, left_out: frozenset[str]) -> list[Utterance]:
    """All recordings that are long enough and have voice, ordered by name, without the speakers `left_out`."""
    found = []
    for path in sorted(features.glob("*.npz")):
        stored = np.load(path)
        speaker = str(stored["speaker"])
        frames = len(stored["envelopes"])
        if speaker in left_out or frames < SHORTEST_FRAMES or not (stored["pitch"] > 0).any():
            continue
        found.append(
            Utterance(
                name=path.stem,
                speaker=speaker,
                envelopes=stored["envelopes"],
                pitch=stored["pitch"],
                active=stored["active"],
                phones=frame_labels(labels / path.name, frames),
                judge_mels=stored["judge_mels"],
                judge_embedding=stored["judge_embedding"],
            )
        )
    if not found:
        raise SystemExit(f"no recording of {SHORTEST_FRAMES} frames or more in {features}")
    assert found[0].envelopes.shape[1] == BANDS
    return found
