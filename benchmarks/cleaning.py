"""Accuracy of a map on the held-out blocks of Gewata before and after MMU, majority and smoothing.

The protocol is that of ``./dev bench accuracy`` (``benchmarks.gewata``): a model is trained on the training
pixels of a fold and maps the whole scene; its map and the cleaned maps are compared with the same test
pixels. Settings were fixed before the first run: 0.5 ha, a window of 3 for the majority, 5 and 10 for the
smoothing.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import rasterio

from deep_land_cover.core.models.architectures import architecture
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.generalisemap import GeneraliseRequest
from deep_land_cover.core.requests.smoothprobabilities import SmoothRequest
from deep_land_cover.core.samples.split_design import Design, Split
from deep_land_cover.core.tasks.classify import run as classify
from deep_land_cover.core.tasks.generalisemap import run as generalise
from deep_land_cover.core.tasks.smoothprobabilities import run as smooth
from deep_land_cover.core.tasks.train import trainer_settings
from deep_land_cover.core.training.cards import CardWriter

from ..tests.requests import classify_request, train_request
from . import gewata
from .figures import print_figure
from .products import CLASSES
from .scenes import DATA, GEWATA, LabelledScene, Protocol, opened

MMU = 0.5
MAJORITY = 3
WINDOW, SMOOTHNESS = 5, "10"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="dev bench cleaning", description=__doc__)
    parser.add_argument("--model", nargs="+", default=["random_forest", "tree_ensemble"])
    parser.add_argument("--folds", type=int, default=1, help="how many of the five folds, from the first")
    parser.add_argument("--seed", type=int, default=1, help="k of the protocol")
    given = parser.parse_args()
    with rasterio.open(DATA / GEWATA.labels) as dataset:
        labels = dataset.read(1)
    tests = [test for _training, test in gewata.folds(labels, gewata.BLOCK, given.seed)]
    with (
        tempfile.TemporaryDirectory(prefix="deep-land-cover-") as name,
        opened(GEWATA, Protocol(given.seed, gewata.GAP, gewata.BLOCK), needs_validation=False) as scene,
    ):
        folder = Path(name)
        for model in given.model:
            totals: dict[str, Any] = {}
            for fold in range(given.folds):
                mapped = _map(scene, model, fold, given.seed, folder)
                for title, path in _cleaned(*mapped, folder).items():
                    with rasterio.open(path) as dataset:
                        mapped_values = dataset.read(1)
                    test = tests[fold]
                    codes = mapped_values[test.rows, test.columns]
                    parts = totals.setdefault(title, ([], [], []))
                    for part, values in zip(parts, (test.values, codes, test.blocks), strict=True):
                        part.append(values)
            raw = None
            for title, parts in totals.items():
                truth, found, blocks = map(np.concatenate, parts)
                raw = found == truth if raw is None else raw
                gain = _gain((found == truth).astype(int) - raw, blocks)
                _print(model, title, truth, found, gain, given)


def _map(scene: LabelledScene, model: str, fold: int, seed: int, folder: Path) -> tuple[Path, Path]:
    """Train on a fold and map the scene; return the map and its probabilities."""
    progress, whole = SilentProgress(), scene.splits[fold]
    used = np.concatenate([whole.train, whole.test])
    samples = scene.samples.subset(used)
    parts = np.arange(len(whole.train)), np.arange(0), np.arange(len(whole.train), len(used))
    split = Split(*parts)
    entry = architecture(model)
    path = folder / f"model{entry.suffix}"
    # The forest reads the pixel alone, so that its map is the noisiest.
    windows = "0" if model == "random_forest" else GEWATA.windows
    request = train_request(scene.source, str(path), seed=seed, architecture=model, windows=windows).resolve()
    trainer = entry.make_trainer(trainer_settings(request, scene.stack.grid))
    dataset = trainer.read(scene.stack, samples, scene.preparation, progress)
    fitted = trainer.fit(dataset, split, progress, lambda _: None)
    design = Design("blocks", "", (), (split,), np.zeros(len(samples), np.int64), scene.clusters[used])
    grid = scene.stack.grid
    writer = CardWriter(entry, {}, seed, grid, scene.stack.nodata, dataset, design, trainer)
    _, card = fitted.in_memory(writer.unfinished(fitted, split))
    fitted.save(path, card, progress)
    output, probabilities = folder / "map.tif", folder / "probabilities.tif"
    classify(
        classify_request(scene.source, str(path), str(output), probabilities=str(probabilities)), progress
    )
    return output, probabilities


def _cleaned(output: Path, probabilities: Path, folder: Path) -> dict[str, Path]:
    """Return the map and its cleaned versions by name."""
    source, fractions = RasterSource(str(output)), RasterSource(str(probabilities))
    maps = {"raw": output}
    variants: dict[str, dict[str, Any]] = {
        f"MMU {MMU} ha": {},
        f"MMU {MMU} ha, probabilities": {"probabilities": fractions},
        f"majority {MAJORITY}": {"mmu": 0.0, "majority": MAJORITY},
        f"majority {MAJORITY}, MMU {MMU} ha": {"majority": MAJORITY},
    }
    for number, (title, options) in enumerate(variants.items()):
        maps[title] = folder / f"clean_{number}.tif"
        request = GeneraliseRequest(source, str(maps[title]), **{"mmu": MMU, **options})
        generalise(request, SilentProgress())
    title = f"Bayes {WINDOW}, {SMOOTHNESS}"
    maps[title] = folder / "smooth.tif"
    smooth(SmoothRequest(fractions, str(maps[title]), window=WINDOW, smoothness=SMOOTHNESS), SilentProgress())
    return maps


def _gain(differences: Any, blocks: Any) -> list[float]:
    """Return the gain in points, and its 95 % interval from resampling whole blocks with replacement."""
    of_block, members = np.unique(blocks, return_inverse=True)
    sums = np.bincount(members, weights=differences)
    sizes = np.bincount(members)
    drawn = np.random.default_rng(0).integers(0, len(of_block), (2000, len(of_block)))
    gains = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    ends = np.percentile(gains, (2.5, 97.5)).tolist()
    return [round(100 * number, 2) for number in (float(differences.mean()), *ends)]


def _print(
    model: str, title: str, truth: Any, found: Any, gain: list[float], given: argparse.Namespace
) -> None:
    classes = {}
    for item in CLASSES:
        true, mapped = truth == item.value, found == item.value
        right = int((true & mapped).sum())
        classes[item.name] = {
            "references": int(true.sum()),
            "mapped": int(mapped.sum()),
            "recall": round(right / max(1, int(true.sum())), 4),
            "precision": round(right / max(1, int(mapped.sum())), 4),
        }
    print_figure(
        f"cleaning.{model}",
        round(100 * float((truth == found).mean()), 2),
        "%",
        map=title,
        folds=given.folds,
        seed=given.seed,
        test_pixels=len(truth),
        gain_and_interval=gain,
        classes=classes,
    )


if __name__ == "__main__":
    main()
