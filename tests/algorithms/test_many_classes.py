"""Maps of more than 256 classes, as crop registers have them."""

from __future__ import annotations

import pytest
from qgis.core import QgsGeometry

from .maps import legend, pixels

SIDE, ACROSS, DOWN = 4, 20, 15
COUNT = ACROSS * DOWN


def class_of(row: int, column: int) -> int:
    """Return the class of a pixel, 1 to 300: squares of 4 pixels have a class each."""
    return row // SIDE * ACROSS + column // SIDE + 1


@pytest.mark.medium
def test_300_classes_are_trained_mapped_styled_assessed_compared_and_printed(
    run, make_raster, make_layer, box, tmp_path
):
    scene = make_raster(tmp_path / "scene.tif", lambda band, row, column: 20 * class_of(row, column) + band)
    truth = make_raster(tmp_path / "truth.tif", lambda band, row, column: class_of(row, column), bands=("c",))
    rows = [
        (
            QgsGeometry.fromRect(box(number // ACROSS * SIDE, number % ACROSS * SIDE, SIDE, SIDE)),
            number + 1,
            f"Crop {number + 1}",
        )
        for number in range(COUNT)
    ]
    crops = make_layer(rows, fields="class:int,name:string")
    model, mapped = str(tmp_path / "model.skops"), str(tmp_path / "map.tif")
    training = {"CLASS_FIELD": "class", "NAME_FIELD": "name", "INDICES": [], "SPLIT": "random", "FOLDS": "0"}
    forest = {"ARCHITECTURE": "random_forest", "WINDOWS": "0", "TREES": 5, "MIN_LEAF": 1}
    trained = run("trainmodel", {"INPUT": scene, "SAMPLES": crops, **training, **forest, "OUTPUT": model})
    assert trained.succeeded, trained.log
    assert trained.results["CLASSES"] == COUNT
    done = run("classifyraster", {"INPUT": scene, "MODEL": model, "OUTPUT": mapped})
    assert done.succeeded, done.log
    right = [
        value == class_of(row, column)
        for row, line in enumerate(pixels(mapped))
        for column, value in enumerate(line)
    ]
    assert sum(right) / len(right) > 0.99
    names = {value: name for value, name, _ in legend(mapped)}
    assert names == {number: f"Crop {number}" for number in range(1, COUNT + 1)}

    styled = run("styleclassification", {"INPUT": mapped})
    assert styled.succeeded, styled.log
    for field in ("class", "name"):
        assessed = run("assessaccuracy", {"INPUT": mapped, "REFERENCE": crops, "CLASS_FIELD": field})
        assert assessed.succeeded, assessed.log
        assert assessed.results["OVERALL_ACCURACY"] == pytest.approx(sum(right) / len(right))
    table = tmp_path / "areas.csv"
    compared = run("comparemaps", {"INPUTS": [mapped, truth], "TABLE": str(table)})
    assert compared.succeeded, compared.log
    assert "Crop 300" in table.read_text(encoding="utf-8")
    page = tmp_path / "page.png"
    printed = run("exportmap", {"INPUTS": [mapped], "OUTPUT": str(page)})
    assert printed.succeeded, printed.log
    assert page.stat().st_size > 0
