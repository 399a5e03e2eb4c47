"""Points as JSON lines, one object a line, from which QGIS makes a layer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from .errors import OutputError


def write_points(path: Path, records: Iterable[Mapping[str, str | int | float | None]]) -> None:
    """Write each record as a line; ``x`` and ``y`` of it are the point's place.

    Raises:
        OutputError: The file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8") as file:
            for record in records:
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
    except OSError as error:
        raise OutputError(
            f"The points cannot be written: {error.strerror}",
            where=str(path),
            advice="Free some space or choose another folder.",
        ) from error
