"""Draw reference points for a map."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProcessingUtils,
)
from qgis.PyQt.QtCore import QMetaType

from ..core.assessment.drawn_sample import MARK
from ..core.errors import ParameterError
from ..core.marks import REFERENCE_POINTS
from ..core.options import ALLOCATIONS, parse_expected
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .layers.label_forms import offer_classes
from .layers.loading import LayerToLoad, load_on_completion, subject
from .layers.point_files import PointKind
from .layers.points import write_point_layer
from .layers.rasters import check_crs, raster_parameter, raster_source
from .parameters.common import choice_parameter, titled

if TYPE_CHECKING:
    from ..core.requests.samplingdesign import SamplingDesignRequest

SIZE, TARGET_ERROR, OUTPUT = "SIZE", "TARGET_ERROR", "OUTPUT"
_INTEGER, _REAL, _TEXT = QMetaType.Type.Int, QMetaType.Type.Double, QMetaType.Type.QString
_FIELDS = (
    ("id", _INTEGER),
    ("class", _INTEGER),
    ("confidence", _TEXT),
    ("note", _TEXT),
    ("stratum", _INTEGER),
    ("stratum_name", _TEXT),
    ("stratum_ha", _REAL),
    ("inclusion", _REAL),
    ("weight", _REAL),
)
_WHOLE, _DECIMAL = Qgis.ProcessingNumberParameterType.Integer, Qgis.ProcessingNumberParameterType.Double


class SamplingDesign(LandCoverAlgorithm):
    """A class map to stratified random points that are to be labelled."""

    ID = "samplingdesign"
    TITLE = "Sampling design"
    SUMMARY = "Draws stratified random points of a class map, to be labelled as reference."
    GROUP = "Accuracy"
    TAGS = ("sampling", "stratified", "random points", "sample size", "reference", "validation", "neyman")
    HELP = (
        "<p>Draws random points within each class of a map, for an estimate of its accuracy and of the areas "
        "of its classes.</p>"
        "<p><b>Inputs.</b> Any raster of class values, and either a number of points or a target standard "
        "error of the overall accuracy with the expected user’s accuracies. The number of points then "
        "follows from the allocation (Cochran 1977; for optimal allocation as in Olofsson et al. 2014).</p>"
        "<p><b>Outputs.</b> Points at the centres of pixels in random order, each with its stratum (the "
        "class of the map), the area of the stratum, its inclusion probability and its weight (the hectares "
        "that it represents). Label them in the empty field <code>class</code>, best in the dock <b>Label "
        "reference points</b>. Dock and form are blind: they show neither stratum nor prediction, and the "
        "map is switched off. <code>confidence</code> and "
        "<code>note</code> are for your remarks. Then run <b>Assess accuracy and area</b> with its defaults; "
        "it recognises the points, for this map and for other maps of the same area.</p>"
        "<p><b>Typical values.</b> A target of 0.02 and at least 50 points per class. Optimal allocation "
        "where the classes differ much in accuracy.</p>"
        "<p><b>Run time.</b> The map is read twice. The demo scene took 1.6 seconds with the start of QGIS, "
        "on two cores of an AMD EPYC.</p>"
        "<p><b>Common errors.</b> <i>The raster holds … different values and no class names, so it is not a "
        "class map</i>, or <i>… it is an image</i>: an image or probabilities were given. <i>Neither a "
        "number of points nor a target error was given</i>: give one of them. <i>The raster has no "
        "coordinate reference system</i>: assign one, because areas need it. <i>The layer … has … labelled "
        "points</i>: choose another output, or set OVERWRITE to replace the labels.</p>"
    )

    def __init__(self) -> None:
        super().__init__()
        self.crs = QgsCoordinateReferenceSystem()

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterRasterLayer("INPUT", tr("Map")),
            "A raster of class values; its classes are the strata.",
        )
        size = QgsProcessingParameterNumber(SIZE, tr("Number of points"), _WHOLE, optional=True)
        size.setMinimum(0)
        self.add(
            titled(size, has_automatic=True),
            "Number of points over all classes; some hundreds are usual. 0 or empty: as many as TARGET_ERROR "
            "requires.",
        )
        target = QgsProcessingParameterNumber(TARGET_ERROR, tr("Target standard error"), _DECIMAL, 0.02)
        target.setMinimum(0.0)
        target.setMaximum(0.5)
        self.add(
            target,
            "Standard error of the overall accuracy to plan for, as a fraction; not used where SIZE is "
            "given. 0.02 gives a 95 % interval of about ± 4 % and needs some 400 points.",
            details="The 400 points are those of a map that is expected to be right in 80 % of its area. "
            "0.01 needs four times as many. Points that MIN_PER_CLASS moves to small classes increase the "
            "standard error; the log gives the expected one.",
        )
        self.add(
            choice_parameter("ALLOCATION", tr("Allocation"), ALLOCATIONS),
            "Allocation of the points to the classes. <code>proportional</code>: to the mapped area; "
            "<code>equal</code>; <code>optimal</code> (Neyman): to the area and the expected error of a "
            "class.",
        )
        least = QgsProcessingParameterNumber("MIN_PER_CLASS", tr("Minimum points per class"), _WHOLE, 50)
        least.setMinimum(0)
        self.add(
            least,
            "Minimum number of points of a class; 50 is usual. A class with fewer pixels gets all of them.",
            details="The points are taken from the other classes, or added where that is not enough.",
        )
        self.add(
            QgsProcessingParameterString(
                "EXPECTED_ACCURACY", tr("Expected user’s accuracies"), "0.8", optional=True
            ),
            "Expected user’s accuracies, 0 to 1: one for all classes, such as <code>0.8</code>, or by name "
            "or value, such as <code>Water=0.95, 5=0.7, 0.8</code>. A value without a name is that of all "
            "other classes.",
            advanced=True,
        )
        seed = QgsProcessingParameterNumber("SEED", tr("Random seed"), _WHOLE, 0)
        seed.setMinimum(0)
        self.add(
            seed,
            "A whole number, without unit. The same seed draws the same points.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                OUTPUT, tr("Reference points"), Qgis.ProcessingSourceType.VectorPoint
            ),
            "Points with the empty fields class, confidence and note to fill in. The form hides the other "
            "fields: stratum, stratum_name, stratum_ha, inclusion and weight.",
        )
        self.add_overwrite()
        self.addOutput(QgsProcessingOutputNumber("POINTS", tr("Number of points")))
        self.addOutput(QgsProcessingOutputNumber("EXPECTED_ERROR", tr("Expected standard error")))
        self.addOutput(QgsProcessingOutputString("STRATA_AREAS", tr("Stratum areas (ha)")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        raster = raster_parameter(self, "INPUT", parameters, context)
        raster_source(raster)
        check_crs(raster)
        parse_expected(self.parameterAsString(parameters, "EXPECTED_ACCURACY", context))
        is_sized = self.parameterAsInt(parameters, SIZE, context) > 0
        if not is_sized and not self.parameterAsDouble(parameters, TARGET_ERROR, context) > 0:
            raise ParameterError(
                "Neither a number of points nor a target error was given",
                where=f"{SIZE}, {TARGET_ERROR}",
                advice="Give one of them.",
            )

    def point_outputs(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> dict[str, PointKind]:
        return {OUTPUT: PointKind(REFERENCE_POINTS, tuple(name for name, _type in _FIELDS), "class")}

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> SamplingDesignRequest:
        from ..core.requests.samplingdesign import SamplingDesignRequest

        raster = raster_parameter(self, "INPUT", parameters, context)
        self.crs = raster.crs()
        records = QgsProcessingUtils.generateTempFilename("points.jsonl", context)
        return SamplingDesignRequest(
            input=raster_source(raster, feedback),
            records=records,
            size=self.parameterAsInt(parameters, SIZE, context),
            target_error=self.parameterAsDouble(parameters, TARGET_ERROR, context),
            expected=self.parameterAsString(parameters, "EXPECTED_ACCURACY", context),
            allocation=self.parameterAsString(parameters, "ALLOCATION", context),
            min_per_class=self.parameterAsInt(parameters, "MIN_PER_CLASS", context),
            seed=self.parameterAsInt(parameters, "SEED", context),
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        records = Path(self.request.records)
        try:
            result = self.run_task("samplingdesign", self.request, feedback)
            items = {**result["origin"], MARK: result["sample"]}
            layer = write_point_layer(
                self, OUTPUT, REFERENCE_POINTS, _FIELDS, records, self.crs, parameters, context, items
            )
        finally:
            records.unlink(missing_ok=True)
        offer_classes(layer, "class", result["classes"], context, feedback, is_blind=True)
        raster = self.request.input
        about = subject(context, (raster.title, raster.path))
        points = LayerToLoad(OUTPUT, layer, tr("Reference points"), is_main=True, hides=raster.path)
        load_on_completion(self, context, about, [points])
        return self.finish(
            {
                OUTPUT: layer,
                "POINTS": result["points"],
                "EXPECTED_ERROR": result["expected_error"],
                "STRATA_AREAS": result["strata_areas"],
            },
            feedback,
        )
