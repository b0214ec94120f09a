"""How the pictures look: light, few lines, colours that colour-blind readers tell apart (Okabe and Ito 2008)."""

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from PIL import Image

SOURCE, RESULT, REFERENCE = "#d55e00", "#0072b2", "#007a5a"
INK, FAINT, PANEL = "#1f2a30", "#7b8790", "#f2f4f5"

LARGEST_BYTES = 150_000
COLOURS = 96

SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": 13,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}


def apply() -> None:
    """Sets matplotlib's defaults; pictures are drawn without a screen."""
    matplotlib.use("agg")
    matplotlib.rcParams.update(SETTINGS)


def shades(colour: str) -> LinearSegmentedColormap:
    """From white through `colour` to nearly black: darker is louder, in print too."""
    return LinearSegmentedColormap.from_list(colour, ["white", "white", colour, "#10181d"])


def title(axes: Axes, text: str, note: str, colour: str) -> None:
    """A heading in bold at the left above the axes, and a note after it."""
    bold = axes.annotate(
        text, (0, 1), (0, 5), xycoords="axes fraction", textcoords="offset points", color=colour, weight="bold"
    )
    axes.annotate(f"  {note}", (1, 0), xycoords=bold, color=INK, va="bottom")


def save(figure: Figure, path: Path) -> None:
    """Writes a PNG of few colours, which the pictures do not miss. Throws when it is too large for the repository."""
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3]
    Image.fromarray(pixels).quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > LARGEST_BYTES:
        raise SystemExit(f"{path} has {path.stat().st_size} bytes")
    print(path, path.stat().st_size)
