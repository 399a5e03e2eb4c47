"""Dissimilarity of samples, and the area of applicability (Meyer and Pebesma 2021).

``core.models.applicability`` has the dissimilarity index. This module derives a model's reference points
from its training samples, and the threshold from held-out samples.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from ..arrays import Int64Array
from ..models.applicability import MAX_COMPONENTS, Applicability

# Variance of a component relative to the first one below which it is rounding.
_MIN_RELATIVE_VARIANCE = 1e-8


def across_folds(area: Applicability, folds: Int64Array) -> Tensor:
    """Return the dissimilarity of each reference point to those of other folds, shape (N,) in fold order.

    With a single fold the shape is (0,).

    Args:
        area: Area of applicability with N reference points.
        folds: Fold of each reference point, shape (N,).
    """
    numbers = np.unique(folds)
    if len(numbers) < 2:
        return torch.zeros(0)
    parts = []
    for number in numbers:
        is_in_fold = torch.from_numpy(folds == number)
        others = replace(area, references=area.references[~is_in_fold])
        parts.append(others.dissimilarity(area.references[is_in_fold]))
    return torch.cat(parts)


def make_applicability(features: Tensor, importance: Tensor | None = None) -> Applicability | None:
    """Return the area of applicability of training samples; None where all samples are identical.

    Args:
        features: Features of the samples, shape (N, features), N at most ``MAX_REFERENCES``.
        importance: Weight of each feature, not negative, shape (features,); None gives equal weights.
    """
    values = features.double()
    mean, deviation = values.mean(dim=0), values.std(dim=0, correction=0)
    factor = torch.where(deviation > 1e-6 * mean.abs().clamp_min(1e-6), 1.0 / deviation, 0.0)
    if importance is not None:
        factor = factor * importance.double()
    scaled = (values - mean) * factor
    variances, directions = torch.linalg.eigh(scaled.T @ scaled / max(1, len(scaled)))
    is_used = variances.flip(0)[:MAX_COMPONENTS] > _MIN_RELATIVE_VARIANCE * variances[-1].clamp_min(1e-300)
    directions = directions.flip(1)[:, :MAX_COMPONENTS][:, is_used]
    references = scaled @ directions
    distance = torch.pdist(references).mean() if len(references) > 1 else torch.zeros(())
    if not distance > 0:
        return None
    weight = (factor[:, None] * directions).T
    return Applicability(
        weight.float().contiguous(), -(weight @ mean).float(), references.float(), distance.float()
    )


def upper_whisker(values: Tensor) -> float:
    """Return the largest value at most 1.5 interquartile ranges above the third quartile."""
    first, third = torch.quantile(values, torch.tensor([0.25, 0.75])).tolist()
    return float(values[values <= third + 1.5 * (third - first)].max())
