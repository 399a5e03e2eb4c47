"""Environments made by real venv and pip, from tiny wheels made here."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import zipfile

import pytest

from deep_land_cover.core.errors import RunCancelled, SetupError
from deep_land_cover.runtime import setup, sole_use
from deep_land_cover.runtime.packages import Package
from deep_land_cover.runtime.record import (
    EnvironmentRecord,
    environment_problem,
    environment_python,
    read_record,
    write_record,
)
from deep_land_cover.runtime.setup import set_up
from deep_land_cover.runtime.torch_build import plan_torch

pytestmark = pytest.mark.slow

PACKAGES = (Package("tiny-land>=1.0", "tiny_land"), Package("tiny-cover>=2", "tiny_cover"))


def make_wheel(folder, name, version, code="LAND = 'cover'\n", requires=""):
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    files = {
        f"{module}/__init__.py": code,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        + (f"Requires-Dist: {requires}\n" if requires else ""),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(folder / f"{module}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(path, text)


@pytest.fixture
def wheels(tmp_path):
    folder = tmp_path / "Räder und Wheels"
    folder.mkdir()
    make_wheel(folder, "tiny-land", "1.5")
    make_wheel(folder, "tiny-cover", "2.0")
    return folder


@pytest.fixture
def make(tmp_path, recorder):
    """Run set_up into a folder with spaces and umlauts."""

    def run(wheels, listener=None, packages=PACKAGES, base=sys.executable, optional=()):
        folder = tmp_path / "Profil ü" / "environment"
        heard = listener or recorder()
        return set_up(folder, base, "auto", str(wheels), heard, packages, optional)

    run.folder = tmp_path / "Profil ü" / "environment"
    return run


def test_an_environment_is_made_from_wheels_and_recorded_as_complete(
    make, wheels, recorder, monkeypatch, tmp_path
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
    python = make(wheels, heard)
    command = [python, "-I", "-c", "import tiny_land; print(tiny_land.LAND)"]
    shown = subprocess.run(command, capture_output=True)
    assert shown.stdout.strip() == b"cover"
    assert environment_problem(make.folder, PACKAGES) == ""
    assert read_record(make.folder).versions == {"tiny-land": "1.5", "tiny-cover": "2.0"}
    assert "Successfully installed" in heard.text
    assert not (tmp_path / "elsewhere").exists()
    assert heard.positions[-1][0] == 1.0
    assert [fraction for fraction, _ in heard.positions] == sorted(
        fraction for fraction, _ in heard.positions
    )


def test_an_environment_is_kept_and_completed_and_a_damaged_one_made_anew(make, wheels):
    python = make(wheels, packages=PACKAGES[:1])
    witness = make.folder / "witness"
    witness.touch()
    assert "another version" in environment_problem(make.folder, PACKAGES)
    make(wheels)
    assert witness.exists()
    assert environment_problem(make.folder, PACKAGES) == ""
    next(make.folder.rglob("tiny_land/__init__.py")).write_text("raise OSError('broken')\n")
    make(wheels)
    assert not witness.exists()
    assert subprocess.run([python, "-I", "-c", "import tiny_land"]).returncode == 0


def test_an_environment_without_its_python_is_made_anew(make, wheels):
    make.folder.mkdir(parents=True)
    (make.folder / "pyvenv.cfg").touch()
    write_record(make.folder, EnvironmentRecord("", "3.11", tuple(p.requirement for p in PACKAGES), {}))
    assert "its Python is gone" in environment_problem(make.folder, PACKAGES)
    make(wheels)
    assert environment_problem(make.folder, PACKAGES) == ""


def test_a_missing_wheel_is_named_and_the_environment_is_not_complete(make, wheels):
    packages = (*PACKAGES, Package("tiny-absent>=1", "tiny_absent"))
    with pytest.raises(SetupError, match="lacks a wheel of tiny-absent>=1") as caught:
        make(wheels, packages=packages)
    assert caught.value.where == str(wheels)
    assert environment_problem(make.folder, packages) == "its set-up was not finished"


def test_what_is_optional_is_installed_where_it_can_be_and_never_stops_the_set_up(make, wheels, recorder):
    make_wheel(wheels, "tiny-swift", "3.0")
    make_wheel(wheels, "tiny-broken", "1.0", "raise ImportError('DLL load failed')\n")
    heard = recorder()
    optional = tuple(Package(f"tiny-{name}>=1", f"tiny_{name}") for name in ("swift", "absent", "broken"))
    python = make(wheels, heard, optional=optional)
    assert subprocess.run([python, "-I", "-c", "import tiny_swift"]).returncode == 0
    assert environment_problem(make.folder, PACKAGES) == ""
    warnings = [text for level, text in heard.lines if level == "warning"]
    assert len(warnings) == 2
    assert "tiny-absent>=1 cannot be had here" in warnings[0]
    assert "DLL load failed" in warnings[1]


def test_a_package_that_does_not_load_is_told_and_the_environment_is_not_complete(make, wheels):
    make_wheel(wheels, "tiny-land", "1.6", "raise ImportError('DLL load failed')\n")
    with pytest.raises(SetupError, match=r"tiny-land does not load .*DLL load failed"):
        make(wheels)
    assert environment_problem(make.folder, PACKAGES) == "its set-up was not finished"


@pytest.mark.parametrize("moment", ["Making the environment", "Installing from", "Loading every package"])
def test_a_cancelled_set_up_is_never_taken_for_complete(make, wheels, recorder, moment):
    heard = recorder(cancel_when=lambda heard: any(moment in text for _, text in heard.positions))
    with pytest.raises(RunCancelled):
        make(wheels, heard)
    assert environment_problem(make.folder, PACKAGES) != ""
    if moment == "Installing from":
        make(wheels)
        assert environment_problem(make.folder, PACKAGES) == ""


def test_a_cancel_kills_pip(tmp_path, make, wheels, recorder, is_running, eventually):
    # The base Python hangs, with a child of its own, as pip does while it builds or waits.
    base = tmp_path / "python"
    base.write_text(
        f'#!/bin/sh\ncase "$*" in *venv*) sleep 60 & echo child $!; echo self $$; wait;; esac\n'
        f'exec "{sys.executable}" "$@"\n'
    )
    base.chmod(0o755)
    heard = recorder(cancel_when=lambda heard: "self" in heard.text)
    with pytest.raises(RunCancelled):
        make(wheels, heard, base=str(base))
    pids = [int(text.split()[1]) for _, text in heard.lines]
    assert len(pids) == 2
    eventually(lambda: not any(is_running(pid) for pid in pids), seconds=5)


def test_of_two_at_once_the_second_is_refused_and_harms_nothing(make, wheels, recorder):
    make(wheels)
    second = []

    def begin_another(heard):
        if not second and any("Installing from" in text for _, text in heard.positions):
            with pytest.raises(SetupError, match="is being set up already") as caught:
                make(wheels)
            second.append(caught.value)
        return False

    make(wheels, recorder(cancel_when=begin_another))
    assert [error.where for error in second] == [str(make.folder)]
    assert environment_problem(make.folder, PACKAGES) == ""


def test_a_drive_without_locks_can_hold_the_environment(tmp_path, monkeypatch):
    def refuse(_descriptor):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(sole_use, "_lock", refuse)
    done = []
    with sole_use.sole_use(tmp_path / "environment"):
        done.append("set up")
    assert done


def test_a_folder_with_other_files_is_left_alone(make, wheels):
    make.folder.mkdir(parents=True)
    precious = make.folder / "thesis.odt"
    precious.touch()
    with pytest.raises(SetupError, match="holds other files"):
        make(wheels)
    assert precious.exists()


def test_a_folder_of_wheels_that_does_not_exist_is_told(make, tmp_path):
    with pytest.raises(SetupError, match="folder of wheels does not exist"):
        make(tmp_path / "keine")


def test_a_base_python_that_does_not_exist_is_told(make, wheels, tmp_path):
    with pytest.raises(SetupError, match="no Python to make the environment with"):
        make(wheels, base=str(tmp_path / "keins"))


def test_an_old_base_python_is_told(make, wheels, tmp_path):
    base = tmp_path / "python"
    base.write_text('#!/bin/sh\necho \'{"python": [3, 9], "versions": {}, "problems": []}\'\n')
    base.chmod(0o755)
    with pytest.raises(SetupError, match=r"it is Python 3\.9, but 3\.11 or later is needed"):
        make(wheels, base=str(base))


def test_the_environments_own_python_cannot_make_it(make, wheels):
    python = environment_python(make.folder)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    with pytest.raises(SetupError, match="its own Python"):
        make(wheels, base=str(python))


def test_a_python_without_venv_gets_the_command_that_installs_it(make, wheels, tmp_path):
    base = tmp_path / "python"
    base.write_text(
        '#!/bin/sh\ncase "$*" in *venv*) echo "The virtual environment was not created successfully because '
        'ensurepip is not available."; exit 1;; esac\n'
        f'exec "{sys.executable}" "$@"\n'
    )
    base.chmod(0o755)
    with pytest.raises(SetupError, match="apt install python3-venv"):
        make(wheels, base=str(base))


def test_a_folder_that_cannot_be_made_is_told(wheels, recorder, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match=r"could not be made|cannot be written"):
        set_up(tmp_path / "file" / "environment", sys.executable, "auto", str(wheels), recorder(), PACKAGES)


def test_where_the_vendors_index_fails_auto_takes_the_default_one_and_cpu_does_not(
    recorder, tmp_path, monkeypatch
):
    # No index at all, and the user's own folder of wheels as the default one.
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for name in ("torch", "torchvision"):
        make_wheel(wheels, name, "9.0")
    for name, value in {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_CONFIG_FILE": os.devnull,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(setup, "plan_torch", lambda build, driver: plan_torch(build, None, "linux"))
    packages = (Package("torch>=2.6", "torch"), Package("torchvision>=0.21", "torchvision"))
    folder = tmp_path / "environment"
    heard = recorder()
    set_up(folder, sys.executable, "auto", "", heard, packages)
    assert any(level == "warning" and "the next index is tried" in text for level, text in heard.lines)
    assert read_record(folder).build == "default"
    (folder / "witness").touch()
    set_up(folder, sys.executable, "auto", "", recorder(), packages)
    assert (folder / "witness").exists()
    with pytest.raises(SetupError):
        set_up(folder, sys.executable, "cpu", "", recorder(), packages)
    assert environment_problem(folder, packages) == "its set-up was not finished"


def test_what_wants_torch_does_not_bring_another_build_of_it(recorder, tmp_path, monkeypatch):
    default, vendor = tmp_path / "default", tmp_path / "vendor"
    for folder, version in ((default, "9.0"), (vendor, "9.0+cpu")):
        folder.mkdir()
        for name in ("torch", "torchvision"):
            make_wheel(folder, name, version)
    make_wheel(default, "segmentation-models-pytorch", "1.0", requires="torch")
    environment = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(default), "PIP_CONFIG_FILE": os.devnull}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    # A folder of wheels in the place of the vendor's index, which is asked without the default one.
    pip = setup._pip

    def from_the_vendor(folder, arguments, variables, listener, start):
        if "--index-url" in arguments:
            arguments = [item for item in arguments if not item.startswith(("--index-url", "https:"))]
            variables = {"PIP_FIND_LINKS": str(vendor)}
        return pip(folder, arguments, variables, listener, start)

    monkeypatch.setattr(setup, "_pip", from_the_vendor)
    monkeypatch.setattr(setup, "plan_torch", lambda build, driver: plan_torch(build, None, "linux"))
    modules = ("torch", "torchvision", "segmentation_models_pytorch")
    packages = tuple(Package(f"{module.replace('_', '-')}>=1", module) for module in modules)
    folder = tmp_path / "environment"
    set_up(folder, sys.executable, "cpu", "", recorder(), packages)
    assert read_record(folder).build == "cpu"
    assert read_record(folder).versions["torch"] == "9.0+cpu"
