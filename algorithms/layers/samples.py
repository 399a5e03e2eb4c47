"""The layers of labelled polygons and points, together as one file for the worker."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSource,
)

from ...core.errors import ParameterError, SampleError
from ...core.text import Text
from ..i18n.messages import translated_message
from ..parameters.common import flattened, is_given, value_text
from .rasters import check_crs, raster_parameter, raster_source
from .vectors import (
    POINT,
    POLYGON,
    check_field,
    is_null,
    plain_value,
    source_of,
    write_features,
)

SAMPLES, EXTRA_SAMPLES = "SAMPLES", "EXTRA_SAMPLES"
CLASS_FIELD, NAME_FIELD, SPLIT_FIELD = "CLASS_FIELD", "NAME_FIELD", "SPLIT_FIELD"
_FIELDS = (CLASS_FIELD, NAME_FIELD, SPLIT_FIELD)
CLUSTER, WEIGHT, SPLIT = "cluster", "weight", "split"
"""Fields of a sample design that was written out, see ``sample_output``."""
_MANY = 2**31
_DESIGN = {"value", "name", SPLIT, "fold", CLUSTER, WEIGHT}
# Words of core.samples.split_search, which needs numpy.
_OF_TRAINING = {"train", "training", "suggested", "validation", "calibration", "train+validation"}


class SamplesParameter(QgsProcessingParameterFeatureSource):
    """One layer in the dialog, with its selection; scripts and qgis_process may give several."""

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:
        if isinstance(value, (list, tuple)):
            return all(super(SamplesParameter, self).checkValueIsAcceptable(item, context) for item in value)
        return super().checkValueIsAcceptable(value, context)


def sample_sources(
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback | None = None,
) -> list[QgsProcessingFeatureSource]:
    """Return the layers that SAMPLES and EXTRA_SAMPLES mean, in their order.

    Args:
        parameters: Of the run.
        context: Of the run.
        feedback: Is told which layers are read; None tells nobody.

    Raises:
        ParameterError: There is no such layer, it has no CRS, or its file has several layers.
    """
    return [source_of(value, context, feedback) for value in sample_values(parameters)]


def sample_values(parameters: dict[str, Any]) -> list[Any]:
    """Return the values of SAMPLES and EXTRA_SAMPLES, one a layer."""
    values = [item for name in (SAMPLES, EXTRA_SAMPLES) for item in flattened(parameters.get(name))]
    return [item for item in values if value_text(item)]


def check_sample_fields(
    algorithm: QgsProcessingAlgorithm,
    sources: Sequence[QgsProcessingFeatureSource],
    parameters: dict[str, Any],
    context: QgsProcessingContext,
) -> None:
    """Refuse fields that some layer does not have.

    Raises:
        ParameterError: No class field was given.
        SampleError: The sentence lists the fields that there are.
    """
    # parameterAsString and not parameterAsFields: a field that does not exist must be named.
    fields = [algorithm.parameterAsString(parameters, name, context) for name in _FIELDS]
    if not fields[0]:
        raise ParameterError(
            "No class field was given",
            where=CLASS_FIELD,
            advice="Choose one of: {fields}.",
            fields=", ".join(sources[0].fields().names()),
        )
    for source in sources:
        for field in filter(None, fields):
            check_field(source, field)


def check_labels(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> None:
    """Refuse labels that cannot be read: SAMPLES and EXTRA_SAMPLES with their fields, and LABELS.

    Raises:
        ParameterError: There are no labels, or no class field.
        RasterError: The label raster cannot be read, or has no CRS.
        SampleError: A field does not exist.
    """
    has_labels, sources = is_given(parameters, "LABELS"), sample_sources(parameters, context)
    if not sources and not has_labels:
        raise ParameterError(
            "No labels were given",
            where="SAMPLES, LABELS",
            advice="Give polygons or points (SAMPLES), a label raster (LABELS), or both.",
        )
    if has_labels:
        labels = raster_parameter(algorithm, "LABELS", parameters, context)
        raster_source(labels)
        check_crs(labels)
    if sources:
        check_sample_fields(algorithm, sources, parameters, context)


def write_samples(
    sources: Sequence[QgsProcessingFeatureSource],
    crs: QgsCoordinateReferenceSystem,
    fields: tuple[str, str, str],
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
    weight_field: str = "",
    skip_training: bool = False,
) -> Path:
    """Write labelled polygons and points in ``crs`` into Processing's temporary folder.

    Features without class, geometry or area are skipped and counted in the log. Of a layer that is
    a sample design that was written out, clusters and weights are kept; other layers add to it. Of
    several designs they are not, for clusters of one number would be taken for one.

    Args:
        sources: The layers.
        crs: Of the raster.
        fields: That hold the class, its name and the split; the latter two may be empty.
        context: Of the run.
        feedback: Of the run.
        weight_field: That holds how much each stands for, or empty.
        skip_training: Whether features are skipped whose field ``split`` says that a model was, or
            shall be, trained with them.

    Raises:
        SampleError: A class is neither number nor text, a weight is not a number, or no feature is left.
        ParameterError: A geometry cannot be reprojected.
        RunCancelled: The user cancelled.
    """
    class_field, name_field, split_field = fields
    designs = [source for source in sources if set(source.fields().names()) >= _DESIGN]
    is_design = len(designs) == 1
    if is_design:
        name = designs[0].sourceName()
        feedback.pushInfo(
            translated_message(
                Text("{layer} is a sample design: its clusters and weights are kept.", layer=name)
            )
        )

    def describe(
        source: QgsProcessingFeatureSource, feature: QgsFeature, number: int
    ) -> dict[str, Any] | str | None:
        if skip_training and SPLIT in source.fields().names() and _is_of_training(feature[SPLIT]):
            return Text("was used in training, as its field split says")
        value = _class_value(feature[class_field], class_field, source.sourceName())
        if value is None:
            return None
        record = {
            "class": value,
            "name": _text(feature[name_field]) if name_field else None,
            # Behind all clusters of a design, to which a point may have been added.
            "group": number + (_MANY if is_design else 0),
        }
        if split_field:
            record["split"] = _text(feature[split_field])
        if is_design and source is designs[0]:
            if not is_null(feature[CLUSTER]):
                record["group"] = feature[CLUSTER]
            if not is_null(feature[WEIGHT]):
                record["weight"] = feature[WEIGHT]
        if weight_field and not is_null(feature[weight_field]):
            record["weight"] = _number(feature[weight_field], weight_field, source.sourceName())
        return record

    return write_features(sources, crs, (POLYGON, POINT), describe, context, feedback)


def _number(value: Any, field: str, layer: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise SampleError(
            "The weight {value!r} in the field {field!r} is not a number",
            where=layer,
            advice="Choose a field with numbers.",
            value=value,
            field=field,
        ) from error


def _is_of_training(value: Any) -> bool:
    """Return whether a model saw a sample; with folds there is a word for each of them."""
    return not is_null(value) and bool(_OF_TRAINING & set(str(value).lower().split()))


def _text(value: Any) -> str | None:
    if is_null(value):
        return None
    value = plain_value(value)
    # 3.0 of a real field is the fold 3.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _class_value(value: Any, field: str, layer: str) -> int | str | None:
    if is_null(value) or value == "":
        return None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, (bool, int)):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if plain_value(value) is not value:
        raise SampleError(
            "The field {field!r} holds dates, such as {value}, and not classes",
            where=layer,
            advice="Choose a field with whole numbers or names.",
            value=plain_value(value),
            field=field,
        )
    raise SampleError(
        "The class {value!r} in the field {field!r} is neither a whole number nor text",
        where=layer,
        advice="Choose a field with whole numbers or names.",
        value=value,
        field=field,
    )
