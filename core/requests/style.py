"""Request and result of the styling of a class raster."""

from __future__ import annotations

from dataclasses import dataclass

from ..classes import LandCoverClass
from ..raster.source import RasterSource


@dataclass(frozen=True)
class StyleRequest:
    """Request to style a class raster by a class scheme.

    Attributes:
        input: Raster of class values.
        classes: Classes of the scheme, in the order of its legend; empty for those of the raster itself.
        write: Whether names and colours are written into the raster's sidecar file.
        rename: Whether values that the raster names differently get the names of the scheme.
    """

    input: RasterSource
    classes: tuple[LandCoverClass, ...]
    write: bool = False
    rename: bool = False


@dataclass(frozen=True)
class StyleResult:
    """Classes of a styled raster.

    Attributes:
        classes: Classes that occur in the raster, in the order of the legend. Values without an entry in the
            scheme come last, in grey.
        unknown: Values of the raster without an entry in the scheme.
        sidecar: Path of the sidecar file that was written; None for none.
        is_changed: Whether the raster was changed after its classification by a model.
    """

    classes: tuple[LandCoverClass, ...]
    unknown: tuple[int, ...]
    sidecar: str | None
    is_changed: bool = False
