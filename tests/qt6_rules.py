"""What a module must not have to run on Qt 5 and Qt 6 alike, by the rules of QGIS's own migration script.

The script is https://github.com/qgis/QGIS/blob/master/scripts/pyqt5_to_pyqt6/pyqt5_to_pyqt6.py. It
mends what it knows; here the same things are findings. That enumerations are scoped is seen from the
classes themselves, where QGIS is, and that PyQt6 has what is used of Qt, from its types
(``tests/tools/test_qt6.py``).
"""

from __future__ import annotations

import ast
import enum
import importlib
import inspect
from collections.abc import Iterator
from typing import Any

_RENAMED = {
    ("Qt", "MidButton"): "Qt.MouseButton.MiddleButton",
    ("Qt", "TextColorRole"): "Qt.ItemDataRole.ForegroundRole",
    ("Qt", "BackgroundColorRole"): "Qt.ItemDataRole.BackgroundRole",
    ("QPainter", "HighQualityAntialiasing"): "QPainter.RenderHint.Antialiasing",
}
_REMOVED_IMPORTS = {
    "QRegExp": "QRegularExpression",
    "resources_rc": "the files of resources themselves",
    "qApp": "QApplication.instance()",
    "QDesktopWidget": "QScreen",
}


def qt6_findings(tree: ast.Module) -> list[str]:
    """Return what the script would change or warn of, with the line; of enumerations only those renamed."""
    found = []
    for node in ast.walk(tree):
        for problem in (*_of_import(node), *_of_call(node), *_of_attribute(node), *_of_definition(node)):
            found.append(f"line {getattr(node, 'lineno', 0)}: {problem}")
    return found


def unscoped_enums(tree: ast.Module) -> list[str]:
    """Return values of enumerations that are not taken from their enumeration, and names that are none.

    Qt 6 has ``Qt.AlignmentFlag.AlignLeft`` only, where Qt 5 has ``Qt.AlignLeft``, too. Needs QGIS, whose
    modules are imported.
    """
    names = dict(_qgis_names(tree))
    found = []
    for node in ast.walk(tree):
        chain = _chain(node)
        if chain and chain[0] in names:
            problem = _problem_of_chain(names[chain[0]], chain)
            if problem:
                found.append(f"line {getattr(node, 'lineno', 0)}: {problem}")
    return found


def _of_import(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        modules = [alias.name for alias in node.names]
        yield from (f"{name} instead of qgis.PyQt" for name in modules if name.startswith(("PyQt5", "PyQt6")))
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        if module.startswith(("PyQt5", "PyQt6")):
            yield f"{module} instead of qgis.PyQt"
        if module == "qgis.PyQt.Qt":
            yield "qgis.PyQt.Qt instead of qgis.PyQt.QtCore"
        for alias in node.names:
            if alias.name in _REMOVED_IMPORTS:
                yield f"{alias.name} is removed; use {_REMOVED_IMPORTS[alias.name]}"
            if (module, alias.name) == ("qgis.PyQt.QtWidgets", "QAction"):
                yield "QAction is in QtGui"


def _of_call(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Call):
        return
    if isinstance(node.func, ast.Attribute):
        name = node.func.attr
        if name == "exec_":
            yield "exec_() is exec()"
        if name == "addAction" and len(node.args) >= 4:
            yield "addAction() with many arguments differs; add a QAction"
        if name == "desktop" and not node.args:
            yield "QDesktopWidget is removed"
    if isinstance(node.func, ast.Name):
        name = node.func.id
        if name == "QVariant" and (not node.args or _chain(node.args[0])[:1] == ["QVariant"]):
            yield "a null QVariant is qgis.core.NULL"
        if name == "QDateTime" and (len(node.args) == 8 or _is_date_alone(node)):
            yield "QDateTime is made of a QDate and a QTime"


def _of_attribute(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
        if node.value.attr == "activated" and isinstance(node.slice, ast.Name) and node.slice.id == "str":
            yield "activated[str] is removed; use textActivated"
    chain = _chain(node)
    if len(chain) > 1:
        if chain[0] == "qApp":
            yield "qApp is QApplication.instance()"
        if chain[0] == "QVariant":
            yield "types are QMetaType.Type, not QVariant"
        if (chain[0], chain[1]) in _RENAMED:
            yield f"{chain[0]}.{chain[1]} is {_RENAMED[chain[0], chain[1]]}"
    if isinstance(node, ast.Attribute) and node.attr == "width" and isinstance(node.value, ast.Call):
        name = _chain(node.value.func)[-1:] or [getattr(node.value.func, "attr", "")]
        if name[0] in ("fontMetrics", "QFontMetrics", "QFontMetricsF"):
            yield "QFontMetrics.width() is horizontalAdvance()"


def _of_definition(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef) and node.name == "exec_":
        yield "exec_() is exec()"


def _is_date_alone(node: ast.Call) -> bool:
    first = node.args[0] if len(node.args) == 1 else None
    return isinstance(first, ast.Call) and _chain(first.func) == ["QDate"]


def _chain(node: ast.AST) -> list[str]:
    """Return the names of ``a.b.c``, or none where it is something else."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return [node.id, *reversed(names)] if isinstance(node, ast.Name) else []


def _qgis_names(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("qgis."):
            module = importlib.import_module(node.module or "")
            for alias in node.names:
                if hasattr(module, alias.name):
                    yield alias.asname or alias.name, getattr(module, alias.name)


def _problem_of_chain(value: Any, chain: list[str]) -> str:
    for place, name in enumerate(chain[1:], start=1):
        if not (inspect.isclass(value) or inspect.ismodule(value)):
            return ""
        if not hasattr(value, name):
            return f"there is no {'.'.join(chain[: place + 1])}"
        holder, value = value, getattr(value, name)
        is_member = isinstance(value, enum.Enum) or (
            isinstance(value, int) and type(value) not in (int, bool)
        )
        if is_member and holder is not type(value):
            return f"{'.'.join(chain[: place + 1])} is {type(value).__name__}.{name}"
    return ""
