#!/usr/bin/env python3
"""The engine `mini`, written to be read: the recipe that core/engines/mini implements, in plain Python.

    convert.py SOURCE REFERENCE OUTPUT.wav [--weights FOLDER] [--mode signal] [--stages STAGES.npz]

Everything is mono at 16 kHz, with a frame every 10 ms (160 samples). `E` is the natural logarithm of the amplitude of
WORLD's spectral envelope in 80 bands, equally spaced in mel from 0 to 8 kHz, shape [frames, 80]. With --stages every
intermediate result is stored, so that another implementation can be compared stage by stage.

It has its own copy of the front end of `features.py`, so that the whole recipe can be read at one place; `waveform.py`
has the loops over samples.
"""

import argparse
from pathlib import Path

import librosa
import numpy as np
import onnxruntime
import pyworld
import scipy.fft
import soundfile
import swift_f0
from waveform import filter_frames, level_like, overlap_add, pitch_marks

RATE, HOP, FFT, BANDS = 16000, 160, 1024, 80
FRAME_MS = 10.0
WEIGHTS = Path(__file__).resolve().parents[2] / "mini"

Array = np.ndarray
Analysis = dict[str, Array]
"""x [samples], f0 [T], E [T, 80], active [T]."""


# ---- front end ----


def mel(hertz):
    return 2595 * np.log10(1 + hertz / 700)


def mel_inverse(mels):
    return 700 * (10 ** (mels / 2595) - 1)


CENTRES = mel_inverse(np.linspace(0, mel(8000), BANDS))  # Hz
BINS = np.arange(FFT // 2 + 1) * RATE / FFT  # Hz


def triangles() -> Array:
    """[80, 513] averaging weights: a triangle to each neighbour centre, at least one bin wide, rows sum to 1."""
    weights = np.zeros((BANDS, len(BINS)))
    for i, centre in enumerate(CENTRES):
        low, high = CENTRES[max(i - 1, 0)], CENTRES[min(i + 1, BANDS - 1)]
        left = np.clip(1 - (centre - BINS) / max(centre - low, RATE / FFT), 0, 1) * (BINS <= centre)
        right = np.clip(1 - (BINS - centre) / max(high - centre, RATE / FFT), 0, 1) * (BINS > centre)
        weights[i] = left + right
    return weights / weights.sum(1, keepdims=True)


TRIANGLES = triangles()
COSINES = scipy.fft.dct(np.eye(BANDS), norm="ortho", axis=0)  # cepstrum = E @ COSINES.T, E = cepstrum @ COSINES


def load(path: str | Path) -> Array:
    return librosa.load(path, sr=RATE, mono=True)[0].astype(np.float64)


_detector = None


def pitch(x: Array) -> tuple[Array, Array]:
    """f0 [T] in Hz, 0 where unvoiced, and times [T] in seconds.

    SwiftF0 (55 to 600 Hz, confidence 0.5), interpolated to 10 ms in log pitch, refined by WORLD's StoneMask.
    """
    global _detector
    _detector = _detector or swift_f0.SwiftF0(threads=1)
    found = _detector.detect(x.astype(np.float32), RATE, fmin=55, fmax=600)
    frames = int(len(x) / RATE / (FRAME_MS / 1000)) + 1
    times = np.arange(frames) * FRAME_MS / 1000
    voiced = (found.confidence >= 0.5).astype(float)
    if voiced.sum() < 2:
        return np.zeros(frames), times
    log_pitch = np.log(np.maximum(found.pitch_hz, 40))[voiced > 0]
    bridged = np.interp(found.timestamps, found.timestamps[voiced > 0], log_pitch)
    f0 = np.exp(np.interp(times, found.timestamps, bridged)) * (np.interp(times, found.timestamps, voiced) >= 0.5)
    return pyworld.stonemask(np.ascontiguousarray(x), f0, times, RATE), times


def analyse(x: Array) -> Analysis:
    """Pitch, envelopes, and which frames are active: within 35 dB of the 95th percentile of the level."""
    x = np.ascontiguousarray(x, np.float64)
    f0, times = pitch(x)
    power = pyworld.cheaptrick(x, f0, times, RATE, fft_size=FFT)
    level = 10 * np.log10(power.mean(1) + 1e-14)
    envelopes = (0.5 * np.log(np.maximum(power, 1e-14))) @ TRIANGLES.T
    return {"x": x, "f0": f0, "E": envelopes, "active": level > np.percentile(level, 95) - 35}


# ---- helpers ----


def to_bins(bands: Array) -> Array:
    """[T, 80] → [T, 513], linear between the bands' centres."""
    position = np.interp(BINS, CENTRES, np.arange(BANDS))
    lower = np.minimum(position.astype(int), BANDS - 2)
    share = position - lower
    return bands[:, lower] * (1 - share) + bands[:, lower + 1] * share


def smooth(values: Array, width: int) -> Array:
    """Hann-weighted moving average over time (first axis), edges repeated. `width` is odd."""
    kernel = np.hanning(width + 2)[1:-1]
    kernel /= kernel.sum()
    padded = np.pad(values, ((width // 2, width // 2), (0, 0)), "edge")
    return sum(kernel[i] * padded[i : len(values) + i] for i in range(width))


def match_statistics(envelopes: Array, active: Array, ref: Analysis, limit: float) -> Array:
    """Moves mean and variance of each cepstral coefficient to the reference's.

    The ratio of deviations is clipped to 1 / limit..limit; coefficient 0, the level, is only shifted.
    """
    own, other = envelopes @ COSINES.T, ref["E"] @ COSINES.T
    spread, wanted = own[active].std(0), other[ref["active"]].std(0)
    scale = np.clip((wanted + 1e-3) / (spread + 1e-3), 1 / limit, limit)
    scale[0] = 1.0
    return ((own - own[active].mean(0)) * scale + other[ref["active"]].mean(0)) @ COSINES


def target_pitch(f0: Array, ref_f0: Array) -> tuple[Array, Array]:
    """Target f0 and its ratio to the source's, both [T]: median and spread of log pitch moved to the reference's."""
    own, other = np.log(f0[f0 > 0]), np.log(ref_f0[ref_f0 > 0])
    if len(own) < 10 or len(other) < 10:
        return f0.copy(), np.ones_like(f0)
    scale = np.clip(np.std(other) / max(np.std(own), 0.05), 0.8, 1.3)
    voiced, target, ratio = f0 > 0, np.zeros_like(f0), np.ones_like(f0)
    target[voiced] = np.clip(np.exp((np.log(f0[voiced]) - np.median(own)) * scale + np.median(other)), 55, 700)
    ratio[voiced] = target[voiced] / f0[voiced]
    return target, ratio


# ---- network ----


class Network:
    """The two ONNX graphs; T is even.

    Encoder: x [1, 80, T] → z [1, 48, T / 2]. Decoder: z, prosody, zr, Er, mask, stats, x → E [1, 80, T].
    """

    def __init__(self, folder: str | Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1

        def session(name: str) -> onnxruntime.InferenceSession:
            return onnxruntime.InferenceSession(Path(folder) / name, options, providers=["CPUExecutionProvider"])

        self.encoder, self.decoder = session("encoder.onnx"), session("decoder.onnx")

    @staticmethod
    def normalise(analysis: Analysis) -> tuple[Array, Array, Array]:
        """What the encoder sees [T, 80], with mean and deviation [80] of the bands over active frames."""
        speech = analysis["E"][analysis["active"]]
        mean, deviation = speech.mean(0), speech.std(0) + 0.1
        return (analysis["E"] - mean) / deviation, mean, deviation

    def content(self, x: Array) -> tuple[Array, Array]:
        """`x` with an even number of frames, and its z."""
        x = np.pad(x, ((0, len(x) % 2), (0, 0)), "edge")
        return x, self.encoder.run(["z"], {"x": x.T[None].astype(np.float32)})[0]

    def convert(self, src: Analysis, ref: Analysis, f0: Array, max_frames: int = 3000) -> tuple[Array, Array, Array]:
        """E [T, 80] of the source's words in the reference's voice, and both contents [T / 2, 48]."""
        own, _, own_deviation = self.normalise(src)
        other, mean, deviation = self.normalise(ref)
        x, z = self.content(own)
        frames = len(x)
        ref_frames = min(len(other) - len(other) % 2, max_frames)
        _, zr = self.content(other[:ref_frames])

        f0 = np.pad(f0, (0, frames - len(f0)))
        voiced = f0 > 0
        median = np.log(np.median(f0[voiced]) / 150) if voiced.any() else 0
        log_pitch = np.where(voiced, np.log(np.maximum(f0, 50) / 150), 0)
        prosody = np.stack([(x * own_deviation).mean(1), voiced, log_pitch, np.full(frames, median)])

        active = ref["active"][:ref_frames].astype(np.float32)
        half_rate = (ref["E"] - mean)[:ref_frames].reshape(-1, 2, BANDS).mean(1)
        feeds = {
            "z": z,
            "prosody": prosody[None],
            "zr": zr,
            "Er": half_rate.T[None],
            "mask": (active[::2] * active[1::2])[None],
            "stats": np.r_[(mean - mean.mean()) * 0.7, deviation - 1.0][None],
            "x": x.T[None],
        }
        feeds = {name: np.ascontiguousarray(value, np.float32) for name, value in feeds.items()}
        envelopes = self.decoder.run(["E"], feeds)[0][0].T[: len(own)] + mean
        return match_statistics(envelopes, src["active"], ref, 1.6), z[0].T, zr[0].T

    def content_space(self, analysis: Analysis) -> Array:
        """Where source and reference frames are compared: z at 100 Hz, smoothed, unit scale, [T, 48]."""
        _, z = self.content(self.normalise(analysis)[0])
        z = np.repeat(z[0].T, 2, 0)[: len(analysis["E"])]
        return smooth(z, 3) / np.sqrt(z.shape[1])


# ---- retrieval ----


def retrieve(
    own: Array,
    other: Array,
    ref: Analysis,
    voiced: Array,
    near: int = 4,
    candidates: int = 24,
    concatenation: float = 1.5,
) -> Array:
    """Level-free envelopes [T, 80] put together from the reference's own frames.

    `own` [T, 48] and `other` [R, 48] are frames in the content space, `voiced` [T] is of the source. Viterbi over the
    24 nearest active frames of each source frame, where a jump in the reference costs; then the mean of the 4
    candidates that are nearest to path and frame.
    """
    usable = np.where(ref["active"])[0]
    speech = other[usable]
    distance = (own**2).sum(1)[:, None] + (speech**2).sum(1)[None] - 2 * own @ speech.T
    distance = distance + 0.6 * np.median(distance) * (voiced[:, None] != (ref["f0"][usable] > 0)[None])
    choice = np.argpartition(distance, min(candidates, len(usable) - 1), 1)[:, :candidates]
    near_distance = np.take_along_axis(distance, choice, 1)
    frames, count = choice.shape

    cepstra = (ref["E"][usable] @ COSINES.T)[:, 1:20]
    scale, step = np.median(near_distance), np.median(np.linalg.norm(np.diff(cepstra, axis=0), axis=1))
    cost, back = near_distance[0], np.zeros((frames, count), int)
    for t in range(1, frames):
        natural = np.minimum(choice[t - 1] + 1, len(usable) - 1)
        jump = np.linalg.norm(cepstra[natural][:, None] - cepstra[choice[t]][None], axis=2) / step
        total = cost[:, None] + concatenation * scale * jump
        back[t] = total.argmin(0)
        cost = total[back[t], np.arange(count)] + near_distance[t]
    best = np.zeros(frames, int)
    best[-1] = cost.argmin()
    for t in range(frames - 1, 0, -1):
        best[t - 1] = back[t, best[t]]
    path = choice[np.arange(frames), best]

    off_path = np.linalg.norm(cepstra[choice] - cepstra[path][:, None], axis=2) / step
    order = np.argsort(near_distance + 0.5 * scale * off_path, 1)[:, :near]
    envelopes = ref["E"][usable]
    envelopes = envelopes - envelopes.mean(1, keepdims=True)
    return envelopes[np.take_along_axis(choice, order, 1)].mean(1)


# ---- the whole way ----


def convert(
    src: Analysis,
    ref: Analysis,
    net: Network | None,
    retrieval: float = 0.5,
    retrieval_unvoiced: float = 0.2,
    detail: float = 0.5,
) -> tuple[Array, dict[str, Array]]:
    """Waveform [samples] and the intermediate results. Without a network: signal processing only, most intelligible."""
    f0, ratio = target_pitch(src["f0"], ref["f0"])
    base = match_statistics(src["E"], src["active"], ref, 1.5)
    stages = {"f0": src["f0"], "E": src["E"], "active": src["active"], "target_f0": f0, "base": base}
    envelopes = base
    if net:
        speech = np.convolve(src["active"].astype(float), np.ones(5) / 5, "same")[:, None]
        hann = np.hanning(7)[1:-1] / np.hanning(7).sum()
        voiced = np.convolve((src["f0"] > 0).astype(float), hann, "same")[:, None]

        predicted, z, zr = net.convert(src, ref, f0)
        stages.update(z=z, zr=zr, network=predicted)
        envelopes = base + speech * (predicted - base)

        if retrieval > 0:
            found = retrieve(net.content_space(src), net.content_space(ref), ref, src["f0"] > 0)
            found = smooth(found, 3) + base.mean(1, keepdims=True)
            stages["retrieved"] = found
            difference = (found - envelopes) @ COSINES.T
            difference[:, 0] = 0
            weight = retrieval * voiced + retrieval_unvoiced * (1 - voiced)
            envelopes = envelopes + speech * weight * (difference @ COSINES)

        if detail > 0:
            lost = base - envelopes
            envelopes = envelopes + detail * speech * (lost - smooth(lost, 11))
        envelopes = match_statistics(envelopes, src["active"], ref, 1.6)

    stages["final"] = envelopes
    marks, periods, voiced_marks = pitch_marks(src["x"], src["f0"], HOP, RATE)
    stages["psola"] = overlap_add(src["x"], marks, periods, voiced_marks, ratio, HOP)
    output = level_like(filter_frames(stages["psola"], to_bins(envelopes - src["E"]), HOP), src["x"])
    stages["output"] = output
    return output, stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("reference")
    parser.add_argument("output")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder with encoder.onnx and decoder.onnx")
    parser.add_argument("--mode", choices=["network", "signal"], default="network")
    parser.add_argument("--retrieval", type=float, default=0.5)
    parser.add_argument("--retrieval-unvoiced", type=float, default=0.2)
    parser.add_argument("--detail", type=float, default=0.5)
    parser.add_argument("--stages", type=Path)
    options = parser.parse_args()

    network = Network(options.weights) if options.mode == "network" else None
    source, reference = analyse(load(options.source)), analyse(load(options.reference))
    output, stages = convert(source, reference, network, options.retrieval, options.retrieval_unvoiced, options.detail)
    soundfile.write(options.output, output.astype(np.float32), RATE)
    if options.stages:
        np.savez_compressed(options.stages, **stages)


if __name__ == "__main__":
    main()
