"""What a classification writes besides the map, as QGIS opens it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsRasterLayer

pytestmark = pytest.mark.qgis


@pytest.fixture
def classify(classify):
    """Classify every fourth pixel of the scene and return the run."""
    return partial(classify, STRIDE=4)


def renderer_type(path):
    # The renderer lives as long as its layer.
    layer = QgsRasterLayer(path, "layer")
    return layer.renderer().type()


@pytest.mark.parametrize("share_type", ["uint8", "float32"])
def test_probabilities_and_uncertainty_open_styled_from_0_to_1(classify, tmp_path, share_type):
    paths = {name: str(tmp_path / f"{name}.tif") for name in ("PROBABILITIES", "UNCERTAINTY")}
    done = classify(SHARE_TYPE=share_type, **paths)
    assert done.succeeded, done.log
    bands = {
        "PROBABILITIES": ["3 Water", "17 Forest"],
        "UNCERTAINTY": ["Highest probability", "Margin", "Entropy"],
    }
    for name, path in paths.items():
        assert done.results[name] == path
        layer = QgsRasterLayer(path, name)
        renderer = layer.renderer()
        assert renderer.type() == "singlebandpseudocolor"
        assert (renderer.classificationMin(), renderer.classificationMax()) == (0.0, 1.0)
        dataset = gdal.Open(path)
        found = [dataset.GetRasterBand(i + 1).GetDescription() for i in range(dataset.RasterCount)]
        assert found == bands[name]
        assert (
            gdal.GetDataTypeName(dataset.GetRasterBand(1).DataType)
            == {
                "uint8": "Byte",
                "float32": "Float32",
            }[share_type]
        )
    # The probabilities of a pixel add up to 1, as QGIS reads them.
    layer = QgsRasterLayer(paths["PROBABILITIES"], "p")
    provider = layer.dataProvider()
    centre = provider.extent().center()
    total = sum(provider.sample(centre, band)[0] for band in (1, 2))
    assert total == pytest.approx(1.0, abs=0.0041)


def test_without_fill_the_map_has_a_pixel_a_cell_at_its_exact_place(classify, scene):
    done = classify(FILL=False)
    assert done.succeeded, done.log
    source, made = gdal.Open(scene), gdal.Open(done.results["OUTPUT"])
    x, width, _, y, _, height = source.GetGeoTransform()
    assert made.GetGeoTransform() == (x, 4 * width, 0.0, y, 0.0, 4 * height)
    assert (made.RasterXSize, made.RasterYSize) == (-(-source.RasterXSize // 4), -(-source.RasterYSize // 4))
    assert renderer_type(done.results["OUTPUT"]) == "paletted"


def test_a_cloud_optimised_map_in_zstd_opens_styled(classify, tmp_path):
    probabilities = str(tmp_path / "p.tif")
    done = classify(COG=True, COMPRESSION="zstd", PROBABILITIES=probabilities)
    assert done.succeeded, done.log
    for path in (done.results["OUTPUT"], probabilities):
        structure = gdal.Open(path).GetMetadata("IMAGE_STRUCTURE")
        assert (structure["LAYOUT"], structure["COMPRESSION"]) == ("COG", "ZSTD")
    layer = QgsRasterLayer(done.results["OUTPUT"], "map")
    assert [item.label for item in layer.renderer().classes()] == ["Water", "Forest"]


def test_temporary_outputs_leave_neither_journal_nor_tiles(classify):
    done = classify(OUTPUT="TEMPORARY_OUTPUT", UNCERTAINTY="TEMPORARY_OUTPUT")
    assert done.succeeded, done.log
    folder = Path(done.results["OUTPUT"]).parent
    assert not [path for path in folder.iterdir() if path.suffix in (".part", ".journal", ".new")]
    assert renderer_type(done.results["UNCERTAINTY"]) == "singlebandpseudocolor"


def test_two_outputs_of_one_name_are_refused(classify, tmp_path):
    done = classify(PROBABILITIES=str(tmp_path / "map.tif"))
    assert not done.succeeded
    assert "Two outputs have the same name" in done.log


def test_the_area_of_applicability_opens_with_what_lies_outside_in_red(classify, tmp_path):
    done = classify(APPLICABILITY=str(tmp_path / "area.tif"))
    assert done.succeeded, done.log
    share = done.results["APPLICABLE_SHARE"]
    assert 0 <= share <= 1 and f"{share:.1%} of the map lie inside" in done.log
    threshold = float(gdal.Open(done.results["APPLICABILITY"]).GetMetadataItem("DISSIMILARITY_THRESHOLD"))
    layer = QgsRasterLayer(done.results["APPLICABILITY"], "area")
    shader = layer.renderer().shader().rasterShaderFunction()
    assert layer.renderer().classificationMax() == pytest.approx(threshold, rel=1e-5)
    assert shader.shade(1.01 * threshold)[1:4] == (179, 0, 0)
    assert shader.shade(0.99 * threshold)[1:4] != (179, 0, 0)
    # Dark means unsure.
    near, far = (sum(shader.shade(share * threshold)[1:4]) for share in (0.05, 0.95))
    assert near - far > 150
    legend = [label for label, _ in layer.renderer().legendSymbologyItems()]
    assert len(legend) == 6 and legend[-1] == f"Outside, above {threshold:.2f}"


def test_prediction_sets_open_as_a_map_of_sizes(classify, tmp_path):
    done = classify(PREDICTION_SETS=str(tmp_path / "sets.tif"), COVERAGE=0.8)
    assert done.succeeded, done.log
    layer = QgsRasterLayer(done.results["PREDICTION_SETS"], "sets")
    labels = [item.label for item in layer.renderer().classes()]
    assert labels == ["No class: like none of them", "1 class: sure", "2 classes"]
    assert "Prediction sets hold one class on" in done.log
