"""Where a worker's libraries keep things between runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deep_land_cover.core.errors import SetupError
from deep_land_cover.runtime.cache import cache_variables
from deep_land_cover.runtime.process_env import worker_variables


def test_the_folder_is_made_and_each_library_has_a_part_of_it(settings, tmp_path):
    folder = tmp_path / "new" / "Zwischenablage ü"
    named = cache_variables(replace(settings, cache_folder=str(folder)), {})
    assert folder.is_dir()
    assert named["TORCH_HOME"] == str(folder / "torch")
    assert len(set(named.values())) == len(named)
    assert named == cache_variables(replace(settings, usual_cache_folder=folder), {})


def test_what_the_user_set_for_one_library_stays(settings, tmp_path):
    named = cache_variables(replace(settings, cache_folder=str(tmp_path)), {"TORCH_HOME": "/weights"})
    assert "TORCH_HOME" not in named
    assert "MPLCONFIGDIR" in named
    # An empty place is none: PyTorch would take it for the folder that it happens to run in.
    named = cache_variables(replace(settings, cache_folder=str(tmp_path)), {"TORCH_HOME": ""})
    assert named["TORCH_HOME"] == str(tmp_path / "torch")


def test_the_folder_may_be_written_short(settings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))

    def place(folder):
        return cache_variables(replace(settings, cache_folder=folder), {})["TORCH_HOME"]

    assert place("~/cache") == str(tmp_path / "home" / "cache" / "torch")
    assert place("cache") == str(tmp_path / "cache" / "torch")
    assert place("~nobody-of-that-name") == str(tmp_path / "~nobody-of-that-name" / "torch")


def test_a_folder_that_was_named_and_cannot_be_written_is_an_error(settings, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SetupError, match="cache folder cannot be written") as raised:
        cache_variables(replace(settings, cache_folder=str(tmp_path / "file")), {})
    assert str(tmp_path / "file") in str(raised.value)
    assert "DEEP_LAND_COVER_CACHE_FOLDER" in str(raised.value)


def test_the_usual_folder_is_done_without_where_it_cannot_be_written(settings, tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert cache_variables(replace(settings, usual_cache_folder=tmp_path / "file" / "x"), {}) == {}
    assert cache_variables(settings, {}) == {}


def test_threads_are_left_open_unless_a_number_is_set(settings):
    assert "OMP_NUM_THREADS" not in worker_variables(settings)
    assert worker_variables(replace(settings, threads=3))["OMP_NUM_THREADS"] == "3"


def test_a_worker_gets_the_settings_and_another_one_when_they_change(
    make_client, settings, act, recorder, tmp_path, monkeypatch
):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    current = [settings]
    client = make_client(lambda: current[0])

    def worker():
        found = client.run("act", act("environment"), recorder())
        return found["pid"], found["values"]["OMP_NUM_THREADS"], found["values"].get("TORCH_HOME")

    first = worker()
    assert first[1:] == ("7", None)
    assert worker() == first
    current[0] = replace(settings, threads=1, cache_folder=str(tmp_path / "cache"))
    second = worker()
    assert second[0] != first[0]
    assert second[1:] == ("1", str(tmp_path / "cache" / "torch"))
    assert worker() == second
