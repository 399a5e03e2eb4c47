"""A worker starts from the Python of the settings, untouched by what lies around, or says why not."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from deep_land_cover.core import errors


def test_an_interpreter_that_is_no_program_is_a_setup_error(make_client, settings, act, recorder, tmp_path):
    with pytest.raises(errors.SetupError, match="is not a program") as caught:
        make_client(replace(settings, python=str(tmp_path / "keins"))).run("act", act("echo"), recorder())
    assert caught.value.where == str(tmp_path / "keins")


def test_an_interpreter_that_cannot_start_is_a_setup_error(make_client, settings, act, recorder, tmp_path):
    program = tmp_path / "python"
    program.write_bytes(b"\x7fELF nonsense")
    program.chmod(0o755)
    with pytest.raises(errors.SetupError, match="does not start"):
        make_client(replace(settings, python=str(program))).run("act", act("echo"), recorder())


def test_an_interpreter_that_is_another_program_is_told_with_its_last_line(
    make_client, settings, act, recorder, program
):
    python = program("python", "echo '[1, 2]'\necho something else >&2\nexit 7")
    with pytest.raises(errors.WorkerError) as caught:
        make_client(replace(settings, python=python)).run("act", act("echo"), recorder())
    assert "ended with exit code 7 before it was ready" in str(caught.value)
    assert "something else" in str(caught.value)


def test_lines_that_are_no_messages_are_passed_over(make_client, settings, act, recorder, program):
    python = program("python", f'echo hello\necho \'{{"a": 1}}\'\nexec "{sys.executable}" "$@"')
    client = make_client(replace(settings, python=python))
    assert client.run("act", act("echo", "gut"), recorder())["text"] == "gut"


def test_nothing_of_the_neighbourhood_reaches_the_worker(client, act, recorder, tmp_path, monkeypatch):
    poison = tmp_path / "poison"
    for name in ("numpy", "json"):
        (poison / name).mkdir(parents=True)
        (poison / name / "__init__.py").write_text("raise RuntimeError('poisoned')")
    monkeypatch.chdir(poison)
    for name, value in {
        "PYTHONPATH": str(poison),
        "PYTHONHOME": str(poison),
        "PYTHONSTARTUP": str(poison / "x.py"),
        "PYTHONEXECUTABLE": "/nowhere/python",
        "VIRTUAL_ENV": str(poison),
        "PROJ_LIB": str(poison),
        "PROJ_DATA": str(poison),
        "GDAL_DATA": str(poison),
        "GDAL_DRIVER_PATH": str(poison),
        "QGIS_PREFIX_PATH": str(poison),
        "LD_LIBRARY_PATH": str(poison),
        "HTTPS_PROXY": "http://proxy.example:3128",
        "AWS_PROFILE": "karten",
        "DEEP_TEXT": "日本",
    }.items():
        monkeypatch.setenv(name, value)
    values = client.run("act", act("environment"), recorder())["values"]
    # GDAL's options for caches and servers are harmless; its folders are not.
    dropped = ("PYTHON", "VIRTUAL_ENV", "PROJ_", "GDAL_DATA", "GDAL_DRIVER_PATH", "QGIS_", "LD_LIBRARY_PATH")
    assert not [name for name in values if name.startswith(dropped)]
    assert values["HTTPS_PROXY"] == "http://proxy.example:3128"
    assert values["AWS_PROFILE"] == "karten"
    assert values["DEEP_TEXT"] == "日本"
    assert str(poison) not in values["@path"]
    assert "poison" not in values["@json"] + values["@numpy"]
    assert (values["@isolated"], values["@utf8"]) == ("1", "1")
    assert Path(values["@cwd"]) == poison  # so that relative paths mean what the user meant
