"""Patches of a raster, by which fewer bits are set up and judged before it is classified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from .second_look import Rank

CALIBRATION_PATCHES = 300
"""Patches that the ranges of 8-bit numbers are taken from."""
TEST_PATCHES = 2000
"""Further patches, by which their classes are compared."""
# The largest sample of a raster by which 16 bits are judged, its share of the raster and the smallest.
_MOST, _SHARE, _LEAST = 1000, 16, 256


@dataclass(frozen=True, eq=False)
class RasterSample:
    """Patches of the raster that will be classified.

    Attributes:
        raster: What tells it from others; empty where that is not known.
        count: How many patches of it there are, at most.
        patches: From a number to so many standardised patches (N, channels, rows, columns), float32, in a
            random order; fewer where the raster has fewer.
        rank: See ``SecondLook``.
        rule: What tells ``rank`` from that of other runs.
        stride: Pixels from one patch to the next; None where they lie anywhere.
    """

    raster: str
    count: int
    patches: Callable[[int], Tensor]
    rank: Rank
    rule: str = ""
    stride: int | None = None

    def for_ranges(self) -> Tensor:
        """Return the patches that 8-bit numbers are set up on."""
        return self.patches(CALIBRATION_PATCHES + TEST_PATCHES)[:CALIBRATION_PATCHES]

    def for_8_bits(self) -> Tensor:
        """Return the patches by which 8 bits are judged."""
        some = self.patches(CALIBRATION_PATCHES + TEST_PATCHES)
        # Not those that they were set up on, but of a small raster the same ones must do for both.
        return some[CALIBRATION_PATCHES:] if len(some) >= 2 * CALIBRATION_PATCHES else some

    def for_16_bits(self) -> Tensor:
        """Return the patches by which 16 bits are judged."""
        return self.patches(max(min(self.count // _SHARE, _MOST), _LEAST))
