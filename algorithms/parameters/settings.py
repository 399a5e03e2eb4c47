"""The provider's settings in Processing's options, and what the runtime gets of them.

Each setting has the name of an environment variable, which holds where the setting is left as it is
at first: so servers, and all users of a machine, can be given other values.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from processing.core.ProcessingConfig import ProcessingConfig, Setting
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QStandardPaths

from ...core.errors import ParameterError
from ...runtime.settings import RuntimeSettings
from ..i18n.translation import tr

PROVIDER_NAME = "Deep Land Cover"
PYTHON_SETTING = "DEEP_LAND_COVER_PYTHON"
DEVICE_SETTING = "DEEP_LAND_COVER_DEVICE"
PRECISION_SETTING = "DEEP_LAND_COVER_PRECISION"
THREADS_SETTING = "DEEP_LAND_COVER_THREADS"
IDLE_SETTING = "DEEP_LAND_COVER_IDLE_MINUTES"
CACHE_SETTING = "DEEP_LAND_COVER_CACHE_FOLDER"
MODELS_SETTING = "DEEP_LAND_COVER_MODEL_FOLDER"
IDLE_MINUTES = 10
AUTO = "auto"
DEVICES = (AUTO, "cpu", "cuda", "cuda:0", "cuda:1", "mps")
PRECISIONS = (AUTO, "fp32", "bf16")
"""Those that both training and classification know."""


def runtime_settings() -> RuntimeSettings:
    """Return what the runtime needs to know of QGIS, as plain values.

    Raises:
        ParameterError: A number is none.
    """
    from ...runtime.interpreter import host_python

    caches = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericCacheLocation)
    return RuntimeSettings(
        # What the environment says of it is read where interpreters are looked for.
        python=str(ProcessingConfig.getSetting(PYTHON_SETTING) or "").strip(),
        environment_folder=Path(QgsApplication.qgisSettingsDirPath()) / "deep_land_cover" / "environment",
        host_python=host_python(),
        idle_seconds=60.0 * _number(IDLE_SETTING, IDLE_MINUTES),
        cache_folder=_text(CACHE_SETTING),
        usual_cache_folder=Path(caches) / "deep_land_cover" if caches else None,
        threads=_number(THREADS_SETTING, 0),
    )


def model_folder() -> Path:
    """Return the folder of the library of models, which may not exist yet."""
    chosen = _text(MODELS_SETTING)
    return Path(chosen) if chosen else usual_model_folder()


def usual_model_folder() -> Path:
    """Return the folder of the library where none was chosen."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "deep_land_cover" / "models"


def choose_model_folder(folder: Path) -> None:
    """Let the library of models be in a folder.

    Args:
        folder: The folder; the usual one leaves the setting empty, so that it follows the user profile.
    """
    value = "" if folder == usual_model_folder() else str(folder)
    ProcessingConfig.setSettingValue(MODELS_SETTING, value)


def default_device() -> str:
    """Return the device that ``auto`` stands for; ``auto`` where that was left open."""
    return _text(DEVICE_SETTING, AUTO)


def default_precision() -> str:
    """Return the precision that ``auto`` stands for; ``auto`` where that was left open.

    Raises:
        ParameterError: It is none of ``PRECISIONS``.
    """
    value = _text(PRECISION_SETTING, AUTO)
    if value not in PRECISIONS:
        raise ParameterError(
            "There is no default precision {value!r}",
            where=PRECISION_SETTING,
            advice="Use one of: {precisions}.",
            value=value,
            precisions=", ".join(PRECISIONS),
        )
    return value


def make_settings() -> list[Setting]:
    """Return the entries for Processing's options, under the provider."""
    return [
        _setting(
            PYTHON_SETTING, tr("Python interpreter (empty: the plugin's own environment)"), "", Setting.FILE
        ),
        _choice(DEVICE_SETTING, tr("Default device"), DEVICES),
        _choice(PRECISION_SETTING, tr("Default precision"), PRECISIONS),
        _setting(THREADS_SETTING, tr("Processor threads (0: all)"), 0, Setting.INT, _check_number),
        _setting(
            IDLE_SETTING,
            tr("Minutes after which an idle worker process ends"),
            IDLE_MINUTES,
            Setting.INT,
            _check_number,
        ),
        # Any path will do, as the folder is made when it is needed.
        _setting(CACHE_SETTING, tr("Cache folder (empty: the system's)"), "", Setting.FOLDER, str),
        _setting(
            MODELS_SETTING, tr("Library of models (empty: in the user profile)"), "", Setting.FOLDER, str
        ),
    ]


def _setting(
    name: str, text: str, value: Any, kind: int, check: Callable[[str], Any] | None = None
) -> Setting:
    return Setting(PROVIDER_NAME, name, text, value, valuetype=kind, validator=check)


def _choice(name: str, text: str, choices: Sequence[str]) -> Setting:
    kind = Setting.SELECTION_STORE_STRING
    return Setting(PROVIDER_NAME, name, text, choices[0], valuetype=kind, options=list(choices))


def _text(name: str, default: str = "") -> str:
    """Return a setting's value; where it is the default, that of the environment variable of its name."""
    setting = ProcessingConfig.getSetting(name)
    # 0 is a value.
    value = "" if setting is None else str(setting).strip()
    return value if value not in ("", default) else os.environ.get(name, "").strip() or default


def _number(name: str, default: int) -> int:
    text = _text(name, str(default))
    try:
        return _check_number(text)
    except ValueError as error:
        raise ParameterError(str(error), where=name, advice="Correct the setting or the variable.") from error


def _check_number(text: str) -> int:
    """Return the whole number that the user wrote.

    Raises:
        ValueError: It is none, or negative; in the user's words, as Processing's options show them.
    """
    if not str(text).strip().isdecimal():
        raise ValueError(tr("{} is no whole number from 0 on").format(repr(str(text))))
    return int(text)
