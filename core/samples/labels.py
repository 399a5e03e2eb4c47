"""Samples from labelled polygons and points."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..classes import ClassScheme, LandCoverClass, class_label
from ..errors import SampleError
from ..progress import Progress
from ..raster.grid import Grid
from .burning import PixelGeometry, burn, burn_touched, to_pixels
from .merging import agreed_pixels
from .samples import Floats, Integers, Samples
from .thinning import drawn, share_to_keep
from .vector import LabelledFeature, read_features


def samples_from_features(
    path: Path,
    grid: Grid,
    scheme: ClassScheme | None,
    seed: int,
    progress: Progress,
    *,
    only_numbers: bool = False,
) -> Samples:
    """Return the pixels that labelled polygons and points claim.

    Pixels that features of different classes claim are dropped; those that features of one class
    claim together count once. Of a class with more than ``POOL_PER_CLASS`` pixels a share is
    drawn. What is skipped or dropped is counted in the log.

    Args:
        path: JSON lines, see ``core.samples.vector``.
        grid: The raster's grid.
        scheme: Gives names and colours to the classes it knows.
        seed: For the draw.
        progress: For the log.
        only_numbers: Whether text classes are refused.

    Raises:
        SampleError: The file is damaged, or no feature lies in the raster.
    """
    features, classes = read_features(path, scheme, progress, only_numbers=only_numbers)
    shapes = [to_pixels(feature.geometry, grid) for feature in features]
    _check_overlap(shapes, path, progress)
    code_of = {item.value: code for code, item in enumerate(classes)}
    codes = [code_of[feature.value] for feature in features]
    shares = _shares(shapes, codes, classes, progress)
    rows, columns, origins = _claimed_pixels(shapes, codes, shares, seed, progress)
    all_codes = np.array(codes, dtype=np.int64)[origins]
    chosen = agreed_pixels(rows, columns, all_codes, grid.width, progress)
    origins = origins[chosen]
    values = _field_values(features)
    return Samples(
        rows[chosen],
        columns[chosen],
        all_codes[chosen],
        np.array([feature.group for feature in features], dtype=np.int64)[origins],
        classes,
        tuple(1.0 / float(share) for share in shares),
        _field_codes(features, values)[origins] if _have_field(features) else None,
        values,
        _weights(features)[origins] if any(feature.weight is not None for feature in features) else None,
    )


def _check_overlap(shapes: Sequence[PixelGeometry], path: Path, progress: Progress) -> None:
    outside = sum(shape.is_outside for shape in shapes)
    if outside == len(shapes):
        raise SampleError(
            f"None of the {outside:,} labelled features lies in the raster",
            where=str(path),
            advice="Check that both show the same place and that their coordinate systems are right.",
        )
    if outside:
        progress.log(f"{outside:,} of {len(shapes):,} labelled features lie outside the raster.", "warning")


def _shares(
    shapes: Sequence[PixelGeometry],
    codes: Sequence[int],
    classes: Sequence[LandCoverClass],
    progress: Progress,
) -> list[float]:
    totals = [0.0] * len(classes)
    for shape, code in zip(shapes, codes, strict=True):
        totals[code] += shape.pixels
    shares = [share_to_keep(total) for total in totals]
    for item, share in zip(classes, shares, strict=True):
        if share < 1:
            progress.log(f"Class {class_label(item)} is large: {share:.2%} of its pixels are drawn.")
    return shares


def _claimed_pixels(
    shapes: Sequence[PixelGeometry],
    codes: Sequence[int],
    shares: Sequence[float],
    seed: int,
    progress: Progress,
) -> tuple[Integers, Integers, Integers]:
    """Return rows, columns and the number of the feature of each claim (N,)."""
    parts: list[tuple[Integers, Integers, Integers]] = []
    thin = 0
    for number, (shape, code) in enumerate(zip(shapes, codes, strict=True)):
        progress.check_cancelled()
        found = 0
        for rows, columns in burn(shape):
            found += len(rows)
            # The draw goes by place, so that a pixel which two features claim is drawn for both
            # and the conflict is seen; where only one of the classes is thinned, most are missed.
            chosen = drawn(rows, columns, np.full(len(rows), shares[code]), seed)
            rows, columns = rows[chosen], columns[chosen]
            parts.append((rows, columns, np.full(len(rows), number)))
        if not found and not shape.is_outside:
            rows, columns = burn_touched(shape)
            thin += 1
            parts.append((rows, columns, np.full(len(rows), number)))
    if thin:
        progress.log(f"{thin:,} polygons hold no pixel centre; they label the pixels that they touch.")
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, empty
    all_rows, all_columns, origins = (np.concatenate(part) for part in zip(*parts, strict=True))
    return all_rows, all_columns, origins


def _have_field(features: Sequence[LabelledFeature]) -> bool:
    return any(feature.split is not None for feature in features)


def _field_values(features: Sequence[LabelledFeature]) -> tuple[str, ...]:
    """Return the values of the split field; numbers in their order."""
    values = sorted({feature.split for feature in features if feature.split})
    try:
        return tuple(sorted(values, key=float))
    except ValueError:
        return tuple(values)


def _field_codes(features: Sequence[LabelledFeature], values: Sequence[str]) -> Integers:
    codes = {value: code for code, value in enumerate(values)}
    return np.array([codes.get(feature.split or "", -1) for feature in features], dtype=np.int64)


def _weights(features: Sequence[LabelledFeature]) -> Floats:
    return np.array([1.0 if feature.weight is None else feature.weight for feature in features])
