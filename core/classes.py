"""Land-cover classes, class schemes and class colours.

A class scheme is a JSON file::

    {"id": "jambi", "title": "Jambi, six classes", "source": "where it was published",
     "classes": [{"value": 0, "name": "Water", "color": "#0066CC"}, ...]}

Shipped schemes are in ``resources/schemes``. Those with an id that ends in ``_safe`` have colours that
colour-blind people can distinguish. ``resources/class_scheme.schema.json`` describes the format. Classes
without a colour get the conventional colour of their land cover, or a distinct one.

A class has one value and one name. Labels of samples and references, other maps and schemes are matched
with classes by name first, then by value:

- Case and blanks do not count in names: ``Dry forest`` and ``dry  forest `` are one name (``name_key``).
- Text that reads as a whole number is that number: ``01`` and ``1.0`` are 1 (``whole_number``).
- A number is the name of a class that is named by it, and the value of a class otherwise.
- A name that several classes have is ambiguous. It is never matched.
"""

from __future__ import annotations

import colorsys
import itertools
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .errors import ParameterError, SampleError, SchemeError
from .files import read_text_file
from .text import Text, untranslated
from .values import from_plain, left_out_if

SCHEME_FOLDER = Path(__file__).parent.parent / "resources" / "schemes"
_MAX_SCHEME_BYTES = 16_000_000
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
_WHOLE_NUMBER = re.compile(r"([+-]?[0-9]{1,18})(?:\.0*)?")
# More classes make a log line too long.
_MAX_LISTED = 20
Label = int | str
"""Class of a sample or reference as it is written: a value or a name."""
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
        parent: Name of the class of the next higher level, such as Forest for Dry forest; empty without one.

    Raises:
        SchemeError: The colour does not have this form.
    """

    value: int
    name: str
    color: str
    parent: str = left_out_if("")

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


def whole_number(text: str) -> int | None:
    """Return the whole number that a text reads as; None for a name.

    Blanks around it, a plus sign, leading zeros and decimals of zero do not count: ``01``, ``+1`` and
    ``1.0`` are 1. ``1.5``, ``1e3`` and ``1,000`` are names.
    """
    match = _WHOLE_NUMBER.fullmatch(text.strip())
    return int(match[1]) if match else None


def name_key(name: str) -> Label:
    """Return what all spellings of a name have in common: its number, or the text without case and blanks."""
    number = whole_number(name)
    return number if number is not None else unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def has_name(value: int, name: str) -> bool:
    """Return whether a name says more than the value, unlike ``Class 3``, ``3`` and an empty one."""
    return bool(name.strip()) and name != f"Class {value}" and name_key(name) != value


class ClassIndex:
    """Classes by name and value, for labels that refer to them.

    Args:
        classes: Classes, at most one per value.
    """

    def __init__(self, classes: Iterable[LandCoverClass]) -> None:
        self._by_value: dict[int, LandCoverClass] = {}
        self._by_key: dict[Label, list[LandCoverClass]] = {}
        for item in classes:
            self._by_value[item.value] = item
            self._by_key.setdefault(name_key(item.name), []).append(item)

    def by_label(self, label: Label) -> tuple[LandCoverClass, ...]:
        """Return the classes that a label can mean: one, none, or several that have this name.

        Args:
            label: Name or number.
        """
        number = label if isinstance(label, int) else whole_number(label)
        named = self._by_key.get(number if number is not None else name_key(str(label)), [])
        if len(named) > 1:
            # 01 and 1 are names of one number, and one of the classes may have it as its value.
            return tuple(item for item in named if item.value == number) or tuple(named)
        if named or number is None or number not in self._by_value:
            return tuple(named)
        # A class that is named by another number is not meant by this one.
        other = whole_number(self._by_value[number].name)
        return (self._by_value[number],) if other in (None, number) else ()

    def same_class(self, value: int, name: str) -> LandCoverClass | None:
        """Return the class that has a name, else the value; None where neither or the name of another.

        Args:
            value: Class value.
            name: Name of the class; a name without meaning, such as ``Class 3``, is not compared.
        """
        if not has_name(value, name):
            found = self.by_label(value)
            return found[0] if len(found) == 1 else None
        same_value = self._by_value.get(value)
        named = self._by_key.get(name_key(name), [])
        if same_value is not None and same_value in named:
            return same_value
        if named:
            return named[0] if len(named) == 1 else None
        return None if same_value is None or has_name(value, same_value.name) else same_value

    def disagreeing(self, value: int, name: str) -> LandCoverClass | None:
        """Return the class that has the value but another name, where no class has this name alone."""
        return self._by_value.get(value) if self.same_class(value, name) is None else None


@dataclass(frozen=True)
class LabelMatch:
    """Class value of each label, and what users should know of it.

    Attributes:
        values: Class value of each label.
        names: Name of each class value; empty without one.
        renumbering: Log lines about labels that got another value, whole sentences.
        warnings: Log lines about names that are not unique, whole sentences.
    """

    values: dict[Label, int]
    names: dict[int, str]
    renumbering: tuple[Text, ...]
    warnings: tuple[Text, ...]


def match_labels(
    labels: Mapping[tuple[Label, str], int], known: Sequence[LandCoverClass] = (), where: str = ""
) -> LabelMatch:
    """Return the class values of labels.

    Labels that all read as whole numbers are values. Names get the values 1 to n in their order. Where
    the classes are known, labels are matched with them, and others get the next free values.

    Args:
        labels: Number of features by label and name. The name is empty where only the label is known.
        known: Classes that the labels refer to; empty where the labels define the classes.
        where: File of the labels, for errors.

    Raises:
        SampleError: A label is the name of several known classes.
    """
    spellings = _spellings(labels)
    warnings = [
        Text(
            "{spellings} differ only in case, blanks or the form of a number, so they are one class, {name}. "
            "Correct the spelling in the class field; give different classes different names.",
            spellings=_quoted(sorted(map(str, group))),
            name=main,
        )
        for main, group in spellings.items()
        if len(group) > 1
    ]
    are_numbers = all(isinstance(name_key(str(label)), int) for label in spellings)
    values: dict[Label, int] = {}
    names: dict[int, str] = {}
    index, taken = ClassIndex(known), {item.value for item in known}
    numbers = [whole_number(str(label)) or 0 for label in spellings] if are_numbers else []
    free = max((0, *taken, *numbers)) + 1
    for main, group in spellings.items():
        found = index.by_label(main)
        number = whole_number(str(main))
        if len(found) > 1:
            raise SampleError(
                "The class {label!r} of the reference is the name of several classes of the map: {classes}",
                where=where,
                advice="Choose a field that holds class values, or give the map's classes different names.",
                label=str(main),
                classes=describe_classes(found),
            )
        if found:
            value = found[0].value
        elif are_numbers and number is not None and number not in taken:
            value = number
        else:
            value, free = free, free + 1
        taken.add(value)
        values.update(dict.fromkeys(group, value))
        names[value] = found[0].name if found else "" if are_numbers else str(main)
    if not known:
        warnings += _take_names(labels, values, names)
    renumbering = _renumbering(values, names, are_numbers, bool(known))
    return LabelMatch(values, names, renumbering, tuple(warnings))


def _take_names(
    labels: Mapping[tuple[Label, str], int], values: Mapping[Label, int], names: dict[int, str]
) -> list[Text]:
    """Name each value as most of its features do, and return warnings about values with several names."""
    counts: dict[int, Counter[str]] = {}
    for (label, name), count in labels.items():
        if name:
            counts.setdefault(values[label], Counter())[name] += count
    warnings = []
    for value, numbers in sorted(counts.items()):
        order = sorted(numbers, key=lambda name: (-numbers[name], name))
        names[value] = order[0]
        if len(order) > 1:
            warnings.append(
                Text(
                    "Class {value} has several names: {names}. {name} is used. Give all features of a class "
                    "the same name.",
                    value=value,
                    names=_quoted(order),
                    name=order[0],
                )
            )
    return warnings


def _renumbering(
    values: Mapping[Label, int], names: Mapping[int, str], are_numbers: bool, are_known: bool
) -> tuple[Text, ...]:
    """Return log lines about labels that are not their class values."""
    if are_known:
        # Names are matched as a rule; only numbers that are no values are worth a line.
        changed = {
            label: value for label, value in values.items() if whole_number(str(label)) not in (None, value)
        }
        sentence = "Numbers of the reference are names of the map's classes: {labels}."
    elif are_numbers:
        changed = {label: value for label, value in values.items() if str(label) != str(value)}
        sentence = "Text that reads as a whole number is that number: {labels}."
    else:
        changed = {names[value]: value for value in values.values()}
        sentence = "Names get numbers as their class values, in the order of the names: {labels}."
    if not changed:
        return ()
    items = [f"{label} → {value}" for label, value in list(changed.items())[:_MAX_LISTED]]
    return (Text(sentence, labels=", ".join([*items, *(["…"] if len(changed) > _MAX_LISTED else [])])),)


def _spellings(labels: Mapping[tuple[Label, str], int]) -> dict[Label, list[Label]]:
    """Return all spellings of each label by the most frequent one, in the order of the labels."""
    counts: Counter[Label] = Counter()
    for (label, _name), count in labels.items():
        counts[label] += count
    groups: dict[Label, list[Label]] = {}
    for label in sorted(counts, key=str):
        groups.setdefault(name_key(str(label)), []).append(label)
    mains = {max(group, key=lambda label: counts[label]): group for group in groups.values()}
    return {main: mains[main] for main in sorted(mains, key=str)}


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def shared_name_notes(classes: Sequence[LandCoverClass]) -> tuple[Text, ...]:
    """Return a warning for each name that several classes have."""
    groups: dict[Label, list[LandCoverClass]] = {}
    for item in classes:
        groups.setdefault(name_key(item.name), []).append(item)
    return tuple(
        Text(
            "Several classes have the same name: {classes}. They are kept apart by their values. Give them "
            "different names; references and styles cannot use this one.",
            classes=describe_classes(group),
        )
        for group in groups.values()
        if len(group) > 1
    )


def disagreement_notes(names: Mapping[int, str], scheme: ClassScheme) -> tuple[Text, ...]:
    """Return a warning for each class value that a scheme has under another name.

    Args:
        names: Name of each class value; empty without one.
        scheme: Class scheme.
    """
    index = ClassIndex(scheme.classes)
    return tuple(
        Text(
            "Class {value} is {name} in the samples and {scheme_name} in the scheme {scheme}. It keeps its "
            "name, and gets the colour of {scheme_name}.",
            value=value,
            name=name,
            scheme_name=other.name,
            scheme=scheme.title,
        )
        for value, name in sorted(names.items())
        if (other := index.disagreeing(value, name)) is not None
    )


def recoding(own: Sequence[LandCoverClass], others: Sequence[LandCoverClass], where: str) -> dict[int, int]:
    """Return the new value of each class of another source that has another value in the first, by name.

    A class without a name, or with one that the first source lacks, keeps its value.

    Args:
        own: Classes of the first source.
        others: Classes of the other source.
        where: Name of the other source, for errors.

    Raises:
        SampleError: A name is that of several classes, or some names show that values differ and others
            cannot be matched.
    """
    index, by_value = ClassIndex(own), {item.value: item for item in own}
    times = Counter(name_key(item.name) for item in others)
    changed: dict[int, int] = {}
    unclear: list[LandCoverClass] = []
    for item in others:
        if times[name_key(item.name)] > 1:
            continue
        meant = index.by_label(item.name) if has_name(item.value, item.name) else ()
        if len(meant) > 1 and item.value not in {other.value for other in meant}:
            raise SampleError(
                "The class {label!r} is the name of several classes: {classes}",
                where=where,
                advice="Give these classes different names.",
                label=item.name,
                classes=describe_classes(meant),
            )
        same = index.same_class(item.value, item.name)
        if same is not None and same.value != item.value:
            changed[item.value] = same.value
        elif item.value in by_value and (same is None or not has_name(item.value, item.name)):
            unclear.append(item)
    if changed and unclear:
        raise SampleError(
            "The names of the classes show that their values were changed, but some values have different "
            "names: {classes} in this source, {own_classes} in the other",
            where=where,
            advice="Give each class the same name in both.",
            classes=describe_classes(unclear[:_MAX_LISTED]),
            own_classes=describe_classes([by_value[item.value] for item in unclear[:_MAX_LISTED]]),
        )
    return changed


def classes_for_values(
    names: Mapping[int, str], scheme: ClassScheme | None = None
) -> tuple[LandCoverClass, ...]:
    """Return classes with names and colours, sorted by value.

    Args:
        names: Name of each pixel value; empty without a name.
        scheme: Class scheme for colours and missing names, matched by name or else by value; None without
            one. The names of the classes stay.
    """
    index = ClassIndex(scheme.classes if scheme else ())
    distinct = iter(distinct_colors(len(names)))
    used: set[str] = set()
    classes = []
    for value in sorted(names):
        known = index.same_class(value, names[value]) or index.disagreeing(value, names[value])
        name = names[value] or (known.name if known else untranslated(f"Class {value}"))
        color = known.color if known else usual_color(name)
        if not color or (color in used and not known):
            color = next(distinct)
        used.add(color)
        classes.append(LandCoverClass(value, name, color, known.parent if known else ""))
    return tuple(classes)


def parent_level(
    classes: Sequence[LandCoverClass], taken: Iterable[int] = ()
) -> tuple[tuple[LandCoverClass, ...], dict[int, int]]:
    """Return the classes of the next higher level, and the new value of each class that has a parent.

    A parent that is itself one of the classes keeps its value. Others get the next values that no class
    uses, so that no value changes its meaning. Classes without a parent stay.

    Args:
        classes: Classes in legend order.
        taken: Further values that parents do not get.

    Returns:
        The classes of the next level, in the order in which they first occur, and the value of the parent by
        the value of the class.
    """
    by_name = {name_key(item.name): item for item in classes}
    used = {*taken, *(item.value for item in classes)}
    names: dict[int, str] = {}
    level: dict[Label, LandCoverClass | int] = {}
    changed: dict[int, int] = {}
    free = 1
    for item in classes:
        key = name_key(item.parent) if item.parent else name_key(item.name)
        if key not in level:
            known = by_name.get(key)
            if item.parent and known is None:
                free = next(value for value in itertools.count(free) if value not in used)
                used.add(free)
                names[free] = item.parent
            level[key] = known or free
        target = level[key]
        value = target if isinstance(target, int) else target.value
        if item.parent and value != item.value:
            changed[item.value] = value
    made = {item.value: item for item in classes_for_values(names)}
    return tuple(made[item] if isinstance(item, int) else item for item in level.values()), changed


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
