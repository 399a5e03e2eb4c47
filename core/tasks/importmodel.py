"""Job that makes a model file of a network of another program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import torch

from ..classes import LandCoverClass, classes_for_values, describe_classes, shipped_scheme
from ..errors import ModelFileError, ParameterError, RasterError
from ..inference.value_check import training_survey
from ..models.card import FORMAT_VERSION, IMPORTED, ModelCard, Scaling, Training
from ..models.foreign import ForeignModel, cannot_compute, read_foreign
from ..models.network_file import save_model
from ..options import NONE, parse_class_list, split_list
from ..progress import Progress, Stage
from ..provenance import provenance
from ..raster.bands import band_called
from ..raster.roles import guess_roles
from ..raster.stack import BandStack, open_inputs
from ..raster.survey import band_statistics, survey_raster, warn_of_fill
from ..reporting.import_page import ImportContent, write_import_report
from ..requests.importmodel import (
    DEFAULT_PATCH_SIZE,
    ImportRequest,
    ImportResult,
    check_request,
    parse_scaling,
)
from ..text import Text, untranslated
from ..training.cards import package_versions

Item = TypeVar("Item", int, str)
# Standardised values are not clamped, since other programs do not.
_NO_CLIP = 1e9
_MAX_NAMED_TENSORS = 6


def run(request: ImportRequest, progress: Progress) -> ImportResult:
    """Read the network, complete its description, and write the model file and the report.

    Args:
        request: Request to import a model.
        progress: Progress reporter.

    Raises:
        ModelFileError: The file cannot be read, or its network is not known or cannot be computed.
        OutputError: An output has another ending, equals an input, or cannot be written.
        ParameterError: A parameter is malformed, or does not fit the network.
        RasterError: The sample raster cannot be read, or has no valid pixels.
        RunCancelled: The user cancelled.
    """
    check_request(request)
    progress.update(0.0, "Reading the network")
    foreign = read_foreign(Path(request.input), request.patch_size, DEFAULT_PATCH_SIZE)
    _check_computes(foreign, request)
    for sentence in _sentences(foreign):
        progress.log(sentence)
    classes = _classes(request, foreign, progress)
    with _opened(request, progress) as stack:
        bands = _bands(request, foreign, stack, progress)
        scaling, origin = _scaling(request, foreign, stack, bands, Stage(progress, 0.1, 0.6))
        progress.log("Scaling of the bands: {origin}.", origin=origin)
        card = _card(request, foreign, bands, scaling, classes, stack)
        if stack is not None:
            card = _surveyed(card, foreign, stack, Stage(progress, 0.6, 0.9))
    save_model(Path(request.output), foreign.network, card, progress)
    cautions = _cautions(request, foreign, card)
    for caution in cautions:
        progress.log(caution, "warning")
    if request.report:
        progress.update(0.9, "Writing the report")
        content = ImportContent(
            model=Path(request.output).name,
            foreign=foreign,
            card=card,
            scaling=origin,
            sample=request.sample.title if request.sample else "",
            cautions=cautions,
            parameters=request.parameters,
            provenance=provenance(request.parameters, package_versions()),
        )
        write_import_report(Path(request.report), content, progress)
    return ImportResult(
        request.output,
        request.report,
        foreign.architecture.name,
        foreign.channels,
        foreign.classes,
        card.patch_size,
        len(foreign.matches),
        len(foreign.unused),
    )


def _check_computes(foreign: ForeignModel, request: ImportRequest) -> None:
    """Compute one patch of zeros.

    Raises:
        ModelFileError: The network fails, returns another shape, or has values that are not finite.
    """
    is_dense, size = foreign.architecture.kind == "pixel", foreign.window_size
    expected = (1, foreign.classes, size, size) if is_dense else (1, foreign.classes)
    try:
        with torch.inference_mode():
            logits = foreign.network(torch.zeros(1, foreign.channels, size, size))
    except RuntimeError as error:
        wrong = cannot_compute(size, error)
        raise ModelFileError(wrong.what, where=request.input, advice=wrong.advice) from error
    if tuple(logits.shape) != expected:
        raise ModelFileError(
            "The network returns the shape {shape} for a patch, not {expected}",
            where=request.input,
            advice="Choose a network that classifies patches or pixels.",
            shape=tuple(logits.shape),
            expected=expected,
        )
    values = [logits, *(item for item in foreign.network.state_dict().values() if item.is_floating_point())]
    if not all(bool(torch.isfinite(item).all()) for item in values):
        raise ModelFileError(
            "The network has weights that are not finite, as after a training that diverged",
            where=request.input,
            advice="Import the checkpoint of an earlier epoch.",
        )


def _sentences(foreign: ForeignModel) -> Iterator[Text]:
    yield Text(
        "{title} is recognised: {architecture}, {channels} input channels, {classes} classes.",
        title=foreign.title,
        architecture=foreign.architecture.title,
        channels=foreign.channels,
        classes=foreign.classes,
    )
    if foreign.part:
        yield Text("The weights are those of {part!r} in the checkpoint.", part=foreign.part)
    if foreign.matches:
        yield Text(
            "{count} of {total} tensors of the network come from the file.",
            count=sum(bool(item.source) for item in foreign.matches),
            total=len(foreign.matches),
        )
    if foreign.architecture.kind == "patch":
        yield Text("Patches have {size} x {size} pixels.", size=foreign.patch_size)


def _classes(request: ImportRequest, foreign: ForeignModel, progress: Progress) -> tuple[LandCoverClass, ...]:
    """Return the classes in the order of the network's outputs.

    Raises:
        ParameterError: Their number is not that of the outputs.
        SchemeError: The scheme does not exist.
    """
    listed = parse_class_list(request.classes)
    if listed and len(listed) != foreign.classes:
        raise ParameterError(
            "CLASSES has {count} classes, and the network {outputs}",
            where="CLASSES",
            advice="Give a value or a name for each class, in the order of the network's outputs.",
            count=len(listed),
            outputs=foreign.classes,
        )
    facts = foreign.facts
    names = _fitting(facts.class_names, foreign.classes) or [""] * foreign.classes
    values = _fitting(facts.class_values, foreign.classes) or list(range(1, foreign.classes + 1))
    if listed:
        names = [name or known for (_, name), known in zip(listed, names, strict=True)]
        values = [known if value is None else value for (value, _), known in zip(listed, values, strict=True)]
    scheme = shipped_scheme(request.scheme) if request.scheme else None
    by_value = {
        item.value: item for item in classes_for_values(dict(zip(values, names, strict=True)), scheme)
    }
    classes = tuple(by_value[value] for value in values)
    progress.log("Classes, in the order of the outputs: {classes}.", classes=describe_classes(classes))
    if not listed and not facts.class_values:
        progress.log(
            "The file has no class values, so they are 1 to {count} in the order of the outputs. CLASSES "
            "gives others.",
            "warning",
            count=foreign.classes,
        )
    return classes


def _fitting(items: Sequence[Item], count: int) -> list[Item]:
    """Return the items of a file where their number fits; none otherwise."""
    return list(items) if len(items) == count else []


@contextmanager
def _opened(request: ImportRequest, progress: Progress) -> Iterator[BandStack | None]:
    """Open the sample raster, if there is one."""
    if request.sample is None:
        yield None
        return
    with open_inputs(
        request.sample, (), "", Path(request.output), progress, nodata_values=request.nodata_values
    ) as stack:
        yield stack


def _bands(
    request: ImportRequest, foreign: ForeignModel, stack: BandStack | None, progress: Progress
) -> tuple[str, ...]:
    """Return the names of the input bands in the network's order.

    Raises:
        ParameterError: Their number is not that of the channels, or the raster has no such band.
    """
    entries = [entry for entry in split_list(request.bands) if entry]
    if entries and stack is not None:
        entries = [band_called(entry, stack.band_names, "BANDS") for entry in entries]
    elif entries:
        entries = [_unnamed(int(entry)) if entry.isdecimal() else entry for entry in entries]
    elif stack is not None:
        entries = list(stack.band_names)
    else:
        entries = _fitting(foreign.facts.bands, foreign.channels)
    if not entries:
        entries = [_unnamed(number) for number in range(1, foreign.channels + 1)]
        progress.log(
            "The bands have no names, so rasters must have {count} bands in the order of the training. BANDS "
            "gives names.",
            "warning",
            count=foreign.channels,
        )
    if len(entries) != foreign.channels:
        raise ParameterError(
            "The network has {channels} input channels, and there are {count} bands: {bands}",
            where="BANDS",
            advice="Give the bands of the training in their order, by name or number.",
            channels=foreign.channels,
            count=len(entries),
            bands=", ".join(entries),
        )
    if len({entry.casefold() for entry in entries}) < len(entries):
        raise ParameterError(
            "A band is given twice: {bands}",
            where="BANDS",
            advice="Name each band once.",
            bands=", ".join(entries),
        )
    return tuple(entries)


def _unnamed(number: int) -> str:
    """Return what a band without a name is called."""
    return untranslated(f"Band {number}")


def _scaling(
    request: ImportRequest,
    foreign: ForeignModel,
    stack: BandStack | None,
    bands: tuple[str, ...],
    progress: Progress,
) -> tuple[Scaling, Text]:
    """Return the scaling of the bands, and a phrase on where it comes from.

    Raises:
        ParameterError: Nothing says how the bands were scaled, or the numbers do not fit the channels.
        RasterError: A band of the sample raster has no valid pixels.
    """
    facts, count = foreign.facts, foreign.channels
    mean, std = (
        _one_each(parse_scaling(text, name), count, name)
        for text, name in ((request.mean, "MEAN"), (request.std, "STD"))
    )
    divisor = request.divisor or facts.divisor or 1.0
    unit = Text(" after division by {divisor:g}", divisor=divisor) if divisor != 1 else Text("")
    if mean:
        return _scaled(mean, std, divisor), Text("MEAN and STD{unit}", unit=unit)
    if len(facts.mean) == count:
        return _scaled(facts.mean, facts.std, divisor), Text(
            "mean and deviation in the file{unit}", unit=unit
        )
    if stack is not None and request.divisor is None and facts.divisor is None:
        means, deviations = band_statistics(stack, bands, progress)
        empty = [band for band, value in zip(bands, deviations, strict=True) if not value]
        if len(empty) == len(bands):
            raise RasterError(
                "The bands have no two different valid values to compute their mean and deviation from",
                where=str(stack.source),
                advice="Choose the raster of the training, or give MEAN and STD.",
            )
        return Scaling(tuple(means.tolist()), tuple(deviations.tolist()), _NO_CLIP), Text(
            "mean and deviation of {raster}", raster=stack.source.title
        )
    if request.divisor is not None or facts.divisor is not None:
        return _scaled((0.0,) * count, (1.0,) * count, divisor), (
            Text("division by {divisor:g}", divisor=divisor) if divisor != 1 else Text("none")
        )
    raise ParameterError(
        "The file does not say how the bands were scaled",
        where="MEAN, STD",
        advice="Give MEAN and STD as in the training, or the raster of the training (SAMPLE_RASTER) to "
        "compute them from. For a network that reads stored values, set DIVISOR=1; for one that reads "
        "reflectance, the number that they were divided by, such as DIVISOR=10000.",
    )


def _scaled(mean: Sequence[float], std: Sequence[float], divisor: float) -> Scaling:
    """Return ``(x / divisor - mean) / std`` as a scaling of stored values."""
    return Scaling(tuple(item * divisor for item in mean), tuple(item * divisor for item in std), _NO_CLIP)


def _one_each(values: tuple[float, ...], count: int, parameter: str) -> tuple[float, ...]:
    """Return a value for each channel; a single one is that of all."""
    if len(values) in (0, count):
        return values
    if len(values) == 1:
        return values * count
    raise ParameterError(
        "{parameter} has {count} numbers for {channels} channels",
        where=parameter,
        advice="Give one number for each band in the network's order, or a single one for all.",
        parameter=parameter,
        count=len(values),
        channels=count,
    )


def _card(
    request: ImportRequest,
    foreign: ForeignModel,
    bands: tuple[str, ...],
    scaling: Scaling,
    classes: tuple[LandCoverClass, ...],
    stack: BandStack | None,
) -> ModelCard:
    """Return the model's document."""
    side = foreign.facts.pixel_size or 1.0
    return ModelCard(
        architecture=foreign.architecture.name,
        bands=bands,
        band_roles=guess_roles(bands),
        indices=(),
        reflectance_scale=1.0,
        scaling=scaling,
        patch_size=foreign.patch_size,
        padding="reflect",
        pixel_size=stack.grid.pixel_size if stack else (side, side),
        crs=stack.grid.crs if stack else "",
        nodata=stack.nodata if stack else None,
        classes=classes,
        training=Training(
            split=IMPORTED,
            split_note="",
            train_samples=0,
            validation_samples=0,
            test_samples=0,
            seed=0,
            best_epoch=None,
            parameters={"imported_from": foreign.title, "imported_sha256": foreign.checksum},
        ),
        metrics=None,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=package_versions(),
        source_bands=_source_bands(request, bands, stack),
        small_stem=foreign.small_stem,
        attention=foreign.attention,
        nodata_values=request.nodata_values,
        format_version=1 if foreign.attention == NONE else FORMAT_VERSION,
    )


def _source_bands(request: ImportRequest, bands: tuple[str, ...], stack: BandStack | None) -> tuple[str, ...]:
    """Return the names of all bands of the rasters that the model is for, where they are known."""
    if stack is not None:
        return tuple(stack.band_names)
    numbers = [int(entry) for entry in split_list(request.bands) if entry.isdecimal()]
    if len(numbers) == len(bands):
        return tuple(_unnamed(number) for number in range(1, max(numbers) + 1))
    return ()


def _surveyed(card: ModelCard, foreign: ForeignModel, stack: BandStack, progress: Progress) -> ModelCard:
    """Return the document with the values of the sample raster, and the classes that are predicted there."""
    survey = survey_raster(stack, card.bands, progress)
    warn_of_fill(survey, stack, progress)
    return replace(card, survey=training_survey(survey, foreign.network, card, stack, progress))


def _cautions(request: ImportRequest, foreign: ForeignModel, card: ModelCard) -> tuple[Text, ...]:
    """Return warnings about what the file does not say."""
    cautions = []
    if foreign.unused:
        hidden = len(foreign.unused) - _MAX_NAMED_TENSORS
        more = Text(" and {count} more", count=hidden) if hidden > 0 else Text("")
        cautions.append(
            Text(
                "{count} tensors of the file are not used: {names}{more}. If they take part in the network, "
                "its labels differ.",
                count=len(foreign.unused),
                names=", ".join(foreign.unused[:_MAX_NAMED_TENSORS]),
                more=more,
            )
        )
    if foreign.matches and any(not item.source for item in foreign.matches):
        cautions.append(
            Text(
                "The file lacks {names}, which is 0.",
                names=", ".join(item.name for item in foreign.matches if not item.source),
            )
        )
    if request.sample is None:
        cautions.append(
            Text("No raster was given, so whether a raster has the values of the training cannot be checked.")
        )
    is_assumed = not (request.patch_size or foreign.facts.patch_size)
    if is_assumed and foreign.architecture.kind == "patch" and foreign.kind != "onnx":
        cautions.append(
            Text(
                "Weights do not say the patch size. Labels are right only if patches had {size} x {size} "
                "pixels in the training.",
                size=card.patch_size,
            )
        )
    return tuple(cautions)
