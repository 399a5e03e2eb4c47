"""Members of an ensemble on one tile, read once for all, against one member after the other.

Processor times of both are measured in turns; the ratio is the median of the rounds. The scores
are the same.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from deep_land_cover.benchmarks.figures import print_figure
from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.inference.backends.cascade import Computation
from deep_land_cover.core.inference.backends.torch_backend import plain_backend
from deep_land_cover.core.inference.predictors.base import Predictor
from deep_land_cover.core.inference.predictors.centred import CentredPredictor
from deep_land_cover.core.inference.predictors.ensemble import EnsemblePredictor, PredictedMember
from deep_land_cover.core.inference.predictors.neighbourhood import network_predictor, tree_predictor
from deep_land_cover.core.inference.predictors.patch import PatchPredictor
from deep_land_cover.core.models.architecture import CentreBranch
from deep_land_cover.core.models.architectures import architecture
from deep_land_cover.core.models.card import ModelCard, Scaling, Training
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.pool import Pool
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.neighbourhood import Neighbourhoods
from deep_land_cover.core.requests.train import CENTRE_WINDOWS, DEFAULT_GRID

_CLASSES, _SIDE, _MARGIN, _WINDOWS = 5, 128, 64, (3, 7, 15, 31)
_CPU = torch.device("cpu")


def main() -> None:
    """Measure three kinds of members, and print a figure for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", type=int, default=10)
    parser.add_argument("--members", type=int, default=4, help="snapshots of a network")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    channels, members = options.channels, options.members
    for name, predictors, places in (
        ("snapshots of a resnet18 with a centre branch", _centred(channels, members), _places(1)),
        ("snapshots of a plain resnet18, patches of 16", _plain(channels, members), _places(8)),
        ("extra trees, boosting and the multi-scale network", _windows(channels), _places(1)),
    ):
        _measure(name, predictors, channels, places, options.rounds)


def _measure(
    name: str, predictors: Sequence[Predictor], channels: int, places: tuple[Tensor, Tensor], rounds: int
) -> None:
    tile = torch.randn(channels, _SIDE + 2 * _MARGIN, _SIDE + 2 * _MARGIN, generator=torch.manual_seed(0))
    valid = torch.ones(tile.shape[1:], dtype=torch.bool)
    members = [PredictedMember(item, _card(channels)) for item in predictors]
    pool = Pool.equal(len(members), "log_mean")
    together = EnsemblePredictor(members, pool, _CLASSES)
    alone = [EnsemblePredictor([member], Pool.equal(1, "log_mean"), _CLASSES) for member in members]
    seconds: list[tuple[float, float]] = []
    for _ in range(rounds + 1):
        start = time.process_time()
        one_by_one = [item.predict(tile, valid, *places, lambda _: None) for item in alone]
        between = time.process_time()
        scores = together.predict(tile, valid, *places, lambda _: None)
        seconds.append((between - start, time.process_time() - between))
    difference = float((scores - torch.stack(one_by_one).mean(dim=0)).abs().max())
    # The first round includes one-time costs.
    ratios = [first / second for first, second in seconds[1:]]
    print_figure(
        "ensembles.read_once",
        round(statistics.median(ratios), 3),
        "ratio",
        1.0,
        members=name,
        number=len(members),
        channels=channels,
        centres=len(places[0]),
        ratios=[round(ratio, 3) for ratio in ratios],
        seconds_together=[round(second, 3) for _, second in seconds[1:]],
        largest_difference=difference,
        threads=torch.get_num_threads(),
    )


def _places(step: int) -> tuple[Tensor, Tensor]:
    line = torch.arange(_MARGIN, _MARGIN + _SIDE, step)
    return line.repeat_interleave(len(line)), line.repeat(len(line))


def _centred(channels: int, members: int) -> list[Predictor]:
    form = CentreBranch(CENTRE_WINDOWS, DEFAULT_GRID, (1,))
    predictors: list[Predictor] = []
    for _ in range(members):
        network = build_network("resnet18", channels, _CLASSES, centre=form, patch_size=17).eval()
        backend = plain_backend(network.get_submodule("context"), 1)
        predictors.append(CentredPredictor(network, backend, _CPU, 0, SilentProgress()))  # type: ignore[arg-type]
    return predictors


def _plain(channels: int, members: int) -> list[Predictor]:
    networks = [build_network("resnet18", channels, _CLASSES).eval() for _ in range(members)]
    return [
        PatchPredictor(Computation(plain_backend(network, 1)), 16, _CPU, 0, SilentProgress())
        for network in networks
    ]


def _windows(channels: int) -> list[Predictor]:
    generator = np.random.default_rng(0)
    codes = generator.integers(_CLASSES, size=2000)
    predictors: list[Predictor] = []
    for name in ("extra_trees", "gradient_boosting"):
        model = architecture(name).build(0, torch.get_num_threads(), _CLASSES, _WINDOWS)
        features = generator.normal(codes[:, None], 3.0, (len(codes), model.count(channels)))
        for estimator in model.members:
            estimator.fit(features.astype(np.float32), codes)
        predictors.append(tree_predictor(model, 0))
    network = build_network("multiscale", channels, _CLASSES, _WINDOWS)
    if Neighbourhoods.textured(_WINDOWS).reach > _MARGIN:
        raise RuntimeError("The tile has too narrow a margin")
    return [*predictors, network_predictor(network, _WINDOWS, _CPU, 0)]


def _card(channels: int) -> ModelCard:
    names = tuple(f"band {number}" for number in range(channels))
    return ModelCard(
        architecture="ensemble",
        bands=names,
        band_roles={},
        indices=(),
        reflectance_scale=1.0,
        scaling=Scaling((0.0,) * channels, (1.0,) * channels),
        patch_size=1,
        padding="reflect",
        pixel_size=(1.0, 1.0),
        crs="",
        nodata=None,
        classes=tuple(LandCoverClass(value, f"Class {value}", "#90EE90") for value in range(_CLASSES)),
        training=Training("none", "", 0, 0, 0, 0, None),
        metrics=None,
        created="",
        versions={},
    )


if __name__ == "__main__":
    main()
