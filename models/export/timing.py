"""What upstream's PyTorch modules cost on this machine's CPU, with random weights in official sizes: JSON on standard output.

python -m export.timing seed-vc-fast --threads 1

The job is that of bench/seed-vc: 10 s of source in the voice of 5 s of reference. Times are medians in milliseconds.
"""

import argparse
import json
import resource
import statistics
import time
from typing import Any

import torch

from .check import Inputs, by_upstream, examples
from .networks import Networks, build
from .presets import PRESETS
from .weights import randomise

SOURCE, REFERENCE = 10.0, 5.0
"""Seconds."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", choices=PRESETS)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    networks = build(PRESETS[arguments.model])
    randomise(networks, seed=1)
    print(json.dumps({"model": arguments.model, "threads": arguments.threads, **measure(networks, arguments.rounds)}, indent=1))


def measure(networks: Networks, rounds: int) -> dict[str, Any]:
    """Milliseconds of each part, of what depends on the reference alone, of the rest of conversions with both branches of the guidance, and the process's
    peak memory. Front ends are not in them, nor is the speaker's embedding."""
    parts = {}
    for component in networks.preset.components:
        if component == "estimator":
            (both,) = examples(networks, component, (SOURCE + REFERENCE,))
            parts["step"] = median(networks, component, both, rounds)
            parts["step without guidance"] = median(networks, component, {name: value[:1] for name, value in both.items()}, rounds)
            continue
        durations = {"source": SOURCE} if component == "vocoder" else {"source": SOURCE, "reference": REFERENCE}
        for inputs, name in zip(examples(networks, component, tuple(durations.values())), durations, strict=True):
            parts[f"{component} {name}"] = median(networks, component, inputs, rounds)
    voice = sum(value for name, value in parts.items() if name.endswith(" reference"))
    once = sum(value for name, value in parts.items() if name.endswith(" source"))
    return {
        "parts": parts,
        "voice": voice,
        "conversion": {f"{steps} steps": once + steps * parts["step"] for steps in (4, 10)},
        "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def median(networks: Networks, component: str, inputs: Inputs, rounds: int) -> float:
    """After one round that does not count."""
    times = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        by_upstream(networks, component, inputs)
        times.append(1000 * (time.perf_counter() - start))
    return round(statistics.median(times[1:]), 1)


if __name__ == "__main__":
    main()
