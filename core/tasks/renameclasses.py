"""Job that gives the classes of a map or a model other names, colours or parents."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..classes import LandCoverClass, class_label, shared_name_notes
from ..files import file_checksum
from ..maps.areas import measure
from ..maps.class_table import RENAME_COLUMNS, changed_classes, renamed
from ..maps.strips import strips
from ..maps.table_file import read_table
from ..marks import RENAMED_MAP
from ..models.card import read_card
from ..models.redescribe import describe_again
from ..progress import Progress, Stage
from ..provenance import metadata_items, provenance
from ..raster.class_raster import ClassRaster, open_class_raster, sequential_cache
from ..raster.derived_map import open_derived_map
from ..raster.geotiff import write_trial
from ..raster.grid import Tile
from ..raster.writer import map_type
from ..requests.recode import RenameRequest, RenameResult, check_rename
from ..run_plan import FilePlan, RunPlan, RunTime, begin, map_file, time_of_tiles
from ..text import Text


def run(request: RenameRequest, progress: Progress) -> RenameResult:
    """Write a copy of the map or model with the names, colours and parents of the table.

    Args:
        request: Request to rename classes.
        progress: Progress reporter.

    Raises:
        ParameterError: There is neither a map nor a model, or the table is malformed.
        SchemeError: The names of the table and of the classes differ.
        RasterError: The map cannot be read.
        SampleError: The raster is not a class map.
        ModelFileError: The file is not a model.
        OutputError: The output cannot be written.
        RunCancelled: The user cancelled.
    """
    check_rename(request)
    if request.model:
        return _rename_model(request, progress)
    if request.map is None:
        raise RuntimeError("a request without a map and a model")
    with open_class_raster(request.map, progress) as raster, sequential_cache([raster]):
        pixels = measure(raster, Stage(progress, 0.0, 0.4)).pixels
        known = raster.classes({*pixels, *(item.value for item in raster.own_classes())})
        before = _legend_order(raster.own_classes(), known)
        classes = _renamed(before, request, progress)
        _begin(request, raster, classes, progress)
        record = metadata_items(provenance({}))
        with open_derived_map(
            Path(request.output), [raster], raster.grid, classes, RENAMED_MAP, progress, record
        ) as writer:
            for tile in strips(raster, Stage(progress, 0.4, 1.0), "Copying the map"):
                values, valid = raster.read(tile)
                writer.write(tile, np.where(valid, values, writer.nodata).astype(writer.dtype))
    return RenameResult(request.output, _log_changes(before, classes, progress))


def _legend_order(
    own: Sequence[LandCoverClass], known: Sequence[LandCoverClass]
) -> tuple[LandCoverClass, ...]:
    """Return all classes, those of the file's legend first and in its order."""
    order = {item.value: number for number, item in enumerate(own)}
    return tuple(sorted(known, key=lambda item: order.get(item.value, len(order) + item.value)))


def _rename_model(request: RenameRequest, progress: Progress) -> RenameResult:
    source = Path(request.model)
    card = read_card(source)
    classes = _renamed(card.classes, request, progress)
    size = os.path.getsize(source)
    begin(
        RunPlan(None, classes, (FilePlan(request.output, size),), {"architecture": card.architecture}),
        progress,
        lambda: RunTime(0.0, Text("a copy of the model file")),
    )
    record = provenance({})
    change = {
        "model": source.name,
        "model_sha256": file_checksum(source),
        "algorithm": record.algorithm,
        "command": record.command,
        "created": record.created,
    }
    describe_again(source, Path(request.output), classes, change, progress)
    progress.log(
        "Maps that are made with the renamed model have the new names. Maps of the former model keep theirs."
    )
    return RenameResult(request.output, _log_changes(card.classes, classes, progress))


def _renamed(
    classes: Sequence[LandCoverClass], request: RenameRequest, progress: Progress
) -> tuple[LandCoverClass, ...]:
    rows = read_table(
        Path(request.table), RENAME_COLUMNS, ("value|old_name", "name|color|parent"), "TABLE", progress
    )
    result = renamed(classes, rows, request.table, progress)
    for note in shared_name_notes(result):
        progress.log(note, "warning")
    return result


def _begin(
    request: RenameRequest, raster: ClassRaster, classes: Sequence[LandCoverClass], progress: Progress
) -> None:
    dtype, nodata = map_type([item.value for item in classes])

    def work(tile: Tile) -> None:
        values, valid = raster.read(tile)
        write_trial(np.where(valid, values, nodata).astype(dtype), nodata)

    plan = RunPlan(raster.grid, classes, (map_file(request.output, raster.grid, classes),))
    begin(plan, progress, lambda: time_of_tiles(raster.grid.window, work, progress))


def _log_changes(
    before: Sequence[LandCoverClass], after: Sequence[LandCoverClass], progress: Progress
) -> int:
    changes = list(changed_classes(before, after))
    for old, new in changes:
        progress.log(
            "{old} ({old_color}) → {new} ({new_color}), parent {parent}."
            if new.parent
            else "{old} ({old_color}) → {new} ({new_color}).",
            old=class_label(old),
            old_color=old.color,
            new=class_label(new),
            new_color=new.color,
            parent=new.parent,
        )
    if not changes:
        progress.log(
            "The table changes nothing: the classes have these names and colours already.", "warning"
        )
    return len(changes)
