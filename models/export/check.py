"""Compares a graph in ONNX Runtime with upstream's own modules, at two lengths that are not the tracer's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np
import onnxruntime
import torch
from torch import Tensor

from .networks import Networks
from .upstream import hift

TOLERANCE = {"fp32": 1e-3, "fp16": 1e-2, "int8": 1e-1}
"""Largest relative L2 distance. What int8 does to the sound of trained weights is not known here: this only finds a broken graph."""

Inputs = dict[str, Tensor]


class GraphDiffers(Exception):
    """A graph is farther from PyTorch than TOLERANCE."""


def examples(networks: Networks, component: str, seconds: tuple[float, ...]) -> list[Inputs]:
    """Seeded inputs of a component for each duration."""
    random = torch.Generator().manual_seed(1)
    normal = lambda *shape: torch.randn(shape, generator=random)
    return [_example(networks, component, duration, normal) for duration in seconds]


def _example(networks: Networks, component: str, seconds: float, normal) -> Inputs:
    preset, spectrum = networks.preset, networks.spectrum
    bands, frames = spectrum["n_mels"], int(seconds * spectrum["sr"] / spectrum["hop_length"])
    content = int(seconds * 50)
    match component:
        case "features":
            return {"samples": normal(1, int(seconds * 16000))}
        case "encoder" if preset.encoder == "xlsr":
            return {"features": xlsr_features(networks, normal(1, int(seconds * 16000)))}
        case "encoder":
            return {"mel": normal(1, 80, 3000)}
        case "regulator":
            inputs = {"content": normal(1, content, preset.sizes.content), "index": nearest(content, frames)}
            return {**inputs, "pitch": (normal(frames) * 60 + 120).round().long().clamp(1, 255)} if preset.uses_pitch else inputs
        case "estimator":
            prompt_frames = frames // 3
            x, prompt = normal(2, bands, frames - prompt_frames), normal(2, bands, prompt_frames)
            return {"x": x, "prompt": prompt, "time": torch.tensor([0.3, 0.3]), "style": normal(2, 192), "condition": normal(2, frames, preset.sizes.hidden)}
        case "vocoder":
            mel = normal(1, bands, frames) * 2 - 5
            if preset.vocoder == "bigvgan":
                return {"mel": mel}
            phase = normal(1, 9, 1)
            phase[:, 0] = 0
            noise = normal(1, 9, frames * spectrum["hop_length"])
            return {"mel": mel, "phase": phase, "noise": noise, "anchor": torch.zeros(1, dtype=torch.int64)}
        case _:
            return {"mel": normal(1, 128, max(1, int(seconds * 100) // 32) * 32) * 2 - 5}


def nearest(length: int, target: int) -> Tensor:
    """Where each of `target` frames looks in `length` frames, in float32 as torch's nearest interpolation does."""
    scale = np.float32(length) / np.float32(target)
    index = np.floor(np.arange(target, dtype=np.float32) * scale).astype(np.int64)
    return torch.from_numpy(np.minimum(index, length - 1))


@torch.no_grad()
def by_upstream(networks: Networks, component: str, inputs: Inputs) -> Tensor:
    """What upstream's module gives."""
    match component:
        case "features":
            return xlsr_features(networks, inputs["samples"])
        case "encoder" if networks.preset.encoder == "xlsr":
            hidden, _ = networks.encoder.feature_projection(inputs["features"])
            return networks.encoder.encoder(hidden).last_hidden_state
        case "encoder":
            return networks.encoder(inputs["mel"]).last_hidden_state
        case "regulator":
            return _regulate(networks, inputs)
        case "estimator":
            x, prompt, time, style, condition = inputs.values()
            lengths = torch.full((len(x),), condition.shape[1])
            states, prompts = torch.cat([torch.zeros_like(prompt), x], 2), torch.cat([prompt, torch.zeros_like(x)], 2)
            return networks.flow.estimator(states, prompts, lengths, time, style, condition)[..., prompt.shape[2] :]
        case "vocoder" if networks.preset.vocoder == "hift":
            with drawn(inputs["phase"], inputs["noise"]):
                return networks.vocoder(inputs["mel"])
        case "vocoder":
            return networks.vocoder(inputs["mel"])[:, 0]
        case _:
            return networks.pitch(inputs["mel"])


@torch.no_grad()
def xlsr_features(networks: Networks, samples: Tensor) -> Tensor:
    """Samples [1, N] → [1, S, channels]."""
    return networks.encoder.feature_extractor(samples).transpose(1, 2)


def _regulate(networks: Networks, inputs: Inputs) -> Tensor:
    lengths = torch.tensor([len(inputs["index"])])
    pitch = {}
    if "pitch" in inputs:
        # A pitch in the middle of each bin, from which upstream finds the bin.
        low, high = 1127 * np.log1p(50 / 700), 1127 * np.log1p(1100 / 700)
        mel = (inputs["pitch"].double() - 1) * (high - low) / (networks.regulator.n_f0_bins - 2) + low
        pitch["f0"] = (700 * torch.expm1(mel / 1127)).float()[None]
    return networks.regulator(inputs["content"], ylens=lengths, n_quantizers=3, **pitch)[0]


@contextmanager
def drawn(phase: Tensor, noise: Tensor) -> Iterator[None]:
    """Within it, HiFT draws these. (It also draws noise that it never uses.)"""

    class Drawn:
        def __init__(self, **_: float) -> None: ...

        def sample(self, sample_shape: tuple[int, ...]) -> Tensor:
            return phase.clone()

    normal = lambda like: noise if like.shape == noise.shape else torch.zeros_like(like)
    with patch.object(hift, "Uniform", Drawn), patch.object(torch, "randn_like", normal):
        yield


def distance(got: np.ndarray, wanted: np.ndarray) -> float:
    """Relative L2."""
    if got.shape != wanted.shape:
        raise GraphDiffers(f"shape {got.shape}, not {wanted.shape}")
    return float(np.linalg.norm(got - wanted) / np.linalg.norm(wanted))


def compare(file: Path, cases: list[tuple[Inputs, Tensor]], variant: str) -> list[float]:
    """Relative L2 of each case. Raises `GraphDiffers`."""
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    distances = []
    for inputs, wanted in cases:
        got, *_ = session.run(None, {name: value.numpy() for name, value in inputs.items()})
        distances.append(distance(got, wanted.numpy()))
    if not max(distances) <= TOLERANCE[variant]:
        raise GraphDiffers(f"{file}: relative L2 {max(distances):.2e}, more than {TOLERANCE[variant]:.0e}")
    return distances
