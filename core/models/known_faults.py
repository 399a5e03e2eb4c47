"""Known faults of models that earlier versions of this plugin trained.

A model file outlives the version that made it. What was wrong with its training cannot be mended in the file,
so whoever reads or applies it is told::

    for fault in known_faults(read_card(path)):
        progress.log(fault, "warning")

Light: QGIS imports it.
"""

from __future__ import annotations

from .architectures import ARCHITECTURES
from .card import ModelCard

ORIENTED_AROUND_LABEL = "labelled_pixel"
"""Value of ``Training.orientation_centre`` in models whose patches were turned around the labelled pixel."""


def known_faults(card: ModelCard) -> tuple[str, ...]:
    """Return what is known to be wrong with a model, one or more sentences each with what to do.

    Args:
        card: Document of the model, of any version. Of an architecture that this version does not have,
            nothing is known.
    """
    if not _has_shifted_labels(card):
        return ()
    return (
        "This model was trained by an earlier version, which turned and mirrored patches of an even size "
        f"({card.patch_size} pixels) around their corner point instead of around the labelled pixel. Its map "
        "is shifted by about half a pixel to the right and downwards, and many pixels right of and below "
        "borders are wrong. Train the model again with this version.",
    )


def _has_shifted_labels(card: ModelCard) -> bool:
    """Return whether flips and turns moved the labels of its training patches.

    Odd patches have a pixel in their middle, and labels of U-Nets turn with their crops.
    """
    kind = next((item for item in ARCHITECTURES if item.name == card.architecture), None)
    if kind is None or not kind.has_network or kind.kind != "patch" or kind.sees != "squares":
        return False
    if card.patch_size % 2:
        return False
    training = card.training
    return training.parameters.get("augment") is not False and not training.orientation_centre
