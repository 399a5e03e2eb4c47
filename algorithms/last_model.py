"""The model that was used last, for the next dialog, and the offer to keep a new one in the library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis import utils
from qgis.core import Qgis, QgsSettings
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QThread, QTimer
from qgis.PyQt.QtWidgets import QPushButton

from ..core.errors import LandCoverError
from ..core.models.library import add_model
from .i18n.messages import translated_error
from .i18n.translation import tr
from .parameters.settings import PROVIDER_NAME, model_folder

_KEY = "deep_land_cover/last_model"
_OFFER_SECONDS, _OFFER_DELAY = 60, 2000
_offers: list[Any] = []


def remember_model(path: str) -> None:
    """Remember a model that has worked; without a desktop there is no dialog to open with it."""
    if utils.iface is not None:
        QgsSettings().setValue(_KEY, path)


def last_model() -> str:
    """Return the model file that was used last; empty where there is none, or it is gone."""
    path = str(QgsSettings().value(_KEY) or "")
    return path if path and Path(path).is_file() else ""


def offer_to_keep(path: str, delay: int = _OFFER_DELAY) -> None:
    """Offer in the message bar to copy a new model into the library; only in the desktop.

    An earlier offer goes, so that many trainings leave one.

    Args:
        path: Path of the model file.
        delay: Time before the offer, in milliseconds, so that QGIS's own message comes before it.
    """
    application = QCoreApplication.instance()
    # A graphical model runs its steps in another thread.
    if utils.iface is None or application is None or QThread.currentThread() != application.thread():
        return
    QTimer.singleShot(delay, lambda: _offer(Path(path), model_folder()))


def _offer(file: Path, folder: Path) -> None:
    if utils.iface is None or not file.is_file() or file.parent == folder:
        return
    bar = utils.iface.messageBar()
    while _offers:
        earlier = _offers.pop()
        if not sip.isdeleted(earlier):
            bar.popWidget(earlier)
    item = bar.createMessage(PROVIDER_NAME, tr("The model {} is complete.").format(file.name))
    button = QPushButton(tr("Add to the library of models"), item)

    def keep() -> None:
        bar.popWidget(item)
        try:
            copy = add_model(file, folder)
        except LandCoverError as error:
            bar.pushMessage(PROVIDER_NAME, translated_error(error), Qgis.MessageLevel.Warning)
            return
        bar.pushMessage(PROVIDER_NAME, tr("In the library: {}").format(copy.name), Qgis.MessageLevel.Success)

    button.clicked.connect(lambda _checked=False: keep())
    item.layout().addWidget(button)
    bar.pushWidget(item, Qgis.MessageLevel.Success, _OFFER_SECONDS)
    _offers.append(item)
