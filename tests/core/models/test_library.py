"""The library of models: a folder of good and bad files, read without their weights."""

from __future__ import annotations

import json
import os
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import ModelFileError, OutputError
from deep_land_cover.core.models import library
from deep_land_cover.core.models.library import Library, add_model, copy_model

from ...cards import model_card

KEPT = Path(__file__).parents[2] / "first_edition" / "kept"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a model without weights into a folder."""

    def write(name: str, patch_size: int = 8) -> Path:
        classes = (LandCoverClass(1, "Forest", "#228B22"), LandCoverClass(2, "Water", "#0066CC"))
        card = model_card(bands=("red",), classes=classes, patch_size=patch_size)
        header = json.dumps({"__metadata__": {"deep_land_cover": card.to_json()}}).encode()
        path = tmp_path / "downloads" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(struct.pack("<Q", len(header)) + header)
        return path

    return write


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_bad_file_has_a_reason_and_hides_no_other(tmp_path: Path, write: Write) -> None:
    folder = write("good.safetensors").parent
    shutil.copy(KEPT / "random_forest.skops", folder)
    (folder / "bomb.skops").write_bytes(b"PK\x03\x04" + b"\0" * 100)
    (folder / "huge.safetensors").write_bytes(struct.pack("<Q", 2**62))
    (folder / "folder.skops").mkdir()
    (folder / "model.pth").write_bytes(b"a pickle")
    entries = {entry.path.name: entry for entry in Library().entries(folder)}
    assert list(entries) == ["bomb.skops", "good.safetensors", "huge.safetensors", "random_forest.skops"]
    for name in ("bomb.skops", "huge.safetensors"):
        assert entries[name].card is None and isinstance(entries[name].problem, ModelFileError)
    for name in ("good.safetensors", "random_forest.skops"):
        assert entries[name].card is not None and entries[name].problem is None
    assert Library().entries(tmp_path / "absent") == []
    with pytest.raises(OutputError, match="cannot be read"):
        Library().entries(folder / "model.pth")


def test_a_file_is_read_again_only_when_it_has_changed(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path, read = write("rice.safetensors"), []
    reader = library.read_card
    monkeypatch.setattr(library, "read_card", lambda file: read.append(file) or reader(file))
    known = Library()
    (first,) = known.entries(path.parent)
    (again,) = known.entries(path.parent)
    assert again is first and read == [path]
    write("rice.safetensors", patch_size=16)
    os.utime(path, (1, 1))
    (changed,) = known.entries(path.parent)
    assert changed.card is not None and changed.card.patch_size == 16


def test_another_model_of_a_name_gets_a_number(tmp_path: Path, write: Write) -> None:
    folder = tmp_path / "library" / "models"
    first = write("rice.safetensors")
    assert add_model(first, folder) == folder / "rice.safetensors"
    assert add_model(first, folder) == folder / "rice.safetensors"
    assert add_model(folder / "rice.safetensors", folder) == folder / "rice.safetensors"
    content = first.read_bytes()
    second = write("rice.safetensors", patch_size=16)
    assert add_model(second, folder) == folder / "rice (2).safetensors"
    assert add_model(second, folder) == folder / "rice (2).safetensors"
    assert names(folder) == ["rice (2).safetensors", "rice.safetensors"]
    assert (folder / "rice.safetensors").read_bytes() == content


def test_what_is_no_model_is_not_added(tmp_path: Path, write: Write) -> None:
    folder = tmp_path / "library"
    text = tmp_path / "text.skops"
    text.write_text("no model")
    with pytest.raises(ModelFileError, match="not a model"):
        add_model(text, folder)
    with pytest.raises(ModelFileError, match=r"\.zip"):
        add_model(write("rice.zip"), folder)
    assert not folder.exists()
    with pytest.raises(OutputError, match="cannot be made"):
        add_model(write("rice.safetensors"), text / "library")


def test_a_copy_leaves_nothing_half_written(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = write("rice.safetensors")
    with pytest.raises(OutputError, match="itself"):
        copy_model(model, model)
    with pytest.raises(OutputError, match="ending"):
        copy_model(model, tmp_path / "rice.tif")

    def fail(_source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(shutil, "copyfile", fail)
    with pytest.raises(OutputError, match="Input/output error"):
        copy_model(model, tmp_path / "rice.safetensors")
    assert names(tmp_path) == ["downloads"]
