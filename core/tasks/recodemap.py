"""Job that merges or replaces the classes of a map, and sets the pixels inside a mask."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from ..classes import LandCoverClass, class_label, shared_name_notes, whole_number
from ..errors import ParameterError
from ..files import partial_file
from ..maps.areas import measure
from ..maps.class_table import (
    NODATA,
    RECODE_COLUMNS,
    Recoding,
    recoding_of,
    to_parents,
)
from ..maps.recode import Override, RecodedPixels, Recoder, count_transitions, write_recoded
from ..maps.table_file import read_table
from ..marks import RECODED_MAP
from ..options import NONE
from ..progress import Progress, Stage
from ..provenance import metadata_items, provenance, write_table_record
from ..raster.class_raster import ClassRaster, named_classes, open_class_raster, sequential_cache
from ..raster.derived_map import open_derived_map
from ..raster.geotiff import write_trial
from ..raster.grid import Tile
from ..raster.mask import Mask
from ..raster.pixel_area import pixel_areas
from ..raster.writer import map_type
from ..requests.recode import RecodeRequest, RecodeResult, check_recode
from ..run_plan import RunPlan, begin, map_file, small_file, time_of_tiles


def run(request: RecodeRequest, progress: Progress) -> RecodeResult:
    """Write the recoded map and the table of what changed, and log the changes.

    The table comes first, then the level, then the mask.

    Args:
        request: Request to recode a map.
        progress: Progress reporter.

    Raises:
        ParameterError: There is nothing to recode, or the table or the mask is malformed.
        SchemeError: A name in the table is not that of the class, or no class has a parent.
        RasterError: The map or the mask cannot be read.
        SampleError: The raster is not a class map.
        OutputError: An output cannot be written.
        RunCancelled: The user cancelled.
    """
    check_recode(request)
    with ExitStack() as stack:
        raster = stack.enter_context(open_class_raster(request.input, progress))
        stack.enter_context(sequential_cache([raster]))
        pixels = measure(raster, Stage(progress, 0.0, 0.4)).pixels
        before = _classes(raster, pixels)
        recoding = _recoding(request, before, progress)
        override = None
        if request.has_mask:
            polygons = Path(request.mask_polygons) if request.mask_polygons else None
            mask = stack.enter_context(Mask(raster.grid, polygons, request.mask_raster))
            override = Override(mask, _mask_value(request.value), request.fill_nodata)
        classes = _with_value(recoding.classes, override, before)
        for note in shared_name_notes(classes):
            progress.log(note, "warning")
        _begin(request, raster, recoding, classes, progress)
        record = provenance({"LEVEL": request.level, "VALUE": request.value})
        with open_derived_map(
            Path(request.output),
            [raster],
            raster.grid,
            classes,
            RECODED_MAP,
            progress,
            metadata_items(record),
        ) as writer:
            recoded = write_recoded(writer, raster, recoding, override, Stage(progress, 0.4, 1.0))
        if request.changes:
            path = Path(request.changes)
            _write_changes(path, recoded, before, classes, progress)
            write_table_record(path, record, progress)
    _log_changes(recoded, before, classes, override is not None, progress)
    return RecodeResult(request.output, request.changes, recoded.changed, len(classes))


def _classes(raster: ClassRaster, pixels: Mapping[int, int]) -> tuple[LandCoverClass, ...]:
    """Return the classes of a map in the order of its legend: those that its file defines, and others."""
    own = raster.own_classes()
    others = set(pixels) - {item.value for item in own}
    return (*own, *named_classes([raster], others))


def _recoding(request: RecodeRequest, classes: Sequence[LandCoverClass], progress: Progress) -> Recoding:
    recoding = Recoding({}, None, tuple(classes))
    if request.table:
        rows = read_table(Path(request.table), RECODE_COLUMNS, ("from", "to"), "TABLE", progress)
        recoding = recoding_of(classes, rows, request.table, progress)
    return recoding if request.level == NONE else to_parents(recoding, [item.value for item in classes])


def _mask_value(text: str) -> int | None:
    value = whole_number(text)
    if value is None and text.strip().lower() != NODATA:
        raise ParameterError(
            "VALUE is {text!r}, which is not a class value",
            where="VALUE",
            advice="Write a whole number, or nodata.",
            text=text,
        )
    return value


def _with_value(
    classes: Sequence[LandCoverClass], override: Override | None, before: Sequence[LandCoverClass]
) -> tuple[LandCoverClass, ...]:
    """Return the classes with that of the mask, if they do not have it."""
    if override is None or override.value is None:
        if not classes:
            raise ParameterError(
                "No class would be left in the map",
                where="TABLE",
                advice="Keep at least one class.",
            )
        return tuple(classes)
    if any(item.value == override.value for item in classes):
        return tuple(classes)
    known = {item.value: item for item in before}
    added = known.get(override.value) or named_classes([], [override.value])[0]
    return (*classes, added)


def _begin(
    request: RecodeRequest,
    raster: ClassRaster,
    recoding: Recoding,
    classes: Sequence[LandCoverClass],
    progress: Progress,
) -> None:
    recoder, areas = Recoder(recoding), pixel_areas(raster.grid)
    dtype, nodata = map_type([item.value for item in classes])

    def work(tile: Tile) -> None:
        old, valid = raster.read(tile)
        values, kept = recoder.apply(old, valid)
        count_transitions(old, valid, values, kept, tile, areas)
        write_trial(np.where(kept, values, nodata).astype(dtype), nodata)

    files = map_file(request.output, raster.grid, classes), small_file(request.changes)
    plan = RunPlan(raster.grid, classes, files, {"level": request.level, "value": request.value})
    begin(plan, progress, lambda: time_of_tiles(raster.grid.window, work, progress))


def _write_changes(
    path: Path,
    recoded: RecodedPixels,
    before: Sequence[LandCoverClass],
    after: Sequence[LandCoverClass],
    progress: Progress,
) -> None:
    old_classes, new_classes = ({item.value: item for item in items} for items in (before, after))
    order = {item.value: number for number, item in enumerate(before)}
    with (
        partial_file(path, progress) as part,
        part.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(["from", "from_name", "to", "to_name", "to_parent", "pixels", "area_ha"])
        for old, new in sorted(
            recoded.pixels,
            key=lambda pair: (order.get(pair[0], len(order)), str(pair[1])),  # type: ignore[arg-type]
        ):
            source = old_classes[old] if old is not None else None
            target = new_classes[new] if new is not None else None
            writer.writerow(
                [
                    NODATA if old is None else old,
                    source.name if source else "",
                    NODATA if new is None else new,
                    target.name if target else "",
                    target.parent if target else "",
                    recoded.pixels[old, new],
                    f"{recoded.hectares[old, new]:.6f}",
                ]
            )


def _log_changes(
    recoded: RecodedPixels,
    before: Sequence[LandCoverClass],
    after: Sequence[LandCoverClass],
    has_mask: bool,
    progress: Progress,
) -> None:
    olds, news = ({item.value: class_label(item) for item in items} for items in (before, after))
    for (old, new), count in sorted(recoded.pixels.items(), key=lambda item: -item[1]):
        if old != new:
            progress.log(
                "{old} → {new}: {pixels:,} pixels, {hectares:,.2f} ha.",
                old=NODATA if old is None else olds[old],
                new=NODATA if new is None else news[new],
                pixels=count,
                hectares=recoded.hectares[old, new],
            )
    if has_mask:
        progress.log("The mask changes {count:,} pixels.", count=recoded.overridden)
    if not recoded.changed:
        progress.log("No pixel has another value than before.", "warning")
