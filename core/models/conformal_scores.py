"""What a model file holds to make prediction sets. Light: QGIS reads it."""

from __future__ import annotations

from dataclasses import dataclass

MOST_SCORES = 2000


@dataclass(frozen=True)
class ConformalScores:
    """Samples that the model was not fitted to, in natural proportions, at most ``MOST_SCORES``.

    Attributes:
        codes: Position of each one's true class.
        chances: The calibrated probability that the model gave to it.
        clusters: Number of the polygon or block that each lies in.
    """

    codes: tuple[int, ...]
    chances: tuple[float, ...]
    clusters: tuple[int, ...]

    def __post_init__(self) -> None:
        if not len(self.codes) == len(self.chances) == len(self.clusters) > 0:
            raise TypeError("the scores of the prediction sets are of different lengths")
        if not all(0.0 <= chance <= 1.0 for chance in self.chances):
            raise TypeError("the scores of the prediction sets are no probabilities")
