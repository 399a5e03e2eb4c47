"""Job that suggests pixels to label next.

The output has one JSON object per line, the most useful pixel first: ``{"x": 500010.0, "y": 9799990.0,
"rank": 1, "predicted": 3, "predicted_name": "Rice", "margin": 0.04, "dissimilarity": 0.6, "split":
"suggested"}``. ``x`` and ``y`` are the centre of the pixel in the raster's CRS, ``margin`` is the
difference between the two highest probabilities, and ``dissimilarity`` is null for models without an area
of applicability. The records have no label.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..arrays import BoolArray, Float64Array
from ..device import select_device
from ..errors import ParameterError
from ..files import write_points
from ..inference.backends.cascade import RasterSample
from ..inference.compatibility import check_order, match_bands, warn_of_known_faults, warn_of_pixel_size
from ..inference.diagnostics import Details, detailed, with_area
from ..inference.pipeline import PipelineOptions, TileWork, nothing_classified, read_tiles, survey, tile_size
from ..inference.predictors.factory import load_once, make_predictors
from ..inference.products import Spread, calibrated
from ..models.card import ModelCard, read_card
from ..options import AUTO, FP32, Method, parse_resampling
from ..progress import Progress, RateMeter
from ..provenance import output_items, provenance
from ..raster.grid import Grid, Tile, tiles_of
from ..raster.mask import Mask
from ..raster.stack import BandStack, open_inputs
from ..requests.suggest import SuggestRequest, SuggestResult
from ..samples.active_learning import Candidates, suggest
from ..samples.label_sources import read_samples
from ..samples.split_design import SUGGESTED_WORD

_MAX_CANDIDATES = 30_000
# Dissimilarity in mean distances between training samples, for models without an area of applicability.
_DEFAULT_THRESHOLD = 1.0


def run(request: SuggestRequest, progress: Progress) -> SuggestResult:
    """Write the pixels to label next.

    Args:
        request: Request to suggest pixels.
        progress: Progress reporter.

    Raises:
        LandCoverError: The raster, the model, the samples or a parameter is not usable.
    """
    if request.count < 1:
        raise ParameterError(
            "COUNT must be 1 or more (got {count})",
            where="COUNT",
            advice="Give the number of pixels to suggest.",
            count=request.count,
        )
    if request.min_distance < 0:
        raise ParameterError(
            "MIN_DISTANCE must be 0 or more (got {distance:g})",
            where="MIN_DISTANCE",
            advice="Use 0 for no minimum.",
            distance=request.min_distance,
        )
    parse_resampling(request.inputs.resampling, len(request.inputs.extra))
    card = read_card(Path(request.model))
    points = suggest_samples(request, card, progress)
    if points < request.count:
        progress.log(
            "Only {points:,} of {count:,} requested points are suggested. A smaller MIN_DISTANCE allows "
            "more.",
            "warning",
            points=points,
            count=request.count,
        )
    origin = output_items(
        provenance({}),
        INPUT=request.inputs.raster.title,
        MODEL=Path(request.model).name,
        ARCHITECTURE=card.architecture,
    )
    return SuggestResult(points, card.classes, origin)


class RandomPixels(Mask):
    """Mask of about 30,000 random pixels, the same for the same seed.

    Args:
        grid: Grid of the raster.
        seed: Seed of the random draw.
    """

    def __init__(self, grid: Grid, seed: int) -> None:
        super().__init__(grid, None, None)
        self._seed = seed
        self._fraction = min(1.0, _MAX_CANDIDATES / (grid.height * grid.width))

    def of(self, tile: Tile) -> BoolArray:
        """Return the selected pixels of a tile, shape (rows, columns)."""
        generator = np.random.default_rng((self._seed, tile.row, tile.column))
        drawn: BoolArray = generator.random((tile.height, tile.width)) < self._fraction
        return drawn


class AllScores:
    """Layers of a tile that hold every column of the scores, see ``core.inference.pipeline``."""

    def of(self, scores: Tensor, spread: Spread) -> list[NDArray[Any]]:
        """Return one layer per column, shape (rows, columns), NaN where a pixel has no scores.

        Args:
            scores: Scores of the classified pixels, shape (N, columns).
            spread: Function that places one column of scores on the pixels of the tile.
        """
        return [spread(column, math.nan).cpu().numpy() for column in scores.unbind(1)]


def suggest_samples(request: SuggestRequest, card: ModelCard, progress: Progress) -> int:
    """Write the records of the suggested pixels, and return their number.

    Args:
        request: Request to suggest pixels.
        card: Document of the model.
        progress: Progress reporter.

    Raises:
        LandCoverError: The raster, the model, the samples or a parameter is not usable.
    """
    with ExitStack() as resources:
        stack = resources.enter_context(
            open_inputs(
                request.inputs.raster,
                request.inputs.extra,
                request.inputs.resampling,
                Path(request.records),
                progress,
                band_names=request.inputs.band_names,
                nodata_values=card.nodata_values,
            )
        )
        mask = resources.enter_context(RandomPixels(stack.grid, request.seed))
        check_order(card, [source.title for source in request.inputs.extra], stack)
        bands = match_bands(card.bands, stack, progress, card.source_bands)
        warn_of_pixel_size(card, stack.grid, progress)
        warn_of_known_faults(card, progress)
        options = PipelineOptions(bands, stack.grid.window, mask, (select_device(request.device),))
        labelled = np.zeros((0, 2), dtype=np.int64)
        if request.samples:
            samples = read_samples(request.samples, None, stack.grid, None, request.seed, progress)
            labelled = samples.pixel_coordinates
        candidates = _candidates(request, card, stack, options, progress)
        threshold = card.applicability.threshold if card.applicability else _DEFAULT_THRESHOLD
        selection = suggest(candidates, request.count, request.min_distance, labelled, threshold)
        suggested = candidates.subset(selection)
        centres = suggested.pixel_coordinates.astype(np.float64) + 0.5
        x, y = stack.grid.position(centres[:, 0], centres[:, 1])
    write_points(Path(request.records), _records(card, suggested, x, y))
    progress.log(
        "{count:,} of {total:,} candidate pixels are suggested.",
        count=len(selection),
        total=len(candidates.pixel_coordinates),
    )
    return len(selection)


def _candidates(
    request: SuggestRequest, card: ModelCard, stack: BandStack, options: PipelineOptions, progress: Progress
) -> Candidates:
    details, path = Details(len(card.classes), card.calibration), Path(request.model)
    (model,) = load_once(path, options.devices)
    if card.applicability:
        details = with_area(details, model, path)
    # The precision is fixed, so no patches are needed to select a reduced one.
    sample = RasterSample(
        "", _MAX_CANDIDATES, lambda count: torch.zeros(0), lambda scores: scores[:, : details.classes]
    )
    method = Method(AUTO, FP32)
    (predictor,) = make_predictors([detailed(model, details)], method, 0, sample, False, progress)
    tiles = list(tiles_of(options.window, tile_size(stack.block_size, 1, predictor.tile_size)))
    jobs = survey(stack, tiles, options.bands[0], options.mask, 1, lambda _: False, progress)
    meter = RateMeter(sum(job.patches for job in jobs), "pixels", "Searching for uncertain pixels")
    work = TileWork(card, options, options.devices[0], predictor, AllScores(), meter, progress)
    pixels, tables = [], []
    for tile in read_tiles(stack, jobs, predictor, card, options):
        finished = work.classify(tile)
        if finished is not None:
            layers = np.stack(finished.layers)
            row, column = np.nonzero(np.isfinite(layers[0]))
            pixels.append(np.stack([row + finished.tile.row, column + finished.tile.column], axis=1))
            tables.append(layers[:, row, column].T)
    if not pixels:
        raise nothing_classified([work], stack, options)
    scores = torch.from_numpy(np.concatenate(tables))
    chances = calibrated(scores[:, : details.classes], card.calibration)
    features, novelty = chances, torch.full((len(scores),), _DEFAULT_THRESHOLD)
    if details.area is not None:
        distances = scores[:, details.classes :]
        features = distances / details.area.mean_distance
        novelty = details.area.dissimilarity(distances)
    return Candidates(
        np.concatenate(pixels), *(item.double().numpy() for item in (chances, features, novelty))
    )


def _records(
    card: ModelCard, suggested: Candidates, x: Float64Array, y: Float64Array
) -> Iterator[dict[str, Any]]:
    uncertainty = suggested.uncertainty
    for number, chances in enumerate(suggested.chances):
        item = card.classes[int(chances.argmax())]
        yield {
            "x": float(x[number]),
            "y": float(y[number]),
            "rank": number + 1,
            "predicted": item.value,
            "predicted_name": item.name,
            "margin": round(float(1.0 - uncertainty[number]), 4),
            "dissimilarity": round(float(suggested.novelty[number]), 4) if card.applicability else None,
            "split": SUGGESTED_WORD,
        }
