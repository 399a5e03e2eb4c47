"""Request and result of the styling of a class raster."""

from __future__ import annotations

from dataclasses import dataclass

from ..classes import LandCoverClass
from ..raster.source import RasterSource


@dataclass(frozen=True)
class StyleRequest:
    """What to style.

    Attributes:
        input: A raster of class values.
        classes: Of the scheme, in the order of its legend.
        write: Whether names and colours are written into the raster's sidecar.
    """

    input: RasterSource
    classes: tuple[LandCoverClass, ...]
    write: bool = False


@dataclass(frozen=True)
class StyleResult:
    """What was found.

    Attributes:
        classes: Those that occur, in the order of the legend; values that the scheme lacks are last.
        unknown: The values that it lacks.
        sidecar: The file that was written, if that was asked for.
    """

    classes: tuple[LandCoverClass, ...]
    unknown: tuple[int, ...]
    sidecar: str | None
