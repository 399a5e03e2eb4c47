"""Skipped labels: those that neither train nor test, by reason and class, and classes that lose all of them.

>>> skipped = SkippedLabels()
>>> skipped.add("{count:,} features outside the raster", {"2 Forest": 12})
>>> skipped.lost(["1 Water"])   # (LostClass("2 Forest", "12 features outside the raster"),)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from ..arrays import BoolArray, Float32Array
from ..classes import LostClass, class_label
from ..errors import SampleError
from ..progress import Progress
from ..raster.stack import BandStack
from ..raster.validity import classifiable_at
from ..text import Text, joined
from .samples import Samples, check_samples

NO_GEOMETRY = "{count:,} features without geometry"
OTHER_GEOMETRY = "{count:,} features that are neither polygon nor point"
PROBLEM = "{count:,} features, each of which {problem}"
OUTSIDE = "{count:,} features outside the raster"
NO_PIXEL = "{count:,} features that cover no pixel"
CONFLICT = "{count:,} pixels with labels of different classes"
NO_VALUE = "{count:,} pixels without a value in {bands}"
POOR_PATCH = "{count:,} pixels with less than half of their patch valid"
"""Reasons, as phrases with a number of features or pixels."""
# Classes and bands that a sentence names.
_MAX_NAMES = 12
_MAX_BANDS = 3


class SkippedLabels:
    """Tally of the skipped labels of a run."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[tuple[str, tuple[tuple[str, str], ...]]]] = {}

    def add(self, reason: str, counts: Mapping[str, int], **values: str) -> str:
        """Count skipped labels, and return their classes with their numbers, for the log.

        Args:
            reason: Phrase for the reason, a template with ``count``, such as ``OUTSIDE``.
            counts: Number of features or pixels of each class, by ``class_label``.
            values: Values of the other fields of the template.
        """
        for label, count in counts.items():
            self._counts.setdefault(label, Counter())[reason, tuple(sorted(values.items()))] += count
        return described(counts)

    def reasons(self, label: str) -> Text:
        """Return the reasons for the skipped labels of a class, separated by commas; empty without any."""
        counts = self._counts.get(label, Counter())
        return joined(
            (Text(reason, count=count, **dict(values)) for (reason, values), count in counts.items()), ", "
        )

    def lost(self, present: Iterable[str]) -> tuple[LostClass, ...]:
        """Return the classes of which all labels were skipped.

        Args:
            present: Labels of the classes that have samples, by ``class_label``.
        """
        names = set(present)
        return tuple(LostClass(label, self.reasons(label)) for label in self._counts if label not in names)


def described(counts: Mapping[str, int]) -> str:
    """Return ``1 Water: 120, 2 Forest: 4,500``, and an ellipsis after ``_MAX_NAMES`` classes."""
    items = [f"{label}: {count:,}" for label, count in counts.items() if count]
    return ", ".join([*items[:_MAX_NAMES], *(["…"] if len(items) > _MAX_NAMES else [])])


def usable_samples(
    stack: BandStack,
    samples: Samples,
    values: Float32Array,
    patch_size: int,
    skipped: SkippedLabels,
    progress: Progress,
) -> tuple[Samples, tuple[str, ...]]:
    """Return the samples that a map would classify, and the names of the bands that are valid at some sample.

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
    values, has_value = np.ascontiguousarray(values[:, is_used]), has_value[:, is_used]
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
    return samples.subset(usable), bands


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
