"""Model documents for tests."""

from __future__ import annotations

from typing import Any

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.models.card import ModelCard, Scaling, Training


def model_card(
    *,
    bands: tuple[str, ...],
    classes: tuple[LandCoverClass, ...],
    patch_size: int,
    indices: tuple[str, ...] = (),
    **others: Any,
) -> ModelCard:
    """Return the document of a ResNet18 that scales nothing; ``others`` are more fields of the card."""
    channels = len(bands) + len(indices)
    plain = {
        "architecture": "resnet18",
        "band_roles": {},
        "reflectance_scale": 1.0,
        "scaling": Scaling((0.0,) * channels, (1.0,) * channels),
        "padding": "reflect",
        "pixel_size": (20.0, 20.0),
        "crs": "",
        "nodata": None,
        "training": Training("blocks", "", 1, 1, 1, 0, 1, orientation_centre="labelled_pixel"),
        "metrics": None,
        "created": "2026-01-01T00:00:00",
        "versions": {},
    }
    fields = {**plain, **others}
    return ModelCard(bands=bands, classes=classes, patch_size=patch_size, indices=indices, **fields)
