"""Classify a raster: the job."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from ..classes import class_label
from ..device import describe_devices, select_devices
from ..errors import ModelFileError
from ..files import overwrites_input
from ..inference.backends.cascade import RasterSample
from ..inference.compatibility import match_bands, warn_of_known_faults, warn_of_pixel_size
from ..inference.diagnostics import DetailedPredictor, Details, detailed, details_of, layers_of, with_area
from ..inference.patch_sample import some_patches
from ..inference.pipeline import PipelineOptions, PipelineResult, classify_raster, tile_size
from ..inference.predictors.base import Predictor
from ..inference.predictors.factory import LoadedModel, load_once, make_predictors
from ..inference.products import OutputFiles, TileLayers, ranked, write_outputs
from ..inference.tile_store import (
    Execution,
    Journal,
    content_stamp,
    execution,
    file_stamps,
    has_remote,
    journal_path,
    open_store,
    parameter_stamps,
    read_journal,
)
from ..models.card import ModelCard, read_card
from ..options import AUTO, BALANCED, FP32, Method
from ..progress import Progress
from ..raster.geotiff import FileForm
from ..raster.mask import Mask
from ..raster.stack import BandStack, open_inputs
from ..requests.classify import ClassifyRequest, ClassifyResult, check_request
from ..text import Text
from ..uncertainty.conformal import describe_limits
from ..values import to_plain

# Parameters that do not change what is computed, and those whose content counts, not their name.
_WITHOUT_EFFECT = {
    "output",
    "probabilities",
    "uncertainty",
    "applicability",
    "sets",
    "cog",
    "compression",
    "resume",
}
_BY_CONTENT = {"model", "mask_polygons"}


def run(request: ClassifyRequest, progress: Progress) -> ClassifyResult:
    """Write the classified map.

    Raises:
        LandCoverError: A leaf of it that says what is wrong with the raster, the model, a
            parameter, the output or the device. There is no output then.
    """
    check_request(request)
    card = read_card(Path(request.model))
    if card.padding != "reflect":
        raise ModelFileError(
            "The model asks for the padding {padding!r}, which this version does not know",
            where=request.model,
            advice="Update the plugin.",
            padding=card.padding,
        )
    if request.decision == BALANCED and (card.calibration is None or not card.calibration.balance):
        progress.log(
            "DECISION=balanced changes nothing: the model was trained without a rule of its own for it, or "
            "found none that would help.",
            "warning",
        )

    return classify(request, card, progress)


def classify(request: ClassifyRequest, card: ModelCard, progress: Progress) -> ClassifyResult:
    """Write the classified map and what else was asked for.

    Args:
        request: What to do.
        card: Of the model.
        progress: For the log.

    Raises:
        LandCoverError: See ``core.tasks.classify.run``.
    """
    output = Path(request.output)
    with ExitStack() as resources:
        stack = resources.enter_context(
            open_inputs(
                request.input,
                request.extra_inputs,
                request.resampling,
                output,
                progress,
                band_names=request.band_names,
            )
        )
        for other in request.more_outputs:
            if stack.reads_from(Path(other)):
                raise overwrites_input(Path(other))
        bands = match_bands(card.bands, stack, progress, card.source_bands)
        warn_of_pixel_size(card, stack.grid, progress)
        warn_of_known_faults(card, progress)
        window = stack.grid.window_of_extent(request.extent) if request.extent else stack.grid.window
        polygons = Path(request.mask_polygons) if request.mask_polygons else None
        mask = resources.enter_context(Mask(stack.grid, polygons, request.mask_raster))
        details = details_of(request, card)
        loaded = load_once(Path(request.model), select_devices(request.device))
        if request.applicability:
            details = with_area(details, loaded[0], Path(request.model))
        models = [detailed(model, details) for model in loaded]
        devices = tuple(model.device for model in models)
        options = PipelineOptions(
            bands, window, mask, devices, request.stride, request.fill, request.min_valid
        )
        layers = layers_of(request, card, details)
        sample = RasterSample(
            _raster_stamp(stack, mask, request),
            _most_patches(options),
            lambda count: some_patches(stack, card, layers, options, count, progress),
            lambda scores: ranked(scores[:, : details.classes], card.calibration, request.decision),
            request.decision,
            request.stride,
        )
        subject = _subject(request, stack, mask, layers, models[0].checksum)
        predictors: Sequence[Predictor] = make_predictors(
            models, _wanted(request, subject), request.batch_size, sample, request.exact, progress
        )
        _describe_sets(details, card, predictors[0].method, progress)
        if details.deviations or details.area:
            predictors = [DetailedPredictor(predictor, details) for predictor in predictors]
        return _Job(request, stack, mask, models[0], predictors, layers, options, subject, progress).run()


@dataclass(frozen=True, eq=False)
class _Job:
    """All that a run needs, open and loaded."""

    request: ClassifyRequest
    stack: BandStack
    mask: Mask
    model: LoadedModel
    predictors: Sequence[Predictor]
    layers: TileLayers
    options: PipelineOptions
    subject: Mapping[str, str]
    progress: Progress

    def run(self) -> ClassifyResult:
        layers = self.layers
        output = Path(self.request.output)
        with open_store(output, self._journal(), layers.types, self._may_resume(), self.progress) as store:
            with _threads(store.execution.threads):
                done = classify_raster(
                    self.stack, self.predictors, self.model.card, layers, self.options, store, self.progress
                )
            started = time.perf_counter()
            metadata = self._metadata(store.execution)
            grid = self.stack.grid if self.request.fill else self.stack.grid.coarsened(self.request.stride)
            inside = write_outputs(
                store,
                layers,
                self._files(),
                grid.crop(self.options.output_window),
                self.model.card.classes,
                metadata,
                self.progress,
            )
            patches = store.patches
        return self._result(done, done.seconds + time.perf_counter() - started, patches, inside)

    def _result(
        self, done: PipelineResult, seconds: float, patches: int, inside: float | None
    ) -> ClassifyResult:
        rate = done.patches / max(seconds, 1e-9)
        outside = done.outside_model(seconds)
        waiting = (
            ""
            if outside is None
            else Text("; {share:.0%} of the time was spent outside the model", share=outside)
        )
        self.progress.log(
            "Classified 1 patch in {seconds:.1f} s ({rate:,.0f} patches/s{waiting})."
            if done.patches == 1
            else "Classified {count:,} patches in {seconds:.1f} s ({rate:,.0f} patches/s{waiting}).",
            count=done.patches,
            seconds=seconds,
            rate=rate,
            waiting=waiting,
        )
        if inside is not None:
            self.progress.log(
                "{share:.1%} of the map lie inside the area of applicability, where the model's "
                "figures hold (dissimilarity index of up to {limit:.3g}).",
                share=inside,
                limit=self.layers.limit,
            )
        return ClassifyResult(
            output=self.request.output,
            probabilities=self.request.probabilities,
            uncertainty=self.request.uncertainty,
            applicability=self.request.applicability,
            sets=self.request.sets,
            inside=inside,
            limit=self.layers.limit,
            patches=patches,
            seconds=seconds,
            patches_per_second=rate,
            device=str(describe_devices(self.options.devices)),
            backend=self._method.backend,
            precision=self._method.precision,
            agreement=self.predictors[0].agreement,
            outside_model=outside,
        )

    def _files(self) -> OutputFiles:
        request = self.request
        return OutputFiles(
            Path(request.output),
            Path(request.probabilities) if request.probabilities else None,
            Path(request.uncertainty) if request.uncertainty else None,
            Path(request.applicability) if request.applicability else None,
            Path(request.sets) if request.sets else None,
            FileForm(request.compression, request.cog),
        )

    @property
    def _method(self) -> Method:
        return self.predictors[0].method

    def _journal(self) -> Journal:
        """Return what is to be done here and now; a run that is gone on with had the same subject."""
        predictor = self.predictors[0]
        size = tile_size(self.stack.block_size, self.request.stride, predictor.tile_size)
        how = execution(self.model.device, size, predictor.batch_size, predictor.method)
        return Journal(self.subject, how)

    def _may_resume(self) -> bool:
        if not self.request.resume:
            return False
        is_remote = has_remote((*self.stack.files, *self.mask.files))
        if is_remote:
            self.progress.log(
                "A raster is on the network, where a change would go unnoticed: if this run is stopped, "
                "another one will start afresh."
            )
        return not is_remote

    def _metadata(self, how: Execution) -> dict[str, str]:
        request = self.request
        items = {
            "MODEL": Path(request.model).name,
            "MODEL_SHA256": self.model.checksum,
            "ARCHITECTURE": self.model.card.architecture,
            "INPUT": request.input.title,
            "EXTRA_INPUTS": ", ".join(source.title for source in request.extra_inputs),
            "STRIDE": str(request.stride),
            "MIN_VALID": str(request.min_valid),
            "DECISION": request.decision,
            "TTA": str(request.tta),
            "COVERAGE": str(request.coverage),
            "MC_SAMPLES": str(request.mc_samples),
            "DEVICE": describe_devices(self.options.devices),
            "BACKEND": how.backend,
            "PRECISION": how.precision,
            "BATCH_SIZE": str(how.batch_size),
        }
        agreement = self.predictors[0].agreement
        if agreement is not None:
            items["AGREEMENT_WITH_FP32"] = f"{agreement:.4f}"
        if self.layers.limit is not None:
            items["DISSIMILARITY_THRESHOLD"] = f"{self.layers.limit:.6g}"
        if how.was_halved:
            items["BIT_REPRODUCIBLE"] = (
                "no: the device's memory was full, so the batch size was halved in mid-run"
            )
        return items


def _raster_stamp(stack: BandStack, mask: Mask, request: ClassifyRequest) -> str:
    """Return what tells the patches of a run from those of others; empty where that is not known."""
    if has_remote((*stack.files, *mask.files)):
        return ""
    polygons = content_stamp(request.mask_polygons)
    return f"{file_stamps((*stack.files, *mask.files))} {polygons} {request.extent} {request.stride}"


def _subject(
    request: ClassifyRequest, stack: BandStack, mask: Mask, layers: TileLayers, checksum: str
) -> dict[str, str]:
    """Return what is classified and with what, each named in the user's words."""
    return {
        "the model": checksum,
        "an input file": file_stamps(stack.files),
        "the mask": f"{content_stamp(request.mask_polygons)} {file_stamps(mask.files)}",
        "what is written": " ".join(layers.types),
        **parameter_stamps(to_plain(request), _WITHOUT_EFFECT | _BY_CONTENT),
    }


def _wanted(request: ClassifyRequest, subject: Mapping[str, str]) -> Method:
    """Return what is to compute: what the run did that may be gone on with, where it may choose."""
    # Near the training samples, distances are differences of numbers that are almost the same; and limits
    # of prediction sets were found in 32 bits. The second look guards the class, not the probabilities.
    is_exact = (request.applicability or request.sets) and request.precision == AUTO
    wanted = Method(request.backend, FP32 if is_exact else request.precision)
    earlier = read_journal(journal_path(Path(request.output))) if request.resume else None
    if earlier is None or earlier.subject != subject:
        return wanted
    before = Method(earlier.execution.backend, earlier.execution.precision)
    return before if wanted.allows(before) else wanted


def _describe_sets(details: Details, card: ModelCard, method: Method, progress: Progress) -> None:
    """Log what the coverage of prediction sets does not hold for."""
    if details.set_limits is None:
        return
    words = describe_limits(details.set_limits, [class_label(item) for item in card.classes])
    if words:
        progress.log(words)
    if method.precision != FP32:
        progress.log(
            "Prediction sets are computed in {precision}, their limits were found in 32 bits: "
            "coverage may differ from COVERAGE. PRECISION=fp32 avoids that.",
            "warning",
            precision=method.precision,
        )


def _most_patches(options: PipelineOptions) -> int:
    window = options.window
    return -(-window.height // options.stride) * -(-window.width // options.stride)


@contextmanager
def _threads(number: int) -> Iterator[None]:
    """Compute on as many threads as the run that is gone on with: sums round by their division."""
    before = torch.get_num_threads()
    torch.set_num_threads(number)
    try:
        yield
    finally:
        torch.set_num_threads(before)
