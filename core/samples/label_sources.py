"""Samples from labelled polygons, points and class rasters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import rasterio
from rasterio.errors import RasterioError

from ..arrays import Float64Array, Int64Array
from ..classes import ClassScheme, LandCoverClass, class_label, classes_for_values
from ..errors import SampleError
from ..progress import Progress, RateMeter, Stage
from ..raster.class_raster import MOST_CLASSES, on_grid, read_class_values, too_many_values
from ..raster.dataset import cannot_read, open_dataset
from ..raster.grid import Grid, Tile
from ..raster.rasterize import PixelGeometry, burn, burn_touched, to_pixels
from ..raster.source import RasterSource
from .draw import drawn, share_to_keep
from .samples import NO_GROUP, Samples, encode
from .vector import LARGEST_VALUE, LabelledFeature, read_features

# About how many labels are held at a time.
_STRIP_PIXELS = 4_000_000


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
        None
        if polygons.field_codes is None
        else np.concatenate([_merged_field_codes(source) for source in both]),
        polygons.field_values,
    )
    return all_samples.subset(chosen)


def agreed_pixels(
    rows: Int64Array, columns: Int64Array, codes: Int64Array, width: int, progress: Progress
) -> Int64Array:
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
        progress.log(
            "Dropped {count:,} pixels that labels of different classes claim.",
            "warning",
            count=conflicts,
        )
    return np.asarray(order[starts[agreed]], dtype=np.int64)


def _recoded(samples: Samples, values: Sequence[int]) -> Int64Array:
    return encode(np.array([item.value for item in samples.classes], dtype=np.int64), values)[samples.codes]


def _merged_field_codes(samples: Samples) -> Int64Array:
    return np.full(len(samples), -1) if samples.field_codes is None else samples.field_codes


def _stands_for(sources: Sequence[Samples], values: Sequence[int]) -> tuple[float, ...]:
    """Return how many labelled pixels a sample of each class stands for, over all sources."""
    counts, pixels = np.zeros(len(values)), np.zeros(len(values))
    for source in sources:
        places = [values.index(item.value) for item in source.classes]
        counts[places] += source.counts()
        pixels[places] += source.counts() * np.asarray(source.stands_for)
    return tuple((pixels / np.maximum(counts, 1)).clip(min=1.0).tolist())


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
            "None of the {count:,} labelled features lies in the raster",
            where=str(path),
            advice="Check that both show the same place and that their coordinate systems are right.",
            count=outside,
        )
    if outside:
        progress.log(
            "{count:,} of {total:,} labelled features lie outside the raster.",
            "warning",
            count=outside,
            total=len(shapes),
        )


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
            progress.log(
                "Class {label} is large: {share:.2%} of its pixels are drawn.",
                label=class_label(item),
                share=share,
            )
    return shares


def _claimed_pixels(
    shapes: Sequence[PixelGeometry],
    codes: Sequence[int],
    shares: Sequence[float],
    seed: int,
    progress: Progress,
) -> tuple[Int64Array, Int64Array, Int64Array]:
    """Return rows, columns and the number of the feature of each claim (N,)."""
    parts: list[tuple[Int64Array, Int64Array, Int64Array]] = []
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
        progress.log(
            "{count:,} polygons hold no pixel centre; they label the pixels that they touch.", count=thin
        )
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


def _field_codes(features: Sequence[LabelledFeature], values: Sequence[str]) -> Int64Array:
    codes = {value: code for code, value in enumerate(values)}
    return np.array([codes.get(feature.split or "", -1) for feature in features], dtype=np.int64)


def _weights(features: Sequence[LabelledFeature]) -> Float64Array:
    return np.array([1.0 if feature.weight is None else feature.weight for feature in features])


def samples_from_raster(
    source: RasterSource, grid: Grid, scheme: ClassScheme | None, seed: int, progress: Progress
) -> Samples:
    """Return labelled pixels of a label raster on the grid of the raster to learn from.

    The labels may have another grid or CRS: each pixel takes the nearest label. Nodata is
    unlabelled. The raster is read twice in strips, once to count and once to draw, so that
    memory does not grow with it; of a class with more than ``POOL_PER_CLASS`` pixels a share is
    drawn.

    Raises:
        RasterError: The raster does not exist or cannot be read.
        SampleError: It has no label where ``grid`` lies, or holds values that are no classes.
    """
    try:
        with open_dataset(source) as file, on_grid(file, source, grid, progress) as labels:
            if file.count > 1:
                progress.log(
                    "The label raster has {count} bands; the first one is used.", "warning", count=file.count
                )
            counts = _count(labels, source, Stage(progress, 0.0, 0.5))
            _check_counts(counts, source)
            return _draw(labels, source, counts, scheme, seed, Stage(progress, 0.5, 1.0))
    except RasterioError as error:
        raise cannot_read(source, error) from error


def _strips(
    labels: rasterio.DatasetReader, source: RasterSource, progress: Progress
) -> Iterator[tuple[Int64Array, Int64Array, Int64Array]]:
    """Yield rows, columns and values of the labelled pixels, strip by strip."""
    step = max(1, _STRIP_PIXELS // labels.width)
    meter = RateMeter(labels.width * labels.height, "pixels", "Reading the labels")
    for first in range(0, labels.height, step):
        progress.check_cancelled()
        tile = Tile(first, 0, min(step, labels.height - first), labels.width)
        values, labelled = read_class_values(labels, source, tile)
        rows, columns = np.nonzero(labelled)
        yield rows + first, columns, values[rows, columns]
        meter.add(tile.pixels)
        progress.update(meter.fraction, meter.text())


def _count(labels: rasterio.DatasetReader, source: RasterSource, progress: Progress) -> Counter[int]:
    counts: Counter[int] = Counter()
    for _, _, values in _strips(labels, source, progress):
        found, numbers = np.unique(values, return_counts=True)
        counts.update(dict(zip(found.tolist(), numbers.tolist(), strict=True)))
        if len(counts) > MOST_CLASSES:
            raise too_many_values(source)
    return counts


def _check_counts(counts: Counter[int], source: RasterSource) -> None:
    if not counts:
        raise SampleError(
            "The label raster has no labelled pixel where the input raster lies",
            where=str(source),
            advice="Check that both show the same place, and the nodata value of the labels.",
        )
    for value in counts:
        if abs(value) > LARGEST_VALUE:
            raise SampleError(
                "The class value {value} is too big for a map",
                where=str(source),
                advice="Use values between -{largest} and {largest}.",
                value=value,
                largest=LARGEST_VALUE,
            )


def _draw(
    labels: rasterio.DatasetReader,
    source: RasterSource,
    counts: Counter[int],
    scheme: ClassScheme | None,
    seed: int,
    progress: Progress,
) -> Samples:
    values = sorted(counts)
    shares = np.array([share_to_keep(counts[value]) for value in values])
    parts = []
    for rows, columns, found in _strips(labels, source, progress):
        codes = encode(found, values)
        chosen = drawn(rows, columns, shares[codes], seed)
        parts.append((rows[chosen], columns[chosen], codes[chosen]))
    rows, columns, codes = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Samples(
        rows=rows,
        columns=columns,
        codes=codes,
        groups=np.full(len(rows), NO_GROUP, dtype=np.int64),
        classes=classes_for_values({value: "" for value in values}, scheme),
        stands_for=tuple(1.0 / float(share) for share in shares),
    )


def read_samples(
    features: str | None,
    labels: RasterSource | None,
    grid: Grid,
    scheme: ClassScheme | None,
    seed: int,
    progress: Progress,
) -> Samples:
    """Return labelled pixels on ``grid``.

    Args:
        features: JSON lines of polygons and points, see ``core.samples.vector``.
        labels: Raster of class values.
        grid: Of the raster to learn from.
        scheme: Gives names and colours to the classes it knows.
        seed: For the draw where there are very many.
        progress: For the log.

    Raises:
        SampleError: There is neither, they cannot be read, or do not lie in the raster.
    """
    polygons = raster = None
    if features is not None:
        only_numbers = labels is not None
        polygons = samples_from_features(
            Path(features), grid, scheme, seed, progress, only_numbers=only_numbers
        )
    if labels is not None:
        raster = samples_from_raster(labels, grid, scheme, seed, progress)
    if polygons is not None and raster is not None:
        return merged(polygons, raster, scheme, grid.width, progress)
    found = polygons if polygons is not None else raster
    if found is None:
        raise SampleError(
            "There are no samples", advice="Choose a layer of polygons or points, or a label raster."
        )
    return found
