"""Accuracy of maps of the demo scene by distance from the nearest border between classes."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
from scipy.ndimage import distance_transform_cdt, maximum_filter

from deep_land_cover.core.models.architectures import architecture

from .figures import print_figure
from .product import run_algorithm

# Upper ends of the classes of distance, in pixels; what lies farther away is the last class.
_DISTANCES = (1, 2, 4, 8)
# Value of pixels without a class, as in the hole of the scene.
_UNMAPPED = 255
# Forest and shrub, between which a mixed pixel looks like a plantation.
_PAIR = (1, 5)
_REACH = 2

Classes = npt.NDArray[np.int64]


def border_distance(truth: Classes) -> Classes:
    """Return how many pixels away the nearest pixel of another class is, 1 beside a border.

    Args:
        truth: Class of each pixel, shape (rows, columns).

    Returns:
        Distance in rows or columns, whichever is larger, shape (rows, columns).
    """
    distance = np.full(truth.shape, np.iinfo(np.int64).max)
    for value in np.unique(truth):
        inside = truth == value
        distance[inside] = distance_transform_cdt(inside, metric="chessboard")[inside]
    return distance


def beside_vertical_borders(truth: Classes) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return the pixels directly left of a border between two columns, and those directly right of one."""
    differs = truth[:, 1:] != truth[:, :-1]
    left, right = np.zeros((2, *truth.shape), dtype=np.bool_)
    left[:, :-1], right[:, 1:] = differs, differs
    return left & ~right, right & ~left


def agreement(mapped: Classes, truth: Classes) -> dict[str, float]:
    """Return percentages of mapped pixels whose class is right: all, by distance, and on sides of borders.

    Args:
        mapped: Class of each pixel of the map, ``_UNMAPPED`` where it has none, shape (rows, columns).
        truth: True class of each pixel, shape (rows, columns).
    """
    right, counts = mapped == truth, mapped != _UNMAPPED

    def percentage(where: npt.NDArray[np.bool_]) -> float:
        return round(100 * float(right[where & counts].mean()), 2)

    found = {"all": percentage(counts)}
    distance, start = border_distance(truth), 1
    for end in _DISTANCES:
        name = f"{end}" if start == end else f"{start} to {end}"
        found[f"{name} px from a border"] = percentage((distance >= start) & (distance <= end))
        start = end + 1
    found[f"over {_DISTANCES[-1]} px"] = percentage(distance >= start)
    sides = [*beside_vertical_borders(truth), *(side.T for side in beside_vertical_borders(truth.T))]
    for name, side in zip(("left of", "right of", "above", "below"), sides, strict=True):
        found[name] = percentage(side)
    return found


def third_class(mapped: Classes, truth: Classes, pair: tuple[int, int]) -> float:
    """Return the percentage of mapped pixels near a border of two classes that are neither in the map.

    A pixel counts where the square of ``_REACH`` pixels to all sides has both classes, and no other.

    Args:
        mapped: Class of each pixel of the map, ``_UNMAPPED`` where it has none, shape (rows, columns).
        truth: True class of each pixel, shape (rows, columns).
        pair: The two classes.
    """
    first, second, others = (
        maximum_filter(where, 2 * _REACH + 1)
        for where in (truth == pair[0], truth == pair[1], ~np.isin(truth, pair))
    )
    where = first & second & ~others & (mapped != _UNMAPPED)
    return round(100 * float(np.mean(~np.isin(mapped[where], pair))), 2)


def measure(demo: Path, options: dict[str, str]) -> None:
    """Train on the demo's polygons, map its scene, and print how much of the map is right."""
    name = options.get("ARCHITECTURE", "default")
    suffix = architecture(name).suffix if "ARCHITECTURE" in options else ".skops"
    model, mapped = demo / f"model{suffix}", demo / "map.tif"
    start = time.perf_counter()
    trained = run_algorithm(
        "trainmodel",
        INPUT=demo / "demo_scene.tif",
        SAMPLES=demo / "demo_training.geojson",
        CLASS_FIELD="class",
        OUTPUT=model,
        **options,
    )
    seconds = time.perf_counter() - start
    run_algorithm("classifyraster", INPUT=demo / "demo_scene.tif", MODEL=model, OUTPUT=mapped)
    with rasterio.open(mapped) as ours, rasterio.open(demo / "demo_reference.tif") as theirs:
        values, truth = ours.read(1).astype(np.int64), theirs.read(1).astype(np.int64)
    found = agreement(values, truth)
    found["third class between forest and shrub"] = third_class(values, truth, _PAIR)
    mapped.unlink()
    print_figure(
        f"edges.demo.{name}",
        found.pop("all"),
        "%",
        **found,
        held_out=round(100 * trained["OVERALL_ACCURACY"], 2),
        training_seconds=round(seconds),
        options=options,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="./dev bench edges", description=__doc__)
    parser.add_argument("--seed", type=int, nargs="*", default=[1], help="of scene and training; 1")
    parser.add_argument("options", nargs="*", metavar="NAME=VALUE", help="parameters of trainmodel")
    chosen = parser.parse_args(arguments)
    options = dict(option.split("=", 1) for option in chosen.options)
    for seed in chosen.seed:
        with tempfile.TemporaryDirectory() as folder:
            run_algorithm("createdemo", OUTPUT_FOLDER=folder, SEED=seed)
            measure(Path(folder), {**options, "SEED": str(seed)})


if __name__ == "__main__":
    main()
