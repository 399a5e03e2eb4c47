"""Finished tiles survive whatever stops a run, and are only used by the very same run."""

from dataclasses import replace

import numpy as np
import pytest

from deep_land_cover.core.errors import OutputError
from deep_land_cover.core.inference.tile_store import (
    Execution,
    FinishedTile,
    Journal,
    journal_path,
    open_store,
    part_path,
    read_journal,
)
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import Tile

HOW = Execution(256, 64, 2, "torch", "fp32", "CPU, AVX512", {"torch": "2.6", "GDAL": "3.9"})
RUN = Journal({"the model": "abc", "STRIDE": "1"}, HOW)
TYPES = ("uint8", "float32")
TILES = [Tile(0, 0, 3, 4), Tile(0, 4, 3, 2), Tile(3, 0, 2, 4)]


class Stopped(Exception):
    """Whatever stops a run."""


def pixels(tile):
    random = np.random.default_rng(tile.row * 10 + tile.column)
    shape = tile.height, tile.width
    return [random.integers(0, 255, shape, dtype=np.uint8), random.random(shape, dtype=np.float32)]


def finish(store, tiles):
    for tile in tiles:
        store.add(FinishedTile(tile, pixels(tile), 7))


@pytest.fixture
def stopped(tmp_path):
    """Leave two finished tiles of a run that was stopped."""
    with (
        pytest.raises(Stopped),
        open_store(tmp_path / "map.tif", RUN, TYPES, True, SilentProgress()) as store,
    ):
        finish(store, TILES[:2])
        raise Stopped
    return tmp_path / "map.tif"


def reopened(output, run=RUN, types=TYPES):
    """Return the tiles that another run finds, and what it says."""
    progress = SilentProgress()
    with pytest.raises(Stopped), open_store(output, run, types, True, progress) as store:
        found = {tile: [store.layer(tile, 0), store.layer(tile, 1)] for tile in store.entries}
        execution = store.execution
        # So that what is found can be looked at again.
        if not store.entries:
            finish(store, TILES[:1])
        raise Stopped
    return found, execution, [text for _, text in progress.lines]


def test_the_pixels_come_back_as_they_were(stopped):
    found, _, lines = reopened(stopped)
    assert list(found) == TILES[:2]
    for tile, layers in found.items():
        for layer, expected in zip(layers, pixels(tile), strict=True):
            assert layer.dtype == expected.dtype and np.array_equal(layer, expected)
    assert "Resuming: 2 tiles are already finished." in lines


def test_both_files_are_gone_after_a_run_that_ends_well(tmp_path):
    with open_store(tmp_path / "map.tif", RUN, TYPES, True, SilentProgress()) as store:
        finish(store, TILES)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["map.tif.journal", "map.tif.part"]
    assert not list(tmp_path.iterdir())


def test_nothing_is_left_where_no_tile_was_finished(tmp_path):
    with pytest.raises(Stopped), open_store(tmp_path / "map.tif", RUN, TYPES, True, SilentProgress()):
        raise Stopped
    assert not list(tmp_path.iterdir())


def test_without_resume_nothing_is_left_and_the_parent_knows_what_to_remove(tmp_path):
    temporaries = []
    progress = SilentProgress()
    progress.temporary = temporaries.append
    with pytest.raises(Stopped), open_store(tmp_path / "map.tif", RUN, TYPES, False, progress) as store:
        finish(store, TILES)
        raise Stopped
    assert not list(tmp_path.iterdir())
    assert {str(tmp_path / "map.tif.part"), str(tmp_path / "map.tif.journal")} <= set(temporaries)


@pytest.mark.parametrize(
    ("run", "says"),
    [
        (replace(RUN, subject={"the model": "xyz", "STRIDE": "1"}), "the model has changed"),
        (replace(RUN, subject={"the model": "abc", "STRIDE": "2"}), "STRIDE has changed"),
        (replace(RUN, subject={**RUN.subject, "TTA": "4"}), "TTA has changed"),
        (replace(RUN, execution=replace(HOW, backend="openvino")), "(from torch to openvino)"),
        (replace(RUN, execution=replace(HOW, precision="bf16")), "(from fp32 to bf16)"),
        (replace(RUN, execution=replace(HOW, device="CPU, AVX2")), "device has changed"),
        (replace(RUN, execution=replace(HOW, versions={"torch": "2.7", "GDAL": "3.9"})), "version of torch"),
    ],
)
def test_another_run_starts_afresh_and_says_why(stopped, run, says):
    found, _, lines = reopened(stopped, run)
    assert not found
    assert any(says in line and "restarts" in line for line in lines)


def test_tiles_batch_and_threads_are_those_of_the_run_that_is_gone_on_with(stopped):
    mine = replace(HOW, tile_size=512, batch_size=8, threads=1)
    found, execution, _ = reopened(stopped, replace(RUN, execution=mine))
    assert len(found) == 2
    assert execution == HOW


def test_a_halved_batch_is_remembered(tmp_path):
    output = tmp_path / "map.tif"
    with pytest.raises(Stopped), open_store(output, RUN, TYPES, True, SilentProgress()) as store:
        finish(store, TILES[:1])
        store.note_halving(32)
        finish(store, TILES[1:2])
        raise Stopped
    for _ in range(2):
        found, execution, _ = reopened(output)
        assert len(found) == 2
        assert (execution.batch_size, execution.was_halved) == (32, True)


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_journal_that_a_crash_cut_short_counts_up_to_there(stopped, cut):
    content = journal_path(stopped).read_bytes()
    journal_path(stopped).write_bytes(content[:-cut])
    assert list(reopened(stopped)[0]) == TILES[:1]


@pytest.mark.parametrize("keep", [0, 1, 10])
def test_a_journal_without_its_first_line_is_none(stopped, keep):
    journal_path(stopped).write_bytes(journal_path(stopped).read_bytes()[:keep])
    assert read_journal(journal_path(stopped)) is None
    assert not reopened(stopped)[0]


def test_pixels_that_are_not_what_the_journal_says_are_computed_again(stopped):
    content = bytearray(part_path(stopped).read_bytes())
    content[-1] ^= 1
    part_path(stopped).write_bytes(content)
    assert list(reopened(stopped)[0]) == TILES[:1]


def test_pixels_that_never_reached_the_disk_are_computed_again(stopped):
    content = part_path(stopped).read_bytes()
    part_path(stopped).write_bytes(content[:-5])
    assert list(reopened(stopped)[0]) == TILES[:1]


def test_what_a_crash_left_behind_the_last_whole_tile_does_no_harm(stopped):
    with part_path(stopped).open("ab") as part:
        part.write(b"half a tile")
    with pytest.raises(Stopped), open_store(stopped, RUN, TYPES, True, SilentProgress()) as store:
        finish(store, TILES[2:])
        raise Stopped
    found, _, _ = reopened(stopped)
    assert list(found) == TILES
    assert all(np.array_equal(found[tile][1], pixels(tile)[1]) for tile in TILES)


def test_a_full_disk_is_named_and_what_is_finished_stays(small_disk):
    output = small_disk / "map.tif"
    noise = np.random.default_rng(0).integers(0, 255, (300, 300), dtype=np.uint8)
    with pytest.raises(OutputError, match="disk is full") as caught:
        with open_store(output, RUN, ("uint8",), True, SilentProgress()) as store:
            for row in range(20):
                store.add(FinishedTile(Tile(row * 300, 0, 300, 300), [noise], 1))
    assert str(small_disk) in caught.value.where
    assert sorted(path.name for path in small_disk.iterdir()) == ["map.tif.journal", "map.tif.part"]
    with open_store(output, RUN, ("uint8",), True, SilentProgress()) as store:
        assert len(store.entries) >= 1
        assert all(np.array_equal(store.layer(tile, 0), noise) for tile in store.entries)
