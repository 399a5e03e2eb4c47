"""Square blocks of ground."""

from __future__ import annotations

from .samples import Integers, Samples


def blocks_of(samples: Samples, side: int) -> Integers:
    """Return the number of the block of ``side`` pixels that each sample lies in (N,)."""
    columns = samples.columns // side
    return (samples.rows // side) * (int(columns.max(initial=0)) + 1) + columns
