"""The reference of all tools, written from the algorithms themselves. Runs under QGIS's Python, as a module.

    python3 -m deep_land_cover.tools.make_reference                 # Markdown in docs/reference
    python3 -m deep_land_cover.tools.make_reference --html FOLDER   # HTML in a folder for each language

``./dev docs`` runs the first, and a test compares what is there with what it writes. ``./dev package`` runs
the second and puts the pages into the plugin's zip, where *Help* in dialogs opens them. Both are made of the
same blocks, whose text is HTML.
"""

from __future__ import annotations

import argparse
import html
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import Qgis, QgsApplication, QgsProcessingAlgorithm, QgsProcessingParameterDefinition
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from deep_land_cover.algorithms.i18n.translation import FOLDER as CATALOGUES
from deep_land_cover.algorithms.i18n.translation import tr
from deep_land_cover.algorithms.parameters.choice_titles import automatic, choice_titles, older_choices
from deep_land_cover.algorithms.parameters.common import details, has_automatic

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
LANGUAGES = {"en": "English", "id": "Bahasa Indonesia"}
"""Code to name of each language of the HTML pages."""

PICTURES = {
    "setupenvironment": "settings.png",
    "trainmodel": "train.png",
    "classifyraster": "classify.png",
    "assessaccuracy": "assessment.png",
    "comparemaps": "comparison.png",
    "exportmap": "page.png",
    "train_classify_assess": "model.png",
}
"""Id of an algorithm to a picture in ``docs/images``, for Markdown."""

_NOTE = "<!-- Written by ./dev docs from the algorithm itself; its texts are in algorithms/. -->"
_MARKS = {
    "<p>": "",
    "</p>": "\n\n",
    "<b>": "**",
    "</b>": "**",
    "<i>": "*",
    "</i>": "*",
    "<code>": "`",
    "</code>": "`",
}
_STYLE_CODE = (
    "body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em;color:#1f2933}"
    "h1,h2,h3{line-height:1.2}h3{margin:1.6em 0 0}h3+p{margin:.2em 0;color:#616e7c}"
    "a{color:#1b5e20}code{background:#f0f2f4;padding:0 .2em}"
    "table{border-collapse:collapse}th,td{border-bottom:1px solid #cbd2d9;padding:.3em .8em .3em 0;"
    "text-align:left;vertical-align:top}"
)


class Block(NamedTuple):
    """A part of a page.

    Attributes:
        tag: ``h1`` to ``h3``, ``p``, ``help`` (paragraphs) or ``table``, whose first row is its head.
        rows: HTML of the cells; all but tables have a single one.
    """

    tag: str
    rows: tuple[tuple[str, ...], ...]


def reference_pages() -> dict[str, str]:
    """Return name to Markdown of all pages; the plugin's provider must be registered."""
    pages, links = _pages(".md")
    return {name: _markdown_page(name, blocks, links) for name, blocks in pages.items()}


def html_pages(language: str) -> dict[str, str]:
    """Return name to HTML of all pages in a language of ``LANGUAGES``; they hold no scripts."""
    with _spoken(language):
        pages, links = _pages(".html")
        return {name: _html_page(name, blocks, links, language) for name, blocks in pages.items()}


def _pages(ending: str) -> tuple[dict[str, list[Block]], dict[str, str]]:
    """Return name to blocks of all pages, and title of each tool to its page."""
    provider = QgsApplication.processingRegistry().providerById("deeplandcover")
    # Made anew, because an algorithm speaks the language of when it was made.
    algorithms = sorted((item.create() for item in provider.algorithms()), key=_order)
    pages = {f"{item.name()}{ending}": list(_page(item)) for item in algorithms}
    links = {item.displayName(): f"{item.name()}{ending}" for item in algorithms}
    return {f"index{ending}": _index(algorithms, ending), **pages}, links


def _order(algorithm: QgsProcessingAlgorithm) -> tuple[str, str]:
    return algorithm.group(), algorithm.displayName()


def _index(algorithms: Sequence[QgsProcessingAlgorithm], ending: str) -> list[Block]:
    rows = [
        (
            f'<a href="{item.name()}{ending}">{html.escape(item.displayName())}</a>',
            _code(f"deeplandcover:{item.name()}"),
            html.escape(item.shortDescription(), quote=False),
        )
        for item in algorithms
    ]
    text = tr(
        "All tools are in the Processing Toolbox under <i>Deep Land Cover</i>, in graphical models, in batch "
        "runs and on the command line (<code>qgis_process run ID -- NAME=value …</code>). Parameters are "
        "listed by their titles in dialogs. The name below each is public: scripts and models rely on it."
    )
    head = tr("Tool"), tr("Id"), tr("Purpose")
    return [_block("h1", tr("Reference")), _block("p", text), Block("table", (head, *rows))]


def _page(algorithm: QgsProcessingAlgorithm) -> Iterator[Block]:
    yield _block("h1", html.escape(algorithm.displayName(), quote=False))
    yield _block("p", f"{_code(f'deeplandcover:{algorithm.name()}')} · {algorithm.group()}")
    yield _block("p", html.escape(algorithm.shortDescription(), quote=False))
    yield _block("help", algorithm.shortHelpString())
    shown = [
        item
        for item in algorithm.parameterDefinitions()
        if not item.flags() & Qgis.ProcessingParameterFlag.Hidden
    ]
    for heading, advanced in ((tr("Parameters"), False), (tr("Advanced parameters"), True)):
        chosen = [item for item in shown if _is_advanced(item) == advanced]
        if chosen:
            yield _block("h2", heading)
        for item in chosen:
            yield _block("h3", html.escape(item.description(), quote=False))
            yield _block("p", _facts(item))
            yield _block("p", item.help())
            if details(item):
                yield _block("p", details(item))
    yield _block("h2", tr("Results"))
    rows = [
        (html.escape(item.description(), quote=False), _code(item.name()), _output_kind(item.type()))
        for item in algorithm.outputDefinitions()
    ]
    yield Block("table", ((tr("Result"), tr("Name"), tr("Kind")), *rows))


def _block(tag: str, text: str) -> Block:
    return Block(tag, ((text,),))


def _code(text: str) -> str:
    return f"<code>{html.escape(text, quote=False)}</code>"


def _is_advanced(item: QgsProcessingParameterDefinition) -> bool:
    return bool(item.flags() & Qgis.ProcessingParameterFlag.Advanced)


def _facts(item: QgsProcessingParameterDefinition) -> str:
    """Return ``EPOCHS · whole number from 1 · Automatic where empty``, as HTML."""
    default, is_optional = _default(item), bool(item.flags() & Qgis.ProcessingParameterFlag.Optional)
    if default:
        need = tr("default {}").format(default)
    elif is_optional:
        need = tr("optional; empty: {}").format(automatic()) if has_automatic(item) else tr("optional")
    else:
        need = tr("required")
    return f"{_code(item.name())} · {_kind(item)} · {need}"


def _titled(item: QgsProcessingParameterDefinition, value: str) -> str:
    """Return a value with its title."""
    title = choice_titles(item.name()).get(value)
    return _code(value) if title is None else f"{html.escape(title, quote=False)} ({_code(value)})"


def _kind(item: QgsProcessingParameterDefinition) -> str:
    kind = item.type()
    if kind == "enum":
        choices = ", ".join(
            _titled(item, option) for option in item.options() if option not in older_choices(item.name())
        )
        form = tr("any of: {}") if item.allowMultiple() else tr("one of: {}")
        return form.format(choices)
    if kind == "number":
        return _number_kind(item)
    if kind == "field":
        return tr("field of {}").format(_code(item.parentLayerParameterName()))
    if kind == "file":
        is_folder = item.behavior() == Qgis.ProcessingFileParameterBehavior.Folder
        return tr("folder") if is_folder else tr("file")
    kinds = {
        "boolean": tr("true or false"),
        "extent": tr("extent"),
        "fileDestination": tr("file to write"),
        "folderDestination": tr("folder to write into"),
        "layer": tr("layer"),
        "multilayer": tr("layers"),
        "raster": tr("raster layer"),
        "rasterDestination": tr("raster to write"),
        "sink": tr("vector layer to write"),
        "source": tr("vector layer"),
        "string": tr("text"),
    }
    return kinds.get(kind, kind)


def _number_kind(item: Any) -> str:
    is_whole = item.dataType() == Qgis.ProcessingNumberParameterType.Integer
    kind = tr("whole number") if is_whole else tr("number")
    least, most = item.minimum(), item.maximum()
    # QGIS has the smallest and largest numbers that there are for no limit.
    has_least, has_most = abs(least) < 2**31 - 1, abs(most) < 2**31 - 1
    if has_least and has_most:
        return tr("{} from {} to {}").format(kind, f"{least:g}", f"{most:g}")
    if has_least:
        return tr("{} from {}").format(kind, f"{least:g}")
    return tr("{} up to {}").format(kind, f"{most:g}") if has_most else kind


def _default(item: QgsProcessingParameterDefinition) -> str:
    value = item.defaultValue()
    if isinstance(value, bool):
        return _code(str(value).lower())
    if isinstance(value, (list, tuple)):
        return tr("all") if item.type() == "enum" and list(value) == item.options() else ""
    if isinstance(value, (int, float)):
        shown = _code(f"{value:g}")
        return f"{automatic()} ({shown})" if value == 0 and has_automatic(item) else shown
    return _titled(item, value) if isinstance(value, str) and value else ""


def _output_kind(kind: str) -> str:
    kinds = {
        "outputFile": tr("file"),
        "outputFolder": tr("folder"),
        "outputHtml": tr("page"),
        "outputMultilayer": tr("layers"),
        "outputNumber": tr("number"),
        "outputRaster": tr("raster"),
        "outputString": tr("text"),
        "outputVector": tr("vector layer"),
    }
    return kinds.get(kind, kind)


def _html_page(name: str, blocks: Sequence[Block], links: dict[str, str], language: str) -> str:
    parts = []
    for tag, rows in blocks:
        if tag == "table":
            head, *body = (
                "".join(f"<{cell}>{text}</{cell}>" for text in row)
                for cell, row in zip(("th", *("td" for _ in rows)), rows, strict=False)
            )
            parts.append("<table><tr>" + "</tr>\n<tr>".join((head, *body)) + "</tr></table>")
        elif tag == "help":
            parts.append(_linked(rows[0][0], links))
        else:
            parts.append(f"<{tag}>{_linked(rows[0][0], links)}</{tag}>")
    picture = f"{Path(name).stem}.png"
    if (ROOT / "resources" / "help" / picture).is_file():
        parts.insert(1, f'<p><img src="../../help/{picture}" alt=""></p>')
    title = blocks[0].rows[0][0]
    others = [
        f'<a href="../{code}/{name}" lang="{code}">{label}</a>'
        for code, label in LANGUAGES.items()
        if code != language
    ]
    if name != "index.html":
        others.insert(0, f'<a href="index.html">{tr("Reference")}</a>')
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title} · Deep Land Cover</title>\n<style>{_STYLE_CODE}</style>\n</head>\n<body>\n"
        f"<p>{' · '.join(others)}</p>\n" + "\n".join(parts) + "\n</body>\n</html>\n"
    )


def _linked(text: str, links: dict[str, str]) -> str:
    for title, page in links.items():
        text = text.replace(f"<b>{title}</b>", f'<a href="{page}">{title}</a>')
    return text


def _markdown_page(name: str, blocks: Sequence[Block], links: dict[str, str]) -> str:
    lines = [_NOTE, ""]
    for tag, rows in blocks:
        if tag == "table":
            cells = [[_markdown(text, links) for text in row] for row in rows]
            cells.insert(1, ["---"] * len(cells[0]))
            lines += [f"| {' | '.join(row)} |" for row in cells]
        elif tag == "help" and (picture := PICTURES.get(Path(name).stem)):
            title = _markdown(blocks[0].rows[0][0], links)
            lines += [f"![{title}](../images/{picture})", "", _markdown(rows[0][0], links)]
        else:
            marks = "#" * int(tag[1]) + " " if tag.startswith("h") and tag != "help" else ""
            lines.append(marks + _markdown(rows[0][0], links))
        lines.append("")
    return "\n".join(lines)


def _markdown(text: str, links: dict[str, str]) -> str:
    """Return the HTML of a block as Markdown, with links where it names another tool."""
    parts: list[str] = []
    is_code = False
    for token in re.split(r"(</?(?:p|b|i|code)>|<a .*?</a>)", text):
        if token in _MARKS:
            is_code = token == "<code>"
            parts.append(_MARKS[token])
        elif token.startswith("<a "):
            parts.append(re.sub(r'<a href="(.*?)">(.*?)</a>', r"[\2](\1)", token))
        else:
            plain = html.unescape(token)
            # Within words, underscores mean themselves.
            parts.append(plain if is_code else re.sub(r"(?<!\w)_|_(?!\w)|\*", r"\\\g<0>", plain))
    found = "".join(parts).strip()
    for title, page in links.items():
        found = found.replace(f"**{title}**", f"[{title}]({page})")
    return found


@contextmanager
def _spoken(language: str) -> Iterator[None]:
    """Let ``tr`` speak a language, whichever QGIS has."""
    translator = QTranslator()
    catalogue = CATALOGUES / f"deep_land_cover_{language}.qm"
    is_installed = catalogue.is_file() and translator.load(str(catalogue))
    if is_installed:
        QCoreApplication.installTranslator(translator)
    try:
        yield
    finally:
        if is_installed:
            QCoreApplication.removeTranslator(translator)


def main() -> int:
    """Write the pages."""
    from deep_land_cover.tools.make_resources import qgis_session

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--html", type=Path, metavar="FOLDER", help="HTML")
    options = parser.parse_args()
    with qgis_session():
        import deep_land_cover

        plugin = deep_land_cover.classFactory(None)
        plugin.initProcessing()
        if options.html:
            written = {options.html / language: html_pages(language) for language in LANGUAGES}
        else:
            written = {FOLDER: reference_pages()}
        plugin.unload()
        del plugin
    for folder, pages in written.items():
        folder.mkdir(parents=True, exist_ok=True)
        for old in {*folder.glob("*.md"), *folder.glob("*.html")}:
            if old.name not in pages:
                old.unlink()
        for name, text in pages.items():
            (folder / name).write_text(text, encoding="utf-8")
        print(len(pages), folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
