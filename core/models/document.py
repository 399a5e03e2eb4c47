"""Where the model document stands in a model file; the file's content says which kind of file it is.

Only the standard library is needed, so that QGIS reads it in its own process.
"""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from pathlib import Path

METADATA_KEY = "deep_land_cover"
"""Key of the metadata of a network's safetensors file."""
DOCUMENT_MEMBER = "deep_land_cover.json"
"""Member of the zip that a skops file of trees is."""
# A safetensors header holds names and shapes; the format itself refuses more than 100 MB.
_HEADER_LIMIT = 100_000_000
_DOCUMENT_LIMIT = 10_000_000
_ZIP_START = b"PK\x03\x04"


def read_document(path: Path) -> str | None:
    """Return the document of a model file as JSON text, None where there are weights without one.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is neither safetensors nor a zip with a document, or is damaged.
    """
    document = _from_zip(path) if is_zip(path) else _from_safetensors(path)
    return document if isinstance(document, str) else None


def is_zip(path: Path) -> bool:
    """Whether the file is a zip, as models of trees are."""
    with path.open("rb") as file:
        return file.read(len(_ZIP_START)) == _ZIP_START


def _from_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            if DOCUMENT_MEMBER not in archive.namelist():
                raise ValueError("a zip of something else")
            # What a member says of its own size may be wrong, so that no more than this is unfolded.
            with archive.open(DOCUMENT_MEMBER) as member:
                content = member.read(_DOCUMENT_LIMIT + 1)
    # The last two: a password, and a compression that the standard library does not know.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise ValueError(str(error)) from error
    if len(content) > _DOCUMENT_LIMIT:
        raise ValueError("the document is larger than any model's")
    return content.decode("utf-8")


def _from_safetensors(path: Path) -> object:
    """Look into ``__metadata__``: 8 bytes of little-endian length, then a JSON header."""
    with path.open("rb") as file:
        try:
            (length,) = struct.unpack("<Q", file.read(8))
        except struct.error as error:
            raise ValueError("no safetensors header") from error
        if not 2 <= length <= _HEADER_LIMIT:
            raise ValueError("no safetensors header")
        header = json.loads(file.read(length))
    metadata = header.get("__metadata__", {}) if isinstance(header, dict) else None
    if not isinstance(metadata, dict):
        raise ValueError("no safetensors metadata")
    return metadata.get(METADATA_KEY)
