"""What a training's report is made of: plain values and arrays, so that no training is needed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..classes import LandCoverClass
from ..models.card import Epoch
from ..raster.tiles import Tile
from ..samples.samples import Integers

Probabilities = npt.NDArray[np.floating]
"""(samples, classes); a row sums to 1."""


@dataclass(frozen=True, eq=False)
class SampleDesign:
    """The samples, and which of them trained, validated and tested.

    Attributes:
        rows: Rows in the raster (N,).
        columns: Columns in the raster (N,).
        codes: Classes (N,).
        parts: Index into ``part_names`` (N,).
        part_names: ``training``, ``validation``, perhaps ``calibration``, ``test``; or the folds.
        clusters: Polygon, block or point that a sample belongs to (N,); None where not known.
        cluster_name: What clusters are, in the singular, such as ``polygon``.
        method: Name of the split.
        done: What the split did, a sentence.
        cautions: What it does not prove, whole sentences.
    """

    rows: Integers
    columns: Integers
    codes: Integers
    parts: Integers
    part_names: tuple[str, ...]
    clusters: Integers | None
    cluster_name: str
    method: str
    done: str
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class TestOutcome:
    """What the model said of the test samples.

    Attributes:
        reference: True classes (M,).
        probabilities: The model's (M, classes).
        clusters: Polygon, block or point of each sample (M,); None where not known.
        folds: Number of the fold that tested each sample (M,); None without folds.
        uncalibrated: The probabilities before calibration; None where nothing was calibrated.
        balanced: Classes by the decision rule ``balanced`` (M,); None where there is none.
        set_limits: Least probability of each class to be in a prediction set of the usual coverage, by
            samples other than these (M, classes); None where there are no sets.
        limit_words: Which classes have no limit of their own, a sentence; empty where all have one.
    """

    __test__ = False  # no test class, for all that pytest thinks

    reference: Integers
    probabilities: Probabilities
    clusters: Integers | None = None
    folds: Integers | None = None
    uncalibrated: Probabilities | None = None
    balanced: Integers | None = None
    set_limits: Probabilities | None = None
    limit_words: str = ""


@dataclass(frozen=True, eq=False)
class BaselineOutcome:
    """What another model, fitted to the same training samples, said of the same test samples."""

    title: str
    probabilities: Probabilities


@dataclass(frozen=True, eq=False)
class Background:
    """A picture of the ground: red, green and blue, shape (rows, columns, 3), uint8.

    ``window`` tells which pixels of the raster it shows; it may have fewer pixels than these.
    """

    image: npt.NDArray[np.uint8]
    window: Tile


@dataclass(frozen=True, eq=False)
class TrainingReport:
    """A training, for its report.

    Attributes:
        model: Name of the model file.
        architecture: What kind of model it is, for the reader.
        looks_at: What it looks at, such as ``a patch of 16 × 16 pixels around a pixel``.
        classes: In the order of the codes.
        design: The samples.
        test: None where no samples could be held out.
        baseline: None where none was asked for.
        history: Epochs; empty for models without.
        best_epoch: Number of the epoch that was kept.
        fold_histories: Epochs of each fold's model; empty without folds.
        calibration: How the probabilities were calibrated, whole sentences; empty where not.
        background: None where the raster could not be drawn.
        notes: Warnings of the run, whole sentences.
        parameters: What the user or the defaults chose.
        versions: Package to version.
        seed: Of the run.
        device: What computed.
        created: ISO time stamp.
    """

    model: str
    architecture: str
    looks_at: str
    classes: tuple[LandCoverClass, ...]
    design: SampleDesign
    test: TestOutcome | None
    baseline: BaselineOutcome | None = None
    history: tuple[Epoch, ...] = ()
    best_epoch: int | None = None
    fold_histories: tuple[tuple[Epoch, ...], ...] = ()
    calibration: str = ""
    background: Background | None = None
    notes: tuple[str, ...] = ()
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    seed: int = 0
    device: str = ""
    created: str = ""
