"""Class values to codes and back.

Users' class values may have gaps, be negative or big; networks need 0, 1, … n - 1. (Values 0, 1,
4, 5, 6, 7 fed to a GPU as they are end in a device assertion.)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]

UNKNOWN = -1
"""The code of a value that is no class."""


def encode(values: npt.NDArray[np.integer], class_values: Sequence[int]) -> Integers:
    """Return the index into ``class_values`` of each value, ``UNKNOWN`` where it is none of them.

    Args:
        values: Class values, any shape.
        class_values: The classes' values, ascending.
    """
    known = np.asarray(class_values, dtype=np.int64)
    wide = values.astype(np.int64)
    codes = np.searchsorted(known, wide).clip(max=len(known) - 1)
    return np.where(known[codes] == wide, codes, UNKNOWN).astype(np.int64)


def decode(codes: Integers, class_values: Sequence[int]) -> Integers:
    """Return the class value of each code, any shape."""
    return np.asarray(class_values, dtype=np.int64)[codes]
