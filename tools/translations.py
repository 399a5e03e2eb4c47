"""The catalogues of translations: brought up to date with the source, checked and compiled.

    ./dev translations            update the .ts and write the .qm
    ./dev translations --check    say what is missing or wrong, change nothing

Words that are used all through are in ``docs/translating.md``.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from deep_land_cover.tools.translatable_texts import ROOT, Text, texts, untranslatable

FOLDER = ROOT / "resources" / "translations"
CONTEXT = "DeepLandCover"
_LRELEASE = ("lrelease", "lrelease-qt5", "lrelease-qt6", "lrelease6", "pyside6-lrelease")
_LRELEASE_PATHS = ("/usr/lib/qt6/bin/lrelease", "/usr/lib/qt5/bin/lrelease")
_KEPT = (
    (re.compile(r"\{[^{}]*\}"), "placeholders"),
    (re.compile(r"^ | $"), "spaces at the ends"),
    (re.compile(r"</?[a-z]+>"), "tags"),
    (re.compile(r"<code>.*?</code>"), "code"),
    (re.compile(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b|\b[A-Z_]{3,}=\w*"), "names of parameters"),
    (re.compile(r"\*?\.[a-z]{2,11}\b(?=[;) ,.]|$)"), "file endings"),
)


@dataclass
class Entry:
    """A translation; an empty one is unfinished."""

    source: str
    translation: str = ""
    is_vanished: bool = False


def read_catalogue(path: Path) -> dict[str, Entry]:
    """Return the entries of a ``.ts`` by their source; none where there is no such file."""
    if not path.is_file():
        return {}
    entries = {}
    for message in ElementTree.parse(path).getroot().iter("message"):
        source, translation = message.findtext("source") or "", message.find("translation")
        text = "" if translation is None else translation.text or ""
        kind = "" if translation is None else translation.get("type", "")
        entries[source] = Entry(source, text if kind != "unfinished" else "", kind == "vanished")
    return entries


def updated(entries: dict[str, Entry], found: dict[str, Text]) -> dict[str, Entry]:
    """Return the entries that the source asks for; translations of what has vanished are kept, marked."""
    fresh = {
        source: Entry(source, entries[source].translation if source in entries else "") for source in found
    }
    gone = {
        source: Entry(source, entry.translation, True)
        for source, entry in entries.items()
        if source not in found and entry.translation
    }
    return {**fresh, **gone}


def write_catalogue(path: Path, entries: dict[str, Entry], found: dict[str, Text]) -> None:
    """Write the entries as a ``.ts`` in the order of the source."""
    language = path.stem.removeprefix("deep_land_cover_")
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE TS>"]
    lines += [f'<TS version="2.1" language="{language}" sourcelanguage="en">', "<context>"]
    lines.append(f"    <name>{CONTEXT}</name>")
    for entry in entries.values():
        lines.append("    <message>")
        if entry.source in found:
            lines += [
                f'        <location filename="../../{place}"/>'
                for place in sorted(found[entry.source].places)
            ]
        kind = ' type="vanished"' if entry.is_vanished else "" if entry.translation else ' type="unfinished"'
        lines.append(f"        <source>{_escaped(entry.source)}</source>")
        lines.append(f"        <translation{kind}>{_escaped(entry.translation)}</translation>")
        lines.append("    </message>")
    path.write_text("\n".join([*lines, "</context>", "</TS>", ""]), encoding="utf-8")


def misfits(entries: dict[str, Entry], found: dict[str, Text]) -> Iterator[str]:
    """Yield translations that lack or add a placeholder, a tag or a name."""
    for source in found:
        entry = entries.get(source, Entry(source))
        if not entry.translation or entry.is_vanished:
            continue
        # What `format` fills in order may be numbered, where a language has another order.
        said = re.sub(r"\{\d\}", "{}", entry.translation) if "{}" in source else entry.translation
        for pattern, name in _KEPT:
            own, other = (Counter(pattern.findall(text)) for text in (source, said))
            if own != other:
                yield f"{name} differ ({sorted(own - other)}, {sorted(other - own)}): {source}"


def problems(entries: dict[str, Entry], found: dict[str, Text]) -> Iterator[str]:
    """Yield what is missing or wrong in a catalogue."""
    for source in found:
        entry = entries.get(source, Entry(source))
        if not entry.translation or entry.is_vanished:
            yield f"not translated: {source}"
    yield from misfits(entries, found)
    for source, entry in entries.items():
        if source not in found and not entry.is_vanished:
            yield f"no longer in the source: {source}"


def _escaped(text: str) -> str:
    return escape(text, {'"': "&quot;", "'": "&apos;"})


def _compile(path: Path) -> bool:
    """Write the ``.qm`` beside a ``.ts``; return whether Qt's compiler is there."""
    found = next(filter(None, map(shutil.which, (*_LRELEASE, *_LRELEASE_PATHS))), None)
    if found is None:
        return False
    command = [found, "-silent", "-removeidentical", str(path), "-qm", str(path.with_suffix(".qm"))]
    if "pyside6" in found:
        command.remove("-removeidentical")
    subprocess.run(command, check=True)
    return True


def main() -> int:
    """Bring all catalogues up to date, or check them."""
    found = texts()
    catalogues = sorted(FOLDER.glob("deep_land_cover_*.ts"))
    if "--check" in sys.argv:
        said = [
            f"{path.name}: {item}" for path in catalogues for item in problems(read_catalogue(path), found)
        ]
        said += [f"{place}: an f-string cannot be translated; use a template" for place in untranslatable()]
        print("\n".join(said) or f"{len(found)} texts, all translated")
        return 1 if said else 0
    for path in catalogues:
        entries = updated(read_catalogue(path), found)
        write_catalogue(path, entries, found)
        done = sum(bool(entry.translation) for entry in entries.values() if not entry.is_vanished)
        print(f"{path.name}: {done} of {len(found)} texts translated")
        for item in problems(entries, found):
            print(f"  {item}")
        if not _compile(path):
            print(
                "No .qm was written: Qt's lrelease is not installed (Debian: qttools5-dev-tools, or "
                "qt6-l10n-tools; elsewhere: pip install pyside6-essentials)."
            )
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
