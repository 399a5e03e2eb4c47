"""Train a model from labelled pixels: the request, the result and the job."""

from __future__ import annotations

from dataclasses import dataclass

from ..progress import Progress
from ..raster.source import RasterSource


@dataclass(frozen=True)
class TrainRequest:
    """What to learn from, how, and where to write the model.

    Exactly one of ``samples`` and ``labels`` is given.

    Attributes:
        input: The raster to learn from.
        samples: JSON-lines file of labelled polygons or points in the raster's CRS.
        labels: Raster of class values; nodata is unlabelled; any grid.
        output: ``.safetensors`` file to write.
        scheme: Id of a shipped class scheme for names and colours, or empty.
        band_roles: The user's ``role=band`` pairs, separated by commas, over the guessed roles.
        indices: Names of spectral indices to add.
        split: ``auto`` (polygons, else blocks), ``polygons``, ``blocks`` or ``random``.
        block_size: Side of a spatial block in pixels; 0 chooses.
        max_per_class: Most training samples of a class; 0 is no limit.
        augment: Flips and quarter turns.
        patience: Epochs without improvement before training stops.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
    """

    input: RasterSource
    output: str
    samples: str | None = None
    labels: RasterSource | None = None
    scheme: str = ""
    architecture: str = "resnet50"
    indices: tuple[str, ...] = ()
    band_roles: str = ""
    patch_size: int = 32
    split: str = "auto"
    block_size: int = 0
    epochs: int = 30
    batch_size: int = 64
    learning_rate: float = 1e-4
    weight_decay: float = 1e-4
    clip_norm: float = 1.0
    patience: int = 6
    max_per_class: int = 2000
    augment: bool = True
    seed: int = 0
    device: str = "auto"


@dataclass(frozen=True)
class TrainResult:
    """The model and its held-out figures; the figures are None where nothing could be held out."""

    output: str
    overall_accuracy: float | None
    macro_f1: float | None
    classes: int
    train_samples: int
    test_samples: int
    split: str


def run(request: TrainRequest, progress: Progress) -> TrainResult:
    """Write the trained model."""
    raise NotImplementedError
