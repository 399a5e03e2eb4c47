"""The inspection of samples that can hardly be inspected, and its refusals."""

from __future__ import annotations

import json

import numpy as np
import pytest

from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.common import RasterInputs
from deep_land_cover.core.requests.inspectsamples import InspectRequest
from deep_land_cover.core.requests.train import LabelInputs
from deep_land_cover.core.tasks.inspectsamples import run


@pytest.fixture
def request_for(make_raster, tmp_path):
    """Return a function from polygons (class, first row, first column) to a request; 5 x 5 pixels each."""
    values = np.random.default_rng(0).normal(100, 10, (3, 60, 60)).astype(np.float32)
    values[:, :, 30:] += 50
    raster = make_raster(values, names=("red", "green", "nir"))

    def request_for(polygons, **more):
        import rasterio

        with rasterio.open(raster) as dataset:
            place = dataset.transform
        lines = []
        for number, (value, row, column) in enumerate(polygons):
            corners = [(0, 0), (5, 0), (5, 5), (0, 5), (0, 0)]
            ring = [list(place @ (column + across, row + down)) for across, down in corners]
            geometry = {"type": "Polygon", "coordinates": [ring]}
            lines.append(json.dumps({"geometry": geometry, "class": value, "group": number}))
        labels = tmp_path / "labels.jsonl"
        labels.write_text("\n".join(lines))
        inputs = RasterInputs(RasterSource(str(raster)))
        defaults = {"suspects": str(tmp_path / "check.jsonl"), "report": str(tmp_path / "report.html")}
        return InspectRequest(inputs, LabelInputs(str(labels)), **{**defaults, **more})

    return request_for


def test_classes_of_one_polygon_have_curves_and_distances_only(request_for, tmp_path):
    result = run(request_for([(1, 5, 5), (2, 5, 45)]), SilentProgress())
    assert (result.suspects, result.units, result.overall_accuracy) == (0, 2, None)
    assert (tmp_path / "check.jsonl").read_text() == ""
    content = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert content["check"] is None and content["importance"] == [] and content["curve"]["points"] == []
    assert len(content["cautions"]) == 2 and len(content["curves"]) == 2
    assert content["distances"][0][1] > 1.9


class Texts(SilentProgress):
    """Keeps what the progress bar says."""

    def __init__(self):
        super().__init__()
        self.said = ""

    def update(self, fraction, text="", **values):
        self.said += text


@pytest.mark.medium
def test_as_many_are_listed_as_were_asked_for_and_the_same_again(request_for, tmp_path):
    places = [(row, column) for row in (2, 14, 26, 38, 50) for column in (4, 18, 34, 50)]
    polygons = [(1 + (column >= 30), row, column) for row, column in places]
    for number in (0, 7, 13):
        polygons[number] = (3 - polygons[number][0], *polygons[number][1:])
    progress = Texts()
    assert run(request_for(polygons, report=None), progress).suspects == 3
    whole = (tmp_path / "check.jsonl").read_text().splitlines()
    # Only a report has a learning curve, and the list is the same with it.
    assert progress.said and "learning curve" not in progress.said
    progress = Texts()
    assert run(request_for(polygons, count=2), progress).suspects == 2
    assert "learning curve" in progress.said
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["curve"]["points"]
    assert (tmp_path / "check.jsonl").read_text().splitlines() == whole[:2]
    assert [json.loads(line)["rank"] for line in whole] == [1, 2, 3]


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"method": "pixels"}, "SPLIT"),
        ({"count": -1}, "COUNT"),
        ({"suspects": None, "report": None}, "SUSPECTS"),
    ],
)
def test_what_cannot_work_is_refused(request_for, more, where):
    with pytest.raises(ParameterError) as caught:
        run(request_for([(1, 5, 5), (2, 5, 45)], **more), SilentProgress())
    assert where in caught.value.where
