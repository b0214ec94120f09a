"""DNSMOS P.835 (Reddy et al. 2022): opinion scores for speech, background and the whole, without a clean original."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime

from .audio import SAMPLE_RATE, Samples

MODEL = Path(__file__).resolve().parent.parent / "dnsmos" / "dnsmos_sig_bak_ovr.onnx"
WINDOW_SAMPLES = int(9.01 * SAMPLE_RATE)
HOP_SAMPLES = SAMPLE_RATE

# The network's raw scores are mapped to the scale of the listening test by these polynomials, highest power first.
SPEECH_FIT = (-0.08397278, 1.22083953, 0.0052439)
BACKGROUND_FIT = (-0.13166888, 1.60915514, -0.39604546)
OVERALL_FIT = (-0.06766283, 1.11546468, 0.04602535)


class Opinion(NamedTuple):
    """Mean opinion scores, 1 to 5."""

    speech: float
    background: float
    overall: float


class Dnsmos:
    """The model of the folder `dnsmos/`."""

    def __init__(self) -> None:
        self._session = onnxruntime.InferenceSession(MODEL, providers=["CPUExecutionProvider"])

    def __call__(self, samples: Samples) -> Opinion:
        """Mean over 9.01 s windows, one a second; what is shorter than a window is repeated until it fills one."""
        while len(samples) < WINDOW_SAMPLES:
            samples = np.append(samples, samples)
        starts = range(0, len(samples) - WINDOW_SAMPLES + 1, HOP_SAMPLES)
        raw = np.array([self._window(samples[start : start + WINDOW_SAMPLES]) for start in starts])
        fits = (SPEECH_FIT, BACKGROUND_FIT, OVERALL_FIT)
        return Opinion(*(float(np.polyval(fit, raw[:, column]).mean()) for column, fit in enumerate(fits)))

    def _window(self, samples: Samples) -> list[float]:
        return self._session.run(None, {"input_1": samples[None]})[0][0]
