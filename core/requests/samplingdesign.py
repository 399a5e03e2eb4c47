"""Request and result of a sampling design."""

from __future__ import annotations

from dataclasses import dataclass

from ..classes import LandCoverClass
from ..errors import ParameterError
from ..options import ALLOCATIONS, PROPORTIONAL, parse_expected
from ..raster.source import RasterSource


@dataclass(frozen=True)
class SamplingDesignRequest:
    """For which map, how many points, and how they are shared.

    Attributes:
        input: The map.
        records: JSON lines to write, see ``core.assessment.sampling_design``.
        size: Points; 0 takes as many as ``target_error`` asks for.
        target_error: Standard error of overall accuracy, 0 to 1.
        expected: Expected user's accuracies, see ``core.options``.
        allocation: One of ``core.options.ALLOCATIONS``.
        least: Points of each class at least.
        seed: Repeats the draw.
    """

    input: RasterSource
    records: str
    size: int = 0
    target_error: float = 0.01
    expected: str = "0.8"
    allocation: str = PROPORTIONAL
    least: int = 50
    seed: int = 0


@dataclass(frozen=True)
class SamplingDesignResult:
    """How many points were drawn, the standard error to expect, STRATA_AREAS for later maps, the classes."""

    points: int
    expected_error: float
    strata_areas: str
    classes: tuple[LandCoverClass, ...]


def check_request(request: SamplingDesignRequest) -> None:
    """Check the sample size, the allocation and the output before any work.

    Raises:
        LandCoverError: A leaf of it that names the parameter and what to do.
    """
    parse_expected(request.expected)
    if request.allocation not in ALLOCATIONS:
        raise ParameterError(
            "ALLOCATION is {value!r}",
            where="ALLOCATION",
            advice="Choose one of: {choices}.",
            value=request.allocation,
            choices=", ".join(ALLOCATIONS),
        )
    if request.size < 0 or request.least < 0:
        raise ParameterError(
            "A number of points is below 0", where="SIZE, MIN_PER_CLASS", advice="Use 0 or more."
        )
    if not request.size and not 0 < request.target_error < 0.5:
        raise ParameterError(
            "TARGET_ERROR is {value:g}",
            where="TARGET_ERROR",
            advice="Use a standard error between 0 and 0.5, such as 0.01, or give SIZE.",
            value=request.target_error,
        )
