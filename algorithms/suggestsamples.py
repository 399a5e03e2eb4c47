"""Suggest which places to label next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingUtils,
)
from qgis.PyQt.QtCore import QMetaType

from ..core.classes import Label, LandCoverClass, describe_classes, name_key
from ..core.errors import ParameterError
from ..core.marks import SUGGESTED_POINTS
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .layers.label_forms import offer_classes
from .layers.loading import LayerToLoad, load_on_completion, subject
from .layers.point_files import PointKind
from .layers.points import write_point_layer
from .layers.rasters import (
    check_crs,
    check_extra_inputs,
    extra_inputs,
    raster_parameter,
    raster_source,
)
from .layers.samples import (
    CLASS_FIELD,
    NAME_FIELD,
    SAMPLES,
    SamplesParameter,
    check_sample_fields,
    sample_sources,
    sample_values,
    write_samples,
)
from .parameters.common import (
    BAND_NAMES_DETAILS,
    BAND_NAMES_HELP,
    EXTRA_INPUTS_DETAILS,
    EXTRA_INPUTS_HELP,
    MODEL_HELP,
    RESAMPLING_DETAILS,
    RESAMPLING_HELP,
    band_names_parameter,
    extra_inputs_parameter,
    model_definition,
    model_parameter,
    resampling_parameter,
)
from .parameters.compute import DEVICE_DETAILS, DEVICE_HELP, chosen_device, device_parameter

if TYPE_CHECKING:
    from ..core.requests.suggest import SuggestRequest

OUTPUT, _USUAL_FIELD = "OUTPUT", "class"
_INTEGER, _REAL, _TEXT = QMetaType.Type.Int, QMetaType.Type.Double, QMetaType.Type.QString
# Behind the class field and the name field, which are called as those of the samples.
_FIELDS = (
    ("rank", _INTEGER),
    ("predicted", _INTEGER),
    ("predicted_name", _TEXT),
    ("margin", _REAL),
    ("dissimilarity", _REAL),
    ("split", _TEXT),
)
_WHOLE, _DECIMAL = Qgis.ProcessingNumberParameterType.Integer, Qgis.ProcessingNumberParameterType.Double


class SuggestSamples(LandCoverAlgorithm):
    """A raster, a model and its samples to the points that are worth labelling next."""

    ID = "suggestsamples"
    TITLE = "Suggest samples"
    SUMMARY = (
        "Suggests points to label next, where the model is uncertain and samples of the kind are missing."
    )
    GROUP = "Models"
    TAGS = ("active learning", "samples", "labelling", "uncertainty", "training data")
    HELP = (
        "<p>Suggests points whose labels would improve a model most, for another round of training.</p>"
        "<p><b>Inputs.</b> The raster, a model of <b>Train a land-cover model</b>, and the samples that it "
        "was trained with. Some 30,000 random pixels are the candidates. A candidate is scored by the margin "
        "between its two most probable classes and by its distance, in the features of the model, from all "
        "samples and from the points chosen before it. Half of the points are divided equally among the "
        "predicted classes, so that rare classes are represented. All points keep MIN_DISTANCE from samples "
        "and from each other.</p>"
        "<p><b>Outputs.</b> Points with an empty class field whose form lists the classes of the model. "
        "Compare each point with an image or a field visit and choose the class, best in the dock "
        "<b>Label reference points</b>. Then train again with these points in EXTRA_SAMPLES besides the "
        "old samples. The points lie where the model is weakest, so an accuracy that is computed from "
        "them is wrong. Their field <code>split</code> is <i>suggested</i>. With OUTPUT_SAMPLES of the "
        "first training as SAMPLES, CLASS_FIELD=value, SPLIT=field and SPLIT_FIELD=split, they are used "
        "for training only and do not count in the class proportions to which probabilities are "
        "calibrated. For an accuracy estimate draw points with <b>Sampling design</b>.</p>"
        "<p><b>Typical values.</b> 50 to 200 points per round, and the side of a patch as distance.</p>"
        "<p><b>Run time.</b> That of classifying 30,000 pixels: 16 seconds on the demo scene with ResNet50, "
        "patches of 16 pixels and the start of QGIS, on two cores of an AMD EPYC.</p>"
        "<p><b>Common errors.</b> <i>The raster's bands are not those of the model</i>: choose the raster "
        "that it was trained on. Fewer points than COUNT: the samples are too dense; reduce MIN_DISTANCE.</p>"
    )

    def __init__(self) -> None:
        super().__init__()
        self.crs = QgsCoordinateReferenceSystem()
        self.field, self.name_field, self.is_text = _USUAL_FIELD, "", False

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterRasterLayer("INPUT", tr("Raster")),
            "A multi-band raster with the bands that the model was trained on.",
        )
        self.add(extra_inputs_parameter(), EXTRA_INPUTS_HELP, details=EXTRA_INPUTS_DETAILS)
        self.add(model_definition(), MODEL_HELP)
        kinds = [
            int(Qgis.ProcessingSourceType.VectorPolygon.value),
            int(Qgis.ProcessingSourceType.VectorPoint.value),
        ]
        self.add(
            SamplesParameter(SAMPLES, tr("Existing samples"), kinds, optional=True),
            "Labelled polygons or points of the training. New points keep MIN_DISTANCE from them.",
        )
        self.add(
            QgsProcessingParameterField(
                CLASS_FIELD, tr("Class field"), parentLayerParameterName=SAMPLES, optional=True
            ),
            "Field of the samples with the class. The points get a field of the same name and type, so that "
            "both can be used together in training.",
        )
        self.add(
            QgsProcessingParameterField(
                NAME_FIELD, tr("Class name field"), parentLayerParameterName=SAMPLES, optional=True
            ),
            "Field of the samples with the class name, where training uses one. The points get an empty "
            "field of the same name.",
        )
        self.add(
            QgsProcessingParameterNumber("COUNT", tr("Number of points"), _WHOLE, 100, minValue=1),
            "Number of points to suggest; 50 to 200 per round are usual.",
        )
        self.add(
            QgsProcessingParameterNumber(
                "MIN_DISTANCE", tr("Minimum distance (pixels)"), _DECIMAL, 10, minValue=0
            ),
            "Minimum distance of a point from the samples and from other points. The side of a patch or "
            "neighbourhood is usual.",
        )
        self.add(
            QgsProcessingParameterNumber("SEED", tr("Random seed"), _WHOLE, 0, minValue=0),
            "A whole number, without unit. The same seed draws the same candidate pixels.",
            advanced=True,
        )
        self.add(band_names_parameter(), BAND_NAMES_HELP, advanced=True, details=BAND_NAMES_DETAILS)
        self.add(resampling_parameter(), RESAMPLING_HELP, advanced=True, details=RESAMPLING_DETAILS)
        self.add(device_parameter(), DEVICE_HELP, advanced=True, details=DEVICE_DETAILS)
        self.add(
            QgsProcessingParameterFeatureSink(
                OUTPUT, tr("Suggested points"), Qgis.ProcessingSourceType.VectorPoint
            ),
            "Points to label, the most useful first, with an empty class field. They lie where the model is "
            "weakest, so they give no valid accuracy.",
            details="Fields: <code>rank</code>; <code>predicted</code> and <code>predicted_name</code>, the "
            "class of the model; <code>margin</code> of its probability over the second class; "
            "<code>dissimilarity</code> to the training samples; <code>split</code>, which is "
            "<i>suggested</i>.",
        )
        self.add_overwrite()
        self.addOutput(QgsProcessingOutputNumber("POINTS", tr("Number of points")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        from ..core.models.card import read_card

        raster = raster_parameter(self, "INPUT", parameters, context)
        raster_source(raster)
        check_crs(raster)
        check_extra_inputs(self, parameters, context)
        card = read_card(model_parameter(self, parameters, context))
        sources = sample_sources(parameters, context)
        if sources:
            check_sample_fields(self, sources, parameters, context)
            field = self.parameterAsString(parameters, CLASS_FIELD, context)
            if sources[0].fields().field(field).type() == _TEXT:
                _check_names(card.classes, field)

    def point_outputs(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> dict[str, PointKind]:
        label, name = _USUAL_FIELD, ""
        if sample_values(parameters):
            label, name = (
                self.parameterAsString(parameters, field, context) for field in (CLASS_FIELD, NAME_FIELD)
            )
        fields = (label, *((name,) if name else ()), *(field for field, _type in _FIELDS))
        return {OUTPUT: PointKind(SUGGESTED_POINTS, fields, label)}

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> SuggestRequest:
        from ..core.requests.common import RasterInputs
        from ..core.requests.suggest import SuggestRequest

        raster = raster_parameter(self, "INPUT", parameters, context)
        self.crs = raster.crs()
        sources, samples = sample_sources(parameters, context, feedback), None
        if sources:
            self.field = self.parameterAsString(parameters, CLASS_FIELD, context)
            self.name_field = self.parameterAsString(parameters, NAME_FIELD, context)
            self.is_text = sources[0].fields().field(self.field).type() == _TEXT
            samples = str(write_samples(sources, self.crs, (self.field, "", ""), context, feedback))
            self.files[samples] = ", ".join(source.sourceName() for source in sources)
        return SuggestRequest(
            inputs=RasterInputs(
                raster=raster_source(raster, feedback),
                extra=tuple(raster_source(item, feedback) for item in extra_inputs(parameters, context)),
                resampling=self.parameterAsString(parameters, "RESAMPLING", context),
                band_names=self.parameterAsString(parameters, "BAND_NAMES", context),
            ),
            model=str(model_parameter(self, parameters, context)),
            records=QgsProcessingUtils.generateTempFilename("suggestions.jsonl", context),
            samples=samples,
            count=self.parameterAsInt(parameters, "COUNT", context),
            min_distance=self.parameterAsDouble(parameters, "MIN_DISTANCE", context),
            seed=self.parameterAsInt(parameters, "SEED", context),
            device=chosen_device(self, parameters, context),
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        records = Path(self.request.records)
        fields = (
            (self.field, _TEXT if self.is_text else _INTEGER),
            *(((self.name_field, _TEXT),) if self.name_field else ()),
            *_FIELDS,
        )
        try:
            result = self.run_task("suggest", self.request, feedback)
            name = write_point_layer(
                self,
                OUTPUT,
                SUGGESTED_POINTS,
                fields,
                records,
                self.crs,
                parameters,
                context,
                result["origin"],
            )
        finally:
            records.unlink(missing_ok=True)
        offer_classes(name, self.field, result["classes"], context, feedback, self.is_text)
        raster, model = self.request.inputs.raster, self.request.model
        about = subject(context, (raster.title, raster.path), (Path(model).stem, model))
        load_on_completion(
            self, context, about, [LayerToLoad(OUTPUT, name, tr("Suggested points"), is_main=True)]
        )
        return self.finish({OUTPUT: name, "POINTS": result["points"]}, feedback)


def _check_names(classes: Sequence[LandCoverClass], field: str) -> None:
    """Reject a field of names where a name stands for several classes of the model.

    Raises:
        ParameterError: Two classes have the same name.
    """
    by_name: dict[Label, list[LandCoverClass]] = {}
    for item in classes:
        by_name.setdefault(name_key(item.name), []).append(item)
    for items in by_name.values():
        if len(items) > 1:
            raise ParameterError(
                "The field {field!r} holds class names, and several classes of the model have the same name: "
                "{classes}",
                where=CLASS_FIELD,
                advice="Choose the field with the class values.",
                field=field,
                classes=describe_classes(items),
            )
