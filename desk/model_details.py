"""Description of a model of the library as a page of HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from qgis.core import QgsCoordinateReferenceSystem, QgsUnitTypes
from qgis.PyQt.QtCore import QFileInfo, QLocale

from ..algorithms.i18n.messages import translated_error, translated_message
from ..algorithms.i18n.translation import tr
from ..algorithms.model_facts import accuracy_fact, image_fact, place_fact, test_fact
from ..core.models.architectures import ARCHITECTURES
from ..core.models.card import ModelCard, known_faults
from ..core.models.library import LibraryEntry
from ..core.text import Text

CLASS_PICTURE, PLACE_PICTURE = "classes", "place"
"""Names of the pictures that the page refers to."""
_MAX_CLASSES = 100
Row = tuple[str, str]


def details_page(entry: LibraryEntry, picture_text: str, has_map: bool) -> str:
    """Return the page.

    Args:
        entry: Model of the library.
        picture_text: What the picture of the classes shows.
        has_map: Whether there is a picture of the place.
    """
    parts = [f"<h3>{escape(entry.path.name)}</h3>"]
    if entry.problem is not None:
        sentence = tr("This model cannot be used: {}").format(translated_error(entry.problem))
        parts.append(f"<p><b>{escape(sentence)}</b></p>")
    card = entry.card
    if card is not None:
        for fault in known_faults(card):
            parts.append(f"<p><b>{escape(translated_message(fault))}</b></p>")
        images = f'<td><img src="{CLASS_PICTURE}"></td>'
        captions = f"<td><small>{escape(picture_text)}</small></td>"
        if has_map:
            images += f'<td>&nbsp;</td><td><img src="{PLACE_PICTURE}"></td>'
            captions += f"<td></td><td><small>{escape(tr('Where it was trained'))}</small></td>"
        parts.append(f"<table><tr>{images}</tr><tr>{captions}</tr></table>")
        parts.append(_table(_facts(card)))
        parts.append(f"<h4>{escape(tr('Classes'))}</h4>{_class_table(card)}")
        parts.append(_notes(card))
    parts.append(f"<h4>{escape(tr('File'))}</h4>{_table(_file_facts(entry))}")
    return "".join(parts)


def architecture_title(card: ModelCard) -> str:
    """Return the name of a model's architecture for users."""
    titles = {item.name: item.title for item in ARCHITECTURES}
    return translated_message(titles.get(card.architecture, card.architecture))


def bands_text(card: ModelCard) -> str:
    """Return the bands in their order with their roles, such as ``1 B2 (blue), 2 B3 (green)``."""
    roles: dict[str, list[str]] = {}
    for role, band in card.band_roles.items():
        roles.setdefault(band, []).append(role)
    names = []
    for number, band in enumerate(card.bands, start=1):
        words = [role for role in roles.get(band, []) if role.casefold() != band.casefold()]
        names.append(f"{number} {band} ({', '.join(words)})" if words else f"{number} {band}")
    return ", ".join(names)


def made_text(created: str) -> str:
    """Return the day on which a model was made; the text itself where it is not a date."""
    day = created[:10]
    return day if len(day) == 10 and day.count("-") == 2 else created


def _facts(card: ModelCard) -> list[Row]:
    test = test_fact(card)
    rows = [
        (tr("Model"), architecture_title(card)),
        (tr("Accuracy"), translated_message(accuracy_fact(card))),
        *([(tr("Tested on"), translated_message(test))] if test else []),
        (tr("Bands, in order"), bands_text(card)),
        *([(tr("Indices"), ", ".join(card.indices))] if card.indices else []),
        (tr("Pixel size"), _pixel_size(card)),
        (tr("Sensor and date"), translated_message(image_fact(card))),
        (tr("Trained at"), translated_message(place_fact(card))),
        (tr("CRS"), _crs_name(card) or translated_message(Text("not recorded"))),
    ]
    known = (
        tr("known: 'Classify a raster' can mark where the model does not apply")
        if card.applicability is not None
        else translated_message(Text("not recorded"))
    )
    return [*rows, (tr("Area of applicability"), known), (tr("Made"), made_text(card.created))]


def _pixel_size(card: ModelCard) -> str:
    width, height = card.pixel_size
    crs = QgsCoordinateReferenceSystem.fromWkt(card.crs)
    unit = QgsUnitTypes.toString(crs.mapUnits()) if crs.isValid() else ""
    return f"{width:g} × {height:g} {unit}".rstrip()


def _crs_name(card: ModelCard) -> str:
    crs = QgsCoordinateReferenceSystem.fromWkt(card.crs)
    return str(crs.userFriendlyIdentifier()) if crs.isValid() else ""


def _class_table(card: ModelCard) -> str:
    figures = {item.value: item for item in card.metrics.per_class} if card.metrics else {}
    head = ["", tr("Value"), tr("Name")]
    if figures:
        head += [tr("Precision"), tr("Recall"), tr("Test samples")]
    rows = ["".join(f"<th align=left>{escape(title)}&nbsp;&nbsp;</th>" for title in head)]
    for item in card.classes[:_MAX_CLASSES]:
        cells = [f'<td bgcolor="{item.color}">&nbsp;&nbsp;&nbsp;&nbsp;</td>']
        name = f"{item.parent}: {item.name}" if item.parent else item.name
        cells += [f"<td>{escape(text)}&nbsp;&nbsp;</td>" for text in (str(item.value), name)]
        known = figures.get(item.value)
        if known is not None:
            numbers = (_percent(known.precision), _percent(known.recall), f"{known.support:,}")
            cells += [f"<td>{text}&nbsp;&nbsp;</td>" for text in numbers]
        rows.append("".join(cells))
    more = len(card.classes) - _MAX_CLASSES
    note = f"<p>{escape(tr('and {} more classes').format(more))}</p>" if more > 0 else ""
    return f"<table cellpadding=2>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>{note}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _notes(card: ModelCard) -> str:
    notes = [card.training.split_note]
    notes += [f"{lost.label}: {lost.reason}" for lost in card.lost_classes]
    for change in card.changes:
        made = (
            change.get("created", ""),
            change.get("algorithm", "").partition(":")[2],
            change.get("model", ""),
        )
        notes.append(tr("Changed: {} with {}, from {}").format(*made))
    if card.metrics is not None:
        notes.append(tr("The accuracy is that of held-out samples. 'Assess accuracy and area' tests a map."))
    text = "".join(f"<li>{escape(translated_message(note))}</li>" for note in notes if note)
    return f"<h4>{escape(tr('Notes'))}</h4><ul>{text}</ul>" if text else ""


def _file_facts(entry: LibraryEntry) -> list[Row]:
    changed = QFileInfo(str(entry.path)).lastModified()
    return [
        (tr("Size"), QLocale().formattedDataSize(entry.size)),
        (tr("Saved here"), QLocale().toString(changed, QLocale.FormatType.ShortFormat)),
        (tr("Folder"), str(entry.path.parent)),
    ]


def _table(rows: Sequence[Row]) -> str:
    cells = (
        f"<tr><td><i>{escape(title)}</i>&nbsp;&nbsp;</td><td>{escape(text)}</td></tr>" for title, text in rows
    )
    return f"<table cellpadding=2>{''.join(cells)}</table>"
