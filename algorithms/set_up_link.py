"""A link that sets the environment up, for QGIS's own dialogs, in which a plugin has no buttons."""

from __future__ import annotations

from collections.abc import Callable

from qgis import utils
from qgis.PyQt.QtCore import QObject, QTimer, QUrl, pyqtSlot
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QApplication

from .i18n.translation import tr

_SCHEME = "deeplandcover"


def set_up_link() -> str:
    """Return the link as HTML, behind a text; empty without a desktop, where nobody could click it."""
    if utils.iface is None:
        return ""
    return f'<p><a href="{_SCHEME}:setup">{tr("Set up now")}</a></p>'


class SetUpLink(QObject):
    """Handler of the link, until ``remove``: it closes the link's dialog and starts the set-up.

    Args:
        set_up: Sets the environment up.
    """

    def __init__(self, set_up: Callable[[], object]) -> None:
        super().__init__()
        self._set_up = set_up
        QDesktopServices.setUrlHandler(_SCHEME, self, "follow")

    @pyqtSlot(QUrl)
    def follow(self, _url: QUrl) -> None:
        """Close the dialog and set up; called by Qt."""
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            dialog.close()
        # When the dialog has gone, for it blocks all others.
        QTimer.singleShot(0, self._set_up)

    def remove(self) -> None:
        """Take the link's meaning back."""
        QDesktopServices.unsetUrlHandler(_SCHEME)
