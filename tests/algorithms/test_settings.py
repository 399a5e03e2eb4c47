"""The settings in Processing's options, and the environment variables of the same names."""

from __future__ import annotations

import sys

import pytest
from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProperty

from deep_land_cover.core.errors import ParameterError

pytestmark = pytest.mark.qgis
VARIABLES = ("DEVICE", "PRECISION", "THREADS", "IDLE_MINUTES", "CACHE_FOLDER")
STARTED = "Starting the worker"


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(f"DEEP_LAND_COVER_{name}", raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)


@pytest.fixture
def options(plugin):
    """Processing's options, which can be imported when QGIS has been started; with their values put back."""
    from processing.core.ProcessingConfig import ProcessingConfig

    before = {setting.name: setting.value for setting in ProcessingConfig.getSettings()["Deep Land Cover"]}
    yield ProcessingConfig
    for name, value in before.items():
        ProcessingConfig.setSettingValue(name, value)
    plugin.provider.close_worker()


@pytest.fixture
def choose(options):
    """Set a setting as the options do."""
    return lambda name, value: options.setSettingValue(f"DEEP_LAND_COVER_{name}", value)


@pytest.fixture
def runtime(options):
    """Return what the runtime is told now."""
    from deep_land_cover.algorithms.parameters.settings import runtime_settings

    return runtime_settings


@pytest.fixture
def request_of(algorithm, scene, model, samples, tmp_path):
    """Return the request that an algorithm makes of the usual inputs and these."""
    usual = {
        "classifyraster": {"INPUT": scene, "MODEL": model, "OUTPUT": str(tmp_path / "map.tif")},
        "classifyfolder": {"INPUTS": [scene], "MODEL": model, "OUTPUT_FOLDER": str(tmp_path / "maps")},
        "trainmodel": {
            "INPUT": scene,
            "SAMPLES": samples,
            "CLASS_FIELD": "class",
            "OUTPUT": "TEMPORARY_OUTPUT",
        },
        "suggestsamples": {"INPUT": scene, "MODEL": model, "COUNT": 3, "OUTPUT": "TEMPORARY_OUTPUT"},
    }

    def request_of(name, **parameters):
        context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
        return algorithm(name).make_request({**usual[name], **parameters}, context, feedback)

    return request_of


def test_all_are_listed_under_the_provider(options):
    listed = {setting.name for setting in options.getSettings()["Deep Land Cover"]}
    assert listed >= {f"DEEP_LAND_COVER_{name}" for name in ("PYTHON", *VARIABLES)}


def test_unless_changed_they_leave_everything_open(runtime, request_of):
    found = runtime()
    assert (found.threads, found.idle_seconds, found.cache_folder) == (0, 600.0, "")
    assert found.usual_cache_folder.name == "deep_land_cover"
    compute = request_of("classifyraster").compute
    assert compute.device == compute.precision == "auto"


@pytest.mark.parametrize(
    ("given", "folds"),
    [
        ({}, None),
        ({"FOLDS": "auto"}, None),
        ({"FOLDS": None}, None),
        ({"FOLDS": ""}, None),
        ({"FOLDS": 5}, 5),
        ({"FOLDS": "5"}, 5),
        ({"FOLDS": 5.0}, 5),
        ({"FOLDS": 0}, 0),
        ({"FOLDS": QgsProperty.fromExpression("2 + 1")}, 3),
        ({"FOLDS": QgsProperty.fromExpression("10 / 2")}, 5),
    ],
    ids=str,
)
def test_folds_are_automatic_a_number_or_an_expression(algorithm, request_of, given, folds):
    tool = algorithm("trainmodel")
    definition, context = tool.parameterDefinition("FOLDS"), QgsProcessingContext()
    assert definition.checkValueIsAcceptable(given.get("FOLDS"), context)
    assert request_of("trainmodel", **given).split.folds == folds


@pytest.mark.parametrize("name", ["classifyraster", "trainmodel"])
def test_the_default_device_and_precision_are_what_auto_stands_for(choose, request_of, name):
    choose("DEVICE", "cuda:1")
    choose("PRECISION", "fp32")
    for changes, expected in (
        ({}, ("cuda:1", "fp32")),
        ({"DEVICE": "cpu", "PRECISION": "bf16"}, ("cpu", "bf16")),
    ):
        chosen = request_of(name, **changes).compute
        assert (chosen.device, chosen.precision) == expected


def test_suggested_samples_are_computed_on_the_default_device(choose, request_of):
    choose("DEVICE", "cpu")
    assert request_of("suggestsamples").device == "cpu"


def test_variables_hold_where_a_setting_was_left_as_it_is(choose, runtime, request_of, monkeypatch, tmp_path):
    values = {"DEVICE": "cuda:7", "PRECISION": "bf16", "THREADS": "3", "IDLE_MINUTES": "2"}
    for name, value in {**values, "CACHE_FOLDER": str(tmp_path)}.items():
        monkeypatch.setenv(f"DEEP_LAND_COVER_{name}", value)
    request, found = request_of("classifyraster"), runtime()
    assert (request.compute.device, request.compute.precision) == ("cuda:7", "bf16")
    assert (found.threads, found.idle_seconds, found.cache_folder) == (3, 120.0, str(tmp_path))
    choose("DEVICE", "cpu")
    # The options dialog gives text.
    choose("THREADS", "1")
    assert request_of("classifyraster").compute.device == "cpu"
    assert runtime().threads == 1
    choose("IDLE_MINUTES", 0)
    assert runtime().idle_seconds == 0.0


@pytest.mark.parametrize("name", ["APPLICABILITY", "PREDICTION_SETS"])
def test_what_needs_32_bits_has_them_whatever_the_default_precision(choose, request_of, tmp_path, name):
    choose("PRECISION", "bf16")
    doubt = str(tmp_path / "doubt.tif")
    assert request_of("classifyraster", **{name: doubt}).compute.precision == "auto"
    assert request_of("classifyraster", PRECISION="bf16", **{name: doubt}).compute.precision == "bf16"
    (item,) = request_of("classifyfolder", MORE=[name.lower()])
    assert item.request.compute.precision == "auto"
    (item,) = request_of("classifyfolder")
    assert item.request.compute.precision == "bf16"


@pytest.mark.parametrize("value", ["-1", "2.5", "two"])
def test_the_options_refuse_what_is_no_number(choose, value):
    with pytest.raises(ValueError, match=value):
        choose("THREADS", value)


def test_gpu_is_the_kind_that_the_system_may_have(request_of):
    expected = "mps" if sys.platform == "darwin" else "cuda"
    assert request_of("classifyraster", DEVICE="GPU").compute.device == expected


def test_wrong_variables_are_named(algorithm, request_of, monkeypatch):
    monkeypatch.setenv("DEEP_LAND_COVER_DEVICE", "tpu")
    with pytest.raises(ParameterError, match=r"'tpu'.*DEEP_LAND_COVER_DEVICE"):
        request_of("classifyraster")
    monkeypatch.setenv("DEEP_LAND_COVER_DEVICE", "cpu")
    monkeypatch.setenv("DEEP_LAND_COVER_PRECISION", "fp8")
    with pytest.raises(ParameterError, match=r"'fp8'.*DEEP_LAND_COVER_PRECISION"):
        request_of("trainmodel")
    monkeypatch.setenv("DEEP_LAND_COVER_THREADS", "many")
    can_run, problem = algorithm("trainmodel").canExecute()
    assert not can_run
    assert "DEEP_LAND_COVER_THREADS" in problem


@pytest.mark.medium
def test_a_changed_setting_reaches_the_worker(choose, run, scene, quick_model, tmp_path):
    cache = tmp_path / "cache"

    def classify():
        output = str(tmp_path / "map.tif")
        return run("classifyraster", {"INPUT": scene, "MODEL": quick_model, "OUTPUT": output, "STRIDE": 8})

    choose("DEVICE", "cpu")
    choose("CACHE_FOLDER", str(cache))
    choose("THREADS", 1)
    first = classify()
    assert first.succeeded, first.log
    assert STARTED in first.log
    assert first.results["DEVICE"] == "CPU, 1 thread"
    assert cache.is_dir()
    assert STARTED not in classify().log
    choose("THREADS", 2)
    second = classify()
    assert STARTED in second.log
    assert second.results["DEVICE"] == "CPU, 2 threads"


def test_a_cache_folder_that_cannot_be_made_is_named(choose, run, scene, model, tmp_path):
    (tmp_path / "file").write_text("in the way")
    choose("CACHE_FOLDER", str(tmp_path / "file"))
    output = str(tmp_path / "map.tif")
    done = run("classifyraster", {"INPUT": scene, "MODEL": model, "OUTPUT": output})
    assert not done.succeeded
    assert "The cache folder cannot be written" in done.log
    assert str(tmp_path / "file") in done.log
