"""Time limit of a training: members of an ensemble, and epochs of networks, that fit into it.

>>> times = trainer.network_times(dataset, counts)
>>> kept = affordable(entry.members, times, 600.0, 4, 0)     # without the slowest networks
>>> shorten(trainer, times, 10.0, progress)                  # fewer epochs
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..models.architecture import Architecture
from ..progress import Progress
from ..text import Text, joined
from .trainer import NetworkTime, Trainer


def time_fractions(times: Sequence[NetworkTime], seconds: float) -> tuple[float, ...]:
    """Return the fraction of its epochs that each network can train within a time limit, 0 to 1.

    All networks have the same part of the time, and what a fast one does not need is for the others.

    Args:
        times: Time of each network.
        seconds: Time limit in seconds.
    """
    fractions = [1.0] * len(times)
    order = sorted(range(len(times)), key=lambda number: times[number].seconds)
    for position, number in enumerate(order):
        needed = times[number].seconds
        used = min(needed, seconds / (len(order) - position))
        fractions[number] = used / needed if needed else 1.0
        seconds -= used
    return tuple(fractions)


def affordable(
    members: Sequence[Architecture],
    times: Sequence[NetworkTime],
    seconds: float,
    min_epochs: int,
    others: int,
) -> tuple[Architecture, ...]:
    """Return the members of an ensemble whose networks keep enough epochs within a time limit.

    The slowest networks are left out, one by one. A network is never left alone, because it would be a model
    of another kind.

    Args:
        members: Entries of the members that are trained.
        times: Time of each network.
        seconds: Time limit in seconds.
        min_epochs: Smallest number of epochs of a network.
        others: Number of members that are not trained.
    """
    kept, networks = list(members), sorted(times, key=lambda time: -time.seconds)
    while len(kept) > 1 and networks:
        fractions = time_fractions(networks, seconds)
        # A network that is trained for fewer epochs than that anyway keeps them.
        if all(
            fraction * time.epochs >= min(min_epochs, time.epochs)
            for time, fraction in zip(networks, fractions, strict=True)
        ):
            break
        left = [member for member in kept if member != networks[0].architecture]
        if len(left) + others < 2 and any(member.has_network for member in left):
            break
        kept = left
        del networks[0]
    return tuple(kept)


def shorten(trainer: Trainer[Any], times: Sequence[NetworkTime], limit: float, progress: Progress) -> None:
    """Take fewer epochs of all networks of a model, and log what is left out.

    Args:
        trainer: Trainer of the model.
        times: Time of each network.
        limit: Time limit in minutes.
        progress: Progress reporter.
    """
    needed = sum(time.seconds for time in times) / 60
    kept = trainer.shorten(time_fractions(times, 60.0 * limit))
    pairs = list(zip(times, kept, strict=True))
    epochs = [
        Text(
            "{kept} of {all} epochs of {network}",
            kept=number,
            all=time.epochs,
            network=Text(time.architecture.title),
        )
        for time, number in pairs
        if number < time.epochs
    ]
    progress.log(
        "Training the networks would take {needed:.0f} minutes, longer than TIME_LIMIT ({limit:g} minutes). "
        "Only {epochs} are trained, so that all takes about {minutes:.1f} minutes.",
        "warning",
        needed=needed,
        limit=limit,
        epochs=joined(epochs, ", "),
        minutes=sum(time.seconds / 60 * number / time.epochs for time, number in pairs),
    )
