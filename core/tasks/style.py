"""Style a class raster: the job."""

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
"""Of values that a scheme does not have: a grey that no shipped scheme uses."""
# Classes that a sentence names.
_FEW = 6
_ADVICE = "Switch WRITE off, or copy the raster to a GeoTIFF (Export > Save As…) and use that."


def run(request: StyleRequest, progress: Progress) -> StyleResult:
    """Match the scheme with the raster's values, and write it where that is asked for.

    Raises:
        RasterError: The raster cannot be read, or has no place on the earth.
        SampleError: It holds no class values.
        SchemeError: It has none of the scheme's values.
        OutputError: It has no sidecar of its own, or that cannot be written.
    """
    if request.write:
        _check_writable(request.input)

    progress.update(0.0, "Looking for the raster's classes")
    with open_class_raster(request.input, progress) as raster:
        pixels = measure(raster, progress).pixels
        found = {item.value: item for item in raster.classes(pixels)}
    styled = [item for item in request.classes if item.value in found]
    if not styled:
        raise SchemeError(
            "The raster has none of the scheme's values: it has {values}, the scheme {scheme_values}",
            where=str(request.input),
            advice="Choose the scheme by which the raster was made.",
            values=_some(list(found.values())),
            scheme_values=_some(request.classes),
        )
    known = {item.value for item in styled}
    unknown = [item for value, item in found.items() if value not in known]
    if unknown:
        progress.log(
            "The scheme has no entry for {classes}: grey in the map.",
            "warning",
            classes=describe_classes(unknown),
        )
    classes = (*styled, *(LandCoverClass(item.value, item.name, UNKNOWN_COLOR) for item in unknown))
    sidecar = _write(Path(request.input.path), classes, pixels, progress) if request.write else None
    return StyleResult(classes, tuple(item.value for item in unknown), sidecar)


def _some(classes: Sequence[LandCoverClass]) -> str:
    return describe_classes(classes[:_FEW]) + (", …" if len(classes) > _FEW else "")


def _check_writable(source: RasterSource) -> None:
    path = Path(source.path)
    if not path.is_file():
        raise OutputError(
            "Names and colours cannot be written, because the raster is no file of its own",
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
                "The file beside the raster is not of the form that GDAL writes",
                where=str(sidecar),
                advice="Move it away, or switch WRITE off.",
            ) from error
    warn_of_style(path, progress)
    return str(sidecar)
