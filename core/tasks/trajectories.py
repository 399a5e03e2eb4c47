"""Job that follows classes in maps of several dates."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from ..classes import ClassIndex, LandCoverClass
from ..errors import ParameterError
from ..files import RASTER_SUFFIXES, Output, check_files
from ..inference.folder import map_names
from ..maps.areas import measure_maps
from ..maps.crosswalk import one_class, read_rules
from ..maps.trajectories import (
    FilterPlan,
    TrajectoryWriters,
    classes_of_dates,
    count_classes_of_changes,
    follow,
)
from ..marks import FILTERED, TRAJECTORY_MAP
from ..options import split_list
from ..progress import Progress, Stage
from ..provenance import provenance, write_table_record
from ..raster.class_raster import (
    ClassRaster,
    agree_on_values,
    change_notes,
    named_classes,
    open_class_raster,
    sequential_cache,
)
from ..raster.derived_map import open_derived_map
from ..raster.geotiff import write_trial
from ..raster.grid import Tile
from ..raster.pixel_area import distortion_notes
from ..raster.probability_raster import open_class_probabilities
from ..raster.writer import map_type
from ..reporting.assessment_page import stamp
from ..reporting.trajectories_page import (
    SequenceRow,
    TrajectoriesContent,
    write_trajectories_report,
    write_trajectories_table,
)
from ..requests.trajectories import (
    CHANGES_NAME,
    FIRST_NAME,
    LAST_NAME,
    MapDates,
    TrajectoriesRequest,
    TrajectoriesResult,
    check_request,
    dates_of,
    filtered_name,
    is_filtered,
    parse_frequencies,
)
from ..run_plan import RunPlan, begin, map_file, small_file, time_of_tiles

# Largest number of rows of the table; the rest is one row.
_MAX_ROWS = 1_000


def run(request: TrajectoriesRequest, progress: Progress) -> TrajectoriesResult:
    """Follow the classes, write the requested files, and log the figures.

    Args:
        request: Request to follow classes.
        progress: Progress reporter.

    Raises:
        OutputError: An output has another ending, equals an input, or cannot be written.
        ParameterError: A parameter is malformed, or names a class that the maps do not have.
        RasterError: A raster cannot be read, or has no CRS.
        SampleError: The classes of the maps cannot be matched.
        RunCancelled: The user cancelled.
    """
    check_request(request)
    dates = dates_of([item.title for item in request.inputs], request.dates)
    inputs = [request.inputs[place] for place in dates.order]
    if dates.from_names:
        progress.log(
            "DATES is empty, so the dates are those in the names of the maps: {dates}.",
            dates=", ".join(f"{item.title} = {name}" for item, name in zip(inputs, dates.names, strict=True)),
        )
    filtered = _filtered_paths(request, [str(item) for item in inputs])
    rasters = [Path(request.folder) / name for name in (CHANGES_NAME, FIRST_NAME, LAST_NAME)]
    rasters = rasters if request.folder else []
    _check_folder(request, filtered, rasters)
    with ExitStack() as stack:
        maps = [stack.enter_context(open_class_raster(inputs[0], progress))]
        grid = maps[0].grid
        maps += [stack.enter_context(open_class_raster(item, progress, grid)) for item in inputs[1:]]
        stack.enter_context(sequential_cache(maps, len(filtered) + len(rasters)))
        agree_on_values(maps, progress)
        sizes = measure_maps(maps, Stage(progress, 0.0, 0.3))
        values = sorted({value for size in sizes for value in size.pixels})
        classes = named_classes(maps, values)
        _begin(request, maps, classes, dates, filtered, rasters, progress)
        totals = {value: sum(size.hectares.get(value, 0.0) for size in sizes) for value in values}
        with ExitStack() as outputs:
            plan = _plan(request, dates, maps, classes, totals, outputs, progress)
            writers = None
            if request.folder:
                writers = _open_writers(maps, classes, dates, filtered, rasters, outputs, progress)
            counts = follow(maps, values, plan, writers, Stage(progress, 0.3, 0.9))
        cautions = (*distortion_notes(grid), *change_notes(maps, progress))
        checksums = tuple(raster.checksum(progress) for raster in maps) if request.report else ()
    versions, created = stamp()
    by_value = {item.value: item for item in classes}
    rows = tuple(
        SequenceRow(tuple(by_value[value] for value in item.values), item.pixels, item.hectares, item.changes)
        for item in counts.sequences[:_MAX_ROWS]
    )
    rest = counts.sequences[_MAX_ROWS:]
    content = TrajectoriesContent(
        maps=tuple(item.title for item in inputs),
        dates=dates.names,
        classes=classes,
        rows=rows,
        other_sequences=len(rest),
        other_pixels=sum(item.pixels for item in rest) + counts.dropped[0],
        other_hectares=sum(item.hectares for item in rest) + counts.dropped[1],
        is_limited=counts.dropped[0] > 0,
        matrices=tuple(tuple(tuple(row) for row in matrix.tolist()) for matrix in counts.matrices),
        hectares_before=tuple(tuple(row) for row in counts.before.tolist()),
        hectares_after=tuple(tuple(row) for row in counts.after.tolist()),
        by_changes=counts.by_changes,
        incomplete=counts.incomplete,
        pixels=counts.pixels,
        effects=counts.effects,
        forbidden=counts.forbidden,
        has_rules=bool(request.rules),
        cautions=cautions,
        parameters=request.parameters,
        versions=versions,
        created=created,
        provenance=provenance(request.parameters, versions),
        checksums=checksums,
    )
    _log(content, progress)
    if request.table:
        write_trajectories_table(Path(request.table), content, progress)
        write_table_record(Path(request.table), content.provenance, progress)
    if request.report:
        progress.update(0.95, "Writing the report")
        write_trajectories_report(Path(request.report), content, progress)
    changes, first, last = map(str, rasters) if rasters else ("", "", "")
    return TrajectoriesResult(
        100 * content.changed_part,
        tuple(map(str, filtered)),
        changes,
        first,
        last,
        request.table,
        request.report,
    )


def _begin(
    request: TrajectoriesRequest,
    maps: Sequence[ClassRaster],
    classes: Sequence[LandCoverClass],
    dates: MapDates,
    filtered: Sequence[Path],
    rasters: Sequence[Path],
    progress: Progress,
) -> None:
    """Refuse what the disk cannot hold, log the estimate of a long run, and end a dry run."""
    grid = maps[0].grid
    legend = classes_of_dates(dates.names, dates.values)
    files = (
        *(map_file(str(path), grid, classes) for path in filtered),
        *(map_file(str(path), grid, legend) for path in rasters),
        *(small_file(path) for path in (request.table, request.report)),
    )
    dtype, nodata = map_type([item.value for item in classes])

    def work(tile: Tile) -> None:
        for raster in maps:
            values, _valid = raster.read_stored(tile)
        for _ in (*filtered, *rasters):
            write_trial(values.astype(dtype), nodata)

    plan = RunPlan(grid, classes, files, {"dates": ", ".join(dates.names)})
    begin(plan, progress, lambda: time_of_tiles(grid.window, work, progress))


def _filtered_paths(request: TrajectoriesRequest, inputs: Sequence[str]) -> list[Path]:
    """Return the path of the filtered map of each input; none where nothing is filtered."""
    if not request.folder or not is_filtered(request):
        return []
    folder = Path(request.folder)
    return [folder / filtered_name(name) for name in map_names(inputs, folder)]


def _check_folder(request: TrajectoriesRequest, filtered: Sequence[Path], rasters: Sequence[Path]) -> None:
    """Refuse to replace files of others in the folder, and inputs."""
    if not Path(request.folder).is_dir():
        # A dry run makes no folder.
        return
    outputs = [
        *(Output(str(path), RASTER_SUFFIXES, FILTERED) for path in filtered),
        *(Output(str(path), RASTER_SUFFIXES, TRAJECTORY_MAP) for path in rasters),
    ]
    read = [str(item) for item in (*request.inputs, *request.probabilities)]
    check_files(outputs, read, request.overwrite)


def _plan(
    request: TrajectoriesRequest,
    dates: MapDates,
    maps: Sequence[ClassRaster],
    classes: tuple[LandCoverClass, ...],
    hectares: dict[int, float],
    stack: ExitStack,
    progress: Progress,
) -> FilterPlan:
    """Return the filters with the classes that they name."""
    index = ClassIndex(classes)
    order = sorted(hectares, key=lambda value: (-hectares[value], value))
    if request.filter_order.strip():
        order = [_named(index, label, "FILTER_ORDER", classes) for label in split_list(request.filter_order)]
    frequencies = {
        _named(index, label, "FREQUENCY", classes): fraction
        for label, fraction in parse_frequencies(request.frequency).items()
    }
    transitions = read_rules(Path(request.rules), classes) if request.rules else {}
    values = [item.value for item in classes]
    opened = []
    for place, raster in zip(dates.order, maps, strict=True):
        if request.probabilities:
            own = raster.classes({*values, *(item.value for item in raster.own_classes())})
            common = {item.value: item.value for item in own}
            source = request.probabilities[place]
            opened.append(
                stack.enter_context(
                    open_class_probabilities(
                        source, raster.grid, own, common, values, "PROBABILITIES", progress
                    )
                )
            )
    return FilterPlan(request.filters, tuple(order), frequencies, transitions, opened)


def _named(index: ClassIndex, label: str, parameter: str, classes: Sequence[LandCoverClass]) -> int:
    item = one_class(index, label, parameter, classes, is_required=True)
    if item is None:
        raise ParameterError("{label!r} is not a class", where=parameter, label=label)
    return item.value


def _open_writers(
    maps: Sequence[ClassRaster],
    classes: Sequence[LandCoverClass],
    dates: MapDates,
    filtered: Sequence[Path],
    rasters: Sequence[Path],
    stack: ExitStack,
    progress: Progress,
) -> TrajectoryWriters:
    grid = maps[0].grid
    about = {"DATES": ", ".join(dates.names)}
    own = [
        stack.enter_context(
            open_derived_map(path, [raster], grid, classes, FILTERED, progress, {**about, "DATE": name})
        )
        for path, raster, name in zip(
            filtered, maps if filtered else [], dates.names if filtered else [], strict=True
        )
    ]
    legends = (
        (count_classes_of_changes(len(maps)), "Number of changes"),
        (classes_of_dates(dates.names, dates.values), "First change"),
        (classes_of_dates(dates.names, dates.values), "Last change"),
    )
    changes, first, last = (
        stack.enter_context(
            open_derived_map(path, maps, grid, legend, TRAJECTORY_MAP, progress, about, title=title)
        )
        for path, (legend, title) in zip(rasters, legends, strict=True)
    )
    return TrajectoryWriters(own, changes, first, last, dates.values)


def _log(content: TrajectoriesContent, progress: Progress) -> None:
    for effect in content.effects:
        progress.log(effect.line(content.pixels))
    for line in content.lines():
        progress.log(line)
    for caution in content.cautions:
        progress.log(caution, "warning")
