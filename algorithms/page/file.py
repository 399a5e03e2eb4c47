"""A page for print as a file: PDF, SVG or PNG."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from qgis.core import Qgis, QgsLayoutExporter, QgsPrintLayout
from qgis.PyQt.QtGui import QImage

from ...core.errors import OutputError
from ...core.files import Output, check_files, partial_file
from ...core.marks import PAGE, mark
from ...core.progress import SilentProgress

DPI = 300
# What stands in the last bytes of a whole file of each kind.
_ENDS = {".pdf": b"%%EOF", ".svg": b"</svg>", ".png": b"IEND"}
_LAST = 64
# A comment behind the end. Pictures have a field for text.
_COMMENTS = {".pdf": "%{}\n", ".svg": "<!-- {} -->\n"}


def write_page(
    layout: QgsPrintLayout, path: Path, continued: Sequence[int] = (), overwrite: bool = False
) -> list[Path]:
    """Write the layout; SVG and PNG have one file a page: its first one, and those of a continued legend.

    Args:
        layout: Whose pictures are at ``DPI`` dots an inch.
        path: Its ending says which kind of file.
        continued: Numbers of the pages on which the legend goes on, from 0.
        overwrite: Whether files of these pages that are not pages of ours may be replaced.

    Returns:
        The files: ``page.png``, ``page_2.png`` and so on.

    Raises:
        OutputError: A file could not be written whole, or not replaced.
    """
    kind = path.suffix.lower()
    if kind == ".pdf":
        _write_whole(path, lambda part: _write_pdf(layout, part))
        return [path]
    files = {0: path}
    for count, number in enumerate(continued, 2):
        files[number] = path.with_name(f"{path.stem}_{count}{path.suffix}")
    check_files([Output(str(file), (path.suffix,), PAGE) for file in [*files.values()][1:]], [], overwrite)
    write = _write_png if kind == ".png" else _write_svg
    for number, file in files.items():
        _write_whole(file, partial(write, layout, number))
    return list(files.values())


def _write_whole(path: Path, write: Callable[[str], None]) -> None:
    kind = path.suffix.lower()
    with partial_file(path, SilentProgress()) as part:
        write(str(part))
        # QGIS does not say when the disk was full.
        if not is_whole(part, kind):
            raise OutputError(
                "The page could not be written",
                where=str(path),
                advice="Free some space or choose another folder.",
            )
        if kind in _COMMENTS:
            with part.open("a", encoding="utf-8") as file:
                file.write(_COMMENTS[kind].format(mark(PAGE)))


def _write_pdf(layout: QgsPrintLayout, path: str) -> None:
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.dpi = DPI
    settings.textRenderFormat = Qgis.TextRenderFormat.AlwaysText
    QgsLayoutExporter(layout).exportToPdf(path, settings)


def _write_svg(layout: QgsPrintLayout, number: int, path: str) -> None:
    single = layout.clone()
    _keep_page(single, number)
    settings = QgsLayoutExporter.SvgExportSettings()
    settings.dpi = DPI
    # As outlines, letters look the same where the font is missing.
    settings.textRenderFormat = Qgis.TextRenderFormat.AlwaysOutlines
    QgsLayoutExporter(single).exportToSvg(path, settings)


def _write_png(layout: QgsPrintLayout, number: int, path: str) -> None:
    # exportToImage would also try to give the PNG a position, which GDAL cannot.
    image = QgsLayoutExporter(layout).renderPageToImage(number, dpi=DPI)
    image.setText("Software", mark(PAGE))
    # Without transparency, which printers and typesetters stumble over.
    image.convertToFormat(QImage.Format.Format_RGB888).save(path, "PNG")


def _keep_page(layout: QgsPrintLayout, number: int) -> None:
    pages = layout.pageCollection()
    for other in reversed(range(pages.pageCount())):
        if other != number:
            pages.deletePage(other)


def is_whole(path: Path, kind: str) -> bool:
    """Return whether a file has the end of its kind."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - _LAST))
        return _ENDS[kind] in file.read()
