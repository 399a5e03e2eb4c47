"""Reference of an assessment: points, polygons or a raster, and its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterNumber,
    QgsProcessingParameters,
    QgsProcessingParameterString,
    QgsRasterLayer,
)

from ...core.assessment.drawn_sample import DrawnSample
from ...core.errors import ParameterError
from ...core.options import AUTO, BY_MAP, DESIGNS, check_design
from ..i18n.translation import tr
from ..layers.acatama import label_field, mapped_field
from ..layers.drawn_points import CLASS, STRATUM, drawn_sample
from ..layers.rasters import check_crs, raster_source
from ..layers.samples import CLASS_FIELD, write_samples
from ..layers.vectors import check_field, one_layer, source_of
from .common import (
    Described,
    choice_parameter,
    is_given,
    titled,
    value_text,
    with_fields_of,
    without_first_layer,
)

REFERENCE, DESIGN = "REFERENCE", "DESIGN"
STRATUM_FIELD, STRATA_AREAS, WEIGHT_FIELD = "STRATUM_FIELD", "STRATA_AREAS", "WEIGHT_FIELD"
_BLOCK_HELP = (
    "Side of the square blocks that count as independent in the intervals, for a reference raster and for "
    "points without a sampling design. 0 takes the distance over which reference classes are correlated."
)


class ReferenceParameter(QgsProcessingParameterMapLayer):
    """A vector or raster layer; scripts and models may also give the selected features of one."""

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:
        if isinstance(value, QgsProcessingFeatureSourceDefinition):
            return True
        return super().checkValueIsAcceptable(value, context)


class Reference(NamedTuple):
    """Reference as the worker reads it: a file of features or a raster. The other one is None.

    ``skipped`` features are not in the file.
    ``sample`` is the record of points that ‘Sampling design’ drew, of which ``unlabelled`` have no class.
    """

    features: str | None
    raster: Any
    name: str
    skipped: int = 0
    sample: DrawnSample | None = None
    unlabelled: int = 0


def reference_parameters(optional: bool = False) -> list[Described]:
    """Return REFERENCE and CLASS_FIELD."""
    return [
        Described(
            # QGIS would take the first layer, which is often the map itself.
            without_first_layer(
                ReferenceParameter(
                    REFERENCE,
                    tr("Reference layer"),
                    None,
                    optional,
                    [
                        QgsProcessing.SourceType.TypeVectorPoint,
                        QgsProcessing.SourceType.TypeVectorPolygon,
                        QgsProcessing.SourceType.TypeRaster,
                    ],
                )
            ),
            "Points or polygons with a class field, or a raster of class values, that are independent of the "
            "training samples. Any coordinate reference system is allowed.",
            details="A raster on another grid is compared by the nearest pixel. Features whose field "
            "<code>split</code> is train, suggested, validation or calibration, as in the samples of a "
            "training, are left out. The map itself is refused. The report counts the reference pixels that "
            "the model of the map was trained with.",
        ),
        Described(
            field_parameter(CLASS_FIELD, tr("Class field")),
            "Field of the points or polygons with the true class: class values or class names of the map. It "
            "may be empty for a raster, points of <b>Sampling design</b> and labels of AcATaMa.",
            details="Upper and lower case and blanks make no difference in names. For points of <b>Sampling "
            "design</b> the field is <code>class</code>, for those of AcATaMa <i>Is labeled as</i>.",
        ),
    ]


def field_parameter(name: str, title: str) -> QgsProcessingParameterDefinition:
    """Return a parameter for the name of a field of REFERENCE.

    It is text with a list of our own, for QGIS 3.40 crashes when the layer above its list of fields is a
    raster (QgsProcessingFieldWidgetWrapper::setParentLayerWrapperValue).
    """
    return with_fields_of(REFERENCE, QgsProcessingParameterString(name, title, optional=True))


def design_parameters() -> list[Described]:
    """Return DESIGN and what it needs."""
    return [
        Described(
            choice_parameter(DESIGN, tr("Sampling design"), DESIGNS, AUTO),
            "How the reference points were drawn. <code>auto</code>: as recorded by <b>Sampling design</b>, "
            "else none; <code>none</code>: not at random; <code>simple</code>: simple random sample; "
            "<code>stratified_by_map</code>: at random within the classes of this map; "
            "<code>stratified_other</code>: at random within other strata; <code>weights</code>: any "
            "probability sample with weights.",
            details="The design determines which estimates are possible: with <code>none</code> no areas are "
            "estimated. The estimators are those of Olofsson et al. (2014) for "
            "<code>stratified_by_map</code> and of Stehman (2014) for <code>stratified_other</code>, whose "
            "strata are for example the classes of an older map. <code>stratified_other</code> needs "
            "STRATUM_FIELD and STRATA_AREAS; <code>weights</code> needs WEIGHT_FIELD. The log and the report "
            "say which estimator is used and why.",
        ),
        Described(
            field_parameter(STRATUM_FIELD, tr("Stratum field")),
            "Field with the stratum of each point, for stratified_other.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterString(STRATA_AREAS, tr("Stratum areas"), optional=True),
            "Area of each stratum, for stratified_other, in one unit without thousands separators, such as "
            "<code>lowland=40000, upland=30000</code>. Only the proportions count.",
            advanced=True,
            details="Give the whole area in which points were drawn, including parts without a class in this "
            "map, and all points. Areas in the result add up to the area of the map.",
        ),
        Described(
            field_parameter(WEIGHT_FIELD, tr("Weight field")),
            "Field with the weight of each point, for weights: the area of its pixel divided by its "
            "inclusion probability. Only the proportions count.",
            advanced=True,
        ),
    ]


def block_parameter(details: str = "") -> Described:
    """Return BLOCK_SIZE of a reference, with what the reference pages say besides its help."""
    parameter = QgsProcessingParameterNumber(
        "BLOCK_SIZE",
        tr("Block size (pixels)"),
        Qgis.ProcessingNumberParameterType.Integer,
        0,
    )
    parameter.setMinimum(0)
    return Described(titled(parameter, has_automatic=True), _BLOCK_HELP, advanced=True, details=details)


def check_reference(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> None:
    """Refuse a reference that cannot be read, fields that it lacks, and a design without what it needs.

    Raises:
        ParameterError: There is no such layer, or a field is missing.
        RasterError: The worker cannot open the raster.
        SampleError: There is no such field.
    """
    fields = _given_fields(algorithm, parameters, context, (CLASS_FIELD, STRATUM_FIELD, WEIGHT_FIELD))
    if algorithm.parameterDefinition(DESIGN):
        design = algorithm.parameterAsString(parameters, DESIGN, context)
        areas = algorithm.parameterAsString(parameters, STRATA_AREAS, context)
        check_design(design, fields[1], areas, fields[2])
    raster = reference_raster(algorithm, parameters, context)
    if raster is not None:
        raster_source(raster)
        check_crs(raster)
        return
    source = source_of(parameters.get(REFERENCE), context)
    if not fields[0] and _recognised(algorithm, source, parameters, context) is not None:
        fields[0] = CLASS
    fields[0] = fields[0] or label_field(source.fields().names())
    if not fields[0]:
        raise ParameterError(
            "No class field was given",
            where=CLASS_FIELD,
            advice="Choose one of: {fields}.",
            fields=", ".join(source.fields().names()),
        )
    for field in filter(None, fields):
        check_field(source, field)


def reference_raster(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> QgsRasterLayer | None:
    """Return the reference where it is a raster."""
    if not is_given(parameters, REFERENCE):
        raise ParameterError(
            "No reference was given", where=REFERENCE, advice="Choose points, polygons or a raster."
        )
    if isinstance(parameters[REFERENCE], QgsProcessingFeatureSourceDefinition):
        return None
    kinds = (Qgis.LayerType.Vector, Qgis.LayerType.Raster)
    one_layer(parameters[REFERENCE], kinds, context)
    layer = algorithm.parameterAsLayer(parameters, REFERENCE, context)
    if layer is None or not layer.isValid():
        raise ParameterError(
            "There is no such reference layer",
            where=value_text(parameters[REFERENCE]),
            advice="Check the path, or choose another layer.",
        )
    return layer if isinstance(layer, QgsRasterLayer) else None


def write_reference(
    algorithm: QgsProcessingAlgorithm,
    crs: QgsCoordinateReferenceSystem,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> Reference:
    """Return where the worker finds the reference; features are written for it in ``crs``.

    Raises:
        SampleError: No feature can be used.
        ParameterError: A geometry cannot be reprojected.
        RunCancelled: The user cancelled.
    """
    raster = reference_raster(algorithm, parameters, context)
    if raster is not None:
        return Reference(None, raster_source(raster, feedback), raster.name())
    source = source_of(parameters[REFERENCE], context, feedback)
    names = _given_fields(algorithm, parameters, context, (CLASS_FIELD, STRATUM_FIELD, WEIGHT_FIELD, DESIGN))
    sample = _recognised(algorithm, source, parameters, context)
    names[0] = names[0] or label_field(source.fields().names()) or CLASS
    mapped = STRATUM if STRATUM in source.fields().names() else mapped_field(source.fields().names())
    if names[3] == AUTO and sample is not None:
        names[1] = STRATUM
    elif names[3] == BY_MAP and not names[1]:
        # So that points which were drawn for another map are noticed.
        names[1] = mapped
    path: Path = write_samples(
        [source], crs, (names[0], "", names[1]), context, feedback, weight_field=names[2], skip_training=True
    )
    with path.open(encoding="utf-8") as lines:
        written = sum(1 for _line in lines)
    # Points that were deleted, or not selected, miss as well. A source that does not know how many it has
    # says -1.
    count = source.featureCount()
    unlabelled = max(sample.points - written, 0) if sample is not None else 0
    skipped = max(count - written - unlabelled, 0)
    return Reference(str(path), None, source.sourceName(), skipped, sample, unlabelled)


def _given_fields(
    algorithm: QgsProcessingAlgorithm,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    names: Sequence[str],
) -> list[str]:
    """Return the text of some parameters; empty for those that the algorithm has not."""
    return [
        algorithm.parameterAsString(parameters, name, context) if algorithm.parameterDefinition(name) else ""
        for name in names
    ]


def _recognised(
    algorithm: QgsProcessingAlgorithm,
    source: QgsProcessingFeatureSource,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
) -> DrawnSample | None:
    """Return the record of points that ‘Sampling design’ drew; None for another reference."""
    value = parameters[REFERENCE]
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        value = value.source
    layer = QgsProcessingParameters.parameterAsVectorLayer(
        algorithm.parameterDefinition(REFERENCE), {REFERENCE: value}, context
    )
    return drawn_sample(source, layer)
