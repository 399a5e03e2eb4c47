"""Dissimilarity of samples, and the area of applicability (Meyer and Pebesma 2021).

See ``core.models.applicability`` for the index. This module makes the reference points of a model from its
training samples, and the threshold from held-out samples.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from ..arrays import Int64Array
from ..models.applicability import MAX_COMPONENTS, Applicability

# Components with less variance than this share of the first are rounding.
_LEAST_VARIANCE = 1e-8


def across_folds(area: Applicability, folds: Int64Array) -> Tensor:
    """Return the dissimilarity of references to those of other folds; of a single fold, nothing (0,).

    Args:
        area: Has the references (N, components).
        folds: The fold of each (N,).
    """
    numbers = np.unique(folds)
    if len(numbers) < 2:
        return torch.zeros(0)
    found = []
    for number in numbers:
        is_asked = torch.from_numpy(folds == number)
        others = replace(area, references=area.references[~is_asked])
        found.append(others.dissimilarity(area.references[is_asked]))
    return torch.cat(found)


def make_applicability(features: Tensor, importance: Tensor | None = None) -> Applicability | None:
    """Return the area around training samples; None where they are all alike.

    Args:
        features: Of the samples (N, features), at most ``MAX_REFERENCES``.
        importance: Weight of each feature, not negative (features,); None is the same for all.
    """
    values = features.double()
    mean, deviation = values.mean(dim=0), values.std(dim=0, correction=0)
    factor = torch.where(deviation > 1e-6 * mean.abs().clamp_min(1e-6), 1.0 / deviation, 0.0)
    if importance is not None:
        factor = factor * importance.double()
    scaled = (values - mean) * factor
    variances, directions = torch.linalg.eigh(scaled.T @ scaled / max(1, len(scaled)))
    kept = variances.flip(0)[:MAX_COMPONENTS] > _LEAST_VARIANCE * variances[-1].clamp_min(1e-300)
    directions = directions.flip(1)[:, :MAX_COMPONENTS][:, kept]
    references = scaled @ directions
    distance = torch.pdist(references).mean() if len(references) > 1 else torch.zeros(())
    if not distance > 0:
        return None
    weight = (factor[:, None] * directions).T
    return Applicability(
        weight.float().contiguous(), -(weight @ mean).float(), references.float(), distance.float()
    )


def upper_whisker(values: Tensor) -> float:
    """Return the largest value no more than 1.5 interquartile ranges above the third quartile."""
    first, third = torch.quantile(values, torch.tensor([0.25, 0.75])).tolist()
    return float(values[values <= third + 1.5 * (third - first)].max())
