"""Library of models: the model files in a folder, each with its document or the reason why it cannot be used.

>>> library = Library()
>>> for entry in library.entries(Path("models")):
...     print(entry.path.name, entry.card.classes if entry.card else entry.problem)
>>> add_model(Path("download/rice.skops"), Path("models"))     # models/rice.skops, or "rice (2).skops"

Weights are not loaded, so that QGIS lists models in its own process, also before an environment is set up.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from ..errors import LandCoverError, ModelFileError, OutputError
from ..files import MODEL_SUFFIXES, check_output, file_checksum, is_same_file, partial_file
from ..progress import SilentProgress
from .card import ModelCard, architecture_of, read_card


@dataclass(frozen=True)
class LibraryEntry:
    """Model file of a library.

    Attributes:
        path: Path of the file.
        size: Size of the file in bytes.
        card: Model document; None where it cannot be read.
        problem: Reason why the model cannot be used; None where nothing is known against it.
    """

    path: Path
    size: int
    card: ModelCard | None
    problem: LandCoverError | None


class Library:
    """Reader of the model files of folders, which reads a file again only when it has changed."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[int, int], LibraryEntry]] = {}

    def entries(self, folder: Path) -> list[LibraryEntry]:
        """Return the model files of a folder by name, without those in folders below; none without it.

        Args:
            folder: Folder of the library.

        Raises:
            OutputError: The folder cannot be listed.
        """
        try:
            paths = sorted(folder.iterdir(), key=lambda path: path.name.casefold())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise OutputError(
                "The folder of the library cannot be read: {reason}",
                where=str(folder),
                advice="Choose another folder.",
                reason=error.strerror,
            ) from error
        is_model = (path.suffix.lower() in MODEL_SUFFIXES and not path.name.startswith(".") for path in paths)
        models = [path for path, fits in zip(paths, is_model, strict=True) if fits and not path.is_dir()]
        entries = [self._entry(path) for path in models]
        self._known = {path: item for path, item in self._known.items() if path in models}
        return entries

    def _entry(self, path: Path) -> LibraryEntry:
        try:
            state = path.stat()
            version = state.st_mtime_ns, state.st_size
        except OSError:
            # A link to a file that has gone.
            version = 0, 0
        known = self._known.get(path)
        if known is not None and known[0] == version:
            return known[1]
        entry = _read_entry(path, version[1])
        self._known[path] = version, entry
        return entry


def _read_entry(path: Path, size: int) -> LibraryEntry:
    try:
        card = read_card(path)
    except LandCoverError as error:
        return LibraryEntry(path, size, None, error)
    try:
        architecture_of(card, path)
    except LandCoverError as error:
        return LibraryEntry(path, size, card, error)
    return LibraryEntry(path, size, card, None)


def add_model(source: Path, folder: Path) -> Path:
    """Copy a model file into a library, and return the path of the copy.

    A file that the library has already is not copied again. Another file of the same name stays: the copy
    gets a number.

    Args:
        source: Path of the model file.
        folder: Folder of the library, which is made where it does not exist.

    Raises:
        ModelFileError: The file is not a model, or of an architecture that this version does not have.
        OutputError: The folder cannot be made or written, or the disk is full.
    """
    architecture_of(read_card(source), source)
    if source.suffix.lower() not in MODEL_SUFFIXES:
        raise ModelFileError(
            "The model file has the ending {ending!r}",
            where=str(source),
            advice="Rename it: models of trees end in .skops, others in .safetensors.",
            ending=source.suffix,
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            "The folder of the library cannot be made: {reason}",
            where=str(folder),
            advice="Choose another folder.",
            reason=error.strerror,
        ) from error
    target, number = folder / source.name, 1
    while os.path.lexists(target):
        if is_same_file(target, source) or _is_copy(target, source):
            return target
        number += 1
        target = folder / f"{source.stem} ({number}){source.suffix}"
    return copy_model(source, target)


def copy_model(source: Path, target: Path) -> Path:
    """Copy a model file, and return the path of the copy. An existing file is replaced.

    Args:
        source: Path of the model file.
        target: Path of the copy, with the ending of the file.

    Raises:
        OutputError: The copy has another ending, is the file itself, or cannot be written.
    """
    check_output(target, (source.suffix.lower(),))
    if is_same_file(source, target):
        raise OutputError(
            "The copy has the name of the model itself", where=str(target), advice="Choose another name."
        )
    with partial_file(target, SilentProgress()) as part:
        try:
            shutil.copyfile(source, part)
        except OSError as error:
            raise OutputError(
                "The model cannot be copied: {reason}",
                where=str(source),
                advice="Check that the file can be read, and that the disk has free space.",
                reason=error.strerror or str(error),
            ) from error
    return target


def _is_copy(first: Path, second: Path) -> bool:
    """Return whether two files have the same content."""
    try:
        return first.stat().st_size == second.stat().st_size and file_checksum(first) == file_checksum(second)
    except OSError:
        return False
