"""Figures of accuracy: confusion matrix, F1 a class, reliability."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from ..assessment.intervals import Estimate
from ..assessment.reliability import BINS, Reliability
from .figure import ACCENTS, new_figure, text_width

# Beyond so many classes the cells hold per cents alone, beyond the second number nothing.
_MOST_WITH_COUNTS, _MOST_WITH_TEXT = 14, 30


def draw_confusion(
    confusion: Sequence[Sequence[float]],
    labels: Sequence[str],
    rows: str = "reference class",
    columns: str = "predicted class",
) -> Figure:
    """Return the confusion matrix as a heat map: a row's shares as colour, its counts as text."""
    counts = np.asarray(confusion).astype(np.int64)
    classes = len(counts)
    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)
    side = min(max(0.52 * classes, 2.4), 9.5)
    margin = 0.07 * max(map(text_width, labels))
    figure = new_figure(side + margin + 1.3, side + margin + 0.7)
    axes = figure.add_subplot()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    size = max(4.5, min(9.0, 72 * side / classes / 3.4))
    axes.set_xticks(range(classes), labels, rotation=90 if margin > 0.6 else 0, fontsize=min(9.0, size + 2))
    axes.set_yticks(range(classes), labels, fontsize=min(9.0, size + 2))
    axes.set_xlabel(columns)
    axes.set_ylabel(rows)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.set_xticks(np.arange(classes + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(classes + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=0.8)
    axes.tick_params(which="minor", length=0)
    if classes <= _MOST_WITH_TEXT:
        for row, column in zip(*np.nonzero(counts), strict=True):
            share = shares[row, column]
            percent = f"{share:.0%}" if share >= 0.005 else "<1%"
            text = f"{counts[row, column]:,}\n{percent}" if classes <= _MOST_WITH_COUNTS else f"{share:.0%}"
            if classes <= _MOST_WITH_COUNTS or share >= 0.005:
                color = "white" if share > 0.55 else "#1F2933"
                axes.text(column, row, text, ha="center", va="center", fontsize=size, color=color)
    bar = figure.colorbar(image, ax=axes, shrink=0.6, aspect=18, pad=0.02)
    bar.set_label(f"share of the {rows}")
    bar.ax.yaxis.set_major_formatter(_percent)
    bar.outline.set_visible(False)
    return figure


def draw_class_scores(
    f1: Sequence[Estimate],
    labels: Sequence[str],
    colors: Sequence[str],
    baseline: Sequence[Estimate] | None,
    baseline_name: str,
    name: str = "this model",
    axis: str = "F1",
) -> Figure:
    """Return F1 and its interval of each class, the baseline's beside it; classes untested are left out.

    Another figure of the classes, and another beside it, may stand in its place.
    """
    shown = [
        number
        for number, item in enumerate(f1)
        if item.value is not None or (baseline and baseline[number].value is not None)
    ]
    figure = new_figure(7.2, 1.1 + 0.3 * len(shown))
    axes = figure.add_subplot()
    for place, number in enumerate(shown):
        lift = -0.13 if baseline else 0.0
        _draw_estimate(axes, f1[number], place + lift, colors[number], "o")
        if baseline:
            _draw_estimate(axes, baseline[number], place + 0.2, "#7B8794", "D")
    axes.set_yticks(range(len(shown)), [labels[number] for number in shown])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(-0.02, 1.02)
    axes.set_xlabel(axis)
    axes.grid(axis="x", color="#E4E7EB")
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)
    if baseline:
        for text, color, marker in ((name, "#1F2933", "o"), (baseline_name, "#7B8794", "D")):
            axes.plot([], [], linestyle="", marker=marker, color=color, label=text)
        figure.legend(loc="outside upper right", ncols=2)
    return figure


def draw_reliability(now: Reliability, before: Reliability | None) -> Figure:
    """Return the reliability diagram; ``before`` is the one without calibration."""
    figure = new_figure(4.6, 5.4)
    axes, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    axes.plot([0, 1], [0, 1], color="#9AA5B1", linewidth=1, linestyle="--", label="ideal")
    lines = [(now, ACCENTS[0], "o", "this model" if before is None else "calibrated")]
    total = sum(found.samples for found in now.bins)
    if before is not None:
        lines.insert(0, (before, ACCENTS[2], "s", "before calibration"))
    for item, color, marker, name in lines:
        filled = [found for found in item.bins if found.samples]
        axes.plot(
            [found.probability for found in filled],
            [found.accuracy for found in filled],
            color=color,
            linewidth=1,
        )
        axes.scatter(
            [found.probability for found in filled],
            [found.accuracy for found in filled],
            # Steps of few samples say little, and are drawn small.
            [8 + 120 * found.samples / total for found in filled],
            color=color,
            marker=marker,
            clip_on=False,
            zorder=3,
            label=f"{name} (calibration error {item.calibration_error:.3f})",
        )
    axes.set_ylabel("share that is right")
    axes.set_ylim(0, 1.02)
    legend = figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", fontsize=8)
    for handle in legend.legend_handles[1:]:
        if isinstance(handle, PathCollection):
            handle.set_sizes([20])
    below.bar(
        (np.arange(BINS) + 0.5) / BINS,
        [found.samples / total for found in now.bins],
        width=0.9 / BINS,
        color=ACCENTS[0],
    )
    below.yaxis.set_major_formatter(_percent)
    below.set_ylabel("samples")
    below.set_xlabel("probability of the predicted class")
    below.set_xlim(0, 1)
    return figure


def _draw_estimate(axes: Axes, item: Estimate, place: float, color: str, marker: str) -> None:
    value = item.value if item.value is not None else math.nan
    error = None
    if item.low is not None and item.high is not None:
        # A percentile interval need not hold the figure itself.
        error = [[max(0.0, value - item.low)], [max(0.0, item.high - value)]]
    axes.errorbar(
        value,
        place,
        xerr=error,
        fmt=marker,
        markersize=6 if marker == "o" else 4,
        color=color,
        ecolor=color,
        elinewidth=1.5,
        markeredgecolor="#1F2933",
        markeredgewidth=0.5,
    )


def _percent(value: float, _position: float = 0) -> str:
    return f"{value:.0%}"
