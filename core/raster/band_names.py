"""What a raster's bands are called, and which of them are no measurements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rasterio.enums import ColorInterp


def alpha_bands(dataset: Any) -> tuple[set[int], tuple[str, ...]]:
    """Tell transparency from measurements: alpha bands' numbers, and notes on them for the user.

    GDAL marks the fourth band of any 8-bit raster that it makes as alpha, also a near infrared
    one. A band with a description of its own is therefore believed to be a measurement.
    """
    marked = [index for index in dataset.indexes if dataset.colorinterp[index - 1] == ColorInterp.alpha]
    alpha = {index for index in marked if (dataset.descriptions[index - 1] or "alpha").lower() == "alpha"}
    if len(alpha) == dataset.count:
        alpha = set()
    notes = tuple(
        f"Band {index} is marked as transparency (alpha): it masks and is no measurement. "
        "If it is one, give it a description."
        for index in sorted(alpha)
    )
    return alpha, notes


def palette_notes(dataset: Any, indexes: Sequence[int]) -> tuple[str, ...]:
    """Return notes on the bands whose numbers are no measurements, but places in a palette."""
    return tuple(
        f"Band {index} has a palette: its numbers stand for colours or classes and are no measurements."
        for index in indexes
        if dataset.colorinterp[index - 1] == ColorInterp.palette
    )


def unique_names(descriptions: Sequence[str | None], indexes: Sequence[int]) -> tuple[str, ...]:
    """Return a name for each band: its description, or ``Band 3`` after its number; all different."""
    return _numbered(
        (description or "").strip() or f"Band {index}"
        for description, index in zip(descriptions, indexes, strict=True)
    )


def joined_names(names: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the names of several rasters' bands in one row; those that come again get a number."""
    return _numbered(name for raster in names for name in raster)


def _numbered(bases: Iterable[str]) -> tuple[str, ...]:
    names: list[str] = []
    for base in bases:
        name, copy = base, 1
        while name in names:
            copy += 1
            name = f"{base} ({copy})"
        names.append(name)
    return tuple(names)
