"""The stem of a network, computed once for all patches of a tile that overlap.

Patches a few pixels apart show their stem the same pixels. Where a patch's edges do not clip what it
sees, it gives the same values for all of them; where they do, for all that they clip alike. Along an
axis there are few ways to be clipped, four in a ResNet, so the maps of each patch are gathered from
sixteen maps of the tile.
"""

from __future__ import annotations

from itertools import accumulate, product

import torch
from torch import Tensor
from torch.nn.functional import conv2d

from ..models.stem import Stem, cut_stem
from .backends.backend import PatchNetwork, tensor_float
from .backends.check import is_exact
from .patch_inputs import CutPatches, GatheredMaps, OwnMaps, PatchInputs
from .stem_geometry import Axis, Line

_WORTH_SHARING = 0.25
"""The most of a stem's arithmetic that may be left for sharing it to pay: backends that compute it with the
rest do so in fewer bits, which is up to five times as fast."""
# Patches by which that is judged, along each axis of a tile.
_SIDE = 64
_BATCH = 256


def cut_network(network: PatchNetwork) -> tuple[SharedStem, PatchNetwork] | None:
    """Return the stem of a network and the rest, None where it does not begin with one that can be shared.

    Args:
        network: It is not changed. The rest takes the stem's maps, and shares its weights.
    """
    try:
        cut = cut_stem(network.plain)
        if cut is None or not is_exact(lambda patches: cut[1](cut[0](patches)), network):
            return None
    except (MemoryError, torch.OutOfMemoryError):
        raise
    # Whatever the tracer raises of a network that is new to it: such a one is computed whole.
    except Exception:
        return None
    stem, rest = cut
    shared = SharedStem(stem, network.patch_size)
    return shared, PatchNetwork(rest, stem.convolution.out_channels, shared.map_size, network.device)


class SharedStem:
    """Computes the stem of patches that are given by their places in a tile."""

    def __init__(self, stem: Stem, patch_size: int, stride: int = 1) -> None:
        """Derive which places of the layers a patch's edges clip alike.

        Args:
            stem: The layers, on their device.
            patch_size: Rows and columns of a patch.
            stride: Pixels from one patch to the next, but for a few that lie elsewhere.
        """
        self.stem = stem
        self._patch_size, self._stride = patch_size, stride
        self._axis = Axis.of(stem, patch_size)

    def at_stride(self, stride: int) -> SharedStem:
        """Return the same for patches that are so many pixels apart."""
        return SharedStem(self.stem, self._patch_size, stride)

    @property
    def map_size(self) -> int:
        """Rows and columns of its maps of a patch."""
        return len(self._axis.kinds)

    @property
    def pays(self) -> bool:
        """Whether sharing is worth it where all patches are classified."""
        starts = torch.arange(_SIDE) * self._stride
        return self._work(starts.repeat_interleave(_SIDE), starts.repeat(_SIDE)) <= _WORTH_SHARING

    def inputs(self, tile: Tensor, rows: Tensor, columns: Tensor) -> PatchInputs:
        """Return what gives the stem's maps of patches, shared where that takes less work.

        Args:
            tile: Standardised pixels, float32, shape (channels, rows, columns).
            rows: First row of each patch in the tile, int64, shape (patches,).
            columns: First column of each, alike.
        """
        is_regular = _is_regular(rows, self._stride) & _is_regular(columns, self._stride)
        regular, others = (torch.nonzero(which).flatten() for which in (is_regular, ~is_regular))
        patches = CutPatches(tile, rows, columns, self._patch_size)
        # A few patches far apart: shared maps would be computed between them, too.
        if not len(regular) or self._work(rows[regular], columns[regular]) > 1.0:
            return OwnMaps(self.stem, patches)
        values, at = self._shared(tile, rows[regular], columns[regular])
        if not len(others):
            return GatheredMaps(values, at)
        own = self.of_patches(patches.batch(others, tile.dtype)).permute(0, 2, 3, 1)
        places = torch.arange(own[..., 0].numel(), device=at.device).view(own.shape[:-1]) + len(values)
        everywhere = at.new_empty(len(rows), *at.shape[1:])
        everywhere[regular], everywhere[others] = at, places
        return GatheredMaps(torch.cat([values, own.flatten(0, 2)]), everywhere)

    @torch.inference_mode()
    def of_patches(self, patches: Tensor) -> Tensor:
        """Return the stem's maps of patches (N, channels, rows, columns), float32, where they are."""
        batches = torch.split(patches, _BATCH)
        device = self.stem.convolution.weight.device
        with tensor_float(False):
            return torch.cat([self.stem(batch.to(device)).to(patches.device) for batch in batches])

    def _work(self, rows: Tensor, columns: Tensor) -> float:
        """Return the arithmetic of the shared convolution, as a share of that of each patch by itself."""
        lines = Line.through(rows, self._stride), Line.through(columns, self._stride)
        down, across = (sum(line.taps(self._axis, taps) for taps in self._axis.taps) for line in lines)
        return down * across / (len(rows) * self._axis.taps_of_a_patch**2)

    @torch.inference_mode()
    def _shared(self, tile: Tensor, rows: Tensor, columns: Tensor) -> tuple[Tensor, Tensor]:
        """Return values (N, channels), and which are those of each patch (patches, rows, columns)."""
        axis = self._axis
        down, across = Line.through(rows, self._stride), Line.through(columns, self._stride)
        taps, places = range(len(axis.taps)), range(len(axis.places))
        maps = self._convolved(tile, down, across)
        tall = {(p, b): axis.highest(down, p, [maps[a, b] for a in taps], 1) for p in places for b in taps}
        whole = {
            (p, q): axis.highest(across, q, [tall[p, b] for b in taps], 2) for p in places for q in places
        }
        begins = dict(
            zip(whole, accumulate((part[0].numel() for part in whole.values()), initial=0), strict=False)
        )
        begin = torch.tensor([[begins[p, q] for q in axis.kinds] for p in axis.kinds], device=tile.device)
        width = torch.tensor([whole[0, q].shape[2] for q in axis.kinds], device=tile.device)
        at = down.numbers(axis, rows)[:, :, None] * width + across.numbers(axis, columns)[:, None, :] + begin
        values = torch.cat([part.permute(1, 2, 0).flatten(0, 1) for part in whole.values()])
        return values.relu_(), at

    def _convolved(self, tile: Tensor, down: Line, across: Line) -> dict[tuple[int, int], Tensor]:
        """Return the convolution's maps (channels, rows, columns) by the numbers of their taps."""
        axis, layer = self._axis, self.stem.convolution
        pixels = tile[None].contiguous(memory_format=torch.channels_last)
        maps = {}
        with tensor_float(False):
            for (a, above), (b, beside) in product(enumerate(axis.taps), repeat=2):
                places = down.places(above, axis.step), across.places(beside, axis.step)
                tall, wide = (
                    grid.pixels(axis, taps) for grid, taps in zip(places, (above, beside), strict=True)
                )
                maps[a, b] = conv2d(
                    pixels[:, :, tall, wide],
                    layer.weight[:, :, above.low : above.high, beside.low : beside.high],
                    layer.bias,
                    stride=(places[0].step, places[1].step),
                )[0]
        return maps


def _is_regular(starts: Tensor, stride: int) -> Tensor:
    """Return which first pixels are as far from each other as those of most patches, bool."""
    rests = starts % stride
    return rests == rests.mode().values
