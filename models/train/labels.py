"""Which phone is spoken when, heard by a recogniser: the content network learns to tell phones, besides its main task.

    python -m train.labels AUDIO_FOLDER LABELS_FOLDER

pocketsphinx first recognises the words, then aligns its own hypothesis to phones; both are far from perfect, which
suffices. Writes one .npz a recording with the phones' names, first frames and lengths in frames of 10 ms.
"""

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pocketsphinx import Decoder, get_model_path

from .features import load, recordings

PHONES = (
    "SIL AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
).split()
PHONE_INDEX = {name: index for index, name in enumerate(PHONES)}
UNKNOWN = -1
"""Label of a frame that no phone covers; it is left out of the loss."""


class Alignment(NamedTuple):
    """Phones in their order; `starts` and `lengths` are in frames of 10 ms."""

    names: list[str]
    starts: list[int]
    lengths: list[int]


def make_decoder() -> Decoder:
    """The US English model, first pass only: the second ones cost more time than they bring."""
    models = get_model_path()
    return Decoder(
        hmm=f"{models}/en-us/en-us",
        lm=f"{models}/en-us/en-us.lm.bin",
        dict=f"{models}/en-us/cmudict-en-us.dict",
        loglevel="FATAL",
        fwdflat=False,
        bestpath=False,
        maxhmmpf=3000,
        ds=2,
    )


def align(decoder: Decoder, samples: NDArray[np.float64]) -> Alignment:
    """Recognises, then aligns. Throws when nothing was recognised; the decoder is then not to be used again."""
    pcm = (samples * 32767).clip(-32768, 32767).astype("<i2").tobytes()
    _decode(decoder, pcm)
    decoder.set_alignment()
    _decode(decoder, pcm)
    phones = [(phone.name, phone.start, phone.duration) for phone in decoder.get_alignment().phones()]
    decoder.activate_search()
    return Alignment(*(list(column) for column in zip(*phones, strict=True)))


def _decode(decoder: Decoder, pcm: bytes) -> None:
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()


def frame_labels(path: Path, frames: int) -> NDArray[np.int64]:
    """Index of the phone of each frame, shape [frames]. Noises count as silence; without the file, all are UNKNOWN."""
    labels = np.full(frames, UNKNOWN)
    if path.exists():
        stored = np.load(path)
        for name, start, length in zip(stored["names"], stored["starts"], stored["lengths"], strict=True):
            labels[start : start + length] = PHONE_INDEX.get(str(name), 0)
    return labels


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("audio", type=Path)
    parser.add_argument("labels", type=Path)
    arguments = parser.parse_args()

    arguments.labels.mkdir(parents=True, exist_ok=True)
    decoder = make_decoder()
    for path in recordings(arguments.audio):
        output = arguments.labels / f"{path.stem}.npz"
        if output.exists():
            continue
        try:
            alignment = align(decoder, load(path))
        except Exception as error:  # pocketsphinx raises plain errors of several kinds; one recording less is no loss
            print(f"{path.name}: no alignment ({error})", flush=True)
            decoder = make_decoder()
            continue
        np.savez(output, **alignment._asdict())
        print(path.name, len(alignment.names), flush=True)


if __name__ == "__main__":
    main()
