"""Weights that a training starts from, as its settings choose them.

>>> start, preparation = chosen_start(settings, entry, False, stack, preparation, progress)
>>> preparation.limits   # of the channels, where the weights were trained on clipped values
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..errors import ParameterError
from ..models.architecture import Architecture, TrainerSettings
from ..models.card import Limits
from ..models.first_layer import matched_roles, names_of
from ..models.pretrained import (
    Start,
    imagenet_start,
    published_channels,
    published_file,
    read_state,
    start_from,
)
from ..models.published import IMAGENET, PublishedWeights, by_file, published
from ..options import FULL
from ..progress import Progress
from ..raster.stack import BandStack
from ..raster.survey import survey_raster
from ..raster.value_unit import ValueUnit, chosen_unit
from .channels import Preparation


def chosen_start(
    settings: TrainerSettings,
    entry: Architecture,
    has_small_stem: bool,
    stack: BandStack,
    preparation: Preparation,
    progress: Progress,
) -> tuple[Start | None, Preparation]:
    """Return the weights that a network starts from, and the channels that they need.

    Published weights are downloaded if they are neither in the cache nor in a file that the settings name.

    Args:
        settings: Settings of the trainer.
        entry: Registry entry of the network.
        has_small_stem: Whether the first layer has no stride and no pooling.
        stack: Open band stack, whose values show their unit.
        preparation: Channels without scaling.
        progress: Progress reporter.

    Returns:
        Weights, None for random ones; and the channels, with limits where the weights expect clipped values.

    Raises:
        ModelFileError: The weights cannot be read or downloaded.
        ParameterError: There are no such weights for the network, no band has a role of the weights, or the
            unit of the values is not clear.
    """
    path = Path(settings.weights_file) if settings.weights_file else None
    chosen = published(settings.weights, entry.imagenet)
    if chosen is not None:
        roles = published_channels(chosen, preparation.roles)
        survey = survey_raster(stack, preparation.bands, progress)
        unit = chosen_unit(settings.value_unit, survey, roles, chosen.scaling.quantity)
        progress.log(
            "The values of {bands} are taken as {unit}. Set VALUE_UNIT if that is wrong.",
            bands=", ".join(roles.values()),
            unit=unit.title,
        )
        if has_small_stem:
            progress.log(
                "The first convolution starts from random weights, because the published ones are for "
                "STEM=standard.",
                "warning",
            )
        start = Start(published_file(chosen, path, progress), published=chosen, unit=unit)
        if not settings.shares_channels and settings.centre is None and not has_small_stem:
            preparation = replace(preparation, limits=_limits(chosen, unit, preparation))
        return start, preparation
    if path is not None:
        start = start_from(read_state(path))
        known = by_file(path.name)
        if known is not None and start.file.checksum.startswith(known.checksum_start):
            progress.log(
                "{file} holds published weights. Choose WEIGHTS={weights}, too, so that bands are matched by "
                "role and scaled as the weights expect.",
                "warning",
                file=path.name,
                weights=known.name,
            )
        return start, preparation
    if settings.weights == IMAGENET:
        return imagenet_start(entry, progress), preparation
    if settings.weights != "none":
        raise ParameterError(
            "There are no weights {weights} for {architecture}",
            where="WEIGHTS",
            advice="Choose other weights, or WEIGHTS=none.",
            weights=settings.weights,
            architecture=entry.title,
        )
    for parameter, has_effect in (
        ("FROZEN_EPOCHS", settings.fit.frozen_epochs),
        ("FINE_TUNING", settings.fit.fine_tuning != FULL),
    ):
        if has_effect:
            progress.log(
                "{parameter} has no effect, because no initial weights are loaded.",
                "warning",
                parameter=parameter,
            )
    return None, preparation


def _limits(entry: PublishedWeights, unit: ValueUnit, preparation: Preparation) -> Limits:
    """Return the limits of the channels in the unit of the raster; empty where values were not clipped."""
    if not entry.scaling.is_clipped:
        return ()
    limits: list[tuple[float | None, float | None]] = []
    for position in matched_roles(names_of(preparation.channels, preparation.roles), entry.bands):
        if position is None:
            limits.append((None, None))
        else:
            shift, scale = entry.scaling.of(position)
            limits.append((unit.to_stored(shift), unit.to_stored(shift + scale)))
    return tuple(limits)
