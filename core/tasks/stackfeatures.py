"""Job that writes bands and spectral indices as one raster."""

from __future__ import annotations

from pathlib import Path

from ..files import RASTER_SUFFIXES, Output, check_files
from ..options import parse_resampling
from ..progress import Progress
from ..raster.feature_stack import choose_features, trial_features, write_features
from ..raster.stack import open_inputs
from ..requests.stackfeatures import StackFeaturesRequest, StackFeaturesResult
from ..run_plan import FLOAT_COMPRESSION, RunPlan, begin, raster_file, time_of_tiles


def run(request: StackFeaturesRequest, progress: Progress) -> StackFeaturesResult:
    """Write the feature stack.

    Args:
        request: Request to write a feature stack.
        progress: Progress reporter.

    Raises:
        OutputError: The output has another ending, equals an input, or cannot be written.
        ParameterError: The resampling, an index, a band name, a band or a role is malformed or unknown.
        RasterError: A raster cannot be read or warped onto the grid, or has no CRS.
        RunCancelled: The user cancelled.
    """
    output, inputs = Path(request.output), request.inputs
    check_files([Output(request.output, RASTER_SUFFIXES)], map(str, (inputs.raster, *inputs.extra)))
    parse_resampling(inputs.resampling, len(inputs.extra))

    with open_inputs(
        inputs.raster,
        inputs.extra,
        inputs.resampling,
        output,
        progress,
        band_names=inputs.band_names,
        bands=request.bands,
        band_roles=request.band_roles,
    ) as stack:
        features = choose_features(stack, request.indices, request.band_roles, progress)
        window, bands = stack.grid.window, len(features.names)
        file = raster_file(
            request.output, stack.grid, bands, "float32", FLOAT_COMPRESSION, has_overviews=False
        )
        begin(
            RunPlan(stack.grid, (), (file,), {"bands": ", ".join(features.names)}),
            progress,
            lambda: time_of_tiles(window, lambda tile: trial_features(stack, features, tile), progress),
        )
        write_features(output, stack, features, progress)
    progress.log("Wrote {count} bands: {names}.", count=len(features.names), names=", ".join(features.names))
    return StackFeaturesResult(request.output, features.names)
