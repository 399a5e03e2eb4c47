"""Charts of an inspection of samples: spectral curves, separability, importance and learning curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..assessment.estimate import Estimate
from ..samples.separability import ClassCurve
from ..training.learning_curve import LearningCurve, power_law
from .charts import LocalFormatter
from .figure import ACCENTS, new_figure, text_width
from .language import numeral, say

MAX_CURVES = 24
"""Largest number of classes whose curves are drawn; the JSON file has all."""
_MAX_NUMBERS = 20
_INK, _GREY, _RULE = "#1F2933", "#B8C2CC", "#E4E7EB"


def draw_spectra(
    curves: Sequence[ClassCurve],
    channels: Sequence[str],
    labels: Sequence[str],
    colors: Sequence[str],
    has_order: bool = True,
) -> Figure:
    """Return a panel for each class with its mean, the range of 90 % of its samples, and the other means.

    Args:
        curves: Values of each class; NaN is a gap.
        channels: Name of each channel.
        labels: Label of each class.
        colors: Colour ``#RRGGBB`` of each class.
        has_order: Whether channels have an order and are joined by lines.
    """
    drawn = min(len(curves), MAX_CURVES)
    columns = 2 if drawn in (2, 4) else min(3, drawn)
    rows = -(-drawn // columns)
    longest = max(map(text_width, channels))
    figure = new_figure(7.8, rows * 1.75 + 0.055 * longest + 0.4)
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    places = np.arange(len(channels))
    is_line = has_order and len(channels) > 1
    style, marker = ("-", "") if is_line else ("none", "o")
    for number, axes in enumerate(grid.ravel()):
        if number >= drawn:
            axes.set_visible(False)
            continue
        for other, curve in enumerate(curves[:drawn]):
            if other != number:
                axes.plot(
                    places, curve.mean, color=_GREY, linewidth=0.7, ls=style, marker=marker, markersize=3
                )
        curve, color = curves[number], colors[number]
        if is_line:
            axes.fill_between(places, curve.low, curve.high, color=color, alpha=0.35, linewidth=0)
        else:
            axes.vlines(places, curve.low, curve.high, color=color, alpha=0.45, linewidth=5)
        # A dark line shows on any colour of a class.
        axes.plot(places, curve.mean, color=_INK, linewidth=2.6, ls=style, marker=marker, markersize=6)
        axes.plot(places, curve.mean, color=color, linewidth=1.3, ls=style, marker=marker, markersize=4)
        axes.set_title(labels[number], fontsize=9)
        axes.grid(axis="y", color=_RULE)
        axes.set_axisbelow(True)
        axes.yaxis.set_major_formatter(LocalFormatter())
    for column in range(columns):
        last = max(row for row in range(rows) if row * columns + column < drawn)
        axes = grid[last, column]
        axes.set_xticks(places, channels, rotation=90, fontsize=7 if len(channels) <= 16 else 5.5)
        axes.tick_params(axis="x", labelbottom=True)
    return figure


def draw_separability(
    distances: Sequence[Sequence[float]], labels: Sequence[str], good: float, poor: float
) -> Figure:
    """Return the matrix of Jeffries-Matusita distances below its diagonal.

    Args:
        distances: Distance of each pair of classes, 0 to 2, shape (classes, classes); NaN where unknown.
        labels: Label of each class.
        good: Distance from which on classes are separable.
        poor: Distance below which they are not.
    """
    values = np.asarray(distances, dtype=np.float64)
    classes = len(values)
    shown = np.where(np.tri(classes, k=-1, dtype=bool), values, np.nan)
    side = min(max(0.5 * classes, 2.2), 8.5)
    margin = 0.07 * max(map(text_width, labels))
    figure = new_figure(side + margin + 1.3, side + margin + 0.5)
    axes = figure.add_subplot()
    # Dark is a pair that is confused.
    image = axes.imshow(shown, cmap="OrRd_r", vmin=0, vmax=2)
    size = max(4.5, min(9.0, 72 * side / classes / 3.4))
    axes.set_xticks(range(classes), labels, rotation=90 if margin > 0.6 else 0, fontsize=min(9.0, size + 2))
    axes.set_yticks(range(classes), labels, fontsize=min(9.0, size + 2))
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    if classes <= _MAX_NUMBERS:
        for row, column in zip(*np.nonzero(np.isfinite(shown)), strict=True):
            value = shown[row, column]
            axes.text(
                column,
                row,
                numeral(value, ".2f"),
                ha="center",
                va="center",
                fontsize=size,
                color="white" if value < poor else _INK,
                weight="bold" if value < good else "normal",
            )
    bar = figure.colorbar(image, ax=axes, shrink=0.7, aspect=18, pad=0.02)
    bar.set_label(say("Jeffries-Matusita distance"))
    bar.ax.yaxis.set_major_formatter(LocalFormatter())
    bar.outline.set_visible(False)
    return figure


def draw_importance(names: Sequence[str], falls: Sequence[Estimate]) -> Figure:
    """Return bars of the importance of groups of channels, with intervals.

    Args:
        names: Names of each group.
        falls: Fall of the overall accuracy of each group.
    """
    figure = new_figure(7.4, 0.9 + 0.3 * len(names))
    axes = figure.add_subplot()
    places = np.arange(len(names))
    values = [100 * (item.value or 0.0) for item in falls]
    axes.barh(places, values, height=0.62, color=ACCENTS[0], alpha=0.75)
    for place, item in enumerate(falls):
        if item.low is not None and item.high is not None:
            axes.hlines(place, 100 * item.low, 100 * item.high, color=_INK, linewidth=1.4)
    axes.axvline(0, color="#7B8794", linewidth=0.8)
    axes.set_yticks(places, [name if len(name) <= 44 else f"{name[:43]}…" for name in names], fontsize=8)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(LocalFormatter())
    axes.set_xlabel(say("fall of the overall accuracy in percentage points, with 95 % interval"))
    axes.grid(axis="x", color=_RULE)
    axes.set_axisbelow(True)
    return figure


def draw_learning_curve(curve: LearningCurve, axis: str) -> Figure:
    """Return the accuracy against the number of polygons, and the power law where one was fitted.

    Args:
        curve: Learning curve with at least one point.
        axis: Label of the number of polygons, in the report's language.
    """
    figure = new_figure(6.4, 3.6)
    axes = figure.add_subplot()
    numbers = np.array([point.polygons for point in curve.points])
    values = [100 * (point.accuracy.value or 0.0) for point in curve.points]
    for point in curve.points:
        item = point.accuracy
        if item.low is not None and item.high is not None:
            axes.vlines(point.polygons, 100 * item.low, 100 * item.high, color=ACCENTS[0], linewidth=1.6)
    axes.plot(numbers, values, color=ACCENTS[0], marker="o", markersize=5, label=say("measured"))
    if curve.parameters:
        twice = 2 * numbers[-1]
        fitted = np.geomspace(numbers[0], twice, 60)
        heights = 100 * (1 - power_law(fitted, *curve.parameters))
        label = say("power law, uncertain beyond the last point")
        axes.plot(fitted, heights, color=ACCENTS[2], linestyle="--", linewidth=1.2, label=label)
        if curve.doubled.low is not None and curve.doubled.high is not None:
            low, high = 100 * curve.doubled.low, 100 * curve.doubled.high
            axes.vlines(twice, low, high, color=ACCENTS[2], linewidth=1.2)
    axes.set_xlim(left=0)
    axes.xaxis.set_major_formatter(LocalFormatter())
    axes.yaxis.set_major_formatter(LocalFormatter())
    axes.set_xlabel(axis)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel(say("overall accuracy, %"))
    axes.grid(color=_RULE)
    axes.set_axisbelow(True)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=8)
    return figure
