"""From the finished tiles of a run to its rasters."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..classes import LandCoverClass, class_label
from ..progress import Progress
from ..raster.geotiff import PLAIN, FileForm
from ..raster.grid import Grid
from ..raster.shares import ShareWriter, open_shares
from ..raster.writer import MapWriter, open_map
from .layers import APPLICABILITY_BANDS, AREA_TYPE, SET_NODATA, TileLayers
from .store import TileStore

_SETS_TITLE = "Classes in the prediction set"


@dataclass(frozen=True)
class OutputFiles:
    """Which rasters to write, and how.

    Attributes:
        classes: The classified map.
        probabilities: A band a class; None is none.
        applicability: The bands of ``APPLICABILITY_BANDS``; None is none.
        uncertainty: The bands of ``TileLayers.uncertainty_bands``; None is none.
        sets: The size of each pixel's prediction set; None is none.
        form: Of all files.
    """

    classes: Path
    probabilities: Path | None = None
    uncertainty: Path | None = None
    applicability: Path | None = None
    sets: Path | None = None
    form: FileForm = PLAIN


def write_outputs(
    store: TileStore,
    layers: TileLayers,
    files: OutputFiles,
    grid: Grid,
    classes: tuple[LandCoverClass, ...],
    metadata: Mapping[str, str],
    progress: Progress,
) -> float | None:
    """Write the rasters; each stands under its name only when it is complete.

    Returns:
        The share of the map inside the area of applicability, where that is written.

    Args:
        store: All tiles.
        layers: What each of them holds.
        files: What to write.
        grid: Of the output.
        classes: In the order of the model's outputs.
        metadata: Items for the files.
        progress: Is told how far it is.

    Raises:
        OutputError: The disk is full, or a raster cannot be written.
        RunCancelled: The user cancelled.
    """
    with ExitStack() as opened:
        # The map is opened first, so it gets its name last: where it stands, all of them do.
        writer = opened.enter_context(open_map(files.classes, grid, classes, progress, metadata, files.form))
        shares: list[tuple[ShareWriter, int, int]] = []
        wanted = (
            (files.probabilities, 1, tuple(class_label(item) for item in classes), layers.share_type),
            (files.uncertainty, layers.first_uncertainty, layers.uncertainty_bands, layers.share_type),
            (files.applicability, layers.first_applicability, APPLICABILITY_BANDS, AREA_TYPE),
        )
        for path, first, names, kind in wanted:
            if path is not None:
                raster = open_shares(path, grid, names, kind, progress, metadata, files.form)
                shares.append((opened.enter_context(raster), first, len(names)))
        # In reading order, so that blocks which two tiles share are written once.
        tiles = sorted(store.entries, key=lambda tile: (tile.row, tile.column))
        inside = known = 0
        sizes = None
        if files.sets is not None:
            kinds = set_sizes(len(classes))
            made = open_map(files.sets, grid, kinds, progress, metadata, files.form, _SETS_TITLE)
            sizes = opened.enter_context(made)
        for number, tile in enumerate(tiles):
            progress.check_cancelled()
            progress.update(1.0, f"Writing the map, tile {number + 1:,} of {len(tiles):,}")
            writer.write(tile, store.layer(tile, 0))
            if sizes is not None:
                found = store.layer(tile, layers.last)
                sizes.write(tile, np.where(found == SET_NODATA, sizes.nodata, found).astype(sizes.dtype))
            for raster_writer, first, bands in shares:
                for band in range(bands):
                    raster_writer.write(tile, band, store.layer(tile, first + band))
            if files.applicability is not None:
                area = store.layer(tile, layers.first_applicability + 1)
                inside, known = inside + int((area == 1).sum()), known + int((area >= 0).sum())
        if sizes is not None:
            _log_sizes(sizes, progress)
        progress.update(1.0, "Finishing the map")
    return inside / known if known else None


def set_sizes(classes: int) -> tuple[LandCoverClass, ...]:
    """Return the sizes of prediction sets as classes of a map; an empty one is 0."""
    found = [LandCoverClass(0, "No class: like none of them", "#7B3294")]
    for size in range(1, min(classes, SET_NODATA - 1) + 1):
        name = "1 class: sure" if size == 1 else f"{size} classes"
        # From green over yellow to red.
        share = (size - 1) / max(1, classes - 1)
        red, green = min(1.0, 2 * share), min(1.0, 2 - 2 * share)
        found.append(
            LandCoverClass(size, name, f"#{round(40 + 200 * red):02X}{round(30 + 150 * green):02X}41")
        )
    return tuple(found)


def _log_sizes(sizes: MapWriter, progress: Progress) -> None:
    total = max(1, sum(sizes.counts.values()))
    single, empty = (sizes.counts.get(size, 0) / total for size in (1, 0))
    progress.log(f"Prediction sets: {single:.1%} of the map have one class, {empty:.1%} none.")
