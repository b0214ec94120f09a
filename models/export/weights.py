"""Weights for the networks: the official ones, or random ones of a seed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from huggingface_hub import hf_hub_download
from torch import Tensor, nn
from transformers import Wav2Vec2Model, WhisperModel

from .networks import Networks, fold, fold_weight_norm


@dataclass(frozen=True)
class Files:
    """Local files to use instead of the hub's."""

    checkpoint: Path | None = None
    """Seed-VC's .pth, official or fine-tuned."""
    encoder: str | None = None
    """A transformers model folder, or another name on the hub."""
    vocoder: Path | None = None
    pitch: Path | None = None


def load_official(networks: Networks, given: Files) -> None:
    """Fills all networks. What is not given is fetched from the hub. Raises when a weight that a graph needs is missing."""
    sources = networks.preset.sources
    _load_checkpoint(networks, given.checkpoint or _fetch(sources.checkpoint))
    _load_encoder(networks, given.encoder or sources.encoder)
    vocoder = _read(given.vocoder or _fetch(sources.vocoder))
    _load_vocoder(networks.vocoder, vocoder.get("generator", vocoder))
    if networks.pitch is not None and sources.pitch is not None:
        networks.pitch.load_state_dict(_read(given.pitch or _fetch(sources.pitch)))


def _fetch(source: tuple[str, str]) -> Path:
    return Path(hf_hub_download(*source))


def _read(path: Path) -> dict[str, Any]:
    return torch.load(path, map_location="cpu", weights_only=True)


UNUSED = ("input_pos", "cond_embedder.", "content_mask_embedder.", "x_embedder.", "embedding.", "extra_codebook", "mask_token")
"""How the names start of what no graph reads; some checkpoints lack it or have it in another shape."""


def _load_checkpoint(networks: Networks, path: Path) -> None:
    nets = _read(path)["net"]
    for key, prefix, network in (("cfm", "estimator.", networks.flow), ("length_regulator", "", networks.regulator)):
        own = network.state_dict()
        given = {name.removeprefix("module."): value for name, value in nets[key].items()}
        state = {name: value for name, value in given.items() if name in own and value.shape == own[name].shape}
        lacking = [name for name in own if name not in state and not name.removeprefix(prefix).startswith(UNUSED)]
        if lacking:
            raise ValueError(f"{path} has no fitting {key}.{lacking[0]}, nor {len(lacking) - 1} more")
        network.load_state_dict(state, strict=False)


def _load_encoder(networks: Networks, name: str) -> None:
    if networks.preset.encoder == "whisper":
        state = WhisperModel.from_pretrained(name, torch_dtype=torch.float32).encoder.state_dict()
    else:
        model = Wav2Vec2Model.from_pretrained(name, torch_dtype=torch.float32)
        model.encoder.layers = model.encoder.layers[: networks.preset.sizes.encoder_layers]
        state = model.state_dict()
    networks.encoder.load_state_dict(state)


def _load_vocoder(vocoder: nn.Module, state: dict[str, Tensor]) -> None:
    """Some published files have plain weights, others direction and length."""
    if not any(name.endswith("weight_g") for name in state):
        fold_weight_norm(vocoder)
    vocoder.load_state_dict(state)


@torch.no_grad()
def randomise(networks: Networks, seed: int) -> None:
    """Seeded weights that keep signals at a usual size through every layer, so that a wrong one shows. They say nothing about sound.
    Folds weight norm."""
    fold(networks)
    random = torch.Generator().manual_seed(seed)
    for component, network in networks.all.items():
        gain = 0.7 if component in ("vocoder", "pitch") else 1.0
        for module in network.modules():
            _fill(module, gain, random)
    if networks.preset.vocoder == "hift":
        # Pitches around 100 Hz, some below the threshold of 10 Hz.
        networks.vocoder.f0_predictor.classifier.weight.mul_(150)
        networks.vocoder.f0_predictor.classifier.bias.fill_(90)
    if networks.pitch is not None:
        # Clear maxima, for with near ties rounding would decide; and most of them between 70 and 500 Hz.
        linear = networks.pitch.fc[1]
        linear.weight.mul_(16)
        linear.bias.copy_(-(((torch.arange(360) - 160) / 40) ** 2))


def _fill(module: nn.Module, gain: float, random: torch.Generator) -> None:
    own = dict(module.named_parameters(recurse=False))
    for name, parameter in own.items():
        noise = torch.randn(parameter.shape, generator=random)
        if isinstance(module, nn.Embedding) or name in ("mask_token", "f0_mask"):
            parameter.copy_(noise * 0.5)
        elif parameter.ndim > 1:
            parameter.copy_(noise * gain / _fan_in(module, parameter) ** 0.5)
        elif "bias" in name or name in ("alpha", "beta"):
            base = parameter if name in ("alpha", "beta") else 0
            parameter.copy_(base + noise * 0.1)
        else:
            parameter.copy_(1 + noise * 0.1)
    if isinstance(module, nn.BatchNorm2d):
        module.running_mean.copy_(torch.randn(module.running_mean.shape, generator=random) * 0.1)
        module.running_var.copy_(1 + torch.rand(module.running_var.shape, generator=random) * 0.2)


def _fan_in(module: nn.Module, weight: Tensor) -> float:
    """Weights that add up to one output value."""
    if isinstance(module, nn.ConvTranspose1d | nn.ConvTranspose2d):
        stride = torch.tensor(module.stride).prod().item()
        return weight.shape[0] * weight[0, 0].numel() / stride
    return weight[0].numel()
