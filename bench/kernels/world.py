"""One step of WORLD at a time, on one core, timed: the other side of world.ts.

    world.py SAMPLES.f32    16 kHz, mono

Prints one JSON line with the pitch that both sides then begin from (DIO, every 10 ms, 0 where unvoiced). For each line read, does
analysis and synthesis once and prints their times in milliseconds. Ends with its input.
"""
import json
import sys
import time

import numpy as np
import pyworld

RATE, FFT = 16000, 1024


def round_of_times(x, f0, times):
    started = time.perf_counter()
    refined = pyworld.stonemask(x, f0, times, RATE)
    after_pitch = time.perf_counter()
    envelope = pyworld.cheaptrick(x, refined, times, RATE, fft_size=FFT)
    after_envelope = time.perf_counter()
    aperiodicity = pyworld.d4c(x, refined, times, RATE, fft_size=FFT)
    after_aperiodicity = time.perf_counter()
    pyworld.synthesize(refined, envelope, aperiodicity, RATE)
    done = time.perf_counter()
    steps = dict(
        pitch=after_pitch - started,
        envelope=after_envelope - after_pitch,
        aperiodicity=after_aperiodicity - after_envelope,
        synthesis=done - after_aperiodicity,
    )
    return {name: 1000 * seconds for name, seconds in steps.items()}


def main():
    x = np.fromfile(sys.argv[1], "<f4").astype(np.float64)
    f0, times = pyworld.dio(x, RATE, frame_period=10.0)
    print(json.dumps(dict(f0=f0.tolist(), version=pyworld.__version__)), flush=True)
    for _ in sys.stdin:
        print(json.dumps(round_of_times(x, f0, times)), flush=True)


if __name__ == "__main__":
    main()
