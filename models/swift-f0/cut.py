"""Makes network.onnx of the model inside the wheel of swift-f0: all that comes after its spectra.

    pip install -r models/train/requirements.txt
    python models/swift-f0/cut.py

The published graph takes sound and computes three band spectra first, their Fourier transforms as products of matrices.
core/engines/mini/pitch-spectra.ts computes the same. The weights stay as they are.
"""

from pathlib import Path

import onnx
import swift_f0
from onnx.utils import Extractor

# Logarithms of the three spectra, [1, 3, 128, frames].
SPECTRA = "v352"


def main() -> None:
    model = onnx.load(Path(swift_f0.__file__).parent / "model.onnx")
    shape = [1, 3, 128, "frames"]
    model.graph.value_info.append(onnx.helper.make_tensor_value_info(SPECTRA, onnx.TensorProto.FLOAT, shape))
    network = Extractor(model).extract_model([SPECTRA, "fmin", "fmax"], ["pitch", "confidence"])
    network.graph.input[0].name = "spectra"
    for node in network.graph.node:
        node.input[:] = ["spectra" if name == SPECTRA else name for name in node.input]
    onnx.checker.check_model(network)
    onnx.save(network, Path(__file__).parent / "network.onnx")


if __name__ == "__main__":
    main()
