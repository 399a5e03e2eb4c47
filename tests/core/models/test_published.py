"""The table of published weights, as TorchGeo 0.10.1 lists them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from deep_land_cover.core.models.architectures import architecture
from deep_land_cover.core.models.published import PUBLISHED_WEIGHTS, WEIGHTS, published, weights_for
from deep_land_cover.core.raster.roles import ROLES
from deep_land_cover.core.raster.value_unit import UNITS

# Numbers of input channels of ``resnet50`` and ``resnet18`` in torchgeo/models/resnet.py ("in_chans").
CHANNELS = {
    "SENTINEL2_ALL_SECO_ECO": 12,
    "SENTINEL2_ALL_MOCO": 13,
    "SENTINEL2_ALL_DINO": 13,
    "LANDSAT_OLI_SR_MOCO": 7,
    "LANDSAT_ETM_SR_MOCO": 6,
    "SENTINEL1_ALL_MOCO": 2,
}


@pytest.mark.parametrize("entry", PUBLISHED_WEIGHTS, ids=lambda entry: f"{entry.name}-{entry.network}")
def test_an_entry_pins_its_file_and_names_roles(entry):
    assert re.fullmatch(
        r"https://huggingface\.co/torchgeo/[a-z0-9_-]+/resolve/[0-9a-f]{40}/"
        rf"{entry.network}_[a-z0-9_]+-{entry.checksum_start}\.pth",
        entry.address({}),
    )
    assert re.fullmatch(r"[0-9a-f]{8}", entry.checksum_start)
    assert len(entry.bands) == CHANNELS[entry.name] == len(set(entry.bands))
    assert set(entry.bands) <= set(ROLES)
    # Nobody has downloaded one here.
    assert not entry.is_tried


def test_a_mirror_replaces_the_host_and_nothing_else():
    entry = published("LANDSAT_ETM_SR_MOCO", "resnet18")
    assert entry.address({"HF_ENDPOINT": "http://127.0.0.1:8000/"}) == (
        "http://127.0.0.1:8000/torchgeo/ssl4eo_landsat/resolve/1c88bb51b6e17a21dde5230738fa38b74bd74f76/"
        "resnet18_landsat_etm_sr_moco-4f078acd.pth"
    )


def test_landsat_weights_expect_the_images_of_8_bits_that_torchgeo_made():
    # compress_oli_sr.sh: (0 + 0.2) / 0.0000275 became 0 of 8 bits and (0.3 + 0.2) / 0.0000275 became 255, and
    # TorchGeo divides by 255. Reflectance beyond was clipped.
    scaling = published("LANDSAT_OLI_SR_MOCO", "resnet50").scaling
    shift, scale = scaling.of(3)
    for number, expected in ((0.2 / 0.0000275, 0.0), (0.5 / 0.0000275, 1.0)):
        assert (UNITS["landsat"].to_quantity(number) - shift) / scale == pytest.approx(expected, abs=1e-9)
    assert scaling.is_clipped


def test_radar_weights_expect_standardised_decibels_band_by_band():
    scaling = published("SENTINEL1_ALL_MOCO", "resnet50").scaling
    assert (scaling.of(0), scaling.of(1)) == ((-12.59, 5.26), (-20.26, 5.91))
    assert scaling.quantity == "decibel"


@pytest.mark.parametrize(
    ("name", "count"),
    [("resnet18", 6), ("resnet50", 9), ("unet_resnet50", 8), ("hybrid", 5), ("ensemble", 6), ("resnet34", 3)],
)
def test_an_architecture_can_start_from_the_weights_of_its_resnet(name, count):
    names = weights_for(architecture(name))
    assert len(names) == count
    assert set(names) <= set(WEIGHTS)


@pytest.mark.parametrize("name", ["multiscale", "tree_ensemble"])
def test_what_has_no_resnet_starts_at_random(name):
    assert weights_for(architecture(name)) == ("none",)


def test_a_file_that_somebody_has_tried_has_its_whole_checksum():
    entry = replace(published("SENTINEL1_ALL_MOCO", "resnet50"), digest="sha256:" + "0" * 64)
    assert entry.is_tried and entry.sha256 == "0" * 64
