"""What a classification says of its own doubt, in files, and what it refuses to say."""

import dataclasses

import numpy as np
import pytest
import rasterio
import torch

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.inference.tile_store import parameter_stamps
from deep_land_cover.core.models.card import ConformalScores, Scaling, Training
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.network_file import save_model
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks import classify as job
from deep_land_cover.core.tasks.classify import run

from ...cards import model_card
from ...requests import changed, classify_request

CLASSES = tuple(LandCoverClass(value, f"Class {value}", "#006400") for value in (10, 80, 90))
PLAIN = Training("blocks", "", 1, 1, 1, 0, 1)
CARD = model_card(
    bands=("red", "nir"),
    reflectance_scale=1e-4,
    scaling=Scaling((2500.0, 2500.0), (1400.0, 1400.0)),
    patch_size=8,
    classes=CLASSES,
    training=dataclasses.replace(PLAIN, parameters={"dropout": 0.3}),
)


@pytest.fixture
def request_for(make_raster, tmp_path):
    def make(card=CARD, symmetric=False, **changes):
        values = np.random.default_rng(0).integers(1, 5000, (2, 24, 20)).astype(np.uint16)
        if symmetric:
            values = np.full_like(values, 1000)
        raster = make_raster(values, names=("red", "nir"))
        model = tmp_path / "model.safetensors"
        torch.manual_seed(0)
        save_model(model, build_network("resnet18", 2, 3), card)
        return changed(
            classify_request(
                RasterSource(str(raster)),
                str(model),
                str(tmp_path / "map.tif"),
                uncertainty=str(tmp_path / "u.tif"),
                share_type="float32",
                device="cpu",
            ),
            **changes,
        )

    return make


def bands_of(path):
    with rasterio.open(path) as dataset:
        return dict(zip(dataset.descriptions, dataset.read(), strict=True))


def test_deviations_are_bands_of_the_uncertainty(request_for):
    request = request_for(tta=True, mc_samples=7)
    run(request, SilentProgress())
    bands = bands_of(request.products.uncertainty)
    assert list(bands)[3:] == ["Deviation over turned views", "Deviation over dropout"]
    for band in bands.values():
        assert np.isfinite(band).all()
    # No probability is further from its mean than half of the way from 0 to 1.
    assert all(0 < bands[name].max() <= 0.5 for name in list(bands)[3:])


@pytest.mark.medium
def test_dropout_leaves_the_map_and_the_rest_of_the_uncertainty_as_they_are(request_for, tmp_path):
    sampled = request_for(mc_samples=5)
    plain = request_for(output=str(tmp_path / "plain.tif"), uncertainty=str(tmp_path / "plain_u.tif"))
    for request in (plain, sampled):
        run(request, SilentProgress())
    np.testing.assert_array_equal(
        bands_of(sampled.products.map)["Land cover"], bands_of(plain.products.map)["Land cover"]
    )
    expected, found = bands_of(plain.products.uncertainty), bands_of(sampled.products.uncertainty)
    for name, band in expected.items():
        np.testing.assert_allclose(found[name], band, atol=1e-5)


def scored(few):
    """Return scores of 40 held-out samples a class, whose last class lies in ``few`` blocks."""
    codes = np.repeat(np.arange(3), 40)
    blocks = np.where(codes == 2, np.arange(120) % few, 10 + np.arange(120))
    chances = np.random.default_rng(1).uniform(0.2, 0.5, 120)
    return ConformalScores(tuple(codes.tolist()), tuple(chances.tolist()), tuple(blocks.tolist()))


SETS = dataclasses.replace(CARD, conformal=scored(9))


@pytest.mark.medium
def test_dropout_leaves_prediction_sets_as_they_are(request_for, tmp_path):
    known = request_for(probabilities=str(tmp_path / "chances.tif"))
    run(known, SilentProgress())
    # Limits that half of the pixels reach.
    halves = [round(float(np.median(band)), 6) for band in bands_of(known.products.probabilities).values()]
    scores = ConformalScores((0, 1, 2) * 40, tuple(halves) * 40, tuple(range(120)))
    card = dataclasses.replace(CARD, conformal=scores)
    plain = request_for(card, sets=str(tmp_path / "plain.tif"))
    run(plain, SilentProgress())
    sampled = request_for(card, mc_samples=5, sets=str(tmp_path / "sampled.tif"))
    run(sampled, SilentProgress())
    expected, found = (next(iter(bands_of(request.products.sets).values())) for request in (plain, sampled))
    assert len(np.unique(expected)) > 1
    assert np.mean(expected == found) > 0.99


@pytest.mark.medium(but=("no sets",))
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "auto"),
        ({"sets": "sets.tif"}, "fp32"),
        ({"sets": "sets.tif", "precision": "bf16"}, "bf16"),
    ],
    ids=["no sets", "sets", "a precision of one's own"],
)
def test_limits_of_32_bits_are_for_probabilities_of_32_bits(
    request_for, tmp_path, monkeypatch, changes, expected
):
    wanted = []

    def watched(models, method, *others):
        wanted.append(method.precision)
        return make_predictors(models, method, *others)

    make_predictors = job.make_predictors
    monkeypatch.setattr(job, "make_predictors", watched)
    if "sets" in changes:
        changes = {**changes, "sets": str(tmp_path / changes["sets"])}
    progress = SilentProgress()
    result = run(request_for(SETS, **changes), progress)
    assert wanted == [expected]
    said = [text for kind, text in progress.lines if "limits hold for 32 bits" in text]
    assert len(said) == ("sets" in changes and result.precision != "fp32")


@pytest.mark.medium
def test_classes_without_a_limit_of_their_own_are_named_in_the_log(request_for, tmp_path):
    for few, is_named in ((9, False), (2, True)):
        progress = SilentProgress()
        card = dataclasses.replace(CARD, conformal=scored(few))
        run(request_for(card, sets=str(tmp_path / "sets.tif"), resume=False), progress)
        assert any("The limit of 90 is uncertain" in text for _, text in progress.lines) == is_named


@pytest.mark.medium
def test_views_of_one_and_the_same_ground_do_not_deviate(request_for):
    request = request_for(symmetric=True, tta=True)
    run(request, SilentProgress())
    assert bands_of(request.products.uncertainty)["Deviation over turned views"].max() < 1e-4


@pytest.mark.parametrize(
    ("card", "changes", "sentence"),
    [
        (dataclasses.replace(CARD, training=PLAIN), {"mc_samples": 5}, "without dropout"),
        (CARD, {"mc_samples": 5, "uncertainty": None}, "UNCERTAINTY is empty"),
        (CARD, {"mc_samples": 1}, "MC_SAMPLES"),
        (CARD, {"mc_samples": 51}, "MC_SAMPLES"),
        (dataclasses.replace(CARD, architecture="multiscale", windows=(3,)), {"tta": True}, "rotation"),
        (dataclasses.replace(CARD, architecture="tree_ensemble"), {"tta": True}, "rotation"),
        (dataclasses.replace(CARD, architecture="hybrid"), {"mc_samples": 5}, "Monte Carlo dropout"),
    ],
)  # fmt: skip
def test_what_has_no_meaning_for_a_model_is_refused_in_a_sentence(request_for, card, changes, sentence):
    with pytest.raises(ParameterError, match=sentence):
        run(request_for(card, **changes), SilentProgress())


def test_a_run_with_other_views_is_another_run():
    request = classify_request(RasterSource("a"), "b", "c")
    stamps = [
        parameter_stamps(item.values(), set())
        for item in (
            request,
            changed(request, tta=True),
            changed(request, mc_samples=9),
        )
    ]
    assert stamps[0] != stamps[1] != stamps[2]
