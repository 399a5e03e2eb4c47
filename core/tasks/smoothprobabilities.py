"""Job that smooths class probabilities and makes a map of them."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import numpy as np

from ..errors import SampleError
from ..maps.class_sizes import SizesBeforeAfter, number_text
from ..maps.smoothing import SmoothedTile, Smoothing, smooth_raster
from ..marks import KIND_ITEM, SMOOTHED_MAP, SMOOTHED_PROBABILITIES
from ..options import numbers_of_classes, parse_class_numbers
from ..progress import Progress, Stage
from ..provenance import provenance, write_table_record
from ..raster.derived_map import history_item, open_derived_map
from ..raster.pixel_area import distortion_notes
from ..raster.probability_raster import (
    PROBABILITY_STEP,
    ProbabilityBands,
    class_items,
    open_probabilities,
    open_probability_bands,
    probability_nodata,
)
from ..requests.smoothprobabilities import SMOOTHNESS_EXAMPLE, SmoothRequest, SmoothResult, check_request

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
        nodata = probability_nodata(raster.dtype)
        changed = 0

        def write(item: SmoothedTile) -> None:
            nonlocal changed
            changed += int(np.count_nonzero((item.before != item.after) & item.valid))
            writer.write(item.tile, np.where(item.valid, table[item.after], writer.nodata))
            for band, values in enumerate(item.fractions if fractions is not None else ()):
                stored = np.rint(values / PROBABILITY_STEP) if raster.dtype == "uint8" else values
                filled = np.where(item.valid, stored, nodata).astype(raster.dtype)
                if fractions is not None:
                    fractions.write(item.tile, band, filled)

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
