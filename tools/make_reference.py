"""The reference in ``docs/reference``, written from the algorithms themselves. Runs under QGIS's Python.

    python3 tools/make_reference.py

``./dev docs`` runs it; a test compares what is there with what it writes.
"""

from __future__ import annotations

import html
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import Qgis, QgsApplication, QgsProcessingAlgorithm, QgsProcessingParameterDefinition

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
PICTURES = {
    "setupenvironment": "settings.png",
    "trainmodel": "train.png",
    "classifyraster": "classify.png",
    "assessaccuracy": "assessment.png",
    "comparemaps": "comparison.png",
    "exportmap": "page.png",
    "train_classify_assess": "model.png",
}
"""Id of an algorithm to a picture in ``docs/images``."""

_NOTE = "<!-- Written by ./dev docs from the algorithm itself; its texts are in algorithms/. -->"
_GROUPS = ("Start here", "Rasters", "Models", "Maps", "Accuracy", "Example models")
_MARKS = {"<p>": "", "</p>": "\n\n", "<b>": "**", "</b>": "**", "<i>": "*", "</i>": "*"}
_KINDS = {
    "boolean": "true or false",
    "enum": "one of",
    "extent": "extent",
    "field": "field of",
    "fileDestination": "file to write",
    "folderDestination": "folder to write into",
    "layer": "layer",
    "multilayer": "layers",
    "raster": "raster layer",
    "rasterDestination": "raster to write",
    "sink": "vector layer to write",
    "source": "vector layer",
    "string": "text",
}
_OUTPUTS = {
    "outputFile": "file",
    "outputFolder": "folder",
    "outputHtml": "page",
    "outputMultilayer": "layers",
    "outputNumber": "number",
    "outputRaster": "raster",
    "outputString": "text",
    "outputVector": "vector layer",
}


def reference_pages() -> dict[str, str]:
    """Return name to text of all pages; the plugin's provider must be registered."""
    provider = QgsApplication.processingRegistry().providerById("deeplandcover")
    algorithms = sorted(provider.algorithms(), key=_order)
    titles = {item.displayName(): f"{item.name()}.md" for item in algorithms}
    pages = {f"{item.name()}.md": _page(item, titles) for item in algorithms}
    return {"index.md": _index(algorithms), **pages}


def _order(algorithm: QgsProcessingAlgorithm) -> tuple[int, str, str]:
    group = algorithm.group()
    place = _GROUPS.index(group) if group in _GROUPS else len(_GROUPS)
    return place, group, algorithm.displayName()


def _index(algorithms: Sequence[QgsProcessingAlgorithm]) -> str:
    rows = [
        f"| [{item.displayName()}]({item.name()}.md) | `deeplandcover:{item.name()}` "
        f"| {item.shortDescription()} |"
        for item in algorithms
    ]
    head = ["| tool | id | what it does |", "|---|---|---|"]
    text = (
        "All tools are in the Processing Toolbox under *Deep Land Cover*, in graphical models, in batch runs "
        "and on the command line (`qgis_process run ID -- NAME=value …`). The names of their parameters are "
        "public: scripts and models may rely on them."
    )
    return "\n".join([_NOTE, "", "# Reference", "", text, "", *head, *rows, ""])


def _page(algorithm: QgsProcessingAlgorithm, titles: dict[str, str]) -> str:
    lines = [_NOTE, "", f"# {algorithm.displayName()}", ""]
    lines += [f"`deeplandcover:{algorithm.name()}` · {algorithm.group()}", ""]
    lines += [algorithm.shortDescription(), ""]
    picture = PICTURES.get(algorithm.name())
    if picture:
        lines += [f"![{algorithm.displayName()}](../images/{picture})", ""]
    lines += [_markdown(algorithm.shortHelpString(), titles), ""]
    shown = [
        item
        for item in algorithm.parameterDefinitions()
        if not item.flags() & Qgis.ProcessingParameterFlag.Hidden
    ]
    for heading, is_advanced in (("Parameters", False), ("Advanced parameters", True)):
        chosen = [item for item in shown if _is_advanced(item) == is_advanced]
        lines += [f"## {heading}", ""] if chosen else []
        for item in chosen:
            lines += [f"### {item.name()}", "", _facts(item), "", _markdown(item.help(), titles), ""]
    lines += ["## Results", "", "| name | kind | what |", "|---|---|---|"]
    lines += [
        f"| `{item.name()}` | {_OUTPUTS.get(item.type(), item.type())} | {item.description()} |"
        for item in algorithm.outputDefinitions()
    ]
    return "\n".join([*lines, ""])


def _is_advanced(item: QgsProcessingParameterDefinition) -> bool:
    return bool(item.flags() & Qgis.ProcessingParameterFlag.Advanced)


def _facts(item: QgsProcessingParameterDefinition) -> str:
    """Return ``**Epochs** · whole number from 1 · optional``."""
    default = _default(item)
    is_optional = bool(item.flags() & Qgis.ProcessingParameterFlag.Optional)
    need = f"default {default}" if default else "optional" if is_optional else "required"
    return f"**{item.description()}** · {_kind(item)} · {need}"


def _kind(item: QgsProcessingParameterDefinition) -> str:
    kind = item.type()
    if kind == "enum":
        words = ", ".join(f"`{option}`" for option in item.options())
        return f"{'any of' if item.allowMultiple() else 'one of'} {words}"
    if kind == "number":
        return _number_kind(item)
    if kind == "field":
        return f"field of {item.parentLayerParameterName()}"
    if kind == "file":
        return "folder" if item.behavior() == Qgis.ProcessingFileParameterBehavior.Folder else "file"
    return _KINDS.get(kind, kind)


def _number_kind(item: Any) -> str:
    is_whole = item.dataType() == Qgis.ProcessingNumberParameterType.Integer
    least, most = item.minimum(), item.maximum()
    # QGIS has the smallest and largest numbers that there are for no limit.
    lower = f" from {least:g}" if abs(least) < 2**31 - 1 else ""
    upper = f" to {most:g}" if abs(most) < 2**31 - 1 else ""
    return f"{'whole number' if is_whole else 'number'}{lower}{upper}"


def _default(item: QgsProcessingParameterDefinition) -> str:
    value = item.defaultValue()
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, (list, tuple)):
        return "all" if item.type() == "enum" and list(value) == item.options() else ""
    if isinstance(value, (int, float)):
        return f"`{value:g}`"
    return f"`{value}`" if isinstance(value, str) and value else ""


def _markdown(text: str, titles: dict[str, str]) -> str:
    """Return a help text as Markdown, with links where it names another tool."""
    parts: list[str] = []
    is_code = False
    for token in re.split(r"(</?(?:p|b|i|code)>)", text):
        if token in ("<code>", "</code>"):
            is_code = token == "<code>"
            parts.append("`")
        elif token in _MARKS:
            parts.append(_MARKS[token])
        else:
            plain = html.unescape(token)
            # Within words, underscores mean themselves.
            parts.append(plain if is_code else re.sub(r"(?<!\w)_|_(?!\w)|\*", r"\\\g<0>", plain))
    found = "".join(parts).strip()
    for title, page in titles.items():
        found = found.replace(f"**{title}**", f"[{title}]({page})")
    return found


def main() -> int:
    """Write the pages."""
    from qgis_session import qgis_session

    with qgis_session():
        import deep_land_cover

        plugin = deep_land_cover.classFactory(None)
        plugin.initProcessing()
        pages = reference_pages()
        plugin.unload()
        del plugin
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.md"):
        if old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"{len(pages)} pages in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
