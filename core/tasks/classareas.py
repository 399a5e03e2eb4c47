"""Job that measures the areas of a map's classes, in all and per zone."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from ..arrays import BoolArray, IntegerArray
from ..assessment.assess import AssessmentOptions
from ..assessment.class_areas import (
    AreaEstimates,
    ClassAreas,
    areas_of_map,
    areas_of_zones,
    classes_of_areas,
    estimate_areas,
    method_of,
    read_estimates,
)
from ..maps.areas import MapSize, count_classes, measure
from ..maps.vector_files import check_packages
from ..maps.zone_file import write_zone_areas
from ..maps.zones import Zones, ZoneTables, log_zones, read_zones
from ..progress import Progress, Stage
from ..provenance import provenance, write_table_record
from ..raster.class_raster import (
    ClassRaster,
    change_notes,
    check_is_class_map,
    open_class_raster,
    sequential_cache,
)
from ..raster.grid import Tile
from ..raster.pixel_area import distortion_notes, pixel_areas
from ..reporting.areas_page import write_class_areas_report, write_class_areas_table
from ..reporting.assessment_page import stamp
from ..requests.classareas import ClassAreasRequest, ClassAreasResult, check_request
from ..run_plan import RunPlan, begin, is_dry_run, small_file, time_of_tiles
from ..text import Text
from .assess import SKIPPED

_SMALL_ZONES = Text("Set FRACTIONAL to count parts of pixels.")


def run(request: ClassAreasRequest, progress: Progress) -> ClassAreasResult:
    """Measure the areas, write the requested files, and log the figures.

    Args:
        request: Request to measure areas.
        progress: Progress reporter.

    Raises:
        OutputError: An output has another ending, equals an input, or cannot be written.
        ParameterError: The zones lie elsewhere, or the table of estimates is not that of the map.
        RasterError: The map cannot be read.
        SampleError: The map is not a class map, or the reference is not a probability sample of it.
        SetupError: The environment lacks a package.
        RunCancelled: The user cancelled.
    """
    check_request(request)
    if request.output:
        check_packages()
    with open_class_raster(request.input, progress) as raster, sequential_cache([raster], 0):
        content, zones = _measured(request, raster, progress)
        if request.output and zones is not None:
            record = content.provenance
            write_zone_areas(
                Path(request.output),
                Path(request.zones),
                raster.grid,
                zones,
                [(areas.hectares, areas.unclassified) for areas in content.zones],
                content.classes,
                record,
                progress,
            )
    for line in content.lines():
        progress.log(line)
    for caution in content.cautions:
        progress.log(caution, "warning")
    for units, count in content.left_out.items():
        progress.log("Not compared: {units}: {count:,}.", "warning", units=Text(units), count=count)
    if request.table:
        write_class_areas_table(Path(request.table), content, progress)
        write_table_record(Path(request.table), content.provenance, progress)
    if request.report:
        progress.update(0.95, "Writing the report")
        write_class_areas_report(Path(request.report), content, progress)
    return ClassAreasResult(
        request.table, request.output, request.report, content.whole.total, len(content.zones)
    )


def _measured(
    request: ClassAreasRequest, raster: ClassRaster, progress: Progress
) -> tuple[ClassAreas, Zones | None]:
    """Return the areas and the zones."""
    zones, tables = None, None
    if request.zones:
        zones = read_zones(Path(request.zones), raster.grid, request.zone_field, request.is_fractional)
        tables = ZoneTables(zones, pixel_areas(raster.grid))
    _begin(request, raster, zones, progress)
    size = counted(raster, tables, Stage(progress, 0.0, 0.6))
    check_is_class_map(raster, len(size.pixels))
    if zones is not None and tables is not None:
        log_zones(zones, tables.sizes(), _SMALL_ZONES, progress)
    estimates = _estimates(request, raster, size, zones, Stage(progress, 0.6, 0.9))
    classes = classes_of_areas(raster, size, estimates)
    versions, created = stamp()
    cautions = (*(estimates.cautions if estimates is not None else ()), *distortion_notes(raster.grid))
    reference = request.reference
    left_out = dict(estimates.left_out) if estimates is not None else {}
    if reference is not None and reference.skipped:
        left_out[SKIPPED] = reference.skipped
    content = ClassAreas(
        map=raster.source.title,
        zones_layer=request.zones_layer,
        zone_field=request.zone_field,
        classes=classes,
        whole=areas_of_map(size, classes, estimates),
        zones=(
            areas_of_zones(zones, tables.sizes(), classes, estimates)
            if zones is not None and tables is not None
            else ()
        ),
        is_fractional=request.is_fractional,
        estimates_from=(reference.name if reference is not None else Path(request.estimates).name)
        if estimates is not None
        else "",
        method=method_of(zones, estimates),
        cautions=(*cautions, *change_notes([raster], progress)),
        left_out=left_out,
        parameters=request.parameters,
        versions=versions,
        created=created,
        provenance=provenance(request.parameters, versions),
        checksums=(raster.checksum(progress),) if request.report else (),
    )
    return content, zones


def _begin(request: ClassAreasRequest, raster: ClassRaster, zones: Zones | None, progress: Progress) -> None:
    """Log the estimate of a long run, and end a dry run."""
    # Of the trial, nothing is kept.
    trial = ZoneTables(zones, pixel_areas(raster.grid)) if zones is not None else None

    def work(tile: Tile) -> None:
        stored, valid = raster.read_stored(tile)
        count_classes(stored[valid])
        if trial is not None:
            trial.add(tile, raster.recoded(stored), valid)

    classes = raster.own_classes()
    if is_dry_run() and not classes:
        # Classes without names are known by counting alone.
        classes = raster.classes(measure(raster, progress).pixels)
    files = (small_file(path) for path in (request.table, request.output, request.report))
    details = {"zones": len(zones.items) if zones is not None else 0, "fractional": request.is_fractional}
    plan = RunPlan(raster.grid, classes, tuple(files), details)
    begin(plan, progress, lambda: time_of_tiles(raster.grid.window, work, progress))


def counted(raster: ClassRaster, tables: ZoneTables | None, progress: Progress) -> MapSize:
    """Count the classes of the map and, in a thread beside the reading, those of the zones."""
    if tables is None:
        return measure(raster, progress)
    running: list[Future[None]] = []
    with ThreadPoolExecutor(1) as thread:

        def count(tile: Tile, values: IntegerArray, valid: BoolArray) -> None:
            # One strip at most waits, so that memory stays bounded.
            while running:
                running.pop().result()
            running.append(thread.submit(tables.add, tile, values, valid))

        size = measure(raster, progress, also=count)
        while running:
            running.pop().result()
    return size


def _estimates(
    request: ClassAreasRequest,
    raster: ClassRaster,
    size: MapSize,
    zones: Zones | None,
    progress: Progress,
) -> AreaEstimates | None:
    if request.estimates:
        return read_estimates(Path(request.estimates), size, progress)
    reference = request.reference
    if reference is None:
        return None
    options = AssessmentOptions(
        reference.design,
        reference.strata_areas,
        sample=reference.sample,
        unlabelled=reference.unlabelled,
    )
    return estimate_areas(raster, Path(reference.features or ""), reference.name, options, zones, progress)
