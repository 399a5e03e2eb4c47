"""Awkward samples and values: each trains, or says in a sentence why it cannot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.errors import SampleError
from deep_land_cover.core.models.card import ModelCard, read_card
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.train import TrainResult
from deep_land_cover.core.tasks.train import run

from ...requests import train_request
from ..features import Feature, point, polygon, write_features

Make = Callable[..., Path]
Image = np.ndarray[Any, np.dtype[np.float32]]

SIZE, FIELD = 120, 20
COUNT = (SIZE // FIELD) ** 2
MODELS = {"extra_trees": ".skops", "resnet18": ".safetensors"}


def bands(truth: np.ndarray[Any, Any]) -> Image:
    """Return three bands that tell the classes by their brightness."""
    generator = np.random.default_rng(0)
    steps = np.stack([truth, truth % 3, truth // 3])
    return (1000 + 300 * steps + generator.normal(0, 40, steps.shape)).astype(np.float32)


def fields(classes: int) -> np.ndarray[Any, Any]:
    """Return the class of each pixel: square fields of one class each."""
    numbers = np.random.default_rng(1).permutation(np.arange(COUNT) % classes).reshape(SIZE // FIELD, -1)
    return np.kron(numbers, np.ones((FIELD, FIELD), dtype=np.int64))


def in_fields(truth: np.ndarray[Any, Any], labels: tuple[object, ...], rows: float = 6.0) -> list[Feature]:
    """Return a polygon in the middle of each field."""
    corners = [(FIELD * (n // 6) + 7, FIELD * (n % 6) + 7) for n in range(COUNT)]
    return [polygon(row, column, rows, 6, labels[int(truth[row, column])]) for row, column in corners]


@dataclass
class Case:
    """Features and bands that are awkward.

    Attributes:
        features: The labels.
        bands: The raster.
        classes: Names of the classes that come out.
        says: Sentences of the log, of which each is in some line.
        note: Sentences of the model's note on the split, alike.
        options: Of the request.
        least_accuracy: Of trees, where the classes can be told in spite of what is awkward.
    """

    features: list[Feature]
    bands: Image
    classes: list[str]
    says: tuple[str, ...] = ()
    note: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    least_accuracy: float = 0.0


THREE = fields(3)
NAMES = ["Class 1", "Class 2", "Class 3"]


def one_polygon() -> Case:
    features = [item for item in in_fields(THREE, (1, 2, 3)) if item["class"] != 3]
    return Case(
        [*features, polygon(50, 50, 6, 6, 3)],
        bands(THREE),
        NAMES,
        note=("Class 3 has fewer than three polygons or points.", "block of"),
    )


def one_polygon_in_folds() -> Case:
    case = one_polygon()
    case.options = {"split": "polygons", "folds": 3}
    case.note = ("No test samples could be held out of: Class 3; their accuracy is not known.",)
    return case


def thin_polygons() -> Case:
    features = in_fields(THREE, (1, 2, 3), rows=0.3)
    return Case(features, bands(THREE), NAMES, says=("36 polygons contain no pixel centre",))


def overlapping_polygons() -> Case:
    features = [*in_fields(THREE, (1, 2, 3)), polygon(0, 0, 30, 120, 1)]
    # The polygons of the first two rows of fields lie wholly, or in part, in the one across.
    contradicted = sum(item["class"] != 1 for item in features[:6]) * 36
    contradicted += sum(item["class"] != 1 for item in features[6:12]) * 18
    return Case(
        features,
        bands(THREE),
        NAMES,
        says=(f"{contradicted:,} pixels with labels of different classes are dropped: 1: {contradicted}, ",),
    )


def partly_outside() -> Case:
    outside = [polygon(-40, 10, 20, 20, 1), polygon(500, 500, 9, 9, 2), polygon(-3, 3, 6, 6, 3)]
    return Case(
        [*in_fields(THREE, (1, 2, 3)), *outside],
        bands(THREE),
        NAMES,
        says=("2 of 39 labelled features lie outside the raster: 1: 1, 2: 1.",),
    )


def ninety_seven_points() -> Case:
    places = np.random.default_rng(3).integers(0, SIZE, (97, 2))
    features = [point(row, column, int(THREE[row, column]) + 1) for row, column in places.tolist()]
    return Case(features, bands(THREE), NAMES, note=("may lie next to",), options={"buffer": 32})


def forty_classes() -> Case:
    truth = np.kron(np.arange(40).reshape(5, 8), np.ones((24, 15), dtype=np.int64))
    corners = [(24 * (n // 8) + row, 15 * (n % 8) + 3, n) for n in range(40) for row in (1, 9, 17)]
    features = [polygon(row, column, 6, 9, n + 1, name=f"Kelas {n + 1}") for row, column, n in corners]
    return Case(features, bands(truth), [f"Kelas {n + 1}" for n in range(40)])


def constant_band() -> Case:
    image = bands(THREE)
    image[2] = 7
    return Case(in_fields(THREE, (1, 2, 3)), image, NAMES, least_accuracy=0.95)


def outliers() -> Case:
    image = bands(THREE)
    wild = np.random.default_rng(5).random(image[1].shape) < 0.003
    image[1][wild] = 1e6 * np.median(image[1])
    return Case(in_fields(THREE, (1, 2, 3)), image, NAMES, least_accuracy=0.95)


def nan_in_a_tenth() -> Case:
    image = bands(THREE)
    image[np.random.default_rng(6).random(image.shape) < 0.1] = np.nan
    return Case(in_fields(THREE, (1, 2, 3)), image, NAMES, least_accuracy=0.95)


def nodata_in_a_tenth() -> Case:
    image = bands(THREE)
    image[:, np.random.default_rng(6).random(image.shape[1:]) < 0.1] = np.nan
    return Case(
        in_fields(THREE, (1, 2, 3)),
        image,
        NAMES,
        says=("samples on pixels without valid values in all bands are dropped",),
    )


def names_in_any_script() -> Case:
    labels = ("Kebun campuran", "水稻", "Hutan lahan kering sekunder")
    return Case(in_fields(THREE, labels), bands(THREE), sorted(labels))


CASES = (
    one_polygon,
    one_polygon_in_folds,
    thin_polygons,
    overlapping_polygons,
    partly_outside,
    ninety_seven_points,
    forty_classes,
    constant_band,
    outliers,
    nan_in_a_tenth,
    nodata_in_a_tenth,
    names_in_any_script,
)


@pytest.fixture
def train(make_raster: Make, tmp_path: Path) -> Callable[..., tuple[TrainResult, ModelCard, list[str]]]:
    """Train quickly; return the result, the model's card and the log."""

    def train(
        features: list[Feature], image: Image, architecture: str, **options: Any
    ) -> tuple[TrainResult, ModelCard, list[str]]:
        request = {
            "architecture": architecture,
            "patch_size": 8,
            "windows": "3",
            "epochs": 1,
            "batch_size": 16,
            "max_per_class": 25,
            "indices": (),
            "device": "cpu",
            "precision": "fp32",
            **options,
        }
        progress = SilentProgress()
        result = run(
            train_request(
                input=RasterSource(str(make_raster(image, names=("red", "nir", "swir1")))),
                output=str(tmp_path / f"model{MODELS[architecture]}"),
                samples=write_features(tmp_path / "samples.jsonl", features),
                **request,
            ),
            progress,
        )
        return result, read_card(Path(result.output)), [text for _, text in progress.lines]

    return train


Train = Callable[..., tuple[TrainResult, ModelCard, list[str]]]


@pytest.mark.slow(
    but=(
        "one_polygon-extra_trees",
        "one_polygon_in_folds-extra_trees",
        "thin_polygons-extra_trees",
        "overlapping_polygons-extra_trees",
        "partly_outside-extra_trees",
        "ninety_seven_points-extra_trees",
        "forty_classes-extra_trees",
        "constant_band-extra_trees",
        "outliers-extra_trees",
        "nan_in_a_tenth-extra_trees",
        "nan_in_a_tenth-resnet18",
    )
)
@pytest.mark.medium(but=("nan_in_a_tenth-extra_trees",))
@pytest.mark.parametrize(
    ("make", "architecture"),
    # Networks read the samples as trees do; what they make of values and of few samples is their own.
    [(make, "extra_trees") for make in CASES]
    + [(make, "resnet18") for make in (ninety_seven_points, constant_band, outliers, nan_in_a_tenth)],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_it_trains_and_says_what_was_awkward(
    train: Train, make: Callable[[], Case], architecture: str
) -> None:
    case = make()
    result, card, log = train(case.features, case.bands, architecture, **case.options)
    assert [item.name for item in card.classes] == case.classes
    assert result.train_samples >= 2 * len(case.classes)
    if architecture == "extra_trees":
        assert (result.overall_accuracy or 0.0) >= case.least_accuracy
    if result.overall_accuracy is not None:
        assert 0 <= result.overall_accuracy <= 1 and card.metrics is not None
        assert sum(map(sum, card.metrics.confusion)) == result.test_samples
    assert all(np.isfinite(card.scaling.mean)) and all(np.isfinite(card.scaling.std))
    assert min(card.scaling.std) > 0
    for sentence in case.says:
        assert any(sentence in line for line in log), log
    for sentence in case.note:
        assert sentence in card.training.split_note


def everything_overlaps() -> list[Feature]:
    return [polygon(10, 10, 40, 40, 1), polygon(10, 10, 40, 40, 2)]


def everything_outside() -> list[Feature]:
    return [polygon(-500, 10, 9, 9, 1), polygon(500, 500, 9, 9, 2)]


def a_class_of_one_pixel() -> list[Feature]:
    return [*in_fields(THREE, (1, 2, 3)), point(1, 1, 9)]


@pytest.mark.parametrize(
    ("features", "sentence"),
    [
        (
            everything_overlaps,
            r"Fewer than two classes .*1 \(1,600 pixels with labels of different classes\); 2 \(",
        ),
        (everything_outside, r"None of the 2 labelled features lies in the raster"),
        (a_class_of_one_pixel, r"Class 9 has fewer than two samples"),
        (lambda: [], r"no polygon or point with a class"),
    ],
)
def test_it_says_why_it_cannot_be_trained(
    train: Train, features: Callable[[], list[Feature]], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(SampleError, match=sentence) as caught:
        train(features(), bands(THREE), "extra_trees")
    assert caught.value.advice
    assert not list(tmp_path.glob("model*"))
