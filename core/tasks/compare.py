"""Compare maps: the request, the result and the job."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..assessment.designs import NONE
from ..errors import ParameterError
from ..files import check_output, check_overwrites_none
from ..progress import Progress
from ..raster.source import RasterSource
from ..reporting.paths import check_report
from ..stage import Stage
from .assess import completed

if TYPE_CHECKING:
    from ..assessment.compare import ComparedMaps
    from ..raster.class_raster import ClassRaster

FIGURE_SUFFIXES = (".png", ".pdf", ".svg", ".tif", ".tiff")
_RASTER_SUFFIXES = (".tif", ".tiff")


@dataclass(frozen=True)
class CompareRequest:
    """Which maps, against what, and where to write it.

    Attributes:
        inputs: The maps; the others are brought onto the grid of the first and compared with it.
        features: Reference points or polygons, as in ``core.tasks.assess``; None for none.
        raster: The reference raster; None for none. Without any reference, the maps are shown
            beside each other and their agreement is mapped.
        name: What the user calls the reference.
        skipped: Features of the reference that are not in ``features``.
        design: One of ``core.assessment.designs.DESIGNS``.
        strata_areas: ``NAME=AREA`` pairs.
        block_size: Side of the blocks of a reference raster in pixels; 0 is found from it.
        title: Of the figure.
        figure: File of the figure, empty for none; ``agreement``, ``table`` alike.
        agreement: GeoTIFF of where the maps agree.
        table: CSV.
        report: HTML page to write; None for none.
        parameters: Of the run, for the report.
    """

    inputs: tuple[RasterSource, ...]
    features: str | None = None
    raster: RasterSource | None = None
    name: str = ""
    skipped: int = 0
    design: str = NONE
    strata_areas: str = ""
    block_size: int = 0
    title: str = ""
    figure: str = ""
    agreement: str = ""
    table: str = ""
    report: str | None = None
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class CompareResult:
    """What was written, and what the second map gains over the first; None where that is not known."""

    gain: float | None = None
    p: float | None = None
    figure: str = ""
    agreement: str = ""
    table: str = ""
    report: str | None = None


def run(request: CompareRequest, progress: Progress) -> CompareResult:
    """Compare the maps.

    Raises:
        OutputError: An output has another ending, is an input, or cannot be written.
        ParameterError: There are too few maps, or nothing to compare them with was given.
        RasterError: A raster cannot be read, or has no place.
        SampleError: Nothing can be compared, or the reference does not fit its design.
        RunCancelled: The user cancelled.
    """
    _check(request)
    # These import rasterio and matplotlib, and QGIS imports this module for its request.
    from ..raster.class_raster import open_class_raster

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
    from ..assessment.assess import Question
    from ..assessment.compare import compare_points, compare_raster

    reading = Stage(progress, 0.0, 0.7)
    question = Question(request.design, request.strata_areas, block=request.block_size)
    if reference is not None:
        found = compare_raster(maps, reference, question, reading)
    elif request.features is not None:
        found = compare_points(maps, Path(request.features), request.name, question, reading)
    else:
        return None
    return completed(found, request.skipped, request.parameters, progress)


def _write(request: CompareRequest, found: ComparedMaps, progress: Progress) -> None:
    from ..assessment.comparison_table import write_comparison_table
    from ..reporting.comparison_page import write_comparison_report

    if request.table:
        write_comparison_table(Path(request.table), found, progress)
    if request.report:
        progress.update(0.95, "Writing the report")
        write_comparison_report(Path(request.report), found, progress)


def _write_figure(
    request: CompareRequest, maps: list[ClassRaster], reference: ClassRaster | None, progress: Progress
) -> None:
    import numpy as np

    from ..raster.class_raster import named_classes
    from ..reporting.map_figure import MOST_SIDE, Panel, write_map_figure

    progress.update(0.7, "Drawing the figure")
    panels, occurring = [], set[int]()
    for raster in [*([reference] if reference else []), *maps]:
        values, valid = raster.overview(MOST_SIDE)
        title = "Reference" if raster is reference else raster.source.title
        panels.append(Panel(title, values, valid))
        occurring.update(np.unique(values[valid]).tolist())
    classes = named_classes([*maps, *([reference] if reference else [])], sorted(occurring))
    write_map_figure(Path(request.figure), panels, classes, maps[0].grid, request.title, progress)


def _write_agreement(
    path: Path, maps: list[ClassRaster], reference: ClassRaster | None, progress: Progress
) -> None:
    from ..assessment.agreement_map import write_agreement

    counts = write_agreement(path, maps, reference, Stage(progress, 0.8, 0.95))
    total = max(sum(counts.values()), 1)
    shares = ", ".join(f"{name} {number / total:.1%}" for name, number in counts.items())
    progress.log(f"Agreement over {total:,} pixels: {shares}.")


def _check(request: CompareRequest) -> None:
    inputs = [str(item) for item in (*request.inputs, *([request.raster] if request.raster else []))]
    has_reference = request.features is not None or request.raster is not None
    if len(request.inputs) < (1 if request.raster is not None else 2):
        raise ParameterError(
            "There are too few maps to compare", where="INPUTS", advice="Choose two maps or more."
        )
    if not has_reference and not (request.figure or request.agreement):
        raise ParameterError(
            "There is neither a reference nor an output that needs none",
            where="REFERENCE, FIGURE, AGREEMENT",
            advice="Give a reference, or ask for the figure or the map of agreement.",
        )
    outputs = (
        (request.figure, FIGURE_SUFFIXES),
        (request.agreement, _RASTER_SUFFIXES),
        (request.table, (".csv",)),
    )
    for output, suffixes in outputs:
        if output:
            check_output(Path(output), suffixes)
            check_overwrites_none(Path(output), inputs)
    if request.report:
        check_report(Path(request.report))
