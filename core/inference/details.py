"""What is asked of a model besides its scores: other views, dropped features, and how far it is from home."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ..assessment.conformal import Limits, limits_of
from ..errors import ParameterError
from ..models.applicability import Applicability, load_applicability
from ..models.architectures import architecture
from ..models.card import Calibration, ModelCard
from ..models.last_layer import dropped_out, last_layer, on_features, widened, with_last_layer
from ..models.tree_model import TreeModel
from ..raster.writer import map_type
from ..tasks.classify import ClassifyRequest
from .layers import TileLayers
from .loading import LoadedModel

DEVIATION_OF_VIEWS = "Deviation over turned views"
DEVIATION_OF_DROPOUT = "Deviation over dropout"


@dataclass(frozen=True)
class Details:
    """What is asked of a model; nothing, as it stands.

    Attributes:
        classes: How many the model knows.
        calibration: Of its card.
        is_turned: Whether it is shown each patch in the eight orientations of a square.
        samples: How many times features are dropped before its last layer; 0 is never.
        area: Where it knows its way, where that is asked for.
        set_limits: Limits of prediction sets; None makes no sets.
    """

    classes: int
    calibration: Calibration | None = None
    is_turned: bool = False
    samples: int = 0
    area: Applicability | None = None
    set_limits: Limits | None = None

    @property
    def deviations(self) -> tuple[str, ...]:
        """Names of the deviations that there are, in the order of ``DetailedPredictor``'s columns."""
        views = (DEVIATION_OF_VIEWS,) if self.is_turned else ()
        return views + ((DEVIATION_OF_DROPOUT,) if self.samples else ())


def details_of(request: ClassifyRequest, card: ModelCard) -> Details:
    """Return what a request asks of a model.

    Raises:
        ParameterError: The model has no answer; says why.
    """
    chosen = architecture(card.architecture)
    if request.tta and (chosen.sees == "neighbourhoods" or (chosen.family == "trees" and not chosen.network)):
        raise ParameterError(
            f"{chosen.title} sees means and deviations of squares, which no turning changes",
            where="TTA",
            advice="Leave TTA off; it is for networks that see patches.",
        )
    if request.mc_samples and chosen.family == "trees":
        raise ParameterError(
            f"{chosen.title} has no dropout: trees decide in the end",
            where="MC_SAMPLES",
            advice="Set MC_SAMPLES to 0; the entropy and the margin tell how far the trees disagree.",
        )
    if request.mc_samples and not dropout_rate(card):
        raise ParameterError(
            "The model was trained without dropout, so it has none to sample from",
            where="MC_SAMPLES",
            advice="Set MC_SAMPLES to 0, or train with DROPOUT, for example 0.3.",
        )
    if request.applicability and card.applicability is None:
        raise ParameterError(
            "The model does not say where it knows its way: it is older than that, or too few samples were "
            "held out from its training",
            where="APPLICABILITY",
            advice="Leave APPLICABILITY out, or train the model again.",
        )
    limits = None
    if request.sets:
        if card.conformal is None:
            raise ParameterError(
                "The model cannot make prediction sets: it is older than that, or no samples were held out "
                "from its training for them",
                where="PREDICTION_SETS",
                advice="Leave PREDICTION_SETS out, or train the model again.",
            )
        limits = limits_of(card.conformal, request.coverage, len(card.classes))
    calibration, samples = card.calibration, request.mc_samples
    return Details(len(card.classes), calibration, request.tta, samples, set_limits=limits)


def dropout_rate(card: ModelCard) -> float:
    """Return the chance of a feature to have been dropped before the last layer in training."""
    asked = card.training.parameters.get("dropout")
    kept = 1.0 - float(asked) if isinstance(asked, (int, float)) else 1.0
    return 1.0 - kept * (1.0 - architecture(card.architecture).dropout)


def layers_of(request: ClassifyRequest, card: ModelCard, details: Details) -> TileLayers:
    """Return what is kept of a tile."""
    values = tuple(item.value for item in card.classes)
    calibration = card.calibration
    if calibration is not None and details.is_turned:
        # The mean of views is one of calibrated probabilities.
        calibration = calibration.applied
    return TileLayers(
        values,
        *map_type(values),
        probabilities=request.probabilities is not None,
        uncertainty=request.uncertainty is not None,
        share_type=request.share_type,
        calibration=calibration,
        decision=request.decision,
        deviations=details.deviations,
        set_limits=details.set_limits.values if details.set_limits else None,
        limit=card.applicability.threshold if request.applicability and card.applicability else None,
    )


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
