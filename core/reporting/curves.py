"""Learning curves."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from matplotlib.figure import Figure

from ..models.card import Epoch
from .figure import ACCENTS, new_figure

_TRAINING, _VALIDATION = ACCENTS[0], ACCENTS[2]
_Value = Callable[[Epoch], float | None]
# Title, and how to get the value of training and of validation.
_PANELS: tuple[tuple[str, _Value | None, _Value], ...] = (
    ("Loss", lambda item: item.train_loss, lambda item: item.validation_loss),
    ("Accuracy", lambda item: item.train_accuracy, lambda item: item.validation_accuracy),
    ("Macro-F1", None, lambda item: item.validation_macro_f1),
)
# Beyond so many epochs, lines carry no dots.
_MOST_DOTS = 40


def draw_curves(histories: Sequence[Sequence[Epoch]], best_epoch: int | None) -> Figure:
    """Return loss, accuracy and macro-F1 over the epochs, with the epoch that was kept.

    Args:
        histories: The epochs of one training, or of each fold's; at least one epoch.
        best_epoch: Number of the epoch that was kept.
    """
    figure = new_figure(7.6, 2.7)
    # Without validation there is no macro-F1.
    panels = _PANELS if is_validated(histories) else _PANELS[:2]
    for axes, (title, training, validation) in zip(figure.subplots(1, len(panels)), panels, strict=True):
        for number, history in enumerate(histories):
            for value, color, name in (
                (training, _TRAINING, "training"),
                (validation, _VALIDATION, "validation"),
            ):
                points = [(item.number, value(item)) for item in history] if value else []
                if any(height is not None for _, height in points):
                    axes.plot(
                        [place for place, _ in points],
                        [math.nan if height is None else height for _, height in points],
                        color=color,
                        label=name if number == 0 else None,
                        linewidth=1.4 if len(histories) == 1 else 0.9,
                        # A single epoch is a point, which a line alone would not show.
                        marker="o" if len(history) < _MOST_DOTS else None,
                        markersize=3 if len(histories) == 1 else 2,
                    )
        if best_epoch is not None:
            axes.axvline(best_epoch, color="#52606D", linestyle=":", label=f"kept: epoch {best_epoch}")
        axes.set_title(title)
        axes.set_xlabel("epoch")
        axes.locator_params(axis="x", integer=True)
        axes.grid(color="#E4E7EB")
        if title != "Loss":
            axes.set_ylim(-0.02, 1.02)
    handles, names = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=3)
    return figure


def is_validated(histories: Sequence[Sequence[Epoch]]) -> bool:
    """Whether validation samples judged the epochs."""
    return any(item.validation_loss is not None for history in histories for item in history)
