"""Area of applicability of a model: its reference points, as stored in model files.

The dissimilarity index of a pixel is the distance from its features to those of the nearest training
sample, divided by the mean distance between training samples (Meyer and Pebesma 2021,
https://doi.org/10.1111/2041-210X.13650). The accuracy of a model is valid where the index is no larger than
that of held-out samples. Features are standardised. Those of trees are weighted by their importance, as in
the paper. Those of networks are the inputs of the last layer. Features are projected on principal
components, which preserve distances with fewer numbers.
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

MAX_COMPONENTS, MAX_REFERENCES = 64, 5000
PREFIX = "applicability."
"""Prefix of the names of its tensors in the model file of a network."""
MEMBER = "applicability.safetensors"
"""Name of the member of a skops file (a zip) that holds its tensors."""
# Number of pixels whose distances to all references are computed together.
_BATCH_PIXELS = 4096


@dataclass(frozen=True, eq=False)
class Applicability:
    """Reference points in feature space, and the projection from features to it.

    Attributes:
        weight: Weights of the projection from features to coordinates, shape (components, features).
        bias: Offset of the projection, shape (components,).
        references: Coordinates of training samples, shape (samples, components).
        mean_distance: Mean distance between training samples, a single number.
    """

    weight: Tensor
    bias: Tensor
    references: Tensor
    mean_distance: Tensor

    @property
    def components(self) -> int:
        """Number of coordinates."""
        return len(self.weight)

    @property
    def layer(self) -> nn.Linear:
        """Projection from features (N, features) to coordinates (N, components)."""
        layer = nn.Linear(self.weight.shape[1], self.components)
        layer.weight, layer.bias = (
            nn.Parameter(item, requires_grad=False) for item in (self.weight, self.bias)
        )
        return layer

    def dissimilarity(self, coordinates: Tensor) -> Tensor:
        """Return the dissimilarity index of pixels, shape (N,), on their device.

        Args:
            coordinates: Coordinates of the pixels, shape (N, components).
        """
        references = self.references.to(coordinates)
        nearest = [
            torch.cdist(part, references).amin(dim=1) for part in torch.split(coordinates, _BATCH_PIXELS)
        ]
        return torch.cat(nearest) / self.mean_distance.to(coordinates)

    def tensors(self, prefix: str = "") -> dict[str, Tensor]:
        """Return the tensors by name, as ``load_applicability`` reads them."""
        return {f"{prefix}{item.name}": getattr(self, item.name).contiguous() for item in fields(self)}

    def content(self) -> bytes:
        """Return the content of the member ``MEMBER`` of a skops file."""
        return save(self.tensors())


def load_applicability(path: Path, features: int) -> Applicability:
    """Read the reference points of a model file.

    Args:
        path: Path of a model file whose card has an area of applicability.
        features: Number of features of the model.

    Raises:
        ModelFileError: The file is damaged.
    """
    try:
        names = [item.name for item in fields(Applicability)]
        if is_zip(path):
            with zipfile.ZipFile(path) as archive:
                tensors = load(archive.read(MEMBER))
        else:
            with safe_open(path, "pt") as file:
                tensors = {name: file.get_tensor(f"{PREFIX}{name}") for name in names}
        area = Applicability(**{name: tensors[name].float() for name in names})
        _check(area, features)
    except (SafetensorError, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise ModelFileError(
            "The area of applicability in the model file cannot be read: {error}",
            where=str(path),
            advice="Train the model again or get a fresh copy.",
            error=error,
        ) from error
    return area


def _check(area: Applicability, features: int) -> None:
    components, count = area.weight.shape if area.weight.ndim == 2 else (0, 0)
    if not 0 < components <= MAX_COMPONENTS or count != features or area.bias.shape != (components,):
        raise ValueError("the coordinates do not fit the features of the model")
    if area.references.ndim != 2 or area.references.shape[1] != components:
        raise ValueError("the references are malformed")
    if not 0 < len(area.references) <= MAX_REFERENCES or not area.mean_distance.numel() == 1:
        raise ValueError("the references are malformed")
    if not all(bool(tensor.isfinite().all()) for tensor in area.tensors().values()):
        raise ValueError("it contains values that are not finite")
