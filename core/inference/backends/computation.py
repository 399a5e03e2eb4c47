"""How the patches of a run are computed: by which backend, and which of them again by others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...progress import Progress
from .backend import Backend
from .closeness import AFTER_8_BITS, OF_8_BITS, OF_16_BITS, Closeness, Scored, closeness
from .second_look import Rank, SecondLook

# 8 bits with fewer patches than these that have the class of 32 are worth a warning.
_LEAST_8_BIT = 0.985
# 8 bits take about half the time of 16: where more than this has to be computed again they gain nothing.
_MOST_AGAIN = 0.5


@dataclass(frozen=True, eq=False)
class Computation:
    """How the patches of a run are computed.

    Attributes:
        backend: Computes them all.
        second_look: Computes again those whose classes are close; None where that is not needed.
        agreement: Share of a sample of the raster, 0 to 1, that has the class of 32 bits; None where
            they are computed in 32 bits, or nothing is known of the raster.
    """

    backend: Backend
    second_look: SecondLook | None = None
    agreement: float | None = None


def with_a_look(
    backend: Backend, exact: Backend, found: Closeness, in_32: Scored, rank: Rank, progress: Progress
) -> Computation:
    """Return a backend of fewer bits with a look in 32 that follows.

    Args:
        backend: Computes in fewer bits.
        exact: In 32.
        found: What the first does to a sample of the raster.
        in_32: What the second gives for it.
        rank: See ``SecondLook``.
        progress: Learns what was found.
    """
    _say(backend, found, found.agreement, progress)
    look = SecondLook(exact, found.limits, rank, seconds=found.again / in_32.rate)
    return Computation(backend, look, found.agreement)


def in_8_bits(
    backend: Backend,
    between: Backend | None,
    exact: Backend,
    judge: Callable[[Backend], Scored],
    rank: Rank,
    progress: Progress,
) -> Computation:
    """Return 8 bits with the looks that follow, or 16 where they are no faster.

    Args:
        backend: Computes in 8 bits.
        between: In 16; None where that cannot be had.
        exact: In 32.
        judge: From one of them to what it gives for a sample of the raster.
        rank: See ``SecondLook``.
        progress: Learns what was found.
    """
    in_32 = judge(exact)
    found = closeness(judge(backend), in_32, OF_8_BITS)
    if between is not None and found.again <= _MOST_AGAIN:
        # Of what is close in 8 bits most is clear in 16, in a third of the time.
        in_16 = judge(between)
        rest = found.then(closeness(in_16, in_32, AFTER_8_BITS))
        _say(backend, found, rest.agreement, progress)
        progress.log(
            f"Those are computed again in 16 bits, and the {rest.again:.1%} that are close even then in 32."
        )
        last = SecondLook(exact, rest.limits, rank, seconds=rest.again / in_32.rate)
        look = SecondLook(between, found.limits, rank, last, found.again / in_16.rate)
        return Computation(backend, look, rest.agreement)
    computation = with_a_look(backend, exact, found, in_32, rank, progress)
    if between is None:
        return computation
    progress.log("With that int8 is no faster than 16 bits, so these are used.", "warning")
    in_16_bits = closeness(judge(between), in_32, OF_16_BITS)
    return with_a_look(between, exact, in_16_bits, in_32, rank, progress)


def _say(backend: Backend, found: Closeness, agreement: float, progress: Progress) -> None:
    """Log what fewer bits do to a sample of the raster, and how much of it agrees after all looks."""
    is_low = agreement < _LEAST_8_BIT
    progress.log(
        f"In {backend.method.precision} {found.before:.1%} of {len(found.is_same):,} patches of the raster "
        f"have the class of 32 bits; with the {found.again:.1%} whose classes are close computed again in "
        f"more bits, {agreement:.1%}{': that is little, PRECISION=auto is safer' if is_low else ''}.",
        "warning" if is_low else "info",
    )
