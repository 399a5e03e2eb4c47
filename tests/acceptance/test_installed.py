"""The plugin as users get it: from the zip, in an empty profile."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from deep_land_cover.tools.make_package import build_zip, tracked_state

pytestmark = [pytest.mark.qgis, pytest.mark.medium]


@pytest.fixture(scope="module")
def installed(environment, tmp_path_factory):
    """Run ``qgis_process`` with the zip unpacked into a new profile, and no way to the checkout."""
    home = tmp_path_factory.mktemp("new home ü")
    plugins = home / ".local/share/QGIS/QGIS3/profiles/default/python/plugins"
    with zipfile.ZipFile(build_zip(home / "plugin.zip", tracked_state())) as archive:
        archive.extractall(plugins)
    variables = {**environment, "HOME": str(home)}
    del variables["QGIS_PLUGINPATH"]

    def run(*arguments):
        return subprocess.run(
            ["qgis_process", *map(str, arguments)],
            env=variables,
            cwd=home,
            capture_output=True,
            text=True,
            timeout=300,
        )

    enabled = run("plugins", "enable", "deep_land_cover")
    assert enabled.returncode == 0, enabled.stderr
    return run


@pytest.fixture(scope="module")
def listed(installed):
    """The algorithms that the installed plugin lists, by id."""
    return json.loads(installed("list", "--json").stdout)["providers"]["deeplandcover"]["algorithms"]


def test_all_algorithms_and_example_models_are_listed(listed):
    files = (Path(__file__).parents[2] / "algorithms").glob("*.py")
    written = "\n".join(file.read_text(encoding="utf-8") for file in files)
    ids = re.findall(r'^    ID = "(\w+)"$', written, re.MULTILINE)
    assert len(ids) > 10
    assert set(listed) == {f"deeplandcover:{name}" for name in ids}


def test_help_of_each_tool_is_a_page_of_the_zip(listed):
    for name, item in listed.items():
        page = Path(unquote(urlsplit(item["help_url"]).path))
        assert page.parts[-3:] == ("reference", "en", f"{name.partition(':')[2]}.html")
        assert page.is_file()


@pytest.mark.slow
def test_it_writes_the_demo(installed, tmp_path):
    done = installed("run", "deeplandcover:createdemo", "--json", "--", f"OUTPUT_FOLDER={tmp_path}")
    assert done.returncode == 0, done.stderr
    assert Path(json.loads(done.stdout)["results"]["RASTER"]).is_file()


def test_it_classifies_a_scene(installed, demo, trained, tmp_path):
    inputs = f"INPUT={demo['RASTER']}", f"MODEL={trained['OUTPUT']}", "STRIDE=16", "DEVICE=cpu"
    done = installed(
        "run", "deeplandcover:classifyraster", "--json", "--", *inputs, f"OUTPUT={tmp_path}/map.tif"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"]["PATCHES"] > 0
    assert (tmp_path / "map.tif").is_file()
