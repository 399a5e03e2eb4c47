"""Job that classifies a raster: from files and a request to the tile pipeline, and to the written rasters."""

from __future__ import annotations

import json
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
from ..inference.compatibility import check_order, match_bands, warn_of_known_faults, warn_of_pixel_size
from ..inference.diagnostics import DetailedPredictor, detailed, details_of, with_area
from ..inference.patch_sample import sample_patches
from ..inference.pipeline import (
    PipelineOptions,
    PipelineResult,
    classify_raster,
    expected_time,
    survey,
    tile_size,
)
from ..inference.predictors.base import Predictor
from ..inference.predictors.factory import LoadedModel, load_once, make_predictors
from ..inference.products import PRODUCTS, Scoring, Target, TileLayers, ranked, write_outputs
from ..inference.tile_store import (
    Execution,
    Journal,
    content_stamp,
    execution,
    file_stamps,
    finished_tiles,
    has_remote,
    journal_path,
    open_store,
    parameter_stamps,
    part_path,
    read_journal,
)
from ..inference.value_check import check_values, warn_of_fractions
from ..models.card import ModelCard, read_card
from ..options import ACCURACY, AUTO, BALANCED, FP32, Method
from ..progress import Progress
from ..provenance import metadata_items, provenance
from ..raster.geotiff import FileForm
from ..raster.grid import Grid, Tile, tiles_of
from ..raster.mask import Mask
from ..raster.stack import BandStack, open_inputs
from ..raster.survey import survey_raster, warn_of_fill
from ..requests.classify import (
    FP32_PRODUCTS,
    ClassifyRequest,
    ClassifyResult,
    ProductFile,
    check_request,
)
from ..run_plan import (
    CLASS_COMPRESSION,
    FRACTION_COMPRESSION,
    FilePlan,
    RunPlan,
    RunTime,
    begin,
    is_dry_run,
    raster_file,
)
from ..text import Text
from ..values import to_plain

# Parameters that do not change the computed values.
_WITHOUT_EFFECT = {"map", "mmu", "cog", "compression", "resume", *(product.name for product in PRODUCTS)}
# Parameters that identify a run by the content of their file, not by its name.
_BY_CONTENT = {"model", "mask_polygons"}


def run(request: ClassifyRequest, progress: Progress) -> ClassifyResult:
    """Check the request, and write the map and the optional rasters.

    Args:
        request: Request to classify a raster.
        progress: Progress reporter.

    Raises:
        LandCoverError: The raster, the model, a parameter, the output or the device is not usable. No output
            is written then.
    """
    check_request(request)
    card = read_card(Path(request.model))
    if card.padding != "reflect":
        raise ModelFileError(
            "The model needs the padding {padding!r}, which this version does not support",
            where=request.model,
            advice="Update the plugin.",
            padding=card.padding,
        )
    if request.products.decision == BALANCED and (card.calibration is None or not card.calibration.balance):
        progress.log(
            "DECISION=balanced has no effect: the model has no decision rule for balanced classes, because "
            "it "
            "is from an older version, or no rule improved the held-out samples.",
            "warning",
        )

    return classify(request, card, progress)


def classify(request: ClassifyRequest, card: ModelCard, progress: Progress) -> ClassifyResult:
    """Write the map and the optional rasters of a checked request.

    Args:
        request: Request to classify a raster.
        card: Document of the model.
        progress: Progress reporter.

    Raises:
        LandCoverError: The raster, the model, a parameter, the output or the device is not usable. No output
            is written then.
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
                nodata_values=(*card.nodata_values, *inputs.nodata_values),
            )
        )
        for path in wanted.optional.values():
            if stack.reads_from(Path(path)):
                raise overwrites_input(Path(path))
        check_order(card, [source.title for source in inputs.extra], stack)
        bands = match_bands(card.bands, stack, progress, card.source_bands)
        warn_of_pixel_size(card, stack.grid, progress)
        warn_of_known_faults(card, progress)
        window = stack.grid.window_of_extent(region.extent) if region.extent else stack.grid.window
        polygons = Path(region.mask_polygons) if region.mask_polygons else None
        mask = resources.enter_context(Mask(stack.grid, polygons, region.mask_raster, region.mask_classes))
        survey = survey_raster(stack, bands, progress, window, mask)
        check_values(card, survey, stack, progress, is_allowed=request.allow_different_values)
        warn_of_fill(survey, stack, progress)
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
            _max_patches(options),
            lambda count: sample_patches(stack, card, options, count, progress),
            lambda scores: ranked(scores[:, : details.classes], card.calibration, wanted.decision),
            wanted.decision,
            grid.stride,
        )
        subject = _subject(request, stack, mask, layers, models[0].checksum)
        compute = request.compute
        predictors: Sequence[Predictor] = make_predictors(
            models, _requested_method(request, subject), compute.batch_size, sample, compute.exact, progress
        )
        for product in products:
            product.note(scoring, predictors[0].method, progress)
        if details.deviations or details.area:
            predictors = [DetailedPredictor(predictor, details) for predictor in predictors]
        return _Job(request, stack, mask, models[0], predictors, layers, options, subject, progress).run()


@dataclass(frozen=True, eq=False)
class _Job:
    """Open files, loaded models and settings of a run."""

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
        begin(self._plan(), self.progress, self._expected_time if is_dry_run() else None)
        with open_store(output, self._journal(), layers.types, self._may_resume(), self.progress) as store:
            with _threads(store.execution.threads):
                counts = classify_raster(
                    self.stack, self.predictors, self.model.card, layers, self.options, store, self.progress
                )
            started = time.perf_counter()
            figures, pixels = write_outputs(
                store,
                layers,
                self._target(store.execution),
                output,
                {name: Path(path) for name, path in products.optional.items()},
                products.mmu,
            )
            patches = store.patches
        if self.request.products.decision == ACCURACY:
            # Another rule moves the fractions by itself.
            warn_of_fractions(self.model.card, pixels, self.progress)
        return self._result(counts, counts.seconds + time.perf_counter() - started, patches, figures)

    def _plan(self) -> RunPlan:
        wanted, layers, form = self.request.products, self.layers, self.request.form
        scoring, grid = layers.scoring, self._grid
        shown = wanted.map, *(wanted.optional[product.name] for product in layers.products)
        kinds = [(1, layers.class_type, CLASS_COMPRESSION)]
        kinds += [
            (len(product.bands(scoring)), product.dtype(scoring), FRACTION_COMPRESSION)
            for product in layers.products
        ]
        files: list[FilePlan] = []
        for path, kind in zip(shown, kinds, strict=True):
            files.append(raster_file(path, grid, *kind))
            # Finished tiles are stored until the map is complete, and a COG is a copy.
            part = str(part_path(Path(wanted.map)))
            files.append(raster_file(part, grid, *kind, has_overviews=False, is_temporary=True))
            if form.cog:
                files.append(raster_file(f"{path}.cog", grid, *kind, is_temporary=True))
        details = {"model": self.request.model, "device": describe_devices(self.options.devices)}
        return RunPlan(grid, scoring.classes, files, {**details, "backend": self._method.backend})

    def _expected_time(self) -> RunTime:
        """Return the expected duration; of a run that would be resumed, that of the rest."""
        options, wanted, journal = self.options, self.request.products, self._journal()
        done: frozenset[Tile] = frozenset()
        if self.request.form.resume:
            done = finished_tiles(Path(wanted.map), journal, len(self.layers.types), self.progress)
        tiles = list(tiles_of(options.window, journal.execution.tile_size, options.stride))
        jobs = survey(
            self.stack,
            tiles,
            options.bands[0],
            options.mask,
            options.stride,
            lambda tile: options.window_in_map(tile) in done,
            self.progress,
        )
        if not jobs:
            return RunTime(0.0, Text("an interrupted run has finished all tiles"))
        card = self.model.card
        return expected_time(self.stack, self.predictors, card, self.layers, options, jobs, self.progress)

    @property
    def _grid(self) -> Grid:
        """Grid of the map."""
        cells = self.request.grid
        grid = self.stack.grid if cells.fill else self.stack.grid.coarsened(cells.stride)
        return grid.crop(self.options.output_window)

    def _target(self, execution: Execution) -> Target:
        """Return the grid, metadata and file format that all rasters share."""
        form = self.request.form
        return Target(
            self._grid,
            self._metadata(execution),
            self.progress,
            FileForm(form.compression, form.cog),
            json.dumps(to_plain(pixels)) if (pixels := self.model.card.training_pixels) else "",
        )

    def _result(
        self, counts: PipelineResult, seconds: float, patches: int, figures: dict[str, float]
    ) -> ClassifyResult:
        rate = counts.patches / max(seconds, 1e-9)
        outside = counts.outside_model(seconds)
        waiting = (
            ""
            if outside is None
            else Text("; {fraction:.0%} of the time was spent outside the model", fraction=outside)
        )
        self.progress.log(
            "Classified 1 patch in {seconds:.1f} s ({rate:,.0f} patches/s{waiting})."
            if counts.patches == 1
            else "Classified {count:,} patches in {seconds:.1f} s ({rate:,.0f} patches/s{waiting}).",
            count=counts.patches,
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
        """Return the journal of this run. Runs with equal subjects can resume each other."""
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
                "A raster is on the network, where changes are not detected. This run cannot be resumed if "
                "it "
                "is interrupted."
            )
        return not is_remote

    def _metadata(self, execution: Execution) -> dict[str, str]:
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
            "BACKEND": execution.backend,
            "PRECISION": execution.precision,
            "BATCH_SIZE": str(execution.batch_size),
        }
        sources = [
            ("INPUT", request.inputs.raster.path),
            *(("EXTRA_INPUTS", source.path) for source in request.inputs.extra),
        ]
        items |= metadata_items(provenance({}, sources=sources))
        agreement = self.predictors[0].agreement
        if agreement is not None:
            items["AGREEMENT_WITH_FP32"] = f"{agreement:.4f}"
        for product in self.layers.products:
            items |= product.metadata(self.layers.scoring)
        if execution.was_halved:
            items["BIT_REPRODUCIBLE"] = (
                "no: the device's memory was full, so the batch size was halved in mid-run"
            )
        return items


def _raster_stamp(stack: BandStack, mask: Mask, request: ClassifyRequest) -> str:
    """Return a stamp of the patches of a run, or an empty string where changes of a file are not detected."""
    if has_remote((*stack.files, *mask.files)):
        return ""
    region = request.region
    polygons = content_stamp(region.mask_polygons)
    stamps = file_stamps((*stack.files, *mask.files))
    what = request.inputs, region.mask_raster, region.mask_classes, region.extent, request.grid
    return f"{stamps} {polygons} {what}"


def _subject(
    request: ClassifyRequest, stack: BandStack, mask: Mask, layers: TileLayers, checksum: str
) -> dict[str, str]:
    """Return stamps of all that the values of the map depend on, by the name that messages use."""
    return {
        "the model": checksum,
        "an input file": file_stamps(stack.files),
        "the mask": f"{content_stamp(request.region.mask_polygons)} {file_stamps(mask.files)}",
        # Layers of two products can have the same data types.
        "what is written": " ".join([*(product.name for product in layers.products), *layers.types]),
        **parameter_stamps(request.values(), _WITHOUT_EFFECT | _BY_CONTENT),
    }


def _requested_method(request: ClassifyRequest, subject: Mapping[str, str]) -> Method:
    """Return the requested method, or that of the run to resume where ``auto`` allows it."""
    compute, products = request.compute, request.products
    # Distances near the training samples are differences of almost equal numbers. Limits of prediction sets
    # hold for scores in 32 bits. Recomputing low margins preserves the class, not the probabilities.
    is_exact = compute.precision == AUTO and any(name in FP32_PRODUCTS for name in products.optional)
    requested = Method(compute.backend, FP32 if is_exact else compute.precision)
    earlier = read_journal(journal_path(Path(products.map))) if request.form.resume else None
    if earlier is None or earlier.subject != subject:
        return requested
    before = Method(earlier.execution.backend, earlier.execution.precision)
    return before if requested.allows(before) else requested


def _max_patches(options: PipelineOptions) -> int:
    window = options.window
    return -(-window.height // options.stride) * -(-window.width // options.stride)


@contextmanager
def _threads(number: int) -> Iterator[None]:
    """Set the number of threads, and restore it.

    The number of threads of the resumed run is kept, because it changes the rounding of sums.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(number)
    try:
        yield
    finally:
        torch.set_num_threads(before)
