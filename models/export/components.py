"""Which graph a component of a model has."""

from .graphs.bigvgan import BigvganGraph
from .graphs.encoder import WhisperGraph, XlsrFeaturesGraph, XlsrGraph
from .graphs.estimator import EstimatorGraph
from .graphs.graph import Graph
from .graphs.hift import HiftGraph
from .graphs.regulator import PitchRegulatorGraph, RegulatorGraph
from .graphs.rmvpe import RmvpeGraph
from .networks import Networks


def graph_of(networks: Networks, component: str, is_native: bool = False) -> Graph:
    """`is_native`: for ONNX Runtime's native build only, see `AttendNatively`."""
    preset = networks.preset
    match component:
        case "features":
            return XlsrFeaturesGraph(networks.encoder)
        case "encoder":
            return (XlsrGraph if preset.encoder == "xlsr" else WhisperGraph)(networks.encoder, is_native)
        case "regulator":
            return (PitchRegulatorGraph if preset.uses_pitch else RegulatorGraph)(networks.regulator)
        case "estimator":
            return EstimatorGraph(networks.flow.estimator, is_native)
        case "vocoder":
            return (HiftGraph if preset.vocoder == "hift" else BigvganGraph)(networks.vocoder)
        case _:
            return RmvpeGraph(networks.pitch)
