"""Request and result of the import of a model."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import ParameterError
from ..files import PAGE_SUFFIXES, Output, check_files
from ..options import parse_class_list, parse_numbers
from ..raster.source import RasterSource

DEFAULT_PATCH_SIZE = 32
"""Rows and columns of a patch where neither the user nor the file gives them."""
MAX_PATCH_SIZE = 256
_SUFFIX = ".safetensors"


@dataclass(frozen=True)
class ImportRequest:
    """Request to make a model file of a network of another program.

    Attributes:
        input: Path of the file to import.
        output: Path of the model file to write.
        patch_size: Rows and columns of a patch, in pixels; 0 takes the file's or ``DEFAULT_PATCH_SIZE``.
        bands: Names or numbers of the input bands, in the network's order, as text; empty takes the file's or
            those of ``sample``.
        mean: Mean of each band after division by ``divisor``, as text; empty is not given.
        std: Standard deviation of each band after division by ``divisor``, as text; empty is not given.
        divisor: Number that stored values are divided by; None takes the file's, or 1.
        classes: Values and names of the classes, in the order of the network's outputs, see
            ``core.options.parse_class_list``; empty takes the file's.
        scheme: Id of a shipped class scheme that gives names and colours; empty for none.
        sample: Raster that the network was trained on, or one like it; None for none.
        nodata_values: Values that are nodata in all rasters, in addition to those of the files.
        report: Path of the HTML page to write; None for none.
        parameters: Parameters of the run by name, for the report.
    """

    input: str
    output: str
    patch_size: int = 0
    bands: str = ""
    mean: str = ""
    std: str = ""
    divisor: float | None = None
    classes: str = ""
    scheme: str = ""
    sample: RasterSource | None = None
    nodata_values: tuple[float, ...] = ()
    report: str | None = None
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportResult:
    """Model that was written.

    Attributes:
        output: Path of the model file.
        report: Path of the page; None where none was requested.
        architecture: Name of the architecture.
        channels: Number of input channels.
        classes: Number of classes.
        patch_size: Rows and columns of a patch, in pixels.
        tensors: Number of tensors of the network that came from the file.
        unused: Number of tensors of the file that are not used.
    """

    output: str
    report: str | None
    architecture: str
    channels: int
    classes: int
    patch_size: int
    tensors: int
    unused: int


def check_request(request: ImportRequest) -> None:
    """Check the parameters of an import before anything is read.

    Raises:
        OutputError: An output has another ending, or equals an input.
        ParameterError: A parameter is malformed or out of its range.
    """
    outputs = [Output(request.output, (_SUFFIX,))]
    if request.report:
        outputs.append(Output(request.report, PAGE_SUFFIXES))
    check_files(outputs, [request.input, *([str(request.sample)] if request.sample else [])])
    check_import(request.patch_size, request.mean, request.std, request.divisor, request.classes)


def check_import(patch_size: int, mean: str, std: str, divisor: float | None, classes: str) -> None:
    """Check the parameters that need no file.

    Args:
        patch_size: See ``ImportRequest``.
        mean: See ``ImportRequest``.
        std: See ``ImportRequest``.
        divisor: See ``ImportRequest``.
        classes: See ``ImportRequest``.

    Raises:
        ParameterError: A parameter is malformed or out of its range.
    """
    if not 0 <= patch_size <= MAX_PATCH_SIZE:
        raise ParameterError(
            "PATCH_SIZE must be between 1 and {limit}, or 0 for automatic (got {size})",
            where="PATCH_SIZE",
            advice="Give the side of the patches of the training, in pixels.",
            limit=MAX_PATCH_SIZE,
            size=patch_size,
        )
    means, deviations = (parse_scaling(text, name) for text, name in ((mean, "MEAN"), (std, "STD")))
    if bool(means) != bool(deviations):
        raise ParameterError(
            "MEAN and STD must be given together",
            where="MEAN, STD",
            advice="Give both as in the training, or neither.",
        )
    if any(value <= 0 for value in deviations):
        raise ParameterError(
            "STD must be above 0 (got {value:g})",
            where="STD",
            advice="Give the standard deviation of each band.",
            value=min(deviations),
        )
    if divisor is not None and divisor <= 0:
        raise ParameterError(
            "DIVISOR must be above 0 (got {value:g})",
            where="DIVISOR",
            advice="Give the number that band values were divided by in the training; 1 for none.",
            value=divisor,
        )
    parse_class_list(classes)


def parse_scaling(text: str, parameter: str) -> tuple[float, ...]:
    """Return the numbers of MEAN or STD; none for an empty text.

    Args:
        text: Numbers, separated by commas.
        parameter: Name of the parameter, for the error.

    Raises:
        ParameterError: A part is not a finite number.
    """
    return parse_numbers(text, parameter, "0.485, 0.456, 0.406")
