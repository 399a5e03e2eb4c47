"""Job that cleans a map to a minimum mapping unit."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import BoolArray
from ..classes import LandCoverClass, has_name
from ..maps.areas import measure
from ..maps.class_sizes import SizesBeforeAfter, number_text
from ..maps.cleaning import CleanedMap, Cleaning, ProbabilityReader, clean_map
from ..maps.generalise import Generalisation
from ..marks import GENERALISED_MAP
from ..options import classes_called, numbers_of_classes, parse_class_numbers
from ..progress import Progress, SilentProgress, Stage
from ..provenance import provenance, write_table_record
from ..raster.class_raster import (
    ClassRaster,
    agree_on_values,
    check_is_class_map,
    open_class_raster,
    sequential_cache,
)
from ..raster.derived_map import MapSource, open_derived_map
from ..raster.geotiff import write_trial
from ..raster.grid import Tile
from ..raster.pixel_area import distortion_notes
from ..raster.probability_raster import open_probability_bands
from ..raster.source import RasterSource
from ..raster.writer import map_type
from ..requests.generalisemap import (
    CLASS_MMU_EXAMPLE,
    GeneraliseRequest,
    GeneraliseResult,
    MapReference,
    check_request,
)
from ..run_plan import RunPlan, begin, map_file, small_file, time_of_tiles
from ..text import untranslated

if TYPE_CHECKING:
    from ..assessment.compare import ComparedMaps


def run(request: GeneraliseRequest, progress: Progress) -> GeneraliseResult:
    """Write the cleaned map and its table, and log areas and, with a reference, accuracies.

    Args:
        request: Request to clean a map.
        progress: Progress reporter.

    Raises:
        OutputError: An output has another ending, equals an input, or cannot be written.
        ParameterError: A setting is not allowed, or names a class that the map lacks.
        RasterError: A raster cannot be read.
        SampleError: The map is not a class map, or the reference does not fit it.
        RunCancelled: The user cancelled.
    """
    check_request(request)
    output, before = Path(request.output), None
    with ExitStack() as stack:
        raster = stack.enter_context(open_class_raster(request.input, progress))
        if request.probabilities is None:
            stack.enter_context(sequential_cache([raster]))
        sizes = measure(raster, Stage(progress, 0.0, 0.1))
        check_is_class_map(raster, len(sizes.pixels))
        for note in distortion_notes(raster.grid):
            progress.log(note)
        classes = legend_of(raster, list(sizes.pixels))
        cleaning = _cleaning(request, classes)
        probabilities = None
        if request.probabilities is not None:
            probabilities = stack.enter_context(
                open_probability_bands(request.probabilities, raster.grid, classes)
            )
            probabilities.select(classes_of_values(classes, list(sizes.pixels)))
        if request.reference is not None:
            # A reference that does not fit is refused before anything is written.
            before = _compared(request.reference, [request.input], Stage(progress, 0.1, 0.2))
        _begin(request, raster, classes, list(sizes.pixels), cleaning, probabilities, progress)
        sources: list[MapSource] = [raster, *([probabilities] if probabilities is not None else [])]
        items = _items(request)
        with open_derived_map(
            output, sources, raster.grid, classes, GENERALISED_MAP, progress, items, labels=[raster]
        ) as writer:
            cleaned = clean_map(
                raster.read,
                raster.grid,
                list(sizes.pixels),
                cleaning,
                writer.write,
                writer.nodata,
                Stage(progress, 0.2, 0.9),
                probabilities,
            )
    compared = None
    if request.reference is not None and before is not None:
        progress.update(0.9, "Assessing the cleaned map")
        maps = [request.input, RasterSource(str(output), output.stem)]
        compared = _compared(request.reference, maps, Stage(progress, 0.9, 1.0))
    return _finished(request, classes, cleaned, compared, progress)


def _begin(
    request: GeneraliseRequest,
    raster: ClassRaster,
    classes: tuple[LandCoverClass, ...],
    values: list[int],
    cleaning: Cleaning,
    probabilities: ProbabilityReader | None,
    progress: Progress,
) -> None:
    """Log the plan of the run, and end a dry run."""
    dtype, nodata = map_type([item.value for item in classes])

    def work(tile: Tile) -> None:
        cleaned = np.full((tile.height, tile.width), nodata, dtype=dtype)

        def keep(part: Tile, found: NDArray[np.int64]) -> None:
            cleaned[part.row : part.row_stop] = found

        clean_map(
            lambda part: raster.read(part.within(tile)),
            raster.grid.crop(tile),
            values,
            cleaning,
            keep,
            nodata,
            SilentProgress(),
            _Part(probabilities, tile) if probabilities is not None else None,
        )
        write_trial(cleaned, nodata)

    files = map_file(request.output, raster.grid, classes), small_file(request.table)
    plan = RunPlan(raster.grid, classes, files, dict(_items(request)))
    begin(plan, progress, lambda: time_of_tiles(raster.grid.window, work, progress))


class _Part:
    """Probabilities within a tile, counted from its first pixel.

    Args:
        whole: Probabilities.
        window: Tile.
    """

    def __init__(self, whole: ProbabilityReader, window: Tile) -> None:
        self._whole = whole
        self._window = window

    def read(self, tile: Tile) -> tuple[Sequence[NDArray[Any]], BoolArray]:
        """Return the bands of a tile, and where they are valid."""
        return self._whole.read(tile.within(self._window))


def legend_of(raster: ClassRaster, values: list[int]) -> tuple[LandCoverClass, ...]:
    """Return the classes of a map's legend: those that occur, and those that have a name.

    Args:
        raster: Map.
        values: Class values that occur.
    """
    named = {item.value for item in raster.own_classes() if has_name(item.value, item.name)}
    return raster.classes({*values, *named})


def classes_of_values(
    classes: tuple[LandCoverClass, ...], values: list[int] | tuple[int, ...]
) -> tuple[LandCoverClass, ...]:
    """Return the classes of some values, in their order."""
    by_value = {item.value: item for item in classes}
    return tuple(by_value[value] for value in sorted(values))


def _cleaning(request: GeneraliseRequest, classes: tuple[LandCoverClass, ...]) -> Cleaning:
    numbers = parse_class_numbers(request.class_mmu, "CLASS_MMU", CLASS_MMU_EXAMPLE)
    unit = Generalisation(
        request.mmu,
        int(request.connectivity),
        classes_called(request.keep, classes, "KEEP"),
        numbers_of_classes(numbers, classes, "CLASS_MMU"),
    )
    return Cleaning(unit, request.majority, request.thin)


def _items(request: GeneraliseRequest) -> dict[str, str]:
    items = {
        "INPUT": request.input.title,
        "MMU": untranslated(f"{request.mmu:g} ha"),
        "CLASS_MMU": request.class_mmu,
        "CONNECTIVITY": request.connectivity,
        "MAJORITY": str(request.majority),
        "THIN": str(request.thin),
        "KEEP": request.keep,
        "PROBABILITIES": request.probabilities.title if request.probabilities else "",
    }
    return {name: text for name, text in items.items() if text}


def _compared(reference: MapReference, inputs: list[RasterSource], progress: Progress) -> ComparedMaps:
    """Return the assessment of one map, or the comparison of two."""
    # They load PyTorch, which takes half a gigabyte and is not needed without a reference.
    from ..assessment.assess import AssessmentOptions
    from ..assessment.compare import compare_points, compare_raster

    options = AssessmentOptions(
        reference.design,
        reference.strata_areas,
        block=reference.block_size,
        sample=reference.sample,
        unlabelled=reference.unlabelled,
    )
    with ExitStack() as stack:
        maps = [stack.enter_context(open_class_raster(item, progress)) for item in inputs]
        if reference.raster is None:
            return compare_points(maps, Path(reference.features or ""), reference.name, options, progress)
        true = stack.enter_context(open_class_raster(reference.raster, progress, maps[0].grid))
        agree_on_values([*maps, true], progress)
        return compare_raster(maps, true, options, progress)


def _finished(
    request: GeneraliseRequest,
    classes: tuple[LandCoverClass, ...],
    cleaned: CleanedMap,
    compared: ComparedMaps | None,
    progress: Progress,
) -> GeneraliseResult:
    total = max(1, cleaned.mapped_pixels)
    if request.majority:
        progress.log(
            "The majority filter changed {count:,} pixels ({share:.2%}).",
            count=cleaned.majority_pixels,
            share=cleaned.majority_pixels / total,
        )
    if request.thin:
        progress.log(
            "{count:,} pixels of thin strips were dissolved ({share:.2%}).",
            count=cleaned.thin_pixels,
            share=cleaned.thin_pixels / total,
        )
    removed, left = int(cleaned.removed.sum()), int(cleaned.stranded.sum())
    progress.log(
        "{count:,} patches below the minimum mapping unit were dissolved ({share:.2%} of the pixels).",
        count=removed,
        share=cleaned.dissolved_pixels / total,
    )
    if left:
        progress.log(
            "{count:,} patches below the minimum mapping unit stay, because no patch above it adjoins them.",
            count=left,
        )
    places = {value: place for place, value in enumerate(cleaned.values)}

    def of_classes(figures: NDArray[Any]) -> NDArray[Any]:
        # Classes of the legend that the map has nowhere are listed, too.
        return np.array([figures[places[item.value]] if item.value in places else 0 for item in classes])

    columns = {
        "patches_removed": list(map(str, of_classes(cleaned.removed))),
        "patches_left": list(map(str, of_classes(cleaned.stranded))),
    }
    if compared is not None:
        from .assess import completed

        skipped = request.reference.skipped if request.reference else 0
        compared = completed(compared, skipped, request.parameters, (), (), progress)
        columns |= _accuracies(compared, classes)
    sizes = SizesBeforeAfter(
        classes,
        of_classes(cleaned.pixels_before),
        of_classes(cleaned.pixels_after),
        of_classes(cleaned.hectares_before),
        of_classes(cleaned.hectares_after),
        columns,
    )
    sizes.log(progress)
    if request.table:
        sizes.write(Path(request.table), progress)
        write_table_record(Path(request.table), provenance(request.parameters), progress)
    overall = [item.overall.value for item in compared.accuracies] if compared else [None, None]
    return GeneraliseResult(
        request.output,
        request.table,
        removed,
        left,
        overall[0],
        overall[1],
        compared.units if compared else 0,
    )


def _accuracies(compared: ComparedMaps, classes: tuple[LandCoverClass, ...]) -> dict[str, list[str]]:
    """Return the number of references, and both accuracies of each class before and after, as columns."""
    codes = {item.value: code for code, item in enumerate(compared.classes)}
    found = [codes.get(item.value) for item in classes]
    totals = compared.accuracies[0].counts.reference_totals
    columns = {"references": ["0" if code is None else f"{totals[code]:.0f}" for code in found]}
    for figure, name in (("producers", "producers_accuracy"), ("users", "users_accuracy")):
        for accuracy, when in zip(compared.accuracies, ("before", "after"), strict=True):
            estimates = getattr(accuracy, figure)
            columns[f"{name}_{when}"] = [
                "" if code is None else number_text(estimates[code].value) for code in found
            ]
    return columns
