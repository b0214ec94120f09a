"""Fixtures of the engine's tests: narrow graphs, and what upstream's PyTorch code gives with the same weights.

python -m export.fixtures ../tests/fixtures/seed-vc
"""

import argparse
import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import onnx
import soundfile
import soxr
import torch
from torch import Tensor

from . import frontends
from .check import by_upstream, compare, drawn, examples, nearest
from .components import graph_of
from .hift_weights import save_weights
from .networks import Networks, build, round_to_half
from .onnx_files import tidied, to_onnx, with_half_weights
from .presets import PRESETS, Preset
from .upstream import f0_to_coarse, flow_matching
from .weights import randomise

SAMPLES = Path(__file__).parents[2] / "samples"
SOURCE = ("recordings/english.flac", 1.0, 2.2)
REFERENCE = ("voices/1688.flac", 1.0, 1.9)
"""File below `samples/`, start and end in seconds."""
SEED, STEPS, GUIDANCE, SEMITONES, VOCODED = 1, 4, 0.7, 3, 24
"""VOCODED: frames that the vocoder's golden has."""

Arrays = dict[str, np.ndarray]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--models", nargs="+", choices=PRESETS, default=list(PRESETS))
    arguments = parser.parse_args()
    write(arguments.folder, "frontends", front_ends(), {"source": SOURCE})
    for name in arguments.models:
        make(PRESETS[name].narrow(), arguments.folder / name.removeprefix("seed-vc-"))


def make(preset: Preset, folder: Path) -> None:
    """Graphs and golden.* of one narrow model."""
    folder.mkdir(parents=True, exist_ok=True)
    networks = build(preset)
    randomise(networks, SEED)
    for network in networks.all.values():
        round_to_half(network)
    for component in preset.components:
        cases = [(case, by_upstream(networks, component, case)) for case in examples(networks, component, (0.8, 0.5))]
        file = folder / f"{component}.onnx"
        onnx.save(tidied(with_half_weights(to_onnx(graph_of(networks, component)), exact=True)), file)
        print(preset.id, component, file.stat().st_size, *(f"{value:.1e}" for value in compare(file, cases, "fp32")), flush=True)
    if preset.vocoder == "hift":
        save_weights(networks.vocoder, folder / "vocoder.safetensors", has_halves=True, exact=True)
    write(folder, "golden", *golden(networks))


def front_ends() -> Arrays:
    stored = {rate: clip(SOURCE, rate) for rate in (16000, 22050, 44100)}
    low, high, telephone = (as_floats(stored[rate]) for rate in (22050, 44100, 16000))
    settings = {"n_fft": 1024, "win_length": 1024, "hop_length": 256, "n_mels": 80, "sr": 22050}
    high_settings = {"n_fft": 2048, "win_length": 2048, "hop_length": 512, "n_mels": 128, "sr": 44100}
    salience = np.random.default_rng(SEED).random((12, 360), np.float32)
    salience[::3] *= frontends.UNVOICED_BELOW
    return {
        "samples16": stored[16000],
        "samples22": stored[22050],
        "samples44": stored[44100],
        "mel22_8000": frontends.mel(low, {**settings, "fmax": 8000})[0],
        "mel22": frontends.mel(low, settings)[0],
        "mel44": frontends.mel(high, high_settings)[0],
        "whisper": frontends.whisper_mel(telephone)[0, :, : len(telephone) // 160 + 10],
        "rmvpe": frontends.rmvpe_mel(telephone)[0],
        "xlsr": frontends.xlsr_samples(telephone)[0],
        "salience": salience,
        "salience_pitch": frontends.rmvpe(None).decode(salience, frontends.UNVOICED_BELOW).astype(np.float32),
    }


@torch.no_grad()
def golden(networks: Networks) -> tuple[Arrays, dict[str, Any]]:
    """Every stage of one conversion, and its settings."""
    spectrum = networks.spectrum
    rate, hop, bands = spectrum["sr"], spectrum["hop_length"], spectrum["n_mels"]
    stored = {"source": clip(SOURCE, rate), "reference": clip(REFERENCE, rate)}
    sounds = {name: as_floats(samples) for name, samples in stored.items()}
    low = {name: soxr.resample(samples, rate, 16000, "VHQ") for name, samples in sounds.items()}
    mels = {name: frontends.mel(samples, spectrum) for name, samples in sounds.items()}
    arrays: Arrays = {**stored, **{f"{name}16": samples for name, samples in low.items()}, "reference_mel": mels["reference"][0]}

    pitches = pitch_of(networks, low) if networks.preset.uses_pitch else {}
    arrays |= pitches
    conditions = {}
    for name in sounds:
        content = frontends.content(networks, low[name])
        frames = mels[name].shape[2]
        pitch = pitches.get("source_pitch_shifted" if name == "source" else "reference_pitch")
        given = {} if pitch is None else {"f0": torch.from_numpy(pitch)[None]}
        conditions[name] = networks.regulator(content, ylens=torch.tensor([frames]), n_quantizers=3, **given)[0]
        arrays |= {f"{name}_content": content[0], f"{name}_index": nearest(content.shape[1], frames), f"{name}_condition": conditions[name][0]}
        if pitch is not None:
            bins = f0_to_coarse(torch.from_numpy(pitch), networks.regulator.n_f0_bins)
            arrays[f"{name}_bins"] = bins[nearest(len(pitch), frames)]

    prompt = mels["reference"]
    condition = torch.cat([conditions["reference"], conditions["source"]], 1)
    random = torch.Generator().manual_seed(SEED)
    style = torch.randn(1, 192, generator=random)
    noise = torch.randn(1, bands, condition.shape[1], generator=random)
    mel = sample(networks, condition, prompt, style, noise, GUIDANCE)
    start = noise.clone()
    start[..., : prompt.shape[2]] = 0
    arrays |= {
        "style": style[0],
        "z": noise[0],
        "velocity_conditional": velocity(networks, start, prompt, style, condition),
        "velocity_unconditional": velocity(networks, start, prompt[..., :0], 0 * style, 0 * condition),
        "mel": mel[0],
        "mel_without_guidance": sample(networks, condition, prompt, style, noise, 0.0)[0],
    }
    arrays |= vocode(networks, mel[..., :VOCODED], hop, random)
    facts = {
        "rate": rate,
        "hop": hop,
        "bands": bands,
        "steps": STEPS,
        "cfg": GUIDANCE,
        "lengthAdjust": 1,
        "autoF0Adjust": networks.preset.uses_pitch,
        "semitones": SEMITONES if networks.preset.uses_pitch else 0,
    }
    return arrays, facts


def pitch_of(networks: Networks, samples: dict[str, np.ndarray]) -> Arrays:
    """Pitches in Hz at 100 Hz; the source's also moved to the reference's median and by SEMITONES."""
    extractor = frontends.rmvpe(networks.pitch)
    source, reference = (extractor.infer_from_audio(samples[name], frontends.UNVOICED_BELOW) for name in ("source", "reference"))
    source, reference = source.astype(np.float32), reference.astype(np.float32)
    logs = {name: torch.from_numpy(np.log(pitch[pitch > 1] + 1e-5)) for name, pitch in (("source", source), ("reference", reference))}
    shifted = np.log(source + 1e-5)
    shifted[source > 1] += logs["reference"].median().item() - logs["source"].median().item()
    shifted = np.exp(shifted)
    shifted[source > 1] *= 2 ** (SEMITONES / 12)
    return {"source_pitch": source, "reference_pitch": reference, "source_pitch_shifted": shifted.astype(np.float32)}


def sample(networks: Networks, condition: Tensor, prompt: Tensor, style: Tensor, noise: Tensor, guidance: float) -> Tensor:
    """Upstream's sampler from given noise → mel [1, bands, T] after the prompt."""
    lengths = torch.tensor([condition.shape[1]])
    with patch.object(torch, "randn", lambda *_, **__: noise.clone()), patch.object(flow_matching, "tqdm", lambda steps: steps):
        mel = networks.flow.inference(condition.clone(), lengths, prompt, style, None, STEPS, inference_cfg_rate=guidance)
    return mel[..., prompt.shape[2] :].clone()


def velocity(networks: Networks, x: Tensor, prompt: Tensor, style: Tensor, condition: Tensor) -> Tensor:
    """[bands, T] at time 0."""
    whole = torch.zeros_like(x)
    whole[..., : prompt.shape[2]] = prompt
    return networks.flow.estimator(x, whole, torch.tensor([x.shape[2]]), torch.zeros(1), style, condition)[0]


def vocode(networks: Networks, mel: Tensor, hop: int, random: torch.Generator) -> Arrays:
    arrays: Arrays = {"vocoder_mel": mel[0]}
    if networks.preset.vocoder == "bigvgan":
        return {**arrays, "audio": networks.vocoder(mel)[0, 0]}
    phase = (torch.rand(1, 9, 1, generator=random) * 2 - 1) * torch.pi
    phase[:, 0] = 0
    noise = torch.randn(1, 9, hop * mel.shape[2], generator=random)
    with drawn(phase, noise):
        audio = networks.vocoder(mel)[0]
    return {**arrays, "phase": phase[0, :, 0], "noise": noise[0], "audio": audio}


def clip(excerpt: tuple[str, float, float], rate: int) -> np.ndarray:
    """16-bit samples of the excerpt at `rate`."""
    file, start, end = excerpt
    samples, recorded = soundfile.read(SAMPLES / file, dtype="float32")
    resampled = soxr.resample(samples[int(start * recorded) : int(end * recorded)], recorded, rate, "VHQ")
    return np.round(np.clip(resampled, -1, 1) * 32767).astype(np.int16)


def as_floats(samples: np.ndarray) -> np.ndarray:
    return (samples / 32768).astype(np.float32)


def write(folder: Path, name: str, arrays: Arrays, facts: dict[str, Any]) -> None:
    """NAME.bin: the arrays one after another, each at a multiple of 8 bytes. NAME.json: where each stands, and the facts."""
    folder.mkdir(parents=True, exist_ok=True)
    index, offset = {}, 0
    with (folder / f"{name}.bin").open("wb") as file:
        for key, array in arrays.items():
            data = np.ascontiguousarray(array)
            index[key] = {"dtype": str(data.dtype), "dims": data.shape, "offset": offset}
            padding = -data.nbytes % 8
            file.write(data.tobytes() + b"\0" * padding)
            offset += data.nbytes + padding
    (folder / f"{name}.json").write_text(json.dumps({"arrays": index, **facts}, indent=1) + "\n")


if __name__ == "__main__":
    main()
