"""Model document of a training."""

from __future__ import annotations

import platform
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

import numpy as np
import rasterio
import sklearn
import torch
import torchvision

from .. import plugin_version
from ..models.card import ORIENTED_AROUND_LABEL, ModelCard, Training
from ..raster.grid import Grid
from ..requests.train import TrainRequest
from ..samples.split_design import Design, Split
from .evaluation import Outcome
from .feeds.base import Dataset
from .trainer import Fitted, Trainer

# What changes the weights; where files lie does not.
_RECORDED = (
    "block_size",
    "buffer",
    "folds",
    "patch_size",
    "stem",
    "epochs",
    "batch_size",
    "learning_rate",
    "weight_decay",
    "clip_norm",
    "patience",
    "max_per_class",
    "schedule",
    "monitor",
    "loss",
    "label_smoothing",
    "balance",
    "dropout",
    "augment",
    "brightness",
    "band_dropout",
    "frozen_epochs",
    "weights",
    "precision",
    "resampling",
    "band_names",
)


@dataclass(frozen=True, eq=False)
class CardWriter:
    """Writes the documents of one training.

    Attributes:
        request: What was asked for.
        grid: The raster's grid.
        nodata: The raster's nodata value, for the reader.
        dataset: The samples and channels.
        design: How the samples were split.
        trainer: What the model was made with.
    """

    request: TrainRequest
    grid: Grid
    nodata: float | None
    dataset: Dataset
    design: Design
    trainer: Trainer[Any]

    def complete(self, outcome: Outcome) -> ModelCard:
        """Return the document of the trained and tested model."""
        card = self.unfinished(outcome.fitted, self.design.saved)
        tested = outcome.tested
        training = replace(
            card.training, test_samples=len(tested.chosen) if tested else 0, folds=outcome.folds
        )
        return replace(
            card,
            training=training,
            metrics=tested.metrics if tested else None,
            calibration=outcome.calibration,
            conformal=outcome.conformal,
        )

    def unfinished(self, fitted: Fitted, split: Split, note: str = "") -> ModelCard:
        """Return the document of a model that was not tested.

        Args:
            fitted: The model.
            split: What it was fitted with.
            note: What is to be said of it, whole sentences.
        """
        preparation = self.dataset.preparation
        return ModelCard(
            architecture=self.request.architecture,
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
            versions=_versions(),
            source_bands=preparation.source_bands,
            windows=self.trainer.windows,
        )

    def _training(self, fitted: Fitted, split: Split, note: str) -> Training:
        labels = self.request.samples or str(self.request.labels)
        parameters: dict[str, str | int | float | bool | None] = {
            "input": self.request.input.title,
            "extra_inputs": ", ".join(source.title for source in self.request.extra_inputs),
            "labels": PurePath(labels).name,
            "device": self.trainer.device,
            **{name: getattr(self.request, name) for name in _RECORDED},
        }
        if self.trainer.start:
            parameters["start"] = self.trainer.start
        return Training(
            split=self.design.method,
            split_note=f"{self.design.note} {note}".rstrip(),
            train_samples=len(split.train),
            validation_samples=len(split.validation),
            test_samples=len(split.test),
            seed=self.request.seed,
            best_epoch=fitted.best.number if fitted.best else None,
            history=fitted.history,
            parameters=parameters,
            orientation_centre=ORIENTED_AROUND_LABEL,
        )


def _versions() -> dict[str, str]:
    return {
        "deep_land_cover": plugin_version(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "torchvision": torchvision.__version__,
        "numpy": np.__version__,
        "rasterio": rasterio.__version__,
        "scikit-learn": sklearn.__version__,
    }
