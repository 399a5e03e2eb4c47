"""Which backend computes: the one asked for, or the fastest of those that may be had."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ...device import describe_device
from ...errors import DeviceError
from ...progress import Progress
from ..backend_names import AUTO, FP32, INT8, OPENVINO, PLAIN, Method
from .backend import Backend, PatchNetwork
from .check import is_sound, random_patches
from .int8 import CALIBRATION_PATCHES, TEST_PATCHES, agreement, quantised
from .openvino_backend import KIND as OPENVINO_KIND
from .openvino_backend import has_nncf, is_installed
from .torch_backend import KIND as TORCH_KIND
from .torch_backend import batches_at_once, plain_backend

KINDS = (TORCH_KIND, OPENVINO_KIND)
# Until so many patches were asked for, another backend than PyTorch does not pay for being made and tried.
_FEW = 16_384
# Seconds that a backend is tried for.
_TRIAL = 0.4
# The least share of patches that should keep the class of 32 bits: with 16 bits that nobody asked for, and
# with 8. A network that has learnt little has nearly equal scores, which rounding puts in another order.
_LEAST_16_BIT, _LEAST_8_BIT = 0.99, 0.985
# Patches that this is seen by, and those of a run from which on that is worth its time.
_LOOKED_AT = 1000
_WORTH_FEWER_BITS = 4 * _LOOKED_AT


@dataclass(frozen=True, eq=False)
class RasterSample:
    """Patches of the raster that will be classified.

    Attributes:
        raster: What tells it from others; empty where that is not known.
        count: How many patches of it there are, at most.
        patches: From a number to so many standardised patches (N, channels, rows, columns), float32, in a
            random order; fewer where the raster has fewer.
        decide: From logits (N, classes) to classes (N,).
    """

    raster: str
    count: int
    patches: Callable[[int], Tensor]
    decide: Callable[[Tensor], Tensor]


@dataclass(frozen=True, eq=False)
class Backends:
    """The backends of a network that were made so far; a warm worker keeps them with the model.

    Attributes:
        network: Takes patches.
        made: By method and threads; None where one cannot be used.
        rates: Patches a second of those that were tried, alike.
        agreements: Share of patches that keep the class of 32 bits, where that was measured.
        calibrated_on: The raster that 8-bit numbers were last made for.
        asked_for: Patches of each run so far.
    """

    network: PatchNetwork
    made: dict[tuple[Method, int], Backend | None] = field(default_factory=dict)
    rates: dict[tuple[Method, int], float] = field(default_factory=dict)
    agreements: dict[Method, float] = field(default_factory=dict)
    calibrated_on: list[str] = field(default_factory=list)
    asked_for: list[int] = field(default_factory=list)

    def choose(
        self, wanted: Method, patches: int, progress: Progress, sample: RasterSample | None = None
    ) -> Backend:
        """Return the backend to compute with.

        Args:
            wanted: What was asked for. Where the precision is left open, fewer than 32 bits are only used
                if nearly all of the sample's patches keep their class.
            patches: About how many there are to compute; for a few none is tried.
            progress: Learns what was found, and where a backend does not do what it should.
            sample: Of the raster; None leaves 8 bits as they were last set up, and asks nothing of others.

        Raises:
            DeviceError: What was asked for cannot be had.
        """
        if sample is None or wanted.precision not in (AUTO, INT8):
            return self._fastest(wanted, patches, progress)
        if wanted.precision == INT8:
            possible_methods(wanted, self.network.device)
            self._calibrate(sample, progress)
            return self._fastest(wanted, patches, progress)
        if patches >= _WORTH_FEWER_BITS:
            backend = self._fastest(wanted, patches, progress)
            if backend.method.precision == FP32 or self._keeps_classes(backend, sample, progress):
                return backend
        return self._fastest(Method(wanted.backend, FP32), patches, progress)

    def _fastest(self, wanted: Method, patches: int, progress: Progress) -> Backend:
        methods = possible_methods(wanted, self.network.device)
        self.asked_for.append(patches)
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
        return backend

    def _keeps_classes(self, backend: Backend, sample: RasterSample, progress: Progress) -> bool:
        """Return whether a backend may stand for 32 bits, by what it did with the first raster."""
        method = backend.method
        if method not in self.agreements:
            test = sample.patches(_LOOKED_AT)
            found = agreement(backend, self.network, test, sample.decide)
            self.agreements[method] = found
            is_enough = found >= _LEAST_16_BIT
            progress.log(
                f"In {method.precision} {found:.1%} of {len(test):,} patches of the raster keep the class of "
                f"32 bits{'' if is_enough else '; that is too few, so it is computed in 32 bits'}.",
                "info" if is_enough else "warning",
            )
        return self.agreements[method] >= _LEAST_16_BIT

    def _calibrate(self, sample: RasterSample, progress: Progress) -> None:
        """Make the backend of 8-bit numbers for a raster, and see how many classes stay what they are."""
        if sample.raster and [sample.raster] == self.calibrated_on:
            return
        progress.log("Setting up 8-bit numbers on patches of the raster, which takes up to a minute.")
        method = Method(OPENVINO, INT8)
        some = sample.patches(CALIBRATION_PATCHES + TEST_PATCHES)
        # Of a small raster, the same ones must do for both.
        test = some[CALIBRATION_PATCHES:] if len(some) >= 2 * CALIBRATION_PATCHES else some
        backend = quantised(self.network, some[:CALIBRATION_PATCHES])
        self.made[self._key(method)] = backend
        self.agreements[method] = agreement(backend, self.network, test, sample.decide)
        self.rates.pop(self._key(method), None)
        self.calibrated_on[:] = [sample.raster]
        is_low = self.agreements[method] < _LEAST_8_BIT
        progress.log(
            f"In 8-bit numbers {self.agreements[method]:.2%} of {len(test):,} patches of the raster get the "
            f"class that 32 bits give them{': that is little, PRECISION=auto is safer' if is_low else ''}.",
            "warning" if is_low else "info",
        )

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


@torch.inference_mode()
def rate_of(backend: Backend, batch: Tensor, size: int, seconds: float) -> float:
    """Return the patches a second of a backend on one batch that is in memory.

    Args:
        backend: What computes.
        batch: In any form.
        size: Of the batches that it is used with.
        seconds: About how long to repeat it; once at least.
    """
    given = batch.to(backend.dtype).contiguous(memory_format=torch.channels_last)
    start = time.perf_counter()
    done = 0

    def batches() -> Iterator[Tensor]:
        nonlocal done
        while not done or time.perf_counter() - start < seconds or done % backend.at_once:
            done += 1
            yield given

    _finish(backend.scores(batches(), size))
    return done * len(given) / (time.perf_counter() - start)


def _finish(scores: Iterator[Tensor]) -> None:
    """Compute all; a GPU is only done when its result can be read."""
    last = deque(scores, maxlen=1)
    if last:
        last[0].cpu()


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
