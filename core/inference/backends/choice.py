"""Choice of the backend: the requested one, or the fastest that is available and accurate."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial

import torch

from ...device import describe_device
from ...errors import DeviceError
from ...options import AUTO, BF16, FP32, INT8, OPENVINO, PLAIN, Method
from ...progress import Progress, SilentProgress
from ...text import Text, joined
from .base import Backend, PatchNetwork, is_sound, random_patches, rate_of
from .cascade import (
    OF_16_BITS,
    Computation,
    RasterSample,
    Scored,
    closeness,
    in_8_bits,
    pays,
    scored,
    with_a_look,
)
from .openvino_backend import KIND as OPENVINO_KIND
from .openvino_backend import has_nncf, is_installed, quantised
from .torch_backend import KIND as TORCH_KIND
from .torch_backend import CudaBackend, batches_at_once, plain_backend, tuned

KINDS = (TORCH_KIND, OPENVINO_KIND)
# Until so many patches were asked for, another backend than PyTorch does not pay for being made and tried.
_FEW = 16_384
# Seconds that a backend is tried for.
_TRIAL = 0.4
# Patches of a run from which on that is worth its time, where the precision is left open.
_WORTH_FEWER_BITS = 4000


@dataclass(frozen=True, eq=False)
class Backends:
    """The backends of a network that were made so far; a warm worker keeps them with the model.

    Attributes:
        network: Takes patches.
        made: By method and threads; None where one cannot be used.
        rates: Patches a second of those that were tried, alike.
        scored: What they give for a sample of the last raster, by method, raster, decision rule, and whether
            the sample is that of 8 bits.
        calibrated_on: The raster that 8-bit numbers were last made for.
        tuned: Methods of a GPU whose batch size was found.
        asked_for: Patches of each run so far.
    """

    network: PatchNetwork
    made: dict[tuple[Method, int], Backend | None] = field(default_factory=dict)
    rates: dict[tuple[Method, int], float] = field(default_factory=dict)
    scored: dict[tuple[Method, str, str, bool], Scored] = field(default_factory=dict)
    calibrated_on: list[str] = field(default_factory=list)
    tuned: set[Method] = field(default_factory=set)
    asked_for: list[int] = field(default_factory=list)

    def choose(
        self,
        wanted: Method,
        patches: int,
        progress: Progress,
        sample: RasterSample | None = None,
        known: Backends | None = None,
    ) -> Computation:
        """Return what to compute with.

        Args:
            wanted: What was asked for. Where the precision is left open, fewer than 32 bits are only used
                if that is faster with the second look that it takes.
            patches: About how many there are to compute; for a few none is tried.
            progress: Learns what was found, and where a backend does not do what it should.
            sample: Of the raster; None leaves 8 bits as they were last set up, and takes no second look.
            known: Those of another device of this run, which said already what fewer bits do.

        Raises:
            DeviceError: What was asked for cannot be had.
        """
        self.asked_for.append(patches)
        if sample is None:
            return Computation(self._fastest(wanted, patches, progress))
        # Read once for all that judge by them.
        sample = replace(sample, patches=cache(sample.patches))
        if known is not None:
            self.scored.update(known.scored)
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
        judge = partial(self._scored, sample=sample, for_8_bits=backend.method.precision == INT8)
        said = SilentProgress() if known else progress
        if backend.method.precision == INT8:
            between = self._get(Method(backend.method.backend, BF16), progress)
            return in_8_bits(backend, between, exact, judge, sample.rank, said)
        in_fewer, in_32 = judge(backend), judge(exact)
        found = closeness(in_fewer, in_32, OF_16_BITS)
        computation = with_a_look(backend, exact, found, in_32, sample.rank, said)
        if wanted.precision == AUTO and not pays(in_fewer, in_32, found):
            said.log(
                "With that {precision} is no faster, so 32 bits are used.", precision=backend.method.precision
            )
            return Computation(self._fastest(in_32_bits, patches, progress))
        return computation

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

    def _scored(self, backend: Backend, sample: RasterSample, for_8_bits: bool) -> Scored:
        """Return what a backend gives for a sample of a raster."""
        key = (backend.method, sample.raster, sample.rule, for_8_bits)
        if not sample.raster or key not in self.scored:
            # Of the last raster only, because a worker may see thousands.
            for other in [known for known in self.scored if known[1] != sample.raster]:
                del self.scored[other]
            patches = sample.for_8_bits() if for_8_bits else sample.for_16_bits()
            self.scored[key] = scored(backend, patches.to(self.network.device), sample.rank)
        return self.scored[key]

    def _calibrate(self, sample: RasterSample, progress: Progress) -> None:
        """Make the backend of 8-bit numbers for a raster."""
        if sample.raster and [sample.raster] == self.calibrated_on:
            return
        progress.log("Setting up 8-bit numbers on patches of the raster, which takes up to a minute.")
        key = self._key(Method(OPENVINO, INT8))
        self.made[key] = quantised(self.network, sample.for_ranges())
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
        progress.log(
            "Tried on {device}, patches/s: {rates}.",
            device=describe_device(self.network.device),
            rates=rates,
        )

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
                advice='Install them with: "{python}" -m pip install openvino nncf',
                python=sys.executable,
            )
    if wanted.backend == OPENVINO and device.type == "cpu" and not is_installed():
        raise DeviceError(
            "OpenVINO is not installed",
            where="BACKEND",
            advice="Run 'Set up the environment' (deeplandcover:setupenvironment), or choose BACKEND=auto.",
        )
    able = {kind.name: kind.precisions(device) for kind in KINDS}
    choices = joined(
        (
            Text("{backend} computes in {precisions}", backend=name, precisions=", ".join(names))
            for name, names in able.items()
            if names
        ),
        "; ",
    )
    raise DeviceError(
        "{device} has nothing that computes as asked (BACKEND={backend}, PRECISION={precision})",
        where="PRECISION",
        advice="Choose auto. Here, {choices}.",
        device=describe_device(device),
        backend=wanted.backend,
        precision=wanted.precision,
        choices=choices,
    )


def _checked(network: PatchNetwork, method: Method, progress: Progress) -> Backend | None:
    """Return a backend whose logits are those of the plain network, None where they are not."""
    kind = next(kind for kind in KINDS if kind.name == method.backend)
    try:
        backend = kind.make(network, method.precision)
        if is_sound(backend, network):
            return backend
        problem: str = Text("its scores differ from those of the plain network")
    except (MemoryError, torch.OutOfMemoryError):
        raise
    # Whatever a tracer, a converter or a compiler raises of a network that is new to it.
    except Exception as error:
        problem = str(error).strip().partition("\n")[0] or type(error).__name__
    progress.log(
        "The faster form of the network for {method} is not used: {problem}.",
        "warning",
        method=method,
        problem=problem,
    )
    return None
