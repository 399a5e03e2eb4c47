"""How right the models are on held-out ground, on real data."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import rasterio

from deep_land_cover.core.arrays import Int64Array
from deep_land_cover.core.assessment.bootstrap import (
    bootstrap_estimate,
    count_by_cluster,
    resampled_margins,
    total_matrix,
)
from deep_land_cover.core.assessment.estimate import Estimate
from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.models.architectures import architecture
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import BandStack, open_stack
from deep_land_cover.core.requests.train import ResolvedTraining
from deep_land_cover.core.samples.samples import NO_GROUP, Samples
from deep_land_cover.core.samples.split_design import Split
from deep_land_cover.core.tasks.train import trainer_settings
from deep_land_cover.core.training.calibrate import balance_of
from deep_land_cover.core.training.channels import Preparation
from deep_land_cover.core.training.optimisation import training_proportions
from deep_land_cover.core.uncertainty.calibration import HeldOutSamples, cross_calibrated

from ..tests.requests import train_request
from . import gewata
from .figures import print_figure
from .scenes import SCENES, measure_scene

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
INDICES = ("NDVI", "EVI", "NDWI", "MNDWI", "NDBI", "BSI", "NBR")
CLASSES = (
    LandCoverClass(1, "Cropland", "#FFD700"),
    LandCoverClass(2, "Bamboo", "#9ACD32"),
    LandCoverClass(3, "Bare soil", "#D2B48C"),
    LandCoverClass(4, "Coffee plantation", "#8B4513"),
    LandCoverClass(5, "Forest", "#228B22"),
    LandCoverClass(6, "Wetland", "#5F9EA0"),
)
# Blocks of the training part that validate, where a model needs validation: one in so many.
_VALIDATION = 8


@dataclass(frozen=True)
class Model:
    """What is measured: a name for the figure, and what its request has beside the data.

    The usual ones are measured where nothing is said, the others with ``--full`` only.
    """

    name: str
    options: dict[str, Any]
    is_usual: bool = True

    @property
    def needs_validation(self) -> bool:
        """Networks choose their epoch; trees learn from all training samples."""
        return architecture(self.options["architecture"]).family == "network"


MODELS = (
    Model("random_forest_per_pixel", {"architecture": "random_forest", "windows": "0"}),
    Model("random_forest_5_15_31", {"architecture": "random_forest", "windows": "5,15,31"}, is_usual=False),
    Model("extra_trees", {"architecture": "extra_trees", "windows": "auto"}),
    Model("gradient_boosting", {"architecture": "gradient_boosting", "windows": "auto"}, is_usual=False),
    Model("tree_ensemble", {"architecture": "tree_ensemble", "windows": "auto"}),
    Model("multiscale", {"architecture": "multiscale", "windows": "auto"}),
    Model("ensemble", {"architecture": "ensemble", "windows": "auto"}, is_usual=False),
    Model(
        "class_weighted",
        {
            "architecture": "ensemble",
            "members": ("resnet18", "multiscale", "tree_ensemble"),
            "combination": "class_weighted",
            "windows": "auto",
        },
        is_usual=False,
    ),
    Model(
        "snapshots",
        {
            "architecture": "ensemble",
            "members": ("resnet18",),
            "snapshots": 4,
            "combination": "mean",
            "windows": "auto",
        },
        is_usual=False,
    ),
    Model("hybrid", {"architecture": "hybrid", "windows": "auto"}, is_usual=False),
    # Deep networks take hours on a processor, minutes on a GPU.
    Model("resnet18", {"architecture": "resnet18"}, is_usual=False),
    Model("resnet50", {"architecture": "resnet50"}, is_usual=False),
    Model("unet_resnet18", {"architecture": "unet_resnet18"}, is_usual=False),
)


def measure_gewata(
    model: Model, seed: int, block: int, before: dict[str, Int64Array], most_folds: int = gewata.FOLDS
) -> None:
    """Train and test five folds, or the first of them only, and print the pooled figure.

    Args:
        model: What is measured.
        seed: Of draw and initialisation.
        block: Side of a block in pixels.
        before: What models before this one said of the same pixels; this one joins them.
        most_folds: Folds to measure. A single one is not calibrated: that takes other folds' tests.
    """
    folder = DATA / "gewata_landsat7"
    source = RasterSource(str(folder / "gewata_B123457.tif"))
    with rasterio.open(folder / "gewata_lulc2011.tif") as dataset:
        labels = dataset.read(1)
    start = time.perf_counter()
    truth, logits, clusters, folds, taught, seen = [], [], [], [], [], []
    # A network keeps the state of its training beside the model that it is to become.
    with tempfile.TemporaryDirectory() as unused, open_stack(source) as stack:
        output = str(Path(unused) / "model")
        request = train_request(source, output, indices=INDICES, seed=seed, **model.options).resolve()
        balance = balance_of(request.model.architecture, request.fit.balance)
        for number, (training, test) in enumerate(islice(gewata.folds(labels, block, seed), most_folds)):
            logits.append(_fit_and_test(request, stack, training, test, model.needs_validation))
            truth.append(test.values - 1)
            clusters.append(test.blocks)
            folds.append(np.full(len(test.values), number))
            codes = training.values - 1
            seen.append(codes)
            proportions = training_proportions(codes, len(CLASSES), balance)
            taught.append(np.tile(proportions, (len(test.values), 1)))
    held = HeldOutSamples(np.concatenate(logits), np.concatenate(truth), np.concatenate(clusters))
    predicted = held.logits.argmax(axis=1)
    if most_folds > 1:
        # As a training with FOLDS does it: each fold is calibrated with what the other folds' tests say.
        codes = np.concatenate(seen)
        natural = np.bincount(codes, minlength=len(CLASSES)) / len(codes)
        log_chances, _ = cross_calibrated(held, np.concatenate(folds), np.concatenate(taught), natural)
        predicted = log_chances.argmax(axis=1)
    figures = _figures(held, predicted, before)
    before[model.name] = predicted
    print_figure(
        f"accuracy.gewata.{model.name}",
        figures.pop("overall_accuracy"),
        "%",
        protocol=f"blocks of {block} pixels, {most_folds} of 5 folds, {gewata.TRAINING:,} training and "
        f"{gewata.TEST:,} test pixels a fold, {gewata.GAP} pixels apart",
        seed=seed,
        seconds=round(time.perf_counter() - start),
        options=model.options,
        **figures,
    )


def _fit_and_test(
    request: ResolvedTraining, stack: BandStack, training: gewata.Places, test: gewata.Places, validates: bool
) -> np.ndarray[Any, Any]:
    """Return the logits of the test pixels."""
    progress = SilentProgress()
    both = [
        np.concatenate([getattr(training, name), getattr(test, name)])
        for name in ("rows", "columns", "values")
    ]
    nobody = np.full_like(both[0], NO_GROUP)
    samples = Samples(both[0], both[1], both[2] - 1, nobody, CLASSES, (1.0,) * len(CLASSES))
    train, held_out = np.split(np.arange(len(samples)), [len(training.rows)])
    blocks = np.unique(training.blocks)[::_VALIDATION] if validates else ()
    validates_here = np.isin(training.blocks, blocks)
    split = Split(train[~validates_here], train[validates_here], held_out)
    preparation = Preparation(stack.band_names, INDICES, stack.roles(""), 1e-4, stack.all_bands)
    trainer = request.model.architecture.make_trainer(trainer_settings(request, stack.grid))
    dataset = trainer.read(stack, samples, preparation, progress)
    fitted = trainer.fit(dataset, split, progress, lambda _: None)
    return fitted.logits(held_out, progress)


def _figures(held: HeldOutSamples, predicted: Int64Array, before: dict[str, Int64Array]) -> dict[str, Any]:
    """Return overall accuracy in %, F1 of three and of all classes, with 95 % intervals over blocks."""
    number = len(CLASSES)
    counts = [
        count_by_cluster(held.codes, codes, held.clusters, number) for codes in (predicted, *before.values())
    ]
    drawn, *others = resampled_margins(counts, number, 0)
    clusters = counts[0].shape[0]
    value = total_matrix(counts[0], number)
    gains = {}
    for (name, codes), other in zip(before.items(), others, strict=True):
        gain = float((predicted == held.codes).mean() - (codes == held.codes).mean())
        differences = drawn.overall_accuracy - other.overall_accuracy
        gains[name] = _percent(bootstrap_estimate(gain, differences, clusters))
    three = [class_value - 1 for class_value in gewata.THREE]
    overall = bootstrap_estimate(value.overall_accuracy, drawn.overall_accuracy, clusters)
    f1 = bootstrap_estimate(float(value.f1[three].mean()), drawn.f1[:, three].mean(axis=1), clusters)
    return {
        "overall_accuracy": round(100 * float(value.overall_accuracy), 2),
        "uncalibrated": round(100 * float((held.logits.argmax(axis=1) == held.codes).mean()), 2),
        "interval": _percent(overall)[1:],
        "gain_over": gains,
        "f1_three_classes": round(f1.value or 0.0, 4),
        "f1_three_classes_interval": [round(end or 0.0, 4) for end in (f1.low, f1.high)],
        "macro_f1": round(float(value.macro_f1), 4),
        "f1": {item.name: round(float(each), 3) for item, each in zip(CLASSES, value.f1, strict=True)},
    }


def _percent(estimate: Estimate) -> list[float]:
    """Return value and ends of the interval, in %."""
    return [round(100 * (number or 0.0), 2) for number in (estimate.value, estimate.low, estimate.high)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="./dev bench accuracy", description=__doc__)
    parser.add_argument("--full", action="store_true", help="all models, blocks and data sets, seeds 1 to 3")
    parser.add_argument("--seed", type=int, nargs="*", help="of draw and initialisation; 1")
    parser.add_argument("--model", nargs="*", choices=[model.name for model in MODELS], help="these only")
    parser.add_argument("--folds", type=int, default=gewata.FOLDS, help="the first so many folds of Gewata")
    parser.add_argument(
        "--scene", nargs="*", choices=[scene.name for scene in SCENES], help="these scenes instead of Gewata"
    )
    parser.add_argument(
        "--set", nargs="*", default=[], metavar="NAME=VALUE", help="other training parameters of the models"
    )
    options = parser.parse_args(arguments)
    if not DATA.is_dir():
        raise SystemExit(f"The data that this measures on are not here: {DATA}")
    chosen = [
        replace(model, options={**model.options, **_parameters(options.set)})
        for model in MODELS
        if model.name in (options.model or _usual(options.full))
    ]
    seeds = options.seed or ([1, 2, 3] if options.full else [1])
    scenes = [scene for scene in SCENES if scene.name in (options.scene or ())]
    blocks = (gewata.BLOCK, gewata.WIDE_BLOCK) if options.full else (gewata.BLOCK,)
    for seed in seeds:
        for block in () if scenes else blocks:
            before: dict[str, Int64Array] = {}
            for model in chosen:
                measure_gewata(model, seed, block, before, options.folds)
        for scene in scenes or (SCENES if options.full else ()):
            for model in chosen:
                measure_scene(scene, DATA, model.name, model.options, seed)


def _parameters(pairs: Sequence[str]) -> dict[str, Any]:
    """Return fields of a ``TrainRequest`` from ``NAME=VALUE`` pairs, whose values are JSON or plain text."""
    found: dict[str, Any] = {}
    for name, value in (pair.split("=", 1) for pair in pairs):
        try:
            found[name.lower()] = json.loads(value)
        except json.JSONDecodeError:
            found[name.lower()] = value
    return found


def _usual(is_full: bool) -> list[str]:
    return [model.name for model in MODELS if is_full or model.is_usual]


if __name__ == "__main__":
    main()
