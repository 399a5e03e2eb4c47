"""Which build of PyTorch a set-up installs, from folders of wheels in the place of indexes."""

from __future__ import annotations

import os
import sys

import pytest

from deep_land_cover.core.errors import SetupError
from deep_land_cover.runtime import setup
from deep_land_cover.runtime.packages import Package
from deep_land_cover.runtime.setup import set_up
from deep_land_cover.runtime.torch_build import plan_torch
from deep_land_cover.runtime.venv import environment_problem, read_record

from .conftest import make_wheel

pytestmark = pytest.mark.medium


@pytest.fixture
def default_index(tmp_path, monkeypatch):
    """Linux without a GPU, and no index but a folder of wheels, which is the default one."""
    folder = tmp_path / "default"
    folder.mkdir()
    for name in ("torch", "torchvision"):
        make_wheel(folder, name, "9.0")
    environment = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "PIP_CONFIG_FILE": os.devnull}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(setup, "plan_torch", lambda build, driver: plan_torch(build, None, "linux"))
    return folder


@pytest.mark.usefixtures("default_index")
def test_where_the_vendors_index_fails_auto_takes_the_default_one_and_cpu_does_not(recorder, tmp_path):
    packages = (Package("torch>=2.6", "torch"), Package("torchvision>=0.21", "torchvision"))
    folder = tmp_path / "environment"
    heard = recorder()
    set_up(folder, sys.executable, "auto", "", heard, packages)
    assert any(level == "warning" and "next index" in text for level, text in heard.lines)
    assert read_record(folder).build == "default"
    (folder / "witness").touch()
    set_up(folder, sys.executable, "auto", "", recorder(), packages)
    assert (folder / "witness").exists()
    with pytest.raises(SetupError):
        set_up(folder, sys.executable, "cpu", "", recorder(), packages)
    assert environment_problem(folder, packages) == "its set-up was not completed"


def test_what_wants_torch_does_not_bring_another_build_of_it(recorder, tmp_path, default_index, monkeypatch):
    vendor = tmp_path / "vendor"
    vendor.mkdir()
    for name in ("torch", "torchvision"):
        make_wheel(vendor, name, "9.0+cpu")
    make_wheel(default_index, "segmentation-models-pytorch", "1.0", requires="torch")
    # A folder of wheels in the place of the vendor's index, which is asked without the default one.
    pip = setup.pip_install

    def from_the_vendor(folder, arguments, variables, listener, start):
        if "--index-url" in arguments:
            arguments = [item for item in arguments if not item.startswith(("--index-url", "https:"))]
            variables = {"PIP_FIND_LINKS": str(vendor)}
        return pip(folder, arguments, variables, listener, start)

    monkeypatch.setattr(setup, "pip_install", from_the_vendor)
    modules = ("torch", "torchvision", "segmentation_models_pytorch")
    packages = tuple(Package(f"{module.replace('_', '-')}>=1", module) for module in modules)
    folder = tmp_path / "environment"
    set_up(folder, sys.executable, "cpu", "", recorder(), packages)
    assert read_record(folder).build == "cpu"
    assert read_record(folder).versions["torch"] == "9.0+cpu"
