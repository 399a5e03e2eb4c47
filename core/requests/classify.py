"""Request and result of a classification."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import OutputError, ParameterError
from ..files import check_output, check_overwrites_none
from ..options import (
    ACCURACY,
    AUTO,
    BACKENDS,
    COMPRESSIONS,
    DECISIONS,
    DEFAULT_COVERAGE,
    INT8,
    MAX_COVERAGE,
    MAX_MC_SAMPLES,
    MIN_COVERAGE,
    PRECISIONS,
    SHARE_TYPES,
    parse_resampling,
)
from ..raster.source import RasterSource


@dataclass(frozen=True)
class ClassifyRequest:
    """What to classify and where to write the map.

    Attributes:
        input: The raster; its grid is the map's grid.
        extra_inputs: Rasters whose bands are added, brought onto that grid, as in training.
        resampling: How, see ``core.options``.
        band_names: The user's names for the bands, see ``core.raster.bands``.
        model: Model file.
        output: GeoTIFF to write.
        mask_polygons: JSON-lines file of polygons in the raster's CRS (see ``core.samples.vector``);
            only pixels whose centre lies inside are classified.
        mask_raster: Only pixels that are valid and not 0 in this raster are classified.
        extent: (xmin, ymin, xmax, ymax) in the raster's CRS; grows to whole pixels.
        probabilities: GeoTIFF of a probability for each class to write beside it.
        uncertainty: GeoTIFF of highest probability, margin and entropy, and of the deviations that the
            next two ask for, to write beside it.
        tta: Whether the model is shown each patch in the eight orientations of a square, and its mean
            probabilities count.
        mc_samples: How many times features are dropped before its last layer, to see what
            probabilities depend on them; 0 is never.
        applicability: GeoTIFF of the dissimilarity index, and of what lies inside the area of
            applicability, to write beside it.
        sets: GeoTIFF of the number of classes in each pixel's prediction set to write beside it.
        coverage: Share of pixels whose class should be in their set.
        stride: Every n-th pixel is classified.
        fill: Whether a stride's cells are filled; else the map has a pixel a cell.
        min_valid: Least share, 0 to 1, of valid pixels in a patch.
        decision: The rule by which the class is chosen, one of ``core.options``.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
        backend: What computes a network that classifies patches, see ``core.options``.
        precision: In what numbers, see there.
        batch_size: Patches a batch; 0 chooses.
        share_type: Pixel type of probabilities and uncertainty: ``uint8`` (scaled) or ``float32``.
        exact: Whether a network that labels whole tiles is shown all that may change a label.
        compression: Of all files: ``deflate`` or ``zstd``.
        cog: Whether they become cloud-optimised GeoTIFFs.
        resume: Whether to go on where the same run was stopped, and to keep what is finished when
            this one is.
    """

    input: RasterSource
    model: str
    output: str
    extra_inputs: tuple[RasterSource, ...] = ()
    resampling: str = "auto"
    band_names: str = ""
    mask_polygons: str | None = None
    mask_raster: RasterSource | None = None
    extent: tuple[float, float, float, float] | None = None
    probabilities: str | None = None
    uncertainty: str | None = None
    applicability: str | None = None
    sets: str | None = None
    coverage: float = DEFAULT_COVERAGE
    stride: int = 1
    fill: bool = True
    min_valid: float = 0.5
    decision: str = ACCURACY
    tta: bool = False
    mc_samples: int = 0
    device: str = "auto"
    backend: str = AUTO
    precision: str = AUTO
    batch_size: int = 0
    exact: bool = False
    share_type: str = "uint8"
    compression: str = "deflate"
    cog: bool = False
    resume: bool = True

    @property
    def more_outputs(self) -> tuple[str, ...]:
        """The rasters to write beside the map."""
        return tuple(filter(None, (self.probabilities, self.uncertainty, self.applicability, self.sets)))


@dataclass(frozen=True)
class ClassifyResult:
    """What was done.

    Attributes:
        output: The map.
        probabilities: Their raster, if it was asked for.
        uncertainty: Its raster, if it was asked for.
        applicability: Its raster, if it was asked for.
        sets: Their raster, if it was asked for.
        inside: Share of the map in the area of applicability, 0 to 1; None where it was not asked for.
        limit: Largest dissimilarity index in that area, alike.
        patches: How many patches the map is made of.
        seconds: From this run's first tile to the finished files.
        patches_per_second: Of this run, which may have gone on with an earlier one.
        device: What computed.
        backend: With what.
        precision: In what numbers.
        agreement: Share of patches, 0 to 1, that get the class of 32 bits; None where not measured.
        outside_model: Share of the time that was not the model's, 0 to 1; None where not measured.
    """

    output: str
    probabilities: str | None
    uncertainty: str | None
    applicability: str | None
    sets: str | None
    inside: float | None
    limit: float | None
    patches: int
    seconds: float
    patches_per_second: float
    device: str
    backend: str
    precision: str
    agreement: float | None
    outside_model: float | None


def check_request(request: ClassifyRequest) -> None:
    """Refuse what cannot work before anything is opened."""
    rasters = [request.input, *request.extra_inputs, *([request.mask_raster] if request.mask_raster else [])]
    outputs = [Path(path) for path in (request.output, *request.more_outputs)]
    for output in outputs:
        check_output(output, (".tif", ".tiff"))
        check_overwrites_none(output, [request.model, *map(str, rasters)])
    if len({output.resolve() for output in outputs}) < len(outputs):
        raise OutputError(
            "Two outputs have the same name", where=request.output, advice="Give each a name of its own."
        )
    parse_resampling(request.resampling, len(request.extra_inputs))
    _check_choice("DECISION", request.decision, DECISIONS)
    _check_choice("BACKEND", request.backend, BACKENDS)
    _check_choice("PRECISION", request.precision, PRECISIONS)
    if request.precision == INT8 and (request.more_outputs or request.tta):
        raise ParameterError(
            "8-bit numbers give no probabilities that can be trusted",
            where="PRECISION",
            advice="Choose another PRECISION, or leave out TTA and all outputs but the map.",
        )
    _check_doubt(request)
    _check_choice("SHARE_TYPE", request.share_type, SHARE_TYPES)
    _check_choice("COMPRESSION", request.compression, COMPRESSIONS)
    if request.stride < 1:
        raise ParameterError("STRIDE is less than 1", where="STRIDE", advice="Use 1 or more.")
    if not 0.0 <= request.min_valid <= 1.0:
        raise ParameterError("MIN_VALID is no share", where="MIN_VALID", advice="Use a number from 0 to 1.")
    if request.batch_size < 0:
        raise ParameterError(
            "BATCH_SIZE is negative", where="BATCH_SIZE", advice="Use 0 to have it chosen, or a number."
        )


def _check_doubt(request: ClassifyRequest) -> None:
    if request.mc_samples and not request.uncertainty:
        raise ParameterError(
            "MC_SAMPLES adds a band to the uncertainty, which is not asked for",
            where="MC_SAMPLES",
            advice="Name a raster for UNCERTAINTY, or set MC_SAMPLES to 0.",
        )
    if request.mc_samples == 1 or not 0 <= request.mc_samples <= MAX_MC_SAMPLES:
        raise ParameterError(
            "MC_SAMPLES is {value}",
            where="MC_SAMPLES",
            advice="Use 0, or 2 to {most}.",
            value=request.mc_samples,
            most=MAX_MC_SAMPLES,
        )
    if request.sets and request.tta:
        raise ParameterError(
            "Prediction sets are made for the probabilities of one view, not for the mean of eight",
            where="PREDICTION_SETS, TTA",
            advice="Leave one of them out.",
        )
    if not MIN_COVERAGE <= request.coverage <= MAX_COVERAGE:
        raise ParameterError(
            "COVERAGE is {value:g}",
            where="COVERAGE",
            advice="Use a share from {least:g} to {most:g}.",
            value=request.coverage,
            least=MIN_COVERAGE,
            most=MAX_COVERAGE,
        )


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ParameterError(
            "{name} is {value!r}",
            where=name,
            advice="Choose one of: {choices}.",
            name=name,
            value=value,
            choices=", ".join(choices),
        )
