"""A finished map of the first edition is read, and a half-finished one is gone on with."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.errors import RunCancelled
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.attribute_table import read_attribute_table, sidecar_of
from deep_land_cover.core.raster.class_raster import open_class_raster
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks.classify import run
from deep_land_cover.core.values import to_plain

from ...first_edition.files import FOLDER, differences, kept, map_rows
from .conftest import request_of

OUTPUT = "unfinished.tif"
LAYERS = ("u1", "<f4")


def test_a_map_and_its_sidecar_are_read() -> None:
    path = FOLDER / "map.tif"
    with open_class_raster(RasterSource(str(path)), SilentProgress()) as raster:
        values, has_class = raster.read(raster.grid.window)
        classes = raster.own_classes()
    rows = map_rows(np.where(has_class, values, -1), [item.value for item in classes])
    assert not differences(kept("random_forest")["labels"], rows)
    table = read_attribute_table(sidecar_of(path))
    assert [(value, name) for value, name, _ in table] == [(item.value, item.name) for item in classes]
    with zipfile.ZipFile(FOLDER / "random_forest.skops") as model:
        document = json.loads(model.read("deep_land_cover.json"))
    assert to_plain(classes) == document["classes"]


class CancelledAtOnce(SilentProgress):
    """Cancels when the first tile is done."""

    stopped = False

    def update(self, fraction: float, text: str = "", **values: object) -> None:
        self.stopped |= fraction > 0.3

    def check_cancelled(self) -> None:
        if self.stopped:
            raise RunCancelled


def todays_head(forest: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what a run of today writes into the first line of its journal."""
    from deep_land_cover.core.tasks import classify as job

    with monkeypatch.context() as patched:
        patched.setattr(job, "tile_size", lambda *_: 16)
        with pytest.raises(RunCancelled):
            run(request_of(forest, OUTPUT), CancelledAtOnce())
    journal = Path(f"{OUTPUT}.journal")
    head: dict[str, Any] = json.loads(journal.read_text(encoding="ascii").splitlines()[0])
    for path in (journal, Path(f"{OUTPUT}.part")):
        path.unlink()
    return head


def stored_tiles() -> list[tuple[dict[str, int], list[Any]]]:
    """Return the finished tiles of the half-finished map, read by hand."""
    content = (FOLDER / f"{OUTPUT}.part").read_bytes()
    lines = (FOLDER / f"{OUTPUT}.journal").read_text(encoding="ascii").splitlines()[1:]
    tiles = []
    for line in lines:
        entry = json.loads(line)["finished"]
        place, start, layers = entry["tile"], entry["offset"], []
        for number, size in enumerate(entry["sizes"]):
            pixels = np.frombuffer(zlib.decompress(content[start : start + size]), LAYERS[min(number, 1)])
            layers.append(pixels.reshape(place["height"], place["width"]))
            start += size
        tiles.append((place, layers))
    return tiles


def lay_out(head: dict[str, Any]) -> None:
    """Put the half-finished map into the working folder, with another first line of its journal."""
    Path(f"{OUTPUT}.part").write_bytes((FOLDER / f"{OUTPUT}.part").read_bytes())
    _, *lines = (FOLDER / f"{OUTPUT}.journal").read_text(encoding="ascii").splitlines()
    text = "".join(f"{line}\n" for line in (json.dumps(head), *lines))
    Path(f"{OUTPUT}.journal").write_text(text, encoding="ascii")


def test_finished_tiles_are_taken_bit_for_bit(
    forest: Path,
    classified: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    usable_trees: None,
) -> None:
    stored = json.loads((FOLDER / f"{OUTPUT}.journal").read_text(encoding="ascii").splitlines()[0])
    today = todays_head(forest, monkeypatch)
    assert set(stored["subject"]) <= set(today["subject"]) and set(stored["execution"]) <= set(
        today["execution"]
    )
    # A file's time of change, the processor and the versions are those of today; so is what is new.
    head = {
        **stored,
        "subject": today["subject"],
        "execution": {
            **today["execution"],
            **{
                name: stored["execution"][name]
                for name in ("tile_size", "batch_size", "threads", "was_halved")
            },
        },
    }
    lay_out(head)
    values, classes, shares, progress = classified(forest, output=OUTPUT)
    tiles = stored_tiles()
    assert 0 < len(tiles) < 6
    said = f"{len(tiles)} tile{'' if len(tiles) == 1 else 's'}"
    assert any(said in text and level == "info" for level, text in progress.lines)
    for place, layers in tiles:
        rows = slice(place["row"], place["row"] + place["height"])
        columns = slice(place["column"], place["column"] + place["width"])
        assert np.array_equal(values[rows, columns], layers[0])
        for band, layer in enumerate(layers[1:]):
            assert shares[band, rows, columns].tobytes() == layer.tobytes()
    done = sum(int(np.count_nonzero(np.isfinite(layers[1]))) for _, layers in tiles)
    said = [text for _, text in progress.lines if text.startswith("Classified ")]
    left = int(np.count_nonzero(np.isfinite(shares[0]))) - done
    assert said and said[0].startswith(f"Classified {left:,} patches ")
    # What was left is as the first edition would have done it.
    assert not differences(kept("random_forest")["labels"], map_rows(values, classes))


@pytest.mark.parametrize("package", ["Deep Land Cover", "GDAL"])
def test_another_version_starts_again_and_says_why(
    forest: Path,
    classified: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    package: str,
    usable_trees: None,
) -> None:
    head = todays_head(forest, monkeypatch)
    head["execution"]["tile_size"] = 16
    head["execution"]["versions"][package] = "0.0.1"
    lay_out(head)
    values, _, _, progress = classified(forest, output=OUTPUT)
    warnings = [text for level, text in progress.lines if level == "warning"]
    assert any(f"the version of {package} has changed" in text for text in warnings)
    assert any(
        text.startswith(f"Classified {np.count_nonzero(values != 255):,} ") for _, text in progress.lines
    )
