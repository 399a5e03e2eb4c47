"""Errors of a run on the standard error stream of ``qgis_process``, each printed once.

QGIS reports the error of an algorithm to the feedback and twice to its message log, whose critical messages
it prints. So one error would be printed two times with ``--json`` and three times without.
"""

from __future__ import annotations

import sys
from pathlib import Path

from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtCore import QCoreApplication

# Errors that this plugin has raised, and whether each was printed.
_errors: dict[str, bool] = {}


def announced(sentence: str) -> str:
    """Return the sentence of an error that is about to be raised, and know it when QGIS logs it."""
    _errors.setdefault(sentence, False)
    return sentence


def print_errors_once() -> None:
    """Print critical messages of QGIS's log as QGIS does, but an error of this plugin once.

    In ``qgis_process`` only: the desktop and scripts show the log in their own ways.
    """
    if not Path(QCoreApplication.applicationFilePath()).name.startswith("qgis_process"):
        return
    log = QgsApplication.messageLog()
    log.messageReceived.disconnect()
    log.messageReceived.connect(_print)


def _print(message: str, _tag: str, level: Qgis.MessageLevel) -> None:
    if level != Qgis.MessageLevel.Critical:
        return
    if message in _errors:
        is_printed, _errors[message] = _errors[message] or not _is_json(), True
        if is_printed:
            return
    print(message, file=sys.stderr)


def _is_json() -> bool:
    """Return whether the results are JSON, where the feedback prints no errors."""
    arguments = QCoreApplication.arguments()
    return "--json" in arguments or arguments[-1:] == ["-"]
