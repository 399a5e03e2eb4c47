"""XML files of QGIS that users give: styles and layout templates."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtCore import QXmlStreamReader
from qgis.PyQt.QtXml import QDomDocument

from ...core.files import read_text_file

_MAX_BYTES = 64_000_000
# Qt follows the elements of a document by recursion, which ends the process where they are nested too deeply.
_MAX_DEPTH = 200


def read_xml(path: Path) -> QDomDocument:
    """Return the document of a file; an empty one where the file is not XML, or nested too deeply.

    Raises:
        OSError: The file cannot be read.
        UnicodeDecodeError: The file is not UTF-8 text.
        ParameterError: The file is too large.
    """
    text = read_text_file(path, _MAX_BYTES)
    document = QDomDocument()
    if _is_flat(text):
        document.setContent(text)
    return document


def _is_flat(text: str) -> bool:
    reader = QXmlStreamReader(text)
    depth = 0
    while not reader.atEnd() and depth <= _MAX_DEPTH:
        token = reader.readNext()
        depth += token == QXmlStreamReader.TokenType.StartElement
        depth -= token == QXmlStreamReader.TokenType.EndElement
    return depth <= _MAX_DEPTH
