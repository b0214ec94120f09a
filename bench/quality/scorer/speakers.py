"""Two judges of whose voice it is. Both give unit vectors; the similarity is their dot product."""

import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from .audio import SAMPLE_RATE, Samples
from .filterbank import log_mel_filterbank

Embedding = NDArray[np.float32]


class Resemblyzer:
    """GE2E speaker embedding [256] (Wan et al. 2018) of the package `resemblyzer`, which carries its weights."""

    def __init__(self) -> None:
        from resemblyzer import VoiceEncoder, preprocess_wav

        self._encoder = VoiceEncoder("cpu", verbose=False)
        self._preprocess = preprocess_wav

    def __call__(self, samples: Samples) -> Embedding:
        """Unit vector [256]."""
        return self._encoder.embed_utterance(self._preprocess(samples, SAMPLE_RATE))


class CamPlus:
    """CAM++ speaker embedding [192] (Wang et al. 2023, 3D-Speaker). Nothing in this project was trained on it."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds `campplus_cn_common.bin` and `modules/campplus/`, see `weights.py`."""
        sys.path.insert(0, str(folder / "modules"))
        try:
            from campplus.DTDNN import CAMPPlus
        finally:
            sys.path.pop(0)
        self._network = CAMPPlus(feat_dim=80, embedding_size=192)
        self._network.load_state_dict(
            torch.load(folder / "campplus_cn_common.bin", map_location="cpu", weights_only=True)
        )
        self._network.eval()

    @torch.inference_mode()
    def __call__(self, samples: Samples) -> Embedding:
        """Unit vector [192]."""
        features = log_mel_filterbank(samples)
        features = features - features.mean(0, keepdims=True)
        embedding = self._network(torch.from_numpy(features)[None])[0].numpy()
        return embedding / np.linalg.norm(embedding)
