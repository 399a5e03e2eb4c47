"""Request and result of an inspection of samples, and the checks of the request. Light: QGIS imports it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..classes import LandCoverClass
from ..errors import ParameterError
from ..files import PAGE_SUFFIXES, Output, check_files
from .common import RasterInputs, check_choice
from .train import LabelInputs

GROUPINGS = ("auto", "polygons", "blocks", "field")
"""Allowed units in which samples are held out."""


@dataclass(frozen=True)
class InspectRequest:
    """Request to inspect samples.

    Attributes:
        inputs: Rasters under the samples.
        labels: Labels to inspect.
        bands: Names or numbers of the bands to use, separated by commas; empty for all.
        band_roles: Pairs ``role=band``, separated by commas.
        indices: Names of the spectral indices that are added to the bands.
        method: Unit that is held out as a whole, one of ``GROUPINGS``.
        block_size: Side of a block in pixels; 0 takes the distance over which labels are correlated.
        max_per_class: Maximum number of samples per class that models are grown on; 0 for no limit.
        count: Maximum number of suspicious polygons to list; 0 lists all that are in doubt.
        seed: Seed of all random numbers.
        suspects: Path of the JSON-lines file of suspicious labels to write, see
            ``core.tasks.inspectsamples``; None for none.
        report: Path of the HTML page to write; None for none.
        parameters: Parameters of the run by name, for the report.
    """

    inputs: RasterInputs
    labels: LabelInputs
    bands: str = ""
    band_roles: str = ""
    indices: tuple[str, ...] = ()
    method: str = "auto"
    block_size: int = 0
    max_per_class: int = 1000
    count: int = 0
    seed: int = 0
    suspects: str | None = None
    report: str | None = None
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class InspectResult:
    """Outcome of an inspection of samples.

    Attributes:
        report: Path of the HTML page; None for none.
        suspects: Number of labels to check.
        units: Number of polygons, points or blocks that were inspected.
        overall_accuracy: Overall accuracy of held-out samples, 0 to 1; None where none could be held out.
        classes: Classes of the samples.
        origin: Metadata items of the layer by name: what it was made from and how.
    """

    report: str | None
    suspects: int
    units: int
    overall_accuracy: float | None
    classes: tuple[LandCoverClass, ...]
    origin: dict[str, str] = field(default_factory=dict)


def check_request(request: InspectRequest) -> None:
    """Check the choices and the report before any work.

    Raises:
        OutputError: The report has another ending, equals an input, or cannot be written.
        ParameterError: A value is out of its range, or nothing is to be written.
    """
    check_choice("SPLIT", request.method, GROUPINGS)
    for name, value in (
        ("BLOCK_SIZE", request.block_size),
        ("MAX_PER_CLASS", request.max_per_class),
        ("COUNT", request.count),
    ):
        if value < 0:
            raise ParameterError(
                "{parameter} must be 0 or more (got {value})",
                where=name,
                advice="Use 0 for the default.",
                parameter=name,
                value=value,
            )
    if not request.suspects and not request.report:
        raise ParameterError(
            "No output was given",
            where="SUSPECTS, REPORT",
            advice="Choose a layer of labels to check, a report, or both.",
        )
    read = [str(item) for item in (request.inputs.raster, *request.inputs.extra)]
    if request.labels.raster is not None:
        read.append(str(request.labels.raster))
    check_files([Output(request.report or "", PAGE_SUFFIXES)], read)
