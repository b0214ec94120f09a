"""What a training step sees: segments cut, disguised and paired at random.

*Reconstruction*: a segment in disguise (formants moved, noise, another channel) is to be said in the voice of the rest
of its own recording. *Conversion*: a segment is to be said in the voice of another speaker; there is no right answer to
compare with.
"""

from typing import NamedTuple, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .dataset import Utterance, speech_statistics
from .features import BAND_CENTRES, BANDS
from .network import ReferenceBatch

RECONSTRUCTION_FRAMES = 192
CONVERSION_FRAMES = 160
REFERENCE_FRAMES = 480
FEWEST_ACTIVE_FRAMES = 40
"""A reference with less speech than this counts as speech throughout."""

MIDDLE_PITCH = 150.0
"""Hz, where the log pitch that the networks see is 0."""
LOWEST_PITCH = 50.0
"""Hz."""
PITCH_SCALE_RANGE = (0.8, 1.3)
SIMILAR_LOG_PITCH = 0.3
"""Conversions are trained between speakers whose medians are no further apart: about five semitones."""

Frames = NDArray[np.floating]


class Reconstruction(NamedTuple):
    """B examples of T = RECONSTRUCTION_FRAMES."""

    view: Tensor
    """What the encoder sees, in disguise, [B, BANDS, T]."""
    target: Tensor
    """Envelopes to find, less the reference's mean, [B, BANDS, T]."""
    prosody: Tensor
    """[B, PROSODY, T]."""
    phones: Tensor
    """Labels at 50 Hz, UNKNOWN where there is none, [B, T / 2]."""
    active: Tensor
    """1 where there is speech, [B, T]."""
    reference: ReferenceBatch


class Conversion(NamedTuple):
    """B examples of T = CONVERSION_FRAMES."""

    view: Tensor
    """What the encoder sees, [B, BANDS, T]."""
    envelopes: Tensor
    """The source's own, [B, BANDS, T]."""
    prosody: Tensor
    """Pitch already moved to the target speaker's, [B, PROSODY, T]."""
    active: Tensor
    """[B, T]."""
    log_mels: Tensor
    """The source as the judge hears it, [B, T, MELS]."""
    target_embedding: Tensor
    """The judge's unit vector of the target speaker, [B, 256]."""
    reference: ReferenceBatch


class Examples:
    """An endless source of batches; the same seed gives the same ones."""

    def __init__(self, utterances: list[Utterance], seed: int) -> None:
        self._utterances = utterances
        self._random = np.random.default_rng(seed)

    def reconstructions(self, count: int) -> Reconstruction:
        return _stack([self._reconstruction(self._pick()) for _ in range(count)], Reconstruction)

    def conversions(self, count: int) -> Conversion:
        return _stack([self._conversion(*self._pick_pair()) for _ in range(count)], Conversion)

    # ---- reconstruction

    def _reconstruction(self, utterance: Utterance) -> Reconstruction:
        random, frames = self._random, len(utterance)
        start = self._even_start(frames, RECONSTRUCTION_FRAMES)
        segment = slice(start, start + RECONSTRUCTION_FRAMES)

        # A speaker who does not exist: formants moved by up to 17 %, through another channel.
        target_warp = np.exp(random.uniform(-0.16, 0.16)) if random.random() < 0.7 else 1.0
        target = warp(utterance.envelopes, target_warp)
        if random.random() < 0.5:
            target = target + self._equaliser()

        # The encoder sees yet other formants, so that it cannot tell the speaker by them.
        source_warp = target_warp * np.exp(random.uniform(-0.22, 0.22))
        source = warp(utterance.envelopes, source_warp)
        if random.random() < 0.5:
            floor = source[utterance.active].mean() + random.uniform(-4.5, -2.5) + self._equaliser()
            source = np.logaddexp(source, floor)
        mean, deviation = speech_statistics(source, utterance.active)
        view = (source - mean) / deviation
        if random.random() < 0.5:
            view = view * np.exp(random.normal() * 0.08) + random.normal(size=BANDS) * 0.08

        pitch = utterance.pitch[segment]
        reference, reference_mean = self._own_reference(utterance, target, start)
        return Reconstruction(
            view=view[segment].T,
            target=(target[segment] - reference_mean).T,
            prosody=prosody(
                (view * deviation)[segment], pitch > 0, log_pitch(pitch), median=utterance.log_pitch_median
            ),
            phones=utterance.phones[segment][::2],
            active=utterance.active[segment],
            reference=reference,
        )

    def _own_reference(self, utterance: Utterance, target: Frames, start: int) -> tuple[ReferenceBatch, Frames]:
        """A piece of the rest of the recording, at least 40 ms away from the segment."""
        random = self._random
        rest = np.r_[0 : max(0, start - 4), min(len(utterance), start + RECONSTRUCTION_FRAMES + 4) : len(utterance)]
        length = min(REFERENCE_FRAMES, len(rest))
        if random.random() < 0.3:
            length = max(160, int(length * random.uniform(0.35, 1)))
        first = random.integers(0, len(rest) - length + 1)
        chosen = rest[first : first + length - length % 2]
        return _reference(target[chosen], utterance.active[chosen])

    def _equaliser(self) -> Frames:
        """Smooth random gain of a channel, natural log of amplitude, [BANDS]."""
        return np.interp(np.arange(BANDS), np.linspace(0, BANDS - 1, 6), self._random.normal(size=6) * 0.35)

    # ---- conversion

    def _conversion(self, source: Utterance, speaker: Utterance) -> Conversion:
        start = self._mostly_speech(source)
        segment = slice(start, start + CONVERSION_FRAMES)
        mean, deviation = source.statistics
        view = ((source.envelopes - mean) / deviation)[segment]

        length = min(REFERENCE_FRAMES, len(speaker) - len(speaker) % 2)
        first = self._random.integers(0, len(speaker) - length + 1)
        chosen = slice(first, first + length)
        reference, _ = _reference(speaker.envelopes[chosen], speaker.active[chosen])

        pitch = source.pitch[segment]
        scale = np.clip(speaker.log_pitch_deviation / source.log_pitch_deviation, *PITCH_SCALE_RANGE)
        moved = (log_pitch(pitch) - source.log_pitch_median) * scale + speaker.log_pitch_median
        return Conversion(
            view=view.T,
            envelopes=source.envelopes[segment].T,
            prosody=prosody(view * deviation, pitch > 0, moved, median=speaker.log_pitch_median),
            active=source.active[segment],
            log_mels=np.log(source.judge_mels[segment] + 1e-9),
            target_embedding=speaker.judge_embedding,
            reference=reference,
        )

    def _mostly_speech(self, utterance: Utterance) -> int:
        """Start of a segment with more than 70 % speech, if five tries find one."""
        start = self._even_start(len(utterance), CONVERSION_FRAMES)
        for _ in range(5):
            if utterance.active[start : start + CONVERSION_FRAMES].mean() > 0.7:
                break
            start = self._even_start(len(utterance), CONVERSION_FRAMES)
        return start

    # ---- choices

    def _pick(self) -> Utterance:
        return self._utterances[self._random.integers(len(self._utterances))]

    def _pick_pair(self) -> tuple[Utterance, Utterance]:
        """Two speakers of similar pitch, if fifty tries find them: a larger move is the waveform stage's to make."""
        source, speaker = self._pick(), self._pick()
        for _ in range(50):
            similar = abs(speaker.log_pitch_median - source.log_pitch_median) < SIMILAR_LOG_PITCH
            if similar and speaker.speaker != source.speaker:
                break
            speaker = self._pick()
        return source, speaker

    def _even_start(self, frames: int, length: int) -> int:
        start = int(self._random.integers(0, frames - length))
        return start - start % 2


def warp(envelopes: Frames, factor: float) -> Frames:
    """Moves the formants up by `factor` (below 1: down; the highest band then repeats). [frames, BANDS]."""
    position = np.interp(BAND_CENTRES / factor, BAND_CENTRES, np.arange(BANDS))
    lower = np.minimum(position.astype(int), BANDS - 2)
    share = (position - lower).astype(np.float32)
    return envelopes[:, lower] * (1 - share) + envelopes[:, lower + 1] * share


def log_pitch(pitch: Frames) -> Frames:
    """Natural log of Hz; of unvoiced frames something harmless."""
    return np.log(np.maximum(pitch, LOWEST_PITCH))


def prosody(relative_envelopes: Frames, voiced: NDArray[np.bool_], log_hertz: Frames, median: float) -> Frames:
    """What the decoder may know besides the content, [PROSODY, frames].

    `relative_envelopes` [frames, BANDS] are less their mean; `log_hertz` [frames] is the pitch, `median` that of the
    speaker, both natural logs of Hz.
    """
    middle = np.log(MIDDLE_PITCH)
    level = relative_envelopes.mean(1)
    return np.stack([level, voiced, np.where(voiced, log_hertz - middle, 0), np.full(len(level), median - middle)])


def _reference(envelopes: Frames, active: NDArray[np.bool_]) -> tuple[ReferenceBatch, Frames]:
    """One reference, padded to REFERENCE_FRAMES, and its mean [BANDS]. `envelopes`: [even number of frames, BANDS]."""
    if active.sum() < FEWEST_ACTIVE_FRAMES:
        active = np.ones(len(envelopes), bool)
    mean, deviation = speech_statistics(envelopes, active)
    padding = REFERENCE_FRAMES - len(envelopes)
    padded = np.pad(envelopes - mean, ((0, padding), (0, 0)))
    return ReferenceBatch(padded.T, np.pad(active, (0, padding)), mean, deviation), mean


Example = TypeVar("Example", Reconstruction, Conversion, ReferenceBatch)


def _stack(examples: list[Example], kind: type[Example]) -> Example:
    """One batch of examples whose fields are arrays (or again such tuples)."""
    fields = []
    for values in zip(*examples, strict=True):
        if isinstance(values[0], ReferenceBatch):
            fields.append(_stack(list(values), ReferenceBatch))
        else:
            stacked = np.stack(values)
            fields.append(torch.from_numpy(stacked if stacked.dtype == np.int64 else stacked.astype(np.float32)))
    return kind(*fields)
