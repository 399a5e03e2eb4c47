"""Write the files of the first edition that tests read with today's code.

Run once, at the last commit of the first edition (94b2d0d), from the root of the repository:

    PYTHONPATH=.dev/plugins .dev/env/bin/python -m deep_land_cover.tests.first_edition.make

The expected labels and numbers in these files were made by that edition's code. Run again by a later one,
they would show nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import sklearn
import sklearn.ensemble
from rasterio.warp import transform_geom

from deep_land_cover.core.errors import RunCancelled
from deep_land_cover.core.inference.tile_store import journal_path, part_path
from deep_land_cover.core.models.architectures import ARCHITECTURES, architecture
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.reporting.report_summary import read_summary
from deep_land_cover.core.tasks import (
    assess,
    classify,
    createdemo,
    train,
)
from deep_land_cover.core.tasks import classify as job
from deep_land_cover.core.values import to_plain

from .files import FOLDER, RASTER, map_rows, model_file, small_trees
from .filled import described, filled

SEED = 1
TILE = 16
# First row and column of the small raster in the demo scene: water, forest, settlement and farmland.
CORNER, SHAPE = (130, 150), (24, 40)
SPREAD = 2.0
QUICK: dict[str, Any] = {
    "epochs": 1,
    "batch_size": 16,
    "learning_rate": 1e-3,
    "max_per_class": 20,
    "indices": ("NDVI",),
    "scheme": "jambi",
    "windows": "3,7",
    "device": "cpu",
}


class Spoken(SilentProgress):
    """Says what is done."""

    def log(self, text: str, level: str = "info") -> None:
        super().log(text, level)
        print(time.strftime("%H:%M:%S"), text[:150], flush=True)


class Stop(SilentProgress):
    """Cancels a run once it says something like this, or so much is done."""

    def __init__(self, when: Callable[[float, str], bool]) -> None:
        super().__init__()
        self._when = when
        self._stopped = False

    def update(self, fraction: float, text: str = "") -> None:
        self._stopped |= self._when(fraction, text)

    def check_cancelled(self) -> None:
        if self._stopped:
            raise RunCancelled


def main() -> None:
    """Write all files into ``kept``, and say how large they are."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with tempfile.TemporaryDirectory() as name:
        # Names of files stand in some of the outputs: they must not be those of this machine.
        os.chdir(name)
        small_forests()
        demo = createdemo.run(createdemo.CreateDemoRequest(".", SEED), SilentProgress())
        samples = write_samples(demo)
        write_raster(demo)
        shutil.copy(RASTER, "raster.tif")
        for item in ARCHITECTURES:
            keep_model(item.name, demo.raster, samples)
        keep_map()
        keep_unfinished()
        keep_state(demo.raster, samples)
        keep_reports()
        keep_demo(demo)
    total = 0
    for path in sorted(FOLDER.iterdir()):
        total += path.stat().st_size
        print(f"{path.stat().st_size:9,} {path.name}")
    print(f"{total:9,} in all")


def small_forests() -> None:
    """Let scikit-learn grow five trees, or five rounds of them, whatever is asked for."""
    for name, size in (
        ("RandomForestClassifier", "n_estimators"),
        ("ExtraTreesClassifier", "n_estimators"),
        ("HistGradientBoostingClassifier", "max_iter"),
    ):
        whole = getattr(sklearn.ensemble, name)

        def small(whole: Any = whole, size: str = size, **settings: Any) -> Any:
            # Samples are too few for the leaves that are usual.
            return whole(**{**settings, size: 5, "min_samples_leaf": 2})

        setattr(sklearn.ensemble, name, small)


def write_samples(demo: createdemo.CreateDemoResult) -> str:
    """Write the training polygons as the algorithms hand them over."""
    with rasterio.open(demo.raster) as dataset:
        crs = dataset.crs
    features = json.loads(Path(demo.training).read_text(encoding="utf-8"))["features"]
    lines = [
        {
            "geometry": transform_geom("EPSG:4326", crs, feature["geometry"]),
            "class": feature["properties"]["class"],
            "name": feature["properties"]["name"],
            "group": number,
        }
        for number, feature in enumerate(features)
    ]
    Path("samples.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return "samples.jsonl"


def write_raster(demo: createdemo.CreateDemoResult) -> None:
    """Write a piece of the scene, with a hole."""
    window = rasterio.windows.Window(CORNER[1], CORNER[0], SHAPE[1], SHAPE[0])
    with rasterio.open(demo.raster) as scene:
        values = scene.read(window=window)
        values[:, 5:8, 20:25] = scene.nodata
        profile = {
            "driver": "GTiff",
            "count": scene.count,
            "height": SHAPE[0],
            "width": SHAPE[1],
            "dtype": values.dtype,
            "crs": scene.crs,
            "transform": scene.window_transform(window),
            "nodata": scene.nodata,
            "compress": "deflate",
            "predictor": 2,
        }
        with rasterio.open(RASTER, "w", **profile) as dataset:
            dataset.descriptions = scene.descriptions
            dataset.write(values)


def keep_model(name: str, raster: str, samples: str) -> None:
    """Train a model quickly; keep its document, the tensors' shapes or its trees, and its labels."""
    chosen = architecture(name)
    size = 64 if chosen.kind == "pixel" else 16 if chosen.network else 8
    output = Path(f"{name}{chosen.suffix}")
    options = {**QUICK, "patch_size": size}
    if chosen.kind == "pixel":
        options["batch_size"] = 4
    report = f"{name}.html" if name == "random_forest" else None
    request = train.TrainRequest(
        RasterSource(raster), str(output), samples, architecture=name, report=report, **options
    )
    train.run(request, Spoken())
    content = output.read_bytes()
    kept_content: dict[str, Any] = {}
    network = content
    if chosen.family == "trees":
        trees, network = small_trees(content, name == "hybrid")
        (FOLDER / output.name).write_bytes(trees)
    if network:
        tensors, metadata = described(network)
        if metadata:
            kept_content["document"] = json.loads(metadata["deep_land_cover"])
        kept_content |= {"tensors": tensors, "seed": SEED, "changes": {}}
    if chosen.family == "trees":
        kept_content["scikit-learn"] = sklearn.__version__
    write_json(name, kept_content)
    if network:
        head = chosen.head or architecture(chosen.network).head
        spread(name, kept_content, head[-1])
    labels, shares = labels_of(name)
    kept_content["labels"] = labels
    kept_content["probabilities"] = [round(float(share), 4) for share in np.nanmean(shares, axis=(1, 2))]
    write_json(name, kept_content)
    print(
        name, "".join(sorted(set("".join(labels)))), "".join(labels).count("?"), kept_content["probabilities"]
    )


def spread(name: str, content: dict[str, Any], layer: str) -> None:
    """Choose factor and bias of the last layer so that random weights give each class somewhere."""
    weight, bias = f"{layer}weight", f"{layer}bias"
    start = filled(content["tensors"], content["seed"])[bias]
    factor, offset = 1e-3, np.zeros(len(start))
    for _ in range(4):
        content["changes"] = {weight: factor, bias: offset.tolist()}
        write_json(name, content)
        if name == "hybrid":
            # Its trees see these numbers as they see others.
            return
        _, shares = labels_of(name)
        # Logits, but for a number that all classes of a pixel share.
        logits = np.log(np.maximum(shares[:, np.isfinite(shares[0])].astype(np.float64), 1e-30))
        logits -= logits.mean(axis=0)
        document = content["document"]
        found = document["calibration"]
        temperature, offsets = (
            (found["temperature"], found["offsets"]) if found else (1.0, [0.0] * len(start))
        )
        logits = (logits - np.array(offsets)[:, None]) * temperature
        logits -= logits.mean(axis=0)
        scale = SPREAD / np.mean(logits.std(axis=1))
        offset = (offset - logits.mean(axis=1)) * scale
        factor *= scale


def labels_of(name: str) -> tuple[list[str], np.ndarray[Any, Any]]:
    """Classify the small raster; return the map as text, and the probabilities."""
    model = model_file(name, Path())
    request = classify.ClassifyRequest(
        RasterSource("raster.tif"),
        str(model),
        "map.tif",
        probabilities="shares.tif",
        share_type="float32",
        backend="torch",
        precision="fp32",
        device="cpu",
    )
    classify.run(request, SilentProgress())
    with rasterio.open("map.tif") as dataset, rasterio.open("shares.tif") as probabilities:
        classes = [item["value"] for item in json.loads(dataset.tags()["CLASSES"])]
        shares = probabilities.read()
        return map_rows(dataset.read(1), classes, shares), shares


def forest_request(output: str) -> classify.ClassifyRequest:
    """Return how the forest of five trees classifies the small raster."""
    shutil.copy(FOLDER / "random_forest.skops", "random_forest.skops")
    return classify.ClassifyRequest(
        RasterSource("raster.tif"),
        "random_forest.skops",
        output,
        probabilities="shares.tif",
        share_type="float32",
        device="cpu",
    )


def keep_map() -> None:
    """Keep a map and its sidecar."""
    classify.run(forest_request("map.tif"), SilentProgress())
    for name in ("map.tif", "map.tif.aux.xml"):
        shutil.copy(name, FOLDER)


def keep_unfinished() -> None:
    """Keep what a stopped run leaves: small tiles, of which some are finished."""
    usual = job.tile_size
    job.tile_size = lambda *_: TILE
    try:
        classify.run(forest_request("unfinished.tif"), Stop(lambda done, _: done > 0.4))
    except RunCancelled:
        pass
    finally:
        job.tile_size = usual
    for path in (part_path(Path("unfinished.tif")), journal_path(Path("unfinished.tif"))):
        shutil.copy(path, FOLDER)


def keep_state(raster: str, samples: str) -> None:
    """Keep the document and the tensors' shapes of a training that was stopped after its first epoch."""
    request = train.TrainRequest(
        RasterSource(raster),
        "state.safetensors",
        samples,
        architecture="multiscale",
        **{**QUICK, "epochs": 3},
    )
    try:
        train.run(request, Stop(lambda _, text: text.startswith("Epoch 2 ")))
    except RunCancelled:
        pass
    tensors, metadata = described(Path("state.safetensors.resume").read_bytes())
    write_json("training_state", {"metadata": metadata, "tensors": tensors, "seed": SEED, "changes": {}})


def keep_reports() -> None:
    """Keep the JSON of both reports, and the few figures that stand beside a map in print."""
    assess.run(
        assess.AssessRequest(
            RasterSource("map.tif"), raster=RasterSource("demo_reference.tif"), report="accuracy.html"
        ),
        SilentProgress(),
    )
    expected = {}
    for name in ("accuracy", "random_forest"):
        stored = FOLDER / f"report_{name}.json"
        shutil.copy(f"{name}.json", stored)
        expected[name] = to_plain(read_summary(stored))
    write_json("summaries", expected)


def keep_demo(demo: createdemo.CreateDemoResult) -> None:
    """Keep what tells the demo's scene from another, and what the small forest makes of it."""
    with rasterio.open(demo.raster) as scene, rasterio.open(demo.reference) as reference:
        bands, truth = scene.read(), reference.read(1)
        classes = [item["value"] for item in json.loads(reference.tags()["CLASSES"])]
    request = classify.ClassifyRequest(
        RasterSource(demo.raster), str(FOLDER / "random_forest.skops"), "demo_map.tif", device="cpu"
    )
    classify.run(request, SilentProgress())
    with rasterio.open("demo_map.tif") as dataset:
        found = dataset.read(1)
        mapped = [item["value"] for item in json.loads(dataset.tags()["CLASSES"])]
    is_mapped = found != dataset.nodata
    content = {
        "seed": SEED,
        "sha256": hashlib.sha256(bands.tobytes() + truth.tobytes()).hexdigest(),
        "band_sums": bands.sum(axis=(1, 2), dtype=np.int64).tolist(),
        "class_pixels": {str(value): int((truth == value).sum()) for value in classes},
        "polygons": len(json.loads(Path(demo.training).read_text(encoding="utf-8"))["features"]),
        "mapped_pixels": {str(value): int((found == value).sum()) for value in mapped},
        "agreement": round(float((found == truth)[is_mapped].mean()), 6),
    }
    write_json("demo", content)


def write_json(name: str, content: dict[str, Any]) -> None:
    """Write a file of the folder, a line an item, so that changes can be read."""
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
