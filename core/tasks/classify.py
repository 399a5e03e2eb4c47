"""Classify a raster with a model: the request, the result and the job."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from ..errors import ModelFileError, ParameterError
from ..files import check_output, check_overwrites_none
from ..models.card import read_card
from ..progress import Progress
from ..raster.resampling_names import parse_resampling
from ..raster.source import RasterSource


@dataclass(frozen=True)
class ClassifyRequest:
    """What to classify and where to write the map.

    Attributes:
        input: The raster; its grid is the map's grid.
        extra_inputs: Rasters whose bands are added, brought onto that grid, as in training.
        resampling: How, see ``core.raster.resampling_names``.
        band_names: The user's names for the bands, see ``core.raster.band_choice``.
        model: Model file.
        output: GeoTIFF to write.
        mask_polygons: JSON-lines file of polygons in the raster's CRS (see ``core.samples.vector``);
            only pixels whose centre lies inside are classified.
        mask_raster: Only pixels that are valid and not 0 in this raster are classified.
        extent: (xmin, ymin, xmax, ymax) in the raster's CRS; grows to whole pixels.
        stride: Every n-th pixel is classified and fills its cell.
        min_valid: Least share, 0 to 1, of valid pixels in a patch.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
        batch_size: Patches a batch; 0 chooses by device.
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
    stride: int = 1
    min_valid: float = 0.5
    device: str = "auto"
    batch_size: int = 0


@dataclass(frozen=True)
class ClassifyResult:
    """What was done; ``seconds`` is the time from the first tile to the finished file."""

    output: str
    patches: int
    seconds: float
    patches_per_second: float
    device: str


def run(request: ClassifyRequest, progress: Progress) -> ClassifyResult:
    """Write the classified map.

    Raises:
        LandCoverError: A leaf of it that says what is wrong with the raster, the model, a
            parameter, the output or the device. There is no output then.
    """
    output = Path(request.output)
    _check(request, output)
    card = read_card(Path(request.model))
    if card.padding != "reflect":
        raise ModelFileError(
            f"The model asks for the padding {card.padding!r}, which this version does not know",
            where=request.model,
            advice="Update the plugin.",
        )

    from ..device import describe_device, select_device
    from ..inference.fitting import match_bands, warn_of_pixel_size
    from ..inference.loading import load_once
    from ..inference.pipeline import PipelineOptions, classify_raster
    from ..raster.mask import Mask
    from ..raster.stack import open_inputs
    from ..raster.writer import open_map

    with ExitStack() as resources:
        stack = resources.enter_context(
            open_inputs(
                request.input,
                request.extra_inputs,
                request.resampling,
                output,
                progress,
                band_names=request.band_names,
            )
        )
        bands = match_bands(card.bands, stack, progress, card.source_bands)
        warn_of_pixel_size(card, stack.grid, progress)
        window = stack.grid.window_of_extent(request.extent) if request.extent else stack.grid.window
        polygons = Path(request.mask_polygons) if request.mask_polygons else None
        mask = resources.enter_context(Mask(stack.grid, polygons, request.mask_raster))
        device = select_device(request.device)
        model = load_once(Path(request.model), device)
        options = PipelineOptions(
            bands, window, mask, device, request.stride, request.min_valid, request.batch_size
        )
        metadata = {
            "MODEL": Path(request.model).name,
            "MODEL_SHA256": model.checksum,
            "ARCHITECTURE": card.architecture,
            "INPUT": request.input.title,
            "EXTRA_INPUTS": ", ".join(source.title for source in request.extra_inputs),
            "STRIDE": str(request.stride),
            "MIN_VALID": str(request.min_valid),
            "DEVICE": describe_device(device),
        }
        with open_map(output, stack.grid.crop(window), card.classes, progress, metadata) as writer:
            done = classify_raster(stack, model.network, card, options, writer, progress)
            progress.update(1.0, "Finishing the map")
    seconds = time.perf_counter() - done.started
    rate = done.patches / max(seconds, 1e-9)
    progress.log(f"Classified {done.patches:,} patches in {seconds:.1f} s ({rate:,.0f} patches/s).")
    return ClassifyResult(request.output, done.patches, seconds, rate, describe_device(device))


def _check(request: ClassifyRequest, output: Path) -> None:
    """Refuse what cannot work before anything is opened."""
    check_output(output, (".tif", ".tiff"))
    rasters = [request.input, *request.extra_inputs, *([request.mask_raster] if request.mask_raster else [])]
    check_overwrites_none(output, [request.model, *map(str, rasters)])
    parse_resampling(request.resampling, len(request.extra_inputs))
    if request.stride < 1:
        raise ParameterError("STRIDE is less than 1", where="STRIDE", advice="Use 1 or more.")
    if not 0.0 <= request.min_valid <= 1.0:
        raise ParameterError("MIN_VALID is no share", where="MIN_VALID", advice="Use a number from 0 to 1.")
    if request.batch_size < 0:
        raise ParameterError(
            "BATCH_SIZE is negative", where="BATCH_SIZE", advice="Use 0 to have it chosen, or a number."
        )
