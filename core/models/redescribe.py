"""Copies of model files with other class names, colours and parents. Weights and all else stay as they are.

>>> describe_again(Path("model.skops"), Path("renamed.skops"), classes, {"algorithm": "…"}, progress)
"""

from __future__ import annotations

import json
import shutil
import struct
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..classes import LandCoverClass
from ..errors import ModelFileError
from ..files import partial_file
from ..progress import Progress
from ..values import to_plain
from .card import DOCUMENT_MEMBER, METADATA_KEY, ModelCard, is_zip, read_card, read_document

_MODEL_ENDINGS = (".skops", ".safetensors")
# Headers of safetensors files end at a multiple of so many bytes.
_ALIGNMENT = 8


def describe_again(
    source: Path,
    target: Path,
    classes: Sequence[LandCoverClass],
    change: Mapping[str, str],
    progress: Progress,
) -> ModelCard:
    """Copy a model file and give it other names, colours and parents of its classes.

    The file gets its name only when it is complete and has been read again.

    Args:
        source: Path of the model file.
        target: Path of the copy.
        classes: Classes of the copy, with the values of the model in the same order.
        change: Step that is appended to ``ModelCard.changes``.
        progress: Progress reporter.

    Raises:
        ModelFileError: The file is not a model or is damaged.
        OutputError: The disk is full, or the copy cannot be written.
    """
    card = read_card(source)
    if [item.value for item in card.classes] != [item.value for item in classes]:
        raise RuntimeError("the values of the classes differ")
    with partial_file(target, progress) as part:
        try:
            _copy(source, part, classes, change)
            return read_card(part)
        except (zipfile.BadZipFile, ValueError, KeyError, struct.error) as error:
            raise ModelFileError(
                "The model file cannot be copied: {error}",
                where=str(source),
                advice="Train the model again or get a fresh copy.",
                error=error,
            ) from error


def _copy(source: Path, target: Path, classes: Sequence[LandCoverClass], change: Mapping[str, str]) -> None:
    copy = _copy_zip if is_zip(source) else _copy_network
    copy(source, target, classes, change)


def _document(text: str | None, classes: Sequence[LandCoverClass], change: Mapping[str, str]) -> str:
    """Return a document with other classes. What this version does not know of it is kept."""
    plain: dict[str, Any] = json.loads(text or "")
    plain["classes"] = [to_plain(item) for item in classes]
    plain["changes"] = [*plain.get("changes", []), dict(change)]
    return json.dumps(plain, ensure_ascii=False)


def _copy_network(
    source: Path, target: Path, classes: Sequence[LandCoverClass], change: Mapping[str, str]
) -> None:
    document = _document(read_document(source), classes, change)
    with source.open("rb") as old, target.open("wb") as new:
        (length,) = struct.unpack("<Q", old.read(8))
        header = json.loads(old.read(length))
        header["__metadata__"][METADATA_KEY] = document
        content = json.dumps(header, ensure_ascii=False).encode("utf-8")
        content += b" " * (-len(content) % _ALIGNMENT)
        new.write(struct.pack("<Q", len(content)) + content)
        shutil.copyfileobj(old, new)


def _copy_zip(
    source: Path, target: Path, classes: Sequence[LandCoverClass], change: Mapping[str, str]
) -> None:
    """Copy a model of trees or an ensemble, whose members are model files with the same classes."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            if info.filename == DOCUMENT_MEMBER:
                new.writestr(info, _document(read_document(source), classes, change), info.compress_type)
            elif Path(info.filename).suffix in _MODEL_ENDINGS and "/" in info.filename:
                with tempfile.TemporaryDirectory() as folder:
                    member, copy = Path(folder) / "member", Path(folder) / "copy"
                    with old.open(info) as content, member.open("wb") as file:
                        shutil.copyfileobj(content, file)
                    _copy(member, copy, classes, change)
                    new.write(copy, info.filename, info.compress_type)
            else:
                with old.open(info) as content, new.open(info, "w") as file:
                    shutil.copyfileobj(content, file)
