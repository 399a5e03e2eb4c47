"""Job that joins neighbouring maps into one."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.errors import RasterioError

from ..classes import LandCoverClass, shared_name_notes
from ..errors import ParameterError, RasterError
from ..files import partial_file
from ..maps.areas import measure
from ..maps.mosaic import (
    Joined,
    Place,
    PlacedMap,
    Probabilities,
    by_date,
    check_size,
    common_classes,
    date_of,
    join,
    mosaic_classes,
    mosaic_grid,
    parse_dates,
)
from ..maps.strips import grid_strips
from ..maps.value_codes import sums_by_code
from ..marks import MOSAIC
from ..progress import Progress, Stage
from ..provenance import metadata_items, provenance, write_table_record
from ..raster.class_raster import ClassRaster, on_grid, open_class_raster, sequential_cache
from ..raster.dataset import cannot_read, grid_of, open_dataset
from ..raster.derived_map import open_derived_map
from ..raster.geotiff import write_trial
from ..raster.grid import Grid, Tile
from ..raster.pixel_area import PixelAreas, pixel_areas
from ..raster.source import RasterSource
from ..raster.writer import map_type
from ..requests.mosaicmaps import DATE, PROBABILITY, MosaicRequest, MosaicResult, check_request
from ..run_plan import RunPlan, begin, map_file, small_file, time_of_tiles

_PARTS = (0.0, 0.3, 1.0)


def run(request: MosaicRequest, progress: Progress) -> MosaicResult:
    """Write the mosaic and the table of its maps, and log what each map gives.

    Args:
        request: Request to join maps.
        progress: Progress reporter.

    Raises:
        ParameterError: There are too few maps, or a date is missing or malformed.
        RasterError: A map cannot be read or brought onto the grid of the first one.
        SampleError: A raster is not a class map, or the maps have different names for the same value.
        OutputError: An output cannot be written.
        RunCancelled: The user cancelled.
    """
    check_request(request)
    with ExitStack() as stack:
        own = [stack.enter_context(open_class_raster(item, progress)) for item in request.inputs]
        dates = _dates(request, own, progress)
        if request.probabilities and request.rule != PROBABILITY:
            progress.log("PROBABILITIES are not used, because RULE is {rule}.", "warning", rule=request.rule)
        grid, places = mosaic_grid([raster.grid for raster in own])
        check_size(grid, places, [raster.grid for raster in own], progress)
        if request.rule != PROBABILITY and all(place.is_aligned for place in places):
            stack.enter_context(sequential_cache(own))
        common_classes(own, progress)
        values = _values(own, Stage(progress, *_PARTS[:2]))
        classes = mosaic_classes(own, values)
        for note in shared_name_notes(classes):
            progress.log(note, "warning")
        maps = [
            _placed(item, raster, place, grid, request, number, stack, progress)
            for number, (item, raster, place) in enumerate(zip(request.inputs, own, places, strict=True))
        ]
        order = by_date(dates) if request.rule == DATE else list(range(len(maps)))
        ordered = [maps[number] for number in order]
        _begin(request, grid, classes, ordered, progress)
        record = provenance({"RULE": request.rule, "DATES": request.dates})
        tally = _Tally(len(maps))
        with open_derived_map(
            Path(request.output), own, grid, classes, MOSAIC, progress, metadata_items(record)
        ) as writer:
            areas = pixel_areas(grid)
            for tile in grid_strips(grid, Stage(progress, *_PARTS[1:]), "Joining the maps"):
                joined = join(ordered, tile)
                writer.write(tile, _filled(joined, writer.dtype, writer.nodata))
                tally.add(joined, tile, areas)
        # The tally is in the order of the rule, and the table in that of the user.
        rows = [
            _Row(raster.source.title, date, *tally.of(order.index(number)))
            for number, (raster, date) in enumerate(zip(own, dates, strict=True))
        ]
        if request.table:
            _write_table(Path(request.table), rows, progress)
            write_table_record(Path(request.table), record, progress)
    return _logged(request, rows, tally, progress)


def _dates(request: MosaicRequest, maps: Sequence[ClassRaster], progress: Progress) -> tuple[str, ...]:
    """Return the date of each map; empty where it is not known and not needed."""
    given = parse_dates(request.dates, len(maps))
    if given:
        return given
    found = tuple(date_of(raster) for raster in maps)
    if request.rule != DATE:
        return found
    missing = [raster.source.title for raster, date in zip(maps, found, strict=True) if not date]
    if missing:
        raise ParameterError(
            "The date of these maps is neither in their metadata nor in their file names: {maps}",
            where="DATES",
            advice="Give a date for each map, in the order of the maps. The date on which a map was made is "
            "not used, because it is not that of the scene.",
            maps=", ".join(missing),
        )
    progress.log(
        "Dates from metadata or file names: {dates}. Give DATES if they are wrong.",
        dates=", ".join(f"{raster.source.title} {date}" for raster, date in zip(maps, found, strict=True)),
    )
    return found


def _values(maps: Sequence[ClassRaster], progress: Progress) -> list[list[int]]:
    """Return the values that occur in each map."""
    part = 1.0 / len(maps)
    return [
        list(measure(raster, Stage(progress, number * part, (number + 1) * part)).pixels)
        for number, raster in enumerate(maps)
    ]


def _placed(
    source: RasterSource,
    raster: ClassRaster,
    place: Place,
    grid: Grid,
    request: MosaicRequest,
    number: int,
    stack: ExitStack,
    progress: Progress,
) -> PlacedMap:
    """Return a map at its place, resampled where its pixels are not those of the mosaic."""
    onto = grid.crop(place.window)
    if not place.is_aligned:
        progress.log(
            "{raster} has other pixels than {first}. It is resampled to them by the nearest pixel.",
            "warning",
            raster=raster.source.title,
            first=request.inputs[0].title,
        )
        resampled = stack.enter_context(open_class_raster(source, progress, onto))
        resampled.recode(raster.recoded_values)
        raster, own_grid = resampled, raster.grid
    else:
        own_grid = raster.grid
    probabilities = None
    if request.rule == PROBABILITY:
        probabilities = _probabilities(
            request.probabilities[number], own_grid, None if place.is_aligned else onto, stack, progress
        )
    return PlacedMap(raster, place.window, probabilities)


def _probabilities(
    source: RasterSource, own: Grid, onto: Grid | None, stack: ExitStack, progress: Progress
) -> Probabilities:
    """Return the probabilities of a map, which must be on its grid."""
    try:
        file = stack.enter_context(open_dataset(source))
    except RasterioError as error:
        raise cannot_read(source, error) from error
    if not own.has_pixels_of(grid_of(file)):
        raise RasterError(
            "The probabilities have another grid than their map",
            where=str(source),
            advice="Give the probabilities of the maps in the same order as the maps.",
        )
    dataset = file if onto is None else stack.enter_context(on_grid(file, source, onto, progress))
    return Probabilities(dataset, file)


def _begin(
    request: MosaicRequest,
    grid: Grid,
    classes: Sequence[LandCoverClass],
    maps: Sequence[PlacedMap],
    progress: Progress,
) -> None:
    dtype, nodata = map_type([item.value for item in classes])

    def work(tile: Tile) -> None:
        write_trial(_filled(join(maps, tile), dtype, nodata), nodata)

    files = map_file(request.output, grid, classes), small_file(request.table)
    plan = RunPlan(grid, classes, files, {"rule": request.rule, "maps": len(maps)})
    begin(plan, progress, lambda: time_of_tiles(grid.window, work, progress))


def _filled(joined: Joined, dtype: str, nodata: int) -> NDArray[Any]:
    """Return the values of a part of the mosaic as they are written."""
    values = joined.values.astype(dtype, copy=False)
    np.copyto(values, nodata, where=joined.source == 0, casting="unsafe")
    return values


@dataclass(frozen=True)
class _Row:
    map: str
    date: str
    pixels: int
    used: int
    hectares: float


class _Tally:
    """Pixels and areas that each map gives, and the agreement where maps overlap."""

    def __init__(self, maps: int) -> None:
        self._maps = maps
        self._pixels: Counter[int] = Counter()
        self._used: Counter[int] = Counter()
        self._hectares = dict.fromkeys(range(maps), 0.0)
        self.overlap = self.equal = 0

    @property
    def total(self) -> int:
        """Number of pixels with a class."""
        return sum(self._used.values())

    def of(self, number: int) -> tuple[int, int, float]:
        """Return the pixels of a map, those that the mosaic has from it, and their area in hectares."""
        return self._pixels[number], self._used[number], self._hectares[number]

    def add(self, joined: Joined, tile: Tile, areas: PixelAreas) -> None:
        """Count a part of the mosaic."""
        counts, sums = sums_by_code(joined.source, self._maps + 1, tile, areas)
        for number in range(self._maps):
            self._pixels[number] += joined.pixels[number]
            self._used[number] += int(counts[number + 1])
            self._hectares[number] += float(sums[number + 1])
        self.overlap += joined.overlap
        self.equal += joined.equal


def _write_table(path: Path, rows: Sequence[_Row], progress: Progress) -> None:
    with (
        partial_file(path, progress) as part,
        part.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(["order", "map", "date", "pixels", "used_pixels", "used_ha"])
        for number, row in enumerate(rows):
            writer.writerow([number + 1, row.map, row.date, row.pixels, row.used, f"{row.hectares:.6f}"])


def _logged(request: MosaicRequest, rows: Sequence[_Row], tally: _Tally, progress: Progress) -> MosaicResult:
    for row in rows:
        progress.log(
            "{map}: {used:,} of its {pixels:,} pixels are in the mosaic, {hectares:,.2f} ha.",
            map=row.map,
            used=row.used,
            pixels=row.pixels,
            hectares=row.hectares,
        )
    agreement = tally.equal / tally.overlap if tally.overlap else None
    if agreement is None:
        progress.log("The maps do not overlap.")
    else:
        progress.log(
            "Where maps overlap ({pixels:,} pixels), all have the same class in {agreement:.1%}. Seams can "
            "be cleaned with ‘Generalise a map’.",
            pixels=tally.overlap,
            agreement=agreement,
        )
    return MosaicResult(request.output, request.table, tally.total, tally.overlap, agreement)
