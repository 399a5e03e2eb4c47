"""Choice of the backend: the requested one, or the fastest that is available and accurate."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial

import torch

from ...device import describe_device
from ...errors import DeviceError
from ...openvino_runtime import is_installed
from ...options import AUTO, BF16, FP32, INT8, OPENVINO, TORCH_FP32, Method
from ...progress import Progress, SilentProgress
from ...text import Text, joined
from .base import Backend, PatchNetwork, is_accurate, random_patches, rate_of
from .cascade import (
    TOLERANCE_16_BITS,
    Computation,
    RasterSample,
    Scored,
    agreement_of,
    in_8_bits,
    pays,
    scored,
    with_recomputation,
)
from .openvino_backend import KIND as OPENVINO_KIND
from .openvino_backend import has_nncf, quantised
from .torch_backend import KIND as TORCH_KIND
from .torch_backend import CudaBackend, batches_at_once, plain_backend, tuned

KINDS = (TORCH_KIND, OPENVINO_KIND)
# Up to this number of requested patches, only PyTorch is used: making and trying other backends takes longer.
_MAX_UNTRIED_PATCHES = 16_384
_TRIAL_SECONDS = 0.4
# From this number of patches in a run, PRECISION=auto tests a reduced precision.
_MIN_REDUCED_PATCHES = 4000


@dataclass(frozen=True, eq=False)
class Backends:
    """Backends of a network so far. A warm worker keeps them with the model.

    Attributes:
        network: Network that classifies patches.
        by_method: Backend by method and number of threads; None where it cannot be used.
        rates: Throughput in patches per second, by method and number of threads.
        scored: Scores for a sample of the last raster, by method, stamp of the raster, decision rule, and
            whether the sample is that of 8 bits.
        calibrated_on: Stamp of the raster of the last 8-bit quantization; empty before.
        tuned: Methods of a GPU whose batch size is tuned.
        requested: Number of patches of each run so far.
    """

    network: PatchNetwork
    by_method: dict[tuple[Method, int], Backend | None] = field(default_factory=dict)
    rates: dict[tuple[Method, int], float] = field(default_factory=dict)
    scored: dict[tuple[Method, str, str, bool], Scored] = field(default_factory=dict)
    calibrated_on: list[str] = field(default_factory=list)
    tuned: set[Method] = field(default_factory=set)
    requested: list[int] = field(default_factory=list)

    def choose(
        self,
        requested: Method,
        patches: int,
        progress: Progress,
        sample: RasterSample | None = None,
        known: Backends | None = None,
    ) -> Computation:
        """Return the backend of a run.

        Args:
            requested: Requested backend and precision. With ``auto``, a reduced precision is used only if it
                is faster including recomputation.
            patches: Approximate number of patches of the run. No backend is tried for few patches.
            progress: Progress reporter.
            sample: Sample of the raster; None keeps the last 8-bit quantization, and recomputes nothing.
            known: Backends on another device of this run, whose agreement is already logged; None on the
                first device.

        Raises:
            DeviceError: The requested backend or precision is not available.
        """
        self.requested.append(patches)
        if sample is None:
            return Computation(self._fastest(requested, patches, progress))
        # The patches are read once for all backends.
        sample = replace(sample, patches=cache(sample.patches))
        if known is not None:
            self.scored.update(known.scored)
        in_32_bits = Method(requested.backend, FP32)
        if requested.precision == INT8:
            possible_methods(requested, self.network.device)
            self._calibrate(sample, progress)
        elif requested.precision == AUTO and patches < _MIN_REDUCED_PATCHES:
            requested = in_32_bits
        backend = self._fastest(requested, patches, progress)
        if backend.method.precision == FP32:
            return Computation(backend)
        exact = self._get(Method(backend.method.backend, FP32), progress)
        if exact is None:
            exact = plain_backend(self.network.plain, batches_at_once(self.network.device))
        judge = partial(self._scored, sample=sample, for_8_bits=backend.method.precision == INT8)
        agreement_log = SilentProgress() if known else progress
        if backend.method.precision == INT8:
            between = self._get(Method(backend.method.backend, BF16), progress)
            return in_8_bits(backend, between, exact, judge, sample.rank, agreement_log)
        in_fewer, in_32 = judge(backend), judge(exact)
        found = agreement_of(in_fewer, in_32, TOLERANCE_16_BITS)
        computation = with_recomputation(backend, exact, found, in_32, sample.rank, agreement_log)
        if requested.precision == AUTO and not pays(in_fewer, in_32, found):
            agreement_log.log(
                "With recomputation, {precision} is no faster, so 32 bits are used.",
                precision=backend.method.precision,
            )
            return Computation(self._fastest(in_32_bits, patches, progress))
        return computation

    def _fastest(self, requested: Method, patches: int, progress: Progress) -> Backend:
        methods = possible_methods(requested, self.network.device)
        if len(methods) > 1 and sum(self.requested) <= _MAX_UNTRIED_PATCHES and not self._is_tried(methods):
            methods = [method for method in methods if method.backend == TORCH_FP32.backend] or methods
            methods = methods[:1]
        usable = [method for method in methods if self._get(method, progress) is not None]
        if len(usable) > 1:
            self._try(usable, progress)
            usable.sort(key=lambda method: -self.rates[self._key(method)])
        backend = self._get(usable[0], progress) if usable else None
        if backend is None:
            return plain_backend(self.network.plain, batches_at_once(self.network.device))
        return self._tuned(backend, patches, progress)

    def _tuned(self, backend: Backend, patches: int, progress: Progress) -> Backend:
        """Return a GPU's backend with its fastest batch size; other backends unchanged."""
        method = backend.method
        is_due = method not in self.tuned and sum(self.requested) > _MAX_UNTRIED_PATCHES
        if isinstance(backend, CudaBackend) and is_due:
            self.tuned.add(method)
            backend = self.by_method[self._key(method)] = tuned(backend, self.network, patches, progress)
        return backend

    def _scored(self, backend: Backend, sample: RasterSample, for_8_bits: bool) -> Scored:
        """Return the scores of a backend for a sample of a raster."""
        key = (backend.method, sample.raster, sample.rule, for_8_bits)
        if not sample.raster or key not in self.scored:
            # Only the last raster's scores are kept, because a worker may classify thousands.
            for other in [known for known in self.scored if known[1] != sample.raster]:
                del self.scored[other]
            patches = sample.for_8_bits() if for_8_bits else sample.for_16_bits()
            self.scored[key] = scored(backend, patches.to(self.network.device), sample.rank)
        return self.scored[key]

    def _calibrate(self, sample: RasterSample, progress: Progress) -> None:
        """Quantize the network to 8 bits with ranges from a raster."""
        if sample.raster and [sample.raster] == self.calibrated_on:
            return
        progress.log(
            "The network is quantized to 8 bits on patches of the raster, which takes up to a minute."
        )
        key = self._key(Method(OPENVINO, INT8))
        self.by_method[key] = quantised(self.network, sample.for_ranges())
        self.rates.pop(key, None)
        self.calibrated_on[:] = [sample.raster]

    def rate_of(self, method: Method) -> float | None:
        """Return the throughput of a backend in patches per second, or None before a trial.

        Args:
            method: Backend and precision.
        """
        return self.rates.get(self._key(method))

    def note_rate(self, method: Method, rate: float) -> None:
        """Store the throughput of a backend.

        Args:
            method: Backend and precision.
            rate: Throughput in patches per second.
        """
        self.rates[self._key(method)] = rate

    def _get(self, method: Method, progress: Progress) -> Backend | None:
        """Return an accurate backend, made now or before, or None where it cannot be used."""
        key = self._key(method)
        if key not in self.by_method:
            self.by_method[key] = _checked(self.network, method, progress)
        return self.by_method[key]

    def _is_tried(self, methods: Sequence[Method]) -> bool:
        return all(self._key(method) in self.rates for method in methods)

    def _try(self, methods: Sequence[Method], progress: Progress) -> None:
        if self._is_tried(methods):
            return
        for method in methods:
            backend = self._get(method, progress)
            if backend is not None:
                batch = random_patches(self.network, backend.batch_size)
                # The first batch includes one-time costs such as compiling.
                rate_of(backend, batch, backend.batch_size, 0.0)
                self.note_rate(method, rate_of(backend, batch, backend.batch_size, _TRIAL_SECONDS))
        rates = ", ".join(f"{method} {self.rates[self._key(method)]:,.0f}" for method in methods)
        progress.log(
            "Throughput on {device} in patches/s: {rates}.",
            device=describe_device(self.network.device),
            rates=rates,
        )

    @staticmethod
    def _key(method: Method) -> tuple[Method, int]:
        # Some backends depend on the number of threads.
        return method, torch.get_num_threads()


def possible_methods(requested: Method, device: torch.device) -> list[Method]:
    """Return the best available method of each backend that meets a request.

    Args:
        requested: Requested backend and precision.
        device: Device that computes.

    Raises:
        DeviceError: No method meets the request; the error names the reason.
    """
    methods = []
    for kind in KINDS:
        allowed = [Method(kind.name, precision) for precision in kind.precisions(device)]
        methods += [method for method in allowed if requested.allows(method)][:1]
    if methods:
        return methods
    if requested.precision == INT8 and requested.backend in (AUTO, OPENVINO) and device.type == "cpu":
        if not (is_installed() and has_nncf()):
            raise DeviceError(
                "PRECISION=int8 needs the packages openvino and nncf, which are not both installed",
                where="PRECISION",
                advice='Install them with: "{python}" -m pip install openvino nncf',
                python=sys.executable,
            )
    if requested.backend == OPENVINO and device.type == "cpu" and not is_installed():
        raise DeviceError(
            "OpenVINO is not installed",
            where="BACKEND",
            advice="Run 'Set up the environment' (deeplandcover:setupenvironment), or use BACKEND=auto.",
        )
    available = {kind.name: kind.precisions(device) for kind in KINDS}
    choices = joined(
        (
            Text("{backend} computes in {precisions}", backend=name, precisions=", ".join(names))
            for name, names in available.items()
            if names
        ),
        "; ",
    )
    raise DeviceError(
        "BACKEND={backend} with PRECISION={precision} is not available on {device}",
        where="PRECISION",
        advice="Use auto. On this device, {choices}.",
        device=describe_device(device),
        backend=requested.backend,
        precision=requested.precision,
        choices=choices,
    )


def _checked(network: PatchNetwork, method: Method, progress: Progress) -> Backend | None:
    """Return a backend of a method, or None where it fails or its logits are not accurate."""
    kind = next(kind for kind in KINDS if kind.name == method.backend)
    try:
        backend = kind.make(network, method.precision)
        if is_accurate(backend, network):
            return backend
        problem: str = Text("its scores differ from those of the plain network")
    except (MemoryError, torch.OutOfMemoryError):
        raise
    # A tracer, converter or compiler may raise any error for a network that it does not support.
    except Exception as error:
        problem = str(error).strip().partition("\n")[0] or type(error).__name__
    progress.log(
        "The backend {method} is not used: {problem}.",
        "warning",
        method=method,
        problem=problem,
    )
    return None
