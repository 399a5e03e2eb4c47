"""Points that the plugin AcATaMa has labelled: their fields, by which they are recognised.

AcATaMa writes ``ID``, ``Label``, ``Is labeled as``, ``In thematic map as`` and ``Match`` where its classes
are those of a map, else ``ID``, ``Label`` and ``Label ID``. A Shapefile cuts the names to ten characters.
(SMByC/AcATaMa, ``core/response_design.py``, ``save_sampling_labeled``, version of 2026-08-15.)
"""

from __future__ import annotations

from collections.abc import Sequence

from ...core.text import untranslated

ID = "ID"
_CLASS = untranslated("Is labeled as"), untranslated("Is labeled")
_MAPPED = untranslated("In thematic map as"), untranslated("In themati")
_NAME, _NUMBER = untranslated("Label"), untranslated("Label ID")


def label_field(names: Sequence[str]) -> str:
    """Return the field with the label of points that AcATaMa wrote; empty for other points.

    Class values where they are known, else the names of the buttons.

    Args:
        names: Names of the fields.
    """
    if not {ID, _NAME} <= set(names):
        return ""
    found = [name for name in _CLASS if name in names]
    return found[0] if found else _NAME if _NUMBER in names else ""


def mapped_field(names: Sequence[str]) -> str:
    """Return the field with the class of the map in points that AcATaMa wrote; empty without one."""
    found = [name for name in _MAPPED if name in names]
    return found[0] if found and label_field(names) else ""
