"""What cannot be set up is refused with its reason, and never taken for complete."""

from __future__ import annotations

import sys

import pytest

from deep_land_cover.core.errors import SetupError
from deep_land_cover.runtime.packages import Package
from deep_land_cover.runtime.setup import set_up
from deep_land_cover.runtime.venv import environment_problem, environment_python

from .conftest import PACKAGES, make_wheel


@pytest.mark.medium
def test_a_missing_wheel_is_named_and_the_environment_is_not_complete(make_environment, wheels):
    packages = (*PACKAGES, Package("tiny-absent>=1", "tiny_absent"))
    with pytest.raises(SetupError, match="has no wheel of tiny-absent>=1") as caught:
        make_environment(wheels, packages=packages)
    assert caught.value.where == str(wheels)
    assert environment_problem(make_environment.folder, packages) == "its set-up was not completed"


@pytest.mark.medium
def test_a_package_that_does_not_load_is_told_and_the_environment_is_not_complete(make_environment, wheels):
    make_wheel(wheels, "tiny-land", "1.6", "raise ImportError('DLL load failed')\n")
    with pytest.raises(SetupError, match=r"tiny-land does not load .*DLL load failed"):
        make_environment(wheels)
    assert environment_problem(make_environment.folder, PACKAGES) == "its set-up was not completed"


def test_a_folder_with_other_files_is_left_alone(make_environment, wheels):
    make_environment.folder.mkdir(parents=True)
    precious = make_environment.folder / "thesis.odt"
    precious.touch()
    with pytest.raises(SetupError, match="has other files"):
        make_environment(wheels)
    assert precious.exists()


def test_a_folder_of_wheels_that_does_not_exist_is_told(make_environment, tmp_path):
    with pytest.raises(SetupError, match="folder of wheels does not exist"):
        make_environment(tmp_path / "keine")


def test_a_base_python_that_does_not_exist_is_told(make_environment, wheels, tmp_path):
    with pytest.raises(SetupError, match="no Python to create the environment with"):
        make_environment(wheels, base=str(tmp_path / "keins"))


def test_an_old_base_python_is_told(make_environment, wheels, program):
    base = program("python", 'echo \'{"python": [3, 9], "versions": {}, "problems": []}\'')
    with pytest.raises(SetupError, match=r"it is Python 3\.9, but 3\.11 or later is needed"):
        make_environment(wheels, base=base)


def test_the_environments_own_python_cannot_make_it(make_environment, wheels):
    python = environment_python(make_environment.folder)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    with pytest.raises(SetupError, match="its own Python"):
        make_environment(wheels, base=str(python))


def test_a_python_without_venv_gets_the_command_that_installs_it(make_environment, wheels, program):
    base = program(
        "python",
        'case "$*" in *venv*) echo "The virtual environment was not created successfully because '
        'ensurepip is not available."; exit 1;; esac\n'
        f'exec "{sys.executable}" "$@"',
    )
    with pytest.raises(SetupError, match="apt install python3-venv"):
        make_environment(wheels, base=base)


def test_a_folder_that_cannot_be_made_is_told(wheels, recorder, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match=r"could not be created|cannot be written"):
        set_up(tmp_path / "file" / "environment", sys.executable, "auto", str(wheels), recorder(), PACKAGES)
