"""The loops over samples of `convert.py`: pitch marks, overlap-add, time-varying filter, level."""

import numba
import numpy as np

Array = np.ndarray


@numba.njit(cache=True)
def pitch_marks(x, f0, hop, rate):
    """Positions and periods in samples, and voiced flags, of one mark a period; unvoiced every 5 ms.

    The first mark of a voiced stretch is its largest sample; the others follow by normalised cross-correlation.
    """
    n, frames = len(x), len(f0)
    positions = np.empty(n // 16 + 10, np.int64)
    periods = np.empty(n // 16 + 10, np.float64)
    voiced = np.empty(n // 16 + 10, np.int8)
    count, at, unvoiced_step, previous_voiced = 0, 0.0, int(0.005 * rate), False
    while at < n - 1 and count < len(positions) - 1:
        f = f0[min(frames - 1, int(at / hop + 0.5))]
        if f <= 0:
            positions[count], periods[count], voiced[count] = int(at), unvoiced_step, 0
            count += 1
            at += unvoiced_step
            previous_voiced = False
            continue
        period = rate / f
        if not previous_voiced:
            mark, largest = int(at), -1.0
            for i in range(int(at), min(n, int(at + period) + 1)):
                if abs(x[i]) > largest:
                    largest, mark = abs(x[i]), i
        else:
            half, last = int(period * 0.6), positions[count - 1]
            mark, best = int(last + period), -1e30
            for candidate in range(int(last + 0.8 * period), int(last + 1.25 * period) + 1):
                if candidate + half >= n or last - half < 0:
                    continue
                product, energy = 0.0, 1e-9
                for j in range(-half, half):
                    product += x[last + j] * x[candidate + j]
                    energy += x[candidate + j] * x[candidate + j]
                similarity = product / np.sqrt(energy)
                if similarity > best:
                    best, mark = similarity, candidate
        if mark >= n:
            break
        positions[count], periods[count], voiced[count] = mark, period, 1
        count += 1
        previous_voiced = True
        at = mark + period * 0.75
        if f0[min(frames - 1, int((mark + period) / hop + 0.5))] <= 0:
            at = mark + period
            previous_voiced = False
    return positions[:count], periods[:count], voiced[:count]


@numba.njit(cache=True)
def overlap_add(x, marks, periods, voiced, ratio, hop):
    """TD-PSOLA: Hann grains of two periods at the new spacing, gain ratio ** -0.5; unvoiced grains are copied."""
    n, count = len(x), len(marks)
    y = np.zeros(n + 8192)
    at, i = float(marks[0]) if count else 0.0, 0
    while at < n and count > 0:
        while i + 1 < count and abs(marks[i + 1] - at) <= abs(marks[i] - at):
            i += 1
        period = periods[i]
        r = ratio[min(len(ratio) - 1, int(at / hop + 0.5))] if voiced[i] else 1.0
        half, gain, centre = max(int(period), 8), 1.0 / np.sqrt(r) if voiced[i] else 1.0, int(at + 0.5)
        for j in range(-half, half):
            a, b = marks[i] + j, centre + j
            if 0 <= a < n and b >= 0:
                y[b] += gain * x[a] * (0.5 + 0.5 * np.cos(np.pi * j / half))
        at += period / r
    return y[:n]


def filter_frames(y: Array, gain: Array, hop: int) -> Array:
    """Multiplies the STFT of y by exp(gain), zero phase: Hann windows of half the FFT's length, every `hop` samples.

    `gain` [T, FFT / 2 + 1] is in nat; it is clipped to -4.6..3.5.
    """
    length = gain.shape[1] - 1
    window = np.hanning(length + 1)[:-1]
    padded = np.concatenate([np.zeros(length), y, np.zeros(2 * length)])
    out, norm = np.zeros_like(padded), np.zeros_like(padded)
    factor = np.exp(np.clip(gain, -4.6, 3.5))
    for t in range(len(y) // hop + 1):
        start = length + t * hop - length // 2
        spectrum = np.fft.rfft(padded[start : start + length] * window, 2 * length)
        filtered = np.fft.irfft(spectrum * factor[min(t, len(factor) - 1)])
        first = start - length // 2
        out[first : first + 2 * length] += np.roll(filtered, length // 2)
        norm[start : start + length] += window
    return (out / np.maximum(norm, 1e-3))[length : length + len(y)]


def level_like(y: Array, x: Array) -> Array:
    """y as loud as x (RMS), peaks at most 0.97."""
    y = y * np.sqrt(np.mean(x**2) / max(1e-12, np.mean(y**2)))
    return y * min(1, 0.97 / max(1e-9, np.abs(y).max()))
