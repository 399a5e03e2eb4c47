"""The parameters of a network's training loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
)

from ...core.models.published import WEIGHTS
from ...core.options import (
    ATTENTIONS,
    BALANCES,
    FINE_TUNINGS,
    LOSSES,
    MONITORS,
    SCHEDULES,
    STEMS,
    TRAINING_PRECISIONS,
    VALUE_UNITS,
)
from ..i18n.translation import tr
from .common import (
    RECIPE_HELP,
    Described,
    choice_parameter,
    is_given,
    recipe_parameter,
)
from .compute import DEVICE_DETAILS, DEVICE_HELP, device_parameter
from .outputs import absolute

if TYPE_CHECKING:
    from ...core.requests.train import FitChoice, StartChoice

_INTEGER = Qgis.ProcessingNumberParameterType.Integer
_DOUBLE = Qgis.ProcessingNumberParameterType.Double


def fit_parameters() -> list[Described]:
    """Return the parameters of the training loop, in the order of the dialog; all are advanced."""
    return [*_weights(), *_steps(), *_loss(), *_variation(), *_computing()]


def fit_choice(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> FitChoice:
    """Return the values of the training loop; what the user left empty is None."""
    from ...core.requests.train import FitChoice

    def number(name: str) -> float | None:
        return given_number(algorithm, parameters, name, context)

    def choice(name: str) -> str:
        return algorithm.parameterAsEnumString(parameters, name, context)

    return FitChoice(
        epochs=given_integer(algorithm, parameters, "EPOCHS", context),
        batch_size=given_integer(algorithm, parameters, "BATCH_SIZE", context),
        learning_rate=number("LEARNING_RATE"),
        weight_decay=number("WEIGHT_DECAY"),
        clip_norm=algorithm.parameterAsDouble(parameters, "CLIP_NORM", context),
        patience=given_integer(algorithm, parameters, "PATIENCE", context),
        schedule=choice("SCHEDULE"),
        monitor=choice("MONITOR"),
        loss=choice("LOSS"),
        label_smoothing=number("LABEL_SMOOTHING"),
        balance=choice("BALANCE"),
        dropout=number("DROPOUT"),
        augment=algorithm.parameterAsBoolean(parameters, "AUGMENT", context),
        brightness=number("BRIGHTNESS"),
        band_dropout=number("BAND_DROPOUT"),
        edge_mixing=number("EDGE_MIXING"),
    )


def start_choice(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> StartChoice:
    """Return the weights that a network starts from."""
    from ...core.requests.train import StartChoice

    weights_file = ""
    if is_given(parameters, "WEIGHTS_FILE"):
        weights_file = absolute(algorithm.parameterAsFile(parameters, "WEIGHTS_FILE", context))
    return StartChoice(
        weights=algorithm.parameterAsEnumString(parameters, "WEIGHTS", context),
        weights_file=weights_file,
        value_unit=algorithm.parameterAsEnumString(parameters, "VALUE_UNIT", context),
        fine_tuning=algorithm.parameterAsEnumString(parameters, "FINE_TUNING", context),
        frozen_epochs=algorithm.parameterAsInt(parameters, "FROZEN_EPOCHS", context),
    )


def given_number(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> float | None:
    """Return a number, None where the user left it empty."""
    return algorithm.parameterAsDouble(parameters, name, context) if is_given(parameters, name) else None


def given_integer(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> int | None:
    """Return a whole number, None where the user left it empty."""
    return algorithm.parameterAsInt(parameters, name, context) if is_given(parameters, name) else None


def _weights() -> list[Described]:
    return [
        Described(
            choice_parameter("STEM", tr("Stem"), STEMS),
            "First layers of a ResNet. <code>standard</code> has stride and pooling; <code>small</code> has "
            "neither; <code>auto</code> is small for patches of up to 8 pixels.",
            advanced=True,
            details="<code>small</code> keeps the detail of small patches and takes up to sixteen times as "
            "long.",
        ),
        Described(
            choice_parameter("ATTENTION", tr("Attention"), ATTENTIONS),
            "Attention in the blocks of a ResNet. <code>se</code> weighs the channels of feature maps, "
            "<code>cbam</code> the channels and the pixels.",
            advanced=True,
            details="Squeeze-and-excitation (SE) and CBAM take a little more time. Other networks do not use "
            "them.",
        ),
        Described(
            choice_parameter("WEIGHTS", tr("Initial weights"), WEIGHTS),
            "Weights that a network starts from, downloaded once. <code>none</code>: random weights; "
            "<code>imagenet</code>: photographs; <code>self_supervised</code>: learned from pixels of the "
            "raster without labels (experimental); the others: satellite images, for ResNet18 or ResNet50.",
            advanced=True,
            details="Weights of satellite images are named as in TorchGeo; <i>not tried by us</i> means "
            "that nobody of this project has used the published file. MOCO and the Landsat ones are for "
            "ResNet18 and ResNet50, the others for ResNet50 only; U-Nets, the hybrid and "
            "<code>ensemble</code> take those of their ResNet. SENTINEL2_ALL_SECO_ECO suits Level-2A "
            "products, the other Sentinel-2 ones were trained on Level 1C. LANDSAT_ETM_SR_MOCO also suits "
            "Landsat 4 and 5. Bands are matched by role (BAND_ROLES), and their values are scaled as the "
            "weights expect (VALUE_UNIT). Bands and indices without a match start from the mean of the "
            "others. The log and the model say which. A network with a centre branch takes the weights for "
            "the surroundings of a pixel; CENTRE=false gives the plain network that they were made for. "
            "They were trained on images of 224 pixels, so that their last layers do little in small "
            "patches. Files are kept in the cache folder, and their checksums with them. Without a network "
            "connection the error names the file and its folder, or WEIGHTS_FILE takes a copy. "
            "<code>self_supervised</code> downloads nothing: a network that reads patches first learns to "
            "tell up to 4,096 pixels of the raster apart, without labels and also around held-out samples, "
            "for as many epochs as EPOCHS but at most ten. On one core of an AMD EPYC a ResNet18 takes half "
            "a second for 128 pixels, three minutes in all, which TIME_LIMIT does not count.",
        ),
        Described(
            QgsProcessingParameterFile(
                "WEIGHTS_FILE",
                tr("Initial weights file"),
                Qgis.ProcessingFileParameterBehavior.File,
                optional=True,
                fileFilter=tr("Weights (*.pth *.pt *.ckpt *.safetensors);;All files (*)"),
            ),
            "File of initial weights for the same architecture, used instead of a download. It can be from "
            "torchvision, TorchGeo, MoCo or Lightning, or a model of this plugin.",
            advanced=True,
            details="With published weights of satellite images in WEIGHTS, it is a copy of their file, "
            "whose bands and scaling are those of the entry. The number of bands may differ. The log and "
            "the model say which weights were used.",
        ),
        Described(
            choice_parameter("VALUE_UNIT", tr("Unit of values"), VALUE_UNITS),
            "Unit of the raster's values, for published weights of satellite images. <code>auto</code>: as "
            "the values show; <code>reflectance</code>: 0 to 1; <code>scaled</code>: times 10,000; "
            "<code>…_offset</code>: with 0.1 or 1,000 added; <code>landsat</code>: numbers of Collection 2; "
            "<code>decibel</code>: radar.",
            advanced=True,
            details="Sentinel-2 products since January 2022 have 1,000 added, unless they were harmonised. "
            "<code>auto</code> stops where more than one unit is possible, and says what the values are. "
            "Scale and offset that a file declares are applied first.",
        ),
        Described(
            choice_parameter("FINE_TUNING", tr("Fine-tuning"), FINE_TUNINGS),
            "Change of initial weights in training. <code>full</code>: all change; <code>frozen</code>: "
            "none, only new layers are trained; <code>gradual</code>: one stage more at a time, the last "
            "first; <code>low_rank</code>: by matrices of rank 8.",
            advanced=True,
            details="<code>frozen</code> and <code>low_rank</code> are for few samples. Layers that were not "
            "loaded are always trained. Means and variances of normalisations follow the raster in any case. "
            "With <code>low_rank</code> the model holds the sum of both, and maps as quickly as any. With "
            "<code>gradual</code> all stages are trained from half of the epochs on, or one stage more every "
            "FROZEN_EPOCHS epochs. Random initial weights are trained fully.",
        ),
    ]


def _steps() -> list[Described]:
    return [
        Described(
            recipe_parameter("EPOCHS", tr("Epochs"), _INTEGER, 1),
            "Passes over the training samples; 10 to 50 are usual." + RECIPE_HELP,
            advanced=True,
            details="The model is that of the epoch that MONITOR selects. The networks of a hybrid are those "
            "of the last epoch.",
        ),
        Described(
            recipe_parameter("PATIENCE", tr("Patience (epochs)"), _INTEGER, 0),
            "Epochs without improvement after which training stops; 5 to 10 are usual, 0 never stops early."
            + RECIPE_HELP,
            advanced=True,
        ),
        Described(
            recipe_parameter("BATCH_SIZE", tr("Batch size (patches)"), _INTEGER, 2),
            "Patches in a training step; 32 to 256 are usual, 4 for segmentation networks." + RECIPE_HELP,
            advanced=True,
            details="Halve it where the memory of the GPU is too small.",
        ),
        Described(
            recipe_parameter("LEARNING_RATE", tr("Learning rate"), _DOUBLE, 1e-8, 1.0),
            "Step size of the optimiser, without unit; 0.0001 is usual, 0.001 for few samples and epochs."
            + RECIPE_HELP,
            advanced=True,
        ),
        Described(
            recipe_parameter("WEIGHT_DECAY", tr("Weight decay"), _DOUBLE, 0.0),
            "Strength of the regularisation of the weights, without unit; 0.0001 is usual for ResNets, 0.01 "
            "to 0.5 for other networks." + RECIPE_HELP,
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber("CLIP_NORM", tr("Gradient clipping"), _DOUBLE, 1.0, minValue=0.0),
            "Largest norm of the gradient in a training step, without unit. 1 is usual, 0 turns clipping "
            "off.",
            advanced=True,
        ),
        Described(
            choice_parameter("SCHEDULE", tr("Learning rate schedule"), SCHEDULES),
            "Learning rate over the epochs. <code>cosine</code>: short warm-up, then decrease to zero; "
            "<code>one_cycle</code>: increase during 30 % of the training, then decrease to zero; "
            "<code>constant</code>; <code>auto</code>: the default of the architecture.",
            advanced=True,
        ),
        Described(
            choice_parameter("MONITOR", tr("Best epoch criterion"), MONITORS),
            "Figure of the validation samples that selects the epoch. <code>macro_f1</code>: all classes "
            "count alike; <code>accuracy</code>: overall accuracy; <code>last</code>: the last epoch; "
            "<code>auto</code>: the default of the architecture.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber("FROZEN_EPOCHS", tr("Frozen epochs"), _INTEGER, 0, minValue=0),
            "First epochs in which loaded weights do not change and only new layers are trained. 0 is "
            "usual; 1 to 5 may help where samples are few.",
            advanced=True,
        ),
    ]


def _loss() -> list[Described]:
    return [
        Described(
            choice_parameter("LOSS", tr("Loss"), LOSSES),
            "Loss that training minimises. <code>cross_entropy</code> is usual; <code>focal</code> gives "
            "more weight to samples that are still misclassified.",
            advanced=True,
        ),
        Described(
            choice_parameter("BALANCE", tr("Class balancing"), BALANCES),
            "Weighting of rare classes in training. <code>sqrt</code>: inverse square root of the class "
            "frequency; <code>effective</code>: effective number of samples; <code>oversampling</code>: "
            "samples of rare classes several times an epoch; <code>none</code>; <code>auto</code>: the "
            "default of the architecture.",
            advanced=True,
            details="<code>auto</code> is none for the multi-scale network and sqrt for the others. Trees "
            "always use sqrt. Probabilities and maps follow the natural proportions in any case. DECISION "
            "favours rare classes in a map.",
        ),
        Described(
            recipe_parameter("LABEL_SMOOTHING", tr("Label smoothing"), _DOUBLE, 0.0, 0.9),
            "Fraction of each label, 0 to 0.9, that is spread over all classes against label errors; 0.05 to "
            "0.1 is usual." + RECIPE_HELP,
            advanced=True,
        ),
    ]


def _variation() -> list[Described]:
    return [
        Described(
            recipe_parameter("DROPOUT", tr("Dropout"), _DOUBLE, 0.0, 0.9),
            "Fraction of features, 0 to 0.9, dropped at random before the last layer against overfitting; "
            "0.2 to 0.5 is usual." + RECIPE_HELP,
            advanced=True,
        ),
        Described(
            QgsProcessingParameterBoolean("AUGMENT", tr("Flip and rotate patches"), defaultValue=True),
            "Mirrors patches and rotates them by quarter turns at random in training. Usually on.",
            advanced=True,
        ),
        Described(
            recipe_parameter("BRIGHTNESS", tr("Brightness variation"), _DOUBLE, 0.0, 10.0),
            "Standard deviation of random brightness changes, in standard deviations of each channel; 0.1 is "
            "usual where haze or dates differ." + RECIPE_HELP,
            advanced=True,
            details="Both whole patches and single channels are changed. 0 changes nothing.",
        ),
        Described(
            recipe_parameter("EDGE_MIXING", tr("Artificial borders"), _DOUBLE, 0.0, 0.9),
            "Fraction of the training samples, 0 to 0.9, that get an artificial border to the surroundings "
            "of another sample." + RECIPE_HELP,
            advanced=True,
            details="The surroundings of another sample begin beyond a random line near the pixel. Maps "
            "become more accurate near borders, where training polygons are rare. 0 adds no borders. "
            "Of the hybrid, only the network uses it. Trees have borders by default in ensembles only.",
        ),
        Described(
            recipe_parameter("BAND_DROPOUT", tr("Band dropout"), _DOUBLE, 0.0, 0.9),
            "Probability, 0 to 0.9, that a channel of a patch is blanked in training; 0.1 is a large value."
            + RECIPE_HELP,
            advanced=True,
            details="It keeps the network from relying on a single channel. 0 blanks none.",
        ),
    ]


def _computing() -> list[Described]:
    return [
        Described(device_parameter(), DEVICE_HELP, advanced=True, details=DEVICE_DETAILS),
        Described(
            choice_parameter("PRECISION", tr("Precision"), TRAINING_PRECISIONS),
            "Number format of training. <code>bf16</code>: 16 bits for the large products; "
            "<code>fp32</code>: 32 bits; <code>auto</code>: the default precision of the plugin's settings, "
            "or bf16 where the device supports it.",
            advanced=True,
        ),
        Described(
            recipe_parameter("TIME_LIMIT", tr("Time limit (minutes)"), _DOUBLE, 0.1, 10_000.0),
            "Largest time that training networks may take, in minutes. Empty: 10 for "
            "<code>ensemble</code> on processors, no limit otherwise.",
            advanced=True,
            details="The time of a training step is measured first, and the log says how long the networks "
            "take. Where all epochs would take longer than the limit, fewer are trained; networks of an "
            "<code>ensemble</code> for which fewer than 4 would be left are left out, and the log says "
            "which. Where a limit that you give leaves time, FOLDS=auto is up to five folds. The time of "
            "trees and of reading is not part of the limit.",
        ),
    ]
