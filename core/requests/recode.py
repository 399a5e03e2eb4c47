"""Requests and results of the jobs that rename or recode classes."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import ParameterError
from ..files import MODEL_SUFFIXES, RASTER_SUFFIXES, TABLE_SUFFIX, Output, check_files
from ..options import NONE
from ..raster.source import RasterSource
from .common import check_choice

PARENT = "parent"
LEVELS = (NONE, PARENT)
"""Level of the classes of a recoded map: as they are, or that of their parents."""


@dataclass(frozen=True)
class RenameRequest:
    """Request to give the classes of a map or a model other names, colours or parents.

    Attributes:
        table: Path of the CSV table, see ``core.maps.class_table``.
        map: Map to rename; None where a model is renamed.
        model: Path of the model to rename; empty where a map is.
        output: Path of the renamed map or model.
    """

    table: str
    map: RasterSource | None = None
    model: str = ""
    output: str = ""


@dataclass(frozen=True)
class RenameResult:
    """Renamed map or model.

    Attributes:
        output: Path of the file.
        changed: Number of classes with another name, colour or parent.
    """

    output: str
    changed: int


def check_rename(request: RenameRequest) -> None:
    """Check the inputs and the output before any work.

    Raises:
        ParameterError: There is neither a map nor a model, or both.
        OutputError: The output has another ending, equals an input, or cannot be written.
    """
    if (request.map is None) == (not request.model):
        raise ParameterError(
            "A map or a model is needed, and not both",
            where="INPUT, MODEL",
            advice="Choose a map (INPUT) or a model file (MODEL).",
        )
    read = [request.table, str(request.map or ""), request.model]
    suffixes = MODEL_SUFFIXES if request.model else RASTER_SUFFIXES
    check_files([Output(request.output, suffixes)], read)


@dataclass(frozen=True)
class RecodeRequest:
    """Request to merge or replace classes of a map, or to set pixels inside a mask.

    Attributes:
        input: Map to recode.
        output: Path of the recoded map.
        table: Path of the CSV table, see ``core.maps.class_table``; empty for none.
        level: One of ``LEVELS``; ``parent`` merges the classes of each parent after the table is applied.
        mask_polygons: Path of a file of JSON lines of polygons in the map's CRS; None for none.
        mask_raster: Raster whose valid pixels other than 0 are the mask; None for none.
        value: Class value, or ``nodata``, of the pixels inside the mask; empty without a mask.
        fill_nodata: Whether pixels without a class get the value inside the mask, too.
        changes: Path of the CSV table of what changed; empty for none.
    """

    input: RasterSource
    output: str
    table: str = ""
    level: str = NONE
    mask_polygons: str | None = None
    mask_raster: RasterSource | None = None
    value: str = ""
    fill_nodata: bool = False
    changes: str = ""

    @property
    def has_mask(self) -> bool:
        """Whether there is a mask."""
        return self.mask_polygons is not None or self.mask_raster is not None


@dataclass(frozen=True)
class RecodeResult:
    """Recoded map.

    Attributes:
        output: Path of the map.
        changes: Path of the table of what changed; empty for none.
        pixels: Number of pixels with another value than before.
        classes: Number of classes of the map.
    """

    output: str
    changes: str
    pixels: int
    classes: int


def check_recode(request: RecodeRequest) -> None:
    """Check the inputs and outputs before any work.

    Raises:
        ParameterError: There is nothing to recode, or a mask without a value.
        OutputError: An output has another ending, equals an input, or cannot be written.
    """
    check_choice("LEVEL", request.level, LEVELS)
    if not request.table and request.level == NONE and not request.has_mask:
        raise ParameterError(
            "There is nothing to recode",
            where="TABLE, LEVEL, MASK",
            advice="Choose a table, a level, or a mask with a value.",
        )
    if request.has_mask != bool(request.value):
        raise ParameterError(
            "A mask needs a value, and a value a mask",
            where="MASK, VALUE",
            advice="Give both, such as VALUE=3, or VALUE=nodata to remove the classes inside the mask.",
        )
    read = [request.table, str(request.input), str(request.mask_raster or ""), request.mask_polygons or ""]
    outputs = Output(request.output, RASTER_SUFFIXES), Output(request.changes, (TABLE_SUFFIX,))
    check_files(outputs, read)
