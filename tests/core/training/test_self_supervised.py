"""Self-supervised initial weights: what they are computed from, and that they tell land apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch
from torch import Tensor

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import RunCancelled, SampleError
from deep_land_cover.core.models.architecture import CentreBranch, FitSettings, TrainerSettings
from deep_land_cover.core.models.architectures import architecture
from deep_land_cover.core.models.network import with_last_layer
from deep_land_cover.core.models.pretrained import Inputs, Start, load_start
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split_design import Split
from deep_land_cover.core.training.channels import Preparation
from deep_land_cover.core.training.feeds.centred import CentredView
from deep_land_cover.core.training.self_supervised import contrastive_loss, self_supervised_start

SIDE = 96
SIZE = 9
ENTRY = architecture("resnet18")
FORM = CentreBranch((3, 5), 4, (1,))
Train = Callable[..., Start]


@pytest.fixture
def raster(tmp_path: Path) -> Path:
    """Stripes that alternate pixel by pixel in the upper half, wide ones in the lower half, and noise.

    Both halves have the same mean, variance and histogram, so that no single pixel tells them apart.
    """
    generator = np.random.default_rng(0)
    columns = np.arange(SIDE)
    fine, wide = columns % 2, columns // 4 % 2
    pattern = np.where(np.arange(SIDE)[:, None] < SIDE // 2, fine, wide) * 2.0 - 1.0
    values = pattern + generator.normal(0.0, 0.3, (2, SIDE, SIDE))
    path = tmp_path / "stripes.tif"
    profile = {"driver": "GTiff", "width": SIDE, "height": SIDE, "count": 2, "dtype": "float32"}
    with rasterio.open(path, "w", **profile, transform=rasterio.Affine(10, 0, 0, 0, -10, 0)) as target:
        target.write(values.astype(np.float32))
    return path


@pytest.fixture
def train(raster: Path, tmp_path: Path) -> Train:
    def start(
        seed: int = 0,
        progress: SilentProgress | None = None,
        state: str = "a",
        epochs: int = 2,
        most: int = 256,
    ) -> Start:
        settings = TrainerSettings(
            FitSettings(epochs=epochs, seed=seed), SIZE, (), tmp_path / state, FORM, device="cpu"
        )
        view = CentredView.of(ENTRY, settings, torch.float32)
        with open_stack(RasterSource(str(raster))) as stack:
            preparation = Preparation(stack.band_names, (), {}, 1.0)
            found, _ = self_supervised_start(
                ENTRY,
                view,
                settings,
                torch.device("cpu"),
                stack,
                preparation,
                progress or SilentProgress(),
                most,
            )
        return found

    return start


def test_the_loss_is_that_of_finding_the_other_view() -> None:
    views = torch.from_numpy(np.random.default_rng(1).normal(size=(8, 5)))
    unit = views.numpy() / np.linalg.norm(views.numpy(), axis=1, keepdims=True)
    losses = []
    for own in range(8):
        similar = {other: np.exp(unit[own] @ unit[other] / 0.5) for other in range(8) if other != own}
        losses.append(-np.log(similar[(own + 4) % 8] / sum(similar.values())))
    assert float(contrastive_loss(views, 0.5)) == pytest.approx(np.mean(losses))


@pytest.mark.medium
def test_a_trainer_reads_no_label_for_them(tmp_path: Path) -> None:
    """Other labels at the same pixels give the same weights and the same scaling."""
    path = tmp_path / "noise.tif"
    profile = {"driver": "GTiff", "width": 24, "height": 24, "count": 1, "dtype": "float32"}
    with rasterio.open(path, "w", **profile, transform=rasterio.Affine(10, 0, 0, 0, -10, 0)) as target:
        target.write(np.random.default_rng(0).normal(5.0, 2.0, (1, 24, 24)).astype(np.float32))
    classes = (LandCoverClass(1, "A", "#000000"), LandCoverClass(2, "B", "#FFFFFF"))
    places = np.arange(6, 18)
    found = []
    for codes in (places % 2, (places // 3) % 2):
        samples = Samples(places, places, codes, places, classes, (1.0, 1.0))
        settings = TrainerSettings(
            FitSettings(epochs=1), SIZE, (), tmp_path / "state", FORM, weights="self_supervised", device="cpu"
        )
        trainer = ENTRY.make_trainer(settings)
        progress = SilentProgress()
        with open_stack(RasterSource(str(path))) as stack:
            preparation = Preparation(stack.band_names, (), {}, 1.0)
            dataset = trainer.read(stack, samples, preparation, progress)
            split = Split(np.arange(len(samples)), np.arange(0), np.arange(0))
            fitted = trainer.fit(dataset, split, progress, lambda _: None)
        assert "unlabelled pixels of the raster" in trainer.start
        found.append((fitted.scaling, [text for _, text in progress.lines if "by chance" in text]))
    assert found[0] == found[1] and len(found[0][1]) == 1


class Cancelled(SilentProgress):
    """Cancels when the first epoch is over and its state is written."""

    def __init__(self, state: Path) -> None:
        super().__init__()
        self._state = state

    def check_cancelled(self) -> None:
        if self._state.exists():
            raise RunCancelled()


@pytest.mark.medium
@pytest.mark.slow
def test_weights_depend_on_the_seed_and_a_stopped_training_resumes(train: Train, tmp_path: Path) -> None:
    whole = train()
    with pytest.raises(RunCancelled):
        train(progress=Cancelled(tmp_path / "b-00"), state="b")
    progress = SilentProgress()
    resumed = train(progress=progress, state="b")
    assert any("resumes after epoch 1" in text for _, text in progress.lines)
    assert any("256 unlabelled pixels" in text for _, text in progress.lines)
    assert resumed.identity == whole.identity
    assert train(seed=1, state="c").identity != whole.identity


def test_a_raster_with_few_valid_pixels_is_refused(train: Train) -> None:
    with pytest.raises(SampleError, match="100 were found"):
        train(most=100)


@pytest.mark.medium
@pytest.mark.slow
def test_frozen_features_tell_textures_apart_by_two_labels_where_random_ones_do_not(
    raster: Path, train: Train
) -> None:
    """The nearest of one labelled patch of each texture has the right class."""
    with rasterio.open(raster) as dataset:
        values = torch.from_numpy(dataset.read()).float()
    generator = np.random.default_rng(2)
    rows = generator.integers(0, SIDE // 2 - SIZE, 100) + np.repeat([0, SIDE // 2], 50)
    columns = generator.integers(0, SIDE - SIZE, 100)
    patches = torch.stack([values[:, r : r + SIZE, c : c + SIZE] for r, c in zip(rows, columns, strict=True)])
    truth = np.repeat([0, 1], 50)

    def accuracy(start: Start | None) -> float:
        torch.manual_seed(0)
        network = ENTRY.build(2, 2)
        if start is not None:
            load_start(network, ENTRY, Inputs(("Band 1", "Band 2"), {}), (), start)
        features = _features(network, patches)
        distances = torch.cdist(features, features)
        hits = [
            (distances[:, one] > distances[:, other]).numpy() == truth
            for one, other in zip(range(0, 50, 5), range(50, 100, 5), strict=True)
        ]
        return float(np.mean(hits))

    assert accuracy(train(epochs=8)) > accuracy(None) + 0.1


def _features(network: torch.nn.Module, patches: Tensor) -> Tensor:
    headless = with_last_layer(network, ENTRY.name, torch.nn.Identity()).train()
    with torch.inference_mode():
        # Statistics of these patches, for random weights have none.
        features: Tensor = headless(patches)
    return torch.nn.functional.normalize(features - features.mean(dim=0), dim=1)
