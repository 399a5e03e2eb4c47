"""Job that measures the change between two maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ..classes import LandCoverClass, parent_level
from ..errors import SampleError
from ..maps.change import (
    ChangeRule,
    PairCounts,
    SmallPatches,
    count_in_zones,
    count_pairs,
    find_small_patches,
    write_from_to,
)
from ..maps.change_probability import write_probability_of_change
from ..maps.change_strata import strata_of, write_strata
from ..maps.crosswalk import read_crosswalk, read_groups
from ..maps.intensity import intensity, matrix_of
from ..maps.transitions import Pair, TransitionLegend, transition_legend
from ..maps.zones import Zones, ZoneSize, log_zones, read_zones
from ..marks import CHANGE, CHANGE_PROBABILITY, CHANGE_STRATA
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
from ..raster.geotiff import write_trial
from ..raster.grid import Tile
from ..raster.pixel_area import distortion_notes
from ..raster.probability_raster import open_class_probabilities
from ..raster.source import RasterSource
from ..raster.writer import map_type
from ..reporting.assessment_page import stamp
from ..reporting.change_page import (
    MAPPED_NOTE,
    BelowMinimum,
    ChangeContent,
    TransitionRow,
    ZoneChange,
    matrix_content,
    write_change_figure,
    write_change_report,
    write_change_table,
)
from ..requests.change import CORNERS, ChangeRequest, ChangeResult, check_request, interval_years
from ..run_plan import FRACTION_COMPRESSION, RunPlan, begin, map_file, raster_file, small_file, time_of_tiles
from ..text import Text, untranslated

_LEFT_OUT = (
    "pixels with a class in the earlier map alone",
    "pixels with a class in the later map alone",
)
_SMALL_ZONES = Text("‘Areas of classes’ with FRACTIONAL counts parts of pixels of the change map, OUTPUT.")


def run(request: ChangeRequest, progress: Progress) -> ChangeResult:
    """Measure the change, write the requested files, and log the figures.

    Args:
        request: Request to measure change.
        progress: Progress reporter.

    Raises:
        OutputError: An output has another ending, equals an input, or cannot be written.
        ParameterError: A table is malformed, or a number is out of its range.
        RasterError: A raster cannot be read, or has no CRS.
        SampleError: No pixel has a class in both maps, or their classes cannot be matched.
        RunCancelled: The user cancelled.
    """
    check_request(request)
    with ExitStack() as stack:
        maps = [stack.enter_context(open_class_raster(request.before, progress))]
        grid = maps[0].grid
        maps.append(stack.enter_context(open_class_raster(request.after, progress, grid)))
        stack.enter_context(sequential_cache(maps))
        zones = read_zones(Path(request.zones), grid, request.zone_field) if request.zones else None
        if not request.crosswalk:
            agree_on_values(maps, progress)
        raw = count_pairs(maps, Stage(progress, 0.0, 0.25))
        classes, rule = _common(request, maps, raw)
        counts = raw.recoded(rule.before, rule.after)
        if not counts.pixels:
            raise SampleError(
                "The crosswalk leaves no pixel with a class in both maps",
                where=request.crosswalk,
                advice="Give common values to more classes of both maps.",
            )
        groups = _groups(request, classes)
        _begin(request, maps, classes, counts, progress)
        patches: SmallPatches | None = None
        if request.minimum:
            has_corners = request.connectivity == CORNERS
            stage = Stage(progress, 0.25, 0.5)
            patches, counts = find_small_patches(maps, rule, request.minimum, has_corners, stage)
        legend = transition_legend(classes, counts.hectares, bool(counts.below_pixels))
        content = _content(request, maps, classes, counts, legend, progress)
        if groups is not None:
            matrix = matrix_of(counts.hectares, classes).grouped(*groups)
            content = replace(content, groups=matrix_content(matrix, content.years))
        if zones is not None:
            sizes = count_in_zones(maps, rule, legend, patches, zones, Stage(progress, 0.5, 0.6))
            log_zones(zones, sizes, _SMALL_ZONES, progress)
            content = _with_zones(content, classes, legend, zones, sizes)
        content = _write_rasters(request, maps, rule, legend, patches, counts, content, progress)
        if request.probability:
            content = _write_probability(request, maps, classes, rule, content, Stage(progress, 0.9, 0.95))
    _log(content, progress)
    if request.table:
        write_change_table(Path(request.table), content, progress)
        write_table_record(Path(request.table), content.provenance, progress)
    if request.figure:
        write_change_figure(Path(request.figure), content, request.title, progress)
    if request.report:
        progress.update(0.97, "Writing the report")
        write_change_report(Path(request.report), content, progress)
    changed = content.whole.components.total
    return ChangeResult(
        changed,
        100 * changed / content.total if content.total else 0.0,
        request.output,
        request.probability,
        request.strata,
        request.table,
        request.figure,
        request.report,
    )


def _common(
    request: ChangeRequest, maps: Sequence[ClassRaster], counts: PairCounts
) -> tuple[tuple[LandCoverClass, ...], ChangeRule]:
    """Return the classes of both maps in one scheme, and how their values become those of the scheme."""
    if request.crosswalk:
        before, after = (_all_classes(raster, counts.values(place)) for place, raster in enumerate(maps))
        scheme = read_crosswalk(Path(request.crosswalk), before, after)
        return scheme.classes, ChangeRule(scheme.before, scheme.after)
    values = sorted({*counts.values(0), *counts.values(1)})
    return named_classes(maps, values), ChangeRule(
        {value: value for value in values}, {value: value for value in values}
    )


def _groups(
    request: ChangeRequest, classes: Sequence[LandCoverClass]
) -> tuple[dict[int, str], dict[str, str]] | None:
    """Return the groups of a table, else those that the parents of the classes make; None without any."""
    if request.groups:
        return read_groups(Path(request.groups), classes)
    if not any(item.parent for item in classes):
        return None
    level, changed = parent_level(classes)
    parents = {item.value: item for item in level}
    groups = {value: parents[parent].name for value, parent in changed.items()}
    return groups, {item.name: item.color for item in level}


def _begin(
    request: ChangeRequest,
    maps: Sequence[ClassRaster],
    classes: Sequence[LandCoverClass],
    counts: PairCounts,
    progress: Progress,
) -> None:
    """Refuse what the disk cannot hold, log the estimate of a long run, and end a dry run."""
    grid = maps[0].grid
    legend = transition_legend(classes, counts.hectares, request.minimum > 0)
    dtype, nodata = map_type([item.value for item in legend.classes])
    writes = bool(request.output or request.strata)
    passes = 2 * (request.minimum > 0) + writes + (request.zones is not None)

    def work(tile: Tile) -> None:
        for _ in range(passes):
            for raster in maps:
                values, _valid = raster.read_stored(tile)
        if writes:
            write_trial(values.astype(dtype), nodata)

    change, strata = (map_file(path, grid, legend.classes) for path in (request.output, request.strata))
    if request.strata and not request.output:
        change = replace(map_file(request.strata, grid, legend.classes), is_temporary=True)
    files = (
        change,
        strata,
        raster_file(request.probability, grid, 1, "uint8", FRACTION_COMPRESSION),
        *(small_file(path) for path in (request.table, request.figure, request.report)),
    )
    details = {"transitions": len(legend.values), "MMU": request.minimum}
    begin(
        RunPlan(grid, legend.classes, files, details),
        progress,
        (lambda: time_of_tiles(grid.window, work, progress)) if passes else None,
    )


def _all_classes(raster: ClassRaster, values: Sequence[int]) -> tuple[LandCoverClass, ...]:
    return raster.classes({*values, *(item.value for item in raster.own_classes())})


def _content(
    request: ChangeRequest,
    maps: Sequence[ClassRaster],
    classes: tuple[LandCoverClass, ...],
    counts: PairCounts,
    legend: TransitionLegend,
    progress: Progress,
) -> ChangeContent:
    years = interval_years(request.dates)
    pairs = {*counts.hectares, *counts.below_hectares}
    used = {value for pair in pairs for value in pair}
    shown = tuple(item for item in classes if item.value in used)
    matrix = matrix_of(counts.hectares, shown)
    versions, created = stamp()
    below = None
    if request.minimum:
        below = BelowMinimum(
            request.minimum,
            counts.patches_below,
            sum(counts.below_pixels.values()),
            sum(counts.below_hectares.values()),
        )
    alone = (sum(item.values()) for item in (counts.only_before, counts.only_after))
    left_out = dict(zip(_LEFT_OUT, alone, strict=True))
    return ChangeContent(
        maps=(maps[0].source.title, maps[1].source.title),
        years=years,
        whole=matrix_content(matrix, years),
        intensity=intensity(matrix, years or 1.0),
        rows=_rows(shown, legend, counts),
        below=below,
        cautions=(*distortion_notes(maps[0].grid), *change_notes(maps, progress)),
        left_out={text: count for text, count in left_out.items() if count},
        parameters=request.parameters,
        versions=versions,
        created=created,
        provenance=provenance(request.parameters, versions),
        checksums=tuple(raster.checksum(progress) for raster in maps) if request.report else (),
    )


def _rows(
    classes: Sequence[LandCoverClass], legend: TransitionLegend, counts: PairCounts
) -> tuple[TransitionRow, ...]:
    by_value = {item.value: item for item in classes}
    return tuple(
        TransitionRow(
            by_value[pair[0]],
            by_value[pair[1]],
            legend.values.get(pair),
            counts.pixels.get(pair, 0),
            counts.hectares.get(pair, 0.0),
            counts.below_hectares.get(pair, 0.0),
        )
        for pair in sorted({*counts.pixels, *counts.below_pixels})
    )


def _with_zones(
    content: ChangeContent,
    classes: Sequence[LandCoverClass],
    legend: TransitionLegend,
    zones: Zones,
    sizes: Sequence[ZoneSize],
) -> ChangeContent:
    by_value = {item.value: item for item in classes}
    pairs: dict[int, Pair] = {value: pair for pair, value in legend.values.items()}
    rows, changes = [], []
    for name, size in zip(zones.names, sizes, strict=True):
        hectares = {pairs[value]: area for value, area in size.hectares.items() if value in pairs}
        for pair, area in sorted(hectares.items()):
            value = legend.values[pair]
            rows.append(
                TransitionRow(
                    by_value[pair[0]], by_value[pair[1]], value, size.pixels[value], area, 0.0, name
                )
            )
        parts = matrix_of(hectares, content.whole.classes).components()
        changed = {pair: area for pair, area in hectares.items() if pair[0] != pair[1]}
        largest = max(changed, key=lambda pair: changed[pair], default=None)
        changes.append(
            ZoneChange(
                name,
                size.total_hectares,
                parts.total,
                parts.quantity,
                untranslated(f"{by_value[largest[0]].name} → {by_value[largest[1]].name}") if largest else "",
                changed[largest] if largest else 0.0,
            )
        )
    return replace(content, zone_field=zones.field, zones=tuple(changes), zone_rows=tuple(rows))


def _write_rasters(
    request: ChangeRequest,
    maps: Sequence[ClassRaster],
    rule: ChangeRule,
    legend: TransitionLegend,
    patches: SmallPatches | None,
    counts: PairCounts,
    content: ChangeContent,
    progress: Progress,
) -> ChangeContent:
    """Write the from-to raster and the strata that are made of it."""
    if not request.output and not request.strata:
        return content
    metadata = {"BEFORE": content.maps[0], "AFTER": content.maps[1]}
    if request.minimum:
        metadata["MMU"] = untranslated(f"{request.minimum:g} ha")
    with _change_path(request) as path:
        write_from_to(path, maps, rule, legend, patches, CHANGE, metadata, Stage(progress, 0.6, 0.8))
        if not request.strata:
            return content
        strata = strata_of(legend, counts.hectares, request.strata_transitions, request.buffer > 0)
        about: Mapping[str, str] = {**metadata, "BUFFER": str(request.buffer)}
        source = RasterSource(str(path), Path(request.output).name if request.output else "")
        with open_class_raster(source, progress) as change:
            numbers = write_strata(
                Path(request.strata),
                change,
                strata,
                request.buffer,
                CHANGE_STRATA,
                about,
                Stage(progress, 0.8, 0.9),
            )
    return replace(content, strata={item.name: numbers[item.value] for item in strata.classes})


@contextmanager
def _change_path(request: ChangeRequest) -> Iterator[Path]:
    """Yield the path of the from-to raster; a temporary one where only the strata are wanted."""
    if request.output:
        yield Path(request.output)
        return
    with TemporaryDirectory(prefix="deep-land-cover-", dir=Path(request.strata).parent) as folder:
        yield Path(folder) / "change.tif"


def _write_probability(
    request: ChangeRequest,
    maps: Sequence[ClassRaster],
    classes: Sequence[LandCoverClass],
    rule: ChangeRule,
    content: ChangeContent,
    progress: Progress,
) -> ChangeContent:
    grid = maps[0].grid
    values = [item.value for item in classes]
    values += [item.value for raster in maps for item in raster.own_classes() if not request.crosswalk]
    values = list(dict.fromkeys(values))
    sides = []
    with ExitStack() as stack:
        for name, source, raster, common in (
            ("BEFORE_PROBABILITIES", request.before_probabilities, maps[0], rule.before),
            ("AFTER_PROBABILITIES", request.after_probabilities, maps[1], rule.after),
        ):
            if source is None:
                raise RuntimeError("checked before")
            own = _all_classes(raster, list(common))
            # A class that occurs nowhere in the map still has a probability.
            known = {item.value: common.get(item.value, item.value) for item in own}
            sides.append(
                stack.enter_context(
                    open_class_probabilities(source, grid, own, known, values, name, progress)
                )
            )
        before, after = sides
        mean = write_probability_of_change(
            Path(request.probability), grid, before, after, CHANGE_PROBABILITY, progress
        )
    return replace(content, mean_probability=mean)


def _log(content: ChangeContent, progress: Progress) -> None:
    for line in content.lines():
        progress.log(line)
    progress.log(MAPPED_NOTE)
    for caution in content.cautions:
        progress.log(caution, "warning")
    for units, count in content.left_out.items():
        progress.log("Not compared: {units}: {count:,}.", "warning", units=Text(units), count=count)
