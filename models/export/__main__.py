"""An official Seed-VC model → ONNX graphs for the engine, each compared with PyTorch.

python -m export seed-vc-fast --out DIR                       official weights, from the Hugging Face hub
python -m export seed-vc-fast --out DIR --checkpoint FILE     a fine-tuned .pth
python -m export seed-vc-fast --out DIR --random-seed 1       no weights at hand: for tests and measurements
"""

import argparse
from pathlib import Path

import onnx
import torch

from .check import by_upstream, compare, examples
from .components import graph_of
from .hift_weights import save_weights
from .manifest import write_entry
from .networks import Networks, build, fold
from .onnx_files import VARIANTS, to_onnx, variant_of
from .presets import PRESETS
from .weights import Files, randomise, load_official

SECONDS = (1.7, 0.6)
"""Durations at which graphs are compared."""


def main() -> None:
    arguments = parse()
    preset = PRESETS[arguments.model]
    networks = build(preset.narrow() if arguments.narrow else preset)
    if arguments.random_seed is None:
        given = Files(arguments.checkpoint, arguments.encoder, arguments.vocoder, arguments.pitch)
        load_official(networks, given)
        fold(networks)
        origin = " / ".join(preset.sources.checkpoint) if arguments.checkpoint is None else arguments.checkpoint.name
    else:
        randomise(networks, arguments.random_seed)
        origin = f"random weights of seed {arguments.random_seed}, not a voice converter"
    export(networks, arguments.out, arguments.variants, origin, arguments.native)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="export", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", choices=PRESETS)
    parser.add_argument("--out", type=Path, required=True, help="gets a folder for each variant")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--checkpoint", type=Path, help="Seed-VC's .pth instead of the official one")
    parser.add_argument("--encoder", help="folder of the content encoder in transformers' form")
    parser.add_argument("--vocoder", type=Path, help="hift.pt or bigvgan_generator.pt")
    parser.add_argument("--pitch", type=Path, help="rmvpe.pt")
    parser.add_argument("--random-seed", type=int, help="random weights instead of official ones")
    parser.add_argument("--native", action="store_true", help="faster in the native runtime, slower in WebAssembly")
    parser.add_argument("--narrow", action="store_true", help="few channels and layers; needs --random-seed")
    arguments = parser.parse_args()
    files = (arguments.checkpoint, arguments.encoder, arguments.vocoder, arguments.pitch)
    if arguments.random_seed is not None and any(file is not None for file in files):
        parser.error("--random-seed takes no files of weights")
    if arguments.narrow and arguments.random_seed is None:
        parser.error("--narrow needs --random-seed: there are no narrow official weights")
    return arguments


def export(networks: Networks, out: Path, variants: list[str], origin: str, is_native: bool) -> None:
    """Writes out/<id>[-<variant>]/<component>.onnx, and HiFT's weights once more, with manifest entry and card. Raises `GraphDiffers`."""
    preset = networks.preset
    folders = {variant: out / (preset.id if variant == "fp32" else f"{preset.id}-{variant}") for variant in variants}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    for component in preset.components:
        inputs = examples(networks, component, SECONDS)
        cases = [(case, by_upstream(networks, component, case)) for case in inputs]
        model = to_onnx(graph_of(networks, component, is_native))
        for variant, folder in folders.items():
            file = folder / f"{component}.onnx"
            onnx.save(variant_of(model, component, variant), file)
            distances = " ".join(f"{value:.1e}" for value in compare(file, cases, variant))
            print(f"{component:<10} {variant} {file.stat().st_size / 1e6:8.1f} MB  relative L2 {distances}", flush=True)
    for variant, folder in folders.items():
        if preset.vocoder == "hift":
            save_weights(networks.vocoder, folder / "vocoder.safetensors", has_halves=variant != "fp32")
        write_entry(folder, preset, variant, [folder / file for file in preset.files], origin)


if __name__ == "__main__":
    torch.manual_seed(0)
    main()
