"""Another opponent: patch-wise inference as torchgeo's documentation has it. Needs torchgeo and requests.

Measured by ``./dev bench inference --parts torchgeo`` where both are installed; they are no dependency.
"""

from __future__ import annotations

import time
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader

from deep_land_cover.core.models.card import ModelCard
from deep_land_cover.core.raster.indices import compute_channels, standardise

_BATCH = 64
_STRIDE = 4


def torchgeo_rate(scene: Path, network: nn.Module, card: ModelCard, centres: int) -> float:
    """Return patches a second of a grid sampler, a DataLoader and a plain network in float32.

    Args:
        scene: GeoTIFF of the model's bands in its order.
        network: In evaluation mode, on its device.
        card: Of the model.
        centres: How many patches to classify.
    """
    from torchgeo.datasets import RasterDataset, stack_samples
    from torchgeo.samplers import GridGeoSampler, Units

    class Scene(RasterDataset):
        """The one raster."""

        filename_glob = scene.name
        separate_files = False

    dataset = Scene(str(scene.parent))
    sampler = GridGeoSampler(dataset, size=card.patch_size, stride=_STRIDE, units=Units.PIXELS)
    loader = DataLoader(dataset, batch_size=_BATCH, sampler=sampler, collate_fn=stack_samples)
    device = next(network.parameters()).device
    done, start = 0, time.perf_counter()
    for batch in loader:
        bands = batch["image"].to(device)
        channels = compute_channels(bands, card.bands, card.indices, card.band_roles, card.reflectance_scale)
        with torch.no_grad():
            network(standardise(channels, card.scaling)).argmax(dim=1).cpu()
        done += len(bands)
        if done >= centres:
            break
    return done / (time.perf_counter() - start)
