"""Figures of areas: mapped beside estimated, with intervals."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from ..assessment.sampled import Sampled
from .figure import new_figure

_INK = "#1F2933"


def draw_areas(
    mapped: Sequence[float], estimated: Sequence[Sampled], labels: Sequence[str], colors: Sequence[str]
) -> Figure:
    """Return a bar of the mapped area of each class, and the estimated one with its 95 % interval.

    Classes may differ in area by orders of magnitude, so each is also written as a number.
    """
    figure = new_figure(7.6, 1.1 + 0.42 * len(labels))
    axes = figure.add_subplot()
    places = range(len(labels))
    axes.barh(places, mapped, height=0.62, color=colors, alpha=0.55, label="mapped (bar)")
    ends = [
        max(area, item.high or 0.0, item.value or 0.0) for area, item in zip(mapped, estimated, strict=True)
    ]
    longest = max(ends, default=1.0) or 1.0
    for place, item, end in zip(places, estimated, ends, strict=True):
        if item.value is None:
            continue
        error = None
        if item.low is not None and item.high is not None:
            error = [[max(0.0, item.value - item.low)], [max(0.0, item.high - item.value)]]
        axes.errorbar(
            item.value, place, xerr=error, fmt="o", color=_INK, markersize=4, capsize=3, linewidth=1.2
        )
        half = "" if item.half_width is None else f" ± {item.half_width:,.0f}"
        axes.text(end + 0.015 * longest, place, f"{item.value:,.0f}{half} ha", va="center", fontsize=8)
    axes.set_xlim(0, 1.32 * longest)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_yticks(places, labels)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(lambda value, _position: f"{value:,.0f}")
    axes.locator_params(axis="x", nbins=6)
    axes.set_xlabel("hectares; bar: mapped, point: estimated, with its 95 % interval")
    axes.grid(axis="x", color="#E4E7EB")
    axes.set_axisbelow(True)
    return figure
