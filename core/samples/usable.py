"""Usable samples: labelled pixels that a map would classify. Only these train, test or are inspected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import BoolArray, Float32Array
from ..classes import ClassScheme, class_label
from ..errors import SampleError
from ..progress import Progress, Stage
from ..raster.source import RasterSource
from ..raster.stack import BandStack
from ..raster.validity import classifiable_at
from ..text import Text, joined
from .label_sources import read_samples
from .patch_store import read_centres
from .samples import Samples, check_samples
from .skipped import NO_VALUE, POOR_PATCH, SkippedLabels, described

# Bands that a sentence names.
_MAX_BANDS = 3


@dataclass(frozen=True, eq=False)
class UsableSamples:
    """Usable samples and what the raster has there.

    Attributes:
        samples: The samples.
        bands: Names of the bands that are valid at some labelled pixel.
        values: Values of all bands of the stack at the samples, float32, shape (N, bands); NaN where invalid.
    """

    samples: Samples
    bands: tuple[str, ...]
    values: Float32Array


def read_usable_samples(
    stack: BandStack,
    features: str | None,
    labels: RasterSource | None,
    scheme: ClassScheme | None,
    unlabelled: Sequence[int],
    patch_size: int,
    seed: int,
    progress: Progress,
) -> UsableSamples:
    """Read the labelled pixels of polygons, points and a label raster, and keep the usable ones.

    Args:
        stack: Open band stack.
        features: Path of a file of JSON lines of polygons and points, see ``core.samples.vector``; None
            without one.
        labels: Source of a raster of class values; None without one.
        scheme: Class scheme for names and colours; None without one.
        unlabelled: Values of the label raster that mean that a pixel has no label.
        patch_size: Rows and columns of a patch of the model, in pixels.
        seed: Seed of the draw of classes with very many pixels.
        progress: Progress reporter, from 0 to 1.

    Raises:
        SampleError: The samples cannot be read, or there are fewer than two classes.
    """
    progress.update(0.0, "Reading the samples")
    skipped = SkippedLabels()
    labelled = read_samples(
        features, labels, stack.grid, scheme, seed, Stage(progress, 0.0, 0.4), skipped, unlabelled
    )
    values = read_centres(stack, labelled, Stage(progress, 0.4, 0.8))
    usable = usable_samples(stack, labelled, values, patch_size, skipped, Stage(progress, 0.8, 1.0))
    where = features or str(labels)
    return replace(usable, samples=keep_present(usable.samples, skipped, where, progress))


def usable_samples(
    stack: BandStack,
    samples: Samples,
    values: Float32Array,
    patch_size: int,
    skipped: SkippedLabels,
    progress: Progress,
) -> UsableSamples:
    """Return the samples that a map would classify.

    A map leaves out pixels without a value in a band of the model, and pixels whose patch is mostly invalid
    (``core.raster.validity``). What it leaves out neither trains nor tests.

    Args:
        stack: Open band stack.
        samples: Samples to check.
        values: Band values of the samples from ``read_centres``, shape (N, bands).
        patch_size: Rows and columns of a patch of the model, in pixels.
        skipped: Tally of the skipped labels.
        progress: Progress reporter.
    """
    has_value: BoolArray = np.isfinite(values)
    is_used: BoolArray = np.asarray(has_value.any(axis=0))
    if not is_used.any():
        # The reason is that no band has a value, so that all of them are named.
        is_used = np.ones_like(is_used)
    bands = tuple(name for name, used in zip(stack.band_names, is_used, strict=True) if used)
    if len(bands) < len(stack.band_names):
        progress.log(
            "Bands that are nodata at all samples are left out: {channels}.",
            "warning",
            channels=", ".join(name for name in stack.band_names if name not in bands),
        )
    all_values, values = values, np.ascontiguousarray(values[:, is_used])
    has_value = has_value[:, is_used]
    is_valid = np.asarray(has_value.all(axis=1))
    usable = classifiable_at(stack, bands, samples.rows, samples.columns, values, patch_size, progress)
    if not is_valid.all():
        _skip_invalid(samples, bands, has_value, skipped, progress)
    poor = is_valid & ~usable
    if poor.any():
        progress.log(
            "{count:,} samples with less than half of their patch valid are dropped, because the map would "
            "be nodata there: {classes}.",
            "warning",
            count=int(np.count_nonzero(poor)),
            classes=skipped.add(POOR_PATCH, samples.subset(poor).counts_by_label()),
        )
    return UsableSamples(samples.subset(usable), bands, all_values[usable])


def _skip_invalid(
    samples: Samples,
    bands: tuple[str, ...],
    has_value: BoolArray,
    skipped: SkippedLabels,
    progress: Progress,
) -> None:
    """Count the samples without a value in some band; each class names the bands that it lacks most."""
    invalid = ~has_value.all(axis=1)
    counts = {}
    for code, item in enumerate(samples.classes):
        members = invalid & (samples.codes == code)
        if members.any():
            counts[class_label(item)] = count = int(np.count_nonzero(members))
            missing = _names(bands, ~has_value[members])
            skipped.add(NO_VALUE, {class_label(item): count}, bands=missing)
    progress.log(
        "{count:,} samples on pixels without valid values in all bands are dropped, because the map would be "
        "nodata there: {classes}. Most often a value is missing in {bands}.",
        "warning",
        count=int(np.count_nonzero(invalid)),
        classes=described(counts),
        bands=_names(bands, ~has_value[invalid]),
    )


def _names(bands: tuple[str, ...], is_missing: BoolArray) -> str:
    """Return the names of the bands that lack the most values, the worst first."""
    counts = is_missing.sum(axis=0)
    order = [number for number in np.argsort(-counts, kind="stable").tolist() if counts[number]]
    names = [bands[number] for number in order[:_MAX_BANDS]]
    return ", ".join([*names, *(["…"] if len(order) > _MAX_BANDS else [])])


def keep_present(samples: Samples, skipped: SkippedLabels, where: str, progress: Progress) -> Samples:
    """Return the samples without classes that have none, and log a warning for each of these.

    Args:
        samples: Usable samples.
        skipped: Tally of the skipped labels.
        where: File or layer of the samples, for the error.
        progress: Progress reporter.

    Raises:
        SampleError: Fewer than two classes are left, because labels were skipped, or a class has fewer than
            two samples.
    """
    present = samples.present()
    lost = skipped.lost(map(class_label, present.classes))
    for loss in lost:
        progress.log(loss.sentence, "warning")
    if len(present.classes) < 2 and lost:
        raise SampleError(
            "Fewer than two classes have usable labels: {reasons}",
            where=where,
            advice="Check that raster and labels cover the same area, the nodata values and the classes.",
            reasons=joined(
                (Text("{label} ({reason})", label=loss.label, reason=loss.reason) for loss in lost), "; "
            ),
        )
    for item, count in zip(present.classes, present.counts(), strict=True):
        reasons = skipped.reasons(class_label(item))
        if count < 2 and reasons:
            raise SampleError(
                "Class {label} has fewer than two samples, because these are left out: {reasons}",
                where=where,
                advice="Digitize more samples of this class, or leave it out.",
                label=class_label(item),
                reasons=reasons,
            )
    check_samples(present, where)
    return replace(present, lost=lost)
