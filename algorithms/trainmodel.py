"""Train a land-cover model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFileDestination,
)

from ..core.errors import ParameterError
from ..core.models.architectures import architecture
from ..core.raster.neighbourhood_windows import parse_windows
from .base import LandCoverAlgorithm
from .outputs import absolute, check_output_parameter, given_path
from .parameters import check_device_name, chosen_indices, is_given
from .rasters import check_crs, check_extra_inputs, extra_inputs, raster_parameter, raster_source
from .train_parameters import train_parameters
from .translation import tr
from .vectors import check_field, vector_parameter, write_samples

if TYPE_CHECKING:
    from ..core.tasks.train import TrainRequest


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
    HELP = (
        "<p>Trains a model that tells the land cover of a pixel from what lies around it, and writes it as "
        "one file for <b>Classify a raster</b>. It is a network, which looks at a patch, or an ensemble of "
        "trees, which looks at means and deviations of neighbourhoods.</p>"
        "<p><b>Inputs.</b> A raster of several bands, and labels: either polygons or points with a class "
        "field, or a raster of class values. Any coordinate reference system will do for the labels. "
        "Class values may be any whole numbers or text. Features without a class are skipped. Radar, terrain "
        "or a second date can be added as extra rasters, on any grid.</p>"
        "<p><b>Accuracy.</b> Whole polygons (or spatial blocks) are held out for testing, because "
        "neighbouring patches overlap; the figures in the log and in the model come from them alone. "
        "Label at least three polygons a class, better ten, spread over the raster.</p>"
        "<p><b>Typical values.</b> ResNet50, patches of 32 pixels, 30 epochs, all indices; for small "
        "training sets ResNet18. The defaults of the advanced parameters suit most data.</p>"
        "<p><b>Run time.</b> ResNet50 on two processor cores (measured on an AMD EPYC): about 380 patches "
        "of 16 pixels, or 250 of 32 pixels, a second, so an epoch of 5,000 patches takes 13 or 20 seconds; "
        "a GPU is faster. The log counts the patches and the progress bar tells the remaining time.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for definition, help, advanced in train_parameters():
            self.add(definition, help, advanced)
        self.add(
            QgsProcessingParameterFileDestination(
                "OUTPUT", tr("Model file"), fileFilter="Network (*.safetensors);;Trees (*.skops)"
            ),
            "The model with its bands, scaling, classes and test figures in one file: .safetensors for "
            "networks, .skops for trees.",
        )
        self.addOutput(QgsProcessingOutputNumber("OVERALL_ACCURACY", tr("Overall accuracy (test, 0 to 1)")))
        self.addOutput(QgsProcessingOutputNumber("MACRO_F1", tr("Macro F1 (test, 0 to 1)")))
        self.addOutput(QgsProcessingOutputNumber("CLASSES", tr("Number of classes")))
        self.addOutput(QgsProcessingOutputNumber("TRAIN_SAMPLES", tr("Training samples")))
        self.addOutput(QgsProcessingOutputNumber("TEST_SAMPLES", tr("Test samples")))
        self.addOutput(QgsProcessingOutputString("SPLIT", tr("Split that was used")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        raster = raster_parameter(self, "INPUT", parameters, context)
        raster_source(raster)
        check_crs(raster)
        check_extra_inputs(self, parameters, context)
        has_samples, has_labels = is_given(parameters, "SAMPLES"), is_given(parameters, "LABELS")
        if has_samples == has_labels:
            raise ParameterError(
                "Both a sample layer and a label raster were given"
                if has_samples
                else "No labels were given",
                where="SAMPLES, LABELS",
                advice="Give either polygons or points (SAMPLES) or a label raster (LABELS).",
            )
        if has_labels:
            labels = raster_parameter(self, "LABELS", parameters, context)
            raster_source(labels)
            check_crs(labels)
        else:
            self._check_fields(parameters, context)
        check_device_name(self.parameterAsString(parameters, "DEVICE", context))
        # Any size will do to see whether they can be read.
        parse_windows(self.parameterAsString(parameters, "WINDOWS", context), 1, 1)
        check_output_parameter(parameters, "OUTPUT", (self._suffix(parameters, context),), context)

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        result = self.run_task("train", self.request, feedback)
        return {
            "OUTPUT": result["output"],
            "OVERALL_ACCURACY": result["overall_accuracy"],
            "MACRO_F1": result["macro_f1"],
            "CLASSES": result["classes"],
            "TRAIN_SAMPLES": result["train_samples"],
            "TEST_SAMPLES": result["test_samples"],
            "SPLIT": result["split"],
        }

    def _suffix(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Return the ending of the chosen architecture's model files."""
        return architecture(self.parameterAsEnumString(parameters, "ARCHITECTURE", context)).suffix

    def _output(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        path = absolute(self.parameterAsFileOutput(parameters, "OUTPUT", context))
        if given_path(parameters.get("OUTPUT"), context):
            return path
        # QGIS gives a temporary file the first ending of the filter.
        return str(Path(path).with_suffix(self._suffix(parameters, context)))

    def _check_fields(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        samples = vector_parameter(self, "SAMPLES", parameters, context)
        # parameterAsString and not parameterAsFields: a field that does not exist must be named.
        class_field = self.parameterAsString(parameters, "CLASS_FIELD", context)
        if not class_field:
            raise ParameterError(
                "No class field was given",
                where="CLASS_FIELD",
                advice=f"Choose one of: {', '.join(samples.fields().names())}.",
            )
        check_field(samples, class_field)
        name_field = self.parameterAsString(parameters, "NAME_FIELD", context)
        if name_field:
            check_field(samples, name_field)

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> TrainRequest:
        from ..core.tasks.train import TrainRequest

        def number(name: str) -> int:
            return self.parameterAsInt(parameters, name, context)

        def real(name: str) -> float:
            return self.parameterAsDouble(parameters, name, context)

        def text(name: str) -> str:
            return self.parameterAsString(parameters, name, context)

        def choice(name: str) -> str:
            return self.parameterAsEnumString(parameters, name, context)

        raster = raster_parameter(self, "INPUT", parameters, context)
        samples = labels = None
        if is_given(parameters, "LABELS"):
            labels = raster_source(raster_parameter(self, "LABELS", parameters, context), feedback)
        else:
            source = vector_parameter(self, "SAMPLES", parameters, context)
            fields = text("CLASS_FIELD"), text("NAME_FIELD")
            samples = str(write_samples(source, raster.crs(), *fields, context, feedback))
            self.files[samples] = source.sourceName()
        return TrainRequest(
            input=raster_source(raster, feedback),
            output=self._output(parameters, context),
            samples=samples,
            labels=labels,
            extra_inputs=tuple(raster_source(item, feedback) for item in extra_inputs(parameters, context)),
            resampling=text("RESAMPLING"),
            scheme=choice("SCHEME"),
            architecture=choice("ARCHITECTURE"),
            indices=chosen_indices(self, parameters, context),
            band_names=text("BAND_NAMES"),
            bands=text("BANDS"),
            band_roles=text("BAND_ROLES"),
            patch_size=number("PATCH_SIZE"),
            windows=text("WINDOWS"),
            split=choice("SPLIT"),
            block_size=number("BLOCK_SIZE"),
            epochs=number("EPOCHS"),
            batch_size=number("BATCH_SIZE"),
            learning_rate=real("LEARNING_RATE"),
            weight_decay=real("WEIGHT_DECAY"),
            clip_norm=real("CLIP_NORM"),
            patience=number("PATIENCE"),
            max_per_class=number("MAX_PER_CLASS"),
            schedule=choice("SCHEDULE"),
            monitor=choice("MONITOR"),
            frozen_epochs=number("FROZEN_EPOCHS"),
            loss=choice("LOSS"),
            balance=choice("BALANCE"),
            label_smoothing=real("LABEL_SMOOTHING"),
            dropout=real("DROPOUT"),
            augment=self.parameterAsBoolean(parameters, "AUGMENT", context),
            brightness=real("BRIGHTNESS"),
            band_dropout=real("BAND_DROPOUT"),
            precision=choice("PRECISION"),
            seed=number("SEED"),
            device=text("DEVICE"),
        )
