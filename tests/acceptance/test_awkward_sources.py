"""Rasters that QGIS opens in another way than the worker: what counts is the file's own grid.

QGIS warps rotated, south-up and GCP rasters as it opens them, and unfolds containers.
"""

from __future__ import annotations

from pathlib import Path

import pytest

AWKWARD = Path(__file__).parents[3] / "shared" / "data" / "awkward"
pytestmark = [
    pytest.mark.qgis,
    pytest.mark.medium,
    pytest.mark.data,
    pytest.mark.skipif(not AWKWARD.is_dir(), reason="the shared data are not here"),
]
ROTATED = (100.0, 17.320508075688775, 5.0, 200.0, 10.0, -8.660254037844387)
SOUTH_UP = (100.0, 20.0, 0.0, 200.0, 0.0, 20.0)


@pytest.fixture
def classify(qgis_process, trained, tmp_path):
    def run(source):
        return qgis_process(
            "classifyraster",
            INPUT=source,
            MODEL=trained["OUTPUT"],
            OUTPUT=tmp_path / "maps" / "map.tif",
            DEVICE="cpu",
            MIN_VALID=0,
        )

    (tmp_path / "maps").mkdir()
    return run


@pytest.mark.parametrize("transform", [ROTATED, pytest.param(SOUTH_UP, marks=pytest.mark.slow)])
def test_what_qgis_turns_upright_is_mapped_on_its_own_grid(classify, demo, tmp_path, transform):
    from osgeo import gdal

    scene = gdal.Open(demo["RASTER"])
    source = gdal.GetDriverByName("GTiff").CreateCopy(
        str(tmp_path / "turned 旋转.tif"),
        gdal.Translate("", scene, format="MEM", srcWin=[20, 20, 15, 10]),
    )
    source.SetGeoTransform(transform)
    source.FlushCache()
    del source
    done, results = classify(tmp_path / "turned 旋转.tif")
    assert done.returncode == 0, done.stderr
    mapped = gdal.Open(results["OUTPUT"])
    assert mapped.GetGeoTransform() == transform
    assert (mapped.RasterXSize, mapped.RasterYSize) == (15, 10)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        pytest.param("RGB.byte.gcp.vrt", "ground control points only", marks=pytest.mark.slow),
        pytest.param("riotiler_cog_gcps.tif", "ground control points only", marks=pytest.mark.slow),
        ("RGB.nc", "holds several datasets"),
        pytest.param("no_band.h5", "holds several datasets", marks=pytest.mark.slow),
        pytest.param("rotated.tif", "no coordinate reference system", marks=pytest.mark.slow),
        pytest.param("riotiler_dataset_2d.nc", "no coordinate reference system", marks=pytest.mark.slow),
        pytest.param(
            "stars_test_stageiv_xyt_borked.nc", "no coordinate reference system", marks=pytest.mark.slow
        ),
        # Opened, and only then found to lack the model's bands.
        (f'NETCDF:"{AWKWARD}/RGB.nc":Band1', "The raster has 1: Band 1"),
    ],
)
def test_what_has_no_grid_has_a_sentence_and_leaves_no_file(classify, tmp_path, source, says):
    done, _ = classify(source if ":" in source else AWKWARD / source)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "maps").iterdir()) == []
