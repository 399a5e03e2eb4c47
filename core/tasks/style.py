"""Job that styles a class raster by a class scheme."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..classes import ClassIndex, LandCoverClass, class_label, describe_classes, has_name
from ..errors import OutputError, SchemeError
from ..files import partial_file
from ..maps.areas import measure
from ..progress import Progress
from ..raster.attribute_table import sidecar_of, write_other_table
from ..raster.class_raster import change_notes, open_class_raster
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
        SchemeError: The raster has none of the scheme's values, or names them differently; or there is
            neither a scheme nor a class of its own.
        OutputError: The raster is not a file, or its sidecar file cannot be written.
    """
    if request.write:
        _check_writable(request.input)

    progress.update(0.0, "Reading the raster's classes")
    with open_class_raster(request.input, progress) as raster:
        pixels = measure(raster, progress, {item.value for item in request.classes}).pixels
        raster_classes = raster.classes(pixels)
        has_classes = bool(raster.own_classes())
        changes = change_notes([raster], progress)
    for change in changes:
        progress.log(change, "warning")
    where = str(request.input)
    if request.classes:
        _check_names(raster_classes, request, where)
        styled = _styled(raster_classes, request, progress)
    elif has_classes:
        styled = list(raster_classes)
        progress.log("No scheme was given, so the raster keeps its own names and colours.")
    else:
        raise SchemeError(
            "No scheme was given, and the raster has no classes of its own",
            where=where,
            advice="Choose a published scheme, a file or a layer.",
        )
    if not styled:
        raise SchemeError(
            "The raster has none of the scheme's values: it has {values}, the scheme has {scheme_values}",
            where=where,
            advice="Choose the scheme that the raster was made with.",
            values=_describe_first(raster_classes),
            scheme_values=_describe_first(request.classes),
        )
    known = {item.value for item in styled}
    unknown = [item for item in raster_classes if item.value not in known]
    if unknown:
        progress.log(
            "The scheme has no entry for {classes}. These values are grey in the map.",
            "warning",
            classes=describe_classes(unknown),
        )
    classes = (*styled, *(LandCoverClass(item.value, item.name, UNKNOWN_COLOR) for item in unknown))
    sidecar = _write(Path(request.input.path), classes, pixels, progress) if request.write else None
    return StyleResult(classes, tuple(item.value for item in unknown), sidecar, bool(changes))


def _check_names(raster_classes: Sequence[LandCoverClass], request: StyleRequest, where: str) -> None:
    """Refuse a scheme that has values of the raster under other names, unless the user renames them."""
    index = ClassIndex(request.classes)
    pairs = [
        (item, other)
        for item in raster_classes
        if (other := index.disagreeing(item.value, item.name)) is not None
    ]
    if pairs and not request.rename:
        raise SchemeError(
            "The raster and the scheme have different names for the same values: {classes} in the raster, "
            "{scheme_classes} in the scheme",
            where=where,
            advice="Choose the scheme that the raster was made with, or set RENAME to take its names.",
            classes=_describe_first([item for item, _ in pairs]),
            scheme_classes=_describe_first([other for _, other in pairs]),
        )


def _styled(
    raster_classes: Sequence[LandCoverClass], request: StyleRequest, progress: Progress
) -> list[LandCoverClass]:
    """Return the raster's classes that the scheme has, with its colours, in its order."""
    index, order = ClassIndex(request.classes), {item.value: n for n, item in enumerate(request.classes)}
    matches = []
    for item in raster_classes:
        # The names of the raster do not count where the user renames its values.
        match = index.same_class(item.value, "" if request.rename else item.name)
        if match is not None:
            matches.append((item, match))
    moved = [(item, match) for item, match in matches if item.value != match.value]
    if moved:
        progress.log(
            "The scheme has other values for some of the raster's classes; they are matched by name: "
            "{classes}.",
            classes=", ".join(f"{class_label(item)} ({match.value})" for item, match in moved),
        )
    matches.sort(key=lambda pair: order[pair[1].value])
    return [
        replace(match, value=item.value, name=match.name if has_name(match.value, match.name) else item.name)
        for item, match in matches
    ]


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
