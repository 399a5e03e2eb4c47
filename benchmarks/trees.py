"""How fast trees map a raster: pixels a second against a plain rasterio and scikit-learn script, in turns."""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import torch
from rasterio.windows import Window

from deep_land_cover.core.models.tree_file import load_trees, save_trees
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks.classify import run as classify
from deep_land_cover.core.tasks.train import run as train

from ..tests.requests import classify_request, train_request
from .figures import print_figure
from .scenes import DATA, GEWATA

# Rows that the script reads, predicts and writes at once.
_ROWS = 256
_NODATA = 255


def plain_map(raster: Path, forest: Any, mean: Any, std: Any, clip: float, values: Any, output: Path) -> None:
    """Write a map as one writes it first: blocks of rows, ``forest.predict``, one GeoTIFF.

    The model was trained on standardised bands, so the script standardises them, too.
    """
    with rasterio.open(raster) as source:
        profile = source.profile
        profile.update(count=1, dtype="uint8", nodata=_NODATA, compress="deflate")
        with rasterio.open(output, "w", **profile) as target:
            for top in range(0, source.height, _ROWS):
                window = Window(0, top, source.width, min(_ROWS, source.height - top))
                bands = source.read(window=window).astype(np.float32)
                pixels = bands.reshape(len(bands), -1).T
                valid = (pixels != source.nodata).all(axis=1) if source.nodata is not None else slice(None)
                result = np.full(len(pixels), _NODATA, dtype=np.uint8)
                features = np.clip((pixels[valid] - mean) / std, -clip, clip)
                result[valid] = values[forest.predict(features)]
                target.write(result.reshape(1, *bands.shape[1:]), window=window)


def measure(trees: int, size: int, rounds: int, folder: Path) -> None:
    """Train a forest of single pixels, map the same raster with both, and print the ratio of the speeds.

    Args:
        trees: Number of trees.
        size: Rows and columns of the raster that is mapped.
        rounds: Number of rounds, in each of which both map the raster.
        folder: Folder for the files.
    """
    progress, part, model = SilentProgress(), folder / "part.tif", folder / "forest.skops"
    with rasterio.open(DATA / GEWATA.raster) as source:
        window = Window((source.width - size) // 2, (source.height - size) // 2, size, size)
        profile = {**source.profile, "width": size, "height": size}
        profile["transform"] = source.window_transform(window)
        with rasterio.open(part, "w", **profile) as target:
            target.write(source.read(window=window))
            target.descriptions = source.descriptions
    train(
        train_request(
            RasterSource(str(DATA / GEWATA.raster)),
            str(model),
            labels=RasterSource(str(DATA / GEWATA.labels)),
            architecture="random_forest",
            windows="0",
            trees=trees,
        ),
        progress,
    )
    loaded, card = load_trees(model)
    # The script takes the class with the most votes.
    card = replace(card, calibration=None, conformal=None, applicability=None)
    save_trees(model, loaded, card)
    forest = loaded.members[0]
    forest.n_jobs = torch.get_num_threads()
    mean, std = (np.array(item, np.float32) for item in (card.scaling.mean, card.scaling.std))
    values = np.array([item.value for item in card.classes], np.uint8)
    mine, theirs = folder / "map.tif", folder / "plain.tif"
    seconds: dict[str, list[float]] = {"product": [], "script": []}
    for _ in range(rounds + 1):
        start = time.perf_counter()
        plain_map(part, forest, mean, std, card.scaling.clip, values, theirs)
        middle = time.perf_counter()
        classify(classify_request(RasterSource(str(part)), str(model), str(mine)), progress)
        seconds["script"].append(middle - start)
        seconds["product"].append(time.perf_counter() - middle)
    with rasterio.open(mine) as first, rasterio.open(theirs) as second:
        equal = float((first.read(1) == second.read(1)).mean())
    # The first round warms both up.
    rates = {name: [size**2 / item for item in items[1:]] for name, items in seconds.items()}
    ratios = [ours / plain for ours, plain in zip(rates["product"], rates["script"], strict=True)]
    print_figure(
        f"trees.random_forest.{trees}.vs_script",
        round(statistics.median(rates["product"])),
        "pixels/s",
        baseline=round(statistics.median(rates["script"])),
        ratio=round(statistics.median(ratios), 2),
        ratios=[round(ratio, 2) for ratio in ratios],
        equal_labels=round(equal, 5),
        pixels=size**2,
        threads=torch.get_num_threads(),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="./dev bench trees", description=__doc__)
    parser.add_argument("--trees", type=int, nargs="*", default=[100, 300])
    parser.add_argument("--size", type=int, default=1000, help="rows and columns that are mapped")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    if not DATA.is_dir():
        raise SystemExit(f"The data that this measures on are not here: {DATA}")
    for trees in options.trees:
        with tempfile.TemporaryDirectory() as folder:
            measure(trees, options.size, options.rounds, Path(folder))


if __name__ == "__main__":
    main()
