"""The pictures of docs/pictures, drawn from speech and measurements."""

import matplotlib.pyplot as plt
import numpy as np
import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpecFromSubplotSpec, SubplotSpec
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from speech import SAMPLE_RATE, Speech
from words import Words

WIDTH_INCHES, DOTS_PER_INCH = 7.2, 136
MARGINS = {"left": 0.115, "right": 0.985}
LOUDEST_DECIBELS, SOFTEST_DECIBELS = -5, -65


def conversion(
    source: Speech, result: Speech, reference: Speech, reference_range: tuple[float, float], words: Words
) -> Figure:
    """Waveform and spectrogram of three recordings, pieces of the same length, and their pitch below.

    `reference_range` in Hz is where the reference's pitch lies most of the time.
    """
    figure = plt.figure(figsize=(WIDTH_INCHES, 9.6), dpi=DOTS_PER_INCH)
    grid = figure.add_gridspec(4, 1, **MARGINS, top=0.962, bottom=0.058, hspace=0.3)
    _sound(figure, grid[0], source, words.source, words.source_note, style.SOURCE)
    _sound(figure, grid[1], result, words.result, words.result_note, style.RESULT)
    _sound(figure, grid[2], reference, words.reference, words.reference_note, style.REFERENCE)

    pitch = figure.add_subplot(grid[3])
    _contours(pitch, source, result, words, room_below=1.15)
    low, high = reference_range
    pitch.axhspan(low, high, color=style.REFERENCE, alpha=0.16, linewidth=0, label=words.reference_range, zorder=0)
    _legend(pitch)
    _time_axis(pitch, source, words.seconds)
    style.title(pitch, words.pitch, words.pitch_note, style.INK)
    return figure


def tones(source: Speech, result: Speech, syllables: list[tuple[str, str]], words: Words) -> Figure:
    """Syllables with their tones: pitch of source and result above each other, and both sounds below."""
    figure = plt.figure(figsize=(WIDTH_INCHES, 8.2), dpi=DOTS_PER_INCH)
    grid = figure.add_gridspec(3, 1, height_ratios=[1.9, 1, 1], **MARGINS, top=0.955, bottom=0.068, hspace=0.3)
    pitch = figure.add_subplot(grid[0])
    _contours(pitch, source, result, words, room_below=1.4)
    _legend(pitch)
    _time_axis(pitch, source)
    style.title(pitch, words.tones, words.tones_note, style.INK)
    for (text, tone), (start, end) in zip(syllables, source.voiced_stretches(), strict=True):
        pitch.axvspan(start - 0.03, end + 0.03, color=style.PANEL, linewidth=0, zorder=0)
        for height, name, weight in ((0.105, text, "bold"), (0.025, tone, "normal")):
            place = {"ha": "center", "transform": pitch.get_xaxis_transform()}
            pitch.text((start + end) / 2, height, name, weight=weight, **place)

    _sound(figure, grid[1], source, words.source, words.tones_source_note, style.SOURCE)
    _sound(figure, grid[2], result, words.result, words.tones_result_note, style.RESULT, words.seconds)
    return figure


def speed(groups: list[tuple[str, list[tuple[str, float]]]], words: Words) -> Figure:
    """Real-time factors on a logarithmic scale: (colour, [(name, factor), …]) for each group of rows."""
    rows = [(name, factor, colour) for colour, group in groups for name, factor in group]
    height = 0.4 * len(rows) + 1.62
    figure = plt.figure(figsize=(WIDTH_INCHES, height), dpi=DOTS_PER_INCH)
    axes = figure.add_axes((0.42, 0.92 / height, 0.54, 1 - 1.62 / height))
    for row, (name, factor, colour) in enumerate(rows):
        axes.plot([0.001, 100], [row, row], color="#e6eaec", linewidth=0.8, zorder=0)
        axes.plot(factor, row, "o", color=colour, markersize=10)
        axes.annotate(f"{factor:.2g}", (factor, row), (9, 0), textcoords="offset points", va="center", weight="bold")
        axes.annotate(name, (0, row), (-9, 0), ("axes fraction", "data"), "offset points", ha="right", va="center")
    axes.axvline(1, color=style.INK, linewidth=1.2, linestyle=(0, (4, 3)), zorder=0)
    axes.annotate(words.real_time, (1, 1), (0, 4), ("data", "axes fraction"), "offset points", ha="center")
    axes.set(xscale="log", xlim=(0.012, 30), ylim=(len(rows) - 0.4, -0.6), yticks=[])
    axes.xaxis.set_major_locator(FixedLocator([0.1, 1, 10]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.spines["left"].set_visible(False)
    heading = figure.text(0.02, 1 - 0.1 / height, words.speed, weight="bold", va="top")
    axes.annotate(f"  {words.speed_note}", (1, 0), xycoords=heading, va="bottom", annotation_clip=False)
    figure.text(0.02, 0.08 / height, words.speed_footnote, fontsize=9.5, va="bottom")
    return figure


def _sound(
    figure: Figure, cell: SubplotSpec, speech: Speech, name: str, note: str, colour: str, time_label: str | None = None
) -> None:
    """Title, waveform and spectrogram."""
    inner = GridSpecFromSubplotSpec(2, 1, cell, height_ratios=[0.38, 1], hspace=0.06)
    wave, spectrum = figure.add_subplot(inner[0]), figure.add_subplot(inner[1])

    samples_per_point = len(speech.samples) // 1000 + 1
    whole = len(speech.samples) // samples_per_point * samples_per_point
    groups = speech.samples[:whole].reshape(-1, samples_per_point)
    times = np.arange(len(groups)) * samples_per_point / SAMPLE_RATE
    wave.fill_between(times, groups.min(1), groups.max(1), color=colour, linewidth=0)
    peak = np.abs(speech.samples).max()
    wave.set(xlim=(0, len(speech.samples) / SAMPLE_RATE), ylim=(-peak, peak))
    wave.set_axis_off()
    style.title(wave, name, note, colour)

    decibels, frequencies, at = speech.spectrogram()
    spectrum.imshow(
        decibels,
        extent=(at[0], at[-1], frequencies[0] / 1000, frequencies[-1] / 1000),
        cmap=style.shades(colour),
        vmin=SOFTEST_DECIBELS,
        vmax=LOUDEST_DECIBELS,
        origin="lower",
        aspect="auto",
        interpolation="bilinear",
    )
    spectrum.set_ylabel("kHz")
    spectrum.yaxis.set_major_locator(FixedLocator([0, 2, 4, 6, 8]))
    _time_axis(spectrum, speech, time_label)


def _contours(axes: Axes, source: Speech, result: Speech, words: Words, room_below: float) -> None:
    """Pitch over time on a logarithmic scale; the lowest stays `room_below` times above the bottom."""
    for speech, colour, name in ((source, style.SOURCE, words.source), (result, style.RESULT, words.result)):
        axes.plot(
            speech.pitch_times, speech.pitch, color=colour, linewidth=3, solid_capstyle="round", label=name.lower()
        )
    both = np.concatenate([source.pitch, result.pitch])
    axes.set_yscale("log")
    axes.set_ylim(np.nanmin(both) / room_below, np.nanmax(both) * 1.35)
    axes.set_ylabel("Hz")
    axes.yaxis.set_major_locator(FixedLocator([60, 80, 100, 150, 200, 300, 400]))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
    axes.grid(axis="y", color="#e6eaec", linewidth=0.8)
    axes.set_axisbelow(True)


def _legend(axes: Axes) -> None:
    axes.legend(loc="upper right", ncols=3, frameon=False, bbox_to_anchor=(1.01, 1.02), handlelength=1.2, borderpad=0)


def _time_axis(axes: Axes, speech: Speech, label: str | None = None) -> None:
    """Whole seconds; figures and name only with a label."""
    axes.set_xlim(0, len(speech.samples) / SAMPLE_RATE)
    axes.xaxis.set_major_locator(FixedLocator(np.arange(0, 20)))
    axes.tick_params(axis="x", labelbottom=label is not None)
    if label is not None:
        axes.set_xlabel(label, labelpad=2)
