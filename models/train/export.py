"""Checkpoint → encoder.onnx and decoder.onnx, as the engine runs them.

python -m train.export stage-two.pt ../models/mini
"""

import argparse
import io
from pathlib import Path

import onnx
import torch

from .features import BANDS
from .network import CONTENT, PROSODY, Decoder, Encoder
from .quantise import quantise
from .train import load

OPSET = 17
ENCODER_INPUTS, ENCODER_OUTPUTS = ["x"], ["z", "phone_logits"]
DECODER_INPUTS, DECODER_OUTPUTS = ["z", "prosody", "zr", "Er", "mask", "stats", "x"], ["E", "copy"]
FREE_LENGTHS = {
    "x": {2: "T"},
    "z": {2: "T2"},
    "phone_logits": {2: "T2"},
    "prosody": {2: "T"},
    "zr": {2: "R"},
    "Er": {2: "R"},
    "mask": {1: "R"},
    "E": {2: "T"},
    "copy": {2: "T2"},
}
"""Axes whose length is known only when the graph runs: T frames at 100 Hz, T2 = T / 2, R reference frames at 50 Hz."""


def export_encoder(encoder: Encoder) -> onnx.ModelProto:
    """x [1, BANDS, T] → z [1, CONTENT, T2], phone_logits [1, phones, T2]; T is even."""
    return _export(encoder, (torch.randn(1, BANDS, 200),), ENCODER_INPUTS, ENCODER_OUTPUTS)


def export_decoder(decoder: Decoder) -> onnx.ModelProto:
    """The inputs of `Decoder.forward` with B = 1 → E [1, BANDS, T], copy [1, BANDS, T2]."""
    inputs = (
        torch.randn(1, CONTENT, 100),
        torch.randn(1, PROSODY, 200),
        torch.randn(1, CONTENT, 150),
        torch.randn(1, BANDS, 150),
        torch.ones(1, 150),
        torch.randn(1, 2 * BANDS),
        torch.randn(1, BANDS, 200),
    )
    return _export(decoder, inputs, DECODER_INPUTS, DECODER_OUTPUTS)


def _export(
    network: torch.nn.Module, inputs: tuple[torch.Tensor, ...], input_names: list[str], output_names: list[str]
) -> onnx.ModelProto:
    file = io.BytesIO()
    names = {*input_names, *output_names}
    torch.onnx.export(
        network.eval(),
        inputs,
        file,
        input_names=input_names,
        output_names=output_names,
        dynamic_axes={name: axes for name, axes in FREE_LENGTHS.items() if name in names},
        opset_version=OPSET,
        dynamo=False,
    )
    return onnx.load_from_string(file.getvalue())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()

    arguments.folder.mkdir(parents=True, exist_ok=True)
    encoder, decoder = load(arguments.checkpoint)
    for name, graph in (("encoder", export_encoder(encoder)), ("decoder", export_decoder(decoder))):
        path = arguments.folder / f"{name}.onnx"
        onnx.save(quantise(graph), path)
        print(path, path.stat().st_size)


if __name__ == "__main__":
    main()
