"""Which phones a recogniser hears. It is no judge of absolute clarity: a source is compared with its own conversion."""

from collections.abc import Sequence

import numpy as np
from pocketsphinx import Decoder, get_model_path

from .audio import Samples

NOT_PHONES = frozenset({"SIL", "+NSN+", "+SPN+", "<s>", "</s>", "(NULL)"})


def phones(samples: Samples) -> list[str]:
    """English phones (ARPAbet) by pocketsphinx's free phone loop, silence and noise left out."""
    models = get_model_path()
    decoder = Decoder(
        hmm=f"{models}/en-us/en-us",
        allphone=f"{models}/en-us/en-us-phone.lm.bin",
        lw=2.0,
        beam=1e-20,
        pbeam=1e-20,
        loglevel="FATAL",
    )
    levelled = samples / max(1e-6, np.abs(samples).max()) * 0.7
    decoder.start_utt()
    decoder.process_raw((levelled * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    return [segment.word for segment in decoder.seg() if segment.word not in NOT_PHONES]


def error_rate(expected: Sequence[str], heard: Sequence[str]) -> float:
    """Levenshtein distance over the number of expected symbols."""
    distances = np.arange(len(heard) + 1)
    for row, symbol in enumerate(expected, start=1):
        following = np.empty_like(distances)
        following[0] = row
        for column, other in enumerate(heard):
            following[column + 1] = min(
                distances[column + 1] + 1,
                following[column] + 1,
                distances[column] + (symbol != other),
            )
        distances = following
    return float(distances[-1] / max(1, len(expected)))
