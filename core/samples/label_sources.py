"""Label sources: samples from polygons, points and class rasters.

>>> samples = read_samples("labels.jsonl", None, grid, scheme=None, seed=0, progress=progress)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from rasterio import DatasetReader
from rasterio.enums import ColorInterp
from rasterio.errors import RasterioError

from ..arrays import Float64Array, Int64Array
from ..classes import (
    ClassScheme,
    LandCoverClass,
    class_label,
    classes_for_values,
    disagreement_notes,
    has_name,
    recoding,
)
from ..errors import SampleError
from ..progress import Progress, RateMeter, Stage
from ..raster.class_raster import ClassRaster, on_grid
from ..raster.dataset import cannot_read, open_dataset
from ..raster.grid import Grid, Tile
from ..raster.rasterize import PixelGeometry, burn, burn_touched, to_pixels
from ..raster.source import RasterSource
from ..text import Text
from .draw import drawn, sampling_fraction
from .samples import NO_GROUP, Samples, encode
from .skipped import CONFLICT, NO_PIXEL, OUTSIDE, SkippedLabels
from .vector import LARGEST_VALUE, LabelledFeature, read_features

MAX_STRIP_PIXELS = 4_000_000
"""Pixels of a label raster that are held in memory at a time, approximately."""
BACKGROUND_VALUES = {0, -1, -99, -100, -999, -9999, -32768, 255, 65535}
"""Class values that often mean that a pixel has no label: 0, fill values, and -100 of PyTorch."""
_Strip = tuple[Int64Array, Int64Array, Int64Array]
"""Row, column and value of each labelled pixel of a strip of a label raster, each of shape (N,)."""


def merged(
    polygons: Samples,
    raster: Samples,
    scheme: ClassScheme | None,
    width: int,
    skipped: SkippedLabels,
    progress: Progress,
) -> Samples:
    """Return the samples of polygons or points together with those of a label raster.

    Pixels with contradicting classes are dropped. A pixel with the same class in both belongs to its
    polygon. A class of the label raster that has the name of another class of the polygons gets the value
    of that. Other class names come from the polygons, then from the label raster.

    Args:
        polygons: Samples of polygons or points.
        raster: Samples of the label raster.
        scheme: Class scheme for names and colours; None without one.
        width: Columns of the raster.
        skipped: Tally of the skipped labels.
        progress: Progress reporter.

    Raises:
        SampleError: Some names show that the class values differ, and others cannot be matched.
    """
    raster = _with_values_of(polygons.classes, raster, progress)
    names: dict[int, str] = {}
    for item in (*polygons.classes, *raster.classes):
        own = item.name if has_name(item.value, item.name) else ""
        names[item.value] = names.get(item.value) or own
    # Colours of polygons come from their names; a label raster may bring its own.
    classes = classes_for_values(
        names, scheme or _own_scheme([item for item in raster.classes if has_name(item.value, item.name)])
    )
    values = [item.value for item in classes]
    both = (polygons, raster)
    rows = np.concatenate([source.rows for source in both])
    columns = np.concatenate([source.columns for source in both])
    codes = np.concatenate([_recoded(source, values) for source in both])
    chosen = agreed_pixels(rows, columns, codes, classes, width, skipped, progress)
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
        None if polygons.weights is None else np.concatenate([_own_weights(source) for source in both]),
    )
    return all_samples.subset(chosen)


def _own_weights(samples: Samples) -> Float64Array:
    """Return the number of labelled pixels that each sample stands for, float64, shape (N,)."""
    if samples.weights is not None:
        return samples.weights
    return np.asarray(samples.stands_for, dtype=np.float64)[samples.codes]


def _with_values_of(classes: Sequence[LandCoverClass], raster: Samples, progress: Progress) -> Samples:
    """Return samples of a label raster whose classes have the values that ``classes`` have, by name."""
    changed = recoding(classes, raster.classes, Text("label raster"))
    if not changed:
        return raster
    progress.log(
        "The classes of the label raster have other values than those of the polygons; they are matched by "
        "name: {classes}.",
        "warning",
        classes=", ".join(
            f"{class_label(item)} → {changed[item.value]}" for item in raster.classes if item.value in changed
        ),
    )
    renumbered = (replace(item, value=changed.get(item.value, item.value)) for item in raster.classes)
    return replace(raster, classes=tuple(renumbered))


def agreed_pixels(
    rows: Int64Array,
    columns: Int64Array,
    codes: Int64Array,
    classes: Sequence[LandCoverClass],
    width: int,
    skipped: SkippedLabels,
    progress: Progress,
) -> Int64Array:
    """Return the index of the first label of each pixel, row by row, without pixels of several classes.

    Args:
        rows: Row of each label, int64, shape (N,).
        columns: Column of each label, int64, shape (N,).
        codes: Class code of each label, int64, shape (N,).
        classes: Classes in the order of the codes.
        width: Columns of the raster.
        skipped: Tally of the skipped labels.
        progress: Progress reporter. It logs the number of dropped pixels.
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
        labels = np.stack([place, sorted_codes])[:, np.repeat(~agreed, np.diff([*starts, len(place)]))]
        numbers = np.bincount(np.unique(labels, axis=1)[1], minlength=len(classes)).tolist()
        counts = {class_label(item): number for item, number in zip(classes, numbers, strict=True) if number}
        progress.log(
            "{count:,} pixels with labels of different classes are dropped: {classes}.",
            "warning",
            count=conflicts,
            classes=skipped.add(CONFLICT, counts),
        )
    return np.asarray(order[starts[agreed]], dtype=np.int64)


def _recoded(samples: Samples, values: Sequence[int]) -> Int64Array:
    return encode(np.array([item.value for item in samples.classes], dtype=np.int64), values)[samples.codes]


def _merged_field_codes(samples: Samples) -> Int64Array:
    return np.full(len(samples), -1) if samples.field_codes is None else samples.field_codes


def _stands_for(sources: Sequence[Samples], values: Sequence[int]) -> tuple[float, ...]:
    """Return the number of labelled pixels that a sample of each class stands for, over all sources."""
    counts, pixels = np.zeros(len(values)), np.zeros(len(values))
    for source in sources:
        positions = [values.index(item.value) for item in source.classes]
        counts[positions] += source.counts()
        pixels[positions] += source.counts() * np.asarray(source.stands_for)
    return tuple((pixels / np.maximum(counts, 1)).clip(min=1.0).tolist())


def samples_from_features(
    path: Path,
    grid: Grid,
    scheme: ClassScheme | None,
    seed: int,
    progress: Progress,
    skipped: SkippedLabels | None = None,
    *,
    only_numbers: bool = False,
) -> Samples:
    """Return the pixels that labelled polygons and points cover.

    Pixels in features of different classes are dropped. Pixels in several features of one class count
    once. Of a class with more than ``POOL_PER_CLASS`` pixels, a fraction is drawn. The log counts
    skipped features and dropped pixels.

    Args:
        path: Path of a file of JSON lines, see ``core.samples.vector``.
        grid: Grid of the raster.
        scheme: Class scheme for names and colours; None without one.
        seed: Seed of the draw.
        progress: Progress reporter.
        skipped: Tally of the skipped labels; None counts them for the log only.
        only_numbers: Whether classes must be numbers.

    Raises:
        SampleError: The file is damaged, or no feature lies in the raster.
    """
    skipped = skipped or SkippedLabels()
    features, classes = read_features(path, scheme, progress, only_numbers=only_numbers, skipped=skipped)
    shapes = [to_pixels(feature.geometry, grid) for feature in features]
    code_of = {item.value: code for code, item in enumerate(classes)}
    codes = [code_of[feature.value] for feature in features]
    _check_overlap(shapes, codes, classes, path, skipped, progress)
    fractions = _sampling_fractions(shapes, codes, classes, progress)
    rows, columns, origins = _covered_pixels(shapes, codes, fractions, seed, progress)
    _count_empty(shapes, codes, classes, fractions, origins, skipped)
    all_codes = np.array(codes, dtype=np.int64)[origins]
    chosen = agreed_pixels(rows, columns, all_codes, classes, grid.width, skipped, progress)
    origins = origins[chosen]
    values = _field_values(features)
    return Samples(
        rows[chosen],
        columns[chosen],
        all_codes[chosen],
        np.array([feature.group for feature in features], dtype=np.int64)[origins],
        classes,
        tuple(1.0 / float(fraction) for fraction in fractions),
        _field_codes(features, values)[origins] if _have_field(features) else None,
        values,
        _weights(features)[origins] if any(feature.weight is not None for feature in features) else None,
    )


def _check_overlap(
    shapes: Sequence[PixelGeometry],
    codes: Sequence[int],
    classes: Sequence[LandCoverClass],
    path: Path,
    skipped: SkippedLabels,
    progress: Progress,
) -> None:
    outside = sum(shape.is_outside for shape in shapes)
    if outside == len(shapes):
        raise SampleError(
            "None of the {count:,} labelled features lies in the raster",
            where=str(path),
            advice="Check that both cover the same area and have the right coordinate reference system.",
            count=outside,
        )
    if outside:
        progress.log(
            "{count:,} of {total:,} labelled features lie outside the raster: {classes}.",
            "warning",
            count=outside,
            total=len(shapes),
            classes=skipped.add(
                OUTSIDE,
                _counts(
                    [code for shape, code in zip(shapes, codes, strict=True) if shape.is_outside], classes
                ),
            ),
        )


def _count_empty(
    shapes: Sequence[PixelGeometry],
    codes: Sequence[int],
    classes: Sequence[LandCoverClass],
    fractions: Sequence[float],
    origins: Int64Array,
    skipped: SkippedLabels,
) -> None:
    """Count the features inside the raster's frame that cover no pixel; a class may consist of them."""
    covered = set(np.unique(origins).tolist())
    empty = [
        code
        for number, (shape, code) in enumerate(zip(shapes, codes, strict=True))
        # Of a class that is thinned out, a feature may merely not have been drawn.
        if number not in covered and not shape.is_outside and fractions[code] == 1
    ]
    skipped.add(NO_PIXEL, _counts(empty, classes))


def _counts(codes: Sequence[int], classes: Sequence[LandCoverClass]) -> dict[str, int]:
    return {class_label(classes[code]): count for code, count in sorted(Counter(codes).items())}


def _sampling_fractions(
    shapes: Sequence[PixelGeometry],
    codes: Sequence[int],
    classes: Sequence[LandCoverClass],
    progress: Progress,
) -> list[float]:
    totals = [0.0] * len(classes)
    for shape, code in zip(shapes, codes, strict=True):
        totals[code] += shape.pixels
    fractions = [sampling_fraction(total) for total in totals]
    for item, fraction in zip(classes, fractions, strict=True):
        if fraction < 1:
            progress.log(
                "Class {label} is large: {fraction:.2%} of its pixels are drawn.",
                label=class_label(item),
                fraction=fraction,
            )
    return fractions


def _covered_pixels(
    shapes: Sequence[PixelGeometry],
    codes: Sequence[int],
    fractions: Sequence[float],
    seed: int,
    progress: Progress,
) -> tuple[Int64Array, Int64Array, Int64Array]:
    """Return row, column and number of the feature of each label (N,)."""
    parts: list[tuple[Int64Array, Int64Array, Int64Array]] = []
    thin = 0
    for number, (shape, code) in enumerate(zip(shapes, codes, strict=True)):
        progress.check_cancelled()
        covered = 0
        for rows, columns in burn(shape):
            covered += len(rows)
            # The draw depends on the position, so that a pixel in two features is drawn for both and the
            # conflict is detected. If only one of the classes is thinned, most conflicts are missed.
            chosen = drawn(rows, columns, np.full(len(rows), fractions[code]), seed)
            rows, columns = rows[chosen], columns[chosen]
            parts.append((rows, columns, np.full(len(rows), number)))
        if not covered and not shape.is_outside:
            rows, columns = burn_touched(shape)
            thin += 1
            parts.append((rows, columns, np.full(len(rows), number)))
    if thin:
        progress.log(
            "{count:,} polygons contain no pixel centre and label all pixels that they touch.", count=thin
        )
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, empty
    all_rows, all_columns, origins = (np.concatenate(part) for part in zip(*parts, strict=True))
    return all_rows, all_columns, origins


def _have_field(features: Sequence[LabelledFeature]) -> bool:
    return any(feature.split is not None for feature in features)


def _field_values(features: Sequence[LabelledFeature]) -> tuple[str, ...]:
    """Return the values of the split field, in numerical order if all are numbers."""
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
    source: RasterSource,
    grid: Grid,
    scheme: ClassScheme | None,
    seed: int,
    progress: Progress,
    max_strip_pixels: int = MAX_STRIP_PIXELS,
    unlabelled: Sequence[int] = (),
) -> Samples:
    """Return the labelled pixels of a label raster on the grid of the training raster.

    The label raster may have another grid or CRS; it is resampled by nearest neighbour. Nodata pixels
    have no label. The raster is read twice in strips, to count and to draw, so that memory does not grow
    with it. Of a class with more than ``POOL_PER_CLASS`` pixels, a fraction is drawn.

    Args:
        source: Source of the label raster.
        grid: Grid of the training raster.
        scheme: Class scheme for names and colours; None without one.
        seed: Seed of the draw.
        progress: Progress reporter.
        max_strip_pixels: Pixels to hold in memory at a time, approximately.
        unlabelled: Values that mean that a pixel has no label.

    Raises:
        RasterError: The raster does not exist or cannot be read.
        SampleError: The raster has no label within ``grid``, or values that are not class values.
    """
    try:
        with open_dataset(source) as file, on_grid(file, source, grid, progress) as labels:
            if file.count > 1:
                progress.log(
                    "The label raster has {count} bands. Only the first is used.", "warning", count=file.count
                )
            _warn_of_picture(file, source, progress)
            raster = ClassRaster(labels, file, source, grid)

            def strips(start: float, stop: float) -> Iterator[_Strip]:
                return _strips(raster, max_strip_pixels, unlabelled, Stage(progress, start, stop))

            named = {item.value for item in scheme.classes} if scheme else set()
            counts = _count(strips(0.0, 0.5), raster, named)
            _check_counts(counts, source)
            names = _names(raster, counts)
            for note in disagreement_notes(names, scheme) if scheme else ():
                progress.log(note, "warning")
            classes = classes_for_values(names, scheme or _own_scheme(raster.own_classes()))
            samples = _draw(strips(0.5, 1.0), counts, classes, seed)
            _warn_of_background(counts, samples.classes, source, progress)
            return samples
    except RasterioError as error:
        raise cannot_read(source, error) from error


def _own_scheme(classes: Sequence[LandCoverClass]) -> ClassScheme | None:
    """Return the classes that a source defines itself as a scheme, for their colours and parents."""
    return ClassScheme("own", "label raster", tuple(classes)) if classes else None


def _names(raster: ClassRaster, values: Iterable[int]) -> dict[int, str]:
    """Return the name of each class value that the label raster's file defines; empty without one."""
    written = {item.value: item.name for item in raster.own_classes() if has_name(item.value, item.name)}
    return {value: written.get(value, "") for value in values}


def _warn_of_picture(file: DatasetReader, source: RasterSource, progress: Progress) -> None:
    """Warn where the label raster is a picture, whose first band is the brightness of red."""
    colours = {ColorInterp.red, ColorInterp.green, ColorInterp.blue}
    if file.count >= len(colours) and colours <= set(file.colorinterp):
        progress.log(
            "The label raster {raster} is a picture of colours (bands red, green and blue). Its first band "
            "holds the brightness of red, not classes. Use a raster with one class value per pixel.",
            "warning",
            raster=source.title,
        )


def _warn_of_background(
    counts: Counter[int], classes: Sequence[LandCoverClass], source: RasterSource, progress: Progress
) -> None:
    """Warn of values without a name that often mean that a pixel has no label."""
    total = sum(counts.values())
    unnamed = {item.value for item in classes if class_label(item) == str(item.value)}
    for value in sorted(unnamed & BACKGROUND_VALUES):
        progress.log(
            "{fraction:.1%} of the pixels of the label raster {raster} have the value {value}, which often "
            "means that a pixel has no label. It is trained as a class. If it means no label, set "
            "UNLABELLED={value}.",
            "warning",
            fraction=counts[value] / total,
            raster=source.title,
            value=value,
        )


def _strips(
    raster: ClassRaster, max_pixels: int, unlabelled: Sequence[int], progress: Progress
) -> Iterator[_Strip]:
    """Yield the labelled pixels strip by strip."""
    height, width = raster.grid.height, raster.grid.width
    step = max(1, max_pixels // width)
    meter = RateMeter(width * height, "pixels", "Reading the labels")
    for first in range(0, height, step):
        progress.check_cancelled()
        tile = Tile(first, 0, min(step, height - first), width)
        values, labelled = raster.read(tile)
        if unlabelled:
            labelled &= ~np.isin(values, unlabelled)
        rows, columns = np.nonzero(labelled)
        yield rows + first, columns, values[rows, columns]
        meter.add(tile.pixels)
        progress.update(meter.fraction, meter.text())


def _count(strips: Iterable[_Strip], raster: ClassRaster, named: Collection[int]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for _, _, values in strips:
        unique, numbers = np.unique(values, return_counts=True)
        counts.update(dict(zip(unique.tolist(), numbers.tolist(), strict=True)))
        raster.check_values(counts, named)
    return counts


def _check_counts(counts: Counter[int], source: RasterSource) -> None:
    if not counts:
        raise SampleError(
            "The label raster has no labelled pixels within the input raster",
            where=str(source),
            advice="Check that both cover the same area, the nodata value of the label raster, and "
            "UNLABELLED.",
        )
    for value in counts:
        if abs(value) > LARGEST_VALUE:
            raise SampleError(
                "Class values must be between -{max_value} and {max_value} (got {value})",
                where=str(source),
                advice="Use other class values.",
                value=value,
                max_value=LARGEST_VALUE,
            )


def _draw(
    strips: Iterable[_Strip], counts: Counter[int], classes: tuple[LandCoverClass, ...], seed: int
) -> Samples:
    values = sorted(counts)
    fractions = np.array([sampling_fraction(counts[value]) for value in values])
    parts = []
    for rows, columns, labels in strips:
        codes = encode(labels, values)
        chosen = drawn(rows, columns, fractions[codes], seed)
        parts.append((rows[chosen], columns[chosen], codes[chosen]))
    rows, columns, codes = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Samples(
        rows=rows,
        columns=columns,
        codes=codes,
        groups=np.full(len(rows), NO_GROUP, dtype=np.int64),
        classes=classes,
        stands_for=tuple(1.0 / float(fraction) for fraction in fractions),
    )


def read_samples(
    features: str | None,
    labels: RasterSource | None,
    grid: Grid,
    scheme: ClassScheme | None,
    seed: int,
    progress: Progress,
    skipped: SkippedLabels | None = None,
    unlabelled: Sequence[int] = (),
) -> Samples:
    """Return the labelled pixels of polygons, points and a label raster on ``grid``.

    Args:
        features: Path of a file of JSON lines of polygons and points, see ``core.samples.vector``; None
            without one.
        labels: Source of a raster of class values; None without one.
        grid: Grid of the training raster.
        scheme: Class scheme for names and colours; None without one.
        seed: Seed of the draw of classes with very many pixels.
        progress: Progress reporter.
        skipped: Tally of the skipped labels; None counts them for the log only.
        unlabelled: Values of the label raster that mean that a pixel has no label.

    Raises:
        SampleError: There are neither features nor labels, they cannot be read, or they lie outside
            the raster.
    """
    skipped = skipped or SkippedLabels()
    polygons = raster = None
    if features is not None:
        only_numbers = labels is not None
        polygons = samples_from_features(
            Path(features), grid, scheme, seed, progress, skipped, only_numbers=only_numbers
        )
    if labels is not None:
        raster = samples_from_raster(labels, grid, scheme, seed, progress, unlabelled=unlabelled)
    if polygons is not None and raster is not None:
        return merged(polygons, raster, scheme, grid.width, skipped, progress)
    samples = polygons if polygons is not None else raster
    if samples is None:
        raise SampleError(
            "There are no samples", advice="Choose a layer of polygons or points, or a label raster."
        )
    return samples
