"""Train a land-cover model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFileDestination,
    QgsProcessingUtils,
)

from ..core.errors import ParameterError
from ..core.files import PAGE_SUFFIXES, Output
from ..core.marks import MODEL, report_kind
from ..core.models.architectures import architecture
from ..core.options import AUTO, parse_folds, parse_nodata_values, parse_unlabelled
from ..core.raster.neighbourhood_windows import parse_windows
from ..core.text import Text
from .base import LandCoverAlgorithm
from .i18n.messages import translated_message
from .i18n.translation import tr
from .last_model import offer_to_keep, remember_model
from .layers.loading import LayerToLoad, load_on_completion, subject
from .layers.rasters import (
    check_crs,
    check_extra_inputs,
    extra_inputs,
    raster_parameter,
    raster_source,
)
from .layers.run_context import sources_of
from .layers.samples import (
    EXTRA_SAMPLES,
    SAMPLES,
    SPLIT_FIELD,
    check_labels,
    sample_sources,
    write_samples,
)
from .layers.schemes import own_scheme
from .parameters.common import chosen_indices, is_given
from .parameters.compute import chosen_device, chosen_precision
from .parameters.fit import fit_choice, given_integer, given_number, start_choice
from .parameters.groups import OUTPUT
from .parameters.outputs import absolute, given_path
from .parameters.report import (
    BASELINE,
    BASELINE_DETAILS,
    BASELINE_HELP,
    INSPECT,
    INSPECT_DETAILS,
    INSPECT_HELP,
    REPORT,
    REPORT_FILES,
    TRAINING_REPORT_HELP,
    baseline_parameter,
    inspect_parameter,
    language_parameter,
    report_parameter,
    report_path,
)
from .parameters.sample_output import (
    OUTPUT_SAMPLES,
    OUTPUT_SAMPLES_DETAILS,
    OUTPUT_SAMPLES_HELP,
    SAMPLES_KIND,
    samples_output_parameter,
    write_sample_layer,
)
from .parameters.train import chosen_members, train_parameters

if TYPE_CHECKING:
    from ..core.requests.train import TrainRequest
    from .layers.point_files import PointKind


class TrainModel(LandCoverAlgorithm):
    """Labelled polygons, points or a label raster, and a multi-band raster, to a model file."""

    ID = "trainmodel"
    TITLE = "Train a land-cover model"
    SUMMARY = (
        "Trains a neural network or an ensemble of trees on labelled polygons, points or a label raster."
    )
    GROUP = "Models"
    TAGS = (
        "train",
        "resnet",
        "neural network",
        "random forest",
        "extra trees",
        "boosting",
        "samples",
        "polygons",
        "machine learning",
        "accuracy",
    )
    FILES = ((REPORT, report_kind("training"), PAGE_SUFFIXES),)
    HELP = (
        "<p>Trains a model for <b>Classify a raster</b> that predicts the land cover of a pixel from the "
        "pixel and its surroundings. By default it combines a network on patches and an ensemble of trees on "
        "means and standard deviations of neighbourhoods; each can be trained alone, and any of them can be "
        "combined, also with model files (MEMBERS, MEMBER_FILES).</p>"
        "<p><b>Inputs.</b> A multi-band raster, and labels: polygons or points with a class field, or a "
        "raster of class values. Labels may be in any coordinate reference system. Class values are whole "
        "numbers or text. Features without a class are skipped. Radar, terrain or a second date can be added "
        "as extra rasters on any grid. Label at least three polygons per class, better ten, distributed over "
        "the raster.</p>"
        "<p><b>Outputs.</b> A model file, and a report where you give it a file. Whole polygons or spatial "
        "blocks are held out for testing, because neighbouring patches overlap. The figures in the log and "
        "in the model come from these samples only; trees are tested in up to five folds. The model that "
        "is saved is trained afterwards with all samples, except those that SPLIT_FIELD names for "
        "validation or test, or drops. The report also shows spectral curves, separability and labels to "
        "check; INSPECT adds more of <b>Inspect samples</b>. OUTPUT_SAMPLES stores the samples and their "
        "split for the next training. A cancelled run keeps the best complete model as NAME.checkpoint and "
        "says so. An ensemble of trees is complete when all trees have grown; with FOLDS, when those of "
        "each fold have.</p>"
        "<p><b>Typical values.</b> The default architecture, <i>Best of network and trees</i>, and all "
        "indices that the bands allow. Where time is short, <i>Trees with neighbourhoods</i>. In the dialog, "
        "Preset sets such values: <i>Fast</i>, <i>Accurate</i> or <i>Rare classes</i>, each with what it "
        "costs. The defaults of the other parameters suit most data. <i>Copy as qgis_process Command</i> "
        "under Advanced gives the line for scripts.</p>"
        "<p><b>Run time.</b> Trees are trained for each fold, and once more with all samples. On processors "
        "the networks of an ensemble take at most TIME_LIMIT, 10 minutes. Measured on an AMD EPYC: one "
        "training of <i>Trees with neighbourhoods</i> on the demo scene 48 seconds on one core; ResNet50 "
        "with patches of 32 pixels 355 patches per second on two cores in batches of 64, 479 in batches of "
        "256, so an epoch of 5,000 patches takes 10 to 14 seconds. The progress bar shows the remaining "
        "time.</p>"
        "<p><b>Common errors.</b> <i>The file has several layers</i>: name one of those that are listed. "
        "<i>None of the … labelled features lies in the raster</i>: compare both in QGIS; one has a wrong "
        "coordinate reference system. <i>The samples must have at least two classes</i>: choose another "
        "class field. <i>Class … has fewer than two samples</i>: draw more polygons of it, or leave it out. "
        "<i>Class … is not in the model</i>: the warning gives the reason. <i>The training diverged</i>: "
        "lower LEARNING_RATE. <i>The memory of the GPU is full</i>: halve BATCH_SIZE. <i>The "
        "weights cannot be downloaded</i>: put the file into the folder that the error names, or choose "
        "WEIGHTS=none. <i>The unit of the raster's values is not clear</i>: set VALUE_UNIT.</p>"
    )

    def __init__(self) -> None:
        super().__init__()
        self.crs = QgsCoordinateReferenceSystem()
        self.model = ""

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for described in train_parameters():
            self.add(*described)
        self.add(
            QgsProcessingParameterFileDestination(
                "OUTPUT", tr("Model file"), fileFilter=tr("Trees (*.skops);;Network (*.safetensors)")
            ),
            "File of the model with its bands, scaling, classes and test figures: .skops for trees and the "
            "hybrid, .safetensors for networks.",
        )
        self.add(report_parameter("Training report"), TRAINING_REPORT_HELP, details=REPORT_FILES)
        self.add(*language_parameter())
        self.add(baseline_parameter(), BASELINE_HELP, True, BASELINE_DETAILS, OUTPUT)
        self.add(inspect_parameter(), INSPECT_HELP, True, INSPECT_DETAILS, OUTPUT)
        self.add(samples_output_parameter(), OUTPUT_SAMPLES_HELP, True, OUTPUT_SAMPLES_DETAILS, OUTPUT)
        self.add_overwrite()
        self.add_dry_run()
        self.addOutput(QgsProcessingOutputNumber("OVERALL_ACCURACY", tr("Overall accuracy (test, 0 to 1)")))
        self.addOutput(QgsProcessingOutputNumber("MACRO_F1", tr("Macro F1 (test, 0 to 1)")))
        self.addOutput(
            QgsProcessingOutputNumber("BASELINE_OVERALL_ACCURACY", tr("Overall accuracy of the baseline"))
        )
        self.addOutput(QgsProcessingOutputNumber("BASELINE_MACRO_F1", tr("Macro F1 of the baseline")))
        self.addOutput(QgsProcessingOutputNumber("CLASSES", tr("Number of classes")))
        self.addOutput(QgsProcessingOutputNumber("TRAIN_SAMPLES", tr("Training samples")))
        self.addOutput(QgsProcessingOutputNumber("TEST_SAMPLES", tr("Test samples")))
        self.addOutput(QgsProcessingOutputString("SPLIT", tr("Split that was used")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        raster = raster_parameter(self, "INPUT", parameters, context)
        raster_source(raster)
        check_crs(raster)
        check_extra_inputs(self, parameters, context)
        check_labels(self, parameters, context)
        if self._split(parameters, context) == "field" and not is_given(parameters, SPLIT_FIELD):
            raise ParameterError(
                "SPLIT is field, but no field was given",
                where=SPLIT_FIELD,
                advice="Choose the field of the sample layer, or another SPLIT.",
            )
        if self.parameterAsBoolean(parameters, INSPECT, context) and not is_given(parameters, REPORT):
            raise ParameterError(
                "The inspection is shown in the report, and no report was requested",
                where=INSPECT,
                advice="Choose a file in REPORT, or leave INSPECT off.",
            )
        own_scheme(self, parameters, context)
        chosen_device(self, parameters, context)
        chosen_precision(self, parameters, context)
        parse_nodata_values(self.parameterAsString(parameters, "NODATA_VALUES", context))
        parse_unlabelled(self.parameterAsString(parameters, "UNLABELLED", context))
        # Any size will do to see whether they can be read.
        parse_windows(self.parameterAsString(parameters, "WINDOWS", context), 1, 1)
        parse_folds(self.parameterAsString(parameters, "FOLDS", context))

    def outputs(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[Output]:
        model, outputs = given_path(parameters.get("OUTPUT"), context), super().outputs(parameters, context)
        chosen = self.parameterDefinition("ARCHITECTURE")
        # Processing tells of an unknown one; here it would stand for the default.
        if model and chosen.checkValueIsAcceptable(parameters.get("ARCHITECTURE"), context):
            outputs.append(Output(absolute(model), (self._suffix(parameters, context),), MODEL))
        return outputs

    def point_outputs(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> dict[str, PointKind]:
        return {OUTPUT_SAMPLES: SAMPLES_KIND}

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        records = Path(self.request.outputs.samples) if self.request.outputs.samples else None
        try:
            result = self.run_task("train", self.request, feedback)
            layers = (
                {
                    OUTPUT_SAMPLES: write_sample_layer(
                        self, records, self.crs, parameters, context, feedback, result["origin"]
                    )
                }
                if records
                else {}
            )
        finally:
            if records:
                records.unlink(missing_ok=True)
        remember_model(result["output"])
        self.model = result["output"]
        if not given_path(parameters.get("OUTPUT"), context):
            feedback.pushWarning(
                translated_message(
                    Text(
                        "The model is in a temporary file, which is deleted when QGIS ends. Copy it to "
                        "another folder to keep it: {path}",
                        path=result["output"],
                    )
                )
            )
        if layers:
            about = subject(context, (Path(result["output"]).stem, result["output"]))
            samples = LayerToLoad(OUTPUT_SAMPLES, layers[OUTPUT_SAMPLES], tr("Samples with split"))
            load_on_completion(self, context, about, [samples])
        compared = {
            "BASELINE_OVERALL_ACCURACY": result["baseline_overall_accuracy"],
            "BASELINE_MACRO_F1": result["baseline_macro_f1"],
        }
        return self.finish(
            {
                **({REPORT: result["report"]} if result["report"] else {}),
                **(compared if self.request.baseline else {}),
                **layers,
                "OUTPUT": result["output"],
                "OVERALL_ACCURACY": result["overall_accuracy"],
                "MACRO_F1": result["macro_f1"],
                "CLASSES": result["classes"],
                "TRAIN_SAMPLES": result["train_samples"],
                "TEST_SAMPLES": result["test_samples"],
                "SPLIT": result["split"],
            },
            feedback,
        )

    def postProcessAlgorithm(
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        offer_to_keep(self.model)
        return {}

    def _suffix(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Return the ending of the chosen architecture's model files."""
        return architecture(self.parameterAsEnumString(parameters, "ARCHITECTURE", context)).suffix

    def _output(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        path = absolute(self.parameterAsFileOutput(parameters, "OUTPUT", context))
        if given_path(parameters.get("OUTPUT"), context):
            return path
        # QGIS gives a temporary file the first ending of the filter.
        return str(Path(path).with_suffix(self._suffix(parameters, context)))

    def _split(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Return the split; a field that is given is one where the user chose no other."""
        chosen = self.parameterAsEnumString(parameters, "SPLIT", context)
        return "field" if chosen == "auto" and is_given(parameters, SPLIT_FIELD) else chosen

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> TrainRequest:
        from ..core.requests.common import RasterInputs
        from ..core.requests.train import (
            ComputeChoice,
            LabelInputs,
            ModelChoice,
            SplitChoice,
            TrainOutputs,
            TrainRequest,
        )

        def number(name: str) -> int:
            return self.parameterAsInt(parameters, name, context)

        def text(name: str) -> str:
            return self.parameterAsString(parameters, name, context)

        def choice(name: str) -> str:
            return self.parameterAsEnumString(parameters, name, context)

        if not given_path(parameters.get("OUTPUT"), context):
            feedback.pushWarning(
                tr(
                    "OUTPUT is a temporary file, which is deleted when QGIS ends. Name a file to keep the "
                    "model."
                )
            )
        raster = raster_parameter(self, "INPUT", parameters, context)
        members, member_files = chosen_members(self, parameters, context)
        self.crs = raster.crs()
        samples = labels = samples_output = None
        sources = sample_sources(parameters, context, feedback)
        split = self._split(parameters, context)
        if sources:
            fields = text("CLASS_FIELD"), text("NAME_FIELD"), text(SPLIT_FIELD) if split == "field" else ""
            if text(SPLIT_FIELD) and split != "field":
                feedback.pushWarning(
                    translated_message(Text("SPLIT is {split}, so the split field is not used.", split=split))
                )
            samples = str(write_samples(sources, self.crs, fields, context, feedback))
            self.files[samples] = ", ".join(source.sourceName() for source in sources)
        if is_given(parameters, "LABELS"):
            labels = raster_source(raster_parameter(self, "LABELS", parameters, context), feedback)
        if is_given(parameters, OUTPUT_SAMPLES):
            samples_output = QgsProcessingUtils.generateTempFilename("design.jsonl", context)
        return TrainRequest(
            inputs=RasterInputs(
                raster_source(raster, feedback),
                tuple(raster_source(item, feedback) for item in extra_inputs(parameters, context)),
                text("RESAMPLING"),
                text("BAND_NAMES"),
                parse_nodata_values(text("NODATA_VALUES")),
            ),
            outputs=TrainOutputs(
                self._output(parameters, context),
                samples_output,
                report_path(self, parameters, context),
                self.parameterAsBoolean(parameters, INSPECT, context),
            ),
            labels=LabelInputs(
                samples,
                labels,
                choice("SCHEME"),
                parse_unlabelled(text("UNLABELLED")),
                sources_of(self, (SAMPLES, EXTRA_SAMPLES), parameters, context),
                own_scheme(self, parameters, context),
            ),
            model=ModelChoice(
                architecture=choice("ARCHITECTURE"),
                bands=text("BANDS"),
                band_roles=text("BAND_ROLES"),
                indices=chosen_indices(self, parameters, context),
                patch_size=given_integer(self, parameters, "PATCH_SIZE", context),
                encoder=choice("ENCODER"),
                stem=choice("STEM"),
                attention=choice("ATTENTION"),
                windows=text("WINDOWS"),
                centre=self.parameterAsBoolean(parameters, "CENTRE", context),
                context_grid=choice("CONTEXT_GRID"),
                pyramid=text("PYRAMID") or AUTO,
                trees=given_integer(self, parameters, "TREES", context),
                min_leaf=given_integer(self, parameters, "MIN_LEAF", context),
                members=members,
                member_files=member_files,
                combination=choice("COMBINE"),
                snapshots=number("SNAPSHOTS"),
            ),
            split=SplitChoice(
                method=split,
                block_size=number("BLOCK_SIZE"),
                buffer=number("BUFFER"),
                folds=parse_folds(text("FOLDS")),
                max_per_class=number("MAX_PER_CLASS"),
            ),
            fit=fit_choice(self, parameters, context),
            start=start_choice(self, parameters, context),
            compute=ComputeChoice(
                device=chosen_device(self, parameters, context),
                precision=chosen_precision(self, parameters, context),
                seed=number("SEED"),
                time_limit=given_number(self, parameters, "TIME_LIMIT", context),
            ),
            baseline=self.parameterAsBoolean(parameters, BASELINE, context),
        )
