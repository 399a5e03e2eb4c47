"""Classify a raster: the job."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from ..device import describe_devices, select_devices
from ..errors import ModelFileError
from ..files import overwrites_input
from ..inference.backends.cascade import RasterSample
from ..inference.compatibility import match_bands, warn_of_known_faults, warn_of_pixel_size
from ..inference.diagnostics import DetailedPredictor, detailed, details_of, with_area
from ..inference.patch_sample import some_patches
from ..inference.pipeline import PipelineOptions, PipelineResult, classify_raster, tile_size
from ..inference.predictors.base import Predictor
from ..inference.predictors.factory import LoadedModel, load_once, make_predictors
from ..inference.products import PRODUCTS, Scoring, Target, TileLayers, ranked, write_outputs
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
from ..requests.classify import (
    FP32_PRODUCTS,
    ClassifyRequest,
    ClassifyResult,
    ProductFile,
    check_request,
)
from ..text import Text

# Parameters that do not change what is computed, and those whose content counts, not their name.
_WITHOUT_EFFECT = {"map", "cog", "compression", "resume", *(product.name for product in PRODUCTS)}
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
    if request.products.decision == BALANCED and (card.calibration is None or not card.calibration.balance):
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
    inputs, region, wanted = request.inputs, request.region, request.products
    with ExitStack() as resources:
        stack = resources.enter_context(
            open_inputs(
                inputs.raster,
                inputs.extra,
                inputs.resampling,
                Path(wanted.map),
                progress,
                band_names=inputs.band_names,
            )
        )
        for path in wanted.optional.values():
            if stack.reads_from(Path(path)):
                raise overwrites_input(Path(path))
        bands = match_bands(card.bands, stack, progress, card.source_bands)
        warn_of_pixel_size(card, stack.grid, progress)
        warn_of_known_faults(card, progress)
        window = stack.grid.window_of_extent(region.extent) if region.extent else stack.grid.window
        polygons = Path(region.mask_polygons) if region.mask_polygons else None
        mask = resources.enter_context(Mask(stack.grid, polygons, region.mask_raster))
        details = details_of(card, wanted.tta, wanted.mc_samples)
        products = [product for product in PRODUCTS if product.name in wanted.optional]
        for product in products:
            product.check(card)
        loaded = load_once(Path(request.model), select_devices(request.compute.device))
        if any(product.needs_distances for product in products):
            details = with_area(details, loaded[0], Path(request.model))
        models = [detailed(model, details) for model in loaded]
        devices = tuple(model.device for model in models)
        grid = request.grid
        options = PipelineOptions(bands, window, mask, devices, grid.stride, grid.fill, grid.min_valid)
        scoring = Scoring(
            card.classes,
            details.remaining_calibration,
            wanted.decision,
            request.form.share_type,
            details.deviations,
            card.applicability,
            card.conformal,
            wanted.coverage,
        )
        layers = TileLayers(scoring, products)
        sample = RasterSample(
            _raster_stamp(stack, mask, request),
            _most_patches(options),
            lambda count: some_patches(stack, card, options, count, progress),
            lambda scores: ranked(scores[:, : details.classes], card.calibration, wanted.decision),
            wanted.decision,
            grid.stride,
        )
        subject = _subject(request, stack, mask, layers, models[0].checksum)
        compute = request.compute
        predictors: Sequence[Predictor] = make_predictors(
            models, _wanted(request, subject), compute.batch_size, sample, compute.exact, progress
        )
        for product in products:
            product.note(scoring, predictors[0].method, progress)
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
        layers, products = self.layers, self.request.products
        output = Path(products.map)
        with open_store(output, self._journal(), layers.types, self._may_resume(), self.progress) as store:
            with _threads(store.execution.threads):
                done = classify_raster(
                    self.stack, self.predictors, self.model.card, layers, self.options, store, self.progress
                )
            started = time.perf_counter()
            figures = write_outputs(
                store,
                layers,
                self._target(store.execution),
                output,
                {name: Path(path) for name, path in products.optional.items()},
            )
            patches = store.patches
        return self._result(done, done.seconds + time.perf_counter() - started, patches, figures)

    def _target(self, how: Execution) -> Target:
        """Return what the rasters have in common."""
        cells, form = self.request.grid, self.request.form
        grid = self.stack.grid if cells.fill else self.stack.grid.coarsened(cells.stride)
        return Target(
            grid.crop(self.options.output_window),
            self._metadata(how),
            self.progress,
            FileForm(form.compression, form.cog),
        )

    def _result(
        self, done: PipelineResult, seconds: float, patches: int, figures: dict[str, float]
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
        wanted, scoring = self.request.products, self.layers.scoring
        return ClassifyResult(
            output=wanted.map,
            products=tuple(
                ProductFile(
                    product.name, wanted.optional[product.name], product.is_ramp, product.ramp_limit(scoring)
                )
                for product in self.layers.products
            ),
            figures=figures,
            patches=patches,
            seconds=seconds,
            patches_per_second=rate,
            device=str(describe_devices(self.options.devices)),
            backend=self._method.backend,
            precision=self._method.precision,
            agreement=self.predictors[0].agreement,
            outside_model=outside,
        )

    @property
    def _method(self) -> Method:
        return self.predictors[0].method

    def _journal(self) -> Journal:
        """Return what is to be done here and now; a run that is gone on with had the same subject."""
        predictor = self.predictors[0]
        size = tile_size(self.stack.block_size, self.request.grid.stride, predictor.tile_size)
        how = execution(self.model.device, size, predictor.batch_size, predictor.method)
        return Journal(self.subject, how)

    def _may_resume(self) -> bool:
        if not self.request.form.resume:
            return False
        is_remote = has_remote((*self.stack.files, *self.mask.files))
        if is_remote:
            self.progress.log(
                "A raster is on the network, where a change would go unnoticed: if this run is stopped, "
                "another one will start afresh."
            )
        return not is_remote

    def _metadata(self, how: Execution) -> dict[str, str]:
        request, wanted = self.request, self.request.products
        items = {
            "MODEL": Path(request.model).name,
            "MODEL_SHA256": self.model.checksum,
            "ARCHITECTURE": self.model.card.architecture,
            "INPUT": request.inputs.raster.title,
            "EXTRA_INPUTS": ", ".join(source.title for source in request.inputs.extra),
            "STRIDE": str(request.grid.stride),
            "MIN_VALID": str(request.grid.min_valid),
            "DECISION": wanted.decision,
            "TTA": str(wanted.tta),
            "COVERAGE": str(wanted.coverage),
            "MC_SAMPLES": str(wanted.mc_samples),
            "DEVICE": describe_devices(self.options.devices),
            "BACKEND": how.backend,
            "PRECISION": how.precision,
            "BATCH_SIZE": str(how.batch_size),
        }
        agreement = self.predictors[0].agreement
        if agreement is not None:
            items["AGREEMENT_WITH_FP32"] = f"{agreement:.4f}"
        for product in self.layers.products:
            items |= product.metadata(self.layers.scoring)
        if how.was_halved:
            items["BIT_REPRODUCIBLE"] = (
                "no: the device's memory was full, so the batch size was halved in mid-run"
            )
        return items


def _raster_stamp(stack: BandStack, mask: Mask, request: ClassifyRequest) -> str:
    """Return what identifies the patches of a run; empty where a change would go unnoticed."""
    if has_remote((*stack.files, *mask.files)):
        return ""
    region = request.region
    polygons = content_stamp(region.mask_polygons)
    stamps = file_stamps((*stack.files, *mask.files))
    return f"{stamps} {polygons} {region.extent} {request.grid.stride}"


def _subject(
    request: ClassifyRequest, stack: BandStack, mask: Mask, layers: TileLayers, checksum: str
) -> dict[str, str]:
    """Return what is classified and with what, each named in the user's words."""
    return {
        "the model": checksum,
        "an input file": file_stamps(stack.files),
        "the mask": f"{content_stamp(request.region.mask_polygons)} {file_stamps(mask.files)}",
        "what is written": " ".join(layers.types),
        **parameter_stamps(request.values(), _WITHOUT_EFFECT | _BY_CONTENT),
    }


def _wanted(request: ClassifyRequest, subject: Mapping[str, str]) -> Method:
    """Return the requested backend and precision; those of the run to resume, where ``auto`` allows them."""
    compute, products = request.compute, request.products
    # Near the training samples, distances are differences of numbers that are almost the same; and limits
    # of prediction sets were found in 32 bits. The second look guards the class, not the probabilities.
    is_exact = compute.precision == AUTO and any(name in FP32_PRODUCTS for name in products.optional)
    wanted = Method(compute.backend, FP32 if is_exact else compute.precision)
    earlier = read_journal(journal_path(Path(products.map))) if request.form.resume else None
    if earlier is None or earlier.subject != subject:
        return wanted
    before = Method(earlier.execution.backend, earlier.execution.precision)
    return before if wanted.allows(before) else wanted


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
