"""Entries of models/manifest.json, and the card beside the files."""

import hashlib
import json
from pathlib import Path
from typing import Any

from .presets import Preset

LICENCE = "GPL-3.0-only"
"""Of Seed-VC's weights. The other networks' are freer: XLS-R, Whisper and HiFT Apache-2.0, BigVGAN and RMVPE MIT."""


def write_entry(folder: Path, preset: Preset, variant: str, files: list[Path], origin: str) -> dict[str, Any]:
    """manifest.json and README.md in `folder`, whose name is the model's id. `origin` says which weights these are."""
    entry = {
        "id": folder.name,
        "name": f"{preset.name}, {variant}",
        "version": "1",
        "licence": LICENCE,
        "source": origin,
        "card": f"{folder.name}/README.md",
        "files": [
            {"path": f"{folder.name}/{file.name}", "bytes": file.stat().st_size, "sha256": sha256(file)} for file in files
        ],
    }
    (folder / "manifest.json").write_text(json.dumps(entry, indent=2, ensure_ascii=False) + "\n")
    (folder / "README.md").write_text(card(preset, variant, origin))
    return entry


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def card(preset: Preset, variant: str, origin: str) -> str:
    sources = preset.sources
    rows = [
        f"| regulator, estimator | {' / '.join(sources.checkpoint)} | GPL-3.0 |",
        f"| encoder | {sources.encoder} | Apache-2.0 |",
        f"| vocoder | {' / '.join(sources.vocoder)} | {'Apache-2.0' if preset.vocoder == 'hift' else 'MIT'} |",
    ]
    if sources.pitch:
        rows.append(f"| pitch | {' / '.join(sources.pitch)} | MIT |")
    return "\n".join(
        [
            f"# {preset.name}",
            "",
            f"ONNX graphs, {variant}, made by `models/export`. Weights: {origin}.",
            "",
            "| graph | official weights | their licence |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )
