"""Documents of the models of a training, see ``core.models.card``."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import numpy as np
import rasterio
import torch

from .. import plugin_version
from ..models.architecture import Architecture
from ..models.card import (
    ORIENTED_AROUND_LABEL,
    AccuracyInterval,
    Bounds,
    ModelCard,
    Training,
    TrainingArea,
    TrainingPixels,
)
from ..raster.grid import Grid
from ..samples.samples import Samples
from ..samples.split_design import Design, Split
from .evaluation import Outcome
from .feeds.base import Dataset
from .trainer import Fitted, Trainer


@dataclass(frozen=True, eq=False)
class CardWriter:
    """Writer of the documents of one training's models.

    Attributes:
        architecture: Registry entry of the architecture.
        parameters: Recorded training parameters by name.
        seed: Seed of the training.
        grid: Grid of the training raster.
        nodata: Nodata value of the training raster; None for none.
        dataset: Samples and channels.
        design: Sample design.
        trainer: Trainer of the models.
        nodata_values: Values that are nodata in addition to those of the files.
        training_pixels: Pixels of the training labels.
        area: Place and image of the training.
    """

    architecture: Architecture
    parameters: Mapping[str, str | int | float | bool | None]
    seed: int
    grid: Grid
    nodata: float | None
    dataset: Dataset
    design: Design
    trainer: Trainer[Any]
    nodata_values: tuple[float, ...] = ()
    training_pixels: TrainingPixels | None = None
    area: TrainingArea | None = None

    def complete(self, outcome: Outcome, interval: AccuracyInterval | None = None) -> ModelCard:
        """Return the document of the trained and tested model.

        Args:
            outcome: Calibrated and tested model.
            interval: Interval of the overall accuracy; None without one.
        """
        card = self.unfinished(outcome.fitted, self.design.saved)
        tested = outcome.tested
        training = replace(
            card.training, test_samples=len(tested.indices) if tested else 0, folds=outcome.folds
        )
        if outcome.before is not None:
            # The saved model has no validation samples; these chose its number of epochs.
            training = replace(
                training,
                validation_samples=len(self.design.splits[0].validation),
                history=outcome.before.history,
            )
        return replace(
            card,
            training=training,
            metrics=replace(tested.metrics, interval=interval) if tested else None,
            calibration=outcome.calibration,
            conformal=outcome.conformal,
        )

    def unfinished(self, fitted: Fitted, split: Split, note: str = "") -> ModelCard:
        """Return the document of a model without a test.

        Args:
            fitted: Fitted model.
            split: Split that the model was fitted to.
            note: Limitations of the model, whole sentences; empty for none.
        """
        preparation = self.dataset.preparation
        return ModelCard(
            architecture=self.architecture.name,
            bands=preparation.bands,
            band_roles=dict(preparation.roles),
            indices=preparation.indices,
            reflectance_scale=preparation.reflectance_scale,
            scaling=fitted.scaling,
            patch_size=self.trainer.patch_size,
            padding="reflect",
            pixel_size=self.grid.pixel_size,
            crs=self.grid.crs,
            nodata=self.nodata,
            classes=self.dataset.classes,
            training=self._training(fitted, split, note),
            metrics=None,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            versions=package_versions(),
            source_bands=preparation.source_bands,
            windows=self.trainer.windows,
            training_pixels=self.training_pixels,
            area=self.area,
            lost_classes=self.dataset.samples.lost,
            nodata_values=self.nodata_values,
        )

    def _training(self, fitted: Fitted, split: Split, note: str) -> Training:
        parameters = dict(self.parameters)
        if self.trainer.start:
            parameters["start"] = self.trainer.start
        return Training(
            split=self.design.method,
            split_note=f"{self.design.note} {note}".rstrip(),
            train_samples=len(split.train),
            validation_samples=len(split.validation),
            test_samples=len(split.test),
            seed=self.seed,
            best_epoch=fitted.best.number if fitted.best else None,
            history=fitted.history,
            parameters=parameters,
            orientation_centre=ORIENTED_AROUND_LABEL,
        )


def training_area(grid: Grid, samples: Samples, items: Mapping[str, str]) -> TrainingArea:
    """Return the place and image of a training.

    Args:
        grid: Grid of the training raster.
        samples: Labelled pixels.
        items: Metadata items of the training raster, such as those of 'Open a satellite product'.
    """

    def bounds(rows: tuple[float, float], columns: tuple[float, float]) -> Bounds:
        corners = [grid.position(row, column) for row in rows for column in columns]
        x, y = ([float(corner[axis]) for corner in corners] for axis in (0, 1))
        return min(x), min(y), max(x), max(y)

    rows, columns = (
        (float(places.min()), float(places.max()) + 1.0) for places in (samples.rows, samples.columns)
    )
    return TrainingArea(
        bounds((0.0, float(grid.height)), (0.0, float(grid.width))),
        bounds(rows, columns),
        items.get("SENSOR", ""),
        items.get("ACQUISITION_DATE", ""),
    )


def package_versions() -> dict[str, str]:
    """Return the version of the plugin, of Python and of the packages by name."""
    # Without the import of packages that this training may not need.
    return {
        "deep_land_cover": plugin_version(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "torchvision": version("torchvision"),
        "numpy": np.__version__,
        "rasterio": rasterio.__version__,
        "scikit-learn": version("scikit-learn"),
    }
