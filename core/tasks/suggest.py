"""Suggest samples to label: the job.

The output has one JSON object a line, the most useful pixel first: ``{"x": 500010.0, "y": 9799990.0,
"rank": 1, "predicted": 3, "predicted_name": "Rice", "margin": 0.04, "dissimilarity": 0.6, "split":
"suggested"}``. ``x`` and ``y`` are the centre of the pixel in the raster's CRS, ``margin`` is the
difference between the two highest probabilities, and ``dissimilarity`` is null for models without an area
of applicability. The label is left empty.
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
from ..inference.compatibility import match_bands, warn_of_known_faults, warn_of_pixel_size
from ..inference.diagnostics import Details, detailed, with_area
from ..inference.pipeline import PipelineOptions, TileWork, read_tiles, reason_for_nothing, survey, tile_size
from ..inference.predictors.factory import load_once, make_predictors
from ..inference.products import Spread, calibrated
from ..models.card import ModelCard, read_card
from ..options import AUTO, FP32, Method, parse_resampling
from ..progress import Progress, RateMeter
from ..raster.grid import Grid, Tile, tiles_of
from ..raster.mask import Mask
from ..raster.stack import BandStack, open_inputs
from ..requests.suggest import SuggestRequest, SuggestResult
from ..samples.active_learning import Candidates, suggest
from ..samples.label_sources import read_samples
from ..samples.split_design import SUGGESTED_WORD

# Pixels that are looked at.
_MOST = 30_000
# Beyond this share of the mean distance between training samples, where the model knows no limit.
_LIMIT = 1.0


def run(request: SuggestRequest, progress: Progress) -> SuggestResult:
    """Write the pixels that are worth labelling next.

    Raises:
        LandCoverError: What is wrong with the raster, the model, the samples or a parameter.
    """
    if request.count < 1:
        raise ParameterError("COUNT is {count}", where="COUNT", advice="Use 1 or more.", count=request.count)
    if request.min_distance < 0:
        raise ParameterError("MIN_DISTANCE is negative", where="MIN_DISTANCE", advice="Use 0 or more.")
    parse_resampling(request.inputs.resampling, len(request.inputs.extra))
    card = read_card(Path(request.model))
    # torch and rasterio are imported here, for QGIS imports this module for its request.
    points = suggest_samples(request, card, progress)
    if points < request.count:
        progress.log(
            "Only {found:,} of {count:,} points were found; a smaller MIN_DISTANCE allows more.",
            "warning",
            found=points,
            count=request.count,
        )
    return SuggestResult(points, card.classes)


class SomePixels(Mask):
    """Pixels drawn at random, about ``_MOST``, the same ones each time."""

    def __init__(self, grid: Grid, seed: int) -> None:
        """Draw from all pixels of ``grid``."""
        super().__init__(grid, None, None)
        self._seed = seed
        self._share = min(1.0, _MOST / (grid.height * grid.width))

    def of(self, tile: Tile) -> BoolArray:
        """Return shape (rows, columns)."""
        generator = np.random.default_rng((self._seed, tile.row, tile.column))
        drawn: BoolArray = generator.random((tile.height, tile.width)) < self._share
        return drawn


class AllScores:
    """Keeps every column of scores; see ``Layers``."""

    def of(self, scores: Tensor, spread: Spread) -> list[NDArray[Any]]:
        """Return a layer for each column."""
        return [spread(column, math.nan).cpu().numpy() for column in scores.unbind(1)]


def suggest_samples(request: SuggestRequest, card: ModelCard, progress: Progress) -> int:
    """Write the records, and return how many there are.

    Raises:
        LandCoverError: See ``core.tasks.suggest.run``.
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
            )
        )
        mask = resources.enter_context(SomePixels(stack.grid, request.seed))
        bands = match_bands(card.bands, stack, progress, card.source_bands)
        warn_of_pixel_size(card, stack.grid, progress)
        warn_of_known_faults(card, progress)
        options = PipelineOptions(bands, stack.grid.window, mask, (select_device(request.device),))
        known = np.zeros((0, 2), dtype=np.int64)
        if request.samples:
            known = read_samples(request.samples, None, stack.grid, None, request.seed, progress).places
        candidates = _candidates(request, card, stack, options, progress)
        limit = card.applicability.threshold if card.applicability else _LIMIT
        chosen = suggest(candidates, request.count, request.min_distance, known, limit)
        found = candidates.subset(chosen)
        # The middles of pixels.
        middles = found.places.astype(np.float64) + 0.5
        x, y = stack.grid.position(middles[:, 0], middles[:, 1])
    write_points(Path(request.records), _records(card, found, x, y))
    progress.log(
        "Chose {count:,} of {total:,} pixels that were looked at.",
        count=len(chosen),
        total=len(candidates.places),
    )
    return len(chosen)


def _candidates(
    request: SuggestRequest, card: ModelCard, stack: BandStack, options: PipelineOptions, progress: Progress
) -> Candidates:
    details, path = Details(len(card.classes), card.calibration), Path(request.model)
    (model,) = load_once(path, options.devices)
    if card.applicability:
        details = with_area(details, model, path)
    # Nothing of the raster is looked at to choose fewer bits.
    sample = RasterSample(
        "", _MOST, lambda count: torch.zeros(0), lambda scores: scores[:, : details.classes]
    )
    method = Method(AUTO, FP32)
    (predictor,) = make_predictors([detailed(model, details)], method, 0, sample, False, progress)
    tiles = list(tiles_of(options.window, tile_size(stack.block_size, 1, predictor.tile_size)))
    jobs = survey(stack, tiles, options.bands[0], options.mask, 1, lambda _: False, progress)
    meter = RateMeter(sum(job.patches for job in jobs), "pixels", "Looking where the model is in doubt")
    work = TileWork(card, options, options.devices[0], predictor, AllScores(), meter, progress)
    places, columns = [], []
    for tile in read_tiles(stack, jobs, predictor, card, options):
        finished = work.classify(tile)
        if finished is not None:
            layers = np.stack(finished.layers)
            rows, across = np.nonzero(np.isfinite(layers[0]))
            places.append(np.stack([rows + finished.tile.row, across + finished.tile.column], axis=1))
            columns.append(layers[:, rows, across].T)
    if not places:
        raise reason_for_nothing([work], stack, options)
    scores = torch.from_numpy(np.concatenate(columns))
    chances = calibrated(scores[:, : details.classes], card.calibration)
    coordinates, novelty = chances, torch.full((len(scores),), _LIMIT)
    if details.area is not None:
        found = scores[:, details.classes :]
        coordinates, novelty = found / details.area.mean_distance, details.area.dissimilarity(found)
    return Candidates(
        np.concatenate(places), *(item.double().numpy() for item in (chances, coordinates, novelty))
    )


def _records(
    card: ModelCard, found: Candidates, x: Float64Array, y: Float64Array
) -> Iterator[dict[str, Any]]:
    doubt = found.doubt
    for number, chances in enumerate(found.chances):
        item = card.classes[int(chances.argmax())]
        yield {
            "x": float(x[number]),
            "y": float(y[number]),
            "rank": number + 1,
            "predicted": item.value,
            "predicted_name": item.name,
            "margin": round(float(1.0 - doubt[number]), 4),
            "dissimilarity": round(float(found.novelty[number]), 4) if card.applicability else None,
            "split": SUGGESTED_WORD,
        }
