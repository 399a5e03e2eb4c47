"""Sentences of the page that labels points: which point it is, what is known of it, and the time left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.core import QgsFeature

from ..algorithms.i18n.translation import tr, tr_number
from .class_lists import ClassChoice
from .label_store import LabelFields, LabelStore

_HINTS = ("stratum_name", "predicted_name", "stratum", "predicted")


def title_text(
    store: LabelStore | None, feature: QgsFeature | None, place: tuple[int, int], is_deciding: bool
) -> str:
    """Return which point it is.

    Args:
        store: Labels of the layer; None where none is chosen.
        feature: Current point; None where there is none.
        place: Its number, and how many points there are.
        is_deciding: Whether disputed points are decided on.
    """
    if store is None:
        return tr("Choose a layer of points")
    if feature is None:
        return tr("No disputed points") if is_deciding else tr("The layer has no points")
    number = store.value(feature, "id")
    if number is None or number == place[0]:
        return tr("Point {} of {}").format(*place)
    return tr("Point {} of {} (id {})").format(*place, number)


def state_text(
    store: LabelStore | None,
    feature: QgsFeature | None,
    label: Any,
    titles: Mapping[Any, str],
    asked: str | None,
    has_hint: bool,
) -> str:
    """Return what is known of a point, a line each.

    Args:
        store: Labels of the layer; None where none is chosen.
        feature: Current point; None where there is none.
        label: Its label; None without one.
        titles: Title of each class by the label that is stored.
        asked: Class field on which two interpreters are compared; None where there is one.
        has_hint: Whether the class in the map may be seen.
    """
    if store is None or feature is None:
        return ""
    parts = [tr("Not labelled yet") if label is None else tr("Labelled: {}").format(titles.get(label, label))]
    for number in (1, 2) if asked is not None else ():
        fields = LabelFields.of_interpreter(asked, number)
        own = store.value(feature, fields.label)
        who = store.value(feature, fields.who) or tr("Interpreter {}").format(number)
        note = store.value(feature, fields.note)
        text = f"{who}: {titles.get(own, own)}"
        parts.append(f"{text} ({note})" if note else text)
    if has_hint:
        hint = next((store.value(feature, name) for name in _HINTS if store.field(name) >= 0), None)
        if hint is not None:
            parts.append(tr("In the map: {}").format(titles.get(hint, hint)))
    return "\n".join(parts)


def time_text(total: int, left: int, minutes: float | None) -> str:
    """Return how long the other points will take.

    Args:
        total: Number of points.
        left: Number of points without a label.
        minutes: Minutes that they take at the user's pace; None where it is not known yet.
    """
    if total and not left:
        return tr("All points are labelled.")
    if minutes is None:
        return tr("The time left is shown after a few labels.") if total else ""
    if minutes < 1.5:
        return tr("About a minute left at your pace")
    if minutes < 90:
        return tr("About {} minutes left at your pace").format(round(minutes))
    return tr("About {} hours left at your pace").format(tr_number(f"{minutes / 60:.1f}"))


def button_text(key: str, item: ClassChoice) -> str:
    """Return key and name of a class; the value is in the tooltip, for two numbers are easily confused."""
    text = item.name if item.name != f"Class {item.value}" else item.title
    return (f"{key}   {text}" if key else text).replace("&", "&&")
