"""Which backend computes: the one asked for, or the fastest of those that may be had."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from ...device import describe_device
from ...errors import DeviceError
from ...progress import Progress
from ..backend_names import AUTO, BF16, FP32, INT8, OPENVINO, PLAIN, Method
from .backend import Backend, PatchNetwork
from .check import is_sound, random_patches
from .cuda_backend import CudaBackend
from .int8 import CALIBRATION_PATCHES, TEST_PATCHES, quantised
from .openvino_backend import KIND as OPENVINO_KIND
from .openvino_backend import has_nncf, is_installed
from .rate import rate_of
from .second_look import AFTER_8_BITS, OF_8_BITS, OF_16_BITS, Closeness, Demand, Rank, SecondLook, closeness
from .torch_backend import KIND as TORCH_KIND
from .torch_backend import batches_at_once, plain_backend
from .tuning import tuned

KINDS = (TORCH_KIND, OPENVINO_KIND)
# Until so many patches were asked for, another backend than PyTorch does not pay for being made and tried.
_FEW = 16_384
# Seconds that a backend is tried for.
_TRIAL = 0.4
# 8 bits with fewer patches than these that have the class of 32 are worth a warning.
_LEAST_8_BIT = 0.985
# 8 bits take about half the time of 16: where more than this has to be computed again they gain nothing.
_MOST_AGAIN = 0.5
# The largest sample of a raster by which a precision is judged, its share of the raster and the smallest.
_MOST_LOOKED_AT, _LOOKED_AT_SHARE, _LEAST_LOOKED_AT = 1000, 16, 256
# Patches of a run from which on that is worth its time, where the precision is left open.
_WORTH_FEWER_BITS = 4000


@dataclass(frozen=True, eq=False)
class RasterSample:
    """Patches of the raster that will be classified.

    Attributes:
        raster: What tells it from others; empty where that is not known.
        count: How many patches of it there are, at most.
        patches: From a number to so many standardised patches (N, channels, rows, columns), float32, in a
            random order; fewer where the raster has fewer.
        rank: See ``SecondLook``.
        rule: What tells ``rank`` from that of other runs.
        stride: Pixels from one patch to the next; None where they lie anywhere.
    """

    raster: str
    count: int
    patches: Callable[[int], Tensor]
    rank: Rank
    rule: str = ""
    stride: int | None = None


@dataclass(frozen=True, eq=False)
class Computation:
    """How the patches of a run are computed.

    Attributes:
        backend: Computes them all.
        second_look: Computes again those whose classes are close; None where that is not needed.
        agreement: Share of a sample of the raster, 0 to 1, that has the class of 32 bits; None where
            they are computed in 32 bits, or nothing is known of the raster.
    """

    backend: Backend
    second_look: SecondLook | None = None
    agreement: float | None = None


@dataclass(frozen=True, eq=False)
class Backends:
    """The backends of a network that were made so far; a warm worker keeps them with the model.

    Attributes:
        network: Takes patches.
        made: By method and threads; None where one cannot be used.
        rates: Patches a second of those that were tried, alike.
        closeness: What fewer bits do to a raster, by method, demand, raster and decision rule.
        calibrated_on: The raster that 8-bit numbers were last made for.
        tuned: Methods of a GPU whose batch size was found.
        asked_for: Patches of each run so far.
    """

    network: PatchNetwork
    made: dict[tuple[Method, int], Backend | None] = field(default_factory=dict)
    rates: dict[tuple[Method, int], float] = field(default_factory=dict)
    closeness: dict[tuple[Method, Demand, str, str], Closeness] = field(default_factory=dict)
    calibrated_on: list[str] = field(default_factory=list)
    tuned: set[Method] = field(default_factory=set)
    asked_for: list[int] = field(default_factory=list)

    def choose(
        self, wanted: Method, patches: int, progress: Progress, sample: RasterSample | None = None
    ) -> Computation:
        """Return what to compute with.

        Args:
            wanted: What was asked for. Where the precision is left open, fewer than 32 bits are only used
                if that is faster with the second look that it takes.
            patches: About how many there are to compute; for a few none is tried.
            progress: Learns what was found, and where a backend does not do what it should.
            sample: Of the raster; None leaves 8 bits as they were last set up, and takes no second look.

        Raises:
            DeviceError: What was asked for cannot be had.
        """
        self.asked_for.append(patches)
        if sample is None:
            return Computation(self._fastest(wanted, patches, progress))
        in_32_bits = Method(wanted.backend, FP32)
        if wanted.precision == INT8:
            possible_methods(wanted, self.network.device)
            self._calibrate(sample, progress)
        elif wanted.precision == AUTO and patches < _WORTH_FEWER_BITS:
            wanted = in_32_bits
        backend = self._fastest(wanted, patches, progress)
        if backend.method.precision == FP32:
            return Computation(backend)
        exact = self._get(Method(backend.method.backend, FP32), progress)
        if exact is None:
            exact = plain_backend(self.network.plain, batches_at_once(self.network.device))
        is_8_bit = backend.method.precision == INT8
        found = self._closeness(backend, exact, sample, OF_8_BITS if is_8_bit else OF_16_BITS, progress)
        if wanted.precision == AUTO and not found.pays:
            progress.log(f"With that {backend.method.precision} is no faster, so 32 bits are used.")
            return Computation(self._fastest(in_32_bits, patches, progress))
        look = SecondLook(exact, found.limits, sample.rank)
        between = self._get(Method(backend.method.backend, BF16), progress) if is_8_bit else None
        if between is None:
            return Computation(backend, look, found.agreement)
        if found.again > _MOST_AGAIN:
            progress.log("With that int8 is no faster than 16 bits, so these are used.", "warning")
            in_16_bits = self._closeness(between, exact, sample, OF_16_BITS, progress)
            look = replace(look, limits=in_16_bits.limits)
            return Computation(between, look, in_16_bits.agreement)
        # Of what is close in 8 bits most is clear in 16, in a third of the time.
        rest = self._closeness(between, exact, sample, AFTER_8_BITS, progress)
        look = replace(look, backend=between, then=replace(look, limits=rest.limits))
        return Computation(backend, look, found.agreement)

    def _fastest(self, wanted: Method, patches: int, progress: Progress) -> Backend:
        methods = possible_methods(wanted, self.network.device)
        if len(methods) > 1 and sum(self.asked_for) <= _FEW and not self._is_tried(methods):
            methods = [method for method in methods if method.backend == PLAIN.backend] or methods
            methods = methods[:1]
        sound = [method for method in methods if self._get(method, progress) is not None]
        if len(sound) > 1:
            self._try(sound, progress)
            sound.sort(key=lambda method: -self.rates[self._key(method)])
        backend = self._get(sound[0], progress) if sound else None
        if backend is None:
            return plain_backend(self.network.plain, batches_at_once(self.network.device))
        return self._tuned(backend, patches, progress)

    def _tuned(self, backend: Backend, patches: int, progress: Progress) -> Backend:
        """Return a GPU's backend with the batch size that suits it; others as they are."""
        method = backend.method
        is_due = method not in self.tuned and sum(self.asked_for) > _FEW
        if isinstance(backend, CudaBackend) and is_due:
            self.tuned.add(method)
            backend = self.made[self._key(method)] = tuned(backend, self.network, patches, progress)
        return backend

    def _closeness(
        self, backend: Backend, exact: Backend, sample: RasterSample, demand: Demand, progress: Progress
    ) -> Closeness:
        """Return which patches of a raster need a second look, and say it."""
        method = backend.method
        key = (method, demand, sample.raster, sample.rule)
        if not sample.raster or key not in self.closeness:
            patches = _looked_at(sample, method.precision).to(self.network.device)
            found = self.closeness[key] = closeness(backend, exact, patches, sample.rank, demand)
            is_low = found.agreement < _LEAST_8_BIT
            progress.log(
                f"In {method.precision} {found.before:.1%} of {len(patches):,} patches of the raster have "
                f"the class of 32 bits; with the {found.again:.1%} whose classes are close computed again "
                f"in 32, {found.agreement:.1%}"
                f"{': that is little, PRECISION=auto is safer' if is_low else ''}.",
                "warning" if is_low else "info",
            )
        return self.closeness[key]

    def _calibrate(self, sample: RasterSample, progress: Progress) -> None:
        """Make the backend of 8-bit numbers for a raster."""
        if sample.raster and [sample.raster] == self.calibrated_on:
            return
        progress.log("Setting up 8-bit numbers on patches of the raster, which takes up to a minute.")
        key = self._key(Method(OPENVINO, INT8))
        patches = sample.patches(CALIBRATION_PATCHES + TEST_PATCHES)[:CALIBRATION_PATCHES]
        self.made[key] = quantised(self.network, patches)
        self.rates.pop(key, None)
        self.calibrated_on[:] = [sample.raster]

    def rate_of(self, method: Method) -> float | None:
        """Return the patches a second of a backend that was tried, None for one that was not."""
        return self.rates.get(self._key(method))

    def note_rate(self, method: Method, rate: float) -> None:
        """Keep what a backend was measured to do."""
        self.rates[self._key(method)] = rate

    def _get(self, method: Method, progress: Progress) -> Backend | None:
        """Return a sound backend, made now or before; None where it cannot be made."""
        key = self._key(method)
        if key not in self.made:
            self.made[key] = _checked(self.network, method, progress)
        return self.made[key]

    def _is_tried(self, methods: Sequence[Method]) -> bool:
        return all(self._key(method) in self.rates for method in methods)

    def _try(self, methods: Sequence[Method], progress: Progress) -> None:
        if self._is_tried(methods):
            return
        for method in methods:
            backend = self._get(method, progress)
            if backend is not None:
                batch = random_patches(self.network, backend.batch_size)
                # What is done once, such as compiling, does not count.
                rate_of(backend, batch, backend.batch_size, 0.0)
                self.note_rate(method, rate_of(backend, batch, backend.batch_size, _TRIAL))
        rates = ", ".join(f"{method} {self.rates[self._key(method)]:,.0f}" for method in methods)
        progress.log(f"Tried on {describe_device(self.network.device)}, patches/s: {rates}.")

    @staticmethod
    def _key(method: Method) -> tuple[Method, int]:
        # Some are made for a number of threads.
        return method, torch.get_num_threads()


def _looked_at(sample: RasterSample, precision: str) -> Tensor:
    """Return the patches of a raster by which a precision is judged."""
    if precision != INT8:
        count = min(sample.count // _LOOKED_AT_SHARE, _MOST_LOOKED_AT)
        return sample.patches(max(count, _LEAST_LOOKED_AT))
    some = sample.patches(CALIBRATION_PATCHES + TEST_PATCHES)
    # Not those that 8 bits were set up on, but of a small raster the same ones must do for both.
    return some[CALIBRATION_PATCHES:] if len(some) >= 2 * CALIBRATION_PATCHES else some


def possible_methods(wanted: Method, device: torch.device) -> list[Method]:
    """Return the methods that fit what was asked for: of each backend the best.

    Raises:
        DeviceError: There is none; says why.
    """
    found = []
    for kind in KINDS:
        allowed = [Method(kind.name, precision) for precision in kind.precisions(device)]
        found += [method for method in allowed if wanted.allows(method)][:1]
    if found:
        return found
    if wanted.precision == INT8 and wanted.backend in (AUTO, OPENVINO) and device.type == "cpu":
        if not (is_installed() and has_nncf()):
            raise DeviceError(
                "PRECISION=int8 needs the packages openvino and nncf, which are not both installed",
                where="PRECISION",
                advice=f'Install them with: "{sys.executable}" -m pip install openvino nncf',
            )
    if wanted.backend == OPENVINO and device.type == "cpu" and not is_installed():
        raise DeviceError(
            "OpenVINO is not installed",
            where="BACKEND",
            advice="Run 'Set up the environment' (deeplandcover:setupenvironment), or choose BACKEND=auto.",
        )
    able = {kind.name: kind.precisions(device) for kind in KINDS}
    choices = "; ".join(f"{name} computes in {', '.join(names)}" for name, names in able.items() if names)
    raise DeviceError(
        f"{describe_device(device)} has nothing that computes as asked "
        f"(BACKEND={wanted.backend}, PRECISION={wanted.precision})",
        where="PRECISION",
        advice=f"Choose auto. Here, {choices}.",
    )


def _checked(network: PatchNetwork, method: Method, progress: Progress) -> Backend | None:
    """Return a backend whose logits are those of the plain network, None where they are not."""
    kind = next(kind for kind in KINDS if kind.name == method.backend)
    try:
        backend = kind.make(network, method.precision)
        if is_sound(backend, network):
            return backend
        problem = "its scores differ from those of the plain network"
    except (MemoryError, torch.OutOfMemoryError):
        raise
    # Whatever a tracer, a converter or a compiler raises of a network that is new to it.
    except Exception as error:
        problem = str(error).strip().partition("\n")[0] or type(error).__name__
    progress.log(f"The faster form of the network for {method} is not used: {problem}.", "warning")
    return None
