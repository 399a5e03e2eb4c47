"""The code is ready for Qt 6: by the rules of QGIS's migration script, and by the types of PyQt6."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from importlib.metadata import files
from pathlib import Path

import pytest

from ..qt6_rules import qt6_findings

ROOT = Path(__file__).parents[2]
PLUGINS = ROOT / ".dev" / "plugins"
# What is said of the types of our own values is not about Qt.
OURS = "assignment, var-annotated, dict-item, list-item, return-value, func-returns-value"


@pytest.fixture(scope="module")
def sources():
    """All tracked modules that speak with QGIS, by name."""
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "*.py"], capture_output=True, text=True, check=True
    )
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in listed.stdout.split()}
    return {
        name: text for name, text in texts.items() if re.search(r"^\s*(from|import) (qgis|PyQt)", text, re.M)
    }


@pytest.fixture
def types(tmp_path, request):
    """Return a function that checks files against PyQt6, with QGIS's own classes taken as they come.

    What mypy knows of the types is kept from run to run.
    """
    cache = Path(request.config.cache.mkdir("pyqt6"))
    stubs = cache / "stubs"
    for package in (stubs / "qgis", stubs / "qgis" / "PyQt", stubs / "PyQt6"):
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.pyi").touch()
    # Without a file of the package itself, mypy does not find the base of all classes, and lets all be.
    installed = [Path(str(file.locate())) for file in files("PyQt6-stubs") or () if file.suffix == ".pyi"]
    for path in installed:
        shutil.copy2(path, stubs / "PyQt6")
        (stubs / "qgis" / "PyQt" / path.name).write_text(f"from PyQt6.{path.stem} import *\n")
    for name in ("core", "gui", "analysis", "utils"):
        (stubs / "qgis" / f"{name}.pyi").write_text(
            "from typing import Any\ndef __getattr__(name: str) -> Any: ...\n"
        )
    skipped = "".join(
        f"[mypy-deep_land_cover.{part}.*]\nfollow_imports = skip\n" for part in ("core", "runtime")
    )
    (tmp_path / "mypy.ini").write_text(
        f"[mypy]\nmypy_path = {stubs}:{PLUGINS}\npython_version = 3.13\nexplicit_package_bases = True\n"
        "check_untyped_defs = True\nignore_missing_imports = True\nstrict_optional = False\n"
        f"disable_error_code = {OURS}\n[mypy-PyQt6.*]\nignore_errors = True\n{skipped}"
    )

    def check(paths):
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "mypy",
                "--config-file",
                tmp_path / "mypy.ini",
                "--cache-dir",
                cache / "mypy",
                *paths,
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode in (0, 1), done.stderr
        return [line for line in done.stdout.splitlines() if ": error:" in line]

    return check


@pytest.mark.medium
def test_the_migration_script_would_change_nothing(sources):
    assert len(sources) > 50
    found = {name: qt6_findings(ast.parse(text)) for name, text in sources.items()}
    assert {name: problems for name, problems in found.items() if problems} == {}


@pytest.mark.medium
@pytest.mark.slow
def test_pyqt6_has_what_is_used_of_qt_and_what_it_lacks_is_found(types, sources, tmp_path):
    # In one run of mypy, which reads the types of all of Qt.
    (tmp_path / "old.py").write_text(
        "from qgis.PyQt.QtCore import Qt, QRegExp\n"
        "from qgis.PyQt.QtWidgets import QAction, QDialog\n"
        "def show(dialog: QDialog) -> None:\n"
        "    dialog.exec_()\n"
        "side = Qt.AlignLeft\n"
        "scoped = Qt.AlignmentFlag.AlignLeft\n"
    )
    found = types([tmp_path / "old.py", *(PLUGINS / "deep_land_cover" / name for name in sources)])
    old = [line for line in found if line.startswith("old.py:")]
    assert [re.search(r":(\d+):", line)[1] for line in old] == ["1", "2", "4", "5"]
    others = [line for line in found if line not in old]
    assert not others, "\n".join(others)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("from PyQt5.QtCore import Qt", "qgis.PyQt"),
        ("import PyQt5.QtCore", "qgis.PyQt"),
        ("from qgis.PyQt.Qt import Qt", "QtCore"),
        ("from qgis.PyQt.QtCore import QRegExp", "QRegularExpression"),
        ("from . import resources_rc", "resources"),
        ("from qgis.PyQt.QtWidgets import QAction", "QtGui"),
        ("dialog.exec_()", "exec()"),
        ("def exec_(self): pass", "exec()"),
        ("menu.addAction(icon, 'text', slot, 'Ctrl+A')", "QAction"),
        ("QApplication.desktop()", "QDesktopWidget"),
        ("field = QgsField('a', QVariant.Int)", "QMetaType"),
        ("value = QVariant()", "NULL"),
        ("QDateTime(2026, 1, 1, 0, 0, 0, 0, 0)", "QTime"),
        ("QDateTime(QDate(2026, 1, 1))", "QTime"),
        ("qApp.processEvents()", "QApplication.instance()"),
        ("Qt.MidButton", "MiddleButton"),
        ("box.activated[str].connect(slot)", "textActivated"),
        ("widget.fontMetrics().width('text')", "horizontalAdvance"),
        ("QFontMetrics(font).width('text')", "horizontalAdvance"),
    ],
)
def test_what_the_migration_script_changes_is_found(line, found):
    assert [found in problem for problem in qt6_findings(ast.parse(line))] == [True]


def test_what_both_have_is_let_be():
    fine = (
        "from qgis.PyQt.QtGui import QAction\nmenu.addAction(action)\ndialog.exec()\nsize = box.width()\n"
        "moment = QDateTime(QDate(2026, 1, 1), QTime(0, 0))\nkind = QMetaType.Type.Int\n"
    )
    assert qt6_findings(ast.parse(fine)) == []
