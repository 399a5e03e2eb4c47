"""Land-cover classes, class schemes and class colours.

A class scheme is a JSON file::

    {"id": "jambi", "title": "Jambi, six classes", "source": "where it was published",
     "classes": [{"value": 0, "name": "Water", "color": "#0066CC"}, ...]}

Shipped schemes are in ``resources/schemes``. Those with an id that ends in ``_safe`` have colours that
colour-blind people can distinguish. ``resources/class_scheme.schema.json`` describes the format. Classes
without a colour get the conventional colour of their land cover, or a distinct one.
"""

from __future__ import annotations

import colorsys
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .errors import ParameterError, SchemeError
from .files import read_text_file
from .text import Text, untranslated
from .values import from_plain

SCHEME_FOLDER = Path(__file__).parent.parent / "resources" / "schemes"
_MAX_SCHEME_BYTES = 16_000_000
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
# Patterns of the beginnings of words, in English and Indonesian. The first match counts, so that specific
# words come before general ones (mangrove forest, wet rice field).
_CONVENTIONAL = (
    ("#009678", ("mangrove", "bakau")),
    ("#C8B560", ("savanna", "savana")),
    ("#F0F0F0", ("snow", "ice(?![a-z])", "salju")),
    ("#616161", ("cloud", "awan")),
    ("#7A87C6", ("wetland", "swamp", "marsh", "peat", "flooded", "rawa", "gambut")),
    (
        "#0066CC",
        ("water", "river", "lake", "sea(?![a-z])", "ocean", "air(?![a-z])", "sungai", "danau", "laut"),
    ),
    (
        "#9ACD32",
        ("plantation", "orchard", "palm", "coffee", "rubber", "perkebunan", "kebun", "sawit", "kopi"),
    ),
    ("#EBC864", ("crop", "agri", "field", "farm", "rice", "arable", "pertanian", "sawah", "ladang")),
    ("#6B8E23", ("bamboo", "bambu")),
    ("#228B22", ("forest", "tree", "wood", "hutan", "pohon")),
    ("#FF8C00", ("shrub", "scrub", "bush", "semak", "belukar")),
    ("#B8E08C", ("grass", "pasture", "herb", "meadow", "rangeland", "rumput", "padang")),
    ("#DC143C", ("urban", "built", "city", "town", "village", "settlement", "permukiman", "kota", "desa")),
    ("#D2B48C", ("bare", "barren", "soil", "sand", "rock", "dry", "terbuka", "pasir", "tanah")),
)


@dataclass(frozen=True)
class LandCoverClass:
    """Class of a map.

    Attributes:
        value: Pixel value.
        name: Name in the legend.
        color: Colour in the form ``#RRGGBB``.

    Raises:
        SchemeError: The colour does not have this form.
    """

    value: int
    name: str
    color: str

    def __post_init__(self) -> None:
        if not _COLOR.fullmatch(self.color):
            raise SchemeError(
                "The colour {color!r} of class {value} is not of the form #RRGGBB",
                advice="Write red, green and blue as six hexadecimal digits.",
                color=self.color,
                value=self.value,
            )

    @property
    def rgb(self) -> tuple[int, int, int]:
        """Red, green and blue of the colour, 0 to 255."""
        return int(self.color[1:3], 16), int(self.color[3:5], 16), int(self.color[5:7], 16)


@dataclass(frozen=True)
class LostClass:
    """Class of which no label could be used for training.

    Attributes:
        label: Value and name of the class, see ``class_label``.
        reason: Phrases for the reasons, with numbers of features or pixels.
    """

    label: str
    reason: str

    @property
    def sentence(self) -> Text:
        """Warning that the model does not have the class."""
        return Text(
            "Class {label} is not in the model: none of its labels can be used ({reason}).",
            label=self.label,
            reason=self.reason,
        )


@dataclass(frozen=True)
class ClassScheme:
    """Class scheme: a named set of classes.

    Attributes:
        id: Id of the scheme.
        title: Name for users.
        classes: Classes in legend order.
        source: Publication of the scheme; empty if it is not known.

    Raises:
        SchemeError: There are no classes, or a value occurs twice.
    """

    id: str
    title: str
    classes: tuple[LandCoverClass, ...]
    source: str = ""

    def __post_init__(self) -> None:
        if not self.classes:
            raise SchemeError(
                "The class scheme {title!r} has no classes",
                advice="Add at least one class.",
                title=self.title,
            )
        values = [item.value for item in self.classes]
        repeated = sorted({value for value in values if values.count(value) > 1})
        if repeated:
            raise SchemeError(
                "The class scheme {title!r} uses the value {value} twice",
                advice="Give each class a different value.",
                title=self.title,
                value=repeated[0],
            )

    def by_value(self) -> dict[int, LandCoverClass]:
        """Return the class of each pixel value."""
        return {item.value: item for item in self.classes}

    def by_name(self) -> dict[str, LandCoverClass]:
        """Return the class of each name in lower case."""
        return {item.name.casefold(): item for item in self.classes}


def load_scheme(path: Path) -> ClassScheme:
    """Read a class scheme from a JSON file.

    Raises:
        SchemeError: The file cannot be read, or is not a class scheme.
    """
    try:
        return from_plain(ClassScheme, json.loads(read_text_file(path, _MAX_SCHEME_BYTES)))
    except (SchemeError, ParameterError) as error:
        raise SchemeError(error.what, where=str(path), advice=error.advice) from error
    except OSError as error:
        raise SchemeError(
            "The class scheme cannot be read: {reason}",
            where=str(path),
            advice="Choose another file.",
            reason=error.strerror,
        ) from error
    except (json.JSONDecodeError, UnicodeDecodeError, TypeError, RecursionError) as error:
        raise SchemeError(
            "The file is not a class scheme: {error}",
            where=str(path),
            advice='The form is {{"id": "a", "title": "A", "classes": [{{"value": 1, "name": "Water", '
            '"color": "#0066CC"}}]}}.',
            error=error,
        ) from error


def shipped_schemes() -> dict[str, Path]:
    """Return the path of each shipped scheme by its id, in alphabetical order."""
    return {path.stem: path for path in sorted(SCHEME_FOLDER.glob("*.json"))}


def shipped_scheme(scheme_id: str) -> ClassScheme:
    """Return a shipped class scheme.

    Raises:
        SchemeError: There is no scheme with this id.
    """
    files = shipped_schemes()
    if scheme_id not in files:
        raise SchemeError(
            "{name!r} is not a class scheme",
            advice="Choose one of: {choices}.",
            name=scheme_id,
            choices=", ".join(files),
        )
    return load_scheme(files[scheme_id])


def classes_for_values(
    names: dict[int, str], scheme: ClassScheme | None = None
) -> tuple[LandCoverClass, ...]:
    """Return classes with names and colours, sorted by value.

    Args:
        names: Name of each pixel value; empty without a name.
        scheme: Class scheme for colours and missing names, matched by name or else by value; None without
            one.
    """
    by_value = scheme.by_value() if scheme else {}
    by_name = scheme.by_name() if scheme else {}
    distinct = iter(distinct_colors(len(names)))
    used: set[str] = set()
    classes = []
    for value in sorted(names):
        known = by_name.get(names[value].casefold()) or by_value.get(value)
        name = names[value] or (known.name if known else untranslated(f"Class {value}"))
        color = known.color if known else usual_color(name)
        if not color or (color in used and not known):
            color = next(distinct)
        used.add(color)
        classes.append(LandCoverClass(value, name, color))
    return tuple(classes)


def class_label(item: LandCoverClass) -> str:
    """Return value and name of a class, such as ``3 Rice``, or only the value without a name."""
    return str(item.value) if item.name == f"Class {item.value}" else f"{item.value} {item.name}"


def describe_classes(classes: Sequence[LandCoverClass]) -> str:
    """Return values and names of classes for logs and errors, such as ``0 Water, 1 Forest``."""
    return ", ".join(class_label(item) for item in classes)


def usual_color(name: str) -> str:
    """Return the conventional colour of a land cover by its name, ``#RRGGBB``; empty without one."""
    folded = name.casefold()
    return next((color for color, words in _patterns() if words.search(folded)), "")


def distinct_colors(count: int) -> tuple[str, ...]:
    """Return colours for classes without one, ``#RRGGBB``.

    Hues advance by the golden ratio, so that neighbours in the legend differ most. Lightness alternates
    between two levels.

    Args:
        count: Number of colours.
    """
    colors = []
    for number in range(count):
        hue = (0.33 + number * 0.618033988749895) % 1.0
        lightness = (0.45, 0.62)[number % 2]
        channels = colorsys.hls_to_rgb(hue, lightness, 0.65)
        colors.append("#" + "".join(f"{round(channel * 255):02X}" for channel in channels))
    return tuple(colors)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    # Compiled on first use, because QGIS imports the module at every start.
    return tuple((color, re.compile(rf"(?<![a-z])(?:{'|'.join(words)})")) for color, words in _CONVENTIONAL)
