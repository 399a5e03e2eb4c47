"""Optional diagnostics of a classification.

Test-time augmentation (mean over the eight orientations of a patch), Monte Carlo dropout before the last
layer, and the dissimilarity index of the area of applicability. They are further columns of scores::

    details = with_area(details_of(card, is_turned=True, samples=20), model, path)
    predictor = DetailedPredictor(predictor_of(detailed(model, details)), details)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from ..errors import ParameterError
from ..models.applicability import Applicability, load_applicability
from ..models.architectures import architecture
from ..models.card import Calibration, ModelCard
from ..models.ensemble import EnsembleModel
from ..models.network import dropped_out, last_layer, on_features, widened, with_last_layer
from ..models.tree_model import TreeModel
from ..samples.patch_store import TURNS, oriented
from .predictors.base import Predictor
from .predictors.centred import CentredPredictor
from .predictors.factory import LoadedModel
from .products import calibrated

DEVIATION_OF_VIEWS = "Deviation over turned views"
DEVIATION_OF_DROPOUT = "Deviation over dropout"
# Smallest probability with a finite logarithm in 32 bits.
_MIN_PROBABILITY = 1e-38


@dataclass(frozen=True)
class Details:
    """Diagnostics of a run. The default is none.

    Attributes:
        classes: Number of classes of the model.
        calibration: Calibration of the model's document, or None.
        is_turned: Whether the model predicts each patch in the eight orientations of a square.
        samples: Number of Monte Carlo dropout samples before the last layer, or 0.
        area: Reference points of the area of applicability, or None where no dissimilarity is computed.
    """

    classes: int
    calibration: Calibration | None = None
    is_turned: bool = False
    samples: int = 0
    area: Applicability | None = None

    @property
    def deviations(self) -> tuple[str, ...]:
        """Names of the standard deviations, in the order of ``DetailedPredictor``'s columns."""
        views = (DEVIATION_OF_VIEWS,) if self.is_turned else ()
        return views + ((DEVIATION_OF_DROPOUT,) if self.samples else ())

    @property
    def remaining_calibration(self) -> Calibration | None:
        """Calibration that ``DetailedPredictor``'s scores still need; means over orientations need none."""
        if self.calibration is not None and self.is_turned:
            return self.calibration.applied
        return self.calibration


def details_of(card: ModelCard, is_turned: bool, samples: int) -> Details:
    """Return the diagnostics of a run, without an area of applicability.

    Args:
        card: Document of the model.
        is_turned: Whether test-time augmentation is requested.
        samples: Requested number of Monte Carlo dropout samples.

    Raises:
        ParameterError: The model does not support a requested diagnostic.
    """
    entry = architecture(card.architecture)
    if entry.family == "ensemble" and (is_turned or samples):
        raise ParameterError(
            "Test-time augmentation and Monte Carlo dropout are not available for {title}",
            where="TTA, MC_SAMPLES",
            advice="Switch TTA off and set MC_SAMPLES to 0. They are for single networks.",
            title=entry.title,
        )
    if is_turned and (entry.reads == "neighbourhoods" or (entry.family == "trees" and not entry.network)):
        raise ParameterError(
            "TTA has no effect on {title}, because rotation does not change neighbourhood features",
            where="TTA",
            advice="Switch TTA off. It is for networks that classify patches.",
            title=entry.title,
        )
    if samples and entry.family == "trees":
        raise ParameterError(
            "Monte Carlo dropout is not available for {title}, because trees give the final scores",
            where="MC_SAMPLES",
            advice="Set MC_SAMPLES to 0. Entropy and margin measure how far the trees disagree.",
            title=entry.title,
        )
    if samples and not dropout_rate(card):
        raise ParameterError(
            "Monte Carlo dropout is not available, because the model was trained without dropout",
            where="MC_SAMPLES",
            advice="Set MC_SAMPLES to 0, or train with DROPOUT, for example 0.3.",
        )
    return Details(len(card.classes), card.calibration, is_turned, samples)


def dropout_rate(card: ModelCard) -> float:
    """Return the dropout probability before the last layer in training, 0 to 1.

    Args:
        card: Document of the model.
    """
    rate = card.training.parameters.get("dropout")
    keep_rate = 1.0 - float(rate) if isinstance(rate, (int, float)) else 1.0
    return 1.0 - keep_rate * (1.0 - architecture(card.architecture).dropout)


def with_area(details: Details, model: LoadedModel, path: Path) -> Details:
    """Return the details with the area of applicability of the model's file.

    Args:
        details: Diagnostics of the run.
        model: Loaded model.
        path: Path of the model file.

    Raises:
        ModelFileError: The file is damaged.
    """
    return replace(details, area=load_applicability(path, _features(model)))


def _features(model: LoadedModel) -> int:
    """Return the number of features of the area of applicability."""
    if isinstance(model.model, EnsembleModel):
        return _features(model.members[model.model.leading])
    if isinstance(model.model, TreeModel):
        return model.model.outputs + model.model.count(len(model.card.channels))
    return int(last_layer(model.model, model.card.architecture).weight.shape[1])


def detailed(model: LoadedModel, details: Details) -> LoadedModel:
    """Return a model with the further outputs from which ``DetailedPredictor`` computes the diagnostics.

    Args:
        model: Loaded model.
        details: Diagnostics of the run.
    """
    coordinates = details.area.layer if details.area else None
    if isinstance(model.model, EnsembleModel):
        if coordinates is None:
            return model
        members = list(model.model.members)
        leading = model.model.leading
        own = detailed(model.members[leading], details).model
        if isinstance(own, EnsembleModel):
            raise RuntimeError("A member of an ensemble is an ensemble")
        members[leading] = replace(members[leading], model=own)
        return replace(model, model=replace(model.model, members=tuple(members)))
    if isinstance(model.model, TreeModel):
        return replace(model, model=replace(model.model, coordinates=coordinates)) if coordinates else model
    if not details.samples and coordinates is None:
        return model
    name = model.card.architecture
    layer = last_layer(model.model, name)
    outputs = [dropped_out(layer, dropout_rate(model.card), details.samples)] if details.samples else []
    if coordinates is not None:
        outputs.append(on_features(layer, coordinates.to(layer.weight.device)))
    return replace(model, model=with_last_layer(model.model, name, widened(layer, outputs)))


class DetailedPredictor:
    """Predictor with diagnostics, see ``core.inference.predictors.base.Predictor``.

    The first columns are the scores of the model or, with test-time augmentation, the logarithms of its mean
    calibrated probabilities. One column follows per name of ``details.deviations``: the standard deviation of
    the probability of the most probable class. With ``details.area``, the last column is the dissimilarity
    index.

    Args:
        predictor: Predictor of the model of ``detailed``. Its columns are the logits, the logits of the
            dropout samples, and the coordinates in feature space.
        details: Diagnostics of the run.
    """

    def __init__(self, predictor: Predictor, details: Details) -> None:
        self._predictor = predictor
        self._details = details
        self.tile_size = predictor.tile_size
        self.alignment = predictor.alignment
        self.method = predictor.method
        self.agreement = predictor.agreement
        # Rotation moves pixels from behind a centre to before it.
        reach = max(predictor.before, predictor.behind)
        self.before, self.behind = (
            (reach, reach) if details.is_turned else (predictor.before, predictor.behind)
        )

    @property
    def batch_size(self) -> int:
        """Number of patches per batch."""
        return self._predictor.batch_size

    @batch_size.setter
    def batch_size(self, size: int) -> None:
        self._predictor.batch_size = size

    @torch.inference_mode()
    def predict(
        self,
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
    ) -> Tensor:
        """Return scores and diagnostics, one column each, see ``Predictor.predict``."""
        details = self._details
        views = TURNS if details.is_turned else 1
        count = _shared_count(after_batch, views)
        outputs = self._predictor.predict(channels, valid, rows, columns, count)
        scores, rest = outputs[:, : details.classes], outputs[:, details.classes :]
        diagnostics = []
        if details.is_turned:
            deviation = RunningDeviation(calibrated(scores, details.calibration))
            for turn in range(1, TURNS):
                views_scores = self._turned_scores(channels, valid, rows, columns, count, turn)
                deviation.add(calibrated(views_scores[:, : details.classes], details.calibration))
            scores = deviation.mean.clamp_min(_MIN_PROBABILITY).log()
            diagnostics.append(deviation.of_best())
        if details.samples:
            diagnostics.append(self._deviation_of_dropout(rest[:, : details.samples * details.classes]))
        if details.area is not None:
            diagnostics.append(details.area.dissimilarity(rest[:, details.samples * details.classes :]))
        return torch.cat([scores, *(column[:, None] for column in diagnostics)], dim=1)

    def _turned_scores(
        self,
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        count: Callable[[int], None],
        turn: int,
    ) -> Tensor:
        """Return the scores of the centres in another orientation."""
        if isinstance(self._predictor, CentredPredictor):
            # A turned tile would have other nodes, and the statistics of squares do not change.
            return self._predictor.predict(channels, valid, rows, columns, count, turn)
        turned = rotated_positions(rows, columns, channels.shape[-2:], turn)
        whole = oriented(channels, turn).contiguous()
        return self._predictor.predict(whole, oriented(valid, turn), *turned, count)

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return the throughput of a short trial, see ``Predictor.trial_rate``."""
        return self._shared(self._predictor.trial_rate(channels, centres))

    def model_rate(self, seconds: float) -> float | None:
        """Return the throughput of the model alone, with all orientations, see ``Predictor.model_rate``."""
        return self._shared(self._predictor.model_rate(seconds))

    def _shared(self, rate: float | None) -> float | None:
        return rate / TURNS if rate is not None and self._details.is_turned else rate

    def _deviation_of_dropout(self, logits: Tensor) -> Tensor:
        first, *others = torch.split(logits, self._details.classes, dim=1)
        deviation = RunningDeviation(calibrated(first, self._details.calibration))
        for sample in others:
            deviation.add(calibrated(sample, self._details.calibration))
        return deviation.of_best()


class RunningDeviation:
    """Mean and standard deviation of successive probabilities.

    Differences to the first are summed, which loses fewer digits than the sums of the probabilities.

    Args:
        first: First probabilities, shape (centres, classes).
    """

    def __init__(self, first: Tensor) -> None:
        self._first = first
        self._sum = torch.zeros_like(first)
        self._squares = torch.zeros_like(first)
        self._number = 1

    def add(self, probabilities: Tensor) -> None:
        """Add probabilities.

        Args:
            probabilities: Next probabilities, shape (centres, classes).
        """
        difference = probabilities - self._first
        self._sum += difference
        self._squares += difference.square()
        self._number += 1

    @property
    def mean(self) -> Tensor:
        """Mean probabilities, shape (centres, classes)."""
        return self._first + self._sum / self._number

    def of_best(self) -> Tensor:
        """Return the standard deviation of the probability with the highest mean, shape (centres,)."""
        best = self.mean.argmax(dim=1, keepdim=True)
        shift = self._sum.gather(1, best)[:, 0] / self._number
        squares = self._squares.gather(1, best)[:, 0] / self._number
        return (squares - shift.square()).clamp_min(0.0).sqrt()


def rotated_positions(
    rows: Tensor, columns: Tensor, shape: Sequence[int], turn: int
) -> tuple[Tensor, Tensor]:
    """Return the rows and columns of pixels in an ``oriented`` tile.

    Args:
        rows: Row of each pixel in the tile, int64, shape (N,).
        columns: Column of each pixel in the tile, int64, shape (N,).
        shape: Rows and columns of the tile.
        turn: Orientation, 0 to 7.
    """
    height, width = shape
    if turn >= TURNS // 2:
        columns = width - 1 - columns
    for _ in range(turn % (TURNS // 2)):
        rows, columns = width - 1 - columns, rows
        height, width = width, height
    return rows, columns


def _shared_count(after_batch: Callable[[int], None], views: int) -> Callable[[int], None]:
    """Return a callback that counts a centre once, after all its orientations."""
    done = 0

    def count(centres: int) -> None:
        nonlocal done
        before, done = done // views, done + centres
        after_batch(done // views - before)

    return count
