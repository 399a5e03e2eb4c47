import pytest
from .test_second_language import three_hundred
pytestmark = pytest.mark.qgis
def test_it(run, three_hundred, tmp_path):
    done = run("exportmap", {"INPUTS": [three_hundred], "TITLE":"Three hundred classes", "OUTPUT": "/tmp/layout_out/pages/many.png", "OVERWRITE": True})
    assert done.succeeded, done.log
