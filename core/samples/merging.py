"""Samples of several sources as one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..classes import ClassScheme, classes_for_values
from ..progress import Progress
from .codes import encode
from .samples import Integers, Samples


def merged(
    polygons: Samples, raster: Samples, scheme: ClassScheme | None, width: int, progress: Progress
) -> Samples:
    """Return the samples of polygons or points and those of a label raster.

    Pixels whose classes contradict each other are dropped, as between polygons; a pixel of both
    belongs to its polygon. Names come from the polygons.

    Args:
        polygons: Their samples.
        raster: Those of the label raster.
        scheme: Gives names and colours to the classes it knows.
        width: Columns of the raster.
        progress: For the log.
    """
    names = {item.value: "" for item in raster.classes} | {item.value: item.name for item in polygons.classes}
    classes = classes_for_values(names, scheme)
    values = [item.value for item in classes]
    both = (polygons, raster)
    rows = np.concatenate([source.rows for source in both])
    columns = np.concatenate([source.columns for source in both])
    codes = np.concatenate([_recoded(source, values) for source in both])
    chosen = agreed_pixels(rows, columns, codes, width, progress)
    all_samples = Samples(
        rows,
        columns,
        codes,
        np.concatenate([source.groups for source in both]),
        classes,
        _stands_for(both, values),
        None if polygons.field_codes is None else np.concatenate([_field_codes(source) for source in both]),
        polygons.field_values,
    )
    return all_samples.subset(chosen)


def agreed_pixels(
    rows: Integers, columns: Integers, codes: Integers, width: int, progress: Progress
) -> Integers:
    """Return indices of each pixel's first claim, row by row, without pixels that several classes claim.

    Args:
        rows: Of the claims (N,).
        columns: Alike.
        codes: Their classes.
        width: Columns of the raster.
        progress: Learns how many pixels were dropped.
    """
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    place = rows * width + columns
    order = np.argsort(place, kind="stable")
    place, sorted_codes = place[order], codes[order]
    starts = np.flatnonzero(np.diff(place, prepend=-1))
    agreed = np.minimum.reduceat(sorted_codes, starts) == np.maximum.reduceat(sorted_codes, starts)
    conflicts = int(np.count_nonzero(~agreed))
    if conflicts:
        progress.log(f"Dropped {conflicts:,} pixels that labels of different classes claim.", "warning")
    return np.asarray(order[starts[agreed]], dtype=np.int64)


def _recoded(samples: Samples, values: Sequence[int]) -> Integers:
    return encode(np.array([item.value for item in samples.classes], dtype=np.int64), values)[samples.codes]


def _field_codes(samples: Samples) -> Integers:
    return np.full(len(samples), -1) if samples.field_codes is None else samples.field_codes


def _stands_for(sources: Sequence[Samples], values: Sequence[int]) -> tuple[float, ...]:
    """Return how many labelled pixels a sample of each class stands for, over all sources."""
    counts, pixels = np.zeros(len(values)), np.zeros(len(values))
    for source in sources:
        places = [values.index(item.value) for item in source.classes]
        counts[places] += source.counts()
        pixels[places] += source.counts() * np.asarray(source.stands_for)
    return tuple((pixels / np.maximum(counts, 1)).clip(min=1.0).tolist())
