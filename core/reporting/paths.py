"""Where the parts of a report lie, and whether they may be written there; imports nothing heavy."""

from __future__ import annotations

from pathlib import Path

from ..errors import OutputError
from ..files import check_output

# What a report's JSON begins with, so that it is known from other files of that name.
MARK = "deep_land_cover_report"


def json_path(page: Path) -> Path:
    """Return where the content of a report lies: ``NAME.json``."""
    return page.with_suffix(".json")


def figure_folder(page: Path) -> Path:
    """Return where the figures of a report lie: ``NAME_figures``."""
    return page.with_name(f"{page.stem}_figures")


def check_report(page: Path) -> None:
    """Refuse a report that cannot be written, before any work is done.

    Raises:
        OutputError: The ending is not ``.html``, the folder does not exist or cannot be written, or
            what would lie beside the page would replace something that is no report.
    """
    check_output(page, (".html", ".htm"))
    beside, folder = json_path(page), figure_folder(page)
    if beside.exists() and not _is_report(beside):
        raise OutputError(
            "The report's content would replace a file that is no report",
            where=str(beside),
            advice="Choose another name for the report.",
        )
    if folder.exists() and not folder.is_dir():
        raise OutputError(
            "There is a file where the report's figures would lie",
            where=str(folder),
            advice="Choose another name for the report.",
        )


def _is_report(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return MARK.encode() in file.read(100)
