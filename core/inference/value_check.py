"""Check of a raster's values against those of the training raster, and of the classes that come out.

The training keeps quantiles of each channel and the fractions of the predicted classes (``training_survey``).
``check_values`` compares a raster with them before it is mapped, ``warn_of_fractions`` compares the map::

    survey = survey_raster(stack, bands, progress)
    check_values(card, survey, stack, progress, is_allowed=False)
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..arrays import Float32Array
from ..classes import class_label
from ..errors import DeviceError, RasterError
from ..models.architectures import architecture
from ..models.card import ModelCard, TrainingSurvey
from ..models.ensemble import TrainedModel, networks_of
from ..models.tree_model import TreeModel
from ..options import ACCURACY
from ..progress import Progress, RateMeter, SilentProgress
from ..raster.indices import compute_channels
from ..raster.mask import Mask
from ..raster.stack import BandStack
from ..raster.survey import Survey, survey_windows
from ..text import Text, joined
from .pipeline import PipelineOptions, TileJob, TileWork, read_tiles
from .predictors.factory import LoadedModel, exact_predictor
from .products import Spread, decided

QUANTILES = (0.0, 0.01, 0.5, 0.99, 1.0)
"""Quantiles of a channel that a model keeps."""
# Fewer pixels say nothing about a raster.
_MIN_PIXELS = 100
# A band differs where a smaller fraction of the pixels lies in the widened range of the training raster.
_MIN_INSIDE = 0.05
# A band differs, too, where its values vary less than this fraction of the training raster's, as reflectance
# from 0 to 1 does against whole numbers up to 10,000.
_MIN_RELATIVE_WIDTH = 1e-3
# Fraction of pixels with exactly the highest value of a band from which on it looks saturated: of a value
# within the range of training, and of a higher one.
_MIN_SATURATED, _MIN_SATURATED_BEYOND = 0.05, 0.01
_MAX_NAMED_BANDS = 8
# Change of a class's fraction that is worth a warning: both this factor and this difference.
_MIN_FACTOR, _MIN_DIFFERENCE = 5.0, 0.10
# Standard deviations of the range of models without quantiles.
_DEVIATIONS = 3.0
# Windows in which classes are predicted, and the stride there. A dense network computes a wide halo around
# each window, so that it gets few and large ones.
_WINDOWS_ACROSS, _WINDOW_SIDE = 10, 8
_DENSE_WINDOWS_ACROSS, _DENSE_WINDOW_SIDE = 3, 32
_STRIDE, _PATCH_STRIDE = 2, 4


@dataclass(frozen=True)
class Range:
    """Range of a channel.

    Attributes:
        lowest: Minimum.
        low: 1st percentile.
        median: Median.
        high: 99th percentile.
        highest: Maximum.
    """

    lowest: float
    low: float
    median: float
    high: float
    highest: float

    @property
    def text(self) -> str:
        """``190 to 1,310``: 1st to 99th percentile."""
        return Text("{low} to {high}", low=_number(self.low), high=_number(self.high))


def training_survey(
    survey: Survey, model: TrainedModel, card: ModelCard, stack: BandStack, progress: Progress
) -> TrainingSurvey | None:
    """Return quantiles of the training raster's channels, and fractions of the classes predicted there.

    Args:
        survey: Survey of the training raster with the model's bands.
        model: Trained model, which stays unchanged.
        card: Document of the model.
        stack: Band stack of the training raster.
        progress: Progress reporter.

    Returns:
        None where the raster has too few valid pixels.
    """
    if len(survey) < _MIN_PIXELS:
        return None
    bands = torch.from_numpy(np.ascontiguousarray(survey.values.T))[:, :, None]
    channels = compute_channels(bands, card.bands, card.indices, card.band_roles, card.reflectance_scale)
    ranges = [_range_of(channel[np.isfinite(channel)]) for channel in channels[:, :, 0].numpy()]
    try:
        fractions = _predicted_fractions(model, card, stack, progress)
    except DeviceError:
        # The memory of the device is full. The model is worth more than its fractions.
        fractions = ()
    return TrainingSurvey(
        tuple((item.lowest, item.low, item.median, item.high, item.highest) for item in ranges),
        fractions,
        len(survey),
    )


def check_values(
    card: ModelCard, survey: Survey, stack: BandStack, progress: Progress, *, is_allowed: bool
) -> None:
    """Warn where the raster's values differ from those of the training raster, or refuse it.

    A raster is refused where, in more than half of the bands, hardly a pixel lies in the full range of the
    training raster, widened by the range's width or by that of the surveyed values, whichever is smaller.
    So a shift is tolerated up to the variation of the values themselves, and values in a far smaller unit do
    not pass because they lie near zero. Indices do not count, since ratios are the same in any unit.

    Args:
        card: Document of the model.
        survey: Survey of the raster to map, with the model's bands in the model's order.
        stack: Band stack of the raster.
        progress: Progress reporter.
        is_allowed: Whether different values are a warning only.

    Raises:
        RasterError: The values differ in more than half of the bands, and ``is_allowed`` is False.
    """
    if len(survey) < _MIN_PIXELS or not card.knows_values:
        return
    trained = _trained_ranges(card)
    ranges = [_range_of(band) for band in survey.values.T]
    pairs = list(zip(survey.bands, ranges, trained, strict=True))
    differing = [
        differs_wholly(values, known) for values, known in zip(survey.values.T, trained, strict=True)
    ]
    if 2 * sum(differing) > len(differing):
        named = [pair for pair, differs in zip(pairs, differing, strict=True) if differs]
        if not is_allowed:
            raise RasterError(
                "The values of the raster are not those that the model was trained with. Bands with almost "
                "no values in the range of the training raster: {bands}",
                where=str(stack.source),
                advice="Convert the raster to the unit of the training raster (scale, offset, decibel, "
                "reflectance), check the order of EXTRA_INPUTS, or set ALLOW_DIFFERENT_VALUES=true to "
                "classify it anyway.",
                bands=_described(named),
            )
    shifted = [pair for pair in pairs if not pair[2].low <= pair[1].median <= pair[2].high]
    if shifted:
        progress.log(
            "In {count} of {total} bands the values differ from those of the training raster, so the map "
            "may be "
            "wrong: {bands}. Check unit, scale, offset, season and the order of EXTRA_INPUTS.",
            "warning",
            count=len(shifted),
            total=len(pairs),
            bands=_described(shifted),
        )
    varying = [
        pair for pair in pairs if pair[2].lowest == pair[2].highest and pair[1].lowest != pair[1].highest
    ]
    if varying:
        progress.log(
            "Bands that were constant in the training raster vary in this raster, so the model cannot "
            "interpret them: {bands}.",
            "warning",
            bands=_described(varying),
        )
    saturated = [
        (name, float((values == values.max()).mean()), known)
        for name, values, known in zip(survey.bands, survey.values.T, trained, strict=True)
        if is_saturated(values, known)
    ]
    if saturated:
        progress.log(
            "Bands that look saturated, because many pixels have exactly the highest value: {bands}.",
            "warning",
            bands=joined(
                (
                    Text(
                        "{band} ({fraction:.0%} of the pixels have {value}; in training {low} to {high})",
                        band=name,
                        fraction=fraction,
                        value=_number(float(survey.values[:, survey.bands.index(name)].max())),
                        low=_number(known.low),
                        high=_number(known.high),
                    )
                    for name, fraction, known in saturated[:_MAX_NAMED_BANDS]
                ),
                ", ",
            ),
        )


def differs_wholly(values: Float32Array, trained: Range) -> bool:
    """Return whether hardly a value of a band lies in the widened range of the training raster.

    Args:
        values: Surveyed values, shape (pixels,).
        trained: Range of the band in the training raster. A constant one is not compared.
    """
    width, own_width = trained.highest - trained.lowest, float(values.max()) - float(values.min())
    if width <= 0:
        return False
    if 0 < own_width < _MIN_RELATIVE_WIDTH * (trained.high - trained.low):
        return True
    margin = min(width, own_width)
    inside = (values >= trained.lowest - margin) & (values <= trained.highest + margin)
    return float(inside.mean()) < _MIN_INSIDE


def is_saturated(values: Float32Array, trained: Range) -> bool:
    """Return whether many pixels of a band have exactly its highest value, unlike in the training raster.

    Args:
        values: Surveyed values, shape (pixels,).
        trained: Range of the band in the training raster.
    """
    highest = values.max()
    is_constant = bool((values == highest).all())
    least = _MIN_SATURATED_BEYOND if highest > trained.highest else _MIN_SATURATED
    return not is_constant and trained.high < trained.highest and float((values == highest).mean()) >= least


def warn_of_fractions(card: ModelCard, counts: Mapping[int, int], progress: Progress) -> None:
    """Warn of classes that cover a far larger or smaller fraction of the map than of the training raster.

    Args:
        card: Document of the model.
        counts: Number of pixels of each class value in the map.
        progress: Progress reporter.
    """
    total = sum(counts.values())
    if card.survey is None or not card.survey.class_fractions or not total:
        return
    for item, before in zip(card.classes, card.survey.class_fractions, strict=True):
        now = counts.get(item.value, 0) / total
        if abs(now - before) >= _MIN_DIFFERENCE and max(now, before) >= _MIN_FACTOR * min(now, before):
            progress.log(
                "Class {label} covers {now:.1%} of the map, but was predicted for {before:.1%} of the "
                "training raster. If the land cover is not so different, the values of the raster are, and "
                "the map may be wrong.",
                "warning",
                label=class_label(item),
                now=now,
                before=before,
            )


def _trained_ranges(card: ModelCard) -> list[Range]:
    """Return the range of each band in training; of old models from mean and standard deviation."""
    if card.survey is not None:
        return [Range(*quantiles) for quantiles in card.survey.quantiles[: len(card.bands)]]
    ranges = []
    for mean, deviation in zip(card.scaling.mean, card.scaling.std, strict=True):
        low, high = mean - _DEVIATIONS * deviation, mean + _DEVIATIONS * deviation
        ranges.append(Range(low, low, mean, high, high))
    return ranges[: len(card.bands)]


def _range_of(values: Float32Array) -> Range:
    if not len(values):
        # An index that is undefined everywhere.
        return Range(0.0, 0.0, 0.0, 0.0, 0.0)
    return Range(*(float(f"{number:.7g}") for number in np.quantile(values.astype(np.float64), QUANTILES)))


def _described(pairs: Sequence[tuple[str, Range, Range]]) -> Text:
    """Return name and both ranges of bands, at most ``_MAX_NAMED_BANDS`` of them."""
    parts = [
        Text("{band} {here} (in training {trained})", band=name, here=here.text, trained=trained.text)
        for name, here, trained in pairs[:_MAX_NAMED_BANDS]
    ]
    return joined([*parts, *(["…"] if len(pairs) > _MAX_NAMED_BANDS else [])], "; ")


def _number(value: float) -> str:
    """Return a number with four significant digits, such as ``1,310`` or ``0.0213``."""
    if not value or not math.isfinite(value):
        return f"{value:g}"
    digits = max(0, 3 - math.floor(math.log10(abs(value))))
    text = f"{round(value, digits):,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class _ClassCounts:
    """Layers that count the predicted classes, see ``core.inference.products.Layers``."""

    def __init__(self, card: ModelCard) -> None:
        self.counts = np.zeros(len(card.classes), dtype=np.int64)
        self._card = card

    def of(self, scores: Tensor, spread: Spread) -> list[NDArray[Any]]:
        """Count the classes of a tile and return no layers."""
        classes = len(self.counts)
        codes = decided(scores[:, :classes], self._card.calibration, ACCURACY)
        self.counts += np.bincount(codes.cpu().numpy(), minlength=classes)
        return []


def _predicted_fractions(
    model: TrainedModel, card: ModelCard, stack: BandStack, progress: Progress
) -> tuple[float, ...]:
    """Return the fraction of each class that the model predicts in windows all over the raster."""
    networks = networks_of(model)
    tensors = networks[0].state_dict() if networks else {}
    device = next(iter(tensors.values())).device if tensors else torch.device("cpu")
    # A predictor may prepare a network in place.
    own = model if isinstance(model, TreeModel) else copy.deepcopy(model)
    loaded = LoadedModel(own, card, "", device)
    predictor = exact_predictor(loaded)
    names = [item.architecture for item in card.members] or [card.architecture]
    is_dense = any(architecture(name).kind == "pixel" for name in names)
    windows = survey_windows(
        stack.grid.window,
        _DENSE_WINDOW_SIDE if is_dense else _WINDOW_SIDE,
        _DENSE_WINDOWS_ACROSS if is_dense else _WINDOWS_ACROSS,
    )
    stride = _PATCH_STRIDE if card.patch_size > 1 and not is_dense else _STRIDE
    progress.update(1.0, "Surveying the classes of the training raster")
    layers = _ClassCounts(card)
    with Mask(stack.grid, None, None) as everywhere:
        options = PipelineOptions(card.bands, stack.grid.window, everywhere, (device,), stride)
        work = TileWork(card, options, device, predictor, layers, RateMeter(0, "pixels"), SilentProgress())
        for tile in read_tiles(stack, [TileJob(item, 0) for item in windows], predictor, card, options):
            progress.check_cancelled()
            work.classify(tile)
    total = int(layers.counts.sum())
    return tuple((layers.counts / total).round(6).tolist()) if total else ()
