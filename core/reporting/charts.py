"""Charts of reports: confusion matrix, scores by class, reliability, areas and learning curves."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from ..arrays import Float64Array
from ..assessment.estimate import Estimate
from ..models.card import Epoch
from ..text import Text
from ..uncertainty.calibration import BINS, Reliability
from .figure import ACCENTS, new_figure, text_width
from .language import language, numeral, say, shown

# Largest number of classes whose cells have counts, and of those whose cells have any text.
_MAX_COUNT_CLASSES, _MAX_TEXT_CLASSES = 14, 30
# Largest number of labels on a side of a matrix; of more classes, every second, third, ... has its label.
_MAX_MATRIX_LABELS = 75
# Height of a class in a chart of classes in inches, and of one of many classes, which has smaller letters.
_ROW_INCHES, _SMALL_ROW_INCHES, _MAX_LARGE_ROWS, _SMALL_FONT = 0.3, 0.14, 60, 6.0
# Highest chart in inches: matplotlib draws at most 65,536 pixels.
_MAX_INCHES = 150.0
_INK = "#1F2933"
_THIS_MODEL, _F1 = Text("this model"), Text("F1")
_TRAINING, _VALIDATION = ACCENTS[0], ACCENTS[2]
_Value = Callable[[Epoch], float | None]
_LOSS = Text("Loss")
# Title, and the values of training and of validation.
_PANELS: tuple[tuple[str, _Value | None, _Value], ...] = (
    (_LOSS, lambda item: item.train_loss, lambda item: item.validation_loss),
    (Text("Accuracy"), lambda item: item.train_accuracy, lambda item: item.validation_accuracy),
    (Text("Macro-F1"), None, lambda item: item.validation_macro_f1),
)
# Largest number of epochs whose lines have dots.
_MAX_DOTTED_EPOCHS = 40


class LocalFormatter(ScalarFormatter):
    """Labels of ticks with the signs of the language in which the chart was made.

    Args:
        form: Form of the numbers, such as ``.0%``; empty for as many digits as the ticks need.
    """

    def __init__(self, form: str = "") -> None:
        super().__init__()
        self._form = form
        self._language = language()

    def __call__(self, value: float, position: int | None = None) -> str:
        """Return the label of a value."""
        written = format(value, self._form) if self._form else super().__call__(value, position)
        return self._language.number(written)


def draw_confusion(
    confusion: Sequence[Sequence[float]], labels: Sequence[str], rows: str, columns: str
) -> Figure:
    """Return a confusion matrix as a heat map, with fractions of the row as colour and counts as text.

    In the cells of up to 14 classes are counts and fractions, of up to 30 fractions alone; of more classes
    the colours tell, and of more than 75 some labels are left out.

    Args:
        confusion: Cells of the matrix, shape (classes, classes).
        labels: Label of each class.
        rows: Meaning of the rows, a ``Text``, or the name of a map.
        columns: Meaning of the columns.
    """
    counts = np.asarray(confusion).astype(np.int64)
    classes = len(counts)
    totals = counts.sum(axis=1, keepdims=True)
    fractions = np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)
    side = min(max(0.52 * classes, 2.4), 9.5)
    margin = 0.07 * max(map(text_width, labels))
    figure = new_figure(side + margin + 1.3, side + margin + 0.7)
    axes = figure.add_subplot()
    image = axes.imshow(fractions, cmap="Blues", vmin=0, vmax=1)
    size = max(4.5, min(9.0, 72 * side / classes / 3.4))
    labelled = range(0, classes, -(-classes // _MAX_MATRIX_LABELS))
    texts = [labels[code] for code in labelled]
    axes.set_xticks(labelled, texts, rotation=90 if margin > 0.6 else 0, fontsize=min(9.0, size + 2))
    axes.set_yticks(labelled, texts, fontsize=min(9.0, size + 2))
    axes.set_xlabel(shown(columns))
    axes.set_ylabel(shown(rows))
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0 if len(texts) == classes else 2)
    if len(texts) == classes:
        axes.set_xticks(np.arange(classes + 1) - 0.5, minor=True)
        axes.set_yticks(np.arange(classes + 1) - 0.5, minor=True)
        axes.grid(which="minor", color="white", linewidth=0.8)
        axes.tick_params(which="minor", length=0)
    if classes <= _MAX_TEXT_CLASSES:
        for row, column in zip(*np.nonzero(counts), strict=True):
            fraction = fractions[row, column]
            percent = numeral(fraction, ".0%") if fraction >= 0.005 else "<1%"
            text = percent
            if classes <= _MAX_COUNT_CLASSES:
                text = f"{numeral(counts[row, column], ',')}\n{percent}"
            if classes <= _MAX_COUNT_CLASSES or fraction >= 0.005:
                color = "white" if fraction > 0.55 else "#1F2933"
                axes.text(column, row, text, ha="center", va="center", fontsize=size, color=color)
    bar = figure.colorbar(image, ax=axes, shrink=0.6, aspect=18, pad=0.02)
    bar.set_label(say("fraction of the row"))
    bar.ax.yaxis.set_major_formatter(LocalFormatter(".0%"))
    bar.outline.set_visible(False)
    return figure


def draw_class_scores(
    f1: Sequence[Estimate],
    labels: Sequence[str],
    colors: Sequence[str],
    baseline: Sequence[Estimate] | None,
    baseline_name: str,
    name: str = _THIS_MODEL,
    axis: str = _F1,
) -> Figure:
    """Return a chart of a figure of each class with its interval, and that of a baseline.

    Classes without a figure are left out.

    Args:
        f1: F1, or another figure, of each class.
        labels: Label of each class.
        colors: Colour ``#RRGGBB`` of each class.
        baseline: Second figure of each class; None for none.
        baseline_name: Legend of the second figure, a ``Text``, or the name of a map.
        name: Legend of the first figure.
        axis: Label of the axis.
    """
    codes = [
        code
        for code, item in enumerate(f1)
        if item.value is not None or (baseline and baseline[code].value is not None)
    ]
    height, font = _row_height(len(codes), _ROW_INCHES)
    figure = new_figure(7.2, 1.1 + height * len(codes))
    axes = figure.add_subplot()
    places = np.arange(len(codes), dtype=np.float64)
    lift = -0.13 if baseline else 0.0
    own = [colors[code] for code in codes]
    _draw_estimates(axes, [f1[code] for code in codes], places + lift, own, "o", 6)
    if baseline:
        greys = ["#7B8794"] * len(codes)
        _draw_estimates(axes, [baseline[code] for code in codes], places + 0.2, greys, "D", 4)
    axes.set_yticks(places, [labels[code] for code in codes], fontsize=font)
    axes.set_ylim(len(codes) - 0.4, -0.6)
    axes.set_xlim(-0.02, 1.02)
    axes.xaxis.set_major_formatter(LocalFormatter())
    axes.set_xlabel(shown(axis))
    axes.grid(axis="x", color="#E4E7EB")
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)
    if baseline:
        for text, color, marker in ((name, "#1F2933", "o"), (baseline_name, "#7B8794", "D")):
            axes.plot([], [], linestyle="", marker=marker, color=color, label=shown(text))
        figure.legend(loc="outside upper right", ncols=2)
    return figure


def draw_reliability(now: Reliability, before: Reliability | None) -> Figure:
    """Return a reliability diagram, with the reliability before calibration where it is given."""
    figure = new_figure(4.6, 5.4)
    axes, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    axes.plot([0, 1], [0, 1], color="#9AA5B1", linewidth=1, linestyle="--", label=say("ideal"))
    label = (
        "this model (calibration error {error:.3f})"
        if before is None
        else "calibrated (calibration error {error:.3f})"
    )
    lines = [(now, ACCENTS[0], "o", label)]
    total = sum(item.samples for item in now.bins)
    if before is not None:
        lines.insert(0, (before, ACCENTS[2], "s", "before calibration (calibration error {error:.3f})"))
    for line, color, marker, label in lines:
        filled = [item for item in line.bins if item.samples]
        axes.plot(
            [item.probability for item in filled],
            [item.accuracy for item in filled],
            color=color,
            linewidth=1,
        )
        axes.scatter(
            [item.probability for item in filled],
            [item.accuracy for item in filled],
            # Size by number of samples: bins of few samples are uncertain.
            [8 + 120 * item.samples / total for item in filled],
            color=color,
            marker=marker,
            clip_on=False,
            zorder=3,
            label=say(label, error=line.calibration_error),
        )
    axes.set_ylabel(say("accuracy"))
    axes.set_ylim(0, 1.02)
    legend = figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", fontsize=8)
    for handle in legend.legend_handles[1:]:
        if isinstance(handle, PathCollection):
            handle.set_sizes([20])
    below.bar(
        (np.arange(BINS) + 0.5) / BINS,
        [item.samples / total for item in now.bins],
        width=0.9 / BINS,
        color=ACCENTS[0],
    )
    axes.yaxis.set_major_formatter(LocalFormatter())
    below.xaxis.set_major_formatter(LocalFormatter())
    below.yaxis.set_major_formatter(LocalFormatter(".0%"))
    below.set_ylabel(say("samples"))
    below.set_xlabel(say("probability of the predicted class"))
    below.set_xlim(0, 1)
    return figure


def _row_height(rows: int, inches: float) -> tuple[float, float | None]:
    """Return the height of a class in inches, and the size of its label; None is the usual size."""
    if rows <= _MAX_LARGE_ROWS:
        return inches, None
    return min(_SMALL_ROW_INCHES, _MAX_INCHES / rows), _SMALL_FONT


def _draw_estimates(
    axes: Axes, items: Sequence[Estimate], places: Float64Array, colors: Sequence[str], marker: str, size: int
) -> None:
    """Draw a mark and the interval of each figure; one artist for all, so that hundreds are drawn quickly."""
    known = [
        (place, color, item.low, item.high)
        for place, color, item in zip(places, colors, items, strict=True)
        if item.value is not None and item.low is not None and item.high is not None
    ]
    if known:
        at, lines, low, high = zip(*known, strict=True)
        axes.hlines(at, low, high, colors=lines, linewidths=1.5)
    axes.scatter(
        [math.nan if item.value is None else item.value for item in items],
        places,
        s=size**2,
        c=colors,
        marker=marker,
        edgecolors="#1F2933",
        linewidths=0.5,
        zorder=3,
    )


def draw_areas(
    mapped: Sequence[float], estimated: Sequence[Estimate], labels: Sequence[str], colors: Sequence[str]
) -> Figure:
    """Return a chart of the mapped area of each class and its estimated area with its 95 % interval.

    Classes may differ in area by orders of magnitude, so the estimates are also written as numbers.

    Args:
        mapped: Mapped area of each class in hectares.
        estimated: Estimated area of each class in hectares.
        labels: Label of each class.
        colors: Colour ``#RRGGBB`` of each class.
    """
    height, font = _row_height(len(labels), 1.4 * _ROW_INCHES)
    figure = new_figure(7.6, 1.1 + height * len(labels))
    axes = figure.add_subplot()
    places = np.arange(len(labels), dtype=np.float64)
    axes.barh(places, mapped, height=0.62, color=colors, alpha=0.55)
    ends = [
        max(area, item.high or 0.0, item.value or 0.0) for area, item in zip(mapped, estimated, strict=True)
    ]
    longest = max(ends, default=1.0) or 1.0
    _draw_estimates(axes, estimated, places, [_INK] * len(labels), "o", 4)
    for place, item, end in zip(places, estimated, ends, strict=True):
        if item.value is None:
            continue
        interval = item.interval_text(0)
        text = Estimate(item.value).text(0)
        if interval:
            text = Text("{value} ({ends})", value=text, ends=interval)
        axes.text(end + 0.015 * longest, place, say("{area} ha", area=text), va="center", fontsize=font or 8)
    axes.set_xlim(0, 1.45 * longest)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_yticks(places, labels, fontsize=font)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(LocalFormatter(",.0f"))
    axes.locator_params(axis="x", nbins=6)
    axes.set_xlabel(say("hectares; bar: mapped, point: estimated, with its 95 % interval"))
    axes.grid(axis="x", color="#E4E7EB")
    axes.set_axisbelow(True)
    return figure


def draw_curves(histories: Sequence[Sequence[Epoch]], best_epoch: int | None) -> Figure:
    """Return a chart of loss, accuracy and macro-F1 over the epochs, with the best epoch.

    Args:
        histories: Epochs of one training, or of the training of each fold; at least one epoch.
        best_epoch: Number of the epoch whose weights the model has; None for none.
    """
    figure = new_figure(7.6, 2.7)
    # There is no macro-F1 without validation.
    panels = _PANELS if is_validated(histories) else _PANELS[:2]
    for axes, (title, training, validation) in zip(figure.subplots(1, len(panels)), panels, strict=True):
        for place, history in enumerate(histories):
            for value, color, name in (
                (training, _TRAINING, say("training")),
                (validation, _VALIDATION, say("validation")),
            ):
                points = [(item.number, value(item)) for item in history] if value else []
                if any(height is not None for _, height in points):
                    axes.plot(
                        [epoch for epoch, _ in points],
                        [math.nan if height is None else height for _, height in points],
                        color=color,
                        label=name if place == 0 else None,
                        linewidth=1.4 if len(histories) == 1 else 0.9,
                        # A line alone does not show a single epoch.
                        marker="o" if len(history) < _MAX_DOTTED_EPOCHS else None,
                        markersize=3 if len(histories) == 1 else 2,
                    )
        if best_epoch is not None:
            label = say("best: epoch {number}", number=best_epoch)
            axes.axvline(best_epoch, color="#52606D", linestyle=":", label=label)
        axes.set_title(say(title))
        axes.set_xlabel(say("epoch"))
        axes.locator_params(axis="x", integer=True)
        axes.yaxis.set_major_formatter(LocalFormatter())
        axes.grid(color="#E4E7EB")
        if title != _LOSS:
            axes.set_ylim(-0.02, 1.02)
    handles, names = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=3)
    return figure


def is_validated(histories: Sequence[Sequence[Epoch]]) -> bool:
    """Return whether the epochs have validation figures."""
    return any(item.validation_loss is not None for history in histories for item in history)
