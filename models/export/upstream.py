"""What is used of the package seed-vc (GPL-3.0): its network classes and front ends are imported, nothing of it is copied."""

import sys
import types


def _leave_out_training_codecs() -> None:
    """The regulator's module imports a vector quantiser of a codec package that none of these models uses: an empty stand-in saves its
    thirty dependencies."""
    for name in ("audiocodec", "audiocodec.dac", "audiocodec.dac.nn", "audiocodec.dac.nn.quantize"):
        sys.modules.setdefault(name, types.ModuleType(name))
    sys.modules["audiocodec.dac.nn.quantize"].VectorQuantize = None


_leave_out_training_codecs()

from seed_vc.modules import flow_matching, rmvpe  # noqa: E402
from seed_vc.modules.audio import mel_spectrogram  # noqa: E402
from seed_vc.modules.bigvgan.bigvgan import BigVGAN  # noqa: E402
from seed_vc.modules.bigvgan.env import AttrDict  # noqa: E402
from seed_vc.modules.commons import build_model, recursive_munch  # noqa: E402
from seed_vc.modules.hifigan import generator as hift  # noqa: E402
from seed_vc.modules.hifigan.f0_predictor import ConvRNNF0Predictor  # noqa: E402
from seed_vc.modules.length_regulator import f0_to_coarse  # noqa: E402

__all__ = [
    "AttrDict",
    "BigVGAN",
    "ConvRNNF0Predictor",
    "build_model",
    "f0_to_coarse",
    "flow_matching",
    "hift",
    "mel_spectrogram",
    "recursive_munch",
    "rmvpe",
]
