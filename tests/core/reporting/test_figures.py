from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from rasterio.crs import CRS

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.raster.grid import Grid, Tile
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.reporting.charts import draw_confusion
from deep_land_cover.core.reporting.figure import (
    BASE,
    figure_labels,
    figure_style,
    font_chain,
    is_drawable,
    text_width,
)
from deep_land_cover.core.reporting.sample_map import draw_sample_map, read_background

NO_GLYPH = "\U0010fabc"  # for private use: no font has it


def test_samples_lie_where_they_are_in_their_colours() -> None:
    rows, columns, kinds = np.array([3, 40]), np.array([10, 90]), np.array([2, 0])
    axes = draw_sample_map(
        None, rows, columns, kinds, ("a", "b", "c"), ("#111111", "#222222", "#333333")
    ).axes[0]
    dots = {
        to_hex(item.get_facecolor()[0]): item for item in axes.collections if isinstance(item, PathCollection)
    }
    assert set(dots) == {"#111111", "#333333"}
    assert dots["#333333"].get_offsets().tolist() == [[10, 3]]  # x is the column
    bottom, top = axes.get_ylim()
    assert bottom > 40 > 3 > top  # rows count downwards


def test_the_scale_bar_hides_no_sample() -> None:
    # Samples in every corner of the map.
    rows, columns = np.array([2, 2, 58, 58]), np.array([2, 98, 2, 98])
    grid = Grid(100, 60, (20.0, 0.0, 5e5, 0.0, -20.0, 9.8e6), CRS.from_epsg(32748).to_wkt())
    kinds = np.zeros(4, dtype=np.int64)
    axes = draw_sample_map(None, rows, columns, kinds, ("a",), ("#111111",), grid).axes[0]
    lower = max(axes.get_ylim())
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert len(bars) == 2
    assert all(bar.get_y() > lower for bar in bars)


def test_the_cells_of_the_matrix_are_counts_and_shares_of_the_row() -> None:
    axes = draw_confusion([[30, 10], [0, 5]], ["A", "B"], "first.tif", "second.tif").axes[0]
    assert [item.get_text() for item in axes.texts] == ["30\n75%", "10\n25%", "5\n100%"]
    assert axes.images[0].get_array().tolist() == [[0.75, 0.25], [0, 1]]  # type: ignore[union-attr]


@pytest.mark.medium
def test_pyplot_and_its_global_state_are_left_alone() -> None:
    import subprocess
    import sys

    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); "
        "import deep_land_cover.core.reporting.training_page; sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    plugins = Path(__file__).parents[3] / ".dev" / "plugins"
    assert subprocess.run([sys.executable, "-c", code, str(plugins)], check=False).returncode == 0


def test_latin_letters_need_one_font() -> None:
    assert font_chain(["Hutan lahan kering", "Größe – ñ"]) == (BASE,)


def test_a_name_that_no_font_has_is_drawn_as_its_value() -> None:
    classes = [LandCoverClass(4, f"Sawah {NO_GLYPH}", "#112233"), LandCoverClass(5, "Hutan", "#112233")]
    with figure_style([item.name for item in classes]) as chain:
        assert not is_drawable(NO_GLYPH, chain)
        assert figure_labels(classes, chain) == ["4", "5 Hutan"]


def test_chinese_is_drawn_where_a_font_has_it_and_is_its_value_elsewhere() -> None:
    with figure_style(["水稻"]) as chain:
        label = figure_labels([LandCoverClass(9, "水稻", "#112233")], chain)[0]
        assert label == ("9 水稻" if is_drawable("水稻", chain) else "9")


@pytest.mark.parametrize("name", ["x" * 60, "水" * 60])
def test_long_names_are_shortened_by_their_width(name: str) -> None:
    label = figure_labels([LandCoverClass(1, name, "#112233")], font_chain([name]))[0]
    assert text_width(label) <= 26


@pytest.fixture
def ground(make_raster: Callable[..., Path]) -> Path:
    """300 x 400 pixels of nir, blue, green and red, each a ramp of its own, with a hole."""
    rows, columns = np.mgrid[0:300, 0:400]
    bands = np.stack([rows * 0 + 7, rows, columns, 700 - rows - columns]).astype(np.float32)
    bands[:, 100:110, 100:110] = -1
    return make_raster(bands, names=("nir", "blue", "green", "red"), nodata=-1)


def test_the_ground_is_shown_in_natural_colours_around_the_samples(ground: Path) -> None:
    with open_stack(RasterSource(str(ground))) as stack:
        found = read_background(stack, "", np.array([50, 250]), np.array([60, 200]))
    assert found is not None
    assert found.window == Tile(40, 50, 221, 161)
    assert found.image.shape == (221, 161, 3)
    red, green, blue = found.image.astype(int).transpose(2, 0, 1)
    assert blue[200, 80] > blue[20, 80] and green[20, 150] > green[20, 10] and red[20, 10] > red[200, 150]
    assert found.image[65, 55].tolist() == [225, 225, 225]


def test_a_large_raster_is_looked_at_coarsely(ground: Path) -> None:
    with open_stack(RasterSource(str(ground))) as stack:
        fine = stack.read(0, 300, 0, 400, ("green",))
        coarse = stack.read_coarsely(stack.grid.window, (30, 40), ("green",))
    assert coarse is not None
    np.testing.assert_allclose(coarse, fine[:, 5::10, 5::10], atol=5)


def test_bands_without_colours_are_shown_in_grey(make_raster: Callable[..., Path]) -> None:
    raster = make_raster(np.arange(10_000, dtype=np.float32).reshape(100, 100), name="one.tif")
    with open_stack(RasterSource(str(raster))) as stack:
        found = read_background(stack, "", np.array([0, 99]), np.array([0, 99]))
    assert found is not None and np.ptp(found.image, axis=2).max() == 0
    assert found.image[90, 0, 0] > found.image[10, 0, 0]
