#!/usr/bin/env python3
"""Makes docs/pictures from the sample recordings with `giong convert`, in English and in Vietnamese.

    python scripts/pictures/make.py [--bun PATH]

needs the packages of bench/quality/requirements.txt. The chart of the speed is made from bench/out/convert.json, which
`bun bench/convert/index.ts` leaves; without that file it stays as it is. `tones.flac` was spoken by a synthesizer:
espeak-ng -v vi -s 100 "ba. bá. bà. bả. bã. bạ."
"""

import argparse
import json
import shutil
from pathlib import Path

import figures
import style
from speech import ROOT, convert, load
from words import WORDS

HERE = Path(__file__).resolve().parent
PICTURES = ROOT / "docs" / "pictures"
VOICES = ROOT / "samples" / "voices"
MEASUREMENTS = ROOT / "bench" / "out" / "convert.json"

PYTHON = "Python recipe, warm"

SYLLABLES = [("ba", "ngang"), ("bá", "sắc"), ("bà", "huyền"), ("bả", "hỏi"), ("bã", "ngã"), ("bạ", "nặng")]


def make_conversion(bun: str) -> None:
    """A woman's English sentence in a man's voice."""
    source, voice = ROOT / "samples" / "recordings" / "english.flac", VOICES / "2033.flac"
    seconds, reference = 3.2, load(voice)
    pieces = [
        load(source).piece(0.4, seconds),
        convert(bun, source, voice).piece(0.4, seconds),
        reference.piece(1.0, seconds),
    ]
    for language, words in WORDS.items():
        picture = figures.conversion(*pieces, reference.usual_pitch_range(), words)
        style.save(picture, PICTURES / f"conversion.{language}.png")


def make_tones(bun: str) -> None:
    """The six tones of Vietnamese, a man's, in a woman's voice."""
    source, voice = HERE / "tones.flac", VOICES / "3331.flac"
    pieces = [speech.piece(0, 2.99) for speech in (load(source), convert(bun, source, voice))]
    for language, words in WORDS.items():
        style.save(figures.tones(*pieces, SYLLABLES, words), PICTURES / f"tones.{language}.png")


def make_speed() -> None:
    """Real-time factors of the last benchmark, beside those that were measured elsewhere."""
    if not MEASUREMENTS.exists():
        print(f"{MEASUREMENTS} is not there: run bun bench/convert/index.ts for a new chart of the speed")
        return
    measured = json.loads(MEASUREMENTS.read_text())
    factors = {row["name"]: _factor(row["short"]) for row in measured["rows"] if isinstance(row["short"], dict)}
    elsewhere = [(other["name"], other["realTimeFactor"]) for other in measured["measuredElsewhere"]]
    for language, words in WORDS.items():
        own = [(f"Giọng, {how}", factors[name]) for name, how in words.systems.items() if name in factors]
        recipe = [(words.python, factors[PYTHON])] if PYTHON in factors else []
        groups = [(style.RESULT, own), (style.REFERENCE, recipe), (style.FAINT, elsewhere)]
        style.save(figures.speed(groups, words), PICTURES / f"speed.{language}.png")


def _factor(measurement: dict[str, float]) -> float:
    """By CPU time where it is known, for the clock on the wall depends on what else the machine did."""
    return measurement.get("cpuFactor", measurement["realTimeFactor"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bun", default=shutil.which("bun"), help="Bun (default: the one on the path)")
    bun = parser.parse_args().bun
    if bun is None:
        parser.error("no bun on the path: give --bun")

    style.apply()
    PICTURES.mkdir(parents=True, exist_ok=True)
    make_conversion(bun)
    make_tones(bun)
    make_speed()


if __name__ == "__main__":
    main()
