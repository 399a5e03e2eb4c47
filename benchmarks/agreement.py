"""How many real pixels keep their class in fewer bits: a ResNet50 that was trained on Gewata."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import torch
from torch import Tensor

from deep_land_cover.core.inference.backends.base import Backend, PatchNetwork
from deep_land_cover.core.inference.backends.cascade import (
    CALIBRATION_PATCHES,
    TEST_PATCHES,
    Computation,
    RasterSample,
    logits_of,
    recompute,
)
from deep_land_cover.core.inference.backends.choice import Backends
from deep_land_cover.core.inference.predictors.shared_stem import cut_network
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.options import Method
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.samples.samples import NO_GROUP, Samples
from deep_land_cover.core.samples.split_design import Split
from deep_land_cover.core.tasks.train import trainer_settings
from deep_land_cover.core.training.channels import Preparation

from ..tests.requests import train_request
from . import gewata
from .figures import print_figure
from .scenes import DATA
from .scenes import GEWATA_CLASSES as CLASSES
from .scenes import GEWATA_INDICES as INDICES

SIZE = 32
# Pixels that a class must have to count as the worst one.
_LEAST = 200
_BATCH = 64
_AT_ONCE = 2048
_VALIDATION = 1000


def measure_agreement(
    methods: dict[str, Method], device: torch.device, where: str, epochs: int, threads: int
) -> None:
    """Train, compute the held-out pixels by each method, and print how many keep their class.

    Args:
        methods: By the name of their figure.
        device: Where to compute.
        where: That in words.
        epochs: Of the training.
        threads: To compute with.
    """
    for name, figures in agreements(methods, device, epochs, gewata.TRAINING - _VALIDATION):
        print_figure(f"inference.agreement.resnet50.{name}", device=where, threads=threads, **figures)


def agreements(
    methods: dict[str, Method],
    device: torch.device,
    epochs: int,
    pixels: int,
    *,
    architecture: str = "resnet50",
    tested: int = gewata.TEST,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Train, compute held-out pixels by each method, and yield its name and figures in per cent.

    Neighbouring patches share the network's stem; the names of figures of the whole network, which
    computes patches far apart, end in ``.apart``.

    Args:
        methods: By name.
        device: Where to compute.
        epochs: Of the training.
        pixels: To train on.
        architecture: Network to train, a ResNet.
        tested: Number of held-out pixels, at most 20,000.
    """
    start = time.perf_counter()
    network, some, patches, truth = _trained(device, architecture, epochs, pixels, tested)
    seconds = time.perf_counter() - start
    whole = PatchNetwork(network, patches.shape[1], SIZE, device)
    shared = cut_network(whole)
    if shared is None:
        raise RuntimeError("the stem of the network was not cut off")
    stem, rest = shared
    with torch.inference_mode():
        expected = torch.cat(
            [network(batch.to(device)).argmax(dim=1).cpu() for batch in torch.split(patches, _BATCH)]
        ).numpy()
    trained = f"{pixels:,} pixels, {epochs} epochs, {seconds:.0f} s"
    maps = (stem.of_patches(patches), stem.of_patches(some))
    for end, part, given, sampled in (("", rest, *maps), (".apart", whole, patches, some)):
        backends = Backends(part)
        for name, method in methods.items():
            sample = RasterSample("", len(given), lambda count, s=sampled: s[:count], lambda logits: logits)
            computation = backends.choose(method, len(given), SilentProgress(), sample)
            found, first, again = _computed(computation, given, device)
            details = {
                "method": str(computation.backend.method),
                "before_second_look": round(100 * float((first == expected).mean()), 3),
                "computed_again": round(again, 4),
                "trained": trained,
            }
            yield name + end, details | _figures(found, expected, truth)


@torch.inference_mode()
def _computed(
    computation: Computation, patches: Tensor, device: torch.device
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the classes of patches, those of the first look, and the share that was looked at twice."""
    logits = _logits(computation.backend, patches, device)
    first = logits.argmax(dim=1).numpy()

    def compute(backend: Backend, again: Tensor) -> Tensor:
        return _logits(backend, patches[again], device)

    again = recompute(logits, computation.recomputation, compute)
    return logits.argmax(dim=1).numpy(), first, len(again) / len(patches)


def _logits(backend: Backend, patches: Tensor, device: torch.device) -> Tensor:
    # Not all at once: 20,000 patches are larger than many a card's memory.
    pieces = torch.split(patches, _AT_ONCE)
    return torch.cat([logits_of(backend, piece.to(device)).cpu() for piece in pieces])


def _figures(found: np.ndarray, expected: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    same = found == expected
    classes = {
        CLASSES[code].name: round(100 * float(same[expected == code].mean()), 2)
        for code in range(len(CLASSES))
        if np.count_nonzero(expected == code) >= _LEAST
    }
    return {
        "value": round(100 * float(same.mean()), 3),
        "unit": "%",
        "worst_class": min(classes.values(), default=None),
        "classes": classes,
        "pixels": len(same),
        "accuracy": round(100 * float((found == truth).mean()), 2),
        "accuracy_fp32": round(100 * float((expected == truth).mean()), 2),
    }


def _trained(
    device: torch.device, architecture: str, epochs: int, pixels: int, tested: int
) -> tuple[torch.nn.Module, Tensor, Tensor, np.ndarray]:
    """Return a network, patches to set fewer bits up on, and held-out patches with their classes."""
    folder = DATA / "gewata_landsat7"
    with rasterio.open(folder / "gewata_lulc2011.tif") as dataset:
        labels = dataset.read(1)
    training, test = next(gewata.folds(labels, gewata.BLOCK, 1))
    others = _beside(test, labels)
    source = RasterSource(str(folder / "gewata_B123457.tif"))
    progress = SilentProgress()
    rows, columns, values = (
        np.concatenate([getattr(places, name) for places in (training, test, others)])
        for name in ("rows", "columns", "values")
    )
    samples = Samples(rows, columns, values - 1, np.full_like(rows, NO_GROUP), CLASSES, (1.0,) * len(CLASSES))
    ends = np.cumsum([len(training.rows) - _VALIDATION, _VALIDATION, len(test.rows)])
    train, validation, held_out, to_map = np.split(np.arange(len(samples)), ends)
    train, held_out = train[:pixels], held_out[:tested]
    with tempfile.TemporaryDirectory() as unused, open_stack(source) as stack:
        request = train_request(
            source,
            str(Path(unused) / "model"),
            indices=INDICES,
            seed=1,
            architecture=architecture,
            patch_size=SIZE,
            centre=False,
            epochs=epochs,
            device=str(device),
        ).resolve()
        preparation = Preparation(stack.band_names, INDICES, stack.roles(""), 1e-4, stack.all_bands)
        settings = trainer_settings(request, stack.grid)
        every_sample_once = replace(settings, fit=replace(settings.fit, min_steps=0))
        trainer = request.model.architecture.make_trainer(every_sample_once)
        read = trainer.read(stack, samples, preparation, progress)
        fitted = trainer.fit(read, Split(train, validation, held_out), progress, lambda _: None)
    # As a model file would hold it: training leaves out what only meets padding.
    network = build_network(architecture, len(preparation.channels), len(CLASSES))
    network.load_state_dict(fitted.network.state_dict())

    def patches(chosen: np.ndarray) -> Tensor:
        places = (torch.from_numpy(numbers[chosen] - SIZE // 2) for numbers in (rows, columns))
        return fitted.feed.pixels.cut(*(place.to(device) for place in places), SIZE).cpu()  # type: ignore[attr-defined]

    ready = network.to(device).eval().requires_grad_(False)
    return ready, patches(to_map), patches(held_out), values[held_out] - 1


def _beside(test: gewata.Places, labels: np.ndarray) -> gewata.Places:
    """Return further pixels of the held-out blocks: the product sets fewer bits up on what it maps."""
    rows, columns = np.nonzero(labels)
    blocks = gewata.blocks_of(rows, columns, gewata.BLOCK, labels.shape[1])
    is_free = np.isin(blocks, test.blocks)
    is_free &= ~np.isin(rows * labels.shape[1] + columns, test.rows * labels.shape[1] + test.columns)
    chosen = np.random.default_rng(0).choice(
        np.flatnonzero(is_free), CALIBRATION_PATCHES + TEST_PATCHES, replace=False
    )
    row, column = rows[chosen], columns[chosen]
    return gewata.Places(row, column, labels[row, column].astype(np.int64), blocks[chosen])
