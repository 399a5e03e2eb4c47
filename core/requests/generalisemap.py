"""Request and result of the generalisation of a map."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..assessment.drawn_sample import DrawnSample
from ..errors import ParameterError
from ..files import RASTER_SUFFIXES, TABLE_SUFFIX, Output, check_files
from ..options import NONE, parse_class_numbers
from ..raster.source import RasterSource
from .common import check_choice, refuse_same_file

CONNECTIVITIES = ("8", "4")
"""Values of CONNECTIVITY, the default first."""
MAX_WINDOW = 15
"""Largest window of the majority filter, and largest width of thin strips, in pixels."""
CLASS_MMU_EXAMPLE = "Water=0, 3=2.5"


@dataclass(frozen=True)
class MapReference:
    """Reference labels, by which a map is assessed before and after.

    Attributes:
        features: Path of a JSON-lines file of points or polygons in the map's CRS; None for none.
        raster: Reference raster; None for none.
        name: User's name of the reference.
        skipped: Number of features that are not in ``features``.
        sample: Record of points that ‘Sampling design’ drew; None where the reference has none.
        unlabelled: Number of points of ``sample`` without a class.
        design: Sampling design, one of ``core.options.DESIGNS``.
        strata_areas: Area of each stratum as text, see ``core.options.parse_strata_areas``.
        block_size: Side of the blocks of a reference raster in pixels; 0 derives it from the reference.
    """

    features: str | None = None
    raster: RasterSource | None = None
    name: str = ""
    skipped: int = 0
    sample: DrawnSample | None = None
    unlabelled: int = 0
    design: str = NONE
    strata_areas: str = ""
    block_size: int = 0


@dataclass(frozen=True)
class GeneraliseRequest:
    """Request to clean a map to a minimum mapping unit.

    Attributes:
        input: Class map.
        output: Path of the GeoTIFF to write.
        mmu: Minimum mapping unit in hectares; 0 dissolves no patches.
        class_mmu: Minimum mapping unit of single classes, ``CLASS=HECTARES`` separated by commas.
        connectivity: ``8`` where pixels that touch at a corner are one patch, else ``4``.
        majority: Window of the majority filter in pixels, odd; 0 for none.
        thin: Width in pixels below which strips between two other classes are dissolved; 0 for none.
        keep: Names or values of classes that are neither dissolved nor given, separated by commas.
        probabilities: Probabilities of the map's classes; None for none.
        table: Path of the CSV file to write; empty for none.
        reference: Reference labels; None for none.
        parameters: Parameters of the run by name, for the record of origin.
    """

    input: RasterSource
    output: str
    mmu: float = 0.5
    class_mmu: str = ""
    connectivity: str = "8"
    majority: int = 0
    thin: int = 0
    keep: str = ""
    probabilities: RasterSource | None = None
    table: str = ""
    reference: MapReference | None = None
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class GeneraliseResult:
    """Files and figures of a generalisation.

    Attributes:
        output: Path of the map.
        table: Path of the CSV file; empty for none.
        patches_removed: Number of patches that were dissolved.
        patches_left: Number of patches below the minimum mapping unit that have no neighbour above it.
        accuracy_before: Overall accuracy of the input, 0 to 1; None without a reference.
        accuracy_after: Overall accuracy of the output, 0 to 1; None without a reference.
        references: Number of reference points or pixels; 0 without a reference.
    """

    output: str
    table: str
    patches_removed: int
    patches_left: int
    accuracy_before: float | None = None
    accuracy_after: float | None = None
    references: int = 0


def check_request(request: GeneraliseRequest) -> None:
    """Check the settings and the outputs before any work.

    Raises:
        OutputError: An output has another ending, equals an input, or cannot be written.
        ParameterError: A value is not allowed, nothing is to be done, or the reference is the map.
    """
    reference = request.reference or MapReference()
    refuse_same_file((request.input,), reference.raster)
    check_settings(request.mmu, request.class_mmu, request.connectivity, request.majority, request.thin)
    rasters = (request.input, request.probabilities, reference.raster)
    outputs = (Output(request.output, RASTER_SUFFIXES), Output(request.table, (TABLE_SUFFIX,)))
    check_files(outputs, [str(item) for item in rasters if item is not None])


def check_settings(mmu: float, class_mmu: str, connectivity: str, majority: int, thin: int) -> None:
    """Check the settings of a generalisation.

    Raises:
        ParameterError: A value is not allowed, or nothing is to be done.
    """
    check_choice("CONNECTIVITY", connectivity, CONNECTIVITIES)
    if not 0 <= mmu < float("inf"):
        raise ParameterError(
            "MMU must be 0 or more hectares (got {value:g})",
            where="MMU",
            advice="Use an area such as 0.5.",
            value=mmu,
        )
    of_classes = parse_class_numbers(class_mmu, "CLASS_MMU", CLASS_MMU_EXAMPLE)
    if majority and not (3 <= majority <= MAX_WINDOW and majority % 2):
        raise ParameterError(
            "MAJORITY must be 0, or an odd number from 3 to {maximum} (got {value})",
            where="MAJORITY",
            advice="Use 0 for no majority filter.",
            value=majority,
            maximum=MAX_WINDOW,
        )
    if thin and not 2 <= thin <= MAX_WINDOW:
        raise ParameterError(
            "THIN must be 0, or from 2 to {maximum} (got {value})",
            where="THIN",
            advice="Use 2 to dissolve strips of one pixel, and 0 to keep all.",
            value=thin,
            maximum=MAX_WINDOW,
        )
    if not (mmu or majority or thin or any(of_classes.values())):
        raise ParameterError(
            "Nothing is to be done: MMU, MAJORITY and THIN are 0",
            where="MMU, MAJORITY, THIN",
            advice="Give a minimum mapping unit, such as 0.5 hectares.",
        )
