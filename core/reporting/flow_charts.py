"""Charts of change: Sankey diagram of maps in time, and bars of gain and loss."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline

from ..arrays import Float64Array
from ..classes import LandCoverClass
from ..maps.intensity import ChangeMatrix, ClassChange
from ..text import Text
from .charts import LocalFormatter
from .figure import new_figure, text_width
from .language import numeral, say, shown

# Width of a column of classes as part of the distance between columns.
_NODE_WIDTH = 0.055
# White between two classes of a column, as part of the height of all.
_GAP = 0.022
_PERSISTENCE_ALPHA, _CHANGE_ALPHA = 0.28, 0.78
_INK = "#1F2933"
_MUTED = "#7B8794"
_ROW_INCHES = 0.34
_MAX_INCHES = 40.0
# Height of a label as part of the diagram's, for each inch.
_LABEL_INCHES = 0.17


def draw_flows(
    titles: Sequence[str],
    classes: Sequence[LandCoverClass],
    matrices: Sequence[Float64Array],
    labels: Sequence[str],
) -> Figure:
    """Return a Sankey diagram: a column of classes for each map, and bands between them.

    Bands of persistence are pale in the colour of the class; bands of change have that of the later class.

    Args:
        titles: Title of each column, names of maps or dates.
        classes: Classes.
        matrices: Area of each transition between a map and the next, shape (classes, classes) each.
        labels: Label of each class.
    """
    height = _flow_height(len(classes))
    figure = new_figure(3.4 + min(2.6 * len(matrices), 2.6 + 1.1 * len(matrices)), height + 0.4)
    _draw_flows(figure.add_subplot(), titles, classes, matrices, labels, height)
    return figure


def draw_gains_and_losses(
    changes: Sequence[ClassChange], classes: Sequence[LandCoverClass], labels: Sequence[str]
) -> Figure:
    """Return bars of the gain (right) and the loss (left) of each class, with the net change as a mark.

    Args:
        changes: Change of each class.
        classes: Classes.
        labels: Label of each class.
    """
    figure = new_figure(7.6, 1.2 + _ROW_INCHES * len(classes))
    _draw_bars(figure.add_subplot(), changes, classes, labels)
    figure.legend(loc="outside lower center", ncols=3)
    return figure


def draw_change(
    titles: Sequence[str], matrix: ChangeMatrix, labels: Sequence[str], title: str = ""
) -> Figure:
    """Return a figure of the Sankey diagram above the bars of gain and loss.

    Args:
        titles: Names of the earlier and the later map.
        matrix: Transition matrix.
        labels: Label of each class.
        title: Title of the figure; empty for none.
    """
    flows, bars = _flow_height(len(labels)), 1.0 + _ROW_INCHES * len(labels)
    figure = new_figure(7.2, flows + bars + 0.8)
    upper, lower = figure.subplots(2, 1, height_ratios=(flows, bars))
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold")
    _draw_flows(upper, titles, matrix.classes, [matrix.hectares], labels, flows)
    _draw_bars(lower, matrix.of_classes(), matrix.classes, labels)
    figure.legend(loc="outside lower center", ncols=3)
    return figure


def draw_components(quantity: float, exchange: float, shift: float, persistence: float) -> Figure:
    """Return one bar of the components of change, as part of the area of change.

    Args:
        quantity: Area in hectares.
        exchange: Area in hectares.
        shift: Area in hectares.
        persistence: Area without change in hectares.
    """
    figure = new_figure(7.6, 1.3)
    axes = figure.add_subplot()
    total = quantity + exchange + shift
    whole = total + persistence
    start = 0.0
    for text, area, color in (
        (Text("quantity"), quantity, "#0072B2"),
        (Text("exchange"), exchange, "#E69F00"),
        (Text("shift"), shift, "#CC79A7"),
    ):
        part = area / whole if whole else 0.0
        axes.barh(0, part, left=start, color=color, label=shown(text), height=0.6)
        start += part
    axes.set_yticks([])
    axes.set_xlim(0, start * 1.02 or 1.0)
    axes.xaxis.set_major_formatter(LocalFormatter(".2%"))
    axes.set_xlabel(say("part of the area with a class in both maps"))
    axes.spines["left"].set_visible(False)
    figure.legend(loc="outside upper right", ncols=3)
    return figure


def draw_areas_in_time(
    titles: Sequence[str],
    classes: Sequence[LandCoverClass],
    hectares: Sequence[Sequence[float]],
    labels: Sequence[str],
) -> Figure:
    """Return stacked bars of the areas of the classes in each map.

    Args:
        titles: Date of each map.
        classes: Classes.
        hectares: Area of each class in hectares, one row a map.
        labels: Label of each class.
    """
    figure = new_figure(max(4.5, 1.8 + 0.55 * len(titles)), 4.2)
    axes = figure.add_subplot()
    places = np.arange(len(titles))
    bottom = np.zeros(len(titles))
    for code, item in enumerate(classes):
        areas = np.array([row[code] for row in hectares])
        axes.bar(places, areas, bottom=bottom, color=item.color, label=labels[code], width=0.8)
        bottom += areas
    is_long = any(len(title) > 6 for title in titles) or len(titles) > 14
    axes.set_xticks(places, list(titles), rotation=90 if is_long else 0)
    axes.yaxis.set_major_formatter(LocalFormatter(",.0f"))
    axes.set_ylabel(say("hectares"))
    figure.legend(*(item[::-1] for item in axes.get_legend_handles_labels()), loc="outside right upper")
    return figure


def _flow_height(classes: int) -> float:
    return float(min(max(3.2, 0.9 + 0.42 * classes), _MAX_INCHES))


def _draw_flows(
    axes: Axes,
    titles: Sequence[str],
    classes: Sequence[LandCoverClass],
    matrices: Sequence[Float64Array],
    labels: Sequence[str],
    inches: float,
) -> None:
    total = max(float(matrix.sum()) for matrix in matrices) or 1.0
    columns = [matrices[0].sum(axis=1), *(matrix.sum(axis=0) for matrix in matrices)]
    columns = [np.asarray(column) / total for column in columns]
    gap = _GAP if len(classes) < 25 else _GAP * 25 / len(classes)
    # Tops of the classes of each column, from 1 downwards; absent classes take no room.
    tops = []
    for column in columns:
        heights = column + gap * (column > 0)
        tops.append(1.0 - np.concatenate([[0.0], np.cumsum(heights)[:-1]]))
    for place, matrix in enumerate(matrices):
        _draw_bands(axes, place, matrix / total, tops[place], tops[place + 1], classes)
    for place, (column, top) in enumerate(zip(columns, tops, strict=True)):
        for code in np.flatnonzero(column > 0).tolist():
            axes.add_patch(
                Rectangle(
                    (place - _NODE_WIDTH / 2, top[code] - column[code]),
                    _NODE_WIDTH,
                    max(column[code], 0.002),
                    facecolor=classes[code].color,
                    edgecolor=_INK,
                    linewidth=0.4,
                    zorder=4,
                )
            )
    bottom = min(float((top - column).min()) for column, top in zip(columns, tops, strict=True))
    for place, side in ((0, -1), (len(columns) - 1, 1)):
        _label_column(axes, place, side, columns[place], tops[place], labels, inches, 1.0 - bottom)
    for place, title in enumerate(titles):
        align = "center"
        axes.text(place, 1.045, _wrapped(title), ha=align, va="bottom", fontweight="bold", fontsize=9)
    margin = 0.06 + 0.034 * max(map(text_width, labels)) * 2.6 / 3
    axes.set_xlim(-margin - 0.12, len(columns) - 1 + margin + 0.12)
    axes.set_ylim(bottom - 0.03, 1.12)
    axes.set_axis_off()


def _draw_bands(
    axes: Axes,
    place: int,
    flows: Float64Array,
    left: Float64Array,
    right: Float64Array,
    classes: Sequence[LandCoverClass],
) -> None:
    start, stop = place + _NODE_WIDTH / 2, place + 1 - _NODE_WIDTH / 2
    from_top, to_top = left.copy(), right.copy()
    bands = []
    for source in range(len(classes)):
        for target in range(len(classes)):
            size = float(flows[source, target])
            if size <= 0:
                continue
            bands.append((source, target, size, float(from_top[source]), float(to_top[target])))
            from_top[source] -= size
            to_top[target] -= size
    # Change lies above persistence.
    for source, target, size, upper, other in sorted(bands, key=lambda band: band[0] != band[1]):
        middle = (start + stop) / 2
        points = [
            (start, upper),
            (middle, upper),
            (middle, other),
            (stop, other),
            (stop, other - size),
            (middle, other - size),
            (middle, upper - size),
            (start, upper - size),
            (start, upper),
        ]
        curve = [Outline.CURVE4] * 3
        codes = [Outline.MOVETO, *curve, Outline.LINETO, *curve, Outline.CLOSEPOLY]
        is_change = source != target
        axes.add_patch(
            PathPatch(
                Outline(points, codes),
                facecolor=classes[target].color,
                edgecolor=classes[target].color if is_change else "none",
                # A thin band is still a visible line.
                linewidth=0.35 if is_change else 0,
                alpha=_CHANGE_ALPHA if is_change else _PERSISTENCE_ALPHA,
                zorder=3 if is_change else 2,
            )
        )


def _label_column(
    axes: Axes,
    place: int,
    side: int,
    column: Float64Array,
    top: Float64Array,
    labels: Sequence[str],
    inches: float,
    extent: float,
) -> None:
    """Write name and per cent of each class beside its column, without labels on each other."""
    codes = np.flatnonzero(column > 0).tolist()
    wanted = [float(top[code] - column[code] / 2) for code in codes]
    step = _LABEL_INCHES / inches * (extent + 0.15)
    placed = _spread(wanted, step)
    edge = place + side * _NODE_WIDTH / 2
    for code, height, own in zip(codes, placed, wanted, strict=True):
        x = edge + side * 0.07
        if abs(height - own) > step / 3:
            axes.plot([edge, x - side * 0.01], [own, height], color=_MUTED, linewidth=0.5, zorder=1)
        else:
            x = edge + side * 0.03
        text = f"{labels[code]}  {numeral(column[code], '.1%')}"
        axes.text(x, height, text, ha="left" if side > 0 else "right", va="center", fontsize=8)


def _spread(wanted: Sequence[float], step: float) -> list[float]:
    """Return heights near the wanted ones, which fall, that are at least ``step`` apart."""
    # Groups of labels that touch lie around the mean of what they want.
    groups: list[tuple[list[float], float]] = []
    for height in wanted:
        groups.append(([height], height))
        while len(groups) > 1:
            (above, centre_above), (own, centre) = groups[-2], groups[-1]
            if centre_above - centre >= step * (len(above) + len(own)) / 2:
                break
            both = [*above, *own]
            groups[-2:] = [(both, sum(both) / len(both))]
    placed = []
    for members, centre in groups:
        first = centre + step * (len(members) - 1) / 2
        placed += [first - step * number for number in range(len(members))]
    return placed


def _draw_bars(
    axes: Axes, changes: Sequence[ClassChange], classes: Sequence[LandCoverClass], labels: Sequence[str]
) -> None:
    places = np.arange(len(classes), dtype=np.float64)
    colors = [item.color for item in classes]
    gains, losses = [item.gain for item in changes], [-item.loss for item in changes]
    axes.barh(places, gains, height=0.62, color=colors, edgecolor=_INK, linewidth=0.4)
    axes.barh(places, losses, height=0.62, color=colors, alpha=0.45, edgecolor=_INK, linewidth=0.4)
    axes.plot(
        [item.net for item in changes],
        places,
        linestyle="",
        marker="D",
        markersize=5,
        color="white",
        markeredgecolor=_INK,
        label=say("net change"),
        zorder=4,
    )
    # Keys in grey, since the bars have the colours of the classes.
    axes.barh([0], [0], color=_MUTED, alpha=0.5, label=say("loss"))
    axes.barh([0], [0], color=_MUTED, label=say("gain"))
    axes.axvline(0, color=_INK, linewidth=0.8)
    axes.set_yticks(places, labels)
    axes.set_ylim(len(classes) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(LocalFormatter(",.0f"))
    axes.locator_params(axis="x", nbins=7)
    axes.set_xlabel(say("hectares; left of zero: loss, right: gain"))
    axes.grid(axis="x", color="#E4E7EB")
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)


def _wrapped(title: str, width: int = 24) -> str:
    return title if len(title) <= width else title[: width - 1] + "…"
