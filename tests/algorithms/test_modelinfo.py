"""'Describe a model' reads the document without a worker."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.qgis


def test_a_trained_model_is_described(run, model):
    done = run("modelinfo", {"MODEL": model})
    assert done.succeeded
    assert done.results["ARCHITECTURE"] == "resnet18"
    assert done.results["BANDS"] == "B02, B03, B04, B08"
    assert done.results["CLASSES"] == "3 Water, 17 Forest"
    assert done.results["PATCH_SIZE"] == 8
    assert 0.0 <= done.results["MACRO_F1"] <= done.results["OVERALL_ACCURACY"] <= 1.0
    table = done.log.splitlines()
    assert any(line.split()[:2] == ["17", "Forest"] for line in table)
    assert any("B02, B03, B04, B08" in line for line in table)


def test_no_worker_is_started_for_it(run, model, plugin):
    plugin.provider.close_worker()
    assert run("modelinfo", {"MODEL": model}).succeeded
    assert plugin.provider._client is None
