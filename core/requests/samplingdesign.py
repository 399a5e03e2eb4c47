"""Request and result of a sampling design."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..classes import LandCoverClass
from ..errors import ParameterError
from ..options import ALLOCATIONS, PROPORTIONAL, parse_expected
from ..raster.source import RasterSource


@dataclass(frozen=True)
class SamplingDesignRequest:
    """Request to draw reference points for a map.

    Attributes:
        input: Map to draw points for.
        records: Path of the JSON-lines file to write, see ``core.assessment.sampling_design``.
        size: Number of points; 0 computes it from ``target_error``.
        target_error: Target standard error of overall accuracy, 0 to 0.5.
        expected: Expected user's accuracies as text, see ``core.options.parse_expected``.
        allocation: Allocation of the points to the classes, one of ``core.options.ALLOCATIONS``.
        min_per_class: Minimum number of points per class.
        seed: Seed of the random draw.
    """

    input: RasterSource
    records: str
    size: int = 0
    target_error: float = 0.02
    expected: str = "0.8"
    allocation: str = PROPORTIONAL
    min_per_class: int = 50
    seed: int = 0


@dataclass(frozen=True)
class SamplingDesignResult:
    """Reference points that were drawn.

    Attributes:
        points: Number of points.
        expected_error: Expected standard error of overall accuracy, 0 to 1.
        strata_areas: Area of each class of the map in hectares, as text for STRATA_AREAS.
        classes: Classes of the map.
        sample: Record of the points, for the metadata of their layer.
        origin: Metadata items of the points by name: what they were made from and how.
    """

    points: int
    expected_error: float
    strata_areas: str
    classes: tuple[LandCoverClass, ...]
    sample: str = ""
    origin: dict[str, str] = field(default_factory=dict)


def check_request(request: SamplingDesignRequest) -> None:
    """Check the sample size, the allocation and the output before any work.

    Raises:
        ParameterError: A number is out of its range, or the allocation or an expected accuracy is malformed.
    """
    parse_expected(request.expected)
    if request.allocation not in ALLOCATIONS:
        raise ParameterError(
            "{value!r} is not an allocation",
            where="ALLOCATION",
            advice="Choose one of: {choices}.",
            value=request.allocation,
            choices=", ".join(ALLOCATIONS),
        )
    if request.size < 0 or request.min_per_class < 0:
        raise ParameterError(
            "SIZE and MIN_PER_CLASS must be 0 or more", where="SIZE, MIN_PER_CLASS", advice="Use 0 or more."
        )
    if not request.size and not 0 < request.target_error < 0.5:
        raise ParameterError(
            "TARGET_ERROR must be between 0 and 0.5 (got {value:g})",
            where="TARGET_ERROR",
            advice="Use a standard error such as 0.02, or give SIZE.",
            value=request.target_error,
        )
