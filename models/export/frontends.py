"""What upstream computes from sound before its networks, and RMVPE's way from salience to pitch: what the engine is compared with."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import Wav2Vec2FeatureExtractor, WhisperFeatureExtractor

from . import upstream
from .networks import Networks

Samples = NDArray[np.float32]
UNVOICED_BELOW = 0.03


def mel(samples: Samples, spectrum: dict) -> Tensor:
    """Log mel of the diffusion's target and prompt [1, bands, T]. `spectrum`: upstream's settings."""
    return upstream.mel_spectrogram(
        torch.from_numpy(samples)[None],
        n_fft=spectrum["n_fft"],
        num_mels=spectrum["n_mels"],
        sampling_rate=spectrum["sr"],
        hop_size=spectrum["hop_length"],
        win_size=spectrum["win_length"],
        fmin=spectrum.get("fmin", 0),
        fmax=None if spectrum.get("fmax", "None") == "None" else 8000,
    )


def xlsr_samples(samples16: Samples) -> Tensor:
    """[1, N]: mean 0, variance 1."""
    extract = Wav2Vec2FeatureExtractor(feature_size=1, sampling_rate=16000, do_normalize=True, return_attention_mask=True)
    return extract([samples16], sampling_rate=16000, return_tensors="pt", padding=True).input_values


def whisper_mel(samples16: Samples) -> Tensor:
    """[1, 80, 3000]: the window of 30 s."""
    return WhisperFeatureExtractor()([samples16], sampling_rate=16000, return_tensors="pt").input_features


def rmvpe_mel(samples16: Samples) -> Tensor:
    """[1, 128, F] at 100 Hz."""
    return _rmvpe_front()(torch.from_numpy(samples16)[None])


def _rmvpe_front() -> upstream.rmvpe.MelSpectrogram:
    return upstream.rmvpe.MelSpectrogram(False, 128, 16000, 1024, 160, None, 30, 8000)


def rmvpe(network: nn.Module | None) -> upstream.rmvpe.RMVPE:
    """Upstream's extractor around a network that is already built. Its own constructor reads a file of weights."""
    extractor = upstream.rmvpe.RMVPE.__new__(upstream.rmvpe.RMVPE)
    extractor.device, extractor.is_half = "cpu", False
    extractor.model, extractor.mel_extractor = network, _rmvpe_front()
    extractor.cents_mapping = np.pad(20 * np.arange(360) + 1997.3794084376191, (4, 4))
    return extractor


@torch.no_grad()
def content(networks: Networks, samples16: Samples) -> Tensor:
    """[1, S, channels] of up to 30 s."""
    if networks.preset.encoder == "xlsr":
        return networks.encoder(xlsr_samples(samples16)).last_hidden_state
    return networks.encoder(whisper_mel(samples16)).last_hidden_state[:, : len(samples16) // 320 + 1]
