"""The small scenes with polygons or points: trained by the product's own command, as a user would.

Five folds of whole polygons, or of blocks where a class has too few polygons; beside each model a
random forest on the same samples and folds.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deep_land_cover.core.models.architectures import architecture

from .figures import print_figure
from .product import run_algorithm


@dataclass(frozen=True)
class Scene:
    """A raster and its labels, as files below the folder of real data."""

    name: str
    raster: str
    labels: str
    class_field: str


SCENES = (
    Scene(
        "mexico",
        "mexico_landsat7/LE70220491999322EDC01_stack.gtif",
        "mexico_landsat7/training_data.shp",
        "class",
    ),
    Scene("leipzig", "leipzig_s2/leipzig_raster.tif", "leipzig_s2/leipzig_points.gpkg", "land_cover"),
    Scene("rstoolbox_landsat5", "rstoolbox/lsat.tif", "rstoolbox/training_lsat.gpkg", "class"),
    Scene("rstoolbox_sentinel2", "rstoolbox/sen2.tif", "rstoolbox/training_sen2.gpkg", "class"),
)


def measure_scene(scene: Scene, data: Path, name: str, options: dict[str, Any], seed: int) -> None:
    """Train with five folds and a baseline, and print the overall accuracy of both.

    Args:
        scene: What to train on.
        data: The folder of real data.
        name: Of the model, for the figure.
        options: ``architecture`` and ``windows`` of the request.
        seed: Draws the folds and starts the model.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.html"
        parameters = {
            "INPUT": data / scene.raster,
            "SAMPLES": data / scene.labels,
            "CLASS_FIELD": scene.class_field,
            **{key.upper(): value for key, value in options.items()},
            "FOLDS": 5,
            "BASELINE": 1,
            "SEED": seed,
            "REPORT": report,
            "OUTPUT": Path(folder) / ("model" + architecture(options["architecture"]).suffix),
        }
        run_algorithm("trainmodel", **parameters)
        told = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    forest, own = told["baseline"]["judgement"], told["judgement"]
    print_figure(
        f"accuracy.{scene.name}.{name}",
        round(100 * own["overall"]["value"], 2),
        "%",
        baseline=round(100 * forest["overall"]["value"], 2),
        interval=_percent(own["overall"]),
        macro_f1=round(own["macro_f1"]["value"], 4),
        baseline_is=told["baseline"]["title"],
        baseline_interval=_percent(forest["overall"]),
        baseline_macro_f1=round(forest["macro_f1"]["value"], 4),
        verdict=told["baseline"]["verdict"],
        test_samples=told["test_samples"],
        protocol=f"5 folds of {told['split']}, {told['test_clusters']} of them",
        seed=seed,
        options=options,
    )


def _percent(estimate: dict[str, float | None]) -> list[float | None]:
    ends = (estimate["low"], estimate["high"])
    return [None if end is None else round(100 * end, 2) for end in ends]
