"""Learning curves."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.figure import Figure

from ..models.card import Epoch
from .figure import ACCENTS, new_figure

_TRAINING, _VALIDATION = ACCENTS[0], ACCENTS[2]


def draw_curves(history: Sequence[Epoch], best_epoch: int | None) -> Figure:
    """Return loss, accuracy and macro-F1 over the epochs, with the epoch that was kept.

    Args:
        history: At least one epoch.
        best_epoch: Number of the epoch that was kept.
    """
    figure = new_figure(7.6, 2.7)
    panels = (
        ("Loss", [item.train_loss for item in history], [item.validation_loss for item in history]),
        (
            "Accuracy",
            [item.train_accuracy for item in history],
            [item.validation_accuracy for item in history],
        ),
        ("Macro-F1", None, [item.validation_macro_f1 for item in history]),
    )
    numbers = [item.number for item in history]
    # A single epoch is a point, which a line alone would not show.
    style = {"linewidth": 1.4, "marker": "o", "markersize": 3 if len(history) < 40 else 0}
    for axes, (title, training, validation) in zip(figure.subplots(1, 3), panels, strict=True):
        if training is not None:
            axes.plot(numbers, training, color=_TRAINING, label="training", **style)
        if any(value is not None for value in validation):
            known = [math.nan if value is None else value for value in validation]
            axes.plot(numbers, known, color=_VALIDATION, label="validation", **style)
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
