"""Which Python is chosen, in which order, and what is said when there is none."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from deep_land_cover.core.errors import SetupError
from deep_land_cover.runtime.interpreter import (
    PYTHON_VARIABLE,
    HostProbes,
    find_interpreter,
    host_python,
    interpreter_problem,
)
from deep_land_cover.runtime.packages import PACKAGES, Package
from deep_land_cover.runtime.probe import probe_python
from deep_land_cover.runtime.settings import RuntimeSettings
from deep_land_cover.runtime.venv import EnvironmentRecord, environment_python, write_record

NO_TORCH = {"kind": "missing", "name": "torch"}


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.delenv(PYTHON_VARIABLE, raising=False)


@pytest.fixture
def answering(program):
    """A host Python that gives a fixed answer to the probe, and counts how often it is asked."""

    def make(problems, tmp_path, python=(3, 12)):
        answer = json.dumps({"python": python, "versions": {}, "problems": problems})
        return program("host", f"echo asked >> '{tmp_path}/asked'\necho '{answer}'")

    return make


def complete_environment(folder):
    requirements = tuple(package.requirement for package in PACKAGES)
    python = environment_python(folder)
    python.parent.mkdir(parents=True)
    python.touch(mode=0o755)
    write_record(folder, EnvironmentRecord("cpu", "3.12", requirements, {}))
    return str(python)


def asked(tmp_path):
    path = tmp_path / "asked"
    return len(path.read_text().splitlines()) if path.exists() else 0


def test_the_setting_goes_before_everything(tmp_path, program, monkeypatch):
    monkeypatch.setenv(PYTHON_VARIABLE, program("variable"))
    complete_environment(tmp_path / "env")
    found = find_interpreter(
        RuntimeSettings(tmp_path / "env", python=program("named"), host_python=sys.executable)
    )
    assert found.path == str(tmp_path / "named")


def test_the_variable_goes_before_the_environment(tmp_path, program, monkeypatch):
    monkeypatch.setenv(PYTHON_VARIABLE, program("variable"))
    complete_environment(tmp_path / "env")
    found = find_interpreter(RuntimeSettings(tmp_path / "env"))
    assert found.path == str(tmp_path / "variable")
    assert PYTHON_VARIABLE in found.origin


def test_the_environment_goes_before_the_host(tmp_path, answering):
    python = complete_environment(tmp_path / "env")
    host = answering([], tmp_path)
    assert find_interpreter(RuntimeSettings(tmp_path / "env", host_python=host)).path == python
    assert asked(tmp_path) == 0


def test_the_host_comes_last_and_says_why_the_environment_was_skipped(tmp_path, answering):
    host = answering([], tmp_path)
    found = find_interpreter(RuntimeSettings(tmp_path / "env", host_python=host))
    assert found.path == host
    assert found.skipped == ("The plugin's environment is not used: it does not exist yet.",)


def test_without_any_the_error_says_what_to_run_and_why_each_was_skipped(tmp_path, answering):
    old = {"kind": "old", "name": "numpy", "version": "1.24.2", "least": "2.0"}
    host = answering([NO_TORCH, old], tmp_path)
    with pytest.raises(SetupError) as caught:
        find_interpreter(RuntimeSettings(tmp_path / "env", host_python=host))
    text = str(caught.value)
    assert "deeplandcover:setupenvironment" in text
    assert "it does not exist yet" in text
    assert "torch is missing; numpy is 1.24.2" in text


def test_without_a_host_the_error_is_the_same_sentence(tmp_path):
    assert "deeplandcover:setupenvironment" in interpreter_problem(RuntimeSettings(tmp_path / "env"))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: (folder / "environment.json").unlink(), "its set-up was not completed"),
        (lambda folder: (folder / "environment.json").write_text("{"), "its set-up was not completed"),
        (lambda folder: environment_python(folder).unlink(), "its Python is missing"),
        (
            lambda folder: write_record(folder, EnvironmentRecord("cpu", "3.12", ("torch>=1",), {})),
            "another version of the plugin",
        ),
    ],
)
def test_an_environment_that_is_not_complete_is_not_used(tmp_path, damage, words):
    complete_environment(tmp_path / "env")
    settings = RuntimeSettings(tmp_path / "env")
    assert interpreter_problem(settings) == ""
    damage(tmp_path / "env")
    assert words in interpreter_problem(settings)


def test_a_named_interpreter_that_is_gone_is_not_replaced_by_another(tmp_path):
    complete_environment(tmp_path / "env")
    settings = RuntimeSettings(tmp_path / "env", python=str(tmp_path / "weg"))
    assert "is not a program" in interpreter_problem(settings)


def test_a_good_host_is_tested_once(tmp_path, answering):
    settings = RuntimeSettings(tmp_path / "env", host_python=answering([], tmp_path))
    find_interpreter(settings)
    after_first = asked(tmp_path)
    find_interpreter(settings)
    assert interpreter_problem(settings) == ""
    assert asked(tmp_path) == after_first


def test_a_bad_host_is_tested_again_only_after_a_while(tmp_path, answering):
    settings = RuntimeSettings(tmp_path / "env", host_python=answering([NO_TORCH], tmp_path))
    for _ in range(5):
        assert "torch is missing" in interpreter_problem(settings)
    assert asked(tmp_path) == 1
    probes = HostProbes(retry_seconds=-1.0)
    interpreter_problem(settings, probes)
    interpreter_problem(settings, probes)
    assert asked(tmp_path) == 3


def test_the_host_python_is_the_one_in_use_whatever_sys_executable_says(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/usr/bin/qgis")
    python = Path(host_python())
    assert python.name.startswith("python")
    assert str(python).startswith(sys.prefix)
    assert probe_python(str(python), ()).python == sys.version_info[:2]


def test_a_probe_tells_version_and_what_is_missing():
    found = probe_python(sys.executable, (*(package for package in PACKAGES if package.module == "numpy"),))
    assert found.python == sys.version_info[:2]
    assert found.problem == ""
    assert found.versions["numpy"][0].isdigit()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            'echo \'{"python": [3, 9], "versions": {}, "problems": []}\'',
            "it is Python 3.9, but 3.11 or later",
        ),
        ("echo cannot load libpython; exit 3", "it does not start (cannot load libpython)"),
        ("exit 3", "it does not start (exit code 3)"),
        ("echo 17", "it does not start (17)"),
    ],
)
def test_a_probe_tells_why_a_python_cannot_be_used(program, body, words):
    assert words in probe_python(program("python", body), ()).problem


def test_a_probe_of_nothing_says_so(tmp_path):
    assert "does not start" in probe_python(str(tmp_path / "keins"), ()).problem


@pytest.mark.parametrize(
    ("requirement", "module", "load", "problem"),
    [
        ("nosuch-thing>=1", "nosuch_thing", False, "nosuch-thing is missing"),
        ("pytest>=999", "pytest", False, "but 999 or later is needed"),
        ("pytest>=1", "antigravity_nothing", False, "pytest is missing"),
    ],
)
def test_a_probe_compares_versions(requirement, module, load, problem):
    assert problem in probe_python(sys.executable, [Package(requirement, module)], load=load).problem
