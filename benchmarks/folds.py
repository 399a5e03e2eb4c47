"""Held-out accuracy with one split and with the default folds, and the samples of the saved model."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .figures import print_figure
from .product import run_algorithm
from .scenes import DATA, SMALL_SCENES, Scene

GEWATA = Scene(
    "gewata_polygons", "gewata_landsat7/gewata_B123457.tif", "gewata_landsat7/gewata_training.gpkg", "class"
)
# One split, which version 0.1.0 had by default and saved the model of, and the default.
_FOLDS = ("0", "auto")


def measure(scene: Scene, folds: str, seed: int) -> None:
    """Train *Trees with neighbourhoods* and print its held-out accuracy and the samples of the saved model.

    Args:
        scene: What to train on.
        folds: FOLDS.
        seed: Draws the split and starts the model.
    """
    with tempfile.TemporaryDirectory() as folder:
        trained = run_algorithm(
            "trainmodel",
            ARCHITECTURE="tree_ensemble",
            INPUT=DATA / scene.raster,
            SAMPLES=DATA / scene.labels,
            CLASS_FIELD=scene.class_field,
            FOLDS=folds,
            SEED=seed,
            OUTPUT=Path(folder) / "model.skops",
        )
    print_figure(
        f"folds.{scene.name}.{folds}",
        round(100 * trained["OVERALL_ACCURACY"], 1),
        "%",
        saved_model_samples=trained["TRAIN_SAMPLES"],
        test_samples=trained["TEST_SAMPLES"],
        split=trained["SPLIT"],
        seed=seed,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="./dev bench folds", description=__doc__)
    scenes = {scene.name: scene for scene in (*SMALL_SCENES, GEWATA)}
    parser.add_argument(
        "--scene", nargs="*", choices=list(scenes), default=["rstoolbox_sentinel2", GEWATA.name]
    )
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    for name in options.scene:
        for folds in _FOLDS:
            measure(scenes[name], folds, options.seed)


if __name__ == "__main__":
    main()
