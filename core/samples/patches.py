"""Cutting many patches out of one tile at once, on the device that holds the tile."""

from __future__ import annotations

from torch import Tensor


def cut_patches(tile: Tensor, rows: Tensor, columns: Tensor, size: int) -> Tensor:
    """Return the patches whose top-left pixels are given.

    One strided gather: every patch row is a contiguous piece of a channels-last tile. A tile that
    is stored that way (``hwc.permute(2, 0, 1)``) is not copied before.

    Args:
        tile: Shape (channels, rows, columns).
        rows: First row of each patch in the tile, int64, shape (patches,).
        columns: First column of each patch, alike.
        size: Rows and columns of a patch.

    Returns:
        Shape (patches, channels, size, size), in channels-last memory order.
    """
    pixels = tile.permute(1, 2, 0).contiguous()
    height, width, channels = pixels.shape
    pieces = pixels.as_strided(
        (height - size + 1, width - size + 1, size, size * channels),
        (width * channels, channels, width * channels, 1),
        pixels.storage_offset(),
    )
    cut = pieces[rows, columns].view(-1, size, size, channels)
    return cut.permute(0, 3, 1, 2)
