"""Job that draws reference points for a map."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..arrays import Float64Array, Int64Array
from ..assessment.drawn_sample import DrawnSample, Stratum
from ..assessment.sampling_design import allocate, draw_pixels, expected_errors, needed_points, write_drawn
from ..classes import LandCoverClass, class_label
from ..maps.areas import measure_maps
from ..options import EQUAL, OPTIMAL, PROPORTIONAL, expected_accuracies
from ..progress import Progress, Stage
from ..provenance import output_items, provenance
from ..raster.class_raster import open_class_raster
from ..raster.pixel_area import distortion_notes
from ..requests.samplingdesign import SamplingDesignRequest, SamplingDesignResult, check_request
from ..text import Text, untranslated

_ALLOCATIONS = {
    PROPORTIONAL: Text("proportional"),
    EQUAL: Text("equal"),
    OPTIMAL: Text("optimal"),
}
# Fewer errors among the points of a class make its plain confidence interval too narrow.
_MIN_EXPECTED_ERRORS = 5
_HEAD = untranslated("  fraction  expected  points  standard error")
# Rounding to whole points exceeds the target error by less than this factor.
_ROUNDING_TOLERANCE = 1.02


def run(request: SamplingDesignRequest, progress: Progress) -> SamplingDesignResult:
    """Draw the points, write them, and log the expected standard errors.

    Args:
        request: Request to draw reference points.
        progress: Progress reporter.

    Raises:
        ParameterError: A number is out of its range, or an expected accuracy names an unknown class.
        RasterError: The map cannot be read, or has no CRS.
        SampleError: The map has no classified pixel, or too many classes.
        OutputError: The records cannot be written.
        RunCancelled: The user cancelled.
    """
    check_request(request)

    with open_class_raster(request.input, progress) as raster:
        (size,) = measure_maps([raster], Stage(progress, 0.0, 0.5))
        classes = raster.classes(size.pixels)
        accuracies = np.array(expected_accuracies(request.expected, classes))
        fractions = np.array(list(size.hectares.values())) / size.total_hectares
        total = request.size or needed_points(fractions, accuracies, request.target_error, request.allocation)
        pixels = np.array(list(size.pixels.values()))
        points = allocate(total, fractions, accuracies, request.allocation, request.min_per_class, pixels)
        error, per_class = expected_errors(fractions, accuracies, points)
        if not request.size:
            progress.log(
                "{count:,} points with {allocation} allocation give overall accuracy a standard "
                "error of {target_error:g}, before MIN_PER_CLASS is applied.",
                count=total,
                allocation=_ALLOCATIONS[request.allocation],
                target_error=request.target_error,
            )
        progress.log("{count:,} points will have to be labelled by hand.", count=int(points.sum()))
        points_by_class = dict(zip(size.pixels, points.tolist(), strict=True))
        drawn = draw_pixels(raster, size.pixels, points_by_class, request.seed, Stage(progress, 0.5, 1.0))
        write_drawn(Path(request.records), raster, drawn, classes, size)
        cautions = distortion_notes(raster.grid)
        sample = DrawnSample(
            raster.source.title,
            raster.checksum(progress),
            tuple(
                Stratum(item.value, item.name, size.hectares[item.value], points_by_class[item.value])
                for item in classes
            ),
        )
    _log(classes, fractions, accuracies, points, per_class, progress)
    progress.log(
        "{count:,} points are drawn. The expected standard error of overall accuracy is {error:.4f}.",
        count=int(points.sum()),
        error=error,
    )
    if not request.size and error > _ROUNDING_TOLERANCE * request.target_error:
        progress.log(
            "The expected standard error is above TARGET_ERROR ({target_error:g}), because "
            "MIN_PER_CLASS moves points from large to small classes. For a smaller error give a "
            "larger SIZE.",
            "warning",
            target_error=request.target_error,
        )
    for caution in cautions:
        progress.log(caution, "warning")
    areas = ", ".join(f"{value}={hectares:.10g}" for value, hectares in size.hectares.items())
    progress.log(
        "Label the field class, then run ‘Assess accuracy and area’: with DESIGN=auto it recognises the "
        "points and their strata, for this map and for others of the same area. The areas of the strata are "
        "{areas}",
        areas=areas,
    )
    origin = output_items(provenance({}), INPUT=request.input.title)
    return SamplingDesignResult(int(points.sum()), error, areas, classes, sample.to_json(), origin)


def _log(
    classes: tuple[LandCoverClass, ...],
    fractions: Float64Array,
    accuracies: Float64Array,
    points: Int64Array,
    errors: Float64Array,
    progress: Progress,
) -> None:
    names = [class_label(item) for item in classes]
    width = max(map(len, [*names, "class"]))
    progress.log(f"{'class':<{width}}{_HEAD}")
    uncertain = []
    rows = zip(names, fractions.tolist(), accuracies.tolist(), points.tolist(), errors.tolist(), strict=True)
    for name, fraction, accuracy, count, error in rows:
        expected = f"{error:.3f}" if count else "-"
        progress.log(f"{name:<{width}}  {fraction:>8.2%}  {accuracy:>8.3f}  {count:>6,}  {expected:>14}")
        if count * (1 - accuracy) < _MIN_EXPECTED_ERRORS:
            uncertain.append(name)
    if uncertain:
        progress.log(
            "Fewer than {minimum} errors are expected among the points of {classes}: plain confidence "
            "intervals will be too narrow. Increase MIN_PER_CLASS.",
            "warning",
            minimum=_MIN_EXPECTED_ERRORS,
            classes=", ".join(uncertain),
        )
