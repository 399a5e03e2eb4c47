"""What is kept of a tile: its classes and, if asked for, probabilities and uncertainty."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from numpy.typing import NDArray
from torch import Tensor

from ..assessment.decision_names import ACCURACY
from ..models.card import Calibration
from ..raster.shares import SHARE_STEP, share_nodata
from .scoring import calibrated, decided

UNCERTAINTY_BANDS = ("Highest probability", "Margin", "Entropy")
"""Of the two most probable classes the margin is the difference; entropy is 1 where all are alike."""

APPLICABILITY_BANDS = ("Dissimilarity index", "Inside")
"""Inside is 1, outside 0."""
AREA_TYPE = "float32"
SET_TYPE, SET_NODATA = "uint8", 255

Spread = Callable[[Tensor, float], Tensor]
"""From one value a centre, and what stands elsewhere, to pixels (rows, columns)."""


class Layers(Protocol):
    """What is kept of a tile."""

    def of(self, scores: Tensor, spread: Spread) -> list[NDArray[Any]]:
        """Return layers, each (rows, columns), of the scores (centres, columns); see ``TileLayers.of``."""


@dataclass(frozen=True)
class TileLayers:
    """The layers of a tile: classes, then a probability for each class, then ``UNCERTAINTY_BANDS``.

    Attributes:
        class_values: In the order of the model's outputs.
        class_type: Pixel type of the classes, a name of numpy's.
        class_nodata: What stands where there is no class.
        probabilities: Whether they are kept.
        uncertainty: Whether it is kept.
        share_type: Pixel type of both, one of ``core.raster.file_forms.SHARE_TYPES``.
        calibration: How logits become probabilities; None: by softmax alone.
        decision: The rule by which the class is chosen, one of ``DECISIONS``.
        deviations: Names of what follows the logits of a centre, see ``DetailedPredictor``; they are
            bands of the uncertainty, too.
        set_limits: Least probability of each class to be in a pixel's prediction set; None makes no sets.
        limit: Largest dissimilarity index inside the area of applicability; None where that is not kept.
    """

    class_values: tuple[int, ...]
    class_type: str
    class_nodata: int
    probabilities: bool = False
    uncertainty: bool = False
    share_type: str = "uint8"
    calibration: Calibration | None = None
    decision: str = ACCURACY
    deviations: tuple[str, ...] = ()
    limit: float | None = None
    set_limits: tuple[float, ...] | None = None

    @property
    def types(self) -> tuple[str, ...]:
        """Pixel type of each layer."""
        shares = len(self.class_values) * self.probabilities + len(self.uncertainty_bands) * self.uncertainty
        area = (AREA_TYPE,) * len(APPLICABILITY_BANDS) if self.limit is not None else ()
        sets = (SET_TYPE,) if self.set_limits is not None else ()
        return (self.class_type, *(self.share_type,) * shares, *area, *sets)

    @property
    def uncertainty_bands(self) -> tuple[str, ...]:
        """Names of the layers of uncertainty."""
        return UNCERTAINTY_BANDS + self.deviations

    @property
    def first_uncertainty(self) -> int:
        """Number of the first layer of uncertainty, where that is kept."""
        return 1 + len(self.class_values) * self.probabilities

    @property
    def first_applicability(self) -> int:
        """Number of the first layer of applicability, where that is kept."""
        return self.first_uncertainty + len(self.uncertainty_bands) * self.uncertainty

    @property
    def last(self) -> int:
        """Number of the last layer: the sizes of prediction sets, where those are kept."""
        return len(self.types) - 1

    def of(self, scores: Tensor, spread: Spread) -> list[NDArray[Any]]:
        """Return the layers, each (rows, columns).

        Args:
            scores: Of the centres, a column each: logits, deviations, dissimilarity.
            spread: Puts one value a centre into pixels.
        """
        first = len(self.class_values)
        logits, deviations = scores[:, :first], scores[:, first : first + len(self.deviations)]
        values = torch.tensor(self.class_values, dtype=torch.int32, device=logits.device)
        chosen = decided(logits, self.calibration, self.decision)
        classes = spread(values[chosen], self.class_nodata)
        layers: list[NDArray[Any]] = [classes.cpu().numpy()]
        if self.probabilities or self.uncertainty:
            probabilities = calibrated(logits, self.calibration)
            shares = [*probabilities.unbind(1)] if self.probabilities else []
            if self.uncertainty:
                shares += [*uncertainty_of(probabilities).unbind(1), *deviations.unbind(1)]
            layers += [self._stored(share, spread) for share in shares]
        if self.limit is not None:
            dissimilarity = scores[:, -1]
            inside = (dissimilarity <= self.limit).to(dissimilarity)
            layers += [spread(band, math.nan).cpu().numpy() for band in (dissimilarity, inside)]
        if self.set_limits is not None:
            probabilities = calibrated(logits, self.calibration)
            sizes = (probabilities >= probabilities.new_tensor(self.set_limits)).sum(dim=1)
            layers.append(spread(sizes.clamp_max(SET_NODATA - 1).to(torch.uint8), SET_NODATA).cpu().numpy())
        return layers

    def _stored(self, share: Tensor, spread: Spread) -> NDArray[Any]:
        if self.share_type == "uint8":
            share = (share / SHARE_STEP).round().to(torch.uint8)
        pixels: NDArray[Any] = spread(share, share_nodata(self.share_type)).cpu().numpy()
        return pixels


def uncertainty_of(probabilities: Tensor) -> Tensor:
    """Return ``UNCERTAINTY_BANDS``, shape (centres, 3), of probabilities (centres, classes).

    The entropy is Shannon's, divided by its largest value, the logarithm of the number of classes.
    """
    classes = probabilities.shape[1]
    best = probabilities.topk(min(2, classes), dim=1).values
    second = best[:, 1] if classes > 1 else torch.zeros_like(best[:, 0])
    entropy = torch.special.entr(probabilities).sum(dim=1) / math.log(max(classes, 2))
    return torch.stack([best[:, 0], best[:, 0] - second, entropy.clamp(0.0, 1.0)], dim=1)
