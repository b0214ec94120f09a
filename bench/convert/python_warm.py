"""The Python recipe of `mini`, measured: python_warm.py RECIPE_FOLDER SOURCE REFERENCE ROUNDS prints timings as JSON.

Decoding, conversion and encoding count; importing, compiling (numba) and loading the graphs do not.
"""

import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

folder, source_file, reference_file, rounds = sys.argv[1:]
sys.path.insert(0, folder)

import convert as recipe  # noqa: E402
import soundfile  # noqa: E402


def main() -> None:
    network = recipe.Network(recipe.WEIGHTS)
    short = recipe.analyse(recipe.load(reference_file))
    recipe.convert(short, short, network)  # compiles

    start = time.perf_counter()
    voice = recipe.analyse(recipe.load(reference_file))
    voice_seconds = time.perf_counter() - start

    convert_seconds, convert_cpu_seconds = [], []
    with TemporaryDirectory() as temporary:
        for _ in range(int(rounds)):
            start, cpu_start = time.perf_counter(), time.process_time()
            output, _ = recipe.convert(recipe.analyse(recipe.load(source_file)), voice, network)
            soundfile.write(Path(temporary) / "out.wav", output, recipe.RATE)
            convert_seconds.append(time.perf_counter() - start)
            convert_cpu_seconds.append(time.process_time() - cpu_start)
    timings = {
        "voiceSeconds": voice_seconds,
        "convertSeconds": convert_seconds,
        "convertCpuSeconds": convert_cpu_seconds,
        "sourceSeconds": len(output) / recipe.RATE,
    }
    print(json.dumps(timings))


if __name__ == "__main__":
    main()
