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
from ..backends.base import PatchNetwork, is_exact, tensor_float

T = TypeVar("T")
_WORTH_SHARING = 0.25
"""The most of a stem's arithmetic that may be left for sharing it to pay: backends that compute it with the
rest do so in fewer bits, which is up to five times as fast."""
# Patches by which that is judged, along each axis of a tile.
_SIDE = 64
_BATCH = 256


class Stem(nn.Module):
    """A convolution, ReLU and a maximum; from patches (N, channels, size, size) to maps, float32.

    Attributes:
        kernel: Rows and columns of the convolution's kernel.
        step: Pixels from one of its places to the next.
        padding: Zeros around a patch.
        window: Rows and columns of the maximum's window.
        pool_step: Places of the convolution from one of its places to the next.
        pool_padding: Places around the convolution's that are not there.
    """

    def __init__(self, convolution: nn.Conv2d, pool: nn.MaxPool2d) -> None:
        """Take copies of the layers, which are alike along rows and columns.

        Args:
            convolution: Batch norm is folded into it.
            pool: The maximum.
        """
        super().__init__()
        self.convolution = copy.deepcopy(convolution).requires_grad_(False)
        self.pool = copy.deepcopy(pool)
        self.kernel, self.step, self.padding = map(_number, _numbers(convolution))
        self.window, self.pool_step, self.pool_padding = map(_number, _numbers(pool))

    def forward(self, patches: Tensor) -> Tensor:
        """Return maps (N, other channels, smaller size, smaller size), not below 0."""
        maps: Tensor = self.pool(self.convolution(patches)).relu()
        return maps


def cut_stem(network: nn.Module) -> tuple[Stem, fx.GraphModule] | None:
    """Return the stem of a network and the rest of it, None where it does not begin with such a one.

    Args:
        network: In evaluation mode; it is not changed. The rest shares its weights.

    Raises:
        Exception: Whatever PyTorch's tracer raises of a network that it cannot follow.
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
    """Return the part of a graph that computes with what ``last`` gives."""
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
    """Return whether a layer's number, or pair of numbers, is the same along rows and columns."""
    return isinstance(number, int) or (isinstance(number, tuple) and len(set(number)) == 1)


def _number(number: Any) -> int:
    return int(number[0] if isinstance(number, tuple) else number)


@dataclass(frozen=True)
class Taps:
    """Places of the convolution along an axis at which a patch's edges clip its kernel alike.

    Attributes:
        first: The first of them, counted in a patch.
        last: The last one.
        low: The kernel's first tap that meets the patch.
        high: One after its last.
    """

    first: int
    last: int
    low: int
    high: int


@dataclass(frozen=True)
class Places:
    """Places of the maximum along an axis that are clipped alike.

    Attributes:
        first: The first of them, counted in a patch.
        last: The last one.
        taken: What it is the maximum of: places of the convolution, counted from its own, and which of
            ``Axis.taps`` they have.
    """

    first: int
    last: int
    taken: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Axis:
    """A stem along rows or columns of a patch.

    Attributes:
        step: From one place of the convolution to the next, in pixels.
        pool_step: From one place of the maximum to the next, in places of the convolution.
        padding: Zeros before a patch.
        taps: Of the convolution's places.
        places: Of the maximum.
    """

    step: int
    pool_step: int
    padding: int
    taps: tuple[Taps, ...]
    places: tuple[Places, ...]

    @classmethod
    def of(cls, stem: Stem, patch_size: int) -> Axis:
        """Derive it from a stem and the rows of a patch."""
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
        """Which of ``places`` each place of the maximum has."""
        return [n for n, run in enumerate(self.places) for _ in range(run.first, run.last + 1)]

    def highest(self, line: Line, kind: int, maps: Sequence[Tensor], dim: int) -> Tensor:
        """Return the maximum at all places of a kind.

        Args:
            line: The patches along this axis.
            kind: Which of ``places``.
            maps: Of the convolution, one for each of ``taps``.
            dim: Of the maps that lies along this axis.
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
        """Products along the axis that one patch takes."""
        return sum((run.last - run.first + 1) * (run.high - run.low) for run in self.taps)


@dataclass(frozen=True)
class Grid:
    """Places along a tile: the first pixel, the pixels from one to the next, and how many."""

    start: int
    step: int
    count: int

    def pixels(self, axis: Axis, taps: Taps) -> slice:
        """Return the pixels that the taps meet."""
        first = self.start - axis.padding + taps.low
        return slice(first, first + (self.count - 1) * self.step + taps.high - taps.low)

    def part(self, other: Grid, offset: int) -> slice:
        """Return which of these places another grid's are, moved by so many pixels."""
        first, step = (other.start + offset - self.start) // self.step, other.step // self.step
        return slice(first, first + (other.count - 1) * step + 1, step)


@dataclass(frozen=True)
class Line:
    """First pixels of patches along an axis of a tile: the first, the last, and what is between two."""

    first: int
    last: int
    step: int

    @classmethod
    def through(cls, starts: Tensor, step: int) -> Line:
        """Return the line through the first pixels of patches, int64, which are multiples of a step apart."""
        first, last = torch.aminmax(starts)
        return cls(int(first), int(last), step)

    def places(self, run: Taps | Places, unit: int) -> Grid:
        """Return where the places of a run lie that so many pixels are between."""
        step = self.step if run.first == run.last else math.gcd(self.step, unit)
        start, stop = self.first + run.first * unit, self.last + run.last * unit
        return Grid(start, step, (stop - start) // step + 1)

    def taps(self, axis: Axis, taps: Taps) -> int:
        """Return the products along the axis that a run of the convolution takes."""
        return self.places(taps, axis.step).count * (taps.high - taps.low)

    def numbers(self, axis: Axis, starts: Tensor) -> Tensor:
        """Return the numbers (patches, places) of the maximum's places in their maps."""
        unit = axis.step * axis.pool_step
        columns = []
        for run in axis.places:
            grid = self.places(run, unit)
            places = torch.arange(run.first, run.last + 1, device=starts.device) * unit
            columns.append((starts[:, None] + places - grid.start) // grid.step)
        return torch.cat(columns, dim=1)


def _runs(items: Sequence[T]) -> Iterator[tuple[int, int, T]]:
    """Yield the numbers of the first and last of equal neighbours, and what they are."""
    for item, group in groupby(enumerate(items), key=lambda pair: pair[1]):
        numbers = [number for number, _ in group]
        yield numbers[0], numbers[-1], item


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


class PatchInputs(Protocol):
    """Of some patches of a tile, which are asked for by their numbers."""

    def batch(self, chosen: Tensor, dtype: torch.dtype) -> Tensor:
        """Return inputs (N, channels, rows, columns), their channels last in memory.

        Args:
            chosen: Numbers of the patches, int64, shape (N,).
            dtype: Of the inputs.
        """


class CutPatches:
    """The patches themselves; see ``PatchInputs``."""

    def __init__(self, tile: Tensor, rows: Tensor, columns: Tensor, size: int) -> None:
        """Take their places.

        Args:
            tile: Standardised pixels, float32, shape (channels, rows, columns).
            rows: First row of each patch in the tile, int64, shape (patches,).
            columns: First column of each, alike.
            size: Rows and columns of a patch.
        """
        self._tiles = _ByType(_channels_last(tile))
        self._rows, self._columns, self._size = rows, columns, size

    def batch(self, chosen: Tensor, dtype: torch.dtype) -> Tensor:
        """Cut them; see ``PatchInputs``."""
        tile = self._tiles.of(dtype)
        return cut_patches(tile, self._rows[chosen], self._columns[chosen], self._size)


class OwnMaps:
    """The stem's maps, computed for each patch by itself; see ``PatchInputs``."""

    def __init__(self, stem: Stem, patches: CutPatches) -> None:
        """Take the stem, on the patches' device, and what cuts them."""
        self._stem = stem
        self._patches = patches

    @torch.inference_mode()
    def batch(self, chosen: Tensor, dtype: torch.dtype) -> Tensor:
        """Compute them; see ``PatchInputs``."""
        patches = self._patches.batch(chosen, torch.float32)
        with tensor_float(False):
            maps: Tensor = self._stem(patches)
        return maps.to(dtype, memory_format=torch.channels_last)


class GatheredMaps:
    """The stem's maps, gathered from those of the tile; see ``PatchInputs``."""

    def __init__(self, values: Tensor, at: Tensor) -> None:
        """Take what was computed for the tile.

        Args:
            values: What the maps are made of, float32, shape (values, channels).
            at: The number of each patch's values, int64, shape (patches, rows, columns).
        """
        self._values = _ByType(values)
        self._at = at

    @torch.inference_mode()
    def batch(self, chosen: Tensor, dtype: torch.dtype) -> Tensor:
        """Gather them; see ``PatchInputs``."""
        values, at = self._values.of(dtype), self._at[chosen]
        gathered = values.index_select(0, at.flatten())
        return gathered.view(*at.shape, values.shape[1]).permute(0, 3, 1, 2)


class _ByType:
    """Values in each type of number that was asked for."""

    def __init__(self, values: Tensor) -> None:
        self._values = values
        self._made: dict[torch.dtype, Tensor] = {}

    def of(self, dtype: torch.dtype) -> Tensor:
        if dtype not in self._made:
            self._made[dtype] = self._values.to(dtype)
        return self._made[dtype]


def _channels_last(tile: Tensor) -> Tensor:
    """Return a tile (channels, rows, columns) whose channels lie together, pixel by pixel."""
    return tile.permute(1, 2, 0).contiguous().permute(2, 0, 1)
