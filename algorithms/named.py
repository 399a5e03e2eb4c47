"""What a tool and an example model are called, in the user's language."""

from __future__ import annotations

from typing import Self

from qgis.PyQt.QtGui import QIcon

from .i18n.translation import tr, tr_html
from .icons import icon_path
from .reference_links import reference_link


class Named:
    """Answers QGIS's questions for names from class attributes; stands before the class of QGIS.

    Attributes:
        ID: Public id.
        TITLE: Name in the toolbox.
        SUMMARY: One sentence.
        HELP: Purpose, inputs, outputs, typical values, run time and common errors, as HTML.
        GROUP: Heading in the toolbox.
    """

    ID = ""
    TITLE = ""
    SUMMARY = ""
    HELP = ""
    GROUP = ""

    def createInstance(self) -> Self:
        return type(self)()

    def name(self) -> str:
        return self.ID

    def displayName(self) -> str:
        return tr(self.TITLE)

    def shortDescription(self) -> str:
        return tr(self.SUMMARY)

    def shortHelpString(self) -> str:
        return tr_html(self.HELP)

    def helpUrl(self) -> str:
        return reference_link(self.ID)

    def group(self) -> str:
        return tr(self.GROUP)

    def groupId(self) -> str:
        return self.GROUP.lower().replace(" ", "")

    def icon(self) -> QIcon:
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:
        return icon_path(self.ID)
