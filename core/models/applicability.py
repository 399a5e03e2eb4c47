"""Reference points of the area of applicability, as stored in model files.

The dissimilarity index of a pixel is the distance from its features to those of the nearest training
sample, divided by the mean distance between training samples (Meyer and Pebesma 2021,
https://doi.org/10.1111/2041-210X.13650). The accuracy of a model holds where the index is no larger than
that of held-out samples. Features are standardised; those of trees are weighted by their importance, as in
the paper; those of networks are the inputs of the last layer. They are projected on principal components,
which keep the distances with fewer numbers.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, fields
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load, save
from torch import Tensor, nn

from ..errors import ModelFileError
from .card import is_zip

MOST_COMPONENTS, MOST_REFERENCES = 64, 5000
PREFIX = "applicability."
"""What the names of its tensors begin with among a network's weights."""
MEMBER = "applicability.safetensors"
"""Member of the zip that a skops file of trees is."""
# Pixels whose distances to all references are computed together.
_BATCH = 4096


@dataclass(frozen=True, eq=False)
class Applicability:
    """Training samples as points, and how features become such points.

    Attributes:
        weight: From features to coordinates (components, features).
        bias: Added to them (components,).
        references: The training samples (samples, components).
        mean_distance: Between them, a number.
    """

    weight: Tensor
    bias: Tensor
    references: Tensor
    mean_distance: Tensor

    @property
    def components(self) -> int:
        """How many coordinates there are."""
        return len(self.weight)

    @property
    def layer(self) -> nn.Linear:
        """From features (N, features) to coordinates (N, components)."""
        layer = nn.Linear(self.weight.shape[1], self.components)
        layer.weight, layer.bias = (
            nn.Parameter(item, requires_grad=False) for item in (self.weight, self.bias)
        )
        return layer

    def dissimilarity(self, coordinates: Tensor) -> Tensor:
        """Return the dissimilarity index (N,) of points (N, components), on their device."""
        references = self.references.to(coordinates)
        nearest = [torch.cdist(part, references).amin(dim=1) for part in torch.split(coordinates, _BATCH)]
        return torch.cat(nearest) / self.mean_distance.to(coordinates)

    def tensors(self, prefix: str = "") -> dict[str, Tensor]:
        """Return what ``load_applicability`` reads."""
        return {f"{prefix}{item.name}": getattr(self, item.name).contiguous() for item in fields(self)}

    def content(self) -> bytes:
        """Return the content of ``MEMBER``."""
        return save(self.tensors())


def load_applicability(path: Path, features: int) -> Applicability:
    """Read what a model file says of its training samples.

    Args:
        path: A model file whose card has an applicability.
        features: Of the model.

    Raises:
        ModelFileError: It is damaged.
    """
    try:
        names = [item.name for item in fields(Applicability)]
        if is_zip(path):
            with zipfile.ZipFile(path) as archive:
                found = load(archive.read(MEMBER))
        else:
            with safe_open(path, "pt") as file:
                found = {name: file.get_tensor(f"{PREFIX}{name}") for name in names}
        area = Applicability(**{name: found[name].float() for name in names})
        _check(area, features)
    except (SafetensorError, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise ModelFileError(
            "What the model file says of its training samples cannot be read: {error}",
            where=str(path),
            advice="Train the model again or get a fresh copy.",
            error=error,
        ) from error
    return area


def _check(area: Applicability, features: int) -> None:
    components, count = area.weight.shape if area.weight.ndim == 2 else (0, 0)
    if not 0 < components <= MOST_COMPONENTS or count != features or area.bias.shape != (components,):
        raise ValueError("its coordinates are not those of the model's features")
    if area.references.ndim != 2 or area.references.shape[1] != components:
        raise ValueError("its references are malformed")
    if not 0 < len(area.references) <= MOST_REFERENCES or not area.mean_distance.numel() == 1:
        raise ValueError("its references are malformed")
    if not all(bool(tensor.isfinite().all()) for tensor in area.tensors().values()):
        raise ValueError("it holds numbers that are none")
