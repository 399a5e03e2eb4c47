"""Job that styles a class raster by a class scheme."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ..assessment.cross_tabulation import measure
from ..classes import LandCoverClass, describe_classes
from ..errors import OutputError, SchemeError
from ..files import partial_file
from ..progress import Progress
from ..raster.attribute_table import sidecar_of, write_other_table
from ..raster.class_raster import open_class_raster
from ..raster.geotiff import warn_of_style
from ..raster.source import RasterSource
from ..requests.style import StyleRequest, StyleResult

UNKNOWN_COLOR = "#9E9E9E"
"""Colour of values without an entry in the scheme, a grey that no shipped scheme uses."""
# More classes make a message too long.
_MAX_NAMED_CLASSES = 6
_ADVICE = "Switch WRITE off, or copy the raster to a GeoTIFF (Export > Save As…) and use that."


def run(request: StyleRequest, progress: Progress) -> StyleResult:
    """Match the scheme to the raster's values, and optionally write names and colours to its sidecar file.

    Args:
        request: Request to style a class raster.
        progress: Progress reporter.

    Raises:
        RasterError: The raster cannot be read, or has no CRS.
        SampleError: The raster is not a class raster.
        SchemeError: The raster has none of the scheme's values.
        OutputError: The raster is not a file, or its sidecar file cannot be written.
    """
    if request.write:
        _check_writable(request.input)

    progress.update(0.0, "Reading the raster's classes")
    with open_class_raster(request.input, progress) as raster:
        pixels = measure(raster, progress).pixels
        raster_classes = {item.value: item for item in raster.classes(pixels)}
    styled = [item for item in request.classes if item.value in raster_classes]
    if not styled:
        raise SchemeError(
            "The raster has none of the scheme's values: it has {values}, the scheme has {scheme_values}",
            where=str(request.input),
            advice="Choose the scheme that the raster was made with.",
            values=_describe_first(list(raster_classes.values())),
            scheme_values=_describe_first(request.classes),
        )
    known = {item.value for item in styled}
    unknown = [item for value, item in raster_classes.items() if value not in known]
    if unknown:
        progress.log(
            "The scheme has no entry for {classes}. These values are grey in the map.",
            "warning",
            classes=describe_classes(unknown),
        )
    classes = (*styled, *(LandCoverClass(item.value, item.name, UNKNOWN_COLOR) for item in unknown))
    sidecar = _write(Path(request.input.path), classes, pixels, progress) if request.write else None
    return StyleResult(classes, tuple(item.value for item in unknown), sidecar)


def _describe_first(classes: Sequence[LandCoverClass]) -> str:
    return describe_classes(classes[:_MAX_NAMED_CLASSES]) + (
        ", …" if len(classes) > _MAX_NAMED_CLASSES else ""
    )


def _check_writable(source: RasterSource) -> None:
    path = Path(source.path)
    if not path.is_file():
        raise OutputError(
            "Names and colours cannot be written, because the raster is not a file on this computer",
            where=str(source),
            advice=_ADVICE,
        )
    if not os.access(path.parent, os.W_OK):
        raise OutputError("The raster's folder cannot be written", where=str(path.parent), advice=_ADVICE)


def _write(
    path: Path, classes: tuple[LandCoverClass, ...], pixels: dict[int, int], progress: Progress
) -> str:
    sidecar = sidecar_of(path)
    with partial_file(sidecar, progress) as part:
        try:
            write_other_table(part, sidecar, classes, pixels)
        except ValueError as error:
            raise OutputError(
                "The sidecar file of the raster is not in the format that GDAL writes",
                where=str(sidecar),
                advice="Move that file to another folder, or switch WRITE off.",
            ) from error
    warn_of_style(path, progress)
    return str(sidecar)
