"""Tiers of ``./dev test``: what each leaves out and says, and the Python that each path runs in."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFTEST = f"""
import importlib.util

found = importlib.util.spec_from_file_location("tiers", {str(ROOT / "tests" / "tiers.py")!r})
tiers = importlib.util.module_from_spec(found)
found.loader.exec_module(tiers)


def pytest_addoption(parser):
    tiers.add_options(parser)


def pytest_configure(config):
    for marker in ("medium", "slow"):
        config.addinivalue_line("markers", marker)
    config.pluginmanager.register(tiers.Tier(config), "tier")
"""
TESTS = """
import pytest

def test_quick(): pass

@pytest.mark.medium
@pytest.mark.parametrize("case", [1, 2, pytest.param(3, marks=pytest.mark.slow)])
def test_cases(case): pass

@pytest.mark.slow
def test_size(): pass
"""


@pytest.fixture
def run(tmp_path):
    """Run pytest in a folder of one quick test, two medium and two slow ones; return what it prints."""
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_it.py").write_text(TESTS)

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "-p", "xdist", *arguments]
        # Without the plugins that are installed, which take a second each time.
        environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=True, env=environment
        ).stdout

    return run


@pytest.mark.medium(but=("processes0",))
@pytest.mark.parametrize("processes", [(), ("-n", "2")])
def test_a_tier_leaves_out_what_is_marked_and_counts_it(run, processes):
    said = run("--tier", "fast", *processes)
    assert "1 passed" in said
    assert "Left out: 2 tests marked medium (./dev test runs them)." in said
    assert "Left out: 2 tests marked slow (./dev test --all runs them)." in said


def test_the_default_leaves_out_slow_tests_only_and_all_leaves_out_none(run):
    said = run("--tier", "default")
    assert "3 passed" in said and "Left out: 2 tests marked slow" in said and "marked medium" not in said
    said = run("--tier", "all")
    assert "5 passed" in said and "Left out" not in said


EXCEPTIONS = """
import pytest

@pytest.mark.medium(but=("1-a", "2-b"))
@pytest.mark.slow(but=("1-a", "1-b", "2-b"))
@pytest.mark.parametrize("letter", ["a", "b"])
@pytest.mark.parametrize("number", [1, 2])
def test_cases(number, letter): pass
"""


@pytest.mark.parametrize(("tier", "passed"), [("fast", 2), ("default", 3), ("all", 4)])
def test_excepted_cases_of_a_marked_test_stay_in_the_quicker_tier(run, tmp_path, tier, passed):
    (tmp_path / "test_it.py").write_text(EXCEPTIONS)
    said = run("--tier", tier)
    assert f"{passed} passed" in said
    assert ("Left out: 1 tests marked slow" in said) == (tier != "all")


@pytest.mark.medium
def test_an_excepted_case_that_does_not_exist_is_an_error(run, tmp_path):
    (tmp_path / "test_it.py").write_text(EXCEPTIONS.replace("2-b", "2-c", 1))
    with pytest.raises(subprocess.CalledProcessError) as error:
        run("--tier", "fast")
    assert "test_cases has no case ['2-c']" in error.value.stdout + error.value.stderr
    assert "4 passed" in run("test_it.py::test_cases")


@pytest.mark.medium(but=("processes0",))
@pytest.mark.parametrize("processes", [(), ("-n", "2")])
def test_what_is_named_runs_although_it_is_slow_and_that_is_said(run, processes):
    said = run("-k", "cases", *processes)
    assert "3 passed" in said
    assert "Named and so run: 1 tests marked slow, which ./dev test leaves out." in said


@pytest.fixture
def dev(tmp_path):
    """Run ``./dev test`` of a checkout whose Pythons only print their arguments; return those lines."""
    if shutil.which("dpkg-query") is None:
        pytest.skip("without QGIS's packages ./dev asks to install them")
    checkout = tmp_path / "checkout ü"
    texts = []
    for name in ("dev", "pyproject.toml", "runtime/packages.py", "runtime/setup.py"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, checkout / name)
        texts.append((ROOT / name).read_bytes())
    for name, environment in (("core", "env"), ("qgis", "qgis-env")):
        python = checkout / ".dev" / environment / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nprintf "{name}:"\nprintf " %s" "$@"\necho\n')
        python.chmod(0o755)
    (checkout / ".dev" / "ready").write_text(hashlib.sha256(b"".join(texts[1:])).hexdigest() + "  -\n")
    for folder in ("core/raster", "algorithms", "acceptance", "simulations"):
        (checkout / "tests" / folder).mkdir(parents=True)
    (checkout / "tests" / "algorithms" / "test_worker.py").touch()

    def run(*arguments: str) -> list[str]:
        done = subprocess.run(
            [checkout / "dev", "test", *arguments], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return [line.replace(f"{checkout.resolve()}/", "") for line in done.stdout.splitlines()]

    return run


CORE = "tests --ignore=tests/algorithms --ignore=tests/acceptance"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["tests/core/raster"], ["core: -m pytest tests/core/raster"]),
        (["tests/simulations", "-x"], ["core: -m pytest -x tests/simulations"]),
        (
            ["tests/core", "tests/algorithms/test_worker.py::test_a", "-q"],
            ["core: -m pytest -q tests/core", "qgis: -m pytest -q tests/algorithms/test_worker.py::test_a"],
        ),
        # A name that a folder has, too.
        (
            ["-k", "tests"],
            [
                f"core: -m pytest -k tests {CORE}",
                "qgis: -m pytest -k tests tests/algorithms tests/acceptance",
            ],
        ),
        (["--fast", "tests/core"], ["core: -m pytest --tier fast tests/core"]),
    ],
)
def test_each_path_runs_in_its_python_with_all_options(dev, arguments, expected):
    assert dev(*arguments) == expected


@pytest.mark.parametrize(("arguments", "tier"), [([], "default"), (["--fast"], "fast"), (["--all"], "all")])
def test_without_a_path_everything_is_checked_and_the_tests_run_in_a_tier(dev, arguments, tier):
    said = dev(*arguments)
    assert said[:2] == ["core: -m ruff format --check .", "core: -m ruff check ."]
    assert any(line.startswith(f"core: -m pytest --tier {tier} -n") and line.endswith(CORE) for line in said)
