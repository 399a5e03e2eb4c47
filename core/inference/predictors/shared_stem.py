"""Shared stem: the first layers of a network, computed once for all overlapping patches of a tile.

The stem of a ResNet (a strided convolution and a max pooling) takes about a fifth of the arithmetic on a 32
x 32 patch. Its output at a position depends on that position and on how the patch's edges clip its
receptive field, not on the patch. Along an axis there are few ways to be clipped, four in a ResNet, so the
stem's maps of each patch are gathered from sixteen maps of the tile. Rows and columns are treated alike, so
the geometry is that of one axis.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, groupby, product
from typing import Any, Protocol, TypeVar

import torch
from torch import Tensor, fx, nn
from torch.nn.functional import conv2d

from ...models.specialise import called_module, folded
from ...samples.patch_store import cut_patches
from ..backends.base import PatchNetwork, allow_tf32, is_exact

T = TypeVar("T")
# Sharing is used where at most this fraction of the stem's arithmetic remains. Without sharing, backends
# compute the stem in reduced precision, up to five times as fast.
_MAX_REMAINING_WORK = 0.25
# Patches along each axis of the tile for which that fraction is computed.
_SIDE = 64
_BATCH = 256


class Stem(nn.Module):
    """Stem of a network: convolution, ReLU and max pooling, equal along rows and columns, in float32.

    Attributes:
        kernel: Rows and columns of the convolution's kernel.
        step: Stride of the convolution, in pixels.
        padding: Width of the zero padding around a patch, in pixels.
        window: Rows and columns of the pooling window.
        pool_step: Stride of the pooling, in outputs of the convolution.
        pool_padding: Width of the padding around the outputs of the convolution.

    Args:
        convolution: Convolution with the batch norm folded into it; it is copied.
        pool: Max pooling; it is copied.
    """

    def __init__(self, convolution: nn.Conv2d, pool: nn.MaxPool2d) -> None:
        super().__init__()
        self.convolution = copy.deepcopy(convolution).requires_grad_(False)
        self.pool = copy.deepcopy(pool)
        self.kernel, self.step, self.padding = map(_number, _numbers(convolution))
        self.window, self.pool_step, self.pool_padding = map(_number, _numbers(pool))

    def forward(self, patches: Tensor) -> Tensor:
        """Return feature maps, not below 0, float32, shape (N, features, map size, map size).

        Args:
            patches: Standardised patches, float32, shape (N, channels, size, size).
        """
        maps: Tensor = self.pool(self.convolution(patches)).relu()
        return maps


def cut_stem(network: nn.Module) -> tuple[Stem, fx.GraphModule] | None:
    """Return the stem of a network and its other layers, or None where it does not begin with such a stem.

    Args:
        network: Network in evaluation mode; it is not changed. The other layers share its weights.

    Raises:
        Exception: PyTorch's tracer does not support the network.
    """
    graph = folded(network)
    modules = dict(graph.named_modules())
    node = next(iter(graph.graph.nodes))
    layers: list[nn.Module | None] = []
    for _ in range(3):
        if len(node.users) != 1:
            return None
        node = next(iter(node.users))
        layers.append(called_module(node, modules))
    convolution, relu, pool = layers
    if not (
        isinstance(convolution, nn.Conv2d) and isinstance(relu, nn.ReLU) and isinstance(pool, nn.MaxPool2d)
    ):
        return None
    if not (_is_plain(convolution) and _is_plain_maximum(pool)):
        return None
    return Stem(convolution, pool), _after(graph, node)


def _after(graph: fx.GraphModule, last: fx.Node) -> fx.GraphModule:
    """Return the part of a graph after the node ``last``."""
    rest = fx.Graph()
    copies = {last: rest.placeholder("maps")}
    nodes = list(graph.graph.nodes)
    for node in nodes[nodes.index(last) + 1 :]:
        copies[node] = rest.node_copy(node, copies.__getitem__)
    module = fx.GraphModule(graph, rest)
    module.delete_all_unused_submodules()
    return module.eval()


def _is_plain(layer: nn.Conv2d) -> bool:
    is_dense = layer.groups == 1 and layer.dilation == (1, 1)
    return is_dense and layer.padding_mode == "zeros" and all(map(_is_square, _numbers(layer)))


def _is_plain_maximum(layer: nn.MaxPool2d) -> bool:
    is_dense = layer.dilation in (1, (1, 1))
    return (
        is_dense
        and not layer.ceil_mode
        and not layer.return_indices
        and all(map(_is_square, _numbers(layer)))
    )


def _numbers(layer: nn.Conv2d | nn.MaxPool2d) -> tuple[Any, Any, Any]:
    return layer.kernel_size, layer.stride, layer.padding


def _is_square(number: Any) -> bool:
    """Return whether a layer's parameter is equal along rows and columns."""
    return isinstance(number, int) or (isinstance(number, tuple) and len(set(number)) == 1)


def _number(number: Any) -> int:
    return int(number[0] if isinstance(number, tuple) else number)


@dataclass(frozen=True)
class Taps:
    """Run of convolution outputs along an axis whose kernels are clipped equally by a patch's edges.

    Attributes:
        first: Position of the first output in the patch.
        last: Position of the last output in the patch.
        low: First tap of the kernel inside the patch.
        high: End of the taps inside the patch, exclusive.
    """

    first: int
    last: int
    low: int
    high: int


@dataclass(frozen=True)
class Places:
    """Run of pooling outputs along an axis with equally clipped inputs.

    Attributes:
        first: Position of the first output in the patch.
        last: Position of the last output in the patch.
        taken: Inputs of the maximum: pairs of an offset in outputs of the convolution, and an index into
            ``Axis.taps``.
    """

    first: int
    last: int
    taken: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Axis:
    """Geometry of a stem along the rows or columns of a patch.

    Attributes:
        step: Stride of the convolution, in pixels.
        pool_step: Stride of the pooling, in outputs of the convolution.
        padding: Width of the zero padding before a patch, in pixels.
        taps: Runs of convolution outputs.
        places: Runs of pooling outputs.
    """

    step: int
    pool_step: int
    padding: int
    taps: tuple[Taps, ...]
    places: tuple[Places, ...]

    @classmethod
    def of(cls, stem: Stem, patch_size: int) -> Axis:
        """Return the geometry of a stem.

        Args:
            stem: Stem of the network.
            patch_size: Rows and columns of a patch, in pixels.
        """
        starts = range(-stem.padding, patch_size + stem.padding - stem.kernel + 1, stem.step)
        clipped = [(max(0, -start), min(stem.kernel, patch_size - start)) for start in starts]
        taps = tuple(Taps(first, last, *ends) for first, last, ends in _runs(clipped))
        number = [n for n, run in enumerate(taps) for _ in range(run.first, run.last + 1)]
        taken = []
        for own in range(0, len(starts) + 2 * stem.pool_padding - stem.window + 1, stem.pool_step):
            met = range(
                max(0, own - stem.pool_padding), min(len(starts), own - stem.pool_padding + stem.window)
            )
            taken.append(tuple((place - own, number[place]) for place in met))
        places = tuple(Places(*run) for run in _runs(taken))
        return cls(stem.step, stem.pool_step, stem.padding, taps, places)

    @property
    def kinds(self) -> list[int]:
        """Index into ``places`` of each pooling output, in order."""
        return [n for n, run in enumerate(self.places) for _ in range(run.first, run.last + 1)]

    def highest(self, line: Line, kind: int, maps: Sequence[Tensor], dim: int) -> Tensor:
        """Return the pooling outputs of one run.

        Args:
            line: First pixels of the patches along this axis.
            kind: Index into ``places``.
            maps: Convolution outputs, one tensor per entry of ``taps``.
            dim: Dimension of the tensors along this axis.
        """
        place = self.places[kind]
        grid = line.places(place, self.step * self.pool_step)
        parts = []
        for offset, number in place.taken:
            part = line.places(self.taps[number], self.step).part(grid, offset * self.step)
            parts.append(maps[number][(*(slice(None),) * dim, part)])
        return reduce(torch.maximum, parts)

    @property
    def taps_of_a_patch(self) -> int:
        """Number of products along the axis for one patch."""
        return sum((run.last - run.first + 1) * (run.high - run.low) for run in self.taps)


@dataclass(frozen=True)
class Grid:
    """Regular positions along an axis of a tile.

    Attributes:
        start: First pixel.
        step: Distance between positions, in pixels.
        count: Number of positions.
    """

    start: int
    step: int
    count: int

    def pixels(self, axis: Axis, taps: Taps) -> slice:
        """Return the pixels under the taps at all positions.

        Args:
            axis: Geometry of the stem.
            taps: Run of convolution outputs.
        """
        first = self.start - axis.padding + taps.low
        return slice(first, first + (self.count - 1) * self.step + taps.high - taps.low)

    def part(self, other: Grid, offset: int) -> slice:
        """Return the slice of these positions that equals another grid, moved by an offset.

        Args:
            other: Grid whose positions are among these.
            offset: Offset in pixels.
        """
        first, step = (other.start + offset - self.start) // self.step, other.step // self.step
        return slice(first, first + (other.count - 1) * step + 1, step)


@dataclass(frozen=True)
class Line:
    """First pixels of patches along an axis of a tile.

    Attributes:
        first: First pixel of the first patch.
        last: First pixel of the last patch.
        step: Distance between patches, in pixels.
    """

    first: int
    last: int
    step: int

    @classmethod
    def through(cls, starts: Tensor, step: int) -> Line:
        """Return the line through the first pixels of patches.

        Args:
            starts: First pixel of each patch, int64, shape (patches,), at multiples of ``step`` from each
                other.
            step: Distance between patches, in pixels.
        """
        first, last = torch.aminmax(starts)
        return cls(int(first), int(last), step)

    def places(self, run: Taps | Places, unit: int) -> Grid:
        """Return the positions of a run for all patches.

        Args:
            run: Run of convolution or pooling outputs.
            unit: Distance between outputs of the run, in pixels.
        """
        step = self.step if run.first == run.last else math.gcd(self.step, unit)
        start, stop = self.first + run.first * unit, self.last + run.last * unit
        return Grid(start, step, (stop - start) // step + 1)

    def taps(self, axis: Axis, taps: Taps) -> int:
        """Return the number of products along the axis for a run of convolution outputs.

        Args:
            axis: Geometry of the stem.
            taps: Run of convolution outputs.
        """
        return self.places(taps, axis.step).count * (taps.high - taps.low)

    def numbers(self, axis: Axis, starts: Tensor) -> Tensor:
        """Return the index of each pooling output in its map, int64, shape (patches, outputs).

        Args:
            axis: Geometry of the stem.
            starts: First pixel of each patch, int64, shape (patches,).
        """
        unit = axis.step * axis.pool_step
        columns = []
        for run in axis.places:
            grid = self.places(run, unit)
            places = torch.arange(run.first, run.last + 1, device=starts.device) * unit
            columns.append((starts[:, None] + places - grid.start) // grid.step)
        return torch.cat(columns, dim=1)


def _runs(items: Sequence[T]) -> Iterator[tuple[int, int, T]]:
    """Yield the first index, last index and value of each run of equal items."""
    for item, group in groupby(enumerate(items), key=lambda pair: pair[1]):
        numbers = [number for number, _ in group]
        yield numbers[0], numbers[-1], item


def cut_network(network: PatchNetwork) -> tuple[SharedStem, PatchNetwork] | None:
    """Return the shared stem of a network and its other layers, or None where it has no stem to share.

    Args:
        network: Network that classifies patches; it is not changed. The other layers take the stem's feature
            maps, and share its weights.
    """
    try:
        cut = cut_stem(network.plain)
        if cut is None or not is_exact(lambda patches: cut[1](cut[0](patches)), network):
            return None
    except (MemoryError, torch.OutOfMemoryError):
        raise
    # The tracer may raise any error for a network that it does not support.
    except Exception:
        return None
    stem, rest = cut
    shared = SharedStem(stem, network.patch_size)
    return shared, PatchNetwork(rest, stem.convolution.out_channels, shared.map_size, network.device)


class SharedStem:
    """Stem that is computed once for all overlapping patches of a tile.

    Attributes:
        stem: Stem of the network.

    Args:
        stem: Stem on its device.
        patch_size: Rows and columns of a patch, in pixels.
        stride: Distance between patches in pixels; a few may be at other positions.
        max_work: Largest arithmetic of shared maps, as a fraction of that of separate patches, at which maps
            are shared; infinite shares always.
    """

    def __init__(self, stem: Stem, patch_size: int, stride: int = 1, max_work: float = 1.0) -> None:
        self.stem = stem
        self._patch_size, self._stride, self._max_work = patch_size, stride, max_work
        self._axis = Axis.of(stem, patch_size)

    def at_stride(self, stride: int) -> SharedStem:
        """Return the shared stem for another stride.

        Args:
            stride: Distance between patches, in pixels.
        """
        return SharedStem(self.stem, self._patch_size, stride, self._max_work)

    @property
    def map_size(self) -> int:
        """Rows and columns of a patch's feature maps."""
        return len(self._axis.kinds)

    @property
    def pays(self) -> bool:
        """Whether sharing saves enough time where all patches are classified."""
        starts = torch.arange(_SIDE) * self._stride
        work = self._work(starts.repeat_interleave(_SIDE), starts.repeat(_SIDE))
        return work <= _MAX_REMAINING_WORK * self._max_work

    def inputs(self, tile: Tensor, rows: Tensor, columns: Tensor) -> PatchInputs:
        """Return the stem's feature maps of patches, shared where that is less work.

        Args:
            tile: Standardised channels, float32, shape (channels, rows, columns).
            rows: First row of each patch in the tile, int64, shape (patches,).
            columns: First column of each patch in the tile, int64, shape (patches,).
        """
        is_regular = _is_regular(rows, self._stride) & _is_regular(columns, self._stride)
        regular, others = (torch.nonzero(which).flatten() for which in (is_regular, ~is_regular))
        patches = CutPatches(tile, rows, columns, self._patch_size)
        # For a few distant patches, shared maps would be computed between them too.
        if not len(regular) or self._work(rows[regular], columns[regular]) > self._max_work:
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
        """Return the stem's feature maps of patches, float32, on the device of the patches.

        Args:
            patches: Standardised patches, float32, shape (N, channels, rows, columns).
        """
        batches = torch.split(patches, _BATCH)
        device = self.stem.convolution.weight.device
        with allow_tf32(False):
            return torch.cat([self.stem(batch.to(device)).to(patches.device) for batch in batches])

    def _work(self, rows: Tensor, columns: Tensor) -> float:
        """Return the arithmetic of the shared convolution as a fraction of that of separate patches."""
        lines = Line.through(rows, self._stride), Line.through(columns, self._stride)
        down, across = (sum(line.taps(self._axis, taps) for taps in self._axis.taps) for line in lines)
        return down * across / (len(rows) * self._axis.taps_of_a_patch**2)

    @torch.inference_mode()
    def _shared(self, tile: Tensor, rows: Tensor, columns: Tensor) -> tuple[Tensor, Tensor]:
        """Return values, shape (N, channels), and indices into them, shape (patches, rows, columns)."""
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
        """Return the convolution outputs, shape (channels, rows, columns), by the indices of their taps."""
        axis, layer = self._axis, self.stem.convolution
        pixels = tile[None].contiguous(memory_format=torch.channels_last)
        maps = {}
        with allow_tf32(False):
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
    """Return whether each first pixel is on the grid of most patches, bool, shape (patches,)."""
    rests = starts % stride
    return rests == rests.mode().values


class PatchInputs(Protocol):
    """Inputs of a network for patches of a tile."""

    def batch(self, indices: Tensor, dtype: torch.dtype) -> Tensor:
        """Return the inputs of patches, shape (N, channels, rows, columns), in channels-last format.

        Args:
            indices: Numbers of the patches, int64, shape (N,).
            dtype: Data type of the inputs.
        """


class CutPatches:
    """Patches of a tile, see ``PatchInputs``.

    Args:
        tile: Standardised channels, float32, shape (channels, rows, columns).
        rows: First row of each patch in the tile, int64, shape (patches,).
        columns: First column of each patch in the tile, int64, shape (patches,).
        size: Rows and columns of a patch, in pixels.
    """

    def __init__(self, tile: Tensor, rows: Tensor, columns: Tensor, size: int) -> None:
        self._tiles = _ByType(_channels_last(tile))
        self._rows, self._columns, self._size = rows, columns, size

    def batch(self, indices: Tensor, dtype: torch.dtype) -> Tensor:
        """Return patches, see ``PatchInputs.batch``."""
        tile = self._tiles.of(dtype)
        return cut_patches(tile, self._rows[indices], self._columns[indices], self._size)


class RememberedPatches:
    """Some patches of a tile, whose batches are cut once for several networks, see ``PatchInputs``.

    Args:
        patches: Patches of the tile.
        start: Number of the first patch.
    """

    def __init__(self, patches: CutPatches, start: int) -> None:
        self._patches = patches
        self._start = start
        self._batches: dict[tuple[int, int, torch.dtype], Tensor] = {}

    def batch(self, indices: Tensor, dtype: torch.dtype) -> Tensor:
        """Return patches, see ``PatchInputs.batch``. Those in a row are kept."""
        first, last = int(indices[0]), int(indices[-1])
        if last - first + 1 != len(indices):
            return self._patches.batch(indices + self._start, dtype)
        key = first, len(indices), dtype
        if key not in self._batches:
            self._batches[key] = self._patches.batch(indices + self._start, dtype)
        return self._batches[key]


class OwnMaps:
    """Feature maps of the stem, computed for each patch separately, see ``PatchInputs``.

    Args:
        stem: Stem on the patches' device.
        patches: Patches of the tile.
    """

    def __init__(self, stem: Stem, patches: CutPatches) -> None:
        self._stem = stem
        self._patches = patches

    @torch.inference_mode()
    def batch(self, indices: Tensor, dtype: torch.dtype) -> Tensor:
        """Return feature maps, see ``PatchInputs.batch``."""
        patches = self._patches.batch(indices, torch.float32)
        with allow_tf32(False):
            maps: Tensor = self._stem(patches)
        return maps.to(dtype, memory_format=torch.channels_last)


class GatheredMaps:
    """Feature maps of the stem, gathered from those of the tile, see ``PatchInputs``.

    Args:
        values: Values of the feature maps, float32, shape (values, channels).
        at: Index into ``values`` for each patch, int64, shape (patches, rows, columns).
    """

    def __init__(self, values: Tensor, at: Tensor) -> None:
        self._values = _ByType(values)
        self._at = at

    @torch.inference_mode()
    def batch(self, indices: Tensor, dtype: torch.dtype) -> Tensor:
        """Return feature maps, see ``PatchInputs.batch``."""
        values, at = self._values.of(dtype), self._at[indices]
        gathered = values.index_select(0, at.flatten())
        return gathered.view(*at.shape, values.shape[1]).permute(0, 3, 1, 2)


class _ByType:
    """Cache of values in several data types."""

    def __init__(self, values: Tensor) -> None:
        self._values = values
        self._cache: dict[torch.dtype, Tensor] = {}

    def of(self, dtype: torch.dtype) -> Tensor:
        if dtype not in self._cache:
            self._cache[dtype] = self._values.to(dtype)
        return self._cache[dtype]


def _channels_last(tile: Tensor) -> Tensor:
    """Return a tile, shape (channels, rows, columns), in channels-last format."""
    return tile.permute(1, 2, 0).contiguous().permute(2, 0, 1)
