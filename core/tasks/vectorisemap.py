"""Job that writes the patches of a map as polygons."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from ..arrays import BoolArray, Float64Array, Int64Array
from ..classes import LandCoverClass
from ..maps.areas import MapSize, measure
from ..maps.outlines import Patches, Tracer
from ..maps.simplify import Simplifier
from ..maps.strips import STRIP_PIXELS, strip_tiles
from ..maps.vector_files import check_packages, open_patches
from ..marks import KIND_ITEM, PATCHES
from ..progress import Progress, RateMeter, Stage
from ..provenance import output_items, provenance
from ..raster.class_raster import ClassRaster, check_is_class_map, open_class_raster, sequential_cache
from ..raster.derived_map import HISTORY, steps_of
from ..raster.grid import Tile
from ..raster.pixel_area import distortion_notes, edge_lengths, pixel_areas
from ..raster.probability_raster import ProbabilityBands, open_probability_bands
from ..requests.vectorisemap import VectoriseRequest, VectoriseResult, check_request
from ..run_plan import RunPlan, RunTime, begin, small_file
from ..text import Text

# Each class of probabilities takes four bytes a pixel.
_STRIP_VALUES = 16_000_000


def run(request: VectoriseRequest, progress: Progress) -> VectoriseResult:
    """Write the polygons.

    Args:
        request: Request to write polygons.
        progress: Progress reporter.

    Raises:
        OutputError: The output has another ending, equals an input, or cannot be written.
        ParameterError: The tolerance is not allowed, or the probabilities do not fit the map.
        RasterError: A raster cannot be read.
        SampleError: The map has no class, or is not a class map.
        SetupError: The environment lacks a package.
        RunCancelled: The user cancelled.
    """
    check_request(request)
    check_packages()
    with ExitStack() as stack:
        raster = stack.enter_context(open_class_raster(request.input, progress))
        probabilities = None
        if request.probabilities is not None:
            probabilities = stack.enter_context(open_probability_bands(request.probabilities, raster.grid))
        else:
            stack.enter_context(sequential_cache([raster], 0))
        size = measure(raster, Stage(progress, 0.0, 0.15))
        check_is_class_map(raster, len(size.pixels))
        classes = raster.classes(size.pixels)
        if probabilities is not None:
            probabilities.select(classes)
        plan = RunPlan(raster.grid, classes, (small_file(request.output),), {"simplify": request.simplify})
        begin(plan, progress, lambda: RunTime(None, Text("it depends on the number of patches")))
        for note in distortion_notes(raster.grid):
            progress.log(note)
        count = _write(request, raster, probabilities, classes, Stage(progress, 0.15, 1.0))
    _log(size, classes, count, progress)
    return VectoriseResult(request.output, count, size.total_hectares)


def _write(
    request: VectoriseRequest,
    raster: ClassRaster,
    probabilities: ProbabilityBands | None,
    classes: tuple[LandCoverClass, ...],
    progress: Progress,
) -> int:
    """Trace and write all patches; return their number."""
    record = provenance(request.parameters)
    items = output_items(record, **{KIND_ITEM: PATCHES, HISTORY: json.dumps(steps_of(raster))})
    count = 0
    with open_patches(
        Path(request.output), raster.grid, classes, probabilities is not None, items, progress
    ) as writer:
        for patches in _patches(request, raster, probabilities, classes, progress):
            writer.add(patches)
            count += len(patches)
        progress.update(0.95, "Writing the file")
    return count


def _patches(
    request: VectoriseRequest,
    raster: ClassRaster,
    probabilities: ProbabilityBands | None,
    classes: tuple[LandCoverClass, ...],
    progress: Progress,
) -> Iterator[Patches]:
    """Yield the patches of the map in the order in which they are complete."""
    grid = raster.grid
    areas, lengths = pixel_areas(grid), edge_lengths(grid)
    meter = RateMeter(grid.window.pixels, "pixels", "Tracing patches")
    tracer: Tracer | Simplifier
    if request.simplify > 0:
        tracer = Simplifier(grid, areas, lengths, request.simplify)
        tiles = tracer.bands()
    else:
        tracer = Tracer(areas, lengths)
        values = 1 if probabilities is None else len(classes)
        tiles = strip_tiles(grid, min(STRIP_PIXELS, _STRIP_VALUES // values))
    for tile in tiles:
        progress.check_cancelled()
        values_of, valid = raster.read(tile)
        confidence = None if probabilities is None else _confidence(probabilities, tile, values_of, valid)
        yield tracer.add(values_of, valid, confidence)
        meter.add(tile.pixels)
        progress.update(0.95 * meter.fraction, meter.text())
    yield tracer.finish()


def _confidence(
    probabilities: ProbabilityBands, tile: Tile, values: Int64Array, valid: BoolArray
) -> Float64Array:
    """Return the probability of each pixel's own class, NaN where it is not known, shape (rows, columns)."""
    fractions, known = probabilities.fractions(tile)
    result = np.full(values.shape, np.nan)
    for item, band in zip(probabilities.classes, fractions, strict=True):
        np.copyto(result, band, where=known & valid & (values == item.value))
    return result


def _log(size: MapSize, classes: tuple[LandCoverClass, ...], count: int, progress: Progress) -> None:
    for item in classes:
        progress.log("{name}  {hectares:,.1f} ha", name=item.name, hectares=size.hectares[item.value])
    progress.log("Wrote {count:,} polygons of {hectares:,.1f} ha.", count=count, hectares=size.total_hectares)
