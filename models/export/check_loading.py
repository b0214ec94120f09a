"""Does loading official files work? Writes random weights of narrow networks in the official files' forms, loads them, and compares what the networks give.

python -m export.check_loading
"""

import tempfile
from pathlib import Path

import torch
from transformers import Wav2Vec2Model, WhisperConfig, WhisperModel

from .check import by_upstream, examples
from .networks import Networks, build
from .presets import PRESETS
from .weights import Files, load_official


def main() -> None:
    for preset in PRESETS.values():
        written = build(preset.narrow())
        with tempfile.TemporaryDirectory() as folder:
            files = write(written, Path(folder))
            loaded = build(preset.narrow())
            load_official(loaded, files)
        for component in preset.components:
            (inputs,) = examples(written, component, (0.5,))
            a, b = (by_upstream(networks, component, inputs) for networks in (written, loaded))
            if not torch.equal(a, b):
                raise SystemExit(f"{preset.id}: {component} is not what was written")
        print(preset.id, "loads")


def write(networks: Networks, folder: Path) -> Files:
    files = Files(folder / "model.pth", str(folder / "encoder"), folder / "vocoder.pt", folder / "pitch.pt")
    cfm = {f"module.{name}": value for name, value in networks.flow.state_dict().items()}
    cfm["module.estimator.input_pos"] = torch.arange(8192)  # shorter than today's
    torch.save({"net": {"cfm": cfm, "length_regulator": networks.regulator.state_dict()}}, files.checkpoint)
    state = networks.vocoder.state_dict()
    torch.save(state if networks.preset.vocoder == "hift" else {"generator": state}, files.vocoder)
    if networks.pitch is not None:
        torch.save(networks.pitch.state_dict(), files.pitch)
    whole_encoder(networks).save_pretrained(folder / "encoder")
    return files


def whole_encoder(networks: Networks) -> Wav2Vec2Model | WhisperModel:
    """As published: XLS-R with layers that are cut off, Whisper with its decoder."""
    config, state = networks.encoder.config.to_dict(), networks.encoder.state_dict()
    if networks.preset.encoder == "whisper":
        small = {"decoder_layers": 1, "decoder_attention_heads": 2, "decoder_ffn_dim": 8, "vocab_size": 51865}
        model = WhisperModel(WhisperConfig(**{**config, **small}))
        model.encoder.load_state_dict(state)
        return model
    more = networks.encoder.config.num_hidden_layers + 2
    model = Wav2Vec2Model(type(networks.encoder.config)(**{**config, "num_hidden_layers": more}))
    model.load_state_dict(state, strict=False)
    return model


if __name__ == "__main__":
    main()
