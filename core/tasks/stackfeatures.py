"""Write one aligned stack of bands and indices: the request, the result and the job."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..files import check_output, check_overwrites_none
from ..progress import Progress
from ..raster.resampling_names import parse_resampling
from ..raster.source import RasterSource


@dataclass(frozen=True)
class StackFeaturesRequest:
    """What to stack and where to write it.

    Attributes:
        input: The raster that defines the grid.
        output: GeoTIFF to write.
        extra_inputs: Rasters whose bands are added, brought onto that grid.
        resampling: How, see ``core.raster.resampling_names``.
        indices: Names of spectral indices to add.
        band_names: The user's names for the bands, see ``core.raster.band_choice``.
        bands: Which bands to write, and in which order, alike; empty is all.
        band_roles: The user's ``role=band`` pairs, separated by commas, over the guessed roles.
    """

    input: RasterSource
    output: str
    extra_inputs: tuple[RasterSource, ...] = ()
    resampling: str = "auto"
    indices: tuple[str, ...] = ()
    band_names: str = ""
    bands: str = ""
    band_roles: str = ""


@dataclass(frozen=True)
class StackFeaturesResult:
    """The file and the names of its bands, in order."""

    output: str
    bands: tuple[str, ...]


def run(request: StackFeaturesRequest, progress: Progress) -> StackFeaturesResult:
    """Write the stack.

    Raises:
        OutputError: The output has another ending, is one of the inputs, or cannot be written.
        ParameterError: The resampling, an index, or band names, bands or roles cannot be understood.
        RasterError: A raster cannot be read or brought onto the grid, or there is no CRS.
        RunCancelled: The user cancelled.
    """
    output = Path(request.output)
    check_output(output, (".tif", ".tiff"))
    check_overwrites_none(output, map(str, (request.input, *request.extra_inputs)))
    parse_resampling(request.resampling, len(request.extra_inputs))

    from ..raster.feature_stack import choose_features, write_features
    from ..raster.stack import open_inputs

    with open_inputs(
        request.input,
        request.extra_inputs,
        request.resampling,
        output,
        progress,
        band_names=request.band_names,
        bands=request.bands,
    ) as stack:
        features = choose_features(stack, request.indices, request.band_roles, progress)
        write_features(output, stack, features, progress)
    progress.log(f"Wrote {len(features.names)} bands: {', '.join(features.names)}.")
    return StackFeaturesResult(request.output, features.names)
