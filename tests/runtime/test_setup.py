"""Environments made by real venv and pip, from tiny wheels made here."""

from __future__ import annotations

import errno
import subprocess
import sys
from dataclasses import replace

import pytest

from deep_land_cover.core import locks
from deep_land_cover.core.errors import RunCancelled, SetupError
from deep_land_cover.runtime import lock
from deep_land_cover.runtime.packages import Package
from deep_land_cover.runtime.venv import EnvironmentRecord, environment_problem, read_record, write_record

from .conftest import PACKAGES, make_wheel

pytestmark = pytest.mark.medium


def test_an_environment_is_made_from_wheels_and_recorded_as_complete(
    make_environment, wheels, recorder, monkeypatch, tmp_path
):
    # Users' settings that would put the packages, or Python's own modules, elsewhere.
    for name, value in {
        "PIP_USER": "1",
        "PIP_TARGET": "elsewhere",
        "PYTHONPATH": ".",
        "PYTHONHOME": ".",
    }.items():
        monkeypatch.setenv(name, value if value == "1" else str(tmp_path / value))
    heard = recorder()
    python = make_environment(wheels, heard)
    command = [python, "-I", "-c", "import tiny_land; print(tiny_land.LAND)"]
    shown = subprocess.run(command, capture_output=True)
    assert shown.stdout.strip() == b"cover"
    assert environment_problem(make_environment.folder, PACKAGES) == ""
    assert read_record(make_environment.folder).versions == {"tiny-land": "1.5", "tiny-cover": "2.0"}
    assert "Successfully installed" in heard.text
    assert not (tmp_path / "elsewhere").exists()
    assert heard.positions[-1][0] == 1.0
    assert [fraction for fraction, _ in heard.positions] == sorted(
        fraction for fraction, _ in heard.positions
    )


def test_an_environment_is_kept_and_completed_and_a_damaged_one_made_anew(make_environment, wheels):
    python = make_environment(wheels, packages=PACKAGES[:1])
    witness = make_environment.folder / "witness"
    witness.touch()
    assert "another version" in environment_problem(make_environment.folder, PACKAGES)
    make_environment(wheels)
    assert witness.exists()
    assert environment_problem(make_environment.folder, PACKAGES) == ""
    next(make_environment.folder.rglob("tiny_land/__init__.py")).write_text("raise OSError('broken')\n")
    make_environment(wheels)
    assert not witness.exists()
    assert subprocess.run([python, "-I", "-c", "import tiny_land"]).returncode == 0


@pytest.mark.slow
def test_an_environment_without_its_python_is_made_anew(make_environment, wheels):
    make_environment.folder.mkdir(parents=True)
    (make_environment.folder / "pyvenv.cfg").touch()
    write_record(
        make_environment.folder, EnvironmentRecord("", "3.11", tuple(p.requirement for p in PACKAGES), {})
    )
    assert "its Python is missing" in environment_problem(make_environment.folder, PACKAGES)
    make_environment(wheels)
    assert environment_problem(make_environment.folder, PACKAGES) == ""


def test_what_is_optional_is_installed_where_it_can_be_and_never_stops_the_set_up(
    make_environment, wheels, recorder
):
    make_wheel(wheels, "tiny-swift", "3.0")
    make_wheel(wheels, "tiny-broken", "1.0", "raise ImportError('DLL load failed')\n")
    heard = recorder()
    optional = tuple(Package(f"tiny-{name}>=1", f"tiny_{name}") for name in ("swift", "absent", "broken"))
    python = make_environment(wheels, heard, optional=optional)
    assert subprocess.run([python, "-I", "-c", "import tiny_swift"]).returncode == 0
    assert environment_problem(make_environment.folder, PACKAGES) == ""
    warnings = [text for level, text in heard.lines if level == "warning"]
    assert len(warnings) == 2
    assert "tiny-absent>=1 could not be installed" in warnings[0]
    assert "DLL load failed" in warnings[1]


def test_a_package_of_files_is_installed_alone_and_never_imported(make_environment, wheels, recorder):
    make_wheel(wheels, "tiny-networks", "1.0", "raise ImportError('needs another package')\n")
    heard = recorder()
    package = Package("tiny-networks==1.0", "tiny_networks", is_data=True)
    python = make_environment(wheels, heard, optional=(package,))
    found = subprocess.run(
        [python, "-I", "-c", "import importlib.util as u; print(u.find_spec('tiny_networks').origin)"],
        capture_output=True,
        text=True,
    )
    assert "tiny_networks" in found.stdout
    assert not [text for level, text in heard.lines if level == "warning"]


def test_of_two_at_once_the_second_is_refused_and_harms_nothing(make_environment, wheels, recorder):
    make_environment(wheels)
    second = []

    def begin_another(heard):
        if not second and any("Installing from" in text for _, text in heard.positions):
            with pytest.raises(SetupError, match="already being set up") as caught:
                make_environment(wheels)
            second.append(caught.value)
        return False

    make_environment(wheels, recorder(cancel_when=begin_another))
    assert [error.where for error in second] == [str(make_environment.folder)]
    assert environment_problem(make_environment.folder, PACKAGES) == ""


def test_the_environment_of_a_worker_is_not_touched_until_the_worker_ends(
    make_environment, wheels, make_client, settings, act, recorder
):
    """Also an idle one: it imports further packages when its next run needs them."""
    python = make_environment(wheels)
    client = make_client(replace(settings, python=str(python)))
    client.run("act", act("echo", "hello"), recorder())
    witness = make_environment.folder / "witness"
    witness.touch()
    with pytest.raises(SetupError, match="is in use") as caught:
        make_environment(wheels, packages=PACKAGES[:1])
    assert caught.value.where == str(make_environment.folder)
    assert environment_problem(make_environment.folder, PACKAGES) == ""
    client.close()
    make_environment(wheels)
    assert witness.exists()


@pytest.mark.parametrize("name", ["target", "prefix", "root"])
def test_packages_go_into_the_environment_whatever_pips_configuration_says(
    make_environment, wheels, monkeypatch, tmp_path, name
):
    """The rest of the configuration stays, such as an index, a proxy and certificates."""
    configuration = tmp_path / "pip.conf"
    configuration.write_text(f"[install]\n{name} = {tmp_path / 'elsewhere'}\n[global]\nuser = true\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(configuration))
    python = make_environment(wheels)
    assert subprocess.run([python, "-I", "-c", "import tiny_land, tiny_cover"]).returncode == 0
    assert not (tmp_path / "elsewhere").exists()


def test_a_drive_without_locks_can_hold_the_environment(tmp_path, monkeypatch):
    def refuse(_descriptor):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(locks, "lock_file", refuse)
    done = []
    with lock.exclusive_lock(tmp_path / "environment"):
        done.append("set up")
    assert done


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("Creating the environment", marks=pytest.mark.slow),
        "Installing from",
        pytest.param("Loading all packages", marks=pytest.mark.slow),
    ],
)
def test_a_cancelled_set_up_is_never_taken_for_complete(make_environment, wheels, recorder, moment):
    heard = recorder(cancel_when=lambda heard: any(moment in text for _, text in heard.positions))
    with pytest.raises(RunCancelled):
        make_environment(wheels, heard)
    assert environment_problem(make_environment.folder, PACKAGES) != ""
    if moment == "Installing from":
        make_environment(wheels)
        assert environment_problem(make_environment.folder, PACKAGES) == ""


def test_a_cancel_kills_pip(program, make_environment, wheels, recorder, is_running, eventually):
    # The base Python hangs, with a child of its own, as pip does while it builds or waits.
    base = program(
        "python",
        'case "$*" in *venv*) sleep 60 & echo child $!; echo self $$; wait;; esac\n'
        f'exec "{sys.executable}" "$@"',
    )
    heard = recorder(cancel_when=lambda heard: "self" in heard.text)
    with pytest.raises(RunCancelled):
        make_environment(wheels, heard, base=base)
    pids = [int(text.split()[1]) for _, text in heard.lines]
    assert len(pids) == 2
    eventually(lambda: not any(is_running(pid) for pid in pids), seconds=5)
