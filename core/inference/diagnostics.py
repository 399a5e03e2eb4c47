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
from ..models.network import dropped_out, last_layer, on_features, widened, with_last_layer
from ..models.tree_model import TreeModel
from ..samples.patch_store import TURNS, oriented
from .predictors.base import Predictor
from .predictors.factory import LoadedModel
from .products import calibrated

DEVIATION_OF_VIEWS = "Deviation over turned views"
DEVIATION_OF_DROPOUT = "Deviation over dropout"
# Of a probability that is 0 in 32 bits; its logarithm is a number.
_LEAST_PROBABILITY = 1e-38


@dataclass(frozen=True)
class Details:
    """Diagnostics of a run. The default is none.

    Attributes:
        classes: Number of classes of the model.
        calibration: Calibration of the model's card, or None.
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
        """Calibration of ``DetailedPredictor``'s scores: the mean of views is calibrated already."""
        if self.calibration is not None and self.is_turned:
            return self.calibration.applied
        return self.calibration


def details_of(card: ModelCard, is_turned: bool, samples: int) -> Details:
    """Return the diagnostics of a run, without an area of applicability.

    Args:
        card: Card of the model.
        is_turned: Whether test-time augmentation is requested.
        samples: Requested number of Monte Carlo dropout samples.

    Raises:
        ParameterError: The model does not support one of them.
    """
    chosen = architecture(card.architecture)
    if is_turned and (chosen.sees == "neighbourhoods" or (chosen.family == "trees" and not chosen.network)):
        raise ParameterError(
            "{title} sees means and deviations of squares, which no turning changes",
            where="TTA",
            advice="Leave TTA off; it is for networks that see patches.",
            title=chosen.title,
        )
    if samples and chosen.family == "trees":
        raise ParameterError(
            "{title} has no dropout: trees decide in the end",
            where="MC_SAMPLES",
            advice="Set MC_SAMPLES to 0; the entropy and the margin tell how far the trees disagree.",
            title=chosen.title,
        )
    if samples and not dropout_rate(card):
        raise ParameterError(
            "The model was trained without dropout, so it has none to sample from",
            where="MC_SAMPLES",
            advice="Set MC_SAMPLES to 0, or train with DROPOUT, for example 0.3.",
        )
    return Details(len(card.classes), card.calibration, is_turned, samples)


def dropout_rate(card: ModelCard) -> float:
    """Return the chance of a feature to have been dropped before the last layer in training."""
    asked = card.training.parameters.get("dropout")
    kept = 1.0 - float(asked) if isinstance(asked, (int, float)) else 1.0
    return 1.0 - kept * (1.0 - architecture(card.architecture).dropout)


def with_area(details: Details, model: LoadedModel, path: Path) -> Details:
    """Return the details with the area of applicability that stands in the model's file.

    Raises:
        ModelFileError: It is damaged.
    """
    if isinstance(model.model, TreeModel):
        features = model.model.outputs + model.model.count(len(model.card.channels))
    else:
        features = last_layer(model.model, model.card.architecture).weight.shape[1]
    return replace(details, area=load_applicability(path, features))


def detailed(model: LoadedModel, details: Details) -> LoadedModel:
    """Return a model that gives what ``DetailedPredictor`` makes the details of."""
    coordinates = details.area.layer if details.area else None
    if isinstance(model.model, TreeModel):
        return replace(model, model=replace(model.model, coordinates=coordinates)) if coordinates else model
    if not details.samples and coordinates is None:
        return model
    name = model.card.architecture
    layer = last_layer(model.model, name)
    more = [dropped_out(layer, dropout_rate(model.card), details.samples)] if details.samples else []
    if coordinates is not None:
        more.append(on_features(layer, coordinates.to(layer.weight.device)))
    return replace(model, model=with_last_layer(model.model, name, widened(layer, more)))


class DetailedPredictor:
    """Asks a model more than once; see ``Predictor``.

    Its scores are those of the model or, where that is shown each patch in the eight orientations of a
    square, logarithms of its mean calibrated probabilities. After them come ``details.deviations``: for
    each the standard deviation of the probability of the class that is the most probable one. Last comes
    the dissimilarity index, where ``details.area`` is there.
    """

    def __init__(self, predictor: Predictor, details: Details) -> None:
        """Wrap what computes.

        Args:
            predictor: Of ``details.detailed``; gives the logits, then those of ``details.samples``, then
                coordinates.
            details: What to make of them.
        """
        self._predictor = predictor
        self._details = details
        self.tile_size = predictor.tile_size
        self.alignment = predictor.alignment
        self.method = predictor.method
        self.agreement = predictor.agreement
        # What lies behind a centre lies before it when the tile is turned.
        reach = max(predictor.before, predictor.behind)
        self.before, self.behind = (
            (reach, reach) if details.is_turned else (predictor.before, predictor.behind)
        )

    @property
    def batch_size(self) -> int:
        """Patches that are computed together."""
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
        """Return scores and details, one column each; see ``Predictor``."""
        details = self._details
        views = TURNS if details.is_turned else 1
        count = _shared_count(after_batch, views)
        found = self._predictor.predict(channels, valid, rows, columns, count)
        scores, rest = found[:, : details.classes], found[:, details.classes :]
        columns_after = []
        if details.is_turned:
            spread = Spread(calibrated(scores, details.calibration))
            for turn in range(1, TURNS):
                turned = turned_places(rows, columns, channels.shape[-2:], turn)
                views_scores = self._predictor.predict(
                    oriented(channels, turn).contiguous(), oriented(valid, turn), *turned, count
                )
                spread.add(calibrated(views_scores[:, : details.classes], details.calibration))
            scores = spread.mean.clamp_min(_LEAST_PROBABILITY).log()
            columns_after.append(spread.deviation_of_the_best())
        if details.samples:
            columns_after.append(self._deviation_of_dropout(rest[:, : details.samples * details.classes]))
        if details.area is not None:
            columns_after.append(details.area.dissimilarity(rest[:, details.samples * details.classes :]))
        return torch.cat([scores, *(column[:, None] for column in columns_after)], dim=1)

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return the centres a second of a short trial; see ``Predictor``."""
        return self._shared(self._predictor.trial_rate(channels, centres))

    def model_rate(self, seconds: float) -> float | None:
        """Return the centres a second of the bare model, which is asked as often as there are views."""
        return self._shared(self._predictor.model_rate(seconds))

    def _shared(self, rate: float | None) -> float | None:
        return rate / TURNS if rate is not None and self._details.is_turned else rate

    def _deviation_of_dropout(self, logits: Tensor) -> Tensor:
        first, *others = torch.split(logits, self._details.classes, dim=1)
        spread = Spread(calibrated(first, self._details.calibration))
        for sample in others:
            spread.add(calibrated(sample, self._details.calibration))
        return spread.deviation_of_the_best()


class Spread:
    """Mean and deviation of probabilities that come one after the other.

    They are summed up as differences to the first, which are small where the deviation is.
    """

    def __init__(self, first: Tensor) -> None:
        self._first = first
        self._sum = torch.zeros_like(first)
        self._squares = torch.zeros_like(first)
        self._number = 1

    def add(self, probabilities: Tensor) -> None:
        """Take the next ones, of the same shape (centres, classes)."""
        difference = probabilities - self._first
        self._sum += difference
        self._squares += difference.square()
        self._number += 1

    @property
    def mean(self) -> Tensor:
        """The mean probabilities (centres, classes)."""
        return self._first + self._sum / self._number

    def deviation_of_the_best(self) -> Tensor:
        """Return the standard deviation of the probability that is highest in the mean (centres,)."""
        best = self.mean.argmax(dim=1, keepdim=True)
        shift = self._sum.gather(1, best)[:, 0] / self._number
        squares = self._squares.gather(1, best)[:, 0] / self._number
        return (squares - shift.square()).clamp_min(0.0).sqrt()


def turned_places(rows: Tensor, columns: Tensor, shape: Sequence[int], turn: int) -> tuple[Tensor, Tensor]:
    """Return where pixels of a tile stand when it is ``oriented``.

    Args:
        rows: Of the pixels.
        columns: Of the pixels.
        shape: Rows and columns of the tile.
        turn: 0 to 7.
    """
    height, width = shape
    if turn >= TURNS // 2:
        columns = width - 1 - columns
    for _ in range(turn % (TURNS // 2)):
        rows, columns = width - 1 - columns, rows
        height, width = width, height
    return rows, columns


def _shared_count(after_batch: Callable[[int], None], views: int) -> Callable[[int], None]:
    """Return what counts a centre when all of its views are computed, in the end."""
    done = 0

    def count(centres: int) -> None:
        nonlocal done
        before, done = done // views, done + centres
        after_batch(done // views - before)

    return count
