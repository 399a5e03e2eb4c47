"""The whole job, from files to a file, with a real network and its model file."""

import dataclasses
import hashlib
import json
import os
import shutil
import zipfile
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import rasterio
import rasterio.shutil
import torch

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import (
    BandMismatchError,
    LandCoverError,
    ModelFileError,
    OutputError,
    ParameterError,
    RasterError,
    RunCancelled,
)
from deep_land_cover.core.inference.backends.torch_backend import TorchBackend
from deep_land_cover.core.inference.predictors.factory import load_once
from deep_land_cover.core.models.card import Scaling
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.network_file import save_model
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.generalisemap import GeneraliseRequest
from deep_land_cover.core.tasks import classify as job
from deep_land_cover.core.tasks.classify import run
from deep_land_cover.core.tasks.generalisemap import run as generalise

from ...cards import model_card
from ...requests import changed, classify_request

CLASSES = (LandCoverClass(10, "Tree cover", "#006400"), LandCoverClass(80, "Water", "#0064C8"))
CARD = model_card(
    bands=("red", "nir"),
    band_roles={"red": "red", "nir": "nir"},
    indices=("NDVI",),
    reflectance_scale=1e-4,
    scaling=Scaling((2500.0, 2500.0, 0.0), (1400.0, 1400.0, 0.5)),
    patch_size=8,
    classes=CLASSES,
)


@pytest.fixture
def model(tmp_path):
    torch.manual_seed(0)
    path = tmp_path / "model.safetensors"
    save_model(path, build_network("resnet18", 3, 2), CARD)
    return path


@pytest.fixture
def raster(make_raster):
    values = np.random.default_rng(0).integers(1, 5000, (2, 40, 30)).astype(np.uint16)
    values[:, :5, :5] = 0
    return make_raster(values, names=("red", "nir"), nodata=0)


@pytest.fixture
def request_for(raster, model, tmp_path):
    def make(**changes):
        request = classify_request(
            RasterSource(str(raster)), str(model), str(tmp_path / "map.tif"), stride=4, device="cpu"
        )
        return changed(request, **changes)

    return make


def test_a_raster_becomes_a_map_with_its_provenance(request_for, model, tmp_path):
    progress = SilentProgress()
    result = run(request_for(), progress)
    assert result.output == str(tmp_path / "map.tif")
    # The cell of the first four pixels has nothing valid.
    assert result.patches == 10 * 8 - 1
    assert result.device.startswith("CPU, ")
    assert result.patches_per_second == pytest.approx(result.patches / result.seconds)
    with rasterio.open(result.output) as dataset:
        assert set(np.unique(dataset.read(1))) <= {10, 80, 255}
        assert np.array_equal(np.argwhere(dataset.read_masks(1) == 0), np.argwhere(np.ones((5, 5))))
        tags = dataset.tags()
    assert tags["MODEL"] == "model.safetensors"
    assert tags["MODEL_SHA256"] == hashlib.sha256(model.read_bytes()).hexdigest()
    assert tags["DEVICE"] == result.device
    assert [item["name"] for item in json.loads(tags["CLASSES"])] == ["Tree cover", "Water"]
    assert (tmp_path / "map.tif.aux.xml").exists()


def test_the_same_request_gives_the_same_map(request_for, tmp_path):
    run(request_for(), SilentProgress())
    first = rasterio.open(tmp_path / "map.tif").read(1)
    run(request_for(output=str(tmp_path / "again.tif"), batch_size=256), SilentProgress())
    assert np.array_equal(rasterio.open(tmp_path / "again.tif").read(1), first)


def test_a_model_is_loaded_once_until_its_file_changes(model):
    device = torch.device("cpu")
    (first,) = load_once(model, (device,))
    assert load_once(model, (device,))[0] is first
    os.utime(model, ns=(1, 1))
    assert load_once(model, (device,))[0] is not first


def spoiled(model: Path, name: str, **changes) -> str:
    path = model.with_name(name)
    card = dataclasses.replace(CARD, **changes)
    save_model(path, build_network("resnet18", len(card.channels), 2), card)
    return str(path)


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        (lambda f: {"input": RasterSource(f"{f}/nowhere.tif")}, RasterError, "no such raster"),
        (lambda f: {"model": f"{f}/nowhere.safetensors"}, ModelFileError, "no such model"),
        (lambda f: {"model": f"{f}/input.tif"}, ModelFileError, "not a model"),
        (lambda f: {"output": f"{f}/map.png"}, OutputError, "ending '.png'"),
        (lambda f: {"output": f"{f}/nowhere/map.tif"}, OutputError, "folder does not exist"),
        (lambda f: {"output": f"{f}/input.tif"}, OutputError, "one of the inputs"),
        (lambda f: {"extent": (0.0, 0.0, 1.0, 1.0)}, ParameterError, "outside the raster"),
        (lambda f: {"stride": 0}, ParameterError, "STRIDE"),
        (lambda f: {"min_valid": 1.5}, ParameterError, "MIN_VALID"),
        (lambda f: {"batch_size": -1}, ParameterError, "BATCH_SIZE"),
        (lambda f: {"device": "cuda:99"}, LandCoverError, "."),
        (
            lambda f: {"model": spoiled(Path(f) / "model", "wide", bands=("red", "nir", "blue"),
                                        scaling=Scaling((0.0,) * 4, (1.0,) * 4))},
            BandMismatchError,
            "needs 3: red, nir, blue",
        ),
        (
            lambda f: {"model": spoiled(Path(f) / "model", "zero", padding="zero")},
            ModelFileError,
            "padding",
        ),
    ],
)  # fmt: skip
def test_what_cannot_work_has_a_sentence_and_leaves_no_output(request_for, tmp_path, change, kind, says):
    request = request_for(**change(str(tmp_path)))
    before = sorted(os.listdir(tmp_path))
    content = (tmp_path / "input.tif").read_bytes()
    with pytest.raises(kind, match=says):
        run(request, SilentProgress())
    assert sorted(os.listdir(tmp_path)) == before
    assert (tmp_path / "input.tif").read_bytes() == content


def test_a_raster_without_crs_is_refused(request_for, make_raster):
    path = make_raster(np.ones((2, 9, 9), np.uint16), names=("red", "nir"), crs=None, name="nowhere.tif")
    with pytest.raises(RasterError, match="no coordinate reference system"):
        run(request_for(input=RasterSource(str(path))), SilentProgress())


def test_paths_with_letters_of_any_script_work(request_for, tmp_path, raster, model):
    folder = tmp_path / "Kartë & 地図"
    folder.mkdir()
    shutil.copy(raster, folder / "ввод.tif")
    shutil.copy(model, folder / "modèle.safetensors")
    request = request_for(
        input=RasterSource(str(folder / "ввод.tif")),
        model=str(folder / "modèle.safetensors"),
        output=str(folder / "карта 1.tif"),
    )
    run(request, SilentProgress())
    assert "карта 1.tif.aux.xml" in os.listdir(folder)


def test_a_file_that_a_mosaic_is_made_of_is_not_written_over(request_for, raster, tmp_path):
    bands = "".join(
        f'<VRTRasterBand dataType="UInt16" band="{band}"><Description>{name}</Description><SimpleSource>'
        f'<SourceFilename relativeToVRT="1">input.tif</SourceFilename><SourceBand>{band}</SourceBand>'
        "</SimpleSource></VRTRasterBand>"
        for band, name in ((1, "red"), (2, "nir"))
    )
    mosaic = tmp_path / "mosaic.vrt"
    mosaic.write_text(
        '<VRTDataset rasterXSize="30" rasterYSize="40"><SRS>EPSG:32748</SRS>'
        f"<GeoTransform>500000,20,0,9800000,0,-20</GeoTransform>{bands}</VRTDataset>"
    )
    content = raster.read_bytes()
    with pytest.raises(OutputError, match="one of the inputs"):
        run(request_for(input=RasterSource(str(mosaic)), output=str(raster)), SilentProgress())
    assert raster.read_bytes() == content
    run(request_for(input=RasterSource(str(mosaic))), SilentProgress())


@pytest.mark.medium(but=("1-1",))
@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 40), (40, 1)])
def test_a_raster_of_one_pixel_or_one_line_is_mapped_whole(request_for, make_raster, height, width):
    path = make_raster(np.full((2, height, width), 900, np.uint16), names=("red", "nir"), name="line.tif")
    result = run(request_for(input=RasterSource(str(path)), stride=1), SilentProgress())
    assert result.patches == height * width
    with rasterio.open(result.output) as dataset:
        assert dataset.shape == (height, width)
        assert dataset.read_masks(1).all()


def test_a_raster_inside_a_zip_file_is_a_raster(request_for, raster, tmp_path):
    with zipfile.ZipFile(tmp_path / "scene.zip", "w") as archive:
        archive.write(raster, "in here/ü.tif")
    inside = RasterSource(f"/vsizip/{tmp_path / 'scene.zip'}/in here/ü.tif")
    assert run(request_for(input=inside), SilentProgress()).patches == 79


def test_a_batch_that_was_halved_in_mid_run_is_noted_in_the_map(request_for, tmp_path, monkeypatch):
    scores, done = TorchBackend.scores, []

    def full_once(self, *arguments):
        for batch in scores(self, *arguments):
            # The trial before the run has smaller ones.
            done.append(len(batch) == 16)
            if sum(done) == 3 and done[-1]:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
            yield batch

    monkeypatch.setattr(TorchBackend, "scores", full_once)
    run(request_for(batch_size=16), SilentProgress())
    with rasterio.open(tmp_path / "map.tif") as dataset:
        assert dataset.tags()["BATCH_SIZE"] == "8"
        assert dataset.tags()["BIT_REPRODUCIBLE"].startswith("no: ")
    monkeypatch.undo()
    run(request_for(output=str(tmp_path / "other.tif"), batch_size=16), SilentProgress())
    with rasterio.open(tmp_path / "other.tif") as dataset:
        assert "BIT_REPRODUCIBLE" not in dataset.tags()


@pytest.mark.medium
def test_the_log_says_what_share_of_a_long_runs_time_was_not_the_models(request_for, monkeypatch):
    assert run(request_for(), SilentProgress()).outside_model is None
    monkeypatch.setattr(job, "PipelineOptions", partial(job.PipelineOptions, min_measured_seconds=0.0))
    progress = SilentProgress()
    done = run(request_for(), progress)
    assert 0.0 <= done.outside_model < 1.0
    assert any(
        f"{done.outside_model:.0%} of the time was spent outside the model" in t for _, t in progress.lines
    )


@pytest.mark.parametrize("kind", ["probabilities", "uncertainty"])
def test_no_output_replaces_what_is_read(request_for, raster, tmp_path, kind):
    mosaic = tmp_path / "mosaic.vrt"
    rasterio.shutil.copy(raster, mosaic, driver="VRT")
    request = request_for(input=RasterSource(str(mosaic)), **{kind: str(raster)})
    with pytest.raises(OutputError, match="one of the inputs"):
        run(request, SilentProgress())
    with rasterio.open(raster) as dataset:
        assert dataset.count == 2


@pytest.mark.parametrize(("name", "value"), [("share_type", "int8"), ("compression", "jpeg")])
def test_a_form_that_does_not_exist_is_refused(request_for, name, value):
    with pytest.raises(ParameterError, match=f"'{value}' is not a value of {name.upper()}"):
        run(request_for(**{name: value}), SilentProgress())


@pytest.fixture
def undecided(request_for, model, tmp_path):
    """The model, with half of the pixels of the raster in each class."""
    path = str(tmp_path / "p.tif")
    run(request_for(probabilities=path, share_type="float32", stride=2), SilentProgress())
    with rasterio.open(path) as dataset:
        first, second = dataset.read()
    torch.manual_seed(0)
    network = build_network("resnet18", 3, 2)
    with torch.no_grad():
        network.fc.bias[1] += float(np.nanmedian(np.log(first / second)))
    save_model(model, network, CARD)


@pytest.mark.usefixtures("undecided")
def test_a_minimum_mapping_unit_is_that_of_the_generalisation_and_the_map_says_so(request_for, tmp_path):
    plain = run(request_for(stride=2), SilentProgress()).output
    with rasterio.open(plain) as dataset:
        values, (width, height) = dataset.read(1), dataset.res
    mmu = 40 * width * height / 10_000
    clean, tool = str(tmp_path / "clean.tif"), str(tmp_path / "tool.tif")
    run(request_for(output=clean, mmu=mmu, stride=2), SilentProgress())
    generalise(GeneraliseRequest(RasterSource(plain), tool, mmu), SilentProgress())
    with rasterio.open(clean) as dataset, rasterio.open(tool) as expected:
        assert np.array_equal(dataset.read(1), expected.read(1))
        assert not np.array_equal(dataset.read(1), values)
        tags = dataset.tags()
    assert tags["MMU"] == f"{mmu:g} ha" and "MODEL" not in tags
    assert json.loads(tags["HISTORY"])[0]["model"] == "model.safetensors"
    # Where probabilities are written, they decide.
    both = {"output": clean, "probabilities": str(tmp_path / "q.tif")}
    run(request_for(**both, mmu=mmu, stride=2), SilentProgress())
    source = RasterSource(both["probabilities"])
    generalise(GeneraliseRequest(RasterSource(plain), tool, mmu, probabilities=source), SilentProgress())
    with rasterio.open(clean) as dataset, rasterio.open(tool) as expected:
        assert np.array_equal(dataset.read(1), expected.read(1))
    with rasterio.open(both["probabilities"]) as dataset:
        assert dataset.tags()["MODEL"] == "model.safetensors"


def test_a_run_that_is_cancelled_while_it_generalises_leaves_no_map_and_resumes(request_for, tmp_path):
    class Cancelling(SilentProgress):
        def update(self, fraction, text="", **values):
            if text.startswith("Cleaning the map"):
                raise RunCancelled

    with pytest.raises(RunCancelled):
        run(request_for(mmu=5.0), Cancelling())
    assert sorted(path.name for path in tmp_path.glob("map.tif*")) == ["map.tif.journal", "map.tif.part"]
    progress = SilentProgress()
    # Another unit does not change what was computed.
    run(request_for(mmu=2.0), progress)
    assert any("Resuming" in line for _level, line in progress.lines)
    assert [path.name for path in tmp_path.glob("map.tif*") if path.suffix in (".journal", ".part")] == []
    run(request_for(output=str(tmp_path / "again.tif"), mmu=2.0), SilentProgress())
    with rasterio.open(tmp_path / "map.tif") as dataset, rasterio.open(tmp_path / "again.tif") as again:
        assert np.array_equal(dataset.read(1), again.read(1))
