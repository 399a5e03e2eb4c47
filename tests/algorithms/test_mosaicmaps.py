"""mosaicmaps as users run it."""

from __future__ import annotations

import pytest
from osgeo import gdal
from qgis.core import QgsRasterLayer

pytestmark = pytest.mark.qgis


def test_a_map_that_is_given_twice_counts_once_in_its_first_place(run, make_raster, tmp_path):
    folder = tmp_path / "maps"
    folder.mkdir()
    # Layers of a project, and their files in the folder in the order of their names.
    layers = [
        QgsRasterLayer(
            make_raster(folder / name, lambda *_, value=value: value, rows=4, columns=5, bands=("class",)),
            name,
        )
        for name, value in (("b.tif", 17), ("a.tif", 3))
    ]
    output = str(tmp_path / "mosaic.tif")
    given = {"INPUTS": layers, "INPUT_FOLDER": str(folder), "RULE": "priority", "OUTPUT": output}
    done = run("mosaicmaps", given)
    assert done.succeeded, done.log
    assert (done.results["OVERLAP"], done.results["AGREEMENT"]) == (20, 0.0)
    assert (gdal.Open(output).ReadAsArray() == 17).all()
