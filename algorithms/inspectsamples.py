"""Inspect samples: are they fit to train on?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingUtils,
)
from qgis.PyQt.QtCore import QMetaType

from ..core.errors import ParameterError
from ..core.files import PAGE_SUFFIXES
from ..core.marks import SUSPICIOUS_LABELS, report_kind
from ..core.options import parse_nodata_values, parse_unlabelled
from .base import LandCoverAlgorithm
from .i18n.translation import tr
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
from .layers.run_context import sources_of
from .layers.samples import (
    CLASS_FIELD,
    EXTRA_SAMPLES,
    NAME_FIELD,
    SAMPLES,
    SPLIT_FIELD,
    check_labels,
    sample_sources,
    write_samples,
)
from .layers.schemes import own_scheme
from .parameters.common import (
    BAND_NAMES_DETAILS,
    BAND_NAMES_HELP,
    BAND_ROLES_HELP,
    BANDS_DETAILS,
    BANDS_HELP,
    EXTRA_INPUTS_DETAILS,
    EXTRA_INPUTS_HELP,
    INDICES_DETAILS,
    INDICES_HELP,
    NODATA_VALUES_DETAILS,
    NODATA_VALUES_HELP,
    RESAMPLING_DETAILS,
    RESAMPLING_HELP,
    SCHEME_FILE_DETAILS,
    SCHEME_FILE_HELP,
    band_names_parameter,
    band_roles_parameter,
    bands_parameter,
    choice_parameter,
    chosen_indices,
    extra_inputs_parameter,
    indices_parameter,
    is_given,
    nodata_values_parameter,
    resampling_parameter,
    scheme_file_parameter,
    scheme_parameter,
)
from .parameters.groups import FEATURES, OUTPUT, SAMPLES_AND_SPLIT
from .parameters.report import REPORT, REPORT_FILES, language_parameter, report_parameter, report_path
from .parameters.samples import sample_parameters, split_parameters

if TYPE_CHECKING:
    from ..core.requests.inspectsamples import InspectRequest

SUSPECTS = "SUSPECTS"
_WHOLE = Qgis.ProcessingNumberParameterType.Integer
_INTEGER, _REAL, _TEXT = QMetaType.Type.Int, QMetaType.Type.Double, QMetaType.Type.QString
_FIELDS = (
    ("rank", _INTEGER),
    ("value", _INTEGER),
    ("name", _TEXT),
    ("proposed", _INTEGER),
    ("proposed_name", _TEXT),
    ("probability", _REAL),
    ("proposed_probability", _REAL),
    ("samples", _INTEGER),
    ("checked", _TEXT),
)


class InspectSamples(LandCoverAlgorithm):
    """Labels and a raster, to the labels that look wrong and a report on the samples."""

    ID = "inspectsamples"
    TITLE = "Inspect samples"
    SUMMARY = (
        "Tells whether samples are fit to train on: labels that look wrong, separability, balance, and "
        "whether more samples would help."
    )
    GROUP = "Models"
    TAGS = (
        "samples",
        "training data",
        "label errors",
        "separability",
        "jeffries-matusita",
        "spectral signature",
        "feature importance",
        "learning curve",
        "quality",
    )
    FILES = ((REPORT, report_kind("inspection"), PAGE_SUFFIXES),)
    HELP = (
        "<p>Inspects training samples before a model is trained, or after it disappointed.</p>"
        "<p><b>Inputs.</b> As for <b>Train a land-cover model</b>: a multi-band raster, and polygons, points "
        "or a label raster. Only the values of single pixels are used: the bands, and the indices that you "
        "choose.</p>"
        "<p><b>Outputs.</b> A layer of labels to check, the most suspicious first, and a report. A point "
        "lies in each polygon to whose pixels trees give another class; the trees were grown without this "
        "polygon. Look at each polygon before you change it: rare and mixed classes are in the list although "
        "their labels are right. The field <code>checked</code> is for your notes. The report has the "
        "spectral curves of the classes, their separability (Jeffries-Matusita distance and confusion of "
        "held-out samples), the importance of bands and indices, the balance and spread of the samples, and "
        "a learning curve with what twice as many samples may bring.</p>"
        "<p><b>Typical values.</b> All indices that the bands allow. Check the first tenth of the list, "
        "correct the labels, and inspect again.</p>"
        "<p><b>Run time.</b> That of 15 models for the labels and, for a report, of 65 smaller ones for the "
        "learning curve. With a report: 60 seconds for 718 pixels of 30 polygons with 12 bands and indices, "
        "and 73 seconds for a label raster of 181,755 pixels with 6 bands and 11 indices, of which 5,943 "
        "were used. Both with the start of QGIS, on two cores of an AMD EPYC that others used as well.</p>"
        "<p><b>Common errors.</b> <i>None of the … labelled features lies in the raster</i>: compare both in "
        "QGIS; one has a wrong coordinate reference system. <i>The samples must have at least two "
        "classes</i>: choose another class field. <i>Class … has only one …, which cannot be held "
        "out</i>: nothing can be said of its labels until there is a second one.</p>"
    )

    def __init__(self) -> None:
        super().__init__()
        self.crs = QgsCoordinateReferenceSystem()

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterRasterLayer("INPUT", tr("Training raster")),
            "The multi-band raster that the samples are to train a model on.",
        )
        self.add(extra_inputs_parameter(), EXTRA_INPUTS_HELP, False, EXTRA_INPUTS_DETAILS, FEATURES)
        for described in sample_parameters():
            self.add(*described)
        self.add(
            scheme_parameter(has_automatic=True),
            "A published class scheme with names and colours of the class values. Empty: names from the "
            "layer, and usual colours for these names; a label raster brings its own.",
        )
        self.add(scheme_file_parameter(), SCHEME_FILE_HELP, True, SCHEME_FILE_DETAILS, SAMPLES_AND_SPLIT)
        self.add(indices_parameter(), INDICES_HELP, False, INDICES_DETAILS, FEATURES)
        self.add(bands_parameter(), BANDS_HELP, True, BANDS_DETAILS, FEATURES)
        self.add(band_names_parameter(), BAND_NAMES_HELP, True, BAND_NAMES_DETAILS, FEATURES)
        self.add(band_roles_parameter(), BAND_ROLES_HELP, advanced=True, group=FEATURES)
        self.add(resampling_parameter(), RESAMPLING_HELP, True, RESAMPLING_DETAILS, FEATURES)
        self.add(nodata_values_parameter(), NODATA_VALUES_HELP, True, NODATA_VALUES_DETAILS, FEATURES)
        self.add(
            choice_parameter("SPLIT", tr("Split"), ("auto", "polygons", "blocks", "field")),
            "Units that are held out as a whole: <code>polygons</code>, spatial <code>blocks</code>, or "
            "groups of a <code>field</code> (SPLIT_FIELD). <code>auto</code> uses the field where one is "
            "given, else polygons, else blocks.",
            advanced=True,
            details="Points count as polygons of one pixel, unless many of them lie within 10 pixels of "
            "another one; then <code>auto</code> uses blocks.",
            group=SAMPLES_AND_SPLIT,
        )
        for described in split_parameters():
            name = described.definition.name()
            if name == SPLIT_FIELD:
                self.add(
                    described.definition,
                    "Field of the training layers with groups, such as sites, that are held out as a whole.",
                    advanced=True,
                    group=SAMPLES_AND_SPLIT,
                )
            elif name == "BLOCK_SIZE":
                self.add(
                    described.definition,
                    "Side of a spatial block. 0, which is usual, takes the distance over which labels are "
                    "correlated, at most a sixth of the raster.",
                    advanced=True,
                    details="The pixels of a label raster that have one class and lie in one block are "
                    "judged together.",
                    group=SAMPLES_AND_SPLIT,
                )
        self.add(
            QgsProcessingParameterNumber(
                "MAX_PER_CLASS", tr("Maximum samples per class"), _WHOLE, 1000, False, 0
            ),
            "Maximum number of samples (pixels) of a class that are used; 1,000 is usual, 0 is no limit.",
            advanced=True,
            details="Each polygon of a class gives as many as the others where it has them. Balance and "
            "spread are of all samples.",
            group=SAMPLES_AND_SPLIT,
        )
        self.add(
            QgsProcessingParameterNumber("COUNT", tr("Maximum labels to list"), _WHOLE, 0, False, 0),
            "Maximum number of points in the layer, the most suspicious first. 0, which is usual, lists all "
            "that are in doubt.",
            advanced=True,
            group=OUTPUT,
        )
        self.add(
            QgsProcessingParameterNumber("SEED", tr("Random seed"), _WHOLE, 0, minValue=0),
            "A whole number, without unit. The same seed gives the same list.",
            advanced=True,
            group=SAMPLES_AND_SPLIT,
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                SUSPECTS,
                tr("Labels to check"),
                Qgis.ProcessingSourceType.VectorPoint,
                optional=True,
                createByDefault=True,
            ),
            "A point in each polygon whose label looks wrong, the most suspicious first.",
            details="Fields: <code>rank</code>; <code>value</code> and <code>name</code>, the class of the "
            "label; <code>proposed</code> and <code>proposed_name</code>, the more probable class; "
            "<code>probability</code> and <code>proposed_probability</code>, their mean out-of-fold "
            "probabilities; <code>samples</code>, the pixels that were used; <code>checked</code>, which is "
            "empty, for your notes.",
        )
        self.add(
            report_parameter("Inspection report"),
            "HTML page with curves, separability, suspicious labels, importance, balance and learning curve. "
            "It needs no other file.",
            details=REPORT_FILES,
        )
        self.add(*language_parameter())
        self.add_overwrite()
        self.addOutput(QgsProcessingOutputNumber("SUSPICIOUS", tr("Number of labels to check")))
        self.addOutput(QgsProcessingOutputNumber("UNITS", tr("Number of polygons, points or blocks")))
        self.addOutput(
            QgsProcessingOutputNumber("OVERALL_ACCURACY", tr("Overall accuracy of held-out samples (0 to 1)"))
        )

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        raster = raster_parameter(self, "INPUT", parameters, context)
        raster_source(raster)
        check_crs(raster)
        check_extra_inputs(self, parameters, context)
        check_labels(self, parameters, context)
        if self.parameterAsString(parameters, "SPLIT", context) == "field" and not is_given(
            parameters, SPLIT_FIELD
        ):
            raise ParameterError(
                "SPLIT is field, but no field was given",
                where=SPLIT_FIELD,
                advice="Choose the field of the sample layer, or another SPLIT.",
            )
        if not any(is_given(parameters, name) for name in (SUSPECTS, REPORT)):
            raise ParameterError(
                "No output was given",
                where="SUSPECTS, REPORT",
                advice="Choose a layer of labels to check, a report, or both.",
            )
        own_scheme(self, parameters, context)
        parse_nodata_values(self.parameterAsString(parameters, "NODATA_VALUES", context))
        parse_unlabelled(self.parameterAsString(parameters, "UNLABELLED", context))

    def point_outputs(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> dict[str, PointKind]:
        return {SUSPECTS: PointKind(SUSPICIOUS_LABELS, tuple(name for name, _ in _FIELDS), "checked")}

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> InspectRequest:
        from ..core.requests.common import RasterInputs
        from ..core.requests.inspectsamples import InspectRequest
        from ..core.requests.train import LabelInputs

        def number(name: str) -> int:
            return self.parameterAsInt(parameters, name, context)

        def text(name: str) -> str:
            return self.parameterAsString(parameters, name, context)

        raster = raster_parameter(self, "INPUT", parameters, context)
        self.crs = raster.crs()
        sources, samples, labels, suspects = sample_sources(parameters, context, feedback), None, None, None
        method, split_field = text("SPLIT"), text(SPLIT_FIELD)
        if sources:
            grouped = split_field if method in ("auto", "field") else ""
            fields = text(CLASS_FIELD), text(NAME_FIELD), grouped
            samples = str(write_samples(sources, self.crs, fields, context, feedback))
            self.files[samples] = ", ".join(source.sourceName() for source in sources)
        if is_given(parameters, "LABELS"):
            labels = raster_source(raster_parameter(self, "LABELS", parameters, context), feedback)
        if is_given(parameters, SUSPECTS):
            suspects = QgsProcessingUtils.generateTempFilename("suspects.jsonl", context)
        names = ("SPLIT", "BLOCK_SIZE", "MAX_PER_CLASS", "COUNT", "SEED", "BANDS", "BAND_ROLES")
        return InspectRequest(
            inputs=RasterInputs(
                raster_source(raster, feedback),
                tuple(raster_source(item, feedback) for item in extra_inputs(parameters, context)),
                text("RESAMPLING"),
                text("BAND_NAMES"),
                parse_nodata_values(text("NODATA_VALUES")),
            ),
            labels=LabelInputs(
                samples,
                labels,
                self.parameterAsEnumString(parameters, "SCHEME", context),
                parse_unlabelled(text("UNLABELLED")),
                sources_of(self, (SAMPLES, EXTRA_SAMPLES), parameters, context),
                own_scheme(self, parameters, context),
            ),
            bands=text("BANDS"),
            band_roles=text("BAND_ROLES"),
            indices=chosen_indices(self, parameters, context),
            method=method,
            block_size=number("BLOCK_SIZE"),
            max_per_class=number("MAX_PER_CLASS"),
            count=number("COUNT"),
            seed=number("SEED"),
            suspects=suspects,
            report=report_path(self, parameters, context) if is_given(parameters, REPORT) else None,
            parameters={
                **{name.lower(): text(name) for name in names},
                "indices": ", ".join(chosen_indices(self, parameters, context)),
            },
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        records = Path(self.request.suspects) if self.request.suspects else None
        layer = ""
        try:
            result = self.run_task("inspectsamples", self.request, feedback)
            if records is not None:
                layer = write_point_layer(
                    self,
                    SUSPECTS,
                    SUSPICIOUS_LABELS,
                    _FIELDS,
                    records,
                    self.crs,
                    parameters,
                    context,
                    result["origin"],
                )
        finally:
            if records is not None:
                records.unlink(missing_ok=True)
        if layer:
            raster = self.request.inputs.raster
            about = subject(context, (raster.title, raster.path))
            load_on_completion(
                self, context, about, [LayerToLoad(SUSPECTS, layer, tr("Labels to check"), is_main=True)]
            )
        return self.finish(
            {
                **({SUSPECTS: layer} if layer else {}),
                **({REPORT: result["report"]} if result["report"] else {}),
                "SUSPICIOUS": result["suspects"],
                "UNITS": result["units"],
                "OVERALL_ACCURACY": result["overall_accuracy"],
            },
            feedback,
        )
