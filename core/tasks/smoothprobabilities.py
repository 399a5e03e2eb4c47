"""Job that smooths class probabilities and makes a map of them."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import BoolArray, Float32Array
from ..errors import SampleError
from ..maps.class_sizes import SizesBeforeAfter, number_text
from ..maps.smoothing import SmoothedTile, Smoothing, smooth_raster
from ..marks import KIND_ITEM, SMOOTHED_MAP, SMOOTHED_PROBABILITIES
from ..options import numbers_of_classes, parse_class_numbers
from ..progress import Progress, SilentProgress, Stage
from ..provenance import provenance, write_table_record
from ..raster.derived_map import history_item, open_derived_map
from ..raster.geotiff import write_trial
from ..raster.grid import Tile
from ..raster.pixel_area import distortion_notes
from ..raster.probability_raster import (
    PROBABILITY_STEP,
    ProbabilityBands,
    class_items,
    open_probabilities,
    open_probability_bands,
    probability_nodata,
)
from ..raster.writer import map_type
from ..requests.smoothprobabilities import SMOOTHNESS_EXAMPLE, SmoothRequest, SmoothResult, check_request
from ..run_plan import (
    FRACTION_COMPRESSION,
    RunPlan,
    begin,
    map_file,
    raster_file,
    small_file,
    time_of_tiles,
)

DEFAULT_SMOOTHNESS = 10.0
"""Smoothness of classes that SMOOTHNESS does not name."""


def run(request: SmoothRequest, progress: Progress) -> SmoothResult:
    """Write the smoothed map and what else was asked for, and log the areas before and after.

    Args:
        request: Request to smooth probabilities.
        progress: Progress reporter.

    Raises:
        OutputError: An output has another ending, equals the input, or cannot be written.
        ParameterError: A setting is not allowed, or the raster does not hold probabilities of classes.
        RasterError: The raster cannot be read.
        SampleError: No pixel has probabilities.
        RunCancelled: The user cancelled.
    """
    check_request(request)
    with ExitStack() as stack:
        raster = stack.enter_context(open_probability_bands(request.probabilities))
        # Of equal probabilities the first decides: the lower value.
        raster.select(sorted(raster.classes, key=lambda item: item.value))
        for note in distortion_notes(raster.grid):
            progress.log(note)
        smoothing = _smoothing(request, raster)
        items = _items(request)
        _begin(request, raster, smoothing, progress)
        writer = stack.enter_context(
            open_derived_map(
                Path(request.output), [raster], raster.grid, raster.classes, SMOOTHED_MAP, progress, items
            )
        )
        fractions = None
        if request.output_probabilities:
            fractions = stack.enter_context(
                open_probabilities(
                    Path(request.output_probabilities),
                    raster.grid,
                    raster.band_names,
                    raster.dtype,
                    progress,
                    {
                        **items,
                        **history_item([raster]),
                        **class_items(raster.classes),
                        KIND_ITEM: SMOOTHED_PROBABILITIES,
                    },
                    training_pixels=raster.training_pixels,
                )
            )
        table = np.array([item.value for item in raster.classes])
        changed = 0

        def write(item: SmoothedTile) -> None:
            nonlocal changed
            changed += int(np.count_nonzero((item.before != item.after) & item.valid))
            writer.write(item.tile, np.where(item.valid, table[item.after], writer.nodata))
            for band, values in enumerate(item.fractions if fractions is not None else ()):
                if fractions is not None:
                    fractions.write(item.tile, band, _stored(values, item.valid, raster.dtype))

        before, after = smooth_raster(
            raster.fractions, raster.grid, smoothing, write, Stage(progress, 0.0, 0.95)
        )
        total = int(before.pixels.sum())
        if not total:
            raise SampleError(
                "No pixel has probabilities", where=str(raster.source), advice="Choose another raster."
            )
        classes = raster.classes
    progress.log(
        "The class of {count:,} pixels has changed ({share:.2%}).", count=changed, share=changed / total
    )
    change = np.where(before.hectares > 0, 100 * after.hectares / np.maximum(before.hectares, 1e-12) - 100, 0)
    sizes = SizesBeforeAfter(
        classes,
        before.pixels,
        after.pixels,
        before.hectares,
        after.hectares,
        {"change_percent": [number_text(round(float(number), 4)) for number in change]},
    )
    sizes.log(progress)
    if request.table:
        sizes.write(Path(request.table), progress)
        write_table_record(Path(request.table), provenance(request.parameters), progress)
    return SmoothResult(request.output, request.output_probabilities, request.table, changed / total)


def _begin(
    request: SmoothRequest, raster: ProbabilityBands, smoothing: Smoothing, progress: Progress
) -> None:
    """Log the plan of the run, and end a dry run."""
    dtype, nodata = map_type([item.value for item in raster.classes])

    def work(tile: Tile) -> None:
        def write(item: SmoothedTile) -> None:
            write_trial(np.where(item.valid, item.after, nodata).astype(dtype), nodata)
            for values in item.fractions if request.output_probabilities else ():
                stored = _stored(values, item.valid, raster.dtype)
                write_trial(stored, probability_nodata(raster.dtype))

        smooth_raster(
            lambda part: raster.fractions(part.within(tile)),
            raster.grid.crop(tile),
            smoothing,
            write,
            SilentProgress(),
        )

    files = [map_file(request.output, raster.grid, raster.classes), small_file(request.table)]
    if request.output_probabilities:
        bands = len(raster.classes)
        files.append(
            raster_file(request.output_probabilities, raster.grid, bands, raster.dtype, FRACTION_COMPRESSION)
        )
    plan = RunPlan(raster.grid, raster.classes, tuple(files), dict(_items(request)))
    begin(plan, progress, lambda: time_of_tiles(raster.grid.window, work, progress))


def _stored(values: Float32Array, valid: BoolArray, dtype: str) -> NDArray[Any]:
    """Return probabilities as files hold them, with nodata."""
    numbers = np.rint(values / PROBABILITY_STEP) if dtype == "uint8" else values
    return np.where(valid, numbers, probability_nodata(dtype)).astype(dtype)


def _smoothing(request: SmoothRequest, raster: ProbabilityBands) -> Smoothing:
    numbers = parse_class_numbers(request.smoothness, "SMOOTHNESS", SMOOTHNESS_EXAMPLE)
    of_classes = numbers_of_classes(numbers, raster.classes, "SMOOTHNESS")
    return Smoothing(
        request.window,
        request.neighbour_fraction,
        tuple(of_classes.get(item.value, DEFAULT_SMOOTHNESS) for item in raster.classes),
    )


def _items(request: SmoothRequest) -> dict[str, str]:
    return {
        "INPUT": request.probabilities.title,
        "WINDOW": str(request.window),
        "NEIGHBOUR_FRACTION": f"{request.neighbour_fraction:g}",
        "SMOOTHNESS": request.smoothness,
    }
