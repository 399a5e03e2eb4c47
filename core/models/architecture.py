"""What the rest of the code knows about an architecture. Light: QGIS imports it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["patch", "pixel"]
Family = Literal["network", "trees"]


@dataclass(frozen=True)
class Architecture:
    """One entry of the registry.

    Attributes:
        name: The value of ARCHITECTURE; it stands in model files.
        title: For people.
        kind: ``patch``: it gives a label to the centre of a patch; ``pixel``: to every pixel of what
            it is shown.
        family: ``network`` (torch) or ``trees`` (scikit-learn).
        build: Makes an untrained model, and imports what it needs for that when it is called. Of a
            network: from input channels and classes to a torch module. Of trees: from the settings of
            ``core.training`` to an estimator.
        head: Of a network: beginnings of the names of the weights that make classes of features;
            the last of them is the layer that gives the logits.
    """

    name: str
    title: str
    kind: Kind
    family: Family
    build: Callable[..., Any] = field(repr=False, compare=False)
    head: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """Ending of its model files."""
        return ".skops" if self.family == "trees" else ".safetensors"
