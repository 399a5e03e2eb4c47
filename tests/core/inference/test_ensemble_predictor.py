"""Ensembles in a map: members that read the same once, with a scaling and a calibration of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.inference.backends.torch_backend import plain_backend
from deep_land_cover.core.inference.predictors.base import JointPredictor
from deep_land_cover.core.inference.predictors.centred import CentredPredictor
from deep_land_cover.core.inference.predictors.ensemble import EnsemblePredictor, PredictedMember
from deep_land_cover.core.inference.predictors.neighbourhood import network_predictor
from deep_land_cover.core.inference.predictors.patch import Computation, PatchPredictor
from deep_land_cover.core.inference.predictors.shared_stem import CutPatches
from deep_land_cover.core.models.architecture import CentreBranch
from deep_land_cover.core.models.card import Calibration, Scaling
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.pool import Pool
from deep_land_cover.core.options import BF16, FP32, INT8, OPENVINO, TORCH, TORCH_FP32, Method
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.neighbourhood import Neighbourhoods

from ...cards import model_card

CHANNELS, CLASSES, SIDE = 2, 3, 48
CPU = torch.device("cpu")
CARD = model_card(
    bands=("a", "b"),
    classes=tuple(LandCoverClass(value, f"Class {value}", "#90EE90") for value in (1, 4, 9)),
    patch_size=5,
)
FORM = CentreBranch((3, 5), 2, (1,))


class Tiny(nn.Module):
    """Network from patches to logits."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(CHANNELS, 4, 3), nn.ReLU(), nn.Flatten(), nn.LazyLinear(CLASSES)
        )
        self.layers(torch.zeros(1, CHANNELS, 5, 5))

    def forward(self, patches: Tensor) -> Tensor:
        logits: Tensor = self.layers(patches)
        return logits


def centred(seed: int) -> CentredPredictor:
    torch.manual_seed(seed)
    network = build_network("resnet18", CHANNELS, CLASSES, centre=FORM, patch_size=5).eval()
    return CentredPredictor(network, plain_backend(network.context, 1), CPU, 16, SilentProgress())


def on_windows(seed: int) -> Any:
    torch.manual_seed(seed)
    return network_predictor(build_network("multiscale", CHANNELS, CLASSES, (3, 7)), (3, 7), CPU, 0)


def on_patches(seed: int) -> PatchPredictor:
    torch.manual_seed(seed)
    return PatchPredictor(Computation(plain_backend(Tiny().eval(), 1)), 5, CPU, 16, SilentProgress())


def tile() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Channels, validity, and centres with enough pixels around them, in no order."""
    generator = torch.Generator().manual_seed(1)
    valid = torch.rand((SIDE, SIDE), generator=generator) < 0.9
    channels = torch.where(valid, torch.randn((CHANNELS, SIDE, SIDE), generator=generator), 0.0)
    rows, columns = torch.nonzero(valid[16:-16, 16:-16], as_tuple=True)
    order = torch.randperm(len(rows), generator=generator)
    return channels, valid, rows[order] + 16, columns[order] + 16


def ensemble(predictors: list[Any], **card: Any) -> EnsemblePredictor:
    members = [PredictedMember(predictor, CARD) for predictor in predictors]
    return EnsemblePredictor(members, Pool(tuple((1.0 + n,) for n in range(len(members)))), CLASSES)


@pytest.mark.medium(but=("on_windows", "on_patches"))
@pytest.mark.parametrize("make", [centred, on_windows, on_patches])
def test_members_that_read_the_same_give_what_they_give_alone(make: Callable[[int], Any]) -> None:
    counted: list[int] = []
    predictors, place = [make(seed) for seed in (1, 2, 3)], tile()
    assert all(isinstance(item, JointPredictor) for item in predictors)
    assert len({item.reads for item in predictors}) == 1 and predictors[0].reads is not None
    found = ensemble(predictors).predict(*place, counted.append)
    logs = [make(seed).predict(*place, lambda _: None).log_softmax(dim=1) for seed in (1, 2, 3)]
    expected = sum((1.0 + number) * item.double() for number, item in enumerate(logs))
    torch.testing.assert_close(found.double(), expected, rtol=1e-5, atol=1e-5)
    assert sum(counted) == len(place[2])


@pytest.mark.parametrize(
    ("methods", "said"),
    [
        ((TORCH_FP32, Method(OPENVINO, INT8)), Method(OPENVINO, INT8)),
        ((Method(TORCH, BF16), TORCH_FP32), Method(TORCH, BF16)),
        # Trees have no other backend.
        ((TORCH_FP32, Method(OPENVINO, FP32)), Method(OPENVINO, FP32)),
    ],
)
def test_the_map_says_the_least_exact_precision_of_its_members(
    methods: tuple[Method, ...], said: Method
) -> None:
    predictors = [on_patches(seed) for seed in range(len(methods))]
    for predictor, method in zip(predictors, methods, strict=True):
        predictor.method = method
    assert ensemble(predictors).method == said


@pytest.mark.medium
def test_windows_are_measured_and_patches_are_cut_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: dict[str, int] = {}

    def counting(kind: type, name: str) -> None:
        plain = getattr(kind, name)

        def counted(self: Any, *arguments: Any) -> Any:
            calls[kind.__name__] = calls.get(kind.__name__, 0) + 1
            return plain(self, *arguments)

        monkeypatch.setattr(kind, name, counted)

    counting(Neighbourhoods, "features")
    counting(CutPatches, "batch")
    place = tile()
    for make in (centred, on_windows, on_patches):
        numbers = []
        for count in (1, 3):
            calls.clear()
            ensemble([make(seed) for seed in range(count)]).predict(*place, lambda _: None)
            numbers.append(dict(calls))
        assert numbers[0] == numbers[1] and sum(numbers[0].values()) > 0


@pytest.mark.medium
def test_members_of_several_kinds_and_alignments_are_pooled() -> None:
    place = tile()
    predictors = [on_patches(1), centred(2), on_windows(3), centred(4)]
    whole = ensemble(predictors)
    assert (whole.before, whole.alignment) == (max(item.before for item in predictors), 2)
    found = whole.predict(*place, lambda _: None)
    logs = [item.predict(*place, lambda _: None).log_softmax(dim=1).double() for item in predictors]
    expected = sum((1.0 + number) * item for number, item in enumerate(logs))
    torch.testing.assert_close(found.double(), expected, rtol=1e-5, atol=1e-5)


def test_members_have_their_own_scaling_and_calibration() -> None:
    channels, valid, rows, columns = tile()
    raw = torch.where(valid, 100.0 + 20.0 * channels, torch.nan)
    limits = ((80.0, 110.0), (None, None))
    scalings = [
        Scaling((100.0, 100.0), (20.0, 20.0)),
        Scaling((90.0, 110.0), (10.0, 40.0), limits=limits),
    ]
    calibration = Calibration(2.0, 1.0, (0.1, 0.0, -0.2), (0.2, 0.3, 0.5), 0.0, 10)
    cards = [CARD, model_card(bands=CARD.bands, classes=CARD.classes, patch_size=5, calibration=calibration)]
    predictors = [on_patches(1), on_patches(2)]
    members = [PredictedMember(*parts) for parts in zip(predictors, cards, scalings, strict=True)]
    whole = EnsemblePredictor(members, Pool.equal(2, "mean"), CLASSES)
    found = whole.predict(raw, valid, rows, columns, lambda _: None).softmax(dim=1)
    limited = torch.stack([raw[0].clamp(80.0, 110.0), raw[1]])
    own = [
        (
            (values - torch.tensor(item.mean)[:, None, None]) / torch.tensor(item.std)[:, None, None]
        ).nan_to_num(0.0)
        for item, values in zip(scalings, (raw, limited), strict=True)
    ]
    logits = [
        predictor.predict(values, valid, rows, columns, lambda _: None)
        for predictor, values in zip(predictors, own, strict=True)
    ]
    logits[1] = logits[1] / 2.0 + torch.tensor(calibration.offsets)
    expected = (logits[0].softmax(dim=1) + logits[1].softmax(dim=1)) / 2
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-6)
