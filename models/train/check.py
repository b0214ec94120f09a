"""Holds this code against the shipped graphs and against itself; fails with what is wrong.

    python -m train.check

1. The networks here, with the weights of models/mini/*.onnx, compute what those graphs compute.
2. Exporting them again gives graphs that compute it, too.
3. Both stages of training learn something in twenty steps on four recordings.
"""

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from . import features as front_end
from .config import StageOne, StageTwo
from .dataset import Utterance
from .examples import Examples
from .export import DECODER_INPUTS, export_decoder, export_encoder
from .features import BANDS
from .judge import judge_features
from .labels import align, frame_labels, make_decoder
from .network import CONTENT, PROSODY, Decoder, Encoder
from .quantise import quantise
from .train import train_stage_one, train_stage_two
from .weights import read_decoder, read_encoder

MODELS = Path(__file__).resolve().parent.parent
CLIPS = MODELS.parent / "samples"
LARGEST_ERROR = 1e-4
"""Of envelopes (natural log) and content; float32 sums in another order differ by less."""

FRAMES, REFERENCE_FRAMES = 400, 300
SMOKE_STEPS = 20


def random_inputs(frames: int, reference_frames: int, content: np.ndarray, view: np.ndarray) -> dict[str, np.ndarray]:
    """Inputs of the decoder, by name."""
    random = np.random.default_rng(1)
    mask = (random.random((1, reference_frames)) < 0.8).astype(np.float32)
    return {
        "z": content,
        "prosody": random.normal(size=(1, PROSODY, frames)).astype(np.float32),
        "zr": random.normal(size=(1, CONTENT, reference_frames)).astype(np.float32),
        "Er": random.normal(size=(1, BANDS, reference_frames)).astype(np.float32),
        "mask": mask,
        "stats": random.normal(size=(1, 2 * BANDS)).astype(np.float32),
        "x": view,
    }


def run_graphs(encoder: onnx.ModelProto, decoder: onnx.ModelProto) -> tuple[np.ndarray, np.ndarray]:
    """Content and envelopes that the two graphs find for the same random inputs every time."""
    view = np.random.default_rng(0).normal(size=(1, BANDS, FRAMES)).astype(np.float32)
    content = _session(encoder).run(["z"], {"x": view})[0]
    envelopes = _session(decoder).run(["E"], random_inputs(FRAMES, REFERENCE_FRAMES, content, view))[0]
    return content, envelopes


@torch.inference_mode()
def run_networks(encoder: Encoder, decoder: Decoder) -> tuple[np.ndarray, np.ndarray]:
    """As `run_graphs`, in PyTorch."""
    view = np.random.default_rng(0).normal(size=(1, BANDS, FRAMES)).astype(np.float32)
    content = encoder(torch.from_numpy(view))[0].numpy()
    inputs = random_inputs(FRAMES, REFERENCE_FRAMES, content, view)
    envelopes = decoder(*(torch.from_numpy(inputs[name]) for name in DECODER_INPUTS))[0].numpy()
    return content, envelopes


def check_networks(folder: Path) -> None:
    shipped = [onnx.load(folder / f"{name}.onnx") for name in ("encoder", "decoder")]
    encoder, decoder = read_encoder(folder / "encoder.onnx"), read_decoder(folder / "decoder.onnx")
    for network in (encoder, decoder):
        print(f"{type(network).__name__}: {sum(weight.numel() for weight in network.parameters())} weights")

    expected = run_graphs(*shipped)
    _compare("PyTorch with the shipped weights", run_networks(encoder, decoder), expected)

    exported = [quantise(export_encoder(encoder)), quantise(export_decoder(decoder))]
    _compare("exported again", run_graphs(*exported), expected)
    for ours, theirs in zip(exported, shipped, strict=True):
        print(f"  {ours.ByteSize()} bytes, shipped {theirs.ByteSize()}")
    with tempfile.TemporaryDirectory() as name:
        onnx.save(exported[1], f"{name}/decoder.onnx")
        again = read_decoder(Path(name) / "decoder.onnx")
    _compare("read back", run_networks(encoder, again), expected)


def check_training() -> None:
    utterances = _four_utterances()
    torch.manual_seed(0)
    encoder, decoder = Encoder(), Decoder()
    stage_one = replace(StageOne(), steps=SMOKE_STEPS, batch=4, warm_up_steps=1)
    stage_two = replace(StageTwo(), steps=SMOKE_STEPS, batch=4, warm_up_steps=1)
    for name, figures in (
        ("stage one", train_stage_one(encoder, decoder, Examples(utterances, seed=0), stage_one)),
        ("stage two", train_stage_two(encoder, decoder, Examples(utterances, seed=0), stage_two)),
    ):
        losses = np.array([figure["loss"] for figure in figures])
        first, last = losses[:5].mean(), losses[-5:].mean()
        print(f"{name}: loss {first:.3f} → {last:.3f} in {SMOKE_STEPS} steps")
        _require(bool(np.isfinite(losses).all()), f"{name}: a loss is not finite")
        _require(last < first, f"{name}: the loss did not fall")


def _four_utterances() -> list[Utterance]:
    decoder = make_decoder()
    utterances = []
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted((CLIPS / "voices").glob("*.flac")):
            samples = front_end.load(path)
            analysis = front_end.analyse(samples)
            judged = judge_features(samples, len(analysis.envelopes))
            labels = Path(folder) / f"{path.stem}.npz"
            np.savez(labels, **align(decoder, samples)._asdict())
            phones = frame_labels(labels, len(analysis.envelopes))
            print(f"{path.name}: {len(phones)} frames, {np.mean(phones >= 0):.0%} labelled")
            envelopes, pitch = analysis.envelopes.astype(np.float32), analysis.pitch.astype(np.float32)
            utterances.append(Utterance(path.stem, path.stem, envelopes, pitch, analysis.active, phones, *judged))
    return utterances


def _session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def _compare(what: str, found: tuple[np.ndarray, ...], expected: tuple[np.ndarray, ...]) -> None:
    errors = [float(np.abs(one - other).max()) for one, other in zip(found, expected, strict=True)]
    print(f"{what}: largest error of content {errors[0]:.1e}, of envelopes {errors[1]:.1e}")
    _require(max(errors) < LARGEST_ERROR, f"{what}: differs from the shipped graphs")


def _require(condition: bool, complaint: str) -> None:
    if not condition:
        raise SystemExit(complaint)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--models", type=Path, default=MODELS / "mini", help="folder with encoder.onnx and decoder.onnx"
    )
    arguments = parser.parse_args()
    check_networks(arguments.models)
    check_training()


if __name__ == "__main__":
    main()
