"""How many labels 'Suggest samples' saves against picks at random, simulated on Gewata.

The pool is drawn from the training blocks of one fold of ``gewata``'s protocol, the test from those held
out. Features are frozen: bands and indices, and their neighbourhoods. In rounds, extra trees are grown on
what is labelled so far, and the labels of further pool pixels are looked up: of those that are suggested,
or of as many at random. What counts is the number of labels at which the test's figure first reaches 95 %
of what the whole pool gives; both ways begin with the same pixels. Beside it stand the figures of both ways
at the same numbers of labels, with the mean of the paired differences.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
import torch
from scipy.spatial import cKDTree
from scipy.stats import t
from sklearn.ensemble import ExtraTreesClassifier

from deep_land_cover.core.assessment.confusion_matrix import ConfusionMatrix
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.neighbourhood import Neighbourhoods
from deep_land_cover.core.raster.neighbourhood_windows import parse_windows
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.samples.active_learning import Candidates, suggest
from deep_land_cover.core.samples.samples import NO_GROUP, Samples
from deep_land_cover.core.training.channels import Preparation, channel_statistics
from deep_land_cover.core.training.feeds.neighbourhood import read_features, read_own_pixels
from deep_land_cover.core.training.tree_trainer import square_root_weights
from deep_land_cover.core.uncertainty.applicability import make_applicability

from . import gewata
from .figures import print_figure
from .scenes import DATA
from .scenes import GEWATA_CLASSES as CLASSES
from .scenes import GEWATA_INDICES as INDICES

POOL, TEST = 6_000, 6_000
FIRST, MOST = 30, 3_000
COUNTS = (50, 100, 200)
_LEAST_ROUND, _GROWTH = 20, 0.15
SHARE = 0.95
_TREES = 100
_REPLICATES = 10_000

Array = npt.NDArray[Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what is saved, over the seeds, for overall accuracy and for macro-F1."""
    parser = argparse.ArgumentParser(prog="./dev bench activelearning", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--most", type=int, default=MOST, help="labels to stop at")
    chosen = parser.parse_args(arguments)
    runs = [_simulate(seed, chosen.most) for seed in range(chosen.seeds)]
    for number, figure in enumerate(("overall_accuracy", "macro_f1")):
        for count in COUNTS:
            _print_at(count, number, figure, runs)
        suggested, random = (np.array([run[way][number] for run in runs]) for way in ("suggested", "random"))
        generator = np.random.default_rng(0)
        draws = generator.integers(0, len(runs), (_REPLICATES, len(runs)))
        saved = 1 - suggested[draws].mean(axis=1) / random[draws].mean(axis=1)
        low, high = np.percentile(saved, [2.5, 97.5])
        print_figure(
            f"activelearning.gewata.{figure}",
            round(float(suggested.mean()), 1),
            f"labels for {SHARE:.0%} of the whole pool's figure",
            baseline=round(float(random.mean()), 1),
            saved=round(1 - float(suggested.mean() / random.mean()), 3),
            saved_interval_95=[round(float(low), 3), round(float(high), 3)],
            median=float(np.median(suggested)),
            median_random=float(np.median(random)),
            suggested=suggested.round().astype(int).tolist(),
            random=random.round().astype(int).tolist(),
            whole_pool=[round(float(run["whole"][number]), 4) for run in runs],
            protocol=f"pool of {POOL:,}, test of {TEST:,} pixels, {FIRST} labels first, {_GROWTH:.0%} more a "
            f"round, at most {chosen.most:,}",
        )


def _print_at(count: int, number: int, figure: str, runs: Sequence[dict[str, list[float]]]) -> None:
    """Print a figure of both ways at the same number of labels, in per cent."""
    place = COUNTS.index(count)
    ways = (
        np.array([run[f"{way}_at"][2 * place + number] for run in runs]) for way in ("suggested", "random")
    )
    suggested, random = (100 * item for item in ways)
    gains = suggested - random
    # The interval of a mean of few differences (Student).
    half = (
        float(t.ppf(0.975, len(gains) - 1) * gains.std(ddof=1) / np.sqrt(len(gains)))
        if len(gains) > 1
        else None
    )
    print_figure(
        f"activelearning.gewata.{figure}.at_{count}_labels",
        round(float(suggested.mean()), 1),
        "%",
        baseline=round(float(random.mean()), 1),
        gain=round(float(gains.mean()), 1),
        gain_half_interval_95=None if half is None else round(half, 1),
        gains=gains.round(1).tolist(),
    )


def _simulate(seed: int, most: int) -> dict[str, list[float]]:
    features, codes, places = _read(seed)
    pool, test = np.arange(POOL), np.arange(POOL, POOL + TEST)
    area = make_applicability(torch.from_numpy(features[:5000]))
    if area is None:
        raise SystemExit("All pixels are alike.")
    coordinates = (area.layer(torch.from_numpy(features[pool])) / area.mean_distance).double().numpy()

    def figures(labelled: Array) -> tuple[Array, Array]:
        """Return both figures of the test, and the pool's probabilities."""
        trees = ExtraTreesClassifier(
            _TREES, min_samples_leaf=2, max_features=0.3, random_state=seed, n_jobs=1
        )
        trees.fit(features[labelled], codes[labelled], sample_weight=square_root_weights(codes[labelled]))
        matrix = ConfusionMatrix.of_codes(codes[test], trees.predict(features[test]), len(CLASSES))
        return np.array([matrix.overall_accuracy, matrix.macro_f1]), trees.predict_proba(features[pool])

    whole, _ = figures(pool)
    first = np.random.default_rng(seed).permutation(POOL)
    needed: dict[str, list[float]] = {"whole": whole.tolist()}
    for way in ("suggested", "random"):
        labelled, counts, curve = first[:FIRST], [], []
        while True:
            found, chances = figures(labelled)
            counts.append(len(labelled))
            curve.append(found)
            has_reached = len(labelled) >= COUNTS[-1] and (found >= SHARE * whole).all()
            if len(labelled) >= most or has_reached:
                break
            count = max(_LEAST_ROUND, round(_GROWTH * len(labelled)))
            if way == "random":
                labelled = first[: len(labelled) + count]
                continue
            others = np.setdiff1d(pool, labelled)
            novelty, _ = cKDTree(coordinates[labelled]).query(coordinates[others])
            candidates = Candidates(places[others], chances[others], coordinates[others], novelty)
            picked = suggest(candidates, count, 0.0, places[:0], 1.0)
            labelled = np.concatenate([labelled, others[picked]])
        needed[way] = [
            _first(counts, [point[item] for point in curve], SHARE * whole[item], most) for item in (0, 1)
        ]
        needed[f"{way}_at"] = [
            float(np.interp(count, counts, [point[item] for point in curve]))
            for count in COUNTS
            for item in (0, 1)
        ]
    return needed


def _first(counts: list[int], curve: list[float], wanted: float, most: int) -> float:
    """Return the number of labels at which the curve first reaches a figure, between two rounds."""
    reached = [number for number, value in enumerate(curve) if value >= wanted]
    if not reached:
        return float(most)
    number = reached[0]
    if not number:
        return float(counts[0])
    before, after = curve[number - 1], curve[number]
    return counts[number - 1] + (wanted - before) / (after - before) * (counts[number] - counts[number - 1])


def _read(seed: int) -> tuple[Array, Array, Array]:
    """Return features, codes and places of the pool's pixels, then of the test's."""
    folder = DATA / "gewata_landsat7"
    with rasterio.open(folder / "gewata_lulc2011.tif") as dataset:
        labels = dataset.read(1)
    parts = next(gewata.folds(labels, gewata.BLOCK, seed))
    rows, columns, values = (
        np.concatenate([getattr(part, name)[:count] for part, count in zip(parts, (POOL, TEST), strict=True)])
        for name in ("rows", "columns", "values")
    )
    samples = Samples(rows, columns, values - 1, np.full_like(rows, NO_GROUP), CLASSES, (1.0,) * len(CLASSES))
    progress = SilentProgress()
    with open_stack(RasterSource(str(folder / "gewata_B123457.tif"))) as stack:
        preparation = Preparation(stack.band_names, INDICES, stack.roles(""), 1e-4, stack.all_bands)
        own = read_own_pixels(stack, samples, preparation, progress).centres[:, :, None, None]
        scaling = channel_statistics(own, np.arange(POOL), preparation, progress)
        windows = parse_windows("auto", stack.grid.height, stack.grid.width)
        scaled = Preparation(stack.band_names, INDICES, stack.roles(""), 1e-4, stack.all_bands, scaling)
        features = read_features(stack, samples, scaled, Neighbourhoods.textured(windows), progress)
    return features, samples.codes, np.stack([rows, columns], axis=1)


if __name__ == "__main__":
    main()
