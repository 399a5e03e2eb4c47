"""Compare maps: the job."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import numpy as np

from ..assessment.accuracy_maps import write_agreement
from ..assessment.assess import AssessmentOptions
from ..assessment.compare import ComparedMaps, compare_points, compare_raster
from ..progress import Progress, Stage
from ..raster.class_raster import ClassRaster, named_classes, open_class_raster
from ..reporting.assessment_page import write_comparison_report, write_comparison_table
from ..reporting.map_figure import MAX_SIDE, Panel, write_map_figure
from ..requests.compare import CompareRequest, CompareResult, check_request
from ..text import Text, joined
from .assess import completed


def run(request: CompareRequest, progress: Progress) -> CompareResult:
    """Compare the maps.

    Raises:
        OutputError: An output has another ending, is an input, or cannot be written.
        ParameterError: There are too few maps, or nothing to compare them with was given.
        RasterError: A raster cannot be read, or has no place.
        SampleError: Nothing can be compared, or the reference does not fit its design.
        RunCancelled: The user cancelled.
    """
    check_request(request)

    with ExitStack() as stack:
        maps = [stack.enter_context(open_class_raster(request.inputs[0], progress))]
        grid = maps[0].grid
        maps += [stack.enter_context(open_class_raster(item, progress, grid)) for item in request.inputs[1:]]
        reference = None
        if request.raster is not None:
            reference = stack.enter_context(open_class_raster(request.raster, progress, grid))
        found = _compared(request, maps, reference, progress)
        if request.figure:
            _write_figure(request, maps, reference, progress)
        if request.agreement:
            _write_agreement(Path(request.agreement), maps, reference, progress)
    if found is not None:
        _write(request, found, progress)
    gain = found.gains[0] if found is not None and found.gains else None
    return CompareResult(
        gain.overall.value if gain else None,
        gain.test.p if gain else None,
        request.figure,
        request.agreement,
        request.table if found is not None else "",
        request.report if found is not None else None,
    )


def _compared(
    request: CompareRequest, maps: list[ClassRaster], reference: ClassRaster | None, progress: Progress
) -> ComparedMaps | None:

    reading = Stage(progress, 0.0, 0.7)
    options = AssessmentOptions(request.design, request.strata_areas, block=request.block_size)
    if reference is not None:
        found = compare_raster(maps, reference, options, reading)
    elif request.features is not None:
        found = compare_points(maps, Path(request.features), request.name, options, reading)
    else:
        return None
    return completed(found, request.skipped, request.parameters, progress)


def _write(request: CompareRequest, found: ComparedMaps, progress: Progress) -> None:

    if request.table:
        write_comparison_table(Path(request.table), found, progress)
    if request.report:
        progress.update(0.95, "Writing the report")
        write_comparison_report(Path(request.report), found, progress)


def _write_figure(
    request: CompareRequest, maps: list[ClassRaster], reference: ClassRaster | None, progress: Progress
) -> None:

    progress.update(0.7, "Drawing the figure")
    panels, occurring = [], set[int]()
    for raster in [*([reference] if reference else []), *maps]:
        values, valid = raster.overview(MAX_SIDE)
        title = "Reference" if raster is reference else raster.source.title
        panels.append(Panel(title, values, valid))
        occurring.update(np.unique(values[valid]).tolist())
    classes = named_classes([*maps, *([reference] if reference else [])], sorted(occurring))
    write_map_figure(Path(request.figure), panels, classes, maps[0].grid, request.title, progress)


def _write_agreement(
    path: Path, maps: list[ClassRaster], reference: ClassRaster | None, progress: Progress
) -> None:

    counts = write_agreement(path, maps, reference, Stage(progress, 0.8, 0.95))
    total = max(sum(counts.values()), 1)
    shares = joined(
        (Text("{name} {share:.1%}", name=name, share=number / total) for name, number in counts.items()), ", "
    )
    progress.log("Agreement over {total:,} pixels: {shares}.", total=total, shares=shares)
