import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deep_land_cover.core.raster.grid import Tile, tiles_of

sizes = st.integers(1, 90)
offsets = st.integers(0, 70)
windows = st.builds(Tile, offsets, offsets, sizes, sizes)


@given(windows, st.integers(1, 64), st.integers(1, 20))
def test_every_pixel_of_a_window_is_in_exactly_one_tile(window, tile_size, multiple_of):
    times = np.zeros((200, 200), dtype=int)
    for tile in tiles_of(window, tile_size, multiple_of):
        assert tile.height > 0 and tile.width > 0
        times[tile.row : tile.row_stop, tile.column : tile.column_stop] += 1
    expected = np.zeros_like(times)
    expected[window.row : window.row_stop, window.column : window.column_stop] = 1
    assert np.array_equal(times, expected)


@given(windows, st.integers(1, 64), st.integers(1, 20))
def test_no_cell_is_cut_by_two_tiles(window, tile_size, multiple_of):
    for tile in tiles_of(window, tile_size, multiple_of):
        assert tile.row == window.row or tile.row % multiple_of == 0
        assert tile.column == window.column or tile.column % multiple_of == 0
        assert tile.row_stop == window.row_stop or tile.row_stop % multiple_of == 0
        assert tile.column_stop == window.column_stop or tile.column_stop % multiple_of == 0


@given(windows, st.integers(1, 64), st.integers(1, 20))
def test_no_tile_is_larger_than_asked_for(window, tile_size, multiple_of):
    limit = max(tile_size, multiple_of)
    assert all(max(tile.height, tile.width) <= limit for tile in tiles_of(window, tile_size, multiple_of))


def test_a_window_no_larger_than_a_tile_has_one_tile():
    assert list(tiles_of(Tile(0, 0, 3, 2), 256)) == [Tile(0, 0, 3, 2)]


def test_one_pixel_more_than_a_tile_gives_a_tile_of_one_pixel():
    assert [tile.width for tile in tiles_of(Tile(0, 0, 1, 257), 256)] == [256, 1]


def test_tiles_can_be_counted_from_a_window():
    assert Tile(10, 20, 3, 4).relative_to(Tile(8, 15, 50, 50)) == Tile(2, 5, 3, 4)
