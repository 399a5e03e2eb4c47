"""A page for print as a file: PDF, SVG or PNG."""

from __future__ import annotations

import os
from pathlib import Path

from qgis.core import Qgis, QgsLayoutExporter, QgsPrintLayout
from qgis.PyQt.QtGui import QImage

from ...core.errors import OutputError
from ...core.files import partial_file
from ...core.marks import PAGE, mark
from ...core.progress import SilentProgress

DPI = 300
# What stands in the last bytes of a whole file of each kind.
_ENDS = {".pdf": b"%%EOF", ".svg": b"</svg>", ".png": b"IEND"}
_LAST = 64
# A comment behind the end. Pictures have a field for text.
_COMMENTS = {".pdf": "%{}\n", ".svg": "<!-- {} -->\n"}


def write_page(layout: QgsPrintLayout, path: Path) -> None:
    """Write the layout; SVG and PNG have its first page only.

    Args:
        layout: Whose pictures are at ``DPI`` dots an inch.
        path: Its ending says which kind of file.

    Raises:
        OutputError: The file could not be written whole, or not replaced.
    """
    kind = path.suffix.lower()
    with partial_file(path, SilentProgress()) as part:
        {".pdf": _write_pdf, ".svg": _write_svg, ".png": _write_png}[kind](layout, str(part))
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


def _write_svg(layout: QgsPrintLayout, path: str) -> None:
    _keep_first_page(layout)
    settings = QgsLayoutExporter.SvgExportSettings()
    settings.dpi = DPI
    # As outlines, letters look the same where the font is missing.
    settings.textRenderFormat = Qgis.TextRenderFormat.AlwaysOutlines
    QgsLayoutExporter(layout).exportToSvg(path, settings)


def _write_png(layout: QgsPrintLayout, path: str) -> None:
    # exportToImage would also try to give the PNG a position, which GDAL cannot.
    image = QgsLayoutExporter(layout).renderPageToImage(0, dpi=DPI)
    image.setText("Software", mark(PAGE))
    # Without transparency, which printers and typesetters stumble over.
    image.convertToFormat(QImage.Format.Format_RGB888).save(path, "PNG")


def _keep_first_page(layout: QgsPrintLayout) -> None:
    pages = layout.pageCollection()
    while pages.pageCount() > 1:
        pages.deletePage(pages.pageCount() - 1)


def is_whole(path: Path, kind: str) -> bool:
    """Return whether a file has the end of its kind."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - _LAST))
        return _ENDS[kind] in file.read()
