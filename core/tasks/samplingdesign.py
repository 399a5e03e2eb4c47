"""Draw reference points for a map: the job."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..arrays import Float64Array, Int64Array
from ..assessment.cross_tabulation import measure
from ..assessment.sampling_design import allocate, draw_pixels, expected_errors, needed_points, write_drawn
from ..classes import LandCoverClass, class_label
from ..options import expected_accuracies
from ..progress import Progress, Stage
from ..raster.class_raster import open_class_raster
from ..raster.pixel_area import distortion_notes
from ..requests.samplingdesign import SamplingDesignRequest, SamplingDesignResult, check_request
from ..text import untranslated

_FEWEST_ERRORS = 5
_HEAD = untranslated("   share  expected  points  standard error")
# Whole numbers of points alone miss the target by less.
_TOLERANCE = 1.02


def run(request: SamplingDesignRequest, progress: Progress) -> SamplingDesignResult:
    """Draw the points.

    Raises:
        ParameterError: A number is out of its range, or an expected accuracy names no class.
        RasterError: The map cannot be read, or has no place.
        SampleError: It has no class, or too many.
        OutputError: The records cannot be written.
        RunCancelled: The user cancelled.
    """
    check_request(request)

    with open_class_raster(request.input, progress) as raster:
        size = measure(raster, Stage(progress, 0.0, 0.5))
        classes = raster.classes(size.pixels)
        accuracies = np.array(expected_accuracies(request.expected, classes))
        shares = np.array(list(size.hectares.values())) / size.total_hectares
        total = request.size or needed_points(shares, accuracies, request.target_error, request.allocation)
        pixels = np.array(list(size.pixels.values()))
        points = allocate(total, shares, accuracies, request.allocation, request.least, pixels)
        wanted = dict(zip(size.pixels, points.tolist(), strict=True))
        drawn = draw_pixels(raster, size.pixels, wanted, request.seed, Stage(progress, 0.5, 1.0))
        write_drawn(Path(request.records), raster, drawn, classes, size)
        cautions = distortion_notes(raster.grid)
    error, per_class = expected_errors(shares, accuracies, points)
    if not request.size:
        progress.log(
            "{count:,} points with {allocation} allocation give overall accuracy a standard "
            "error of {target_error:g}, before MIN_PER_CLASS is applied.",
            count=total,
            allocation=request.allocation,
            target_error=request.target_error,
        )
    _log(classes, shares, accuracies, points, per_class, progress)
    progress.log(
        "{count:,} points are drawn. The expected standard error of overall accuracy is {error:.4f}.",
        count=int(points.sum()),
        error=error,
    )
    if not request.size and error > _TOLERANCE * request.target_error:
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
        "Assess this map with DESIGN=stratified_by_map. For another map of the same ground "
        "use DESIGN=stratified_other, STRATUM_FIELD=stratum and STRATA_AREAS={areas}",
        areas=areas,
    )
    return SamplingDesignResult(int(points.sum()), error, areas, classes)


def _log(
    classes: tuple[LandCoverClass, ...],
    shares: Float64Array,
    accuracies: Float64Array,
    points: Int64Array,
    errors: Float64Array,
    progress: Progress,
) -> None:
    names = [class_label(item) for item in classes]
    width = max(map(len, [*names, "class"]))
    progress.log(f"{'class':<{width}}{_HEAD}")
    few = []
    rows = zip(names, shares.tolist(), accuracies.tolist(), points.tolist(), errors.tolist(), strict=True)
    for name, share, accuracy, number, error in rows:
        expected = f"{error:.3f}" if number else "-"
        progress.log(f"{name:<{width}}  {share:>6.2%}  {accuracy:>8.3f}  {number:>6,}  {expected:>14}")
        if number * (1 - accuracy) < _FEWEST_ERRORS:
            few.append(name)
    if few:
        progress.log(
            "Fewer than {least} errors are to be expected among the points of {classes}: "
            "plain intervals that rest on them will be too narrow. More points there would help "
            "(MIN_PER_CLASS).",
            "warning",
            least=_FEWEST_ERRORS,
            classes=", ".join(few),
        )
