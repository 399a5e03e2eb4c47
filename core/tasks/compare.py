"""Job that compares maps with each other, or each with a reference."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import numpy as np

from ..assessment.accuracy_maps import write_agreement
from ..assessment.assess import AssessmentOptions
from ..assessment.compare import (
    ComparedMaps,
    MapsSideBySide,
    compare_areas,
    compare_points,
    compare_raster,
)
from ..progress import Progress, Stage
from ..provenance import write_table_record
from ..raster.class_raster import (
    ClassRaster,
    agree_on_values,
    change_notes,
    named_classes,
    open_class_raster,
)
from ..reporting.assessment_page import (
    write_areas_report,
    write_areas_table,
    write_comparison_report,
    write_comparison_table,
)
from ..reporting.map_figure import MAX_SIDE, Panel, write_map_figure
from ..requests.compare import CompareRequest, CompareResult, check_request
from ..text import Text, joined
from .assess import completed


def run(request: CompareRequest, progress: Progress) -> CompareResult:
    """Compare the maps, write the requested files, and log the figures.

    Args:
        request: Request to compare maps.
        progress: Progress reporter.

    Raises:
        OutputError: An output has another ending, equals an input, or cannot be written.
        ParameterError: There are too few maps, or neither a reference nor an output.
        RasterError: A raster cannot be read, or has no CRS.
        SampleError: No reference unit lies in the maps, or the reference does not match its sampling design.
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
        agree_on_values([*maps, *([reference] if reference else [])], progress)
        comparison = _compared(request, maps, reference, progress)
        areas = None
        if comparison is None and (request.table or request.report):
            areas = completed(
                compare_areas(maps, Stage(progress, 0.0, 0.7)),
                0,
                request.parameters,
                _checksums(maps, progress),
                change_notes(maps, progress),
                progress,
            )
        if request.figure:
            _write_figure(request, maps, reference, progress)
        if request.agreement:
            _write_agreement(Path(request.agreement), maps, reference, progress)
    if comparison is not None:
        _write(request, comparison, progress)
    if areas is not None:
        _write_areas(request, areas, progress)
    gain = comparison.gains[0] if comparison is not None and comparison.gains else None
    return CompareResult(
        gain.overall.value if gain else None,
        gain.test.p if gain else None,
        request.figure,
        request.agreement,
        request.table,
        request.report,
    )


def _compared(
    request: CompareRequest, maps: list[ClassRaster], reference: ClassRaster | None, progress: Progress
) -> ComparedMaps | None:
    stage = Stage(progress, 0.0, 0.7)
    options = AssessmentOptions(
        request.design,
        request.strata_areas,
        block=request.block_size,
        sample=request.sample,
        unlabelled=request.unlabelled,
    )
    if reference is not None:
        comparison = compare_raster(maps, reference, options, stage)
    elif request.features is not None:
        comparison = compare_points(maps, Path(request.features), request.name, options, stage)
    else:
        return None
    checksums, changes = _checksums(maps, progress), change_notes(maps, progress)
    return completed(comparison, request.skipped, request.parameters, checksums, changes, progress)


def _checksums(maps: list[ClassRaster], progress: Progress) -> tuple[str, ...]:
    return tuple(raster.checksum(progress) for raster in maps)


def _write(request: CompareRequest, comparison: ComparedMaps, progress: Progress) -> None:
    if request.table:
        write_comparison_table(Path(request.table), comparison, progress)
        write_table_record(Path(request.table), comparison.provenance, progress)
    if request.report:
        progress.update(0.95, "Writing the report")
        write_comparison_report(Path(request.report), comparison, progress)


def _write_areas(request: CompareRequest, areas: MapsSideBySide, progress: Progress) -> None:
    if request.table:
        write_areas_table(Path(request.table), areas, progress)
        write_table_record(Path(request.table), areas.provenance, progress)
    if request.report:
        progress.update(0.95, "Writing the report")
        write_areas_report(Path(request.report), areas, progress)


def _write_figure(
    request: CompareRequest, maps: list[ClassRaster], reference: ClassRaster | None, progress: Progress
) -> None:
    progress.update(0.7, "Drawing the figure")
    panels, codes = [], set[int]()
    for raster in [*([reference] if reference else []), *maps]:
        values, valid = raster.overview(MAX_SIDE)
        title = Text("Reference") if raster is reference else raster.source.title
        panels.append(Panel(title, values, valid))
        codes.update(np.unique(values[valid]).tolist())
    classes = named_classes([*maps, *([reference] if reference else [])], sorted(codes))
    write_map_figure(Path(request.figure), panels, classes, maps[0].grid, request.title, progress)


def _write_agreement(
    path: Path, maps: list[ClassRaster], reference: ClassRaster | None, progress: Progress
) -> None:
    counts = write_agreement(path, maps, reference, Stage(progress, 0.8, 0.95))
    total = max(sum(counts.values()), 1)
    fractions = joined(
        (Text("{name} {fraction:.1%}", name=name, fraction=count / total) for name, count in counts.items()),
        ", ",
    )
    progress.log("Agreement over {total:,} pixels: {fractions}.", total=total, fractions=fractions)
