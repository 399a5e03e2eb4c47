"""What a tool and an example model are called, in the user's language."""

from __future__ import annotations

from typing import Self

from qgis.PyQt.QtGui import QIcon

from .i18n.translation import tr, tr_html
from .icons import icon_path
from .reference_links import reference_link

GROUPS = (
    "Start here",
    "Rasters",
    "Models",
    "Maps",
    "Cleaning and classes",
    "Accuracy",
    "Change",
    "Areas and print",
    "Example models",
)
"""Headings of the toolbox in the order of the work. QGIS sorts them, so they are numbered."""


class Named:
    """Answers QGIS's questions for names from class attributes; stands before the class of QGIS.

    Attributes:
        ID: Public id.
        TITLE: Name in the toolbox.
        SUMMARY: One sentence.
        HELP: Purpose, inputs, outputs, typical values, run time and common errors, as HTML.
        GROUP: Heading in the toolbox, one of ``GROUPS``.
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
        return f"{GROUPS.index(self.GROUP) + 1}. {tr(self.GROUP)}"

    def groupId(self) -> str:
        return self.GROUP.lower().replace(" ", "")

    def icon(self) -> QIcon:
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:
        return icon_path(self.ID)
