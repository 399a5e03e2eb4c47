"""How right the models are on held-out ground, on real data.

Each fold is a line of JSON in ``folds.jsonl`` of the folder of results, with its predictions beside it. A run
takes up what is there, so that it can be stopped, and prints one table at the end. Delete the folder to
measure again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.windows import Window

from deep_land_cover.core.models.architectures import architecture
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.samples.split_design import Design, Split
from deep_land_cover.core.tasks.classify import run as classify
from deep_land_cover.core.tasks.train import trainer_settings
from deep_land_cover.core.training.cards import CardWriter
from deep_land_cover.core.training.optimisation import training_proportions

from ..tests.requests import classify_request, train_request
from . import gewata
from .accuracy_table import FoldResult, markdown
from .figures import describe_machine, print_figure
from .scenes import DATA, FOLDS, GEWATA, SCENES, SMALL_SCENES, LabelledScene, Protocol, Scene, opened

# Rows and columns of the part of a scene that is mapped to measure the time.
_MAPPED_SIZE = 256


@dataclass(frozen=True)
class Model:
    """What is measured: a name for the figure, and what its request has beside the data.

    The usual ones are measured where nothing is said, the others with ``--full`` only.
    """

    name: str
    options: dict[str, Any]
    is_usual: bool = True


MODELS = (
    Model("random_forest_per_pixel", {"architecture": "random_forest", "windows": "0"}),
    Model("random_forest_5_15_31", {"architecture": "random_forest", "windows": "5,15,31"}, is_usual=False),
    Model("extra_trees", {"architecture": "extra_trees"}),
    Model("gradient_boosting", {"architecture": "gradient_boosting"}, is_usual=False),
    Model("tree_ensemble", {"architecture": "tree_ensemble"}),
    Model("multiscale", {"architecture": "multiscale"}),
    Model("ensemble", {"architecture": "ensemble"}, is_usual=False),
    Model(
        "class_weighted",
        {
            "architecture": "ensemble",
            "members": ("resnet18", "multiscale", "tree_ensemble"),
            "combination": "class_weighted",
        },
        is_usual=False,
    ),
    Model(
        "snapshots",
        {"architecture": "ensemble", "members": ("resnet18",), "snapshots": 4, "combination": "mean"},
        is_usual=False,
    ),
    Model("hybrid", {"architecture": "hybrid"}, is_usual=False),
    # Deep networks take hours on a processor, minutes on a GPU.
    Model("resnet18", {"architecture": "resnet18"}, is_usual=False),
    Model("resnet50", {"architecture": "resnet50"}, is_usual=False),
    Model("resnet18_plain", {"architecture": "resnet18", "centre": False}, is_usual=False),
    Model("resnet18_se", {"architecture": "resnet18", "attention": "se"}, is_usual=False),
    Model("unet_resnet18", {"architecture": "unet_resnet18"}, is_usual=False),
    Model("unetplusplus_resnet18", {"architecture": "unetplusplus_resnet18"}, is_usual=False),
    Model("fpn_resnet18", {"architecture": "fpn_resnet18"}, is_usual=False),
    Model("deeplabv3plus_resnet18", {"architecture": "deeplabv3plus_resnet18"}, is_usual=False),
    Model("vit", {"architecture": "vit"}, is_usual=False),
    Model("swin", {"architecture": "swin"}, is_usual=False),
)


@dataclass(frozen=True)
class Run:
    """One model under one protocol on one scene.

    Attributes:
        scene: Scene.
        model: Model.
        protocol: How samples are held out.
        folds: Number of folds, the first ones.
    """

    scene: Scene
    model: Model
    protocol: Protocol
    folds: int


class Results:
    """Folder of the folds that were measured.

    Args:
        folder: Folder of the results; made where it does not exist.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lines = folder / "folds.jsonl"

    def get(self, run: Run, fold: int) -> FoldResult | None:
        """Return a fold that was measured before; None without one."""
        key = _key(run, fold)
        for line in self._lines.read_text(encoding="utf-8").splitlines() if self._lines.exists() else ():
            record = json.loads(line)
            if record["key"] == key:
                with np.load(self._folder / f"{key}.npz") as arrays:
                    return FoldResult(record, **arrays)
        return None

    def add(self, run: Run, fold: int, result: FoldResult) -> None:
        """Keep a fold. Its line is written last, so that a stopped run leaves no half of it."""
        key = _key(run, fold)
        np.savez_compressed(self._folder / f"{key}.npz", **result.arrays())
        result.record["key"] = key
        with self._lines.open("a", encoding="utf-8") as file:
            file.write(json.dumps(result.record) + "\n")


def _key(run: Run, fold: int) -> str:
    what = [run.scene.name, run.model.name, run.model.options, asdict(run.protocol), fold]
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:16]


def measured(run: Run, results: Results) -> list[FoldResult]:
    """Return the folds of a run, those that are missing after they were trained and tested."""
    before = [results.get(run, fold) for fold in range(run.folds)]
    missing = [fold for fold, result in enumerate(before) if result is None]
    if missing:
        options = {**run.model.options}
        if (
            architecture(options["architecture"]).reads != "squares"
            or not architecture(options["architecture"]).is_network
        ):
            options.setdefault("windows", run.scene.windows)
        with (
            tempfile.TemporaryDirectory() as folder,
            # Networks that take their last epoch train on all samples that a fold does not test.
            opened(run.scene, run.protocol, _needs_validation(options)) as scene,
        ):
            for fold in missing:
                result = _fit_and_test(run, scene, options, fold, Path(folder))
                results.add(run, fold, result)
                before[fold] = result
    return [result for result in before if result is not None]


def _needs_validation(options: dict[str, Any]) -> bool:
    request = train_request(RasterSource("unused.tif"), "unused", **options).resolve()
    return request.model.architecture.is_network and request.fit.monitor != "last"


def _fit_and_test(
    run: Run, scene: LabelledScene, options: dict[str, Any], fold: int, folder: Path
) -> FoldResult:
    """Train on one fold, test it, and map a part of the scene."""
    progress, whole = SilentProgress(), scene.splits[fold]
    used = np.concatenate([whole.train, np.setdiff1d(whole.validation, whole.train), whole.test])
    position = np.zeros(len(scene.samples), dtype=np.int64)
    position[used] = np.arange(len(used))
    split = Split(*(position[part] for part in (whole.train, whole.validation, whole.test)))
    samples = scene.samples.subset(used)
    model = folder / f"model{architecture(options['architecture']).suffix}"
    request = train_request(scene.source, str(model), seed=run.protocol.seed, **options).resolve()
    # With the members that were asked for.
    entry = request.model.architecture
    start, processor = time.perf_counter(), time.process_time()
    trainer = entry.make_trainer(trainer_settings(request, scene.stack.grid))
    dataset = trainer.read(scene.stack, samples, scene.preparation, progress)
    fitted = trainer.fit(dataset, split, progress, lambda _: None)
    trained, worked = time.perf_counter() - start, time.process_time() - processor
    logits = fitted.logits(split.test, progress)
    truth = samples.codes[split.test]
    proportions = training_proportions(samples.codes[split.train], len(samples.classes), request.loss_balance)
    record: dict[str, Any] = {
        "scene": run.scene.name,
        "model": run.model.name,
        "options": run.model.options,
        **asdict(run.protocol),
        "fold": fold,
        "held_out": scene.held_out,
        "window": trainer.window,
        "train_samples": len(split.train),
        "test_samples": len(split.test),
        "accuracy": round(100 * float((logits.argmax(axis=1) == truth).mean()), 2),
        "training_seconds": round(trained, 1),
        # Equal to the time above on one undisturbed core, and the one to compare beside other work.
        "processor_seconds": round(worked, 1),
        "device": describe_machine(),
    }
    if fold == 0:
        design = Design("blocks", "", (), (split,), np.zeros(len(samples), np.int64), scene.clusters[used])
        grid = scene.stack.grid
        writer = CardWriter(entry, {}, run.protocol.seed, grid, scene.stack.nodata, dataset, design, trainer)
        _, card = fitted.in_memory(writer.unfinished(fitted, split))
        fitted.save(model, card, progress)
        record["mapping_seconds"] = round(_mapping_seconds(DATA / run.scene.raster, model, folder), 1)
        record["mapped_pixels"] = _MAPPED_SIZE**2
    print(json.dumps(record), file=sys.stderr, flush=True)
    return FoldResult(
        record,
        logits=logits,
        codes=truth,
        clusters=scene.clusters[whole.test],
        trained_on=proportions,
        natural=np.bincount(samples.codes[split.train], minlength=len(samples.classes)),
    )


def _mapping_seconds(raster: Path, model: Path, folder: Path) -> float:
    """Return the time of the classification of the middle of a raster, from file to file."""
    part = folder / "part.tif"
    with rasterio.open(raster) as dataset:
        width, height = min(_MAPPED_SIZE, dataset.width), min(_MAPPED_SIZE, dataset.height)
        window = Window((dataset.width - width) // 2, (dataset.height - height) // 2, width, height)
        profile = {
            "driver": "GTiff",
            "width": width,
            "height": height,
            "count": dataset.count,
            "dtype": dataset.dtypes[0],
            "nodata": dataset.nodata,
            "crs": dataset.crs,
            "transform": dataset.window_transform(window),
        }
        with rasterio.open(part, "w", **profile) as target:
            target.write(dataset.read(window=window))
            target.descriptions = dataset.descriptions
    start = time.perf_counter()
    classify(
        classify_request(RasterSource(str(part)), str(model), str(folder / "map.tif")),
        SilentProgress(),
    )
    return time.perf_counter() - start


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="./dev bench accuracy", description=__doc__)
    names = [scene.name for scene in SCENES]
    parser.add_argument("--full", action="store_true", help="all models, blocks and data sets, seeds 1 to 3")
    parser.add_argument("--seed", type=int, nargs="*", help="of folds, draws and initialisation; 1")
    parser.add_argument("--model", nargs="*", choices=[model.name for model in MODELS], help="these only")
    parser.add_argument("--folds", type=int, default=FOLDS, help="the first so many folds")
    parser.add_argument("--scene", nargs="*", choices=names, help="these scenes instead of Gewata")
    parser.add_argument("--gap", type=int, help="pixels between training and test; Gewata 32, others 21")
    parser.add_argument("--block", type=int, nargs="*", help="sides of Gewata's blocks in pixels; 100")
    parser.add_argument("--polygons", type=int, default=0, help="train on so few polygons; Gewata has none")
    parser.add_argument("--samples", type=int, default=0, help="train on so few of Gewata's 18,000 pixels")
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="parameters of the models")
    parser.add_argument("--label", default="", help="name of the model in the table, with --set")
    parser.add_argument("--results", type=Path, default=Path(".dev/accuracy"), help="folder of the results")
    options = parser.parse_args(arguments)
    if not DATA.is_dir():
        raise SystemExit(f"The data that this measures on are not here: {DATA}")
    results = Results(options.results)
    for scene, block, runs in _chosen(options):
        by_model: dict[str, list[list[FoldResult]]] = {}
        for run in runs:
            by_model.setdefault(run.model.name, []).append(measured(run, results))
        for name, seeds in by_model.items():
            accuracies = [record.record["accuracy"] for folds in seeds for record in folds]
            print_figure(
                f"accuracy.{scene.name}.{name}",
                round(float(np.mean(accuracies)), 2),
                "%",
                folds=accuracies,
                block=block,
                gap=runs[0].protocol.gap,
            )
        print(markdown(scene.name, by_model), flush=True)


def _chosen(options: argparse.Namespace) -> Iterator[tuple[Scene, int, list[Run]]]:
    """Yield each scene and size of blocks with its runs, one model after the other."""
    models = [
        replace(
            model,
            name=options.label if options.set and options.label else model.name,
            options={**model.options, **_parameters(options.set)},
        )
        for model in MODELS
        if (model.name in options.model if options.model else options.full or model.is_usual)
    ]
    seeds = options.seed or ([1, 2, 3] if options.full else [1])
    scenes = [scene for scene in SCENES if scene.name in options.scene] if options.scene else [GEWATA]
    if options.full and not options.scene:
        scenes = [GEWATA, *SMALL_SCENES]
    wide = (gewata.BLOCK, gewata.WIDE_BLOCK) if options.full else (gewata.BLOCK,)
    for scene in scenes:
        for block in (options.block or wide) if scene == GEWATA else (0,):
            yield (
                scene,
                block,
                [
                    Run(
                        scene,
                        model,
                        Protocol(
                            seed,
                            scene.gap if options.gap is None else options.gap,
                            block,
                            0 if scene == GEWATA else options.polygons,
                            options.samples if scene == GEWATA else 0,
                        ),
                        options.folds,
                    )
                    for model in models
                    for seed in seeds
                ],
            )


def _parameters(pairs: Sequence[str]) -> dict[str, Any]:
    """Return fields of a ``TrainRequest`` from ``NAME=VALUE`` pairs, whose values are JSON or plain text."""
    found: dict[str, Any] = {}
    for name, value in (pair.split("=", 1) for pair in pairs):
        try:
            found[name.lower()] = json.loads(value)
        except json.JSONDecodeError:
            found[name.lower()] = value
    return found


if __name__ == "__main__":
    main()
