"""Enumerations of QGIS and Qt are used in the one form that Qt 6 has, too."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

from ..qt6_rules import unscoped_enums

pytestmark = pytest.mark.qgis
ROOT = Path(__file__).parents[2]


@pytest.mark.medium
def test_all_are_scoped(plugin):
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "*.py"], capture_output=True, text=True, check=True
    )
    sources = {name: (ROOT / name).read_text(encoding="utf-8") for name in listed.stdout.split()}
    users = {name: ast.parse(text) for name, text in sources.items() if "qgis" in text}
    assert len(users) > 60
    assert {name: found for name, tree in users.items() if (found := unscoped_enums(tree))} == {}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Qt.AlignLeft", "Qt.AlignLeft is AlignmentFlag.AlignLeft"),
        ("x = QgsProcessing.TypeRaster", "QgsProcessing.TypeRaster is"),
        ("QgsMapLayer.RasterLayer", "QgsMapLayer.RasterLayer is"),
        ("QSizePolicy.Expanding", "QSizePolicy.Expanding is Policy.Expanding"),
        ("Qt.AlignmentFlag.AlignNowhere", "there is no Qt.AlignmentFlag.AlignNowhere"),
    ],
)
def test_others_are_found(plugin, line, found):
    imports = (
        "from qgis.PyQt.QtCore import Qt\nfrom qgis.PyQt.QtWidgets import QSizePolicy\n"
        "from qgis.core import QgsMapLayer, QgsProcessing\n"
    )
    assert [found in problem for problem in unscoped_enums(ast.parse(imports + line))] == [True]
    scoped = "Qt.AlignmentFlag.AlignLeft, QSizePolicy.Policy.Expanding, QgsProcessing.TEMPORARY_OUTPUT"
    assert unscoped_enums(ast.parse(imports + scoped)) == []
